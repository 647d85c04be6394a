from __future__ import annotations

import json

import pytest
from sklearn.metrics import accuracy_score, hamming_loss, precision_recall_fscore_support

from drugscan.errors import SettingsError
from drugscan.model.classifier import Classification
from drugscan.model.evaluate import Judged, evaluate, figures, judge_left_out
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


def test_figures_are_those_of_sklearn():
    gold = [[label in one.record.labels for label in LABELS] for one in SOME]
    said = [[label in one.prediction["labels"] for label in LABELS] for one in SOME]
    found = figures(SOME)
    assert found["hamming_loss"]["value"] == pytest.approx(hamming_loss(gold, said), abs=1e-4)
    assert found["accuracy"]["value"] == accuracy_score([row[0] for row in gold], [row[0] for row in said])
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
    assert found["seen_in_training"] is False  # under another name they are other messages
    with pytest.raises(SettingsError, match="no labelled message has the field"):
        evaluate([path], model=small_model, by="genre")
    with pytest.raises(SettingsError, match="cross-validation leaves a file out"):
        evaluate([path], cross_validate=True)


def test_cross_validation_judges_each_file_by_the_others(labelled, monkeypatch):
    few = [record for record in labelled if record.file in "abh"][::6]
    found = judge_left_out(few, options=FAST)
    assert [one.record for one in found] == few
    import importlib

    module = importlib.import_module("drugscan.model.evaluate")
    trained_on = []
    real_train = module.train
    monkeypatch.setattr(
        module,
        "train",
        lambda records, **k: trained_on.append({r.file for r in records}) or real_train(records, **k),
    )
    judge_left_out(few, options=FAST)
    assert trained_on == [{"b", "h"}, {"a", "h"}, {"a", "b"}]


def test_a_copy_of_a_held_out_text_is_not_trained_on(labelled):
    """A text that two writers share, with opposite labels: the held-out copy must not be echoed."""
    few = [record for record in labelled if record.file in "abh"][::6]
    shared = "zzyzx uniek woord qwertz en zzyzx"
    ad = LabelledText("x1", shared, ("drugsad",), "a")
    other = [LabelledText(f"y{n}", shared, ("geendrugsad",), "h") for n in range(30)]
    with_copies = {one.record.id: one.prediction for one in judge_left_out([*few, ad, *other], options=FAST)}
    without = {one.record.id: one.prediction for one in judge_left_out([*few, ad], options=FAST)}
    assert with_copies["x1"] == without["x1"]
