"""``drugscan scan`` as people meet it: what it says, on a terminal and in a log."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from drugscan.analysis import open_results
from drugscan.cli import main, watch
from tests.conftest import ROOT

DEMO = ROOT / "fixtures" / "demo.jsonl"


@pytest.fixture
def scan(small_model, tmp_path, monkeypatch, capfd):
    """Run ``drugscan scan`` in an empty folder and in this process, which has loaded all already."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(
            sys, "argv", ["drugscan", "scan", "--model", str(small_model), *map(str, arguments)]
        )
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code
        said = capfd.readouterr()
        return code, said.out, said.err.splitlines()

    return call


def test_the_summary_tells_the_numbers(scan, tmp_path):
    code, shown, lines = scan(DEMO, "-o", "results")
    assert (code, shown) == (0, "")
    said = {line[:28].strip(): line[28:].split() for line in lines[1:-1]}
    assert said["messages"] == ["10"]
    assert said["with text"] == ["9", "90.0%"]
    assert said["chats"] == ["1"]
    assert said["dates"] == ["2023-05-01", "to", "2023-05-01"]
    assert (tmp_path / "results" / "manifest.json").exists()
    assert not (tmp_path / "results.unfinished").exists()
    assert not said.keys() & {"without a date", "dates that cannot be"}
    assert lines[-1] == "results: finished; drugscan report results shows it"
    code, _, lines = scan(DEMO, "-o", "results")
    assert code == 3
    assert lines == [
        "drugscan: results: exists already; --resume to add new files, --force to replace it, "
        "or give another name"
    ]


def test_dates_that_are_not_known_or_cannot_be_are_told(scan, tmp_path):
    dates = ("05/31/2023 23:59", "", "1970-01-01T00:00:00Z", "2023-05-01T12:00:00Z")
    (tmp_path / "a.csv").write_text("".join(["text,date\n", *(f"wiet,{date}\n" for date in dates)]))
    _, _, lines = scan("a.csv", "-o", "results")
    said = {line[:28].strip(): line[28:].split() for line in lines[1:-1]}
    assert said["without a date"] == ["2", "50.0%"]
    assert said["dates that cannot be"] == ["1", "25.0%"]
    assert said["dates"] == ["2023-05-01", "to", "2023-05-01"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--memory", "much"], 2, "write it like 2GiB"),
        (["--memory", "0"], 2, "give at least 64MiB"),
        ([], 2, "Missing option '-o'"),
        (["-o", "results", "--max-rejects", "2"], 5, "see results.unfinished/rejects.jsonl"),
        (["-o", "results", "--threshold", "bulk"], 3, "write it like drugsad=0.8"),
    ],
)
def test_faults(scan, options, code, said):
    bad = ROOT / "fixtures" / "inputs" / "bad" / "one_bad_line.jsonl"
    ended, _, lines = scan(bad, *options)
    assert ended == code
    assert said in lines[-1]


def test_a_terminal_shows_bars(small_model, tmp_path):
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "drugscan", "scan", DEMO, "-o", "results", "--model", small_model]
    with subprocess.Popen(command, cwd=tmp_path, stderr=end, env={**os.environ, "TERM": "xterm"}):
        os.close(end)
        shown = b""
        while piece := _read(terminal):
            shown += piece
    os.close(terminal)
    assert b"10 messages" in shown
    assert b"ad texts" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # as Linux says that the other end is closed
        return b""


def test_a_log_has_a_line_a_minute(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: now[0])
    with watch.watch(quiet=False) as watcher:
        watcher.stage("messages")
        for _ in range(5):
            now[0] += 25
            watcher.advance(1_000, now[0] / 250, texts=500, ad_texts=70)
    assert capsys.readouterr().err.splitlines() == [
        "30%: 3,000 messages, 40/s, 500 texts, 70 ad texts",
    ]


def test_days_are_those_of_the_report(scan, tmp_path):
    late = (
        '{"text": "hoi", "date": "2023-11-30T23:16:23Z"}\n{"text": "hoi", "date": "2023-11-30T12:00:00Z"}\n'
    )
    (tmp_path / "late.jsonl").write_text(late)
    code, _, lines = scan("late.jsonl", "-o", "results")
    assert code == 0
    assert lines[-2].split() == ["dates", "2023-11-30", "to", "2023-12-01"]
    with open_results("results", identities=True) as opened:
        assert str(opened.ask("headline")["last_date"][0]) == "2023-12-01"


def test_dates_that_no_post_can_have_are_counted_apart(scan, tmp_path):
    dates = ("0", '"2013-08-13T23:00:00Z"', '"2023-05-01T10:00:00Z"', '"2099-01-01T00:00:00Z"')
    rows = [f'{{"text": "hoi", "date": {date}}}\n' for date in dates]
    (tmp_path / "dates.jsonl").write_text("".join(rows))
    code, _, lines = scan("dates.jsonl", "-o", "results")
    assert code == 0
    assert lines[-3].split() == ["dates", "that", "cannot", "be", "3", "75.0%"]
    assert lines[-2].split() == ["dates", "2023-05-01", "to", "2023-05-01"]
    with open_results("results", identities=True) as opened:
        (row,) = opened.ask("headline").to_pylist()
        assert opened.ask("messages")["date"].null_count == 0  # what the file says is kept
    assert (row["messages_without_date"], row["messages_with_wrong_date"]) == (3, 3)
    assert str(row["first_date"]) == str(row["last_date"]) == "2023-05-01"
