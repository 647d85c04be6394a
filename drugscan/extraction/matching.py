"""What the lexicons know in a folded text, and what stands around it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from drugscan.extraction.gazetteer import Candidate, Gazetteer, Scene
from drugscan.extraction.vocabulary import units_of
from drugscan.lexicon.loader import Lexicon
from drugscan.text import EMOJI_NAME, once_per_recent_text


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


@once_per_recent_text
def find_forms(folded_text: str, lexicon: Lexicon) -> Scene:
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
        The text's candidates.
    """
    return _gazetteer(lexicon).find_forms(folded_text)


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
def _gazetteer(lexicon: Lexicon) -> Gazetteer:
    return Gazetteer(lexicon)


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


_WORD_AFTER = re.compile(
    r"[ =?:,.!\-()]{0,3}(?:(?:helaas|momenteel|is momenteel|nu|net|tijdelijk) )?([a-z]+|\x02[a-z_]+\x02)"
)
_COLON = re.compile(" ?:")
_WORD_END = re.compile(r"(?!\w)(?! (?:voorraad|aanvraag|afspraak|bestelling|stock))")  # "keta is op voorraad"
_EDGE = re.compile(r" ?(?:[^\w ]|$)")
_CHAIN = frozenset({"of", "or", "noch", "nor", "en", "en/of", "/"})
_BOTH = frozenset({"en", "and", "und", "et", "of", "or", "/"})
_TICK_OR_CROSS = re.compile("\x02(?:x|heavy_multiplication_x|(?:white|heavy)_check_mark)\x02")
_UNTIL = frozenset({"tot", "till", "until", "til"})
_ENDINGS = frozenset({"niet meer", "no longer", "not anymore"})
_NOS = frozenset({"nee", "neen", "no"})
_FARTHEST_MARK = 200
_SIGN = rf"(?:\x02{EMOJI_NAME}\x02|:{EMOJI_NAME}:)"
_SENTENCE_END = re.compile(r"[.!?] ")
_SENTENCE_MARK = re.compile(r"[.!?,;)\n/]")


def refused(scene: Scene, candidates: Iterable[Candidate], lexicon: Lexicon) -> set[Candidate]:
    """Return the candidates that the text names only to exclude them ("geen coke", "Tilburg nee").

    What is joined to a refused one by "of" is refused with it, and what "en" joins to one that is refused
    behind both ("Delft en Westland niet meer").
    """
    found: set[Candidate] = set()
    if not scene.may_refuse:
        return found
    before = role_phrases(lexicon, "not_before", end=True)
    after = role_phrases(lexicon, "not_after", end=False)
    end_of_refused, is_list = -1, False
    last: Candidate | None = None
    for candidate in candidates:
        start, end = candidate.start, candidate.end
        joint = scene.text[end_of_refused:start].strip() if end_of_refused >= 0 else None
        if joint in _CHAIN or (is_list and joint == ","):
            is_refused = True
        else:
            is_behind_name = last is not None and "\n" not in scene.text[last.end : start]
            is_refused = _refused_before(scene, start, before, is_behind_name=is_behind_name)
            is_list = is_refused and scene.text[:start].rstrip().endswith(":")  # "uitverkocht: keta, speed"
            if not is_refused and (
                _refused_after(scene, end, after) or is_sold_out(scene.text, end, lexicon)
            ):
                is_refused = True
                if last is not None and scene.text[last.end : start].strip(" ") in _BOTH:
                    found.add(last)
        if is_refused:
            found.add(candidate)
        end_of_refused = end if is_refused else -1
        last = candidate
    return found


def is_sold_out(text: str, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a name that ends somewhere is followed by its price, if any, and that it is sold out."""
    return _sold_out(lexicon).match(text, end) is not None


def are_but_amounts(text: str, start: int, end: int) -> bool:
    """Tell whether nothing stands between two places of a sentence but amounts and prices."""
    is_amount = _amounts().fullmatch(text, start, end) is not None
    return is_amount and _SENTENCE_END.search(text, start, end) is None


@lru_cache(maxsize=8)
def _sold_out(lexicon: Lexicon) -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(role_words(lexicon, "sold_out"))))
    return re.compile(
        rf"{_amounts().pattern}?(?<![a-z])"
        rf"(?:(?:{phrases})(?= (?:tot|t/m|till|until) |[ !.*~]{{0,3}}(?:\Z|[\n,;/|)\]]|{_SIGN}))"
        r"|op(?<=\(op)(?=\)))"
        rf"|[ :]{{0,3}}\n(?:{phrases})(?=[ !.*~]{{0,3}}(?:\Z|\n\n))"  # below a heading
    )


@cache
def _amounts() -> re.Pattern[str]:
    words = rf"{units_of('g', 'ml', 'pcs', 'eur')}|mg|ug|p[./ ]?(?:gr?|st?|kg)|pp|per|voor|vr?|for|nu|is|x|k"
    return re.compile(
        rf"(?:[^\na-z\x02:]|:(?! ?{EMOJI_NAME}:)|(?<![a-z])(?:{words})(?![a-z])|{_SIGN}){{1,60}}"
    )


def _refused_before(
    scene: Scene, start: int, phrases: dict[str, frozenset[str]], *, is_behind_name: bool
) -> bool:
    is_heading = scene.text[max(0, start - 3) : start].rstrip().endswith(":")
    if not is_heading and last_word_before(scene, start) not in phrases:
        return False
    if _SENTENCE_MARK.search(scene.text, max(0, start - 4), start):
        return False
    words = words_before(scene, start, count=5)
    if (
        words
        and _TICK_OR_CROSS.fullmatch(words[-1])
        and _is_marked_behind(scene.text, start, least_marks=1 if is_behind_name else 2)
    ):
        return False  # of "md ❌ keta ✅" the last
    if is_heading and len(words) > 1 and words[-2] in _UNTIL:
        words = words[:-2]  # "uitverkocht tot vrijdag: pillen"
    return ends_with_phrase(words[-3:], phrases)


def _refused_after(scene: Scene, end: int, phrases: dict[str, frozenset[str]]) -> bool:
    match = _WORD_AFTER.match(scene.text, end)
    if match is None or match[1] not in phrases:
        return False
    between = scene.text[end : match.start(1)]
    if match[1] in _NOS and "?" in between:
        return True  # "speed? nee, wiet"
    is_heading = ("," in between or "(" in between) and _COLON.match(scene.text, match.end(1)) is not None
    if "." in between or "!" in between or is_heading:
        return False  # of the next sentence, or of what follows: "Veghel. Niet: Eindhoven"
    if _TICK_OR_CROSS.fullmatch(match[1]) and _is_marked_behind(scene.text, end):
        return True
    # Some refuse at the end of what is said only: "coke niet, wiet wel", not "coke niet duur".
    return any(
        scene.text.startswith(phrase, match.start(1))
        and (_WORD_END if " " in phrase and phrase not in _ENDINGS else _EDGE).match(
            scene.text, match.start(1) + len(phrase)
        )
        for phrase in phrases[match[1]]
    )


def _is_marked_behind(text: str, end: int, *, least_marks: int = 0) -> bool:
    """Tell whether the ticks and crosses of a line, some before a place, stand behind what they are about."""
    line = text.rfind("\n", max(0, end - _FARTHEST_MARK), end) + 1 or max(0, end - _FARTHEST_MARK)
    marks = [mark.start() for mark in _TICK_OR_CROSS.finditer(text, line, end)]
    return len(marks) >= least_marks and (not marks or bool(text[line : marks[0]].strip()))
