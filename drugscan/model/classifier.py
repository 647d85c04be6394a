"""The two models and the one answer they give.

A screen settles most ordinary texts by their words alone. The others are read twice. A linear model over
a text's words, its characters and its skeleton gives nine scores, one a label. Trees then read those
scores beside the text's shape and what the lexicons count in it: the *binary* model only the score of
``drugsad``, and says whether a text is an ad; the *multi-label* model all nine, and says each label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

import numpy as np

from drugscan.model.calibration import Calibration, log_odds, probabilities
from drugscan.model.features import Features, Vectorisers, read_features
from drugscan.model.findings import undecorate
from drugscan.model.linear import LinearModel, Scorer
from drugscan.model.screen import Screen
from drugscan.records import LABELS
from drugscan.text import fold

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

MODELLED_LABELS = tuple(label for label in LABELS if label != "geendrugsad")
"""The labels that have a model of their own; ``geendrugsad`` is the absence of ``drugsad``."""

_N_DECIMALS = 4
_WORTH_SCORING = 0.1
"""From which score of ``drugsad`` on the other labels are scored; below, they are 0."""


class Classification(TypedDict):
    """What is said of one text.

    ``labels`` are as in the codebook; ``scores`` a probability per label, 0 for all but ``drugsad`` and
    ``geendrugsad`` where ``drugsad`` is unlikely; ``models_agree`` tells whether the binary and the
    multi-label model say the same of ``drugsad``.
    """

    labels: list[str]
    scores: dict[str, float]
    models_agree: bool


class Opinions(NamedTuple):
    """What both models say, from 0 to 1, before calibration and thresholds.

    Attributes
    ----------
    binary : ndarray of shape (n_texts,)
        Of ``drugsad``.
    multilabel : ndarray of shape (n_texts, n_labels)
        Of each of :data:`MODELLED_LABELS`.
    linear : ndarray of shape (n_texts,)
        Of ``drugsad``, by the linear model alone.
    """

    binary: NDArray[np.float64]
    multilabel: NDArray[np.float64]
    linear: NDArray[np.float64]

    def combined(self) -> NDArray[np.float64]:
        """Return one opinion a label: of ``drugsad`` the mean of all three, as log-odds."""
        combined: NDArray[np.float64] = self.multilabel.copy()
        combined[:, 0] = mean_opinion(self.binary, self.multilabel[:, 0], self.linear)
        return combined


def mean_opinion(*opinions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of several opinions of one label, taken as log-odds."""
    return probabilities(np.mean([log_odds(one) for one in opinions], axis=0))


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


def predict(trees: lightgbm.Booster, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what trees say of rows, from 0 to 1: by one thread, as several wait longer than they work."""
    return np.asarray(trees.predict(rows, num_threads=1))


def opine(
    binary_trees: lightgbm.Booster, multilabel_trees: Mapping[str, lightgbm.Booster], rows: TreeRows
) -> Opinions:
    """Return what trees say of some texts, each by itself."""
    multilabel = [predict(multilabel_trees[label], rows.multilabel) for label in MODELLED_LABELS]
    linear = probabilities(rows.binary[:, 0])
    return Opinions(predict(binary_trees, rows.binary), np.stack(multilabel, axis=1), linear)


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained model.

    Attributes
    ----------
    vectorisers : Vectorisers
        From features to TF-IDF.
    screen : Screen
        Which texts need no more than a quick look.
    linear : LinearModel
        From TF-IDF to nine scores.
    binary_trees : lightgbm.Booster
        The binary model.
    multilabel_trees : mapping of str to lightgbm.Booster
        The multi-label model: trees of each label.
    calibration : Calibration
        From what the models say to probabilities.
    thresholds : mapping of str to float
        From which score on a label stands, 0 to 1.
    manifest : mapping
        How it was made and how well it does; see :mod:`drugscan.model.store`.
    """

    vectorisers: Vectorisers
    screen: Screen
    linear: LinearModel
    binary_trees: lightgbm.Booster
    multilabel_trees: Mapping[str, lightgbm.Booster]
    calibration: Calibration
    thresholds: Mapping[str, float]
    manifest: Mapping[str, Any]

    @cached_property
    def _text_scorer(self) -> Scorer:
        """What texts add to the nine linear scores, and the screen's score."""
        of_screen = self.screen.linear.coefficients
        coefficients = np.hstack([self.linear.coefficients[: len(of_screen)], of_screen])
        return Scorer(self.vectorisers.texts, coefficients)

    @cached_property
    def _skeleton_scorer(self) -> Scorer:
        """What skeletons add to the nine linear scores."""
        coefficients = self.linear.coefficients[len(self.screen.linear.coefficients) :]
        return Scorer(self.vectorisers.skeletons, coefficients)

    def opinions(self, features: Features) -> Opinions:
        """Return what both models say of texts, each by itself, the screen left aside."""
        if not features.texts:
            return Opinions(np.empty(0), np.empty((0, len(MODELLED_LABELS))), np.empty(0))
        rows = self._tree_rows(self._text_scorer.scores(features.texts), features)
        return opine(self.binary_trees, self.multilabel_trees, rows)

    def settles(self, folded_texts: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which texts the screen settles: they are no ads, and are not read closely."""
        return self._settled(self._screen_scores(self._text_scorer.scores(undecorate(folded_texts))))

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """Classify raw texts.

        The score of ``drugsad`` is the mean of what both models and the linear one say, or what the screen
        says of a text that it settles, calibrated as all scores are. No text is an ad that was not read
        closely, however low the threshold, and none without a word. A label other than ``drugsad`` stands
        only beside it.

        Parameters
        ----------
        texts : sequence of str
            Raw texts.

        Returns
        -------
        list of Classification
            One a text, in order; scores are rounded to four decimals and decided by as rounded. Texts that
            fold to the same share one.
        """
        folded_texts = [fold(text) for text in texts]
        # Variants of an ad often differ in what folding leaves out.
        distinct = list(dict.fromkeys(folded_texts))
        said = dict(zip(distinct, self._classify_folded(distinct), strict=True))
        return [said[text] for text in folded_texts]

    def _classify_folded(self, folded_texts: list[str]) -> list[Classification]:
        has_words = np.array([text != "" for text in folded_texts], dtype=bool)
        scores, agree = self._scores(folded_texts, has_words)
        rounded = np.round(scores, _N_DECIMALS)
        stands = rounded >= np.array([self.thresholds[label] for label in MODELLED_LABELS])
        stands &= stands[:, :1] & has_words[:, None]
        no_ad = np.round(1 - rounded[:, 0], _N_DECIMALS)
        by_label = np.insert(rounded, LABELS.index("geendrugsad"), no_ad, axis=1)
        return [
            {
                "labels": list(compress(MODELLED_LABELS, standing)) or ["geendrugsad"],
                "scores": dict(zip(LABELS, row, strict=True)),
                "models_agree": agrees,
            }
            for row, standing, agrees in zip(by_label.tolist(), stands.tolist(), agree.tolist(), strict=True)
        ]

    def _scores(
        self, folded_texts: list[str], has_words: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the probability of each label, shape (n_texts, n_labels), and where both models agree."""
        text_scores = self._text_scorer.scores(undecorate(folded_texts))
        of_screen = self._screen_scores(text_scores)
        scores = np.zeros((len(folded_texts), len(MODELLED_LABELS)))
        scores[has_words, 0] = self.screen.probabilities(of_screen[has_words])
        agree = np.ones(len(folded_texts), dtype=bool)
        (unsettled,) = np.nonzero(has_words & ~self._settled(of_screen))
        if len(unsettled):
            features = read_features([folded_texts[row] for row in unsettled.tolist()])
            rows = self._tree_rows(text_scores[unsettled], features)
            scores[unsettled], agree[unsettled] = self._look_closely(rows)
        return scores, agree

    def _screen_scores(self, text_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the screen says of texts whose words have these scores."""
        of_screen: NDArray[np.float64] = text_scores[:, -1] + self.screen.linear.intercepts[0]
        return of_screen

    def _settled(self, of_screen: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which texts are settled: none that a low threshold would make an ad of, unread."""
        score = np.round(self.screen.probabilities(of_screen), _N_DECIMALS)
        return self.screen.settles(of_screen) & (score < self.thresholds["drugsad"])

    def _tree_rows(self, text_scores: NDArray[np.float64], features: Features) -> TreeRows:
        """Return what the trees read of texts whose words have these scores."""
        of_skeletons = self._skeleton_scorer.scores(features.skeletons)
        return tree_features(text_scores[:, :-1] + of_skeletons + self.linear.intercepts, features.numbers)

    def _look_closely(self, rows: TreeRows) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the probability of each label by the trees, and where both models agree."""
        binary = predict(self.binary_trees, rows.binary)
        multilabel = predict(self.multilabel_trees["drugsad"], rows.multilabel)
        linear = probabilities(rows.binary[:, 0])
        threshold = self.thresholds["drugsad"]
        says_ad = self.calibration.apply_to_label(0, np.stack([binary, multilabel])) >= threshold
        scores = np.zeros((len(rows.binary), len(MODELLED_LABELS)))
        scores[:, 0] = self.calibration.apply_to_label(0, mean_opinion(binary, multilabel, linear))
        (worth,) = np.nonzero(scores[:, 0] >= min(_WORTH_SCORING, threshold))
        if len(worth):
            for column, label in list(enumerate(MODELLED_LABELS))[1:]:
                of_label = predict(self.multilabel_trees[label], rows.multilabel[worth])
                scores[worth, column] = self.calibration.apply_to_label(column, of_label)
        return scores, says_ad[0] == says_ad[1]
