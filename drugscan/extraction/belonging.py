"""What a word in an ad belongs to: an amount beside it, a list, or the name of another substance."""

from __future__ import annotations

import re
from functools import cache

from drugscan.extraction.gazetteer import Candidate, Scene
from drugscan.extraction.vocabulary import units_of
from drugscan.lexicon.loader import Entry, Lexicon
from drugscan.text import EMOJI_NAME

MILLIGRAMS = re.compile(r" ?\d{2,3} ?(?:mg|mcg|ug|microgram)\b")
# Between a name and its amount stand no letters but those of an emoji.
_NO_LETTERS = rf"(?:[^a-z\n]|\x02{EMOJI_NAME}\x02)"
_AMOUNT_AFTER = re.compile(
    rf"{_NO_LETTERS}{{0,12}}\n?{_NO_LETTERS}{{0,12}}\d|{_NO_LETTERS}{{0,4}}(?:p/?g|p\.?s|per|vanaf|v\.a|voor|from|ab)\b"
)
_OWN_AMOUNT = re.compile(rf"{_NO_LETTERS}{{0,12}}(?:(?:vanaf|v\.a\.?|va|from|ab) )?\d")
_DIGIT = re.compile(r"\d")
_ITEM_END = re.compile(r"[\n,/|+&;•·–—*]| - |(?<!\w)(?:en|and|und|et|y|e|i|of|or|met|ook)(?!\w)")
_JOINER = re.compile(r"[^\w\n]*(?:[,/|+&;•·–—*\-]|(?<!\w)(?:en|and|und|et|of|or|y|e|i)(?!\w))[^\w\n]*")
_BELONGS_TO_LINE = re.compile(r"^\W?per |\b(?:poeder|powder)$")
_OPEN_BRACKET = re.compile(r" ?\([^)\n]{0,40}")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")
# How many candidates and characters away a name may stand that another one belongs to.
_REACH, _MAX_GAP = 10, 60
_STRENGTH = re.compile(r" \d{2,3}(?: ?mg)? ")
# A comma, a word at the most, the description, and what follows it: "A-PVP, crystal, 1 g 25".
_APPOSED = re.compile(r", (?:[a-z]{2,12} )?")
_DESCRIBED = re.compile(r"[,.:] ?(?=\d)")
_VAPE = re.compile(r"cart|vape|disposable|pods\Z")


def are_joined(scene: Scene, left: Candidate, right: Candidate, *, max_gap: int) -> bool:
    """Tell whether two candidates stand side by side in a list, so many characters apart at the most."""
    gap = scene.text[left.end : right.start]
    return len(gap) <= max_gap and _JOINER.fullmatch(gap) is not None


def qualifies(scene: Scene, row: list[Candidate], index: int, names: set[int], lexicon: Lexicon) -> bool:
    """Tell whether a word says how the drug before it looks ("2cb roze 5 st", "lyrica 300 rood")."""
    candidate, name = row[index], row[index - 1]
    is_letter = candidate.end - candidate.start == 1
    if index - 1 not in names or is_letter or name.entry.value == candidate.entry.value:
        return False
    gap = scene.text[name.end : candidate.start]
    is_medicine = lexicon.labels[name.entry.value] == "medicijnen"
    return gap in (" ", " (") or (is_medicine and _STRENGTH.fullmatch(gap) is not None)


def is_beside_amount(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether an amount, or a word that leads up to one, stands right beside a candidate."""
    before = scene.text[max(0, candidate.start - 20) : candidate.start]
    return (
        _AMOUNT_AFTER.match(scene.text, candidate.end) is not None
        or _amount_before().search(before) is not None
    )


@cache
def _amount_before() -> re.Pattern[str]:
    return re.compile(rf"\d ?(?:x|{units_of('g', 'ml', 'pcs')})?\.? ?(?:{_NO_LETTERS}){{0,3}}\Z")


def belongs_to_name(scene: Scene, row: list[Candidate], index: int, names: set[int]) -> bool:
    """Tell whether a sign or a describing word only decorates another substance's name.

    It does if they stand in one item of a list with no number between them, or at the item's end.
    """
    start, end, entry, _ = row[index]
    own = (entry.value, "weed") if is_vape(entry) else (entry.value,)  # "cart cali" is one of weed
    line = scene.text.rfind("\n", 0, start) + 1
    if _BELONGS_TO_LINE.search(scene.text[max(start - 5, 0) : end]) and any(
        other in names and row[other].entry.value not in (entry.value, "crack") and row[other].start >= line
        for other in range(max(0, index - _REACH), index)
    ):
        return True  # "2cb 15 mg, 8 per pil", "dmt carts 70, poeder 90"
    for other in range(index - 1, max(-1, index - _REACH), -1):
        gap = scene.text[row[other].end : start]
        is_in_brackets = _OPEN_BRACKET.fullmatch(gap) is not None  # "3-MMC (nieuw, kristal)"
        is_apposed = _APPOSED.fullmatch(gap) is not None and _DESCRIBED.match(scene.text, end) is not None
        if len(gap) > _MAX_GAP or (_ITEM_END.search(gap) and not is_in_brackets and not is_apposed):
            break
        if is_apposed and other in names and row[other].entry.value not in own:
            return True
        of_another = other in names and row[other].entry.value not in own
        if of_another and not (_DIGIT.search(MILLIGRAMS.sub("", gap)) and _OWN_AMOUNT.match(scene.text, end)):
            return True
    for other in range(index + 1, min(len(row), index + _REACH)):
        gap = scene.text[end : row[other].start]
        if len(gap) > _MAX_GAP or _ITEM_END.search(gap) or _DIGIT.search(gap):
            break
        if other in names and row[other].entry.value not in own:
            return True
    return False


def is_under_heading(
    scene: Scene, row: list[Candidate], index: int, names: set[int], below: set[int]
) -> bool:
    """Tell whether a describing word begins a line below another name's heading, or the next such line."""
    start = row[index].start
    line = scene.text.rfind("\n", max(0, start - _MAX_GAP), start) + 1
    if line == 0 or _LETTER_OR_DIGIT.search(scene.words, line, start):
        return False
    above = [i for i in range(max(0, index - _REACH), index) if i in names]
    if not above:
        return False
    is_below = scene.text.rfind("\n", 0, line - 1) + 1 in below or not _DIGIT.search(
        scene.text, row[above[-1]].end, line
    )
    if is_below:
        below.add(line)
    return is_below


def is_vape(entry: Entry) -> bool:
    """Tell whether a word means a thing to vape, of cannabis where nothing else is said."""
    return entry.value == "cannabis_products" and _VAPE.search(entry.form) is not None
