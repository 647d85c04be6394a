"""Offers by the codebook, one small ad a case; invented like everything here."""

from __future__ import annotations

import pytest

from drugscan.extraction.extract import extract


def offers(text: str) -> list[tuple]:
    """Return each offer as substance, quantity (or range), unit, price, price of one unit."""
    (found,) = extract([text])
    return [
        (
            offer["substance"],
            (offer["quantity"], offer["quantity_max"]) if "quantity_max" in offer else offer["quantity"],
            offer["unit"],
            offer["price_eur"],
            *([offer["unit_price_eur"]] if "unit_price_eur" in offer else []),
        )
        for offer in found["offers"]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coke 1g €50, 5g €230", [("cocaine", 1, "g", 50), ("cocaine", 5, "g", 230)]),
        ("Wiet 5 gram 45 euro", [("weed", 5, "g", 45)]),
        ("Keta 1g = 25 / 5g = 110", [("ketamine", 1, "g", 25), ("ketamine", 5, "g", 110)]),
        ("Speed 10=40 25=85 50=150", [("amphetamine", 10, None, 40), ("amphetamine", 25, None, 85),
                                      ("amphetamine", 50, None, 150)]),
        ("XTC 10 = 25\n50 = 100", [("xtc", 10, "pcs", 25), ("xtc", 50, "pcs", 100)]),
        ("Coke\n1 50\n3 140", [("cocaine", 1, None, 50), ("cocaine", 3, None, 140)]),
        ("Wiet halfje 5, hele 9", [("weed", 0.5, "g", 5), ("weed", 1, "g", 9)]),
        ("Coke ½ g 30", [("cocaine", 0.5, "g", 30)]),
        ("Coke 0,5 g €30,-", [("cocaine", 0.5, "g", 30)]),
        ("Hash 1 kilo 1.800 euro", [("hash", 1000, "g", 1800)]),
        ("Hash 1 ons 350, een pond 1500", [("hash", 100, "g", 350), ("hash", 500, "g", 1500)]),
        ("GHB 1 liter 120, 500 ml 70", [("ghb", 1000, "ml", 120), ("ghb", 500, "ml", 70)]),
        ("Wiet 10 p/g", [("weed", 1, "g", 10)]),
        ("XTC 3 euro per stuk", [("xtc", 1, "pcs", 3)]),
        ("XTC 2,50 p.s.", [("xtc", 1, "pcs", 2.5)]),
        ("Coke 50 pg, 5 voor 220", [("cocaine", 1, "g", 50), ("cocaine", 5, "g", 220)]),
        ("XTC vanaf 100 stuks 0,80 p.s.", [("xtc", 100, "pcs", None, 0.8)]),
        ("Hash 3900 per kilo vanaf 4 kilo", [("hash", 4000, "g", None, 3.9)]),
        ("Wiet 1-4 gram 15 p.g.", [("weed", (1, 4), "g", None, 15)]),
        ("XTC 1K voor 700", [("xtc", 1000, "pcs", 700)]),
        ("Coke 55, keta 25", [("cocaine", None, None, 55), ("ketamine", None, None, 25)]),
        ("Diazepam 10 mg strip 15 euro", [("diazepam", 1, "pcs", 15)]),
        ("2 strips diazepam 25 euro", [("diazepam", 2, "pcs", 25)]),
        ("Hash, laatste 80 gram", [("hash", 80, "g", None)]),
        ("Lachgas tank 2kg 50", [("nitrous", 1, "pcs", 50)]),
        ("Coke 1x€50 2x€95", [("cocaine", 1, None, 50), ("cocaine", 2, None, 95)]),
        ("1g coke + 5 xtc = 60", [(None, None, None, 60)]),
        ("5 g hash 30 / 5 g wiet 40", [("hash", 5, "g", 30), ("weed", 5, "g", 40)]),
        ("❄️ Coke\n1 gram 50\n🐴 Keta\n1 gram 25", [("cocaine", 1, "g", 50), ("ketamine", 1, "g", 25)]),
    ],
)  # fmt: skip
def test_offers_are_read_by_the_codebook(text, expected):
    assert offers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wiet, app 06 0000 0123",
        "Wiet, open 14:00 - 23:00",
        "Wiet, van 12 tot 23 uur",
        "Wiet, binnen 30 min bij je",
        "Wiet, 18+",
        "Diazepam 10 mg",
        "Wiet, min. bestelling 40 euro",
        "Wiet, bezorgkosten 5 euro",
        "Wiet, 24/7 open",
        "Wiet, 10% korting",
        "Wiet, vrijdag 12 mei",
        "Wiet, sinds 2019",
        "",
        "€ -5",
        "1/0 g wiet",
        "Wiet 0 gram 0 euro",
    ],
)
def test_what_is_no_offer(text):
    assert offers(text) == []


def test_amounts_are_exact():
    (found,) = extract(["Wiet 0,1 g 0,70 euro, 3 g 21,10 euro"])
    assert [(o["quantity"], o["price_eur"]) for o in found["offers"]] == [(0.1, 0.7), (3, 21.1)]


def test_a_price_beyond_all_bounds_is_none():
    assert not [
        offer for offer in offers("coke 1g €9999999") if offer[3] is not None and offer[3] > 1_000_000
    ]
