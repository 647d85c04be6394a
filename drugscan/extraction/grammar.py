"""The small grammar of offers: from the tokens of an ad's lines to what they offer.

Each line is cut into readings (:mod:`drugscan.extraction.lines`). A reading becomes an offer with what
its row (:mod:`drugscan.extraction.row`) says of its amount and its scope
(:mod:`drugscan.extraction.scope`) of its substance. Prices in columns are read by
:mod:`drugscan.extraction.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from drugscan.extraction.drafts import Draft, Drafts
from drugscan.extraction.lines import Line
from drugscan.extraction.offer import Offer
from drugscan.extraction.possible import Reading
from drugscan.extraction.row import Amounts, OfferRow
from drugscan.extraction.scope import Names, Scope
from drugscan.extraction.surroundings import ITEM_ENDS, PRICES
from drugscan.extraction.tables import Table, is_row_of_units
from drugscan.extraction.tokens import PIECE, Token, is_plural
from drugscan.extraction.vocabulary import amount_rules
from drugscan.lexicon.loader import Lexicon, Unit

_NAME_JOINTS = ("", " ", " of ", " van ")
_LONGEST_TITLE = 90
_BESIDE_HEADING = ("free", "from", "all", "per")
_CHOICES: tuple[str, ...] = tuple(amount_rules()["choices"])
_TO_CHOOSE = re.compile(rf"\b(?:{'|'.join(_CHOICES)})\b")
_NEAR = 12
_ONE_PRICE = re.compile(r"(?<!\w)(?:1|een|zelfde|dezelfde) prijs")
_LINE_ENDS = re.compile(r"[)\].]? ?(?:\n|\Z)")
_HEADING_ENDS = re.compile(r"\) ?:? ?(?=\n)")
_ONE_ITEM = re.compile(r"[^,.;/&|\n]{0,25}")


class OfferReader:
    """Goes along the lines and remembers what headings and rows carry to what follows."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._scope = Scope(text)
        self._row = OfferRow(text)
        self._drafts = Drafts(lexicon)
        self._table = Table(text, self._scope, self._drafts)
        self._price_heading: Token | None = None
        self._per_of: Draft | None = None
        self._named: set[str] = set()
        self._units_of_all: list[Unit] = []
        self._unit_named: Unit | None = None
        self._is_unit_stated = False
        self._may_choose = any(sign in text for sign in _CHOICES)

    def read(self, lines: Sequence[Line]) -> list[Offer]:
        """Return the offers of all lines, in order.

        Parameters
        ----------
        lines : sequence of Line
            What :func:`drugscan.extraction.lines.read_lines` returns.

        Returns
        -------
        list of Offer
            In the order of the text.
        """
        for line, following in zip_longest(lines, lines[1:]):
            self._named.update([name.value for name in line.names])
            if following is not None and self._table.is_headed_by(line.tokens, following.tokens):
                self._table.head_by_amounts(line.tokens)
                if line.names:
                    self._read_heading(line.tokens)
            elif line.readings is None or is_row_of_units(line.tokens):
                self._table.head_by_units(line.tokens)
                self._read_heading(line.tokens)
            elif self._is_price_heading(line.tokens):
                self._price_heading = line.tokens[-1]
            elif not self._table.read(line.tokens):
                self._read_line(line.tokens, line.readings)
        if self._drafts.awaits_names:
            names = [name.moved(line.start) for line in lines for name in line.names]
            self._drafts.look_ahead(names, self._scope)
        if self._units_of_all:
            self._drafts.spread_units(self._units_of_all)
        elif self._unit_named is not None:
            self._drafts.measure_all(self._unit_named, is_stated=self._is_unit_stated)
        is_title = len(self._text) <= _LONGEST_TITLE and "\n" not in self._text
        if is_title and not self._drafts and len(lines) == 1:
            self._read_count(lines[0].tokens)
        return self._drafts.settled(self._text, is_title=is_title, named=tuple(self._named))

    def _read_count(self, tokens: Sequence[Token]) -> None:
        """Read what the title of a listing counts: "TEN 2C-B 20 mg"."""
        names = tuple(dict.fromkeys(token.value for token in tokens if token.kind == "name"))
        numbers = [token for token in tokens if token.kind == "number" and token.amount]
        is_counted = self._lexicon.counted.issuperset(names) or any(t.kind == "strength" for t in tokens)
        if len(numbers) == 1 and len(names) == 1 and is_counted:
            (count,) = numbers
            self._drafts.add(count.start, count.end, "title", names, Amounts(count.amount, unit=PIECE))

    def _read_line(self, line: Sequence[Token], readings: Sequence[Reading]) -> None:
        n_before = len(self._drafts)
        done = 0
        for reading in readings:
            is_longer = self._is_named_behind(line, reading, done)
            self._read(line, reading._replace(last=reading.last + 1) if is_longer else reading, done)
            done = reading.last + is_longer
        rest = line[done:]
        if len(self._drafts) == n_before:
            self._read_heading(rest)
        else:
            self._note_units(rest)
            if any(token.kind == "all" for token in rest):
                self._drafts.sell_whole(n_before)
            self._drafts.spread_per(n_before)
            self._drafts.spread_measure(n_before)
            if len(rest) == 1 and rest[0].unit is not None and self._is_of_line(rest[0]):
                self._drafts.measure_line(n_before, rest[0].unit)
        own = self._drafts.since(n_before)
        self._price_below_heading(line, own)
        if len(own) == 1 and own[0].offer.rule == "amount" and self._is_in_brackets(line[-1]):
            self._row.per, self._per_of = line[-1], own[0]
        is_head = all(token.kind in ("name", "quantity") for token in line)
        are_amounts = is_head and all(draft.offer.rule == "amount" for draft in own)
        self._table.head_by_offers(own if are_amounts else [])

    def _is_of_line(self, token: Token) -> bool:
        """Tell whether a unit ends a line, so that it is that of its amounts: "1=60, 2=115 (g)"."""
        is_measure = (
            token.kind == "unit" and token.unit is not None and token.unit.kind in ("measure", "piece")
        )
        return is_measure and _LINE_ENDS.match(self._text, token.end) is not None

    def _is_price_heading(self, line: Sequence[Token]) -> bool:
        """Tell whether a line is a price for each of the lines below: "100 euro menu:", "1 prijs: €20"."""
        if not line:
            return False
        price = line[-1]
        if price.kind != "price" or any(token.kind not in _BESIDE_HEADING for token in line[:-1]):
            return False
        end = self._text.find("\n", price.end)
        start = self._text.rfind("\n", 0, price.start) + 1
        is_open = end >= 0 and self._text[price.end : end].rstrip().endswith(":")
        return is_open or (end >= 0 and _ONE_PRICE.search(self._text, start, price.start) is not None)

    def _price_below_heading(self, line: Sequence[Token], own: Sequence[Draft]) -> None:
        """Give what a line offers the price of the heading, until a line has its own."""
        if self._price_heading is None:
            return
        if any(token.kind == "price" for token in line) or any(d.offer.rule != "amount" for d in own):
            self._price_heading = None
            return
        for draft in own:
            draft.offer = draft.offer._replace(price_eur=self._price_heading.amount)
            draft.is_tentative = False

    def _is_named_behind(self, line: Sequence[Token], reading: Reading, done: int) -> bool:
        """Tell whether the name behind a reading is its own: "50 pg coke", "34k per kilo of flake"."""
        last = reading.last
        if reading.rule not in ("per", "pair") or last == len(line) or line[last].kind != "name":
            return False
        name = line[last]
        if self._text[line[last - 1].end : name.start] == " (" and self._text.startswith(")", name.end):
            return True  # "10 voor 50 (hash), 10 voor 70 (wiet)"
        if any(token.kind == "name" for token in line[done:last]):
            return False
        between = self._text[line[last - 1].end : line[last].start]
        end = line[last].end
        for token in line[last + 1 :]:  # "flake coke"
            if token.kind != "name" or token.start - end > 1:
                break
            end = token.end
        follower = next((token for token in line[last + 1 :] if token.start >= end), None)
        is_in_row = line[0].kind in PRICES and follower is not None and follower.kind in PRICES
        return between in _NAME_JOINTS and (is_in_row or ITEM_ENDS.match(self._text, end) is not None)

    def _read_heading(self, tokens: Sequence[Token]) -> None:
        names = [token for token in tokens if token.kind == "name"]
        if names:
            self._table.head_by_names(names)
            self._row.per = self._per_of = None
            self._read_title(tokens[-1], names)
        self._note_units(tokens)
        self._scope.end_line(names)

    def _is_in_brackets(self, token: Token) -> bool:
        """Tell whether an amount ends a heading: "Orals (100 tabs):"."""
        is_end = _HEADING_ENDS.match(self._text, token.end) is not None
        return token.kind == "quantity" and is_end and self._text.startswith("(", max(token.start - 1, 0))

    def _is_item(self, one: Token, other: Token) -> bool:
        """Tell whether two names stand in one item of a list."""
        return _ONE_ITEM.fullmatch(self._text, one.end, other.start) is not None

    def _read_title(self, last: Token, names: Sequence[Token]) -> None:
        """Read the unit that ends a title: "Afghan hash - ounce", an offer if the ad has no prices."""
        unit = last.unit if last.kind == "unit" else None
        is_end = self._text.startswith("\n", last.end) or last.end == len(self._text)
        if unit is None or unit.kind in ("piece", "thing") or is_plural(unit) or not is_end:
            return
        amounts = Amounts(unit.factor, unit=unit, is_tentative=True)
        self._drafts.add(last.start, last.end, "title", (names[0].value,), amounts, is_named=True)

    def _read(self, line: Sequence[Token], reading: Reading, done: int) -> None:
        """Read what a reading offers; so many tokens of its line belong to readings before it."""
        if reading.rule == "nothing":
            self._note_units(line[done : reading.first])
            return
        if reading.rule == "all":
            assert reading.price is not None
            self._drafts.price_all(line[reading.price], tuple(self._named))
            return
        skipped = line[done : reading.first]
        units = {token.start for token in skipped if token.kind == "unit"}
        before = [token for token in skipped if token.kind == "name"]
        before = [
            *before[:1],
            *(
                name
                for past, name in pairwise(before)
                if name.start not in units or not self._is_item(past, name)
            ),
        ]  # "1P-LSD 100 ug blotters"
        old = self._scope.row
        names, inside = self._names_of(line, reading, before, is_first=done == 0)
        if names != old:
            self._row.begin(keeps_unit=not before and not inside)
        self._note_units(skipped)
        if reading.rule == "list":
            self._read_list(line, reading)
            return
        amounts = self._row.amounts(line, reading, names)
        if reading.rule == "bare" and self._per_of is not None:
            self._per_of.is_tentative = True  # "Orals (100 tabs):" is no offer of its own
        start, end = line[reading.first].start, line[reading.last - 1].end
        is_mixed = reading.rule in ("bundle", "choice") and len(names) > 1
        if is_mixed or (self._may_choose and len(self._named) > 1 and self._is_choice(start, end)):
            names = ()
        if amounts is not None:
            is_least = reading.amount is not None and line[max(reading.amount - 1, 0)].kind == "from"
            rule = "least" if reading.rule == "pair" and is_least else reading.rule
            self._drafts.add(start, end, rule, names, amounts, is_named=bool(before or inside))

    def _is_choice(self, start: int, end: int) -> bool:
        """Tell whether an offer is one of several things that were named: "3 naar keuze 25"."""
        return _TO_CHOOSE.search(self._text, max(start - _NEAR, 0), end) is not None

    def _names_of(
        self, line: Sequence[Token], reading: Reading, before: Sequence[Token], *, is_first: bool
    ) -> tuple[Names, list[Token]]:
        """Return what a reading is of, and the names in it.

        A word that is a unit too names only where nothing else does: "2C-B 10 pillen", "base 3 bolletjes".
        """
        inside = [token for token in line[reading.first : reading.last] if token.kind == "name"]
        start = line[reading.first].start
        amount = line[reading.amount] if reading.amount is not None else None
        of_unit = [name for name in (*before, *inside) if amount and amount.start <= name.start < amount.end]
        if amount is not None and amount.value != "filled" and of_unit and len(of_unit) >= len(inside):
            others = [name for name in before if name not in of_unit]
            is_headed = self._scope.is_headed
            names = self._scope.names_of([], others, start)
            is_beside = bool(others) and amount.start - others[-1].end <= 1  # "4-FA 10 pillen 40"
            is_container = amount.unit is not None and amount.unit.kind != "thing"
            is_named = is_headed or bool(others) or (not is_first and amount.kind == "quantity")
            if names and (is_named if is_container else is_beside or self._lexicon.counted.issuperset(names)):
                return names, others
        return self._scope.names_of(inside, before, start), inside

    def _read_list(self, line: Sequence[Token], reading: Reading) -> None:
        """Read a row of prices: one for each of as many names, or all for the same."""
        prices = [token for token in line[reading.first : reading.last] if token.kind in ("number", "price")]
        names = self._scope.row
        of_each = [(name,) for name in names] if len(names) == len(prices) else [names] * len(prices)
        of_what = reading.amount if reading.amount is not None else reading.per
        rule = "bare" if reading.amount is None else "pair"
        amounts = Amounts()
        if of_what is not None and line[of_what].unit is not None:
            unit = line[of_what].unit
            amounts = Amounts(line[of_what].amount or (unit and unit.factor), unit=unit)
        for price, of_one in zip(prices, of_each, strict=True):
            self._drafts.add(price.start, price.end, rule, of_one, amounts._replace(price_eur=price.amount))

    def _note_units(self, tokens: Sequence[Token]) -> None:
        """Note what the words that belong to no offer say of units."""
        after_all = False
        of_all: list[Unit] = []
        named = None
        for token in tokens:
            if token.kind == "name":
                self._row.unit = self._row.unit if token.value == named else None  # "joints voorgedraaid"
                named = token.value
            if token.kind in ("unit", "per"):
                self._row.unit = token.unit
            if token.kind == "per" and token.amount is not None:
                self._row.per = token
                continue
            if token.kind == "unit" and token.unit is not None and token.unit.value == "g":
                self._unit_named = token.unit
                self._is_unit_stated = self._is_unit_stated or self._text.startswith(
                    "(", max(token.start - 1, 0)
                )
            if token.kind == "per" and token.value != "article" and (token.value != "each" or after_all):
                of_all += [token.unit] if token.unit is not None else []
            after_all = token.kind == "all" or bool(of_all)
        self._units_of_all = of_all or self._units_of_all
        measures = {token.unit for token in tokens if token.unit is not None and token.unit.kind == "measure"}
        if len(measures) > 1:
            self._row.unit = None  # "an eighth, a quarter, a zip"
