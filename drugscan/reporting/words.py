"""The words of the report in its languages, and how each writes numbers, money and dates."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from drugscan.analysis.questions import LANGUAGES
from drugscan.errors import SettingsError
from drugscan.toml_files import read_toml

_MILLION = 1_000_000


class Words(string.Formatter):
    """One language: its words, and templates that are filled in the way it writes things.

    In a template ``{name:kind}`` says how a value is written: ``number``, ``rounded``, ``percent``,
    ``score``, ``euros``, ``day`` or ``month``; or as a counted thing of ``[count]``, such as ``ads``: "1 ad",
    "2 ads"; or by its word in a table, such as ``substance``, or ``Substance`` where it begins a sentence.

    Parameters
    ----------
    lang : {"en", "nl"}
        The language.

    Raises
    ------
    SettingsError
        If there are no words in that language.

    Examples
    --------
    >>> words = Words("nl")
    >>> words.fill("{n:ads}, waarvan {share:percent} {what:label}", n=1234, share=0.125, what="softdrugs")
    '1.234 unieke advertenties, waarvan 12,5% softdrugs'
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise SettingsError(f"no language is called {lang!r}", hint=f"choose from {', '.join(LANGUAGES)}")
        self.lang = lang
        self.tables = _load(lang)
        self._writing = self.tables["writing"]

    def get(self, key: str) -> str:
        """Return the words of a dotted key; raises KeyError if there are none."""
        found: Any = self.tables
        for part in key.split("."):
            found = found[part]
        return str(found)

    def name(self, table: str, *keys: str) -> str:
        """Return the word of the first key that has one, or the last itself: data may hold new ones."""
        return str(next((self.tables[table][key] for key in keys if key in self.tables[table]), keys[-1]))

    def fill(self, template: str, **values: Any) -> str:
        """Return a template with its values written in this language."""
        return self.vformat(template, (), values)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value of a template."""
        if format_spec in self.tables["count"]:
            return self.count(value, format_spec)
        if format_spec in self.tables:
            return self.name(format_spec, value)
        if format_spec.lower() in self.tables:  # begins a sentence
            word = self.name(format_spec.lower(), value)
            return word[:1].upper() + word[1:]
        return str(getattr(self, format_spec)(value)) if format_spec else str(value)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with its thousands parted."""
        return f"{value:,.{decimals}f}".translate(
            {ord(","): self._writing["thousands"], ord("."): self._writing["decimal"]}
        )

    def decimal(self, value: float) -> str:
        """Return a whole number as it is, others with one decimal, or with as many as tell them from 0.

        Examples
        --------
        >>> [Words("en").decimal(value) for value in (12.0, 1234.56, 0.026, 0)]
        ['12', '1,234.6', '0.03', '0']
        """
        if float(value).is_integer():
            return self.number(value)
        return self.number(value, next((n for n in range(1, 10) if round(value, n)), 1))

    def rounded(self, value: int) -> str:
        """Return a number for a sentence: millions to one decimal, others as they are."""
        if value < _MILLION:
            return self.number(value)
        return f"{self.number(value / _MILLION, 1)} {self._writing['million']}"

    def count(self, value: int, noun: str) -> str:
        """Return a number and its noun."""
        one, many = self.tables["count"][noun]
        return f"{self.rounded(value)} {one if value == 1 else many}"

    def score(self, value: float) -> str:
        """Return a figure between 0 and 1, such as F1."""
        return self.number(value, 3)

    def percent(self, share: float) -> str:
        """Return a share as a percentage with one decimal; neither 0% of some nor 100% but of all.

        Examples
        --------
        >>> [Words("en").percent(share) for share in (0, 0.0001, 0.25, 0.9999, 1)]
        ['0.0%', '<0.1%', '25.0%', '>99.9%', '100.0%']
        """
        written = f"{100 * share:.1f}"
        if written == "0.0" and share > 0:
            return f"<{self.number(0.1, 1)}%"
        if written == "100.0" and share < 1:
            return f">{self.number(99.9, 1)}%"
        return f"{self.number(100 * share, 1)}%"

    def euros(self, euros: float) -> str:
        """Return an amount of money."""
        return f"{self._writing['euro']}{self.number(euros, 2)}"

    def day(self, day: date) -> str:
        """Return a day in words, its number on the line of its month."""
        return f"{day.day}\N{NO-BREAK SPACE}{self._writing['months'][day.month - 1]} {day.year}"

    def short_day(self, day: date) -> str:
        """Return a day for a table."""
        return f"{day.day} {self._writing['short_months'][day.month - 1]} {day.year}"

    def month(self, day: date) -> str:
        """Return a month in words."""
        return f"{self._writing['months'][day.month - 1]} {day.year}"

    def locales(self) -> Mapping[str, Any]:
        """Return what Vega needs to write as this language does: locales of d3-format and d3-time-format."""
        writing = self._writing
        number = {
            "decimal": writing["decimal"],
            "thousands": writing["thousands"],
            "grouping": [3],
            "currency": [writing["euro"], ""],
        }
        time = {
            "dateTime": "%d %B %Y %H:%M",
            "date": "%d %B %Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": writing["days"],
            "shortDays": writing["short_days"],
            "months": writing["months"],
            "shortMonths": writing["short_months"],
        }
        return {"formatLocale": number, "timeFormatLocale": time}


@cache
def _load(lang: str) -> dict[str, Any]:
    return read_toml("drugscan.reporting", f"words/{lang}.toml")
