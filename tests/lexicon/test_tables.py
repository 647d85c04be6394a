"""The tables are what their loader and their readers take them for."""

from __future__ import annotations

import csv
import hashlib
from importlib.resources import files

import pytest

from drugscan.errors import SettingsError
from drugscan.extraction.extract import extract
from drugscan.lexicon import CONTEXTS, load_lexicon
from drugscan.text import fold
from drugscan.toml_files import read_toml

TABLES = files("drugscan.lexicon")
NAMES = sorted(path.name for path in TABLES.iterdir() if path.name.endswith(".csv"))
FORMS = ["substance_forms.csv", "place_forms.csv", "cues.csv"]


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(TABLES.joinpath(name).read_text("utf-8").splitlines()))


def test_the_manifest_has_every_table_with_its_hash_licence_and_source():
    manifest = read_toml("drugscan.lexicon", "manifest.toml")
    assert sorted(manifest["tables"]) == NAMES
    for name, entry in manifest["tables"].items():
        assert entry["sha256"] == hashlib.sha256(TABLES.joinpath(name).read_bytes()).hexdigest(), name
        assert entry["licence"]
        assert entry["source"]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("_words.csv")])
def test_ids_are_unique_and_sorted(name):
    ids = [row["id"] for row in rows(name)]
    assert len(ids) == len(set(ids))
    if name not in ("places.csv",):
        assert ids == sorted(ids)


@pytest.mark.parametrize("table", ["substances", "places", "cues"])
def test_forms_are_unique_have_a_key_and_a_known_context(table):
    entries = load_lexicon().terms(table)
    keys = [(entry.key, entry.value if table == "cues" else "") for entry in entries]
    assert len(keys) == len(set(keys))
    for entry in entries:
        assert entry.key
        assert entry.context in CONTEXTS
        assert entry.source


def test_units_and_numbers_stand_as_folding_leaves_them():
    lexicon = load_lexicon()
    forms = [entry.form for entry in (*lexicon.units, *lexicon.number_words)]
    assert [form for form in forms if fold(form) != form] == []


def test_values_resolve():
    lexicon = load_lexicon()
    for entry in lexicon.substances:
        assert not entry.value or entry.value in lexicon.labels
    for entry in lexicon.places:
        assert not entry.value or entry.value in lexicon.gazetteer
    assert set(lexicon.labels.values()) == {"softdrugs", "harddrugs", "designer", "medicijnen"}
    assert lexicon.counted <= lexicon.labels.keys()


def test_every_sure_substance_form_is_found_in_an_ad():
    lexicon = load_lexicon()
    sure = [
        entry
        for entry in lexicon.substances
        if entry.context == "none" and entry.value and "*" not in entry.form
    ]
    found = extract([f"Menu\n{entry.form}\n10 gram 50 euro, bezorging Utrecht" for entry in sure])
    missed = [
        entry.id for entry, one in zip(sure, found, strict=True) if entry.value not in one["substances"]
    ]
    assert len(missed) <= len(sure) * 0.015, missed


def test_every_sure_place_form_is_found_in_an_ad():
    lexicon = load_lexicon()
    sure = [
        entry for entry in lexicon.places if entry.context == "none" and entry.value and "*" not in entry.form
    ]
    found = extract([f"Coke 1g 50\nBezorging: {entry.form}" for entry in sure])
    missed = [entry.id for entry, one in zip(sure, found, strict=True) if entry.value not in one["places"]]
    assert len(missed) <= len(sure) * 0.01, missed[:40]


def write(tmp_path, *lines):
    path = tmp_path / "own.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


HEADER = "id,form,value,context,source"


def test_own_terms_are_found_and_stand_above_the_box(tmp_path):
    path = write(tmp_path, HEADER, "own.1,zwartepiet,hash,none,eigen", "own.2,coke,ketamine,none,eigen", "")
    (found,) = extract(["zwartepiet 10g 50, coke 1g 40"], lexicon=[path])
    assert found["substances"] == ["hash", "ketamine"]


@pytest.mark.parametrize(
    ("row", "substances", "places"),
    [
        ("own.1,utrecht,ketamine,none,eigen", ["cocaine", "ketamine"], ["Zeist"]),
        ("own.1,utrecht,,never,eigen", ["cocaine"], ["Zeist"]),
        ("own.1,utrecht,Utrecht,never,eigen", ["cocaine"], ["Zeist"]),
    ],
)
def test_an_own_term_stands_above_all_tables(tmp_path, row, substances, places):
    (found,) = extract(["coke 1g 40, bezorging Utrecht en Zeist"], lexicon=[write(tmp_path, HEADER, row)])
    assert (found["substances"], found["places"]) == (substances, places)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["form,value", "a,b"], "the header is"),
        ([HEADER, "1,zwartepiet,hash,none"], "4 cells instead of 5"),
        ([HEADER, "1,zwartepiet,hasj,none,x"], "unknown value 'hasj'"),
        ([HEADER, "1,zwartepiet,hash,soms,x"], "unknown context 'soms'"),
        ([HEADER, "1,zwartepiet,hash,none,x", "1,rodepiet,hash,none,x"], "stands there twice"),
        ([HEADER, "1,zwartepiet,hash,none,x", "2,Zwartepiet,weed,none,x"], "stands there twice"),
        ([HEADER, ",zwartepiet,hash,none,x"], "the row has no id"),
        ([HEADER, "1,--,hash,none,x"], "holds no letter, digit or emoji"),
    ],
)
def test_own_terms_that_are_wrong_are_named_with_their_line(tmp_path, lines, said):
    path = write(tmp_path, *lines)
    with pytest.raises(SettingsError, match=said) as caught:
        load_lexicon(path)
    assert caught.value.where.startswith(f"{path}:")


def test_a_corrected_table_counts_from_then_on(tmp_path):
    for substance in ("hash", "ketamine"):
        path = write(tmp_path, HEADER, f"own.1,zwartepiet,{substance},none,eigen")
        (found,) = extract(["zwartepiet 10g 50"], lexicon=path)
        assert found["substances"] == [substance]


def test_own_terms_that_are_no_text(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.csv: there is no such file$"):
        load_lexicon(tmp_path / "none.csv")
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\)"):
        load_lexicon(tmp_path)
    (tmp_path / "latin.csv").write_bytes("id;cr\xe8me".encode("latin-1"))
    with pytest.raises(SettingsError, match="is no UTF-8 text"):
        load_lexicon(tmp_path / "latin.csv")


def test_own_terms_with_semicolons_as_a_dutch_excel_saves_them(tmp_path):
    path = tmp_path / "own.csv"
    rows = 'id;form;value;context;source\r\nx1;"zwarte, piet";cocaine;none;own\r\n'
    path.write_text(rows, "utf-8-sig")
    (entry,) = [entry for entry in load_lexicon(path).substances if entry.id == "x1"]
    assert (entry.form, entry.value) == ("zwarte, piet", "cocaine")


def test_there_is_no_such_table():
    with pytest.raises(SettingsError, match="no table of terms is called 'drugs'"):
        load_lexicon().terms("drugs")
