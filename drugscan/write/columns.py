"""CSV and Parquet, which need to know all columns before the first row: rows are put aside until then."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from drugscan.plain import without_harmful
from drugscan.records import Row
from drugscan.write.json_lines import to_json_line

if TYPE_CHECKING:
    import pyarrow

_BATCH_ROWS = 5_000
_MAX_DEPTH = 20
"""How deep a column of Parquet is nested at most; what is deeper is JSON, since few can read it back."""
FORMULA = r"(?:[=@\t\r]|[+-](?:$|[^0-9]|[0-9][0-9.,]*[^0-9.,]))"
"""How a cell begins that a spreadsheet runs, and no number does: a pattern for ``re`` and for RE2."""
SPLIT_FORMULA = "(;)([=+@-])"
"""How a formula begins behind what a European Excel takes for the end of a cell, in quotes or not."""


class Spool:
    """Rows put aside as JSON Lines, while the columns they have between them are noted.

    Parameters
    ----------
    file : binary file
        Where they are put aside, empty and open for reading and writing.
    infer_types : bool
        Note the columns' types too, as :meth:`write_parquet` needs them.
    """

    def __init__(self, file: IO[bytes], *, infer_types: bool) -> None:
        self._file = file
        self._infer_types = infer_types
        self._columns: dict[str, pyarrow.DataType | None] = {}
        # Those whose type had to become another, which may not hold what came before.
        self._widened: set[str] = set()

    def write(self, rows: Sequence[Row]) -> None:
        """Put rows aside."""
        lines = [to_json_line(row) for row in rows]
        for row in rows:
            for name in row:
                self._columns.setdefault(name, None)
        if self._infer_types and rows:
            self._note_types([json.loads(line) for line in lines])
        self._file.write(b"".join(lines))

    def write_csv(self, output: IO[bytes]) -> None:
        """Write the rows that were put aside as CSV."""
        text = io.TextIOWrapper(output, encoding="utf-8", errors="backslashreplace", newline="")
        writer = csv.writer(text)
        if self._columns:
            writer.writerow([csv_cell(name) for name in self._columns])
        for batch in self._batches():
            writer.writerows([[csv_cell(row.get(name)) for name in self._columns] for row in batch])
        text.detach()  # flushes, and leaves the file open

    def write_parquet(self, output: IO[bytes]) -> None:
        """Write the rows that were put aside as Parquet."""
        import pyarrow
        from pyarrow import parquet

        types = {}
        for name, data_type in self._columns.items():
            is_known = data_type is not None and not pyarrow.types.is_null(data_type)
            types[name] = data_type if is_known and _is_storable(data_type) else pyarrow.string()
        for name in self._unfit({name: types[name] for name in self._widened}):
            types[name] = pyarrow.string()
        schema = pyarrow.schema([(_as_text(name), data_type) for name, data_type in types.items()])
        with parquet.ParquetWriter(output, schema) as writer:
            for batch in self._batches():
                arrays = [_arrow_column([row.get(name) for row in batch], types[name]) for name in types]
                writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))

    def _note_types(self, rows: list[Row]) -> None:
        import pyarrow

        nothing = pyarrow.null()
        for name, before in self._columns.items():
            known = nothing if before is None else before
            found = _type_of([row.get(name) for row in rows])
            self._columns[name] = common = _common_type(known, found)
            if not {known, found} <= {common, nothing}:
                self._widened.add(name)

    def _unfit(self, types: dict[str, pyarrow.DataType]) -> set[str]:
        """Return the columns whose type does not hold all their values: fractions, integers above 2**53."""
        unfit: set[str] = set()
        for batch in self._batches() if types else ():
            unfit |= {
                name
                for name in types.keys() - unfit
                if not _holds(types[name], [row.get(name) for row in batch])
            }
        return unfit

    def _batches(self) -> Iterator[list[Row]]:
        """Yield all rows, from the first."""
        self._file.seek(0)
        while lines := list(islice(self._file, _BATCH_ROWS)):
            yield list(map(json.loads, lines))


def _type_of(values: list[Any]) -> pyarrow.DataType:
    """Return the type that holds these values; text where no other does."""
    import pyarrow

    try:
        return pyarrow.array(values).type
    except (pyarrow.ArrowException, OverflowError, UnicodeEncodeError):
        return pyarrow.string()


def _common_type(known: pyarrow.DataType, found: pyarrow.DataType) -> pyarrow.DataType:
    """Return the type that is to hold the values of both; text where no other does."""
    import pyarrow

    if known == found:
        return known
    fields = [pyarrow.schema([("column", data_type)]) for data_type in (known, found)]
    try:
        return pyarrow.unify_schemas(fields, promote_options="permissive").field("column").type
    except pyarrow.ArrowException:
        return pyarrow.string()


def csv_cell(value: Any) -> Any:
    """Return a value as a cell: what is no single value as JSON, and no text as a formula.

    Characters that a terminal obeys are left out; some hide a formula. A spreadsheet runs a cell that begins
    with =, +, - or @; a leading apostrophe makes it text (OWASP, "CSV Injection"). So it does behind a
    semicolon, at which a European Excel splits a file with commas.
    """
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    value = re.sub(SPLIT_FORMULA, r"\1'\2", without_harmful(value))
    return "'" + value if re.match(FORMULA, value) else value


def _holds(data_type: pyarrow.DataType, values: list[Any]) -> bool:
    import pyarrow

    try:
        _arrow_column(values, data_type)
    except pyarrow.ArrowException:
        return False
    return True


def _is_storable(data_type: pyarrow.DataType, *, depth: int = 0) -> bool:
    """Tell whether Parquet has such a type: not for an object that never holds anything, or too deep ones."""
    import pyarrow

    is_nothing = pyarrow.types.is_struct(data_type) and not data_type.num_fields
    if is_nothing or depth > _MAX_DEPTH:
        return False
    inner = (data_type.field(index).type for index in range(data_type.num_fields))
    return all(_is_storable(one, depth=depth + 1) for one in inner)


def _arrow_column(values: list[Any], data_type: pyarrow.DataType) -> pyarrow.Array:
    import pyarrow

    if pyarrow.types.is_string(data_type):
        values = [value if value is None else _as_text(value) for value in values]
    return pyarrow.array(values, type=data_type)


def _as_text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
