"""Scans that are killed, interrupted, or lose a process: run as a user runs them."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scanning.conftest import content

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the processes of Unix")

N_KILLS = 20

# Loads all there is to load, and then scans in copies of itself, one a line of input: how many seconds
# it is given before it is killed, or none. Answers with how it ended and how long it took.
SERVER = """
import os, signal, sys, time
import drugscan
from drugscan.scanning import parts
from drugscan.scanning.identity import identity_of
from drugscan.scanning.scan import scan
from drugscan.scanning.texts import TextOptions
parts.PART_MESSAGES = 35
model = sys.argv[1]
identity_of(TextOptions(model), min_jaccard=0.8, input_format=None, fields=parts.Fields())
for line in sys.stdin:
    began = time.monotonic()
    child = os.fork()
    if not child:
        scan(["exports"], "results", model=model, resume=True)
        os._exit(0)
    if line.strip():
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(status, time.monotonic() - began, flush=True)
"""


@pytest.fixture
def scan_in_copy(inputs: Path, small_model: Path) -> Iterator:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, small_model],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # threads do not live on in a copy
    )

    def scan(kill_after: float | None = None) -> tuple[int, float]:
        server.stdin.write(f"{'' if kill_after is None else kill_after}\n")
        server.stdin.flush()
        status, seconds = server.stdout.readline().split()
        return int(status), float(seconds)

    with server:
        yield scan


def test_kills_at_random_moments_leave_no_trace(scan_in_copy):
    status, seconds = scan_in_copy()
    assert status == 0
    expected = content(Path("results"))
    shutil.rmtree("results")
    rng, n_killed, n_finished = random.Random(0), 0, 0
    while n_killed < N_KILLS or not n_finished:
        status, _ = scan_in_copy(rng.uniform(0, 0.8 * seconds))
        if status == signal.SIGKILL:
            n_killed += 1
        elif Path("results").exists():
            assert content(Path("results")) == expected
            shutil.rmtree("results")
            n_finished += 1


# The command line, waiting for a line of input after each finished part.
STEPWISE = """
import sys
from drugscan.cli import main
from drugscan.scanning import parts
from drugscan.scanning.folder import ResultsFolder
parts.PART_MESSAGES = 35
add_part = ResultsFolder.add_part
def add_part_and_wait(*arguments, **options):
    add_part(*arguments, **options)
    print("part", flush=True)
    sys.stdin.readline()
ResultsFolder.add_part = add_part_and_wait
main()
"""


class Stepwise:
    """A scan from the command line that goes on part by part, when it is told."""

    def __init__(self, model: Path, *options: str) -> None:
        command = [sys.executable, "-c", STEPWISE, "scan", "exports", "-o", "results", "--model", model]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen([*command, *options], text=True, start_new_session=True, **pipes)

    def next_part(self) -> None:
        assert self.process.stdout.readline() == "part\n", self.process.stderr.read()

    def go_on(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def interrupt(self) -> None:
        """Press Ctrl-C: all processes of the terminal get it."""
        os.killpg(self.process.pid, signal.SIGINT)
        time.sleep(0.2)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def ended(self) -> tuple[int, str]:
        """Return the exit code and what was said, the scan going on to its end."""
        _, said = self.process.communicate("\n" * 100, timeout=120)
        return self.process.returncode, said


def finished_parts() -> int:
    return len(json.loads(Path("results.unfinished/manifest.json").read_text())["parts"])


def test_interrupted_once_it_stops_after_a_part_and_twice_at_once(inputs, small_model):
    scan = Stepwise(small_model, "-j", "2")
    scan.next_part()
    scan.interrupt()
    assert scan.process.poll() is None
    code, said = scan.ended()
    assert code == 130
    assert "results: stopped; the same command with --resume goes on" in said
    assert "Traceback" not in said
    assert finished_parts() == 1

    scan = Stepwise(small_model, "-j", "2", "--resume")
    scan.next_part()
    scan.interrupt()
    scan.interrupt()
    assert scan.process.wait(timeout=20) == 130
    assert "Traceback" not in scan.ended()[1]

    scan = Stepwise(small_model, "--resume")
    assert scan.ended()[0] == 0
    resumed = content(Path("results"))
    assert Stepwise(small_model, "--force").ended()[0] == 0
    assert content(Path("results")) == resumed


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes as Linux shows them")
def test_a_lost_process_is_one_line(inputs, small_model):
    scan = Stepwise(small_model, "-j", "2", "-q")
    scan.next_part()
    os.kill(scan.workers()[0], signal.SIGKILL)
    code, said = scan.ended()
    assert code == 3
    assert said.splitlines()[-1].startswith("drugscan: the system ended one of the processes")
    assert "Traceback" not in said
    assert Stepwise(small_model, "-j", "2", "--resume").ended()[0] == 0


def test_a_limit_on_files_is_one_line(inputs, small_model):
    """Stands in for a full disk, which no test can make: the system refuses to write on."""
    limit = 'ulimit -f 8; exec "$@"'  # blocks of 512 or 1,024 bytes
    command = [sys.executable, "-m", "drugscan", "scan", "exports", "-o", "results", "--model", small_model]
    done = subprocess.run(["sh", "-c", limit, "sh", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].endswith("make room, and go on with --resume")
    assert "Traceback" not in done.stderr
    done = subprocess.run([*command, "--resume", "-q"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
