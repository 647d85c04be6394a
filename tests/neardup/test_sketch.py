"""Sketches against slow and obvious ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.neardup import jaccard, sketch_texts
from drugscan.text import fold

BANDS = {"n_bands": 21, "n_rows": 6}
TEXTS = st.lists(st.text(st.sampled_from("coke 1g€\n❄️é\ud800"), max_size=40), max_size=12)


def shingles(text: str) -> set[str]:
    folded = fold(text)
    return {folded[start : start + 5] for start in range(len(folded) - 4)}


def sets_of(texts: list[str]) -> list[np.ndarray]:
    sketches = sketch_texts(texts, **BANDS)
    return np.split(sketches.hashes, np.cumsum(sketches.sizes)[:-1]) if texts else []


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_sets_are_those_of_the_shingles(texts):
    known = [shingles(text) for text in texts]
    sets = sets_of(texts)
    assert [len(own) for own in sets] == [len(own) for own in known]
    for own in sets:
        assert (np.diff(own.astype(object)) > 0).all()
    for first, first_known in zip(sets, known, strict=True):
        for second, second_known in zip(sets, known, strict=True):
            whole = len(first_known | second_known)
            expected = len(first_known & second_known) / whole if first_known and second_known else 0
            assert jaccard(first, second) == expected


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.randoms())
def test_a_text_does_not_depend_on_its_neighbours(texts, random):
    together = sketch_texts(texts, **BANDS)
    order = random.sample(range(len(texts)), len(texts))
    apart = sketch_texts([texts[index] for index in order], **BANDS)
    assert (apart.bands == together.bands[order]).all()


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_counts_are_those_of_the_ranges(texts):
    counts = sketch_texts(texts, **BANDS).counts
    assert counts.shape == (len(texts), 128)
    for own, hashes in zip(counts, sets_of(texts), strict=True):
        assert own.tolist() == [int(np.sum(hashes >> np.uint64(56) == number)) for number in range(128)]


def test_bands_agree_as_often_as_theory_says(labelled):
    """Agreement of a band is Jaccard to the power of its rows, as for the classic scheme."""
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 7)) for _ in range(60)]
    first, second = " ".join(words), " ".join(words[:-4])
    expected = jaccard(*sets_of([first, second])) ** 3
    found = []
    for number in range(300):  # other letters, the same overlap: another draw of hashes
        table = str.maketrans(
            "abcdefghijklmnopqrstuvwxyz", "".join(rng.permutation(list("abcdefghijklmnopqrstuvwxyz")))
        )
        bands = sketch_texts([first.translate(table), second.translate(table)], n_bands=42, n_rows=3).bands
        found.append((bands[0] == bands[1]).mean())
        assert number >= 0
    assert np.mean(found) == pytest.approx(expected, abs=0.03)


def test_agreement_equals_datasketchs(labelled):
    """The estimate of the Jaccard is as good as datasketch's, over the same sets."""
    from datasketch import MinHash

    texts = [record.text for record in labelled if len(record.text) > 150][:40]
    variants = [text.replace("a", "e", 3) + " extra" for text in texts]
    sketches = sketch_texts(texts + variants, n_bands=128, n_rows=1)
    sets = sets_of(texts + variants)
    ours, theirs = [], []
    for number in range(len(texts)):
        pair = (number, number + len(texts))
        true = jaccard(*(sets[index] for index in pair))
        hashes = [MinHash(num_perm=128, hashfunc=lambda h: h) for _ in pair]
        for own, index in zip(hashes, pair, strict=True):
            own.update_batch((sets[index] & np.uint64(0xFFFFFFFF)).tolist())
        ours.append((sketches.bands[pair[0]] == sketches.bands[pair[1]]).mean() - true)
        theirs.append(hashes[0].jaccard(hashes[1]) - true)
    assert np.sqrt(np.mean(np.square(ours))) < 1.5 * np.sqrt(np.mean(np.square(theirs)))
    assert abs(np.mean(ours)) < 0.03


@pytest.mark.parametrize("text", ["", "a", "abcd", "\ud800", "x" * 1_000_000, "🍄" * 3])
def test_odd_texts_have_a_sketch(text):
    sketches = sketch_texts([text, "wiet 5 voor 50"], **BANDS)
    assert sketches.bands.shape == (2, 21)
    assert sketches.sizes[0] == len(shingles(text))
