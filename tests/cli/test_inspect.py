from __future__ import annotations

import json

from tests.conftest import ROOT

INPUTS = ROOT / "fixtures" / "inputs"

EXPECTED = """\
telegram_chat.json
  shape         Telegram Desktop JSON export
  messages      4, 1 of them without text
  notices       1 by Telegram (joined, pinned), left out
  dates         2023-05-01T10:30:00+00:00 to 2023-05-01T10:33:00+00:00
  chats         1: Voorbeeldgroep
  accounts      3
  unreadable    0
"""


def test_says_what_a_newcomer_wants_to_see(run):
    done = run("inspect", INPUTS / "telegram_chat.json")
    assert done.returncode == 0
    assert done.stdout.replace(f"{INPUTS}/", "").startswith(EXPECTED)
    assert done.stdout.count("  text          ") == 3


def test_json_has_the_same(run):
    done = run("inspect", INPUTS / "telegram_chat.json", INPUTS / "bad" / "one_bad_line.jsonl", "--json")
    chat, bad = map(json.loads, done.stdout.splitlines())
    assert (chat["messages"], chat["without_text"], chat["service"], chat["accounts"]) == (4, 1, 1, 3)
    assert bad["rejected"] == 4
    assert bad["reasons"]["is no JSON"] == 1


def test_unreadable_rows_are_noted_and_a_file_is_replaced_by_force_alone(run, tmp_path):
    (tmp_path / "rejects.jsonl").write_text("old")
    command = ("inspect", INPUTS / "bad" / "one_bad_line.jsonl", "--rejects", "rejects.jsonl")
    refused = run(*command)
    assert refused.returncode == 3
    assert "--force" in refused.stderr
    assert run(*command, "--force").returncode == 0
    assert "is no JSON" in (tmp_path / "rejects.jsonl").read_text()


def test_texts_cannot_steer_the_terminal(run, tmp_path):
    hostile = "\x1b]0;titel\x07 \x1b[2J \u202e omgekeerd \r weg \ud800"
    (tmp_path / "h.jsonl").write_text(json.dumps({"text": hostile, "chat": "\x1b[31mrood"}) + "\n")
    shown = run("inspect", "h.jsonl").stdout
    assert "omgekeerd" in shown
    assert not [character for character in shown if character in "\x1b\x07\r\u202e"]


def test_shows_what_was_understood_of_rows(run, tmp_path):
    rows = [
        {"bericht": "een", "datum": "2023-05-01", "afzender": "x", "user_id": 7},
        {"bericht": "twee", "datum": "gisteren", "groep": "y"},
        {"bericht": "drie", "datum": 0},
        {"bericht": "vier"},
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    shown = run("inspect", "rows.jsonl").stdout.splitlines()
    assert "  columns       text: bericht; date: datum; sender: user_id, afzender; chat: groep" in shown
    day = "2023-05-01T00:00:00+00:00"
    assert f"  dates         {day} to {day}; 2 without one that can be read; 1 that no post can have" in shown
    seen = json.loads(run("inspect", "rows.jsonl", "--json").stdout)
    assert seen["columns"]["sender"] == ["user_id", "afzender"]
    assert (seen["without_date"], seen["wrong_dates"]) == (2, 1)


def test_an_empty_file_in_a_folder_stops_nobody(run, tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.jsonl").touch()
    (tmp_path / "exports" / "b.jsonl").write_text('{"text": "wiet"}\n')
    done = run("inspect", "exports")
    assert done.returncode == 0
    assert done.stderr == "exports/a.jsonl: is empty, and is left out\n"
    assert "b.jsonl" in done.stdout
