"""What is offered: kinds of drugs, substances, and how they come and go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drugscan.reporting.answers import Answers, even, first_three, leader, share, stands_out, whole_periods
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_KINDS = ("softdrugs", "harddrugs", "designer", "medicijnen")
_MOST_RANKED = 20
_MOST_FOLLOWED = 12
_MOST_GROWN = 10
# Growth from a handful of ads to another handful is chance, and so is a share of a handful.
_LEAST_ADS_TO_GROW = 20
_LEAST_ADS_A_PERIOD = 10


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [_by_label(answers), _by_substance(answers), *_by_month(answers, words), *_growth(answers)]


def _ranked(answers: Answers) -> list[dict[str, Any]]:
    return sorted(answers["by_substance"], key=lambda row: (-row["ads"], row["substance"]))


def _by_label(answers: Answers) -> Figure:
    ads = answers.headline["ads"]
    rows = [row for row in answers["by_label"] if row["label"] in _KINDS]
    rows = [{**row, "ads_share": share(row["ads"], ads)} for row in rows]
    most = leader(rows, "ads")
    return Figure(
        "by_label",
        "by_label",
        rows if any(row["ads"] for row in rows) else [],
        ("label", "ads", "ads_share", "messages", "texts", "accounts"),
        chart="by_label",
        title="title" if most else "",
        values={"label": most["label"], "share": most["ads_share"]} if most else {},
    )


def _by_substance(answers: Answers) -> Figure:
    rows = _ranked(answers)
    names = first_three(rows, "substance")
    return Figure(
        "by_substance",
        "by_substance",
        rows,
        ("substance", "label", "ads", "messages", "accounts", "providers"),
        chart="by_substance",
        drawn=rows[:_MOST_RANKED],
        title={0: "", 1: "title", 3: "title_three"}[len(names)],
        values=names,
    )


def _by_month(answers: Answers, words: Words) -> list[Figure]:
    """Return the picture of the largest substances by month; nothing if there is only one month."""
    of_months = {row["period"]: row["ads"] for row in answers["by_month"]}
    ranks = {row["substance"]: rank for rank, row in enumerate(_ranked(answers)[:_MOST_FOLLOWED])}
    rows = [
        {
            **row,
            "ads_share": share(row["ads"], of_months[row["month"]]),
            "written": words.month(row["month"]),
            "start": row["month"],
            "end": (row["month"] + timedelta(days=31)).replace(day=1),
        }
        for row in answers["substance_by_month"]
        if row["substance"] in ranks and row["month"] in of_months
    ]
    rows.sort(key=lambda row: (ranks[row["substance"]], row["month"]))
    if len({row["month"] for row in rows}) < 2:
        return []
    told = [
        row for row in whole_periods(rows, answers.headline) if of_months[row["month"]] >= _LEAST_ADS_A_PERIOD
    ]
    varied = _most_varied(told)
    title = ""
    if varied:
        title = "title_even" if even(varied["low"], varied["high"]) else "title"
    return [
        Figure(
            "substance_by_month",
            "substance_by_month",
            rows,
            ("substance", "month", "ads", "ads_share", "messages", "accounts"),
            chart="substance_by_month",
            title=title,
            values={"least": _LEAST_ADS_A_PERIOD, **varied},
        )
    ]


def _most_varied(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the one substance whose share differed most between months; nothing without two months."""
    shares: dict[str, list[float]] = {}
    for row in rows:
        shares.setdefault(row["substance"], []).append(row["ads_share"])
    if all(len(of_months) < 2 for of_months in shares.values()):
        return {}
    falling = sorted(shares.items(), key=lambda item: min(item[1]) - max(item[1]))
    if not stands_out([round(max(varied) - min(varied), 9) for _, varied in falling]):
        return {}
    substance, varied = falling[0]
    return {"substance": substance, "low": min(varied), "high": max(varied)}


def _growth(answers: Answers) -> list[Figure]:
    rows = [row for row in answers["substance_growth"] if row["early_per_1000"] is not None]
    rows = [row for row in rows if row["late_per_1000"] is not None]
    enough = [row for row in rows if row["early_ads"] + row["late_ads"] >= _LEAST_ADS_TO_GROW]
    if not enough:
        return []

    def change(row: dict[str, Any]) -> float:
        return float(row["late_per_1000"] - row["early_per_1000"])

    enough.sort(key=change, reverse=True)
    grew = change(enough[0]) > 0
    told = enough[0] if grew else enough[-1]
    changes = sorted((change(row) if grew else -change(row) for row in enough), reverse=True)
    title = ("title" if grew else "title_shrank") if stands_out(changes) else ""
    if all(even(*sorted((row["early_per_1000"], row["late_per_1000"]))) for row in (enough[0], enough[-1])):
        title = "title_even"
    if any(max(row[half] for row in rows) < _LEAST_ADS_A_PERIOD for half in ("early_ads", "late_ads")):
        title = ""
    return [
        Figure(
            "substance_growth",
            "substance_growth",
            rows,
            (
                *("substance", "label", "early_ads", "late_ads", "early_per_1000", "late_per_1000"),
                *("growth_percent", "change", "accounts", "first_month", "last_month"),
            ),
            chart="substance_growth",
            drawn=enough if len(enough) <= 2 * _MOST_GROWN else enough[:_MOST_GROWN] + enough[-_MOST_GROWN:],
            title=title,
            values={
                "substance": told["substance"],
                "early": told["early_per_1000"],
                "late": told["late_per_1000"],
            },
        )
    ]
