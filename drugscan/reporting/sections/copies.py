"""Copies: how often ads are repeated, and which most."""

from __future__ import annotations

from drugscan.reporting.answers import LEAST, Answers, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

# No post on Telegram is longer; other sources can hold anything.
_MAX_CHARACTERS = 4096


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [_copies(answers), _most_repeated(answers)]


def _copies(answers: Answers) -> Figure:
    headline = answers.headline
    rows = answers["copies"]
    often = [row for row in rows if row["position"] > 2 and row["ads"]]  # ten times or more
    title = "title" if headline["ads"] >= LEAST else ""
    return Figure(
        "copies",
        "copies",
        rows,
        ("copies_band", "ads", "messages", "accounts"),
        chart="copies",
        title=title if often else "title_none",
        values={
            "share": share(sum(row["ads"] for row in often), headline["ads"]),
            "message_share": share(sum(row["messages"] for row in often), headline["ad_messages"]),
        },
    )


def _most_repeated(answers: Answers) -> Figure:
    rows = [{**row, "text": row["text"][:_MAX_CHARACTERS]} for row in answers["most_repeated_ads"]]
    repeated = sum(row["messages"] for row in rows)
    # All ads are all messages, and among ads that nobody repeated none are the most repeated.
    are_most = len(rows) < answers.headline["ads"] and all(row["messages"] > 1 for row in rows)
    return Figure(
        "most_repeated_ads",
        "most_repeated_ads",
        rows,
        ("text", "messages", "texts", "accounts", "chats", "days", "first_date", "last_date", "ad_id"),
        title="title" if are_most else "",
        values={"shown": len(rows), "share": share(repeated, answers.headline["ad_messages"])},
    )
