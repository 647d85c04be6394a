"""When: messages and ads by month or week, by hour and by weekday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from drugscan.reporting.answers import LEAST, Answers, even, leader, share, whole_periods
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

# Up to so many days weeks say more than months.
_MAX_DAYS_BY_WEEK = 120

_COUNTS = ("messages", "ad_messages", "ad_share")


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [*_over_time(answers, words), _by_hour(answers), *_by_weekday(answers, words)]


def _over_time(answers: Answers, words: Words) -> list[Figure]:
    """Return pictures by month or week; none if there is only one of these."""
    weekly = _n_days(answers) <= _MAX_DAYS_BY_WEEK
    question = "by_week" if weekly else "by_month"
    rows = [_period(row, words, weekly=weekly) for row in answers[question]]
    if len(rows) < 2:
        return []
    step = words.get("page.week" if weekly else "page.month")
    peak = leader(rows, "ad_messages")
    title = "title_week" if weekly else "title"
    trend = Figure(
        "trend",
        question,
        _unless_empty(rows),
        ("period", *_COUNTS, "ads", "ad_accounts"),
        chart="trend",
        title=title if peak else "",
        values={"step": step, **({"peak": peak["start"], "n": peak["ad_messages"]} if peak else {})},
    )
    circulating = _from_first_to_last_ad(rows)
    if len(circulating) < 2:
        return [trend]
    whole = whole_periods(circulating, answers.headline)
    halves = []
    for name, column in (("ads_trend", "ads"), ("accounts_trend", "ad_accounts")):
        counts = sorted(row[column] for row in whole)
        title = "title" if counts and counts[0] < counts[-1] else "title_same"
        halves.append(
            Figure(
                name,
                question,
                circulating,
                ("period", column),
                chart=name,
                title=title if len(counts) > 1 and counts[-1] >= LEAST else "",
                values={"step": step, **({"low": counts[0], "high": counts[-1]} if counts else {})},
                half=True,
            )
        )
    return [trend, *halves]


def _from_first_to_last_ad(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the periods without those at the ends that have messages, but no ads."""
    with_ads = [number for number, row in enumerate(rows) if row["ads"]]
    return rows[with_ads[0] : with_ads[-1] + 1] if with_ads else []


def _period(row: dict[str, Any], words: Words, *, weekly: bool) -> dict[str, Any]:
    start: date = row["period"]
    end = start + timedelta(days=7) if weekly else (start + timedelta(days=31)).replace(day=1)
    name = words.day(start) if weekly else words.month(start)
    return {**_shared(row), "written": name, "start": start, "end": end}


def _shared(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "ad_share": share(row["ad_messages"], row["messages"])}


def _by_hour(answers: Answers) -> Figure:
    rows = [_shared(row) for row in answers["by_hour"]]
    peak = leader(rows, "ad_messages")
    return Figure(
        "by_hour",
        "by_hour",
        _unless_empty(rows),
        ("period", *_COUNTS),
        chart="by_hour",
        title="title" if peak else "",
        values={"hour": peak["period"], "next_hour": (peak["period"] + 1) % 24} if peak else {},
        half=True,
    )


def _by_weekday(answers: Answers, words: Words) -> list[Figure]:
    """Return the picture of the week; none if the messages do not fill one."""
    if _n_days(answers) < 7 or not answers["by_weekday"]:
        return []
    # The writing's days begin with Sunday, as Vega's do; the question's with Monday, as 1.
    days = words.tables["writing"]["days"]
    rows = [{**_shared(row), "weekday": days[row["period"] % 7]} for row in answers["by_weekday"]]
    counts = [row["ad_messages"] for row in rows]
    most = leader(rows, "ad_messages")
    title = "title" if most else ""
    if max(counts) >= LEAST and even(min(counts), max(counts)):
        title = "title_even"
    return [
        Figure(
            "by_weekday",
            "by_weekday",
            _unless_empty(rows),
            ("weekday", *_COUNTS),
            chart="by_weekday",
            title=title,
            values={"weekday": most["weekday"]} if most else {},
            half=True,
        )
    ]


def _n_days(answers: Answers) -> int:
    first, last = answers.headline["first_date"], answers.headline["last_date"]
    return 0 if first is None else (last - first).days + 1


def _unless_empty(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows if any(row["ad_messages"] for row in rows) else []
