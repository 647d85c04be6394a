"""How much a reading offers, with what its row says of units, packs and the price of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from drugscan.extraction.possible import Reading
from drugscan.extraction.scope import Names
from drugscan.extraction.tokens import GRAM, PIECE, Token
from drugscan.lexicon.loader import Unit

_ONE = Decimal(1)
_FEW = 100
_MOST_PIECES_FOR_ONE_EURO = 50
HALF_KILO_G = 500
_MOST_PER_GRAM_EUR = 10
_LEAST_PER_UNIT_EUR = Decimal("0.05")
_EACH = re.compile(r"(?:[^,;\n]{0,30} | ?)(?:a|x|@) ?[0-9€]")
_NOT_SOLD = re.compile(r"[^\n.,;\d]{0,20}\b(?:doe|doen|verkoop|verkopen) (?:ik|we|wij)(?: [a-z]+)? niet")
_TIMES = re.compile(r"(\d{1,3}) ?x")
_NO = re.compile(r"(?:^|\W)(?:geen|no|(?:samples?|proefjes?|monsters?) (?:van|of)) \Z")
_STOCK_LISTS = ("voorraad", "stock", "in stock")
_AT_MOST = ("tot", "till", "until")
_BOUNDS = ("min", "bij", "boven")
_BOTTLED, _VAPED = ("nitrous",), ("cannabis_products",)
_MOST_IN_VAPE = 2
_VAPES = ("vape", "cart", "pen")
_VAPE_OR_OIL = re.compile(r"vape|cart|\bpen|olie|oil|wax|shatter|rosin|resin|edible|gumm|hash|hasj")
_CERTAIN_UNITS = ("measure", "piece", "thing")


class Amounts(NamedTuple):
    """Quantity, unit and price of a reading.

    Attributes
    ----------
    quantity, high : Decimal or None
        How much, and the upper end of a range, in the unit's ``value``.
    unit : Unit or None
        Of the quantity.
    price_eur, unit_price_eur : Decimal or None
        Of the quantity, or of one unit of it.
    is_tentative : bool
        Whether it is an offer only if a price for all comes after it.
    """

    quantity: Decimal | None = None
    high: Decimal | None = None
    unit: Unit | None = None
    price_eur: Decimal | None = None
    unit_price_eur: Decimal | None = None
    is_tentative: bool = False


class OfferRow:
    """Remembers what the offers of one substance, one after another, carry over.

    Attributes
    ----------
    unit : Unit or None
        What a number without a unit is counted in.
    per : Token or None
        Of how much a heading says that prices are: "wiet (p/5g)".
    """

    def __init__(self, text: str) -> None:
        self.unit: Unit | None = None
        self.per: Token | None = None
        self._text = text
        self._price_of_one: Decimal | None = None
        self._scale = _ONE
        self._unit_of_one: Unit | None = None
        self._is_per_unit = False
        self._pack: tuple[Decimal, Unit] | None = None

    def begin(self, *, keeps_unit: bool) -> None:
        """Begin the row of another substance; a heading's unit stays."""
        self._price_of_one = None
        self._is_per_unit = False
        self._pack = None
        if not keeps_unit:
            self.unit = None

    def amounts(self, line: Sequence[Token], reading: Reading, names: Names) -> Amounts | None:
        """Return what a reading offers of some names; None if it offers nothing after all."""
        offered = self._offered(line, reading, names)
        if offered is None or reading.price is None or line[reading.price].unit is None:
            return offered
        offered = offered._replace(price_eur=None, unit_price_eur=None)  # no euros
        return offered if offered.quantity is not None else None

    def _offered(self, line: Sequence[Token], reading: Reading, names: Names) -> Amounts | None:
        price = line[reading.price].amount if reading.price is not None else None
        if reading.rule == "bare":
            self._price_of_one = price
        if reading.rule == "bare" and self.per is not None and self.per.amount is not None:
            return Amounts(self.per.amount, unit=self.per.unit, price_eur=price)
        if reading.rule == "choice" and reading.amount is not None:
            quantity, unit = self._quantity(line[reading.amount], names)
            return Amounts(quantity, unit=unit, price_eur=price)
        if reading.rule in ("bare", "bundle"):
            return Amounts(price_eur=price)
        if reading.amount is None:
            return self._of_one(line, reading)
        if price is None:
            return self._alone(line, reading.amount, names)
        return self._priced(line, reading, price, names)

    def _of_one(self, line: Sequence[Token], reading: Reading) -> Amounts | None:
        """Read "€10 per stuk", "per ons 450", "25 per zakje van 5 g"."""
        if reading.per is None or reading.price is None:
            return None
        per = line[reading.per]
        self.unit = per.unit
        quantity = per.amount if per.amount is not None else per.unit and per.unit.factor
        self._note(line[reading.price].amount, quantity, per.unit)
        return Amounts(quantity, unit=per.unit, price_eur=line[reading.price].amount)

    def _note(self, price: Decimal | None, quantity: Decimal | None, unit: Unit | None) -> None:
        """Note what one unit costs, and how much of its measure that is."""
        self._price_of_one = price
        self._unit_of_one = unit
        self._scale = quantity or _ONE

    def _alone(self, line: Sequence[Token], index: int, names: Names) -> Amounts | None:
        """Read an amount without a price: what is in stock, or the least that is sold."""
        amount = line[index]
        before = line[index - 1] if index else None
        if before is not None and (
            before.kind == "fee"
            or (before.kind == "from" and self._is_bound(before))
            or (before.kind == "clock" and self._text.startswith(_AT_MOST, before.start))
        ):
            return None
        is_refused = _NOT_SOLD.match(self._text, amount.end) or _NO.search(
            self._text, max(amount.start - 15, 0), amount.start
        )
        if is_refused:
            return None
        quantity, unit = self._quantity(amount, names)
        if unit is not None and unit.kind == "measure":
            self.unit = unit
        is_sure = (
            unit is not None
            and unit is amount.unit
            and amount.value != "filled"
            and (_is_sold_alone(unit, names) or self._is_in_stock(line, index))
        ) or amount.value in ("counted", "part", "stock")
        return Amounts(quantity, amount.amount_max, unit, is_tentative=not is_sure)

    def _is_in_stock(self, line: Sequence[Token], index: int) -> bool:
        """Tell whether a word says that an amount is there: "nog 2 strips over", "voorraad: 2 strips"."""
        is_list = line[0].kind == "stock" and self._text.startswith(_STOCK_LISTS, line[0].start)
        return is_list or any(token.kind == "stock" for token in line[max(index - 3, 0) : index + 4])

    def _is_bound(self, least: Token) -> bool:
        """Tell whether an amount is the least for something else: an order, a discount."""
        return self._text.startswith(_BOUNDS, least.start) or least.value == "bound"

    def _priced(self, line: Sequence[Token], reading: Reading, price: Decimal, names: Names) -> Amounts:
        """Read an amount and its price, which may be that of one unit."""
        assert reading.amount is not None
        assert reading.price is not None
        amount = line[reading.amount]
        is_least = reading.amount > 0 and line[reading.amount - 1].kind == "from"
        quantity, unit = self._quantity(amount, names)
        if reading.per is not None and amount.kind == "number" and unit is not amount.unit:
            quantity, unit = amount.amount, None  # "bij 5+ 3.000 per kilo": five of what is priced
        self.unit = unit or self.unit
        per = line[reading.per].unit if reading.per is not None else None
        if per == PIECE and len(names) > 1 and unit is not None and unit.kind == "measure":
            per = None  # "keta, coke: 1 g 20 each" is the price of a gram of each
        if per is not None and amount.kind == "unit" and unit is not None and unit.value != per.value:
            self.unit = per  # "blokje 7 pg"
            return Amounts(per.factor, unit=per, price_eur=price)
        is_bulk = unit is not None and unit.value == "g" and quantity is not None and quantity >= HALF_KILO_G
        is_per_gram = is_bulk and is_least and price <= _MOST_PER_GRAM_EUR
        if per is None and unit is not None and (amount.amount_max is not None or is_per_gram):
            # nobody asks the same for 100 as for 450: "100-450 g 4,60", "1 kg+ 4,00"
            return Amounts(quantity, amount.amount_max, unit, unit_price_eur=_of_unit(price, unit.factor))
        if per is not None:
            offered = Amounts(quantity, amount.amount_max, unit, price)
            return self._per_unit(offered, per, is_least=is_least, is_filled=amount.value == "filled")
        is_price_first = reading.price < reading.amount
        is_cheaper = self._price_of_one is not None and price <= self._price_of_one
        is_each = _is_each(amount, unit, quantity, price, self._text[amount.end : line[reading.price].end])
        # "1000 stuks 0,60 p.s., 5000 stuks 0,50", "1 kilo 3000, 5 kilo 2900"
        goes_on = is_cheaper and (self._is_per_unit or self._is_more_for_less(quantity, unit, price))
        is_more = quantity is not None and quantity > 1
        if (is_least and (is_price_first or is_cheaper)) or (is_more and (goes_on or is_each)):
            is_same = (
                unit is not None and self._unit_of_one is not None and unit.value == self._unit_of_one.value
            )
            scale = self._scale if is_same and quantity and quantity >= self._scale else _ONE
            if quantity != scale or scale == _ONE:  # "v.a. 1 kg 2400" is what one costs
                return Amounts(quantity, amount.amount_max, unit, unit_price_eur=_of_unit(price, scale))
        if quantity == 1 or (amount.unit is not None and quantity == amount.unit.factor):
            self._note(price, quantity, unit)
        return Amounts(quantity, amount.amount_max, unit, price)

    def _is_more_for_less(self, quantity: Decimal | None, unit: Unit | None, price: Decimal) -> bool:
        """Tell whether more than one unit costs less than one, so that its price is that of one."""
        if quantity is None or unit is None or unit != self._unit_of_one or self._price_of_one is None:
            return False
        return unit.kind == "measure" and quantity > self._scale and price < self._price_of_one

    def _per_unit(self, offered: Amounts, per: Unit, *, is_least: bool, is_filled: bool) -> Amounts:
        """Return an amount whose price is that of one unit."""
        quantity, high, unit, price, *_ = offered
        assert price is not None
        if unit is None or (is_least and per.value not in (unit.value, "pcs")):
            # "vanaf 5 stuks 42 per gram": five of what is priced
            quantity, unit = (quantity or _ONE) * per.factor, per
        if unit.factor > 1 and per.value == "pcs" and quantity is not None and quantity > unit.factor:
            return Amounts(quantity, high, unit, unit_price_eur=price / unit.factor)  # "5 kg 3100 each"
        if unit.value != per.value and per.value == "pcs" and is_filled:
            return Amounts(quantity, high, unit, price_eur=price)  # "packs 3.5 g, 45 each"
        if unit.value != per.value and per.value == "pcs":
            return Amounts(_ONE, unit=per, price_eur=price)  # "vape 2 ml 45 p.s."
        if quantity == per.factor and not is_least and high is None:
            self._note(price, quantity, unit)
            return Amounts(quantity, unit=unit, price_eur=price)
        scale = per.factor if per.value == unit.value else _ONE
        self._note(price, scale, per)
        self._is_per_unit = True
        return Amounts(quantity, high, unit, unit_price_eur=price / scale)

    def _quantity(self, amount: Token, names: Names) -> tuple[Decimal | None, Unit | None]:
        """Return how much an amount is, with what its row says of its unit."""
        unit, quantity = amount.unit, amount.amount or _ONE
        if amount.value == "counted":
            return quantity, PIECE
        if unit is None:
            return self._without_unit(amount, quantity, names)
        if amount.kind == "unit":
            return unit.factor, unit
        if amount.value == "filled":
            self._pack = (quantity, unit)
        elif unit.kind == "pack" and self._pack is not None:
            return quantity * self._pack[0], self._pack[1]
        elif unit.value == "g" and names == _BOTTLED:
            count = _TIMES.match(self._text, amount.start)
            return Decimal(count[1]) if count else _ONE, PIECE  # bottles of so many grams, "3x 2 kg"
        elif names == _VAPED and quantity <= _MOST_IN_VAPE and self._is_vape(amount, unit):
            return _ONE, PIECE  # "thc vape, 1 ml"
        return quantity, unit

    def _is_vape(self, amount: Token, unit: Unit) -> bool:
        """Tell whether an amount is what a vape holds, in millilitres, or in grams below a word for vapes."""
        if unit.value != "g":
            return unit.value == "ml"
        named = [match[0] for match in _VAPE_OR_OIL.finditer(self._text, 0, amount.start)]
        return bool(named) and named[-1] in _VAPES

    def _without_unit(self, amount: Token, quantity: Decimal, names: Names) -> tuple[Decimal, Unit | None]:
        if names == _BOTTLED:
            return quantity, PIECE
        if amount.value == "part" and self._pack is not None:
            return quantity * self._pack[0], self._pack[1]  # "plak 100 g 380, halve 200"
        if amount.value == "part":
            is_measure = self.unit is not None and self.unit.kind == "measure" and self.unit.factor >= 1
            measure = self.unit if self.unit is not None and is_measure else GRAM  # "10 per punt, 80 hele"
            return quantity * measure.factor, measure
        if amount.value == "pill" or (amount.value == "thousand" and self.unit is None):
            return quantity, PIECE
        if self.unit is not None and self.unit.value == "pcs" and quantity != quantity.to_integral_value():
            return quantity, None  # "cali packs: 3.5 = 50"
        if self.unit is not None and quantity < _FEW:
            quantity *= self.unit.factor  # "1 kilo 3000, 5 voor 14000"
        return quantity, self.unit


def _is_sold_alone(unit: Unit, names: Names) -> bool:
    """Tell whether an amount of a unit says what is sold; balloons come with a tank of gas."""
    return unit.kind in _CERTAIN_UNITS and not (unit.kind == "thing" and names == _BOTTLED)


def _is_each(
    amount: Token, unit: Unit | None, quantity: Decimal | None, price: Decimal, written: str
) -> bool:
    """Tell whether a price is that of one piece: "100 stuks à 0,80", "25 carts x 14", "1000 stuks 0,55"."""
    if unit is not None and unit.value != "pcs":
        return False
    if price < 1 or (unit is not None and (quantity or _ONE) > _MOST_PIECES_FOR_ONE_EURO * price):
        return True
    return unit is not None and unit is amount.unit and _EACH.match(written) is not None


def _of_unit(price: Decimal, scale: Decimal) -> Decimal:
    """Return the price of a gram or a piece, given that of so many; one too low for so many is of one."""
    return price / scale if price / scale >= _LEAST_PER_UNIT_EUR else price
