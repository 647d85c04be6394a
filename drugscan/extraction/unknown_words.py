"""Words that are in no table: known names with a Dutch ending, misspelt ones, and ones with stars."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
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
    "alone": 0.5,
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
    >>> unknown.read("kwetamine").entry.value, unknown.read("ketamine")
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
        self._one_letter_less = _by_one_letter_less(self._names)
        self._places = _by_length(name for name, (_, is_place) in self._names.items() if is_place)
        self._substances = _by_length(name for name, (_, is_place) in self._names.items() if not is_place)

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
        nearest = self.nearest_name(word)
        if nearest is None or _is_derived(word, nearest[1]):
            return None
        edits, name = nearest
        entry, is_place = self._names[name]
        return Reading(entry, is_place, _MISSPELT / edits)

    def nearest_name(self, word: str) -> tuple[int, str] | None:
        """Return the name that a word misspells, and by how many edits: one, or for long substances two.

        Examples
        --------
        >>> from drugscan.lexicon import load_lexicon
        >>> UnknownWords(load_lexicon()).nearest_name("bromazolahmm")
        (2, 'bromazolam')
        """
        name = self._one_edit_away(word)
        if name is not None:
            return 1, name
        name = self._two_edits_away(word) if len(word) >= _MIN_TWO_EDITS else None
        return None if name is None else (2, name)

    def _one_edit_away(self, word: str) -> str | None:
        """Return the name that differs by one letter, or by two that changed places; rather a place's."""
        names = self._one_letter_less
        alike = {name for key in _one_letter_less(word) for name in names.get(key, ())}
        near = [name for name in alike if OSA.distance(word, name) == 1]
        return min(near, key=lambda name: (not self._names[name][1], name), default=None)

    def _two_edits_away(self, word: str) -> str | None:
        """Return the substance's name that differs so far, if no place's name does; those are too many."""
        shape = (word[0], len(word))
        near = partial(process.extractOne, word, scorer=OSA.distance, score_cutoff=2)
        best = near(self._substances.get(shape, ()))
        return None if best is None or near(self._places.get(shape, ())) else best[0]

    def _read_masked(self, word: str) -> Reading | None:
        """Read "c*ke": the one substance of that length that differs at the stars only."""
        if word.count("*") * 2 > len(word):
            return None
        pattern = re.compile(word.replace("*", "[a-z]"))
        fitting = [entry for key, entry in self._stems.items() if pattern.fullmatch(key)]
        values = {entry.value for entry in fitting}
        return Reading(fitting[0], False, _MISSPELT) if len(values) == 1 else None


def _one_letter_less(word: str) -> set[str]:
    """Return a word, and what is left of it without any one letter but its first, which is hardly ever wrong.

    Words one edit apart share one of these (W. Garbe's symmetric deletions, SymSpell, 2012).
    """
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _by_one_letter_less(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        alone = (name,)
        for key in _one_letter_less(name):
            found[key] = found[key] + alone if key in found else alone
    return found


def _by_length(names: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Return the names that a word may be with two edits, by its first letter and its length."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name in names:
        for length in range(len(name) - 2, len(name) + 3):
            found[name[0], length].append(name)
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
