"""Work in other processes: in order, one group ahead, and one clear line when a process is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drugscan.engines.local import WorkerLostError, each, interrupts_noted, one_ahead
from tests.conftest import ROOT

GROUPS = [("a", [3, 1, 2]), ("b", []), ("c", [5]), ("d", [4, 4])]


def double(number: int) -> int:
    return 2 * number


def end_at_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs):
    found = [(tag, list(results)) for tag, results in one_ahead(double, GROUPS, jobs=jobs)]
    assert found == [("a", [6, 2, 4]), ("b", []), ("c", [10]), ("d", [8, 8])]


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        ("abcd", ["ab", "abc", "abcd", "abcd"]),
        ("ac", ["ab", "ab", "abcd", "abcd"]),
        ("", ["a", "ab", "abc", "abcd"]),
    ],
)
def test_the_next_group_is_begun_before_the_results_of_one_that_may_wait_are_asked_for(waiting, expected):
    begun = []

    def groups():
        for group in GROUPS:
            begun.append(group[0])
            yield group

    told = one_ahead(double, groups(), may_wait=lambda tag: tag in waiting)
    assert [(tag, "".join(begun)) for tag, _ in told] == list(zip("abcd", expected, strict=True))


def test_a_single_group_is_done_in_order():
    assert list(each(double, [3, 1, 2], jobs=2)) == list(each(double, [3, 1, 2])) == [6, 2, 4]
    with pytest.raises(WorkerLostError):
        list(each(end_at_two, [3, 1, 2], jobs=2))


def test_a_killed_process_is_one_line():
    with pytest.raises(WorkerLostError, match="the system ended one of the processes"):
        [list(results) for _, results in one_ahead(end_at_two, GROUPS, jobs=2)]
    assert [list(results) for _, results in one_ahead(double, GROUPS[:1], jobs=2)] == [[6, 2, 4]]


HAS_PROC = Path("/proc/self/task").exists()


@pytest.mark.skipif(not HAS_PROC, reason="looks for processes as Linux shows them")
def test_no_worker_outlives_the_process_that_started_it():
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    workers = {int(pid) for pid in killed.stdout.split()}
    assert len(workers) > 0
    until = time.monotonic() + 20
    while any(map(is_running, workers)):
        assert time.monotonic() < until
        time.sleep(0.05)


KILLED = """
import os, signal
from drugscan.engines.local import one_ahead
def pid(number):
    return os.getpid()
for _, found in one_ahead(pid, [("a", range(4))], jobs=2):
    print(*found, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


GIVEN_UP = """
import signal, sys, time
from drugscan.engines.local import one_ahead
signal.signal(signal.SIGALRM, signal.default_int_handler)
try:
    for _, found in one_ahead(time.sleep, [("a", [0.01] * 100), ("b", [0.1] * 100)], jobs=2):
        if sys.argv[1] == "leave":
            break
        signal.setitimer(signal.ITIMER_REAL, 1.5)
        list(found)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize(("how", "said"), [("leave", ""), ("interrupt", "interrupted\n")])
def test_work_that_is_given_up_is_no_traceback(how, said):
    done = subprocess.run(
        [sys.executable, "-c", GIVEN_UP, how], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == (said, "")


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_first_interrupt_is_noted_and_a_second_one_interrupts():
    told = []
    with interrupts_noted(lambda: told.append("first")) as interrupt:
        assert not interrupt.is_set()
        signal.raise_signal(signal.SIGINT)
        assert interrupt.is_set()
        assert told == ["first"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert told == ["first"]


def test_outside_the_main_thread_nothing_is_caught():
    noted = []

    def work():
        with interrupts_noted() as interrupt:
            noted.append(interrupt.is_set())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert noted == [False]
