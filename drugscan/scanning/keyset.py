"""A set of 128-bit keys that fits a bound: which texts have been seen."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.records import KEY_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Run(NamedTuple):
    """Distinct keys in rising order, as their two halves."""

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]


class KeySet:
    """Keys as sorted runs, merged by twos as they grow; what outgrows the bound lies in files.

    Sixteen bytes a key, where a Python set of bytes takes about a hundred.

    Parameters
    ----------
    max_bytes : int
        How much of it stays in memory. Adding needs as much again for a moment.

    Examples
    --------
    >>> seen = KeySet(max_bytes=1_000_000)
    >>> seen.add(b"a" * 16 + b"b" * 16 + b"a" * 16).tolist(), seen.add(b"b" * 16 + b"c" * 16).tolist()
    ([0, 1], [1])
    >>> len(seen)
    3
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._runs: list[_Run] = []
        self._spilled: list[_Run] = []

    def __len__(self) -> int:
        """Return how many distinct keys there are."""
        return sum(len(run.high) for run in self._runs + self._spilled)

    def add(self, keys: bytes) -> NDArray[np.int64]:
        """Add keys, 16 bytes each, one after the other.

        Returns
        -------
        ndarray of int64
            The positions of those that were not there, rising; of equal keys the first.
        """
        order, (high, low) = _sorted(keys)
        is_new = np.ones(len(order), bool)
        is_new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        order, high, low = order[is_new], high[is_new], low[is_new]
        is_new = np.ones(len(order), bool)
        for run in self._runs + self._spilled:
            is_new &= ~_are_in(run, high, low)
        if is_new.any():
            self._keep(_Run(high[is_new], low[is_new]))
        return np.sort(order[is_new])

    def _keep(self, run: _Run) -> None:
        while self._runs and len(self._runs[-1].high) <= 2 * len(run.high):
            run = _merged(self._runs.pop(), run)
        self._runs.append(run)
        if KEY_BYTES * sum(len(run.high) for run in self._runs) > self._max_bytes:
            whole = self._runs.pop(0)
            while self._runs:
                whole = _merged(whole, self._runs.pop())
            self._spilled.append(self._spill(whole))

    def _spill(self, run: _Run) -> _Run:
        """Move a run to a file; the system brings back the pages that are asked for."""
        with tempfile.TemporaryFile(prefix="drugscan-") as file:
            for half in run:
                file.write(half.data)
            file.flush()
            high, low = np.memmap(file, np.uint64, mode="r", shape=(2, len(run.high)))  # outlives the file
            return _Run(high, low)


def _halves(keys: bytes) -> _Run:
    high, low = np.frombuffer(keys, ">u8").astype(np.uint64).reshape(-1, 2).T  # big-endian: sort as bytes do
    return _Run(high, low)


def _sorted(keys: bytes) -> tuple[NDArray[np.int64], _Run]:
    """Return the order in which keys rise, and the keys in that order."""
    high, low = _halves(keys)
    order = np.lexsort((low, high))
    return order, _Run(high[order], low[order])


def _are_in(run: _Run, high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which keys are in a run."""
    found = np.zeros(len(high), bool)
    positions = np.searchsorted(run.high, high)
    candidates = np.flatnonzero(positions < len(run.high))
    while len(candidates):  # once, but for keys that have one half in common
        at = positions[candidates]
        candidates, at = candidates[run.high[at] == high[candidates]], at[run.high[at] == high[candidates]]
        is_same = run.low[at] == low[candidates]
        found[candidates[is_same]] = True
        candidates = candidates[~is_same]
        positions[candidates] += 1
        candidates = candidates[positions[candidates] < len(run.high)]
    return found


def _merged(first: _Run, second: _Run) -> _Run:
    high, low = (np.concatenate(halves) for halves in zip(first, second, strict=True))
    order = np.argsort(high, kind="stable")  # merges runs in one pass; equal halves need no order
    return _Run(high[order], low[order])
