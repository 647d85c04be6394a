"""``drugscan classify``: messages in, the same messages with labels out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

from drugscan.cli.options import (
    Input,
    Output,
    input_options,
    jobs_option,
    model_option,
    output_options,
    quiet_option,
    say_rejects,
    say_replaced,
    transform,
)
from drugscan.cli.terminal import say
from drugscan.errors import SettingsError
from drugscan.records import LABELS, Message, Row

threshold_option = click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="LABEL=SCORE",
    help="From which score on a label stands, such as drugsad=0.8; may be repeated.",
)


@click.command("classify", short_help="Label messages: drug ad or not, of what kind.")
@input_options
@output_options
@model_option
@threshold_option
@jobs_option
@quiet_option
def classify_command(
    *, messages: Input, output: Output, model: str | None, thresholds: tuple[str, ...], jobs: int, quiet: bool
) -> None:
    """Label messages: drug ad or not, of what kind, how delivered, in bulk.

    FILE is an export of Telegram Desktop (JSON or HTML), or messages as JSON Lines, JSON, CSV,
    Parquet or SQLite, packed or not; a folder or pattern of such; or - for standard input.
    Each row gains labels, scores and models_agree.
    """
    from drugscan.model.classify import once_per_text

    once = once_per_text(model=model, thresholds=parse_thresholds(thresholds), jobs=jobs)
    tally = _Tally()

    def labelled(batches: Iterable[Sequence[Message]]) -> Iterator[list[Row]]:
        asked = ((batch, [message.text for message in batch]) for batch in batches)
        for batch, said in once.stream(asked):
            tally.labels.update(label for one in said for label in one["labels"])
            tally.n_messages += len(batch)
            tally.n_without_text += sum(not message.text for message in batch)
            tally.n_agreed += sum(one["models_agree"] for one in said)
            for message, one in zip(batch, said, strict=True):
                tally.replaced |= message.row.keys() & one.keys()
                message.row.update(one)
            yield [message.row for message in batch]

    rejects = transform(messages, output, labelled, quiet=quiet)
    n_distinct = once.n_computed - (tally.n_without_text > 0)  # the empty text is none, as in a scan
    for line in tally.lines(n_distinct=n_distinct, is_exact=not once.has_forgotten):
        say(line, quiet=quiet)
    say_replaced(tally.replaced, quiet=quiet)
    say_rejects(rejects, quiet=quiet)


class _Tally:
    """What the summary counts."""

    def __init__(self) -> None:
        self.n_messages = 0
        self.n_without_text = 0
        self.n_agreed = 0
        self.labels: Counter[str] = Counter()
        self.replaced: set[str] = set()

    def lines(self, *, n_distinct: int, is_exact: bool) -> list[str]:
        """Return the summary: a line a figure, with its share of the messages."""
        counts = {
            "messages": self.n_messages,
            "without text": self.n_without_text,
            "distinct texts" if is_exact else "distinct texts, at most": n_distinct,
            "both models say the same": self.n_agreed,
            **{label: self.labels[label] for label in LABELS},
        }
        width = max(map(len, counts))
        whole = max(self.n_messages, 1)
        return [f"{name:<{width}} {count:>12,} {count / whole:>7.1%}" for name, count in counts.items()]


def parse_thresholds(options: tuple[str, ...]) -> dict[str, float]:
    """Return thresholds by label from options like ``drugsad=0.8``."""
    thresholds = {}
    for option in options:
        label, _, score = option.partition("=")
        try:
            thresholds[label] = float(score)
        except ValueError as error:
            raise SettingsError(
                f"{option!r} is no threshold", where="--threshold", hint="write it like drugsad=0.8"
            ) from error
    return thresholds
