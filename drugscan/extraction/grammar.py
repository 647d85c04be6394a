"""The small grammar of offers: rules over the tokens of a line.

Rules are tried in order at each token; the first that fits makes an offer and goes on behind it. The
substance comes from within the offer, from before it in the line, from a heading above, or is the only
one that the ad names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from drugscan.extraction.offer import Offer
from drugscan.extraction.tokens import Token
from drugscan.lexicon.loader import Lexicon, Unit

_EMOJI = re.compile(r":[a-z_]{1,60}:")
_JOINER = re.compile(r"[\s.]{0,4}(?:[/&+,|]|\b(?:en|and|und|et|of|or|y|i)\b)[\s.]{0,4}")
_BUNDLED = re.compile(r"[+&]")
_MAX_GAP = 30
_MAX_PRICE = Decimal(1_000_000)


class LineReader:
    """Goes along the tokens and remembers what headings and rows carry to what follows."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.offers: list[Offer] = []
        self._text = text
        self._tokens = tokens
        self._counted = lexicon.counted
        named = {token.value for token in tokens if token.kind == "substance"}
        self._only = next(iter(named)) if len(named) == 1 else None
        self._heading: str | None = None
        self._row: str | None = None
        self._row_unit: Unit | None = None
        self._names_in_line: list[Token] = []
        self._names_since_offer: list[Token] = []
        self._offers_in_line = 0

    def read(self) -> None:
        """Read all lines; the offers stand in ``offers``."""
        position = 0
        while position < len(self._tokens):
            token = self._tokens[position]
            if token.kind == "end":
                self._end_line()
            elif token.kind == "substance":
                self._name(token)
            elif token.kind == "unit":
                self._row_unit = self._row_unit or token.unit
            position = self._offer_at(position) or position + 1

    def _end_line(self) -> None:
        if self._names_in_line:
            self._heading = self._row if self._offers_in_line else self._named_by_line()
        self._names_in_line = []
        self._names_since_offer = []
        self._offers_in_line = 0
        self._row = self._heading

    def _named_by_line(self) -> str | None:
        """Return what a line without offers names: its first name, or none of several equals."""
        names = self._names_in_line
        joined = any(
            one.value != other.value and self._are_joined(one, other) for one, other in pairwise(names)
        )
        return None if joined else names[0].value

    def _name(self, token: Token) -> None:
        if self._row != token.value:
            self._row_unit = None
        self._row = token.value
        self._names_in_line.append(token)
        self._names_since_offer.append(token)

    def _bundle(self, position: int) -> int | None:
        """Read "1g coke + 5 xtc = 60": several things for one price."""
        n_amounts = 0
        for index in range(position, min(position + 12, len(self._tokens))):
            token = self._tokens[index]
            if index > position and token.start - self._tokens[index - 1].end > _MAX_GAP:
                return None
            if token.kind == "price" or (token.kind == "number" and self._tokens[index - 1].kind == "times"):
                between = self._text[self._tokens[position].end : token.start]
                if n_amounts < 2 or not _BUNDLED.search(between):
                    return None
                return self._add(position, index, "bundle", price=token.amount, is_mixed=True)
            if token.kind in ("quantity", "number"):
                n_amounts += 1
                if index > position and not _BUNDLED.search(
                    self._text[self._tokens[position].end : token.start]
                ):
                    return None
            elif token.kind not in ("substance", "times", "unit"):
                return None
        return None

    # --- rules ------------------------------------------------------------------------------------

    def _offer_at(self, position: int) -> int | None:
        """Return where to go on behind an offer that begins here, or None."""
        first = self._tokens[position]
        if first.kind in ("quantity", "number"):
            bundled = self._bundle(position)
            if bundled is not None:
                return bundled
        if first.kind in ("quantity", "half", "unit"):
            return self._amount_first(position)
        if first.kind == "number":
            return self._number_first(position)
        if first.kind == "price":
            return self._price_first(position)
        return None

    def _amount_first(self, position: int) -> int | None:
        """Read "5g 40", "halfje 25", "gram 50", "vanaf 100 stuks 0,80 ps", and amounts alone."""
        amount = self._tokens[position]
        content = self._content(position)
        inside, price = self._next(
            content or position, ("number", "price"), skip=("times", "substance", "unit")
        )
        quantity = amount.amount if amount.kind != "unit" else Decimal(1)
        unit = amount.unit or self._measure()
        at_least = position > 0 and self._tokens[position - 1].kind == "from"
        if amount.kind == "unit" and price is not None and self._begins_pair(price):
            return None
        if price is None or not self._may_be_price(price, amount):
            is_least = at_least and self._text[self._tokens[position - 1].start :].startswith("min")
            if amount.kind != "quantity" or is_least:
                return None
            if amount.unit is not None and amount.unit.kind == "container":
                return None
            return self._add(
                position, position, "amount", quantity=quantity, unit=unit, high=amount.amount_max
            )
        per = self._per_behind(price)
        price_eur = self._tokens[price].amount
        if per is not None and amount.kind == "quantity" and (at_least or amount.amount_max or quantity != 1):
            per_unit = self._tokens[per].unit
            scale = per_unit.factor if per_unit and unit and per_unit.value == unit.value else Decimal(1)
            return self._add(
                position, per, "unit price", quantity=quantity, high=amount.amount_max, unit=unit,
                unit_price=price_eur and price_eur / scale, inside=inside,
            )  # fmt: skip
        if amount.kind == "unit" and unit is not None:
            quantity = unit.factor
        if self._row == "nitrous" and unit is not None and unit.value == "g":
            quantity, unit = Decimal(1), _PIECE  # a bottle of so many grams
        return self._add(
            position, per or price, "amount and price", quantity=quantity, high=amount.amount_max, unit=unit,
            price=price_eur, inside=inside,
        )  # fmt: skip

    def _begins_pair(self, position: int) -> bool:
        """Tell whether a number is an amount, as its own price follows ("pillen 10 voor 25")."""
        price = self._next(position, ("number", "price"), skip=("times",))[1]
        return (
            self._tokens[position].kind == "number" and price is not None and self._is_pair(position, price)
        )

    def _per_behind(self, position: int) -> int | None:
        """Return where "per gram", "p.s." and the like stand right behind a price."""
        per = self._next(position, ("per",), max_gap=3)[1]
        if per is None or "." in self._text[self._tokens[position].end : self._tokens[per].start]:
            return None
        return per

    def _content(self, position: int) -> int | None:
        """Return where a container's content stands that says nothing of how much is offered."""
        container = self._tokens[position].unit
        if container is None or container.kind != "container":
            return None
        inner = self._next(position, ("quantity",), skip=("substance",), max_gap=20)[1]
        if inner is None or self._next(inner, ("number", "price"), skip=("times",))[1] is None:
            return None
        content = self._tokens[inner].unit
        is_bottled = content is not None and (content.value == "ml" or content.factor >= 1000)
        return inner if is_bottled else None

    def _number_first(self, position: int) -> int | None:
        """Read "10 = 25", "3 voor 100", "3 140" in a row of such, "15/g", and a price beside a name."""
        number = self._tokens[position]
        per = self._per_behind(position)
        if per is not None:
            return self._per_unit(position, per)
        inside, price = self._next(position, ("number", "price"), skip=("times", "substance"))
        if price is not None and self._is_pair(position, price):
            per = self._per_behind(price)
            unit = self._row_unit
            if per is not None:
                return self._add(
                    position, per, "unit price", quantity=number.amount, unit=self._tokens[per].unit,
                    unit_price=self._tokens[price].amount, inside=inside,
                )  # fmt: skip
            return self._add(
                position, price, "number and price", quantity=number.amount, unit=unit,
                price=self._tokens[price].amount, inside=inside,
            )  # fmt: skip
        return self._bare_price(position)

    def _price_first(self, position: int) -> int | None:
        """Read "€10 per stuk", "50 euro 5 gram" at a line's start, and a price beside a name."""
        per = self._per_behind(position)
        if per is not None:
            return self._per_unit(position, per)
        inside, amount = self._next(position, ("quantity",), skip=("times",), max_gap=8)
        is_first = not self._offers_in_line and amount is not None
        if (
            amount is not None
            and is_first
            and self._next(amount, ("number", "price"), skip=("times",))[1] is None
        ):
            found = self._tokens[amount]
            return self._add(
                position, amount, "price and amount", quantity=found.amount, unit=found.unit,
                price=self._tokens[position].amount, inside=inside,
            )  # fmt: skip
        return self._bare_price(position)

    def _per_unit(self, position: int, per: int) -> int | None:
        unit = self._tokens[per].unit
        price = self._tokens[position].amount
        least = self._next(per, ("from",), max_gap=2)[1]
        if least is not None and "," not in self._text[self._tokens[per].end : self._tokens[least].start]:
            amount = self._next(least, ("quantity", "number"), max_gap=3)[1]
            if amount is not None and unit is not None:
                found = self._tokens[amount]
                return self._add(
                    position, amount, "unit price", quantity=found.amount, unit=found.unit or unit,
                    unit_price=price and price / unit.factor,
                )  # fmt: skip
        self._row_unit = unit or self._row_unit
        return self._add(
            position, per, "per unit", quantity=unit.factor if unit else None, unit=unit, price=price
        )

    def _bare_price(self, position: int) -> int | None:
        """Read a price without an amount, right behind a name."""
        token = self._tokens[position]
        before = self._tokens[position - 1] if position else None
        if before is not None and before.kind == "times" and position > 1:
            before = self._tokens[position - 2]
        if before is None or before.kind != "substance" or token.start - before.end > _MAX_GAP:
            return None
        if token.kind == "number" and (
            token.start - before.end > 16 or token.amount is None or token.amount < 2
        ):
            return None
        return self._add(position, position, "price", price=token.amount)

    # --- what the rules ask -------------------------------------------------------------------------

    def _next(
        self, position: int, kinds: tuple[str, ...], *, skip: tuple[str, ...] = (), max_gap: int = _MAX_GAP
    ) -> tuple[list[Token], int | None]:
        """Return the names on the way to the next token of some kinds, and where it is."""
        inside: list[Token] = []
        end = self._tokens[position].end
        for index in range(position + 1, len(self._tokens)):
            token = self._tokens[index]
            if token.start - end > max_gap:
                return [], None
            if token.kind in kinds:
                return inside, index
            if token.kind not in skip:
                return [], None
            if token.kind == "substance":
                inside.append(token)
            end = token.end
        return [], None

    def _may_be_price(self, position: int, amount: Token) -> bool:
        """Tell whether what follows an amount is its price, and no amount of the next offer."""
        token = self._tokens[position]
        if token.kind == "price":
            return True
        gap = self._text[amount.end : token.start]
        following = self._next(position, ("price",), skip=("times",), max_gap=3)[1]
        return following is None and gap.count(",") == 0

    def _is_pair(self, position: int, price: int) -> bool:
        """Tell whether two numbers are an amount and its price."""
        number, token = self._tokens[position], self._tokens[price]
        gap = self._text[number.end : token.start]
        if any(self._tokens[index].kind == "times" for index in range(position + 1, price)):
            return True
        if token.kind == "price":
            return len(gap) <= 12
        joined = gap.strip(" ")
        if (
            joined not in ("", "-", "/", ".", "..", "...", "....")
            or number.amount is None
            or token.amount is None
        ):
            return False
        return token.amount > number.amount and (self._row is not None or self._only is not None)

    def _are_joined(self, first: Token, second: Token) -> bool:
        """Tell whether two names stand in a row as equals ("haze + polm", "wit en bruin")."""
        between = _EMOJI.sub(" ", self._text[first.end : second.start])
        return _JOINER.fullmatch(between) is not None

    def _measure(self) -> Unit | None:
        """Return the unit of "halfje" and "hele": the row's, or grams."""
        return self._row_unit if self._row_unit and self._row_unit.kind == "measure" else _GRAM

    def _add(
        self,
        first: int,
        last: int,
        rule: str,
        *,
        quantity: Decimal | None = None,
        high: Decimal | None = None,
        unit: Unit | None = None,
        price: Decimal | None = None,
        unit_price: Decimal | None = None,
        inside: Sequence[Token] = (),
        is_mixed: bool = False,
    ) -> int | None:
        if max(price or 0, unit_price or 0) > _MAX_PRICE:
            return None
        for name in inside:
            self._name(name)
        substance = None if is_mixed else self._substance(last)
        unit_value = unit.value if unit is not None else None
        if unit is not None and rule != "number and price":
            self._row_unit = unit
        if unit_value is None and quantity is not None and substance in self._counted:
            unit_value = "pcs"
        offer = Offer(
            self._tokens[first].start, self._tokens[last].end, rule, substance,
            quantity, high, unit_value, price, unit_price,
        )  # fmt: skip
        self.offers.append(offer)
        self._offers_in_line += 1
        return last + 1

    def _substance(self, last: int) -> str | None:
        """Return the substance of an offer that ends here."""
        names, self._names_since_offer = self._names_since_offer, []
        if len(names) > 1 and names[-1].value != names[-2].value and self._are_joined(*names[-2:]):
            self._row = None
        if self._names_in_line:
            return self._row
        if self._heading is not None:
            return self._heading
        if self._only is not None:
            return self._only
        following = self._next(last, ("substance",), max_gap=12)[1]
        return self._tokens[following].value if following is not None else None


_PIECE = Unit("pcs.st", "st", "pcs", Decimal(1), "piece")
_GRAM = Unit("g.gram", "gram", "g", Decimal(1), "measure")
