"""Offers whose substance or amount is still open, and what settles it when the ad has been read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from drugscan.extraction.offer import Offer
from drugscan.extraction.row import HALF_KILO_G, Amounts
from drugscan.extraction.scope import Names, Scope, settle
from drugscan.extraction.tokens import Token
from drugscan.lexicon.loader import Lexicon, Unit

_FOR_NUMBERS = re.compile(r"\d+ (?:voor|vr|for) \d+")
_MAX_PRICE_EUR = Decimal(1_000_000)
_MOST_LEFT_OVER_G = 1_000
_WIDEST_FALL = 3
_ROUND_EUR, _LEAST_DEAR_EUR = 5, 20
_LEAST_FOR_KILO_EUR = 50
"""Nobody sells half a kilo of anything but gas for less: "kilo 24,5, halve 12.7" are thousands."""


@dataclass(slots=True)
class Draft:
    """An offer, what it may be of, whether it waits for a price to become one, and if its line names it."""

    offer: Offer
    names: Names
    is_tentative: bool = False
    is_named: bool = False


class Drafts:
    """The offers of an ad, in order, until they are settled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._all: list[Draft] = []
        self._unpriced: list[Draft] = []

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all)

    def add(
        self, start: int, end: int, rule: str, names: Names, amounts: Amounts, *, is_named: bool = False
    ) -> None:
        """Add an offer that stands between two places of the text; a price beyond all bounds is none."""
        if max(amounts.price_eur or 0, amounts.unit_price_eur or 0) > _MAX_PRICE_EUR:
            return
        unit = amounts.unit.value if amounts.unit is not None else None
        offer = Offer(
            start, end, rule, None, amounts.quantity, amounts.high, unit,
            amounts.price_eur, amounts.unit_price_eur,
        )  # fmt: skip
        self.add_offer(offer, names, is_tentative=amounts.is_tentative, is_named=is_named)

    def add_offer(
        self, offer: Offer, names: Names, *, is_tentative: bool = False, is_named: bool = False
    ) -> None:
        """Add an offer that may be of some names."""
        if offer.rule == "per" and offer.unit == "pcs" and self._all:
            last = self._all[-1]
            if last.offer.rule == "amount" and last.offer.unit == "pcs" and (last.offer.quantity or 0) > 1:
                last.is_tentative = (
                    False  # "3 strips over, 10 per strip": what there is, and the price of one
                )
            elif last.offer.rule == "amount" and last.offer.unit == "ml" and last.names == names:
                last.is_tentative = True  # "hoestsiroop 200 ml, 30 euro per fles"
        draft = Draft(offer, names, is_tentative, is_named)
        self._all.append(draft)
        if offer.rule == "amount":
            self._unpriced.append(draft)

    def since(self, position: int) -> list[Draft]:
        """Return the drafts from some position on."""
        return self._all[position:]

    def price_all(self, price: Token, named: Names) -> None:
        """Give the amounts so far that have no price, or all that was named, the price for all of them."""
        unpriced, self._unpriced = self._unpriced, []
        if len(unpriced) == 1:
            (only,) = unpriced
            only.offer = only.offer._replace(price_eur=price.amount, end=price.end)
            only.is_tentative = False
            return
        for draft in unpriced:
            draft.is_tentative = True
        if self._all or named:
            names = named if len(named) == 1 and not self._all else ()
            self.add(price.start, price.end, "all", names, Amounts(price_eur=price.amount))

    def sell_whole(self, position: int) -> None:
        """Let the price of one be that of all there is: "150 g truffels, 2 per gram in 1 koop"."""
        own = self.since(position)
        for whole, one in pairwise(own):
            of_whole, of_one = whole.offer, one.offer
            is_stock = of_whole.rule == "amount" and of_whole.unit == of_one.unit and whole.names == one.names
            if is_stock and one is own[-1] and of_one.rule == "per" and of_one.price_eur and of_one.quantity:
                unit_price_eur = of_one.price_eur / of_one.quantity
                whole.offer = of_whole._replace(rule="pair", end=of_one.end, unit_price_eur=unit_price_eur)
                whole.is_tentative = False
                self._all.pop()

    def spread_per(self, position: int) -> None:
        """Let the per at the end of "coke 60, ket 30, 3m 20 per gram" count for the bare prices before it."""
        own = self.since(position)
        if len(own) < 2 or own[-1].offer.rule != "per":
            return
        *others, last = own
        is_each = last.offer.unit == "pcs" and any(draft.offer.rule != "bare" for draft in others)
        is_of_pills = last.offer.unit == "pcs" and self._is_counted(last.names)
        for draft in reversed(others):
            if draft.offer.rule != "bare" or is_each:
                break
            if is_of_pills and not self._is_counted(draft.names):
                break  # "coke 50, xtc 3 p.s."
            if last.offer.unit == "pcs" or not self._is_counted(draft.names):
                draft.offer = draft.offer._replace(quantity=last.offer.quantity, unit=last.offer.unit)

    def spread_measure(self, position: int) -> None:
        """Let the unit of "0,5 50, 1g 90" count for the numbers before it in its row."""
        measured: dict[Names, str] = {}
        for draft in reversed(self.since(position)):
            offer = draft.offer
            if offer.unit in ("g", "ml"):
                measured[draft.names] = offer.unit
            elif offer.unit is None and offer.quantity and offer.price_eur and draft.names in measured:
                draft.offer = offer._replace(unit=measured[draft.names])

    def measure_line(self, position: int, unit: Unit) -> None:
        """Let the unit that ends a line be what its bare numbers count: "1=60, 2=115, 10=500 (g)"."""
        bare = [draft for draft in self.since(position) if draft.offer.rule in ("pair", "bare")]
        if any(draft.offer.unit is not None or draft.offer.unit_price_eur is not None for draft in bare):
            return
        for draft in bare:
            if draft.offer.quantity is not None and not self._is_counted(draft.names):
                draft.offer = draft.offer._replace(
                    unit=unit.value, quantity=draft.offer.quantity * unit.factor
                )

    def spread_units(self, units: Sequence[Unit]) -> None:
        """Let "alles per gram" and a heading "per strip" say of how much the bare prices are.

        Of "alles p/g, pillen p/st" the one is said of what is counted, the other of the rest.
        """
        for unit in units:
            self._price_units(unit)
        pieces = [unit for unit in units if unit.value == "pcs"]
        measures = [unit for unit in units if unit.value != "pcs"]
        for draft in self._all:
            said = pieces if self._is_counted(draft.names) else measures or pieces
            if not said:
                continue
            unit = said[-1]
            if draft.offer.rule == "bare":
                draft.offer = draft.offer._replace(quantity=unit.factor, unit=unit.value)
            elif draft.offer.unit is None and draft.offer.unit_price_eur is not None:
                draft.offer = draft.offer._replace(
                    unit=unit.value,
                    quantity=draft.offer.quantity and draft.offer.quantity * unit.factor,
                    unit_price_eur=draft.offer.unit_price_eur / unit.factor,
                )

    def _price_units(self, unit: Unit) -> None:
        """Let a unit be what the falling prices of rising amounts are of: "1 - 550, 5 - 500, per kilo"."""
        for names, of_names in groupby(self._all, key=lambda draft: draft.names):
            tiers = [draft for draft in of_names if draft.offer.rule == "pair"]
            if names and len(tiers) > 1 and all(_is_dearer(a.offer, b.offer) for a, b in pairwise(tiers)):
                for draft in tiers:
                    draft.offer = _of_units(draft.offer, unit)

    def measure_all(self, unit: Unit, *, is_stated: bool) -> None:
        """Let "(gram)", and "alles in gram" where nothing else is measured, say what all numbers count."""
        is_measured = any(draft.offer.unit == unit.value for draft in self._all)
        if unit.factor != 1 or (is_measured and not is_stated):
            return
        for draft in self._all:
            offer = draft.offer
            if offer.unit is not None or self._is_counted(draft.names):
                continue
            if offer.quantity is not None:
                draft.offer = offer._replace(unit=unit.value)
            elif offer.rule == "bare":
                draft.offer = offer._replace(quantity=unit.factor, unit=unit.value)

    @property
    def awaits_names(self) -> bool:
        """Tell whether any may be of names that follow."""
        return any(_awaits_names(draft) for draft in self._all)

    def look_ahead(self, names: Sequence[Token], scope: Scope) -> None:
        """Let offers before any name be of the names that follow."""
        starts = [name.start for name in names]
        for draft in self._all:
            if _awaits_names(draft):
                draft.names = scope.names_after(names, bisect_left(starts, draft.offer.start))

    def settled(self, text: str, *, is_title: bool, named: Names) -> list[Offer]:
        """Return the offers with their substances; in the title of a listing an amount needs no price."""
        if not named:
            self._drop_lone_pair(text)
        claimed = {draft.names[0] for draft in self._all if len(draft.names) == 1}
        if not any(draft.offer.price_eur or draft.offer.unit_price_eur for draft in self._all):
            for draft in self._all:  # "Xanax 2mg x100": an ad without prices
                draft.is_tentative = draft.is_tentative and not (draft.is_named or (is_title and draft.names))
        offers = []
        for draft in self._all:
            if draft.is_tentative:
                continue
            offer = draft.offer._replace(substance=settle(draft.names, claimed))
            if offer.unit is None and offer.quantity is not None and self._is_counted(draft.names):
                offer = offer._replace(unit="pcs")
            offers.append(_in_euros(offer))
        return self._without_lone_tier(offers)

    def _drop_lone_pair(self, text: str) -> None:
        """Take two bare numbers of a text that names nothing for no offer: "sent in 1-4 days, EU 4-10".

        Some with a word between are one: "voor jou 5 voor 120".
        """
        bare = [draft for draft in self._all if draft.offer.rule in ("pair", "bare") and not draft.offer.unit]
        if len(bare) == len(self._all) == 1 and not _is_dear_pair(bare[0].offer, text):
            self._all = []

    def _without_lone_tier(self, offers: list[Offer]) -> list[Offer]:
        """Read "2 strips over, 15 per strip" as what there is and the price of one; tiers come in rows."""
        tiers = [offer for offer in offers if offer.unit_price_eur is not None]
        if len(tiers) != 1 or not _is_stock(tiers[0]):
            return offers
        (tier,) = tiers
        position = offers.index(tier)
        if any(_is_lower_tier(other, tier) for other in offers[:position]):
            return offers  # "1 tank 60, 3 tanks 160, 10 tanks 45 per tank"
        stock = tier._replace(rule="amount", unit_price_eur=None)
        one = tier._replace(
            rule="per", quantity=Decimal(1), price_eur=tier.unit_price_eur, unit_price_eur=None
        )
        return [*offers[:position], stock, one, *offers[position + 1 :]]

    def _is_counted(self, names: Names) -> bool:
        return bool(names) and self._lexicon.counted.issuperset(names)


def _is_dear_pair(offer: Offer, text: str) -> bool:
    """Tell whether an offer is a few of something for tens of euros, "35 voor 1": no clock, no share."""
    are_joined = _FOR_NUMBERS.fullmatch(text, offer.start, offer.end) is not None
    if not are_joined or not offer.quantity or not offer.price_eur:
        return False
    is_round = offer.price_eur % _ROUND_EUR == 0 and offer.price_eur >= _LEAST_DEAR_EUR
    return is_round and offer.price_eur >= offer.quantity * _LEAST_DEAR_EUR


def _is_dearer(one: Offer, other: Offer) -> bool:
    """Tell whether less costs more, so that the prices are those of one unit."""
    if not (one.quantity and other.quantity and one.price_eur and other.price_eur):
        return False
    return one.quantity < other.quantity and other.price_eur < one.price_eur < _WIDEST_FALL * other.price_eur


def _of_units(offer: Offer, unit: Unit) -> Offer:
    """Return an offer whose price is that of one unit."""
    if offer.unit not in (None, unit.value) or offer.quantity is None:
        return offer
    quantity = offer.quantity * unit.factor if offer.unit is None else offer.quantity
    offer = offer._replace(quantity=quantity, unit=unit.value)
    if quantity == unit.factor or offer.price_eur is None:
        return offer
    return offer._replace(price_eur=None, unit_price_eur=offer.price_eur / unit.factor)


def _awaits_names(draft: Draft) -> bool:
    return not draft.names and draft.offer.rule not in ("all", "bundle", "choice")


def _in_euros(offer: Offer) -> Offer:
    """Return an offer of kilos with its price in full where that is written in thousands."""
    is_kilo = offer.unit == "g" and (offer.quantity or 0) >= HALF_KILO_G and offer.substance != "nitrous"
    if not is_kilo or offer.price_eur is None or offer.price_eur >= _LEAST_FOR_KILO_EUR:
        return offer
    return offer._replace(price_eur=offer.price_eur * 1000)


def _is_lower_tier(other: Offer, tier: Offer) -> bool:
    """Tell whether an offer is of the same as a tier, with its price, and of less."""
    is_same = (other.substance, other.unit) == (tier.substance, tier.unit)
    is_less = (other.quantity or 0) < (tier.quantity or 0)
    return is_same and is_less and other.price_eur is not None


def _is_stock(tier: Offer) -> bool:
    """Tell whether the amount of a tier may be all that its seller has."""
    return (
        tier.rule == "pair"
        and tier.quantity_max is None
        and tier.unit_price_eur is not None
        and tier.unit_price_eur >= 1
        and (tier.unit != "g" or (tier.quantity or 0) < _MOST_LEFT_OVER_G)
    )
