"""Files become parts: by messages, by characters, and each file once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drugscan.errors import InputError
from drugscan.read import Rejects, open_messages
from drugscan.records import text_id
from drugscan.scanning import parts
from drugscan.scanning.columns import keys_of
from drugscan.scanning.parts import find_inputs, read_parts


def write(path: Path, *texts: str) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return str(path)


def sizes(*names: str) -> list[int]:
    return [part.messages.num_rows for part in read_parts([], names, rejects=Rejects())]


@pytest.mark.usefixtures("small_parts")
def test_parts_end_at_a_number_of_messages_wherever_files_end(tmp_path):
    names = [write(tmp_path / "a.jsonl", *"x" * 150), write(tmp_path / "b.jsonl", *"y" * 60)]
    assert sizes(*names) == [70, 70, 70, 0]
    assert sizes(*names[1:]) == [60]


def test_parts_end_at_a_number_of_characters(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PART_CHARACTERS", 100)
    assert sizes(write(tmp_path / "a.jsonl", "x" * 60, "x" * 39, "x", "x" * 500, "x")) == [3, 1, 1]


def test_parts_tell_how_far_they_are(tmp_path):
    names = [write(tmp_path / "a.jsonl", "x"), write(tmp_path / "b.jsonl", "coke", "wiet")]
    (part,) = read_parts([], names, rejects=Rejects())
    assert part.share == 1
    assert [(file.source, file.kept, file.done) for file in part.files] == [
        (names[0], 1, True),
        (names[1], 2, True),
    ]
    assert part.texts == ["x", "coke", "wiet"]
    assert part.keys.hex() == "".join(map(text_id, part.texts))
    assert keys_of(part.messages["text_id"]) == part.keys


def test_a_deleted_account_is_no_account_however_it_was_read(tmp_path):
    who = [
        {"sender": "Deleted Account"},
        {"author": "deleted account"},
        {"sender_id": 7, "sender": "Deleted Account"},
        {"sender_id": "Deleted Account", "sender": "@Jan"},
        {"sender": "Deleted Account 2"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": "x", **row}) + "\n" for row in who))
    (part,) = read_parts([], [str(path)], rejects=Rejects())
    accounts = [None, None, "7", "jan", "deleted account 2"]
    assert part.messages["account"].to_pylist() == accounts
    batches = open_messages(path, rejects=Rejects()).batches()
    assert [message.account for batch in batches for message in batch] == accounts


def test_each_file_is_meant_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.jsonl", "aa.jsonl"):
        write(tmp_path / name, "x")
    (tmp_path / "link.jsonl").symlink_to("b.jsonl")
    results = tmp_path / "results"
    results.mkdir()
    write(results / "rejects.jsonl", "x")
    found = find_inputs([".", "link.jsonl", "./aa.jsonl"], outputs=[results])
    assert found == ["b.jsonl", "aa.jsonl"]
    told = "results/rejects.jsonl: is in the folder that the results go to; give the results another folder"
    for paths in (["results"], [".", "results/rejects.jsonl"]):
        with pytest.raises(InputError, match=told):
            find_inputs(paths, outputs=[results])


def test_what_is_left_out_or_holds_no_message_is_told(tmp_path):
    said = []
    (tmp_path / "a.txt").write_text("x")
    write(tmp_path / "a.jsonl", "x")
    (tmp_path / "b.jsonl").write_text('{"text": 5}\n')
    names = find_inputs([tmp_path], outputs=[], announce=said.append)
    list(read_parts([], names, rejects=Rejects(), announce=said.append))
    assert said[0] == f"{tmp_path}: left out 1 file (a.txt); name what holds messages"
    assert said[-1].startswith(f"{names[1]}: holds not one message, and unreadable rows: 1")
