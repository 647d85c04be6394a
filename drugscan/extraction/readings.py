"""The cheapest reading of a line: which of its amounts and prices belong together.

A line can be cut into offers in many ways. Each way costs what the tokens of an offer hang together by
(a blank or = little, a comma much) and what is left over. The costs stand in ``amounts.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from drugscan.extraction.gaps import gap_cost
from drugscan.extraction.possible import Reading, possible_readings
from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import Token, is_plural
from drugscan.extraction.vocabulary import amount_rules

_LEFT_OVER: dict[str, int] = amount_rules()["left_over"]
_CLOSE = 2
_FEW = 12
_LEAST, _MOST = 15, 2_000
_LEAST_BARE, _MOST_BARE = 5, 150
_MANY = 10
_SENTENCE_ENDS = re.compile(r" ?(?:\Z|\n|[.!?](?!\d))")
_MOST_IN_WORDS = 500
_APART = {"from", "fee", "clock"}
_FAR_COST = 12
_PRICES_FROM = re.compile(r"pri(?:js|zen|ces?) ?:? \Z")
_ANY_ORDER: int = amount_rules()["costs"]["any_order"]
_LOOSE: Sequence[list[str]] = ([], ["amount"], ["amount", "bare"], ["bare"], ["all"])


def cheapest_readings(
    line: Sequence[Token], text: str, least_eur: Mapping[str, Decimal] = MappingProxyType({})
) -> list[Reading]:
    """Return the readings of a line that together cost least.

    Parameters
    ----------
    line : sequence of Token
        Weighed by :func:`drugscan.extraction.neighbours.weigh`.
    text : str
        The folded text.
    least_eur : mapping of str to Decimal
        By substance: the least that a gram or piece costs.

    Returns
    -------
    list of Reading
        In order; they do not overlap.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> line = tokenise("10/1g 90/10g", [], load_lexicon())
    >>> [(reading.rule, reading.price, reading.amount) for reading in cheapest_readings(line, "10/1g 90/10g")]
    [('pair', 0, 1), ('pair', 2, 3)]
    """
    plain = _plain_pairs(line, text)
    if plain is not None:
        return plain
    possible = possible_readings(line, text, least_eur)
    readings = _cheapest(line, possible, _ORDERS)
    if not all(map(is_in_order, _rows(readings, line))):
        ways = [_cheapest(line, possible, (order,)) for order in _ORDERS]
        in_order = min(ways, key=lambda way: cost_of(way, line))
        if cost_of(in_order, line) <= cost_of(readings, line) + _ANY_ORDER:
            readings = in_order
    return _only_pair(readings, line, text) or readings


_ORDERS = (False, True)


def _only_pair(readings: Sequence[Reading], line: Sequence[Token], text: str) -> list[Reading] | None:
    """Return the one amount of a line with its one price, however far: "9 pills, pink. Posted. 20 euro".

    A bare number is a price only between the bounds that amounts of one seller usually have.
    """
    offers = [reading for reading in readings if reading.rule != "nothing"]
    if [reading.rule for reading in offers] == ["amount", "per"]:
        return _counted_each(offers[0], offers[1], line)
    if [reading.rule for reading in offers] not in _LOOSE:
        return None
    skipped = {
        i for reading in readings if reading.rule == "nothing" for i in range(reading.first, reading.last)
    }
    prices = [i for i, token in enumerate(line) if token.kind in PRICES and i not in skipped]
    units = [i for i, token in enumerate(line) if token.kind == "unit" and _is_one(token)]
    amounts = [reading.first for reading in offers if reading.rule == "amount"] or units
    if not amounts and not offers and len(prices) == 1:
        return _far_bare(line, prices[0], text)
    if len(amounts) != 1 or len(prices) != 1:
        return None
    (amount,), (price,) = amounts, prices
    last = offers[0].last if offers and offers[0].rule == "amount" else amount + 1
    kinds = {token.kind for token in line[last:price]} | {token.kind for token in line[amount - 1 : amount]}
    most = _MOST_IN_WORDS if line[price].value == "word" else _MOST
    is_usual = line[price].kind == "price" or _LEAST <= (line[price].amount or 0) <= most
    if price < last or not is_usual or kinds & _APART or (len(offers) > 1 and "name" in kinds):
        return None
    return [Reading("pair", amount, price + 1, _FAR_COST, amount=amount, price=price)]


def _counted_each(amount: Reading, price: Reading, line: Sequence[Token]) -> list[Reading] | None:
    """Return how many there are and what each costs as one: "1000x blue tesla | 0,65 each"."""
    assert amount.amount is not None
    assert price.per is not None
    counted, each = line[amount.amount], line[price.per]
    is_many = counted.unit is None and (counted.amount or 0) >= _MANY
    if each.value != "each" or not is_many:
        return None
    return [Reading("pair", amount.first, price.last, price.cost, amount.amount, price.price, price.per)]


def _far_bare(line: Sequence[Token], price: int, text: str) -> list[Reading] | None:
    """Return the only price of a line that names something, however far: "ketama, first press, 6 euro"."""
    before = {token.kind for token in line[:price]}
    behind = {token.kind for token in line[price + 1 : price + 2]}
    is_plain = line[price].kind == "price" and line[price].unit is None
    is_plain = is_plain or _is_said_alone(line[price], text)
    if price and line[price - 1].kind == "from" and _PRICES_FROM.search(text, 0, line[price - 1].start):
        before.discard("from")  # "prijzen vanaf 120 euro"
    if not is_plain or "name" not in before or (before | behind) & _APART:
        return None
    return [Reading("bare", price, price + 1, _FAR_COST, price=price)]


def _is_said_alone(number: Token, text: str) -> bool:
    """Tell whether a number is all that a sentence says: "Keta, kom naar de boot. 25."."""
    is_usual = (
        number.kind == "number" and not number.value and _LEAST_BARE <= (number.amount or 0) <= _MOST_BARE
    )
    ends = _SENTENCE_ENDS.match(text, number.end) is not None
    return is_usual and ends and text.startswith((". ", "! ", "? "), max(number.start - 2, 0))


def _is_one(token: Token) -> bool:
    """Tell whether a unit alone may be an amount: a bag, a gram; no pills."""
    return token.unit is not None and token.unit.kind not in ("thing", "piece") and not is_plural(token.unit)


def _plain_pairs(line: Sequence[Token], text: str) -> list[Reading] | None:
    """Return the readings of a line that is names and a few amounts, each close before its price.

    Most lines are; to take these pairs apart costs more than any of them, so that nothing need be weighed.
    """
    readings: list[Reading] = []
    index = 0
    while index < len(line):
        if line[index].kind == "name":
            index += 1
            continue
        if line[index].kind != "quantity" or index + 1 == len(line) or line[index + 1].kind not in PRICES:
            return None
        cost = gap_cost(text, line[index].end, line[index + 1].start)
        if cost > _CLOSE or line[index + 1].value == "word" or len(readings) == _FEW:
            return None
        readings.append(Reading("pair", index, index + 2, cost, index, index + 1))
        index += 2
    return readings


def cost_of(readings: Sequence[Reading], line: Sequence[Token]) -> int:
    """Return what it costs to read a line so: what its readings cost, and the tokens that are left over."""
    used = {index for reading in readings for index in range(reading.first, reading.last)}
    left = sum(_left_over(token) for index, token in enumerate(line) if index not in used)
    return left + sum(reading.cost for reading in readings)


def _left_over(token: Token) -> int:
    """Return what it costs to leave a token out; "heel Nederland" and "half uur" are no amounts."""
    return _LEFT_OVER.get("part" if token.value == "part" else token.kind, 0)


def is_in_order(readings: Sequence[Reading]) -> bool:
    """Tell whether the pairs of a line keep to one order: all prices before their amounts, or all behind."""
    return not {_is_price_first(reading) for reading in readings} >= {True, False}


def _rows(readings: Sequence[Reading], line: Sequence[Token]) -> list[list[Reading]]:
    """Return the readings that follow one another with no name between them."""
    rows: list[list[Reading]] = [[]]
    done = 0
    for reading in readings:
        if any(token.kind == "name" for token in line[done : reading.first]):
            rows.append([])
        rows[-1].append(reading)
        done = reading.last
    return rows


def _is_price_first(reading: Reading) -> bool | None:
    """Tell whether the price stands right before its amount; None where any order goes."""
    if reading.rule != "pair" or reading.price is None or reading.amount is None:
        return None
    if reading.price > reading.amount:
        return False
    return True if reading.amount == reading.price + 1 else None  # "15 p/g vanaf 50 g" is no pair of a row


def _cheapest(
    line: Sequence[Token], possible: Sequence[Sequence[Reading]], orders: tuple[bool, ...]
) -> list[Reading]:
    """Return the readings in some orders that together cost least."""
    best = [0] * (len(line) + 1)
    chosen: list[Reading | None] = [None] * len(line)
    for first in range(len(line) - 1, -1, -1):
        best[first] = best[first + 1] + _left_over(line[first])
        for reading in possible[first]:
            cost = reading.cost + best[reading.last]
            if cost < best[first] and (len(orders) > 1 or _is_price_first(reading) in (None, *orders)):
                best[first] = cost
                chosen[first] = reading
    readings = []
    position = 0
    while position < len(line):
        reading_here = chosen[position]
        if reading_here is not None:
            readings.append(reading_here)
        position = reading_here.last if reading_here is not None else position + 1
    return readings
