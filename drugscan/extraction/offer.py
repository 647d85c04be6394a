"""One offer: what an ad asks for how much of what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple


class Offer(NamedTuple):
    """A priced or measured line of an ad.

    Attributes
    ----------
    start, end : int
        Its place in the folded text.
    rule : str
        Which rule read it: that of its reading (see :class:`drugscan.extraction.possible.Reading`),
        ``least`` (the price of one at the least), ``column`` (amounts and prices on lines of their own) or
        ``title`` (a count before or in a heading).
    substance : str or None
        Id by the codebook.
    quantity, quantity_max : Decimal or None
        In ``unit``; the second for a range.
    unit : str or None
        ``g``, ``ml`` or ``pcs``.
    price_eur, unit_price_eur : Decimal or None
        Of the quantity, or of one unit.
    """

    start: int
    end: int
    rule: str
    substance: str | None = None
    quantity: Decimal | None = None
    quantity_max: Decimal | None = None
    unit: str | None = None
    price_eur: Decimal | None = None
    unit_price_eur: Decimal | None = None

    def as_record(self) -> dict[str, Any]:
        """Return the offer as the codebook writes it."""
        record: dict[str, Any] = {"substance": self.substance, "quantity": plain_number(self.quantity)}
        if self.quantity_max is not None:
            record["quantity_max"] = plain_number(self.quantity_max)
        record |= {"unit": self.unit, "price_eur": plain_number(self.price_eur)}
        if self.unit_price_eur is not None:
            record["unit_price_eur"] = plain_number(self.unit_price_eur)
        return record


def plain_number(amount: Decimal | None) -> int | float | None:
    """Return an exact amount as JSON has numbers."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
