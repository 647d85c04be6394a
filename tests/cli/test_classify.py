from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import threading

import pyarrow.parquet as pq
import pytest

from drugscan.records import LABELS
from tests.conftest import REAL, ROOT

DEMO = ROOT / "fixtures" / "demo.jsonl"
INPUTS = ROOT / "fixtures" / "inputs"


def rows(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_empty_text_is_no_distinct_text_as_in_a_scan(run):
    done = run("classify", "-", stdin='{"text": "a"}\n{"text": ""}\n{"text": "a"}\n{"text": ""}\n')
    assert re.search(r"^distinct texts +1 ", done.stderr, re.MULTILINE)


def test_the_demo_gains_labels_scores_and_agreement(run):
    done = run("classify", DEMO)
    assert done.returncode == 0
    before = rows(DEMO.read_text("utf-8"))
    after = rows(done.stdout)
    for given, found in zip(before, after, strict=True):
        assert {key: found[key] for key in given} == given
        assert list(found)[len(given) :] == ["labels", "scores", "models_agree"]
        assert list(found["scores"]) == list(LABELS)
    assert "JSON Lines" in done.stderr
    n_ads = sum("drugsad" in row["labels"] for row in after)
    assert f"drugsad{n_ads:>30}" in done.stderr
    assert run("classify", DEMO, "--quiet").stderr == ""


def test_what_is_written_over_is_said(run):
    done = run("classify", "-", stdin='{"text": "hoi", "labels": ["drugsad"], "scores": "mine"}\n')
    assert "columns of the input that were replaced: labels, scores" in done.stderr
    done = run("extract", "-", stdin='{"text": "hoi", "places": "mine"}\n')
    assert "columns of the input that were replaced: places" in done.stderr


def test_jobs_and_the_order_of_files_change_no_byte(run):
    many = [ROOT / "fixtures" / "labelled" / f"{name}.jsonl" for name in "abc"]
    one = run("classify", *many, "-q", "-j", 1)
    assert one.returncode == 0
    assert run("classify", *many, "-q", "-j", 2).stdout == one.stdout
    back = run("classify", *many[::-1], "-q", "-j", 2).stdout
    assert sorted(back.splitlines()) == sorted(one.stdout.splitlines())


def test_csv_and_parquet_by_suffix_and_by_name(run, tmp_path):
    assert run("classify", INPUTS / "telegram_chat.json", "-o", "out.parquet", "-q").returncode == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 4
    assert table["labels"][0].as_py()[0] == "drugsad"
    assert table["scores"][0].as_py().keys() == set(LABELS)
    assert run("classify", INPUTS / "scraper.csv", "--format", "csv", "-o", "out.txt", "-q").returncode == 0
    with (tmp_path / "out.txt").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert found[0]["text"].startswith("❄️ Coke")
    assert json.loads(found[0]["labels"])[0] == "drugsad"


def test_a_row_through_a_pipe_comes_out_without_waiting(small_model):
    command = [sys.executable, "-m", "drugscan", "classify", "-", "--model", str(small_model), "-q"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        for word in ("een", "twee", "drie"):
            os.write(process.stdin.fileno(), json.dumps({"text": word}).encode() + b"\n")
            assert json.loads(process.stdout.readline())["text"] == word
        process.stdin.close()
        assert process.wait() == 0
        guard.cancel()


def test_thresholds(run):
    for row in rows(run("classify", DEMO, "-q", "--threshold", "drugsad=0").stdout):
        assert row["labels"][0] == ("drugsad" if row["text"] else "geendrugsad")
    for wrong in ("drugsad", "drugsad=x", "coke=0.5", "drugsad=2"):
        done = run("classify", DEMO, "-q", "--threshold", wrong)
        assert done.returncode == 3
        assert "threshold" in done.stderr


@pytest.mark.skipif(not REAL.is_dir(), reason="real exports are not at hand")
def test_real_exports_are_classified(run, small_model):
    done = run("classify", REAL / "telegram", "--max-rejects", 0, "-q", "--model", small_model)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 208 * 2 + 5_380 + 4_199 + 54 + 200


def test_a_file_that_is_read_is_not_written_over(run, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "hoi"}\n')
    for command in ("classify", "extract", "dedupe"):
        done = run(command, "a.jsonl", "-o", "./a.jsonl", "--force")
        assert (done.returncode, done.stderr) == (
            3,
            "drugscan: ./a.jsonl: is read too; give the output another name\n",
        )
    assert (tmp_path / "a.jsonl").read_text() == '{"text": "hoi"}\n'


def test_two_outputs_of_one_name_are_refused(run, tmp_path):
    done = run("classify", DEMO, "-o", tmp_path / "same.jsonl", "--rejects", tmp_path / "same.jsonl")
    assert done.returncode == 3
    assert "is to hold two outputs" in done.stderr
    assert not list(tmp_path.iterdir())
