"""All that a model reads of a text; one way for training and for classifying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from drugscan.model.findings import COUNTS, find, undecorate
from drugscan.model.shape import SHAPE_FEATURES, shape
from drugscan.model.vectoriser import Vectoriser, fit_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBERS = (*SHAPE_FEATURES, *COUNTS)
"""Names of the columns of :attr:`Features.numbers`."""


class Features(NamedTuple):
    """What is known of some texts before any model.

    Attributes
    ----------
    texts : list of str
        As :func:`drugscan.model.findings.undecorate` gives them.
    skeletons : list of str
        As :func:`drugscan.model.findings.find` gives them.
    numbers : ndarray of shape (n_texts, len(NUMBERS))
        The shape of each text and what the lexicons count in it.
    """

    texts: list[str]
    skeletons: list[str]
    numbers: NDArray[np.float64]


def read_features(folded_texts: Sequence[str]) -> Features:
    """Read texts.

    Parameters
    ----------
    folded_texts : sequence of str
        Folded texts.

    Returns
    -------
    Features
        What is said of a text does not depend on the other texts.

    Examples
    --------
    >>> read_features(["coke 1g €50", "hallo"]).numbers.shape == (2, len(NUMBERS))
    True
    """
    found = find(folded_texts)
    numbers = np.hstack([shape(folded_texts), found.counts])
    return Features(undecorate(folded_texts), found.skeletons, numbers)


class Vectorisers(NamedTuple):
    """TF-IDF of the words of texts, and of their skeletons, side by side.

    Attributes
    ----------
    texts : Vectoriser
        Words, pairs of words and characters of texts.
    skeletons : Vectoriser
        Words and pairs of words of skeletons.
    """

    texts: Vectoriser
    skeletons: Vectoriser

    def transform(self, features: Features) -> sparse.csr_matrix:
        """Return one row a text."""
        return sparse.hstack(
            [self.texts.transform(features.texts), self.skeletons.transform(features.skeletons)],
            format="csr",
        )

    def column_names(self) -> list[str]:
        """Return what each column stands for, for people."""
        return [*self.texts.vocabulary.names(), *self.skeletons.vocabulary.names()]


def fit_vectorisers(features: Features, *, min_df: int) -> Vectorisers:
    """Learn what the columns stand for: what occurs in at least ``min_df`` texts."""
    return Vectorisers(
        Vectoriser(fit_vocabulary(features.texts, min_df=min_df)),
        Vectoriser(fit_vocabulary(features.skeletons, min_df=min_df, with_characters=False)),
    )
