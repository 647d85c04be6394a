"""From texts to sets of shingles, and to short sketches in which similar sets look alike.

A text's set holds the hashes of all runs of five characters of its folded form. Its sketch is a MinHash
by one permutation: the hashes, sorted as they are, fall into equal ranges, and the smallest hash of
each range is one of its values. That gives all values in the one pass that sorting takes anyway, where
the classic scheme takes a pass per value.

Sources: A. Broder, "On the resemblance and containment of documents" (1997); P. Li, A. Owen, C.-H.
Zhang, "One permutation hashing" (2012), for the ranges; A. Shrivastava, "Optimal densification for fast
and accurate minwise hashing" (2017), for what an empty range takes over from another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE_CHARACTERS = 5
N_RANGES = 128
"""Values in a sketch; a power of two."""

_HASH_BITS, _RANGE_BITS = 63, 7
_RANGE_SHIFT = np.uint64(_HASH_BITS - _RANGE_BITS)
_N_DONORS = 400
_EMPTY = np.uint32(0xFFFFFFFF)
_MAX_COUNT = 255
_BATCH_TEXTS = 512
_PLACEHOLDER = re.compile(r"\s*contact_[a-z]+\s*")
_MAX_BARE_CHARACTERS = 1_000
# Odd multipliers without structure (the fractional part of the golden ratio, and of its powers).
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Sketches(NamedTuple):
    """Sets and band hashes of some texts.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n_hashes,)
        The sets one after the other, each sorted and without doubles; of 63 bits. A text
        that is too short for a shingle has an empty set.
    sizes : ndarray of int64, shape (n_texts,)
        How many hashes each set has.
    bands : ndarray of uint64, shape (n_texts, n_bands)
        Equal in a column where two texts agree in all values of that band.
    counts : ndarray of uint8, shape (n_texts, N_RANGES)
        How many hashes of the set each range has, 255 where it is more.
    """

    hashes: NDArray[np.uint64]
    sizes: NDArray[np.int64]
    bands: NDArray[np.uint64]
    counts: NDArray[np.uint8]


def sketch_texts(texts: Sequence[str], *, n_bands: int, n_rows: int) -> Sketches:
    """Sketch raw texts.

    Parameters
    ----------
    texts : sequence of str
        Raw texts.
    n_bands, n_rows : int
        How the values of a sketch are grouped; at most :data:`N_RANGES` together.

    Returns
    -------
    Sketches
        A text's part does not depend on the other texts.

    Examples
    --------
    >>> sketches = sketch_texts(["Coke 1g €50", "COKE 1g €50", "wiet"], n_bands=21, n_rows=6)
    >>> sketches.sizes.tolist(), bool((sketches.bands[0] == sketches.bands[1]).all())
    ([7, 7, 0], True)
    """
    parts = [
        _sketch_batch([_to_shingle(text) for text in texts[start : start + _BATCH_TEXTS]], n_bands, n_rows)
        for start in range(0, len(texts), _BATCH_TEXTS)
    ]
    if not parts:
        parts = [_sketch_batch([], n_bands, n_rows)]
    return Sketches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def jaccard(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> float:
    """Return the share of hashes that two sets have in common, 0 to 1; two empty sets share none.

    Examples
    --------
    >>> jaccard(np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64))
    0.5
    """
    if not len(first) or not len(second):
        return 0.0
    if len(first) > len(second):
        first, second = second, first
    positions = np.searchsorted(second, first)
    positions[positions == len(second)] = 0
    n_common = int(np.count_nonzero(second[positions] == first))
    return n_common / (len(first) + len(second) - n_common)


def _to_shingle(text: str) -> str:
    """Return a folded text; nothing where it says nothing beside contacts, since these all look alike."""
    folded = fold(text)
    if len(folded) < _MAX_BARE_CHARACTERS and len(_PLACEHOLDER.sub("", folded)) < SHINGLE_CHARACTERS:
        return ""
    return folded


def _sketch_batch(folded: list[str], n_bands: int, n_rows: int) -> Sketches:
    hashes, sizes = _shingle_sets(folded)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    cells = owners * N_RANGES + (hashes >> _RANGE_SHIFT).astype(np.int64)
    counts = np.bincount(cells, minlength=len(sizes) * N_RANGES).reshape(-1, N_RANGES)
    values = _fill_empty(_smallest_by_range(hashes, cells, len(sizes)), hashes, sizes)
    bands = np.zeros((len(sizes), n_bands), np.uint64)
    for row in range(n_rows):
        column = values[:, row : row + n_rows * n_bands : n_rows].astype(np.uint64)
        bands = (bands ^ _mix(column)) * _GOLDEN + np.uint64(row + 1)
    bands = _mix(bands + np.arange(n_bands, dtype=np.uint64) * _GOLDEN)
    return Sketches(hashes, sizes, bands, np.minimum(counts, _MAX_COUNT).astype(np.uint8))


def _shingle_sets(folded: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the sorted distinct hashes of each text's shingles, one text after the other, and counts."""
    lengths = np.array([len(text) for text in folded], np.int64)
    joined = "".join(folded).encode("utf-32-le", "surrogatepass")
    characters = _mix(np.frombuffer(joined, dtype=np.uint32).astype(np.uint64) + _GOLDEN)
    n_windows = max(len(characters) - SHINGLE_CHARACTERS + 1, 0)
    windows = np.zeros(n_windows, np.uint64)
    for offset in range(SHINGLE_CHARACTERS):
        windows *= _GOLDEN
        windows += characters[offset : offset + n_windows]
    windows = _mix(windows) >> np.uint64(64 - _HASH_BITS)
    ends = np.cumsum(lengths)
    sets = [windows[:0]]
    for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True):
        own = np.sort(windows[start : max(end - SHINGLE_CHARACTERS + 1, start)])
        is_new = np.ones(len(own), bool)
        is_new[1:] = own[1:] != own[:-1]
        sets.append(own[is_new])
    return np.concatenate(sets), np.array([len(own) for own in sets[1:]], np.int64)


def _smallest_by_range(
    hashes: NDArray[np.uint64], cells: NDArray[np.int64], n_texts: int
) -> NDArray[np.uint32]:
    """Return each text's smallest hash in each range, in 32 bits; in sorted sets it comes first."""
    is_first = np.ones(len(cells), bool)
    is_first[1:] = cells[1:] != cells[:-1]
    values: NDArray[np.uint32] = np.full(n_texts * N_RANGES, _EMPTY, np.uint32)
    values[cells[is_first]] = (hashes[is_first] & np.uint64(0xFFFFFFFE)).astype(np.uint32)
    return np.reshape(values, (n_texts, N_RANGES))


def _fill_empty(
    values: NDArray[np.uint32], hashes: NDArray[np.uint64], sizes: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Let each empty range take over the value of another, by draws that are the same for all texts."""
    filled: NDArray[np.uint32] = values.copy()
    rows, ranges = np.nonzero(values == _EMPTY)
    for donors in _donors():
        if not len(rows):
            return filled
        found = values[rows, donors[ranges]]
        is_full = found != _EMPTY
        filled[rows[is_full], ranges[is_full]] = found[is_full]
        rows, ranges = rows[~is_full], ranges[~is_full]
    has_any = sizes[rows] > 0  # the smallest sets: what no draw has hit takes the smallest hash
    rows, ranges = rows[has_any], ranges[has_any]
    starts = np.cumsum(sizes) - sizes
    filled[rows, ranges] = (hashes[starts[rows]] & np.uint64(0xFFFFFFFE)).astype(np.uint32)
    return filled


@lru_cache(maxsize=1)
def _donors() -> NDArray[np.int64]:
    """Return which range each range asks at each draw, shape (n_draws, n_ranges)."""
    numbers = np.arange(_N_DONORS * N_RANGES, dtype=np.uint64) + np.uint64(1)
    draws = (_mix(numbers * _GOLDEN) >> np.uint64(64 - _RANGE_BITS)).astype(np.int64)
    return np.reshape(draws, (_N_DONORS, N_RANGES))


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter numbers over all 64 bits, one for one (the finaliser of SplitMix64, S. Vigna)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = numbers ^ (numbers >> np.uint64(31))
    return mixed
