"""Which substances an ad offers: the candidates of the lexicon, weighed by their context."""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest

from drugscan.extraction.matching import (
    Candidate,
    Match,
    Scene,
    as_match,
    refused,
    scan,
)
from drugscan.lexicon.loader import Lexicon

# Between a name and its amount stand no letters but those of an emoji.
_NO_LETTERS = r"(?:[^a-z\n]|\x02[a-z_]{1,40}\x02)"
_AMOUNT_AFTER = re.compile(
    rf"{_NO_LETTERS}{{0,12}}\n?{_NO_LETTERS}{{0,12}}\d|{_NO_LETTERS}{{0,4}}(?:p/?g|p\.?s|per|vanaf|v\.a|voor|from|ab)\b"
)
_OWN_AMOUNT = re.compile(rf"{_NO_LETTERS}{{0,12}}\d")
_AMOUNT_BEFORE = re.compile(
    r"\d ?(?:x|g|gr|gram|grams|kg|kilo|ml|l|liter|st|stuks?|pcs|zakjes?|potjes?|strips?|flesjes?|fles)?\.? ?"
    rf"(?:{_NO_LETTERS}){{0,3}}$"
)
_TRADE = re.compile(
    r"\d ?(?:g|gr|grams?|kg|ml|st|stuks|pcs|mg|euro?|eu|€|,-|p/?[gs]|oz|lb)(?!\w)|€ ?\d"
    r"|\d ?[=/:x] ?\d|contact_|\d (?:voor|for|fur|pour|por|per) |(?<!\w)(?:halfje|halve|hele|half a g) \d"
)
_DIGIT = re.compile(r"\d")
_ITEM_END = re.compile(r"[\n,/|+&;•·–—*]| - |(?<!\w)(?:en|and|und|et|y|e|i|of|or|met|ook)(?!\w)")
_JOINER = re.compile(r"[^\w\n]*(?:[,/|+&;•·–—*\-]|(?<!\w)(?:en|and|und|et|of|or|y|e|i)(?!\w))[^\w\n]*")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")


# How many candidates and characters away a name may stand.
_REACH, _LINE_START = 10, 40
# Single letters that stand for little else in a menu; the others are units, sizes and slips as well.
_PLAIN_LETTERS = "ckmh"
_SHORTENING = ("/", "'", "’")
_BETWEEN_MARKS = re.compile(r"(?:^|[\n,/|+&•·–\-\x02]|\b(?:en|and|und)) ?$")
_MARK_AFTER = re.compile(r" ?(?:$|[\n,/|+&•·–\-.\x02]|(?:en|and|und)\b)")
_MILLILITRES_AFTER = re.compile(r"[^a-z\n]{0,4}\d ?(?:ml|liter)\b")
_MILLILITRES_BEFORE = re.compile(r"\d ?(?:ml|liter) $")


def find_substances(text: str, lexicon: Lexicon) -> list[Match]:
    """Find every mention of a substance that an ad offers.

    Parameters
    ----------
    text : str
        The ad's text, folded.
    lexicon : Lexicon
        The tables.

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
    scene = scan(text, lexicon)
    known = [candidate for candidate in scene.substances if candidate.entry.value]
    if not known:
        return []
    unwanted = refused(scene, known, lexicon)
    offered = [candidate for candidate in known if candidate not in unwanted]
    return [as_match(candidate) for candidate in _weigh(scene, offered, lexicon)]


def _weigh(scene: Scene, offered: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates whose context bears them out, in the order of the text."""
    row = [c for c, follower in zip_longest(offered, offered[1:]) if not _is_explained(scene, c, follower)]
    trades = _tells_of_trade(scene, row)
    passed = {c for c in row if c.entry.context == "none" or (c.entry.context == "weak" and trades)}
    if len(passed) == len(row):
        return row
    passed |= _strong(scene, row, passed)
    names = frozenset(passed)
    for index, candidate in enumerate(row):
        context = candidate.entry.context
        if context == "sign":
            counts = trades and not _belongs_to_name(scene, row, index, names)
        elif context == "descriptor":
            counts = (
                _beside_amount(scene, candidate)
                and not _belongs_to_name(scene, row, index, names)
                and not _under_heading(scene, row, index, names)
            )
        else:
            counts = False
        if counts:
            passed.add(candidate)
    if any(lexicon.labels[c.entry.value] != "medicijnen" and c.entry.value != "xtc" for c in passed):
        passed.update(
            candidate
            for index, candidate in enumerate(row)
            if candidate.entry.context == "party" and not _belongs_to_name(scene, row, index, names)
        )
    return [candidate for candidate in row if candidate in passed]


def _is_explained(scene: Scene, candidate: Candidate, follower: Candidate | None) -> bool:
    """Tell whether a word of several meanings is followed by its meaning in brackets ("bruin (hash)")."""
    return (
        follower is not None
        and candidate.entry.context != "none"
        and follower.entry.context == "none"
        and scene.text[candidate.end : follower.start] == " ("
    )


def _tells_of_trade(scene: Scene, candidates: list[Candidate]) -> bool:
    """Tell whether the text trades at all: a cue, an amount, or two different substances."""
    return (
        bool(scene.cues)
        or len({candidate.entry.value for candidate in candidates}) > 1
        or _TRADE.search(scene.text) is not None
    )


def _strong(scene: Scene, row: list[Candidate], names: set[Candidate]) -> set[Candidate]:
    """Return those that stand beside an amount, or in a list with a name or with each other."""
    strong = [c for c in row if c.entry.context == "strong"]
    if not strong:
        return set()
    passed = _letters(scene, [c for c in strong if c.end - c.start == 1], names)
    words = [
        c
        for before, c in pairwise([None, *row])
        if c in strong and c.end - c.start > 1 and not (before in names and _qualifies(scene, c, before))
    ]
    passed |= {c for c in words if _beside_amount(scene, c)}
    for left, right in pairwise(sorted(names.union(words, passed))):
        gap = scene.text[left.end : right.start]
        if len(gap) <= 40 and _JOINER.fullmatch(gap):
            passed.update(c for c in (left, right) if c.entry.context == "strong")
    return passed


def _letters(scene: Scene, letters: list[Candidate], names: set[Candidate]) -> set[Candidate]:
    """Return the single letters that count: alone, a letter is a unit, a size or a slip.

    It counts if it stands beside an amount ("c 50 k 30") or between the marks of a list ("wit, m,
    keta"), and something else is offered too; "g" also beside millilitres.
    """
    whole = {c for c in letters if not _in_abbreviation(scene, c)}
    plain = {c for c in whole if scene.text[c.start] in _PLAIN_LETTERS}
    usable = {c for c in whole if _beside_amount(scene, c) and (c in plain or not _is_unit(scene, c))}
    if len({c.entry.value for c in usable}) < 2:
        usable &= plain
    usable |= {c for c in plain if _between_marks(scene, c)}
    if len({c.entry.value for c in names.union(usable)}) < 2:
        usable = set()
    return usable | {c for c in letters if c.entry.value == "ghb" and _in_millilitres(scene, c)}


def _between_marks(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 5) : candidate.start]
    return (
        _BETWEEN_MARKS.search(before) is not None and _MARK_AFTER.match(scene.text, candidate.end) is not None
    )


def _in_millilitres(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 10) : candidate.start]
    return (
        _MILLILITRES_AFTER.match(scene.text, candidate.end) is not None
        or _MILLILITRES_BEFORE.search(before) is not None
    )


def _qualifies(scene: Scene, candidate: Candidate, name: Candidate) -> bool:
    """Tell whether a word says how the drug named just before it looks ("2cb roze 5 st")."""
    return name.entry.value != candidate.entry.value and scene.text[name.end : candidate.start] in (" ", " (")


def _beside_amount(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 20) : candidate.start]
    return (
        _AMOUNT_AFTER.match(scene.text, candidate.end) is not None
        or _AMOUNT_BEFORE.search(before) is not None
    )


def _in_abbreviation(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is part of something written short ("t/m", "tesla's") or counts ("c)")."""
    before, after = (
        scene.text[max(0, candidate.start - 1) : candidate.start],
        scene.text[candidate.end : candidate.end + 1],
    )
    return before in _SHORTENING or after in _SHORTENING or (after == ")" and before != "(")


def _is_unit(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is a unit of the number before it ("5 g") or of the price ("50 / g")."""
    before = scene.text[max(0, candidate.start - 4) : candidate.start].rstrip(" ./p€")
    return before[-1:].isdigit()


def _belongs_to_name(scene: Scene, row: list[Candidate], index: int, names: frozenset[Candidate]) -> bool:
    """Tell whether a sign or a describing word only decorates another substance's name.

    It does if they stand in one item of a list with no number between them, or at the item's end.
    """
    candidate = row[index]
    for name in reversed(row[max(0, index - _REACH) : index]):
        gap = scene.text[name.end : candidate.start]
        if len(gap) > 60 or _ITEM_END.search(gap):
            break
        if (
            name in names
            and name.entry.value != candidate.entry.value
            and not (_DIGIT.search(gap) and _OWN_AMOUNT.match(scene.text, candidate.end))
        ):
            return True
    for name in row[index + 1 : index + 1 + _REACH]:
        gap = scene.text[candidate.end : name.start]
        if len(gap) > 60 or _ITEM_END.search(gap) or _DIGIT.search(gap):
            break
        if name in names and name.entry.value != candidate.entry.value:
            return True
    return False


def _under_heading(scene: Scene, row: list[Candidate], index: int, names: frozenset[Candidate]) -> bool:
    """Tell whether a describing word begins a line below another substance's heading."""
    start = row[index].start
    line = scene.text.rfind("\n", max(0, start - _LINE_START), start) + 1
    if line == 0 or _LETTER_OR_DIGIT.search(scene.words, line, start):
        return False
    above = [name for name in row[max(0, index - _REACH) : index] if name in names]
    return bool(above) and not _DIGIT.search(scene.text, above[-1].end, line)
