"""How ads say that they deliver, and what is offered in bulk."""

from __future__ import annotations

from drugscan.reporting.answers import LEAST, Answers, leader, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_WAYS = ("bezorging", "pickup", "post")
_MOST_RANKED = 15
_MOST_SELLERS = 10


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [_modes(answers), _bulk(answers, words), *_bulk_sellers(answers)]


def _modes(answers: Answers) -> Figure:
    ads = answers.headline["ads"]
    rows = [{**row, "ads_share": share(row["ads"], ads)} for row in answers["delivery"]]
    rows.sort(key=lambda row: (row["mode"] == "none", -row["ads"]))
    by_label = {row["label"]: share(row["ads"], ads) for row in answers["by_label"]}
    title = "title" if ads >= LEAST else ""
    return Figure(
        "delivery",
        "delivery",
        rows,
        ("mode", "ads", "ads_share", "messages", "accounts"),
        chart="delivery",
        title=title if any(by_label.get(way) for way in _WAYS) else "title_none",
        values={way: by_label.get(way, 0) for way in _WAYS},
    )


def _bulk(answers: Answers, words: Words) -> Figure:
    rows = [row for row in answers["bulk_offers"] if row["is_bulk_quantity"]]  # smaller ones are named too
    named = [row for row in rows if row["substance"]]
    drawn = [
        {**row, "offer": words.fill("{substance:substance}, {band:band}", **row)}
        for row in named[:_MOST_RANKED]
    ]
    most = leader(named, "ads")
    return Figure(
        "bulk_offers",
        "bulk_offers",
        rows,
        ("substance", "band", "ads", "accounts", "providers"),
        chart="bulk_offers",
        drawn=drawn,
        title="title" if most else "",
        values={key: most[key] for key in ("substance", "band")} if most else {},
    )


def _bulk_sellers(answers: Answers) -> list[Figure]:
    """Return the table of the providers with most in bulk; nothing if there are none."""
    all_rows = answers["bulk_sellers"]
    rows = all_rows[:_MOST_SELLERS]
    if not rows:
        return []
    title = "title_all" if len(rows) == len(all_rows) else "title"
    return [
        Figure(
            "bulk_sellers",
            "bulk_sellers",
            rows,
            ("provider", "messages", "ads", "accounts", "chats", "substances", "first_date", "last_date"),
            title=title if answers.headline["bulk_messages"] >= LEAST else "",
            values={
                "shown": len(rows),
                "share": share(sum(row["messages"] for row in rows), answers.headline["bulk_messages"]),
            },
        )
    ]
