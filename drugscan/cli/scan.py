"""``drugscan scan``: everything over millions of messages, into a results folder."""

from __future__ import annotations

import re
from typing import Any

import click

from drugscan.cli.classify import parse_thresholds, threshold_option
from drugscan.cli.extract import lexicon_option
from drugscan.cli.options import (
    Input,
    jobs_option,
    min_jaccard_option,
    model_option,
    quiet_option,
    reading_options,
)
from drugscan.cli.terminal import say
from drugscan.cli.watch import watch

_LEAST_BYTES = 64 << 20
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def _parse_size(_: click.Context, __: click.Parameter, value: str) -> int:
    found = re.fullmatch(r"(\d{1,9})\s*([KMG]?)(?:i?B)?", value.strip(), re.IGNORECASE)
    if not found:
        raise click.BadParameter(f"{value!r} is no size; write it like 2GiB")
    n_bytes = int(found[1]) * _UNITS[found[2].upper()]
    if n_bytes < _LEAST_BYTES:
        raise click.BadParameter(f"{value!r} is too little; give at least 64MiB")
    return n_bytes


@click.command("scan", short_help="Everything over millions of messages, into a results folder.")
@reading_options
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Results folder to make.")
@click.option("--resume", is_flag=True, help="Go on with a scan that ended early, or add new files.")
@click.option("--force", is_flag=True, help="Begin anew, and replace what is there.")
@model_option
@threshold_option
@lexicon_option
@min_jaccard_option
@jobs_option
@click.option(
    "--memory",
    "memory_bytes",
    default="2GiB",
    show_default=True,
    callback=_parse_size,
    help="How much to hold of what grows with the input; the rest moves to temporary files. Each process of "
    "--jobs takes a few hundred MB besides.",
)
@quiet_option
def scan_command(
    *, messages: Input, output: str, thresholds: tuple[str, ...], quiet: bool, **options: Any
) -> None:
    """Classify all messages, extract what the ads among them offer, and find which are one ad.

    FILE is anything that the other commands read. FOLDER gets the tables that report and export work
    on. It is called FOLDER.unfinished until it is finished; a scan that ended early, however, goes on
    with --resume from its last finished part. Ctrl-C ends it after the part at hand, a second one now.
    """
    from drugscan.scanning.scan import scan

    with watch(quiet=quiet) as watcher:
        try:
            manifest = scan(
                messages.files,
                output,
                thresholds=parse_thresholds(thresholds),
                input_format=messages.input_format,
                fields=messages.fields,
                max_rejects=messages.max_rejects,
                watcher=watcher,
                **options,
            )
        except KeyboardInterrupt:
            say(f"{output}: stopped; the same command with --resume goes on", quiet=quiet)
            raise
    for line in summary_lines(manifest["counts"]):
        say(line, quiet=quiet)
    say(f"{output}: finished; drugscan report {output} shows it", quiet=quiet)


def summary_lines(counts: dict[str, Any]) -> list[str]:
    """Return the numbers of a scan, a line each, with their share where that says something."""
    from drugscan.analysis import local_day

    messages, texts = max(counts["kept"], 1), max(counts["texts"], 1)
    rows = [
        ("messages", counts["kept"], None),
        ("with text", counts["kept"] - counts["without_text"], messages),
        ("drug ads", counts["ad_messages"], messages),
        ("in bulk", counts["bulk_messages"], messages),
        ("both models say the same", counts["models_agree"], messages),
        ("distinct texts", counts["texts"], messages),
        ("distinct texts of ads", counts["ad_texts"], texts),
        ("distinct ads", counts["ads"], None),
        ("accounts", counts["accounts"], None),
        ("accounts that posted ads", counts["ad_accounts"], max(counts["accounts"], 1)),
        ("chats", counts["chats"], None),
        ("rows that could not be read", counts["rejected"], None),
    ]
    for name, key in (("without a date", "without_date"), ("dates that cannot be", "wrong_dates")):
        if counts[key]:
            rows.append((name, counts[key], messages))
    width = max(len(name) for name, _, _ in rows)
    lines = [
        f"{name:<{width}} {count:>12,}" + (f" {count / whole:>7.1%}" if whole else "")
        for name, count, whole in rows
    ]
    if counts["first_date"]:
        first, last = (local_day(counts[name]) for name in ("first_date", "last_date"))
        lines.append(f"{'dates':<{width}}   {first} to {last}")
    return lines
