"""From a row of any table to the common record: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from drugscan.errors import InputError
from drugscan.records import Row
from drugscan.toml_files import read_toml

Getter = Callable[[Row], Any]


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
    return read_toml("drugscan.read", "columns.toml")


def known_text_columns(columns: Iterable[str], fields: Fields) -> list[str]:
    """Return which of the columns may hold the text, the likeliest first."""
    by_name = _by_lower(columns)
    if fields.text:
        wanted = [_plain(fields.text), _plain(fields.text).split(".")[0]]
    else:
        wanted = _tables()["names"]["text"]
    return [by_name[name] for name in wanted if name in by_name]


def check_columns(columns: list[str], fields: Fields, *, where: str, are_all: bool = True) -> None:
    """Raise InputError if none of the columns may hold the text, or one that a user named is not there.

    Rows of JSON, which may do without a sender or a date for a while, do not show all their columns at once.
    """
    named = (fields.text, fields.id, fields.date, fields.sender, fields.chat) if are_all else (fields.text,)
    known = set(_by_lower(columns))
    missing = [
        name for name in named if name and known.isdisjoint((_plain(name), _plain(name).split(".")[0]))
    ]
    if not missing and known_text_columns(columns, fields):
        return
    shown = ", ".join(" ".join(column.split())[:40] for column in columns[:12])
    shown += ", ..." if len(columns) > 12 else ""
    if missing:
        raise InputError(f"there is no column {missing[0]!r}", where=where, hint=f"the columns are {shown}")
    raise InputError(
        f"no column holds the text; the columns are {shown}", where=where, hint="name it with --text-field"
    )


def program_of(columns: Iterable[str]) -> str:
    """Return the program that writes such columns, or an empty string."""
    names = set(_by_lower(columns))
    return next((p["name"] for p in _tables()["programs"] if names.issuperset(p["columns"])), "")


def _by_lower(columns: Iterable[str]) -> dict[str, str]:
    return {_plain(name): name for name in reversed(list(columns))}


def _plain(name: str) -> str:
    """Return the name of a column as names are compared; a header's cell may have line breaks."""
    return " ".join(name.lower().split())


def find_getters(columns: tuple[str, ...], fields: Fields) -> dict[str, Getter | None]:
    """Return what finds each field in a row with such columns; None for what they do not have.

    Beside the fields of ``columns.toml`` there is ``text_if_empty``: what holds the text where ``text`` is
    empty.
    """
    names, given = _tables()["names"], asdict(fields)
    getters = {
        field: _getter([given[field]] if given.get(field) else known, columns)
        for field, known in names.items()
    }
    return getters | {"text_if_empty": _getter(_text_when_empty(columns, fields), columns)}


def _text_when_empty(columns: tuple[str, ...], fields: Fields) -> list[str]:
    """Return what may hold the text where its own column is empty."""
    likeliest = known_text_columns(columns, fields)[:1]
    return [name for own in likeliest for name in _tables()["text_when_empty"].get(_plain(own), [])]


def is_service(row: Row) -> bool:
    """Tell whether a row is a notice by Telegram (joined, pinned) and no message by anybody."""
    return (
        row.get("type") == "service"
        or row.get("_") == "MessageService"
        or row.get("class") == "MessageService"
    )


def taken_columns(columns: tuple[str, ...], fields: Fields) -> dict[str, list[str]]:
    """Return the columns in which each field of a row with such columns is looked for.

    Examples
    --------
    >>> taken = taken_columns(("id", "bericht", "from_id", "views"), Fields())
    >>> taken["text"], taken["sender"], taken["chat"]
    (['bericht'], ['from_id'], [])
    """
    names, given = _tables()["names"], asdict(fields)
    wanted = {
        field: _ways([given[field]] if given.get(field) else known, columns) for field, known in names.items()
    }
    found = {
        "text": wanted["text"] + _ways(_text_when_empty(columns, fields), columns),
        "date": wanted["date"],
        "sender": wanted["sender_id"] + wanted["sender"],
        "chat": wanted["chat_id"] + wanted["chat"],
    }
    return {field: list(dict.fromkeys(head for head, _ in ways)) for field, ways in found.items()}


def _getter(names: list[str], columns: tuple[str, ...]) -> Getter | None:
    """Return what finds the first name that is among the columns, or leads into one; None if none does."""
    found = _ways(names, columns)
    if not found:
        return None
    first, path = found[0]
    if not path:
        return itemgetter(first)
    return lambda row: _first_value(row, found)


def _ways(names: list[str], columns: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the ways to the names that are among the columns or lead into one, to be tried in turn.

    Of a column that is the likeliest there is only that.
    """
    by_name = _by_lower(columns)
    found: list[tuple[str, tuple[str, ...]]] = []
    for name in names:
        if _plain(name) in by_name:
            found.append((by_name[_plain(name)], ()))
            continue
        head, *steps = name.split(".")
        if steps and _plain(head) in by_name:
            found.append((by_name[_plain(head)], tuple(steps)))
    return found if found and found[0][1] else found[:1]


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
    value : str, bytes, list or None
        A list holds strings and objects with ``text``; the target of a ``text_link`` is kept in
        brackets behind its words. None is an empty text; bytes are UTF-8.

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
    if isinstance(value, bytes):
        text = _text_of(value)
        if text is None:
            raise BadRowError("is not valid UTF-8")
        return text
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
    if isinstance(value, Decimal) and value == value.to_integral_value():  # a column of ids in a database
        return str(int(value))
    return _text_of(value) or None if isinstance(value, bytes) else None


def _text_of(value: bytes) -> str | None:
    """Return what a column of bytes holds, as old programs write texts; None if it is no text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


_WHOLE = re.compile(r"-?[0-9]+\.0")


def ids_of(values: Iterable[Any]) -> list[str | None]:
    """Return what :func:`names_of` says of ids, without the ``.0`` that pandas adds in a column with gaps.

    Examples
    --------
    >>> ids_of(["12345.0", "12345", "v1.0", 7, None])
    ['12345', '12345', 'v1.0', '7', None]
    """
    return [
        name[:-2] if name is not None and name[-2:] == ".0" and _WHOLE.fullmatch(name) else name
        for name in names_of(values)
    ]


def names_of(values: Iterable[Any]) -> list[str | None]:
    """Return what :func:`name_of` says of each value; what most of them are takes no call."""
    return [
        value or None if value.__class__ is str else None if value is None else name_of(value)
        for value in values
    ]
