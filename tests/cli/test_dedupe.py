from __future__ import annotations

import csv
import json

import pytest

from tests.conftest import ROOT

DEMO = ROOT / "fixtures" / "demo.jsonl"
AD = "Beste kwaliteit wiet, bezorging in heel Utrecht, 5 gram voor {} euro. App 06 0000 0123"


def rows(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def lines(*messages: dict) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


MESSAGES = lines(
    {"id": 1, "text": AD.format(50), "sender": "voorbeeld_a", "chat": "x", "date": "2023-05-02"},
    {
        "id": 2,
        "text": "Wie gaat er mee naar de markt?",
        "sender": "voorbeeld_b",
        "chat": "x",
        "date": "2023-05-01",
    },
    {"id": 3, "text": AD.format(45), "sender": "voorbeeld_b", "chat": "y", "date": "2023-05-03"},
    {"id": 4, "text": AD.format(50), "sender": "@Voorbeeld_A", "chat": "y", "date": "2023-05-01"},
)


def test_rows_gain_their_text_ad_copies_and_variants(run):
    done = run("dedupe", "-", stdin=MESSAGES)
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert [row["id"] for row in found] == [1, 2, 3, 4]
    assert [row["copies"] for row in found] == [2, 1, 1, 2]
    assert [row["variants"] for row in found] == [2, 1, 2, 2]
    assert found[0]["ad_id"] == found[2]["ad_id"] == min(found[0]["text_id"], found[2]["text_id"])
    assert "4 messages, 3 texts; groups of near-duplicates: 1, with 2 texts" in done.stderr
    alone = run("dedupe", "-", stdin=lines({"text": "hallo allemaal"}, {"text": "wat een weer"}))
    assert "2 messages, 2 texts; groups of near-duplicates: 0, with 0 texts" in alone.stderr


def test_keep_first(run):
    assert [row["id"] for row in rows(run("dedupe", "-", "--keep", "first", stdin=MESSAGES).stdout)] == [1, 2]


def test_messages_without_text_are_no_copies(run, tmp_path):
    photos = "".join(f'{{"id": {number}, "text": "", "sender": "s{number}"}}\n' for number in range(3))
    done = run("dedupe", "-", "--keep", "first", "--clusters", "ads.csv", stdin=photos + MESSAGES)
    found = rows(done.stdout)
    assert [(row["id"], row["copies"]) for row in found] == [(0, 1), (1, 1), (2, 1), (1, 2), (2, 1)]
    assert "7 messages, 3 texts; groups of near-duplicates: 1, with 2 texts" in done.stderr
    with (tmp_path / "ads.csv").open(newline="") as file:
        assert [row["messages"] for row in csv.DictReader(file)] == ["3", "1"]


def test_clusters_are_one_row_an_ad(run, tmp_path):
    assert run("dedupe", "-", "-q", "--clusters", "ads.csv", stdin=MESSAGES).returncode == 0
    with (tmp_path / "ads.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert [first[key] for key in ("messages", "texts", "accounts", "chats")] == ["3", "2", "2", "2"]
    assert first["representative"] in (AD.format(50), AD.format(45))
    assert (first["first_date"][:10], first["last_date"][:10]) == ("2023-05-01", "2023-05-03")
    assert second["messages"] == "1"


@pytest.mark.parametrize("name", ["ads.txt", "nowhere/ads.csv"])
def test_clusters_that_cannot_be_written_are_refused_before_any_work(run, name):
    done = run("dedupe", "not_even_looked_for.jsonl", "-o", "out.jsonl", "--clusters", name)
    assert done.returncode == 3
    assert done.stderr.startswith(f"drugscan: {name}: ")


def test_clusters_do_not_mix_with_messages_on_standard_output(run, tmp_path):
    done = run("dedupe", "-", "--clusters", "-", stdin=MESSAGES)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "drugscan: -: is to hold two outputs; give each its own name\n"
    done = run("dedupe", "-", "-q", "-o", "out.jsonl", "--clusters", "-", stdin=MESSAGES)
    assert [row["messages"] for row in rows(done.stdout)] == [3, 1]


def test_a_stricter_threshold_parts_them(run):
    found = rows(run("dedupe", "-", "--min-jaccard", "0.99", stdin=MESSAGES).stdout)
    assert [row["variants"] for row in found] == [1, 1, 1, 1]
    done = run("dedupe", "-", "--min-jaccard", "1.5", stdin=MESSAGES)
    assert done.returncode == 3
    assert "--min-jaccard" in done.stderr


def test_explain_two_messages(run):
    done = run("dedupe", "-", "--explain", "1", "3", stdin=MESSAGES)
    assert done.returncode == 0, done.stderr
    assert "one group" in done.stdout
    assert (
        "+ beste kwaliteit wiet, bezorging in heel utrecht, 5 gram voor 45 euro. app contact_phone"
        in done.stdout
    )
    for options in (["-o", "a.jsonl"], ["--clusters", "a.jsonl"], ["--keep", "first"]):
        refused = run("dedupe", "-", "--explain", "1", "3", *options, stdin=MESSAGES)
        assert (refused.returncode, refused.stdout) == (3, "")
    missing = run("dedupe", "-", "--explain", "1", "77", stdin=MESSAGES)
    assert missing.returncode == 3
    assert "there is no message or text '77'" in missing.stderr


def test_one_id_in_two_chats_is_two_messages(run):
    rows = [{"chat": chat, "id": 1, "text": f"wiet in {chat}"} for chat in ("a", "b")]
    stdin = "".join(json.dumps(row) + "\n" for row in rows)
    refused = run("dedupe", "-", "--explain", "1", "1", stdin=stdin)
    assert refused.returncode == 3
    assert "2 texts have the id '1'; give CHAT/ID" in refused.stderr
    assert "+ wiet in b" in run("dedupe", "-", "--explain", "a/1", "b/1", stdin=stdin).stdout


def test_jobs_change_no_byte(run):
    folder = ROOT / "fixtures" / "labelled"
    one = run("dedupe", folder, "-q", "-j", 1)
    assert one.returncode == 0
    assert run("dedupe", folder, "-q", "-j", 2).stdout == one.stdout
