from __future__ import annotations

import json

import pytest


@pytest.fixture
def labelled_files(few_labelled, tmp_path):
    folder = tmp_path / "labelled"
    folder.mkdir()
    for number, name in enumerate(("x", "y")):
        lines = [json.dumps(record.row) for record in few_labelled[number::2]]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_train_classify_evaluate(run, tmp_path, labelled_files):
    done = run("train", labelled_files, "-o", "model")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text("utf-8"))
    assert manifest["training"]["messages_by_file"].keys() == {"x", "y"}
    assert 0 <= manifest["figures"]["accuracy"]["value"] <= 1
    assert run("classify", "-", "--model", "model", "-q", stdin='{"text": "coke 1g 50"}').returncode == 0

    shown = run("evaluate", labelled_files, "--model", "model", "--by", "file")
    assert shown.returncode == 0, shown.stderr
    for name in ("accuracy", "Hamming loss", "drugsad", "is none"):
        assert name in shown.stdout
    as_json = json.loads(run("evaluate", labelled_files, "--model", "model", "--json").stdout)
    assert as_json["messages"] == manifest["training"]["messages"]

    again = run("train", labelled_files, "-o", "model")
    assert again.returncode == 3
    assert "exists already" in again.stderr


def test_cross_validation_names_the_files(run, labelled_files):
    done = run("evaluate", labelled_files, "--cross-validate", "-j", 1)
    assert done.returncode == 0, done.stderr
    assert "left out" in done.stdout


def test_a_wrong_record_is_one_line(run, labelled_files):
    with (labelled_files / "x.jsonl").open("a") as file:
        file.write('{"id": "zz", "text": "a", "labels": ["coke"]}\n')
    for command in (["train", labelled_files, "-o", "model"], ["evaluate", labelled_files]):
        done = run(*command)
        assert done.returncode == 3
        assert "unknown label 'coke'" in done.stderr
        assert "x.jsonl:" in done.stderr
        assert "Traceback" not in done.stderr
