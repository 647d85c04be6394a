"""Texts with pseudonyms: the same whoever hides."""

from __future__ import annotations

import os
import signal

from joblib.externals.loky.process_executor import ProcessPoolExecutor

from drugscan.analysis import hiding, open_results
from drugscan.engines.local import prepared_processes
from tests.analysis.folders import Post, Text, write_results


def _no_memory(_: hiding.Hiding) -> None:
    raise OSError("Cannot allocate memory")


def _one_that_is_ended(_: hiding.Hiding) -> ProcessPoolExecutor:
    return prepared_processes(_end, signal.SIGKILL, jobs=2)


def _end(how: int) -> None:
    os.kill(os.getpid(), how)


def test_other_processes_hide_the_same(tmp_path, monkeypatch):
    texts = ["app 06 0000 0123", "vraag voorbeeld_x", "niets", "t.me/voorbeeld_y en @voorbeeld_z"]
    posts = [Post(Text(f"{text} {number}"), account="voorbeeld_x") for text in texts for number in range(5)]
    folder = write_results(tmp_path / "r", posts)
    answers = []
    for few in (1_000, 0):
        monkeypatch.setattr(hiding, "_FEW", few)
        monkeypatch.setattr(hiding, "count_processors", lambda: 2)
        with open_results(folder, key_file=tmp_path / "key") as opened:
            answers.append(opened.ask("texts").to_pylist())
    monkeypatch.setattr(hiding.Hiding, "_started", _no_memory)
    with open_results(folder, key_file=tmp_path / "key") as opened:
        answers.append(opened.ask("texts").to_pylist())
    monkeypatch.setattr(hiding.Hiding, "_started", _one_that_is_ended)
    with open_results(folder, key_file=tmp_path / "key") as opened:
        answers.append(opened.ask("texts").to_pylist())
    here, *elsewhere = answers
    assert elsewhere == [here, here, here]
    assert not [row["text"] for row in here if "voorbeeld" in row["text"] or "0000 0123" in row["text"]]


def test_a_message_is_named_by_chat_and_id_without_telling_them(tmp_path):
    fields = [
        {"chat": "drugskanaal_voorbeeld", "message_id": "drugskanaal_voorbeeld-7"},
        {"chat": "drugskanaal_voorbeeld", "message_id": "drugskanaal_voorbeeld-7"},  # in two files, say
        {"chat": "Voorbeeldgroep", "message_id": "7"},
        {"chat": None, "message_id": "7"},
        {"chat": "Voorbeeldgroep", "message_id": None},
    ]
    folder = write_results(tmp_path / "r", [Post(Text("hoi"), fields=own) for own in fields])
    shown = {}
    for key in ("key", "other"):
        with open_results(folder, key_file=tmp_path / key) as opened:
            table = opened.ask("messages")
            assert "drugskanaal" not in str(table.to_pydict())
            shown[key] = table["message_id"].to_pylist()
    first, again, *others = shown["key"]
    assert first == again
    assert len({first, *others}) == 4
    assert others[-1] is None
    assert set(shown["key"]) & set(shown["other"]) == {None}
    with open_results(folder, identities=True) as opened:
        assert opened.ask("messages")["message_id"].to_pylist() == [own["message_id"] for own in fields]
