"""The quick scores against the rows of the vectoriser, which they must equal on any text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.model.linear import LinearModel, Scorer
from drugscan.model.vectoriser import Vectoriser, fit_vocabulary

ADS = ["coke 1g €50\n5g €230", "wiet 5 voor 50", "coke en wiet :snowflake:", "a b a b", "coke 2g €100"]
PIECES = st.sampled_from(
    ["coke", "wiet,", "1g", "€50", ":snowflake:", "a", "b", "x-a", "onbekend", "\n", "  ", "é", "...", "5"]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)

VECTORISER = Vectoriser(fit_vocabulary(ADS, min_df=1))
COEFFICIENTS = np.random.default_rng(0).normal(size=(len(VECTORISER.vocabulary.idf), 3))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(TEXTS, st.text(max_size=30)), max_size=6))
def test_equals_the_rows_times_the_coefficients(texts):
    by_rows = LinearModel(COEFFICIENTS, np.zeros(3)).scores(VECTORISER.transform(texts))
    assert Scorer(VECTORISER, COEFFICIENTS).scores(texts) == pytest.approx(by_rows, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.randoms())
def test_a_score_does_not_depend_on_neighbours_or_on_what_came_before(texts, random):
    scorer = Scorer(VECTORISER, COEFFICIENTS)
    together = scorer.scores(texts)
    for index in random.sample(range(len(texts)), len(texts)):
        assert (scorer.scores([texts[index]])[0] == together[index]).all()


def test_forgetting_words_changes_nothing(monkeypatch):
    scorer = Scorer(VECTORISER, COEFFICIENTS)
    before = scorer.scores(ADS)
    monkeypatch.setattr("drugscan.model.linear._MAX_KNOWN_WORDS", 2)
    assert (scorer.scores(ADS) == before).all()
    assert (scorer.scores(ADS) == before).all()


def test_a_text_of_nothing_known_scores_nothing():
    assert (Scorer(VECTORISER, COEFFICIENTS).scores(["", "\n", "§§§"]) == 0).all()


def test_threads_share_a_scorer():
    texts = [f"coke {one}{other}{one} wiet" for one in ascii_lowercase for other in ascii_lowercase]
    scorer = Scorer(VECTORISER, COEFFICIENTS)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: scorer.scores([text]), texts))
    assert (np.vstack(found) == Scorer(VECTORISER, COEFFICIENTS).scores(texts)).all()


def test_an_interrupt_leaves_a_scorer_whole(monkeypatch):
    scorer = Scorer(VECTORISER, COEFFICIENTS)
    expected = Scorer(VECTORISER, COEFFICIENTS).scores(["coke wiet"])

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("drugscan.model.linear._add_up", interrupted)
        with pytest.raises(KeyboardInterrupt):
            scorer.scores(["coke wiet"])
    np.testing.assert_array_equal(scorer.scores(["coke wiet"]), expected)
