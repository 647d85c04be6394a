"""TF-IDF of words and of characters within words, computed once per distinct word.

The numbers are those of two of scikit-learn's ``TfidfVectorizer`` side by side (words and pairs of
words; ``char_wb`` n-grams), which also do the fitting. Transforming is ours: messages repeat their
words, so whatever can be said of a word alone (its tokens and its character n-grams) is looked up
once, and a text is the sum of its words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick
import numpy as np
from scipy import sparse

from drugscan.text import OncePerWord

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOKEN = r":[a-z_]+:|\w+|€"
"""An emoji's name, a word (a placeholder of a contact too), a euro sign."""

CHARACTER_NGRAMS = (2, 5)
"""Shortest and longest character n-gram."""

_MAX_REMEMBERED_WORDS = 500_000
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

    Examples
    --------
    >>> fit_vocabulary(["coke 1g", "coke 5g", "wiet"], min_df=2).words
    ['0g', 'coke']
    """
    masked = [mask_numbers(text) for text in texts]
    word_columns, word_idf = _fit(masked, min_df, token_pattern=_TOKEN, ngram_range=(1, 2))
    characters: list[str] = []
    character_idf = np.empty(0)
    if with_characters:
        characters, character_idf = _fit(masked, min_df, analyzer="char_wb", ngram_range=CHARACTER_NGRAMS)
    single = [column for column, term in enumerate(word_columns) if " " not in term]
    paired = [column for column, term in enumerate(word_columns) if " " in term]
    words = [word_columns[column] for column in single]
    position = {word: index for index, word in enumerate(words)}
    pairs = {column: _positions(word_columns[column], position) for column in paired}
    paired.sort(key=pairs.__getitem__)
    idf = np.concatenate([word_idf[single], word_idf[paired], character_idf])
    return Vocabulary(words, [pairs[column] for column in paired], characters, idf)


def _fit(texts: list[str], min_df: int, **options: Any) -> tuple[list[str], NDArray[np.float64]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(min_df=min_df, lowercase=False, sublinear_tf=True, **options).fit(texts)
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
        n_words = len(vocabulary.words)
        self._token_ids = {word: index for index, word in enumerate(vocabulary.words)}
        self._ngram_finder = ahocorasick.Automaton()
        for index, ngram in enumerate(vocabulary.characters):
            self._ngram_finder.add_word(ngram, index)
        self._ngram_finder.make_automaton()
        pairs = np.array(vocabulary.pairs, dtype=np.int64).reshape(-1, 2)
        self._pair_keys = pairs[:, 0] * n_words + pairs[:, 1]
        edges = np.cumsum([n_words, len(pairs), len(vocabulary.characters)])
        self._idf = np.split(vocabulary.idf, edges[:-1])
        self._forget()

    def _forget(self) -> None:
        self._numbers = OncePerWord(self._number_of)
        self._known: dict[str, int] = {}
        self._tokens = _Ragged()
        self._ngrams = _Ragged()

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row a text: L2-normalised TF-IDF of its words, then of its characters.

        Parameters
        ----------
        texts : sequence of str
            Folded texts.

        Returns
        -------
        csr_matrix of shape (n_texts, n_columns)
            A row does not depend on the other texts. Indices are not sorted.
        """
        if len(self._known) > _MAX_REMEMBERED_WORDS:
            self._forget()
        words, starts = self._look_up(texts)
        tokens, token_starts = self._tokens.gather(words, starts)
        pairs, pair_starts = self._pairs(tokens, token_starts)
        is_known = tokens >= 0
        known_starts = np.concatenate([[0], np.cumsum(is_known)])[token_starts]
        blocks = [
            _count(tokens[is_known], known_starts, len(self._idf[0])),
            _count(pairs, pair_starts, len(self._idf[1])),
            self._count_ngrams(words, starts),
        ]
        for block, idf in zip(blocks, self._idf, strict=True):
            block.data = (1 + np.log(block.data)) * idf[block.indices]
        word_length = np.sqrt(_squares(blocks[0]) + _squares(blocks[1]))
        for block, length in zip(
            blocks, (word_length, word_length, np.sqrt(_squares(blocks[2]))), strict=True
        ):
            block.data /= np.repeat(length, np.diff(block.indptr))
        return sparse.hstack(blocks, format="csr")

    def _look_up(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the numbers of all words of all texts in a row, and where each text begins."""
        number_of = self._numbers.__getitem__
        numbers = array("q")
        starts = array("q", [0])
        for text in texts:
            numbers.extend(map(number_of, text.split()))
            starts.append(len(numbers))
        return np.frombuffer(numbers, dtype=np.int64), np.frombuffer(starts, dtype=np.int64)

    def _number_of(self, word: str) -> int:
        """Return the number of a word with its numbers masked."""
        masked = mask_numbers(word)
        number = self._known.get(masked)
        return self._learn(masked) if number is None else number

    def _learn(self, word: str) -> int:
        """Note a word's tokens (-1 for one unknown to the vocabulary) and its known n-grams."""
        self._tokens.append([self._token_ids.get(token, -1) for token in _find_tokens(word)])
        # A word's edges are blanks, as char_wb has them.
        found = self._ngram_finder.iter(f" {word} ") if self.vocabulary.characters else ()
        self._ngrams.append([number for _, number in found])
        number = len(self._known)
        self._known[word] = number
        return number

    def _count_ngrams(self, words: NDArray[np.int64], starts: NDArray[np.int64]) -> sparse.csr_matrix:
        """Count the n-grams of each text: those of its words, added up."""
        distinct, positions = np.unique(words, return_inverse=True)
        columns, edges = self._ngrams.gather(distinct, np.arange(len(distinct) + 1))
        of_words = _count(columns, edges, len(self.vocabulary.characters))
        shape = (len(starts) - 1, len(distinct))
        return sparse.csr_matrix((np.ones(len(words)), positions, starts), shape=shape) @ of_words

    def _pairs(
        self, tokens: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the known pairs of neighbours within each text."""
        first, second = tokens[:-1], tokens[1:]
        keys = first * len(self.vocabulary.words) + second
        columns = np.searchsorted(self._pair_keys, keys)
        found = (first >= 0) & (second >= 0) & (columns < len(self._pair_keys))
        found[starts[(starts > 0) & (starts < len(tokens))] - 1] = False
        found[found] = self._pair_keys[columns[found]] == keys[found]
        n_before = np.concatenate([[0], np.cumsum(found)])
        return columns[found], n_before[np.minimum(starts, len(found))]


class _Ragged:
    """Lists of numbers, one after the other in one array."""

    def __init__(self) -> None:
        self.values = array("q")
        self.edges = array("q", [0])

    def append(self, values: list[int]) -> None:
        self.values.extend(values)
        self.edges.append(len(self.values))

    def gather(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the given rows' values in a row; ``starts`` into rows become starts into values."""
        edges = np.frombuffer(self.edges, dtype=np.int64)
        values = np.frombuffer(self.values, dtype=np.int64) if self.values else np.empty(0, np.int64)
        lengths = edges[rows + 1] - edges[rows]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        positions = np.arange(ends[-1]) + np.repeat(edges[rows] - ends[:-1], lengths)
        return values[positions], ends[starts]


def _count(columns: NDArray[np.int64], starts: NDArray[np.int64], n_columns: int) -> sparse.csr_matrix:
    """Count equal columns within each row."""
    block = sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(starts) - 1, n_columns))
    block.sum_duplicates()
    return block


def _squares(block: sparse.csr_matrix) -> NDArray[np.float64]:
    rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    return np.asarray(np.bincount(rows, block.data**2, minlength=block.shape[0]), dtype=np.float64)
