"""``drugscan check``: floors under figures, for continuous integration."""

from __future__ import annotations

from typing import Any

import click

from drugscan.cli.options import jobs_option, json_option, model_option
from drugscan.cli.terminal import one_line, say
from drugscan.errors import FloorMissedError
from drugscan.write import to_json_line

_MOST_LISTED = 20


@click.command("check", short_help="Fail if a figure on labelled messages fell below its floor.")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("--floors", required=True, metavar="FILE", help="Floors and the figures last accepted, JSON.")
@click.option("--update", is_flag=True, help="Accept the figures as they are: write FILE anew.")
@model_option
@json_option
@jobs_option
def check_command(
    *, labelled: tuple[str, ...], floors: str, update: bool, model: str | None, as_json: bool, jobs: int
) -> None:
    """Measure a model and the reading of ads on LABELLED messages and compare with floors.

    Ends with exit code 4 if a figure is beyond its floor, and names the messages that went wrong since
    the figures were last accepted.
    """
    from drugscan.model.check import check

    result = check(labelled, floors, model=model, update=update, jobs=jobs)
    if as_json:
        click.echo(to_json_line(result).decode(), nl=False)
    else:
        for line in _lines(result):
            click.echo(line)
    if update:
        say(f"{floors}: written")
    if result["missed"]:
        raise FloorMissedError(
            f"{', '.join(result['missed'])} beyond the floor",
            where=floors,
            hint="mend what changed, or accept it with --update",
        )


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [f"{'figure':<20} {'now':>7} {'accepted':>9} {'floor':>7}"]
    for name, of_figure in result["figures"].items():
        shown = [f"{of_figure[key]:.4f}" if key in of_figure else "-" for key in ("now", "accepted", "floor")]
        verdict = "  MISSED" if of_figure.get("missed") else ""
        lines.append(f"{name:<20} {shown[0]:>7} {shown[1]:>9} {shown[2]:>7}{verdict}")
    newly_wrong = result["newly_wrong"]
    if newly_wrong:
        lines += ["", f"newly wrong: {len(newly_wrong):,}"]
    for one in newly_wrong[:_MOST_LISTED]:
        labels, predicted = " ".join(one["labels"]), " ".join(one["predicted"])
        lines.append(f"  {one_line(one['id'], 20):<20} is {labels}, said {predicted}")
    if result["newly_right"]:
        lines += ["", f"newly right: {len(result['newly_right']):,}"]
    return lines
