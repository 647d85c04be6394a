"""What a word stands for beside the others in the same ad, by the rules of ``company.toml``."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import zip_longest
from typing import Any

from drugscan.extraction.belonging import MILLIGRAMS, is_vape
from drugscan.extraction.matching import Candidate, Scene
from drugscan.lexicon.loader import Lexicon
from drugscan.toml_files import read_toml

_COLOURS = ("weak", "sign")
_OF_VAPE = re.compile(r" (?:[/&,] )?|, ")
_FLAVOUR_HEADING = re.compile(r"(?:smaak|smaken|flavou?rs?) ?:")


def weigh_company(text: str, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates of an ad as the others in it show them, without those that they explain."""
    return _without_containers(_without_flavours(text, _as_company_tells(row)))


def is_colour_of_pill(scene: Scene, candidate: Candidate, known: list[Candidate], lexicon: Lexicon) -> bool:
    """Tell whether a colour says how a pill looks: "Tesla groen 220 mg", "xanax 2 mg bars (groen)"."""
    text, (start, end, entry, _) = scene.text, candidate
    if entry.context == "none" or entry.value not in _company_rules()["pill_colours"]:
        return False
    if MILLIGRAMS.match(text, end) is not None:
        return True
    if text[max(start - 1, 0)] != "(" or not text.startswith(")", end):
        return False
    line = text.rfind("\n", 0, start) + 1
    return any(
        line <= other.start < start
        and (other.entry.value == "xtc" or lexicon.labels[other.entry.value] == "medicijnen")
        for other in known
    )


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
    """Return the candidates without words that mean a container in this company."""
    offered = {candidate.entry.value for candidate in row}
    for rule in _company_rules()["containers"]:
        if rule["holds"] not in offered or offered.isdisjoint(rule["beside"]):
            continue
        own = [candidate for candidate in row if candidate.entry.value == rule["holds"]]
        containers = [candidate for candidate in own if _is_container(candidate, rule.get("only"))]
        if "only" in rule or len(containers) == len(own):
            row = [candidate for candidate in row if candidate not in containers]
    return row


def _is_container(candidate: Candidate, only: list[str] | None) -> bool:
    entry = candidate.entry
    return entry.context == "sign" and entry.form.isalpha() if only is None else entry.form in only


def _as_company_tells(row: list[Candidate]) -> list[Candidate]:
    """Return the candidates, with words for brown things that are hash: beside weed, and nothing to snort."""
    rule = _company_rules()["brown"]
    offered = {candidate.entry.value for candidate in row}
    is_apt = not offered.isdisjoint(rule["some"]) and offered.isdisjoint(rule["nothing_of"])
    brown = [candidate for candidate in row if candidate.entry.value == rule["alone"]]
    if not (brown and is_apt) or any(candidate.entry.context not in _COLOURS for candidate in brown):
        return row
    return [
        candidate._replace(entry=candidate.entry._replace(value=rule["beside"]))
        if candidate in brown
        else candidate
        for candidate in row
    ]


@cache
def _company_rules() -> dict[str, Any]:
    """Return what ``company.toml`` says."""
    return read_toml("drugscan.extraction", "company.toml")
