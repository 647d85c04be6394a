"""Values of JSON documents of any size, one after the other, and which of them are rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import ijson

from drugscan.errors import InputError
from drugscan.records import Row

RowOrReason = Row | str
"""A row, or why it could not be read."""

MAX_DEPTH = 500
"""A row that is nested deeper is none: the standard library cannot write 1,000 levels again."""
TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"

NO_OBJECT = "is no JSON object"

Events = Iterator[tuple[str, Any]]

_STEPS = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_STARTS = frozenset(("start_map", "start_array"))


class _TooDeepError(Exception):
    """There is an object or list in more than MAX_DEPTH others; the events are within all of them."""


def read_events(stream: io.BufferedReader | io.BytesIO) -> Events:
    """Return the events of one document; more behind its end is an ``ijson.JSONError``.

    ``ijson.items`` is not for hostile documents: it notes the way to each value, which of 100,000 levels
    takes 25 GB.
    """
    return iter(ijson.basic_parse(stream, use_float=True))


def read_rows(events: Events) -> Iterator[RowOrReason]:
    """Yield the rows of the list that the events are in.

    Examples
    --------
    >>> events = read_events(io.BytesIO(b'[5, {"text": ["wiet"]}]'))
    >>> next(events), list(read_rows(events))
    (('start_array', None), ['is no JSON object', {'text': ['wiet']}])
    """
    for event, value in events:
        if event == "end_array":
            return
        yield read_row(events, event, value)


def read_row(events: Events, event: str, value: Any) -> RowOrReason:
    """Return the row that begins with this event."""
    try:
        row = _read_value(events, event, value)
    except _TooDeepError:
        _leave(events, MAX_DEPTH + 1)
        return TOO_DEEP
    return row if isinstance(row, dict) else NO_OBJECT


def pass_over(events: Events, event: str) -> None:
    """Read the value that begins with this event, and keep nothing of it."""
    _leave(events, _STEPS.get(event, 0))


def _leave(events: Events, n_open: int) -> None:
    """Read to the end of so many objects and lists that the events are in."""
    while n_open:
        n_open += _STEPS.get(next(events)[0], 0)


def _read_value(events: Events, event: str, value: Any, n_around: int = 0) -> Any:
    """Return the value that begins with this event, and stands within so many others."""
    if event not in _STARTS:
        return value
    if n_around == MAX_DEPTH:
        raise _TooDeepError
    if event == "start_map":
        fields: Row = {}
        for inner, key in events:
            if inner == "end_map":
                break
            kind, value = next(events)
            fields[key] = _read_value(events, kind, value, n_around + 1) if kind in _STARTS else value
        return fields
    items: list[Any] = []
    for kind, value in events:
        if kind == "end_array":
            break
        items.append(_read_value(events, kind, value, n_around + 1) if kind in _STARTS else value)
    return items


def cut_off(error: Exception, n_read: int, *, where: str) -> InputError:
    """Return what to say of a document that ends or breaks in the middle."""
    if is_cut_off(error):
        problem, hint = f"is cut off after {n_read} messages", "export or fetch the file again"
    else:
        reason = str(error).partition("\n")[0].rstrip(".")  # then a picture of the place
        problem = f"is damaged after {n_read} messages ({reason})"
        hint = "export it again, or save it as JSON Lines, where a bad row spoils no other"
    return InputError(problem, where=where, hint=hint)


def is_cut_off(error: Exception) -> bool:
    """Tell whether a document just ends too early, as ijson's backends say it."""
    return any(sign in str(error) for sign in ("premature EOF", "ncomplete"))
