"""Near-duplicates against all pairs by brute force; and nothing may depend on order or processes."""

from __future__ import annotations

import importlib
import os
import random
import signal
from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.engines.local import WorkerLostError
from drugscan.errors import SettingsError
from drugscan.neardup import Deduplicator, dedupe, explain_pair
from drugscan.neardup.cluster import CHAIN_MARGIN
from drugscan.records import text_id
from drugscan.text import fold


def edited(text: str, rng: random.Random) -> str:
    """Return the text as another posting of the same ad might have it."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 3)):
        kind = rng.randrange(6)
        if kind == 0:
            lines = [line.replace("5", str(rng.randint(1, 9))) for line in lines]
        elif kind == 1:
            lines.insert(
                rng.randrange(len(lines) + 1), rng.choice(["❄️❄️❄️", "Nieuw nummer!", "App @voorbeeld_x"])
            )
        elif kind == 2 and len(lines) > 1:
            lines.pop(rng.randrange(len(lines)))
        elif kind == 3:
            rng.shuffle(lines)
        elif kind == 4:
            lines[-1] += f" 06 0000 {rng.randint(1000, 9999)}"
        else:
            place = rng.randrange(len(lines))
            lines[place] = lines[place][:3] + lines[place][4:]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def texts(labelled) -> list[str]:
    rng = random.Random(5)
    long = [record.text for record in labelled if len(record.text) >= 80]
    originals = rng.sample(long, 700)
    return originals + [edited(rng.choice(originals), rng) for _ in range(1_300)]


def shingles(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[start : start + 5] for start in range(len(folded) - 4))


def true_pairs(texts: list[str], min_jaccard: float) -> set[tuple[int, int]]:
    """Return all pairs of different texts at the threshold, by comparing everything that shares a shingle."""
    sets = [shingles(text) for text in texts]
    pairs = set()
    for first, second in combinations(range(len(texts)), 2):
        a, b = sets[first], sets[second]
        if a and b and min(len(a), len(b)) >= min_jaccard * max(len(a), len(b)):
            common = len(a & b)
            if common >= min_jaccard * (len(a) + len(b) - common):
                pairs.add((first, second))
    return pairs


def reachable(start: int, neighbours: dict[int, set[int]]) -> set[int]:
    """Return all texts that a row of true pairs leads to."""
    seen, waiting = {start}, [start]
    while waiting:
        new = neighbours[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


@pytest.mark.parametrize("min_jaccard", [0.6, 0.8, 0.9])
def test_pairs_are_found_and_clusters_are_ties_of_true_pairs(texts, min_jaccard):
    distinct = sorted(set(texts), key=text_id)
    pairs = true_pairs(distinct, min_jaccard)
    found = [row["ad_id"] for row in dedupe(distinct, min_jaccard=min_jaccard)]
    together = sum(found[first] == found[second] for first, second in pairs)
    assert len(pairs) > 300
    assert together / len(pairs) >= 0.99
    neighbours = defaultdict(set)
    for first, second in pairs:
        neighbours[first].add(second)
        neighbours[second].add(first)
    for number, ad_id in enumerate(found):  # precision: true pairs alone lead to the representative
        if ad_id != text_id(distinct[number]):
            assert neighbours[number]
            assert ad_id in {text_id(distinct[other]) for other in reachable(number, neighbours)}


def test_members_are_near_their_representative(texts):
    found = dedupe(texts)
    by_id = {text_id(text): shingles(text) for text in texts}
    for row in found:
        own, representative = by_id[row["text_id"]], by_id[row["ad_id"]]
        if row["text_id"] != row["ad_id"]:
            share = len(own & representative) / len(own | representative)
            assert share >= 0.8 - CHAIN_MARGIN
        assert row["ad_id"] <= row["text_id"]


def test_a_chain_is_cut_and_counted():
    steps = 12
    words = [f"woord{chr(97 + n)}{chr(110 - n % 10)}{n * 7}x" for n in range(40 + steps * 4)]
    chain = [" ".join(words[4 * step : 4 * step + 40]) for step in range(steps)]
    with Deduplicator(min_jaccard=0.8) as deduplicator:
        deduplicator.add(chain)
        found = deduplicator.finish()
    assert found.clusters.n_split > 0
    assert len(set(found.clusters.representatives.tolist())) > 1


def test_copies_and_variants():
    ad = "Beste kwaliteit wiet, bezorging in heel Utrecht, 5 gram voor {} euro. App 06 0000 0123"
    found = dedupe([ad.format(50), ad.format(45), ad.format(50), "iets heel anders", "", ""])
    assert [row["copies"] for row in found] == [2, 1, 2, 1, 1, 1]
    assert [row["variants"] for row in found] == [2, 2, 2, 1, 1, 1]
    assert found[0]["ad_id"] == min(text_id(ad.format(50)), text_id(ad.format(45)))


def test_texts_that_hold_only_contacts_are_equal_or_not():
    found = dedupe(
        ["https://voorbeeld.example/a", "https://voorbeeld.example/b", "https://voorbeeld.example/a"]
    )
    assert [row["variants"] for row in found] == [1, 1, 1]
    assert [row["copies"] for row in found] == [2, 1, 2]


SOME = [
    f"Menu {n}: coke 1g {n}0, wiet 5g {n}5, bezorging Utrecht en omstreken dagelijks tot laat"
    for n in range(9)
]
SOME += ["", "a", "b", "abcde", "abcdf", "wie gaat er mee naar de markt morgen", "\ud800"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(SOME), max_size=30), st.randoms(), st.integers(1, 7))
def test_order_and_batches_change_nothing(texts, rng, size):
    expected = dedupe(texts)
    order = list(range(len(texts)))
    rng.shuffle(order)
    with Deduplicator() as deduplicator:
        for start in range(0, len(order), size):
            deduplicator.add([texts[index] for index in order[start : start + size]])
        assert deduplicator.finish().rows() == [expected[index] for index in order]


def test_processes_change_nothing(texts):
    assert dedupe(texts, jobs=2) == dedupe(texts)
    assert dedupe(texts[::-1])[::-1] == dedupe(texts)


def test_a_book_and_its_variant_are_linked():
    """Ranges of so many hashes that a count of one byte cannot hold them."""
    rng = random.Random(2)
    words = [f"{rng.getrandbits(64):x}" for _ in range(5_000)]
    book, variant, other = " ".join(words), " ".join(words[200:]), " ".join(words[:3_000])
    assert [row["variants"] for row in dedupe([book, variant, other])] == [2, 2, 1]


def test_hostile_amounts():
    assert dedupe([]) == []
    assert {row["copies"] for row in dedupe(["zelfde tekst"] * 300_000)} == {300_000}
    footer = " ".join(f"vast{n}e woord" for n in range(60))
    rng = random.Random(1)
    alike = [f"{rng.getrandbits(256):x} {rng.getrandbits(256):x} {footer}" for _ in range(3_000)]
    with Deduplicator() as deduplicator:
        deduplicator.add(alike)
        clusters = deduplicator.finish().clusters
    assert clusters.n_compared < 3_000 * 400


@pytest.mark.parametrize("min_jaccard", [0, -1, 0.049, 1.01, float("nan")])
def test_a_threshold_out_of_range(min_jaccard):
    with pytest.raises(SettingsError, match="least Jaccard"):
        dedupe(["a"], min_jaccard=min_jaccard)


LINE = "dekoningwoontnubijochtendinzijngrijzepaleisvlaklangsmuurtuinhek"
"""A text whose runs are all different."""


def beginning(n_runs: int, *, start: int = 0) -> str:
    """Return a text of which a shorter one has all runs in common."""
    return LINE[start : start + n_runs + 4]


@pytest.mark.parametrize(
    ("min_jaccard", "fewer", "more"), [(0.56, 14, 25), (0.28, 14, 50), (0.68, 17, 25), (0.34, 17, 50)]
)
def test_a_pair_exactly_at_the_least_is_linked(min_jaccard, fewer, more):
    found = dedupe([beginning(fewer), beginning(more)], min_jaccard=min_jaccard)
    assert [row["variants"] for row in found] == [2, 2]


@pytest.mark.parametrize("start", range(6))  # another text is the representative
def test_a_chain_exactly_as_long_as_it_may_be_is_not_cut(start):
    """Links of more than 0.8, and 0.6 from end to end."""
    found = dedupe([beginning(n_runs, start=start) for n_runs in (15, 18, 22, 25)])
    assert {row["variants"] for row in found} == {4}


def test_at_one_only_equal_sets_are_linked():
    found = dedupe(["Wiet 5 voor 50!!", "wiet  5 voor 50!!", "wiet 5 voor 51!!"], min_jaccard=1)
    assert [row["variants"] for row in found] == [2, 2, 1]


def test_explain_shows_the_difference():
    seen = explain_pair(
        "Wiet te koop\n5 gram voor 50\nUtrecht", "Wiet te koop\n5 gram voor 45\nUtrecht", min_jaccard=0.6
    )
    assert seen["linked"]
    assert seen["difference"] == ["  wiet te koop", "- 5 gram voor 50", "+ 5 gram voor 45", "  utrecht"]


def _ended(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_one_line(monkeypatch):
    monkeypatch.setattr(importlib.import_module("drugscan.neardup.dedupe"), "sketch_texts", _ended)
    with pytest.raises(WorkerLostError, match="give fewer --jobs"):
        dedupe([f"wiet {number}" for number in range(1_000)], jobs=2)
