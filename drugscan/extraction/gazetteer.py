"""Where the forms of the lexicons stand in a folded text, before any context is weighed.

All tables go through the text in one pass of an Aho-Corasick automaton. What stands between two blanks is
prepared once, and so are the words that no table holds, see :mod:`drugscan.extraction.unknown_words`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import ahocorasick

from drugscan.extraction.unknown_words import CONFIDENCE, UNKNOWN_WORD, UnknownWords
from drugscan.lexicon.keys import mark, words_only
from drugscan.lexicon.loader import Entry, Lexicon
from drugscan.text import OncePerWord, split_words


class Candidate(NamedTuple):
    """A form in a text whose context is still to be weighed."""

    start: int
    end: int
    entry: Entry
    confidence: float


class Scene(NamedTuple):
    """All that the lexicons know in one text.

    Attributes
    ----------
    text : str
        The folded text as :func:`drugscan.lexicon.keys.mark` returns it.
    words : str
        The same with words only, see :func:`drugscan.lexicon.keys.words_only`.
    may_refuse : bool
        Whether a word of the text may exclude what it names ("geen coke"); most texts hold none.
    substances, places, cues : list of Candidate
        In the order of the text. Substances and places do not overlap among themselves.
    """

    text: str
    words: str
    may_refuse: bool
    substances: list[Candidate]
    places: list[Candidate]
    cues: list[Candidate]


ROLES = frozenset(
    {
        "place_before",
        "place_joiner",
        "origin_before",
        "dispatch_before",
        "not_before",
        "not_after",
        "sold_out",
    }
)
"""Kinds of cues that only say something of the name beside them: see :func:`role_words`."""

_REFUSING_ROLES = ("not_before", "not_after", "sold_out")

TALK = frozenset({"request", "vouch", "warning", "report"})
"""Kinds of cues that tell of a text that is no ad for drugs, whatever it names."""

_TABLES = ("substances", "places", "cues")
_SUBSTANCES, _PLACES, _CUES = range(len(_TABLES))


class _Form(NamedTuple):
    """What the automaton returns: a row, and how the words it stands for are bounded."""

    table: int
    entry: Entry
    confidence: float
    length: int
    open_start: bool
    open_end: bool


_REWRITTEN, _READABLE, _REFUSING = "\x0e", "\x0f", "\x10"
"""Stand behind a part in memory: :func:`mark` changes it, a word of it is read, a word of it may refuse.

No folded text holds them.
"""

# A form found in a text: what it is sorted by in its table, then its entry and confidence.
_Hit = tuple[int, int, int, str, Entry, float]


class Gazetteer:
    """The automaton of one lexicon, and what was learnt of words outside it.

    Parameters
    ----------
    lexicon : Lexicon
        The tables.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        forms: dict[str, list[_Form]] = defaultdict(list)
        for table, name in enumerate(_TABLES):
            for entry in getattr(lexicon, name):
                if entry.value not in ROLES:
                    pattern, form = _as_form(table, entry)
                    forms[pattern].append(form)
        self._automaton = ahocorasick.Automaton()
        for pattern, found in forms.items():
            self._automaton.add_word(pattern, found)
        self._automaton.make_automaton()
        self._telling_words = _telling_words(lexicon)
        self._readings = OncePerWord(UnknownWords(lexicon).read)
        self._words = OncePerWord(self._words_of)

    def find_forms(self, folded_text: str) -> Scene:
        """Find all forms of all tables in a text."""
        words = " ".join(map(self._words.__getitem__, split_words(folded_text))).replace(" \n ", " ")
        is_rewritten, is_readable, may_refuse = _REWRITTEN in words, _READABLE in words, _REFUSING in words
        if is_rewritten or is_readable or may_refuse:
            words = words.replace(_REWRITTEN, "").replace(_READABLE, "").replace(_REFUSING, "")
        text = mark(folded_text) if is_rewritten else folded_text
        substances, places, cues = self._hits(words)
        if is_readable:
            self._read_unknown(words, substances, places, cues)
        cues.sort()
        return Scene(
            text,
            words,
            may_refuse,
            _leftmost_longest(substances, text),
            _leftmost_longest(places, text),
            [Candidate(start, end, entry, confidence) for start, end, _, _, entry, confidence in cues],
        )

    def _words_of(self, part: str) -> str:
        """Return what stands between two blanks with words only, and what is to be done about it."""
        if part == "\n":
            return part
        # Letters and digits alone need no preparing.
        marked = part if part.isalnum() else mark(part)
        words = part if part.isalnum() else words_only(marked)
        found = words.split()
        is_readable = any(map(self._readings.__getitem__, found))
        may_refuse = not self._telling_words.isdisjoint(found)
        return words + _REWRITTEN * (marked != part) + _READABLE * is_readable + _REFUSING * may_refuse

    def _hits(self, words: str) -> tuple[list[_Hit], list[_Hit], list[_Hit]]:
        substances: list[_Hit] = []
        places: list[_Hit] = []
        cues: list[_Hit] = []
        padded = f" {words} "
        for last, forms in self._automaton.iter(padded):
            for table, entry, confidence, length, open_start, open_end in forms:
                start = padded.rindex(" ", 0, last - length + 2) if open_start else last - length + 1
                end = padded.index(" ", last) - 1 if open_end else last - 1
                if table == _CUES:
                    cues.append((start, end, length, entry.id, entry, confidence))
                else:
                    hits = substances if table == _SUBSTANCES else places
                    hits.append((start, -end, -length, entry.id, entry, confidence))
        return substances, places, cues

    def _read_unknown(self, words: str, substances: list[_Hit], places: list[_Hit], cues: list[_Hit]) -> None:
        """Add what words mean that stand in no hit."""
        taken = {hit[0] for hits in (substances, places, cues) for hit in hits}
        for match in UNKNOWN_WORD.finditer(words):
            reading = self._readings[match[0]] if match.start() not in taken else None
            if reading is not None:
                start, end = match.span()
                hits = places if reading.is_place else substances
                entry = reading.entry
                hits.append((start, -end, start - end, entry.id, entry, reading.confidence))


def _telling_words(lexicon: Lexicon) -> frozenset[str]:
    """Return the longest word of each phrase that refuses: without it the phrase is not there."""
    phrases = [entry.key for entry in lexicon.cues if entry.value in _REFUSING_ROLES]
    return frozenset(max(phrase.split(), key=len) for phrase in phrases)


def _as_form(table: int, entry: Entry) -> tuple[str, _Form]:
    stem = entry.key.strip("*")
    open_start, open_end = entry.key.startswith("*"), entry.key.endswith("*")
    pattern = ("" if open_start else " ") + stem + ("" if open_end else " ")
    # Measured as if closed on both sides, so that start and end are counted the same way.
    return pattern, _Form(table, entry, CONFIDENCE[entry.context], len(pattern), open_start, open_end)


def _leftmost_longest(hits: list[_Hit], text: str) -> list[Candidate]:
    """Keep the longest form at each place, and of equally long ones the most literal."""
    hits.sort()
    kept = []
    free_from = 0
    for start, minus_end, _, _, entry, confidence in hits:
        if start >= free_from and text.find("\n", start, -minus_end) < 0:
            free_from = -minus_end
            kept.append(Candidate(start, free_from, entry, confidence))
    return kept
