from __future__ import annotations

import importlib
import json
from functools import partial

import pytest
from click.testing import CliRunner, Result

from drugscan.cli import cli
from drugscan.errors import DrugscanError
from drugscan.model.train import TrainingOptions


@pytest.fixture
def labelled_files(few_labelled, tmp_path):
    """Two files of so few messages that a model trains in a moment."""
    folder = tmp_path / "labelled"
    folder.mkdir()
    for number, name in enumerate(("x", "y")):
        lines = [json.dumps(record.row) for record in few_labelled[number::3]]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture
def run_quick(tmp_path, monkeypatch):
    """Run ``drugscan`` in this process and an empty folder, training models of few trees."""
    few_trees = partial(TrainingOptions, n_folds=2, n_trees=5)
    monkeypatch.setattr(importlib.import_module("drugscan.model.train"), "TrainingOptions", few_trees)
    monkeypatch.chdir(tmp_path)

    def call(*arguments, stdin: str = "") -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)

    return call


def test_train_classify_evaluate(run_quick, tmp_path, labelled_files):
    done = run_quick("train", labelled_files, "-o", "model", "-j", 1)
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text("utf-8"))
    assert manifest["training"]["messages_by_file"].keys() == {"x", "y"}
    assert 0 <= manifest["figures"]["accuracy"]["value"] <= 1
    asked = ("classify", "-", "--model", "model", "-q")
    assert run_quick(*asked, stdin='{"text": "coke 1g 50"}').exit_code == 0

    shown = run_quick("evaluate", labelled_files, "--model", "model", "--by", "file")
    assert shown.exit_code == 0, shown.output
    assert "the model was trained on x, y: --cross-validate tells how" in shown.output
    of_one = run_quick("evaluate", labelled_files / "x.jsonl", "--model", "model")
    assert "the model was trained on x: --cross-validate tells how" in of_one.output
    for name in ("accuracy", "Hamming loss", "drugsad", "is none"):
        assert name in shown.output
    as_json = run_quick("evaluate", labelled_files, "--model", "model", "--json").stdout.splitlines()[-1]
    assert json.loads(as_json)["messages"] == manifest["training"]["messages"]

    again = run_quick("train", labelled_files, "-o", "model")
    assert "exists already" in str(again.exception)


def test_a_label_that_nothing_has_has_no_figures(run_quick, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "goedemorgen", "labels": ["geendrugsad"]}\n')
    lines = {
        words[0]: words
        for words in map(str.split, run_quick("evaluate", "a.jsonl").output.splitlines())
        if words
    }
    assert lines["designer"] == ["designer", "0", "0", "-", "-", "-"]
    assert lines["geendrugsad"][1:4] == ["1", "1", "1.000"]


def test_cross_validation_with_attacks_baseline_and_learning_curve(run_quick, labelled_files):
    done = run_quick(
        "evaluate", labelled_files, "--cross-validate", "--attack", "leet,typos", "--baseline", "nos",
        "--learning-curve", "-j", 1,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    for said in (
        "left out", "clean ", "leet ", "typos ", "the NOS's recipe: accuracy", "macro F1",
        "calibration error", "McNemar", "trained on  25%",
    ):  # fmt: skip
        assert said in done.output


@pytest.fixture
def ads_and_others(few_labelled, tmp_path):
    """A file of ads and one of others: without either there is nothing to learn from."""
    files = {name: tmp_path / f"{name}.jsonl" for name in ("ads", "others")}
    for name, path in files.items():
        rows = [r.row for r in few_labelled if ("drugsad" in r.labels) == (name == "ads")][:30]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return list(files.values())


def test_a_model_that_cannot_be_measured_is_kept(run_quick, tmp_path, ads_and_others):
    done = run_quick("train", *ads_and_others, "-o", "model", "-j", 1)
    assert done.exit_code == 0, done.output
    assert (
        "not measured: ads left out: there are too few messages to learn from: 0 of 30 are ads; "
        "give more files that hold both ads and others\n"
    ) in done.output
    assert "figures" not in json.loads((tmp_path / "model" / "manifest.json").read_text("utf-8"))
    done = run_quick("train", ads_and_others[0], ads_and_others[1], "-o", "same", "--no-cross-validate")
    for path in (tmp_path / "same").rglob("*.*"):
        kept = tmp_path / "model" / path.relative_to(tmp_path / "same")
        assert path.read_bytes() == kept.read_bytes()

    assert run_quick("classify", "-", "--model", "model", "-q", stdin='{"text": "a"}').exit_code == 0
    one = tmp_path / "one.jsonl"
    one.write_bytes(b"".join(path.read_bytes() for path in ads_and_others))
    done = run_quick("train", one, "-o", "of_one", "-j", 1)
    assert done.exit_code == 0, done.output
    assert "not measured: there is one file of labelled messages; " in done.output


def test_ordinary_messages_are_refused_where_nothing_is_measured(run_quick, labelled_files):
    done = run_quick("train", labelled_files, "-o", "m", "--no-cross-validate", "--ordinary", "none.jsonl")
    assert str(done.exception) == "--ordinary: is for measuring; leave out --no-cross-validate"


def test_a_file_without_which_nothing_can_be_learnt_is_named(run_quick, ads_and_others):
    done = run_quick("evaluate", *ads_and_others, "--cross-validate", "-j", 2)
    assert isinstance(done.exception, DrugscanError)
    assert str(done.exception).startswith("ads left out: there are too few messages to learn from")


def test_a_point_of_the_learning_curve_with_too_few_messages_is_told(run_quick, few_labelled, tmp_path):
    """Of four ads and four others a file a quarter is too little, the whole is enough."""
    for number, name in enumerate(("x", "y")):
        ads = [r.row for r in few_labelled if "drugsad" in r.labels][number:8:2]
        others = [r.row for r in few_labelled if "drugsad" not in r.labels][number:8:2]
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in ads + others), "utf-8"
        )
    asked = ("evaluate", "x.jsonl", "y.jsonl", "--cross-validate", "--learning-curve", "-j", 1)
    shown = run_quick(*asked)
    assert shown.exit_code == 0, shown.output
    assert "trained on  25%: not measured (x left out: " in shown.output
    assert "trained on 100%: accuracy " in shown.output
    curve = json.loads(run_quick(*asked, "--json").stdout)["learning_curve"]
    assert [point["share"] for point in curve] == [0.25, 0.5, 0.75, 1.0]
    assert curve[0]["problem"].startswith("x left out: ")
    assert "problem" not in curve[-1]


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
