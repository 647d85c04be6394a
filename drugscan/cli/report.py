"""``drugscan report``: a results folder as a page with pictures, tables and definitions."""

from __future__ import annotations

import click

from drugscan.cli.options import min_count_option, protection_options, quiet_option
from drugscan.cli.terminal import say


@click.command("report", short_help="Show a results folder as a page with pictures and tables.")
@click.argument("results", metavar="RESULTS", type=click.Path())
@click.option("-o", "--output", required=True, metavar="FILE", help="The page, an HTML file.")
@click.option(
    "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Its language."
)
@click.option(
    "--model", metavar="FOLDER", help="The model that was used, for its figures. [default: in the box]"
)
@min_count_option
@protection_options
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@quiet_option
def report_command(
    *,
    results: str,
    output: str,
    lang: str,
    model: str | None,
    min_count: int,
    key_file: str | None,
    identities: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Show what a results folder says: headline numbers, pictures, tables, definitions, method and limits.

    The page is one file that works offline, on a phone and on paper, in light and dark; each picture has
    its data below it, as a table and as CSV.

    Accounts, chats, handles, phone numbers and links are replaced by pseudonyms, inside texts too, unless
    --identities is given. Needs the extra drugscan[report].
    """
    from drugscan.reporting.report import report

    report(
        results,
        output,
        lang=lang,
        model=model,
        min_count=min_count,
        key_file=key_file,
        identities=identities,
        force=force,
    )
    say(f"{output}: written", quiet=quiet)
    if identities:
        say("it shows people as they posted: do not publish it as it is", quiet=quiet)
