"""Linear models over TF-IDF, and the scores they give without making TF-IDF rows.

Messages repeat their words, so what a word adds to the scores is worked out once: a text's score is a sum
over a table of words, and over another of the pairs of words in it, divided by what the text weighs.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from drugscan.model.vectoriser import Ragged, Vectoriser, mask_numbers, ragged
from drugscan.text import OncePerWord

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_KNOWN_WORDS = 300_000
"""With more of them all are forgotten: at ten scores a word, 60 MB."""


class LinearModel(NamedTuple):
    """Linear scores over the columns of vectorisers.

    Attributes
    ----------
    coefficients : ndarray of float32, shape (n_columns, n_scores)
        What each column adds to each score.
    intercepts : ndarray of float32, shape (n_scores,)
        What an empty row scores.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return the distances from the decision's border, shape (n_texts, n_scores)."""
        distances: NDArray[np.float64] = rows @ self.coefficients + self.intercepts
        return distances


class Scorer:
    """Linear models over the columns of a vectoriser.

    Parameters
    ----------
    vectoriser : Vectoriser
        Whose rows are scored.
    coefficients : ndarray of shape (n_columns, n_scores)
        What each column adds to each score.

    Examples
    --------
    >>> from drugscan.model.vectoriser import fit_vocabulary
    >>> vectoriser = Vectoriser(fit_vocabulary(["coke 1g", "coke 5g", "wiet 5g"]))
    >>> coefficients = np.ones((len(vectoriser.vocabulary.idf), 1))
    >>> scores = Scorer(vectoriser, coefficients).scores(["coke 2g", "hallo"])
    >>> bool(np.allclose(scores, vectoriser.transform(["coke 2g", "hallo"]) @ coefficients))
    True
    """

    def __init__(self, vectoriser: Vectoriser, coefficients: NDArray[np.floating]) -> None:
        self._vectoriser = vectoriser
        # Beside what a column adds stands the square that it adds to the text's length.
        idf = vectoriser.vocabulary.idf[:, None]
        self._of_tokens, self._of_pairs, self._of_ngrams = vectoriser.vocabulary.split(
            np.hstack([idf * coefficients, idf**2])
        )
        self._n_sums = self._of_pairs.shape[1]
        self._lock = Lock()  # of what is learnt, as calls from several threads share it
        self._forget()

    def _forget(self) -> None:
        self._numbers = OncePerWord(self._number_of)
        self._known: dict[str, int] = {}
        self._new: list[str] = []
        self._tokens = array("q")
        self._token_starts = array("q", [0])
        self._sums = array("d")

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the columns of each text add up to.

        Parameters
        ----------
        texts : sequence of str
            Folded texts.

        Returns
        -------
        ndarray of shape (n_texts, n_scores)
            The same as ``vectoriser.transform(texts) @ coefficients``, but for the last digits. What is
            said of a text does not depend on the other texts.
        """
        with self._lock:
            try:
                of_texts = self._of_texts(texts)
            except BaseException:  # an interrupt may have come between a word's number and its sums
                self._forget()
                raise
        return _over_length(of_texts[:, : self._n_sums]) + _over_length(of_texts[:, self._n_sums :])

    def _of_texts(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the columns of each text add up to, and the squares of its length."""
        if len(self._known) > _MAX_KNOWN_WORDS:
            self._forget()
        words = [list(map(self._numbers.__getitem__, text.split())) for text in texts]
        self._learn()
        of_words = np.frombuffer(self._sums).reshape(-1, 2 * self._n_sums)
        of_texts = _add_up(ragged(map(dict.fromkeys, words)), of_words)
        of_texts[:, : self._n_sums] += _add_up(self._pairs(ragged(words)), self._of_pairs)
        return of_texts

    def _number_of(self, word: str) -> int:
        """Return the number of a word with its numbers masked; a new one is learnt later."""
        masked = mask_numbers(word)
        number = self._known.get(masked)
        if number is None:
            number = self._known[masked] = len(self._known)
            self._new.append(masked)
        return number

    def _learn(self) -> None:
        """Note the tokens of the new words, and what tokens and n-grams add."""
        tokens = ragged(map(self._vectoriser.tokens, self._new))
        ngrams = ragged(map(self._vectoriser.ngrams, self._new))
        self._new.clear()
        sums = np.hstack([_add_up(tokens.known(), self._of_tokens), _add_up(ngrams, self._of_ngrams)])
        self._sums.frombytes(sums.tobytes())
        self._token_starts.extend((tokens.starts[1:] + len(self._tokens)).tolist())
        self._tokens.extend(tokens.values.tolist())

    def _pairs(self, words: Ragged) -> Ragged:
        """Return the known pairs of neighbours in each text."""
        edges = np.frombuffer(self._token_starts, dtype=np.int64)
        values = np.frombuffer(self._tokens, dtype=np.int64) if self._tokens else np.empty(0, np.int64)
        lengths = edges[words.values + 1] - edges[words.values]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        positions = np.arange(ends[-1]) + np.repeat(edges[words.values] - ends[:-1], lengths)
        return self._vectoriser.pairs(Ragged(values[positions], ends[words.starts]))


def _add_up(lists: Ragged, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of the table's rows that each list names."""
    shape = (len(lists.starts) - 1, len(table))
    chosen = sparse.csr_matrix((np.ones(len(lists.values)), lists.values, lists.starts), shape=shape)
    sums: NDArray[np.float64] = chosen @ table
    return sums


def _over_length(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide sums by the length whose square stands in the last column; what has none is 0."""
    squares = sums[:, -1:]
    return sums[:, :-1] / np.sqrt(np.where(squares > 0, squares, 1))
