"""Units and prices where they do not belong: "10/55 pillen", "3 voor 25 gram", "10 st 25 - 50 st 100"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drugscan.extraction.containers import is_container
from drugscan.extraction.gaps import FOR
from drugscan.extraction.surroundings import MOST_FOR_ONE_EURO, PRICES
from drugscan.extraction.tokens import Token

_ONE = Decimal(1)
_LEAST_PRICE_EUR = 5
_LEAST, _OVER = ("min", "boven"), ("min", "boven", "over")
_OF_ROW = {"name", "per", "price", "quantity", "unit"}
_LONGEST_ROW = 30
_DASH = re.compile(" ?- ?")
_IN_OTHER_WORDS = re.compile(r" ?[/(=] ?")
_CHANGED = re.compile(r" ?-?> ?")
_NOW = re.compile(
    r" ?(?:-?> )?[,;(]? ?(?:nu|now|nieuw|vandaag|deze week|jetzt|today|this week)"
    r"(?: (?:voor maar|voor|maar|slechts|for only|only|for))?:? ?"
)


def is_price_of_last(seen: Sequence[Token], token: Token, text: str) -> bool:
    """Tell whether a number before a name is the price of what stands before: "5g 230 xtc", "3 voor 10 xtc".

    Parameters
    ----------
    seen : sequence of Token
        The tokens before it.
    token : Token
        A number.
    text : str
        The folded text.

    Returns
    -------
    bool
        Amounts and prices take turns, so that behind an odd number of them stands a price.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> (*seen, last) = tokenise("5g 230", [], load_lexicon())
    >>> is_price_of_last(seen, last, "5g 230")
    True
    """
    n_amounts, start = 0, token.start
    for before in reversed(seen[-_LONGEST_ROW:]):
        between = text[before.end : start]
        if between.strip() and FOR.fullmatch(between) is None:
            break
        start = before.start
        if before.kind in ("quantity", "number", "price"):
            n_amounts += 1
        elif before.kind != "name":
            break
    return n_amounts % 2 == 1


def is_least_order(seen: Sequence[Token], token: Token, after: Token | None, text: str) -> bool:
    """Tell whether a number says for how much one must order at the least, or for how much it is brought.

    Parameters
    ----------
    seen : sequence of Token
        The tokens before it.
    token : Token
        A number without a unit.
    after : Token or None
        The token behind it.
    text : str
        The folded text.

    Returns
    -------
    bool
        Behind the name or the price of anything it may be an amount: "speed 4 pg, min 10".

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> (*seen, last) = tokenise("Breda min 40", [], load_lexicon())
    >>> is_least_order(seen, last, None, "Breda min 40")
    True
    """
    if not seen or seen[-1].kind not in ("from", "stock") or token.start - seen[-1].end > 1:
        return False
    least = seen[-1]
    if len(seen) > 1 and seen[-2].kind == "fee" and least.start - seen[-2].end <= 1:
        return text.startswith(_OVER, least.start)  # "bestelling boven 100: gratis pil"
    is_priced = after is not None and after.kind in ("number", "price", "per", "quantity")
    if is_priced or not text.startswith(_LEAST, least.start):
        return False
    return _OF_ROW.isdisjoint([before.kind for before in seen[-_LONGEST_ROW:]])


def is_price_of_pair(seen: Sequence[Token], token: Token, text: str) -> bool:
    """Tell whether a number is a price whose unit belongs to what follows, or to all pairs of its row.

    Parameters
    ----------
    seen : sequence of Token
        The tokens before it.
    token : Token
        A quantity with its unit.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> (*seen, last) = tokenise("hash 10/55 pillen", [], load_lexicon())
    >>> is_price_of_pair(seen, last, "hash 10/55 pillen"), int(price_of_pair(last)[0].amount)
    (True, 55)
    """
    assert token.unit is not None
    is_set_apart = text.startswith(("= ", "> "), max(token.start - 2, 0))  # "10 = 30 25 = 60 gram"
    if not is_set_apart and not text.startswith(("/", "="), max(token.start - 1, 0)):
        return False
    if token.unit.kind in ("piece", "thing"):
        return not is_set_apart
    return token.unit.factor == 1 and [before.kind for before in seen[-3:]] == ["number"] * 3


def price_of_pair(token: Token) -> list[Token]:
    """Return the price, and the unit if it is a measure: "hash 10/55 pillen 10/25", "10/60 25/135 gram"."""
    assert token.unit is not None
    end = token.end - len(token.unit.form)
    price = Token("number", token.start, end, (token.amount or _ONE) / token.unit.factor)
    return (
        [price, Token("unit", end, token.end, unit=token.unit)] if token.unit.kind == "measure" else [price]
    )


def is_price_of_one(token: Token, after: Token | None) -> bool:
    """Tell whether a number is the price of one container, by its singular: "bruin 15 zakje".

    Parameters
    ----------
    token : Token
        A quantity of containers, right behind a name.
    after : Token or None
        The token behind it.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> [is_price_of_one(*tokenise(ad, [], load_lexicon()), None) for ad in ("15 zakje", "15 zakjes")]
    [True, False]
    """
    assert token.unit is not None
    is_priced = after is not None and after.kind in (*PRICES, "per")
    return (
        not is_priced
        and token.unit.form.endswith("je")
        and token.amount_max is None
        and (token.amount or _ONE) >= _LEAST_PRICE_EUR
    )


def price_of_one(token: Token) -> list[Token]:
    """Return the price, and what it is of: "15 zakje" is fifteen euro each."""
    assert token.unit is not None
    end = token.end - len(token.unit.form)
    return [
        Token("number", token.start, end - 1, token.amount),
        Token("per", end, token.end, unit=token.unit, value="article"),
    ]


def is_swapped(before: Token, token: Token, text: str) -> bool:
    """Tell whether the unit of an amount stands behind its price: nobody sells so much for so little.

    Parameters
    ----------
    before, token : Token
        Two tokens, one right before the other; the second is a quantity.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> (before, last) = tokenise("3 voor 25 gram", [], load_lexicon())
    >>> is_swapped(before, last, "3 voor 25 gram"), [int(token.amount) for token in swapped(before, last)]
    (True, [3, 25])
    """
    return (
        before.kind == "number"
        and not before.value
        and token.amount_max is None
        and token.unit is not None
        and (token.unit.value, token.unit.factor) == ("g", _ONE)
        and FOR.fullmatch(text, before.end, token.start) is not None
        and (token.amount or _ONE) > (before.amount or _ONE) * MOST_FOR_ONE_EURO
    )


def is_split(before: Token, token: Token, after: Token | None, text: str) -> bool:
    """Tell whether the number of an amount is the price of the half before it: "halfje 15 gram 25".

    Parameters
    ----------
    before, token : Token
        Two tokens, one right before the other; the second is a quantity.
    after : Token or None
        The token behind them.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> ad = "halfje 15 gram 25"
    >>> half, amount, price = tokenise(ad, [], load_lexicon())
    >>> is_split(half, amount, price, ad), [token.kind for token in price_of_pair(amount)]
    (True, ['number', 'unit'])
    """
    return (
        before.value == "part"
        and text[before.end : token.start] == " "
        and token.unit is not None
        and (token.unit.value, token.unit.factor) == ("g", _ONE)
        and token.amount_max is None
        and after is not None
        and after.kind in PRICES
        and after.start - token.end <= 1
        and _LEAST_PRICE_EUR <= (token.amount or 0) < (after.amount or 0)
    )


def swapped(before: Token, token: Token) -> list[Token]:
    """Return the amount with its unit, and its price: "3 voor 25 gram" is three for 25 euro."""
    return [before._replace(kind="quantity", unit=token.unit), token._replace(kind="number", unit=None)]


def without_price(before: Token | None, token: Token, text: str) -> list[Token]:
    """Cut the price of what stands before it from a range that is none: "10 st 25 - 50 st", "g 5 - 10 g"."""
    is_one = before is not None and before.kind == "unit" and not is_container(before)
    is_priced = before is not None and (before.kind == "quantity" or is_one)
    dash = _DASH.search(text, token.start, token.end)
    if not is_priced or token.amount_max is None or dash is None or token.unit is None:
        return [token]
    price = Token("number", token.start, dash.start(), (token.amount or _ONE) / token.unit.factor)
    return [price, token._replace(start=dash.end(), amount=token.amount_max, amount_max=None)]


def is_old_price(seen: Sequence[Token], token: Token, after: Token | None, text: str) -> bool:
    """Tell whether a number is what something cost before: "1g 60 nu 50", "van 60 voor 50".

    Parameters
    ----------
    seen : sequence of Token
        The tokens before it.
    token : Token
        A number or a price.
    after : Token or None
        The token behind it.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> *seen, old, new = tokenise("1 gram 60 nu 50", [], load_lexicon())
    >>> is_old_price(seen, old, new, "1 gram 60 nu 50"), is_old_price(seen, new, None, "1 gram 60 nu 50")
    (True, False)
    """
    if after is None or after.kind not in ("number", "price") or token.amount is None:
        return False
    if (after.amount or token.amount) >= token.amount:
        return False
    if _NOW.fullmatch(text, token.end, after.start):
        return True
    if seen and seen[-1].kind == "quantity" and _CHANGED.fullmatch(text, token.end, after.start):
        return True  # "5g 25 -> 20"
    is_from = bool(seen) and seen[-1].kind == "holding" and text.startswith("van", seen[-1].start)
    is_content = len(seen) > 1 and is_container(seen[-2])  # "2 zakjes van 10 voor 9"
    return is_from and not is_content and FOR.fullmatch(text, token.end, after.start) is not None


def is_other_currency(price: Token, other: Token, text: str) -> bool:
    """Tell whether a price says in foreign money what the one beside it says in euros: "$620 / €570".

    Parameters
    ----------
    price, other : Token
        A price, and the token before or behind it.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> dollars, euros = tokenise("$620 / €570", [], load_lexicon())
    >>> [is_other_currency(*pair, "$620 / €570") for pair in ((dollars, euros), (euros, dollars))]
    [True, False]
    """
    is_foreign = price.unit is not None and other.kind == "price" and other.unit is None
    first, last = sorted((price, other), key=lambda token: token.start)
    return is_foreign and _IN_OTHER_WORDS.fullmatch(text, first.end, last.start) is not None
