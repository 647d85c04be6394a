"""A results folder opened for questions: DuckDB over its Parquet files, within a bound of memory."""

from __future__ import annotations

import json
import os
import re
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from drugscan.analysis.core import make_core, read_names
from drugscan.analysis.database import connect, run_file
from drugscan.analysis.hiding import Hiding
from drugscan.analysis.questions import Question, load_question, questions, tables
from drugscan.analysis.select import check_select
from drugscan.errors import InputError, SettingsError
from drugscan.privacy.pseudonyms import Pseudonyms, load_key
from drugscan.records import COPY_HINT, SCHEMA_VERSION, check_parts

if TYPE_CHECKING:
    import duckdb
    import pyarrow

BATCH_ROWS = 50_000
"""How many rows a streamed answer has at a time."""

# Tables that are in the folder as they are; all others stand on what is counted first.
_OF_THE_FOLDER = {"messages", "texts"}

# What all formats hold; a number of 128 bits comes as a decimal.
_STORABLE = {
    *["boolean", "varchar", "date", "timestamp", "timestamp with time zone", "float", "double", "decimal"],
    *["tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint"],
}
_NESTED = {"list", "array", "struct", "map"}


_LONGEST_PROBLEM = 300
_RESUME_HINT = "go on with drugscan scan --resume"


def open_results(
    path: str | os.PathLike[str],
    *,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
) -> Results:
    """Open a results folder for questions.

    Parameters
    ----------
    path : path
        A folder that ``drugscan scan`` wrote.
    key_file : path, optional
        The key of the pseudonyms, see :func:`drugscan.privacy.pseudonyms.load_key`.
    identities : bool, default False
        Show accounts, chats, contacts and texts as they are, in place of pseudonyms.

    Returns
    -------
    Results
        To be closed, or used in a ``with`` block.

    Raises
    ------
    InputError
        If the folder is no results folder, or one of another version.
    SettingsError
        If the key cannot be used.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    return Results(folder, manifest, None if identities else Pseudonyms(load_key(key_file)))


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / "manifest.json"
    hint = "give a folder that drugscan scan wrote"
    unfinished = folder.parent / f"{folder.name}.unfinished"  # as drugscan scan calls it until then
    if not folder.exists() and unfinished.is_dir():
        raise InputError("is not finished", where=str(unfinished), hint=_RESUME_HINT)
    if not file.is_file():
        raise InputError("is no results folder", where=str(folder), hint=hint)
    try:
        manifest = json.loads(file.read_text("utf-8"))
        version = manifest["schema_version"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError("is no manifest of a results folder", where=str(file), hint=hint) from error
    if version != SCHEMA_VERSION:
        raise InputError(
            f"has version {version}, this drugscan reads version {SCHEMA_VERSION}",
            where=str(folder),
            hint="scan again, or use the drugscan that wrote it",
        )
    if not manifest.get("finished", True):
        raise InputError("is not finished", where=str(folder), hint=_RESUME_HINT)
    parts = manifest.get("parts", ())
    check_parts(folder, len(parts))
    if parts and not (folder / "ads.parquet").is_file():
        raise InputError("is missing", where=str(folder / "ads.parquet"), hint=COPY_HINT)
    return dict(manifest)


class Results:
    """The answers that a results folder gives; made by :func:`open_results`.

    Attributes
    ----------
    folder : Path
        The results folder.
    manifest : dict
        What ``manifest.json`` says.
    pseudonyms : Pseudonyms or None
        What stands in for identities; None where these are shown.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], pseudonyms: Pseudonyms | None) -> None:
        self.folder = folder
        self.manifest = manifest
        self.pseudonyms = pseudonyms
        self._hiding = None if pseudonyms is None else Hiding(pseudonyms)
        self._spill = tempfile.TemporaryDirectory(prefix="drugscan-")
        try:
            with _reading(folder):
                self._connection = connect(folder, self._hiding, spill=self._spill.name)
        except BaseException:
            self._spill.cleanup()
            raise
        self._has_names = False
        self._hides = False
        self._has_core = False
        self._views: set[str] = set()

    def __enter__(self) -> Results:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of files and memory."""
        self._connection.close()
        if self._hiding is not None:
            self._hiding.close()
        self._spill.cleanup()

    def ask(self, name: str, **parameters: int) -> pyarrow.Table:
        """Ask a question, or get a table.

        Parameters
        ----------
        name : str
            One of :func:`drugscan.analysis.questions` or :func:`drugscan.analysis.tables`.
        **parameters : int
            As the question's file names them.

        Returns
        -------
        pyarrow.Table
            The answer, in an order that is always the same.

        Raises
        ------
        SettingsError
            If there is no such question or parameter.
        """
        with _reading(self.folder):
            return self._relation(name, parameters).to_arrow_table()

    def stream(self, name: str, *, flat: bool = False) -> pyarrow.RecordBatchReader:
        """Ask as :meth:`ask` does, for an answer that may be larger than memory.

        Parameters
        ----------
        name : str
            As for :meth:`ask`.
        flat : bool, default False
            Give lists and records as JSON text. What few files hold, such as intervals, is text anyway.

        Raises
        ------
        InputError
            If the folder's files cannot be read, be it while the batches are fetched.
        """
        with _reading(self.folder):
            return _reader(_storable(self._relation(name, {}), flat=flat), self.folder)

    def count(self, name: str) -> int:
        """Return how many rows :meth:`stream` gives; no text is read for it."""
        with _reading(self.folder):
            if name in _OF_THE_FOLDER:
                return _n_rows(self._connection.sql(f"from raw.{name}"))
            return _n_rows(self._relation(name, {}))

    def select(self, sql: str, *, flat: bool = False) -> pyarrow.RecordBatchReader:
        """Run a SELECT of the user's own over the tables of :func:`drugscan.analysis.tables`.

        Parameters
        ----------
        sql : str
            One SELECT in DuckDB's SQL. It cannot read anything but these tables.
        flat : bool, default False
            As for :meth:`stream`.

        Raises
        ------
        SettingsError
            If it is something else, or wrong; what is wrong with a row is found when that row is read.
        """
        with _reading(self.folder, of_user=True):
            return _reader(_storable(self._selected(sql), flat=flat), self.folder, of_user=True)

    def count_selected(self, sql: str) -> int:
        """Return how many rows :meth:`select` gives."""
        with _reading(self.folder, of_user=True):
            return _n_rows(self._selected(sql))

    def hide(self, text: str) -> str:
        """Return a text with pseudonyms for what in it leads to a person, unless identities are shown."""
        if self.pseudonyms is None:
            return text
        with _reading(self.folder):
            self._know_names()
        return self.pseudonyms.text(text)

    def _selected(self, sql: str) -> duckdb.DuckDBPyRelation:
        used = check_select(self._connection, sql, public=tables(), answers=questions())
        for name in used - self._views:
            table = load_question(name)
            self._prepare(table)
            self._connection.execute(f"create view main.{name} as {table.sql}")
            self._views.add(name)
        return self._connection.sql(sql)

    def _relation(self, name: str, parameters: dict[str, int]) -> duckdb.DuckDBPyRelation:
        question = load_question(name)
        for parameter in parameters:
            if parameter not in question.parameters:
                raise SettingsError(
                    f"the question {name} has no parameter {parameter!r}",
                    hint=f"it has {', '.join(question.parameters) or 'none'}",
                )
        self._prepare(question)
        return self._connection.sql(question.sql, params=question.parameters | parameters)

    def _prepare(self, question: Question) -> None:
        """Make the tables that a question asks, at the first need of them."""
        if "core.names" in question.sql:
            self._make_names()
        if "hide_contacts" in question.sql:
            self._know_names()
        if question.name not in _OF_THE_FOLDER and not self._has_core:
            make_core(self._connection, folder=self.folder)
            self._has_core = True

    def _make_names(self) -> None:
        if not self._has_names:
            run_file(self._connection, "names.sql")
            self._has_names = True

    def _know_names(self) -> None:
        self._make_names()
        if not self._hides and self.pseudonyms is not None:
            self.pseudonyms.known = read_names(self._connection)
            self._hides = True


@contextmanager
def _reading(folder: Path, *, of_user: bool = False) -> Iterator[None]:
    """Turn what is wrong with the folder's files, or with the SELECT of a user, into one line."""
    import duckdb

    try:
        yield
    except (duckdb.Error, UnicodeDecodeError, OSError) as error:
        problem = " ".join(str(error).split("\n\n")[0].split())
        if "KeyboardInterrupt" in problem:
            raise KeyboardInterrupt from error
        if "Python exception" in problem:  # in hiding: a mistake of ours
            raise
        # What is wrong with a later batch comes through Arrow as an OSError: its words, not its class, tell.
        # What is wrong beneath DuckDB, in a damaged file's bytes, is no error of a kind.
        kind = re.match(r"[A-Z][A-Za-z ]+ Error: ", problem)
        if kind is None or kind[0] == "IO Error: " or (kind[0] == "Invalid Input Error: " and not of_user):
            raise InputError(f"cannot be read ({problem})", where=str(folder), hint="scan again") from error
        if of_user:
            # What cannot be converted may be a whole post.
            raise SettingsError(textwrap.shorten(str(error), _LONGEST_PROBLEM), where="query") from error
        raise


def _reader(
    relation: duckdb.DuckDBPyRelation, folder: Path, *, of_user: bool = False
) -> pyarrow.RecordBatchReader:
    """Return a relation's rows in batches; what is wrong with a later one is one line too."""
    import pyarrow

    reader = relation.to_arrow_reader(BATCH_ROWS)

    def batches() -> Iterator[pyarrow.RecordBatch]:
        with _reading(folder, of_user=of_user), _telling(relation):
            yield from reader

    return pyarrow.RecordBatchReader.from_batches(reader.schema, batches())


@contextmanager
def _telling(relation: duckdb.DuckDBPyRelation) -> Iterator[None]:
    """Ask a query again that DuckDB calls interrupted, to hear what is wrong with it.

    Of several threads the one that fails stops the others before it tells why: in one case of a hundred, with
    DuckDB 1.5.0, another tells first that it was stopped.
    """
    try:
        yield
    except OSError as error:
        if str(error).startswith("INTERRUPT Error"):
            for _ in relation.to_arrow_reader(BATCH_ROWS):
                pass
        raise


def _n_rows(relation: duckdb.DuckDBPyRelation) -> int:
    ((number,),) = relation.count("*").fetchall()
    return int(number)


def _storable(relation: duckdb.DuckDBPyRelation, *, flat: bool) -> duckdb.DuckDBPyRelation:
    """Return a relation whose columns have names of their own and hold what files hold.

    All else becomes text; lists and records JSON, if they are to be flat or hold something else.
    """
    named = relation.project("*")  # gives names that come twice a number
    columns = []
    for position, (name, kind) in enumerate(zip(named.columns, named.types, strict=True), start=1):
        if kind.id in _NESTED and (flat or not _is_storable(kind)):
            value = f"to_json(#{position})::varchar"
        else:
            value = f"#{position}" if _is_storable(kind) else f"#{position}::varchar"
        quoted = '"' + name.replace('"', '""') + '"'
        columns.append(f"{value} as {quoted}")
    return named.project(", ".join(columns))


def _is_storable(kind: duckdb.sqltypes.DuckDBPyType) -> bool:
    if kind.id in _NESTED:
        inner = (child for _, child in kind.children if not isinstance(child, (int, list)))
        return all(map(_is_storable, inner))
    return kind.id in _STORABLE
