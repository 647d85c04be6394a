"""From a row of any table to the common record: which column holds what."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, NamedTuple

from drugscan.records import Message

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Row = dict[str, Any]


@dataclass(frozen=True)
class Fields:
    """Names of columns that a user gave; each wins over the names that are known.

    Attributes
    ----------
    text, id, date, sender, chat : str or None
        Exact names; a dot leads into a nested object.
    """

    text: str | None = None
    id: str | None = None
    date: str | None = None
    sender: str | None = None
    chat: str | None = None


class BadRowError(Exception):
    """A row that cannot be read; its message is the reason."""


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = tomllib.loads(files("drugscan.read").joinpath("columns.toml").read_text("utf-8"))
    return tables


def known_text_columns(columns: Iterable[str], fields: Fields) -> list[str]:
    """Return which of the columns may hold the text, the likeliest first."""
    by_name = _by_lower(columns)
    if fields.text:
        wanted = [fields.text.lower(), fields.text.lower().split(".")[0]]
    else:
        wanted = _tables()["names"]["text"]
    return [by_name[name] for name in wanted if name in by_name]


def program_of(columns: Iterable[str]) -> str:
    """Return the program that writes such columns, or an empty string."""
    names = set(_by_lower(columns))
    return next((p["name"] for p in _tables()["programs"] if names.issuperset(p["columns"])), "")


def _by_lower(columns: Iterable[str]) -> dict[str, str]:
    return {name.lower().strip(): name for name in reversed(list(columns))}


Getter = Callable[[Row], Any]


class _Plan(NamedTuple):
    """How to read rows that have the same columns."""

    text: Getter
    text_if_empty: Getter
    date: Getter
    names: tuple[Getter | None, ...]  # of _NAMES; None for what these rows do not have


_NAMES = ("chat", "chat_id", "id", "sender_id", "sender", "forwarded_from")


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
    >>> message = reader.message({"Text": "wiet", "ID": 7, "Date": "2023-05-01 12:00:00+02:00"}, 1)
    >>> message.text, message.message_id, message.date.isoformat()
    ('wiet', '7', '2023-05-01T10:00:00+00:00')
    """

    def __init__(self, source: str, fields: Fields) -> None:
        self._source = source
        self._fields = fields
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def message(self, row: Row, record: int) -> Message:
        """Return the message in a row, or raise what is wrong with the row."""
        columns = tuple(row)
        plan = self._plans.get(columns) or self._make_plan(columns)
        text = plan.text(row)
        if text.__class__ is not str:
            text = join_text(text)
        if not text:
            text = join_text(plan.text_if_empty(row))
        chat, chat_id, own_id, sender_id, sender, forwarded_from = [
            None if get is None else name_of(get(row)) for get in plan.names
        ]
        date = parse_date(plan.date(row))
        return Message(
            self._source, record, text, chat, chat_id, own_id, sender_id, sender, date, forwarded_from, row
        )

    def _make_plan(self, columns: tuple[str, ...]) -> _Plan:
        names, given = _tables()["names"], asdict(self._fields)
        text_columns = known_text_columns(columns, self._fields)
        second = _tables()["text_when_empty"].get(text_columns[0].lower()) if text_columns else None
        getters = {
            field: _getter([given[field]] if given.get(field) else known, columns)
            for field, known in names.items()
        }
        plan = _Plan(
            getters["text"] or _get_nothing,
            _getter([second] if second else [], columns) or _get_nothing,
            getters["date"] or _get_nothing,
            tuple(getters[field] for field in _NAMES),
        )
        if len(self._plans) < 10_000:  # hostile rows may each have columns of their own
            self._plans[columns] = plan
        return plan


def is_service(row: Row) -> bool:
    """Tell whether a row is a notice by Telegram (joined, pinned) and no message by anybody."""
    return (
        row.get("type") == "service"
        or row.get("_") == "MessageService"
        or row.get("class") == "MessageService"
    )


def _get_nothing(row: Row) -> None:
    """Find nothing."""


def _getter(names: list[str], columns: tuple[str, ...]) -> Getter | None:
    """Return what finds the first name that is among the columns, or leads into one; None if none does."""
    by_name = _by_lower(columns)
    found: list[tuple[str, tuple[str, ...]]] = []
    for name in names:
        if name.lower() in by_name:
            found.append((by_name[name.lower()], ()))
            continue
        head, *steps = name.split(".")
        if steps and head.lower() in by_name:
            found.append((by_name[head.lower()], tuple(steps)))
    if not found:
        return None
    first, path = found[0]
    if not path:
        return itemgetter(first)
    return lambda row: _first_value(row, found)


def _first_value(row: Row, ways: list[tuple[str, tuple[str, ...]]]) -> Any:
    for head, path in ways:
        value = row[head]
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None


def join_text(value: Any) -> str:
    """Return a text: as it is, or joined from Telegram's mixed list of strings and entities.

    Parameters
    ----------
    value : str, list or None
        A list holds strings and objects with ``text``; the target of a ``text_link`` is kept in
        brackets behind its words. None is an empty text.

    Raises
    ------
    BadRowError
        If it is neither.

    Examples
    --------
    >>> join_text(["Menu ", {"type": "text_link", "text": "hier", "href": "https://voorbeeld.example"}])
    'Menu hier (https://voorbeeld.example)'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value != value:  # noqa: PLR0124  NaN: an empty cell of a table
        return ""
    if not isinstance(value, list):
        raise BadRowError(f"the text is of type {type(value).__name__}")
    pieces = []
    for piece in value:
        text = piece.get("text") if isinstance(piece, dict) else piece
        if not isinstance(text, str):
            raise BadRowError("the text is a list of something else than texts")
        pieces.append(text)
        if (
            isinstance(piece, dict)
            and piece.get("type") == "text_link"
            and isinstance(piece.get("href"), str)
        ):
            pieces.append(f" ({piece['href']})")
    return "".join(pieces)


def name_of(value: Any) -> str | None:
    """Return a name or number as text; None for what is empty or no single value."""
    if value.__class__ is str:
        return value or None
    if value.__class__ is int:
        return str(value)
    if isinstance(value, float) and value.is_integer():  # a column of ids with gaps, as pandas writes it
        return str(int(value))
    return None


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST_SECOND = 4_102_444_800  # the year 2100; a larger number counts milliseconds
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?")
_WRITTEN = tuple(
    (
        re.compile(
            re.sub(
                "%z", "[+-][0-9:]{5,6}", re.sub("%[dmHMS]", "[0-9]{1,2}", written.replace("%Y", "[0-9]{4}"))
            )
        ),
        written,
    )
    for written in (
        "%d.%m.%Y %H:%M:%S UTC%z",
        "%d.%m.%Y %H:%M:%S",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y %H:%M",
        "%d-%m-%Y",
        "%Y/%m/%d %H:%M:%S",
    )
)


def parse_date(value: Any) -> datetime | None:
    """Return a moment in UTC; None where there is none, or it cannot be read.

    Parameters
    ----------
    value : str, int, float, datetime or None
        ISO 8601, seconds or milliseconds since 1970, or day-month-year with dots or dashes. A time
        without a zone is taken to be UTC.

    Examples
    --------
    >>> parse_date("1672531200") == parse_date("2023-01-01T01:00:00+01:00") == parse_date("2023-01-01")
    True
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and (_begins_with_year(value) or not _NUMBER.fullmatch(value)):
            moment = _parse_written(value.strip())
        elif isinstance(value, (str, int, float)):
            seconds = float(value)
            moment = _EPOCH + timedelta(seconds=seconds / 1000 if seconds > _LAST_SECOND else seconds)
        else:
            moment = value if isinstance(value, datetime) else None
        if moment is None:
            return None
        if moment.tzinfo is timezone.utc:
            return moment
        return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def _parse_written(value: str) -> datetime | None:
    """Return a moment written as text; ValueError or None if it is of no known form."""
    if _begins_with_year(value):  # the usual form
        return _parse_iso(value)
    for pattern, written in _WRITTEN:
        if pattern.fullmatch(value):
            return datetime.strptime(value, written)
    return _parse_iso(value)


def _parse_iso(value: str) -> datetime:
    return datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)


def _begins_with_year(value: str) -> bool:
    return value[4:5] == "-" and value[:4].isdigit()
