from __future__ import annotations

import numpy as np
import pytest

from drugscan.errors import InputError
from drugscan.model.features import read_features
from drugscan.model.labelled import LabelledText, training_hash
from drugscan.model.store import default_model, load_model, save_model
from drugscan.model.train import TrainingOptions, scarce_labels, train
from drugscan.text import fold


def test_same_messages_same_bytes(few_labelled, small_model, tmp_path):
    again = train(few_labelled, options=TrainingOptions(n_folds=3, n_trees=60), jobs=2)
    save_model(again, tmp_path / "again")
    files = sorted(path.relative_to(small_model) for path in small_model.rglob("*") if path.is_file())
    assert len(files) == 14
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (small_model / name).read_bytes(), name


@pytest.mark.retrain
def test_the_model_in_the_box_is_what_the_fixtures_train(labelled):
    """Retrain from the fixtures: other machines may differ in last digits, not in what is said."""
    boxed = load_model(default_model())
    assert boxed.manifest["training"]["hash"] == training_hash(labelled), "retrain the model in the box"
    retrained = train(labelled)
    assert retrained.manifest["options"] == boxed.manifest["options"]
    assert retrained.vectorisers.column_names() == boxed.vectorisers.column_names()
    assert retrained.thresholds == pytest.approx(boxed.thresholds, abs=0.05)
    assert np.allclose(retrained.linear.coefficients, boxed.linear.coefficients, atol=1e-2)
    features = read_features([fold(record.text) for record in labelled])
    for ours, theirs in zip(retrained.opinions(features), boxed.opinions(features), strict=True):
        assert np.mean(np.abs(ours - theirs) < 0.02) > 0.99


def test_the_model_in_the_box_states_its_figures():
    manifest = load_model().manifest
    assert manifest["figures"]["accuracy"]["value"] >= 0.923
    assert manifest["figures"]["hamming_loss"]["value"] <= 0.04
    size = sum(path.stat().st_size for path in default_model().rglob("*") if path.is_file())
    assert size < 11_000_000


def test_no_model_learns_a_handle_or_a_number():
    vocabulary = load_model().vectorisers.texts.vocabulary
    learnt = set(vocabulary.words)
    assert "contact_phone" in learnt
    assert {word for word in learnt if "voorbeeld" in word} <= {
        "voorbeeld",
        "voorbeelden",
    }  # as in every handle
    assert not [word for word in learnt if set(word) & set("123456789")]  # of a number only its length


def test_too_few_messages_to_learn_from(few_labelled):
    only_ads = [record for record in few_labelled if "drugsad" in record.labels]
    with pytest.raises(InputError, match="too few messages to learn from"):
        train(only_ads)
    with pytest.raises(InputError, match="no labelled messages"):
        train([])


COPIES = [
    f"verse coke en wiet bij ons in de stad, kom snel langs voor {price} euro" for price in range(50, 62)
]


@pytest.mark.parametrize(
    ("ads", "others", "said"),
    [
        (["coke", "wiet"], ["hallo", "fiets"], "too few words in common"),
        (["", ""], ["", ""], "too few words in common"),
        (COPIES[:6], COPIES[6:], "too few messages differ"),
    ],
)
def test_messages_that_nothing_can_be_learnt_from(ads, others, said):
    records = [
        LabelledText(text, text, (label,), "a")
        for label, texts in (("drugsad", ads), ("geendrugsad", others))
        for text in texts
    ]
    with pytest.raises(InputError, match=rf"{said}.*; give .*messages"):
        train(records)


def test_a_label_that_nobody_has_is_never_given(few_labelled):
    without_bulk = [record for record in few_labelled if "bulk" not in record.labels]
    classifier = train(without_bulk, options=TrainingOptions(n_folds=2, n_trees=5))
    said = classifier.classify(["groothandel, per kilo, 1000 stuks"] + [r.text for r in without_bulk])
    assert not any("bulk" in one["labels"] for one in said)


def test_labels_that_few_messages_have_are_named(few_labelled, labelled):
    assert scarce_labels(labelled) == {}
    assert "designer" in scarce_labels(few_labelled)


def test_the_linear_scores_of_the_screen_and_the_rest_are_those_of_their_rows(few_labelled):
    classifier = load_model()
    features = read_features([fold(record.text) for record in few_labelled])
    linear = classifier.linear.scores(classifier.vectorisers.transform(features))
    expected = 1 / (1 + np.exp(-linear[:, 0]))
    assert classifier.opinions(features).linear == pytest.approx(expected, abs=1e-4)
