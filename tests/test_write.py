from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from drugscan.errors import OutputError, SettingsError
from drugscan.write import open_writer, whole_file, whole_folder
from tests.conftest import full_disk

ROWS = [
    {"id": 1, "text": "=HYPERLINK(1)", "labels": ["drugsad", "bulk"], "score": 0.5, "big": 1},
    {"id": 2, "text": 'regel\neen, "twee"', "labels": [], "score": None, "extra": {"a": 1}},
    {"id": "drie", "text": "\ud800 lone", "labels": None, "score": 1, "big": 2**70},
]


def written(path, rows, **options):
    with open_writer(path, **options) as writer:
        writer.write(rows[:2])
        writer.write(rows[2:])
    return path


def test_json_lines_hold_everything(tmp_path):
    lines = written(tmp_path / "a.jsonl", ROWS).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == ROWS


def test_csv_has_all_columns_and_no_formulas(tmp_path):
    with written(tmp_path / "a.csv", ROWS).open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == ["id", "text", "labels", "score", "big", "extra"]
    assert found[0]["text"] == "'=HYPERLINK(1)"
    assert found[1]["text"] == ROWS[1]["text"]
    assert found[0]["labels"] == '["drugsad", "bulk"]'
    assert found[1]["score"] == ""


@pytest.mark.parametrize("cell", ["=1+1", "+31 6", "-x", "@x", "\t=1", "=cmd|' /C calc'!A0"])
def test_formulas_are_defused(tmp_path, cell):
    with written(tmp_path / "a.csv", [{"text": cell}]).open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["text"] == "'" + cell


@pytest.mark.parametrize("cell", ["\0=1+1", "\r=1+1", "=\x1b1+1", "\u202e=1+1"])
def test_nothing_hides_a_formula(tmp_path, cell):
    with written(tmp_path / "a.csv", [{"text": cell}]).open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["text"] == "'=1+1"


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_bytes_are_texts(tmp_path, name):
    path = written(tmp_path / name, [{"text": "één".encode()}])
    if name == "a.parquet":
        assert pq.read_table(path).to_pylist() == [{"text": "één"}]
    else:
        assert "één" in path.read_text("utf-8").replace('"', "").split(":")[-1]


@pytest.mark.parametrize("cell", ["-1001234567890", "+3.5", "tekst", "a=b", ""])
def test_other_cells_stay(tmp_path, cell):
    with written(tmp_path / "a.csv", [{"n": 1, "text": cell}]).open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["text"] == cell


def test_parquet_has_types_where_it_can_and_text_where_not(tmp_path):
    found = pq.read_table(written(tmp_path / "a.parquet", ROWS)).to_pylist()
    assert [row["labels"] for row in found] == [["drugsad", "bulk"], [], None]
    assert [row["score"] for row in found] == [0.5, None, 1.0]
    assert [row["id"] for row in found] == ["1", "2", "drie"]
    assert found[1]["extra"] == {"a": 1}
    assert found[2]["text"] == "\\ud800 lone"


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_half_an_emoji_in_a_name_is_written_as_elsewhere(tmp_path, name):
    path = written(tmp_path / name, [{"id": 1, "a\ud83d": 2, "in": {"b\ud83d": 3}}])
    if name == "a.parquet":
        assert pq.read_table(path).to_pylist() == [{"id": 1, "a\\ud83d": 2, "in": '{"b\\ud83d": 3}'}]
    else:
        assert "a\\ud83d" in path.read_text("utf-8")


DEEP = json.loads("[" * 60 + "]" * 60)


@pytest.mark.parametrize("value", [{}, [{}], {"a": {"b": {}}}, DEEP])
def test_parquet_holds_what_it_has_no_type_for_as_json(tmp_path, value):
    found = pq.read_table(written(tmp_path / "a.parquet", [{"x": value}, {"x": None}])).to_pylist()
    assert [row["x"] for row in found] == [json.dumps(value), None]


BIG = 1234567890123456789  # more than a floating point number tells from the next


@pytest.mark.parametrize("wrap", [lambda n: n, lambda n: {"a": n}, lambda n: [{"a": [n]}]])
@pytest.mark.parametrize("numbers", [[1.5e18, BIG], [BIG, 1.5e18], [BIG, None, 0.5], [1, 0.5, BIG]])
def test_parquet_loses_no_digit_of_large_numbers_among_fractions(tmp_path, wrap, numbers):
    rows = [{"x": wrap(number), "y": wrap(0.5), "z": wrap(1)} for number in numbers]
    with open_writer(tmp_path / "a.parquet") as writer:
        for row in rows:
            writer.write([row])
    found = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [None if row["x"] is None else json.loads(row["x"]) for row in found] == [row["x"] for row in rows]
    assert [(row["y"], row["z"]) for row in found] == [(row["y"], row["z"]) for row in rows]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_no_rows_are_an_empty_file(tmp_path, name):
    path = written(tmp_path / name, [])
    assert path.exists()
    if name == "a.parquet":
        assert pq.read_table(path).num_rows == 0


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_an_error_leaves_nothing(tmp_path, name):
    def fail():
        with open_writer(tmp_path / name) as writer:
            writer.write(ROWS)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, name):
    rows = [{"id": number, "text": str(number) * 5} for number in range(5_000)]
    with full_disk(after_bytes=4096), pytest.raises(OutputError, match=rf"{name}: cannot be written .*room"):
        written(tmp_path / name, rows)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_folder(tmp_path):
    def fill():
        with whole_folder(tmp_path / "model", manifest_keys=["kind"]) as folder:
            (folder / "a").write_bytes(bytes(10_000))

    with full_disk(after_bytes=4096), pytest.raises(OutputError, match=r"model.*: cannot be written"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_refused_unless_forced(tmp_path):
    path = written(tmp_path / "a.jsonl", ROWS[:1])
    with pytest.raises(OutputError, match="exists already"):
        written(path, ROWS)
    assert len(path.read_text().splitlines()) == 1
    written(path, ROWS, force=True)
    assert len(path.read_text().splitlines()) == 3


def test_what_came_to_be_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "a.jsonl"

    def write_slowly():
        with open_writer(path) as writer:
            writer.write(ROWS)
            path.write_text("another's")

    with pytest.raises(OutputError, match="exists already"):
        write_slowly()
    assert path.read_text() == "another's"
    assert list(tmp_path.iterdir()) == [path]


def replace_folder(path, **options):
    with whole_folder(path, manifest_keys=["kind"], **options) as folder:
        (folder / "manifest.json").write_text('{"kind": "new"}')


def test_a_folder_replaces_its_like_and_nothing_else(tmp_path):
    replace_folder(tmp_path / "model")
    (tmp_path / "model" / "old").write_text("")
    replace_folder(tmp_path / "model", force=True)
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["manifest.json"]
    foreign = tmp_path / "thesis.txt"
    foreign.write_text("precious")
    of_others = tmp_path / "extension"
    of_others.mkdir()
    (of_others / "manifest.json").write_text('{"manifest_version": 3}')
    for path, said in (
        (tmp_path, "other files than"),
        (of_others, "other files than"),
        (foreign, "is not a folder"),
        (tmp_path / ("x" * 300), "cannot be"),
    ):
        with pytest.raises(OutputError, match=said):
            replace_folder(path, force=True)
    with pytest.raises(OutputError, match="is not a file"):
        written(tmp_path / "model", ROWS, force=True, output_format="jsonl")
    assert foreign.read_text() == "precious"


@pytest.mark.parametrize(("step", "left"), [(0, "old"), (1, "old"), (2, "old"), (3, "new")])
def test_an_interrupt_leaves_the_old_folder_or_the_new_one(tmp_path, monkeypatch, step, left):
    """It comes before or after one of the two renames."""
    replace_folder(tmp_path / "model")
    (tmp_path / "model" / "manifest.json").write_text('{"kind": "old"}')
    moments = iter(range(100))

    def rename(path, target):
        if next(moments) == step:
            raise KeyboardInterrupt
        os.rename(path, target)
        if next(moments) == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(tmp_path / "model", force=True)
    assert json.loads((tmp_path / "model" / "manifest.json").read_text()) == {"kind": left}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="its folder does not exist"), whole_file(tmp_path / "no" / "a"):
        pass
    with (
        pytest.raises(SettingsError, match="no format is called 'xml'"),
        open_writer("-", output_format="xml"),
    ):
        pass
    with (
        pytest.raises(SettingsError, match=r"no format has the suffix \.gz"),
        open_writer(tmp_path / "a.csv.gz"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_a_slash_at_its_end_is_no_file(tmp_path):
    with (
        pytest.raises(OutputError, match=r"new/: is a folder; name a file in it$"),
        open_writer(f"{tmp_path}/new/"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_json_lines_are_not_called_json(tmp_path):
    with pytest.raises(SettingsError, match=r"no format has the suffix \.json; name it \.jsonl"):
        open_writer(tmp_path / "a.json").__enter__()
