"""What the sections make of answers, where an answer's shape decides."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from drugscan.reporting.sections.delivery import figures as delivery_figures
from drugscan.reporting.sections.places import figures as place_figures
from drugscan.reporting.sections.prices import figures as price_figures
from drugscan.reporting.sections.reliability import figures as reliability_figures
from drugscan.reporting.sections.substances import figures as substance_figures
from drugscan.reporting.sections.time import figures as time_figures
from drugscan.reporting.words import Words

HEADLINE = {"ads": 1, "ad_messages": 1, "both_models_ad_messages": 1, "single_model_ad_messages": 0}


class Given(dict):
    """Answers that a test makes up."""

    @property
    def model_figures(self):
        return self["figures"]

    @property
    def headline(self):
        return self["headline"][0]


def place(name, lon, lat, ads):
    row = {"place": name, "lon": lon, "lat": lat, "ads": ads, "country": "NL", "kind": "woonplaats"}
    return {**row, "messages": ads, "providers": 1}


def price(substance, position, median, offers=10, unit="g"):
    row = {"substance": substance, "label": "harddrugs", "unit": unit, "offers": offers, "providers": 3}
    return {**row, "quantity_band": f"band {position}", "band_position": position, "median_eur": median}


def test_names_on_the_map_do_not_meet():
    towns = [
        place(f"Plaats {n}", 5 + (n * 37 % 100) / 80, 52 + (n * 53 % 100) / 80, 100 - n) for n in range(60)
    ]
    drawn = place_figures(Given(places=towns, provinces=[], places_by_substance=[]), Words("nl"))[0].drawn
    assert [row["place"] for row in drawn] == [row["place"] for row in towns]
    assert drawn[0]["named_from"] < 1
    named = [row for row in drawn if row["named_from"] <= 1]
    assert 3 < len(named) < 60
    for one, other in itertools.combinations(named, 2):
        far_across = abs(one["lon"] - other["lon"]) * 121 > 8 * len(one["place"])  # pixels a degree
        assert far_across or abs(one["lat"] - other["lat"]) * 198 > 12


def test_places_abroad_regions_and_countries_are_in_the_table_only():
    rows = [place("Nederland", 5, 52, 9) | {"kind": "land"}, place("Essen", 4, 51, 8) | {"country": "BE"}]
    rows.append(place("Utrecht", 5.1, 52.1, 7))
    figure = place_figures(Given(places=rows, provinces=[], places_by_substance=[]), Words("nl"))[0]
    assert [row["place"] for row in figure.drawn] == ["Utrecht"]
    assert figure.rows == rows


def test_false_positives_tell_real_texts_from_written_ones():
    def titled(**counts):
        figures = reliability_figures(Given(headline=[HEADLINE], figures=counts), Words("en"))
        (figure,) = [figure for figure in figures if figure.name == "false_positives"]
        return figure.title, figure.values

    real = {
        "ordinary_texts": {
            "news": {"messages": 900, "called_ads": 1},
            "jobs": {"messages": 100, "called_ads": 2},
        }
    }
    written = {"false_positives": {"h": {"messages": 40, "called_ads": 9}}}
    counts = {"messages": 1_000, "called_ads": 3, "written_messages": 40, "written_called_ads": 9}
    assert titled(**real, **written) == ("title", counts)
    assert titled(**real) == ("title_real", counts | {"written_messages": 0, "written_called_ads": 0})
    assert titled(**written)[0] == "title_written"


def test_bulk_is_shown_in_bulk_quantities_only():
    counts = {"label": "designer", "accounts": 1, "providers": 1}
    rows = [
        {"substance": substance, "band": band, "ads": ads, "is_bulk_quantity": ads < 9, **counts}
        for substance, band, ads in (
            ("2fdck", "1 to under 5 g", 9),
            ("2fdck", "1 kg or more", 7),
            ("weed", "500 pieces or more", 5),
            (None, "1 kg or more", 3),
        )
    ]
    given = Given(headline=[HEADLINE], delivery=[], by_label=[], bulk_offers=rows, bulk_sellers=[])
    figure = delivery_figures(given, Words("en"))[1]
    assert figure.rows == rows[1:]
    assert [row["offer"] for row in figure.drawn] == ["2-FDCK, 1 kg or more", "cannabis, 500 pieces or more"]


def test_provinces_rank_by_what_was_not_rounded_and_ties_are_told():
    def titled(*provinces):
        rows = [
            {"province": name, "ads": ads, "population": people, "ads_per_100000": ads / people * 100_000}
            for name, ads, people in provinces
        ]
        figure = place_figures(Given(places=[], provinces=rows, places_by_substance=[]), Words("en"))[1]
        return figure.title, figure.values["province"], [row["written"] for row in figure.drawn]

    large, small = ("Noord-Holland", 1, 3_000_000), ("Zeeland", 1, 2_900_000)
    assert titled(large, small, ("Drenthe", 0, 500_000)) == ("title", "Zeeland", ["0.03", "0.03", "0"])
    assert titled(small, ("Flevoland", 2, 5_800_000)) == ("title_tie", "Flevoland, Zeeland", ["0.03", "0.03"])


def test_prices_are_drawn_from_enough_offers_and_discounts_of_grams_only():
    prices = [price("cocaine", 1, 60.0), price("cocaine", 2, 50.0), price("cocaine", 3, 10.0, offers=4)]
    discounts = [row | {"discount_percent": None} for row in prices]
    discounts[0]["discount_percent"], discounts[1]["discount_percent"] = 0.0, 16.7
    prices += [price("xtc", 1, 5.0, unit="pcs"), price("xtc", 2, 1.0, unit="pcs")]
    discounts += [row | {"discount_percent": 80.0} for row in prices[-2:]]
    prices += [price("other_nps", 1, 9.0), price("other_nps", 2, 1.0)]
    discounts += [row | {"discount_percent": 80.0} for row in prices[-2:]]
    # Many offers of one quantity make ten of another a slip.
    prices += [price("weed", 1, 9.0), price("weed", 2, 8.0, offers=5_000)]
    given = Given(prices=prices, price_discount=discounts, prices_by_month=[])
    grams, pieces, discount = price_figures(given, Words("en"))
    assert [row["offer"] for row in grams.drawn] == ["cannabis, band 2", "cocaine, band 1", "cocaine|band 2"]
    assert len(grams.rows) == 7
    assert [row["substance"] for row in pieces.drawn] == ["xtc", "xtc"]
    assert {row["substance"]: row["saved_share"] for row in discount.drawn} == {
        "cocaine": pytest.approx(0.167)
    }


def test_the_map_can_show_one_substance():
    towns = [place("Utrecht", 5.1, 52.1, 9), place("Goes", 3.9, 51.5, 8)]
    counts = {"messages": 2, "providers": 1}
    found = [{"place": town, "substance": "weed", "ads": 2, **counts} for town in ("Goes", "Nederland")]
    found.append({"place": "Utrecht", "substance": "xtc", "ads": 1, **counts})
    figure = place_figures(Given(places=towns, provinces=[], places_by_substance=found), Words("nl"))[0]
    shown = {name: [(row["place"], row["ads"]) for row in rows] for name, rows in figure.choices.items()}
    assert shown == {
        "alle drugs": [("Utrecht", 9), ("Goes", 8)],
        "wiet": [("Goes", 2)],
        "xtc-pillen": [("Utrecht", 1)],
    }


def test_prices_are_followed_over_months_with_enough_offers():
    months = [
        price("weed", band, 10.0 + month, offers) | {"month": date(2023, month, 1)}
        for band, offers in ((1, 9), (2, 20), (3, 4))
        for month in (1, 2, 3)
    ]
    months += [price("hash", 1, 7.0) | {"month": date(2023, month, 1)} for month in (1, 2)]
    given = Given(prices=[], price_discount=[], prices_by_month=months)
    figure = price_figures(given, Words("en"))[-1]
    assert list(figure.choices) == ["Cannabis, band 2", "Cannabis, band 1"]
    assert figure.drawn == figure.choices["Cannabis, band 2"]
    assert (figure.values["low"], figure.values["high"]) == (11.0, 13.0)


def test_ads_circulate_from_the_first_with_ads_to_the_last():
    first = date(2023, 5, 1)
    weeks = [
        {
            "period": first + timedelta(days=7 * week),
            "messages": 5,
            "ad_messages": ads,
            "ads": ads,
            "ad_accounts": ads,
        }
        for week, ads in enumerate([0, 1, 3, 0, 2, 1, 0])
    ]
    answers = Given(
        headline=[{"first_date": first, "last_date": first + timedelta(days=48)}],
        by_week=weeks,
        by_hour=[],
        by_weekday=[],
    )
    trend, ads, accounts, *_ = time_figures(answers, Words("en"))
    assert [row["ads"] for row in trend.rows] == [0, 1, 3, 0, 2, 1, 0]
    assert (
        [row["ads"] for row in ads.rows] == [row["ad_accounts"] for row in accounts.rows] == [1, 3, 0, 2, 1]
    )
    assert (ads.values["low"], ads.values["high"]) == (0, 3)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, ["by_hour"]),
        (6, ["by_hour"]),
        (30, ["trend", "ads_trend", "accounts_trend", "by_hour", "by_weekday"]),
    ],
)
def test_what_is_drawn_over_time_depends_on_how_much_there_is(days, expected):
    first = date(2023, 5, 1)
    counts = {"messages": 5, "ad_messages": 3, "ads": 2, "ad_accounts": 1}
    answers = Given(
        headline=[{"first_date": first, "last_date": first + timedelta(days=days - 1)}],
        by_week=[{"period": first + timedelta(days=7 * n), **counts} for n in range((days + 6) // 7)],
        by_hour=[{"period": hour, **counts} for hour in range(24)],
        by_weekday=[{"period": day, **counts} for day in range(1, 8)],
    )
    assert [figure.name for figure in time_figures(answers, Words("en"))] == expected


def months_of(first, last, *shares):
    """Return answers of months with 100 ads each, of which a share in percent offers 3-MMC."""
    firsts = [date(2022 + (11 + n) // 12, (11 + n) % 12 + 1, 1) for n in range(len(shares))]
    counts = {"messages": 900, "ad_messages": 300, "ad_accounts": 7}
    return Given(
        headline=[HEADLINE | {"first_date": first, "last_date": last}],
        by_month=[{"period": month, "ads": 100 + n, **counts} for n, month in enumerate(firsts)],
        by_hour=[],
        by_weekday=[],
        by_label=[],
        by_substance=[{"substance": "3mmc", "ads": 9}],
        substance_by_month=[
            {"substance": "3mmc", "month": month, "ads": (100 + n) * part / 100, "messages": 1, "accounts": 1}
            for n, (month, part) in enumerate(zip(firsts, shares, strict=True))
        ],
        substance_growth=[],
    )


@pytest.mark.parametrize(
    ("first", "last", "n_ads", "shares"),
    [
        # A month that messages cover from its first day to its last counts, be it the first or the last one.
        (date(2022, 12, 1), date(2023, 5, 1), (100, 104), (0.05, 0.4)),
        (date(2022, 12, 2), date(2023, 4, 30), (101, 104), (0.06, 0.4)),
        (date(2022, 12, 1), date(2023, 4, 29), (100, 103), (0.05, 0.3)),
        (date(2022, 12, 30), date(2023, 4, 29), (101, 103), (0.06, 0.3)),
    ],
)
def test_titles_leave_out_the_months_that_are_not_whole(first, last, n_ads, shares):
    answers = months_of(first, last, 5, 6, 20, 30, 40)
    _, ads, *_ = time_figures(answers, Words("en"))
    assert (ads.title, ads.values["low"], ads.values["high"]) == ("title", *n_ads)
    by_month = substance_figures(answers, Words("nl"))[2]
    assert by_month.title == "title"
    assert (by_month.values["low"], by_month.values["high"]) == pytest.approx(shares)


def test_one_whole_month_alone_varies_in_nothing():
    answers = months_of(date(2022, 12, 1), date(2023, 1, 9), 5, 40)
    figure = substance_figures(answers, Words("en"))[2]
    assert (figure.title, len(figure.rows)) == ("", 2)
    answers["by_week"] = [
        {"period": date(2023, 5, 1 + 7 * n), "messages": 9, "ad_messages": 9, "ads": 2 + n, "ad_accounts": 1}
        for n in range(2)
    ]
    answers.headline.update(first_date=date(2023, 5, 1), last_date=date(2023, 5, 9))
    _, ads, accounts, *_ = time_figures(answers, Words("en"))
    assert (ads.title, accounts.title, len(ads.rows)) == ("", "", 2)


@pytest.mark.parametrize(
    ("lang", "sign", "said"),
    [
        ("en", 1, "3-MMC gained most ads per thousand: from 200 to 300"),
        ("nl", 1, "3-MMC won de meeste advertenties per duizend: van 200 naar 300"),
        ("en", -1, "No substance gained; 3-MMC lost most ads per thousand: from 300 to 200"),
        ("nl", -1, "Geen middel won; 3-MMC verloor de meeste advertenties per duizend: van 300 naar 200"),
    ],
)
def test_the_title_of_growth_says_how_it_is_measured(lang, sign, said):
    """In percent, which the table gives too, another grew more."""
    answers = months_of(date(2022, 12, 1), date(2022, 12, 31), 5)
    answers["substance_growth"] = [
        {"substance": name, "early_ads": 20, "late_ads": 20, "early_per_1000": early, "late_per_1000": late}
        for name, *halves in (("weed", 10.0, 50.0), ("3mmc", 200.0, 300.0))
        for early, late in [halves[::sign]]
    ]
    figure = substance_figures(answers, Words(lang))[-1]
    words = Words(lang)
    assert words.fill(words.tables["figure"]["substance_growth"][figure.title], **figure.values) == said
