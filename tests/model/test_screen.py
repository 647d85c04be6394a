"""The screen settles most ordinary texts, next to no ad, and says so in the scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drugscan.model.labelled import read_labelled
from drugscan.model.screen import LOST_ADS, choose_threshold
from drugscan.model.store import load_model
from tests.conftest import LABELLED


@pytest.fixture(scope="module")
def unseen():
    """Messages that the model has not been trained on."""
    return read_labelled([LABELLED.parent / "unseen"])


ORDINARY = "De gemeenteraad van Zeist praat morgen over de nieuwe fietsenstalling bij het station."
AD = "❄️ Coke 1g €50, 5g €230. Bezorging Utrecht, app @voorbeeld_x"


def without_screen():
    classifier = load_model()
    return replace(classifier, screen=classifier.screen._replace(threshold=-np.inf))


def test_as_many_ads_are_lost_as_is_stated():
    scores = np.random.default_rng(0).normal(size=5_000)
    assert (scores < choose_threshold(scores)).mean() == pytest.approx(LOST_ADS, abs=1e-9)


def test_with_few_ads_every_text_is_read_closely():
    assert choose_threshold(np.arange(999.0)) == -np.inf


def test_an_ordinary_text_is_settled_and_an_ad_is_not():
    ordinary, ad = load_model().classify([ORDINARY, AD])
    assert ordinary["labels"] == ["geendrugsad"]
    assert ordinary["scores"]["drugsad"] < 0.1
    assert ordinary["scores"]["harddrugs"] == 0
    assert ordinary["models_agree"]
    assert ad == without_screen().classify([AD])[0]


def test_a_low_threshold_makes_no_ad_of_what_was_not_read_closely(labelled):
    ordinary = [record.text for record in labelled if "drugsad" not in record.labels][::4]
    thresholds = {**load_model().thresholds, "drugsad": 0.03}
    found = replace(load_model(), thresholds=thresholds).classify(ordinary)
    closely = replace(without_screen(), thresholds=thresholds).classify(ordinary)
    ads = [pair for pair in zip(found, closely, strict=True) if "drugsad" in pair[0]["labels"]]
    assert ads
    assert all(said == said_closely for said, said_closely in ads)


def test_most_ordinary_texts_of_others_are_settled(unseen):
    classifier = load_model()
    read_closely = []

    class Watching(type(classifier)):
        def _look_closely(self, rows):
            read_closely.append(len(rows.binary))
            return super()._look_closely(rows)

    watching = Watching(**{field: getattr(classifier, field) for field in classifier.__dataclass_fields__})
    ordinary = [record.text for record in unseen if "drugsad" not in record.labels]
    watching.classify(ordinary)
    assert sum(read_closely) < 0.5 * len(ordinary)


def test_next_to_no_ad_of_others_that_is_found_without_the_screen_is_settled(unseen):
    ads = [record.text for record in unseen if "drugsad" in record.labels]
    found = without_screen().classify(ads)
    lost = [
        text
        for text, screened, closely in zip(ads, load_model().classify(ads), found, strict=True)
        if "drugsad" in closely["labels"] and "drugsad" not in screened["labels"]
    ]
    assert len(lost) <= 1 + LOST_ADS * len(ads)
