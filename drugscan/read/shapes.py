"""What shape a stream has, found from its first bytes."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from typing import NamedTuple

import ijson
import orjson

from drugscan.errors import InputError
from drugscan.read.columns import Fields, check_columns, program_of
from drugscan.read.json_values import is_cut_off, read_events, read_rows

INPUT_FORMATS = (
    "jsonl",
    "json",
    "csv",
    "parquet",
    "telegram-json",
    "telegram-html",
    "tgdataset",
    "tg-archive",
)
"""Formats of input that can be named instead of found."""

TABLE_FORMATS = frozenset(("jsonl", "json", "csv", "parquet"))
"""Those that are rows with columns of any names, not exports of known fields."""

_NAMES = {
    "jsonl": "JSON Lines",
    "json": "JSON list",
    "csv": "CSV",
    "parquet": "Parquet",
    "telegram-json": "Telegram Desktop JSON export",
    "telegram-html": "Telegram Desktop HTML export",
    "tgdataset": "TGDataset JSON",
    "tg-archive": "tg-archive SQLite",
}
WINDOWS_1252 = "cp1252"
_HEAD_BYTES = 1 << 18
_N_LINES = 100
_MAX_BINARY_SHARE = 0.05
_DELIMITERS = ",;\t|"
_EXCEL_LINE = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_HEADER = re.compile(rb'(?:(?<![^,;\t|])"(?:[^"]+|"")*(?:"|$)|[^"\r\n]+|")*')
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"  # what is in them may be text
_QUOTED = re.compile('"(?:[^"]|"")*(?:"|$)')
_ACCOUNT_KEYS = frozenset(
    ("about", "personal_information", "profile_pictures", "contacts", "frequent_contacts", "sessions")
)
"""What stands before ``chats`` in an export of a whole account, at any length."""
_ASCII = bytes(range(128))
_LONGEST_CHARACTER_BYTES = 4
_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"  # beyond ASCII
)


class Shape(NamedTuple):
    """What a source is: its format, the program that wrote it if that shows, and how rows are read.

    The encoding is that of rows that are no UTF-8; None if the first ones are ASCII and do not tell.
    """

    input_format: str
    program: str = ""
    encoding: str | None = "utf-8"

    def __str__(self) -> str:
        """Return it as people say it."""
        name = _NAMES[self.input_format] + (" in Windows-1252" if self.encoding == WINDOWS_1252 else "")
        return f"{name} ({self.program})" if self.program else name


def find_shape(
    stream: io.BufferedReader, *, where: str, fields: Fields, input_format: str | None = None
) -> Shape:
    """Return the shape of a stream without taking anything from it.

    Raises
    ------
    InputError
        If it is nothing that can be read, or no column holds the text.
    """
    head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    found = input_format or _format_of(head, where)
    if found in ("jsonl", "json", "csv"):
        columns = _columns(head, found)
        if columns:
            check_columns(columns, fields, where=where, are_all=found == "csv")
        return Shape(found, program_of(columns), _encoding_of(head) if found == "csv" else "utf-8")
    return Shape(found)


def _format_of(head: bytes, where: str) -> str:
    if head.startswith(b"SQLite format 3\0"):
        return "tg-archive"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_ZIP):
        raise InputError("is a zip or an Excel file", where=where, hint="unpack it, or save it as CSV")
    if _is_binary(head) or head.startswith(_PDF):
        raise InputError(
            "is a binary file of no known kind", where=where, hint="give an export, JSON, CSV or Parquet"
        )
    start = head.lstrip()[:1]
    if start == b"{":
        return _object_format(head, where)
    if _is_mostly_objects(head):
        return "jsonl"
    if start == b"<":
        if b'class="message' in head or b"page_wrap" in head or b"tgme" in head:
            return "telegram-html"
        raise InputError("is an HTML page, but no Telegram export", where=where)
    return "json" if start == b"[" else "csv"


def _encoding_of(head: bytes) -> str | None:
    """Tell whether rows that are no UTF-8 are in what Excel in Western Europe writes, or damaged.

    They are damaged among more characters that are UTF-8.
    """
    whole = head[:-_LONGEST_CHARACTER_BYTES] if len(head) == _HEAD_BYTES else head
    if whole.isascii():
        return None
    others, n_utf8 = _UTF8_CHARACTER.subn(b"", whole)
    return WINDOWS_1252 if len(others.translate(None, _ASCII)) > n_utf8 else "utf-8"


def _is_mostly_objects(head: bytes) -> bool:
    """Tell whether half of the first lines or more are JSON objects; others are bad rows among them."""
    lines = [line for line in head.split(b"\n")[:_N_LINES] if line.strip()]
    return 2 * sum(_line_object(line) is not None for line in lines) >= len(lines) > 0


def _is_binary(head: bytes) -> bool:
    text = head.decode("utf-8", "replace")
    odd = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f") + text.count(
        "\ufffd"
    )
    return odd > _MAX_BINARY_SHARE * len(text) and odd > 8


def _line_object(line: bytes) -> dict[str, object] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _object_format(head: bytes, where: str) -> str:
    """Tell an export, which is one large object, from rows, which are many small ones."""
    depth = 0
    keys: dict[int, str] = {}
    own_keys = set()
    try:
        for event, value in ijson.basic_parse(io.BytesIO(head), multiple_values=True, use_float=True):
            if event == "map_key":
                keys[depth] = value
                if depth == 1:
                    own_keys.add(value)
            elif event in ("start_map", "start_array"):
                if depth == 1 and keys[1] == "messages" and event == "start_array":
                    return "telegram-json"
                if depth == 1 and keys[1] in ("chats", "left_chats") and event == "start_map":
                    return "telegram-json"
                if depth == 2 and keys.get(2) == "text_messages" and event == "start_map":
                    return "tgdataset"
                depth += 1
            elif event in ("end_map", "end_array"):
                depth -= 1
                if not depth:
                    break
    except (ijson.JSONError, UnicodeDecodeError):  # half an emoji
        pass  # the head ends in the middle
    if depth and len(own_keys & _ACCOUNT_KEYS) > 1:
        return "telegram-json"
    if not _goes_on_behind_its_line(head) or _is_mostly_objects(head):
        return "jsonl"
    raise InputError(
        "begins with a JSON object of several lines, and is no export of a known kind",
        where=where,
        hint="write each message on a line of its own (jq -c .)",
    )


def _goes_on_behind_its_line(head: bytes) -> bool:
    """Tell whether the first line is the beginning of a document, and another line follows."""
    line, _, rest = head.lstrip().partition(b"\n")
    try:
        for _event in ijson.basic_parse(io.BytesIO(line), multiple_values=True, use_float=True):
            pass
    except (ijson.JSONError, UnicodeDecodeError) as error:
        return is_cut_off(error) and bool(rest.strip())
    return False


def _columns(head: bytes, input_format: str) -> list[str]:
    """Return the columns of the rows that the head shows; none if it shows no whole row."""
    if input_format == "csv":
        delimiter, n_before = find_delimiter(head)
        lines = io.StringIO(_header(head[n_before:]), newline="")
        with suppress(csv.Error):  # which reading will tell
            return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
        return []
    columns: dict[str, None] = {}
    if input_format == "jsonl":
        for line in head.split(b"\n")[:_N_LINES]:
            columns |= dict.fromkeys(_line_object(line) or {})
    else:
        try:
            events = read_events(io.BytesIO(head))
            next(events)
            for row in read_rows(events):
                columns |= dict.fromkeys(row if isinstance(row, dict) else {})
        except ijson.JSONError:
            pass  # the head ends in the middle of a row
    return list(columns)


def find_delimiter(head: bytes) -> tuple[str, int]:
    """Return what parts the columns, and how many bytes stand before the header.

    Those are a line in which Excel says what parts them; else it is what the header holds most of.
    """
    said = _EXCEL_LINE.match(head)
    if said:
        return said[1].decode(), said.end()
    return max(_DELIMITERS, key=_QUOTED.sub("", _header(head)).count), 0


def _header(head: bytes) -> str:
    """Return the first line that is not empty, and more of them while a cell of it is within quotes."""
    found = _HEADER.match(head.lstrip(b"\r\n"))
    return found[0].decode("utf-8", "replace") if found else ""
