"""Where the forms of the lexicons stand in a folded text, before any context is weighed.

All tables go through the text in one pass of an Aho-Corasick automaton. Words that it leaves are
looked at once each: a known name with a Dutch ending, or a misspelt one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import ahocorasick
from rapidfuzz import process
from rapidfuzz.distance import OSA

from drugscan.lexicon.keys import mark, words_only
from drugscan.lexicon.loader import Entry, Lexicon


class Match(NamedTuple):
    """A form that was found, and what it stands for.

    Attributes
    ----------
    start, end : int
        Its place in the folded text.
    value : str
        Substance id, name of a place, or kind of a cue.
    entry : str
        The id of the lexicon's row.
    confidence : float
        Between 0 and 1: how sure a form of this kind is. An order, no calibrated probability.
    """

    start: int
    end: int
    value: str
    entry: str
    confidence: float


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
    substances, places, cues : list of Candidate
        In the order of the text. Substances and places do not overlap among themselves.
    """

    text: str
    words: str
    substances: list[Candidate]
    places: list[Candidate]
    cues: list[Candidate]


ROLES = frozenset(
    {"place_before", "place_joiner", "origin_before", "dispatch_before", "not_before", "not_after"}
)
"""Kinds of cues that only say something of the name beside them: see :func:`role_words`."""

_TABLES = ("substances", "places", "cues")
_CONFIDENCE = {
    "none": 1.0,
    "weak": 0.9,
    "sign": 0.8,
    "strong": 0.7,
    "descriptor": 0.6,
    "party": 0.6,
    "never": 0.0,
}
_INFLECTED, _MISSPELT = 0.95, 0.8

_UNKNOWN_WORD = re.compile(r"(?<![\w*\x02])[a-z][a-z*]{3,24}(?![\w*\x02])")
_ENDINGS = ("s", "je", "jes", "tje", "tjes", "en")
_MIN_STEM = 4
_MIN_MISSPELT = 6
_MIN_TWO_EDITS = 9
_MEMORY = 200_000


@lru_cache(maxsize=1)
def scan(folded_text: str, lexicon: Lexicon) -> Scene:
    """Find all forms of all tables in a text.

    Parameters
    ----------
    folded_text : str
        What :func:`drugscan.text.normalise.fold` returns.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    Scene
        The text's candidates. The last answer is kept, as each extractor asks for the same text.
    """
    return _gazetteer(lexicon).scan(folded_text)


def find_cues(text: str, lexicon: Lexicon) -> list[Match]:
    """Find the words that tell how an ad's seller trades.

    Parameters
    ----------
    text : str
        The folded text.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of Match
        In the order of the text; the value is ``delivery``, ``pickup``, ``post``, ``bulk``, ``app``,
        ``price`` or ``sale``. One form may be several cues.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> from drugscan.text.normalise import fold
    >>> [cue.value for cue in find_cues(fold("Bezorging of ophalen"), load_lexicon())]
    ['delivery', 'pickup']
    """
    return [as_match(cue) for cue in scan(text, lexicon).cues]


def as_match(candidate: Candidate) -> Match:
    """Return a candidate that passed as a match."""
    start, end, entry, confidence = candidate
    return Match(start, end, entry.value, entry.id, confidence)


@lru_cache(maxsize=8)
def role_words(lexicon: Lexicon, role: str) -> frozenset[str]:
    """Return the keys of all cues of a role, such as ``not_before``."""
    return frozenset(entry.key for entry in lexicon.cues if entry.value == role)


@lru_cache(maxsize=8)
def role_phrases(lexicon: Lexicon, role: str, *, end: bool) -> dict[str, frozenset[str]]:
    """Return the keys of all cues of a role by their first word, or by their last."""
    found = defaultdict(set)
    for key in role_words(lexicon, role):
        found[key.split()[-1 if end else 0]].add(key)
    return {word: frozenset(keys) for word, keys in found.items()}


@lru_cache(maxsize=4)
def _gazetteer(lexicon: Lexicon) -> _Gazetteer:
    return _Gazetteer(lexicon)


class _Form(NamedTuple):
    """What the automaton returns: a row, and how the words it stands for are bounded."""

    table: int
    entry: Entry
    length: int
    open_start: bool
    open_end: bool


class _Hit(NamedTuple):
    start: int
    end: int
    length: int
    entry: Entry
    confidence: float


class _Gazetteer:
    """The automaton of one lexicon, and what was learnt of words outside it."""

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
        self._reader = _WordReader(lexicon)

    def scan(self, folded_text: str) -> Scene:
        text = mark(folded_text)
        words = words_only(text)
        hits: tuple[list[_Hit], ...] = ([], [], [])
        padded = f" {words} ".replace("\n", " ")
        for last, forms in self._automaton.iter(padded):
            for form in forms:
                start, end = last - form.length + 1, last
                if form.open_start:
                    start = padded.rindex(" ", 0, start + 1)
                if form.open_end:
                    end = padded.index(" ", end)
                hit = _Hit(start, end - 1, form.length, form.entry, _CONFIDENCE[form.entry.context])
                hits[form.table].append(hit)
        cues = [Candidate(hit.start, hit.end, hit.entry, hit.confidence) for hit in sorted(hits[2])]
        self._reader.read_unknown(words, hits)
        return Scene(text, words, _leftmost_longest(hits[0], text), _leftmost_longest(hits[1], text), cues)


def _as_form(table: int, entry: Entry) -> tuple[str, _Form]:
    stem = entry.key.strip("*")
    open_start, open_end = entry.key.startswith("*"), entry.key.endswith("*")
    pattern = ("" if open_start else " ") + stem + ("" if open_end else " ")
    # Measured as if closed on both sides, so that start and end are counted the same way.
    return pattern, _Form(table, entry, len(pattern), open_start, open_end)


def _leftmost_longest(hits: list[_Hit], text: str) -> list[Candidate]:
    """Keep the longest form at each place, and of equally long ones the most literal."""
    if len(hits) > 1:
        hits.sort(key=lambda hit: (hit.start, -hit.end, -hit.length, hit.entry.id))
    kept = []
    free_from = 0
    for hit in hits:
        if hit.start >= free_from and "\n" not in text[hit.start : hit.end]:
            free_from = hit.end
            kept.append(Candidate(hit.start, hit.end, hit.entry, hit.confidence))
    return kept


class _WordReader:
    """Reads words that are in no table: known names with an ending, and misspelt names."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ordinary = lexicon.ordinary_words
        self._stems = {
            entry.key.strip("*"): entry for entry in lexicon.substances if entry.context in ("none", "weak")
        }
        self._known: set[str] = set()
        self._names: dict[str, dict[str, tuple[int, Entry]]] = defaultdict(dict)
        for table in (1, 0):
            for entry in getattr(lexicon, _TABLES[table]):
                key = entry.key.strip("*")
                self._known.add(key)
                if entry.context == "none" and len(key) >= _MIN_MISSPELT and key.isascii() and key.isalpha():
                    self._names[key[0]][key] = (table, entry)
        self._known.update(entry.key for entry in lexicon.cues)
        self._readings: dict[str, tuple[int, Entry, float] | None] = {}

    def read_unknown(self, words: str, hits: tuple[list[_Hit], ...]) -> None:
        """Add to the hits what words mean that stand in none of them."""
        taken = {hit.start for table in hits for hit in table}
        for match in _UNKNOWN_WORD.finditer(words):
            if match.start() in taken:
                continue
            word = match[0]
            if word in self._readings:
                reading = self._readings[word]
            else:
                if len(self._readings) >= _MEMORY:
                    self._readings.clear()
                reading = self._readings[word] = self._read(word)
            if reading is not None:
                table, entry, confidence = reading
                hits[table].append(_Hit(match.start(), match.end(), len(word), entry, confidence))

    def _read(self, word: str) -> tuple[int, Entry, float] | None:
        if word in self._known or word in self._ordinary:
            return None
        if "*" in word:
            return self._read_masked(word)
        for ending in _ENDINGS:
            stem = word[: -len(ending)]
            if word.endswith(ending) and len(stem) >= _MIN_STEM and stem in self._stems:
                entry = self._stems[stem]
                return 0, entry, _CONFIDENCE[entry.context] * _INFLECTED
        if len(word) < _MIN_MISSPELT:
            return None
        # The first letter is hardly ever wrong, and comparing within it is many times faster.
        names = self._names.get(word[0], {})
        edits = 2 if len(word) >= _MIN_TWO_EDITS else 1
        best = process.extractOne(word, names.keys(), scorer=OSA.distance, score_cutoff=edits)
        if best is None:
            return None
        name, distance, _ = best
        table, entry = names[name]
        if _is_derived(word, name) or (table == 1 and distance > 1):
            return None
        return table, entry, _MISSPELT / distance

    def _read_masked(self, word: str) -> tuple[int, Entry, float] | None:
        """Read "c*ke": the one substance of that length that differs at the stars only."""
        if word.count("*") * 2 > len(word):
            return None
        pattern = re.compile(word.replace("*", "[a-z]"))
        fitting = [entry for key, entry in self._stems.items() if pattern.fullmatch(key)]
        values = {entry.value for entry in fitting}
        return (0, fitting[0], _MISSPELT) if len(values) == 1 else None


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


# --- what stands around a candidate ---------------------------------------------------------------


def words_before(scene: Scene, start: int, *, count: int = 4) -> list[str]:
    """Return up to ``count`` words before a place in the text, within its line, nearest last."""
    reach = max(0, start - 60)
    return scene.words[max(reach, scene.text.rfind("\n", reach, start)) : start].split()[-count:]


def last_word_before(scene: Scene, start: int) -> str:
    """Return the word before a place in the text, whatever its line: most of them rule all phrases out."""
    return scene.words[max(0, start - 20) : start].rstrip().rpartition(" ")[2]


def ends_with_phrase(words: list[str], phrases: dict[str, frozenset[str]]) -> bool:
    """Tell whether the last words are one of the phrases, see :func:`role_phrases`."""
    candidates = phrases.get(words[-1]) if words else None
    return candidates is not None and any(" ".join(words[cut:]) in candidates for cut in range(len(words)))


_WORD_AFTER = re.compile(r"[ ?:,.!\-)]{0,3}([a-z]+)")
_WORD_END = re.compile(r"(?!\w)")
_EDGE = re.compile(r" ?(?:[^\w ]|$)")
_CHAIN = frozenset({"of", "or", "noch", "nor", "en", "en/of", "/"})
_SENTENCE_MARK = re.compile(r"[.!?,;:)\n/]")


def refused(scene: Scene, candidates: Iterable[Candidate], lexicon: Lexicon) -> set[Candidate]:
    """Return the candidates that the text names only to exclude them ("geen coke", "Tilburg nee").

    What is joined to a refused one by "of" is refused with it.
    """
    found: set[Candidate] = set()
    if not _may_refuse(scene.words, lexicon):
        return found
    before = role_phrases(lexicon, "not_before", end=True)
    after = role_phrases(lexicon, "not_after", end=False)
    end_of_refused = -1
    for candidate in candidates:
        start, end = candidate.start, candidate.end
        if (
            (end_of_refused >= 0 and scene.text[end_of_refused:start].strip() in _CHAIN)
            or _refused_before(scene, start, before)
            or _refused_after(scene, end, after)
        ):
            found.add(candidate)
            end_of_refused = end
        else:
            end_of_refused = -1
    return found


@lru_cache(maxsize=1)
def _may_refuse(words: str, lexicon: Lexicon) -> bool:
    """Tell whether a text holds the telling word of any phrase that refuses; most hold none."""
    return not _telling_words(lexicon).isdisjoint(words.split())


@lru_cache(maxsize=8)
def _telling_words(lexicon: Lexicon) -> frozenset[str]:
    phrases = role_words(lexicon, "not_before") | role_words(lexicon, "not_after")
    return frozenset(max(phrase.split(), key=len) for phrase in phrases)


def _refused_before(scene: Scene, start: int, phrases: dict[str, frozenset[str]]) -> bool:
    if last_word_before(scene, start) not in phrases:
        return False
    if _SENTENCE_MARK.search(scene.text, max(0, start - 4), start):
        return False
    return ends_with_phrase(words_before(scene, start, count=3), phrases)


def _refused_after(scene: Scene, end: int, phrases: dict[str, frozenset[str]]) -> bool:
    match = _WORD_AFTER.match(scene.text, end)
    if match is None or match[1] not in phrases:
        return False
    # One word refuses at the end of what is said only: "coke niet, wiet wel", not "coke niet duur".
    return any(
        scene.text.startswith(phrase, match.start(1))
        and (_WORD_END if " " in phrase else _EDGE).match(scene.text, match.start(1) + len(phrase))
        for phrase in phrases[match[1]]
    )
