"""Strengths in mg, some without their unit ("lyrica 300", "zopiclon 7,5 - 30 st"), and powder sold by mg."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from drugscan.extraction.gaps import FOR
from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import GRAM, Token
from drugscan.extraction.vocabulary import amount_rules
from drugscan.lexicon.loader import Lexicon

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
_LEAST_POWDER_MG = 250
_MG_PER_G = 1000
_ONE = Decimal(1)
_TIGHT = 3
_FARTHEST_NAME = 60  # tokens
_POWDER = re.compile("poeder|powder|poeier")
_EATEN = "cannabis_products"
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


def in_grams(
    seen: Sequence[Token], strength: Token, after: Token | None, text: str, lexicon: Lexicon
) -> Token:
    """Return the amount that so many milligrams are, if they are sold, else the strength as it is.

    They are where a price follows and what is named comes in no pills: "6-APB 500mg 35, 1g 60".

    Parameters
    ----------
    seen : sequence of Token
        The tokens of the line before it.
    strength : Token
        The milligrams.
    after : Token or None
        What follows in the line.
    text : str
        The folded text.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    Token
        Of the kind ``quantity`` or ``strength``.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> strength, price = tokenise("1000 mg 35", [], load_lexicon())
    >>> in_grams([], strength, price, "1000 mg 35", load_lexicon()).kind
    'quantity'
    """
    if not _is_powder(seen, strength, after, text, lexicon):
        return strength
    return strength._replace(kind="quantity", amount=(strength.amount or _ONE) / _MG_PER_G, unit=GRAM)


def _is_powder(
    seen: Sequence[Token], strength: Token, after: Token | None, text: str, lexicon: Lexicon
) -> bool:
    is_priced = after is not None and after.kind in PRICES and after.start - strength.end <= _TIGHT
    if not is_priced or not text.endswith("mg", strength.start, strength.end):
        return False
    name = next((before for before in reversed(seen[-_FARTHEST_NAME:]) if before.kind == "name"), None)
    if name is None:
        return strength.amount == _MG_PER_G
    if lexicon.labels[name.value] == "medicijnen" or name.value == _EATEN:
        return False
    if _POWDER.search(text, name.end, strength.start):
        return True
    return name.value not in lexicon.counted and (strength.amount or 0) >= _LEAST_POWDER_MG
