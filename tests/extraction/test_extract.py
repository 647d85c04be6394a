from __future__ import annotations

import json
import time

import pytest

from drugscan.errors import InputError, SettingsError
from drugscan.extraction import extract as extract_module
from drugscan.extraction.extract import extract
from drugscan.extraction.score import score_extraction
from tests.conftest import ROOT

AD = "❄️ C0ke 1g €50\nBezorging Utrecht\nApp 06 0000 0123 of @voorbeeld_x"


def test_spans_are_the_words_in_the_raw_text():
    (found,) = extract([AD], spans=True)
    for span in found["spans"]:
        assert AD[span["start"] : span["end"]] == span["text"]
        assert ("entry" in span) != ("rule" in span)
    assert [(span["field"], span["text"]) for span in found["spans"]] == [
        ("substances", "❄"),
        ("substances", "C0ke"),
        ("offers", "1g €50"),
        ("places", "Utrecht"),
        ("contacts", "06 0000 0123"),
        ("contacts", "@voorbeeld_x"),
    ]


def test_what_is_labelled_no_ad_offers_nothing():
    assert extract([AD], labels=[["geendrugsad"]]) == [
        {"substances": [], "places": [], "offers": [], "contacts": []}
    ]
    assert extract([AD], labels=[["drugsad"]])[0]["substances"] == ["cocaine"]


def test_texts_without_labels_are_read_as_ads_and_no_others_are_read(monkeypatch):
    read = []

    def note(paths, spans, texts):
        read.extend(texts)
        return [{"substances": [text]} for text in texts]

    monkeypatch.setattr(extract_module, "_extract_batch", note)
    labels = [None, ["geendrugsad"], ("geendrugsad",), ["drugsad"], float("nan"), [], {"geendrugsad": 0.1}]
    texts = [f"tekst {number}" for number in range(len(labels))]
    found = extract(texts, labels=labels)
    assert read == [text for text in texts if text not in ("tekst 1", "tekst 2")]
    assert [record["substances"] for record in found] == [[text] if text in read else [] for text in texts]


@pytest.mark.parametrize("labels", [[["drugsad"]], [["drugsad"]] * 3, []])
def test_other_than_as_many_labels_as_texts_is_said_before_any_work(monkeypatch, labels):
    monkeypatch.setattr(extract_module, "_extract_batch", lambda *_: pytest.fail("texts were read"))
    with pytest.raises(InputError, match=rf"there are labels of {len(labels)} texts, and 2 texts; give"):
        extract([AD, AD], labels=labels)


def test_jobs_change_nothing(labelled):
    texts = [record.text for record in labelled[:1_200]]
    assert extract(texts, jobs=2) == extract(texts)


def test_score_counts_each_value_once():
    gold = [
        {
            "substances": ["cocaine"],
            "offers": [{"substance": "cocaine", "quantity": 1, "unit": "g", "price_eur": 50}],
        }
    ]
    found = [
        {
            "substances": ["cocaine"],
            "offers": [{"substance": None, "quantity": 1.0, "unit": "g", "price_eur": 50}],
        }
    ]
    scores = score_extraction(gold, found)
    assert scores["substances"] == (1, 1, 1)
    assert scores["offers"] == (0, 1, 1)
    assert scores["offers_lenient"] == (1, 1, 1)
    assert scores["places"] == (0, 0, 0)
    assert scores["places"].f1 == 1


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.",
        "5 x ",
        "€",
        "1-",
        "\u200b",
        "06 ",
        "coke ",
        "1/2 ",
        "a.",
        "voor 5 ",
        "@a ",
        "❄️",
        "1000.000,",
        "\n1g 5",
        "coke a%! ",
        "5 50 ",
        "5 xtc voor ",
        "coke xx.k ",
        "vanaf 5 ",
        "500mg 35 ",
        "hengelo (gld), ",
        "vanaf 5 g post ",
        "(groen / wit) ",
        "keta ❌ ",
        "10 / 45 ",
        "wiet bruin 7 coke ",
        "5/",
        "1:30 ",
        "xtc 4-fa 10 pillen 40 ",
        "€50 (3) ",
        "10x ",
        "uit spanje/",
        "wiet min 5 ",
        "min 5 ",
        "1 coke 5\n2 keta 5\n3 wiet 5\n",
        "honderd ",
    ],
)
def test_time_grows_linearly_with_hostile_text(piece):
    def seconds(n_characters: int, nth: int) -> float:
        # no two texts are the same: what was read of the last ones is remembered
        text = (f"coke {'wiet ' * nth}" + piece * n_characters)[:n_characters]
        begin = time.process_time()
        extract([text])
        return time.process_time() - begin

    seconds(1_000, 0)
    short, long = (min(seconds(size, nth) for nth in range(2)) for size in (20_000, 80_000))
    assert long < 4 * 2 * short + 0.2


def test_words_with_signs_in_them_take_no_time():
    begin = time.process_time()
    extract(["coke " + "a%" * 30 + "! wit\n5g 50"])
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("text", ["", "\ud800", "❄️" * 500, "مرحبا بالعالم", "x" * 1_000_000, "\0 coke \0"])
def test_odd_texts_are_no_crash(text):
    assert extract([text], spans=True)[0].keys() == {"substances", "places", "offers", "contacts", "spans"}


def test_the_command_gives_complete_records(run):
    labelled = run("classify", ROOT / "fixtures" / "demo.jsonl", "-q").stdout
    done = run("extract", "-", "-q", stdin=labelled)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[0]["substances"] == ["cocaine", "xtc"]
    assert found[0]["places"] == ["Utrecht", "Nieuwegein"]
    assert found[1]["places"] == []
    assert all({"labels", "substances", "places", "offers", "contacts"} <= row.keys() for row in found)


def test_terms_are_listed_and_own_terms_checked(run, tmp_path):
    assert "cocaine\tcoke\tnone" in run("extract", "--list-terms", "substances").stdout
    (tmp_path / "own.csv").write_text("wrong\n")
    done = run("extract", ROOT / "fixtures" / "demo.jsonl", "--lexicon", "own.csv")
    assert done.returncode == 3
    assert "own.csv:1: the header is" in done.stderr
    with pytest.raises(SettingsError):
        extract([AD], lexicon=[tmp_path / "own.csv"])


def test_explain_shows_words_and_reasons(run):
    done = run("explain", AD + "\x1b[31m")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    for words in ("C0ke", "cocaine.coke", "cocaine: 1 g €50", "Utrecht", "+31600000123", "drugsad"):
        assert words in done.stdout
    settled = run("explain", "Wie weet een goede fietsenmaker in Zeist?")
    assert "drugsad  screen" in settled.stdout
    by_id = run("explain", ROOT / "fixtures" / "demo.jsonl", "--id", "3")
    assert "amnesia" in by_id.stdout
    missing = run("explain", ROOT / "fixtures" / "demo.jsonl", "--id", "99")
    assert missing.returncode == 3
    assert "there is no message or text '99'" in missing.stderr


@pytest.mark.parametrize("text", [AD, "wiet 5g 40, app 06 0000 0123 of @voorbeeld_x", "contact_phone wiet"])
def test_spans_change_nothing_else(text):
    (plain,), (with_spans,) = extract([text]), extract([text], spans=True)
    del with_spans["spans"]
    assert plain == with_spans
