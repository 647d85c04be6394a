"""Work once per distinct text and word: both repeat thousands of times, and so would the work."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar, cast

import xxhash

from drugscan.engines.local import one_ahead
from drugscan.errors import SettingsError

Result = TypeVar("Result")
Tag = TypeVar("Tag")
FunctionOfText = TypeVar("FunctionOfText", bound=Callable[..., object])

_FEWEST_TEXTS, _MOST_TEXTS = 500, 2_000
"""What a process gets at once: the more, the longer a stage keeps what it needs in the processor's cache."""

_CHUNKS_A_JOB = 4
"""Not fewer, as ads take ten times as long as other texts: each chunk goes to whoever is free."""

_MIN_TEXTS = 1_000
"""Fewer texts are done before a process has been asked."""

_WORTH_WAITING = 8_000
"""Fewer texts come back before the next batch is read: they may have come through a pipe, one by one."""

_MAX_WORD_LENGTH = 40
"""Longer words hardly come again."""

_RECENT_TEXTS = 2_048
"""A chunk of a scan: the model, extraction and sketches ask for the same text, a chunk apart."""

_MAX_RECENT_LENGTH = 1_024
"""In characters. Most texts are shorter; two thousand long ones would take gigabytes."""


def several(texts: Iterable[Any]) -> Iterator[str]:
    """Return texts as strings, a missing one as an empty text: None, NaN, pandas' NA.

    Parameters
    ----------
    texts : list of str, pandas Series, pyarrow array or any iterable
        Several texts: a single one would be taken for its letters.

    Raises
    ------
    TypeError
        If it is one text.
    SettingsError
        If something among them is no text; as they are read.

    Examples
    --------
    >>> list(several(["coke", None]))
    ['coke', '']
    >>> several("coke")
    Traceback (most recent call last):
    TypeError: give a list of texts, not one text
    """
    if isinstance(texts, (str, bytes)):
        raise TypeError("give a list of texts, not one text")
    values = texts.to_pylist() if hasattr(texts, "to_pylist") else texts
    return (
        value if isinstance(value, str) else _text_of_other(number, value)
        for number, value in enumerate(values)
    )


def _text_of_other(number: int, value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or repr(value) == "<NA>":
        return ""
    raise SettingsError(f"text {number} is {value!r}, of type {type(value).__name__}", hint="give strings")


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Tag, Result]):
    """Texts by their keys, and where the results are: what is forgotten meanwhile is at hand all the same."""

    tag: Tag
    keys: list[bytes]
    remembered: dict[bytes, Result]
    under_way: dict[bytes, Result]  # of the batch before
    computed: dict[bytes, Result]  # in time

    def result(self, key: bytes) -> Result:
        """Return what a text's result is, once those of the batch before and its own are computed."""
        for results in (self.computed, self.remembered):
            if key in results:
                return results[key]
        return self.under_way[key]


class OncePerText(Generic[Result]):
    """A function from texts to results, called once for each distinct text.

    Parameters
    ----------
    function : callable
        Takes a list of texts and returns as many results in that order; a result must depend on
        its own text alone. With several jobs it must be a function that other processes can import,
        or a :func:`functools.partial` of one.
    jobs : int, default 1
        How many processes work at once; changes no result.
    max_remembered : int, default 200_000
        How many results are remembered; past that, the oldest half is forgotten.

    Attributes
    ----------
    n_computed : int
        How many texts the function was called for.
    has_forgotten : bool
        Whether a text may have been computed twice.

    Examples
    --------
    >>> length = OncePerText(lambda texts: [len(text) for text in texts])
    >>> length(["coke", "wiet!", "coke"]), length.n_computed
    ([4, 5, 4], 2)
    """

    def __init__(
        self,
        function: Callable[[list[str]], list[Result]],
        *,
        jobs: int = 1,
        max_remembered: int = 200_000,
    ) -> None:
        self.n_computed = 0
        self.has_forgotten = False
        self._function = function
        self._jobs = jobs
        self._max_remembered = max_remembered
        self._remembered: dict[bytes, Result] = {}

    def __call__(self, texts: Sequence[str]) -> list[Result]:
        """Return the results for texts, in their order; equal texts share one result."""
        ((_, results),) = self.stream([(None, texts)])
        return results

    def stream(self, batches: Iterable[tuple[Tag, Sequence[str]]]) -> Iterator[tuple[Tag, list[Result]]]:
        """Call for batch after batch: while a large one is dealt with, the next is read and worked on.

        Parameters
        ----------
        batches : iterable of (tag, sequence of str)
            Something to know a batch by, and its texts.

        Yields
        ------
        tag, list
            Of each batch, in order, the results for its texts, in their order.

        Examples
        --------
        >>> length = OncePerText(lambda texts: [len(text) for text in texts])
        >>> list(length.stream([("a", ["coke", "wiet!"]), ("b", ["coke"])])), length.n_computed
        ([('a', [4, 5]), ('b', [4])], 2)
        """
        asked = self._asked(batches)
        for batch, results in one_ahead(
            self._function, asked, jobs=self._jobs, may_wait=self._is_worth_waiting
        ):
            new = [result for chunk in results for result in chunk]
            batch.computed.update(zip(batch.computed, new, strict=True))
            self.n_computed += len(new)
            self._remembered.update(batch.computed)
            self._forget()
            yield batch.tag, [batch.result(key) for key in batch.keys]

    def _asked(
        self, batches: Iterable[tuple[Tag, Sequence[str]]]
    ) -> Iterator[tuple[_Batch[Tag, Result], list[list[str]]]]:
        """Yield each batch with what is to be computed for it: neither remembered nor under way."""
        digest, under_way = xxhash.xxh3_128_digest, dict[bytes, Result]()
        for tag, texts in batches:
            keys = [digest(text.encode("utf-8", "surrogatepass")) for text in texts]
            remembered = {key: self._remembered[key] for key in keys if key in self._remembered}
            unseen = {
                key: text
                for key, text in zip(keys, texts, strict=True)
                if key not in remembered and key not in under_way
            }
            computed = cast("dict[bytes, Result]", dict.fromkeys(unseen))
            yield _Batch(tag, keys, remembered, under_way, computed), self._chunks(list(unseen.values()))
            under_way = computed

    def _is_worth_waiting(self, batch: _Batch[Any, Result]) -> bool:
        return self._jobs > 1 and len(batch.computed) >= _WORTH_WAITING

    def _chunks(self, texts: list[str]) -> list[list[str]]:
        if self._jobs == 1 or len(texts) < _MIN_TEXTS:
            return [texts] if texts else []
        size = min(max(len(texts) // (_CHUNKS_A_JOB * self._jobs), _FEWEST_TEXTS), _MOST_TEXTS)
        return [texts[start : start + size] for start in range(0, len(texts), size)]

    def _forget(self) -> None:
        excess = len(self._remembered) - self._max_remembered
        if excess > 0:
            self.has_forgotten = True
            for key in list(self._remembered)[: excess + self._max_remembered // 2]:
                del self._remembered[key]


class OncePerWord(dict[str, Result]):
    """A function of words that remembers its answers, in the shape of a dictionary.

    ``map(once.__getitem__, words)`` looks many words up in little time.

    Parameters
    ----------
    function : callable
        Takes a word; the result must depend on it alone.
    max_remembered : int, default 100_000
        How many results are remembered; past that, all are forgotten.

    Examples
    --------
    >>> lengths = OncePerWord(len)
    >>> list(map(lengths.__getitem__, ["coke", "wiet!", "coke"])), len(lengths)
    ([4, 5, 4], 2)
    """

    def __init__(self, function: Callable[[str], Result], *, max_remembered: int = 100_000) -> None:
        super().__init__()
        self._function = function
        self._max_remembered = max_remembered

    def __missing__(self, word: str) -> Result:
        """Work a word out that is not remembered."""
        result = self._function(word)
        if len(word) <= _MAX_WORD_LENGTH:
            if len(self) >= self._max_remembered:
                self.clear()
            self[word] = result
        return result


def once_per_recent_text(function: FunctionOfText) -> FunctionOfText:
    """Return a function that remembers what it said of the last texts, of long ones of the last alone.

    The text is its first argument, by position as are the others.

    Examples
    --------
    >>> calls = []
    >>> length = once_per_recent_text(lambda text: calls.append(text) or len(text))
    >>> length("coke"), length("wiet!"), length("coke"), calls
    (4, 5, 4, ['coke', 'wiet!'])
    """
    short = lru_cache(maxsize=_RECENT_TEXTS)(function)
    long = lru_cache(maxsize=1)(function)

    @wraps(function)
    def recall(text: str, *others: Hashable) -> object:
        return (short if len(text) <= _MAX_RECENT_LENGTH else long)(text, *others)

    return cast("FunctionOfText", recall)


def split_words(text: str) -> list[str]:
    r"""Return what stands between single blanks; each line's end is a word of its own.

    Examples
    --------
    >>> split_words("coke 50\nwiet")
    ['coke', '50', '\n', 'wiet']
    """
    return text.replace("\n", " \n ").split(" ")
