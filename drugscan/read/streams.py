"""From a name to a stream of bytes in UTF-8: files, standard input, compression, byte order marks."""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from drugscan.errors import InputError, NoMessagesError
from drugscan.write import no_room_told

STDIN = "-"
_BUFFER_BYTES = 1 << 22
_LINE_BYTES = 1 << 18
_ZSTD_BYTES = 1 << 8
"""Zstandard packs 128 KiB into four bytes at best, and hands on all that it is given."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@contextmanager
def open_stream(path: str) -> Iterator[tuple[io.BufferedReader, IO[bytes]]]:
    """Open a file or ``-``, unpacked and in UTF-8 without a byte order mark; and as it is, beneath that.

    Raises
    ------
    InputError
        If it is not there, not a file, or its compression is cut off.
    NoMessagesError
        If it is empty.
    """
    with _opened(path) as raw:
        packed = _buffered(raw)
        try:
            with _packing_errors(path):
                stream = _with_first_line(_decoded(_unpacked(packed)))
                if not stream.peek(1):
                    raise NoMessagesError("is empty", where=path)
                yield stream, raw
        finally:
            with suppress(ValueError):  # closed already
                packed.detach()  # or standard input would be closed with it


def _buffered(raw: Any) -> io.BufferedReader:
    return io.BufferedReader(raw, _BUFFER_BYTES)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == STDIN:
        # Not the buffered stream itself: what it holds back would not flow.
        yield getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
        return
    if Path(path).is_dir():
        raise InputError("is a folder without a file of messages in it", where=path)
    try:
        file = open(path, "rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    with file:
        yield file


@contextmanager
def _packing_errors(path: str) -> Iterator[None]:
    import zstandard

    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise InputError(
            f"its compression is damaged or cut off ({error})", where=path, hint="fetch the file again"
        ) from error


def _unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    magic = stream.peek(4)[:4]
    if magic.startswith(_GZIP):
        return _buffered(gzip.GzipFile(fileobj=stream))
    if magic == _ZSTD:
        return _buffered(_Zstd(stream))
    return stream


class _Bytes(io.RawIOBase):
    """A stream that gives pieces as they come."""

    def __init__(self) -> None:
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = self._next_piece(len(buffer))
        piece, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _next_piece(self, size: int) -> bytes:
        raise NotImplementedError


class _Zstd(_Bytes):
    """Zstandard frames, unpacked; says so when the last of them is cut off."""

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self._packed = memoryview(b"")
        self._frame: Any = None  # the frame that is being unpacked

    def _next_piece(self, size: int) -> bytes:
        import zstandard

        piece = bytearray()
        while len(piece) < size and (self._packed or not piece):
            self._packed = self._packed or memoryview(self._stream.read1(_BUFFER_BYTES // 8))
            if not self._packed and self._frame is not None:
                raise EOFError("the last frame has no end")
            if not self._packed:
                break
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            packed = self._packed[:_ZSTD_BYTES]
            piece += self._frame.decompress(packed)
            n_unused = len(self._frame.unused_data) if self._frame.eof else 0
            if self._frame.eof:
                self._frame = None
            self._packed = self._packed[len(packed) - n_unused :]
        return bytes(piece)


class _WithFirstLine(_Bytes):
    """A stream whose first piece holds the whole first line, unless that is very long."""

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream = stream
        self._has_begun = False

    def _next_piece(self, size: int) -> bytes:
        piece = self._stream.read1(size)
        if self._has_begun:
            return piece
        self._has_begun = True
        begun = bytearray(piece)
        while piece and b"\n" not in piece and len(begun) < _LINE_BYTES:
            piece = self._stream.read1(size)
            begun += piece
        return bytes(begun)


class _Utf16(_Bytes):
    """UTF-16 as UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def _next_piece(self, size: int) -> bytes:
        while True:
            piece = self._stream.read1(_BUFFER_BYTES)
            text = self._decoder.decode(piece, final=not piece)
            if text or not piece:
                return text.encode("utf-8")


def _decoded(stream: io.BufferedReader) -> io.BufferedReader:
    head = stream.peek(3)[:3]
    if head == codecs.BOM_UTF8:
        stream.read(3)
    elif head[:2] in _UTF16:
        stream.read(2)
        return _buffered(_Utf16(stream, _UTF16[head[:2]]))
    return stream


def _with_first_line(stream: io.BufferedReader) -> io.BufferedReader:
    """Return a stream whose first line shows as a whole, also where it comes in pieces."""
    comes_whole = isinstance(stream.raw, io.FileIO) and stream.raw.seekable()
    return stream if comes_whole else _buffered(_WithFirstLine(stream))


@contextmanager
def as_file(stream: io.BufferedReader, *, where: str) -> Iterator[IO[bytes]]:
    """Give a stream as a file with a name, for what must jump about in it: its own, or a copy of it.

    Raises
    ------
    OutputError
        If there is no room for the copy.
    """
    if where != STDIN and isinstance(stream.raw, io.FileIO) and stream.raw.seekable():
        yield stream.raw
        return
    with tempfile.TemporaryDirectory(prefix="drugscan-") as folder:
        path = Path(folder, "copy")
        with (
            no_room_told(path, hint="make room, or name a folder with more in TMPDIR"),
            path.open("wb") as copy,
        ):
            shutil.copyfileobj(stream, copy, _BUFFER_BYTES)
        with path.open("rb", buffering=0) as file:
            yield file
