"""Small cells: rows of answers that rest on so few accounts that they could point to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drugscan.errors import SettingsError

if TYPE_CHECKING:
    import pyarrow

# Who or what a row rests on, and what it then tells of them; of each the first that an answer has.
_MEASURES = ("accounts", "ad_accounts", "providers", "members", "ads", "messages")
_TOLD = ("ad_messages", "offers", "ads", "messages")
# A price compared with another leads to that one.
_COMPARED_WITH = "base_providers"


def suppress_small(table: pyarrow.Table, *, min_count: int) -> tuple[pyarrow.Table, int]:
    """Leave out the rows of an answer that rest on too few.

    Parameters
    ----------
    table : pyarrow.Table
        The answer to a question.
    min_count : int
        Rows of fewer accounts are left out; where an answer does not count accounts, of fewer providers,
        ads or messages. So are ads that no account is known of, as in channels. Rows without ads stay.

    Returns
    -------
    table : pyarrow.Table
        The rows that stay.
    n_left_out : int
        How many do not.

    Raises
    ------
    SettingsError
        If the answer counts nothing that could be too few.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"place": ["Goes", "Urk", "Hulst"], "ads": [15, 15, 0], "accounts": [12, 0, 0]})
    >>> suppress_small(table, min_count=5)[0].to_pydict()
    {'place': ['Goes', 'Hulst'], 'ads': [15, 0], 'accounts': [12, 0]}
    """
    import pyarrow

    if not set(_MEASURES).intersection(table.column_names):
        raise SettingsError("this answer counts nothing that could be too few", where="--min-count")
    counts = table.select(
        [name for name in table.column_names if name in {*_MEASURES, *_TOLD, _COMPARED_WITH}]
    )
    stays = [not is_small(row, min_count=min_count) for row in counts.to_pylist()]
    kept = table.filter(pyarrow.array(stays, pyarrow.bool_()))
    return kept, table.num_rows - kept.num_rows


def is_small(row: Mapping[str, Any], *, min_count: int) -> bool:
    """Tell whether a row rests on too few, as for :func:`suppress_small`; one that counts nothing does not.

    Examples
    --------
    >>> is_small({"chat": "a", "ad_messages": 9, "accounts": 2}, min_count=5)
    True
    """
    if row.get(_COMPARED_WITH) is not None and row[_COMPARED_WITH] < min_count:
        return True
    measure = next((name for name in _MEASURES if name in row), None)
    if measure is None or row[measure] >= min_count:
        return False
    told = next((name for name in _TOLD if name in row), measure)
    return bool(row[told])
