"""Writing results: JSON Lines, CSV and Parquet; a file or folder appears whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import orjson

from drugscan.errors import OutputError, SettingsError
from drugscan.plain import without_harmful

if TYPE_CHECKING:
    import pyarrow

Row = dict[str, Any]

_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
OUTPUT_FORMATS = ("jsonl", "csv", "parquet")
"""What :func:`open_writer` can write."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when a disk is full, or a user's share of it."""
_ROOM_HINT = "make room, or write elsewhere"

MANIFEST = "manifest.json"
"""The file by which a folder of results or of a model is known."""
FOREIGN = "holds other files than this command writes"
"""What is wrong with a folder that must not be replaced."""

_BATCH_ROWS = 5_000
_MAX_DEPTH = 20
"""How deep a column of Parquet is nested at most; what is deeper is JSON, since few can read it back."""
FORMULA = r"(?:[=@\t\r]|[+-](?:$|[^0-9]|[0-9][0-9.,]*[^0-9.,]))"
"""How a cell begins that a spreadsheet runs, and no number does: a pattern for ``re`` and for RE2."""


class Writer(Protocol):
    """Takes rows in batches."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows to the output."""


@contextmanager
def open_writer(
    destination: str | Path, *, output_format: str | None = None, force: bool = False
) -> Iterator[Writer]:
    r"""Open a place for rows; a file gets its name when the block ends without an error.

    JSON Lines flow: what is written to standard output can be read at once. CSV and Parquet need
    to know all columns first, and come at the end.

    Parameters
    ----------
    destination : path
        A file, or ``-`` for standard output.
    output_format : {"jsonl", "csv", "parquet"}, optional
        Without it the file's suffix says; standard output is JSON Lines.
    force : bool, default False
        Replace a file that exists.

    Yields
    ------
    Writer
        Its ``write`` takes a list of rows.

    Raises
    ------
    OutputError
        If the file exists or its folder does not.
    SettingsError
        If the format is not known.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "out.jsonl")
    >>> with open_writer(path) as writer:
    ...     writer.write([{"id": 1, "text": "wiet"}])
    >>> path.read_text()
    '{"id":1,"text":"wiet"}\n'
    """
    wanted = output_format or _format_of(str(destination))
    if wanted not in OUTPUT_FORMATS:
        raise SettingsError(
            f"no format is called {wanted!r}", hint=f"choose from {', '.join(OUTPUT_FORMATS)}"
        )
    if str(destination) == "-":
        with _write_to(sys.stdout.buffer, wanted) as writer:
            yield writer
        sys.stdout.buffer.flush()
        return
    with whole_file(destination, force=force) as file, _write_to(file, wanted) as writer:
        yield writer


@contextmanager
def whole_file(path: str | Path, *, force: bool = False, room_hint: str = _ROOM_HINT) -> Iterator[IO[bytes]]:
    """Open a file for writing that gets its name when the block ends without an error.

    Raises
    ------
    OutputError
        If it exists (without ``force``), or its folder does not; also if the block finds the disk full.
    """
    with whole_path(path, force=force, room_hint=room_hint) as part, part.open("wb") as file:
        yield file


@contextmanager
def whole_path(path: str | Path, *, force: bool = False, room_hint: str = _ROOM_HINT) -> Iterator[Path]:
    """Make an empty file, for what opens files itself; it gets its name when the block ends without an error.

    Raises
    ------
    OutputError
        As for :func:`whole_file`; also if the block finds the disk full.
    """
    final = check_free(path, force=force)
    with _wrapped_errors(final):
        handle, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent)
    os.close(handle)
    part = Path(name)
    try:
        with no_room_told(final, hint=room_hint):
            yield part
        part.chmod(0o666 & ~_umask())
        check_free(final, force=force)  # it may have come to be since
        with _wrapped_errors(final):
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path, *, manifest_keys: Collection[str], force: bool = False) -> Iterator[Path]:
    """Make a folder that gets its name when the block ends without an error.

    Parameters
    ----------
    path : path
        Its name.
    manifest_keys : collection of str
        What its manifest holds, by which its like are known.
    force : bool, default False
        Replace one of its like.

    Yields
    ------
    Path
        Where to write until then.

    Raises
    ------
    OutputError
        If something else may not be written there (see :func:`check_free`), or the block finds the disk full.
    """
    final = check_free(path, force=force, manifest_keys=manifest_keys)
    with _wrapped_errors(final):
        part = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent))
    try:
        with no_room_told(final):
            yield part
        part.chmod(0o777 & ~_umask())
        check_free(final, force=force, manifest_keys=manifest_keys)
        with _wrapped_errors(final):
            put_folder(part, final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def put_folder(new: Path, final: Path) -> None:
    """Give a folder its name; the one that had it goes only when the new one stands there."""
    with tempfile.TemporaryDirectory(prefix=f".{final.name}.", suffix=".old", dir=final.parent) as aside:
        old = Path(aside, "old")
        try:
            if final.exists():
                final.rename(old)
            new.rename(final)
        finally:
            if old.exists() and not final.exists():
                old.rename(final)


def check_free(path: str | Path, *, force: bool, manifest_keys: Collection[str] | None = None) -> Path:
    """Return the path, if a file or a folder may be written there.

    Parameters
    ----------
    path : path
        Where to.
    force : bool
        Whether something of its like may be replaced.
    manifest_keys : collection of str, optional
        For a folder: what the manifests of its like hold.

    Raises
    ------
    OutputError
        If something is there and ``force`` is not given, or it is not of the kind to be written: of the
        folders, ``force`` replaces those that are empty or hold such a manifest. Also if the folder above
        it does not exist, or the name is none.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> check_free(folder / "new.csv", force=False).name
    'new.csv'
    >>> _ = (folder / "thesis.txt").write_text("precious")
    >>> check_free(folder, force=True, manifest_keys=["format"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    drugscan.errors.OutputError: ...: holds other files than this command writes; give another name
    """
    final = Path(path)
    where = str(final)
    with _wrapped_errors(final):
        final.exists()  # a name may be too long, or lead through a file
    is_folder = manifest_keys is not None
    if not is_folder and str(path).endswith(("/", os.sep)):  # which a Path forgets
        raise OutputError("is a folder", where=str(path), hint="name a file in it")
    if is_folder and final.name in ("", ".."):
        raise OutputError("is no name for a folder to be made", where=where, hint="give it a name of its own")
    if final.exists():
        if not force:
            hint = "give another name, or --force to replace it"
            raise OutputError("exists already", where=where, hint=hint)
        if final.is_dir() != is_folder:
            kind = "a folder" if is_folder else "a file"
            raise OutputError(f"is not {kind}", where=where, hint="give another name")
        if manifest_keys is not None and any(final.iterdir()) and not _is_like(final, manifest_keys):
            raise OutputError(FOREIGN, where=where, hint="give another name")
    if not final.absolute().parent.is_dir():
        raise OutputError("its folder does not exist", where=where, hint="make the folder first")
    return final


def _is_like(folder: Path, manifest_keys: Collection[str]) -> bool:
    """Tell whether a folder's manifest holds such keys; browser extensions, for one, have a manifest too."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.keys() >= set(manifest_keys)


def check_apart(*paths: str | Path | None) -> None:
    """Raise OutputError if two outputs have one name: the last would replace the other, or mix with it.

    Examples
    --------
    >>> check_apart("a.jsonl", None, None, "-")
    >>> check_apart("a.jsonl", "./a.jsonl")
    Traceback (most recent call last):
    drugscan.errors.OutputError: ./a.jsonl: is to hold two outputs; give each its own name
    """
    taken = set()
    for path in paths:
        if path is None:
            continue
        place = "-" if str(path) == "-" else os.path.realpath(path)
        if place in taken:
            raise OutputError("is to hold two outputs", where=str(path), hint="give each its own name")
        taken.add(place)


@contextmanager
def no_room_told(where: str | os.PathLike[str], *, hint: str = _ROOM_HINT) -> Iterator[None]:
    """Say in one line that the disk is full, whatever was being written.

    Raises
    ------
    OutputError
        In place of what the system said; it has another name if a file beside ``where`` did not fit.

    Examples
    --------
    >>> with no_room_told("out.csv", hint="make room"):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    drugscan.errors.OutputError: out.csv: cannot be written (No space left on device); make room
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        named = os.fspath(error.filename or where)
        raise OutputError(f"cannot be written ({error.strerror})", where=named, hint=hint) from error


@contextmanager
def _wrapped_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", where=str(path)) from error


def _umask() -> int:
    """Return the user's mask for new files, which the system only tells by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _format_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix and suffix not in _SUFFIXES:
        raise SettingsError(
            f"no format has the suffix {suffix}",
            where=name,
            hint=f"name it {', '.join(_SUFFIXES)}, or choose with --format",
        )
    return _SUFFIXES.get(suffix, "jsonl")


@contextmanager
def _write_to(file: IO[bytes], output_format: str) -> Iterator[Writer]:
    if output_format == "jsonl":
        yield _LinesWriter(file)
        return
    with tempfile.TemporaryFile() as spool:
        writer = _SpoolWriter(spool, infer_types=output_format == "parquet")
        yield writer
        spool.seek(0)
        if output_format == "csv":
            _spool_to_csv(spool, writer.columns, file)
        else:
            _spool_to_parquet(spool, writer.columns, writer.widened, file)


class _LinesWriter:
    """Rows as JSON Lines."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, rows: Sequence[Row]) -> None:
        self._file.write(b"".join([to_json_line(row) for row in rows]))
        self._file.flush()


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


class _SpoolWriter:
    """Rows put aside as JSON Lines, while the columns they have between them are noted.

    ``widened`` are those whose type had to become another, which may not hold what came before.
    """

    def __init__(self, spool: IO[bytes], *, infer_types: bool) -> None:
        self.columns: dict[str, pyarrow.DataType | None] = {}
        self.widened: set[str] = set()
        self._spool = spool
        self._infer_types = infer_types

    def write(self, rows: Sequence[Row]) -> None:
        lines = [to_json_line(row) for row in rows]
        for row in rows:
            for name in row:
                self.columns.setdefault(name, None)
        if self._infer_types and rows:
            self._note_types([json.loads(line) for line in lines])
        self._spool.write(b"".join(lines))

    def _note_types(self, rows: list[Row]) -> None:
        import pyarrow

        nothing = pyarrow.null()
        for name, before in self.columns.items():
            known = nothing if before is None else before
            found = _type_of([row.get(name) for row in rows])
            self.columns[name] = common = _common_type(known, found)
            if not {known, found} <= {common, nothing}:
                self.widened.add(name)


def _type_of(values: list[Any]) -> pyarrow.DataType:
    """Return the type that holds these values; text where no other does."""
    import pyarrow

    try:
        return pyarrow.array(values).type
    except (pyarrow.ArrowException, OverflowError, UnicodeEncodeError):
        return pyarrow.string()


def _common_type(known: pyarrow.DataType, found: pyarrow.DataType) -> pyarrow.DataType:
    """Return the type that is to hold the values of both; text where no other does."""
    import pyarrow

    if known == found:
        return known
    fields = [pyarrow.schema([("column", data_type)]) for data_type in (known, found)]
    try:
        return pyarrow.unify_schemas(fields, promote_options="permissive").field("column").type
    except pyarrow.ArrowException:
        return pyarrow.string()


def _spooled_batches(spool: IO[bytes]) -> Iterator[list[Row]]:
    batch = []
    for line in spool:
        batch.append(json.loads(line))
        if len(batch) == _BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _spool_to_csv(spool: IO[bytes], columns: dict[str, Any], file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text)
    if columns:
        writer.writerow([csv_cell(name) for name in columns])
    for batch in _spooled_batches(spool):
        writer.writerows([[csv_cell(row.get(name)) for name in columns] for row in batch])
    text.detach()  # flushes, and leaves the file open


def csv_cell(value: Any) -> Any:
    """Return a value as a cell: what is no single value as JSON, and no text as a formula.

    Characters that a terminal obeys are left out; some hide a formula. A spreadsheet runs a cell that begins
    with =, +, - or @; a leading apostrophe makes it text
    (OWASP, "CSV Injection").
    """
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    value = without_harmful(value)
    return "'" + value if re.match(FORMULA, value) else value


def _spool_to_parquet(spool: IO[bytes], columns: dict[str, Any], widened: set[str], file: IO[bytes]) -> None:
    import pyarrow
    from pyarrow import parquet

    types = {}
    for name, data_type in columns.items():
        is_known = data_type is not None and not pyarrow.types.is_null(data_type)
        types[name] = data_type if is_known and _is_storable(data_type) else pyarrow.string()
    for name in _unfit(spool, {name: types[name] for name in widened}):
        types[name] = pyarrow.string()
    schema = pyarrow.schema([(_as_text(name), data_type) for name, data_type in types.items()])
    with parquet.ParquetWriter(file, schema) as writer:
        for batch in _spooled_batches(spool):
            arrays = [_arrow_column([row.get(name) for row in batch], types[name]) for name in types]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _unfit(spool: IO[bytes], types: dict[str, pyarrow.DataType]) -> set[str]:
    """Return the columns whose type does not hold all their values: fractions, and integers above 2**53."""
    unfit: set[str] = set()
    for batch in _spooled_batches(spool) if types else ():
        unfit |= {
            name for name in types.keys() - unfit if not _holds(types[name], [row.get(name) for row in batch])
        }
    spool.seek(0)
    return unfit


def _holds(data_type: pyarrow.DataType, values: list[Any]) -> bool:
    import pyarrow

    try:
        _arrow_column(values, data_type)
    except pyarrow.ArrowException:
        return False
    return True


def _is_storable(data_type: pyarrow.DataType, *, depth: int = 0) -> bool:
    """Tell whether Parquet has such a type: not for an object that never holds anything, or too deep ones."""
    import pyarrow

    is_nothing = pyarrow.types.is_struct(data_type) and not data_type.num_fields
    if is_nothing or depth > _MAX_DEPTH:
        return False
    inner = (data_type.field(index).type for index in range(data_type.num_fields))
    return all(_is_storable(one, depth=depth + 1) for one in inner)


def _arrow_column(values: list[Any], data_type: pyarrow.DataType) -> pyarrow.Array:
    import pyarrow

    if pyarrow.types.is_string(data_type):
        values = [value if value is None else _as_text(value) for value in values]
    return pyarrow.array(values, type=data_type)


def _as_text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
