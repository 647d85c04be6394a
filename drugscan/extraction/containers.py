"""Containers and what they hold: bags of so many grams, strips of so many pills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from drugscan.extraction.gaps import EMOJI, FOR
from drugscan.extraction.tokens import Token, is_plural
from drugscan.extraction.vocabulary import amount_rules

_ONE = Decimal(1)
_FAR = 24
_NEAR = 8
_TIGHT = 3
_BRACKET = 2
_LITRE_ML = 1000
_LINK = re.compile("[=>]")
_DASH = re.compile(r" ?[-|] ?")
_OF = re.compile(r" v\.? ")
_STRIP_SIZES = frozenset(map(Decimal, amount_rules()["strip_sizes"]))
_SINGLE_DOSE = frozenset(amount_rules()["single_dose"])
_NO_CONTENT = re.compile(r"[,/|;\n+]|[.] |^[^(]*\)")


def is_container(token: Token) -> bool:
    """Tell whether a token is a container whose content is not known yet: "strip", "3 zakjes".

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> line = tokenise("strip van 14, 5 gram", [], load_lexicon())
    >>> [is_container(token) for token in line if token.unit]
    [True, False]
    """
    return (
        token.kind in ("unit", "quantity", "per")
        and token.unit is not None
        and token.unit.kind in ("vessel", "pack")
        and token.value != "filled"
    )


def fill(seen: list[Token], container: Token, text: str) -> bool:
    """Fill a container with the amount before it, if there is one: "3 g zakje" is 3 g.

    Parameters
    ----------
    seen : list of Token
        The tokens of the line before the container; changed where it is filled.
    container : Token
        A unit; nothing is done if it is no container.
    text : str
        The folded text.

    Returns
    -------
    bool
        Whether there was an amount.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> content, container = tokenise("3 g zakje", [], load_lexicon())
    >>> seen = [content]
    >>> fill(seen, container, "3 g zakje"), seen[0].value, int(seen[0].amount)
    (True, 'filled', 3)
    """
    index = len(seen) - 1
    while index > 0 and seen[index].kind == "name":
        index -= 1
    content = seen[index] if seen else None
    if (
        content is None
        or content.kind != "quantity"
        or content.unit is None
        or content.unit.kind != "measure"
        or not is_container(container)
        or container.start - content.end > _FAR
        or _NO_CONTENT.search(text, content.end, container.start)
    ):
        return False
    container = container._replace(start=content.start, kind="quantity", amount=_ONE)
    seen[index:] = [*seen[index + 1 :], _filled(container, content)]
    return True


def is_held(seen: Sequence[Token], number: Token, after: Token | None, text: str) -> bool:
    """Tell whether a number is what a container holds: "strip van 14", "strip (10)", "doos 30 -> 95".

    Parameters
    ----------
    seen : sequence of Token
        The tokens of the line before it.
    number : Token
        The number.
    after : Token or None
        What follows it in the line.
    text : str
        The folded text.

    Returns
    -------
    bool

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> strip, number, price = tokenise("strip 14 voor 20", [], load_lexicon())
    >>> is_held([strip], number, price, "strip 14 voor 20"), is_held([strip], number, None, "strip 14")
    (True, False)
    """
    before = seen[-1] if seen else None
    if before is None:
        return False
    distance = number.start - before.end
    if before.kind == "holding":
        is_or = text.startswith("of", before.start) and text.startswith(" voor ", number.end)
        return len(seen) > 1 and is_container(seen[-2]) and distance <= _TIGHT and not is_or
    is_one = before.kind == "unit" and before.unit is not None and not is_plural(before.unit)
    is_near = after is not None and after.kind in ("number", "price") and after.start - number.end <= _NEAR
    if is_one and is_near and is_container(before) and _OF.fullmatch(text, before.end, number.start):
        return True  # "strip v 10 25 €"
    if not is_container(before) or distance > _BRACKET:
        return False
    is_empty = not text[before.end - 1].isdigit()
    if are_in_brackets(number, number, text) or (is_empty and are_in_brackets(before, number, text)):
        return True  # "strip (10)", "(strip 10)"
    is_first = all(token.kind != "name" for token in seen)
    if is_one and is_first and after is not None and after.kind == "name":
        return after.start - number.end <= 1 and number.amount in _STRIP_SIZES  # "doos 30 oxazepam 40 euro"
    if after is None or not is_one or not is_near:
        return False
    is_strip = number.amount in _STRIP_SIZES
    return (
        _LINK.search(text, number.end, after.start) is not None
        or (is_strip and (FOR.match(text, number.end) is not None or text.startswith(": ", number.end)))
        or (is_strip and _DASH.fullmatch(text, number.end, after.start) is not None)  # "strip 14 | 25"
        or (after.kind == "price" and after.start - number.end <= 1)  # "strip 10 € 22,50"
    )


def are_in_brackets(first: Token, last: Token, text: str) -> bool:
    """Tell whether tokens have brackets to themselves, from the first to the last one.

    Examples
    --------
    >>> ten = Token("number", 7, 9)
    >>> are_in_brackets(ten, ten, "strip (10) 15")
    True
    """
    return text.startswith(("(", "["), max(first.start - 1, 0)) and text.startswith((")", "]"), last.end)


def put_in_container(seen: list[Token], content: Token, text: str) -> bool:
    """Put an amount into the container before it, if there is one: "2 zakjes van 5 g" is 10 g.

    Parameters
    ----------
    seen : list of Token
        The tokens of the line before the amount; changed where one is filled.
    content : Token
        A quantity.
    text : str
        The folded text.

    Returns
    -------
    bool
        Whether there was a container.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> *seen, content = tokenise("2 zakjes van 5 g", [], load_lexicon())
    >>> put_in_container(seen, content, "2 zakjes van 5 g"), int(seen[0].amount)
    (True, 10)
    """
    index = len(seen) - 1
    while index >= 0 and seen[index].kind in ("holding", "name", "stock"):
        index -= 1
    if index < 0 or not is_container(seen[index]):
        return False
    container = seen[index]
    assert container.unit is not None
    is_single = container.kind == "unit" and container.unit.form in _SINGLE_DOSE
    if is_single and content.unit is not None and content.unit.kind == "piece":
        return False  # "ampul 10 st" are ten
    between = text[container.end : content.start]
    is_counted = content.unit is not None and content.unit.kind != "measure"
    if len(between) > _FAR or _NO_CONTENT.search(between):
        return False
    is_far = len(EMOJI.sub("", between)) > _FAR // 2
    if container.kind == "unit" and (is_far or (is_counted and is_plural(container.unit))):
        return False  # "ampullen 10 st" are ten
    names = [token for token in seen[index + 1 :] if token.kind == "name"]
    seen[index:] = [*names, _filled(container, content)]
    return True


def _filled(container: Token, content: Token) -> Token:
    """Return a container with its content: a pack counts as what it holds, vessels and bottles as so many."""
    assert container.unit is not None
    is_bottle = content.unit is not None and content.unit.value == "ml" and content.unit.factor < _LITRE_ML
    if container.unit.kind == "vessel" or is_bottle:
        return container._replace(end=max(container.end, content.end))
    count = max(container.amount or _ONE, _ONE)  # "halve plaat 50 g" is 50 g
    kind = "quantity" if container.kind == "unit" else container.kind
    end = max(container.end, content.end)
    amount = count * (content.amount or _ONE)
    return container._replace(kind=kind, end=end, amount=amount, unit=content.unit, value="filled")
