"""The vectoriser against scikit-learn's counts of the same columns, weighed as its docstring says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from drugscan.model.vectoriser import Vectoriser, fit_vocabulary, mask_numbers, ragged
from drugscan.text import fold

TOKEN = r":[a-z_]+:|\w+|€"
WORDS = {"token_pattern": TOKEN, "ngram_range": (1, 2), "lowercase": False}
CHARACTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "lowercase": False}


def oracle_rows(training: list[str], texts: list[str], *, min_df: int) -> np.ndarray:
    """The same columns, in our order, by scikit-learn's counts and idf."""
    training, texts = [mask_numbers(t) for t in training], [mask_numbers(t) for t in texts]
    # Words that repeat are dropped, but for the pairs they stand in.
    distinct = [" ".join(dict.fromkeys(text.split())) for text in texts]
    blocks = []
    for options in (WORDS, CHARACTERS):
        fitted = TfidfVectorizer(min_df=min_df, **options).fit(training)
        names = fitted.get_feature_names_out().tolist()
        idf = fitted.idf_
        if options is WORDS:
            single = [name for name in names if " " not in name]
            pairs = sorted(
                (name for name in names if " " in name),
                key=lambda name: [single.index(word) for word in name.split()],
            )
            idf = idf[[names.index(name) for name in single + pairs]]
            names = single + pairs
        counter = CountVectorizer(vocabulary=names, **options)
        counts = counter.transform(distinct).toarray()
        if options is WORDS:
            counts[:, len(single) :] = counter.transform(texts).toarray()[:, len(single) :]
        length = np.sqrt((counts * idf**2).sum(axis=1, keepdims=True))
        blocks.append(counts * idf / np.where(length > 0, length, 1))
    return np.hstack(blocks)


def test_equals_the_definition_on_the_fixtures(few_labelled):
    texts = [fold(record.text) for record in few_labelled]
    vectoriser = Vectoriser(fit_vocabulary(texts))
    assert np.allclose(vectoriser.transform(texts).toarray(), oracle_rows(texts, texts, min_df=2))


def test_without_repeated_words_it_is_the_usual_tfidf():
    texts = ["coke wiet", "wiet €50", "coke voor €50"]
    ours = Vectoriser(fit_vocabulary(texts, min_df=1, with_characters=False)).transform(texts)
    usual = TfidfVectorizer(**WORDS).fit_transform([mask_numbers(text) for text in texts])
    assert np.allclose(np.sort(ours.toarray()), np.sort(usual.toarray()))


ADS = ["coke 1g €50\n5g €230", "wiet 5 voor 50", "coke en wiet :snowflake:", "a b a b", "coke 2g €100"]
PIECES = st.sampled_from(
    ["coke", "wiet", "1g", "€50", ":snowflake:", "a", "b", "x", "\n", "  ", "é", "voor", "5"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12).map(" ".join), max_size=5))
def test_equals_the_definition_on_any_text(texts):
    vectoriser = Vectoriser(fit_vocabulary(ADS, min_df=1))
    ours = vectoriser.transform([*texts, "coke"])
    assert np.allclose(ours.toarray(), oracle_rows(ADS, [*texts, "coke"], min_df=1))


def test_a_word_counts_once_however_often_it_is_repeated():
    vectoriser = Vectoriser(fit_vocabulary(ADS, min_df=1))
    once, often = vectoriser.transform(["coke wiet x", "coke coke coke wiet x x"]).toarray()
    assert (once == often).all()


def test_fitting_does_not_depend_on_the_order_of_texts():
    first, second = fit_vocabulary(ADS), fit_vocabulary(ADS[::-1])
    assert first[:3] == second[:3]
    assert (first.idf == second.idf).all()


def test_ragged_lists():
    lists = ragged([[3, -1], [], [4]])
    assert lists.values.tolist() == [3, -1, 4]
    assert lists.known().values.tolist() == [3, 4]
    assert lists.known().starts.tolist() == [0, 1, 1, 2]
