"""Which single letters name what an ad offers: alone, a letter is a unit, a size or a slip."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from drugscan.extraction.belonging import are_joined, is_beside_amount
from drugscan.extraction.gazetteer import Candidate, Scene
from drugscan.extraction.vocabulary import units_of

_MAX_PAIR_GAP = 5
# Single letters that stand for little else in a menu; the others are units, sizes and slips as well.
_PLAIN_LETTERS = "ckmh"
_SHORTENING = ("/", "'", "’")
_ABBREVIATED = re.compile(r"(?<!\w)[a-z]\.\Z")
_HOURS = re.compile(r"(?<!\d)(?:[1-9]|1\d|2[0-4]|36|48|72) \Z")
_AMOUNT = re.compile(r" ?[=:-]? ?\d")
_THE = re.compile(r"(?<!\w)(?:de|het|le|la|el|the|der|das|'t|t|d'r) \Z")
_HIM = re.compile(r"(?<!\w)(?:breng|doe|geef|haal|heb|koop|krijg|laat|neem|pak|verkoop|zet) \Z")
_BETWEEN_MARKS = re.compile(r"(?:^|[\n,/|+&•·–\-\x02]|\b(?:en|and|und)) ?$")
_MARK_AFTER = re.compile(r" ?(?:$|[\n,/|+&•·–\-.\x02]|(?:en|and|und)\b)")


def letters_that_count(scene: Scene, row: list[Candidate], letters: list[int], names: set[int]) -> set[int]:
    """Return the letters that count beside other names.

    A letter counts if it stands beside an amount ("c 50 k 30") or between the marks of a list ("wit, m,
    keta"), and something else is offered too; "g" also beside millilitres.
    """
    whole = {i for i in letters if not _in_abbreviation(scene, row[i])}
    plain = {i for i in whole if scene.text[row[i].start] in _PLAIN_LETTERS}
    usable = {
        i for i in whole if is_beside_amount(scene, row[i]) and (i in plain or not _is_unit(scene, row[i]))
    }
    if len({row[i].entry.value for i in usable}) < 2:
        usable &= plain
    usable |= {i for i in plain if _between_marks(scene, row[i])}
    for left, right in pairwise(sorted(whole)):
        if are_joined(scene, row[left], row[right], max_gap=_MAX_PAIR_GAP):  # "m en e's", "c & k"
            usable.update((left, right))
    if len({row[i].entry.value for i in names | usable}) < 2:
        usable = set()
    return usable | {i for i in letters if row[i].entry.value == "ghb" and _in_millilitres(scene, row[i])}


def lone_letters_that_count(scene: Scene, row: list[Candidate], strong: list[int]) -> set[int]:
    """Return the letters that count where nothing else is named: "3g k 60", "G te koop: 50 ml 20"."""
    letters = {i for i in strong if row[i].end - row[i].start == 1 and not _in_abbreviation(scene, row[i])}
    has_millilitres = _millilitres().search(scene.text) is not None
    return {
        i
        for i in letters
        if (scene.text[row[i].start] in _PLAIN_LETTERS and is_beside_amount(scene, row[i]))
        or (has_millilitres and row[i].entry.value == "ghb" and not _is_unit(scene, row[i]))
    }


def _between_marks(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 5) : candidate.start]
    return (
        _BETWEEN_MARKS.search(before) is not None and _MARK_AFTER.match(scene.text, candidate.end) is not None
    )


def _in_millilitres(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 15) : candidate.start]
    return (
        _millilitres_after().match(scene.text, candidate.end) is not None
        or _millilitres_before().search(before) is not None
    )


@cache
def _millilitres() -> re.Pattern[str]:
    """Return what finds an amount or a unit of it; a bare "l" may as well be a letter of the list."""
    return re.compile(rf"(?:\d ?|\b(?!l\b)){units_of('ml')}\b")


@cache
def _millilitres_before() -> re.Pattern[str]:
    return re.compile(rf"{_millilitres().pattern} \Z")


@cache
def _millilitres_after() -> re.Pattern[str]:
    return re.compile(rf"[^a-z\n]{{0,4}}(?:per )?(?:\d{{1,4}} ?|(?!l\b)){units_of('ml')}\b")


def _in_abbreviation(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is part of something written short ("t/m", "t&t", "p.s") or counts ("c)")."""
    text, start, end = scene.text, candidate.start, candidate.end
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    letter = text[start:end]
    return (
        before in _SHORTENING
        or after in _SHORTENING
        or (before == "." and _ABBREVIATED.match(text, max(0, start - 2), start) is not None)
        or (after == ")" and before != "(")
        or (letter == "m" and _HIM.search(text, max(0, start - 10), start) is not None)
        or (letter == "g" and _THE.search(text, max(0, start - 5), start) is not None)
        or (
            letter == "h"
            and _HOURS.search(text, max(0, start - 4), start) is not None
            and _AMOUNT.match(text, end) is None
        )
        or (after == "-" and text[end + 1 : end + 2].isdigit())  # "M-30"
        or (after == "&" and text[end + 1 : end + 2] == letter)
        or (before == "&" and text[max(0, start - 2) : start - 1] == letter)
    )


def _is_unit(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is a unit of the number before it ("5 g") or of the price ("50 / g")."""
    before = scene.text[max(0, candidate.start - 4) : candidate.start].rstrip(" ./p€")
    return before[-1:].isdigit()
