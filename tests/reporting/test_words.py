from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from drugscan.analysis.database import read_file
from drugscan.errors import SettingsError
from drugscan.lexicon import load_lexicon
from drugscan.records import LABELS
from drugscan.reporting.words import LANGUAGES, Words

PLACEHOLDER = re.compile(r"\{\w+")


def leaves(table, path=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_all_languages_say_the_same_with_the_same_values():
    said = {lang: dict(leaves(Words(lang).tables)) for lang in LANGUAGES}
    english = said.pop("en")
    for other in said.values():
        # A language that calls a quantity what the data call it need not say so.
        assert {key for key in other if not key.startswith("band.")} == {
            key for key in english if not key.startswith("band.")
        }
        for key, template in other.items():
            if isinstance(template, str) and key in english:
                expected = sorted(PLACEHOLDER.findall(english[key]))
                assert sorted(PLACEHOLDER.findall(template)) == expected, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_and_substance_has_a_name(lang):
    words = Words(lang)
    assert words.tables["label"].keys() == set(LABELS)
    assert words.tables["substance"].keys() == load_lexicon().labels.keys()


def test_a_substance_of_which_there_are_other_products_is_not_called_by_the_name_of_all():
    for lang in LANGUAGES:
        names = Words(lang).tables["substance"]
        assert names["weed"] not in names["cannabis_products"]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            "5.6 million messages, 1 chat, 12,345, 52.3%, €1,234.50, 3\xa0May 2023, May 2023, ecstasy pills",
        ),
        (
            "nl",
            "5,6 miljoen berichten, 1 chat, 12.345, 52,3%, € 1.234,50, 3\xa0mei 2023, mei 2023, xtc-pillen",
        ),
    ],
)
def test_each_language_writes_values_its_own_way(lang, expected):
    template = (
        "{a:messages}, {b:chats}, {c:number}, {d:percent}, {e:euros}, {f:day}, {f:month}, {g:substance}"
    )
    values = {"a": 5_600_000, "b": 1, "c": 12_345, "d": 0.523, "e": 1234.5, "f": date(2023, 5, 3), "g": "xtc"}
    assert Words(lang).fill(template, **values) == expected


def test_a_name_that_begins_a_sentence_has_a_capital():
    assert Words("nl").fill("{a:Substance} en {b:Substance}", a="cocaine", b="mdma") == "Cocaïne en MDMA"


def test_a_thing_without_a_word_keeps_its_id():
    assert Words("en").fill("{a:substance}", a="brand_new") == "brand_new"


def test_a_language_that_is_not_there_is_said():
    with pytest.raises(SettingsError, match="no language is called 'fr'; choose from en, nl"):
        Words("fr")


def test_every_band_of_quantity_has_a_name():
    bands = {row["band"] for row in csv.DictReader(read_file("quantity_bands.csv").splitlines())}
    assert Words("nl").tables["band"].keys() == bands
    assert Words("en").tables["band"].keys() <= bands
