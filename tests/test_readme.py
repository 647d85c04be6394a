"""What the README shows is what the commands print."""

from __future__ import annotations

import json
import os
import re

import pytest

from drugscan.extraction.extract import extract
from drugscan.model.labelled import read_labelled
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"(?ms)^```(\w*)\n(.*?)^```$", README)


@pytest.fixture
def beside_fixtures(tmp_path):
    """The folder that commands are run in, with the fixtures at the place that the README gives."""
    os.symlink(ROOT / "fixtures", tmp_path / "fixtures")


def block(beginning: str) -> str:
    (found,) = (text for _, text in BLOCKS if text.startswith(beginning))
    return found


@pytest.mark.usefixtures("beside_fixtures")
def test_classify_prints_the_row_and_the_summary(run):
    done = run("classify", "fixtures/demo.jsonl")
    assert done.stderr == block("fixtures/demo.jsonl: JSON Lines\n")
    shown = json.loads(block('{"id":3').replace(", ...}", "}"))
    row = {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}[3]
    assert row | {"scores": shown["scores"]} == shown
    assert row["scores"].items() >= shown["scores"].items()


@pytest.mark.usefixtures("beside_fixtures")
def test_scan_prints_the_summary(run):
    done = run("scan", "fixtures/demo.jsonl.gz", "-o", "results", "--jobs", 2)
    assert done.stderr == block("fixtures/demo.jsonl.gz: JSON Lines\n")


def test_the_python_example_gives_what_it_says():
    code, said = block("import drugscan\n").rsplit("\n# ", 1)
    *before, last = code.strip().splitlines()
    names: dict = {}
    exec("\n".join(before), names)
    assert repr(eval(last, names)) == said.strip()


def test_the_labelled_message_is_one(tmp_path):
    line = block('{"id": "own-1"')
    (tmp_path / "own.jsonl").write_text(line, "utf-8")
    (record,) = read_labelled([tmp_path / "own.jsonl"])
    assert record.labels == ("drugsad", "harddrugs", "bezorging")
    (read,) = extract([record.text])
    assert {name: read[name] for name in ("substances", "places")} == {
        name: record.row[name] for name in ("substances", "places")
    }
    codebook = (ROOT / "fixtures" / "CODEBOOK.md").read_text("utf-8").split("```json\n")[1].split("\n```")[0]
    assert json.loads(line).keys() == json.loads(codebook).keys()


def test_own_terms_are_read_as_they_stand_there(run, tmp_path):
    (tmp_path / "own.csv").write_text(block("id,form,value,context,source\n"), "utf-8")
    (tmp_path / "a.jsonl").write_text('{"text": "gruis 1g 50 euro, snelheid, t dorp"}\n')
    found = json.loads(run("extract", "a.jsonl", "--lexicon", "own.csv").stdout)
    assert (found["substances"], found["places"]) == (["cocaine"], ["Veghel"])
