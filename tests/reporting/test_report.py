"""The report through its public door: what the page says, to whom it does no harm, whom it protects."""

from __future__ import annotations

import base64
import csv
import html
import json
import re
import sys
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import drugscan
from drugscan.analysis import open_results
from drugscan.cli import cli
from drugscan.errors import InputError, OutputError, SettingsError
from drugscan.model.store import default_model
from drugscan.privacy.pseudonyms import load_key
from tests.analysis.folders import Post, Text
from tests.exporting.conftest import planted_posts
from tests.exporting.test_protection import LEFT, letters
from tests.reporting.folders import folder_of_posts

SECTIONS = ["headline", "time", "substances", "delivery", "places", "prices", "copies"]
SECTIONS += ["providers", "chats", "reliability", "method"]


class Page(HTMLParser):
    """The tags of a page and the text of some of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        for tag in {*self._open}:
            self.texts[tag][-1] += data

    def ids(self, tag: str) -> list[str | None]:
        return [attributes.get("id") for name, attributes in self.tags if name == tag]


def read(file: Path) -> str:
    return file.read_text("utf-8")


def charts(page: str) -> dict[str, Any]:
    """Return the charts of a page by figure."""
    found = re.findall(r'<script type="application/json" id="(\w+)-chart">(.*?)</script>', page, re.DOTALL)
    return {name: json.loads(chart) for name, chart in found}


def tables(page: str) -> dict[str, list[dict[str, str]]]:
    """Return the CSV files of a page by figure."""
    found = re.findall(r'download="(\w+)\.csv" href="data:text/csv;charset=utf-8;base64,([^"]*)"', page)
    return {name: list(csv.DictReader(base64.b64decode(file).decode().splitlines())) for name, file in found}


# What the page counts or shares itself, from the rows of an answer.
OWN_COLUMNS = {"ad_share", "ads_share", "messages_share", "providers_share", "covered_share", "weekday"}
OWN_TABLES = {"providers", "provider_range", "provider_quantities", "agreement"}


def test_columns_of_an_answer_are_called_as_in_its_export(year, make_page, key_file):
    page = read(make_page(year))
    asked = dict(re.findall(r'download="(\w+)\.csv".*\n.*<code>(\w+)</code>', page))
    assert {"trend", "by_hour", "by_chat"} < asked.keys()
    with open_results(year, key_file=key_file) as results:
        for name in asked.keys() - OWN_TABLES:
            columns = {*results.ask(asked[name]).column_names}
            assert {*tables(page)[name][0]} <= columns | OWN_COLUMNS, name


def headline(page: str) -> dict[str, str]:
    tiles = re.findall(r'<dt>(.*?)</dt><dd class="value">(.*?)</dd>', page)
    return dict(tiles)


def test_every_headline_number_is_the_truth_of_the_corpus(corpus, year, make_page):
    truth = corpus[1]
    said = headline(read(make_page(year)))
    assert said["Messages"] == f"{truth['messages']:,}"
    assert said["Ad messages"] == f"{truth['ad_messages']:,}"
    assert said["Distinct ads"] == f"{truth['ads']:,}"
    assert said["Copies per ad"] == f"{truth['ad_messages'] / truth['ads']:.1f}"
    assert said["In bulk"] == f"{100 * truth['bulk_messages'] / truth['ad_messages']:.1f}%"
    assert said["Chats"] == str(truth["chats"])
    low, high = map(int, said["Providers"].split("–"))
    assert low <= truth["providers"] <= high


def test_the_page_has_all_sections_in_both_languages(year, make_page):
    english, dutch = Page(read(make_page(year))), Page(read(make_page(year, lang="nl")))
    assert english.ids("section") == dutch.ids("section") == SECTIONS
    assert english.ids("figure") == dutch.ids("figure")
    assert len(set(english.ids("figure"))) == len(english.ids("figure")) > 20
    assert english.texts["h1"] != dutch.texts["h1"]
    for page in (english, dutch):
        assert all(text.strip() for text in page.texts["h3"])
        assert not any("{" in text for text in page.texts["h3"] + page.texts["p"])


def test_the_page_is_small_and_needs_nothing_from_outside(year, make_page):
    page = read(make_page(year))
    assert len(page.encode()) < 2_000_000
    for tag, attributes in Page(page).tags:
        assert tag not in {"link", "iframe", "object", "base"}
        assert not attributes.get("src")
        assert (attributes.get("href") or "#").startswith(("#", "data:text/csv"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src" in policy
    assert "unsafe-eval" not in policy


def test_the_same_results_give_the_same_bytes(year, make_page, tmp_path, key_file, model):
    drugscan.report(year, tmp_path / "again.html", key_file=key_file, model=model)
    assert (tmp_path / "again.html").read_text("utf-8") == read(make_page(year))


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize(
    "posts",
    [
        [],
        [Post(Text("hallo"), None, None, None)],
        [Post(Text(""))],
        [Post(Text("hallo"))],
    ],
    ids=["nothing", "no date, chat or sender", "no text", "one message"],
)
def test_results_without_ads_are_a_page_too(posts, lang, tmp_path, make_page):
    page = Page(read(make_page(folder_of_posts(tmp_path / "r", posts), lang=lang)))
    assert page.ids("section") == SECTIONS
    assert page.ids("figure") == ["reliability", "false_positives", "attacks"]


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize(
    "post",
    [
        Post(Text("we zijn weer open", ["drugsad"]), None, None, None),
        Post(Text("coke 1 g 50 euro", ["drugsad", "harddrugs"], ["cocaine"]), date=None),
        Post(Text("wiet in Goes", ["drugsad", "softdrugs", "pickup"], ["weed"], ["Goes"]), account=None),
    ],
    ids=["nothing but the text", "no date", "no sender"],
)
def test_a_single_ad_is_a_page_too(post, lang, tmp_path, make_page):
    page = read(make_page(folder_of_posts(tmp_path / "r", [post]), lang=lang))
    assert headline(page)[{"en": "Distinct ads", "nl": "Unieke advertenties"}[lang]] == "1"
    shown = Page(page).texts
    assert all(text.strip() for text in shown["h3"])
    assert "None" not in " ".join(shown["p"] + shown["h3"] + shown["td"])


def stated(page: str) -> set[str]:
    """Return the figures whose title states a finding: those of others are what they are about."""
    figures = re.findall(r'<figure id="(\w+)"(.*?)</figure>', page, re.DOTALL)
    return {name for name, figure in figures if '<p class="topic">' in figure}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_title_makes_much_of_a_few_ads(lang, tmp_path, make_page):
    ads = [
        Text("coke Utrecht, wij rijden", ("drugsad", "harddrugs", "bezorging"), ["cocaine"], ["Utrecht"]),
        Text("wiet in Goes", ("drugsad", "softdrugs", "pickup"), ["weed"], ["Goes"]),
        Text("2 kilo speed", ("drugsad", "harddrugs", "bulk"), ["amphetamine"]),
    ]
    months = [datetime(2023, month, 9, 12, tzinfo=timezone.utc) for month in (2, 5, 8)]
    posts = [
        Post(ad, f"user{n}", f"Voorbeeldgroep {n}", day)
        for n, (ad, day) in enumerate(zip(ads, months, strict=True))
    ]
    page = read(make_page(folder_of_posts(tmp_path / "r", posts), lang=lang))
    assert stated(page) == {"copies", "reliability", "false_positives", "attacks"}
    said = {
        "en": ("3 of 3 messages offered drugs", "No ad was posted ten times or more"),
        "nl": ("Drugs aangeboden in 3 van 3 berichten", "Geen advertentie is tien keer of vaker geplaatst"),
    }
    for text in said[lang]:
        assert text in page
    assert {"en": "does not count in the title", "nl": "telt niet mee in de titel"}[lang] not in page


def test_messages_that_two_files_hold_are_told_of(tmp_path, make_page):
    fields = [{"source": source, "message_id": "1"} for source in ("a.html", "b.json")]
    posts = [Post(Text("hallo"), fields=one) for one in fields]
    for lang, said in {
        "en": "Counted more than once: 1 message ",
        "nl": "Vaker dan één keer geteld: 1 ",
    }.items():
        assert said in read(make_page(folder_of_posts(tmp_path / lang, posts), lang=lang))
        once = read(make_page(folder_of_posts(tmp_path / f"{lang}1", posts[:1]), lang=lang))
        assert said not in once


def test_one_message_of_a_chat_that_is_not_known(tmp_path, make_page):
    folder = folder_of_posts(
        tmp_path / "r", [Post(Text("coke te koop", ("drugsad", "harddrugs")), chat=None)]
    )
    for lang, said in {
        "en": "This page counts 1 message in chats that are not known, posted on 1\xa0January 2023.",
        "nl": "Het gaat om 1 bericht in onbekende chats, geplaatst op 1\xa0januari 2023.",
    }.items():
        page = read(make_page(folder, lang=lang))
        assert re.findall('<p class="lead">(.*?)</p>', page) == [said]


def test_wrong_dates_do_not_stretch_the_page(tmp_path, make_page):
    dates = [datetime(year, 5, 1, tzinfo=timezone.utc) for year in (1970, 2023, 2023, 2099)]
    ad = Text("coke te koop", ("drugsad", "harddrugs"), ["cocaine"])
    page = read(make_page(folder_of_posts(tmp_path / "r", [Post(ad, date=date) for date in dates])))
    assert "posted on 1\xa0May 2023" in page
    assert "<dd>2, of them 2 with a date before Telegram began or after 2039</dd>" in page
    assert len(page) < 1_800_000


def test_hostile_texts_stay_texts(hostile, make_page):
    page = read(make_page(hostile, identities=True))
    found = Page(page).tags
    assert not {tag for tag, _ in found} & {"img", "b"}
    assert not [attributes for _, attributes in found if "onclick" in attributes]
    n_charts = len([attributes for _, attributes in found if "data-of" in attributes])
    assert len([tag for tag, _ in found if tag == "script"]) == n_charts + 3  # the locales, Vega, our own
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert len(page) < 2_000_000  # long words are cut


def test_nothing_planted_comes_out_unless_asked_for(tmp_path, make_page):
    folder = folder_of_posts(tmp_path / "r", planted_posts())
    hidden = read(make_page(folder))
    tables = [base64.b64decode(part.split('"')[0]).decode() for part in hidden.split("base64,")[1:]]
    for text in [*Page(hidden).texts["body"], *tables, *map(str, charts(hidden).values())]:
        assert not LEFT.search(letters(text))
    shown = read(make_page(folder, identities=True))
    assert LEFT.search(letters(Page(shown).texts["main"][0]))
    assert "Do not publish" in shown
    assert "Do not publish" not in hidden


PEOPLE = ("accounts", "ad_accounts", "members", "providers")
TOLD = ("ads", "ad_messages", "early_ads", "late_ads", "offers", "providers")


def test_small_numbers_are_left_out_of_every_table_when_asked(year, make_page):
    def smallest(page: str) -> dict[str, int]:
        """Return by how few people any row of a table with ads is counted."""
        found = {}
        for name, rows in tables(page).items():
            counts = [
                next(int(row[column]) for column in PEOPLE if column in row)
                for row in rows
                if not set(PEOPLE).isdisjoint(row) and any(int(row.get(count) or 0) for count in TOLD)
            ]
            found[name] = min(counts, default=10)
        return found

    everything, kept = (smallest(read(make_page(year, min_count=n))) for n in (0, 10))
    small = {name for name, count in everything.items() if count < 10}
    assert small >= {"by_substance", "substance_growth", "substance_by_month", "delivery", "places", "trend"}
    assert small >= {"prices_g", "provider_range", "bulk_offers", "copies"}
    assert [name for name, count in kept.items() if count < 10] == []
    assert "Rows that rest on fewer than 10 accounts" in read(make_page(year, min_count=10))
    found = tables(read(make_page(year, min_count=5)))
    substances = {row["substance"] for row in found["by_substance"]}
    for name in ("substance_by_month", "substance_growth"):
        assert {row["substance"] for row in found[name]} <= substances


def test_no_title_is_true_of_what_is_left_only(tmp_path, make_page):
    coke = Text("coke te koop", ("drugsad", "harddrugs"), ["cocaine"])
    weed = [Text(f"wiet te koop {n}", ("drugsad", "softdrugs"), ["weed"], ["Goes"]) for n in range(6)]
    posts = [Post(coke, f"user{number}", "Voorbeeldgroep") for number in range(6)]
    posts += [Post(weed[number % 6], "user1", f"Voorbeeldgroep {number % 3}") for number in range(60)]
    folder = folder_of_posts(tmp_path / "r", posts)
    whole, large = (Page(read(make_page(folder, min_count=n))) for n in (0, 5))
    assert "2 of 4 chats hold half of the ad messages whose chat is known" in whole.texts["h3"]
    assert "Weed is offered most often" in {title.split(",")[0] for title in whole.texts["h3"]}
    assert {
        "Ad messages by chat",
        "The ads with most copies; contacts in the texts are replaced by pseudonyms",
    } < {*large.texts["h3"]}
    assert not [
        title for title in large.texts["h3"] if "Cocaine" in title or "one chat" in title or "one ad" in title
    ]
    nothing, left_out = (
        [text for text in large.texts["p"] if text.startswith(why)] for why in ("Nothing", "Left out")
    )
    assert not [text for text in nothing if "Distinct ads that name a place" in text]
    assert [text for text in left_out if "Distinct ads that name a place" in text]
    assert sum("Rows that rest on too few accounts" in text for text in large.texts["figcaption"]) > 3
    assert not [text for text in whole.texts["figcaption"] if "too few accounts" in text]


def test_zeros_alone_are_no_picture(tmp_path, make_page):
    ad = Text("coke te koop", ("drugsad", "harddrugs"), ["cocaine"])
    page = Page(read(make_page(folder_of_posts(tmp_path / "r", [Post(ad)] * 9), min_count=5)))
    assert not {*page.ids("figure")} & {
        "by_label",
        "provider_range",
        "provider_quantities",
        "lifetimes",
        "by_hour",
    }
    (left_out,) = [text for text in page.texts["p"] if "Linked providers by the range" in text]
    assert left_out.startswith("Left out, since too few accounts stand behind them: ")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            {
                "places": "No map: none of these places is a town or quarter in the Netherlands.",
                "prices_g": "No chart: no single substance has enough offers of one quantity "
                "(at least 5, and 1.0% of the substance's).",
                "bulk_offers": "No chart: none of these quantities is of a substance that is named.",
            },
        ),
        (
            "nl",
            {
                "places": "Geen kaart: geen van deze plaatsen is een woonplaats of wijk in Nederland.",
                "prices_g": "Geen grafiek: van geen enkel middel is er genoeg aanbod van één hoeveelheid "
                "(ten minste 5 keer, en 1,0% van het aanbod van het middel).",
                "bulk_offers": "Geen grafiek: bij geen van deze hoeveelheden is het middel genoemd.",
            },
        ),
    ],
)
def test_rows_that_no_chart_can_show_are_a_table(tmp_path, make_page, lang, said):
    ad = Text(
        "coke te koop",
        ("drugsad", "harddrugs", "bulk"),
        ["cocaine"],
        ["Antwerpen"],
        [
            {"substance": "cocaine", "unit": "g", "quantity": 1, "price_eur": 50},
            {"unit": "g", "quantity": 1000},
        ],
    )
    page = read(make_page(folder_of_posts(tmp_path / "r", [Post(ad)] * 9), lang=lang))
    topics = {
        "en": {"Distinct ads that name a place", "Price asked for a gram, by quantity offered"},
        "nl": {
            "Unieke advertenties die een plaats noemen",
            "Vraagprijs van een gram naar aangeboden hoeveelheid",
        },
    }
    assert topics[lang] <= {*Page(page).texts["h3"]}  # and no word of dots
    for name, why in said.items():
        figure = page.split(f'<figure id="{name}"')[1].split("</figure>")[0]
        assert f"<figcaption>{why}" in html.unescape(figure)
        assert 'class="chart"' not in figure
        assert "<details open>" in figure
        assert f'download="{name}.csv"' in figure
        assert figure.count("<tr>") == 2


def test_providers_are_a_range_of_what_covers_nearly_all_ads(tmp_path, make_page):
    def page_of(*posts):
        folder = folder_of_posts(tmp_path / str(len(list(tmp_path.iterdir()))), posts)
        page = read(make_page(folder))
        return headline(page)["Providers"], " ".join(Page(page).texts["p"])

    def ad(number, *contacts):
        return Text(f"coke te koop {number}", ("drugsad", "harddrugs"), contacts=contacts)

    def numbered(n):
        return ad(n, ("phone", f"+3160000{n:04}"))

    # Channels: one message in twelve has an account.
    number, lead = page_of(*(Post(numbered(n), "a" if n == 0 else None) for n in range(12)))
    assert number == "12"
    assert "hold 12 distinct ads, by 12 providers." in lead
    # Accounts that are to be sent a message: one ad in twelve names a contact.
    number, lead = page_of(*(Post(ad(n) if n else numbered(n), f"u{n}") for n in range(12)))
    assert number == "12"
    # A half with accounts, the other half without anything.
    number, lead = page_of(*(Post(ad(n), f"u{n}" if n < 6 else None) for n in range(12)))
    assert number == "–"
    assert (
        "No count of providers covers nearly all of them: 50.0% were posted by 6 accounts, "
        "0.0% hold contacts (0), and 50.0% belong to 6 providers that a contact or ad text links." in lead
    )


def test_a_total_of_few_accounts_is_left_out_of_the_headline(tmp_path, make_page):
    bulk = Text("2 kilo coke", ("drugsad", "harddrugs", "bulk"), ["cocaine"])
    ad = Text("coke te koop", ("drugsad", "harddrugs"), ["cocaine"])
    posts = [Post(bulk, account="a"), *(Post(ad, account=f"b{number}") for number in range(9))]
    folder = folder_of_posts(tmp_path / "r", posts)
    whole, large = (read(make_page(folder, min_count=n)) for n in (0, 5))
    assert "by 1 account." in whole
    assert "by 1 account." not in large
    assert "Left out: it rests on fewer than 5 accounts." in large


def test_no_table_tells_what_the_headline_leaves_out(tmp_path, make_page):
    counts = {"b": 9, "c": 7, "bulk": 1}
    posts = [
        Post(
            Text(f"coke {name} {number}", ("drugsad", "harddrugs", *[name] * (name == "bulk")), ["cocaine"]),
            f"{name}{number}",
        )
        for name, n in counts.items()
        for number in range(n)
    ]
    page = read(make_page(folder_of_posts(tmp_path / "r", posts), min_count=5))
    found = tables(page)
    assert "provider_quantities" not in found
    assert "bulk" not in {row["label"] for row in found["by_label"]}
    assert '"quantities"' not in page


def test_a_title_stays_where_what_it_names_is_shown(year, make_page):
    whole, large = (Page(read(make_page(year, min_count=n))).texts["h3"] for n in (0, 2))
    assert len([title for title in large if title in whole]) > 10


def test_another_model_than_the_scans_is_refused(year, tmp_path):
    manifest = json.loads((default_model() / "manifest.json").read_text("utf-8"))
    manifest["files"]["weights.npz"] = "0" * 32
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SettingsError, match="is not the model that the scan used"):
        drugscan.report(year, tmp_path / "r.html", model=tmp_path)


def test_the_page_says_what_is_known_of_the_model(tmp_path, make_page, key_file):
    folder = folder_of_posts(tmp_path / "r", [Post(Text("hallo"))])
    measured = read(make_page(folder))
    assert "accuracy of 90.0% (85.0% to 95.0%)" in measured
    assert "Called an ad: 2 of 500 real texts, and 3 of 500 written to resemble ads, or as chat" in measured
    assert "its figures stand above" in measured
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"model": "0" * 32}))
    drugscan.report(folder, tmp_path / "other.html", key_file=key_file)
    assert "its figures are not known here" in read(tmp_path / "other.html")


@pytest.mark.parametrize(
    ("known", "lang", "opening", "limit"),
    [
        ("unmeasured", "en", "This model was not measured:", "How many was not measured for this model."),
        ("unmeasured", "nl", "Dit model is niet gemeten:", "Hoeveel is voor dit model niet gemeten."),
        ("unknown", "en", "The scan used another model,", "How many is not known here."),
        ("unknown", "nl", "De scan gebruikte een ander model,", "Hoeveel is hier niet bekend."),
    ],
)
def test_without_figures_of_the_model_none_are_said_to_stand_above(
    tmp_path, key_file, model, known, lang, opening, limit
):
    folder = folder_of_posts(tmp_path / "r", [Post(Text("coke te koop", ("drugsad", "harddrugs")))])
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["options"]["thresholds"] = {"drugsad": 0.9}
    if known == "unknown":
        manifest["model"] = "0" * 32
    (folder / "manifest.json").write_text(json.dumps(manifest))
    made = tmp_path / "unmeasured"
    made.mkdir()
    figureless = json.loads((model / "manifest.json").read_text()) | {"figures": {}}
    (made / "manifest.json").write_text(json.dumps(figureless))
    given = made if known == "unmeasured" else None
    drugscan.report(folder, tmp_path / "r.html", lang=lang, model=given, key_file=key_file)
    page = read(tmp_path / "r.html")
    section = page.split('<section id="reliability">')[1].split("</section>")[0]
    assert re.match(rf'\s*<h2>[^<]*</h2>\s*<p class="opening">{opening}', section)
    assert limit in page
    assert {"en": "drug ad 0.900</dd>", "nl": "drugsadvertentie 0,900</dd>"}[lang] in page
    for said in ("figures above", "cijfers hierboven", "stand above", "staan hierboven"):
        assert said not in page
    drugscan.report(
        folder_of_posts(tmp_path / "other", []), tmp_path / "o.html", model=model, key_file=key_file
    )
    assert 'class="opening"' not in read(tmp_path / "o.html")
    assert "The figures above say how many." in read(tmp_path / "o.html")


def test_the_page_says_how_the_scan_was_set(tmp_path, make_page, key_file):
    folder = folder_of_posts(tmp_path / "r", [Post(Text("hallo"))])
    assert "Thresholds" not in read(make_page(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    options = {"thresholds": {"drugsad": 0.9}, "min_jaccard": 0.55}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"options": options}))
    drugscan.report(folder, tmp_path / "other.html", key_file=key_file)
    page = read(tmp_path / "other.html")
    assert "drug ad 0.900; the figures above are for the model&#39;s own" in page
    assert "with at least 55.0% of their runs of five characters in common" in page


def test_faults_are_found_before_any_work(year, tmp_path):
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        drugscan.report(year, tmp_path / "mine.html")
    with pytest.raises(InputError, match="no results folder"):
        drugscan.report(tmp_path, tmp_path / "r.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.html"]


@pytest.mark.parametrize("missing", ["jinja2", "vl_convert"])
def test_without_the_extra_one_line_says_what_to_install(missing, year, tmp_path, key_file, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr("drugscan.reporting.report.open_results", None)  # before any work
    with pytest.raises(SettingsError, match=r"pip install 'drugscan\[report\]'"):
        drugscan.report(year, tmp_path / "r.html", key_file=key_file)
    assert not (tmp_path / "r.html").exists()


def test_the_command_writes_the_page(hostile, tmp_path, key_file, model, make_page):
    output = tmp_path / "r.html"
    load_key(key_file)
    arguments = ["report", hostile, "-o", output, "--lang", "nl", "--key-file", key_file, "--model", model]
    done = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output == f"{output}: written\n"
    assert output.read_text("utf-8") == read(make_page(hostile, lang="nl"))


def test_ads_hardly_more_frequent_than_mistakes_are_told_of(tmp_path, make_page):
    ad, other = Text("coke te koop", ("drugsad", "harddrugs")), Text("goedemorgen")
    for n_others, is_doubtful in ((2_000, True), (20, False)):
        posts = [Post(ad)] * 2 + [Post(other)] * n_others
        page = Page(read(make_page(folder_of_posts(tmp_path / str(n_others), posts))))
        assert any("may all be mistakes" in text for text in page.texts["p"]) == is_doubtful
