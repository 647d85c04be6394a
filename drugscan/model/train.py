"""Training: labelled messages in, a classifier out; the same bytes for the same messages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.engines.local import each
from drugscan.errors import InputError
from drugscan.model.calibration import choose_thresholds, fit_calibration, probabilities
from drugscan.model.classifier import (
    MODELLED_LABELS,
    Classifier,
    Opinions,
    TreeRows,
    opine,
    tree_features,
)
from drugscan.model.features import fit_vectorisers, read_features
from drugscan.model.folds import fold_numbers, without_copies
from drugscan.model.labelled import LabelledText, file_hashes, read_labelled, training_hash
from drugscan.model.linear import LinearModel
from drugscan.model.screen import Screen, choose_threshold
from drugscan.neardup import dedupe
from drugscan.paths import Paths
from drugscan.text import fold

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray
    from scipy import sparse

_MIN_EXAMPLES = 2
_FEW_EXAMPLES = 50


@dataclass(frozen=True)
class TrainingOptions:
    """How a model is trained; the values were chosen by leaving one writer out at a time.

    Attributes
    ----------
    min_df : int
        In how many texts a word, pair or n-gram must occur.
    regularisation_c : float
        Inverse strength of the linear model's L2 penalty.
    n_folds : int
        In how many folds the linear scores are made that the trees learn from.
    n_trees, n_leaves, learning_rate, min_texts_a_leaf :
        Size and pace of the trees.
    features_a_tree : float
        Share of the features that each tree may read, drawn anew for each.
    """

    min_df: int = 2
    regularisation_c: float = 30.0
    n_folds: int = 10
    n_trees: int = 150
    n_leaves: int = 15
    learning_rate: float = 0.06
    min_texts_a_leaf: int = 20
    features_a_tree: float = 0.5


def train(
    labelled: Paths | Iterable[LabelledText | str | os.PathLike[str]],
    *,
    options: TrainingOptions | None = None,
    jobs: int = 1,
) -> Classifier:
    """Train both models.

    Parameters
    ----------
    labelled : path, or several paths or LabelledText
        Labelled messages, or files and folders of such. Those of one file are taken to be by one
        writer: they are held out together where the trees learn from the linear model's scores.
    options : TrainingOptions, optional
        How to train.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    Classifier
        Ready for use; :func:`drugscan.model.store.save_model` keeps it.

    Raises
    ------
    InputError
        If a record is not by the codebook, or there is too little to learn from: too few ads or others,
        too few words in common, or hardly anything but near-duplicates.
    """
    options = options or TrainingOptions()
    records = _read(labelled)
    features = read_features([fold(record.text) for record in records])
    targets = label_matrix(records)
    if min(targets[:, 0].sum(), len(records) - targets[:, 0].sum()) < _MIN_EXAMPLES:
        raise InputError(
            f"there are too few messages to learn from: {targets[:, 0].sum()} of {len(records)} are ads",
            hint="give at least two that are drug ads and two that are not",
        )
    vectorisers = fit_vectorisers(features, min_df=options.min_df)
    words = vectorisers.transform(features)
    words.sort_indices()
    writers = [record.file for record in records]
    folds = _Folds(
        fold_numbers(writers, n_folds=min(options.n_folds, len(records))), near_duplicates(records)
    )
    rows = tree_features(_held_out_scores(words, targets, folds, options, jobs=jobs), features.numbers)
    held_out_opinions = _held_out_opinions(rows, targets, folds, options, jobs=jobs).combined()
    calibration = fit_calibration(held_out_opinions, targets, writers=writers)
    held_out_scores = calibration.apply(held_out_opinions)
    thresholds = choose_thresholds(held_out_scores, targets)
    is_found = (targets[:, 0] == 1) & (held_out_scores[:, 0] >= thresholds[0])
    of_texts = words[:, : len(vectorisers.texts.vocabulary.idf)]
    screen, screened = _fit_screen(
        of_texts, targets[:, :1], is_found, folds, options, writers=writers, jobs=jobs
    )
    binary_trees, multilabel_trees = _fit_all_trees(rows, targets, options, jobs=jobs)
    return Classifier(
        vectorisers=vectorisers,
        screen=screen,
        linear=_fit_linear(words, targets, options),
        binary_trees=binary_trees,
        multilabel_trees=multilabel_trees,
        calibration=calibration,
        thresholds=dict(zip(MODELLED_LABELS, thresholds.tolist(), strict=True)),
        manifest={
            "options": asdict(options),
            "training": {
                "hash": training_hash(records),
                "messages": len(records),
                "messages_by_file": dict(Counter(record.file for record in records)),
                "hashes_by_file": file_hashes(records),
                "messages_by_label": dict(zip(MODELLED_LABELS, targets.sum(axis=0).tolist(), strict=True)),
            },
            "screen": screened,
        },
    )


def label_matrix(records: Sequence[LabelledText]) -> NDArray[np.int64]:
    """Return 1 where a record has a label, shape (n_records, len(MODELLED_LABELS))."""
    rows = [[label in record.labels for label in MODELLED_LABELS] for record in records]
    return np.array(rows, dtype=np.int64).reshape(-1, len(MODELLED_LABELS))


def scarce_labels(records: Sequence[LabelledText]) -> dict[str, int]:
    """Return the labels that too few records have, or lack, to learn them well; and how many have them."""
    counts = dict(zip(MODELLED_LABELS, label_matrix(records).sum(axis=0).tolist(), strict=True))
    return {
        label: count for label, count in counts.items() if min(count, len(records) - count) < _FEW_EXAMPLES
    }


def near_duplicates(records: Sequence[LabelledText]) -> list[str]:
    """Return the name of each record's cluster of near-duplicates, see :func:`drugscan.dedupe`."""
    return [found["ad_id"] for found in dedupe([record.text for record in records])]


def _read(labelled: Paths | Iterable[LabelledText | str | os.PathLike[str]]) -> list[LabelledText]:
    items = [labelled] if isinstance(labelled, (str, os.PathLike)) else list(labelled)
    paths = [item for item in items if not isinstance(item, LabelledText)]
    records = [item for item in items if isinstance(item, LabelledText)]
    return records + read_labelled(paths) if paths or not records else records


def _fit_linear(
    words: sparse.csr_matrix, targets: NDArray[np.int64], options: TrainingOptions
) -> LinearModel:
    from sklearn.linear_model import LogisticRegression

    coefficients = np.zeros((words.shape[1], targets.shape[1]), np.float32)
    intercepts = np.zeros(targets.shape[1], np.float32)
    for column, target in enumerate(targets.T):
        if target.min() == target.max():  # nobody has this label, or everybody: nothing to weigh
            intercepts[column] = 10.0 if target.max() else -10.0
            continue
        model = LogisticRegression(
            C=options.regularisation_c, solver="liblinear", dual=True, tol=1e-2, random_state=0
        )  # more columns than rows: the dual is nine times as fast
        model.fit(words, target)
        coefficients[:, column] = model.coef_[0]
        intercepts[column] = model.intercept_[0]
    # Half precision is all that is kept: a model in half the bytes, and no figure changes.
    return LinearModel(coefficients.astype(np.float16).astype(np.float32), intercepts)


def _fit_screen(
    words: sparse.csr_matrix,
    targets: NDArray[np.int64],
    is_found: NDArray[np.bool_],
    folds: _Folds,
    options: TrainingOptions,
    *,
    writers: Sequence[str],
    jobs: int,
) -> tuple[Screen, dict[str, float]]:
    """Fit the screen; beside it return what shares of held-out texts it settles.

    ``is_found`` tells of which texts a close look says rightly that they are ads.
    """
    scores = _held_out_scores(words, targets, folds, options, jobs=jobs)
    screen = Screen(
        linear=_fit_linear(words, targets, options),
        threshold=choose_threshold(scores[is_found, 0]),
        calibration=fit_calibration(probabilities(scores), targets, writers=writers),
    )
    settled = screen.settles(scores[:, 0])
    return screen, {
        "ordinary_settled": round(float(settled[targets[:, 0] == 0].mean()), 4),
        "found_ads_lost": round(float(settled[is_found].sum() / max(is_found.sum(), 1)), 4),
    }


class _Folds(NamedTuple):
    """Which records are held out together: all of a writer's, and no near-duplicate is learnt from."""

    numbers: NDArray[np.int64]
    near_duplicates: list[str]

    def splits(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the rows to train on and the rows held out."""
        for number in np.unique(self.numbers):
            held_out = self.numbers == number
            training = without_copies(~held_out, self.near_duplicates)
            if not training.any():
                raise InputError(
                    "too few messages differ to learn from: leaving some out, all others are copies of them",
                    hint="give messages that differ in more than a few words",
                )
            yield np.flatnonzero(training), np.flatnonzero(held_out)


def _held_out_scores(
    words: sparse.csr_matrix,
    targets: NDArray[np.int64],
    folds: _Folds,
    options: TrainingOptions,
    *,
    jobs: int,
) -> NDArray[np.float64]:
    """Return each text's linear scores by a model that has not seen its writer.

    The trees would otherwise learn from scores that are far surer than they are on new texts
    (stacking: D. H. Wolpert, "Stacked generalization", Neural Networks 5, 1992). The columns are those
    of all texts: what a writer alone uses has no weight where that writer is held out.
    """
    scores = np.zeros(targets.shape)
    splits = list(folds.splits())
    of_folds = each(partial(_scores_of_fold, words, targets, options), splits, jobs=jobs)
    for (_, held_out), of_fold in zip(splits, of_folds, strict=True):
        scores[held_out] = of_fold
    return scores


def _scores_of_fold(
    words: sparse.csr_matrix,
    targets: NDArray[np.int64],
    options: TrainingOptions,
    split: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Return the linear scores of the rows held out, by a model of those to train on."""
    training, held_out = split
    return _fit_linear(words[training], targets[training], options).scores(words[held_out])


def _held_out_opinions(
    rows: TreeRows, targets: NDArray[np.int64], folds: _Folds, options: TrainingOptions, *, jobs: int
) -> Opinions:
    """Return what trees say of each text that have not seen its writer."""
    opinions = Opinions(np.zeros(len(targets)), np.zeros(targets.shape), probabilities(rows.binary[:, 0]))
    for training, held_out in folds.splits():
        binary, multilabel = _fit_all_trees(rows.take(training), targets[training], options, jobs=jobs)
        said = opine(binary, multilabel, rows.take(held_out))
        opinions.binary[held_out] = said.binary
        opinions.multilabel[held_out] = said.multilabel
    return opinions


def _fit_all_trees(
    rows: TreeRows, targets: NDArray[np.int64], options: TrainingOptions, *, jobs: int
) -> tuple[lightgbm.Booster, dict[str, lightgbm.Booster]]:
    rows_of_each = [rows.binary, *repeat(rows.multilabel, targets.shape[1])]
    targets_of_each = [targets[:, 0], *targets.T]
    with ThreadPoolExecutor(jobs) as pool:  # trees grow outside Python's lock
        binary, *multilabel = pool.map(_fit_trees, rows_of_each, targets_of_each, repeat(options))
    return binary, dict(zip(MODELLED_LABELS, multilabel, strict=True))


def _fit_trees(
    rows: NDArray[np.float64], target: NDArray[np.int64], options: TrainingOptions
) -> lightgbm.Booster:
    import lightgbm

    settings = {
        "objective": "binary",
        "num_leaves": options.n_leaves,
        "learning_rate": options.learning_rate,
        "min_data_in_leaf": options.min_texts_a_leaf,
        "feature_fraction": options.features_a_tree,
        "seed": 0,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbose": -1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(rows, target), options.n_trees)
