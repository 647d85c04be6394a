from __future__ import annotations

import numpy as np
import pytest

from drugscan.model.classifier import MODELLED_LABELS, tree_features
from drugscan.model.features import read_features
from drugscan.model.reasons import reasons
from drugscan.model.store import load_model
from drugscan.text import fold

TEXTS = ["❄️ Coke 1g €50, bezorging Utrecht", "wiet amnesia 5 voor 45, ophalen Zeist", "MENU: xtc, ket"]
SETTLED = "Wie weet een goede fietsenmaker in Zeist?"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("label", ["drugsad", "harddrugs", "bulk"])
def test_the_parts_add_up_to_what_the_model_says(text, label):
    classifier = load_model()
    features = read_features([fold(text)])
    linear = classifier.linear.scores(classifier.vectorisers.transform(features))
    rows = tree_features(linear, features.numbers).multilabel
    log_odds = classifier.multilabel_trees[label].predict(rows, raw_score=True)[0]
    column = MODELLED_LABELS.index(label)
    found = reasons(classifier, text, label)
    assert sum(one.weight for one in found.features) == pytest.approx(log_odds, abs=1e-6)
    words = sum(one.weight for one in found.words) + classifier.linear.intercepts[column]
    assert words == pytest.approx(linear[0, column], abs=1e-4)


def test_the_weightiest_come_first_and_are_the_words_of_the_text():
    found = reasons(load_model(), TEXTS[0], "harddrugs")
    weights = [abs(one.weight) for one in found.words]
    assert weights == sorted(weights, reverse=True)
    assert {"coke", "substance_harddrugs"} & {one.name for one in found.words[:10]}
    assert not np.isnan(weights).any()
    names = [one.name for one in found.words]
    assert len(names) == len(set(names))


def test_of_a_text_that_the_screen_settles_its_words_are_told():
    classifier = load_model()
    assert classifier.settles([fold(SETTLED)])[0]
    found = reasons(classifier, SETTLED, "drugsad")
    screen = classifier.screen.linear
    rows = classifier.vectorisers.texts.transform([fold(SETTLED)])
    words = sum(one.weight for one in found.words) + screen.intercepts[0]
    assert words == pytest.approx(screen.scores(rows)[0, 0], abs=1e-4)
    assert found.features == []
