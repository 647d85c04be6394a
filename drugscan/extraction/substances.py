"""Which substances an ad offers: the candidates of the lexicon, weighed by their context."""

from __future__ import annotations

import re
from itertools import pairwise

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
_AMOUNT_BEFORE = re.compile(
    r"\d ?(?:x|g|gr|gram|grams|kg|kilo|ml|l|liter|st|stuks?|pcs|zakjes?|potjes?|strips?|flesjes?|fles)?\.? ?"
    rf"(?:{_NO_LETTERS}){{0,3}}$"
)
_TRADE = re.compile(
    r"\d ?(?:g|gr|gram|kg|ml|st|stuks|pcs|mg|euro?|eu|€|,-)(?!\w)|€ ?\d|\d ?[=/:] ?\d|contact_"
)
_DIGIT = re.compile(r"\d")
_ITEM_END = re.compile(r"[\n,/|+&;•·–—]| - |(?<!\w)(?:en|and|und|et|y|e|i|of|or|met|ook)(?!\w)")
_JOINER = re.compile(r"[^\w\n]*(?:[,/|+&;•·–—\-]|(?<!\w)(?:en|and|und|et|of|or|y|e|i)(?!\w))[^\w\n]*")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")


_UNIT_LETTERS = "glxe"


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
    candidates = [candidate for candidate in scene.substances if candidate.entry.value]
    if not candidates:
        return []
    unwanted = refused(scene, candidates, lexicon)
    offered = [candidate for candidate in candidates if candidate not in unwanted]
    return [as_match(candidate) for candidate in _weigh(scene, offered, lexicon)]


def _weigh(scene: Scene, candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates whose context bears them out, in the order of the text."""
    trades = _tells_of_trade(scene, candidates)
    names = [c for c in candidates if c.entry.context == "none" or (c.entry.context == "weak" and trades)]
    passed = set(names)
    passed |= _strong(scene, [c for c in candidates if c.entry.context == "strong"], passed)
    names = sorted(passed)
    for candidate in candidates:
        context = candidate.entry.context
        if (context == "sign" and trades and not _belongs_to_name(scene, candidate, names)) or (
            context == "descriptor"
            and _beside_amount(scene, candidate)
            and not _belongs_to_name(scene, candidate, names)
            and not _under_heading(scene, candidate, names)
        ):
            passed.add(candidate)
    if any(lexicon.labels[c.entry.value] != "medicijnen" and c.entry.value != "xtc" for c in passed):
        passed.update(
            c for c in candidates if c.entry.context == "party" and not _belongs_to_name(scene, c, names)
        )
    return sorted(passed)


def _tells_of_trade(scene: Scene, candidates: list[Candidate]) -> bool:
    """Tell whether the text trades at all: a cue, an amount, or two different substances."""
    return (
        bool(scene.cues)
        or len({candidate.entry.value for candidate in candidates}) > 1
        or _TRADE.search(scene.text) is not None
    )


def _strong(scene: Scene, candidates: list[Candidate], names: set[Candidate]) -> set[Candidate]:
    """Return those that stand beside an amount, or in a list with a name or with each other.

    One letter counts where others beside it count too ("c 50 k 30"): alone it is a unit or a slip.
    """
    letters = {c for c in candidates if c.end - c.start == 1}
    usable = {c for c in letters if _beside_amount(scene, c) and not _in_abbreviation(scene, c)}
    if len({c.entry.value for c in usable}) < 2:
        usable = set()
    candidates = [c for c in candidates if c not in letters or c in usable]
    passed = {c for c in candidates if _beside_amount(scene, c) and not _is_unit(scene, c)}
    passed |= {c for c in usable if scene.text[c.start] not in _UNIT_LETTERS}
    row = sorted(names | set(candidates))
    for left, right in pairwise(row):
        gap = scene.text[left.end : right.start]
        if len(gap) <= 40 and _JOINER.fullmatch(gap):
            passed.update(c for c in (left, right) if c.entry.context == "strong" and not _is_unit(scene, c))
    return passed


def _beside_amount(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 20) : candidate.start]
    return (
        _AMOUNT_AFTER.match(scene.text, candidate.end) is not None
        or _AMOUNT_BEFORE.search(before) is not None
    )


def _in_abbreviation(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is a part of something written short ("t/m", "p/g", "tesla's")."""
    around = (
        scene.text[max(0, candidate.start - 1) : candidate.start]
        + scene.text[candidate.end : candidate.end + 1]
    )
    return any(mark in around for mark in "/'’")


def _is_unit(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is a unit of the number before it ("5 g") or of the price ("50 / g")."""
    if candidate.end - candidate.start > 1:
        return False
    before = scene.text[max(0, candidate.start - 4) : candidate.start].rstrip(" ./p€")
    return before[-1:].isdigit()


def _belongs_to_name(scene: Scene, candidate: Candidate, names: list[Candidate]) -> bool:
    """Tell whether a sign or a describing word only decorates another substance's name.

    It does if they stand in one item of a list with no number between them.
    """
    for name in names:
        if name.entry.value == candidate.entry.value or name.entry.context == "sign":
            continue
        if name.end <= candidate.start:
            gap = scene.text[name.end : candidate.start]
        elif name.start >= candidate.end:
            gap = scene.text[candidate.end : name.start]
        else:
            continue
        if len(gap) <= 60 and not _ITEM_END.search(gap) and not _DIGIT.search(gap):
            return True
    return False


def _under_heading(scene: Scene, candidate: Candidate, names: list[Candidate]) -> bool:
    """Tell whether a describing word begins a line below another substance's heading."""
    line = scene.text.rfind("\n", 0, candidate.start) + 1
    if _LETTER_OR_DIGIT.search(scene.words, line, candidate.start):
        return False
    above = [name for name in names if name.end <= line]
    return bool(above) and not _DIGIT.search(scene.text, above[-1].end, line)
