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


def test_attacks_baseline_and_learning_curve(run, labelled_files):
    done = run(
        "evaluate", labelled_files, "--cross-validate", "--attack", "leet,typos", "--baseline", "nos",
        "--learning-curve", "-j", 1,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in ("clean ", "leet ", "typos ", "the NOS's recipe: accuracy", "McNemar", "trained on  25%"):
        assert said in done.stdout


def test_check_gates_with_exit_code_4(run, tmp_path, labelled_files, small_model):
    options = ("check", labelled_files, "--floors", "floors.json", "--model", small_model)
    missing = run(*options)
    assert missing.returncode == 3
    assert "write it with --update" in missing.stderr
    assert run(*options, "--update").returncode == 0
    passed = run(*options)
    assert passed.returncode == 0, passed.stderr
    assert "accuracy" in passed.stdout
    floors = json.loads((tmp_path / "floors.json").read_text("utf-8"))
    floors["floors"]["accuracy"] = 1.5
    (tmp_path / "floors.json").write_text(json.dumps(floors), "utf-8")
    failed = run(*options)
    assert failed.returncode == 4
    assert "MISSED" in failed.stdout
    assert failed.stderr.splitlines()[-1].startswith("drugscan: floors.json: accuracy beyond the floor")


def test_a_wrong_record_is_one_line(run, labelled_files):
    with (labelled_files / "x.jsonl").open("a") as file:
        file.write('{"id": "zz", "text": "a", "labels": ["coke"]}\n')
    for command in (["train", labelled_files, "-o", "model"], ["evaluate", labelled_files]):
        done = run(*command)
        assert done.returncode == 3
        assert "unknown label 'coke'" in done.stderr
        assert "x.jsonl:" in done.stderr
        assert "Traceback" not in done.stderr
