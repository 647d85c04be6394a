"""The vectoriser against scikit-learn's own, which it must equal on any text."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from drugscan.model.vectoriser import Vectoriser, fit_vocabulary, mask_numbers
from drugscan.text import fold

TOKEN = r":[a-z_]+:|\w+|€"


def sklearn_rows(training: list[str], texts: list[str], *, min_df: int):
    """The same columns by two TfidfVectorizers, in our order of columns."""
    training, texts = [mask_numbers(t) for t in training], [mask_numbers(t) for t in texts]
    options = {"min_df": min_df, "lowercase": False, "sublinear_tf": True}
    words = TfidfVectorizer(token_pattern=TOKEN, ngram_range=(1, 2), **options).fit(training)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **options).fit(training)
    names = words.get_feature_names_out().tolist()
    single = [name for name in names if " " not in name]
    pairs = sorted(
        (name for name in names if " " in name), key=lambda name: [single.index(w) for w in name.split()]
    )
    order = [words.vocabulary_[name] for name in single + pairs]
    return sparse.hstack([words.transform(texts)[:, order], characters.transform(texts)]).toarray()


def test_equals_sklearn_on_the_fixtures(few_labelled):
    texts = [fold(record.text) for record in few_labelled]
    vectoriser = Vectoriser(fit_vocabulary(texts))
    assert np.allclose(vectoriser.transform(texts).toarray(), sklearn_rows(texts, texts, min_df=2))


ADS = ["coke 1g €50\n5g €230", "wiet 5 voor 50", "coke en wiet :snowflake:", "a b a b", "coke 2g €100"]
PIECES = st.sampled_from(
    ["coke", "wiet", "1g", "€50", ":snowflake:", "a", "b", "x", "\n", "  ", "é", "voor", "5"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12).map(" ".join), max_size=5))
def test_equals_sklearn_on_any_text(texts):
    vectoriser = Vectoriser(fit_vocabulary(ADS, min_df=1))
    ours = vectoriser.transform([*texts, "coke"])
    assert np.allclose(ours.toarray(), sklearn_rows(ADS, [*texts, "coke"], min_df=1))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.randoms())
def test_a_row_does_not_depend_on_its_neighbours_or_on_what_came_before(texts, random):
    vectoriser = Vectoriser(fit_vocabulary(ADS, min_df=1))
    together = vectoriser.transform(texts).toarray()
    order = list(range(len(texts)))
    random.shuffle(order)
    for index in order:
        assert (vectoriser.transform([texts[index]]).toarray()[0] == together[index]).all()


def test_fitting_does_not_depend_on_the_order_of_texts():
    first, second = fit_vocabulary(ADS), fit_vocabulary(ADS[::-1])
    assert first[:3] == second[:3]
    assert (first.idf == second.idf).all()


def test_forgetting_words_changes_nothing(monkeypatch):
    vectoriser = Vectoriser(fit_vocabulary(ADS, min_df=1))
    before = vectoriser.transform(ADS).toarray()
    monkeypatch.setattr("drugscan.model.vectoriser._MAX_REMEMBERED_WORDS", 2)
    assert (vectoriser.transform(ADS).toarray() == before).all()
    assert (vectoriser.transform(ADS).toarray() == before).all()
