"""A line's tokens, and what the readings that begin at one of them ask of those about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from drugscan.extraction.gaps import gap_cost
from drugscan.extraction.tokens import Token, is_plural
from drugscan.extraction.vocabulary import amount_rules
from drugscan.text import EMOJI_NAME

_COSTS: dict[str, int] = amount_rules()["costs"]
_SINGLE = frozenset(amount_rules()["single"])
_ONE = Decimal(1)

MOST_FOR_ONE_EURO = 5
"""Nobody sells more pieces or grams of anything for one euro, but by the price of one."""

ITEM_ENDS = re.compile(rf"\s?(?:\Z|\n|[,/|;)*]|:{EMOJI_NAME}:|[.!](?:\s|\Z))")
_PER_JOINT = re.compile(r"[^.\n]{0,3}| ?(?:voor|for|pour|foar|veur) ")

PRICES = ("number", "price")
"""Kinds of tokens that may be a price."""

_BETWEEN = ("name", "from", "strength", "stock")
"""What may stand between an amount and its price."""


class Surroundings:
    """The tokens of a line.

    Parameters
    ----------
    line : sequence of Token
        At least one.
    text : str
        The folded text.
    least_eur : mapping of str to Decimal
        By substance: the least that a gram or piece costs.
    """

    def __init__(self, line: Sequence[Token], text: str, least_eur: Mapping[str, Decimal]) -> None:
        self._line = line
        self._text = text
        self._least_eur = least_eur
        self._kinds = [token.kind for token in line]
        self._last_names = _last_names(line)
        ends = accumulate((token.end for token in line), max)  # a name may reach beyond a unit within it
        self._gaps = [
            0,
            *(_gap(text, end, token) for end, token in zip(ends, line[1:], strict=False)),
        ]
        for row in _slashed_rows(line, text):
            for pair in row:
                self._gaps[pair] = _COSTS["comma"]
                self._gaps[pair + 1] = 0

    def _next_price(self, first: int) -> tuple[int | None, int]:
        """Return where the next price stands, over names and the like only, and how far that is."""
        cost = 0
        for index in range(first + 1, len(self._line)):
            cost += self._gaps[index]
            if cost > _COSTS["most"]:
                break
            if self._kinds[index] in PRICES:
                return index, cost + (_COSTS["word"] if self._line[index].value == "word" else 0)
            if self._kinds[index] not in _BETWEEN and not is_thing(self._line[index]):
                break
        return None, 0

    def _per_behind(self, price: int) -> int | None:
        """Return where "per gram", "p.s." and the like stand right behind a price; also in "10 euro gram"."""
        if self._kind(price + 1) == "unit" and self._kinds[price] == "price" and self._is_close(price):
            unit = self._line[price + 1]
            is_end = ITEM_ENDS.match(self._text, unit.end) is not None or self._kind(price + 2) == "from"
            return price + 1 if is_end and unit.unit is not None and not is_plural(unit.unit) else None
        if self._kind(price + 1) != "per" or self._begins_item(price + 1):
            return None
        return (
            price + 1
            if _PER_JOINT.fullmatch(self._text, self._line[price].end, self._line[price + 1].start)
            else None
        )

    def _begins_item(self, per: int) -> bool:
        """Tell whether a per belongs to what stands behind it: "75 euro, los 18", "70, de strip oxy 15"."""
        between = self._text[self._line[per - 1].end : self._line[per].start]
        return "," in between and self._kind(per + 1) in ("name", *PRICES)

    def _is_least(self, amount: int) -> bool:
        return amount > 0 and self._kinds[amount - 1] == "from"

    def _is_much(self, amount: int, price: int) -> bool:
        """Tell whether nobody sells so much for so little; less than an euro is the price of one."""
        offered, asked = self._line[amount], self._line[price]
        if asked.amount is None or asked.amount < 1:
            return False
        for_one_euro = ratio(offered, asked)
        return for_one_euro > MOST_FOR_ONE_EURO or self._is_below_least(offered, price, for_one_euro)

    def _is_below_least(self, offered: Token, price: int, for_one_euro: Decimal) -> bool:
        """Tell whether what the last name stands for is never so cheap."""
        name = self._last_names[price]
        if name is None or (offered.unit is not None and offered.unit.kind != "measure"):
            return False
        least_eur = self._least_eur.get(name.value)
        return least_eur is not None and for_one_euro * least_eur > 1

    def _is_heading(self, index: int) -> bool:
        """Tell whether a word is said of all that follows: "prijzen per gram: coke 50, keta 25"."""
        return self._text.startswith((":", ")", " :"), self._line[index].end)

    def _is_close(self, index: int) -> bool:
        return self._line[index + 1].start - self._line[index].end <= 1

    def _kind(self, index: int) -> str:
        return self._kinds[index] if index < len(self._kinds) else ""


def ratio(one: Token, other: Token) -> Decimal:
    """Return how many of one token stand to one of another."""
    return (one.amount or _ONE) / (other.amount or _ONE)


def is_thing(token: Token) -> bool:
    """Tell whether a token is a word for what is sold by the piece, and no word for one piece."""
    unit = token.unit
    return token.kind == "unit" and unit is not None and unit.kind == "thing" and unit.form not in _SINGLE


def _gap(text: str, end: int, token: Token) -> int:
    """Return how loosely a token hangs together with what ends before it; "100 tabs of lsd" are one thing."""
    is_of = token.kind == "name" and text[end : token.start] == " of "
    return 1 if is_of else gap_cost(text, end, token.start)


def _slashed_rows(line: Sequence[Token], text: str) -> list[list[int]]:
    """Return where pairs begin, for each row of amounts and prices with slashes: "10 / 45 - 25 / 95"."""
    rows: list[list[int]] = []
    for index, (one, other) in enumerate(pairwise(line)):
        is_pair = one.kind == "number" and other.kind in PRICES and text[one.end : other.start] == " / "
        if not is_pair or ratio(other, one) <= 1:
            continue
        if rows and rows[-1][-1] == index - 2:
            rows[-1].append(index)
        elif not index or line[index - 1].kind not in ("quantity", *PRICES):
            rows.append([index])
    return [row for row in rows if _are_tiers(line, row, text)]


def _are_tiers(line: Sequence[Token], pairs: Sequence[int], text: str) -> bool:
    """Tell whether amounts and prices rise from pair to pair, and what one costs does not."""
    costs = [ratio(line[pair + 1], line[pair]) for pair in pairs]
    return len(pairs) > 1 and all(
        ratio(line[one], line[other]) < 1
        and ratio(line[one + 1], line[other + 1]) < 1
        and cost >= following
        and "/" not in text[line[other - 1].end : line[other].start]
        for (one, other), (cost, following) in zip(pairwise(pairs), pairwise(costs), strict=True)
    )


def _last_names(line: Sequence[Token]) -> list[Token | None]:
    """Return for each token the last name before it."""
    names: list[Token | None] = []
    last = None
    for token in line:
        names.append(last)
        if token.kind == "name":
            last = token
    return names
