"""Rows on their way to a file: JSON Lines, CSV or Parquet."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from drugscan.errors import SettingsError
from drugscan.records import Row
from drugscan.write.columns import Spool
from drugscan.write.json_lines import to_json_line
from drugscan.write.whole import whole_file

_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
OUTPUT_FORMATS = ("jsonl", "csv", "parquet")
"""What :func:`open_writer` can write."""


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
    with tempfile.TemporaryFile() as aside:
        spool = Spool(aside, infer_types=output_format == "parquet")
        yield spool
        if output_format == "csv":
            spool.write_csv(file)
        else:
            spool.write_parquet(file)


class _LinesWriter:
    """Rows as JSON Lines."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, rows: Sequence[Row]) -> None:
        self._file.write(b"".join([to_json_line(row) for row in rows]))
        self._file.flush()
