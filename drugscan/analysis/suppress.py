"""Small cells: rows of answers that rest on so few accounts that they could point to somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from drugscan.errors import SettingsError

if TYPE_CHECKING:
    import pyarrow

# Who or what a row rests on, and what it then tells of them; of each the first that an answer has.
_MEASURES = ("ad_accounts", "accounts", "providers", "members", "ads", "messages")
_TOLD = ("ad_messages", "offers", "ads", "messages")
# What a row tells of a part rests on who stands behind that part.
_PARTS = {"early_accounts": "early_ads", "late_accounts": "late_ads"}
# A price compared with another leads to that one.
_COMPARED_WITH = "base_providers"
_KIND = "kind"
# What can be left out of a row alone: the column that it rests on, what it tells, and all its columns.
_CELLS = {"bulk_accounts": ("bulk_messages", ("bulk_messages", "bulk_ads", "bulk_accounts"))}


def suppress_small(
    table: pyarrow.Table, *, min_count: int, adds_up: bool = False
) -> tuple[pyarrow.Table, int]:
    """Leave out the rows of an answer that rest on too few.

    Parameters
    ----------
    table : pyarrow.Table
        The answer to a question.
    min_count : int
        Rows of fewer accounts are left out; where an answer does not count accounts, of fewer providers,
        ads or messages. So are ads that no account is known of, as in channels. Rows without ads stay.
    adds_up : bool, default False
        Whether the rows add up to a total that is known: see :func:`are_small`.

    Returns
    -------
    table : pyarrow.Table
        The rows that stay; what is in bulk of everything is null where it rests on too few.
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
    known = {*_MEASURES, *_TOLD, *_PARTS, *_PARTS.values(), _COMPARED_WITH, _KIND}
    counts = table.select([name for name in table.column_names if name in known])
    small = are_small(counts.to_pylist(), min_count=min_count, adds_up=adds_up)
    kept = _without_small_cells(
        table.filter(pyarrow.array([not one for one in small], pyarrow.bool_())), min_count
    )
    return kept, table.num_rows - kept.num_rows


def are_small(rows: Sequence[Mapping[str, Any]], *, min_count: int, adds_up: bool = False) -> list[bool]:
    """Tell which rows rest on too few, as for :func:`suppress_small`; one that counts nothing does not.

    Where rows add up, one that is left out alone would follow from the total: so is the next smallest then,
    within rows of one ``kind``.

    Examples
    --------
    >>> rows = [{"ads": 90, "accounts": 20}, {"ads": 9, "accounts": 2}, {"ads": 30, "accounts": 6}]
    >>> are_small(rows, min_count=5), are_small(rows, min_count=5, adds_up=True)
    ([False, True, False], [False, True, True])
    """
    small = [is_small(row, min_count=min_count) for row in rows]
    if not adds_up:
        return small
    for kind in {row.get(_KIND): None for row in rows}:
        of_kind = [number for number, row in enumerate(rows) if row.get(_KIND) == kind]
        others = [number for number in of_kind if not small[number] and _told(rows[number])]
        if others and sum(small[number] for number in of_kind) == 1:
            small[min(others, key=lambda number: _measured(rows[number]))] = True
    return small


def is_small(row: Mapping[str, Any], *, min_count: int) -> bool:
    """Tell whether a row rests on too few, whatever the others.

    Examples
    --------
    >>> is_small({"chat": "a", "ad_messages": 9, "accounts": 2}, min_count=5)
    True
    """
    compared_with = row.get(_COMPARED_WITH)
    if compared_with is not None and compared_with < min_count:
        return True
    if any(row[told] and row[part] < min_count for part, told in _PARTS.items() if part in row):
        return True
    return _measured(row) < min_count and bool(_told(row))


def _measured(row: Mapping[str, Any]) -> int:
    return next((row[name] or 0 for name in _MEASURES if name in row), 0)


def _told(row: Mapping[str, Any]) -> int:
    return next((row[name] for name in (*_TOLD, *_MEASURES) if name in row), 0)


def _without_small_cells(table: pyarrow.Table, min_count: int) -> pyarrow.Table:
    """Return a table whose cells that rest on too few are null."""
    import pyarrow
    import pyarrow.compute as pc

    for measure, (told, names) in _CELLS.items():
        if measure in table.column_names:
            small = pc.and_(pc.less(table[measure], min_count), pc.greater(table[told], 0))
            for name in names:
                column = table[name]
                blanked = pc.if_else(small, pyarrow.scalar(None, column.type), column)
                table = table.set_column(table.column_names.index(name), name, blanked)
    return table
