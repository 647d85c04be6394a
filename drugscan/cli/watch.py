"""How a long run shows on a terminal, and in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from drugscan.cli.terminal import say
from drugscan.plain import plain

if TYPE_CHECKING:
    from rich.progress import Progress

    from drugscan.scanning.stages import Watcher

_LOG_SECONDS = 60.0


@contextmanager
def watch(*, quiet: bool) -> Iterator[Watcher]:
    """Show a bar a stage on a terminal, else a line a minute; nothing if quiet."""
    if quiet or not sys.stderr.isatty():
        yield _Log(quiet=quiet)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield _Bars(bars)


class _Pace:
    """How fast a stage goes, and what was found."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._n_done = 0
        self._begun = time.monotonic()

    def tell(self, n_done: int, figures: dict[str, int]) -> str:
        """Add what was done, and return the sums."""
        self._n_done += n_done
        per_second = self._n_done / max(time.monotonic() - self._begun, 0.001)
        shown = [f"{self._n_done:,} {self.name}", f"{per_second:,.0f}/s"]
        return ", ".join(shown + [f"{count:,} {name.replace('_', ' ')}" for name, count in figures.items()])


class _Log:
    """A line a minute."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def announce(self, line: str) -> None:
        say(line, quiet=self._quiet)

    def stage(self, name: str) -> None:
        self._pace, self._said = _Pace(name), time.monotonic()

    def advance(self, n_done: int, share: float, **figures: int) -> None:
        told = self._pace.tell(n_done, figures)
        if time.monotonic() - self._said >= _LOG_SECONDS:
            self._said = time.monotonic()
            say(f"{share:.0%}: {told}", quiet=self._quiet)


class _Bars:
    """A bar a stage."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    def announce(self, line: str) -> None:
        self._bars.console.print(plain(line), markup=False, highlight=False)

    def stage(self, name: str) -> None:
        self._pace = _Pace(name)
        self._task = self._bars.add_task(name, total=1.0, told="")

    def advance(self, n_done: int, share: float, **figures: int) -> None:
        self._bars.update(self._task, completed=share, told=self._pace.tell(n_done, figures))
