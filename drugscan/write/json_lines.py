"""A row as a line of JSON."""

from __future__ import annotations

import json

import orjson

from drugscan.records import Row


def to_json_line(row: Row) -> bytes:
    r"""Return a row as a line of JSON in UTF-8, whatever strings it holds.

    Examples
    --------
    >>> to_json_line({"text": "é", "n": 1}), to_json_line({"text": "\ud800"})
    (b'{"text":"\xc3\xa9","n":1}\n', b'{"text":"\\ud800"}\n')
    """
    try:
        return orjson.dumps(row, default=_as_json, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
    except TypeError:  # lone surrogates and very large integers, which only plain ASCII can hold
        return json.dumps(row, default=_as_json, separators=(",", ":")).encode() + b"\n"


def _as_json(value: object) -> str:
    """Return what JSON has no type for as text, such as bytes, which old programs keep texts in."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
