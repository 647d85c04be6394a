"""Tables of messages: JSON Lines, JSON lists, CSV, Parquet. A row is one message."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import ijson
import orjson

from drugscan.errors import InputError
from drugscan.read.columns import Fields, check_columns
from drugscan.read.json_values import (
    MAX_DEPTH,
    NO_OBJECT,
    TOO_DEEP,
    RowOrReason,
    cut_off,
    read_events,
    read_rows,
)
from drugscan.read.shapes import WINDOWS_1252, find_delimiter
from drugscan.read.streams import as_file
from drugscan.records import Row

MAX_ROW_BYTES = 1 << 24
"""A longer line or cell is no message, and is not held in memory (an item of a JSON list is)."""

_TOO_LONG = f"is longer than {MAX_ROW_BYTES >> 20} MiB"
_CHUNK_BYTES = 1 << 22


@dataclass(slots=True)
class Rows:
    """Rows with their numbers, and number and reason of each that could not be read."""

    numbers: Sequence[int]
    rows: list[Row]
    bad: list[tuple[int, str]]

    def __len__(self) -> int:
        """Return how many there are of both."""
        return len(self.rows) + len(self.bad)


def part_from_bad(numbered: Iterable[tuple[int, RowOrReason]]) -> Rows:
    """Return rows apart from what could not be read.

    Examples
    --------
    >>> part_from_bad([(1, {"text": "wiet"}), (2, "is no JSON")])
    Rows(numbers=[1], rows=[{'text': 'wiet'}], bad=[(2, 'is no JSON')])
    """
    numbers, rows, bad = [], [], []
    for number, row in numbered:
        if isinstance(row, str):
            bad.append((number, row))
        else:
            numbers.append(number)
            rows.append(row)
    return Rows(numbers, rows, bad)


def read_json_lines(stream: io.BufferedReader) -> Iterator[Rows]:
    """Yield the rows of as many lines as have come, so that a pipe flows."""
    n_read = 0
    for lines in _line_batches(stream):
        numbers = range(n_read + 1, n_read + 1 + len(lines))
        n_read += len(lines)
        rows = _read_lines(lines)
        if rows is not None:
            yield Rows(numbers, rows, [])
        else:
            yield part_from_bad(
                (number, _read_line(line))
                for number, line in zip(numbers, lines, strict=True)
                if line.strip()
            )


def _read_lines(lines: list[bytes]) -> list[Row] | None:
    """Return the rows in lines, in a quick way; None if some lines call for another one."""
    try:
        rows = list(map(orjson.loads, lines))
    except orjson.JSONDecodeError:
        return None
    # It takes two brackets a level, so that an ordinary line is too short to be looked at.
    suspects = [
        row
        for line, row in zip(lines, rows, strict=True)
        if len(line) > 2 * MAX_DEPTH and line.count(b"{") + line.count(b"[") > MAX_DEPTH
    ]
    is_plain = set(map(type, rows)) == {dict} and max(map(len, lines)) <= MAX_ROW_BYTES
    return rows if is_plain and not any(map(_is_too_deep, suspects)) else None


def _read_line(line: bytes) -> RowOrReason:
    if len(line) > MAX_ROW_BYTES:
        return _TOO_LONG
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _read_odd_json(line)
    return _checked(row)


def _read_odd_json(line: bytes) -> RowOrReason:
    """Read what the standard library takes beyond orjson (half emoji, NaN), or say what is wrong."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "is not valid UTF-8"
    except RecursionError:
        return TOO_DEEP
    except ValueError:
        return "is no JSON"
    return _checked(row)


def _checked(row: Any) -> RowOrReason:
    if not isinstance(row, dict):
        return NO_OBJECT
    return TOO_DEEP if _is_too_deep(row) else row


def _is_too_deep(row: Row) -> bool:
    level: list[Any] = [row]
    for _ in range(MAX_DEPTH):
        level = [
            value
            for outer in level
            for value in (outer.values() if outer.__class__ is dict else outer)
            if value.__class__ is dict or value.__class__ is list
        ]
        if not level:
            return False
    return True


def _line_batches(stream: io.BufferedReader) -> Iterator[list[bytes]]:
    """Yield the whole lines of each piece that comes; of a line that is too long, its beginning."""
    begun: list[bytes] = []
    begun_bytes = 0
    while piece := stream.read1(_CHUNK_BYTES):
        if begun_bytes > MAX_ROW_BYTES and b"\n" not in piece:
            continue
        lines = piece.split(b"\n")
        last = lines.pop()
        if lines:
            lines[0] = b"".join((*begun, lines[0]))
            yield lines
            begun, begun_bytes = [], 0
        begun.append(last)
        begun_bytes += len(last)
    if begun_bytes:
        yield [b"".join(begun)]


def read_json_list(stream: io.BufferedReader, *, where: str) -> Iterator[tuple[int, RowOrReason]]:
    """Yield the number and the row of each item of one JSON list, however long."""
    number = 0
    events = read_events(stream)
    try:
        if next(events)[0] != "start_array":
            raise ijson.JSONError("is no list")
        for number, row in enumerate(read_rows(events), start=1):
            yield number, row
        next(events, None)  # complains of what stands behind the list
    except ijson.JSONError as error:
        raise cut_off(error, number, where=where) from error


def read_csv(
    stream: io.BufferedReader, *, where: str, encoding: str | None = "utf-8"
) -> Iterator[tuple[int, RowOrReason]]:
    """Yield the number (after the header) and the row of each record of a CSV.

    The encoding is that of records that are no UTF-8, of which a file may hold both; without one the first
    record beyond ASCII decides.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    delimiter, n_before = find_delimiter(stream.peek(_CHUNK_BYTES))
    stream.read(n_before)
    read_as = encoding or WINDOWS_1252
    text = io.TextIOWrapper(stream, encoding=read_as, errors="surrogateescape", newline="")
    records = _csv_records(text, delimiter)
    first = next(records, [])
    if isinstance(first, str):
        raise InputError(f"its header {first}", where=where)
    header = unique_names(_as_utf8(first, read_as) or first)
    for number, cells in enumerate(records, start=1):
        if isinstance(cells, str):
            yield number, cells
        elif len(cells) != len(header):
            yield number, f"has {len(cells)} cells, the header has {len(header)}"
        elif (decoded := _as_utf8(cells, read_as)) is not None:
            if encoding is None and not all(map(str.isascii, cells)):
                encoding = "utf-8"
            yield number, dict(zip(header, decoded, strict=True))
        else:
            encoding = encoding or WINDOWS_1252
            if encoding == "utf-8":
                yield number, "is not valid UTF-8"
            elif _is_damaged(cells):
                yield number, "is not valid Windows-1252"
            else:
                yield number, dict(zip(header, cells, strict=True))
    text.detach()


def _csv_records(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str] | str]:
    """Yield the cells of each record that has any, or why it could not be read."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLongError, csv.Error) as error:
            yield from repeat(_csv_reason(error), lines.reject())
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        lines.taken.clear()
        if cells:
            yield cells


def _csv_reason(error: Exception) -> str:
    if isinstance(error, _TooLongError):
        return _TOO_LONG
    return "is cut off within a quoted cell" if "end of data" in str(error) else f"is no CSV ({error})"


class _TooLongError(Exception):
    """A line or a record is too long."""


_LONG_LINE = "\0"  # which no line holds


class _Lines:
    """The lines of a text, and which of them are of the record that is being read.

    A quotation mark that nobody closed makes one record of many lines. Of what is no record only the first
    line is rejected, and the others are read again: but no more than the text is long, and a little, or
    hostile lines would take time without end.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.taken: list[str] = []  # to be cleared behind each record
        self._again: list[str] = []  # the next one last
        self._readline = text.readline
        self._n_allowed = 2 * MAX_ROW_BYTES

    def __iter__(self) -> Iterator[str]:
        """Yield those that are left, up to an error."""
        taken, again, n_characters = self.taken, self._again, 0
        while line := again.pop() if again else self._read():
            if not taken:
                self._n_allowed += n_characters
                n_characters = 0
            taken.append(line)
            n_characters += len(line)
            if n_characters > MAX_ROW_BYTES or line is _LONG_LINE:
                raise _TooLongError
            yield line

    def reject(self) -> int:
        """Be done with the first line of what is no record; return how many lines are lost by that."""
        again = self.taken[1:]
        n_characters = sum(map(len, again))
        if n_characters > self._n_allowed:
            again, n_characters = [], 0
        n_lost = len(self.taken) - len(again)
        self._n_allowed -= n_characters
        self._again += reversed(again)
        self.taken.clear()
        return n_lost

    def _read(self) -> str:
        line = piece = self._readline(MAX_ROW_BYTES)
        if len(line) < MAX_ROW_BYTES:
            return line.replace("\0", "\ufffd")
        while len(piece) == MAX_ROW_BYTES:
            piece = self._readline(MAX_ROW_BYTES)
        return _LONG_LINE


def unique_names(names: list[str]) -> list[str]:
    """Return names of columns with a number behind each that was there before, or rows would lose a cell.

    Examples
    --------
    >>> unique_names(["id", "text", "text", "text_2", "text"])
    ['id', 'text', 'text_3', 'text_2', 'text_4']
    """
    taken = set(names)
    if len(taken) == len(names):
        return names
    numbers: Counter[str] = Counter()
    unique = []
    for name in names:
        numbers[name] += 1
        found = name
        while numbers[name] > 1 and (found := f"{name}_{numbers[name]}") in taken:
            numbers[name] += 1
        taken.add(found)
        unique.append(found)
    return unique


def _as_utf8(cells: list[str], read_as: str) -> list[str] | None:
    """Return cells that were read in some encoding as the UTF-8 that they are; None if they are none."""
    if read_as == "utf-8":
        return None if _is_damaged(cells) else cells
    if "".join(cells).isascii():
        return cells
    try:
        return [cell.encode(read_as, "surrogateescape").decode("utf-8") for cell in cells]
    except UnicodeError:
        return None


def _is_damaged(cells: list[str]) -> bool:
    """Tell whether cells hold bytes that are none of the encoding they were read in."""
    try:
        "".join(cells).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def read_parquet(
    stream: io.BufferedReader, *, where: str, fields: Fields
) -> Iterator[tuple[int, RowOrReason]]:
    """Yield the number and the row of each record of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    with as_file(stream, where=where) as seekable:
        try:
            file = parquet.ParquetFile(seekable)
            columns = unique_names(file.schema_arrow.names)
            check_columns(columns, fields, where=where)
            yield from enumerate(_parquet_rows(file.iter_batches(batch_size=10_000), columns), start=1)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:  # the latter of a name
            reason = str(error).splitlines()[0]
            raise InputError(f"is a damaged Parquet file ({reason})", where=where) from error


def _parquet_rows(batches: Iterable[Any], columns: list[str]) -> Iterator[RowOrReason]:
    from pyarrow import RecordBatch

    for batch in batches:
        named = RecordBatch.from_arrays(batch.columns, names=columns)
        try:
            yield from named.to_pylist()
        except (OverflowError, ValueError):  # a moment that Python does not reach, or what is no UTF-8
            yield from map(_parquet_row, repeat(columns), zip(*batch.columns, strict=True))


def _parquet_row(columns: list[str], cells: Iterable[Any]) -> RowOrReason:
    try:
        return dict(zip(columns, map(_cell, cells), strict=True))
    except UnicodeDecodeError:
        return "is not valid UTF-8"


def _cell(cell: Any) -> Any:
    """Return a value; a moment that Python does not reach, as Arrow writes it."""
    from pyarrow import ArrowException, string

    try:
        return cell.as_py()
    except UnicodeDecodeError:
        raise
    except (OverflowError, ValueError):
        pass
    with suppress(ArrowException):
        return cell.cast(string()).as_py()
    return None
