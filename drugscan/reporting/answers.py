"""Answers to questions as rows, each asked once, and what is known of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from drugscan.analysis import adds_up, are_small

if TYPE_CHECKING:
    from drugscan.analysis import Results

AnswerRow = Mapping[str, Any]

LEAST = 5
"""No title names as the most what counts fewer, or states a share of fewer: both may be chance."""

_EVEN = 0.1

# Answers that the page shows as totals only.
_TOTALS = {"headline", "provider_summary"}


class Answers:
    """Asks a results folder and keeps the answers.

    Parameters
    ----------
    results : Results
        See :func:`drugscan.analysis.open_results`.
    model_figures : mapping, optional
        What the model was measured to get right, see :mod:`drugscan.model.figures`: empty if it was not
        measured, None if the model is unknown.
    """

    def __init__(self, results: Results, *, model_figures: Mapping[str, Any] | None = None) -> None:
        self.model_figures = model_figures
        self._results = results
        self._min_count = 0
        self._known: dict[str, list[dict[str, Any]]] = {}

    def __getitem__(self, question: str) -> list[dict[str, Any]]:
        """Return a question's answer as rows."""
        if question not in self._known:
            self._known[question] = self._results.ask(question).to_pylist()
        rows = self._known[question]
        return rows if question in _TOTALS else self.large_enough(rows, parts_of_all=adds_up(question))

    def without_small(self, min_count: int) -> Answers:
        """Return these answers without the rows that rest on fewer accounts (or providers, ads)."""
        other = copy(self)
        other._min_count = min_count
        return other

    def large_enough(self, rows: list[dict[str, Any]], *, parts_of_all: bool = False) -> list[dict[str, Any]]:
        """Return the rows that may be shown, see :func:`drugscan.analysis.are_small`."""
        small = are_small(rows, min_count=self._min_count, adds_up=parts_of_all)
        return [row for row, is_small in zip(rows, small, strict=True) if not is_small]

    @property
    def headline(self) -> AnswerRow:
        """Return the one row of the question ``headline``."""
        return self["headline"][0]


def whole_periods(rows: list[dict[str, Any]], headline: AnswerRow) -> list[dict[str, Any]]:
    """Return the rows of periods that the messages cover from ``start`` to ``end``, their first day after.

    Of another period, the first or the last, nobody knows what the rest of it would have brought: no title
    may compare it with these. The messages are all that have a date, ads or not.

    Examples
    --------
    >>> from datetime import date
    >>> firsts = [date(2023, month, 1) for month in (1, 2, 3, 4)]
    >>> months = [{"start": start, "end": end} for start, end in zip(firsts, firsts[1:])]
    >>> read = {"first_date": date(2023, 1, 2), "last_date": date(2023, 3, 31)}
    >>> [row["start"].month for row in whole_periods(months, read)]
    [2, 3]
    """
    first, last = headline["first_date"], headline["last_date"]
    return [row for row in rows if row["start"] >= first and row["end"] <= last + timedelta(days=1)]


def even(low: float, high: float) -> bool:
    """Tell whether numbers between these differ so little that no title should name one of them."""
    return high - low < _EVEN * high


def stands_out(falling: Sequence[float]) -> bool:
    """Tell whether the first of falling numbers is larger than the next, if there is one.

    Examples
    --------
    >>> stands_out([3, 2, 2]), stands_out([3, 3, 2]), stands_out([3])
    (True, False, True)
    """
    return all(number < falling[0] for number in falling[1:2])


def leader(rows: Sequence[AnswerRow], column: str) -> AnswerRow | None:
    """Return the row that a title may call the one with most: not one of several, nor one of a few things.

    Examples
    --------
    >>> leader([{"ads": 5}, {"ads": 7}], "ads"), leader([{"ads": 7}, {"ads": 7}], "ads"), leader([], "ads")
    ({'ads': 7}, None, None)
    """
    falling = sorted(rows, key=lambda row: -row[column])
    if not falling or falling[0][column] < LEAST or not stands_out([row[column] for row in falling]):
        return None
    return falling[0]


def first_three(rows: Sequence[AnswerRow], name: str) -> dict[str, Any]:
    """Return what a title may name as those with most ads: ``first``, and ``second`` and ``third`` if clear.

    Examples
    --------
    >>> counts = {"a": 9, "b": 8, "c": 8, "d": 7}
    >>> first_three([{"x": x, "ads": ads} for x, ads in counts.items()], "x")
    {'first': 'a', 'second': 'b', 'third': 'c'}
    """
    falling = sorted(rows, key=lambda row: -row["ads"])
    if leader(falling, "ads") is None:
        return {}
    are_clear = len(falling) > 2 and stands_out([row["ads"] for row in falling[2:]])
    named = falling[: 3 if are_clear else 1]
    return dict(zip(("first", "second", "third"), (row[name] for row in named), strict=False))


def share(part: float, whole: float) -> float:
    """Return a part of a whole as a number from 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0
