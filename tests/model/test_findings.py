from __future__ import annotations

import pytest

from drugscan.model.findings import COUNTS, find
from drugscan.text import fold


def counts(text: str) -> dict[str, float]:
    return dict(zip(COUNTS, find([fold(text)]).counts[0].tolist(), strict=True))


def skeleton(text: str) -> str:
    return " ".join(find([fold(text)]).skeletons[0].split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wie heeft coke in Utrecht?", "wie heeft heroine in Maastricht?"),
        ("3-mmc 10g 80", "a-php 10g 80"),
        ("verse wiet 🪑 te koop", "verse wiet te koop"),
    ],
)
def test_texts_that_say_the_same_of_other_things_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_a_refusal_and_an_offer_differ():
    assert counts("geen coke")["substances"] == 0
    assert counts("coke 50")["substances: harddrugs"] == 1


def test_amounts_are_told_apart_as_the_codebook_tells_bulk_apart():
    seen = counts("wiet 500g 1500, coke 100g 3000, xtc 1000 stuks 600, ghb 1 liter 80")
    assert seen["largest g of cannabis or mushrooms"] == 500
    assert seen["largest g of others"] == 100
    assert seen["largest pcs"] == 1000
    assert seen["largest ml"] == 1000
    assert seen["offers of a substance"] == 4


def test_how_a_seller_trades():
    seen = counts("coke 50, bezorging en ophalen, geen post, in Utrecht en Zeist")
    assert (seen["cues: delivery"], seen["cues: pickup"], seen["cues: post"]) == (1, 1, 0)
    assert seen["places"] == 2


def test_a_row_does_not_depend_on_the_other_texts():
    texts = [fold(text) for text in ("coke 50", "", "5g wiet Utrecht", "hallo allemaal")]
    together = find(texts)
    for number, text in enumerate(texts):
        alone = find([text])
        assert alone.skeletons[0] == together.skeletons[number]
        assert (alone.counts[0] == together.counts[number]).all()
    assert find([]).counts.shape == (0, len(COUNTS))
