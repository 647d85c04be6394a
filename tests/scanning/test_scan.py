"""A scan says what the single commands say, adds up, and depends on nothing that it should not."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import drugscan
from drugscan.errors import InputError, ModelError, OutputError, SettingsError, TooManyRejectsError
from drugscan.read import Rejects, read_batches
from drugscan.records import LABELS, same_name, text_id
from tests.scanning.conftest import content, read

pytestmark = pytest.mark.usefixtures("small_parts")


@pytest.fixture
def messages(inputs: Path) -> list:
    return [message for batch in read_batches([inputs], rejects=Rejects()) for message in batch]


def test_rows_say_what_the_single_commands_say(inputs, messages):
    drugscan.scan([inputs], "results")
    rows = read(Path("results"), "messages")
    assert [
        (row["source"], row["record"], row["message_id"], row["sender"], row["date"]) for row in rows
    ] == [(one.source, one.record, one.message_id, one.sender, one.date) for one in messages]
    assert [row["text_id"] for row in rows] == [text_id(one.text) for one in messages]
    texts = {row["text_id"]: row for row in read(Path("results"), "texts")}
    assert texts.keys() == {row["text_id"] for row in rows}

    raw = [one.text for one in messages]
    said = drugscan.classify(raw)
    found = drugscan.extract(raw, labels=[one["labels"] for one in said], spans=True)
    for text, one, record in zip(raw, said, found, strict=True):
        row = texts[text_id(text)]
        assert (row["text"], row["labels"], row["models_agree"]) == (text, one["labels"], one["models_agree"])
        assert {label: round(row["scores"][label], 4) for label in LABELS} == one["scores"]
        assert [row[field] for field in ("substances", "places", "contacts")] == [
            record[field] for field in ("substances", "places", "contacts")
        ]
        assert [_as_record(offer) for offer in row["offers"]] == record["offers"]
        for span, expected in zip(row["spans"], record["spans"], strict=True):
            assert [span[key] for key in ("field", "start", "end")] == [
                expected[key] for key in ("field", "start", "end")
            ]
            assert span["reason"] == expected.get("entry", expected.get("rule"))
            own = record["offers"][int(span["value"])] if span["field"] == "offers" else span["value"]
            assert own == expected["value"]


def _as_record(offer: dict) -> dict:
    """Return an offer of the results folder as the codebook has it."""
    values = {
        "quantity": (offer["quantity_thousandths"], 1_000),
        "quantity_max": (offer["quantity_max_thousandths"], 1_000),
        "price_eur": (offer["price_cents"], 100),
        "unit_price_eur": (offer["unit_price_micro_eur"], 1_000_000),
    }
    record = {"substance": offer["substance"], "quantity": None, "unit": offer["unit"], "price_eur": None}
    if values["unit_price_eur"][0] is not None:
        del record["price_eur"]
    return record | {key: whole / parts for key, (whole, parts) in values.items() if whole is not None}


def test_ads_are_those_of_dedupe(inputs, messages):
    drugscan.scan([inputs], "results")
    raw = [one.text for one in messages]
    is_ad = ["drugsad" in one["labels"] for one in drugscan.classify(raw)]
    found = drugscan.dedupe([text for text, ad in zip(raw, is_ad, strict=True) if ad])
    ads = pytest.importorskip("pyarrow.parquet").read_table("results/ads.parquet").to_pylist()
    assert {row["text_id"]: row["ad_id"] for row in ads} == {one["text_id"]: one["ad_id"] for one in found}
    assert len(ads) < sum(is_ad)


def test_counts_add_up(inputs, messages):
    manifest = drugscan.scan([inputs], "results")
    counts = manifest["counts"]
    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["service"]
    assert counts["kept"] == len(messages) == sum(part["messages"] for part in manifest["parts"])
    assert counts["rejected"] == len(Path("results/rejects.jsonl").read_text().splitlines()) == 4
    said = drugscan.classify([one.text for one in messages])
    ads = [message for message, one in zip(messages, said, strict=True) if "drugsad" in one["labels"]]
    expected = {
        "without_text": sum(not one.text for one in messages),
        "texts": len({one.text for one in messages} - {""}),
        "ad_messages": sum("drugsad" in one["labels"] for one in said),
        "bulk_messages": sum("bulk" in one["labels"] for one in said),
        "models_agree": sum(one["models_agree"] for one in said),
        "accounts": len({one.account for one in messages} - {None}),
        "ad_accounts": len({one.account for one in ads} - {None}),
        "chats": len({one.chat for one in messages} - {None}),
        "first_date": min(one.date for one in messages if one.date).isoformat(),
        "last_date": max(one.date for one in messages if one.date).isoformat(),
    }
    assert {name: counts[name] for name in expected} == expected


def test_no_byte_depends_on_processes_or_on_the_order_of_files(inputs):
    drugscan.scan(["exports"], "one")
    names = sorted(str(path.relative_to(inputs.parent)) for path in inputs.iterdir())
    drugscan.scan([*reversed(names), "exports", f"./{names[0]}"], "two", jobs=2, memory_bytes=1)
    expected = content(Path("one"))
    assert len(expected["manifest.json"]["parts"]) > 3
    assert content(Path("two")) == expected


def test_results_within_the_input_are_no_input(inputs):
    drugscan.scan([inputs], inputs / "results")
    before = content(inputs / "results")
    drugscan.scan([inputs], inputs / "results", force=True)
    assert content(inputs / "results") == before


def test_half_an_emoji_is_no_harm(inputs):
    Path("a.jsonl").write_text(
        '{"text": "coke \\ud83d 50 euro de gram, bezorging Utrecht", "sender": "\\udc4d"}'
    )
    drugscan.scan(["a.jsonl"], "results")
    (row,) = read(Path("results"), "texts")
    assert row["text"].startswith("coke \ufffd 50")
    assert read(Path("results"), "messages")[0]["sender"] == "\ufffd"


@pytest.mark.parametrize(
    ("error", "options"),
    [
        (ModelError, {"model": "nowhere"}),
        (SettingsError, {"thresholds": {"drugsad": 2}}),
        (SettingsError, {"lexicon": ["nowhere.csv"]}),
        (SettingsError, {"min_jaccard": 2}),
        (TooManyRejectsError, {"max_rejects": 2}),
        (InputError, {"input_format": "parquet"}),
    ],
)
def test_faults_leave_no_results(inputs, error, options):
    with pytest.raises(error):
        drugscan.scan([inputs], "results", **options)
    assert not Path("results").exists()
    if error is TooManyRejectsError:
        assert len(Path("results.unfinished/rejects.jsonl").read_text().splitlines()) == 3
    else:
        assert not Path("results.unfinished").exists()


def test_a_fault_before_the_first_part_leaves_no_rejects_behind(inputs):
    (inputs / "zz.json").write_text('[{"text": "wiet"}, {"te')
    with pytest.raises(InputError, match="is cut off after 1 messages"):
        drugscan.scan(["exports/d.jsonl", "exports/zz.json"], "results")
    assert not list(Path().glob("results*"))


def test_what_cannot_be_scanned(inputs):
    os.mkfifo("pipe")
    for source in ("-", "pipe"):
        with pytest.raises(InputError, match="which a pipe cannot"):
            drugscan.scan([source], "results")
    with pytest.raises(OutputError, match="its folder does not exist"):
        drugscan.scan([inputs], "no/results")


def test_a_mistyped_name_leaves_nothing_behind(inputs):
    with pytest.raises(InputError):
        drugscan.scan(["nowhere.jsonl"], "new")
    assert not list(Path().glob("new*"))


@pytest.mark.parametrize("line", ['{"text": "Wie gaat er mee naar de markt?"}', '{"text": ""}', "[]"])
def test_nothing_to_find(inputs, line):
    Path("a.jsonl").write_text('{"text": 1}\n' + line + "\n")
    counts = drugscan.scan(["a.jsonl"], "results")["counts"]
    assert (counts["ads"], counts["ad_messages"], counts["first_date"]) == (0, 0, None)
    assert counts["read"] == counts["kept"] + counts["rejected"] == 2


def test_a_name_is_one_account_however_written_and_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [
        json.dumps({"text": "Coke 1 g 50 euro, bezorging in heel Goes", "sender": name}) + "\n"
        for name in ("Jan", "jan", "@jan", "JÁN")
    ]
    Path("a.jsonl").write_text("".join(lines), "utf-8")
    drugscan.scan(["a.jsonl"], "results")
    rows = read(Path("results"), "messages")
    assert [(row["account"], row["sender"]) for row in rows] == [
        *[("jan", "Jan"), ("jan", "jan"), ("jan", "@jan"), ("jÁn", "JÁN")]
    ]
    assert [row["account"] for row in rows] == [same_name(row["sender"]) for row in rows]
    assert json.loads(Path("results/manifest.json").read_text())["counts"]["accounts"] == 2
    assert drugscan.inspect(["a.jsonl"])[0]["accounts"] == 2
    drugscan.export("results", ["accounts", "messages"], "a.sqlite", key_file="key")
    with closing(sqlite3.connect("a.sqlite")) as connection:
        counts = "select (select count(*) from accounts), count(distinct account), count(*) from messages"
        assert connection.execute(counts).fetchone() == (2, 2, 4)
