"""Why a model says what it says of a text: what speaks for and against a label, and by how much."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.model.classifier import MODELLED_LABELS, Classifier, tree_features
from drugscan.model.features import NUMBERS, Features, read_features
from drugscan.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse


class Reason(NamedTuple):
    """What speaks for a label (above 0) or against it.

    Attributes
    ----------
    name : str
        A word, a pair of words, characters, or a number that the trees read.
    weight : float
        Of the parts of the linear score: its share of that score. Of what the trees read: its share of
        the log-odds (LightGBM's contributions, the Shapley values of S. M. Lundberg et al., "From local
        explanations to global understanding with explainable AI for trees", 2020).
    """

    name: str
    weight: float


class Reasons(NamedTuple):
    """Why a label has the score that it has.

    Attributes
    ----------
    words : list of Reason
        Parts of the linear score, or of the screen's, the weightiest first; they and the intercept add up
        to it.
    features : list of Reason
        What the trees read, the weightiest first; they add up to the log-odds before calibration. None
        of a text that the screen settles.
    """

    words: list[Reason]
    features: list[Reason]


def reasons(classifier: Classifier, text: str, label: str) -> Reasons:
    """Take a label's score apart, as the multi-label model gives it, or the screen that settles a text.

    Parameters
    ----------
    classifier : Classifier
        The model.
    text : str
        The raw text.
    label : str
        One of the nine that have a model of their own.

    Returns
    -------
    Reasons
        Every part that is not 0, and exact: nothing is sampled.

    Examples
    --------
    >>> from drugscan.model.store import load_model
    >>> said = reasons(load_model(), "Coke 1g 50 euro, bezorging", "harddrugs")
    >>> "substances: harddrugs" in [feature.name for feature in said.features[:5]]
    True
    """
    column = MODELLED_LABELS.index(label)
    folded = fold(text)
    features = read_features([folded])
    rows = classifier.vectorisers.transform(features)
    if classifier.settles([folded])[0]:
        rows = classifier.vectorisers.texts.transform(features.texts)
        return Reasons(_of_words(classifier, rows, classifier.screen.linear.coefficients[:, 0]), [])
    words = _of_words(classifier, rows, classifier.linear.coefficients[:, column])
    return Reasons(words, _weightiest(_of_trees(classifier, features, label)))


def _of_words(
    classifier: Classifier, rows: sparse.csr_matrix, coefficients: NDArray[np.float32]
) -> list[Reason]:
    """Return what the columns of one row add to a linear score, those of one name together."""
    names = classifier.vectorisers.column_names()
    parts = rows.data * coefficients[rows.indices]
    added: dict[str, float] = defaultdict(float)
    for index, part in zip(rows.indices.tolist(), parts.tolist(), strict=True):
        added[names[index]] += part
    return _weightiest([Reason(*pair) for pair in added.items()])


def _of_trees(classifier: Classifier, features: Features, label: str) -> list[Reason]:
    linear_scores = classifier.linear.scores(classifier.vectorisers.transform(features))
    rows = tree_features(linear_scores, features.numbers).multilabel
    contributions = np.asarray(classifier.multilabel_trees[label].predict(rows, pred_contrib=True))[0]
    names = [*(f"words for {name}" for name in MODELLED_LABELS), *NUMBERS, "(start)"]
    return [Reason(*pair) for pair in zip(names, contributions.tolist(), strict=True)]


def _weightiest(found: list[Reason]) -> list[Reason]:
    return sorted((one for one in found if one.weight), key=lambda one: (-abs(one.weight), one.name))
