"""For what price: quartiles by substance and quantity, what larger quantities save, prices by month."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drugscan.analysis import settings
from drugscan.reporting.answers import Answers
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_LEAST_OFFERS = settings()["prices"]["least_offers"]
_LEAST_SHARE = settings()["prices"]["least_share"]
_LEAST_MONTHS = 3
_MOST_FOLLOWED = 12
_MOST_SUBSTANCES = 8
# A median of unlike things says nothing.
_MIXED = {"other_medicine", "other_nps"}
_COLUMNS = (
    *("substance", "quantity_band", "offers", "ads", "providers"),
    *("min_eur", "q1_eur", "median_eur", "q3_eur", "max_eur", "mean_eur", "mode_eur", "outliers"),
)

Rows = list[dict[str, Any]]


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures: one per unit with offers, the discounts, and prices by month."""
    units = [_of_unit(answers["prices"], unit, words) for unit in ("g", "pcs", "ml")]
    drawn = [figure for figure in units if figure.rows]
    return [*(drawn or units[:1]), *_discount(answers["price_discount"]), *_by_month(answers, words)]


def _enough(all_rows: Rows, unit: str) -> Rows:
    """Return the rows of a unit that have offers enough to be drawn."""
    rows = [row for row in all_rows if row["unit"] == unit and row["substance"] not in _MIXED]
    offers: Counter[str] = Counter()
    for row in rows:
        offers[row["substance"]] += row["offers"]
    return [
        row for row in rows if row["offers"] >= max(_LEAST_OFFERS, _LEAST_SHARE * offers[row["substance"]])
    ]


def _of_unit(all_rows: Rows, unit: str, words: Words) -> Figure:
    rows = [row for row in all_rows if row["unit"] == unit]
    enough = _enough(all_rows, unit)
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
        rows,
        _COLUMNS,
        chart="prices",
        drawn=drawn,
        title="title" if most else "",
        values={
            "least": _LEAST_OFFERS,
            "share": _LEAST_SHARE,
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
    largest = {
        row["substance"]: {**row, "saved_share": row["discount_percent"] / 100}
        for row in all_rows  # by substance and rising quantity
        if row["unit"] == "g" and row["discount_percent"] is not None and row["substance"] not in _MIXED
    }
    drawn = [row for row in largest.values() if row["saved_share"] > 0]
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
            values={
                "least": _LEAST_OFFERS,
                "share": _LEAST_SHARE,
                "discount": drawn[0]["saved_share"],
                **_sentence(drawn[0]),
            },
        )
    ]


def _by_month(answers: Answers, words: Words) -> list[Figure]:
    """Return the picture of what a gram cost from month to month, by substance and quantity."""
    groups: dict[tuple[str, int], Rows] = {}
    for row in answers["prices_by_month"]:
        if row["unit"] == "g" and row["offers"] >= _LEAST_OFFERS and row["substance"] not in _MIXED:
            group = groups.setdefault((row["substance"], row["band_position"]), [])
            group.append({**row, "written": words.month(row["month"])})
    long = {key: rows for key, rows in groups.items() if len(rows) >= _LEAST_MONTHS}
    followed = sorted(long, key=lambda key: (-sum(row["offers"] for row in long[key]), key))[:_MOST_FOLLOWED]
    if not followed:
        return []
    first = long[followed[0]]
    medians = [row["median_eur"] for row in first]
    low, high = min(medians), max(medians)
    return [
        Figure(
            "prices_by_month",
            "prices_by_month",
            [row for key in followed for row in long[key]],
            ("month", *_COLUMNS),
            chart="prices_by_month",
            drawn=first,
            title="title" if low < high else "title_same",
            values={"least": _LEAST_OFFERS, "low": low, "high": high, **_sentence(first[0])},
            choices={
                words.fill("{substance:Substance}, {quantity_band:band}", **long[key][0]): long[key]
                for key in followed
            },
        )
    ]
