"""``drugscan explain``: a message with the words that made it what it is taken for."""

from __future__ import annotations

import os.path
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from drugscan.cli.extract import lexicon_option
from drugscan.cli.named_texts import texts_by_name
from drugscan.cli.options import field_options, json_option, model_option
from drugscan.cli.terminal import one_line
from drugscan.errors import SettingsError
from drugscan.plain import plain
from drugscan.read.streams import STDIN
from drugscan.write import to_json_line

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from drugscan.read import Fields

_STYLES = {"substances": "bold red", "places": "bold green", "offers": "yellow", "contacts": "bold blue"}
_NAMES = {"substances": "substance", "places": "place", "offers": "offer", "contacts": "contact"}
_MOST_REASONS = 6
_MOST_CHARACTERS, _MOST_SPANS = 4_000, 60
_PIPE_WIDTH = 110


class _Explain(click.Command):
    """A command whose TEXT may look like an option: what is none stays a fault, since it may be mistyped."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        try:
            return super().parse_args(context, args)
        except click.NoSuchOption as error:
            said = f"{error.format_message()} (A TEXT that begins with - goes behind --.)"
            raise click.UsageError(said, context) from error


@click.command(
    "explain",
    cls=_Explain,
    short_help="Show why a text is labelled and read as it is.",
    options_metavar="[OPTIONS] [--]",
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT")
@click.option("--id", "message_id", metavar="ID", help="TEXT is a file; explain its message ID or CHAT/ID.")
@field_options
@model_option
@lexicon_option
@json_option
def explain_command(
    *,
    text: tuple[str, ...],
    message_id: str | None,
    fields: Fields,
    model: str | None,
    lexicon: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show TEXT with what was found in it: in colour on a terminal, and each span's reason below.

    A TEXT of - is read from standard input. Offers are marked as a whole; substances, places and
    contacts inside them have their own colours. Below stands what spoke for (+) and against (-) each label.
    """
    from drugscan.explanation import explain

    if len(text) > 1:
        raise click.UsageError(f"TEXT is {len(text)} words; put it in quotes: 'wiet 10 gram'")
    found = explain(_text_of(text[0], message_id, fields), model=model, lexicon=lexicon)
    if as_json:
        click.echo(to_json_line(found).decode(), nl=False)
    else:
        _print(found)


def _text_of(text: str, message_id: str | None, fields: Fields) -> str:
    if message_id is not None:
        return _find(text, message_id, fields)
    if text == STDIN:
        return sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n")
    if os.path.isfile(text):  # a Path would raise an error at a text too long for a name
        raise SettingsError("is a file", where=text, hint="explain a message of it with --id")
    return text


def _find(path: str, message_id: str, fields: Fields) -> str:
    from drugscan.read import Rejects, read_batches

    with Rejects() as rejects:
        batches = read_batches([path], rejects=rejects, fields=fields)
        return texts_by_name(batches, [message_id], where=path)[message_id]


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    console.print(_marked(found), soft_wrap=True)
    console.print()
    console.print(_verdict(found))
    console.print()
    if found["spans"]:
        console.print(_spans(found["spans"]))
        n_more = len(found["spans"]) - _MOST_SPANS
        console.print(f"… and {n_more:,} more\n" if n_more > 0 else "")
    else:
        console.print("Nothing is found in it.\n")
    console.print(_reasons(found["reasons"]))


def _marked(found: dict[str, Any]) -> Text:
    """Return the text with its spans in colour; only the beginning of one that fills screens."""
    from rich.text import Text

    text = found["text"][:_MOST_CHARACTERS]
    styles = [""] * len(text)
    for span in sorted(found["spans"], key=lambda span: span["field"] != "offers"):  # offers lie beneath
        end = min(span["end"], len(text))
        styles[span["start"] : end] = [_STYLES[span["field"]]] * (end - span["start"])
    shown = Text()
    done = 0
    for style, run in groupby(styles):
        start, done = done, done + len(list(run))
        shown.append(plain(text[start:done]), style=style)
    n_more = len(found["text"]) - len(text)
    if n_more:
        shown.append(f"… and {n_more:,} more characters", style="dim")
    return shown if shown.plain.strip() else Text("(a text without a visible character)", style="dim")


def _verdict(found: dict[str, Any]) -> Text:
    from rich.text import Text

    said = ", ".join(f"{label} {found['scores'][label]:.2f}" for label in found["labels"])
    verdict = Text(said, style="bold")
    verdict.append(
        "; both models say the same" if found["models_agree"] else "; the two models differ", "dim"
    )
    return verdict


def _spans(spans: list[dict[str, Any]]) -> Table:
    """Return a row a span: its words, what they are, their value, and the entry or rule that tells so."""
    from rich.text import Text

    table = _table("words", "are", "value", "by")
    for span in spans[:_MOST_SPANS]:
        field = span["field"]
        value = _offer(span["value"]) if field == "offers" else one_line(str(span["value"]))
        by = f"rule: {span['rule']}" if "rule" in span else f"{span['entry']}, {span['confidence']:.2f} sure"
        words = Text(one_line(span["text"]), style=_STYLES[field])
        table.add_row(words, _NAMES[field], Text(value), Text(one_line(by), style="dim"))
    return table


def _reasons(reasons: dict[str, Any]) -> Table:
    """Return for each label what spoke for it (+) and against it (-), in both halves of the model."""
    from rich.text import Text

    table = _table("label", "", "for (+) and against (-), weightiest first")
    for label, why in reasons.items():
        # A text that the screen settles has no features: the trees have not read it.
        rows = {"features": "log-odds", "words": "linear score"} if why["features"] else {"words": "screen"}
        for field, of in rows.items():
            line = Text()
            for one in why[field][:_MOST_REASONS]:
                line.append(f"{', ' if line else ''}{one_line(one['name'])} ")
                line.append(f"{one['weight']:+.2f}", style="green" if one["weight"] > 0 else "red")
            table.add_row(Text(label, style="bold") if field == next(iter(rows)) else "", of, line)
    return table


def _table(*headings: str) -> Table:
    """Return a table whose cells go on in the next line where they are too long, rather than be cut."""
    from rich.table import Column, Table

    columns = (Column(heading, overflow="fold") for heading in headings)
    return Table(*columns, box=None, pad_edge=False, header_style="dim")


def _offer(offer: dict[str, Any]) -> str:
    amount = "?" if offer["quantity"] is None else f"{offer['quantity']}"
    if offer.get("quantity_max") is not None:
        amount += f"-{offer['quantity_max']}"
    price = f"€{offer['price_eur']}" if offer["price_eur"] is not None else "no price"
    if offer.get("unit_price_eur") is not None:
        price = f"€{offer['unit_price_eur']} each"
    return f"{offer['substance'] or '?'}: {amount} {offer['unit'] or ''} {price}".replace("  ", " ")
