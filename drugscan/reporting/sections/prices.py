"""For what price: quartiles by substance and quantity, and what larger quantities save."""

from __future__ import annotations

from typing import Any

from drugscan.reporting.answers import Answers
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_LEAST_OFFERS = 5
_MOST_SUBSTANCES = 8
# A median of unlike things says nothing.
_MIXED = {"other_medicine", "other_nps"}
_COLUMNS = (
    *("substance", "quantity_band", "offers", "ads", "providers"),
    *("min_eur", "q1_eur", "median_eur", "q3_eur", "max_eur", "mean_eur", "mode_eur", "outliers"),
)

Rows = list[dict[str, Any]]


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures: one a unit for which there are enough offers, and the discounts."""
    units = [_of_unit(answers["prices"], unit, words) for unit in ("g", "pcs", "ml")]
    drawn = [figure for figure in units if figure.rows]
    return [*(drawn or units[:1]), *_discount(answers["price_discount"])]


def _of_unit(all_rows: Rows, unit: str, words: Words) -> Figure:
    rows = [row for row in all_rows if row["unit"] == unit]
    enough = [row for row in rows if row["offers"] >= _LEAST_OFFERS and row["substance"] not in _MIXED]
    offers: dict[str, int] = {}
    for row in enough:
        offers[row["substance"]] = offers.get(row["substance"], 0) + row["offers"]
    shown = sorted(offers, key=lambda substance: (-offers[substance], substance))[:_MOST_SUBSTANCES]
    drawn = [
        {**row, "offer": _offer(row, words, first=number == 0)}
        for substance in shown
        for number, row in enumerate(row for row in enough if row["substance"] == substance)
    ]
    most = max(drawn, key=lambda row: row["offers"], default=None)
    return Figure(
        f"prices_{unit}",
        "prices",
        rows if drawn else [],
        _COLUMNS,
        chart="prices",
        drawn=drawn,
        values={
            "least": _LEAST_OFFERS,
            **({} if most is None else _sentence(most) | {"median": most["median_eur"]}),
        },
    )


def _offer(row: dict[str, Any], words: Words, *, first: bool) -> str:
    """Return what names a line: the first of a substance shows its name, others hide it before a bar."""
    return words.fill(
        f"{{substance:substance}}{', ' if first else '|'}{{quantity_band:band}}",
        **row,
    )


def _sentence(row: dict[str, Any]) -> dict[str, Any]:
    return {"substance": row["substance"], "band": row["quantity_band"]}


def _discount(all_rows: Rows) -> list[Figure]:
    """Return the picture of a gram in the largest quantity of each substance against one in the smallest.

    Pieces of one substance can be unlike things: a pill, a strip, a bottle.
    """
    enough = [row for row in all_rows if row["unit"] == "g" and row["offers"] >= _LEAST_OFFERS]
    smallest: dict[str, float] = {}
    largest: dict[str, dict[str, Any]] = {}
    for row in enough:  # by substance and rising quantity
        first = smallest.setdefault(row["substance"], row["median_eur"])
        largest[row["substance"]] = {**row, "saved_share": 1 - row["median_eur"] / first}
    drawn = [row for row in largest.values() if row["saved_share"] > 0 and row["substance"] not in _MIXED]
    drawn.sort(key=lambda row: (-row["offers"], row["substance"]))
    drawn = sorted(drawn[:_MOST_SUBSTANCES], key=lambda row: -row["saved_share"])
    if not drawn:
        return []
    return [
        Figure(
            "price_discount",
            "price_discount",
            all_rows,
            ("substance", "unit", "quantity_band", "median_eur", "discount_percent", "offers", "providers"),
            chart="price_discount",
            drawn=drawn,
            values={"least": _LEAST_OFFERS, "discount": drawn[0]["saved_share"], **_sentence(drawn[0])},
        )
    ]
