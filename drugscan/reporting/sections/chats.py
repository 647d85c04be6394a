"""Chats: where the ads are posted."""

from __future__ import annotations

from drugscan.reporting.answers import LEAST, Answers, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_MOST_RANKED = 25


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's picture."""
    rows = [{**row, "ad_share": share(row["ad_messages"], row["messages"])} for row in answers["by_chat"]]
    rows.sort(key=lambda row: -row["ad_messages"])
    n_needed = _needed_for_half([row["ad_messages"] for row in rows])
    title = "title_single" if n_needed == 1 else "title"
    if sum(row["ad_messages"] for row in rows) < LEAST:
        title = ""
    return [
        Figure(
            "by_chat",
            "by_chat",
            rows if any(row["ad_messages"] for row in rows) else [],
            ("chat", "messages", "ad_messages", "ad_share", "ads", "accounts", "first_date", "last_date"),
            chart="by_chat",
            drawn=rows[:_MOST_RANKED],
            title="title_one" if len(rows) == 1 else title,
            values={"n": n_needed, "all": len(rows)},
        )
    ]


def _needed_for_half(falling: list[int]) -> int:
    """Return how many of the largest numbers make half of all."""
    half, done = sum(falling) / 2, 0
    for n, number in enumerate(falling, 1):
        done += number
        if done >= half:
            return n
    return len(falling)
