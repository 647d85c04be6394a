"""From files to parts: so many messages, the same whatever the processes and the order of files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xxhash

from drugscan.errors import InputError
from drugscan.paths import Paths, paths_of
from drugscan.read import Fields, Rejects, Source, expand_paths, open_messages
from drugscan.read.dates import parse_dates
from drugscan.read.sources import pages_beside
from drugscan.read.streams import STDIN
from drugscan.records import KEY_BYTES, messages_schema, text_keys
from drugscan.scanning.columns import accounts, storable, string_array, text_ids

if TYPE_CHECKING:
    import pyarrow as pa

    from drugscan.read.batches import MessageBatch

PART_MESSAGES = 100_000
PART_CHARACTERS = 1 << 26
"""A part ends at so many messages, or earlier where their texts reach so many characters."""

_PIECE_BYTES = 1 << 22


@dataclass
class InputFile:
    """A file of messages, and how far it is in the finished parts.

    Attributes
    ----------
    source : str
        As the user named it.
    bytes, xxh3 : int, str
        Its size, and the 128-bit hash of its content.
    read, kept, rejected, service, without_text : int
        Its rows: read = kept + rejected + service. While it is not done, ``kept`` counts the messages in
        finished parts, and the others are 0.
    done : bool
        Whether it has been read to its end.
    """

    source: str
    bytes: int
    xxh3: str
    read: int = 0
    kept: int = 0
    rejected: int = 0
    service: int = 0
    without_text: int = 0
    done: bool = False


class Part(NamedTuple):
    """Messages that are kept together.

    Attributes
    ----------
    messages : pyarrow.Table
        Rows of :func:`drugscan.records.messages_schema`.
    texts : list of str
        The raw text of each.
    keys : bytes
        The 128-bit hash of each text, one after the other.
    files : list of InputFile
        All files so far, as they stand at the end of this part.
    share : float
        How much of the bytes of all files has been read, from 0 to 1.
    """

    messages: pa.Table
    texts: list[str]
    keys: bytes
    files: list[InputFile]
    share: float


def find_inputs(
    paths: Paths,
    *,
    outputs: Iterable[Path],
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    announce: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Return the files that are meant, each once under one name, in an order that is always the same.

    Parameters
    ----------
    paths : path or several paths
        Files, folders and patterns.
    outputs : iterable of path
        Folders of results, which are no input though they may lie in a folder of it.
    input_format, fields
        As for :func:`drugscan.read.open_messages`.
    announce : callable, optional
        Is told in a line what is left out of a folder.

    Raises
    ------
    InputError
        If one that is named is in such a folder, or all are; or standard input is among them.
    """
    paths = paths_of(paths)
    results = [os.path.realpath(output) + os.sep for output in outputs]
    by_path: dict[str, str] = {}
    inside: list[str] = []
    found = expand_paths(paths, input_format=input_format, fields=fields, announce=announce)
    for name in sorted(found, key=lambda name: (len(name), name)):
        if name == STDIN or Path(name).is_fifo():
            raise InputError(
                "a scan may have to begin again, which a pipe cannot",
                where=name,
                hint="put the messages into a file",
            )
        real = os.path.realpath(name)
        if any(real.startswith(folder) for folder in results):
            inside.append(name)
        else:
            by_path.setdefault(real, os.path.normpath(name))
    named = [name for name in inside if name in paths]
    if named or not by_path:
        raise InputError(
            "is in the folder that the results go to",
            where=(named or inside)[0],
            hint="give the results another folder",
        )
    return list(by_path.values())


def identify(source: str) -> InputFile:
    """Return a file as it is now; raises InputError if it cannot be read."""
    (whole,) = _beginnings(source, [sys.maxsize])
    return InputFile(source, *whole)


def _beginnings(source: str, sizes: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield bytes and hash of what a file begins with, for sizes that rise up to its own."""
    digest = xxhash.xxh3_128()
    n_bytes = 0
    try:
        with open(source, "rb", buffering=0) as file:
            for size in sizes:
                while piece := file.read(min(_PIECE_BYTES, size - n_bytes)):
                    digest.update(piece)
                    n_bytes += len(piece)
                yield n_bytes, digest.hexdigest()
                if n_bytes < size:
                    break
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=source) from error


def known_names(files: Iterable[InputFile], names: Iterable[str]) -> list[str]:
    """Return names of files as they stand in finished parts, however they are named now (from elsewhere)."""
    by_path = {os.path.realpath(file.source): file.source for file in files}
    return [by_path.get(os.path.realpath(name), name) for name in names]


def check_unchanged(files: Sequence[InputFile], names: Iterable[str]) -> None:
    """Raise InputError if a file is no longer what is in finished parts, or is one that has grown since.

    A file that was read to its end may be gone. If it has grown and has another name, as a file named from
    another folder has, it is known by what it begins with: it would be counted twice. So would an export as
    JSON, whose pages were scanned, and the other way round.
    """
    new = set(names)
    hint = "put the old one back, or begin anew with --force"
    for file in files:
        if file.source in new:
            new.remove(file.source)
            now = identify(file.source)
            if (file.bytes, file.xxh3) != (now.bytes, now.xxh3):
                raise InputError("is no longer the file that was scanned", where=file.source, hint=hint)
        elif not file.done:
            raise InputError("is gone, and was read in part only", where=file.source, hint=hint)
    _check_no_twin([file.source for file in files if file.kept], new)
    scanned = {(file.bytes, file.xxh3): file.source for file in files if file.kept}
    sizes = sorted({n_bytes for n_bytes, _ in scanned})
    for name in sorted(new):
        for beginning in _beginnings(name, sizes):
            if beginning in scanned and beginning[0] < _stat(name)[0]:
                raise InputError(
                    f"begins with the whole of {scanned[beginning]}, which was scanned",
                    where=name,
                    hint="leave it out, or begin anew with --force",
                )


def _check_no_twin(scanned: Iterable[str], new: Iterable[str]) -> None:
    """Raise InputError if a new file is an export whose pages were scanned, or a page of a scanned export."""
    names = {os.path.abspath(name): name for name in scanned}
    twins = {page: name for name in names.values() for page in pages_beside(name)}
    for name in sorted(new):
        pages = [names[page] for page in pages_beside(name) if page in names]
        twin = twins.get(os.path.abspath(name)) or min(pages, default=None)
        if twin is not None:
            raise InputError(
                f"has the messages of {twin}, which was scanned",
                where=name,
                hint="leave it out, or begin anew with --force",
            )


def read_parts(
    files: list[InputFile],
    names: Sequence[str],
    *,
    rejects: Rejects,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    announce: Callable[[str], None] = lambda line: None,
) -> Iterator[Part]:
    """Read files on from where finished parts have left them.

    Parameters
    ----------
    files : list of InputFile
        Those in finished parts; the last of them may not be done.
    names : sequence of str
        All files, in their order.
    rejects, input_format, fields
        As for :func:`drugscan.read.open_messages`.
    announce : callable, optional
        Is told in a line of what shape a file is, that it holds no message, or that it is left out: it has
        the same bytes as another, and would be counted twice.

    Yields
    ------
    Part
        The last one may hold no message, where files end just at the end of the part before.

    Raises
    ------
    InputError
        If a file cannot be read, or changes while it is.
    """
    known = {file.source: file for file in files}
    by_content = {(file.bytes, file.xxh3): file.source for file in files}
    files = [replace(file) for file in files if file.done]
    builder = _Builder()
    bytes_done, bytes_in_all = 0, max(sum(_stat(name)[0] for name in names), 1)
    half_read = {source for source, file in known.items() if not file.done}
    # First, since every part that is finished from here on has to say how far it is.
    for name in sorted(names, key=lambda name: name not in half_read):
        if name in known and known[name].done:
            bytes_done += known[name].bytes
            continue
        before = _stat(name)
        file = identify(name)
        same = by_content.setdefault((file.bytes, file.xxh3), name)
        if same != name:
            announce(f"{name}: has the same bytes as {same}, and is left out")
            bytes_done += file.bytes
            continue
        files.append(file)
        file.kept = n_done = known[name].kept if name in known else 0
        source = open_messages(name, rejects=rejects, input_format=input_format, fields=fields)
        announce(f"{source.path}: {source.shape}")
        for new in _pieces_after(n_done, source):
            rest = new
            while rest.texts:
                taken, rest = builder.take(rest)
                file.kept += taken
                if builder.is_full:
                    yield builder.finish(files, (bytes_done + source.position()) / bytes_in_all)
                    builder = _Builder()
        if _stat(name) != before:
            raise InputError("changed while it was read", where=name, hint="begin anew with --force")
        if source.complaint:
            announce(source.complaint)
        counts = source.counts
        file.read, file.rejected, file.service = counts.read, counts.rejected, counts.service
        file.without_text, file.done = counts.textless, True
        bytes_done += file.bytes
    yield builder.finish(files, 1.0)


def _stat(name: str) -> tuple[int, int]:
    try:
        found = os.stat(name)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=name) from error
    return found.st_size, found.st_mtime_ns


class _Piece(NamedTuple):
    """Some messages of a part; its fields are those of :class:`Part`."""

    messages: pa.RecordBatch
    texts: list[str]
    keys: bytes

    def split(self, n_first: int) -> tuple[_Piece, _Piece]:
        """Return the first so many messages, and the others."""
        n_bytes = n_first * KEY_BYTES
        return (
            _Piece(self.messages[:n_first], self.texts[:n_first], self.keys[:n_bytes]),
            _Piece(self.messages[n_first:], self.texts[n_first:], self.keys[n_bytes:]),
        )


def _pieces_after(n_done: int, source: Source) -> Iterator[_Piece]:
    """Yield the messages of a source, but so many of the first."""
    for batch in source.columns():
        n_over = min(n_done, len(batch))
        n_done -= n_over
        if n_over < len(batch):
            keys = text_keys(batch.text)
            yield _Piece(_messages(batch, keys), batch.text, keys).split(n_over)[1]


class _Builder:
    """Gathers the messages of a part; of each only its fields and text stay in memory."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._n_messages = 0
        self._n_characters = 0

    @property
    def is_full(self) -> bool:
        """Tell whether there is no room left."""
        return self._n_messages >= PART_MESSAGES or self._n_characters >= PART_CHARACTERS

    def take(self, piece: _Piece) -> tuple[int, _Piece]:
        """Take as many messages as there is room for; return how many, and the others."""
        ends = self._n_characters + np.cumsum(np.fromiter(map(len, piece.texts), np.int64, len(piece.texts)))
        n_taken = min(int(np.searchsorted(ends, PART_CHARACTERS)) + 1, len(ends))
        n_taken = min(n_taken, PART_MESSAGES - self._n_messages)
        taken, others = piece.split(n_taken)
        self._pieces.append(taken)
        self._n_messages += n_taken
        self._n_characters = int(ends[n_taken - 1])
        return n_taken, others

    def finish(self, files: list[InputFile], share: float) -> Part:
        """Return the part."""
        import pyarrow as pa

        return Part(
            pa.Table.from_batches([piece.messages for piece in self._pieces], schema=messages_schema()),
            [text for piece in self._pieces for text in piece.texts],
            b"".join(piece.keys for piece in self._pieces),
            [replace(file) for file in files],
            share,
        )


def _messages(batch: MessageBatch, keys: bytes) -> pa.RecordBatch:
    import pyarrow as pa

    senders = string_array(batch.sender)
    columns = {
        "source": pa.repeat(storable(batch.source), len(batch)),
        "record": pa.array(np.fromiter(batch.record, np.int64, len(batch))),
        "chat": string_array(batch.chat),
        "chat_id": string_array(batch.chat_id),
        "message_id": string_array(batch.message_id),
        "account": accounts(string_array(batch.sender_id), senders),
        "sender": senders,
        "forwarded_from": string_array(batch.forwarded_from),
        "date": parse_dates(batch.date),
        "text_id": text_ids(keys),
    }
    return pa.RecordBatch.from_pydict(columns, schema=messages_schema())
