"""A pipe flows, and how its bytes are cut into pieces changes nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sys
import threading
import tracemalloc

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.errors import OutputError
from drugscan.read import Rejects, open_messages, read_batches
from drugscan.read.streams import open_stream
from tests.conftest import ROOT, full_disk

INPUTS = ROOT / "fixtures" / "inputs"
NAMES = ["plain.jsonl", "telegram_chat.json", "telegram_html/messages.html", "scraper.csv", "bad/utf16.csv"]


class Pieces(io.RawIOBase):
    """Bytes that come in pieces of given sizes, then one at a time."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content, self._sizes = content, sizes

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(self._sizes.pop(0) if self._sizes else 7, len(buffer))
        piece, self._content = self._content[:size], self._content[size:]
        buffer[: len(piece)] = piece
        return len(piece)


def from_stdin(monkeypatch, raw, **options):
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": raw}))
    with Rejects() as rejects:
        source = open_messages("-", rejects=rejects, **options)
        return [message.text for batch in source.batches() for message in batch]


@pytest.mark.parametrize("name", NAMES)
def test_standard_input_is_read_like_a_file(monkeypatch, name):
    with Rejects() as rejects:
        expected = [m.text for b in read_batches([INPUTS / name], rejects=rejects) for m in b]
    assert from_stdin(monkeypatch, io.BytesIO((INPUTS / name).read_bytes())) == expected


FORMATS = {
    "plain.jsonl": "jsonl",
    "telegram_chat.json": "telegram-json",
    "telegram_html/messages.html": "telegram-html",
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.lists(st.integers(1, 400), max_size=30))
def test_how_the_bytes_are_cut_changes_nothing(name, sizes):
    content = (INPUTS / name).read_bytes()
    with pytest.MonkeyPatch.context() as monkeypatch:
        whole = from_stdin(monkeypatch, io.BytesIO(content))
        cut = from_stdin(monkeypatch, Pieces(content, sizes), input_format=FORMATS[name])
    assert cut == whole
    assert len(whole) == 4


def test_zstandard_is_unpacked_a_bounded_part_at_a_time(tmp_path):
    path = tmp_path / "bomb.csv.zst"
    with path.open("wb") as raw, zstandard.ZstdCompressor().stream_writer(raw) as file:
        file.write(b"text\n")
        for _ in range(200):
            file.write(b"\n" * 1_000_000)
        file.write(b"wiet\n")
    assert path.stat().st_size < 50_000
    tracemalloc.start()
    with open_stream(str(path)) as (stream, _):
        n_bytes = sum(map(len, iter(lambda: stream.read1(1 << 22), b"")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_bytes == 200_000_010
    assert peak < 60_000_000


@pytest.mark.parametrize("name", ["plain.parquet", "tg_archive.sqlite"])
def test_a_file_that_is_jumped_about_in_is_copied_only_if_it_must_be(tmp_path, monkeypatch, name):
    content = (INPUTS / name).read_bytes()
    (tmp_path / "packed").write_bytes(gzip.compress(content))
    with full_disk(after_bytes=10):
        with Rejects() as rejects:
            assert sum(map(len, read_batches([INPUTS / name], rejects=rejects))) == 4
        with pytest.raises(OutputError, match=r"drugscan-.*cannot be written .*make room, or name a folder"):
            from_stdin(monkeypatch, io.BytesIO(content))
        with pytest.raises(OutputError), Rejects() as rejects:
            list(read_batches([tmp_path / "packed"], rejects=rejects))
    assert len(from_stdin(monkeypatch, io.BytesIO(content))) == 4


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are texts here")
@pytest.mark.parametrize("name", ["plain.parquet", "tg_archive.sqlite"])
def test_a_file_that_is_jumped_about_in_may_have_any_name(tmp_path, name):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/c%20a ?#\xe9")
    shutil.copy(INPUTS / name, path)
    with Rejects() as rejects:
        assert sum(map(len, read_batches([path], rejects=rejects))) == 4


def test_a_line_in_gives_its_message_without_waiting_for_the_next(monkeypatch):
    reader, writer = os.pipe()
    guard = threading.Timer(20, os.close, [writer])
    guard.start()
    with open(reader, "rb", buffering=0) as raw, Rejects() as rejects:
        monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": raw}))
        os.write(writer, b'{"text": "een"}\n')
        batches = open_messages("-", rejects=rejects).batches()
        for number, word in enumerate(("een", "twee", "drie")):
            if number:
                os.write(writer, json.dumps({"text": word}).encode() + b"\n")
            assert [message.text for message in next(batches)] == [word]
        guard.cancel()
        os.close(writer)
        assert list(batches) == []


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_header_that_comes_in_pieces_is_read_as_a_whole(monkeypatch, pack):
    content = (INPUTS / "telegram_tracker.csv").read_bytes()
    whole = from_stdin(monkeypatch, io.BytesIO(content))
    assert from_stdin(monkeypatch, Pieces(pack(content), [5])) == whole
