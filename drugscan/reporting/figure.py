"""One picture of the report: its finding, its chart, and the table and CSV file it is drawn from."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from drugscan.reporting.answers import AnswerRow
from drugscan.reporting.words import Words
from drugscan.write import csv_cell

_SCORES = {"f1", "low", "high"}
_NUMBERS = re.compile(r"\d+")

MAX_TABLE_ROWS = 100
"""Rows that the page shows; the CSV file has all."""

_MAX_CELL_CHARACTERS = 400

# Columns whose values are ids that a table of words of the same name names.
_NAMED = {
    *("label", "substance", "unit", "band", "mode", "kind", "range", "quantities", "change", "counted"),
    *("agreement", "texts_of", "disguise"),
}


@dataclass(frozen=True)
class Figure:
    """A picture and its data.

    Attributes
    ----------
    name : str
        Names it in the words (``[figure.NAME]``) and in the page.
    question : str
        The question of :mod:`drugscan.analysis` that it answers; empty for the model's own figures.
    rows : sequence of mappings
        The data; without rows the page says that nothing was found, or that it was left out.
    columns : sequence of str
        The table's columns.
    chart : str
        A specification in ``charts/``; empty where the table is the picture.
    drawn : sequence of mappings, optional
        What the chart shows, where that is not all rows; if it is nothing, the words ``undrawn`` say why.
    title : str
        Which of the figure's titles states the finding; empty if it is not to be stated.
    values : mapping
        What the title and the note are filled with.
    choices : mapping of str to sequence of mappings
        What else the chart can show, by names to choose from; the first is what it shows at first.
    half : bool
        Whether two stand side by side where there is room.
    has_left_out : bool
        Whether rows are missing that rest on too few.
    """

    name: str
    question: str
    rows: Sequence[AnswerRow]
    columns: Sequence[str]
    chart: str = ""
    drawn: Sequence[AnswerRow] | None = None
    title: str = "title"
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[AnswerRow]] = field(default_factory=dict)
    half: bool = False
    has_left_out: bool = False

    @property
    def is_undrawn(self) -> bool:
        """Tell whether there are rows and none that the chart could show."""
        return bool(self.rows) and self.drawn is not None and not self.drawn

    def chart_rows(self, words: Words) -> list[dict[str, Any]]:
        """Return what the chart draws, ids replaced by their names."""
        return _drawn_rows(self.rows if self.drawn is None else self.drawn, words)

    def chart_choices(self, words: Words) -> dict[str, list[dict[str, Any]]]:
        """Return the choices as the chart draws them."""
        return {name: _drawn_rows(rows, words) for name, rows in self.choices.items()}

    def head(self, words: Words) -> list[tuple[str, str]]:
        """Return the table's headings, each with the class of its cells."""
        return [
            (words.name("column", f"{self.question}_{name}", name), self._class(name))
            for name in self.columns
        ]

    def body(self, words: Words) -> list[list[tuple[str, str]]]:
        """Return the table's first rows as written cells, each with its class."""
        return [
            [(_written(name, row[name], words), self._class(name)) for name in self.columns]
            for row in self.rows[:MAX_TABLE_ROWS]
        ]

    def csv_link(self, words: Words) -> str:
        r"""Return all rows as a CSV file within a link: values as they are, formulas defused.

        Delimiter and decimals are those that a spreadsheet of the language reads.

        Examples
        --------
        >>> figure = Figure("x", "prices", [{"substance": "=1+1", "min_eur": 2.5}], ["substance", "min_eur"])
        >>> base64.b64decode(figure.csv_link(Words("en")).split(",")[1]).decode()
        "substance,min_eur\r\n'=1+1,2.5\r\n"
        >>> base64.b64decode(figure.csv_link(Words("nl")).split(",")[1]).decode()
        "\ufeffsubstance;min_eur\r\n'=1+1;2,5\r\n"
        """
        writing = words.tables["writing"]
        file = io.StringIO()
        file.write(writing["csv_start"])
        writer = csv.writer(file, delimiter=writing["csv_delimiter"])
        writer.writerow(self.columns)
        for row in self.rows:
            cells = (csv_cell(row[name]) for name in self.columns)
            writer.writerow(
                str(cell).replace(".", writing["decimal"]) if isinstance(cell, float) else cell
                for cell in cells
            )
        content = base64.b64encode(file.getvalue().encode("utf-8", "backslashreplace"))
        return f"data:text/csv;charset=utf-8;base64,{content.decode()}"

    def _class(self, column: str) -> str:
        """Return the class of a column: numbers stand to the right, dates are not broken, posts have room."""
        if column == "text":
            return "post"
        first = next((row[column] for row in self.rows if row[column] is not None), None)
        return "number" if isinstance(first, (int, float)) else "date" if isinstance(first, date) else "text"


def _drawn_rows(rows: Sequence[AnswerRow], words: Words) -> list[dict[str, Any]]:
    return [{key: _drawn(key, value, words) for key, value in row.items()} for row in rows]


def _drawn(column: str, value: Any, words: Words) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    table = column.removeprefix("quantity_")
    if table in _NAMED and value is not None:
        return words.name(table, value)
    if column.endswith("s_band"):  # of copies, of days: "1000-9999"
        return _NUMBERS.sub(lambda digits: words.number(int(digits[0])), value).replace("-", "–")
    return value


def _written(column: str, value: Any, words: Words) -> str:
    """Return a value as a reader of this language expects it."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return words.month(value) if column.endswith("month") else words.short_day(value)
    if isinstance(value, list):
        return ", ".join(words.name(column.removesuffix("s"), one) for one in value)
    if isinstance(value, str):
        name = str(_drawn(column, value, words))
        return name if len(name) <= _MAX_CELL_CHARACTERS else name[:_MAX_CELL_CHARACTERS] + "…"
    if column.endswith("_eur"):
        return words.euros(value)
    if column.endswith("_share"):
        return words.percent(value)
    if column in _SCORES:
        return words.score(value)
    return words.decimal(value)
