"""Excel workbooks: a sheet an answer, and one that says what they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from drugscan.errors import SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import check_columns, column_names, harmless, values

MAX_ROWS = 1_048_575
"""What a sheet holds beside its header, as Excel specifies it."""
_MAX_COLUMNS = 16_384

_MAX_CHARACTERS = 32_767
_MOMENT_WIDTH = 23
_ZONES = ("", ' "UTC"')
"""What stands behind a moment without a time zone, and behind one with it: Excel knows none."""
_MAX_EXACT = 10**15
_FIRST_MONTH = (1900, 3)  # before it lies a 29th of February that never was, and then no date that Excel has
# A workbook tells when it was made; the same rows are to give the same bytes.
_MADE = datetime(1980, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


def write_xlsx(file: IO[bytes], answers: Sequence[Answer]) -> None:
    """Write a workbook.

    Raises
    ------
    SettingsError
        If an answer has more rows or columns than a sheet, or the package xlsxwriter is missing.
    OSError
        If the file cannot be written: the disk is full, or nobody reads what goes there any more.
    """
    try:
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as error:
        raise SettingsError(
            "needs the package xlsxwriter", where="--format xlsx", hint="pip install 'drugscan[report]'"
        ) from error
    for answer in answers:
        _check_rows(answer, answer.count())
    try:
        _write_workbook(file, answers)
    except FileCreateError as error:  # wraps what the system said
        raise error.args[0] from None


def _write_workbook(file: IO[bytes], answers: Sequence[Answer]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
        workbook.set_properties({"created": _MADE})
        bold = workbook.add_format({"bold": True})
        moments = [workbook.add_format({"num_format": f"yyyy-mm-dd hh:mm:ss{zone}"}) for zone in _ZONES]
        about = workbook.add_worksheet("about")
        about.set_column(1, 2, 80)
        for row, answer in enumerate(answers):
            about.write_row(row, 0, [answer.name, answer.definition, answer.note])
        for answer in answers:
            _write_sheet(workbook.add_worksheet(answer.name[:31]), answer, bold=bold, moments=moments)


def _write_sheet(sheet: Any, answer: Answer, *, bold: Any, moments: Sequence[Any]) -> None:
    import pyarrow

    reader = answer.read()
    check_columns(reader.schema, _MAX_COLUMNS, "a sheet")
    kinds = [field.type for field in reader.schema]
    formats = [moments[kind.tz is not None] if pyarrow.types.is_timestamp(kind) else None for kind in kinds]
    for column_number, cell_format in enumerate(formats):
        if cell_format is not None:  # a moment is wider than a column, which then shows ######
            sheet.set_column(column_number, column_number, _MOMENT_WIDTH)
    sheet.write_row(0, 0, map(_cell, column_names(reader.schema)), bold)
    sheet.freeze_panes(1, 0)
    row_number = 0
    for batch in reader:
        # Counted before; but a query may give more rows when it is asked again.
        _check_rows(answer, row_number + batch.num_rows)
        columns = [values(column) for column in harmless(batch, formulas=True).columns]
        for row in zip(*columns, strict=True):
            row_number += 1
            for column_number, value in enumerate(row):
                if value is not None:
                    sheet.write(row_number, column_number, _cell(value), formats[column_number])


def _check_rows(answer: Answer, n_rows: int) -> None:
    if n_rows > MAX_ROWS:
        raise SettingsError(
            f"{answer.name} has {n_rows:,} rows, a sheet holds {MAX_ROWS:,}",
            where="--format xlsx",
            hint="export it as csv, parquet or sqlite",
        )


def _cell(value: Any) -> Any:
    """Return a value as Excel holds it: texts cut; long numbers, old dates and what is no number as text."""
    if isinstance(value, str) and len(value) > _MAX_CHARACTERS:
        return value[: _MAX_CHARACTERS - 1] + "…"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _MAX_EXACT:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date) and (value.year, value.month) < _FIRST_MONTH:
        return value.isoformat()
    return value
