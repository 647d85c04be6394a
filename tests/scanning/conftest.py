"""A small input of several files and shapes, a small model, and how results folders are compared."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from drugscan.scanning import parts, stages
from tests.conftest import ROOT

DEMO = ROOT / "fixtures" / "demo.jsonl.gz"


def demo_lines(n_messages: int) -> list[str]:
    with gzip.open(DEMO, "rt", encoding="utf-8") as file:
        return [line for line, _ in zip(file, range(n_messages), strict=False)]


def read(results: Path, table: str) -> list[dict]:
    files = sorted((results / table).glob("part-*.parquet"))
    return pa.concat_tables([parquet.read_table(file) for file in files]).to_pylist()


def content(results: Path) -> dict[str, bytes | dict]:
    """Return all files of a results folder; of the manifest all but the times."""
    files: dict[str, bytes | dict] = {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in results.rglob("*")
        if path.is_file()
    }
    manifest = json.loads(files["manifest.json"])
    del manifest["seconds"]
    return {**files, "manifest.json": manifest}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_MESSAGES", 70)
    monkeypatch.setattr(stages, "CHUNK_TEXTS", 20)


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of four files in three shapes, one of them packed, and in it the working directory."""
    lines = demo_lines(240)
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(lines[:100]), "utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("".join(lines[100:190]).encode()))
    (folder / "c.json").write_text("[" + ",".join(lines[190:]) + "]", "utf-8")
    bad = (ROOT / "fixtures" / "inputs" / "bad" / "one_bad_line.jsonl").read_bytes()
    (folder / "d.jsonl").write_bytes(bad)
    monkeypatch.chdir(tmp_path)
    return folder
