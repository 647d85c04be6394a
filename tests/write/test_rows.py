from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from drugscan.errors import OutputError, SettingsError
from drugscan.write import open_writer
from tests.conftest import full_disk
from tests.write.examples import ROWS, written


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


def test_no_formula_stands_behind_a_semicolon(tmp_path):
    cell = "coke;=cmd|' /C calc'!A0;@x;-1+1;+1;wiet; =1"
    content = written(tmp_path / "a.csv", [{"id": 1, "text": cell}]).read_text("utf-8")
    # As a European Excel reads it: quotes mean nothing but at the beginning of a line.
    pieces = [piece for line in content.splitlines() for piece in line.split(";")]
    assert not [piece for piece in pieces if piece.startswith(("=", "+", "-", "@"))]
    assert "coke;'=cmd|' /C calc'!A0;'@x;'-1+1;'+1;wiet; =1" in content


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


def test_json_lines_are_not_called_json(tmp_path):
    with pytest.raises(SettingsError, match=r"no format has the suffix \.json; name it \.jsonl"):
        open_writer(tmp_path / "a.json").__enter__()
