"""Identities are planted everywhere; nothing that is written may hold one."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from drugscan import export, query
from drugscan.analysis import open_results, questions, suppress_small, tables
from drugscan.exporting.query import export_query
from drugscan.records import text_id
from tests.analysis.folders import Post, Text, write_results
from tests.exporting.conftest import planted_posts

# Letters and digits only, in lower case: spaces, dots and boxes between them hide nothing.
LEFT = re.compile("geheim|600000123|nulnulnul")


def letters(text: str) -> str:
    outside = re.sub(r"[a-z]+_[0-9a-f]{12}|\b[0-9a-f]{32}\b", "", text)  # pseudonyms may hold anything
    return "".join(character for character in outside.lower() if character.isalnum())


def content(path: Path) -> str:
    """Return all that is in a file as text."""
    if path.suffix == ".parquet":
        return str(parquet.read_table(path).to_pylist()) + str(parquet.read_metadata(path).metadata)
    if path.suffix == ".sqlite":
        connection = sqlite3.connect(path)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return path.read_text("utf-8")


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "key"


@pytest.mark.parametrize(
    ("names", "suffix"),
    [
        ([*tables(), *questions()], "sqlite"),
        ([*tables(), *questions()], "xlsx"),
        (["places"], "geojson"),
        (["network"], "gexf"),
        (["texts"], "csv"),
        (["texts"], "parquet"),
        (["messages"], "csv"),
        (["messages"], "parquet"),
    ],
)
def test_no_table_or_answer_in_any_format_shows_anybody(planted, tmp_path, key_file, names, suffix):
    output = tmp_path / f"out.{suffix}"
    notes = export(planted, names, output, key_file=key_file)
    assert not LEFT.search(letters(content(output)))
    assert set(notes) == {"Accounts, chats, contacts and identities of messages and texts are pseudonyms."}
    # The test would see them: with identities they are there.
    notes = export(planted, names, output, key_file=key_file, identities=True, force=True)
    assert suffix == "geojson" or LEFT.search(letters(content(output)))
    assert all(note.startswith("Shows identities") for note in notes)
    assert suffix == "csv" or "Shows identities" in content(output)


def test_no_query_shows_anybody(planted, tmp_path, key_file):
    with open_results(planted, key_file=key_file) as opened:
        for name in tables():
            for select in (
                "select * from {}",
                "select lower({0}::varchar) as x from {0}",
                "select reverse(reverse(to_json({0})::varchar)) as x from {0}",
                "select histogram({0}::varchar) as x from {0}",
            ):
                found = str(opened.select(select.format(name)).read_all().to_pylist())
                assert len(found) > 50
                assert not LEFT.search(letters(found)), select
    output = tmp_path / "out.csv"
    export_query(planted, "select * from texts", output, key_file=key_file)
    assert output.read_text("utf-8").count("\n") > 5
    assert not LEFT.search(letters(content(output)))


def test_a_query_written_with_its_answer_shows_nobody_either(planted, tmp_path, key_file):
    sql = "select count(*) as n from messages where sender in ('06 0000 0123', 'Geheim Naam')"
    for identities, shown in ((True, 1), (False, 0)):
        output = tmp_path / f"{shown}.sqlite"
        export_query(planted, sql, output, key_file=key_file, identities=identities)
        with closing(sqlite3.connect(output)) as connection:
            ((said,),) = connection.execute("select definition from about")
        assert said.count("0123") == shown
        assert said.count("Geheim Naam") == shown
    assert query(planted, sql, key_file=key_file).to_pylist() == [{"n": 0}]


def test_the_same_person_is_the_same_everywhere(planted, tmp_path, key_file):
    def rows(name):
        export(planted, [name], tmp_path / f"{name}.parquet", key_file=key_file)
        return parquet.read_table(tmp_path / f"{name}.parquet")

    messages, texts, contacts = rows("messages"), rows("texts"), rows("contacts")
    assert set(messages["text_id"].to_pylist()) == set(texts["text_id"].to_pylist())
    phone = next(row["contact"] for row in contacts.to_pylist() if row["kind"] == "phone").split("_")[1]
    assert f"account_{phone}" not in messages["account"].to_pylist()  # 31600000123 is no +31600000123
    assert any(phone in text for text in texts["text"].to_pylist())
    handle = next(row["contact"] for row in contacts.to_pylist() if row["kind"] == "telegram").split("_")[1]
    assert f"sender_{handle}" in messages["sender"].to_pylist()
    first = tmp_path / "messages.parquet"
    again = tmp_path / "again.parquet"
    export(planted, ["messages"], again, key_file=key_file)
    assert again.read_bytes() == first.read_bytes()
    other = tmp_path / "other.parquet"
    export(planted, ["messages"], other, key_file=tmp_path / "other_key")
    assert parquet.read_table(other)["account"] != messages["account"]


def test_sql_and_python_give_the_same_pseudonyms(planted, key_file, tmp_path):
    with open_results(planted, key_file=key_file) as opened:
        pseudonyms = opened.pseudonyms
        accounts = opened.ask("accounts")["account"].to_pylist()
        texts = opened.ask("texts").to_pylist()
    assert set(accounts) == {pseudonyms.value("account", name) for name in ("geheim_y", "31600000123")}
    expected = {
        pseudonyms.identity(text_id(post.text.text)): pseudonyms.text(post.text.text)
        for post in planted_posts()
    }
    assert {row["text_id"]: row["text"] for row in texts} == expected


def test_small_cells_are_left_out_and_counted(planted, tmp_path, key_file):
    output = tmp_path / "out.parquet"
    (note,) = export(planted, ["by_chat"], output, min_count=3, key_file=key_file)
    assert parquet.read_table(output).num_rows == 0
    assert "2 rows that rest on fewer than 3 are left out" in note


def test_suppression_looks_at_accounts_first():
    table = pyarrow.table({"accounts": [4, 5, 0], "ads": [9, 1, 0]})
    kept, n_left_out = suppress_small(table, min_count=5)
    assert (kept["accounts"].to_pylist(), n_left_out) == ([5, 0], 1)


def test_suppression_keeps_periods_and_labels_without_ads():
    table = pyarrow.table(
        {"messages": [900, 900], "ad_messages": [0, 7], "ads": [0, 3], "ad_accounts": [0, 0]}
    )
    kept, n_left_out = suppress_small(table, min_count=5)
    assert (kept["ad_messages"].to_pylist(), n_left_out) == ([0], 1)


def of_accounts(n_accounts, label="softdrugs", substance="weed", **fields):
    text = Text(f"{substance} te koop {fields}", ("drugsad", label), [substance])
    return [Post(text, f"{substance}{number}", **fields) for number in range(n_accounts)]


def exported(folder, name, tmp_path, key_file, min_count):
    output = tmp_path / f"{name}-{min_count}.parquet"
    (note,) = export(folder, [name], output, min_count=min_count, key_file=key_file)
    return parquet.read_table(output).to_pylist(), note


def test_growth_is_left_out_where_a_half_rests_on_few(tmp_path, key_file):
    early, late = (datetime(2023, month, 5, tzinfo=timezone.utc) for month in (1, 2))
    posts = [
        *(post for date in (early, late) for post in of_accounts(6, date=date)),
        *of_accounts(6, substance="cocaine", date=early),
        *of_accounts(2, substance="cocaine", date=late),
        *of_accounts(6, substance="hash", date=late),
    ]
    folder = write_results(tmp_path / "r", posts)
    rows, _ = exported(folder, "substance_growth", tmp_path, key_file, 0)
    accounts = {row["substance"]: (row["early_accounts"], row["late_accounts"]) for row in rows}
    assert accounts == {"weed": (6, 6), "cocaine": (6, 2), "hash": (0, 6)}
    rows, _ = exported(folder, "substance_growth", tmp_path, key_file, 5)
    assert {row["substance"] for row in rows} == {"weed", "hash"}


def test_the_headline_rests_on_the_accounts_that_posted_ads(tmp_path, key_file):
    lurkers = [Post(Text(f"hoi {number}"), f"lurker{number}") for number in range(20)]
    folder = write_results(tmp_path / "r", [*lurkers, *of_accounts(1)])
    assert exported(folder, "headline", tmp_path, key_file, 5)[0] == []
    assert len(exported(folder, "headline", tmp_path, key_file, 1)[0]) == 1


def test_the_headline_is_blank_where_few_sell_in_bulk(tmp_path, key_file):
    folder = write_results(tmp_path / "r", [*of_accounts(9), *of_accounts(2, "bulk", "cocaine")])
    bulk = ("bulk_messages", "bulk_ads", "bulk_accounts")
    for min_count, expected in ((2, [2, 1, 2]), (5, [None, None, None])):
        ((row,), _) = exported(folder, "headline", tmp_path, key_file, min_count)
        assert ([row[name] for name in bulk], row["ad_accounts"]) == (expected, 11)


def test_a_row_that_would_follow_from_the_total_is_not_left_out_alone(tmp_path, key_file):
    posts = [
        post for name, n in (("a", 20), ("b", 2), ("c", 6), ("d", 9)) for post in of_accounts(n, chat=name)
    ]
    folder = write_results(tmp_path / "r", posts)
    rows, note = exported(folder, "by_chat", tmp_path, key_file, 5)
    assert [row["ad_messages"] for row in rows] == [20, 9]
    assert "2 rows that rest on fewer than 5 are left out" in note
    # Of places there is no total that one would follow from.
    places = [
        Post(Text(f"wiet {place}", ("drugsad", "softdrugs"), places=[place]), f"user{number}")
        for place, n in (("Utrecht", 20), ("Goes", 2), ("Sluis", 6))
        for number in range(n)
    ]
    rows, _ = exported(write_results(tmp_path / "p", places), "places", tmp_path, key_file, 5)
    assert {row["place"] for row in rows} == {"Utrecht", "Sluis"}


@pytest.mark.parametrize("name", ["places", "by_substance", "by_chat", "prices", "most_repeated_ads"])
def test_ads_without_an_account_rest_on_nobody_known(name, tmp_path, key_file):
    posts = [
        Post(replace(post.text, text=f"{post.text.text} {number}"), None, post.chat, fields=post.fields)
        for number in range(6)
        for post in planted_posts()
    ]
    folder = write_results(tmp_path / "r", posts)
    output = tmp_path / "out.parquet"
    (note,) = export(folder, [name], output, min_count=5, key_file=key_file)
    assert parquet.read_table(output).num_rows == 0
    assert not note.endswith(" 0 rows that rest on fewer than 5 are left out.")
