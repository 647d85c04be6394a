from __future__ import annotations

import math
import shutil
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import drugscan
from drugscan.errors import ModelError, SettingsError
from drugscan.model.classify import classify, once_per_text
from drugscan.model.store import load_model, save_model
from drugscan.records import LABELS

AD = "❄️ Coke 1g €50, 5g €230\nBezorging Utrecht en Nieuwegein\nApp 06 0000 0123"
CHAT = "Gaan we morgen nog naar de markt?"


def test_the_model_in_the_box_knows_an_ad():
    ad, chat = drugscan.classify([AD, CHAT])
    assert ad["labels"] == ["drugsad", "harddrugs", "bezorging"]
    assert chat["labels"] == ["geendrugsad"]
    assert ad["models_agree"] is True


def test_answers_are_by_the_codebook(labelled, small_model):
    for said in classify([record.text for record in labelled[::10]], model=small_model):
        assert ("drugsad" in said["labels"]) != (said["labels"] == ["geendrugsad"])
        assert said["labels"] == [label for label in LABELS if label in said["labels"]]
        assert list(said["scores"]) == list(LABELS)
        assert all(0 <= score <= 1 for score in said["scores"].values())
        assert math.isclose(said["scores"]["drugsad"] + said["scores"]["geendrugsad"], 1)


def test_a_text_without_a_word_is_no_ad(small_model):
    texts = ["", "  \n", "\u200b"]
    for thresholds in ({}, {"drugsad": 0, "bulk": 0}):
        for said in classify(texts, model=small_model, thresholds=thresholds):
            assert said["labels"] == ["geendrugsad"]
            assert said["scores"]["drugsad"] == 0


@pytest.mark.parametrize(
    "text", ["\ud800 coke", "\0", "x" * 1_000_000, "🍄" * 10_000, "\u202e" * 100, "1" * 100_000]
)
def test_hostile_texts_get_an_answer(small_model, text):
    assert classify([text], model=small_model)[0]["labels"]


def test_lists_series_and_arrow_arrays_say_the_same(small_model):
    texts = [AD, CHAT, AD, None]
    expected = classify([AD, CHAT, AD, ""], model=small_model)
    assert classify(texts, model=small_model) == expected
    assert classify(pd.Series(texts), model=small_model) == expected
    assert classify(pd.Series(texts, dtype="string"), model=small_model) == expected
    assert classify(pa.array(texts), model=small_model) == expected
    assert classify(pa.chunked_array([texts[:2], texts[2:]]), model=small_model) == expected
    assert classify([], model=small_model) == []


def test_no_strings_are_named(small_model):
    with pytest.raises(SettingsError, match="text 1 is 5"):
        classify(["a", 5], model=small_model)


def test_jobs_and_neighbours_change_nothing(labelled, small_model):
    texts = [record.text for record in labelled[::5]]
    together = classify(texts, model=small_model)
    assert classify(texts, model=small_model, jobs=2) == together
    assert classify(texts[::-1], model=small_model)[::-1] == together
    assert [classify([text], model=small_model)[0] for text in texts[:50]] == together[:50]


def test_thresholds_decide(small_model):
    score = classify([AD], model=small_model)[0]["scores"]["drugsad"]
    assert classify([AD], model=small_model, thresholds={"drugsad": score})[0]["labels"][0] == "drugsad"
    over = classify([AD], model=small_model, thresholds={"drugsad": min(1, score + 0.0001)})
    assert over[0]["labels"] == ["geendrugsad"]


@pytest.mark.parametrize("thresholds", [{"coke": 0.5}, {"geendrugsad": 0.5}, {"drugsad": 1.5}, {"bulk": -1}])
def test_thresholds_that_make_no_sense(small_model, thresholds):
    with pytest.raises(SettingsError, match="threshold"):
        classify([AD], model=small_model, thresholds=thresholds)


@pytest.fixture
def model_to_replace(small_model, tmp_path):
    """A model folder, and a function that puts another model there: one that calls nothing an ad."""
    folder = tmp_path / "model"
    shutil.copytree(small_model, folder)

    def replace_it():
        classifier = load_model(small_model)
        thresholds = {**classifier.thresholds, "drugsad": 1.0}
        save_model(replace(classifier, thresholds=thresholds), folder, force=True)

    return folder, replace_it


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_model_that_is_replaced_is_loaded_anew(model_to_replace, jobs):
    folder, replace_it = model_to_replace
    texts = [f"{AD} {number}" for number in range(1_000)]  # enough to be shared among processes
    assert "drugsad" in classify(texts, model=folder, jobs=jobs)[0]["labels"]
    replace_it()
    assert {tuple(one["labels"]) for one in classify(texts, model=folder, jobs=jobs)} == {("geendrugsad",)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stream_keeps_the_model_that_it_began_with(model_to_replace, jobs):
    folder, replace_it = model_to_replace
    once = once_per_text(model=folder, jobs=jobs)
    replace_it()
    said = once([f"{AD} {number}" for number in range(1_000)])
    assert all("drugsad" in one["labels"] for one in said)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="there is no model here"):
        classify([AD], model=tmp_path / "none")
