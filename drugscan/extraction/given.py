"""What comes free with an order: "gratis 5 g", "+ 1g keta gratis", "bij 10 een joint cadeau"."""

from __future__ import annotations

from collections.abc import Sequence

from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import Token


def is_given(free: Token, name: Token, after: Token | None, text: str) -> bool:
    """Tell whether a name behind a word for free is of what is given, not of what follows.

    Parameters
    ----------
    free, name : Token
        The word and what stands right behind it.
    after : Token or None
        What follows in the line.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> ad = "gratis wiet bij 10 xtc"
    >>> is_given(Token("free", 0, 6), Token("name", 7, 11), Token("from", 12, 15), ad)
    True
    """
    if free.kind != "free" or text.startswith("krijg", free.start) or name.kind != "name":
        return False
    has_own = after is not None and (after.amount is not None or after.kind == "fee")
    return not (has_own and after is not None and after.start - name.end <= 1)


def drop_given(seen: list[Token], free: Token, after: Token | None, text: str) -> None:
    """Drop what stands before a word for free, if that is given away.

    Parameters
    ----------
    seen : list of Token
        The tokens of the line before the word; changed.
    free : Token
        The word.
    after : Token or None
        What follows in the line.
    text : str
        The folded text.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> ad = "5g 225 + 1g gratis"
    >>> *seen, free = tokenise(ad, [], load_lexicon())
    >>> drop_given(seen, free, None, ad)
    >>> [ad[token.start : token.end] for token in seen]
    ['5g', '225 + 1g gratis']
    """
    if after is not None and after.kind == "fee" and after.start - free.end <= 1:
        return  # "100 g, free shipping"
    is_sold = after is not None and after.kind in PRICES and after.start - free.end <= 1
    if is_sold and text.startswith("erbij", free.start):
        return  # "3 gram haze erbij 25"
    kept, end = len(seen), free.start
    while kept and seen[kept - 1].kind == "name" and end - seen[kept - 1].end <= 1:
        kept -= 1
        end = seen[kept].start
    if after is not None and after.kind in ("name", "unit") and _is_price(seen, kept - 1):
        seen.append(free)  # "10 kg 110, gratis ballonnen"
        return
    given = seen[kept - 1] if kept else None
    least = seen[kept - 2] if kept > 1 else None
    is_least = least is not None and least.kind == "from" and text[least.start] == "+"  # "10+ gratis joint"
    if given is None or given.kind not in ("quantity", "number") or end - given.end > 1 or is_least:
        del seen[kept:]  # "een pre-roll gratis"
        seen.append(free)
        return
    del seen[kept - 1 :]
    if seen and seen[-1].kind == "plus":
        seen.pop()
    if seen:
        seen[-1] = seen[-1]._replace(end=free.end)


def _is_price(seen: Sequence[Token], index: int) -> bool:
    """Tell whether a number stands right behind an amount."""
    return index > 0 and seen[index].kind in PRICES and seen[index - 1].kind == "quantity"
