"""Words that are in no table: known names with a Dutch ending, misspelt ones, and ones with stars."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from drugscan.lexicon.loader import Entry, Lexicon

CONFIDENCE = {
    "none": 1.0,
    "weak": 0.9,
    "sign": 0.8,
    "strong": 0.7,
    "descriptor": 0.6,
    "party": 0.6,
    "never": 0.0,
}
"""How sure a form is by the context that it needs: an order, no calibrated probability."""

UNKNOWN_WORD = re.compile(r"(?<![\w*\x02])[a-z][a-z*]{3,24}(?![\w*\x02])")
"""A word that may be read, in what :func:`drugscan.lexicon.keys.words_only` returns."""

_INFLECTED, _MISSPELT = 0.95, 0.8
_ENDINGS = ("s", "je", "jes", "tje", "tjes", "en")
_MIN_STEM = 4
_MIN_MISSPELT = 6
_MIN_TWO_EDITS = 9


class Reading(NamedTuple):
    """What a word means that is in no table.

    Attributes
    ----------
    entry : Entry
        The row of the name that it is a form of.
    is_place : bool
        Whether that is a place's name; else it is a substance's.
    confidence : float
        How sure that is, from 0 to 1.
    """

    entry: Entry
    is_place: bool
    confidence: float


class UnknownWords:
    """Reads words by what a lexicon holds.

    Parameters
    ----------
    lexicon : Lexicon
        The tables.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> unknown = UnknownWords(load_lexicon())
    >>> unknown.read("kettamine").entry.value, unknown.read("ketamine")
    ('ketamine', None)
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._ordinary = lexicon.ordinary_words
        self._stems = {
            entry.key.strip("*"): entry for entry in lexicon.substances if entry.context in ("none", "weak")
        }
        self._known = {entry.key for entry in lexicon.cues}
        self._names: dict[str, tuple[Entry, bool]] = {}
        for table in (lexicon.places, lexicon.substances):
            for entry in table:
                key = entry.key.strip("*")
                self._known.add(key)
                if entry.context == "none" and len(key) >= _MIN_MISSPELT and key.isascii() and key.isalpha():
                    self._names[key] = (entry, table is lexicon.places)
        self._names_like = _names_by_shape(self._names)

    def read(self, word: str) -> Reading | None:
        """Return what a word means; None for a word of a table, an ordinary one, and any other."""
        if not UNKNOWN_WORD.fullmatch(word) or word in self._known or word in self._ordinary:
            return None
        if "*" in word:
            return self._read_masked(word)
        for ending in _ENDINGS:
            stem = word[: -len(ending)]
            if word.endswith(ending) and len(stem) >= _MIN_STEM and stem in self._stems:
                entry = self._stems[stem]
                return Reading(entry, False, CONFIDENCE[entry.context] * _INFLECTED)
        if len(word) < _MIN_MISSPELT:
            return None
        edits = 2 if len(word) >= _MIN_TWO_EDITS else 1
        names = self._names_like.get((word[0], len(word), edits), ())
        best = process.extractOne(word, names, scorer=OSA.distance, score_cutoff=edits)
        if best is None:
            return None
        name, distance, _ = best
        entry, is_place = self._names[name]
        if _is_derived(word, name) or (is_place and distance > 1):
            return None
        return Reading(entry, is_place, _MISSPELT / distance)

    def _read_masked(self, word: str) -> Reading | None:
        """Read "c*ke": the one substance of that length that differs at the stars only."""
        if word.count("*") * 2 > len(word):
            return None
        pattern = re.compile(word.replace("*", "[a-z]"))
        fitting = [entry for key, entry in self._stems.items() if pattern.fullmatch(key)]
        values = {entry.value for entry in fitting}
        return Reading(fitting[0], False, _MISSPELT) if len(values) == 1 else None


def _names_by_shape(names: Iterable[str]) -> dict[tuple[str, int, int], list[str]]:
    """Return the names that a misspelt word may be, by its first letter, its length, and its edits.

    The first letter is hardly ever wrong, and an edit changes the length by one at most: to compare with so
    few is many times faster.
    """
    found: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for name in names:
        for edits in (1, 2):
            for length in range(len(name) - edits, len(name) + edits + 1):
                found[name[0], length, edits].append(name)
    return dict(found)


def _is_derived(word: str, name: str) -> bool:
    """Tell "rotterdams", "twentse" and "haarlemmer" from misspelt names: they are words of their own."""
    common = 0
    for ours, theirs in zip(word, name, strict=False):
        if ours != theirs:
            break
        common += 1
    tail = word[common:]
    return len(word) > len(name) and common >= len(name) - 1 and tail in {
        "s", "se", "sen", "er", "ers", "ner", "mer", "aar", "aars", "ische", "de", "den", "en", "e", "n"
    }  # fmt: skip
