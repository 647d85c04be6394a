from __future__ import annotations

import json

from drugscan.overview import inspect


def test_chats_are_told_apart_by_their_ids_and_shown_by_their_names(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [
        {"chat_id": 1, "chat": "Groep"},
        {"chat_id": 2, "chat": "Groep"},
        {"chat_id": 3, "chat": "Oud"},
        {"chat_id": 3, "chat": "Nieuw"},
        {"chat_id": 3, "chat": None},
        {"chat_id": 4, "chat": None},
        {"chat_id": None, "chat": "Zonder"},
        {"chat_id": None, "chat": None},
    ]
    path.write_text("".join(json.dumps({"text": "wiet", **row}) + "\n" for row in rows))
    assert inspect(path)[0]["chats"] == ["4", "Groep", "Groep", "Nieuw", "Zonder"]
