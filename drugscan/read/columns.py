"""From a row of any table to the common record: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from drugscan.errors import InputError, NoMessagesError
from drugscan.records import Row
from drugscan.toml_files import read_toml

Getter = Callable[[Row], Any]


@dataclass(frozen=True)
class Fields:
    """Names of columns that a user gave; each wins over the names that are known.

    Attributes
    ----------
    text, id, date, sender, chat : str or None
        Exact names; a dot leads into a nested object. Where one names the sender or the chat, no other
        column says who or where it was by a number.
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
    """Raise NoMessagesError if no column may hold the text, InputError if one that a user named is missing.

    Rows of JSON, which may do without a sender or a date for a while, do not show all their columns at once.
    """
    named = (fields.text, fields.id, fields.date, fields.sender, fields.chat) if are_all else (fields.text,)
    known = set(_by_lower(columns))
    missing = [
        name for name in named if name and known.isdisjoint((_plain(name), _plain(name).split(".")[0]))
    ]
    holds_text = bool(known_text_columns(columns, fields))
    if holds_text and not missing:
        return
    shown = ", ".join(" ".join(column.split())[:40] for column in columns[:12])
    shown += ", ..." if len(columns) > 12 else ""
    if missing:
        # A text under another name than the user's is not to be taken for none.
        kind = InputError if holds_text or known_text_columns(columns, Fields()) else NoMessagesError
        raise kind(f"has no column {missing[0]!r}", where=where, hint=f"the columns are {shown}")
    raise NoMessagesError(
        f"has no column for the text among {shown}", where=where, hint="name it with --text-field"
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


def find_getters(columns: tuple[str, ...], fields: Fields) -> dict[str, list[Getter]]:
    """Return what finds each field in a row with such columns, to be tried in turn until one finds something.

    Examples
    --------
    >>> getters = find_getters(("user_id", "author", "text"), Fields())
    >>> [get({"user_id": 42, "author": "jan", "text": "wiet"}) for get in getters["sender_id"]]
    [42, 'jan']
    """
    return {field: [_getter(way) for way in ways] for field, ways in _ways_of(columns, fields).items()}


def _ways_of(columns: tuple[str, ...], fields: Fields) -> dict[str, list[_Way]]:
    """Return the ways to each field in rows with such columns, the likeliest first."""
    names, given = _tables()["names"], asdict(fields)
    ways = {
        field: _ways([given[field]] if given.get(field) else known, columns) for field, known in names.items()
    }
    for field in ("sender", "chat"):
        if given[field]:
            ways[f"{field}_id"] = []
    likeliest = ways["text"][:1]
    if_empty = [name for way in likeliest for name in _tables()["text_when_empty"].get(_plain(way.name), [])]
    ways["text"] = likeliest + _ways(if_empty, columns)
    return ways


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
    ways = _ways_of(columns, fields)
    found = {
        "text": ways["text"],
        "date": ways["date"],
        "sender": ways["sender_id"] + ways["sender"],
        "chat": ways["chat_id"] + ways["chat"],
    }
    return {field: list(dict.fromkeys(way.head for way in of_field)) for field, of_field in found.items()}


class _Way(NamedTuple):
    """A name, the column in which it is or begins, and the steps on from there."""

    name: str
    head: str
    path: tuple[str, ...] = ()


def _ways(names: Iterable[str], columns: tuple[str, ...]) -> list[_Way]:
    """Return the ways to the names that are among the columns or lead into one."""
    by_name = _by_lower(columns)
    found = []
    for name in names:
        if _plain(name) in by_name:
            found.append(_Way(name, by_name[_plain(name)]))
            continue
        head, *steps = name.split(".")
        if steps and _plain(head) in by_name:
            found.append(_Way(name, by_name[_plain(head)], tuple(steps)))
    return found


def _getter(way: _Way) -> Getter:
    """Return what finds a value; numbers of users and of channels are kept apart, as by Telegram."""
    if way.name == "from_id":
        return lambda row: None if isinstance(row[way.head], dict) else bare_id(row[way.head])
    if way.name == "from_id.channel_id":
        return lambda row: _channel_id(_value_at(row, way))
    return partial(_value_at, way=way) if way.path else itemgetter(way.head)


def _value_at(row: Row, way: _Way) -> Any:
    value = row[way.head]
    for step in way.path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


_USER = re.compile("user([0-9]+)")


def bare_id(sender_id: Any) -> Any:
    """Return 42 for the "user42" of Telegram Desktop: what all other tools call that account.

    A channel that posts stays "channel42": another account may have its number.
    """
    found = _USER.fullmatch(sender_id) if isinstance(sender_id, str) else None
    return found[1] if found else sender_id


def _channel_id(number: Any) -> str | None:
    """Return what Telegram Desktop calls a channel that posts."""
    name = name_of(number)
    return f"channel{name}" if name else None


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
