"""The stages of a scan. Between any two steps of one it can be stopped, and gone on with later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np

from drugscan.engines.local import one_ahead
from drugscan.neardup import Clusterer, Sketches, sketch_texts
from drugscan.records import KEY_BYTES, ads_schema, texts_schema
from drugscan.scanning.columns import is_ad, keys_of, text_ids
from drugscan.scanning.folder import ResultsFolder
from drugscan.scanning.keyset import KeySet
from drugscan.scanning.parts import Part
from drugscan.scanning.texts import Chunk, TextOptions, read_texts

CHUNK_TEXTS = 2_000
"""How many texts a process gets at once."""

_GROUP_TEXTS = 20_000


class Watcher(Protocol):
    """Is told how a scan goes on."""

    def announce(self, line: str) -> None:
        """Take note of what is said of a file."""

    def stage(self, name: str) -> None:
        """Take note of a stage that begins, called by what it works on."""

    def advance(self, n_done: int, share: float, **figures: int) -> None:
        """Take note of how many were done since, which share of all that makes, and what was found."""


class _Nobody:
    """Watches nothing."""

    def announce(self, line: str) -> None: ...

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


def recall_parts(run: Run, seen: KeySet, clusterer: Clusterer) -> None:
    """Take up what the next stages need to know of the parts that are finished already.

    Parameters
    ----------
    run : Run
        The results folder, and how to work.
    seen : KeySet
        Is filled with the identities of texts.
    clusterer : Clusterer
        Is filled with the sketches of those that are ads.
    """
    n_done, n_texts = 0, sum(part["ad_texts"] for part in run.folder.state.parts)
    if n_texts:
        run.watcher.stage("ad texts")
    sketch = partial(_sketch, clusterer.sketch_options)
    for _, found in one_ahead(sketch, _finished_ads(run.folder, seen), jobs=run.jobs):
        for keys, sketches in found:
            clusterer.add(keys, sketches)
            n_done += len(sketches.sizes)
            run.watcher.advance(len(sketches.sizes), n_done / n_texts)
        run.stop_if_told()


def write_parts(
    run: Run, parts: Iterable[Part], options: TextOptions, seen: KeySet, clusterer: Clusterer
) -> None:
    """Write messages part by part, and what is said of the texts that no part before has.

    Parameters
    ----------
    run : Run
        The results folder, and how to work.
    parts : iterable of Part
        Those that are not finished yet.
    options : TextOptions
        What decides what is said of a text.
    seen, clusterer : KeySet, Clusterer
        As :func:`recall_parts` leaves them; are filled further.
    """
    import pyarrow as pa

    run.watcher.stage("messages")
    read = partial(read_texts, options, clusterer.sketch_options)
    groups = ((part, _chunks_of_new(part, seen)) for part in parts)
    n_texts, n_ads = (sum(part[name] for part in run.folder.state.parts) for name in ("texts", "ad_texts"))
    for part, found in one_ahead(read, groups, jobs=run.jobs):
        batches, n_before = [], n_ads
        for one in found:
            batches.append(one.rows)
            clusterer.add(one.ad_keys, one.sketches)
            n_ads += len(one.sketches.sizes)
        texts = pa.Table.from_batches(batches, schema=texts_schema())
        n_texts += len(texts)
        run.step_done("messages")
        run.folder.add_part(part.messages, texts, n_ads=n_ads - n_before, files=part.files)
        run.watcher.advance(len(part.texts), part.share, texts=n_texts, ad_texts=n_ads)
        run.stop_if_told()


def cluster_ads(run: Run, clusterer: Clusterer) -> None:
    """Find which ad texts are one ad, and write that.

    Parameters
    ----------
    run : Run
        The results folder, all of its parts finished.
    clusterer : Clusterer
        Has the sketches of all ad texts.
    """
    import pyarrow as pa

    run.watcher.stage("ad texts")
    keys, clusters = clusterer.finish()
    own = text_ids(keys)
    ads = own.take(pa.array(clusters.representatives))
    run.folder.write_ads(pa.table([own, ads], schema=ads_schema()))
    run.watcher.advance(len(own), 1.0)
    run.step_done("ads")


def _chunks_of_new(part: Part, seen: KeySet) -> list[Chunk]:
    """Return the texts of a part that are new, and from now on seen, in chunks for the processes."""
    positions = seen.add(part.keys)
    keys = np.frombuffer(part.keys, np.uint8).reshape(-1, KEY_BYTES)[positions].tobytes()
    return _chunks(keys, [part.texts[position] for position in positions.tolist()])


def _finished_ads(folder: ResultsFolder, seen: KeySet) -> Iterator[tuple[None, list[Chunk]]]:
    """Yield the ad texts of finished parts, group by group; all texts are from now on seen."""
    for table in folder.texts(["text_id", "text", "labels"], most_rows=_GROUP_TEXTS):
        seen.add(keys_of(table["text_id"]))
        ads = table.filter(is_ad(table))
        yield None, _chunks(keys_of(ads["text_id"]), ads["text"].to_pylist())


def _chunks(keys: bytes, texts: list[str]) -> list[Chunk]:
    return [
        Chunk(keys[start * KEY_BYTES : (start + CHUNK_TEXTS) * KEY_BYTES], texts[start : start + CHUNK_TEXTS])
        for start in range(0, len(texts), CHUNK_TEXTS)
    ]


def _sketch(options: Mapping[str, int], chunk: Chunk) -> tuple[bytes, Sketches]:
    return chunk.keys, sketch_texts(chunk.texts, **options)
