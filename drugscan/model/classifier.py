"""The two models and the one answer they give.

A text is read twice. A linear model over its words, its characters and its skeleton gives nine scores,
one a label. Trees then read those scores beside the text's shape and what the lexicons count in it: the
*binary* model only the score of ``drugsad``, and says whether a text is an ad; the *multi-label* model
all nine, and says each label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

import numpy as np

from drugscan.model.calibration import Calibration
from drugscan.model.features import Features, Vectorisers, read_features
from drugscan.records import LABELS
from drugscan.text import fold

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray
    from scipy import sparse

MODELLED_LABELS = tuple(label for label in LABELS if label != "geendrugsad")
"""The labels that have a model of their own; ``geendrugsad`` is the absence of ``drugsad``."""

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
    """Nine linear scores over the columns of the vectorisers.

    Attributes
    ----------
    coefficients : ndarray of float32, shape (n_columns, n_labels)
        Columns of labels as in :data:`MODELLED_LABELS`.
    intercepts : ndarray of float32, shape (n_labels,)
        What an empty row scores.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return the distances from the decision's border, shape (n_texts, n_labels)."""
        distances: NDArray[np.float64] = rows @ self.coefficients + self.intercepts
        return distances


class Opinions(NamedTuple):
    """What both models say, from 0 to 1, before calibration and thresholds.

    Attributes
    ----------
    binary : ndarray of shape (n_texts,)
        Of ``drugsad``.
    multilabel : ndarray of shape (n_texts, n_labels)
        Of each of :data:`MODELLED_LABELS`.
    """

    binary: NDArray[np.float64]
    multilabel: NDArray[np.float64]

    def combined(self) -> NDArray[np.float64]:
        """Return one opinion a label: of ``drugsad`` the mean of the two models."""
        both: NDArray[np.float64] = self.multilabel.copy()
        both[:, 0] = (self.binary + self.multilabel[:, 0]) / 2
        return both


class TreeRows(NamedTuple):
    """What the trees read of some texts.

    Attributes
    ----------
    binary : ndarray of shape (n_texts, 1 + n_numbers)
        The linear score of ``drugsad``, and the numbers of :class:`drugscan.model.features.Features`.
    multilabel : ndarray of shape (n_texts, n_labels + n_numbers)
        All linear scores, and the numbers.
    """

    binary: NDArray[np.float64]
    multilabel: NDArray[np.float64]

    def take(self, rows: NDArray[np.int64]) -> TreeRows:
        """Return what they read of some of the texts, in the order of ``rows``."""
        return TreeRows(self.binary[rows], self.multilabel[rows])


def tree_features(linear_scores: NDArray[np.float64], numbers: NDArray[np.float64]) -> TreeRows:
    """Return what the trees read of texts with these linear scores and numbers."""
    return TreeRows(np.hstack([linear_scores[:, :1], numbers]), np.hstack([linear_scores, numbers]))


def opine(
    binary_trees: lightgbm.Booster, multilabel_trees: Mapping[str, lightgbm.Booster], rows: TreeRows
) -> Opinions:
    """Return what trees say of some texts, each by itself."""
    multilabel = [multilabel_trees[label].predict(rows.multilabel) for label in MODELLED_LABELS]
    return Opinions(np.asarray(binary_trees.predict(rows.binary)), np.stack(multilabel, axis=1))


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained model.

    Attributes
    ----------
    vectorisers : Vectorisers
        From features to TF-IDF.
    linear : LinearModel
        From TF-IDF to nine scores.
    binary_trees : lightgbm.Booster
        The binary model.
    multilabel_trees : mapping of str to lightgbm.Booster
        The multi-label model: trees of each label.
    calibration : Calibration
        From what the trees say to probabilities.
    thresholds : mapping of str to float
        From which score on a label stands, 0 to 1.
    manifest : mapping
        How it was made and how well it does; see :mod:`drugscan.model.store`.
    """

    vectorisers: Vectorisers
    linear: LinearModel
    binary_trees: lightgbm.Booster
    multilabel_trees: Mapping[str, lightgbm.Booster]
    calibration: Calibration
    thresholds: Mapping[str, float]
    manifest: Mapping[str, Any]

    def opinions(self, features: Features) -> Opinions:
        """Return what both models say of texts, each by itself."""
        if not features.texts:
            return Opinions(np.empty(0), np.empty((0, len(MODELLED_LABELS))))
        linear_scores = self.linear.scores(self.vectorisers.transform(features))
        rows = tree_features(linear_scores, features.numbers)
        return opine(self.binary_trees, self.multilabel_trees, rows)

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """Classify raw texts.

        The score of ``drugsad`` is the mean of what the two models say, calibrated as all scores are.
        A text without a word is no ad. A label other than ``drugsad`` stands only beside it.

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
        opinions = self.opinions(read_features(folded_texts))
        scores = self.calibration.apply(opinions.combined())
        scores[[not text for text in folded_texts]] = 0
        of_ad = np.stack([opinions.binary, opinions.multilabel[:, 0]])
        says_ad = self.calibration.apply_to_label(0, of_ad) >= self.thresholds["drugsad"]
        agree = (says_ad[0] == says_ad[1]).tolist()
        rounded = np.round(scores, _N_DECIMALS)
        stands = rounded >= np.array([self.thresholds[label] for label in MODELLED_LABELS])
        stands &= stands[:, :1]
        no_ad = np.round(1 - rounded[:, 0], _N_DECIMALS)
        by_label = np.insert(rounded, LABELS.index("geendrugsad"), no_ad, axis=1)
        return [
            {
                "labels": list(compress(MODELLED_LABELS, standing)) or ["geendrugsad"],
                "scores": dict(zip(LABELS, row, strict=True)),
                "models_agree": agrees,
            }
            for row, standing, agrees in zip(by_label.tolist(), stands.tolist(), agree, strict=True)
        ]
