"""The command line: each command parses, calls a public Python function, and prints."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from drugscan.cli.check import check_command
from drugscan.cli.classify import classify_command
from drugscan.cli.dedupe import dedupe_command
from drugscan.cli.evaluate import evaluate_command
from drugscan.cli.explain import explain_command
from drugscan.cli.export import export_command
from drugscan.cli.extract import extract_command
from drugscan.cli.inspect import inspect_command
from drugscan.cli.query import query_command
from drugscan.cli.report import report_command
from drugscan.cli.scan import scan_command
from drugscan.cli.terminal import say
from drugscan.cli.train import train_command
from drugscan.errors import DrugscanError, OutputError
from drugscan.write import NO_ROOM


class _ReaderHasGoneError(Exception):
    """Nobody reads our output any more (head, less): nothing is wrong, and nothing more to say."""


class _Commands(click.Group):
    """Commands whose broken pipe is not click's to handle, who would call it a fault."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the words of the command line, which can be answered at once (--help)."""
        with _noticed_reader():
            return super().make_context(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        with _noticed_reader():
            return super().invoke(context)


@contextmanager
def _noticed_reader() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderHasGoneError from error


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="drugscan")
def cli() -> None:
    """Read public Telegram messages by the million: which are drug ads, and what they offer."""


COMMANDS = (
    check_command,
    classify_command,
    dedupe_command,
    evaluate_command,
    explain_command,
    export_command,
    extract_command,
    inspect_command,
    query_command,
    report_command,
    scan_command,
    train_command,
)
for command in COMMANDS:
    cli.add_command(command)


_ALLOCATIONS_BEFORE_GC = 1_000_000


def main() -> None:
    """Run the command line and turn faults into one line and an exit code.

    Exit codes: 0 good, or the reader of our output has gone; 1 a bug (with its traceback); 2 usage;
    3 input, model or settings at fault; 4 a floor missed; 5 too many bad rows; 130 interrupted.
    """
    # Rows hold no cycles, and what is remembered of millions of texts need hardly be walked to find that out.
    gc.set_threshold(_ALLOCATIONS_BEFORE_GC)
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DrugscanError as error:
        say(f"drugscan: {error}")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("drugscan: interrupted")
        sys.exit(130)
    except _ReaderHasGoneError:
        _leave_standard_output()
        sys.exit(0)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        _leave_standard_output()
        say(f"drugscan: standard output: cannot be written ({error.strerror}); make room")
        sys.exit(OutputError.exit_code)


def _leave_standard_output() -> None:
    """Have Python write what it still holds to nowhere, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
