"""From a line of an ad to the tokens that offers are made of: amounts, prices, units, substances."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

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
        ``number`` (bare), ``quantity`` (with its unit), ``price`` (with its currency), ``unit`` (alone),
        ``per`` (the price of one unit), ``from`` ("vanaf": an amount at the least), ``times`` (x, "voor" or
        = between an amount and a price), ``substance``, or ``end`` (a line's).
    start, end : int
        Its place in the folded text.
    amount, amount_max : Decimal or None
        Of a number, quantity or price; in the unit's ``value``. The second for a range.
    unit : Unit or None
        Of a quantity, a unit or a per.
    value : str
        Of a substance: its id.
    """

    kind: str
    start: int
    end: int
    amount: Decimal | None = None
    amount_max: Decimal | None = None
    unit: Unit | None = None
    value: str = ""


_NUMBER = r"(?:\d{1,3}(?:[.]\d{3})+(?:,\d{1,2})?|\d{1,7}(?:[.,]\d{1,3})?)"
_NOT_WITHIN_WORD = "(?:(?<![a-z])|(?![a-z]))"
"""True in most places where anything may begin; spares trying all expressions at each letter."""

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_NAME_WORD = re.compile(r"[^\s/-]+")
_LINE_END = re.compile("\n|$")


@lru_cache(maxsize=4)
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return one expression for what is no amount, and one for all tokens."""
    expressions = tomllib.loads(files("drugscan.extraction").joinpath("amounts.toml").read_text("utf-8"))
    names = {
        "CURRENCY": expressions["currency"],
        "NUMBER": rf"(?:(?:{_NUMBER} )?[13]/[24](?![\d/])|{_NUMBER})",
        "UNIT": f"(?:{_alternatives([unit.form for unit in lexicon.units])})(?![a-z'])",
        "WORDS": _alternatives([word.form for word in lexicon.number_words if word.form.isalpha()]),
    }

    def compiled(parts: list[str]) -> re.Pattern[str]:
        written = re.sub("|".join(names), lambda match: names[match[0]], "|".join(parts))
        return re.compile(f"{_NOT_WITHIN_WORD}(?:{written})")

    tokens = [f"(?P<is_{kind}>{pattern})" for kind, pattern in expressions["tokens"].items()]
    return compiled(list(expressions["no_amount"].values())), compiled(tokens)


@lru_cache(maxsize=4)
def _words(lexicon: Lexicon) -> tuple[dict[str, Unit], dict[str, Decimal]]:
    """Return units and numbers by the words for them."""
    units = {unit.form: unit for unit in lexicon.units}
    return units, {word.form: word.value for word in lexicon.number_words}


def _alternatives(forms: Collection[str]) -> str:
    """Return an expression for any of some words, the longest that fits; shared beginnings stand once."""
    if len(forms) == 1:
        return "".join(map(re.escape, forms))
    endings: dict[str, list[str]] = {}
    for form in sorted(filter(None, forms)):
        endings.setdefault(form[0], []).append(form[1:])
    branches = "|".join(re.escape(first) + _alternatives(rest) for first, rest in endings.items())
    return f"(?:{branches})" + ("?" if "" in forms else "")


def tokenise(text: str, substances: Sequence[Match], lexicon: Lexicon) -> list[Token]:
    """Return the tokens of a folded text, in order.

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
    list of Token
        With a token ``end`` at each line's end.
    """
    no_amount, token_pattern = _patterns(lexicon)
    blanked = no_amount.sub(lambda match: " " * len(match[0]), text)
    units, numbers = _words(lexicon)
    blanked = _blank_names(blanked, substances, units)
    tokens = [Token("substance", m.start, m.end, value=m.value) for m in substances]
    for match in token_pattern.finditer(blanked):
        token = _read(match, units, numbers)
        if token is not None:
            tokens.append(token)
    tokens += [Token("end", match.start(), match.end()) for match in _LINE_END.finditer(text)]
    tokens.sort(key=lambda token: (token.start, token.kind == "end"))
    return _weigh_numbers(tokens, text, units["st"], lexicon)


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


def _weigh_numbers(tokens: list[Token], text: str, piece: Unit, lexicon: Lexicon) -> list[Token]:
    """Return the tokens with their neighbours seen, without those that turn out to be no amounts."""
    weighed: list[Token] = []
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.kind == "per" and text[token.start] == "/" and _is_amount_behind(token, after):
            seen: Token | None = token._replace(kind="unit")  # "5g 40 / gram 10"
        else:
            seen = _weigh_number(weighed[-1] if weighed else None, token, after, piece, lexicon)
        if seen is not None:
            weighed.append(seen)
    return weighed


def _is_amount_behind(token: Token, after: Token | None) -> bool:
    return after is not None and after.kind in ("number", "price") and after.start - token.end <= 1


def _weigh_number(
    before: Token | None, token: Token, after: Token | None, piece: Unit, lexicon: Lexicon
) -> Token | None:
    """Return what a token is between its neighbours."""
    name = before.value if before and before.kind == "substance" and token.start - before.end <= 1 else ""
    is_medicine = bool(name) and lexicon.labels[name] == "medicijnen"
    if token.kind == "number":
        if is_medicine:  # a strength: "lyrica 300"
            return None
        is_counted = after is not None and after.kind == "substance" and after.value in lexicon.counted
        if is_counted and not name and after is not None and after.start - token.end <= 1:  # "40 tikkers"
            return token._replace(kind="quantity", unit=piece)
    if token.kind == "quantity" and is_medicine and token.unit and token.unit.kind == "container":
        return token._replace(kind="unit", amount=None)  # "oxazepam 10 strip = 8"
    return token


def _read(match: re.Match[str], units: dict[str, Unit], numbers: dict[str, Decimal]) -> Token | None:
    start, end = match.span()
    kind = (match.lastgroup or "").removeprefix("is_")
    if kind == "per":
        return Token(kind, start, end, unit=units[match["per_unit"] or "st"])
    if kind == "price":
        amount = _to_decimal(match["price_1"] or match["price_2"])
        if amount and (match["thousand_1"] or match["thousand_2"]):
            amount *= 1000
        return Token(kind, start, end, amount) if amount else None
    if kind == "quantity":
        return _quantity(match, units, numbers)
    if kind == "half":
        return Token(kind, start, end, numbers[match["part"]])
    if kind == "number":
        amount = numbers.get(match["bare"]) or _to_decimal(match["bare"])
        return Token(kind, start, end, amount) if amount else None
    if kind == "unit":
        return Token(kind, start, end, unit=units[match["alone"]])
    return Token(kind, start, end)


def _quantity(match: re.Match[str], units: dict[str, Unit], numbers: dict[str, Decimal]) -> Token | None:
    low = numbers.get(match["low"]) or _to_decimal(match["low"])
    high = _to_decimal(match["high"]) if match["high"] else None
    unit = units["st"] if match["thousand"] else units[match["unit"]]
    factor = Decimal(1000) if match["thousand"] else unit.factor
    if not low or (high is not None and high <= low):
        return None
    if match["count"] and unit.kind == "measure":
        factor *= int(match["count"])
    return Token("quantity", *match.span(), low * factor, high and high * factor, unit)


def _to_decimal(written: str) -> Decimal | None:
    """Return a number as Dutch people write it; None for what is none, such as 1/0."""
    whole, _, fraction = written.rpartition(" ") if "/" in written else ("", "", "")
    if fraction:
        upper, lower = fraction.split("/")
        return Decimal(whole or 0) + Decimal(upper) / Decimal(lower)
    if _THOUSANDS.fullmatch(written):
        written = written.replace(".", "")
    amount = Decimal(written.replace(",", "."))
    return amount if amount else None
