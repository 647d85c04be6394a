"""Exports that are more than a table: a message's chat stands above it, not beside it.

A row of these is the message's own fields, with the common fields (text, date, chat, sender) under
the names that every table of drugscan uses.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import ijson

from drugscan.errors import InputError, NoMessagesError
from drugscan.read.columns import bare_id, name_of
from drugscan.read.dates import parse_date
from drugscan.read.json_values import (
    NO_OBJECT,
    Events,
    RowOrReason,
    cut_off,
    pass_over,
    read_events,
    read_row,
    read_rows,
)
from drugscan.read.streams import as_file
from drugscan.records import Row


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


def read_telegram_json(stream: io.BufferedReader, *, where: str) -> Iterator[RowOrReason]:
    """Yield the messages of an export of one chat or a whole account, a message at a time."""
    return _read_document(stream, _chat_messages, where=where)


def _read_document(
    stream: io.BufferedReader, read_object: Callable[[Events], Iterator[RowOrReason]], *, where: str
) -> Iterator[RowOrReason]:
    """Yield the messages of a document that is one object."""
    number = 0
    events = read_events(stream)
    try:
        if next(events)[0] != "start_map":
            raise ijson.JSONError("is no object")
        for row in read_object(events):
            number += 1
            yield row
        next(events, None)  # complains of what stands behind the object
    except (ijson.JSONError, RecursionError) as error:  # the latter of chats that hold chats without end
        raise cut_off(error, number, where=where) from error


def _chat_messages(events: Events) -> Iterator[RowOrReason]:
    """Yield the messages of the object that the events are in: a chat, or what holds chats."""
    chat: Row = {}
    for event, key in events:
        if event == "end_map":
            return
        kind, value = next(events)
        if key == "messages" and kind == "start_array":
            for own in read_rows(events):
                yield own if isinstance(own, str) else _telegram_row(own, chat)
        elif key in ("chats", "left_chats") and kind == "start_map":
            yield from _chat_list(events)
        else:
            chat[key] = value  # of what is no single value None
            pass_over(events, kind)


def _chat_list(events: Events) -> Iterator[RowOrReason]:
    for event, key in events:
        if event == "end_map":
            return
        kind, _ = next(events)
        if key == "list" and kind == "start_array":
            for item, single in events:
                if item == "end_array":
                    break
                if item == "start_map":
                    yield from _chat_messages(events)
                else:
                    yield read_row(events, item, single)
        else:
            pass_over(events, kind)


def _telegram_row(own: Row, chat: Row) -> Row:
    """Return a message's row; the text stays a mixed list here, to be judged like any other."""
    edited = parse_date(own.get("edited_unixtime"))
    if edited is not None:
        own["edited"] = edited.isoformat()  # of the same clock as the date
    return common_fields(
        own,
        date=parse_date(own.get("date_unixtime")) or parse_date(own.get("date")),
        chat=name_of(chat.get("name")),
        chat_id=name_of(chat.get("id")),
        message_id=name_of(own.get("id")),
        sender=name_of(own.get("from")),
        sender_id=bare_id(name_of(own.get("from_id"))),
    )


def _text_or_bytes(value: bytes) -> str | bytes:
    """Return a text, or the bytes of one that is no UTF-8: its row alone is set aside."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


# --- TGDataset ----------------------------------------------------------------------------------


def read_tgdataset(stream: io.BufferedReader, *, where: str) -> Iterator[RowOrReason]:
    """Yield the messages of a TGDataset file: an object of channels, one of them at a time."""
    return _read_document(stream, _dataset_messages, where=where)


def _dataset_messages(events: Events) -> Iterator[RowOrReason]:
    for event, channel_id in events:
        if event == "end_map":
            return
        yield from _channel_messages(channel_id, read_row(events, *next(events)))


def _channel_messages(channel_id: str, channel: RowOrReason) -> Iterator[RowOrReason]:
    if isinstance(channel, str):
        yield channel
        return
    messages = channel.get("text_messages") or {}
    if not isinstance(messages, dict):
        yield NO_OBJECT
        return
    for message_id, own in messages.items():
        yield (
            NO_OBJECT
            if not isinstance(own, dict)
            else common_fields(
                own,
                text=own.get("message"),
                date=parse_date(own.get("date")),
                chat=name_of(channel.get("username")) or name_of(channel.get("title")),
                chat_id=channel_id,
                message_id=message_id,
                sender_id=name_of(own.get("author")),
            )
        )


# --- tg-archive ---------------------------------------------------------------------------------

_ARCHIVE_QUERY = """
SELECT messages.*, users.username AS sender, users.first_name AS sender_first_name
FROM messages LEFT JOIN users ON users.id = messages.user_id ORDER BY messages.id
"""


def read_tg_archive(stream: io.BufferedReader, *, where: str) -> Iterator[Row]:
    """Yield the messages of a tg-archive database, with their users' names."""
    log = Path(f"{where}-wal")
    if log.is_file() and log.stat().st_size:
        raise InputError(
            f"does not have yet what stands in {log.name}",
            where=where,
            hint="close the program that writes it, or copy it with .backup of sqlite3",
        )
    with as_file(stream, where=where) as file:
        address = Path(file.name).absolute().as_uri()
        try:
            with closing(sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                connection.text_factory = _text_or_bytes
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
        except sqlite3.Error as error:
            kind = NoMessagesError if str(error).startswith("no such") else InputError  # table or column
            raise kind(f"is no tg-archive database ({error})", where=where) from error
