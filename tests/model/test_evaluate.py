from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
from dataclasses import replace

import pytest
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, precision_recall_fscore_support

from drugscan.engines.local import WorkerLostError
from drugscan.errors import InputError, SettingsError
from drugscan.model.attacks import ATTACKS
from drugscan.model.baseline import judge_left_out_by_nos_recipe, mcnemar
from drugscan.model.classifier import Classification
from drugscan.model.cross_validation import judge_left_out
from drugscan.model.evaluate import evaluate
from drugscan.model.figures import Judged, figures
from drugscan.model.labelled import LabelledText
from drugscan.model.train import TrainingOptions
from drugscan.records import LABELS

FAST = TrainingOptions(n_folds=2, n_trees=5)


def judged(*pairs: tuple[list[str], list[str]]) -> list[Judged]:
    return [
        Judged(
            LabelledText(str(number), f"text {number}", tuple(gold), "a"),
            Classification(
                labels=said, scores={"drugsad": 0.9 if "drugsad" in said else 0.2}, models_agree=True
            ),
        )
        for number, (gold, said) in enumerate(pairs)
    ]


SOME = judged(
    (["drugsad", "harddrugs"], ["drugsad", "harddrugs"]),
    (["drugsad", "softdrugs", "bulk"], ["drugsad", "harddrugs"]),
    (["drugsad", "post"], ["geendrugsad"]),
    (["geendrugsad"], ["geendrugsad"]),
    (["geendrugsad"], ["drugsad", "softdrugs"]),
)


def test_intervals_are_as_wide_as_writers_differ():
    one = judged(*[(["drugsad"], ["drugsad"])] * 50, *[(["drugsad"], ["geendrugsad"])] * 50)
    by_two = [replace(each, record=replace(each.record, file="ab"[n // 50])) for n, each in enumerate(one)]
    of_one, of_two = figures(one)["accuracy"], figures(by_two)["accuracy"]
    assert of_one["value"] == of_two["value"] == 0.5
    assert 0.4 <= of_one["low"] < of_one["high"] <= 0.6
    assert (of_two["low"], of_two["high"]) == (0.0, 1.0)


def test_figures_are_those_of_sklearn():
    gold = [[label in one.record.labels for label in LABELS] for one in SOME]
    said = [[label in one.prediction["labels"] for label in LABELS] for one in SOME]
    found = figures(SOME)
    assert found["hamming_loss"]["value"] == pytest.approx(hamming_loss(gold, said), abs=1e-4)
    assert found["accuracy"]["value"] == accuracy_score([row[0] for row in gold], [row[0] for row in said])
    standing = [column for column, of_label in enumerate(zip(*gold, *said, strict=True)) if any(of_label)]
    assert len(standing) < len(LABELS)
    macro = f1_score(gold, said, average="macro", labels=standing)
    assert found["macro_f1"]["value"] == pytest.approx(macro, abs=1e-4)
    expected = precision_recall_fscore_support(gold, said, zero_division=0)
    for name, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        for label, value in zip(LABELS, values.tolist(), strict=True):
            ours = found["labels"][label][name]
            assert (ours if name == "support" else ours["value"]) == pytest.approx(value, abs=1e-4)
    assert found["confusion"] == {
        "true_positives": 2,
        "false_positives": 1,
        "false_negatives": 1,
        "true_negatives": 1,
    }


def test_intervals_hold_the_figure_and_narrow_with_more_messages():
    few, many = figures(SOME)["accuracy"], figures(SOME * 40)["accuracy"]
    for stated in (few, many):
        assert stated["low"] <= stated["value"] <= stated["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 3


def test_the_worst_errors_are_the_surest():
    errors = figures(SOME)["worst_errors"]
    assert [error["id"] for error in errors] == ["4", "2"]


def test_evaluate_a_model_on_files(few_labelled, small_model, tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(r.row) + "\n" for r in few_labelled), "utf-8")
    found = evaluate([path], model=small_model, by="file")
    assert found["messages"] == len(few_labelled)
    assert found["accuracy"]["value"] > 0.9
    assert found["groups"]["few"]["accuracy"] == found["accuracy"]
    assert found["extraction"]["substances"]["f1"] > 0.9
    assert found["extraction"]["places"]["gold"] == sum(len(r.row["places"]) for r in few_labelled)
    with pytest.raises(SettingsError, match="no labelled message has the field"):
        evaluate([path], model=small_model, by="genre")
    with pytest.raises(SettingsError, match="cross-validation leaves a file out"):
        evaluate([path], cross_validate=True)


@pytest.fixture
def older_model(small_model, tmp_path):
    """A model as drugscan wrote them before it noted the files."""
    folder = tmp_path / "older"
    shutil.copytree(small_model, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    del manifest["training"]["hashes_by_file"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def test_files_that_a_model_has_seen_are_named(few_labelled, small_model, older_model, tmp_path):
    for name in "abh":
        rows = [json.dumps(record.row) + "\n" for record in few_labelled if record.file == name]
        (tmp_path / f"{name}.jsonl").write_text("".join(rows), "utf-8")
    (tmp_path / "a.jsonl").rename(tmp_path / "renamed.jsonl")
    (tmp_path / "new.jsonl").write_text('{"id": "new", "text": "hoi", "labels": ["geendrugsad"]}', "utf-8")

    def seen(model, *names):
        return evaluate([tmp_path / f"{name}.jsonl" for name in names], model=model)["seen_in_training"]

    assert seen(small_model, "renamed", "b", "new") == ["b", "renamed"]
    assert seen(small_model, "new") == seen(older_model, "b") == []
    (tmp_path / "renamed.jsonl").rename(tmp_path / "a.jsonl")
    assert seen(older_model, "a", "b", "h") == ["a", "b", "h"]


def test_cross_validation_judges_each_file_by_the_others(labelled, monkeypatch):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    found = judge_left_out(few, options=FAST)["clean"]
    assert [one.record for one in found] == few
    module = importlib.import_module("drugscan.model.cross_validation")
    trained_on = []
    real_train = module.train
    monkeypatch.setattr(
        module,
        "train",
        lambda records, **k: trained_on.append({r.file for r in records}) or real_train(records, **k),
    )
    judge_left_out(few, options=FAST)
    assert trained_on == [{"b", "h"}, {"a", "h"}, {"a", "b"}]


def test_what_is_always_trained_on_is_not_judged(labelled):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    judged = [record for record in few if record.file != "h"]
    extra = [record for record in few if record.file == "h"]
    apart = judge_left_out(judged, also_train=extra, options=FAST)["clean"]
    together = [one for one in judge_left_out(few, options=FAST)["clean"] if one.record.file != "h"]
    assert apart == together
    assert [one.record for one in judge_left_out_by_nos_recipe(judged, also_train=extra)] == judged


def test_a_message_with_the_id_of_another_is_refused(tmp_path):
    (tmp_path / "other.jsonl").write_text('{"id": "1", "text": "iets anders", "labels": ["geendrugsad"]}\n')
    (tmp_path / "one.jsonl").write_text(
        '{"id": "1", "text": "wiet 5g 40", "labels": ["drugsad", "softdrugs"]}\n'
    )
    with pytest.raises(InputError, match="the id '1' is used for two texts"):
        evaluate([tmp_path / "one.jsonl"], cross_validate=True, also_train=[tmp_path / "other.jsonl"])


def test_others_in_a_file_of_the_same_name_are_neither_judged_nor_trained_on(labelled):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    others = [record for record in labelled if record.file == "a"][1::6]
    judged = [record for record in few if record.file == "a"]
    extra = [record for record in few if record.file != "a"]
    found = judge_left_out(judged, also_train=[*others, *extra], options=FAST)["clean"]
    assert [one.record for one in found] == judged
    assert found == judge_left_out(judged, also_train=extra, options=FAST)["clean"]


def test_a_near_duplicate_of_a_held_out_text_is_not_trained_on(labelled):
    """A text that two writers share but for a price, with opposite labels: it must not be echoed."""
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    shared = "zzyzx uniek woord qwertz en zzyzx en nog een keer zzyzx met qwertz, nu voor {} en niet meer"
    ad = LabelledText("x1", shared.format(50), ("drugsad",), "a")
    other = [LabelledText(f"y{n}", shared.format(60 + n), ("geendrugsad",), "h") for n in range(30)]

    def said(records):
        judged = judge_left_out(records, options=FAST)["clean"]
        return {one.record.id: one.prediction for one in judged}["x1"]

    assert said([*few, ad, *other]) == said([*few, ad])


def test_attacked_texts_are_judged_beside_the_clean_ones(labelled):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    found = judge_left_out(few, options=FAST, attacks=["zerowidth", "typos"])
    assert list(found) == ["clean", "zerowidth", "typos"]
    clean = [one.prediction for one in found["clean"]]
    assert [one.prediction for one in found["zerowidth"]] == clean  # folding undoes it altogether
    assert [one.prediction for one in found["typos"]] != clean


def test_less_to_train_on_is_drawn_the_same_way_each_time(labelled):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    quarter = judge_left_out(few, options=FAST, share=0.25)
    assert quarter == judge_left_out(few, options=FAST, share=0.25)
    assert quarter != judge_left_out(few, options=FAST)


def test_the_nos_recipe_is_judged_on_the_same_records(labelled):
    few = [record for record in labelled if record.file in ("a", "b", "h")][::6]
    theirs = judge_left_out_by_nos_recipe(few)
    assert [one.record for one in theirs] == few
    assert 0.5 < figures(theirs)["accuracy"]["value"] < 1


def test_mcnemar_counts_what_only_one_has_right():
    right = judged(*[(["drugsad"], ["drugsad"])] * 6)
    wrong = judged(*[(["drugsad"], ["geendrugsad"])] * 6)
    assert mcnemar(right, right)["p"] == 1
    assert mcnemar(right, wrong) == {"only_ours_right": 6, "only_theirs_right": 0, "p": 2 * 0.5**6}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"attacks": ["rot13"]}, "no attack is called 'rot13'"),
        ({"baseline": "nos"}, "add --cross-validate"),
        ({"learning_curve": True}, "add --cross-validate"),
        ({"baseline": "gpt", "cross_validate": True}, "no baseline is called 'gpt'"),
        ({"model": "m", "cross_validate": True}, "leave out --model"),
    ],
)
def test_settings_that_make_no_sense(options, said):
    with pytest.raises(SettingsError, match=said):
        evaluate(["nothing.jsonl"], **options)


def test_scores_that_are_as_sure_as_they_are_right_have_no_calibration_error():
    pairs = [(["drugsad"], ["drugsad"])] * 9 + [(["geendrugsad"], ["drugsad"])]
    assert figures(judged(*pairs))["calibration"] == {"ece": 0.0, "bins": [[0.9, 0.9, 10]]}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_words_and_nothing_else(name):
    from drugscan.model.attacks import attack

    text = "verse ketamine en cocaine, bezorging in Utrecht: 5g 100, app @voorbeeld_x"
    changed = attack(text, name)
    assert changed != text
    assert attack(text, name) == changed
    assert "5g 100, app @" in changed
    assert attack("5g 100", name) == "5g 100"


def _ended(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_one_line(few_labelled, monkeypatch):
    monkeypatch.setattr(importlib.import_module("drugscan.model.cross_validation"), "_judge_files", _ended)
    with pytest.raises(WorkerLostError, match="give fewer --jobs"):
        judge_left_out(few_labelled, jobs=2)
