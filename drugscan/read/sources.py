"""The door to all input: names of files in, batches of messages out."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from drugscan.errors import InputError, NoMessagesError, SettingsError
from drugscan.paths import Paths, paths_of
from drugscan.read import exports, html, rows
from drugscan.read.batches import MessageBatch, RowReader
from drugscan.read.columns import Fields
from drugscan.read.json_values import RowOrReason
from drugscan.read.rejects import Rejects
from drugscan.read.rows import Rows, part_from_bad
from drugscan.read.shapes import INPUT_FORMATS, TABLE_FORMATS, Shape, find_shape
from drugscan.read.streams import STDIN, open_stream
from drugscan.records import Message

_BATCH_MESSAGES = 20_000
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".html", ".parquet", ".sqlite", ".db")
_PACKED = ("", ".gz", ".zst")
_ENDINGS = tuple(suffix + packed for suffix in _SUFFIXES for packed in _PACKED)
_MEDIA = frozenset((
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".mp4", ".m4v", ".mov", ".webm", ".mkv",
    ".avi", ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac", ".tgs", ".css", ".js", ".vcf", ".pdf",
))  # fmt: skip
"""Endings of what stands beside messages in an export, and holds none."""
_MOST_SHOWN = 3
_CLOSED_FORMATS = frozenset(("parquet", "tg-archive"))
"""Those whose first bytes do not show what columns there are."""


@dataclass
class Counts:
    """What became of the rows of a source: read = kept + rejected + service.

    Attributes
    ----------
    read : int
        Rows seen.
    kept : int
        Messages handed on, those without text among them.
    rejected : int
        Rows that could not be read.
    service : int
        Notices by Telegram (joined, pinned), which are no messages.
    textless : int
        Messages without text, such as a photo alone.
    """

    read: int = 0
    kept: int = 0
    rejected: int = 0
    service: int = 0
    textless: int = 0


@dataclass
class Source:
    """One input, open.

    Attributes
    ----------
    path : str
        As the user named it; ``-`` for standard input.
    shape : Shape
        What it is; ``str(shape)`` for people.
    counts : Counts
        Grow as messages are read.
    position : callable
        Tells how many bytes of the file have been read.
    """

    path: str
    shape: Shape
    counts: Counts = field(default_factory=Counts)
    position: Callable[[], int] = field(default=lambda: 0, repr=False)
    _batches: Iterator[MessageBatch] = field(default_factory=lambda: iter(()), repr=False)

    def batches(self) -> Iterator[list[Message]]:
        """Yield messages in batches, once."""
        for batch in self._batches:
            yield batch.messages()

    def columns(self) -> Iterator[MessageBatch]:
        """Yield messages in batches of columns, which takes less time; once, instead of :meth:`batches`."""
        yield from self._batches

    @property
    def complaint(self) -> str:
        """What to say once all is read: a line if there was not one message among its rows, else nothing."""
        if self.counts.kept or not self.counts.rejected:
            return ""
        return (
            f"{self.path}: holds not one message, and unreadable rows: {self.counts.rejected:,}; "
            "is it messages? drugscan inspect shows more"
        )


def open_messages(
    path: str | os.PathLike[str],
    *,
    rejects: Rejects,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
) -> Source:
    """Open one file of messages of whatever shape.

    Parameters
    ----------
    path : path
        A file, or ``-`` for standard input; may be packed by gzip or zstandard.
    rejects : Rejects
        Takes the rows that cannot be read.
    input_format : str, optional
        One of :data:`INPUT_FORMATS`; without it the content tells.
    fields : Fields, optional
        Columns that the user named.

    Returns
    -------
    Source
        Its shape is known; nothing else has been read yet.

    Raises
    ------
    InputError
        If it cannot be read or understood, now or while batches are read.
    SettingsError
        If there is no such format.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = file.write_text('{"id": 1, "text": "wiet 5 voor 50"}')
    >>> source = open_messages(file, rejects=Rejects())
    >>> str(source.shape), [message.text for batch in source.batches() for message in batch]
    ('JSON Lines', ['wiet 5 voor 50'])
    """
    if input_format is not None and input_format not in INPUT_FORMATS:
        raise SettingsError(
            f"no input format is called {input_format!r}", hint=f"choose from {', '.join(INPUT_FORMATS)}"
        )
    name = os.fspath(path)
    with ExitStack() as stack:
        stream, raw = stack.enter_context(open_stream(name))
        shape = find_shape(stream, where=name, fields=fields, input_format=input_format)
        source = Source(name, shape, position=raw.tell)
        source._batches = _read(source, stream, stack.pop_all(), rejects, fields)
    return source


def read_batches(
    paths: Paths,
    *,
    rejects: Rejects,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    announce: Callable[[str], None] = lambda line: None,
) -> Iterator[list[Message]]:
    """Read the messages of several files, folders and patterns.

    Parameters
    ----------
    paths : path or several paths
        Files, folders (all files of messages in them, by name), patterns such as ``*.json``, ``-``.
    rejects, input_format, fields
        As for :func:`open_messages`.
    announce : callable, optional
        Is told in a line of what shape a file is, that it holds no message, or what is left out.

    Yields
    ------
    list of Message
        In the order of the files and of the messages in them.
    """
    for name in expand_paths(paths, input_format=input_format, fields=fields, announce=announce):
        source = open_messages(name, rejects=rejects, input_format=input_format, fields=fields)
        announce(f"{source.path}: {source.shape}")
        yield from source.batches()
        if source.complaint:
            announce(source.complaint)


def expand_paths(
    paths: Paths,
    *,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    announce: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Return the files that are meant, each once; the beginning of each has been looked at.

    What is left out is announced: of a folder what holds no messages and what is not called like them (photos
    and other media go without saying), and the pages of an export that is among the files as JSON too.

    Parameters
    ----------
    paths : path or several paths
        Files, folders, patterns, ``-``.
    input_format, fields
        As for :func:`open_messages`.
    announce : callable, optional
        Is told in a line what is left out.

    Raises
    ------
    InputError
        If a path means no file, or a file is at fault; NoMessagesError of those in folders is none.
    """
    check = partial(_check_beginning, input_format=input_format, fields=fields)
    names: list[str] = []
    for path in paths_of(paths):
        if path != STDIN and os.path.isdir(path):
            names += _files_in(Path(path), check, announce)
            continue
        named = [path]
        if path != STDIN and not os.path.exists(path):
            named = sorted(filter(os.path.isfile, glob.glob(path, recursive=True)))
            if not named:
                raise InputError("there is no such file", where=path)
        for name in filter(os.path.isfile, named):  # no pipe or device, of which nothing may be taken
            check(name)
        names += named
    once: dict[str, str] = {}
    for name in names:  # ./a.jsonl is a.jsonl
        once.setdefault(name if name == STDIN else os.path.realpath(name), name)
    names = list(once.values())
    doubles = _doubles(names, announce)
    return [name for name in names if os.path.abspath(name) not in doubles]


_RESULTS = frozenset(("manifest.json", "messages", "texts"))
"""What stands in a results folder, even in one that is not finished."""


def _files_in(folder: Path, check: Callable[[str], None], announce: Callable[[str], None]) -> list[str]:
    """Return the files of messages in a folder; ``messages10.html`` comes after ``messages9.html``.

    Raises InputError if there is none.
    """
    paths = [path for path in _walk(folder, announce) if path.suffix.lower() not in _MEDIA and path.is_file()]
    paths.sort(key=lambda path: (len(str(path)), str(path)))
    others = [path for path in paths if not path.name.lower().endswith(_ENDINGS)]
    if others:
        shown = ", ".join(str(path.relative_to(folder)) for path in others[:_MOST_SHOWN])
        more = ", ..." if len(others) > _MOST_SHOWN else ""
        announce(f"{folder}: left out {_counted(others, 'file')} ({shown}{more}); name what holds messages")
    found = [path for path in paths if path.name.lower().endswith(_ENDINGS)]
    names = [path for path in map(str, found) if _may_hold_messages(path, check, announce)]
    if not names:
        raise InputError("holds no files of messages", where=str(folder), hint="name the files in it")
    return names


def _may_hold_messages(path: str, check: Callable[[str], None], announce: Callable[[str], None]) -> bool:
    try:
        check(path)
    except NoMessagesError as error:
        announce(f"{path}: {error.problem}, and is left out" + (f"; {error.hint}" if error.hint else ""))
        return False
    return True


def _walk(folder: Path, announce: Callable[[str], None]) -> Iterator[Path]:
    """Yield what is in a folder and in those in it, links to others among them.

    What is hidden is not, nor what ``drugscan scan`` wrote; raises InputError if that is all.
    """
    seen: set[str] = set()
    for root, inner, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        is_results = _RESULTS.issubset([*inner, *names])
        if is_results and root == str(folder):
            problem = "holds results of drugscan scan, no messages"
            raise InputError(problem, where=root, hint="name what was scanned")
        if is_results and real not in seen:
            announce(f"{root}: is left out; it holds results of drugscan scan")
        if is_results or real in seen:
            inner.clear()
        else:
            inner[:] = [name for name in inner if not name.startswith(".")]
            yield from (Path(root, name) for name in names if not name.startswith("."))
        seen.add(real)


def _doubles(names: list[str], announce: Callable[[str], None]) -> set[str]:
    """Return where pages are whose messages are in a Telegram Desktop export as JSON beside them too."""
    places = set(map(os.path.abspath, names))
    doubles: set[str] = set()
    for path in map(Path, names):
        pages = places.intersection(pages_beside(path))
        if pages:
            announce(f"{path.parent}: left out {_counted(pages, 'page')} of HTML; result.json has the same")
            doubles |= pages
    return doubles


def pages_beside(path: str | os.PathLike[str]) -> list[str]:
    """Return the pages beside the ``result.json`` of a Telegram Desktop export; none beside other files."""
    if os.path.basename(path) != "result.json":
        return []
    export = Path(os.path.abspath(path)).parent
    pages = [*export.glob("messages*.html"), *export.glob("chats/chat_*/messages*.html")]
    return list(map(str, pages)) if pages and _is_telegram_json(Path(path)) else []


def _is_telegram_json(path: Path) -> bool:
    with suppress(InputError), open_stream(str(path)) as (stream, _):
        return find_shape(stream, where=str(path), fields=Fields()).input_format == "telegram-json"
    return False


def _check_beginning(path: str, *, input_format: str | None, fields: Fields) -> None:
    """Raise NoMessagesError if the beginning of a file shows that it holds none."""
    with open_stream(path) as (stream, _):
        shape = find_shape(stream, where=path, fields=fields, input_format=input_format)
        if shape.input_format in _CLOSED_FORMATS:
            next(_numbered_rows(path, shape, stream, fields), None)


def _counted(things: Collection[object], name: str) -> str:
    return f"{len(things):,} {name}" + ("" if len(things) == 1 else "s")


def _read(
    source: Source, stream: io.BufferedReader, resources: ExitStack, rejects: Rejects, fields: Fields
) -> Iterator[MessageBatch]:
    is_export = source.shape.input_format not in TABLE_FORMATS
    reader = RowReader(source.path, Fields() if is_export else fields)  # an export's fields are known
    counts = source.counts
    with resources:
        for found in _rows(source, stream, fields):
            batch, bad, n_service = reader.read(found.numbers, found.rows)
            bad = sorted(found.bad + bad)
            for number, reason in bad:
                rejects.add(source.path, number, reason)
            if is_export:
                for row, text in zip(batch.row, batch.text, strict=True):
                    row["text"] = text  # where Telegram has a mixed list
            counts.read += len(found)
            counts.rejected += len(bad)
            counts.service += n_service
            counts.kept += len(batch)
            counts.textless += batch.text.count("")
            yield batch


def _rows(source: Source, stream: io.BufferedReader, fields: Fields) -> Iterator[Rows]:
    if source.shape.input_format == "jsonl":
        yield from rows.read_json_lines(stream)
        return
    numbered = _numbered_rows(source.path, source.shape, stream, fields)
    while found := part_from_bad(islice(numbered, _BATCH_MESSAGES)):
        yield found


def _numbered_rows(
    where: str, shape: Shape, stream: io.BufferedReader, fields: Fields
) -> Iterator[tuple[int, RowOrReason]]:
    kind = shape.input_format
    if kind == "csv":
        return rows.read_csv(stream, where=where, encoding=shape.encoding)
    if kind == "json":
        return rows.read_json_list(stream, where=where)
    if kind == "parquet":
        return rows.read_parquet(stream, where=where, fields=fields)
    if kind == "telegram-html":
        return enumerate(html.read_telegram_html(stream), start=1)
    if kind == "telegram-json":
        return enumerate(exports.read_telegram_json(stream, where=where), start=1)
    if kind == "tgdataset":
        return enumerate(exports.read_tgdataset(stream, where=where), start=1)
    return enumerate(exports.read_tg_archive(stream, where=where), start=1)
