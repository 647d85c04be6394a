"""Which records are held out together when a model is judged by records it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


_MOST_TRAININGS = 16


def fold_numbers(groups: Sequence[str], *, n_folds: int) -> NDArray[np.int64]:
    """Deal records into folds, never parting what one writer wrote if that can be helped.

    Parameters
    ----------
    groups : sequence of str
        Each record's group (its file), records of a group in a row.
    n_folds : int
        How many folds there are to be, at least 2.

    Returns
    -------
    ndarray of shape (n_records,)
        Fold numbers from 0. Neighbouring groups share a fold; with fewer groups than folds, equal
        stretches of neighbouring records do.

    Examples
    --------
    >>> fold_numbers(["a", "b", "b", "c", "d"], n_folds=2).tolist()
    [0, 0, 0, 1, 1]
    >>> fold_numbers(["a"] * 5, n_folds=2).tolist()
    [0, 0, 0, 1, 1]
    """
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    if len(order) >= n_folds:
        unit, n_units = np.array([order[group] for group in groups]), len(order)
    else:
        unit, n_units = np.arange(len(groups)), len(groups)
    return unit * n_folds // max(n_units, 1)


def left_out_together(files: Iterable[str]) -> list[list[str]]:
    """Deal files into those that a cross-validation leaves out together.

    Parameters
    ----------
    files : iterable of str
        Names of files; each counts once.

    Returns
    -------
    list of list of str
        Each file alone; of more than sixteen each sixteenth with each other, so that there are sixteen
        trainings, not one a file.

    Examples
    --------
    >>> left_out_together(["a", "a", "b"])
    [['a'], ['b']]
    >>> left_out_together("abcdefghijklmnopqr")[:3]
    [['a', 'q'], ['b', 'r'], ['c']]
    """
    names = list(dict.fromkeys(files))
    return [names[first::_MOST_TRAININGS] for first in range(min(len(names), _MOST_TRAININGS))]


def without_copies(training: NDArray[np.bool_], ads: Sequence[str]) -> NDArray[np.bool_]:
    """Drop from the training side each text that has a near-duplicate on the other side.

    Parameters
    ----------
    training : ndarray of bool, shape (n_records,)
        Which records are for training; all others are held out.
    ads : sequence of str
        Each record's cluster of near-duplicates, as ``ad_id`` of :func:`drugscan.dedupe` names it.

    Returns
    -------
    ndarray of bool, shape (n_records,)
        Which records may be trained on.

    Examples
    --------
    >>> without_copies(np.array([True, True, False]), ["x", "y", "x"]).tolist()
    [False, True, False]
    """
    held_out = {ad for ad, is_training in zip(ads, training, strict=True) if not is_training}
    usable: NDArray[np.bool_] = training & np.array([ad not in held_out for ad in ads], dtype=bool)
    return usable
