"""Options that commands share, and the straight way from rows in to rows out."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from drugscan.cli.terminal import progress, say
from drugscan.engines.local import count_processors
from drugscan.errors import OutputError, SettingsError
from drugscan.read import INPUT_FORMATS, Fields, Rejects, read_batches
from drugscan.records import Message, Row
from drugscan.write import OUTPUT_FORMATS, check_apart, open_writer

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Input:
    """What is to be read, and how; made of the options of :func:`input_options`."""

    files: tuple[str, ...]
    input_format: str | None
    fields: Fields
    max_rejects: int | None
    rejects_file: str | None

    def check_kept(self, *outputs: str | None) -> None:
        """Raise OutputError if two outputs have one name, or one that of a file that is read."""
        check_apart(*outputs)
        read = set(map(os.path.realpath, self.files))
        for output in outputs:
            if output not in (None, "-") and os.path.realpath(output) in read:
                raise OutputError("is read too", where=output, hint="give the output another name")

    def rejects(self, *, force: bool = False) -> Rejects:
        """Return what takes the rows that cannot be read."""
        return Rejects(self.max_rejects, self.rejects_file, force=force)

    def batches(self, rejects: Rejects, *, quiet: bool) -> Iterator[list[Message]]:
        """Yield the messages, and say of each source what it is."""
        return read_batches(
            self.files,
            rejects=rejects,
            input_format=self.input_format,
            fields=self.fields,
            announce=functools.partial(say, quiet=quiet),
        )


@dataclass(frozen=True)
class Output:
    """Where rows go; made of the options of :func:`output_options`."""

    destination: str
    output_format: str | None
    force: bool


def input_options(command: Command) -> Command:
    """Add the options of :func:`reading_options`, and where rejects are noted."""
    note_rejects = click.option(
        "--rejects", "rejects_file", metavar="FILE", help="Note unreadable rows here, with reasons."
    )
    return note_rejects(reading_options(command))


def field_options(command: Command) -> Command:
    """Add the options that name columns; the command gets them as ``fields``."""

    @click.option("--text-field", metavar="NAME", help="Column of a table that holds the text.")
    @click.option("--id-field", metavar="NAME", help="Column that holds the message's id.")
    @click.option("--date-field", metavar="NAME", help="Column that holds the date.")
    @click.option("--sender-field", metavar="NAME", help="Column that holds who posted it.")
    @click.option("--chat-field", metavar="NAME", help="Column that holds the group or channel.")
    @functools.wraps(command)
    def wrapper(**options: Any) -> Any:
        fields = Fields(**{name: options.pop(f"{name}_field") for name in Fields.__dataclass_fields__})
        return command(fields=fields, **options)

    return wrapper  # type: ignore[return-value]


def reading_options(command: Command) -> Command:
    """Add FILES and the options of reading; the command gets them as ``messages``."""

    @click.argument("files", nargs=-1, required=True, metavar="FILE...")
    @click.option(
        "--input-format", type=click.Choice(INPUT_FORMATS), help="Shape of the input, if not found."
    )
    @field_options
    @click.option("--max-rejects", type=click.IntRange(min=0), help="Stop past so many unreadable rows.")
    @functools.wraps(command)
    def wrapper(
        files: tuple[str, ...],
        input_format: str | None,
        fields: Fields,
        max_rejects: int | None,
        rejects_file: str | None = None,
        **options: Any,
    ) -> Any:
        messages = Input(files, input_format, fields, max_rejects, rejects_file)
        return command(messages=messages, **options)

    return wrapper  # type: ignore[return-value]


def output_options(command: Command) -> Command:
    """Add the options of writing; the command gets them as ``output``."""

    @click.option(
        "-o",
        "--output",
        "destination",
        default="-",
        metavar="FILE",
        is_eager=True,  # so that what prints a list knows it, wherever it stands
        help="Instead of stdout.",
    )
    @click.option(
        "--format", "output_format", type=click.Choice(OUTPUT_FORMATS), help="If FILE's suffix does not tell."
    )
    @click.option("--force", is_flag=True, help="Replace files that exist.")
    @functools.wraps(command)
    def wrapper(destination: str, output_format: str | None, force: bool, **options: Any) -> Any:
        return command(output=Output(destination, output_format, force), **options)

    return wrapper  # type: ignore[return-value]


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
model_option = click.option(
    "--model", metavar="FOLDER", help="A model of drugscan train. [default: in the box]"
)
min_jaccard_option = click.option(
    "--min-jaccard",
    type=float,
    default=0.8,
    show_default=True,
    help="From which likeness on texts are near-duplicates.",
)
min_count_option = click.option(
    "--min-count",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Leave out rows of answers that rest on fewer than N accounts.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    default=count_processors,
    show_default="all processors",
    help="Processes to use; changes no result.",
)


def protection_options(command: Command) -> Command:
    """Add the options of how people are protected: ``key_file`` and ``identities``.

    A key that was made is told: under a new one, a name mistyped perhaps, all pseudonyms are others.
    """

    @functools.wraps(command)
    def wrapper(*, key_file: str | None, quiet: bool, **options: Any) -> Any:
        from drugscan.privacy.pseudonyms import key_file_of

        file = key_file_of(key_file)
        was_there = os.path.exists(file)
        try:
            return command(key_file=key_file, quiet=quiet, **options)
        finally:
            if not was_there and os.path.exists(file):
                say(f"made a new key: {file}", quiet=quiet)

    key_file = click.option(
        "--key-file", metavar="FILE", help="Key of the pseudonyms. [default: drugscan/key in ~/.config]"
    )
    identities = click.option(
        "--identities", is_flag=True, help="Show accounts, chats and contacts as they are."
    )
    return key_file(identities(wrapper))  # type: ignore[return-value]


def check_printed(destination: str, *, where: str) -> None:
    """Raise SettingsError if a list, which is printed, is to go to a file."""
    if destination != "-":
        raise SettingsError("goes without -o", where=where, hint="it prints; > FILE keeps what it prints")


def transform(
    messages: Input,
    output: Output,
    rows_of: Callable[[Iterator[Sequence[Message]]], Iterator[list[Row]]],
    *,
    quiet: bool,
) -> Rejects:
    """Read messages, turn batch after batch into rows, and write them; the output is whole or not there."""
    messages.check_kept(output.destination, messages.rejects_file)
    with (
        messages.rejects(force=output.force) as rejects,
        open_writer(output.destination, output_format=output.output_format, force=output.force) as writer,
        progress("messages", quiet=quiet) as advance,
    ):
        for rows in rows_of(messages.batches(rejects, quiet=quiet)):
            writer.write(rows)
            advance(len(rows))
    return rejects


def say_replaced(columns: Collection[str], *, quiet: bool) -> None:
    """Say which columns of the input were written over."""
    if columns:
        say(f"columns of the input that were replaced: {', '.join(sorted(columns))}", quiet=quiet)


def say_rejects(rejects: Rejects, *, quiet: bool) -> None:
    """Say how many rows were unreadable, and why."""
    if rejects.count:
        say(f"rows that could not be read: {rejects.count:,}", quiet=quiet)
        for reason, count in rejects.reasons.most_common(5):
            say(f"  {count:,} {reason}", quiet=quiet)
