"""``drugscan explain``: a message with the words that made it what it is taken for."""

from __future__ import annotations

from typing import Any

import click

from drugscan.cli.extract import lexicon_option
from drugscan.cli.options import json_option, model_option
from drugscan.cli.terminal import one_line, plain
from drugscan.errors import SettingsError
from drugscan.write import to_json_line

_MOST_REASONS = 6
_STYLES = {"substances": "bold red", "places": "bold green", "offers": "yellow", "contacts": "bold blue"}


@click.command("explain", short_help="Show why a text is labelled and read as it is.")
@click.argument("text")
@click.option("--id", "message_id", metavar="ID", help="TEXT is a file; explain the message of this id.")
@model_option
@lexicon_option
@json_option
def explain_command(
    *, text: str, message_id: str | None, model: str | None, lexicon: tuple[str, ...], as_json: bool
) -> None:
    """Show TEXT with what was found in it: in colour on a terminal, and each span's reason below.

    Offers are marked as a whole; substances, places and contacts inside them have their own colours.
    Below stands what spoke for (+) and against (-) each label.
    """
    from drugscan.explanation import explain

    found = explain(text if message_id is None else _find(text, message_id), model=model, lexicon=lexicon)
    if as_json:
        click.echo(to_json_line(found).decode(), nl=False)
    else:
        _print(found)


def _find(path: str, message_id: str) -> str:
    from drugscan.read import Rejects, read_batches

    with Rejects() as rejects:
        for batch in read_batches([path], rejects=rejects):
            for message in batch:
                if message.message_id == message_id:
                    return message.text
    raise SettingsError(f"there is no message with the id {message_id!r}", where=path)


def _print(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    shown = Text()
    text = found["text"]
    spans = sorted(found["spans"], key=lambda span: span["field"] != "offers")  # offers lie beneath
    styles = [""] * len(text)
    for span in spans:
        styles[span["start"] : span["end"]] = [_STYLES[span["field"]]] * (span["end"] - span["start"])
    for character, style in zip(text, styles, strict=True):
        shown.append(plain(character), style=style)
    console.print(shown)
    console.print()
    for span in found["spans"]:
        reason = span.get("entry") or f"rule: {span['rule']}"
        value = _offer(span["value"]) if span["field"] == "offers" else one_line(str(span["value"]))
        line = Text(f"{one_line(span['text'], 30):<30} ")
        line.append(f"{span['field']:<10}", style=_STYLES[span["field"]])
        line.append(f" {value}  ({one_line(reason)})")
        console.print(line)
    scores = ", ".join(f"{label} {found['scores'][label]:.2f}" for label in found["labels"])
    agreement = "both models say the same" if found["models_agree"] else "the two models differ"
    console.print(f"\n{scores}; {agreement}\n")
    for label, why in found["reasons"].items():
        for field, of in (("features", "log-odds"), ("words", "linear score")):
            shown_reasons = ", ".join(
                f"{one_line(one['name'], 40)} {one['weight']:+.2f}" for one in why[field][:_MOST_REASONS]
            )
            console.print(Text(f"{label}, {of}: {shown_reasons}"))


def _offer(offer: dict[str, Any]) -> str:
    amount = "?" if offer["quantity"] is None else f"{offer['quantity']}"
    if offer.get("quantity_max") is not None:
        amount += f"-{offer['quantity_max']}"
    price = f"€{offer['price_eur']}" if offer["price_eur"] is not None else "no price"
    if offer.get("unit_price_eur") is not None:
        price = f"€{offer['unit_price_eur']} each"
    return f"{offer['substance'] or '?'}: {amount} {offer['unit'] or ''} {price}".replace("  ", " ")
