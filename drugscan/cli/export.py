"""``drugscan export``: tables and answers of a results folder, for other programs."""

from __future__ import annotations

import click

from drugscan.cli.options import check_printed, min_count_option, protection_options, quiet_option
from drugscan.cli.terminal import say
from drugscan.exporting.formats import FORMATS


def _list_names(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print what can be exported and what it counts, instead of exporting."""
    if not wanted:
        return
    check_printed(context.params["output"], where="--list")
    from drugscan.analysis import definition, questions, tables

    for name in [*tables(), *questions()]:
        click.echo(f"{name}\t{definition(name)}")
    context.exit()


@click.command("export", short_help="Write tables of a results folder for other programs.")
@click.argument("results", metavar="RESULTS", type=click.Path())
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option("-o", "--output", default="-", metavar="FILE", is_eager=True, help="Instead of stdout.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    help="If FILE's suffix does not tell.",
)
@click.option("--excel", is_flag=True, help="CSV as a European Excel opens it, with decimal commas.")
@min_count_option
@protection_options
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.option(
    "--list",
    is_flag=True,
    callback=_list_names,
    expose_value=False,
    help="Print what can be exported, and nothing else.",
)
@quiet_option
def export_command(
    *,
    results: str,
    tables: tuple[str, ...],
    output: str,
    output_format: str | None,
    excel: bool,
    min_count: int,
    key_file: str | None,
    identities: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Write tables and answers of a results folder for other programs.

    TABLE is one of accounts, ads, contacts, messages, network, offers, providers, texts, or an answer such
    as by_month, places or prices: see --list. Several go into one xlsx or sqlite file. GeoJSON is for
    places and regions, GEXF for the network.

    Accounts, chats, handles, phone numbers and links are replaced by pseudonyms, inside texts too, unless
    --identities is given. CSV and xlsx hold no formulas and no control characters.
    """
    from drugscan.exporting.export import export

    notes = export(
        results,
        tables,
        output,
        output_format=output_format,
        excel=excel,
        min_count=min_count,
        key_file=key_file,
        identities=identities,
        force=force,
    )
    for name, note in zip(tables, notes, strict=True):
        say(f"{name}: {note}", quiet=quiet)
