"""What stands in a cell: nothing that a spreadsheet runs, a terminal obeys or XML cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drugscan.plain import HARMFUL
from drugscan.write import FORMULA

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
        A cell that a spreadsheet would run gets a leading apostrophe (OWASP, "CSV Injection").

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

    begins = pc.match_substring_regex(column, rf"\A{FORMULA}")
    if not pc.any(begins).as_py():
        return column
    return pc.if_else(begins, pc.binary_join_element_wise("'", column, ""), column)
