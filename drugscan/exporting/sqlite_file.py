"""SQLite: a table an answer, with keys, indexes and views, as Datasette likes it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import check_columns, values
from drugscan.toml_files import read_toml

if TYPE_CHECKING:
    import pyarrow


_PRAGMAS = """
pragma page_size = 16384;
pragma journal_mode = off;
pragma synchronous = off;
"""
"""The file is thrown away if anything goes wrong; larger pages take a seventh less time to fill."""


_MAX_COLUMNS = 2_000  # as SQLite is built everywhere
_NO_ROOM = {"database or disk is full": errno.ENOSPC, "disk I/O error": errno.EFBIG}
"""What SQLite says of a full disk, and of a file that may not grow."""


def write_sqlite(path: Path, answers: Sequence[Answer]) -> None:
    """Write a database file; lists in it are JSON, dates ISO 8601.

    Beside the answers it has a table ``about``: what each counts, and what a reader must know.

    Raises
    ------
    SettingsError
        If an answer has more columns than a table.
    OSError
        If the disk is full.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_PRAGMAS)
        for answer in answers:
            _write_table(connection, answer, exported={other.name for other in answers})
        _write_about(connection, answers)
        _write_views(connection, {answer.name for answer in answers})
        connection.commit()
    except sqlite3.OperationalError as error:
        if str(error) not in _NO_ROOM:
            raise
        raise OSError(_NO_ROOM[str(error)], str(error)) from error
    finally:
        connection.close()


@cache
def _settings() -> dict[str, Any]:
    return read_toml("drugscan.exporting", "sqlite_file.toml")


def _write_table(connection: sqlite3.Connection, answer: Answer, *, exported: set[str]) -> None:
    reader = answer.read()
    fields = list(reader.schema)
    check_columns(reader.schema, _MAX_COLUMNS, "a table of SQLite")
    key = _settings()["primary_keys"].get(answer.name)
    columns = [_declare(field, key=key, table=answer.name, exported=exported) for field in fields]
    connection.execute(f'create table "{answer.name}" ({", ".join(columns)})')
    marks = ", ".join("?" * len(fields))
    for batch in reader:
        columns_of = [_storable(column) for column in batch.columns]
        connection.executemany(f'insert into "{answer.name}" values ({marks})', zip(*columns_of, strict=True))
    for name in _settings()["indexes"]["columns"]:
        if name != key and name in reader.schema.names:
            connection.execute(f'create index "{answer.name}_{name}" on "{answer.name}" ("{name}")')


def _declare(field: pyarrow.Field, *, key: str | None, table: str, exported: set[str]) -> str:
    """Return a column with its type, and what it refers to."""
    import pyarrow

    kinds = pyarrow.types
    if kinds.is_integer(field.type) or kinds.is_boolean(field.type):
        kind = "integer"
    elif kinds.is_decimal(field.type):
        kind = "numeric"
    else:
        kind = "real" if kinds.is_floating(field.type) else "text"
    declared = f"{_quoted(field.name)} {kind}"
    if field.name == key:
        return f"{declared} primary key"
    other = _settings()["references"].get(field.name)
    if other in exported and other != table:
        declared += f' references "{other}" ("{_settings()["primary_keys"][other]}")'
    return declared


def _storable(column: pyarrow.Array) -> list[Any]:
    """Return a column as SQLite stores it: dates and times as text."""
    import pyarrow
    import pyarrow.compute as pc

    if pyarrow.types.is_timestamp(column.type):
        # Without a zone, as they are in UTC: in a quarter of the time.
        in_seconds = column.cast(pyarrow.timestamp("s", "UTC"), safe=False)
        written = in_seconds.cast(pyarrow.timestamp("s")).cast(pyarrow.string())
        with_t = pc.replace_substring(written, " ", "T", max_replacements=1)
        return list(pc.binary_join_element_wise(with_t, "Z", "").to_pylist())
    if pyarrow.types.is_date(column.type):
        return list(column.cast(pyarrow.string()).to_pylist())
    return values(column)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write_about(connection: sqlite3.Connection, answers: Sequence[Answer]) -> None:
    connection.execute("create table about (name text primary key, definition text, note text)")
    rows = [(answer.name, answer.definition, answer.note) for answer in answers]
    connection.executemany("insert into about values (?, ?, ?)", rows)


def _write_views(connection: sqlite3.Connection, exported: set[str]) -> None:
    for name, view in _settings()["views"].items():
        if exported >= set(view["needs"]):
            connection.execute(f"create view {name} as {view['sql']}")
