"""What the sections make of answers, where an answer's shape decides."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from drugscan.reporting.sections.chats import figures as chat_figures
from drugscan.reporting.sections.copies import figures as copy_figures
from drugscan.reporting.sections.delivery import figures as delivery_figures
from drugscan.reporting.sections.places import figures as place_figures
from drugscan.reporting.sections.prices import figures as price_figures
from drugscan.reporting.sections.providers import figures as provider_figures
from drugscan.reporting.sections.providers import provider_range
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
    assert [row["offer"] for row in figure.drawn] == ["2-FDCK, 1 kg or more", "weed, 500 pieces or more"]


def test_provinces_rank_by_what_was_not_rounded_and_ties_are_told():
    def titled(*provinces):
        rows = [
            {"province": name, "ads": ads, "population": people, "ads_per_100000": ads / people * 100_000}
            for name, ads, people in provinces
        ]
        figure = place_figures(Given(places=[], provinces=rows, places_by_substance=[]), Words("en"))[1]
        return figure.title, figure.values["province"], [row["written"] for row in figure.drawn]

    large, small = ("Noord-Holland", 5, 15_000_000), ("Zeeland", 5, 14_500_000)
    assert titled(large, small, ("Drenthe", 0, 500_000)) == ("title", "Zeeland", ["0.03", "0.03", "0"])
    assert titled(small, ("Flevoland", 10, 29_000_000)) == (
        "title_tie",
        "Flevoland, Zeeland",
        ["0.03", "0.03"],
    )
    assert titled(("Zeeland", 4, 400_000), ("Drenthe", 0, 500_000))[0] == ""  # of so few none is the first


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
    assert [row["offer"] for row in grams.drawn] == ["weed, band 2", "cocaine, band 1", "cocaine|band 2"]
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
    assert list(figure.choices) == ["Weed, band 2", "Weed, band 1"]
    assert figure.drawn == figure.choices["Weed, band 2"]
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
        ("en", 1, "3-MMC gained the most ads per thousand: from 200 to 300"),
        ("nl", 1, "3-MMC won de meeste advertenties per duizend: van 200 naar 300"),
        ("en", -1, "No substance gained; 3-MMC lost the most ads per thousand: from 300 to 200"),
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


def said(figure, lang="en"):
    """Return the title as the page has it; nothing where it says what the picture is about."""
    words = Words(lang)
    own = words.tables["figure"][figure.name]
    return words.fill(own[figure.title], **figure.values) if figure.title else ""


@pytest.mark.parametrize(
    ("ads", "expected"),
    [
        ([9], "Cocaine is offered most often"),
        ([4, 1], ""),
        ([9, 9, 3], ""),
        ([9, 8], "Cocaine is offered most often"),
        ([9, 8, 7], "Cocaine is offered most often, before weed and xtc"),
        ([9, 8, 8, 7], "Cocaine is offered most often, before weed and xtc"),
        ([9, 8, 7, 7], "Cocaine is offered most often"),
    ],
)
def test_a_title_names_those_with_most_only_where_they_have_more_than_others(ads, expected):
    names = ["Cocaine", "weed", "xtc", "lsd"]
    rows = [{"substance": name, "ads": n} for name, n in zip(names, ads, strict=False)]
    answers = months_of(date(2022, 12, 1), date(2022, 12, 31), 5)
    answers["by_substance"] = rows
    title = said(substance_figures(answers, Words("en"))[1])
    assert title.replace("ecstasy pills", "xtc") == expected
    towns = [place(name, 5, 52, n) for name, n in zip(names, ads, strict=False)]
    on_the_map = place_figures(Given(places=towns, provinces=[], places_by_substance=[]), Words("en"))[0]
    of_the_map = expected.replace("offered", "named").replace("Cocaine", "Of the places on the map Cocaine")
    assert said(on_the_map) == of_the_map


@pytest.mark.parametrize(
    ("hard", "soft", "expected"), [(7, 9, "Soft drugs are offered in 7.5%"), (9, 9, ""), (1, 0, "")]
)
def test_a_kind_of_drug_is_named_if_it_is_the_one_with_most(hard, soft, expected):
    answers = months_of(date(2022, 12, 1), date(2022, 12, 31), 5)
    answers.headline["ads"] = 120
    answers["by_label"] = [{"label": "harddrugs", "ads": hard}, {"label": "softdrugs", "ads": soft}]
    assert said(substance_figures(answers, Words("en"))[0])[:30] == expected


@pytest.mark.parametrize(
    ("ad_messages", "trend", "hour", "weekday"),
    [
        (
            [9, 3, 3],
            "The week of 1\xa0May 2023 saw the most ads: 9",
            "Ads peak from 0:00 to 1:00",
            "Monday has",
        ),
        ([9, 9, 3], "", "", ""),
        ([1, 1, 1], "", "", ""),
        ([4, 0, 1], "", "", ""),
        ([9, 9, 9], "", "", "Ads are spread evenly over the week"),
    ],
)
def test_a_time_is_named_if_it_is_the_one_with_most(ad_messages, trend, hour, weekday):
    first = date(2023, 5, 1)
    rows = [{"messages": 20, "ad_messages": n, "ads": n, "ad_accounts": n} for n in ad_messages]
    answers = Given(
        headline=[{"first_date": first, "last_date": first + timedelta(days=20)}],
        by_week=[row | {"period": first + timedelta(days=7 * n)} for n, row in enumerate(rows)],
        by_hour=[row | {"period": n} for n, row in enumerate(rows)],
        by_weekday=[row | {"period": n} for n, row in enumerate(rows, 1)],
    )
    figures = {figure.name: figure for figure in time_figures(answers, Words("en"))}
    assert said(figures["trend"]) == trend
    assert said(figures["by_hour"]) == hour
    assert said(figures["by_weekday"]).startswith(weekday)
    assert bool(said(figures["by_weekday"])) == bool(weekday)
    assert bool(said(figures["ads_trend"])) == bool(said(figures["accounts_trend"])) == (9 in ad_messages)


def test_shares_of_months_with_a_handful_of_ads_vary_by_chance():
    answers = months_of(date(2022, 12, 1), date(2023, 4, 30), 5, 6, 20, 30, 40)
    for row in answers["by_month"][1:]:
        row["ads"] = 3
    figure = substance_figures(answers, Words("en"))[2]
    assert (said(figure), len(figure.rows)) == ("", 5)


def test_of_two_substances_that_varied_alike_none_varied_most():
    answers = months_of(date(2022, 12, 1), date(2023, 2, 28), 20, 30, 40)
    other = [row | {"substance": "weed", "ads": row["ads"] * 2} for row in answers["substance_by_month"]]
    answers["by_substance"].append({"substance": "weed", "ads": 8})
    answers["substance_by_month"] += other
    assert said(substance_figures(answers, Words("en"))[2]).startswith("Weed varied most")
    for row, same in zip(answers["substance_by_month"], other, strict=False):
        same["ads"] = row["ads"]
    assert said(substance_figures(answers, Words("en"))[2]) == ""


@pytest.mark.parametrize(
    ("early_ads", "lates", "expected"),
    [
        (20, (300.0, 50.0), "3-MMC gained the most ads per thousand: from 200 to 300"),
        (20, (300.0, 110.0), ""),
        (3, (300.0, 50.0), ""),  # three ads in a half are too few to have grown from
    ],
)
def test_growth_is_told_of_one_substance_and_from_more_than_a_few_ads(early_ads, lates, expected):
    answers = months_of(date(2022, 12, 1), date(2022, 12, 31), 5)
    answers["substance_growth"] = [
        {"substance": name, "early_ads": early_ads, "late_ads": 20}
        | {"early_per_1000": early, "late_per_1000": late}
        for name, early, late in (("3mmc", 200.0, lates[0]), ("weed", 10.0, lates[1]))
    ]
    assert said(substance_figures(answers, Words("en"))[-1]) == expected


@pytest.mark.parametrize(
    ("ad_messages", "expected"),
    [
        ([6], "All ad messages whose chat is known stand in one chat"),
        ([6, 1, 0], "One of 3 chats holds at least half of the ad messages whose chat is known"),
        ([3, 3, 3], "2 of 3 chats hold half of the ad messages whose chat is known"),
        ([2, 2], ""),
    ],
)
def test_the_title_of_chats_counts_those_that_hold_half(ad_messages, expected):
    rows = [{"chat": str(n), "messages": 9, "ad_messages": ads} for n, ads in enumerate(ad_messages)]
    assert said(chat_figures(Given(by_chat=rows), Words("en"))[0]) == expected


def test_titles_of_copies_speak_of_what_was_repeated():
    def titles(*copies):
        bands = [{"position": 1, "ads": copies.count(1), "messages": copies.count(1)}]
        often = [n for n in copies if n > 9]
        bands.append({"position": 3, "ads": len(often), "messages": sum(often)})
        answers = Given(
            headline=[{"ads": len(copies), "ad_messages": sum(copies)}],
            copies=bands,
            most_repeated_ads=[{"text": "wiet", "messages": n} for n in copies[:4]],
        )
        return [said(figure) for figure in copy_figures(answers, Words("en"))]

    often = "20.0% of the ads were posted ten times or more; they make up 71.4% of the ad messages"
    assert titles(10, 1, 1, 1, 1) == [often, ""]
    assert titles(1, 1, 1, 1, 1) == ["No ad was posted ten times or more", ""]
    assert titles(10) == ["", ""]
    assert titles(20, 2, 2, 2, 2)[1] == "The 4 most repeated ads make up 92.9% of all ad messages"


def test_titles_of_bulk_name_one_offer_and_count_the_sellers():
    def titles(*ads, n_sellers):
        counts = {"band": "1 kg or more", "is_bulk_quantity": True}
        offers = [
            {"substance": name, "ads": n, **counts} for name, n in zip(("hash", "xtc"), ads, strict=True)
        ]
        sellers = [{"provider": n, "messages": 2} for n in range(n_sellers)]
        headline = HEADLINE | {"bulk_messages": 40}
        answers = Given(
            headline=[headline], delivery=[], by_label=[], bulk_offers=offers, bulk_sellers=sellers
        )
        return [said(figure) for figure in delivery_figures(answers, Words("en"))[1:]]

    assert titles(7, 6, n_sellers=1) == [
        "Hash (1 kg or more) is offered in bulk most often",
        "5.0% of the messages in bulk come from 1 provider",
    ]
    assert titles(7, 7, n_sellers=11) == [
        "",
        "50.0% of the messages in bulk come from the 10 providers with most of them",
    ]


def test_titles_of_providers_speak_of_what_is_counted():
    def titles(contacts, *ranges):
        left_out = {"anonymous_ad_messages": 0, "unattributed_ad_messages": 2}
        headline = {"ad_messages": 40, "ad_accounts": 6, "ad_contacts": contacts, "providers": 6, **left_out}
        headline["contactless_ad_messages"] = 0 if contacts else 40
        summary = [{"range": one, "quantities": "user"} for one in ranges]
        answers = Given(headline=[headline], provider_summary=summary, lifetimes=[], lifetime_summary=[])
        answers.large_enough = lambda rows, **_: rows
        return [said(figure) for figure in provider_figures(answers, Words("en"))][:2]

    several = "83.3% of the linked providers offer several kinds of drugs"
    assert titles(6, "one kind", *["several"] * 5) == ["6 providers, whatever is counted as one", several]
    assert titles(0, *["one kind"] * 5, *["several"] * 5) == ["", ""]


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ((0, 0, 0), (3, 20)),
        ((4, 0, 4), (3, 20)),
        ((5, 0, 0), (9, 20)),
        ((5, 0, 5), (20, 20)),
        ((9, 9, 9), None),
    ],
)
def test_a_count_of_a_part_of_the_ads_is_no_end_of_the_range(left_out, expected):
    columns = ("anonymous_ad_messages", "contactless_ad_messages", "unattributed_ad_messages")
    counts = {"ad_messages": 40, "ad_accounts": 3, "ad_contacts": 20, "providers": 9}
    headline = {**counts, **dict(zip(columns, left_out, strict=True))}
    assert provider_range(headline) == expected
    answers = Given(headline=[headline], provider_summary=[], lifetimes=[], lifetime_summary=[])
    answers.large_enough = lambda rows, **_: rows
    figure = provider_figures(answers, Words("en"))[0]
    assert [row["covered_share"] for row in figure.rows] == [1 - n / 40 for n in left_out]
    assert figure.title == ("title" if expected and expected[0] < expected[1] else "")


def test_disguises_that_lower_nothing_are_not_said_to():
    figures = {"attacks": {"clean": 0.9, "leet": 0.9}}
    attacks, _ = reliability_figures(Given(headline=[HEADLINE], figures=figures), Words("nl"))
    assert said(attacks, "nl") == "Vermomde woorden verlagen F1 niet"
