"""Which substances an ad offers: the candidates of the lexicon, weighed by their context."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from drugscan.extraction.belonging import (
    are_joined,
    belongs_to_name,
    is_beside_amount,
    is_under_heading,
    qualifies,
)
from drugscan.extraction.company import is_colour, weigh_company
from drugscan.extraction.gazetteer import TALK, Candidate, Scene
from drugscan.extraction.letters import letters_that_count, lone_letters_that_count
from drugscan.extraction.matching import Match, as_match, find_forms, refused
from drugscan.extraction.vocabulary import units_of
from drugscan.lexicon.keys import EMOJI_MARK
from drugscan.lexicon.loader import Lexicon
from drugscan.text import once_per_recent_text

_EXPLAINED = re.compile(r" (?:\d{1,3}(?:[.,]\d{1,2})? )?\(")
_STAMP = re.compile(r"(?<!\w)(?:stempel|logo|stamp):? \Z")
_DIGIT = re.compile(r"\d")
# How many characters apart names in a list may stand.
_MAX_LIST_GAP = 40
# Characters of a post that says little but what it sells.
_SHORT = 160


def find_substances(text: str, lexicon: Lexicon, *, is_ad: bool = False) -> list[Match]:
    """Find every mention of a substance that an ad offers.

    Parameters
    ----------
    text : str
        The ad's text, folded.
    lexicon : Lexicon
        The tables.
    is_ad : bool, default False
        Take it from the caller that the text is an ad: words of several meanings then need not wait for
        a price or the like ("ballonnetje? hele nacht bereikbaar").

    Returns
    -------
    list of Match
        All mentions in the order of the text; the value is a substance id of the codebook.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> from drugscan.text.normalise import fold
    >>> ad = fold("Wit 50, k3ta 25 p/g. Geen speed. Bezorging Best")
    >>> [match.value for match in find_substances(ad, load_lexicon())]
    ['cocaine', 'ketamine']
    """
    row = _sighted(text, lexicon).offered
    if any(candidate.entry.context != "none" for candidate in row):
        scene = find_forms(text, lexicon)
        trades = is_ad or _tells_of_trade(scene, row)
        passed = _weigh(text, lexicon, trades)
        row = _last_resort(scene, row, lexicon) if is_ad and not passed else passed
    if is_ad:
        row = weigh_company(text, row)
    return [as_match(candidate) for candidate in row]


def find_refused(text: str, lexicon: Lexicon) -> list[Match]:
    """Find the mentions of substances by which an ad says that it has none.

    Parameters
    ----------
    text : str
        The ad's text, folded.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of Match
        In the order of the text.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> [match.value for match in find_refused("coke 1g 50 (uitverkocht), keta 1g 25", load_lexicon())]
    ['cocaine']
    """
    return [as_match(candidate) for candidate in _sighted(text, lexicon).refused]


class _Sighted(NamedTuple):
    """The candidates that a text neither excludes nor explains by another, and those that it excludes."""

    offered: list[Candidate]
    refused: list[Candidate]


@once_per_recent_text
def _sighted(text: str, lexicon: Lexicon) -> _Sighted:
    scene = find_forms(text, lexicon)
    known = [candidate for candidate in scene.substances if candidate.entry.value]
    unwanted = refused(scene, known, lexicon) if known else set()
    for sign, name in pairwise(known):
        is_same = name in unwanted and sign.entry.value == name.entry.value
        if is_same and scene.text[sign.start] == EMOJI_MARK and name.start - sign.end <= 1:
            unwanted.add(sign)  # "❄️ coke (uitverkocht)"
    row = [
        candidate
        for index, candidate in enumerate(known)
        if candidate not in unwanted
        and not _is_stamp(scene.text, candidate)
        and not is_colour(scene, known, index, lexicon)
    ]
    offered = _explained(scene, row) if " (" in scene.text else row
    return _Sighted(offered, [candidate for candidate in known if candidate in unwanted] if unwanted else [])


@once_per_recent_text  # the model asks before it is known whether a text is an ad
def _weigh(text: str, lexicon: Lexicon, trades: bool) -> list[Candidate]:
    """Return the candidates whose context bears them out, in the order of the text.

    Those that passed are known by their index in the row.
    """
    scene, row = find_forms(text, lexicon), _sighted(text, lexicon).offered
    by_context: dict[str, list[int]] = defaultdict(list)
    for index, candidate in enumerate(row):
        by_context[candidate.entry.context].append(index)
    names = set(by_context["none"])
    if trades:
        names.update(by_context["weak"])
    signs = {i for i in by_context["sign"] if trades and is_beside_amount(scene, row[i])}
    strong = [i for i in by_context["strong"] if not qualifies(scene, row, i, names, lexicon)]
    names |= _strong(scene, row, strong, names, signs)
    passed = set(names)
    if trades:
        passed.update(i for i in by_context["sign"] if not belongs_to_name(scene, row, i, names))
    below: set[int] = set()
    passed.update(
        i
        for i in by_context["descriptor"]
        if is_beside_amount(scene, row[i])
        and not belongs_to_name(scene, row, i, names)
        and not is_under_heading(scene, row, i, names, below)
    )
    others = {row[i].entry.value for i in passed} - {"xtc"}
    if by_context["party"] and any(_is_for_party(value, lexicon) for value in others):
        passed.update(i for i in by_context["party"] if not belongs_to_name(scene, row, i, names))
    return [candidate for index, candidate in enumerate(row) if index in passed]


def _is_stamp(text: str, candidate: Candidate) -> bool:
    """Tell whether a name is that of a stamp on blocks: "blokken wit, stempel rolex"."""
    return (
        candidate.entry.value == "xtc"
        and _STAMP.search(text, max(candidate.start - 9, 0), candidate.start) is not None
    )


def _is_for_party(substance: str, lexicon: Lexicon) -> bool:
    """Tell whether unnamed pills beside a substance are xtc: not its own, as of medicines and bromazolam."""
    label = lexicon.labels[substance]
    return label != "medicijnen" and (label != "designer" or substance not in lexicon.counted)


def _last_resort(scene: Scene, row: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates that count in an ad where no other does; in a short one all words do."""
    strong = [i for i, candidate in enumerate(row) if candidate.entry.context in ("strong", "descriptor")]
    counting = lone_letters_that_count(scene, row, strong)
    if len(scene.text) <= _SHORT:
        counting.update(i for i in strong if row[i].end - row[i].start > 1)
    party = [i for i, candidate in enumerate(row) if candidate.entry.context == "party"]
    if not counting and _DIGIT.search(scene.text):  # "10 pillen 20", not "pillen voor de slaap"
        counting.update(i for i in party if is_beside_amount(scene, row[i]))
    if any(_is_for_party(row[i].entry.value, lexicon) for i in counting):
        counting.update(party)
    return [
        candidate
        for index, candidate in enumerate(row)
        if candidate.entry.context == "alone" or index in counting
    ]


def _explained(scene: Scene, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates, a word of several meanings with that in brackets behind it: "bruin (hash)"."""
    return [
        candidate._replace(entry=candidate.entry._replace(value=follower.entry.value))
        if follower is not None
        and candidate.entry.context != "none"
        and follower.entry.context == "none"
        and _EXPLAINED.fullmatch(scene.text, candidate.end, follower.start)
        and scene.text.startswith(")", follower.end)
        else candidate
        for candidate, follower in zip_longest(row, row[1:])
    ]


def _tells_of_trade(scene: Scene, candidates: list[Candidate]) -> bool:
    """Tell whether the text trades at all: a cue, an amount, or two different substances."""
    return (
        any(cue.entry.value not in TALK for cue in scene.cues)
        or len({candidate.entry.value for candidate in candidates}) > 1
        or _trade().search(scene.text) is not None
    )


@cache
def _trade() -> re.Pattern[str]:
    return re.compile(
        rf"\d ?(?:{units_of('g', 'ml', 'pcs', 'eur')}|mg|€|,-|p/?[gs])(?!\w)|€ ?\d"
        r"|\d ?[=/:x] ?\d|contact_|\d (?:voor|for|fur|pour|por|per) |(?<!\w)(?:halfje|halve|hele|half a g) \d"
    )


def _strong(
    scene: Scene, row: list[Candidate], strong: list[int], names: set[int], signs: set[int]
) -> set[int]:
    """Return those that stand beside an amount, or in a list with a name or with each other."""
    if not strong:
        return set()
    letters = [i for i in strong if row[i].end - row[i].start == 1]
    words = set(strong).difference(letters)
    beside = {i for i in words if is_beside_amount(scene, row[i])}
    passed = beside | letters_that_count(scene, row, letters, names | beside | signs)
    for left, right in pairwise(sorted(names | words | passed)):
        if are_joined(scene, row[left], row[right], max_gap=_MAX_LIST_GAP):
            passed.update((left, right))
    return passed.intersection(strong)
