"""``drugscan query``: a SELECT over the tables of a results folder."""

from __future__ import annotations

import click

from drugscan.cli.options import protection_options, quiet_option
from drugscan.cli.terminal import say
from drugscan.exporting.formats import QUERY_FORMATS


@click.command("query", short_help="Ask a results folder anything, in SQL.")
@click.argument("results", metavar="RESULTS", type=click.Path())
@click.argument("sql", metavar="SELECT")
@click.option("-o", "--output", default="-", metavar="FILE", help="Instead of stdout.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(QUERY_FORMATS),
    help="If FILE's suffix does not tell.",
)
@click.option("--excel", is_flag=True, help="CSV as a European Excel opens it, with decimal commas.")
@protection_options
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@quiet_option
def query_command(
    *,
    results: str,
    sql: str,
    output: str,
    output_format: str | None,
    excel: bool,
    key_file: str | None,
    identities: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Ask a results folder anything, in one SELECT of DuckDB's SQL.

    \b
    drugscan query results/ "select kind, count(*) from contacts group by kind"
    drugscan query results/ "describe ads"
    drugscan query results/ "select date_trunc('month', timezone('Europe/Amsterdam', date)) as month,
        count(*) from messages group by month order by month"

    The tables are accounts, ads, contacts, messages, network, offers, providers and texts. Nothing else can
    be read, and nothing written but the answer. Times of messages are UTC; the answers of drugscan export
    and report are in Dutch time, which timezone('Europe/Amsterdam', date) gives.

    People are protected as in drugscan export.
    """  # noqa: D301  click's mark for lines to keep
    from drugscan.exporting.query import export_query

    note = export_query(
        results,
        sql,
        output,
        output_format=output_format,
        excel=excel,
        key_file=key_file,
        identities=identities,
        force=force,
    )
    say(note, quiet=quiet)
