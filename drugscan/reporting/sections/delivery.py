"""How ads say that they deliver, and what is offered in bulk."""

from __future__ import annotations

from drugscan.reporting.answers import Answers, share
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
    return Figure(
        "delivery",
        "delivery",
        rows,
        ("mode", "ads", "ads_share", "messages", "accounts"),
        chart="delivery",
        title="title" if any(by_label.get(way) for way in _WAYS) else "title_none",
        values={way: by_label.get(way, 0) for way in _WAYS},
    )


def _bulk(answers: Answers, words: Words) -> Figure:
    rows = [row for row in answers["bulk_offers"] if row["is_bulk_quantity"]]  # smaller ones are named too
    named = [row for row in rows if row["substance"]]
    drawn = [
        {**row, "offer": words.fill("{substance:substance}, {band:band}", **row)}
        for row in named[:_MOST_RANKED]
    ]
    return Figure(
        "bulk_offers",
        "bulk_offers",
        rows if drawn else [],
        ("substance", "band", "ads", "accounts", "providers"),
        chart="bulk_offers",
        drawn=drawn,
        values={key: drawn[0][key] for key in ("substance", "band")} if drawn else {},
    )


def _bulk_sellers(answers: Answers) -> list[Figure]:
    """Return the table of the providers with most in bulk; nothing if there are none."""
    rows = answers["bulk_sellers"][:_MOST_SELLERS]
    if not rows:
        return []
    return [
        Figure(
            "bulk_sellers",
            "bulk_sellers",
            rows,
            ("provider", "messages", "ads", "accounts", "chats", "substances", "first_date", "last_date"),
            values={
                "shown": len(rows),
                "share": share(sum(row["messages"] for row in rows), answers.headline["bulk_messages"]),
            },
        )
    ]
