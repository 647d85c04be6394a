"""Exports that are more than a table: a message's chat stands above it, not beside it.

A row of these is the message's own fields, with the common fields (text, date, chat, sender) under
the names that every table of drugscan uses.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from typing import Any

import ijson

from drugscan.errors import InputError
from drugscan.read.columns import name_of
from drugscan.read.dates import parse_date
from drugscan.read.rows import Row, cut_off
from drugscan.read.streams import as_file

_MAX_DEPTH = 50
Events = Iterator[tuple[str, Any]]


def common_fields(row: Row, **fields: Any) -> Row:
    """Return the row with the common fields that are known set over its own."""
    date = fields.get("date")
    known = {name: value for name, value in fields.items() if value is not None}
    if date is not None:
        known["date"] = date.isoformat()
    # What reads as a second text, id or date would contradict these.
    return {name: value for name, value in row.items() if name not in _REPEATED} | known


_REPEATED = frozenset(("text_entities", "id", "from", "from_id", "date_unixtime"))


# --- Telegram Desktop, JSON ---------------------------------------------------------------------


def read_telegram_json(stream: io.BufferedReader, *, where: str) -> Iterator[Row]:
    """Yield the messages of an export of one chat or a whole account, a message at a time."""
    number = 0
    events: Events = iter(ijson.basic_parse(stream, use_float=True))
    try:
        for row in _chat_messages(events) if next(events)[0] == "start_map" else ():
            number += 1
            yield row
    except (ijson.JSONError, StopIteration, RecursionError) as error:
        raise cut_off(error, number, where=where) from error


def _chat_messages(events: Events) -> Iterator[Row]:
    """Yield the messages of the object that the events are in: a chat, or what holds chats."""
    chat: Row = {}
    for event, key in events:
        if event == "end_map":
            return
        kind, value = next(events)
        if key == "messages" and kind == "start_array":
            for item, _ in events:
                if item == "end_array":
                    break
                if item == "start_map":
                    yield _telegram_row(_read_value(events, item, None), chat)
        elif key in ("chats", "left_chats") and kind == "start_map":
            yield from _chat_list(events)
        else:
            chat[key] = _read_value(events, kind, value)


def _chat_list(events: Events) -> Iterator[Row]:
    for event, key in events:
        if event == "end_map":
            return
        kind, value = next(events)
        if key == "list" and kind == "start_array":
            for item, _ in events:
                if item == "end_array":
                    break
                if item == "start_map":
                    yield from _chat_messages(events)
        else:
            _read_value(events, kind, value)


def _read_value(events: Events, event: str, value: Any, depth: int = 0) -> Any:
    """Return the value that begins with this event."""
    if depth > _MAX_DEPTH:
        raise ijson.JSONError("nested too deeply")
    if event == "start_map":
        fields: Row = {}
        for inner, key in events:
            if inner == "end_map":
                return fields
            fields[key] = _read_value(events, *next(events), depth + 1)
    if event == "start_array":
        items: list[Any] = []
        for inner, item in events:
            if inner == "end_array":
                return items
            items.append(_read_value(events, inner, item, depth + 1))
    return value


def _telegram_row(own: Row, chat: Row) -> Row:
    """Return a message's row; the text stays a mixed list here, to be judged like any other."""
    return common_fields(
        own,
        date=parse_date(own.get("date_unixtime")) or parse_date(own.get("date")),
        chat=name_of(chat.get("name")),
        chat_id=name_of(chat.get("id")),
        message_id=name_of(own.get("id")),
        sender=name_of(own.get("from")),
        sender_id=name_of(own.get("from_id")),
    )


# --- TGDataset ----------------------------------------------------------------------------------


def read_tgdataset(stream: io.BufferedReader, *, where: str) -> Iterator[Row]:
    """Yield the messages of a TGDataset file: an object of channels, one of them at a time."""
    number = 0
    try:
        for channel_id, channel in ijson.kvitems(stream, "", use_float=True):
            messages = channel.get("text_messages") if isinstance(channel, dict) else None
            for message_id, own in (messages or {}).items():
                number += 1
                yield common_fields(
                    own,
                    text=own.get("message"),
                    date=parse_date(own.get("date")),
                    chat=name_of(channel.get("username")) or name_of(channel.get("title")),
                    chat_id=channel_id,
                    message_id=message_id,
                    sender_id=name_of(own.get("author")),
                )
    except (ijson.JSONError, AttributeError) as error:
        raise cut_off(error, number, where=where) from error


# --- tg-archive ---------------------------------------------------------------------------------

_ARCHIVE_QUERY = """
SELECT messages.*, users.username AS sender, users.first_name AS sender_first_name
FROM messages LEFT JOIN users ON users.id = messages.user_id ORDER BY messages.id
"""


def read_tg_archive(stream: io.BufferedReader, *, where: str) -> Iterator[Row]:
    """Yield the messages of a tg-archive database, with their users' names."""
    with as_file(stream) as path:
        try:
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
            connection.row_factory = sqlite3.Row
            for record in connection.execute(_ARCHIVE_QUERY):
                own = dict(record)
                yield common_fields(
                    own,
                    type="message" if own.get("type") == "message" else "service",
                    text=own.pop("content", None),
                    date=parse_date(own.get("date")),
                    message_id=name_of(own.get("id")),
                    sender_id=name_of(own.get("user_id")),
                    sender=own.get("sender") or own.get("sender_first_name"),
                )
            connection.close()
        except sqlite3.Error as error:
            raise InputError(f"is no tg-archive database ({error})", where=where) from error
