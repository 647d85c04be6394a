"""Words that are in no table: known names with a Dutch ending, misspelt ones, and ones with stars."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
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


class Guess(NamedTuple):
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
        self._masked: dict[tuple[str, int], list[str]] = defaultdict(list)
        for stem in self._stems:
            self._masked[stem[0], len(stem)].append(stem)
        self._known = {entry.key for entry in lexicon.cues}
        self._known.update(row.form for table in (lexicon.units, lexicon.number_words) for row in table)
        self._names: dict[str, tuple[Entry, bool]] = {}
        for table in (lexicon.places, lexicon.substances):
            for entry in table:
                key = entry.key.strip("*")
                self._known.add(key)
                if entry.context == "none" and len(key) >= _MIN_MISSPELT and key.isascii() and key.isalpha():
                    self._names[key] = (entry, table is lexicon.places)
        self._halves = _by_halves(self._names)
        self._places = _by_length(name for name, (_, is_place) in self._names.items() if is_place)
        self._substances = _by_length(name for name, (_, is_place) in self._names.items() if not is_place)

    def read(self, word: str) -> Guess | None:
        """Return what a word means; None for a word of a table, an ordinary one, and any other."""
        if not UNKNOWN_WORD.fullmatch(word) or word in self._known or word in self._ordinary:
            return None
        if "*" in word:
            return self._read_masked(word)
        entry = self._inflected(word)
        if entry is not None:
            return Guess(entry, False, CONFIDENCE[entry.context] * _INFLECTED)
        if len(word) < _MIN_MISSPELT:
            return None
        nearest = self.nearest_name(word)
        if nearest is None or _is_derived(word, nearest[1]):
            return None
        edits, name = nearest
        entry, is_place = self._names[name]
        return Guess(entry, is_place, _MISSPELT / edits)

    def _inflected(self, word: str) -> Entry | None:
        """Return the row of the name that a word is with an ending."""
        if word.endswith(_ENDINGS):
            for ending in _ENDINGS:
                stem = word.removesuffix(ending)
                if _MIN_STEM <= len(stem) < len(word) and stem in self._stems:
                    return self._stems[stem]
        return None

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
        head, tail = _halves(word, length=len(word))
        alike = self._halves.get(head, ()) + self._halves.get(tail, ())
        near = [name for name in alike if OSA.distance(word, name) == 1]
        return min(near, key=lambda name: (not self._names[name][1], name), default=None)

    def _two_edits_away(self, word: str) -> str | None:
        """Return the substance's name that differs so far, if no place's name does; those are too many."""
        shape = (word[0], len(word))
        best = _within_two_edits(word, self._substances.get(shape, ()))
        if best is None or _within_two_edits(word, self._places.get(shape, ())) is not None:
            return None
        return best

    def _read_masked(self, word: str) -> Guess | None:
        """Read "c*ke": the one substance of that length that differs at the stars only."""
        if word.count("*") * 2 > len(word):
            return None
        alike = self._masked.get((word[0], len(word)), ())
        fitting = [self._stems[stem] for stem in alike if _fits(word, stem)]
        values = {entry.value for entry in fitting}
        return Guess(fitting[0], False, _MISSPELT) if len(values) == 1 else None


def _fits(word: str, stem: str) -> bool:
    """Tell whether a word with stars may be a stem of that length."""
    return all(
        "a" <= theirs <= "z" if ours == "*" else ours == theirs
        for ours, theirs in zip(word, stem, strict=True)
    )


def _halves(word: str, *, length: int) -> tuple[str, str]:
    """Return the halves of a word without the letter between them, so that one edit touches one half only.

    The other is the same in every word one edit away: the pigeonhole principle of agrep (S. Wu and U. Manber,
    Fast text searching allowing errors, 1992). The first letter is hardly ever wrong and stands in both.

    Parameters
    ----------
    word : str
        The word.
    length : int
        The length that is halved: that of the word to be found by them.
    """
    middle = length // 2
    return word[:middle] + "-", word[0] + "-" + word[middle + 1 - length :]


def _by_halves(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return names by the halves that a word may have of which they are one edit away."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for name in names:
        lengths = range(len(name) - 1, len(name) + 2)
        for half in {half for length in lengths for half in _halves(name, length=length)}:
            found[half] += (name,)
    return dict(found)


def _by_length(names: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Return the names that a word may be with two edits, by its first letter and its length."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name in names:
        for length in range(len(name) - 2, len(name) + 3):
            found[name[0], length].append(name)
    return dict(found)


def _within_two_edits(word: str, names: Sequence[str]) -> str | None:
    found = process.extractOne(word, names, scorer=OSA.distance, score_cutoff=2)
    return None if found is None else found[0]


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
