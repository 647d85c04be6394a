"""``drugscan train``: labelled messages in, a model folder out."""

from __future__ import annotations

from pathlib import Path

import click

from drugscan.cli.options import jobs_option, quiet_option
from drugscan.cli.terminal import say


@click.command("train", short_help="Train a model on labelled messages.")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where the model goes.")
@click.option(
    "--cross-validate/--no-cross-validate",
    default=True,
    show_default=True,
    help="State in the model how well it does on each file when that is left out.",
)
@click.option("--force", is_flag=True, help="Replace a model that exists.")
@jobs_option
@quiet_option
def train_command(
    *, labelled: tuple[str, ...], output: str, cross_validate: bool, force: bool, jobs: int, quiet: bool
) -> None:
    """Train a model on LABELLED messages: JSON Lines files in the codebook's format, or folders.

    Put messages by one writer or of one origin in one file: what stands in a file is held out together.
    """
    from drugscan.model.evaluate import with_figures
    from drugscan.model.labelled import read_labelled
    from drugscan.model.store import save_model
    from drugscan.model.train import train
    from drugscan.write import check_free

    check_free(output, force=force)
    records = read_labelled([Path(path) for path in labelled])
    say(f"training on {len(records):,} messages", quiet=quiet)
    classifier = train(records)
    if cross_validate and len({record.file for record in records}) > 1:
        say("measuring: each file is left out once", quiet=quiet)
        classifier = with_figures(classifier, records, jobs=jobs)
        figures = classifier.manifest["figures"]
        for name in ("accuracy", "hamming_loss"):
            stated = figures[name]
            say(f"{name} {stated['value']:.3f} ({stated['low']:.3f} to {stated['high']:.3f})", quiet=quiet)
    save_model(classifier, output, force=force)
    say(f"{output}: written", quiet=quiet)
