"""Who offers: three ways to count providers, their range and quantities, how long accounts stay."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drugscan.analysis import settings
from drugscan.reporting.answers import LEAST, AnswerRow, Answers, leader, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

# What can count as one, and the ad messages that such a count leaves out.
_COUNTS = {
    "accounts": ("ad_accounts", "anonymous_ad_messages"),
    "contacts": ("ad_contacts", "contactless_ad_messages"),
    "providers": ("providers", "unattributed_ad_messages"),
}
COVERED_SHARE = settings()["headline"]["covered_share"]
"""From what share of the ad messages on a count says how many providers there are."""


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [
        _counts(answers),
        _of_providers(answers, "range", ("one kind", "several", "full range", "unknown")),
        _of_providers(answers, "quantities", ("user", "both", "bulk")),
        _lifetimes(answers),
    ]


def provider_counts(headline: AnswerRow) -> list[dict[str, Any]]:
    """Return the counts of what can be one provider, each with the share of ad messages that it covers."""
    ad_messages = headline["ad_messages"]
    return [
        {
            "counted": name,
            "number": headline[number],
            "covered_share": share(ad_messages - headline[left_out], ad_messages),
        }
        for name, (number, left_out) in _COUNTS.items()
    ]


def provider_range(headline: AnswerRow) -> tuple[int, int] | None:
    """Return the lowest and highest count of providers; None where each covers a part of the ads only."""
    counts = [row["number"] for row in provider_counts(headline) if row["covered_share"] >= COVERED_SHARE]
    return (min(counts), max(counts)) if counts else None


def _counts(answers: Answers) -> Figure:
    headline = answers.headline
    rows = provider_counts(headline)
    low, high = provider_range(headline) or (0, 0)
    is_same = high and all(row["number"] == high for row in rows)
    return Figure(
        "providers",
        "headline",
        rows if any(row["number"] for row in rows) else [],
        ("counted", "number", "covered_share"),
        chart="providers",
        title="title" if low < high else "title_same" if is_same else "",
        values={"low": low, "high": high, "least": COVERED_SHARE},
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
    rows = answers.large_enough(rows, parts_of_all=True)
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
