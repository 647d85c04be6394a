"""From what the models say to probabilities, and from which probability on a label stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPSILON = 1e-6
_N_BINS = 10
_THRESHOLDS = np.arange(0.20, 0.81, 0.01)
_MIN_EXAMPLES = 20
"""With fewer texts of a label on either side its scores are left as they are."""

_NEARLY = 0.002
"""What difference in F1 is chance: thresholds within it are as good as the best."""


class Calibration(NamedTuple):
    """How much surer than its scores a label may be: a factor on the log-odds of each.

    Temperature scaling (C. Guo et al., "On calibration of modern neural networks", ICML 2017): what is
    more likely than not stays so. A factor and an offset (Platt) served writers left out less well.

    Attributes
    ----------
    slopes : ndarray of float64, shape (n_labels,)
        1 leaves a score as it is.
    """

    slopes: NDArray[np.float64]

    def apply(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities, shape (n_texts, n_labels), of scores from 0 to 1 of that shape."""
        return probabilities(self.slopes * log_odds(scores))

    def apply_to_label(self, column: int, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities of one label, whatever the shape."""
        return probabilities(self.slopes[column] * log_odds(scores))


def fit_calibration(
    scores: NDArray[np.float64], targets: NDArray[np.int64], *, writers: Sequence[str]
) -> Calibration:
    """Learn how sure scores are, from texts that no model had seen when it gave them.

    Parameters
    ----------
    scores : ndarray of shape (n_texts, n_labels)
        From 0 to 1.
    targets : ndarray of shape (n_texts, n_labels)
        1 where a text has a label.
    writers : sequence of str
        Who wrote each text: each writer weighs the same, however much there is of one.

    Returns
    -------
    Calibration
        The identity for labels with too few examples.
    """
    from sklearn.linear_model import LogisticRegression

    counts = Counter(writers)
    weights = np.array([1 / counts[writer] for writer in writers])
    weights *= len(weights) / weights.sum()
    slopes = np.ones(targets.shape[1])
    for column, target in enumerate(targets.T):
        n_with = int(target.sum())
        if min(n_with, len(targets) - n_with) >= _MIN_EXAMPLES:
            line = LogisticRegression(C=1e6, fit_intercept=False)
            line.fit(log_odds(scores[:, [column]]), target, sample_weight=weights)
            # The last digits depend on how many threads add up: a model is the same wherever it is made.
            slopes[column] = round(line.coef_[0, 0], 6)
    return Calibration(slopes)


def choose_thresholds(scores: NDArray[np.float64], targets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return from which probability on each label stands.

    Parameters
    ----------
    scores : ndarray of shape (n_texts, n_labels)
        Calibrated probabilities, from texts that no model had seen; the first label is ``drugsad``.
    targets : ndarray of shape (n_texts, n_labels)
        1 where a text has a label.

    Returns
    -------
    ndarray of shape (n_labels,)
        0.5 for ``drugsad``: what is more likely an ad than not. Of the others, from .20 to .80, where the
        label's F1 is highest, and of thresholds that do nearly as well the one in their middle; 0.5 with
        too few examples.

    Examples
    --------
    >>> scores = np.array([[0.1, 0.1]] * 30 + [[0.4, 0.4]] * 30)
    >>> choose_thresholds(scores, np.array([[0, 0]] * 30 + [[1, 1]] * 30)).tolist()
    [0.5, 0.3]
    """
    chosen = [0.5]
    for of_label, target in zip(scores.T[1:], targets.T[1:], strict=True):
        n_with = int(target.sum())
        if min(n_with, len(target) - n_with) < _MIN_EXAMPLES:
            chosen.append(0.5)
            continue
        said = of_label[:, None] >= _THRESHOLDS
        f1 = 2 * (said & (target[:, None] == 1)).sum(axis=0) / (said.sum(axis=0) + n_with)
        good = _THRESHOLDS[f1 >= f1.max() - _NEARLY]
        chosen.append(round(float(np.median(good)), 2))
    return np.array(chosen)


def expected_calibration_error(probabilities: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    """Return how far probabilities are from the shares of texts that do have the label.

    Parameters
    ----------
    probabilities, targets : ndarray of shape (n_texts,)
        Of one label.

    Returns
    -------
    float
        The mean over texts, 0 to 1, by ten bins of equal width (M. P. Naeini et al., "Obtaining well
        calibrated probabilities using Bayesian binning", AAAI 2015).

    Examples
    --------
    >>> round(expected_calibration_error(np.array([0.9, 0.9]), np.array([1, 0])), 2)
    0.4
    """
    bins = reliability(probabilities, targets)
    return sum(abs(mean - share) * count for mean, share, count in bins) / max(len(targets), 1)


def reliability(
    probabilities: NDArray[np.float64], targets: NDArray[np.int64]
) -> list[tuple[float, float, int]]:
    """Return mean probability, share that has the label, and number of texts, for each bin that has any."""
    bins = np.minimum((np.asarray(probabilities) * _N_BINS).astype(int), _N_BINS - 1)
    return [
        (
            float(probabilities[bins == one].mean()),
            float(targets[bins == one].mean()),
            int((bins == one).sum()),
        )
        for one in np.unique(bins)
    ]


def probabilities(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities, 0 to 1, whose log-odds are given."""
    shares: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds))
    return shares


def log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds of scores from 0 to 1, none of them infinite."""
    clipped = np.clip(scores, _EPSILON, 1 - _EPSILON)
    odds: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return odds
