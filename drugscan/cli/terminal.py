"""What people see: lines on standard error, progress, and texts that cannot harm a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from drugscan.plain import plain


def one_line(text: str, max_characters: int = 200) -> str:
    r"""Return a text as one line, shortened, without what steers a terminal.

    Examples
    --------
    >>> one_line("coke 1g\n€50", 9)
    'coke 1g …'
    """
    line = " ".join(plain(text).split())
    return line if len(line) <= max_characters else line[: max_characters - 1] + "…"


def say(line: str, *, quiet: bool = False) -> None:
    """Print a line on standard error."""
    if not quiet:
        click.echo(" ".join(plain(line).splitlines()), err=True)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many have been done and how fast; on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.advance(task, count)
