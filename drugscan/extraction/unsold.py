"""What is no amount of anything sold: times, dates, strengths, with the numbers that lead up to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drugscan.extraction.tokens import Token

HIGHEST = {"other": 60, "strength": 1000, "month": 31}
"""By kind of token, how high a number may be that leads up to it: a time, a strength in mg, a day."""

PRICED = re.compile(r"(?:(?<!\w)(?:voor|vr|for|fur)|[=@€]) ?\Z")
"""Before a price."""

_LIST_JOINT = re.compile(r" ?(?:[/&,-]|en|of|tot|t/m|and|till?) ?")


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


def _is_price_of_one(seen: Sequence[Token]) -> bool:
    """Tell whether the last number stands right behind a unit: "0.5mg pen 90, 1mg pen 120"."""
    unit = seen[-2] if len(seen) > 1 else None
    return unit is not None and unit.kind == "unit" and seen[-1].start - unit.end <= 1
