from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from drugscan.errors import InputError
from drugscan.model.labelled import read_labelled, training_hash
from tests.conftest import LABELLED

GOOD = {"id": "1", "text": "coke 1g 50", "labels": ["drugsad", "harddrugs"]}


def write(folder, name, *records):
    path = folder / name
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), "utf-8")
    return path


def test_all_fixtures_are_by_the_codebook(labelled):
    assert len({record.id for record in labelled}) == len(labelled)
    stated = re.findall(r"(?m)^\| `(\w+)\.jsonl` \| (\d+) \|", (LABELLED / "README.md").read_text("utf-8"))
    assert {name: int(count) for name, count in stated} == Counter(record.file for record in labelled)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": ["drugsad", "coke"]}, "unknown label 'coke'"),
        ({"labels": []}, "exactly one of drugsad and geendrugsad"),
        ({"labels": ["drugsad", "geendrugsad"]}, "exactly one of drugsad and geendrugsad"),
        ({"labels": ["geendrugsad", "bulk"]}, "geendrugsad stands alone"),
        ({"labels": ["drugsad", "drugsad"]}, "a label stands there twice"),
        ({"labels": "drugsad"}, "the field 'labels' is no list"),
        ({"text": None}, "the field 'text' is no text"),
        ({"substances": ["coke"]}, "unknown substance 'coke'"),
        ({"substances": "cocaine"}, "the field 'substances' is no list of str"),
        ({"offers": [{"substance": "coke"}]}, "unknown substance 'coke'"),
        ({"offers": [{"prijs": 5}]}, "unknown key 'prijs'"),
        ({"offers": [{"substance": []}]}, r"the substance \[\]"),
        ({"offers": [{"quantity": [1]}]}, r"the quantity \[1\]"),
        ({"offers": [{"price_eur": "50"}]}, "the price_eur '50'"),
        ({"offers": [{"price_eur": -5}]}, "the price_eur -5"),
        ({"offers": [{"quantity": True}]}, "the quantity True"),
        ({"offers": [{"unit": "kilo"}]}, "the unit 'kilo'"),
        ({"offers": [{"unit": ["g"]}]}, r"the unit \['g'\]"),
        ({"offers": [{}]}, "an offer says nothing"),
        ({"offers": [{"substance": None, "quantity": None}]}, "an offer says nothing"),
        ({"places": ["Zeist", "Utrecht", "Zeist"]}, "a value stands twice in 'places'"),
        ({"substances": ["cocaine", "cocaine"]}, "a value stands twice in 'substances'"),
        ({"labels": ["geendrugsad"], "places": ["Zeist"]}, "'places' must be empty for geendrugsad"),
        ({"labels": ["geendrugsad"], "substances": ["mdma"]}, "'substances' must be empty"),
        ({"labels": ["geendrugsad"], "offers": [{"price_eur": 5}]}, "'offers' must be empty"),
    ],
)
def test_a_wrong_record_is_named_with_file_and_line(tmp_path, change, said):
    path = write(tmp_path, "a.jsonl", GOOD, {**GOOD, "id": "2", **change})
    with pytest.raises(InputError, match=said) as caught:
        read_labelled([path])
    assert caught.value.where == f"{path}:2"


def test_what_the_codebook_allows_is_read(tmp_path):
    offer = {"substance": "cocaine", "quantity": 0.5, "quantity_max": None, "unit": "g", "price_eur": 50}
    ad = {**GOOD, "substances": ["cocaine"], "places": [], "offers": [offer, offer, {"price_eur": 0}]}
    none = {
        "id": "2",
        "text": "hallo",
        "labels": ["geendrugsad"],
        "substances": [],
        "places": [],
        "offers": [],
    }
    assert [one.row for one in read_labelled([write(tmp_path, "a.jsonl", ad, none)])] == [ad, none]


def test_the_unseen_messages_are_by_the_codebook():
    assert read_labelled([LABELLED.parent / "unseen"])


@pytest.mark.parametrize("key", ["id", "text", "labels"])
def test_a_missing_field_is_named(tmp_path, key):
    path = write(tmp_path, "a.jsonl", {name: value for name, value in GOOD.items() if name != key})
    with pytest.raises(InputError, match=f"the field '{key}' is missing"):
        read_labelled([path])


def test_a_double_id_is_named_with_both_places(tmp_path):
    first = write(tmp_path, "a.jsonl", GOOD)
    second = write(tmp_path, "b.jsonl", GOOD)
    with pytest.raises(InputError, match="used twice") as caught:
        read_labelled([second, first])
    assert caught.value.where == f"{second}:1"
    assert f"{first}:1" in str(caught.value)


@pytest.mark.parametrize("line", ["{", "[]", "nonsense", '{"id": "1", "text": "\\ud800"'])
def test_a_line_that_is_no_record_is_named(tmp_path, line):
    with pytest.raises(InputError, match=r"a\.jsonl:1"):
        read_labelled([write(tmp_path, "a.jsonl", line)])


def test_no_file_and_no_messages(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_labelled([tmp_path / "none.jsonl"])
    with pytest.raises(InputError, match="no labelled messages"):
        read_labelled([tmp_path])


def test_the_order_of_files_changes_nothing(tmp_path):
    paths = [write(tmp_path, f"{n}.jsonl", {**GOOD, "id": n}) for n in "abc"]
    assert training_hash(read_labelled(paths)) == training_hash(read_labelled(paths[::-1]))
    assert training_hash(read_labelled(paths)) != training_hash(read_labelled(paths[:2]))
