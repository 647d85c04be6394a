"""Exporting: from a results folder to a file, with people protected."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from drugscan.analysis import Results, adds_up, definition, open_results, questions, suppress_small
from drugscan.errors import SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.formats import FORMATS
from drugscan.exporting.graph import write_gexf
from drugscan.exporting.plain_files import write_csv, write_geojson, write_parquet
from drugscan.exporting.spreadsheet import write_xlsx
from drugscan.exporting.sqlite_file import write_sqlite
from drugscan.write import whole_file, whole_path

_SUFFIXES = {f".{name}": name for name in FORMATS} | {".db": "sqlite", ".sqlite3": "sqlite"}
_OF_SEVERAL = {"xlsx", "sqlite"}
NESTED_FORMATS = frozenset({"parquet", "geojson"})
"""The formats that hold lists and records; others get them as JSON text."""
_PROTECTED = "Accounts, chats, contacts and identities of messages and texts are pseudonyms."
_IDENTITIES = "Shows identities: accounts, chats, contacts and texts as they are."


def export(
    results: str | os.PathLike[str],
    names: Sequence[str],
    output: str | os.PathLike[str],
    *,
    output_format: str | None = None,
    excel: bool = False,
    min_count: int = 0,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
    force: bool = False,
) -> list[str]:
    """Write tables and answers of a results folder to a file.

    Parameters
    ----------
    results : path
        A folder that ``drugscan scan`` wrote.
    names : sequence of str
        Of :func:`drugscan.analysis.tables` and :func:`drugscan.analysis.questions`; several for xlsx and
        sqlite only.
    output : path
        A file, or ``-`` for standard output.
    output_format : str, optional
        One of :data:`drugscan.exporting.formats.FORMATS`; without it the file's suffix says, and standard
        output is CSV.
    excel : bool, default False
        CSV with a byte order mark, semicolons and decimal commas.
    min_count : int, default 0
        Leave out rows of answers that rest on fewer accounts, see
        :func:`drugscan.analysis.suppress_small`.
    key_file, identities
        As for :func:`drugscan.analysis.open_results`.
    force : bool, default False
        Replace a file that exists.

    Returns
    -------
    list of str
        A note for each name: whether identities are shown, how many rows were left out.

    Raises
    ------
    InputError
        If there is no results folder.
    OutputError
        If the file cannot be written.
    SettingsError
        If a name, format or combination makes no sense.
    """
    chosen = choose_format(output, output_format, excel=excel, n_answers=len(names))
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{name} is named twice", hint="name it once")
    with open_results(results, key_file=key_file, identities=identities) as opened:
        answers = [
            _answer(opened, name, min_count=min_count, flat=chosen not in NESTED_FORMATS) for name in names
        ]
        write_answers(output, answers, output_format=chosen, excel=excel, force=force)
        return [answer.note for answer in answers]


def choose_format(
    output: str | os.PathLike[str], output_format: str | None, *, excel: bool, n_answers: int
) -> str:
    """Return the format of an output; raises SettingsError if it cannot be."""
    suffix = Path(output).suffix.lower()
    chosen = output_format or _SUFFIXES.get(suffix) or ("csv" if str(output) == "-" else "")
    if chosen not in FORMATS:
        raise SettingsError(
            f"no format is called {chosen or suffix!r}" if chosen or suffix else "the name tells no format",
            hint=f"choose from {', '.join(FORMATS)} with --format",
        )
    if n_answers != 1 and chosen not in _OF_SEVERAL:
        raise SettingsError(
            f"{chosen} holds one table", hint=f"name one, or use {' or '.join(sorted(_OF_SEVERAL))}"
        )
    if excel and chosen != "csv":
        raise SettingsError("is for csv", where="--excel")
    if chosen == "sqlite" and str(output) == "-":
        raise SettingsError("sqlite cannot go to standard output", hint="name a file with -o")
    return chosen


def write_answers(
    output: str | os.PathLike[str],
    answers: Sequence[Answer],
    *,
    output_format: str,
    excel: bool = False,
    force: bool = False,
) -> None:
    """Write answers in a format; the file is whole or not there."""
    if output_format == "sqlite":
        with whole_path(os.fspath(output), force=force) as path:
            write_sqlite(path, answers)
        return
    writers: dict[str, Callable[[IO[bytes], Sequence[Answer]], None]] = {
        "csv": partial(write_csv, excel=excel),
        "xlsx": write_xlsx,
        "parquet": write_parquet,
        "geojson": write_geojson,
        "gexf": write_gexf,
    }
    with _opened(output, force=force) as file:
        writers[output_format](file, answers)


@contextmanager
def _opened(output: str | os.PathLike[str], *, force: bool) -> Iterator[IO[bytes]]:
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with whole_file(os.fspath(output), force=force) as file:
        yield file


def _answer(results: Results, name: str, *, min_count: int, flat: bool) -> Answer:
    if not min_count:
        return Answer(
            name,
            definition(name),
            note_of(results),
            read=partial(results.stream, name, flat=flat),
            count=partial(results.count, name),
        )
    if name not in questions():
        raise SettingsError(
            f"{name} lists things one by one", where="--min-count", hint="it is for answers that count"
        )
    whole = results.stream(name, flat=flat).read_all()
    kept, n_left_out = suppress_small(whole, min_count=min_count, adds_up=adds_up(name))
    left_out = f"{n_left_out:,} rows that rest on fewer than {min_count} are left out."
    note = f"{note_of(results)} {left_out}"
    return Answer(name, definition(name), note, read=kept.to_reader, count=lambda: kept.num_rows)


def note_of(results: Results) -> str:
    """Return what a reader of an answer must know about identities."""
    return _IDENTITIES if results.pseudonyms is None else _PROTECTED
