"""Answers against an oracle that counts message by message, on a folder whose truth is known."""

from __future__ import annotations

import itertools
import random
import re
import statistics
from collections import Counter, defaultdict
from datetime import timedelta

import pyarrow
import pytest

from drugscan.analysis import definition, open_results, questions, suppress_small, tables
from drugscan.analysis.database import settings
from drugscan.analysis.questions import _load
from drugscan.errors import DrugscanError, InputError, SettingsError
from drugscan.lexicon import load_lexicon
from drugscan.records import LABELS, SCHEMA_VERSION
from tests.analysis.folders import FIRST_DAY, Post, Text, write_results
from tests.analysis.oracle import Oracle, time_of


@pytest.fixture(scope="module")
def oracle(posts: list[Post]) -> Oracle:
    return Oracle(posts)


def by_key(table: pyarrow.Table, key: str, *columns: str) -> dict:
    rows = table.to_pylist()
    found = {row[key]: tuple(row[column] for column in columns) for row in rows}
    assert len(found) == len(rows)
    return found


def test_headline_equals_the_truth(results, oracle):
    (row,) = results.ask("headline").to_pylist()
    assert {key: row[key] for key in oracle.headline()} == oracle.headline()
    assert row["rejects"] == 3
    assert row["both_models_ad_messages"] + row["single_model_ad_messages"] == row["ad_messages"]
    assert 0 < row["providers"] < row["ad_accounts"] + row["ad_contacts"]


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("by_month", lambda time: time.date().replace(day=1)),
        ("by_week", lambda time: time.date() - timedelta(days=time.weekday())),
        ("by_hour", lambda time: time.hour),
        ("by_weekday", lambda time: time.isoweekday()),
    ],
)
def test_periods_are_those_of_dutch_time(results, oracle, question, period):
    answer = by_key(results.ask(question), "period", "messages", "ad_messages", "ads", "ad_accounts")
    truth = oracle.by_period(period)
    assert {key: row for key, row in answer.items() if row[0]} == truth
    assert list(answer) == sorted(answer)


def test_chats_of_one_name_are_told_apart_and_a_name_goes_before_an_id(tmp_path):
    posts = [
        Post(Text(f"hoi {number}"), chat=chat, fields={"chat_id": chat_id})
        for number, (chat, chat_id) in enumerate([("Groep", "1"), ("Groep", "2"), ("Zaal", "3"), (None, "3")])
    ]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        counts = by_key(opened.ask("by_chat"), "chat", "messages")
    assert counts == {"Groep (1)": (1,), "Groep (2)": (1,), "Zaal": (2,)}


def test_periods_without_messages_are_there(tmp_path):
    posts = [Post(Text("hoi"), date=FIRST_DAY + timedelta(days=days)) for days in (0, 70)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        assert opened.ask("by_month")["messages"].to_pylist() == [1, 0, 1]
        assert len(opened.ask("by_week")) == 11
        assert len(opened.ask("by_hour")) == 24


def test_labels(results, oracle, posts):
    answer = by_key(results.ask("by_label"), "label", "messages", "ads", "accounts")
    truth = dict.fromkeys(LABELS, (0, 0, 0)) | oracle.by_value(lambda text: text.labels)
    truth["geendrugsad"] = (len(posts) - len(oracle.ads), 0, None)  # who posts no ads is not counted
    assert answer == truth
    texts = by_key(results.ask("by_label"), "label", "texts")
    assert texts["drugsad"][0] + texts["geendrugsad"][0] == oracle.headline()["texts"]


def test_substances_and_delivery(results, oracle):
    answer = by_key(results.ask("by_substance"), "substance", "messages", "ads", "accounts")
    assert answer == oracle.by_value(lambda text: text.substances)
    modes = ("bezorging", "pickup", "post")
    answer = by_key(results.ask("delivery"), "mode", "messages", "ads", "accounts")
    assert answer == oracle.by_value(
        lambda text: ["+".join(mode for mode in modes if mode in text.labels) or "none"]
    )


def test_substances_by_month_and_their_growth(results, oracle):
    def month(post):
        return [time.date().replace(day=1)] if (time := time_of(post)) else []

    answer = results.ask("substance_by_month").to_pylist()
    truth = oracle.by_post(lambda post: itertools.product(month(post), post.text.substances))
    counts = {
        (row["month"], row["substance"]): (row["messages"], row["ads"], row["accounts"]) for row in answer
    }
    assert {key: count for key, count in counts.items() if count[0]} == truth
    months, substances = ({key[part] for key in counts} for part in (0, 1))
    assert len(answer) == len(months) * len(substances)
    growth = by_key(results.ask("substance_growth"), "substance", "ads", "accounts")
    truth = oracle.by_post(lambda post: post.text.substances if time_of(post) else [])
    assert growth == {substance: counts[1:] for substance, counts in truth.items()}


def test_months_of_substances_end_with_the_ads(tmp_path):
    ad = Text("coke te koop", ("drugsad", "harddrugs"), ["cocaine"])
    posts = [Post(Text("hoi"), date=FIRST_DAY + timedelta(days=days)) for days in (0, 40, 70, 100, 130)]
    posts += [Post(ad, date=FIRST_DAY + timedelta(days=days)) for days in (40, 100)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        assert opened.ask("substance_by_month")["ads"].to_pylist() == [1, 0, 1]


def test_places_provinces_and_regions(results, oracle):
    places = load_lexicon().gazetteer
    answer = by_key(results.ask("places"), "place", "messages", "ads", "accounts")
    assert answer == oracle.by_value(lambda text: text.places)
    answer = {
        (row["place"], row["substance"]): (row["messages"], row["ads"], row["accounts"])
        for row in results.ask("places_by_substance").to_pylist()
    }
    assert answer == oracle.by_value(lambda text: itertools.product(text.places, text.substances))
    answer = by_key(results.ask("provinces"), "province", "messages", "ads", "accounts")
    truth = oracle.by_value(
        lambda text: {
            places[name].province
            for name in text.places
            if name in places and places[name].country == "NL" and places[name].province
        }
    )
    assert len(answer) == 12
    assert {key: row for key, row in answer.items() if row[0]} == truth
    regions = by_key(results.ask("regions"), "region", "messages", "ads", "accounts")
    assert regions == oracle.by_value(
        lambda text: [name for name in text.places if name in places and places[name].kind == "regio"]
    )
    (utrecht,) = [row for row in results.ask("places").to_pylist() if row["place"] == "Utrecht"]
    assert utrecht["ads_per_100000"] == round(utrecht["ads"] * 100_000 / utrecht["population"], 3)


def test_chats(results, oracle):
    answer = by_key(results.ask("by_chat"), "chat", "messages", "ad_messages", "ads", "accounts")
    assert answer == oracle.by_chat()


def test_copies(results, oracle):
    truth = defaultdict(lambda: [0, 0])
    for copies, n_ads in oracle.copies().items():
        low = 1 if copies == 1 else 2 if copies < 10 else 10 ** (len(str(copies)) - 1)
        band = "1" if copies == 1 else f"{low}-{10 ** len(str(copies)) - 1}"
        truth[band][0] += n_ads
        truth[band][1] += n_ads * copies
    answer = by_key(results.ask("copies"), "copies_band", "ads", "messages")
    assert answer == {band: tuple(counts) for band, counts in truth.items()}
    posters = defaultdict(set)
    for post in oracle.ads:
        posters[oracle.ad_id(post)].add(post.account)
    counted = Counter(oracle.ad_id(post) for post in oracle.ads)
    once = set().union(*(posters[ad] for ad, copies in counted.items() if copies == 1)) - {None}
    assert results.ask("copies").to_pylist()[0]["accounts"] == len(once)


def test_most_repeated_ads(results, oracle):
    top = results.ask("most_repeated_ads", n=5).to_pylist()
    copies = sorted((count for count in oracle.copies().elements()), reverse=True)
    assert [row["messages"] for row in top] == copies[:5]
    first = [post for post in oracle.ads if oracle.ad_id(post) == top[0]["ad_id"]]
    assert top[0]["texts"] == len({post.text.text for post in first})
    assert top[0]["accounts"] == len({post.account for post in first} - {None})
    assert top[0]["text"] in {post.text.text for post in first}


def test_growth_says_what_is_new_and_what_vanished(tmp_path):
    def ad(substance, month):
        text = Text(f"{substance} te koop", ("drugsad", "harddrugs"), [substance])
        return Post(text, date=FIRST_DAY + timedelta(days=31 * month + 5))

    posts = [ad("cocaine", month) for month in range(6)] + [ad("3cmc", 0), ad("2cb", 5)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        answer = by_key(opened.ask("substance_growth"), "substance", "early_ads", "late_ads", "change")
    assert answer == {"cocaine": (1, 1, None), "3cmc": (1, 0, "vanished"), "2cb": (0, 1, "new")}


def test_prices_count_each_ad_once_a_provider(tmp_path):
    def ad(text, price, *, contact, quantity=1.0, ad=None):
        offer = {"substance": "cocaine", "quantity": quantity, "unit": "g", "price_eur": price}
        return Text(text, ("drugsad", "harddrugs"), ["cocaine"], offers=[offer], contacts=[contact], ad=ad)

    first, second = ("phone", "+31600000001"), ("phone", "+31600000002")
    long = "Coke van goede kwaliteit in de hele stad bezorgd, app ons, {}"
    texts = [
        ad(long.format("a"), 50, contact=first),
        ad(long.format("a!"), 50, contact=first, ad=long.format("a")),  # a variant at the same price
        ad(long.format("a!!"), 45, contact=first, ad=long.format("a")),  # a variant at another
        ad("Iets heel anders", 60, contact=second),
        ad("Nog iets anders", 200, contact=second, quantity=5),
    ]
    posts = [Post(text, account=f"user{text.contacts[0][1]}") for text in texts for _ in range(3)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        small, large = opened.ask("prices").to_pylist()
        offers = opened.ask("price_offers").to_pylist()
    prices = [45.0, 50.0, 60.0]
    assert small["quantity_band"] == "1 to under 5 g"
    assert (small["offers"], small["ads"], small["providers"]) == (3, 2, 2)
    assert (small["min_eur"], small["median_eur"], small["max_eur"]) == (45.0, 50.0, 60.0)
    assert small["mean_eur"] == pytest.approx(statistics.mean(prices), abs=1e-4)
    assert small["q1_eur"], small["q3_eur"] == statistics.quantiles(prices, n=4, method="inclusive")[::2]
    assert (large["quantity_band"], large["median_eur"]) == ("5 to under 25 g", 40.0)
    assert [offer["unit_price_eur"] for offer in offers] == [45.0, 50.0, 60.0, 40.0]


def test_discounts_are_those_from_the_smallest_quantity_with_enough_offers(tmp_path):
    def ads(quantity, prices, account):
        for price in prices:
            offer = {"substance": "ketamine", "quantity": quantity, "unit": "g", "price_eur": price}
            text = f"keta {quantity} g {price} euro bij {account}"
            yield Post(Text(text, ("drugsad", "harddrugs"), ["ketamine"], offers=[offer]), account)

    posts = [*ads(0.5, [200, 210, 220, 230], "user1"), *ads(1, [30, 32, 34, 36, 38], "user2")]
    posts += [*ads(5, [125, 130, 135, 140, 145], "user3"), *ads(5, [140, 150], "user4")]
    posts += [*ads(50, [500, 600, 700], "user5")]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        table = opened.ask("price_discount")
    found = [(row["quantity_band"], row["median_eur"], row["discount_percent"]) for row in table.to_pylist()]
    assert found == [
        ("under 1 g", 430.0, None),
        ("1 to under 5 g", 34.0, 0.0),
        ("5 to under 25 g", 28.0, 17.6),
        ("25 to under 100 g", 12.0, None),
    ]
    assert table["base_providers"].to_pylist() == [None, 1, 1, None]
    kept, n_left_out = suppress_small(table, min_count=2)
    assert (kept.num_rows, n_left_out) == (0, 4), "the base of a comparison can be worked out from it"


def test_outliers_are_marked_and_counted(tmp_path):
    def ad(number, price):
        offer = {"substance": "weed", "quantity": 5, "unit": "g", "price_eur": price}
        return Post(
            Text(f"wiet nummer {number}", ("drugsad", "softdrugs"), ["weed"], offers=[offer]), f"user{number}"
        )

    posts = [ad(number, 50 + number % 4) for number in range(12)] + [ad(99, 5_000)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        (row,) = opened.ask("prices").to_pylist()
        marked = [offer for offer in opened.ask("price_offers").to_pylist() if offer["is_outlier"]]
    assert (row["offers"], row["outliers"], row["max_eur"]) == (13, 1, 1_000.0)
    assert row["mode_eur"] == 10.0  # the lowest of the most frequent
    assert [offer["price_eur"] for offer in marked] == [5_000.0]


def test_a_price_near_one_that_nearly_all_ask_is_no_outlier(tmp_path):
    prices = [50] * 10 + [48, 66, 38, 68, 37]
    texts = [
        Text(
            f"wiet nummer {number}",
            ("drugsad", "softdrugs"),
            ["weed"],
            offers=[{"substance": "weed", "quantity": 1, "unit": "g", "price_eur": price}],
        )
        for number, price in enumerate(prices)
    ]
    posts = [Post(text, f"user{number}") for number, text in enumerate(texts)]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        offers = opened.ask("price_offers").to_pylist()
    assert [offer["price_eur"] for offer in offers if offer["is_outlier"]] == [37, 68]


def test_prices_that_no_number_holds_do_not_stop_it(tmp_path):
    offer = {"substance": "weed", "quantity": 0.001, "unit": "g", "price_eur": 9e16}
    posts = [Post(Text("wiet", ("drugsad", "softdrugs"), ["weed"], offers=[offer]))]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        assert opened.ask("prices").num_rows == 0
        assert opened.ask("offers").num_rows == 1


def test_bulk_and_lifetimes(results, oracle):
    sellers = results.ask("bulk_sellers").to_pylist()
    bulk = oracle.headline()["bulk_messages"]
    assert 0 < sum(row["messages"] for row in sellers) <= bulk
    assert all(row["ads"] > 0 for row in results.ask("bulk_offers").to_pylist())
    lifetimes = results.ask("lifetimes").to_pylist()
    dated = {post.account for post in oracle.ads if time_of(post)} - {None}
    assert sum(row["members"] for row in lifetimes if row["kind"] == "account") == len(dated)
    (summary, _) = results.ask("lifetime_summary").to_pylist()
    assert summary["members"] == len(dated)


@pytest.mark.parametrize("name", [*questions(), *tables()])
def test_an_empty_folder_answers_everything(name, empty_results):
    table = empty_results.ask(name)
    expected = {
        "headline": 1,
        "by_hour": 24,
        "by_weekday": 7,
        "by_label": 10,
        "provinces": 12,
        "lifetimes": 14,
    }
    assert table.num_rows == expected.get(name, 0)


@pytest.fixture(scope="module")
def empty_results(tmp_path_factory):
    folder = write_results(tmp_path_factory.mktemp("empty") / "results", [], n_parts=0)
    with open_results(folder, identities=True) as opened:
        yield opened


@pytest.mark.parametrize("name", [*questions(), *tables()])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_question_says_what_it_counts(name, lang):
    words = definition(name, lang=lang)
    assert words.startswith({"en": "One row", "nl": "Eén rij"}[lang])
    assert words.endswith(".")


@pytest.mark.parametrize("n_parts", [1, 2, 5])
def test_order_and_parts_change_nothing(results, posts, tmp_path, n_parts):
    order = random.Random(n_parts).sample(range(len(posts)), len(posts))
    folder = write_results(tmp_path / "r", posts, n_parts=n_parts, n_rejects=3, order=order)
    with open_results(folder, identities=True) as shuffled:
        for name in [*questions(), *tables()]:
            assert shuffled.ask(name).equals(results.ask(name)), name


def test_refuses_what_is_no_results_folder(tmp_path, posts):
    with pytest.raises(InputError, match="is no results folder; give a folder that drugscan scan wrote"):
        open_results(tmp_path)
    folder = write_results(tmp_path / "r", posts[:5])
    for manifest, problem in (
        ("{", "is no manifest"),
        ("[]", "is no manifest"),
        ('{"schema_version": 0}', f"has version 0, this drugscan reads version {SCHEMA_VERSION}"),
        (f'{{"schema_version": {SCHEMA_VERSION}, "finished": false}}', "is not finished"),
    ):
        (folder / "manifest.json").write_text(manifest)
        with pytest.raises(InputError, match=problem):
            open_results(folder)


def test_refuses_damaged_parts(tmp_path, posts):
    folder = write_results(tmp_path / "r", posts[:5])
    part = folder / "texts" / "part-00000.parquet"
    whole = part.read_bytes()
    in_the_middle = whole.index(posts[0].text.text[:4].encode())  # of what a column holds
    for damaged in (
        b"PAR1 no more",
        whole[:-300] + b"\xff" * 200 + whole[-100:],  # what the columns are
        whole[:4] + b"\xff" * 30 + whole[34:],  # where a column begins
        whole[:in_the_middle] + b"\xff" * 4 + whole[in_the_middle + 4 :],
    ):
        part.write_bytes(damaged)
        with (
            pytest.raises(InputError, match="cannot be read"),
            open_results(folder, key_file=tmp_path / "key") as opened,
        ):
            opened.ask("texts")
        with pytest.raises(DrugscanError), open_results(folder, key_file=tmp_path / "key") as opened:
            opened.select("select length(text) from texts").read_all()


def test_refuses_unknown_questions_and_parameters(results):
    with pytest.raises(SettingsError, match=r"no question or table is called 'nope'; choose from accounts, "):
        results.ask("nope")
    with pytest.raises(SettingsError, match="has no parameter 'm'; it has n"):
        results.ask("most_repeated_ads", m=1)


def test_paths_with_quotes_are_read(tmp_path, posts):
    folder = tmp_path / "o'brien [1]"
    folder.mkdir()
    with open_results(write_results(folder / "r", posts[:50]), identities=True) as opened:
        assert opened.ask("headline")["messages"].to_pylist() == [50]


def test_texts_say_what_the_settings_say(monkeypatch):
    assert settings()["timezone"] == "Europe/Amsterdam", "or else all texts that say Dutch time are wrong"
    assert "at least 5 offers and 1% of" in definition("price_discount")
    changed = {"fence": 2.5, "least_spread": 1.25, "min_offers": 8, "least_offers": 7, "least_share": 0.025}
    monkeypatch.setitem(settings(), "prices", changed)
    _load.cache_clear()
    try:
        english, dutch = (
            {name: definition(name, lang=lang) for name in questions()} for lang in ("en", "nl")
        )
    finally:
        _load.cache_clear()
    assert "at least 7 offers and 2.5% of the substance's" in english["price_discount"]
    assert "ten minste 7 keer aanbod en 2,5% van dat van het middel" in dutch["price_discount"]
    for name in ("prices", "price_offers", "prices_by_month"):
        assert "more than 2.5 interquartile ranges" in english[name]
        assert "meer dan 2,5 kwartielafstanden" in dutch[name]
        assert "less than a factor 1.25" in english[name]
        assert "minder dan een factor 1,25" in dutch[name]


def test_bulk_quantities_are_those_of_the_bands(tmp_path):
    offers = [
        {"substance": "weed", "quantity": quantity, "unit": unit}
        for quantity, unit in ((99, "g"), (100, "g"), (1_000, "g"), (499, "pcs"), (500, "pcs"), (1_000, "ml"))
    ]
    text = Text("wiet in bulk", ("drugsad", "softdrugs", "bulk"), ["weed"], offers=offers)
    with open_results(write_results(tmp_path / "r", [Post(text)]), identities=True) as opened:
        answer = by_key(opened.ask("bulk_offers"), "band", "is_bulk_quantity")
    assert answer == {
        "25 to under 100 g": (False,),
        "100 g to under 1 kg": (True,),
        "1 kg or more": (True,),
        "50 to 499 pieces": (False,),
        "500 pieces or more": (True,),
        "1 l or more": (True,),
    }


def test_dutch_definitions_use_no_word_of_the_columns():
    ids = r"\b(\w+_\w+|drugsad|geendrugsad|none|base|range|several|both|wrong)\b"
    for name in questions():
        found = re.search(ids, definition(name, lang="nl"), re.IGNORECASE)
        assert found is None, f"{name}: {found[0]}"


def test_messages_of_a_chat_that_is_in_two_files_overlap_if_they_are_the_same(tmp_path):
    wiet, hallo = Text("wiet", ("drugsad", "softdrugs"), ["weed"]), Text("hallo")

    def post(text, source, message_id, chat_id=None, chat="Voorbeeldgroep", **others):
        fields = {"source": source, "message_id": message_id, "chat_id": chat_id}
        return Post(text, chat=chat, fields=fields, **others)

    posts = [
        *(post(wiet, "a.html", n) for n in ("1", "2", "3")),
        post(wiet, "b.json", "1", "1000000001", account="100001"),
        post(wiet, "b.json", "2", "1000000001", date=None),  # another date
        post(hallo, "b.json", "3", "1000000001"),  # edited
        post(wiet, "b.json", "4", "1000000001"),
        *(post(wiet, "b.json", None, "1000000001") for _ in range(2)),
        *(post(wiet, source, "1", chat=None) for source in ("a.html", "b.json")),
        *(post(wiet, "c.json", "1", chat="Voorbeeldgroep 2") for _ in range(2)),
    ]
    with open_results(write_results(tmp_path / "r", posts), identities=True) as opened:
        (row,) = opened.ask("headline").to_pylist()
    assert row["overlapping_messages"] == 1
