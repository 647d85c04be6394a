"""``drugscan dedupe``: which messages are copies, and which texts are near-duplicates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from typing import IO

import click

from drugscan.cli.named_texts import texts_by_name
from drugscan.cli.options import (
    Input,
    Output,
    input_options,
    jobs_option,
    min_jaccard_option,
    output_options,
    quiet_option,
    say_rejects,
)
from drugscan.cli.terminal import progress, say
from drugscan.errors import SettingsError
from drugscan.plain import plain
from drugscan.records import Message, Row
from drugscan.write import open_writer, to_json_line

_BATCH_ROWS = 5_000


@click.command("dedupe", short_help="Find copies and near-duplicates of texts.")
@input_options
@output_options
@min_jaccard_option
@click.option(
    "--keep",
    type=click.Choice(["all", "first"]),
    default="all",
    show_default=True,
    help="Of the messages with a text or its near-duplicates.",
)
@click.option(
    "--clusters",
    "clusters_file",
    metavar="FILE",
    help="Write one row for each text with its near-duplicates here, if it has any.",
)
@click.option(
    "--explain", nargs=2, metavar="ID ID", help="Show why two messages or texts are near-duplicates or not."
)
@jobs_option
@quiet_option
def dedupe_command(
    *,
    messages: Input,
    output: Output,
    min_jaccard: float,
    keep: str,
    clusters_file: str | None,
    explain: tuple[str, str] | None,
    jobs: int,
    quiet: bool,
) -> None:
    """Find messages with the same text, and texts that differ in little: another price, date or contact.

    Each row gains text_id, ad_id (the smallest text_id of its near-duplicates), copies (messages with
    that text) and variants (it and its near-duplicates). Likeness is the Jaccard similarity of the runs of
    five characters of both texts, folded. It works on any text; a text with its near-duplicates is called
    an ad in the fields, whatever it says.
    """
    if explain:
        if output.destination != "-" or clusters_file is not None or keep != "all":
            raise SettingsError("goes with none of -o, --clusters and --keep", where="--explain")
        _explain(messages, explain, min_jaccard=min_jaccard, force=output.force, quiet=quiet)
        return
    from drugscan.neardup import NO_TEXT_ID, Deduplicator, GroupSummary

    messages.check_kept(output.destination, messages.rejects_file, clusters_file)
    of_clusters = nullcontext() if clusters_file is None else open_writer(clusters_file, force=output.force)
    with (
        messages.rejects(force=output.force) as rejects,
        open_writer(output.destination, output_format=output.output_format, force=output.force) as writer,
        of_clusters as clusters_writer,  # open before any work: a fault in its name loses nothing
        Deduplicator(min_jaccard=min_jaccard, jobs=jobs) as deduplicator,
        tempfile.TemporaryFile() as spool,
    ):
        with progress("messages", quiet=quiet) as advance:
            for batch in messages.batches(rejects, quiet=quiet):
                deduplicator.add([message.text for message in batch])
                _spool(batch, spool)
                advance(len(batch))
        found = deduplicator.finish()
        said = found.rows()
        seen: set[str] = set()
        summary = GroupSummary()
        done = 0
        for rows in _spooled(spool):
            kept = []
            for row, one in zip(rows, said[done : done + len(rows)], strict=True):
                has_text = bool(row["text"])
                if clusters_writer is not None and has_text:
                    summary.add(row, text_id=one["text_id"], ad_id=one["ad_id"])
                if keep == "all" or not has_text or one["ad_id"] not in seen:
                    kept.append(row["row"] | one)
                if has_text:
                    seen.add(one["ad_id"])
            done += len(rows)
            writer.write(kept)
        if clusters_writer is not None:
            clusters_writer.write(summary.rows())
    clusters = found.clusters
    n_texts = len(found.text_ids) - (NO_TEXT_ID in found.text_ids)
    sizes = clusters.group_sizes
    groups = f"groups of near-duplicates: {len(sizes):,}, with {sizes.sum():,} texts"
    say(f"{len(said):,} messages, {n_texts:,} texts; {groups}", quiet=quiet)
    say(f"pairs compared: {clusters.n_compared:,}, linked: {clusters.n_linked:,}", quiet=quiet)
    if clusters.n_split:
        say(f"{clusters.n_split:,} texts were tied by a chain only, and stand apart", quiet=quiet)
    if clusters.n_not_compared:
        say(f"{clusters.n_not_compared:,} pairs with long parts in common were not compared", quiet=quiet)
    say_rejects(rejects, quiet=quiet)


def _spool(batch: list[Message], spool: IO[bytes]) -> None:
    """Put rows aside until all texts are known, with what the clusters' rows will need."""
    for message in batch:
        date = message.date.isoformat() if message.date else None
        fields = {
            "row": message.row,
            "text": message.text,
            "account": message.account,
            "chat": message.chat_id or message.chat,
            "date": date,
        }
        spool.write(to_json_line(fields))


def _spooled(spool: IO[bytes]) -> Iterator[list[Row]]:
    spool.seek(0)
    while rows := [json.loads(line) for _, line in zip(range(_BATCH_ROWS), spool, strict=False)]:
        yield rows


def _explain(messages: Input, ids: tuple[str, str], *, min_jaccard: float, force: bool, quiet: bool) -> None:
    from drugscan.neardup import explain_pair

    with messages.rejects(force=force) as rejects:
        texts = texts_by_name(messages.batches(rejects, quiet=quiet), ids, where="--explain")
    seen = explain_pair(*(texts[name] for name in ids), min_jaccard=min_jaccard)
    tied, apart = "one group, unless a chain was cut between them", "two, unless others between them tie them"
    verdict = tied if seen["linked"] else apart
    shingles = seen["shingles"]
    click.echo(f"Jaccard {seen['jaccard']:.3f}, needed {min_jaccard:g}: {verdict}")
    click.echo(
        f"runs of five characters: {shingles['first']}, {shingles['second']}; in common {shingles['common']}"
    )
    click.echo(f"- {ids[0]}\n+ {ids[1]}\n")
    for line in seen["difference"]:
        click.echo(plain(line))
