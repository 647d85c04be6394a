"""Names of senders, chats and contacts, found wherever a text has them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from drugscan.privacy.ordinary import is_of_trade, is_ordinary
from drugscan.privacy.traces import Trace, plain_text, raw_places

# Vowels of Devanagari, Thai and others are marks, no letters. Those beyond 16 bits are of scripts that are
# hardly written any more, and would make each look for words take three times as long.
_MARKS = "".join(mark for mark in map(chr, range(0x10000)) if unicodedata.category(mark) in ("Mn", "Mc"))
_WORD = re.compile(rf"[\w{_MARKS}]+")
# A word that counts by itself has a letter more than "Jan", or an underscore; a number is as long as ids are.
_MIN_CHARACTERS, _MIN_LETTERS = 4, 3
_MIN_DIGITS = 7
_MAX_CHARACTERS = 64
# A character of Chinese, Japanese or Korean tells as much as two letters.
_SYLLABLE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
# Longer names are known by their beginning.
_MAX_WORDS = 8


class KnownNames:
    """Finds names in texts: case, accents, and the signs between words make no difference.

    A single word counts unless it is an ordinary word or a term of the trade, one of three letters where it
    has a capital; several words in a row do unless all are terms of the trade: a sender called "Coke", a chat
    called "Wiet Utrecht" hide nothing.

    Parameters
    ----------
    names : iterable of (str, str), optional
        Kind and name, as :meth:`drugscan.privacy.pseudonyms.Pseudonyms.value` takes them.

    Examples
    --------
    >>> known = KnownNames([("sender", "Jan Voorbeeldsen"), ("chat", "Coke Utrecht")])
    >>> [trace[:3] for trace in known.find("Coke Utrecht, vraag naar JAN VOORBEELDSEN")]
    [(25, 41, 'sender')]
    """

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        self._names: dict[str, tuple[str, str]] = {}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for kind, name in names:
            words = _WORD.findall(plain_text(name[: _MAX_WORDS * _MAX_CHARACTERS]))[:_MAX_WORDS]
            if _tells(words):
                self._names.setdefault(" ".join(words), (kind, name))
                lengths[words[0]].add(len(words))
        # How many words the names have that begin with a word, most first.
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str) -> list[Trace]:
        """Return the places of names in a text, in their order; of several at one place the longest."""
        plain = plain_text(text)
        words = _WORD.findall(plain)
        if self._lengths.keys().isdisjoint(words):
            return []
        spans = [match.span() for match in _WORD.finditer(plain)]
        place = raw_places(text)
        traces = []
        for first, word in enumerate(words):
            for n_words in self._lengths.get(word, ()):
                found = self._names.get(" ".join(words[first : first + n_words]))
                start, end = place(spans[first][0], spans[min(first + n_words, len(words)) - 1][1])
                if found and (n_words > 1 or not _is_short(word) or text[start].isupper()):
                    traces.append(Trace(start, end, *found))
                    break
        return traces


def _tells(words: list[str]) -> bool:
    """Return whether words tell a name from what any text may have."""
    n_syllables = len(_SYLLABLE.findall("".join(words)))
    letters = n_syllables + sum(character.isalpha() for word in words for character in word)
    if len(words) != 1:
        return letters >= _MIN_LETTERS and not is_of_trade(words)
    (word,) = words
    if word.isdecimal():
        return _MIN_DIGITS <= len(word) <= _MAX_CHARACTERS
    if _is_short(word):
        return not is_ordinary(word)
    if len(word) + n_syllables < _MIN_CHARACTERS or len(word) > _MAX_CHARACTERS:
        return False
    return "_" in word.strip("_") or (letters >= _MIN_LETTERS and not is_ordinary(word.lstrip("0123456789")))


def _is_short(word: str) -> bool:
    """Return whether a word is as long as "Bob": small letters may be an abbreviation."""
    return len(word) == _MIN_LETTERS and word.isalpha() and word.isascii()
