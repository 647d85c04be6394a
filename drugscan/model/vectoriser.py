"""TF-IDF of words, of pairs of words, and of characters within words.

scikit-learn's ``TfidfVectorizer`` finds the columns and how rare they are. What a text weighs in them is
ours: counts times inverse document frequency, over the square root of the sum of counts times the square
of that frequency. Where no column comes twice, this is the usual L2 norm; but unlike it, it is a sum over
a text's words, and so is a linear score, which :mod:`drugscan.model.linear` makes use of. A word that a
text repeats counts once: who strews a hundred flames over an ad hides none of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick
import numpy as np
from scipy import sparse

from drugscan.errors import InputError
from drugscan.text import PLACEHOLDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOKEN = r":[a-z_]+:|\w+|€"
"""An emoji's name, a word (a placeholder of a contact too), a euro sign."""

CHARACTER_NGRAMS = (2, 5)
"""Shortest and longest character n-gram."""

_NUMBER = re.compile(r"\d+")
_find_tokens = re.compile(_TOKEN).findall


def mask_numbers(text: str) -> str:
    """Replace each number by as many zeros, four at most: how large it is says enough.

    Examples
    --------
    >>> mask_numbers("1g €50, 25g €1.250, 06 12345678")
    '0g €00, 00g €0.000, 00 0000'
    """
    return _NUMBER.sub(lambda match: "0000"[: len(match[0])], text)


class Vocabulary(NamedTuple):
    """What the columns of a TF-IDF matrix stand for; the parts stand side by side in this order.

    Attributes
    ----------
    words : list of str
        Single tokens, sorted.
    pairs : list of (int, int)
        Two tokens in a row, as positions in ``words``, sorted.
    characters : list of str
        Character n-grams within words, sorted; a blank stands for a word's edge.
    idf : ndarray of shape (n_columns,)
        Inverse document frequency of each column, smoothed as scikit-learn does.
    """

    words: list[str]
    pairs: list[tuple[int, int]]
    characters: list[str]
    idf: NDArray[np.float64]

    def split(self, columns: NDArray[Any]) -> list[NDArray[Any]]:
        """Part what is said of each column: of words, of pairs, of characters."""
        edges = np.cumsum([len(self.words), len(self.pairs)])
        return np.split(columns, edges)

    def names(self) -> list[str]:
        """Return what each column stands for, for people; characters stand in quotes.

        Examples
        --------
        >>> fit_vocabulary(["coke 1g", "coke 5g"], with_characters=False).names()
        ['0g', 'coke', 'coke 0g']
        """
        pairs = [f"{self.words[first]} {self.words[second]}" for first, second in self.pairs]
        return [*self.words, *pairs, *(f"'{ngram}'" for ngram in self.characters)]


def fit_vocabulary(texts: Sequence[str], *, min_df: int = 2, with_characters: bool = True) -> Vocabulary:
    """Learn which words, pairs and character n-grams occur, and how rare they are.

    Parameters
    ----------
    texts : sequence of str
        Folded texts.
    min_df : int, default 2
        In how many texts something must occur to be kept.
    with_characters : bool, default True
        Learn character n-grams too.

    Returns
    -------
    Vocabulary
        The same for the same texts in any order.

    Raises
    ------
    InputError
        If no word, or no character n-gram, occurs in so many texts.

    Examples
    --------
    >>> fit_vocabulary(["coke 1g", "coke 5g", "wiet"], min_df=2).words
    ['0g', 'coke']
    >>> fit_vocabulary(["coke voorbeeld_x contact_handle :fire:"], min_df=1, with_characters=False).words
    [':fire:', 'coke', 'contact_handle']
    """
    masked = [mask_numbers(text) for text in texts]
    word_columns, word_idf = _fit(masked, min_df, token_pattern=_TOKEN, ngram_range=(1, 2))
    characters: list[str] = []
    character_idf = np.empty(0)
    if with_characters:
        characters, character_idf = _fit(masked, min_df, analyzer="char_wb", ngram_range=CHARACTER_NGRAMS)
    learnt = [column for column, term in enumerate(word_columns) if not any(map(_is_name, term.split(" ")))]
    single = [column for column in learnt if " " not in word_columns[column]]
    paired = [column for column in learnt if " " in word_columns[column]]
    words = [word_columns[column] for column in single]
    position = {word: index for index, word in enumerate(words)}
    pairs = {column: _positions(word_columns[column], position) for column in paired}
    paired.sort(key=pairs.__getitem__)
    idf = np.concatenate([word_idf[single], word_idf[paired], character_idf])
    return Vocabulary(words, [pairs[column] for column in paired], characters, idf)


def _is_name(token: str) -> bool:
    """Tell a name that no mask knew: a word with an underscore in it, but for placeholders and emoji."""
    return "_" in token and not token.startswith((PLACEHOLDER, ":"))


def _fit(texts: list[str], min_df: int, **options: Any) -> tuple[list[str], NDArray[np.float64]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        vectoriser = TfidfVectorizer(min_df=min_df, lowercase=False, **options).fit(texts)
    except ValueError as error:  # nothing is left: its one complaint about texts and options like these
        raise InputError(
            "the messages have too few words in common to learn from", hint="give more messages"
        ) from error
    return vectoriser.get_feature_names_out().tolist(), vectoriser.idf_


def _positions(pair: str, position: dict[str, int]) -> tuple[int, int]:
    first, second = pair.split(" ")
    return position[first], position[second]


class Vectoriser:
    """Turns folded texts into TF-IDF rows.

    Parameters
    ----------
    vocabulary : Vocabulary
        What the columns stand for.

    Examples
    --------
    >>> vectoriser = Vectoriser(fit_vocabulary(["coke 1g", "coke 5g", "wiet 5g"]))
    >>> vectoriser.transform(["coke 2g", "hallo"]).shape[0]
    2
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._token_ids = {word: index for index, word in enumerate(vocabulary.words)}
        self._ngram_finder = ahocorasick.Automaton()
        for index, ngram in enumerate(vocabulary.characters):
            self._ngram_finder.add_word(ngram, index)
        self._ngram_finder.make_automaton()
        pairs = np.array(vocabulary.pairs, dtype=np.int64).reshape(-1, 2)
        keys = pairs[:, 0] * len(vocabulary.words) + pairs[:, 1]
        self._pair_keys = np.append(keys, np.iinfo(np.int64).max)  # so that each search ends at a key

    def tokens(self, word: str) -> list[int]:
        """Return the tokens of what stands between two blanks, -1 for each that is no column."""
        return [self._token_ids.get(token, -1) for token in _find_tokens(word)]

    def ngrams(self, word: str) -> list[int]:
        """Return the character n-grams of a word that are columns, each as often as it occurs."""
        # A word's edges are blanks, as char_wb has them.
        found = self._ngram_finder.iter(f" {word} ") if self.vocabulary.characters else ()
        return [number for _, number in found]

    def pairs(self, tokens: Ragged) -> Ragged:
        """Return the pairs of neighbours within each text that are columns.

        Parameters
        ----------
        tokens : Ragged
            Each text's tokens, see :meth:`tokens`.
        """
        first, second = tokens.values[:-1], tokens.values[1:]
        starts = tokens.starts
        found = (first >= 0) & (second >= 0)
        found[starts[(starts > 0) & (starts < len(tokens.values))] - 1] = False
        keys = first[found] * len(self.vocabulary.words) + second[found]
        columns = np.searchsorted(self._pair_keys, keys)
        is_column = self._pair_keys[columns] == keys
        found[found] = is_column
        n_before = np.concatenate([[0], np.cumsum(found)])
        return Ragged(columns[is_column], n_before[np.minimum(starts, len(found))])

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row a text: TF-IDF of its words and pairs, then of its characters.

        Parameters
        ----------
        texts : sequence of str
            Folded texts.

        Returns
        -------
        csr_matrix of shape (n_texts, n_columns)
            A row does not depend on the other texts. Indices are not sorted.
        """
        words = [[mask_numbers(word) for word in text.split()] for text in texts]
        distinct = [dict.fromkeys(of_text) for of_text in words]
        tokens = ragged([token for word in of_text for token in self.tokens(word)] for of_text in distinct)
        ngrams = ragged([ngram for word in of_text for ngram in self.ngrams(word)] for of_text in distinct)
        in_order = ragged([token for word in of_text for token in self.tokens(word)] for of_text in words)
        parts = (tokens.known(), self.pairs(in_order), ngrams)
        blocks = [
            part.counts(n_columns=len(idf))
            for part, idf in zip(parts, self.vocabulary.split(self.vocabulary.idf), strict=True)
        ]
        in_words, in_characters = sparse.hstack(blocks[:2], format="csr"), blocks[2]
        n_before = len(self.vocabulary.words) + len(self.vocabulary.pairs)
        _weigh(in_words, self.vocabulary.idf[:n_before])
        _weigh(in_characters, self.vocabulary.idf[n_before:])
        return sparse.hstack([in_words, in_characters], format="csr")


class Ragged(NamedTuple):
    """A list of numbers for each of some things, one after the other in one array.

    Attributes
    ----------
    values : ndarray of int64
        All numbers.
    starts : ndarray of int64, shape (n_things + 1,)
        Where each list begins, and where the last one ends.
    """

    values: NDArray[np.int64]
    starts: NDArray[np.int64]

    def known(self) -> Ragged:
        """Return the lists without the numbers below 0."""
        is_known = self.values >= 0
        return Ragged(self.values[is_known], np.concatenate([[0], np.cumsum(is_known)])[self.starts])

    def counts(self, *, n_columns: int) -> sparse.csr_matrix:
        """Return how often each number occurs in each list, shape (n_things, n_columns)."""
        shape = (len(self.starts) - 1, n_columns)
        counts = sparse.csr_matrix((np.ones(len(self.values)), self.values, self.starts), shape=shape)
        counts.sum_duplicates()
        return counts


def ragged(lists: Iterable[Iterable[int]]) -> Ragged:
    """Put lists one after the other.

    Examples
    --------
    >>> ragged([[5, 6], [], [7]]).starts.tolist()
    [0, 2, 2, 3]
    """
    whole = list(map(list, lists))
    starts = np.zeros(len(whole) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, whole), np.int64, len(whole)), out=starts[1:])
    return Ragged(np.fromiter(chain.from_iterable(whole), np.int64, int(starts[-1])), starts)


def _weigh(counts: sparse.csr_matrix, idf: NDArray[np.float64]) -> None:
    """Turn counts into TF-IDF, in place."""
    n_texts = counts.shape[0]
    rows = np.repeat(np.arange(n_texts), np.diff(counts.indptr))
    weights = counts.data * idf[counts.indices]
    lengths = np.sqrt(np.bincount(rows, weights * idf[counts.indices], minlength=n_texts))
    counts.data = weights / lengths[rows]
