"""What stands in a cell: nothing that a spreadsheet runs, a terminal obeys or XML cannot hold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from drugscan.errors import SettingsError
from drugscan.plain import HARMFUL, plain
from drugscan.write import FORMULA, SPLIT_FORMULA

if TYPE_CHECKING:
    import pyarrow


def harmless(batch: pyarrow.RecordBatch, *, formulas: bool = False) -> pyarrow.RecordBatch:
    r"""Return a batch whose texts hold no control characters and, unless allowed, begin no formula.

    Parameters
    ----------
    batch : RecordBatch
        Of columns that are texts, numbers, dates and the like.
    formulas : bool, default False
        Leave texts that begin like a formula as they are, for files whose cells have types.

    Returns
    -------
    RecordBatch
        A cell that a spreadsheet would run gets a leading apostrophe (OWASP, "CSV Injection"), and so does
        what follows a semicolon, see :func:`drugscan.write.csv_cell`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> harmless(pa.record_batch({"text": ["=1+1", "+31", "a\x1bb"]})).to_pydict()
    {'text': ["'=1+1", '+31', 'ab']}
    """
    import pyarrow
    import pyarrow.compute as pc

    columns = []
    for column in batch.columns:
        if not pyarrow.types.is_string(column.type):
            columns.append(column)
            continue
        plain = pc.replace_substring_regex(column, HARMFUL, "") if _may_be_harmful(column) else column
        columns.append(plain if formulas else _defuse(plain))
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def column_names(schema: pyarrow.Schema) -> list[str]:
    """Return the names of columns without what a terminal obeys or XML cannot hold."""
    return [plain(name) for name in schema.names]


def check_columns(schema: pyarrow.Schema, most: int, what: str) -> None:
    """Raise SettingsError if there are more columns than a sheet or table holds.

    Examples
    --------
    >>> import pyarrow as pa
    >>> check_columns(pa.schema({"a": pa.int64(), "b": pa.int64()}), 1, "a sheet")
    Traceback (most recent call last):
    drugscan.errors.SettingsError: there are 2 columns, a sheet holds 1; choose fewer, or write csv or parquet
    """
    if len(schema) > most:
        raise SettingsError(
            f"there are {len(schema):,} columns, {what} holds {most:,}",
            hint="choose fewer, or write csv or parquet",
        )


def values(column: pyarrow.Array) -> list[Any]:
    """Return a column as texts, numbers of 64 bits, dates and times; lists and records as Python has them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> values(pa.array([2**64, None], pa.decimal128(38))), values(pa.array([1], pa.decimal128(38)))
    ([1.8446744073709552e+19, None], [1])
    >>> values(pa.array([4_000_000], pa.date32()))
    ['12921-08-18']
    """
    import pyarrow

    kinds = pyarrow.types
    if kinds.is_decimal(column.type) or kinds.is_uint64(column.type):
        return [None if number is None else as_number(number) for number in column.to_pylist()]
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):  # Python's dates end with the year 9999
        return list(column.cast(pyarrow.string()).to_pylist())


def as_number(value: Decimal | int) -> int | float:
    """Return a number as others know it: a whole one if it has 64 bits, else with a floating point."""
    is_whole = value == int(value) and -(2**63) <= value < 2**63
    return int(value) if is_whole else float(value)


def _may_be_harmful(column: pyarrow.StringArray) -> bool:
    """Tell whether there is a byte that plain text does not have: names and numbers are mostly plain."""
    _, offsets, data = column.buffers()
    if data is None:
        return False
    ends = np.frombuffer(offsets, np.int32)[[column.offset, column.offset + len(column)]]
    used = np.frombuffer(data, np.uint8)[ends[0] : ends[1]]
    return bool(((used < 0x20) | (used > 0x7E)).any())


def _defuse(column: pyarrow.Array) -> pyarrow.Array:
    import pyarrow.compute as pc

    column = pc.replace_substring_regex(column, SPLIT_FORMULA, r"\1'\2")
    begins = pc.match_substring_regex(column, rf"\A{FORMULA}")
    if not pc.any(begins).as_py():
        return column
    return pc.if_else(begins, pc.binary_join_element_wise("'", column, ""), column)
