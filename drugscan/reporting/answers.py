"""Answers to questions as rows, each asked once, and what is known of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drugscan.analysis import suppress_small

if TYPE_CHECKING:
    from drugscan.analysis import Results

Row = Mapping[str, Any]

_EVEN = 0.1

# Answers with cells so small that they could point to somebody, and that can do without these.
_WITH_SMALL_CELLS = {
    "bulk_offers",
    "bulk_sellers",
    "by_chat",
    "by_substance",
    "most_repeated_ads",
    "places",
    "places_by_substance",
    "price_discount",
    "prices",
    "prices_by_month",
}


class Answers:
    """Asks a results folder and keeps the answers.

    Parameters
    ----------
    results : Results
        See :func:`drugscan.analysis.open_results`.
    model_figures : mapping, optional
        What the model was measured to get right, see :mod:`drugscan.model.figures`: empty if it was not
        measured, None if the model is unknown.
    min_count : int, default 0
        Cells that rest on fewer accounts (or providers, ads) are left out where they could point to
        somebody, see :func:`drugscan.analysis.suppress_small`.
    """

    def __init__(
        self, results: Results, *, model_figures: Mapping[str, Any] | None = None, min_count: int = 0
    ) -> None:
        self.model_figures = model_figures
        self._results = results
        self._min_count = min_count
        self._known: dict[str, list[dict[str, Any]]] = {}

    def __getitem__(self, question: str) -> list[dict[str, Any]]:
        """Return a question's answer as rows."""
        if question not in self._known:
            table = self._results.ask(question)
            if self._min_count and question in _WITH_SMALL_CELLS:
                table, _ = suppress_small(table, min_count=self._min_count)
            self._known[question] = table.to_pylist()
        return self._known[question]

    @property
    def headline(self) -> Row:
        """Return the one row of the question ``headline``."""
        return self["headline"][0]


def even(low: float, high: float) -> bool:
    """Tell whether numbers between these differ so little that no title should name one of them."""
    return high - low < _EVEN * high


def share(part: float, whole: float) -> float:
    """Return a part of a whole as a number from 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0
