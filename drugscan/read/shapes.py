"""What shape a stream has, found from its first bytes."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

import ijson
import orjson

from drugscan.errors import InputError, NoMessagesError
from drugscan.read.columns import Fields, check_columns, is_service, program_of
from drugscan.read.json_values import is_cut_off, read_events, read_rows
from drugscan.records import Row

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
_BEGINNINGS = {
    "json": b"[",
    "parquet": b"PAR1",
    "telegram-json": b"{",
    "telegram-html": b"<",
    "tgdataset": b"{",
    "tg-archive": b"SQLite format 3\0",
}
"""What files of a format begin with, but for white space."""
_OBJECTS = frozenset(("telegram-json", "tgdataset"))
_DOCUMENTS = _OBJECTS | {"json"}
WINDOWS_1252 = "cp1252"
_HEAD_BYTES = 1 << 18
_N_LINES = 100
_MAX_BINARY_SHARE = 0.05
_DELIMITERS = ",;\t|"
_EXCEL_LINE = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_HEADER = re.compile(rb'(?:(?<![^,;\t|])"(?:[^"]+|"")*(?:"|$)|[^"\r\n]+|")*')
_KNOWN_KINDS = (
    (b"PK\x03\x04", "a zip or an Excel file", "unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "a file of an old Excel or Word", "save it as CSV"),
    (b"%PDF-", "a PDF", ""),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
)  # what is in some may be text
_GIVE = "give a Telegram export, JSON, JSON Lines, CSV, Parquet or a tg-archive"
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
    NoMessagesError
        If it is nothing that can be read, or no column holds the text.
    InputError
        If it is not of the format that is given, or a column is missing that a user named.
    """
    head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    found = input_format or _format_of(head, where)
    seems = found if input_format is None else _format_or_none(head)
    if input_format is not None and _is_other(input_format, seems, head):
        raise _not_as_said(input_format, seems, where)
    if found not in ("jsonl", "json", "csv"):
        return Shape(found)
    rows = [] if found == "csv" else _first_rows(head, found)
    columns = _header_cells(head) if found == "csv" else list(dict.fromkeys(chain(*rows)))
    are_notices = bool(rows) and all(map(is_service, rows))  # which need no text; messages may follow
    if columns and not are_notices:
        try:
            check_columns(columns, fields, where=where, are_all=found == "csv")
        except InputError as error:
            raise _better_told(error, found, seems, head) from None
    return Shape(found, program_of(columns), _encoding_of(head) if found == "csv" else "utf-8")


def _is_other(said: str, seems: str | None, head: bytes) -> bool:
    """Tell whether a stream is not of the format that a user says, whatever comes behind its head."""
    if said == "jsonl":  # whose first line may be a bad row
        is_one_document = seems in _DOCUMENTS and not _first_rows(head, said)
        return head.count(b"\n") > 1 and (is_one_document or b"{" not in head)
    if said in _OBJECTS and seems != said:
        # An object of one line may be any of them, and show it later.
        return seems in _OBJECTS or (seems == "jsonl" and b"\n" in head.strip()) or not _begins(head, said)
    return not _begins(head, said)


def _begins(head: bytes, input_format: str) -> bool:
    return head.lstrip().startswith(_BEGINNINGS.get(input_format, b""))


def _not_as_said(said: str, seems: str | None, where: str) -> InputError:
    instead = f", but seems to be {_NAMES[seems]}" if seems not in (None, said) else ""
    return InputError(
        f"is no {_NAMES[said]}{instead}",
        where=where,
        hint="--input-format says it is: leave that out, or name other files",
    )


def _format_or_none(head: bytes) -> str | None:
    with suppress(InputError):
        return _format_of(head, "")
    return None


def _better_told(error: InputError, found: str, seems: str | None, head: bytes) -> InputError:
    """Return what is wrong with a table without a column for the text, if that is not its columns."""
    if seems != found:
        return _not_as_said(found, seems, error.where)
    if found == "csv" and isinstance(error, NoMessagesError) and _is_prose(head):
        begins = " ".join(_header(head).split())[:40]
        return NoMessagesError(
            f"seems to be plain text, which begins with {begins!r}",
            where=error.where,
            hint=f"{_GIVE}, or name the column with --text-field",
        )
    return error


def _is_prose(head: bytes) -> bool:
    """Tell whether what begins like a CSV has one column only, or no row like its header."""
    delimiter, n_before = find_delimiter(head)
    lines = head[n_before:].decode("utf-8", "replace").splitlines()[:_N_LINES]
    try:
        n_header, *n_rows = (len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells)
    except (csv.Error, ValueError):  # what is no CSV, or has no line
        return False
    return n_header == 1 or (bool(n_rows) and n_header not in n_rows)


def _format_of(head: bytes, where: str) -> str:
    if head.startswith(b"SQLite format 3\0"):
        return "tg-archive"
    if head.startswith(b"PAR1"):
        return "parquet"
    for beginning, kind, hint in _KNOWN_KINDS:
        if head.startswith(beginning):
            raise NoMessagesError(f"is {kind}", where=where, hint=hint or _GIVE)
    if _is_binary(head):
        raise NoMessagesError("is a binary file of no known kind", where=where, hint=_GIVE)
    start = head.lstrip()[:1]
    if start == b"{":
        return _object_format(head, where)
    if _is_mostly_objects(head):
        return "jsonl"
    if start == b"<":
        if b'class="message' in head or b"page_wrap" in head or b"tgme" in head:
            return "telegram-html"
        raise NoMessagesError("is an HTML page, but no Telegram export", where=where, hint=_GIVE)
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


def _line_object(line: bytes) -> Row | None:
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
    raise NoMessagesError(
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


def _header_cells(head: bytes) -> list[str]:
    """Return the columns of a CSV; none if the head shows no whole header."""
    delimiter, n_before = find_delimiter(head)
    lines = io.StringIO(_header(head[n_before:]), newline="")
    with suppress(csv.Error):  # which reading will tell
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    return []


def _first_rows(head: bytes, input_format: str) -> list[Row]:
    """Return the rows of JSON that the head shows as a whole."""
    if input_format == "jsonl":
        return list(filter(None, map(_line_object, head.split(b"\n")[:_N_LINES])))
    rows: list[Row] = []
    with suppress(ijson.JSONError):  # the head ends in the middle of a row
        events = read_events(io.BytesIO(head))
        next(events)
        for row in read_rows(events):
            if isinstance(row, dict):
                rows.append(row)  # noqa: PERF401  those before an error stay
    return rows


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
