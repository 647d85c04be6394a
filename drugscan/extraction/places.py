"""Which places an ad serves: the candidates of the lexicon, weighed by their context."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise, zip_longest
from operator import attrgetter

from drugscan.extraction.gazetteer import Candidate, Scene
from drugscan.extraction.matching import (
    Match,
    as_match,
    ends_with_phrase,
    find_forms,
    last_word_before,
    refused,
    role_phrases,
    role_words,
    words_before,
)
from drugscan.lexicon.loader import Lexicon
from drugscan.text import EMOJI_NAME

_WIDE_KINDS = frozenset({"land", "provincie", "regio"})
_ARTICLES = frozenset({"de", "het", "the", "den", "t", "les", "la", "der", "die"})
_EMOJI = re.compile(rf"\x02{EMOJI_NAME}\x02")
_COUPLING = re.compile(r" ?[/+&–-] ?")
_COUPLING_WORD = re.compile(" (?:en|and|und|et|of|or) ")
_ARROW = re.compile(" ?[-=]?> ?\x02?")
_THOUSANDS = re.compile(r"\d[.,]\Z")
_CODES = re.compile(r"(?<![\w/])[a-z]{2,3}(?:/[a-z]{2,3})+(?![\w/])")
_ENGLISH = re.compile(r"/eng?(?!\w)|(?<!\w)eng?/")  # of a list of languages: "FR/NL/EN"
_MAX_GAP = 60
_FEW_CODES, _LONGEST_CODE = 2, 3
_MAX_BLANKS = 4
_HOME = "Nederland"
_NEAR_COUNTRIES = ("NL", "BE")
_WORDS = frozenset({"it", "no", "us"})  # "no tracking unless you pay for it"
_POST_REACH = 100
_start = attrgetter("start")


def find_places(text: str, lexicon: Lexicon) -> list[Match]:
    """Find every mention of a place that an ad serves.

    Parameters
    ----------
    text : str
        The ad's text, folded.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of Match
        All mentions in the order of the text; the value is the place's usual Dutch name.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> from drugscan.text.normalise import fold
    >>> ad = fold("Beste wiet! Bezorging 040 / Best / Veldhoven, Tilburg niet")
    >>> [match.value for match in find_places(ad, load_lexicon())]
    ['Eindhoven', 'Best', 'Veldhoven']
    """
    scene = find_forms(text, lexicon)
    candidates = [c for c in scene.places if c.entry.value and not _is_other_word(scene.text, c)]
    if not candidates:
        return []
    if _ENGLISH.search(text):
        languages = [match.span() for match in _CODES.finditer(text) if _ENGLISH.search(match[0])]
        candidates = [c for c in candidates if not any(a <= c.start < b for a, b in languages)]
    unserved = refused(scene, candidates, lexicon)
    offered = [c for c in candidates if c not in unserved] if unserved else candidates
    served = _without_origins(scene, offered, lexicon)
    passed: list[Candidate] = []
    for run in _runs(scene, served, lexicon):
        passed += _weigh_run(scene, run, lexicon)
    cities = {candidate.entry.value for candidate in passed}
    explained = _explanations(scene, passed, lexicon)
    return [as_match(c) for c in passed if c not in explained and not _lies_in(c, cities, lexicon)]


def _is_other_word(text: str, candidate: Candidate) -> bool:
    """Tell whether the words of a name with an apostrophe are others: "150 a pen", "we don't look"."""
    start, form = candidate.start, candidate.entry.form
    if form.lower() == "at" and text[max(start - 1, 0)] in "[(":
        return True  # "voorbeeld [at] voorbeeld.nl"
    if form.isdigit():
        return _THOUSANDS.search(text, max(start - 2, 0), start) is not None  # the dial code in "1.050"
    if form.startswith("'t "):
        return text[max(start - 1, 0)] == "'" and text[max(start - 2, 0)].isalpha()
    return form[1:2] == "'" and text.startswith(" ", start + 1)


def _explanations(scene: Scene, candidates: list[Candidate], lexicon: Lexicon) -> set[Candidate]:
    """Return the provinces and countries that only tell which town is meant: "Hengelo (Gld)", "Bergen nh"."""
    return {
        candidate
        for town, candidate in pairwise(candidates)
        if lexicon.gazetteer[candidate.entry.value].kind in ("provincie", "land")
        and lexicon.gazetteer[town.entry.value].kind not in _WIDE_KINDS
        and _explains(scene.text, town, candidate)
    }


def _explains(text: str, town: Candidate, candidate: Candidate) -> bool:
    between = text[town.end : candidate.start]
    if between == " (":
        return text.startswith(")", candidate.end)
    return between == " " and candidate.end - candidate.start <= _LONGEST_CODE


def _without_origins(scene: Scene, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Leave out where goods come from: if sent from there; countries and towns abroad also if "uit" there."""
    dispatch, origin, telling = _origin_phrases(lexicon)
    kept = []
    end_of_origin = -1
    for candidate, follower in zip_longest(candidates, candidates[1:]):
        if follower is not None and _is_sender(scene.text, candidate, follower, lexicon):
            continue
        if scene.text[end_of_origin : candidate.start] == "/":
            end_of_origin = candidate.end
            continue  # "keta from Germany/NL"
        if _before(scene, candidate.start) != "," and last_word_before(scene, candidate.start) in telling:
            words = words_before(scene, candidate.start, count=5)
            while words and words[-1] in _ARTICLES:
                words.pop()
            place = lexicon.gazetteer[candidate.entry.value]
            is_far = place.kind == "land" or place.country not in _NEAR_COUNTRIES
            if ends_with_phrase(words, dispatch) or (is_far and ends_with_phrase(words[-2:], origin)):
                end_of_origin = candidate.end
                continue
        kept.append(candidate)
    return kept


def _is_sender(text: str, candidate: Candidate, follower: Candidate, lexicon: Lexicon) -> bool:
    """Tell whether a country is the first in a row of arrows to others: "NL > EU", "NL>BE>LU"."""
    if not _ARROW.fullmatch(text, candidate.end, follower.start):
        return False
    are_countries = all(lexicon.gazetteer[c.entry.value].kind == "land" for c in (candidate, follower))
    return are_countries and not text[max(candidate.start - 2, 0) : candidate.start].rstrip().endswith(">")


@lru_cache(maxsize=4)
def _origin_phrases(
    lexicon: Lexicon,
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], frozenset[str]]:
    """Return the phrases before a place of dispatch and of origin, and the words they all end with."""
    dispatch = role_phrases(lexicon, "dispatch_before", end=True)
    origin = role_phrases(lexicon, "origin_before", end=True)
    return dispatch, origin, _ARTICLES.union(dispatch, origin)


def _runs(scene: Scene, candidates: list[Candidate], lexicon: Lexicon) -> list[list[Candidate]]:
    """Group the candidates that follow one another in a list of places."""
    joiners = role_words(lexicon, "place_joiner")
    runs: list[list[Candidate]] = []
    for candidate in candidates:
        if runs and _joined(scene, runs[-1][-1].end, candidate.start, joiners):
            runs[-1].append(candidate)
        else:
            runs.append([candidate])
    return runs


def _joined(scene: Scene, end: int, start: int, joiners: frozenset[str]) -> bool:
    if start - end > _MAX_GAP or scene.text.find("\n\n", end, start) >= 0:
        return False
    between = scene.words[end:start]
    if between.isspace() or not between:
        return True
    return joiners.issuperset(_EMOJI.sub(" ", between).split())


def _weigh_run(scene: Scene, run: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the members of a list that its other members, or the words around it, bear out."""
    contexts = {candidate.entry.context for candidate in run}
    if contexts == {"none"}:
        return run
    values = {candidate.entry.value for candidate in run}
    countries = {value for value in values if lexicon.gazetteer[value].kind == "land"}
    only_countries = countries == values
    sure = "none" in contexts or (only_countries and len(countries) > 1)
    before = role_phrases(lexicon, "place_before", end=True)
    passed = []
    are_codes = (
        only_countries
        and len(run) > _FEW_CODES
        and all(candidate.end - candidate.start <= _LONGEST_CODE for candidate in run)
    )  # "to DE FR BE"
    for position, candidate in enumerate(run):
        context = candidate.entry.context
        if context == "sign":
            bears_out = only_countries and (
                (sure and (len(countries) == 1 or _HOME in countries))
                or _in_post_line(scene, candidate)
                or _introduced(scene, run[0], before)
            )
        elif context == "weak":
            bears_out = (
                sure
                or len(run) > 2
                or _introduced(scene, candidate, before)
                or _alone(scene, run)
                or (candidate.entry.value in countries and _in_post_line(scene, candidate))
            )
        else:
            in_post = candidate.entry.value in countries and _in_post_line(scene, candidate)
            bears_out = context == "none" or (
                (sure and _stands_in_list(scene, run, position, before))
                or are_codes
                or (only_countries and _is_coupled(scene, run, position))
                or (in_post and candidate.entry.key not in _WORDS and _is_set_apart(scene, candidate, before))
            )
        if bears_out:
            passed.append(candidate)
    return passed


def _is_set_apart(scene: Scene, candidate: Candidate, before: dict[str, frozenset[str]]) -> bool:
    """Tell whether no other words stand beside a name, but those that introduce a place."""
    left_clean = _is_edge(_before(scene, candidate.start)) or _introduced(scene, candidate, before)
    return left_clean and _is_edge(_after(scene, candidate.end))


def _in_post_line(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether the words about a country, in its line, tell of sending goods."""
    first = max(
        candidate.start - _POST_REACH,
        scene.text.rfind("\n", max(0, candidate.start - _POST_REACH), candidate.start),
    )
    last = scene.text.find("\n", candidate.end, candidate.end + _POST_REACH)
    if last == -1:
        last = candidate.end + _POST_REACH
    near = scene.cues[bisect_left(scene.cues, first, key=_start) : bisect_left(scene.cues, last, key=_start)]
    return any(cue.entry.value == "post" for cue in near)


def _introduced(scene: Scene, candidate: Candidate, before: dict[str, frozenset[str]]) -> bool:
    return ends_with_phrase(words_before(scene, candidate.start, count=3), before)


def _alone(scene: Scene, run: list[Candidate]) -> bool:
    """Tell whether a list of places has a line, or a part of one between marks, to itself."""
    return _is_edge(_before(scene, run[0].start)) and _is_edge(_after(scene, run[-1].end))


def _before(scene: Scene, start: int) -> str:
    """Return the character before a place in the text, blanks left out; nothing at the text's start."""
    return scene.text[max(0, start - _MAX_BLANKS) : start].rstrip(" ")[-1:]


def _after(scene: Scene, end: int) -> str:
    return scene.text[end : end + _MAX_BLANKS].lstrip(" ")[:1]


def _is_edge(character: str) -> bool:
    return not character or not (character.isalnum() or character in "'€%")


def _stands_in_list(
    scene: Scene, run: list[Candidate], position: int, before: dict[str, frozenset[str]]
) -> bool:
    """Tell whether a word that is mostly no place stands where only a place can stand.

    Beside another place, with more than a blank between them or closing the list, and with no
    other word on its far side but one that introduces places.
    """
    candidate = run[position]
    after = _after(scene, candidate.end)
    follows = position > 0
    # A word and a place with but a blank between them are no list ("heel Tilburg").
    leads = position + 1 < len(run) and not scene.text[candidate.end : run[position + 1].start].isspace()
    left_clean = follows or _is_edge(_before(scene, candidate.start)) or _introduced(scene, candidate, before)
    right_clean = _is_edge(after) or (leads and follows)
    return (follows or leads) and left_clean and right_clean


def _is_coupled(scene: Scene, run: list[Candidate], position: int) -> bool:
    """Tell whether a country's code is coupled with another by a mark ("NL/BE", "DE + AT").

    Or with the Netherlands' by a word ("NL en BE"), or it stands between two others ("NL BE DE").
    """
    coupled = [
        _COUPLING.fullmatch(scene.text, left.end, right.start) is not None
        or (
            _HOME in (left.entry.value, right.entry.value)
            and _COUPLING_WORD.fullmatch(scene.text, left.end, right.start) is not None
        )
        for left, right in pairwise(run[max(0, position - 1) : position + 2])
    ]
    return any(coupled) or (0 < position < len(run) - 1)


def _lies_in(candidate: Candidate, places: set[str], lexicon: Lexicon) -> bool:
    """Tell whether a quarter's own city is named too."""
    place = lexicon.gazetteer[candidate.entry.value]
    return place.kind == "wijk" and place.municipality in places
