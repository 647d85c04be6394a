"""From rows of a table to batches of messages, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, groupby, repeat
from typing import Any, NamedTuple

from drugscan.read.columns import (
    BadRowError,
    Fields,
    Getter,
    find_getters,
    ids_of,
    is_service,
    join_text,
    names_of,
)
from drugscan.read.dates import parse_date
from drugscan.records import Message, Row

_NAMES = {
    "chat": "chat",
    "chat_id": "chat_id",
    "message_id": "id",
    "sender_id": "sender_id",
    "sender": "sender",
    "forwarded_from": "forwarded_from",
}
"""Columns of names and numbers, and what they are called where columns are looked for."""

_IDS = frozenset(("chat_id", "message_id", "sender_id"))
_NOTICE_COLUMNS = frozenset(("type", "_", "class"))
_MAX_PLANS = 10_000


@dataclass(slots=True)
class MessageBatch:
    """Messages of one source: of each field of :class:`drugscan.records.Message` a column.

    The dates are as the source has them, to be read by :mod:`drugscan.read.dates`.
    """

    source: str
    record: Sequence[int]
    text: list[str]
    chat: list[str | None]
    chat_id: list[str | None]
    message_id: list[str | None]
    sender_id: list[str | None]
    sender: list[str | None]
    date: list[Any]
    forwarded_from: list[str | None]
    row: Sequence[Row]

    def __len__(self) -> int:
        """Return how many messages there are."""
        return len(self.text)

    def messages(self) -> list[Message]:
        """Return them one by one."""
        columns = (
            self.record,
            self.text,
            self.chat,
            self.chat_id,
            self.message_id,
            self.sender_id,
            self.sender,
            map(parse_date, self.date),
            self.forwarded_from,
            self.row,
        )
        return list(map(Message, repeat(self.source), *columns))


class ReadRows(NamedTuple):
    """What became of rows.

    Attributes
    ----------
    batch : MessageBatch
        Those that are messages.
    bad : list of (int, str)
        Number and reason of those whose text is none.
    n_service : int
        Notices by Telegram (joined, pinned), which are no messages by anybody.
    """

    batch: MessageBatch
    bad: list[tuple[int, str]]
    n_service: int


class _Unreadable(NamedTuple):
    """What stands for a text that is none."""

    reason: str


class _Plan(NamedTuple):
    """How to read rows that have the same columns."""

    may_be_notices: bool
    text: list[Getter]  # to be tried in turn
    date: list[Getter]
    names: dict[str, list[Getter]]


class RowReader:
    """Reads rows of one source; rows with the same columns are read in the same way.

    Parameters
    ----------
    source : str
        What the messages name as their source.
    fields : Fields
        Columns that the user named.

    Examples
    --------
    >>> reader = RowReader("a.csv", Fields())
    >>> found = reader.read([1, 2], [{"Text": "wiet", "ID": 7}, {"Text": 5, "ID": 8}])
    >>> found.batch.text, found.batch.message_id, found.bad
    (['wiet'], ['7'], [(2, 'the text is of type int')])
    """

    def __init__(self, source: str, fields: Fields) -> None:
        self._source = source
        self._fields = fields
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def read(self, numbers: Sequence[int], rows: Sequence[Row]) -> ReadRows:
        """Read rows, each with its number in the source."""
        columns: dict[str, Any] = {"record": numbers, "row": rows, **self._columns(rows)}
        texts: list[str | _Unreadable | None] = columns["text"]
        is_message = [text.__class__ is str for text in texts]
        bad = []
        if not all(is_message):
            columns = {name: list(compress(column, is_message)) for name, column in columns.items()}
            odd = zip(numbers, texts, strict=True)
            bad = [(number, text.reason) for number, text in odd if isinstance(text, _Unreadable)]
        return ReadRows(MessageBatch(self._source, **columns), bad, texts.count(None))

    def _columns(self, rows: Sequence[Row]) -> dict[str, list[Any]]:
        """Return the columns; for a text that is none what is wrong with it, for that of a notice None."""
        columns: dict[str, list[Any]] = {name: [] for name in ("text", "date", *_NAMES)}
        for header, group in groupby(rows, key=tuple):
            plan = self._plans.get(header) or self._make_plan(header)
            run = list(group)
            columns["text"] += _texts(plan, run)
            columns["date"] += _first_found(plan.date, run)
            for name, getters in plan.names.items():
                columns[name] += _first_found(getters, run)
        return columns | {
            name: ids_of(columns[name]) if name in _IDS else names_of(columns[name]) for name in _NAMES
        }

    def _make_plan(self, header: tuple[str, ...]) -> _Plan:
        getters = find_getters(header, self._fields)
        plan = _Plan(
            not _NOTICE_COLUMNS.isdisjoint(header),
            getters["text"],
            getters["date"],
            {name: getters[field] for name, field in _NAMES.items()},
        )
        if len(self._plans) < _MAX_PLANS:  # hostile rows may each have columns of their own
            self._plans[header] = plan
        return plan


def _first_found(getters: list[Getter], rows: list[Row]) -> list[Any]:
    """Return of each row the first value that is not empty; mostly the first getter finds one in all."""
    if not getters:
        return [None] * len(rows)
    get, *others = getters
    found = list(map(get, rows))
    for other in others:
        if None not in found and "" not in found and float not in set(map(type, found)):
            break
        found = [other(row) if _is_empty(value) else value for row, value in zip(rows, found, strict=True)]
    return found


def _is_empty(value: Any) -> bool:
    """Return whether a cell is empty; pandas writes NaN into such."""
    return value is None or value == "" or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _texts(plan: _Plan, rows: list[Row]) -> list[str | _Unreadable | None]:
    texts: list[str | _Unreadable | None] = [
        text if text.__class__ is str and text else _odd_text(plan, row)
        for row, text in zip(rows, map(plan.text[0], rows) if plan.text else repeat(None), strict=False)
    ]
    if plan.may_be_notices:
        return [None if is_service(row) else text for row, text in zip(rows, texts, strict=True)]
    return texts


def _odd_text(plan: _Plan, row: Row) -> str | _Unreadable:
    """Return the text of a row that has an empty one, none, or a list."""
    values = [get(row) for get in plan.text]
    try:
        text = join_text(values[0]) if values else ""
    except BadRowError as error:
        return _Unreadable(str(error))  # the error itself would keep the batch in memory
    return text or next((value for value in values[1:] if isinstance(value, str) and value), "")
