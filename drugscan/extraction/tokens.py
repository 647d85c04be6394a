"""From an ad's text to the tokens that offers are made of: names, amounts, prices and a few words.

The words come from ``amounts.toml`` and the tables ``units.csv`` and ``numbers.csv``. One expression
finds all of them; what their neighbours say of them is weighed afterwards.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from drugscan.extraction.matching import Match
from drugscan.lexicon.loader import Lexicon, Unit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Token(NamedTuple):
    """A piece of a line.

    Attributes
    ----------
    kind : str
        ``number`` (an amount or a price), ``quantity`` (surely an amount), ``price`` (surely one),
        ``unit`` (alone), ``per`` (the price of one unit), ``name`` (of a substance), or a kind of word
        of ``amounts.toml``.
    start, end : int
        Its place in the folded text.
    amount, amount_max : Decimal or None
        Of a number, quantity or price: in the unit's ``value`` where it has one. The second for a range.
    unit : Unit or None
        Of a quantity, a unit or a per.
    value : str
        Of a name: the substance's id. Of a quantity: ``part`` (a half) or ``thousand`` (1k), whose unit is
        the row's. Of a per: ``article`` where it is said loosely ("de gram").
    """

    kind: str
    start: int
    end: int
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    unit: Unit | None = None
    value: str = ""


GRAM = Unit("g.gram", "gram", "g", Decimal(1), "measure")
PIECE = Unit("pcs.st", "st", "pcs", Decimal(1), "piece")


@lru_cache(maxsize=1)
def amount_rules() -> dict[str, Any]:
    """Return what ``amounts.toml`` says."""
    rules: dict[str, Any] = tomllib.loads(
        files("drugscan.extraction").joinpath("amounts.toml").read_text("utf-8")
    )
    return rules


class Words(NamedTuple):
    """What the words of the tables mean, and the expression that finds them."""

    units: Mapping[str, Unit]
    numbers: Mapping[str, Decimal]
    kinds: Mapping[str, str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=4)
def words_of(lexicon: Lexicon) -> Words:
    """Return the words for amounts of a lexicon."""
    rules = amount_rules()
    units = {unit.form: unit for unit in lexicon.units}
    numbers = {word.form: word.value for word in lexicon.number_words}
    kinds = {form: kind for kind, forms in rules["words"].items() for form in forms}
    names = {
        "NUMBER": rules["number"],
        "UNIT": _alternatives(units),
        "MONEY": _alternatives([unit.form for unit in lexicon.units if unit.value == "eur"]),
        "NUMERAL": _alternatives(numbers),
        "WORD": _alternatives(kinds),
    }

    def compiled(written: str) -> re.Pattern[str]:
        return re.compile(re.sub("|".join(names), lambda match: names[match[0]], written))

    tokens = "|".join(f"(?P<is_{kind}>{pattern})" for kind, pattern in rules["tokens"].items())
    return Words(units, numbers, kinds, compiled(tokens))


def _alternatives(forms: Collection[str]) -> str:
    """Return an expression for any of some words, the longest that fits; shared beginnings stand once."""
    if len(forms) == 1:
        return "".join(map(re.escape, forms))
    endings: dict[str, list[str]] = {}
    for form in sorted(filter(None, forms)):
        endings.setdefault(form[0], []).append(form[1:])
    branches = "|".join(re.escape(first) + _alternatives(rest) for first, rest in endings.items())
    return f"(?:{branches})" + ("?" if "" in forms else "")


def tokenise(text: str, substances: Sequence[Match], lexicon: Lexicon) -> list[list[Token]]:
    """Return the tokens of a folded text, line by line.

    Parameters
    ----------
    text : str
        The folded text.
    substances : sequence of Match
        What :func:`drugscan.extraction.substances.find_substances` found in it.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of list of Token
        Of each line that has any, in order. What their neighbours say of them is not weighed yet.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> (line,) = tokenise("5 gram 40 euro, vanaf 0,5 kilo", [], load_lexicon())
    >>> [(token.kind, token.amount and int(token.amount)) for token in line]
    [('quantity', 5), ('price', 40), ('from', None), ('quantity', 500)]
    """
    words = words_of(lexicon)
    lines: list[list[Token]] = []
    line: list[Token] = []
    names = [Token("name", match.start, match.end, value=match.value) for match in substances]
    names.reverse()
    for match in words.pattern.finditer(_blank_names(text, substances, words.units)):
        while names and names[-1].start <= match.start():
            line.append(names.pop())
        if match.lastgroup == "is_line":
            lines.append(line)
            line = []
        else:
            line += _READERS[match.lastgroup or ""](match, words)
    lines.append(line + names[::-1])
    return [line for line in lines if line]


def _blank_names(text: str, substances: Sequence[Match], units: Mapping[str, Unit]) -> str:
    """Return the text without the words of names, but for those that are units too, such as "tank"."""
    pieces = []
    done = 0
    for name in substances:
        pieces.append(text[done : name.start])
        pieces.append(
            _NAME_WORD.sub(
                lambda word: word[0] if word[0] in units else "\x00" * len(word[0]),
                text[name.start : name.end],
            )
        )
        done = name.end
    return "".join(pieces) + text[done:]


_NAME_WORD = re.compile(r"[^\s/-]+")


def is_plural(unit: Unit) -> bool:
    """Tell whether a word for a unit is a plural."""
    return unit.form.endswith(("s", "en")) and unit.form not in _SINGULAR


_SINGULAR = ("pen", "fles", "bos", "tas", "doos", "ons", "stuks")

# --- a match of the expression to its tokens ------------------------------------------------------


def _read_nothing(_match: re.Match[str], _words: Words) -> list[Token]:
    return []


def _read_price(match: re.Match[str], _words: Words) -> list[Token]:
    amount = _to_decimal(match["price"]) * (1000 if match["price_thousand"] else 1)
    return [Token("price", *match.span(), amount)] if amount else []


def _read_times(match: re.Match[str], _words: Words) -> list[Token]:
    amount = _to_decimal(match["times_of"])
    return [Token("quantity", *match.span(), amount, value="times")] if amount else []


def _read_per(match: re.Match[str], words: Words) -> list[Token]:
    unit = words.units[match["per_unit"] or match["slash_unit"] or match["unit_price"] or "st"]
    if unit.value not in ("g", "ml", "pcs"):
        return []
    if match[0][0] == "/" and (
        is_plural(unit) or (match.string[match.start() - 1] == " " and unit.kind not in ("measure", "piece"))
    ):
        return [Token("unit", *match.span(), unit=unit)]
    start, end = match.span()
    end += match.string.startswith("p.", start) and match.string.startswith(".", end)  # "p.g. 10"
    is_each = not (match["per_unit"] or match["slash_unit"] or match["unit_price"])
    value = "article" if match["article"] else "each" if is_each else ""
    return [Token("per", start, end, unit=unit, value=value)]


def _read_word(match: re.Match[str], words: Words) -> list[Token]:
    start, end = match.span()
    word = match[0]
    if word in words.kinds:
        kind = words.kinds[word]
        if kind == "part":
            return [Token("quantity", start, end, words.numbers[word], value="part")]
        return [Token(kind, start, end)]
    if word in words.units:
        unit = words.units[word]
        return [Token("unit", start, end, unit=unit)] if unit.value in ("g", "ml", "pcs") else []
    amount = words.numbers[word]
    return [Token("number", start, end, amount, value="word")] if amount > 1 else []


def _read_amount(match: re.Match[str], words: Words) -> list[Token]:
    start, end = match.span()
    amount = _to_decimal_or_word(match["low"], words)
    high = _to_decimal(match["high"]) if match["high"] else None
    unit = words.units[match["unit"]] if match["unit"] else None
    if not amount:
        return []
    if match["money"] or (unit is not None and unit.value == "eur"):
        return _money(match, amount, high, unit)
    tokens = []
    factor = Decimal(1)
    if match["count"]:
        if unit is None or unit.kind in ("other", "vessel"):
            tokens.append(Token("quantity", start, match.end("count"), Decimal(match["count"])))
            start = match.start("low")
        else:
            factor = Decimal(match["count"])
    if match["thousand"] or match["bare_thousand"]:
        factor *= 1000
    if unit is None:
        if match["bare_high"]:
            return [*tokens, Token("quantity", start, end, amount, _to_decimal(match["bare_high"]))]
        kind = "quantity" if match["times"] else "number"
        value = "thousand" if match["bare_thousand"] else ""
        return [*tokens, Token(kind, start, end, amount * factor, value=value)]
    if high is not None and high <= amount:
        tokens.append(Token("number", start, match.end("low"), amount))
        start, amount, high = match.start("high"), high, None
    if unit.kind == "other":
        return [*tokens, Token(_OTHERS.get(unit.form, "other"), start, end)]
    if len(unit.form) <= _LONGEST_ABBREVIATION and match.string.startswith(". ", end):
        end += 1
    factor *= unit.factor
    return [*tokens, Token("quantity", start, end, amount * factor, high and high * factor, unit)]


def _money(match: re.Match[str], amount: Decimal, high: Decimal | None, unit: Unit | None) -> list[Token]:
    """Return a price, behind the amount that it is for in "10-25 euro" and "2x 50 euro"."""
    start, end = match.span()
    factor = (unit.factor if unit else 1) * (1000 if match["thousand"] else 1)
    tokens = []
    if match["count"]:
        tokens.append(Token("quantity", start, match.end("count"), Decimal(match["count"])))
        start = match.start("low")
    if high is not None:
        tokens.append(Token("number", start, match.end("low"), amount))
        start, amount = match.start("high"), high
    return [*tokens, Token("price", start, end, amount * factor)] if amount else tokens


def _read_plus(match: re.Match[str], _words: Words) -> list[Token]:
    return [Token("plus", *match.span())]


_READERS: dict[str, Callable[[re.Match[str], Words], list[Token]]] = {
    "is_none": _read_nothing,
    "is_price": _read_price,
    "is_amount": _read_amount,
    "is_times": _read_times,
    "is_per": _read_per,
    "is_word": _read_word,
    "is_plus": _read_plus,
}

_LONGEST_ABBREVIATION = 3
_OTHERS = {"%": "share"} | dict.fromkeys(("mg", "mcg", "ug", "milligram", "iu"), "strength")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")


def _to_decimal_or_word(written: str, words: Words) -> Decimal:
    return words.numbers.get(written) or _to_decimal(written)


def _to_decimal(written: str) -> Decimal:
    """Return a number as Dutch people write it."""
    if "/" in written:
        whole, _, fraction = written.rpartition(" ")
        upper, lower = fraction.split("/")
        return (_to_decimal(whole) if whole else Decimal(0)) + Decimal(upper) / Decimal(lower)
    if _THOUSANDS.fullmatch(written):
        written = written.replace(".", "")
    return Decimal(written.replace(",", "."))
