"""Tokens, and how the words of an amount, a price or a unit become one."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from drugscan.extraction.vocabulary import Vocabulary
from drugscan.lexicon.loader import Unit


class Token(NamedTuple):
    """A piece of a line.

    Attributes
    ----------
    kind : str
        ``number`` (an amount or a price), ``quantity`` (surely an amount), ``price`` (surely one),
        ``unit`` (alone), ``per`` (the price of one unit), ``name`` (of a substance), ``plus``, ``old`` (what
        it cost before), ``strength`` (so many mg), ``share`` (so many per cent), ``other`` (so many minutes,
        kilometres), or a kind of word of ``amounts.toml``.
    start, end : int
        Its place in the folded text.
    amount, amount_max : Decimal or None
        Of a number, quantity or price: in the unit's ``value`` where it has one. The second for a range.
    unit : Unit or None
        Of a quantity, a unit or a per.
    value : str
        Of a name: the substance's id. Otherwise what is special about it: ``part`` (a half of the row's
        unit), ``thousand`` (1k), ``times`` (x5), ``counted`` (of pills that are named), ``pill`` (of what
        has a strength), ``filled`` (a container with its content), ``word`` (a number in letters),
        ``article`` ("de gram"), ``each`` ("p.s."), ``bound`` (of a fee or discount), ``stock`` ("nog 6").
    confidence : float
        Of a name: how sure its form is.
    """

    kind: str
    start: int
    end: int
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    unit: Unit | None = None
    value: str = ""
    confidence: float = 1

    def moved(self, distance: int) -> Token:
        """Return the token so many characters further on.

        Examples
        --------
        >>> Token("plus", 3, 4).moved(10).start
        13
        """
        kind, start, end, amount, amount_max, unit, value, confidence = self
        moved = (kind, start + distance, end + distance, amount, amount_max, unit, value, confidence)
        return tuple.__new__(Token, moved)  # in half the time of Token(...)


GRAM = Unit("g.gram", "gram", "g", Decimal(1), "measure")
FOREIGN = Unit("foreign", "", "", Decimal(1), "money")
EURO = Unit("eur.euro", "euro", "eur", Decimal(1), "money")
PIECE = Unit("pcs.st", "st", "pcs", Decimal(1), "piece")

_ONE, _THOUSAND = Decimal(1), Decimal(1000)
_SOLD = ("g", "ml", "pcs")
_OTHERS = {"%": "share"} | dict.fromkeys(("mg", "mcg", "ug", "milligram", "iu"), "strength")
_LONGEST_ABBREVIATION = 3
_SINGULAR = ("pen", "fles", "bos", "tas", "doos", "ons", "stuks")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


def is_plural(unit: Unit) -> bool:
    """Tell whether a word for a unit is a plural.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> [unit.form for unit in load_lexicon().units if unit.form in ("fles", "flessen") and is_plural(unit)]
    ['flessen']
    """
    return unit.form.endswith(("s", "en")) and unit.form not in _SINGULAR


def _nothing(_match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    return []


def _old(match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    return [Token("old", *match.span())]


def _plus(match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    return [Token("plus", *match.span())]


def _price(match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    if match["cents"]:
        return [Token("price", *match.span(), Decimal(f"{match['price']}.{match['cents']}"))]
    amount = _to_decimal(match["price"])
    if not amount:
        return []
    unit = FOREIGN if match["sign"] in "£$" else None
    return [Token("price", *match.span(), _thousands(amount, match), unit=unit)]


def _times(match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    amount = _to_decimal(match["times"])
    return [Token("quantity", *match.span(), amount, value="times")] if amount else []


def _per(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    start, end = match.span()
    if match["low"]:
        return _per_amount(match, vocabulary)
    if match["pieces"]:
        return [Token("per", start, end, Decimal(match["pieces"]), unit=PIECE)]  # "xtc p/10"
    named_unit = match["per_unit"]
    unit = vocabulary.units[named_unit or ("kilo" if match["kilo"] else "st")]
    if unit.value not in _SOLD:
        return []
    if match["dot"] and not match[0].startswith("p."):
        end -= 1  # of the sentence
    value = "article" if match["article"] else "" if named_unit or match["kilo"] else "each"
    return [Token("per", start, end, unit=unit, value=value)]


def _slash(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    unit = vocabulary.units[match["unit"]]
    if unit.value not in _SOLD:
        return []
    return [Token("unit" if is_plural(unit) else "per", *match.span(), unit=unit)]


def _slash_apart(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read "/ gram"; but a slash before a container rather separates: "5g 40 / strip 10"."""
    unit = vocabulary.units[match["unit"]]
    if unit.value not in _SOLD or unit.kind in ("measure", "piece"):
        return _slash(match, vocabulary)
    return [Token("unit", *match.span(), unit=unit)]


def _per_amount(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read "p/5g", "per 100 ml"."""
    low, unit = _to_decimal(match["low"]), vocabulary.units[match["low_unit"]]
    if not low or unit.value not in _SOLD:
        return []
    return [Token("per", *match.span(), low * unit.factor, unit=unit)]


def _unit_price(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    unit = vocabulary.units[match["unit"]]
    return [Token("per", *match.span(), unit=unit)] if unit.value in _SOLD else []


def _word(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    start, end = match.span()
    word = match[0]
    kind = vocabulary.kinds.get(word)
    if kind == "part":
        return [Token("quantity", start, end, vocabulary.numbers[word], value="part")]
    if kind is not None:
        return [Token(kind, start, end)]
    unit = vocabulary.units.get(word)
    if unit is not None:
        if unit.value == "eur" and unit.factor > 1:
            return [Token("price", start, end, unit.factor)]  # "een tientje"
        return [Token("unit", start, end, unit=unit)] if unit.value in _SOLD else []
    amount = vocabulary.numbers[word]
    return [Token("number", start, end, amount, value="word")] if amount > 1 else []  # "een goede"


def _word_for(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read "een voor 50"."""
    number = Token("number", *match.span(), vocabulary.numbers[match[0]], value="word")
    return _word(match, vocabulary) or [number]


def _numeral(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read "halve kilo", "vijf stuks"."""
    unit = vocabulary.units[match["unit"]]
    return _with_unit(*match.span(), vocabulary.numbers[match["numeral"]], None, unit)


def _measured(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read a number with its unit or currency, and what else belongs to it: a count, a range, k."""
    start, end = match.span()
    low, high, count = _to_decimal(match["low"]), _to_decimal(match["high"]), _to_decimal(match["count"])
    unit = vocabulary.units[match["unit"]] if match["unit"] else EURO
    if not low or (match["count"] and not count):
        return []
    tokens = []
    if count and unit.kind in ("other", "vessel", "money"):
        tokens.append(Token("quantity", start, match.end("count"), count))
        start, count = match.start("low"), None
    if high is not None and (high <= low or unit.kind == "money"):
        tokens.append(Token("number", start, match.end("low"), low))  # "5-40 euro" is a pair
        start, low, high = match.start("high"), high, None
    if match["plus"]:
        tokens.append(Token("from", start, start))  # "10+ kilo"
    if match["thousand"]:
        low, high = _thousands(low, match), high and high * _THOUSAND
    factor = count or _ONE
    if match["dot"] and len(unit.form) > _LONGEST_ABBREVIATION:
        end -= 1  # of the sentence
    return [*tokens, *_with_unit(start, end, low * factor, high and high * factor, unit)]


def _between(match: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Read "500g-1kg"; "10g-5g" are two amounts."""
    low_unit, high_unit = vocabulary.units[match["low_unit"]], vocabulary.units[match["high_unit"]]
    low = (_to_decimal(match["low"]) or 0) * low_unit.factor
    high = (_to_decimal(match["high"]) or 0) * high_unit.factor
    if not low or not high:
        return []
    if low < high and low_unit.value == high_unit.value:
        return [Token("quantity", *match.span(), low, high, high_unit)]
    return [
        Token("quantity", match.start(), match.end("low_unit"), low, unit=low_unit),
        Token("quantity", match.start("high"), match.end(), high, unit=high_unit),
    ]


def _with_unit(start: int, end: int, low: Decimal, high: Decimal | None, unit: Unit) -> list[Token]:
    if unit.kind == "other":
        return [Token(_OTHERS.get(unit.form, "other"), start, end, low)]
    if unit.kind == "money":
        return [Token("price", start, end, low * unit.factor, unit=None if unit.value == "eur" else FOREIGN)]
    return [Token("quantity", start, end, low * unit.factor, high and high * unit.factor, unit)]


def _number(match: re.Match[str], _vocabulary: Vocabulary) -> list[Token]:
    start, end = match.span()
    low, count = _to_decimal(match["low"]), _to_decimal(match["count"])
    tokens = []
    if count:
        tokens.append(Token("quantity", start, match.end("count"), count))  # "2x 50"
        start = match.start("low")
    if not low:
        return tokens
    high = _to_decimal(match["high"])
    if match["times"] or (high and low < high):
        return [*tokens, Token("quantity", start, end, low, high)]  # "5x", "100-499: 1,20"
    if match["thousand"]:
        return [*tokens, Token("number", start, end, _thousands(low, match), value="thousand")]
    return [*tokens, Token("number", start, end, low)]


def _thousands(amount: Decimal, match: re.Match[str]) -> Decimal:
    """Return an amount that a k may make thousands of: "24k", "2k5"."""
    if not match["thousand"]:
        return amount
    return amount * _THOUSAND + 100 * Decimal(match["hundreds"] or 0)


def _to_decimal(written: str | None) -> Decimal | None:
    """Return a number as Dutch people write it, or "1,000"; None for none and for zero."""
    if written is None:
        return None
    if "/" in written:
        whole, _, fraction = written.rpartition(" ")
        upper, lower = fraction.split("/")
        return (_to_decimal(whole or None) or 0) + Decimal(upper) / Decimal(lower)
    if "." in written and _THOUSANDS.fullmatch(written):
        written = written.replace(".", "")
    elif "," in written and _ENGLISH_THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    return Decimal(written.replace(",", ".")) or None


READERS: dict[str, Callable[[re.Match[str], Vocabulary], list[Token]]] = {
    "none": _nothing,
    "old": _old,
    "price": _price,
    "between": _between,
    "measured": _measured,
    "number": _number,
    "numeral": _numeral,
    "times": _times,
    "slash": _slash,
    "slash_apart": _slash_apart,
    "per": _per,
    "unit_price": _unit_price,
    "word_for": _word_for,
    "word": _word,
    "plus": _plus,
}
"""By the kind of an expression in ``amounts.toml``: what makes tokens of its match.

Mostly one; none where it is no amount, and two of "2x 50 euro".
"""
