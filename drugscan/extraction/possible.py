"""What the tokens of a line may say: each way to take an amount, a price and what stands about them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from drugscan.extraction.containers import are_in_brackets
from drugscan.extraction.gaps import FOR, gap_cost
from drugscan.extraction.surroundings import (
    ITEM_ENDS,
    MOST_FOR_ONE_EURO,
    PRICES,
    Surroundings,
    is_thing,
    ratio,
)
from drugscan.extraction.tokens import Token
from drugscan.extraction.vocabulary import amount_rules

_COSTS: dict[str, int] = amount_rules()["costs"]
_LONGEST_ROW = 30
_DEAREST = 300
_MOST_FOR_ONE_EUR = 5_000  # a kilo that is written as one
_WIDEST_SPREAD = 5
_ONE = Decimal(1)

_FEE_JOINT = re.compile(r" ?(?:euro )?(?:voor|for) (?:de |the |het )?")
_LIST_JOINT = re.compile(r" ?[/&|] ?| en | and ")
_DASH = re.compile(" - ")
_ON_REQUEST = re.compile(
    r" ?[-:,(=]? ?(?:prijs |price |prix )?(?:op aanvraag|on request|in overleg|sur demande)"
)
_MARK_ONLY = re.compile(" ?[|,;:-] ?")
_BUNDLE_JOINT = re.compile(r"[+&,]| (?:en|of|or|plus) ")
_CHOICES = {" of ", " or "}

_BEHIND_PRICE = ("name", "per", "unit", "from", "all", "fee", "quantity", "number")


class Reading(NamedTuple):
    """Tokens of a line that say one thing.

    Attributes
    ----------
    rule : str
        What they are: ``pair`` (amount and price), ``per`` (price of a unit), ``bare`` (price beside a
        name), ``amount`` (alone), ``bundle`` (several amounts, one price), ``choice`` (the
        same amount of one thing or another), ``all`` (a price for all that
        was named), ``list`` (prices in a row), or ``nothing`` (a fee, the least order).
    first, last : int
        Where its tokens begin in the line, and where they end.
    cost : int
        How loosely they hang together.
    amount, price, per : int or None
        Where these stand in the line.
    """

    rule: str
    first: int
    last: int
    cost: int
    amount: int | None = None
    price: int | None = None
    per: int | None = None


def possible_readings(
    line: Sequence[Token], text: str, least_eur: Mapping[str, Decimal]
) -> list[list[Reading]]:
    """Return for each token of a line the readings that begin there."""
    if not line:
        return []
    possible = _Possible(line, text, least_eur)
    return [possible.at(first) for first in range(len(line))]


class _Possible(Surroundings):
    """All that the tokens of a line may say."""

    def __init__(self, line: Sequence[Token], text: str, least_eur: Mapping[str, Decimal]) -> None:
        super().__init__(line, text, least_eur)
        self._has_joint = _BUNDLE_JOINT.search(text, line[0].end, line[-1].start) is not None

    def at(self, first: int) -> list[Reading]:
        """Return the readings that begin at a token."""
        self._found: list[Reading] = []
        kind = self._kinds[first]
        if kind in ("number", "quantity") or (kind == "unit" and not is_thing(self._line[first])):
            if kind == "quantity":
                self._amount_alone(first)
                self._list(first + 1, amount=first)
            if self._has_joint:
                self._bundle(first)
            self._amount_first(first)
        if kind in PRICES:
            self._bare(first)
            following = self._kind(first + 1)
            if following in PRICES:
                self._list(first)
            if following in _BEHIND_PRICE:
                self._price_first(first)
            if self._has_joint and kind == "price":
                self._bundle_behind(first)
        elif kind in ("per", "all"):
            self._word_first(first)
        elif kind in ("fee", "plus", "from"):
            self._fee(first)
        return self._found

    def _add(
        self,
        rule: str,
        first: int,
        last: int,
        cost: int,
        *,
        amount: int | None = None,
        price: int | None = None,
        per: int | None = None,
    ) -> None:
        self._found.append(Reading(rule, first, last, cost, amount, price, per))

    # --- readings that begin with an amount ---------------------------------------------------------

    def _amount_alone(self, first: int) -> None:
        """Read "laatste 80 gram", "nog 2 strips diazepam"; the name may follow."""
        token = self._line[first]
        is_least_part = token.value == "part" and self._is_least(first) and self._is_close(first - 1)
        if token.value == "part" and not is_least_part:
            return
        named_before = first > 0 and self._kinds[first - 1] == "name" and self._is_close(first - 1)
        named_behind = self._kind(first + 1) == "name" and self._is_close(first)
        last = first + 2 if named_behind and not named_before else first + 1
        cost = _COSTS["part_alone"] if is_least_part else _COSTS["amount_alone"]
        self._add("amount", first, last, cost, amount=first)

    def _amount_first(self, first: int) -> None:
        """Read "5g 40", "halfje 25", "gram 50", "3 voor 100", "vanaf 100 stuks 0,80 ps", "1 pg 50"."""
        token = self._line[first]
        if token.amount == 1 and self._kind(first + 1) == "per" and self._kind(first + 2) in PRICES:
            cost = self._gaps[first + 1] + self._gaps[first + 2]
            self._add("per", first, first + 3, cost, price=first + 2, per=first + 1)
        price, cost = self._next_price(first)
        if price is None or (token.value == "part" and cost > 2):
            return
        is_number = self._kinds[price] == "number"
        if is_number and self._gaps[price] >= _COSTS["sentence"]:
            return
        if is_number and token.kind == "number" and token.value != "thousand":
            if price == first + 1 and cost > 2:
                if len(self._line) > 2 or not self._stand_alone():
                    return
                cost = 2
            cost += self._pair_of_numbers(first, price) if not self._is_least(first) else 0
        if token.kind == "number" and ratio(self._line[price], token) > _MOST_FOR_ONE_EUR:
            cost += _COSTS["much_for_little"]
        self._add("pair", first, price + 1, cost, amount=first, price=price)
        per = self._per_behind(price)
        if per is not None and (self._gaps[price] < _COSTS["comma"] or self._is_least(first)):
            start, end = self._line[first].end, self._line[price].start
            if self._is_least(first) and _MARK_ONLY.fullmatch(self._text, start, end):
                cost = min(cost, _COSTS["comma"] - 1)  # "v/a 1 kg | 2.400 p/kg"
            self._add("pair", first, per + 1, cost, amount=first, price=price, per=per)

    def _stand_alone(self) -> bool:
        """Tell whether the line is two numbers with a slash between: "5 / 40" below "gram / euro"."""
        one, other = self._line[0], self._line[-1]
        is_line = self._text[one.start - 1 : one.start] in ("", "\n") and (
            self._text[other.end : other.end + 1] in ("", "\n")
        )
        return is_line and self._text[one.end : other.start] == " / "

    def _pair_of_numbers(self, first: int, price: int) -> int:
        """Return what it costs more to take two bare numbers for an amount and its price."""
        cost = _COSTS["pair_of_numbers"]
        if (self._line[first].amount or 0) >= (self._line[price].amount or 0):
            cost += _COSTS["more_for_less"]
        if self._is_much(first, price) and not self._is_least(first):
            cost += _COSTS["much_for_little"]
        if price > first + 1:
            cost += _COSTS["name_between"]  # "coke 50 keta 25"
        return cost

    def _bundle(self, first: int) -> None:
        """Read "1g coke + 5 xtc = 60": several things for one price."""
        joints: list[str] = []
        amount = first
        if first and self._kinds[first - 1] == "all":
            return  # "all for 240, or 10 g for 75"
        for index in range(first + 1, min(len(self._line), first + _LONGEST_ROW)):
            token = self._line[index]
            if token.kind in ("quantity", *PRICES):
                joint = _BUNDLE_JOINT.search(self._text, self._line[amount].end, token.start)
                is_thing = token.kind == "quantity" or self._kind(index + 1) == "name"
                if joints and joint and joint[0] in "+&" and not is_thing and self._ends_package(index):
                    joint = None
                if joint is None or not (is_thing or joint[0] in "+&"):
                    cost = self._gaps[index]
                    is_sure = (
                        cost == 0 and " a " not in self._text[self._line[index - 1].end : token.start]
                    ) or set(joints) <= {"+", "&"}
                    if joints and joint is None and token.kind in PRICES and cost < 5 and is_sure:
                        is_same = self._line[first].amount == self._line[amount].amount
                        is_choice = _CHOICES.issuperset(joints)
                        if not is_choice:
                            self._add("bundle", first, index + 1, cost, price=index)
                        elif is_same:
                            self._add("choice", first, index + 1, cost, amount=first, price=index)
                    return
                joints.append(joint[0])
                amount = index
            elif token.kind not in ("name", "plus", "unit", "strength"):
                return

    def _ends_package(self, index: int) -> bool:
        """Tell whether a number is the price of all, behind a thing without a number: "+ joint 45"."""
        is_behind = self._kinds[index] in PRICES and self._kinds[index - 1] in ("name", "unit")
        return is_behind and ITEM_ENDS.match(self._text, self._line[index].end) is not None

    # --- readings that begin with a price -----------------------------------------------------------

    def _price_first(self, first: int) -> None:
        """Read "€10 per stuk", "50 euro 5 gram", "15 p/g vanaf 10 g", "200 voor alles"."""
        per = self._per_behind(first)
        if per is not None and self._is_said_of_price(first, per):
            self._add("nothing", first, per + 1, 0)
        elif per is not None:
            self._add("per", first, per + 1, 0, price=first, per=per)
        self._least_behind(first, per)
        following = self._kind(first + 1)
        if following == "name":
            self._price_of_name(first)
        if following == "name" and self._kind(first + 2) == "per" and self._is_of_name(first):
            self._add("per", first, first + 3, 1, price=first, per=first + 2)
        if following == "all" and self._kind(first + 2) != "per":
            self._add("all", first, first + 2, self._gaps[first + 1], price=first)
        if following == "fee" and self._is_of_fee(first):
            self._add("nothing", first, first + 2, 0)
        if per is None and following in ("quantity", "number"):
            if self._text[self._line[first].end : self._line[first + 1].start] == " per " or (
                self._is_count_in_brackets(first)
            ):
                self._add("pair", first, first + 2, 0, amount=first + 1, price=first)
            elif (following == "quantity" and self._is_near_amount(first)) or self._is_worth(first):
                cost = self._gaps[first + 1] + _COSTS["price_first"]
                cost += _COSTS["word"] if self._line[first].value == "word" else 0
                cost += _COSTS["much_for_little"] if self._is_much(first + 1, first) else 0
                self._add("pair", first, first + 2, cost, amount=first + 1, price=first)

    def _is_said_of_price(self, first: int, per: int) -> bool:
        """Tell whether brackets say what one costs at the price before them: "5g 110 (=22 pg)"."""
        price, behind = self._line[first], self._line[per]
        if self._text.startswith("(=", max(price.start - 2, 0)):
            return True
        before = self._kinds[max(first - 2, 0) : first]
        is_behind_price = before in (["number", "number"], ["quantity", "number"], ["quantity", "price"])
        return is_behind_price and self._gaps[first] <= 2 and are_in_brackets(price, behind, self._text)

    def _price_of_name(self, price: int) -> None:
        """Read "50 voor coke, 25 voor k": a price and what it buys."""
        name = self._line[price + 1]
        is_joined = FOR.fullmatch(self._text, self._line[price].end, name.start) is not None
        is_end = ITEM_ENDS.match(self._text, name.end) is not None or self._text.startswith(" en ", name.end)
        if is_joined and is_end and not self._is_least(price):
            self._add("bare", price, price + 2, 1, price=price)

    def _is_of_name(self, price: int) -> bool:
        """Tell whether a price and a per belong to the name between them: "50 euro coke per gram"."""
        is_close = self._is_close(price) and self._is_close(price + 1)
        return is_close and self._kinds[price] == "price" and self._kind(price + 3) not in PRICES

    def _least_behind(self, price: int, per: int | None) -> None:
        """Read the least that is sold at a price: "15 vanaf 10 g", "4 per gram. Afname vanaf 50 gram"."""
        if price and self._kinds[price - 1] in ("quantity", "number") and self._is_close(price - 1):
            return  # it is the price of that: "500 stuks 1,20 p.s. Minimaal 100 stuks"
        first = least = (per if per is not None else price) + 1
        start = self._line[least - 1].end
        while self._kind(least) == "from" or (self._kind(least) == "fee" and self._says(least, "afname")):
            least += 1  # "bij afname van", "bij 5 of meer"
        least -= 1
        has_bound = "from" in self._kinds[first : least + 1]
        if not has_bound or self._kind(least + 1) not in ("quantity", "number", "unit"):
            return
        amount = self._line[least + 1]
        if _ON_REQUEST.match(self._text, amount.end):
            return  # "per ons 480, vanaf halve kilo prijs op aanvraag"
        cost = gap_cost(self._text, start, self._line[first].start) + self._gaps[least + 1]
        is_all_said = self._kind(least + 2) in ("", "name") and ITEM_ENDS.match(self._text, amount.end)
        if cost - (per is not None) < _COSTS["sentence"] or (per is not None and is_all_said):
            cost = min(cost, _COSTS["comma"]) - (per is not None)
            self._add("pair", price, least + 2, cost, amount=least + 1, price=price, per=per)

    def _says(self, index: int, word: str) -> bool:
        return self._text.startswith(word, self._line[index].start)

    def _is_of_fee(self, price: int) -> bool:
        """Tell whether a price is what a service costs: "2,50 voor de rit", "5 euro verzendkosten"."""
        fee = self._line[price + 1]
        if self._says(price + 1, "extra"):
            is_end = ITEM_ENDS.match(self._text, fee.end) is not None
            return is_end and self._kinds[price] == "price" and self._is_close(price)  # "spoed 10 euro extra"
        is_joined = _FEE_JOINT.fullmatch(self._text, self._line[price].end, fee.start) is not None
        return is_joined or (self._is_close(price) and self._text.endswith("kosten", fee.start, fee.end))

    def _is_count_in_brackets(self, price: int) -> bool:
        """Tell whether a count has brackets to itself behind a price that nothing else has: "€150 (3)"."""
        asked, count = self._line[price], self._line[price + 1]
        if asked.kind != "price" or asked.value == "word" or count.kind != "number":
            return False
        is_free = price == 0 or self._kinds[price - 1] not in ("quantity", "unit")
        is_behind = self._text[asked.end : count.start] in ("(", " (")
        is_fewer = (count.amount or _ONE) < (asked.amount or _ONE)
        return is_free and is_behind and is_fewer and are_in_brackets(count, count, self._text)

    def _is_near_amount(self, price: int) -> bool:
        is_one = (self._line[price].amount or _ONE) <= 1  # "1 FP (456 grams)"
        return self._kinds[price] == "price" or (not is_one and self._gaps[price + 1] < _COSTS["sentence"])

    def _is_worth(self, price: int) -> bool:
        """Tell whether two bare numbers are a price and its amount: "130 voor 3", "50/1"."""
        asked, amount = self._line[price], self._line[price + 1]
        if asked.kind == "price":
            return self._gaps[price + 1] == 0
        if self._is_least(price):
            return False
        is_price = MOST_FOR_ONE_EURO < ratio(asked, amount) < _DEAREST
        return is_price and self._gaps[price + 1] <= _COSTS["price_first"] + 1

    def _bundle_behind(self, first: int) -> None:
        """Read "combo €90: 1g coke + 10 xtc"."""
        last = amount = first + 1
        n_joints = 0
        joints = "+," if self._is_heading(first) else "+"
        for index in range(first + 1, min(len(self._line), first + _LONGEST_ROW)):
            token = self._line[index]
            if token.kind in ("quantity", "number"):
                between = self._text[self._line[amount].end : token.start]
                is_joined = any(joint in between for joint in joints)
                if index > first + 1 and not is_joined:
                    break
                n_joints += is_joined
                amount = index
            elif token.kind not in ("name", "plus"):
                break
            last = index + 1
        is_priced = joints != "+" and self._kind(last) in ("per", *PRICES)
        if n_joints and not is_priced and self._line[first + 1].kind in ("quantity", "number"):
            self._add("bundle", first, last, self._gaps[first + 1], price=first)

    def _bare(self, first: int) -> None:
        """Read a price beside a name."""
        name = first - 1
        while name >= 0 and first - name < _LONGEST_ROW and self._may_stand_before_price(self._line[name]):
            name -= 1
        price = self._line[first]
        is_of_strength = (
            first > 0 and self._kinds[first - 1] == "strength" and self._last_names[first] is not None
        )
        if price.value == "word" or not (is_of_strength or (name >= 0 and self._kinds[name] == "name")):
            return
        cost = self._gaps[name + 1]
        ends_item = cost <= 5 and ITEM_ENDS.match(self._text, price.end) is not None
        if price.kind == "price" or cost <= 2 or ends_item:
            self._add("bare", first, first + 1, cost + _COSTS["bare_price"], price=first)

    def _may_stand_before_price(self, token: Token) -> bool:
        if token.kind == "from":
            return self._text[token.start] in "vf"  # vanaf, v.a., from; no "min", no "boven"
        return token.kind in ("strength", "share") or is_thing(token)

    def _list(self, first: int, amount: int | None = None) -> None:
        """Read prices in a row, "50/95/220", "25 & 55"; or of one amount: "10g: 60 / 90 / 80" below names."""
        dashed, last = self._end_of_list(first, _DASH), self._end_of_list(first, _LIST_JOINT)
        if amount is None and dashed - first > 2 and _are_alike(self._line[first:dashed]):
            self._add("list", first, dashed, 1)  # "50 - 95 - 140"; "5 - 40 - 10 - 75" are pairs
        if amount is not None:
            if last - first > 2 and _are_alike(self._line[first:last]) and self._gaps[first] <= 1:
                self._add("list", amount, last, 0, amount=amount)
            return
        is_row = (
            last - first > 2
            or "&" in self._text[self._line[first].end : self._line[last - 1].start]
            or (self._is_much(first, first + 1) and self._is_much(first + 1, first))  # "wit 50/100"
        )
        if is_row and last - first > 1:
            per = self._per_behind(last - 1)
            self._add("list", first, last if per is None else per + 1, 1, per=per)

    def _end_of_list(self, first: int, joint: re.Pattern[str]) -> int:
        """Return where the prices end that such joints join to the first one."""
        last = first + 1
        while (
            last < min(len(self._line), first + _LONGEST_ROW)
            and self._kinds[last] in PRICES
            and joint.fullmatch(self._text, self._line[last - 1].end, self._line[last].start)
        ):
            last += 1
        return last

    # --- readings that begin with a word ------------------------------------------------------------

    def _word_first(self, first: int) -> None:
        """Read "per ons 450", "alles in 1 koop 380"."""
        price, cost = self._next_price(first)
        if price is None or (price > first + 1 and self._is_heading(first)):
            return
        is_behind = self._line[first].value == "each" and first > 0 and self._kinds[first - 1] in PRICES
        if is_behind and self._per_behind(first - 1) == first:
            return  # "6 p.s."
        if self._kinds[first] == "all":
            self._add("all", first, price + 1, cost, price=price)
        elif cost < _COSTS["comma"] + (self._line[first].amount is not None) and (
            self._line[first].value != "article"
        ):  # "alleen per 50 gram, 450"
            self._add("per", first, price + 1, cost + 1, price=price, per=first)

    def _fee(self, first: int) -> None:
        """Read "bezorging 5 euro", "min. 40 euro", "+5": no offers; "wiet vanaf 8 euro" is one."""
        if (
            self._kinds[first] == "from"
            and first
            and self._kinds[first - 1] == "name"
            and self._gaps[first] == 1
        ):
            return
        last = first + 1
        while self._kind(last) in ("from", "fee", "all", "plus", "free") and last - first < _LONGEST_ROW:
            last += 1
        kind = self._kind(last)
        # "bezorging gratis vanaf 60"
        is_bound = self._line[last - 1].value == "bound" and self._says(last - 1, "vanaf")
        if kind == "price" or (kind == "number" and (self._kinds[first] != "from" or is_bound)):
            cost = sum(self._gaps[first + 1 : last + 1])
            if cost < _COSTS["comma"]:
                self._add("nothing", first, last + 1, cost)
                per = self._per_behind(last)
                if per is not None and self._kinds[first] == "fee":
                    self._add("nothing", first, per + 1, -1)  # "borg 20 per tank"


def _are_alike(prices: Sequence[Token]) -> bool:
    """Tell whether tokens are prices of one amount of several things; "5g 50/10/90" are pairs."""
    asked = [price.amount or _ONE for price in prices if price.kind in PRICES]
    return len(asked) == len(prices) and max(asked) < _WIDEST_SPREAD * min(asked)
