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


def test_texts_cannot_steer_the_terminal(run, tmp_path):
    hostile = "\x1b]0;titel\x07 \x1b[2J \u202e omgekeerd \r weg \ud800"
    (tmp_path / "h.jsonl").write_text(json.dumps({"text": hostile, "chat": "\x1b[31mrood"}) + "\n")
    shown = run("inspect", "h.jsonl").stdout
    assert "omgekeerd" in shown
    assert not [character for character in shown if character in "\x1b\x07\r\u202e"]
