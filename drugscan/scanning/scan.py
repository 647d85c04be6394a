"""The stages of a scan in their order: read, collapse, classify, extract and sketch; then near-duplicates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from drugscan.engines.local import interrupts_noted
from drugscan.lexicon import read_own_tables
from drugscan.model.store import manifest_content
from drugscan.neardup import Clusterer
from drugscan.neardup.dedupe import DEFAULT_MIN_JACCARD
from drugscan.paths import Paths
from drugscan.read import Fields
from drugscan.scanning.folder import ROOM_HINT, open_folder, unfinished
from drugscan.scanning.identity import identity_of
from drugscan.scanning.keyset import KeySet
from drugscan.scanning.parts import check_unchanged, find_inputs, known_names, read_parts
from drugscan.scanning.stages import NOBODY, Run, Watcher, cluster_ads, recall_parts, write_parts
from drugscan.scanning.summary import summarise
from drugscan.scanning.texts import TextOptions
from drugscan.write import no_room_told

DEFAULT_MEMORY_BYTES = 2 << 30
_KEYS_SHARE = 1 / 8


def scan(
    paths: Paths,
    output: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    lexicon: Paths = (),
    min_jaccard: float = DEFAULT_MIN_JACCARD,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    max_rejects: int | None = None,
    resume: bool = False,
    force: bool = False,
    jobs: int = 1,
    memory_bytes: int = DEFAULT_MEMORY_BYTES,
    watcher: Watcher = NOBODY,
) -> dict[str, Any]:
    """Read, classify and extract all messages, find which are one ad, and write a results folder.

    Parameters
    ----------
    paths : path or several paths
        Files, folders and patterns.
    output : path
        The results folder; while it is made it is called ``output.unfinished``.
    model, thresholds, lexicon, min_jaccard
        As for :func:`drugscan.classify`, :func:`drugscan.extract` and :func:`drugscan.dedupe`.
    input_format, fields, max_rejects
        As for :func:`drugscan.read.open_messages`.
    resume : bool, default False
        Go on with a scan that was ended, or add files to a finished one.
    force : bool, default False
        Begin anew, and replace what is there.
    jobs : int, default 1
        How many processes work at once beside this one; changes no byte.
    memory_bytes : int, default 2 GiB
        An eighth of it bounds the set of texts that have been seen, and then the summary (128 MiB at
        least); what outgrows that moves to files. The processes, each with a model and the texts at
        hand, are not bounded by it: fewer ``jobs`` take less.
    watcher : Watcher, optional
        Is told how it goes on.

    Returns
    -------
    dict
        What stands in ``manifest.json``: the ``counts`` and how they came about.

    Raises
    ------
    DrugscanError
        If the input, the output or a setting is at fault. What is finished stays, to be resumed.
    KeyboardInterrupt
        After Ctrl-C, when the part at hand is finished; at once after a second one.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.jsonl").write_text('{"text": "❄️ Coke 1g €50, bezorging Utrecht"}')
    >>> counts = scan([folder / "a.jsonl"], folder / "results")["counts"]
    >>> counts["kept"], counts["texts"], counts["ads"]
    (1, 1, 1)
    """
    folder_of_model = None if model is None else os.fspath(model)
    options = TextOptions(
        folder_of_model,
        manifest_content(folder_of_model),
        tuple(sorted((thresholds or {}).items())),
        read_own_tables(lexicon),
    )
    identity = identity_of(options, min_jaccard=min_jaccard, input_format=input_format, fields=fields)
    max_key_bytes = int(memory_bytes * _KEYS_SHARE)
    # Before a folder is made: a name mistyped leaves nothing behind.
    names = find_inputs(
        paths,
        outputs=[Path(output), unfinished(Path(output))],
        input_format=input_format,
        fields=fields,
        announce=watcher.announce,
    )
    stops = f"{output}: stops when the part at hand is finished; Ctrl-C again stops now"
    with (
        no_room_told(output, hint=ROOM_HINT),
        interrupts_noted(partial(watcher.announce, stops)) as interrupt,
        open_folder(output, identity=identity, resume=resume, force=force) as folder,
    ):
        names = known_names(folder.state.files, names)
        check_unchanged(folder.state.files, names)
        if folder.is_finished and {file.source for file in folder.state.files}.issuperset(names):
            return folder.state.as_manifest()
        folder.begin()
        run = Run(folder, watcher, jobs, interrupt.is_set)
        seen = KeySet(max_bytes=max_key_bytes)
        with closing(Clusterer(min_jaccard=min_jaccard)) as clusterer, folder.rejects(max_rejects) as rejects:
            recall_parts(run, seen, clusterer)
            parts = read_parts(
                folder.state.files,
                names,
                rejects=rejects,
                input_format=input_format,
                fields=fields,
                announce=watcher.announce,
            )
            write_parts(run, parts, options, seen, clusterer)
            cluster_ads(run, clusterer)
        run.stop_if_told()
        folder.state.counts = summarise(folder, max_bytes=max_key_bytes, jobs=jobs)
        run.step_done("summary")
        return folder.finish()
