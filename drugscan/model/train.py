"""Training: labelled messages in, a classifier out; the same bytes for the same messages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from drugscan.errors import InputError
from drugscan.model.classifier import (
    DEFAULT_THRESHOLDS,
    MODELLED_LABELS,
    Classifier,
    LinearModel,
    tree_features,
)
from drugscan.model.folds import fold_numbers, without_copies
from drugscan.model.labelled import LabelledText, read_labelled, training_hash
from drugscan.model.shape import shape
from drugscan.model.vectoriser import Vectoriser, fit_vocabulary
from drugscan.text import fold

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

_MIN_EXAMPLES = 2


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
    """

    min_df: int = 2
    regularisation_c: float = 30.0
    n_folds: int = 6
    n_trees: int = 120
    n_leaves: int = 7
    learning_rate: float = 0.05
    min_texts_a_leaf: int = 20


def train(
    labelled: Iterable[LabelledText | str | os.PathLike[str]], *, options: TrainingOptions | None = None
) -> Classifier:
    """Train both models.

    Parameters
    ----------
    labelled : iterable of LabelledText or of paths
        Labelled messages, or files and folders of such. Those of one file are taken to be by one
        writer: they are held out together where the trees learn from the linear model's scores.
    options : TrainingOptions, optional
        How to train.

    Returns
    -------
    Classifier
        Ready for use; :func:`drugscan.model.store.save_model` keeps it.

    Raises
    ------
    InputError
        If a record is not by the codebook, or there are too few to learn from.
    """
    options = options or TrainingOptions()
    records = _read(labelled)
    folded = [fold(record.text) for record in records]
    targets = label_matrix(records)
    if min(targets[:, 0].sum(), len(records) - targets[:, 0].sum()) < _MIN_EXAMPLES:
        raise InputError(
            f"there are too few messages to learn from: {targets[:, 0].sum()} of {len(records)} are ads",
            hint="give at least two that are drug ads and two that are not",
        )
    vectoriser, linear = _fit_linear(folded, targets, options)
    linear_scores = _held_out_scores(folded, targets, [record.file for record in records], options)
    binary_rows, multilabel_rows = tree_features(linear_scores, shape(folded))
    return Classifier(
        vectoriser=vectoriser,
        linear=linear,
        binary_trees=_fit_trees(binary_rows, targets[:, 0], options),
        multilabel_trees={
            label: _fit_trees(multilabel_rows, targets[:, column], options)
            for column, label in enumerate(MODELLED_LABELS)
        },
        thresholds=dict(DEFAULT_THRESHOLDS),
        manifest={
            "options": asdict(options),
            "training": {
                "hash": training_hash(records),
                "messages": len(records),
                "messages_by_file": dict(Counter(record.file for record in records)),
                "messages_by_label": dict(zip(MODELLED_LABELS, targets.sum(axis=0).tolist(), strict=True)),
            },
        },
    )


def label_matrix(records: Sequence[LabelledText]) -> NDArray[np.int64]:
    """Return 1 where a record has a label, shape (n_records, len(MODELLED_LABELS))."""
    rows = [[label in record.labels for label in MODELLED_LABELS] for record in records]
    return np.array(rows, dtype=np.int64).reshape(-1, len(MODELLED_LABELS))


def _read(labelled: Iterable[LabelledText | str | os.PathLike[str]]) -> list[LabelledText]:
    items = list(labelled)
    paths = [Path(item) for item in items if not isinstance(item, LabelledText)]
    records = [item for item in items if isinstance(item, LabelledText)]
    return records + read_labelled(paths) if paths or not records else records


def _fit_linear(
    folded: Sequence[str], targets: NDArray[np.int64], options: TrainingOptions
) -> tuple[Vectoriser, LinearModel]:
    vectoriser = Vectoriser(fit_vocabulary(folded, min_df=options.min_df))
    rows = vectoriser.transform(folded)
    rows.sort_indices()
    coefficients = np.zeros((rows.shape[1], len(MODELLED_LABELS)), np.float32)
    intercepts = np.zeros(len(MODELLED_LABELS), np.float32)
    from sklearn.linear_model import LogisticRegression

    for column, target in enumerate(targets.T):
        if target.min() == target.max():  # nobody has this label, or everybody: nothing to weigh
            intercepts[column] = 10.0 if target.max() else -10.0
            continue
        model = LogisticRegression(C=options.regularisation_c, solver="liblinear", random_state=0)
        model.fit(rows, target)
        coefficients[:, column] = model.coef_[0]
        intercepts[column] = model.intercept_[0]
    return vectoriser, LinearModel(coefficients, intercepts)


def _held_out_scores(
    folded: Sequence[str], targets: NDArray[np.int64], groups: Sequence[str], options: TrainingOptions
) -> NDArray[np.float64]:
    """Return each text's linear scores by a model that has not seen its writer.

    The trees would otherwise learn from scores that are far surer than they are on new texts
    (stacking: D. H. Wolpert, "Stacked generalization", Neural Networks 5, 1992).
    """
    folds = fold_numbers(groups, n_folds=min(options.n_folds, len(folded)))
    scores = np.zeros(targets.shape)
    for fold_number in np.unique(folds):
        held_out = folds == fold_number
        training = np.flatnonzero(without_copies(~held_out, folded)).tolist()
        vectoriser, linear = _fit_linear([folded[index] for index in training], targets[training], options)
        rows = vectoriser.transform([folded[index] for index in np.flatnonzero(held_out).tolist()])
        scores[held_out] = linear.scores(rows)
    return scores


def _fit_trees(
    rows: NDArray[np.float64], target: NDArray[np.int64], options: TrainingOptions
) -> lightgbm.Booster:
    import lightgbm

    settings = {
        "objective": "binary",
        "num_leaves": options.n_leaves,
        "learning_rate": options.learning_rate,
        "min_data_in_leaf": options.min_texts_a_leaf,
        "seed": 0,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbose": -1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(rows, target), options.n_trees)
