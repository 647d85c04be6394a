"""Scans in processes of their own that start at once: copies of one that has loaded all there is to load.

Run by itself, with a model and messages to warm up, this file is the process that is copied. It answers each
line of input, the options of :meth:`Copies.start` in JSON, with the pid of a copy and, when that has ended,
with its status. In between the copy has its input and output.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PART_MESSAGES, CHUNK_TEXTS = 50, 10
_MOST_SECONDS = 100
_SAID = "said.txt"


class Copies:
    """Starts ``drugscan scan exports -o results`` in the working directory, one after the other."""

    def __init__(self, model: Path, messages: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, model, messages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},  # threads do not live on in a copy
        )

    def start(self, *options: str, stepwise: bool = False, file_bytes: int = -1) -> Copy:
        """Start a scan: one that waits after each part, or that may write files of so many bytes only."""
        request = [os.getcwd(), options, stepwise, file_bytes]
        self.tell(json.dumps(request))
        return Copy(self, int(self.answer()))

    def tell(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


class Copy:
    """A scan under way, in a session of its own."""

    def __init__(self, copies: Copies, pid: int) -> None:
        self.pid = pid
        self._copies = copies

    def next_part(self) -> None:
        """Wait for the end of a part."""
        assert self._copies.answer() == "part"

    def interrupt(self) -> None:
        """Press Ctrl-C: all processes of the terminal get it."""
        os.killpg(self.pid, signal.SIGINT)
        time.sleep(0.2)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def go_on(self) -> None:
        """Let it go on to its end."""
        self._copies.tell("\n" * 100)

    def said(self) -> str:
        """Return what has been said so far."""
        return Path(_SAID).read_text("utf-8")

    def ended(self) -> tuple[int, str]:
        """Return the exit code, or the signal below 0, and what was said."""
        while (answer := self._copies.answer()) == "part":
            pass
        return os.waitstatus_to_exitcode(int(answer)), self.said()


def _serve(model: str, messages: str) -> None:
    import duckdb

    from drugscan.cli import main
    from drugscan.scanning import parts, stages
    from drugscan.scanning.scan import scan

    with tempfile.TemporaryDirectory() as folder:
        scan([messages], Path(folder, "results"), model=model)
    # DuckDB 1.5 has one open from its import on, for whose threads a copy would wait at its end.
    duckdb.default_connection().close()
    gc.freeze()  # what is loaded stays shared
    parts.PART_MESSAGES, stages.CHUNK_TEXTS = PART_MESSAGES, CHUNK_TEXTS
    for line in filter(str.strip, sys.stdin):
        folder, options, stepwise, file_bytes = json.loads(line)
        copy = os.fork()
        if not copy:
            _become_terminal(Path(folder), file_bytes)
            if stepwise:
                _wait_after_parts()
            sys.argv[1:] = ["scan", "exports", "-o", "results", "--model", model, *options]
            sys.exit(main())
        print(copy, flush=True)
        print(os.waitpid(copy, 0)[1], flush=True)


def _become_terminal(folder: Path, file_bytes: int) -> None:
    import resource

    os.setsid()
    os.chdir(folder)
    os.dup2(os.open(_SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stderr.fileno())
    signal.alarm(_MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))


def _wait_after_parts() -> None:
    from drugscan.scanning.folder import ResultsFolder

    add_part = ResultsFolder.add_part

    def add_part_and_wait(*arguments, **options):
        add_part(*arguments, **options)
        print("part", flush=True)
        sys.stdin.readline()

    ResultsFolder.add_part = add_part_and_wait


if __name__ == "__main__":
    _serve(*sys.argv[1:])
