"""Small cells: answers that rest on so few accounts that they could point to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drugscan.errors import SettingsError

if TYPE_CHECKING:
    import pyarrow

_MEASURES = ("accounts", "ad_accounts", "providers", "members", "ads", "messages")


def suppress_small(table: pyarrow.Table, *, min_count: int) -> tuple[pyarrow.Table, int]:
    """Leave out the rows of an answer that rest on too few.

    Parameters
    ----------
    table : pyarrow.Table
        The answer to a question.
    min_count : int
        Rows of fewer accounts are left out; where an answer does not count accounts, of fewer providers,
        ads or messages. Rows that count none stay.

    Returns
    -------
    table : pyarrow.Table
        The rows that stay.
    n_left_out : int
        How many do not.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"place": ["Goes", "Sluis", "Hulst"], "accounts": [12, 2, 0]})
    >>> suppress_small(table, min_count=5)[0].to_pydict()
    {'place': ['Goes', 'Hulst'], 'accounts': [12, 0]}
    """
    import pyarrow.compute as pc

    measure = next((name for name in _MEASURES if name in table.column_names), None)
    if measure is None:
        raise SettingsError("this answer counts nothing that could be too few", where="--min-count")
    count = table[measure]
    kept = table.filter(pc.or_(pc.greater_equal(count, min_count), pc.equal(count, 0)))
    return kept, table.num_rows - kept.num_rows
