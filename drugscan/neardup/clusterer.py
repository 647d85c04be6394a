"""Sketches of distinct texts, gathered on disk until all are there to be clustered."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from drugscan.neardup.cluster import Clusters, choose_bands, cluster_sketches
from drugscan.neardup.sketch import N_RANGES, Sketches

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Clusterer:
    """Takes sketches of distinct texts; of each a few dozen bytes stay in memory.

    Parameters
    ----------
    min_jaccard : float
        As for :func:`drugscan.neardup.dedupe`.

    Attributes
    ----------
    sketch_options : dict
        How :func:`drugscan.neardup.sketch_texts` is to be called.

    Examples
    --------
    >>> from drugscan.neardup import sketch_texts
    >>> clusterer = Clusterer(min_jaccard=0.8)
    >>> texts = ["Coke 1g €50, 5g €230", "COKE 1g €50, 5g €230!", "wie gaat er mee"]
    >>> clusterer.add(b"c" * 16 + b"a" * 16 + b"b" * 16, sketch_texts(texts, **clusterer.sketch_options))
    >>> keys, clusters = clusterer.finish()
    >>> keys[::16], clusters.representatives.tolist()
    (b'abc', [0, 1, 0])
    >>> clusterer.close()
    """

    def __init__(self, *, min_jaccard: float) -> None:
        self._min_jaccard = min_jaccard
        self._n_bands, n_rows = choose_bands(min_jaccard)
        self.sketch_options = {"n_bands": self._n_bands, "n_rows": n_rows}
        self._keys: list[bytes] = []
        self._sizes: list[NDArray[np.int64]] = []
        self._stack = ExitStack()  # closes them
        self._sets = self._stack.enter_context(tempfile.TemporaryFile(prefix="drugscan-"))  # noqa: SIM115
        self._bands = self._stack.enter_context(tempfile.TemporaryFile(prefix="drugscan-"))  # noqa: SIM115
        self._counts = self._stack.enter_context(tempfile.TemporaryFile(prefix="drugscan-"))  # noqa: SIM115

    def close(self) -> None:
        """Throw the temporary files away."""
        self._stack.close()

    def add(self, keys: bytes, sketches: Sketches) -> None:
        """Take the sketches of some texts, and the texts' identities, 16 bytes each."""
        self._sets.write(sketches.hashes.tobytes())
        self._bands.write(sketches.bands.tobytes())
        self._counts.write(sketches.counts.tobytes())
        self._sizes.append(sketches.sizes)
        self._keys.append(keys)

    def finish(self) -> tuple[bytes, Clusters]:
        """Return the identities, sorted, and the clusters of the texts in that order."""
        halves = np.frombuffer(b"".join(self._keys), ">u8").reshape(-1, 2)  # sorts as the bytes do
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        sizes = np.concatenate([np.empty(0, np.int64), *self._sizes])
        ends = np.cumsum(sizes)[order]
        sizes = sizes[order]
        starts = ends - sizes
        for file in (self._sets, self._bands, self._counts):
            file.flush()

        def get_sets(texts: NDArray[np.int64]) -> NDArray[np.uint64]:
            # Mapped anew each time: pages that were read do not add up in memory.
            hashes = np.asarray(np.memmap(self._sets, np.uint64, mode="r"))
            spans = zip(starts[texts].tolist(), ends[texts].tolist(), strict=True)
            return np.concatenate([hashes[start:end] for start, end in spans])

        def get_band(band: int) -> NDArray[np.uint64]:
            column = np.memmap(self._bands, np.uint64, mode="r", shape=(len(order), self._n_bands))[:, band]
            return np.asarray(column)[order]

        def get_counts(texts: NDArray[np.int64]) -> NDArray[np.uint8]:
            counts = np.memmap(self._counts, np.uint8, mode="r", shape=(len(order), N_RANGES))
            return np.asarray(counts)[order[texts]]

        clusters = cluster_sketches(
            get_band, self._n_bands, sizes, get_counts, get_sets, min_jaccard=self._min_jaccard
        )
        return halves[order].tobytes(), clusters
