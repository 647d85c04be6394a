"""From sketches to clusters: candidates by bands, each link verified, chains cut.

Texts are numbered by their identity, so that nothing depends on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from drugscan.errors import SettingsError
from drugscan.neardup.sketch import N_RANGES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Pairs = NDArray[np.int64]

CHAIN_MARGIN = 0.2
"""How far below the least Jaccard a member may be from its cluster's representative."""

_MAX_LEADERS = 32
_MISS_WEIGHT = 0.999
_LEAST_JACCARD = 0.05
_BLOCK_PAIRS = 4_096

GetSets = Callable[["NDArray[np.int64]"], "NDArray[np.uint64]"]
GetCounts = Callable[["NDArray[np.int64]"], "NDArray[np.uint8]"]
GetBand = Callable[[int], "NDArray[np.uint64]"]


@dataclass(frozen=True, eq=False)
class Clusters:
    """Which texts belong together, and what was done to find out.

    Attributes
    ----------
    representatives : ndarray of int64, shape (n_texts,)
        The smallest number of each text's cluster.
    n_compared, n_linked : int
        Pairs whose Jaccard was taken, and those that reached the least.
    n_split : int
        Texts that only a chain had tied to their cluster, and that stand apart.
    n_not_compared : int
        Pairs of very large buckets (long shared boilerplate) that were left unseen.
    """

    representatives: NDArray[np.int64]
    n_compared: int
    n_linked: int
    n_split: int
    n_not_compared: int

    @property
    def group_sizes(self) -> NDArray[np.int64]:
        """How many texts each cluster of several has: a text by itself is no group."""
        sizes = np.bincount(self.representatives)
        return sizes[sizes > 1]


@lru_cache
def choose_bands(min_jaccard: float) -> tuple[int, int]:
    """Return bands and rows for a least Jaccard: datasketch's optimum for missing hardly any pair.

    Parameters
    ----------
    min_jaccard : float
        From 0.05, below which too many pairs would be missed, to 1.

    Returns
    -------
    two ints
        Bands, and rows a band. A pair at 0.8 is a candidate with probability 0.998.

    Raises
    ------
    SettingsError
        If the least Jaccard is out of range.

    Examples
    --------
    >>> choose_bands(0.8)
    (21, 6)
    """
    if not _LEAST_JACCARD <= min_jaccard <= 1:
        raise SettingsError(
            f"the least Jaccard is {min_jaccard}",
            where="--min-jaccard",
            hint=f"give a number from {_LEAST_JACCARD} to 1",
        )
    from datasketch import MinHashLSH

    weights = (1 - _MISS_WEIGHT, _MISS_WEIGHT)
    index = MinHashLSH(threshold=min(min_jaccard, 0.99), num_perm=N_RANGES, weights=weights)
    return index.b, index.r


def cluster_sketches(
    get_band: GetBand,
    n_bands: int,
    sizes: NDArray[np.int64],
    get_counts: GetCounts,
    get_sets: GetSets,
    *,
    min_jaccard: float,
) -> Clusters:
    """Cluster texts whose sets are alike.

    Parameters
    ----------
    get_band : callable
        From a band's number to its hash of each text, as :func:`drugscan.neardup.sketch.sketch_texts`
        gives them.
    n_bands : int
        How many bands there are.
    sizes : ndarray of int64, shape (n_texts,)
        Sizes of the sets; a text with an empty set is in no cluster but its own.
    get_counts : callable
        From the numbers of some texts to how many hashes of their sets each range has, also as
        :func:`drugscan.neardup.sketch.sketch_texts` gives them.
    get_sets : callable
        From the numbers of some texts to their sets of hashes, each sorted, one after the other.
    min_jaccard : float
        From which Jaccard on two texts are linked.

    Returns
    -------
    Clusters
        Components of linked texts; in each, every text has at least ``min_jaccard`` less
        :data:`CHAIN_MARGIN` in common with the representative.
    """
    linker = _Linker(sizes, get_counts, get_sets, min_jaccard)
    usable = np.flatnonzero(sizes > 0)
    for band in range(n_bands) if len(usable) else ():
        linker.link_bucket_mates(usable, get_band(band)[usable])
    least = round(min_jaccard - CHAIN_MARGIN, 9)  # 0.8 - 0.2 is a little more than 0.6
    representatives, n_split = _cut_chains(linker, least)
    return Clusters(representatives, linker.n_compared, linker.n_linked, n_split, linker.n_not_compared)


class _Linker:
    """Compares pairs, each once and none that is tied already, and keeps the components."""

    def __init__(
        self, sizes: NDArray[np.int64], get_counts: GetCounts, get_sets: GetSets, min_jaccard: float
    ) -> None:
        self.components: NDArray[np.int64] = np.arange(len(sizes))
        self.n_compared = self.n_linked = self.n_not_compared = 0
        self._sizes = sizes
        self._get_counts = get_counts
        self._get_sets = get_sets
        self._min_jaccard = min_jaccard
        self._unlike = np.empty(0, np.int64)  # pairs that were compared in vain, as keys, sorted
        self._alike = np.empty(0, np.int64)  # pairs that are linked, as keys

    def link_bucket_mates(self, texts: NDArray[np.int64], keys: NDArray[np.uint64]) -> None:
        """Compare the texts that have the same key in a band: first with the first, then with all."""
        order = np.argsort(keys, kind="stable")
        texts, keys = texts[order], keys[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        sizes = np.diff(np.append(starts, len(keys)))
        firsts = np.repeat(texts[starts], sizes)
        self._compare(np.column_stack([firsts, texts])[firsts != texts])
        is_shared = sizes > 1
        starts, sizes = starts[is_shared], sizes[is_shared]
        mixed = self._mixed_buckets(texts, starts, sizes)
        self._compare(self._pairs_within(texts, starts[mixed], sizes[mixed]))

    def sort_links(self) -> None:
        """Make ready for :meth:`are_near`."""
        self._alike.sort()

    def are_near(self, pairs: Pairs, min_jaccard: float) -> NDArray[np.bool_]:
        """Tell which pairs reach a Jaccard; what is linked does."""
        keys = self._keys(pairs)
        positions = np.minimum(np.searchsorted(self._alike, keys), len(self._alike) - 1)
        near: NDArray[np.bool_] = self._alike[positions] == keys
        near[~near] = self._reach(pairs[~near], min_jaccard)
        return near

    def _mixed_buckets(
        self, texts: NDArray[np.int64], starts: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which buckets hold texts of more than one component."""
        if not len(starts):
            return np.empty(0, bool)
        components = self.components[texts]
        positions = np.arange(sizes.sum()) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        differs = components[positions] != np.repeat(components[starts], sizes)
        mixed: NDArray[np.bool_] = np.logical_or.reduceat(differs, np.cumsum(sizes) - sizes)
        return mixed

    def _pairs_within(
        self, texts: NDArray[np.int64], starts: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> Pairs:
        """Return all pairs of each bucket; of a very large one, the first texts with all."""
        parts = [np.empty((0, 2), np.int64)]
        for size in np.unique(sizes).tolist():
            buckets = texts[starts[sizes == size][:, np.newaxis] + np.arange(size)]
            n_leaders = min(size, _MAX_LEADERS)
            first, second = np.triu_indices(n_leaders, 1, size)
            parts.append(np.column_stack([buckets[:, first].ravel(), buckets[:, second].ravel()]))
            self.n_not_compared += len(buckets) * (size - n_leaders) * (size - n_leaders - 1) // 2
        return np.concatenate(parts)

    def _compare(self, pairs: Pairs) -> None:
        """Take the Jaccard of pairs that may still change something, and tie those that reach it."""
        pairs = self._worthwhile(pairs)
        is_alike = self._reach(pairs, self._min_jaccard)
        keys = self._keys(pairs)
        self.n_compared += len(pairs)
        self.n_linked += int(is_alike.sum())
        # Two runs in order that have nothing in common: merged in one pass.
        self._unlike = np.sort(np.concatenate([self._unlike, keys[~is_alike]]), kind="stable")
        self._alike = np.concatenate([self._alike, keys[is_alike]])
        if is_alike.any():
            self._tie(pairs[is_alike])

    def _reach(self, pairs: Pairs, min_jaccard: float) -> NDArray[np.bool_]:
        """Tell which pairs have at least such a Jaccard; the sets are fetched only where they may."""
        reach: NDArray[np.bool_] = self._most_jaccards(pairs) >= min_jaccard
        reach[reach] = self._jaccards(pairs[reach]) >= min_jaccard
        return reach

    def _most_jaccards(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return the most that the Jaccard of each pair can be.

        Two sets differ in at least as many hashes as their counts in each range do, together.
        """
        shares = [np.empty(0)]
        for start in range(0, len(pairs), _BLOCK_PAIRS):
            block = pairs[start : start + _BLOCK_PAIRS]
            first, second = self._get_counts(block[:, 0]), self._get_counts(block[:, 1])
            n_apart = (np.maximum(first, second) - np.minimum(first, second)).sum(axis=1, dtype=np.int64)
            n_both = self._sizes[block].sum(axis=1)
            shares.append((n_both - n_apart) / (n_both + n_apart))
        return np.concatenate(shares)

    def _jaccards(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return the share of hashes that the sets of each pair have in common."""
        shares = [np.empty(0)]
        for start in range(0, len(pairs), _BLOCK_PAIRS):
            block = pairs[start : start + _BLOCK_PAIRS]
            first, second = self._rows(block[:, 0]), self._rows(block[:, 1])
            n_common = np.diff(first.multiply(second).indptr)
            shares.append(n_common / (self._sizes[block].sum(axis=1) - n_common))
        return np.concatenate(shares)

    def _rows(self, texts: NDArray[np.int64]) -> csr_array:
        """Return the sets of texts as rows of a matrix that has a column for each possible hash."""
        from scipy.sparse import csr_array

        hashes = self._get_sets(texts).view(np.int64)  # of 63 bits
        ends = np.concatenate([[0], np.cumsum(self._sizes[texts])])
        shape = (len(texts), np.iinfo(np.int64).max)
        return csr_array((np.ones(len(hashes), np.int8), hashes, ends), shape=shape)

    def _keys(self, pairs: Pairs) -> NDArray[np.int64]:
        """Return a number for each pair, the smaller text first."""
        keys: NDArray[np.int64] = pairs[:, 0] * len(self._sizes) + pairs[:, 1]
        return keys

    def _worthwhile(self, pairs: Pairs) -> Pairs:
        """Leave out pairs that are tied, were compared, or are too different in size to be alike."""
        pairs = np.sort(pairs, axis=1)
        pairs = pairs[self.components[pairs[:, 0]] != self.components[pairs[:, 1]]]
        sizes = np.sort(self._sizes[pairs], axis=1)
        pairs = pairs[sizes[:, 0] / sizes[:, 1] >= self._min_jaccard]  # rounded as the Jaccard itself
        keys = np.unique(self._keys(pairs))
        keys = np.setdiff1d(keys, self._unlike, assume_unique=True)
        return np.column_stack(np.divmod(keys, len(self._sizes)))

    def _tie(self, ties: Pairs) -> None:
        """Join the components of tied texts; each is named by its smallest text."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        n_texts = len(self._sizes)
        edges = np.concatenate([ties, np.column_stack([np.arange(n_texts), self.components])])
        graph = coo_matrix(
            (np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(n_texts, n_texts)
        )
        _, labels = connected_components(graph, directed=False)
        _, firsts, positions = np.unique(labels, return_index=True, return_inverse=True)
        self.components = firsts[positions]


def _cut_chains(linker: _Linker, min_jaccard: float) -> tuple[NDArray[np.int64], int]:
    """Take out of each component what is too far from its smallest text, and again of what is out."""
    linker.sort_links()
    representatives = linker.components.copy()
    left = np.flatnonzero(np.bincount(representatives, minlength=len(representatives))[representatives] > 1)
    left = left[np.argsort(representatives[left], kind="stable")]
    n_split = 0
    while len(left):
        components = linker.components[left]
        is_first = np.diff(components, prepend=-1) > 0
        firsts = left[is_first][np.cumsum(is_first) - 1]
        representatives[left] = firsts
        pairs = np.column_stack([firsts, left])[~is_first]
        left = pairs[~linker.are_near(pairs, min_jaccard), 1]
        n_split += len(left)
    return representatives, n_split
