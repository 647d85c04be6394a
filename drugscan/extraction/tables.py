"""Tables: prices in columns, below a line that says what the columns are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, takewhile

from drugscan.extraction.containers import are_in_brackets
from drugscan.extraction.drafts import Draft, Drafts
from drugscan.extraction.offer import Offer
from drugscan.extraction.row import Amounts
from drugscan.extraction.scope import Scope
from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import Token
from drugscan.text import EMOJI_NAME

_BESIDE = re.compile(rf"(?: ?\| ?| |:{EMOJI_NAME}:){{1,5}}")
_FEWEST_COLUMNS = 2
_FEWEST_AMOUNTS = 3
_AMOUNTS = ("number", "quantity")


class Table:
    """Remembers what the columns are of, until a line says something else.

    Parameters
    ----------
    text : str
        The folded text.
    scope : Scope
        Knows what a row is of that names nothing.
    drafts : Drafts
        Takes the offers.
    """

    def __init__(self, text: str, scope: Scope, drafts: Drafts) -> None:
        self._text = text
        self._scope = scope
        self._drafts = drafts
        self._columns: list[Draft] = []
        self._columns_said: list[Draft] = []  # by a heading, which outlasts the rows below it
        self._names: list[Token] = []  # what columns of names are of

    def is_headed_by(self, tokens: Sequence[Token], below: Sequence[Token]) -> bool:
        """Tell whether a line holds but the amounts that a row below has prices for: "gram 1 2 5 10".

        Behind a name they stand in brackets: "WIET (1 / 5 / 10 gram)".
        """
        if not tokens or (tokens[0].kind == "name" and not self._text.startswith((")", "]"), tokens[-1].end)):
            return False  # as most lines are
        names = list(takewhile(lambda token: token.kind == "name", tokens))
        rest = tokens[len(names) :]
        amounts = [token for token in rest if token.kind in _AMOUNTS]
        are_parts = rest[:1] and rest[0].value == "part" and all(t.value == "part" or t.unit for t in rest)
        is_table = self._text.startswith("|", self._text.rfind("\n", 0, tokens[0].start) + 1)
        is_sure = names or are_parts or is_table  # "per halve / hele gram"
        fewest = _FEWEST_COLUMNS if is_sure else _FEWEST_AMOUNTS
        if len(amounts) < fewest or not _are_all(rest, *_AMOUNTS, "unit"):
            return False
        if names and not are_in_brackets(rest[0], rest[-1], self._text):
            return False
        row = _cells(below)
        prices = [token for token in row if token.kind in PRICES]
        is_row = len(prices) == len(amounts) and _are_all(row, "name", *PRICES)
        return is_row and _rises(amounts) and _rises(prices)

    def head_by_amounts(self, tokens: Sequence[Token]) -> None:
        """Take the amounts of a line for the columns: "gram 1 2 5 10"."""
        self._columns = _columns_of_amounts(tokens)

    def head_by_units(self, tokens: Sequence[Token]) -> None:
        """Take the units of a heading for the columns, if it has any: "(prijs per strip / per 5 strips)"."""
        self._columns = self._columns_said = _columns_per(tokens) or self._columns_said

    def head_by_offers(self, offers: list[Draft]) -> None:
        """Take amounts that wait for their prices for the columns: "1g 5g 10g" over "coke 50 230 430"."""
        self._columns = offers

    def head_by_names(self, names: list[Token]) -> None:
        """Take the names of a line for the columns, if they stand side by side: "coke | keta | 3mmc"."""
        is_table = len({name.value for name in names}) == len(names) and all(
            _BESIDE.fullmatch(self._text, a.end, b.start) for a, b in pairwise(names)
        )
        self._names = names if is_table else []

    def read(self, line: Sequence[Token]) -> bool:
        """Read a line if it is a row of the table, or a table of its own; tell whether it is."""
        return self._read_columns(line) or self._read_row(line) or self._read_lists(line)

    def _read_columns(self, line: Sequence[Token]) -> bool:
        """Read the prices below a line of amounts: "1g 5g 10g" over "coke 50 230 430"."""
        columns = self._columns
        if not columns:
            return False
        line = _cells(line)
        names = [token for token in line if token.kind == "name"]
        prices = [token for token in line if token.kind in PRICES]
        is_row = len(prices) == len(columns) and len(names) + len(prices) == len(line)
        is_of_heading = {name.value for name in names} <= set(columns[0].names)
        if not is_row or (len(columns) == 1 and names and not is_of_heading):
            return False
        substances = self._scope.names_of(names, [], line[0].start)
        for column, price in zip(columns, prices, strict=True):
            column.is_tentative = True
            offer = column.offer._replace(start=price.start, end=price.end, price_eur=price.amount)
            self._drafts.add_offer(offer._replace(rule="column"), substances or column.names)
        return True

    def _read_row(self, line: Sequence[Token]) -> bool:
        """Read a row below a line of names: "1 gr 50 25 20" below "aantal coke keta 3mmc"."""
        if len(self._names) < _FEWEST_COLUMNS or len(line) != len(self._names) + 1:
            return False
        amount, *prices = line
        is_amount = amount.kind in ("quantity", "number") and amount.amount is not None
        if not is_amount or any(token.kind not in PRICES for token in prices):
            return False
        for name, price in zip(self._names, prices, strict=True):
            amounts = Amounts(amount.amount, unit=amount.unit, price_eur=price.amount)
            self._drafts.add(price.start, price.end, "column", (name.value,), amounts)
        return True

    def _read_lists(self, line: Sequence[Token]) -> bool:
        """Read as many prices as amounts: "coke 1/5/10 = 52/245/470"."""
        numbers = [token for token in line if token.kind in (*_AMOUNTS, "price")]
        half, odd = divmod(len(numbers), 2)
        if odd or half < _FEWEST_AMOUNTS or not _are_all(line, *_AMOUNTS, "price", "name", "unit"):
            return False
        amounts, prices = numbers[:half], numbers[half:]
        are_joined = [self._text[a.end : b.start].strip() == "/" for a, b in pairwise(numbers)]
        is_split = not are_joined[half - 1] and are_joined.count(False) == 1
        if not (is_split and _rises(amounts) and _rises(prices)):
            return False
        names = [token for token in line if token.kind == "name"]
        units = [token for token in line if token.kind == "unit"]
        substances = self._scope.names_of([], names, amounts[0].start) if names else self._scope.row
        for column, price in zip(_columns_of_amounts([*amounts, *units]), prices, strict=True):
            offer = column.offer._replace(start=price.start, end=price.end, price_eur=price.amount)
            self._drafts.add_offer(offer, substances)
        return True


def is_row_of_units(line: Sequence[Token]) -> bool:
    """Tell whether a line holds nothing but what its columns are of: "per 100 gram / per kilo"."""
    return len(line) > 1 and all(token.kind == "per" for token in line)


def _columns_per(line: Sequence[Token]) -> list[Draft]:
    columns = [token for token in line if token.kind == "per" and token.unit is not None]
    if len(columns) < _FEWEST_COLUMNS or len(columns) < len(line):
        return []
    return [_column(t, t.amount or t.unit.factor, t.unit.value) for t in columns if t.unit is not None]


def _cells(line: Sequence[Token]) -> list[Token]:
    """Return the names and prices of a row, without what else is said of its name: "3-CMC blok", "10 mg"."""
    is_title = True
    cells = []
    for token in _without_units_in_names(line):
        is_title = is_title and token.kind not in PRICES
        if token.kind != "strength" and not (is_title and token.kind == "unit"):
            cells.append(token)
    return cells


def _without_units_in_names(line: Sequence[Token]) -> list[Token]:
    """Return the tokens of a line without words that name and are units too: the weed "cookies"."""
    ends = {token.end for token in line if token.kind == "name"}
    return [token for token in line if token.kind != "unit" or token.end not in ends]


def _are_all(tokens: Sequence[Token], *kinds: str) -> bool:
    return all(token.kind in kinds for token in tokens)


def _rises(row: Sequence[Token]) -> bool:
    return all((a.amount or 0) < (b.amount or 0) for a, b in pairwise(row))


def _columns_of_amounts(tokens: Sequence[Token]) -> list[Draft]:
    unit = next((token.unit for token in tokens if token.unit is not None), None)
    factor, value = (unit.factor, unit.value) if unit is not None else (Decimal(1), None)
    return [
        _column(t, t.amount * (1 if t.unit else factor), value)
        for t in tokens
        if t.kind in _AMOUNTS and t.amount is not None
    ]


def _column(token: Token, quantity: Decimal, unit: str | None) -> Draft:
    return Draft(Offer(token.start, token.end, "column", None, quantity, None, unit), ())
