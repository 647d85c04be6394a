"""What the lexicons know in a folded text, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from drugscan.extraction.gazetteer import Candidate, Gazetteer, Scene
from drugscan.lexicon.loader import Lexicon

__all__ = [
    "Candidate",
    "Match",
    "Scene",
    "as_match",
    "ends_with_phrase",
    "find_cues",
    "refused",
    "role_words",
    "scan",
    "words_before",
]


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
    entry = candidate.entry
    return Match(candidate.start, candidate.end, entry.value, entry.id, candidate.confidence)


@lru_cache(maxsize=8)
def role_words(lexicon: Lexicon, role: str) -> frozenset[str]:
    """Return the keys of all cues of a role, such as ``not_before``."""
    return frozenset(entry.key for entry in lexicon.cues if entry.value == role)


@lru_cache(maxsize=4)
def _gazetteer(lexicon: Lexicon) -> Gazetteer:
    return Gazetteer(lexicon)


# --- what stands around a candidate ---------------------------------------------------------------


def words_before(scene: Scene, start: int, *, count: int = 4) -> list[str]:
    """Return up to ``count`` words before a place in the text, within its line, nearest last."""
    line = scene.text.rfind("\n", 0, start) + 1
    return scene.words[max(line, start - 60) : start].split()[-count:]


def ends_with_phrase(words: list[str], phrases: frozenset[str]) -> bool:
    """Tell whether the last words are one of the phrases."""
    return any(" ".join(words[cut:]) in phrases for cut in range(len(words)))


_NOT_AFTER = re.compile(r"[ ?:,.!\-)]{0,3}([a-z]+(?: [a-z=]+){0,2})")
_EDGE = re.compile(r" ?(?:[^\w ]|$)")


def refused(scene: Scene, candidates: Iterable[Candidate], lexicon: Lexicon) -> set[Candidate]:
    """Return the candidates that the text names only to exclude them ("geen coke", "Tilburg nee").

    What is joined to a refused one by "of" is refused with it.
    """
    before, after = role_words(lexicon, "not_before"), role_words(lexicon, "not_after")
    found: set[Candidate] = set()
    previous: Candidate | None = None
    for candidate in candidates:
        chained = (
            previous in found
            and previous is not None
            and scene.text[previous.end : candidate.start].strip()
            in ("of", "or", "noch", "nor", "en", "en/of", "/")
        )
        if chained or _refused_before(scene, candidate, before) or _refused_after(scene, candidate, after):
            found.add(candidate)
        previous = candidate
    return found


def _refused_before(scene: Scene, candidate: Candidate, phrases: frozenset[str]) -> bool:
    start = candidate.start
    gap = scene.text[max(0, start - 4) : start]
    if any(mark in gap for mark in ".!?,;:)\n/"):
        return False
    return ends_with_phrase(words_before(scene, start, count=3), phrases)


def _refused_after(scene: Scene, candidate: Candidate, phrases: frozenset[str]) -> bool:
    match = _NOT_AFTER.match(scene.text, candidate.end)
    if match is None:
        return False
    words = match[1].split()
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count])
        if phrase in phrases:
            end = match.start(1) + len(phrase)
            return count > 1 or _EDGE.match(scene.text, end) is not None
    return False
