"""From a name to a stream of bytes in UTF-8: files, standard input, compression, byte order marks."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from drugscan.errors import InputError

STDIN = "-"
_BUFFER_BYTES = 1 << 22
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@contextmanager
def open_stream(path: str) -> Iterator[tuple[io.BufferedReader, IO[bytes]]]:
    """Open a file or ``-``, unpacked and in UTF-8 without a byte order mark; and as it is, beneath that.

    Raises
    ------
    InputError
        If it is not there, not a file, empty, or its compression is cut off.
    """
    with _opened(path) as raw:
        packed = _buffered(raw)
        try:
            with _packing_errors(path):
                stream = _decoded(_unpacked(packed))
                if not stream.peek(1):
                    raise InputError("is empty", where=path)
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
        self._packed = b""
        self._frame: Any = None  # the frame that is being unpacked

    def _next_piece(self, size: int) -> bytes:
        import zstandard

        while True:
            packed = self._packed or self._stream.read1(_BUFFER_BYTES // 8)
            self._packed = b""
            if not packed and self._frame is not None:
                raise EOFError("the last frame has no end")
            if not packed:
                return b""
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            piece: bytes = self._frame.decompress(packed)
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
            if piece:
                return piece


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


@contextmanager
def as_file(stream: io.BufferedReader) -> Iterator[Path]:
    """Copy a stream to a temporary file, for what must jump about in it."""
    with tempfile.NamedTemporaryFile(prefix="drugscan-") as file:
        while piece := stream.read(_BUFFER_BYTES):
            file.write(piece)
        file.flush()
        yield Path(file.name)
