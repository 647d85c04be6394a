"""The screen: a quick look that settles most ordinary texts, so that only the others are read closely.

The first stage of a cascade (P. Viola and M. Jones, "Rapid object detection using a boosted cascade of
simple features", CVPR 2001): a linear model over a text's words and characters alone, cheap beside the
lexicons, the grammar and the trees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.model.calibration import Calibration, probabilities
from drugscan.model.linear import LinearModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOST_ADS = 0.002
"""Share of the ads that a close look finds which the screen may take for ordinary texts."""

_MIN_ADS = 1_000
"""With fewer of them that share cannot be told, and every text is read closely."""


class Screen(NamedTuple):
    """A linear model of ``drugsad``, and below which score a text is no ad.

    Attributes
    ----------
    linear : LinearModel
        Of one score, over the columns of :attr:`drugscan.model.features.Vectorisers.texts`.
    threshold : float
        A text that scores less is settled; minus infinity settles none.
    calibration : Calibration
        From scores, brought between 0 and 1, to probabilities.
    """

    linear: LinearModel
    threshold: float
    calibration: Calibration

    def settles(self, scores: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of the texts with these scores are no ads."""
        return scores < self.threshold

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how likely texts with these scores are ads."""
        return self.calibration.apply_to_label(0, probabilities(scores))


def choose_threshold(scores: NDArray[np.float64]) -> float:
    """Return below which score a text is settled.

    Parameters
    ----------
    scores : ndarray of shape (n_ads,)
        What the screen says of the ads that a close look finds, none of whose writers it had seen.

    Returns
    -------
    float
        :data:`LOST_ADS` of the ads score less; minus infinity with too few ads.

    Examples
    --------
    >>> choose_threshold(np.arange(1000.0)), choose_threshold(np.arange(10.0))
    (2.0, -inf)
    """
    if len(scores) < _MIN_ADS:
        return -np.inf
    return float(np.sort(scores)[int(LOST_ADS * len(scores))])
