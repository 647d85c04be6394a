"""What is no amount of anything sold: times, dates, strengths, with the numbers that lead up to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import GRAM, Token
from drugscan.lexicon.loader import Lexicon

HIGHEST = {"other": 60, "strength": 1000, "month": 31}
"""By kind of token, how high a number may be that leads up to it: a time, a strength in mg, a day."""

PRICED = re.compile(r"(?:(?<!\w)(?:voor|vr|for|fur)|[=@€]) ?\Z")
"""Before a price."""

_ONE = Decimal(1)
_TIGHT = 3
_MG_PER_G = 1000
_LEAST_MG = 250
_FARTHEST_NAME = 60  # tokens
_LIST_JOINT = re.compile(r" ?(?:[/&,-]|en|of|tot|t/m|and|till?) ?")
_POWDER = re.compile("poeder|powder|poeier")
_EATEN = "cannabis_products"


def drop_unsold(seen: list[Token], token: Token, text: str) -> None:
    """Drop the numbers that lead up to a time, a date or a strength.

    Parameters
    ----------
    seen : list of Token
        The tokens of the line before it; changed.
    token : Token
        Of one of the kinds of :data:`HIGHEST`.
    text : str
        The folded text.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> *seen, strength = tokenise("5/10/20 mg", [], load_lexicon())
    >>> drop_unsold(seen, strength, "5/10/20 mg")
    >>> seen
    []
    """
    start = token.start
    is_dated = token.kind == "month" and seen and seen[-1].kind == "number"
    if is_dated and token.start - seen[-1].end <= 1:
        start = seen.pop().start  # "16-20 okt"
    drop_list(seen, start, HIGHEST[token.kind], text)


def drop_list(seen: list[Token], end: int, highest: int, text: str) -> None:
    """Drop the numbers that lead up to a place in the text: "5/10/20 mg", "10 of 12 uur".

    Parameters
    ----------
    seen : list of Token
        The tokens of the line before it; changed.
    end : int
        The place.
    highest : int
        How high such numbers may be.
    text : str
        The folded text.
    """
    while (
        seen
        and seen[-1].kind == "number"
        and text[seen[-1].start].isdigit() == text[end].isdigit()  # not "5g 45, drie soorten"
        and PRICED.search(text, max(seen[-1].start - 6, 0), seen[-1].start) is None
        and (seen[-1].amount or 0) <= highest
        and _LIST_JOINT.fullmatch(text, seen[-1].end, end)
        and not ("," in text[seen[-1].end : end] and _is_price_of_one(seen))
    ):
        end = seen.pop().start


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
    if not _is_sold(seen, strength, after, text, lexicon):
        return strength
    return strength._replace(kind="quantity", amount=(strength.amount or _ONE) / _MG_PER_G, unit=GRAM)


def _is_sold(
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
    return name.value not in lexicon.counted and (strength.amount or 0) >= _LEAST_MG


def _is_price_of_one(seen: Sequence[Token]) -> bool:
    """Tell whether the last number stands right behind a unit: "0.5mg pen 90, 1mg pen 120"."""
    unit = seen[-2] if len(seen) > 1 else None
    return unit is not None and unit.kind == "unit" and seen[-1].start - unit.end <= 1
