"""Numbers that are written as several words: "tweehonderd vijftig euro", "drie duizend"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from drugscan.extraction.tokens import Token

_TEN, _HUNDRED, _THOUSAND = Decimal(10), Decimal(100), Decimal(1000)


def join_numerals(line: Sequence[Token], text: str) -> Sequence[Token]:
    """Return the tokens of a line, words of one number as one token.

    Only of a number or a price: of "honderd twintig pillen" the first is a price, as likely as not.

    Parameters
    ----------
    line : sequence of Token
        Of one line, as :func:`drugscan.extraction.lexer.tokenise` returns them.
    text : str
        The folded text.

    Returns
    -------
    sequence of Token

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> ad = "50 gram tweehonderd vijftig euro"
    >>> [int(token.amount) for token in join_numerals(tokenise(ad, [], load_lexicon()), ad)]
    [50, 250]
    """
    if all(token.value != "word" for token in line):
        return line
    joined: list[Token] = []
    for token in line:
        last = joined[-1] if joined else None
        amount = _amount_of_both(last, token, text) if last is not None else None
        if last is not None and amount is not None:
            joined[-1] = token._replace(start=last.start, amount=amount)
        else:
            joined.append(token)
    return joined


def _amount_of_both(first: Token, second: Token, text: str) -> Decimal | None:
    """Return what two words say together; None if they are two numbers."""
    are_words = first.kind == "number" and first.value == "word" and text[second.start].isalpha()
    if not are_words or second.kind not in ("number", "price") or not first.amount or not second.amount:
        return None
    one, other, between = first.amount, second.amount, text[first.end : second.start]
    if between == " " and other in (_HUNDRED, _THOUSAND) and one < _HUNDRED:
        return one * other
    if between in (" ", " en ") and _HUNDRED <= one < _THOUSAND and not one % _HUNDRED and other < _HUNDRED:
        return one + other
    if between == " en " and one < _TEN < other < _HUNDRED and not other % _TEN:
        return one + other
    return None
