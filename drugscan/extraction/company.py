"""What a word stands for beside the others in the same ad, by the rules of ``company.toml``."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import zip_longest
from typing import Any

from drugscan.extraction.belonging import MILLIGRAMS, is_vape
from drugscan.extraction.gazetteer import Candidate, Scene
from drugscan.lexicon.loader import Lexicon
from drugscan.text import EMOJI_NAME
from drugscan.toml_files import read_toml

_COLOURS = ("weak", "sign")
_FARTHEST_NAME = 60  # candidates
_OF_VAPE = re.compile(r" (?:[/&,] )?|, ")
_BRACKET_OPENS = re.compile(r"\((?:[a-z ,/&]|(?<=[a-z])\d{1,4}(?!\d)){0,30}\Z")
_BRACKET_CLOSES = re.compile(r"(?:[a-z ,/&]|(?<=[a-z])\d{1,4}(?!\d)){0,30}\)")  # "(groen, S903)"
_DOSE = re.compile(r"(?<![\d.,])\d{2,3} ?mg \Z")
_PRICE_BEHIND = re.compile(r"[ :=€-]{1,4}(\d{1,3})(?![\d.,])(?! ?(?:gr?|gram|st|stuks)\b)")
_COUNT = re.compile(
    rf":?(?: ?:{EMOJI_NAME}:)*(?: [-=])?[ \n]"
    r"(\d{1,3} ?(?:mg|ug)\b(?:[^\n]{0,40}?(?<!\d)|[^\n]{0,40}\n))?"
    r"\d{1,4}x? (?:\d{1,3} ?(?:mg|ug) )?"
)
_SAID = re.compile(
    r" (?!(?:en|of|and|or) )(?:(?! (?:en|of|and|or) )[^\d\n,;/&+:]){1,40} \d{1,4}x? "
)  # "4-FA is er weer! 5 "
# Between pills and more of the same: a price, and their count.
_NEXT_COUNT = re.compile(r"(?:[^a-z]|(?<![a-z])(?:euro?|voor|for|p/?s)(?![a-z])){1,30}")
_OWN_COUNT = re.compile(r" ?\d{1,4}(?: ?(?:voor|vr|for|x|=|st)|/)")
_FLAVOUR = re.compile(r" (?:smaak|flavou?r|taste)\b")
_FLAVOUR_HEADING = re.compile(r"(?:smaak|smaken|flavou?rs?) ?[:(]")


def weigh_company(text: str, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates of an ad as the others in it show them, without those that they explain."""
    return _without_containers(_without_flavours(text, _without_pills(text, _as_company_tells(text, row))))


def is_colour(scene: Scene, known: list[Candidate], index: int, lexicon: Lexicon) -> bool:
    """Tell whether a colour says how a pill or powder looks: "Tesla groen 220 mg", "md wit"."""
    text, (start, end, entry, _) = scene.text, known[index]
    if entry.context == "none" or entry.value not in _company_rules()["colours"]["mean"]:
        return False
    if MILLIGRAMS.match(text, end) is not None:
        return True
    if index and entry.form in _company_rules()["colours"]["words"]:
        name = known[index - 1]
        is_sure = name.entry.context in ("none", "descriptor")  # "a-pvp, kristal wit"
        if is_sure and text[name.end : start] in (" ", ": ") and _has_colours(name, lexicon):
            return True
    before, behind = _beside_colour()
    is_in_brackets = _BRACKET_OPENS.search(text, max(start - 30, 0), start) and _BRACKET_CLOSES.match(
        text, end
    )
    if (
        not is_in_brackets
        and not before.search(text, max(start - 12, 0), start)
        and not behind.match(text, end)
    ):
        return False
    line = text.rfind("\n", 0, start) + 1
    is_word = entry.form in _company_rules()["colours"]["words"]
    return any(
        other.start >= line and (_is_dosed(other, lexicon) or (is_word and _has_colours(other, lexicon)))
        for other in known[max(index - _FARTHEST_NAME, 0) : index]
    )


@cache
def _beside_colour() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return expressions for a plain colour that is joined to what stands behind it, or before it."""
    plain = "|".join(_company_rules()["colours"]["plain"])
    joint = " ?(?:en|and|und|et|&|/) ?"
    return re.compile(rf"(?<![a-z])(?:{plain}){joint}\Z"), re.compile(rf"{joint}(?:{plain})(?![a-z])")


def _has_colours(name: Candidate, lexicon: Lexicon) -> bool:
    """Tell whether what is named comes in several colours."""
    value = name.entry.value
    is_made = _is_dosed(name, lexicon) or lexicon.labels[value] == "designer"
    return is_made or value in _company_rules()["colours"]["of"]


def _is_dosed(name: Candidate, lexicon: Lexicon) -> bool:
    """Tell whether what is named is a medicine, or comes in pieces."""
    return name.entry.value in lexicon.counted or lexicon.labels[name.entry.value] == "medicijnen"


def _without_pills(text: str, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates without what pills hold, and pills of what is named: "4-FA 10 pillen 40"."""
    if all(candidate.entry.value != "xtc" for candidate in row):
        return row
    pressed = _company_rules()["pressed"]
    kept: list[Candidate] = []
    last_pills = -1  # where those of the last name end
    for candidate in row:
        before = kept[-1] if kept else None
        if candidate.entry.value == "mdma" and _DOSE.search(
            text, max(candidate.start - 8, 0), candidate.start
        ):
            continue  # "punisher 250 mg mdma"
        is_xtc = candidate.entry.value == "xtc"
        if is_xtc and before is not None and before.entry.value in pressed:
            are_of_last = last_pills > before.end and _NEXT_COUNT.fullmatch(text, last_pills, candidate.start)
            are_pills = candidate.entry.context == "party"
            if (are_pills and (are_of_last or _are_counted(text, before.end, candidate))) or (
                _is_coloured(text, before.end, candidate.start)
            ):
                last_pills = candidate.end
                continue
        kept.append(candidate)
    return kept


def _is_coloured(text: str, end: int, start: int) -> bool:
    """Tell whether at most a colour stands between a name and what it is pressed as: "2cb roze tesla"."""
    between = text[end:start].strip(" ")
    return "\n" not in between and (not between or between in _company_rules()["colours"]["words"])


def _are_counted(text: str, end: int, pills: Candidate) -> bool:
    """Tell whether nothing but a count stands between a name that ends somewhere and pills."""
    if _SAID.fullmatch(text, end, pills.start):
        return True
    count = _COUNT.fullmatch(text, end, pills.start)
    return count is not None and (count[1] is not None or not _OWN_COUNT.match(text, pills.end))


def _without_flavours(text: str, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates without strains that sweets taste of: "smaken: zkittlez", "blueberry gummies"."""
    if all(candidate.entry.value != "cannabis_products" for candidate in row):
        return row
    headings = [match.end() for match in _FLAVOUR_HEADING.finditer(text)]
    kept = []
    vape_end = -1
    for candidate, follower in zip_longest(row, row[1:]):
        is_of_vape = vape_end >= 0 and _OF_VAPE.fullmatch(text, vape_end, candidate.start) is not None
        if candidate.entry.value == "weed" and (
            _is_behind(text, candidate, headings)
            or _FLAVOUR.match(text, candidate.end) is not None
            or (follower is not None and _is_flavour(text, candidate, follower))
            or is_of_vape
        ):
            vape_end = candidate.end if is_of_vape else -1
            continue
        kept.append(candidate)
        vape_end = candidate.end if is_vape(candidate.entry) else -1
    return kept


def _is_behind(text: str, candidate: Candidate, ends: list[int]) -> bool:
    """Tell whether one of some places stands before a candidate on its line."""
    index = bisect_right(ends, candidate.start)
    return index > 0 and "\n" not in text[ends[index - 1] : candidate.start]


def _is_flavour(text: str, strain: Candidate, product: Candidate) -> bool:
    is_strain = strain.entry.source == "strain or trade name" or strain.entry.context != "none"
    is_beside = text[strain.end : product.start] == " "
    return is_strain and is_beside and product.entry.value == "cannabis_products"


def _without_containers(row: list[Candidate]) -> list[Candidate]:
    """Return the candidates without words that in this company say how another is packed, or looks."""
    offered = {candidate.entry.value for candidate in row}
    for rule in _company_rules()["containers"]:
        if rule["holds"] not in offered or offered.isdisjoint(rule["beside"]):
            continue
        own = [candidate for candidate in row if candidate.entry.value == rule["holds"]]
        if "only" in rule or all(_is_container(candidate, None) for candidate in own):
            row = [
                candidate
                for candidate in row
                if candidate.entry.value != rule["holds"] or not _is_container(candidate, rule.get("only"))
            ]
    return row


def _is_container(candidate: Candidate, only: list[str] | None) -> bool:
    entry = candidate.entry
    return entry.context == "sign" and entry.form.isalpha() if only is None else entry.form in only


def _as_company_tells(text: str, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates, with words for brown things that are hash.

    They are wherever an ad has weed and nothing to snort, and behind weed if a gram is not too dear.
    """
    rule = _company_rules()["brown"]
    offered = {candidate.entry.value for candidate in row}
    if rule["alone"] not in offered or offered.isdisjoint(rule["some"]):
        return row
    if any(c.entry.value == rule["alone"] and c.entry.context not in _COLOURS for c in row):
        return row
    is_apt = offered.isdisjoint(rule["nothing_of"])
    return [
        candidate._replace(entry=candidate.entry._replace(value=rule["beside"]))
        if candidate.entry.value == rule["alone"]
        and (
            is_apt
            or (
                before is not None
                and before.entry.value in rule["some"]
                and not _is_dear(text, candidate.end, rule["dear_eur"])
            )
        )
        else candidate
        for before, candidate in zip([None, *row], row, strict=False)
    ]


def _is_dear(text: str, end: int, dear_eur: int) -> bool:
    """Tell whether a bare price of so many euros at the least stands right behind a name: "bruin 30 p/g"."""
    price = _PRICE_BEHIND.match(text, end)
    return price is not None and int(price[1]) >= dear_eur


@cache
def _company_rules() -> dict[str, Any]:
    """Return what ``company.toml`` says."""
    return read_toml("drugscan.extraction", "company.toml")
