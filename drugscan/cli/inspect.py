"""``drugscan inspect``: whether a file is understood, and what is in it."""

from __future__ import annotations

from typing import Any

import click

from drugscan.cli.options import Input, input_options, json_option
from drugscan.cli.terminal import one_line, say
from drugscan.write import to_json_line


@click.command("inspect", short_help="Show what is in files of messages.")
@input_options
@click.option("--force", is_flag=True, help="Replace a file of unreadable rows that exists.")
@json_option
def inspect_command(*, messages: Input, force: bool, as_json: bool) -> None:
    """Show what is in files of messages: shape, columns, counts, dates, chats, three texts.

    Run this first, to see that a file is understood.
    """
    from drugscan.overview import inspect

    seen = inspect(
        messages.files,
        input_format=messages.input_format,
        fields=messages.fields,
        rejects=messages.rejects(force=force),
        announce=say,
    )
    for of_file in seen:
        if as_json:
            click.echo(to_json_line(of_file).decode(), nl=False)
        else:
            click.echo("\n".join(_lines(of_file)))


def _lines(seen: dict[str, Any]) -> list[str]:
    chats = seen["chats"]
    shown = ", ".join(one_line(name, 60) for name in chats[:5]) + (", ..." if len(chats) > 5 else "")
    dates = f"{seen['first_date']} to {seen['last_date']}" if seen["first_date"] else "none known"
    for count, what in (
        (seen["without_date"], "without one that can be read"),
        (seen["wrong_dates"], "that no post can have"),
    ):
        dates += f"; {count:,} {what}" if count else ""
    lines = [
        one_line(seen["path"], 1_000),
        f"  shape         {seen['shape']}",
        *([f"  columns       {_columns(seen['columns'])}"] if seen["columns"] else []),
        f"  messages      {seen['messages']:,}, {seen['without_text']:,} of them without text",
        f"  notices       {seen['service']:,} by Telegram (joined, pinned), left out",
        f"  dates         {dates}",
        f"  chats         {len(chats):,}" + (f": {shown}" if chats else ""),
        f"  accounts      {seen['accounts']:,}",
        f"  unreadable    {seen['rejected']:,}",
        *(f"                {count:,} {one_line(reason)}" for reason, count in seen["reasons"].items()),
    ]
    return [*lines, *(f"  text          {one_line(text, 160)}" for text in seen["samples"])]


def _columns(taken: dict[str, list[str]]) -> str:
    return "; ".join(f"{field}: {one_line(', '.join(names), 60) or 'none'}" for field, names in taken.items())
