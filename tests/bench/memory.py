"""Run a command and see how much memory it takes, with all processes it starts."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """How a command went; peak_mib is the largest sum of proportional memory that was seen."""

    seconds: float
    peak_mib: float
    returncode: int
    stdout: str
    stderr: str


def run(command: Sequence[str]) -> Run:
    """Run a command to its end, looking at its memory twenty times a second (Linux)."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        peak_mib = 0.0
        while process.poll() is None:
            peak_mib = max(peak_mib, _resident_mib(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - begin
        out.seek(0)
        err.seek(0)
        return Run(seconds, peak_mib, process.returncode, out.read(), err.read())


def _resident_mib(root: int) -> float:
    try:
        own = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{root}/smaps_rollup").read_text(), re.MULTILINE)
        below = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        return 0.0
    return (int(own[1]) / 1024 if own else 0.0) + sum(_resident_mib(int(pid)) for pid in below)
