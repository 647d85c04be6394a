"""Who offers: three ways to count providers, their range and quantities, how long accounts stay."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drugscan.reporting.answers import LEAST, AnswerRow, Answers, leader, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_COUNTS = {"accounts": "ad_accounts", "contacts": "ad_contacts", "providers": "providers"}


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [
        _counts(answers),
        _of_providers(answers, "range", ("one kind", "several", "full range", "unknown")),
        _of_providers(answers, "quantities", ("user", "both", "bulk")),
        _lifetimes(answers),
    ]


def provider_range(headline: AnswerRow) -> tuple[int, int]:
    """Return the lowest and highest count of providers."""
    counts = [headline[column] for column in _COUNTS.values() if headline[column]]
    return min(counts, default=0), max(counts, default=0)


def _counts(answers: Answers) -> Figure:
    headline = answers.headline
    rows = [{"counted": name, "number": headline[column]} for name, column in _COUNTS.items()]
    low, high = provider_range(headline)
    same = "title_same" if all(row["number"] for row in rows) else ""
    return Figure(
        "providers",
        "headline",
        rows if high else [],
        ("counted", "number"),
        chart="providers",
        title="title" if low < high else same,
        values={"low": low, "high": high},
    )


def _of_providers(answers: Answers, column: str, order: tuple[str, ...]) -> Figure:
    """Return a picture of how many providers have each value of a column."""
    counted = Counter(row[column] or "unknown" for row in answers["provider_summary"])
    n_providers = counted.total()
    rows: list[dict[str, Any]] = [
        {column: name, "providers": counted[name], "providers_share": share(counted[name], n_providers)}
        for name in order
        if counted[name] or name != "unknown"
    ]
    rows = answers.large_enough(rows)
    most = leader(rows, "providers")
    return Figure(
        f"provider_{column}",
        "provider_summary",
        rows if any(row["providers"] for row in rows) else [],
        (column, "providers", "providers_share"),
        chart=f"provider_{column}",
        title="title" if most else "",
        values={"told": most[column], "share": most["providers_share"]} if most else {},
        half=True,
    )


def _lifetimes(answers: Answers) -> Figure:
    rows = [row for row in answers["lifetimes"] if row["kind"] == "account"]
    median = [row["median_days"] for row in answers["lifetime_summary"] if row["kind"] == "account"]
    return Figure(
        "lifetimes",
        "lifetimes",
        rows if any(row["members"] for row in rows) else [],
        ("days_band", "members", "ad_messages"),
        chart="lifetimes",
        title="title" if sum(row["members"] for row in rows) >= LEAST else "",
        values={"median": median[0]} if median else {},
    )
