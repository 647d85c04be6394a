"""Strengths in mg that stand without their unit: "lyrica 300", "zopiclon 7,5 - 30 st", "XTC Netflix 220"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from drugscan.extraction.gaps import FOR
from drugscan.extraction.tokens import Token
from drugscan.extraction.vocabulary import amount_rules

_STRENGTHS = {
    substance: frozenset(Decimal(str(strength)) for strength in strengths)
    for substance, strengths in amount_rules()["strengths"].items()
}
"""By substance: what its tablets, patches and pens hold, in mg."""
_ANY = frozenset.union(*_STRENGTHS.values())

_PILL_MG = range(90, 351)
_PILLS = "xtc"
_DASH = re.compile(" - ")
_TIMES = re.compile(r"(\d{1,3}) ?x ?")
_LEAST_MG = 5  # fewer are packages
_PRICE = re.compile(r" ?[:=@-]? ?(?:€ ?)?\d")
_TIER = re.compile(r"[,:]? ?\(?\d{1,3} (?:st |stuks |pillen )?(?:voor|vr|=|for) ?")


def may_be_strength(name: Token, number: Token, after: Token | None, text: str) -> bool:
    """Tell whether a number right behind a name may be the strength of what is named.

    Parameters
    ----------
    name, number : Token
        The name and what stands right behind it.
    after : Token or None
        What follows in the line.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> lyrica = Token("name", 0, 6, value="pregabalin")
    >>> [
    ...     may_be_strength(lyrica, Token("number", 7, 10, Decimal(number)), None, f"lyrica {number}")
    ...     for number in (300, 310)
    ... ]
    [True, False]
    """
    if name.kind != "name":
        return False
    if name.value == _PILLS:
        is_tier = _TIER.match(text, number.end) is not None  # "tesla 250, 10 voor 20"
        is_last = after is None or is_tier or (after.kind == "quantity" and not FOR.match(text, number.end))
        return is_last and number.amount in _PILL_MG
    is_of_one = (
        after is not None
        and after.kind == "per"
        and after.start - number.end <= 1
        and _PRICE.match(text, after.end) is None  # "lyrica 300 p.s. 2"
    )
    own = _STRENGTHS.get(name.value, frozenset())
    is_known = number.amount in (own if not own or ends_item(number, after, text) else _ANY)
    return is_known and not is_of_one and FOR.match(text, number.end) is None


def ends_item(number: Token, after: Token | None, text: str) -> bool:
    """Tell whether nothing follows a number in its item, so that it may be a price.

    Examples
    --------
    >>> ends_item(Token("number", 5, 7), Token("number", 9, 10), "dex: 10, 5 st")
    True
    """
    return (
        after is None
        or after.kind in ("name", "all", "per")
        or text.startswith((",", ";", "/", " /", " +"), number.end)
    )


def hold_prices(line: Sequence[Token], text: str) -> bool:
    """Tell whether the numbers behind medicines are prices: one that ends its item is no strength of it.

    Examples
    --------
    >>> def of(value, number):
    ...     return [Token("name", 0, 5, value=value), Token("number", 6, 8, Decimal(number))]
    >>> [hold_prices([*of("diazepam", price), *of("temazepam", 20)], "") for price in (10, 9)]
    [False, True]
    """
    followers = [*line[2:], None]
    return any(
        name.kind == "name"
        and number.kind == "number"
        and name.value in _STRENGTHS
        and number.amount not in _STRENGTHS[name.value]
        and number.start - name.end <= 1
        and ends_item(number, after, text)
        for (name, number), after in zip(pairwise(line), followers, strict=False)
    )


def without_strength(name: Token, token: Token, text: str) -> Token:
    """Cut the strength from "zopiclon 7,5 - 30 st", which is no range; the name stands before the token.

    Examples
    --------
    >>> amount = Token("quantity", 10, 20, Decimal("7.5"), Decimal(30))
    >>> without_strength(Token("name", 0, 9, value="zopiclone"), amount, "zopiclon: 7,5 - 30 st").start
    16
    """
    times = _TIMES.match(text, token.start, token.end)
    count = Decimal(times[1]) if times is not None else Decimal(0)
    if times is not None and count >= _LEAST_MG and count in _STRENGTHS.get(name.value, ()):
        return token._replace(start=times.end(), amount=(token.amount or count) / count)  # "300 x 56 st"
    dash = _DASH.search(text, token.start, token.end)
    is_strength = token.amount_max is not None and token.amount in _STRENGTHS.get(name.value, ())
    if not is_strength or dash is None:
        return token
    return token._replace(start=dash.end(), amount=token.amount_max, amount_max=None)
