from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drugscan.model.folds import fold_numbers, without_copies


@given(st.lists(st.integers(1, 5), min_size=2, max_size=12), st.integers(2, 6))
def test_a_writer_is_in_one_fold_when_there_are_enough_writers(sizes, n_folds):
    groups = [str(number) for number, size in enumerate(sizes) for _ in range(size)]
    folds = fold_numbers(groups, n_folds=n_folds)
    if len(sizes) >= n_folds:
        assert sorted(set(folds.tolist())) == list(range(n_folds))
        for group in set(groups):
            assert (
                len({fold for fold, other in zip(folds.tolist(), groups, strict=True) if other == group}) == 1
            )
    assert (np.diff(folds) >= 0).all()


def test_one_file_is_cut_into_stretches_of_neighbours():
    assert fold_numbers(["a"] * 6, n_folds=3).tolist() == [0, 0, 1, 1, 2, 2]


def test_copies_of_held_out_texts_are_not_trained_on():
    training = np.array([True, True, False, True])
    assert without_copies(training, ["x", "y", "x", "z"]).tolist() == [False, True, False, True]
