"""The two models and the one answer they give.

A text is read three times. A linear model over its words and characters gives nine scores, one a
label. Trees then read those scores beside the text's shape: the *binary* model only the score of
``drugsad``, and says whether a text is an ad; the *multi-label* model all nine, and says each label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

import numpy as np

from drugscan.model.shape import shape
from drugscan.model.vectoriser import Vectoriser
from drugscan.records import LABELS
from drugscan.text import fold

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray
    from scipy import sparse

MODELLED_LABELS = tuple(label for label in LABELS if label != "geendrugsad")
"""The labels that have a model of their own; ``geendrugsad`` is the absence of ``drugsad``."""

DEFAULT_THRESHOLDS = dict.fromkeys(MODELLED_LABELS, 0.5)
_N_DECIMALS = 4


class Classification(TypedDict):
    """What is said of one text.

    ``labels`` are as in the codebook; ``scores`` a probability per label; ``models_agree`` tells
    whether the binary and the multi-label model say the same of ``drugsad``.
    """

    labels: list[str]
    scores: dict[str, float]
    models_agree: bool


class LinearModel(NamedTuple):
    """Nine linear scores over the columns of a vectoriser.

    Attributes
    ----------
    coefficients : ndarray of float32, shape (n_columns, n_labels)
        Columns as in :data:`MODELLED_LABELS`.
    intercepts : ndarray of float32, shape (n_labels,)
        What an empty row scores.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return the distances from the decision's border, shape (n_texts, n_labels)."""
        distances: NDArray[np.float64] = rows @ self.coefficients + self.intercepts
        return distances


class Probabilities(NamedTuple):
    """What both models say, before any threshold.

    Attributes
    ----------
    binary : ndarray of shape (n_texts,)
        Probability of ``drugsad``.
    multilabel : ndarray of shape (n_texts, n_labels)
        Probability of each of :data:`MODELLED_LABELS`.
    """

    binary: NDArray[np.float64]
    multilabel: NDArray[np.float64]


def tree_features(
    linear_scores: NDArray[np.float64], shapes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the trees of the binary and of the multi-label model read.

    Parameters
    ----------
    linear_scores : ndarray of shape (n_texts, n_labels)
        As :meth:`LinearModel.scores` gives them.
    shapes : ndarray of shape (n_texts, n_shape_features)
        As :func:`drugscan.model.shape.shape` gives them.

    Returns
    -------
    two ndarrays of shape (n_texts, n_features)
        One a model.
    """
    return np.hstack([linear_scores[:, :1], shapes]), np.hstack([linear_scores, shapes])


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained model.

    Attributes
    ----------
    vectoriser : Vectoriser
        From folded texts to TF-IDF.
    linear : LinearModel
        From TF-IDF to nine scores.
    binary_trees : lightgbm.Booster
        The binary model.
    multilabel_trees : mapping of str to lightgbm.Booster
        The multi-label model: trees of each label.
    thresholds : mapping of str to float
        From which score on a label stands, 0 to 1.
    manifest : mapping
        How it was made and how well it does; see :mod:`drugscan.model.store`.
    """

    vectoriser: Vectoriser
    linear: LinearModel
    binary_trees: lightgbm.Booster
    multilabel_trees: Mapping[str, lightgbm.Booster]
    thresholds: Mapping[str, float]
    manifest: Mapping[str, Any]

    def probabilities(self, folded_texts: Sequence[str]) -> Probabilities:
        """Return what both models say of folded texts, each by itself."""
        if not folded_texts:
            return Probabilities(np.empty(0), np.empty((0, len(MODELLED_LABELS))))
        linear_scores = self.linear.scores(self.vectoriser.transform(folded_texts))
        binary_rows, multilabel_rows = tree_features(linear_scores, shape(folded_texts))
        multilabel = [self.multilabel_trees[label].predict(multilabel_rows) for label in MODELLED_LABELS]
        binary = np.asarray(self.binary_trees.predict(binary_rows))
        return Probabilities(binary, np.stack(multilabel, axis=1))

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """Classify raw texts.

        The score of ``drugsad`` is the mean of what the two models say. A text without a word is
        no ad. A label other than ``drugsad`` stands only beside it.

        Parameters
        ----------
        texts : sequence of str
            Raw texts.

        Returns
        -------
        list of Classification
            One a text, in order; scores are rounded to four decimals and decided by as rounded.
        """
        folded_texts = [fold(text) for text in texts]
        binary, multilabel = self.probabilities(folded_texts)
        answers = multilabel.copy()
        answers[:, 0] = (binary + multilabel[:, 0]) / 2
        answers[[not text for text in folded_texts]] = 0
        threshold = self.thresholds["drugsad"]
        agree = (binary >= threshold) == (multilabel[:, 0] >= threshold)
        rounded = np.round(answers, _N_DECIMALS).tolist()
        return [self._decide(row, agrees) for row, agrees in zip(rounded, agree.tolist(), strict=True)]

    def _decide(self, row: list[float], models_agree: bool) -> Classification:
        by_label = dict(zip(MODELLED_LABELS, row, strict=True))
        by_label["geendrugsad"] = round(1 - by_label["drugsad"], _N_DECIMALS)
        labels = [label for label in MODELLED_LABELS if by_label[label] >= self.thresholds[label]]
        if "drugsad" not in labels:
            labels = ["geendrugsad"]
        return {
            "labels": labels,
            "scores": {label: by_label[label] for label in LABELS},
            "models_agree": models_agree,
        }
