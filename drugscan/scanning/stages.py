"""The two stages of a scan. Between any two steps of one it can be stopped, and gone on with later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from drugscan.engines.local import one_ahead
from drugscan.neardup import Clusterer, Sketches, sketch_texts
from drugscan.read import Source
from drugscan.records import ads_schema, texts_schema
from drugscan.scanning.columns import is_ad, keys_of, text_ids
from drugscan.scanning.folder import ResultsFolder
from drugscan.scanning.keyset import KEY_BYTES, KeySet
from drugscan.scanning.parts import Part
from drugscan.scanning.texts import Chunk, TextOptions, read_texts

CHUNK_TEXTS = 2_000
"""How many texts a process gets at once."""

_GROUP_TEXTS = 20_000


class Watcher(Protocol):
    """Is told how a scan goes on."""

    def announce(self, source: Source) -> None:
        """Take note of a file that is opened."""

    def stage(self, name: str) -> None:
        """Take note of a stage that begins, called by what it works on."""

    def advance(self, n_done: int, share: float, **figures: int) -> None:
        """Take note of how many were done since, which share of all that makes, and what was found."""


class _Nobody:
    """Watches nothing."""

    def announce(self, source: Source) -> None: ...

    def stage(self, name: str) -> None: ...

    def advance(self, n_done: int, share: float, **figures: int) -> None: ...


NOBODY: Watcher = _Nobody()


@dataclass
class Run:
    """What the stages share.

    Attributes
    ----------
    folder : ResultsFolder
        What they fill.
    watcher : Watcher
        Is told how it goes on.
    jobs : int
        How many processes work.
    must_stop : callable
        Tells whether to stop at the next step.
    """

    folder: ResultsFolder
    watcher: Watcher
    jobs: int
    must_stop: Callable[[], bool]
    _since: float = field(default_factory=time.perf_counter)

    def step_done(self, stage: str) -> None:
        """Add the time since the last step to a stage's."""
        now = time.perf_counter()
        seconds = self.folder.state.seconds
        seconds[stage] = seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def stop_if_told(self) -> None:
        """Raise KeyboardInterrupt if the scan is to stop."""
        if self.must_stop():
            raise KeyboardInterrupt


def write_parts(run: Run, parts: Iterable[Part], options: TextOptions, seen: KeySet) -> None:
    """Write messages part by part, and what is said of the texts that no part before has.

    Parameters
    ----------
    run : Run
        The results folder, and how to work.
    parts : iterable of Part
        Those that are not finished yet.
    options : TextOptions
        What decides what is said of a text.
    seen : KeySet
        Is filled with the identities of texts.
    """
    import pyarrow as pa

    run.watcher.stage("messages")
    for table in run.folder.texts(["text_id"]):
        seen.add(keys_of(table["text_id"]))
    groups = ((part, _chunks_of_new(part, seen)) for part in parts)
    n_texts, n_ads = (sum(part[name] for part in run.folder.state.parts) for name in ("texts", "ad_texts"))
    for part, found in one_ahead(partial(read_texts, options), groups, jobs=run.jobs):
        texts = pa.Table.from_batches(found, schema=texts_schema())
        n_part_ads = texts.filter(is_ad(texts)).num_rows
        n_texts, n_ads = n_texts + len(texts), n_ads + n_part_ads
        run.step_done("messages")
        run.folder.add_part(part.messages, texts, n_ads=n_part_ads, files=part.files)
        run.watcher.advance(len(part.texts), part.share, texts=n_texts, ad_texts=n_ads)
        run.stop_if_told()


def cluster_ads(run: Run, min_jaccard: float) -> None:
    """Find which ad texts are one ad, and write that.

    Parameters
    ----------
    run : Run
        The results folder, all of its parts finished.
    min_jaccard : float
        As for :func:`drugscan.dedupe`.
    """
    import pyarrow as pa

    run.watcher.stage("ad texts")
    n_done, n_texts = 0, sum(part["ad_texts"] for part in run.folder.state.parts)
    clusterer = Clusterer(min_jaccard=min_jaccard)
    try:
        sketch = partial(_sketch, clusterer.sketch_options)
        groups = ((None, chunks) for chunks in _ad_chunks(run.folder))
        for _, found in one_ahead(sketch, groups, jobs=run.jobs):
            for chunk_keys, sketches in found:
                clusterer.add(chunk_keys, sketches)
                n_done += len(sketches.sizes)
                run.watcher.advance(len(sketches.sizes), n_done / n_texts)
            run.stop_if_told()
        keys, clusters = clusterer.finish()
    finally:
        clusterer.close()
    own = text_ids(keys)
    ads = own.take(pa.array(clusters.representatives))
    run.folder.write_ads(pa.table([own, ads], schema=ads_schema()))
    run.step_done("ads")


def _chunks_of_new(part: Part, seen: KeySet) -> list[Chunk]:
    """Return the texts of a part that are new, and from now on seen, in chunks for the processes."""
    positions = seen.add(part.keys).tolist()
    chunks = []
    for start in range(0, len(positions), CHUNK_TEXTS):
        own = positions[start : start + CHUNK_TEXTS]
        keys = b"".join(part.keys[position * KEY_BYTES : (position + 1) * KEY_BYTES] for position in own)
        chunks.append(Chunk(keys, [part.texts[position] for position in own]))
    return chunks


def _ad_chunks(folder: ResultsFolder) -> Iterator[list[Chunk]]:
    """Yield all ad texts, group by group, in chunks for the processes."""
    for table in folder.texts(["text_id", "text", "labels"], most_rows=_GROUP_TEXTS):
        ads = table.filter(is_ad(table))
        keys, texts = keys_of(ads["text_id"]), ads["text"].to_pylist()
        yield [
            Chunk(
                keys[start * KEY_BYTES : (start + CHUNK_TEXTS) * KEY_BYTES],
                texts[start : start + CHUNK_TEXTS],
            )
            for start in range(0, len(texts), CHUNK_TEXTS)
        ]


def _sketch(options: Mapping[str, int], chunk: Chunk) -> tuple[bytes, Sketches]:
    return chunk.keys, sketch_texts(chunk.texts, **options)
