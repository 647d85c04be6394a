"""Which substances an ad offers: the candidates of the lexicon, weighed by their context."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any

from drugscan.extraction.gazetteer import TALK
from drugscan.extraction.matching import (
    Candidate,
    Match,
    Scene,
    as_match,
    find_forms,
    refused,
)
from drugscan.lexicon.loader import Entry, Lexicon
from drugscan.text import once_per_recent_text
from drugscan.toml_files import read_toml

# Between a name and its amount stand no letters but those of an emoji.
_NO_LETTERS = r"(?:[^a-z\n]|\x02[a-z_]{1,40}\x02)"
_AMOUNT_AFTER = re.compile(
    rf"{_NO_LETTERS}{{0,12}}\n?{_NO_LETTERS}{{0,12}}\d|{_NO_LETTERS}{{0,4}}(?:p/?g|p\.?s|per|vanaf|v\.a|voor|from|ab)\b"
)
_OWN_AMOUNT = re.compile(rf"{_NO_LETTERS}{{0,12}}\d")
_AMOUNT_BEFORE = re.compile(
    r"\d ?(?:x|g|gr|gram|grams|kg|kilo|ml|l|liter|st|stuks?|pcs|zakjes?|potjes?|strips?|flesjes?|fles)?\.? ?"
    rf"(?:{_NO_LETTERS}){{0,3}}\Z"
)
_TRADE = re.compile(
    r"\d ?(?:g|gr|grams?|kg|ml|st|stuks|pcs|mg|euro?|eu|€|,-|p/?[gs]|oz|lb)(?!\w)|€ ?\d"
    r"|\d ?[=/:x] ?\d|contact_|\d (?:voor|for|fur|pour|por|per) |(?<!\w)(?:halfje|halve|hele|half a g) \d"
)
_DIGIT = re.compile(r"\d")
_ITEM_END = re.compile(r"[\n,/|+&;•·–—*]| - |(?<!\w)(?:en|and|und|et|y|e|i|of|or|met|ook)(?!\w)")
_JOINER = re.compile(r"[^\w\n]*(?:[,/|+&;•·–—*\-]|(?<!\w)(?:en|and|und|et|of|or|y|e|i)(?!\w))[^\w\n]*")
_BELONGS_TO_LINE = re.compile(r"^\W?per |\b(?:poeder|powder)$")
_OPEN_BRACKET = re.compile(r" ?\([^)\n]{0,40}")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")


# How many candidates and characters away a name may stand that another one belongs to.
_REACH, _MAX_GAP = 10, 60
_MAX_PAIR_GAP = 5
# Characters of a post that says little but what it sells.
_SHORT = 160
# Single letters that stand for little else in a menu; the others are units, sizes and slips as well.
_PLAIN_LETTERS = "ckmh"
_SHORTENING = ("/", "'", "’")
_ABBREVIATED = re.compile(r"(?<!\w)[a-z]\.\Z")
_HOURS = re.compile(r"(?<!\d)(?:12|24|36|48|72) \Z")
_HIM = re.compile(r"(?<!\w)(?:breng|doe|geef|haal|heb|koop|krijg|laat|neem|pak|verkoop|zet) \Z")
_BETWEEN_MARKS = re.compile(r"(?:^|[\n,/|+&•·–\-\x02]|\b(?:en|and|und)) ?$")
_MARK_AFTER = re.compile(r" ?(?:$|[\n,/|+&•·–\-.\x02]|(?:en|and|und)\b)")
_MILLILITRES_AFTER = re.compile(r"[^a-z\n]{0,4}(?:per )?(?:\d{1,4} ?)?(?:ml|liter)\b")
_MILLILITRES_BEFORE = re.compile(r"(?:\d ?|\b)(?:ml|mil|liter|litertje) \Z")
_MILLILITRES = re.compile(r"(?:\d ?|\b)(?:ml|mil|liter|litertje)\b")
_COLOURS = ("weak", "sign")
_MILLIGRAMS = re.compile(r" ?\d{2,3} ?(?:mg|mcg|ug|microgram)\b")
_STRENGTH = re.compile(r" \d{2,3}(?: ?mg)? ")
# A comma, a word at the most, the description, and what follows it: "A-PVP, crystal, 1 g 25".
_EXPLAINED = re.compile(r" (?:\d{1,3}(?:[.,]\d{1,2})? )?\(")
_APPOSED = re.compile(r", (?:[a-z]{2,12} )?")
_DESCRIBED = re.compile(r"[,.:] ?(?=\d)")
_VAPE = re.compile(r"cart|vape|disposable|pods\Z")
_OF_VAPE = re.compile(r" (?:[/&,] )?|, ")
_FLAVOUR_HEADING = re.compile(r"(?:smaak|smaken|flavou?rs?) ?:")


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
    row = _offered(text, lexicon)
    if any(candidate.entry.context != "none" for candidate in row):
        scene = find_forms(text, lexicon)
        trades = is_ad or _tells_of_trade(scene, row)
        passed = _weigh(text, lexicon, trades)
        row = _last_resort(scene, row) if is_ad and not passed else passed
    if is_ad:
        row = _without_containers(_without_flavours(text, _as_company_tells(row)))
    return [as_match(candidate) for candidate in row]


@once_per_recent_text
def _offered(text: str, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates that the text neither excludes nor explains by another."""
    scene = find_forms(text, lexicon)
    known = [candidate for candidate in scene.substances if candidate.entry.value]
    unwanted = refused(scene, known, lexicon) if known else ()
    row = [
        candidate
        for candidate in known
        if candidate not in unwanted and not _is_colour_of_pill(scene, candidate, known, lexicon)
    ]
    return _explained(scene, row) if " (" in scene.text else row


def _is_colour_of_pill(scene: Scene, candidate: Candidate, known: list[Candidate], lexicon: Lexicon) -> bool:
    """Tell whether a colour says how a pill looks: "Tesla groen 220 mg", "xanax 2 mg bars (groen)"."""
    text, (start, end, entry, _) = scene.text, candidate
    if entry.context == "none" or entry.value not in _company_rules()["pill_colours"]:
        return False
    if _MILLIGRAMS.match(text, end) is not None:
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
        vape_end = candidate.end if _is_vape(candidate.entry) else -1
    return kept


def _is_vape(entry: Entry) -> bool:
    """Tell whether a word means a thing to vape, of cannabis where nothing else is said."""
    return entry.value == "cannabis_products" and _VAPE.search(entry.form) is not None


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


@once_per_recent_text  # the model asks before it is known whether a text is an ad
def _weigh(text: str, lexicon: Lexicon, trades: bool) -> list[Candidate]:
    """Return the candidates whose context bears them out, in the order of the text.

    Those that passed are known by their index in the row.
    """
    scene, row = find_forms(text, lexicon), _offered(text, lexicon)
    by_context: dict[str, list[int]] = defaultdict(list)
    for index, candidate in enumerate(row):
        by_context[candidate.entry.context].append(index)
    names = set(by_context["none"])
    if trades:
        names.update(by_context["weak"])
    signs = {i for i in by_context["sign"] if trades and _beside_amount(scene, row[i])}
    strong = [i for i in by_context["strong"] if not _qualifies(scene, row, i, names, lexicon)]
    names |= _strong(scene, row, strong, names, signs)
    passed = set(names)
    if trades:
        passed.update(i for i in by_context["sign"] if not _belongs_to_name(scene, row, i, names))
    below: set[int] = set()
    passed.update(
        i
        for i in by_context["descriptor"]
        if _beside_amount(scene, row[i])
        and not _belongs_to_name(scene, row, i, names)
        and not _under_heading(scene, row, i, names, below)
    )
    others = {row[i].entry.value for i in passed} - {"xtc"}
    if by_context["party"] and any(_is_for_party(value, lexicon) for value in others):
        passed.update(i for i in by_context["party"] if not _belongs_to_name(scene, row, i, names))
    return [candidate for index, candidate in enumerate(row) if index in passed]


def _is_for_party(substance: str, lexicon: Lexicon) -> bool:
    """Tell whether unnamed pills beside a substance are xtc: not its own, as of medicines and bromazolam."""
    label = lexicon.labels[substance]
    return label != "medicijnen" and (label != "designer" or substance not in lexicon.counted)


def _last_resort(scene: Scene, row: list[Candidate]) -> list[Candidate]:
    """Return the candidates that count in an ad where no other does; in a short one all words do."""
    strong = [index for index, candidate in enumerate(row) if candidate.entry.context == "strong"]
    counting = _lone_letters(scene, row, strong)
    if len(scene.text) <= _SHORT:
        counting.update(i for i in strong if row[i].end - row[i].start > 1)
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
        or _TRADE.search(scene.text) is not None
    )


def _strong(
    scene: Scene, row: list[Candidate], strong: list[int], names: set[int], signs: set[int]
) -> set[int]:
    """Return those that stand beside an amount, or in a list with a name or with each other."""
    if not strong:
        return set()
    letters = [i for i in strong if row[i].end - row[i].start == 1]
    words = set(strong).difference(letters)
    beside = {i for i in words if _beside_amount(scene, row[i])}
    passed = beside | _letters(scene, row, letters, names | beside | signs)
    for left, right in pairwise(sorted(names | words | passed)):
        gap = scene.text[row[left].end : row[right].start]
        if len(gap) <= 40 and _JOINER.fullmatch(gap):
            passed.update((left, right))
    return passed.intersection(strong)


def _letters(scene: Scene, row: list[Candidate], letters: list[int], names: set[int]) -> set[int]:
    """Return the single letters that count: alone, a letter is a unit, a size or a slip.

    It counts if it stands beside an amount ("c 50 k 30") or between the marks of a list ("wit, m,
    keta"), and something else is offered too; "g" also beside millilitres.
    """
    whole = {i for i in letters if not _in_abbreviation(scene, row[i])}
    plain = {i for i in whole if scene.text[row[i].start] in _PLAIN_LETTERS}
    usable = {
        i for i in whole if _beside_amount(scene, row[i]) and (i in plain or not _is_unit(scene, row[i]))
    }
    if len({row[i].entry.value for i in usable}) < 2:
        usable &= plain
    usable |= {i for i in plain if _between_marks(scene, row[i])}
    for left, right in pairwise(sorted(whole)):
        gap = scene.text[row[left].end : row[right].start]
        if len(gap) <= _MAX_PAIR_GAP and _JOINER.fullmatch(gap):  # "m en e's", "c & k"
            usable.update((left, right))
    if len({row[i].entry.value for i in names | usable}) < 2:
        usable = set()
    return usable | {i for i in letters if row[i].entry.value == "ghb" and _in_millilitres(scene, row[i])}


def _lone_letters(scene: Scene, row: list[Candidate], strong: list[int]) -> set[int]:
    """Return the letters that count where nothing else is named: "3g k 60", "G te koop: 50 ml 20"."""
    letters = {i for i in strong if row[i].end - row[i].start == 1 and not _in_abbreviation(scene, row[i])}
    has_millilitres = _MILLILITRES.search(scene.text) is not None
    return {
        i
        for i in letters
        if (scene.text[row[i].start] in _PLAIN_LETTERS and _beside_amount(scene, row[i]))
        or (has_millilitres and row[i].entry.value == "ghb" and not _is_unit(scene, row[i]))
    }


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


def _qualifies(scene: Scene, row: list[Candidate], index: int, names: set[int], lexicon: Lexicon) -> bool:
    """Tell whether a word says how the drug before it looks ("2cb roze 5 st", "lyrica 300 rood")."""
    candidate, name = row[index], row[index - 1]
    is_letter = candidate.end - candidate.start == 1
    if index - 1 not in names or is_letter or name.entry.value == candidate.entry.value:
        return False
    gap = scene.text[name.end : candidate.start]
    is_medicine = lexicon.labels[name.entry.value] == "medicijnen"
    return gap in (" ", " (") or (is_medicine and _STRENGTH.fullmatch(gap) is not None)


def _beside_amount(scene: Scene, candidate: Candidate) -> bool:
    before = scene.text[max(0, candidate.start - 20) : candidate.start]
    return (
        _AMOUNT_AFTER.match(scene.text, candidate.end) is not None
        or _AMOUNT_BEFORE.search(before) is not None
    )


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
        or (letter == "h" and _HOURS.search(text, max(0, start - 4), start) is not None)
        or (after == "-" and text[end + 1 : end + 2].isdigit())  # "M-30"
        or (after == "&" and text[end + 1 : end + 2] == letter)
        or (before == "&" and text[max(0, start - 2) : start - 1] == letter)
    )


def _is_unit(scene: Scene, candidate: Candidate) -> bool:
    """Tell whether one letter is a unit of the number before it ("5 g") or of the price ("50 / g")."""
    before = scene.text[max(0, candidate.start - 4) : candidate.start].rstrip(" ./p€")
    return before[-1:].isdigit()


def _belongs_to_name(scene: Scene, row: list[Candidate], index: int, names: set[int]) -> bool:
    """Tell whether a sign or a describing word only decorates another substance's name.

    It does if they stand in one item of a list with no number between them, or at the item's end.
    """
    start, end, entry, _ = row[index]
    own = (entry.value, "weed") if _is_vape(entry) else (entry.value,)  # "cart cali" is one of weed
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
        if of_another and not (
            _DIGIT.search(_MILLIGRAMS.sub("", gap)) and _OWN_AMOUNT.match(scene.text, end)
        ):
            return True
    for other in range(index + 1, min(len(row), index + _REACH)):
        gap = scene.text[end : row[other].start]
        if len(gap) > _MAX_GAP or _ITEM_END.search(gap) or _DIGIT.search(gap):
            break
        if other in names and row[other].entry.value not in own:
            return True
    return False


def _under_heading(scene: Scene, row: list[Candidate], index: int, names: set[int], below: set[int]) -> bool:
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
