"""Scans that are killed, interrupted, or lose a process: run as a user runs them."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.scanning.conftest import content, demo_lines
from tests.scanning.copies import Copies

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the processes of Unix")

N_KILLS = 20


@pytest.fixture(scope="module")
def copies(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    messages = tmp_path_factory.mktemp("copies") / "messages.jsonl"
    messages.write_text("".join(demo_lines(240)), "utf-8")
    copies = Copies(small_model, messages)
    yield copies
    copies.close()


@pytest.fixture
def expected(copies: Copies, inputs: Path) -> dict:
    assert copies.start("-j", "1", "-q").ended() == (0, "")
    expected = content(Path("results"))
    shutil.rmtree("results")
    return expected


def resumed(copies: Copies) -> dict:
    assert copies.start("-j", "1", "--resume", "-q").ended() == (0, "")
    return content(Path("results"))


def test_kills_at_random_moments_leave_no_trace(copies, expected):
    begin = time.monotonic()
    assert resumed(copies) == expected
    seconds = time.monotonic() - begin
    shutil.rmtree("results")
    rng, n_killed, n_finished = random.Random(0), 0, 0
    while n_killed < N_KILLS or not n_finished:
        scan = copies.start("-j", "1", "--resume", "-q")
        time.sleep(rng.uniform(0, 0.6 * seconds))
        with suppress(ProcessLookupError):  # it has ended
            os.kill(scan.pid, signal.SIGKILL)
        code, said = scan.ended()
        assert said == ""
        if code == -signal.SIGKILL:
            n_killed += 1
        elif Path("results").exists():
            assert content(Path("results")) == expected
            shutil.rmtree("results")
            n_finished += 1


def finished_parts() -> int:
    return len(json.loads(Path("results.unfinished/manifest.json").read_text())["parts"])


def test_interrupted_once_it_stops_after_the_part_at_hand(copies, expected):
    scan = copies.start("-j", "1", stepwise=True)
    scan.next_part()
    scan.interrupt()
    os.kill(scan.pid, 0)  # is still there
    told = "results: stops when the part at hand is finished; Ctrl-C again stops now"
    assert scan.said().splitlines()[-1] == told
    scan.go_on()
    code, said = scan.ended()
    assert code == 130
    assert "results: stopped; the same command with --resume goes on" in said
    assert "Traceback" not in said
    assert finished_parts() == 1
    assert resumed(copies) == expected


def test_interrupted_twice_it_stops_at_once(copies, expected):
    scan = copies.start("-j", "2", stepwise=True)
    scan.next_part()
    scan.interrupt()
    os.kill(scan.pid, 0)
    scan.interrupt()
    code, said = scan.ended()
    assert code == 130
    assert "Traceback" not in said
    assert resumed(copies) == expected


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes as Linux shows them")
def test_a_lost_process_is_one_line(copies, expected):
    scan = copies.start("-j", "2", "-q", stepwise=True)
    scan.next_part()
    os.kill(scan.workers()[0], signal.SIGKILL)
    scan.go_on()
    code, said = scan.ended()
    assert code == 3
    assert said.splitlines()[-1].startswith("drugscan: the system ended one of the processes")
    assert "Traceback" not in said
    assert resumed(copies) == expected


def test_a_limit_on_files_is_one_line(copies, expected):
    """Stands in for a full disk, which no test can make: the system refuses to write on."""
    code, said = copies.start("-j", "1", "-q", file_bytes=8_000).ended()
    assert code == 3
    assert said.startswith("drugscan: ")
    assert said.endswith("make room, and go on with --resume\n")
    assert said.count("\n") == 1
    assert resumed(copies) == expected
