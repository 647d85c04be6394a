"""``drugscan extract``: what each ad offers, where, for how much, and how to reach the seller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from drugscan.cli.options import (
    Input,
    Output,
    check_printed,
    input_options,
    jobs_option,
    output_options,
    quiet_option,
    say_rejects,
    say_replaced,
    transform,
)
from drugscan.plain import plain
from drugscan.records import Message, Row

lexicon_option = click.option(
    "--lexicon",
    multiple=True,
    metavar="FILE",
    is_eager=True,  # so that --list-terms knows it, wherever it stands
    help="Own terms: a CSV with id,form,value,context,source. They change what is read in ads, no label.",
)


def _list_terms(context: click.Context, _: click.Parameter, table: str | None) -> None:
    """Print what a table knows, instead of extracting."""
    if table is None:
        return
    check_printed(context.params["destination"], where="--list-terms")
    from drugscan.lexicon import load_lexicon

    for entry in load_lexicon(context.params.get("lexicon") or ()).terms(table):
        click.echo(plain(f"{entry.value or '-'}\t{entry.form}\t{entry.context}\t{entry.id}"))
    context.exit()


@click.command("extract", short_help="Read substances, places, offers and contacts.")
@input_options
@output_options
@lexicon_option
@click.option("--spans", is_flag=True, help="Tell for each value which words it came from.")
@click.option(
    "--list-terms",
    type=click.Choice(["substances", "places", "cues"]),
    callback=_list_terms,
    expose_value=False,
    help="Print the terms of a table, and nothing else.",
)
@jobs_option
@quiet_option
def extract_command(
    *, messages: Input, output: Output, lexicon: tuple[str, ...], spans: bool, jobs: int, quiet: bool
) -> None:
    """Read what drug ads offer: substances, places, offers with amounts and prices, contacts.

    Rows whose labels say geendrugsad get empty fields, so that `drugscan classify FILE | drugscan
    extract -` gives complete records; rows without labels are read as ads.
    """
    from drugscan.extraction.extract import extract_ads, once_per_text

    once = once_per_text(lexicon=lexicon, spans=spans, jobs=jobs)
    replaced: set[str] = set()

    def extracted(batches: Iterable[Sequence[Message]]) -> Iterator[list[Row]]:
        asked = (
            (batch, [message.text for message in batch], [message.row.get("labels") for message in batch])
            for batch in batches
        )
        for batch, found in extract_ads(once, asked, spans=spans):
            for message, record in zip(batch, found, strict=True):
                replaced.update(message.row.keys() & record.keys())
                message.row.update(record)
            yield [message.row for message in batch]

    rejects = transform(messages, output, extracted, quiet=quiet)
    say_replaced(replaced, quiet=quiet)
    say_rejects(rejects, quiet=quiet)
