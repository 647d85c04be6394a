"""``drugscan train``: labelled messages in, a model folder out."""

from __future__ import annotations

from pathlib import Path

import click

from drugscan.cli.options import jobs_option, quiet_option
from drugscan.cli.terminal import say
from drugscan.errors import SettingsError


@click.command("train", short_help="Train a model on labelled messages.")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where the model goes.")
@click.option(
    "--cross-validate/--no-cross-validate",
    default=True,
    show_default=True,
    help="State in the model how well it does on each file when that is left out.",
)
@click.option("--add", is_flag=True, help="Train on the messages that drugscan brings, too.")
@click.option(
    "--ordinary",
    metavar="FILE",
    help="Real messages that are no ads, with a field genre: state how many are called ads.",
)
@click.option("--force", is_flag=True, help="Replace a model that exists.")
@jobs_option
@quiet_option
def train_command(
    *,
    labelled: tuple[str, ...],
    output: str,
    cross_validate: bool,
    add: bool,
    ordinary: str | None,
    force: bool,
    jobs: int,
    quiet: bool,
) -> None:
    """Train a model on LABELLED messages: JSON Lines files in the codebook's format, or folders.

    Put messages by one writer or of one origin in one file: what stands in a file is held out together.
    """
    from drugscan.model.cross_validation import CrossValidationError
    from drugscan.model.evaluate import with_figures
    from drugscan.model.labelled import labelled_in_the_box, read_labelled
    from drugscan.model.store import FOLDER_NAMES, MANIFEST_KEYS, save_model
    from drugscan.model.train import scarce_labels, train
    from drugscan.write import check_free

    if ordinary is not None and not cross_validate:
        raise SettingsError("is for measuring", where="--ordinary", hint="leave out --no-cross-validate")
    check_free(output, force=force, manifest_keys=MANIFEST_KEYS, names=FOLDER_NAMES)
    paths = [Path(path) for path in labelled]
    records = read_labelled([*paths, labelled_in_the_box()] if add else paths)
    real = [] if ordinary is None else _read_ordinary(ordinary)
    say(f"training on {len(records):,} messages", quiet=quiet)
    for label, n_messages in scarce_labels(records).items():
        say(f"{label}: {n_messages} messages have it, too few to learn it well", quiet=quiet)
    classifier = train(records, jobs=jobs)
    if cross_validate:
        say("measuring: each file is left out once", quiet=quiet)
        try:
            classifier = with_figures(classifier, records, ordinary=real, jobs=jobs)
        except CrossValidationError as error:  # a model without figures is better than none
            say(f"not measured: {error}", quiet=quiet)
        else:
            for name in ("accuracy", "hamming_loss"):
                stated = classifier.manifest["figures"][name]
                interval = f"({stated['low']:.3f} to {stated['high']:.3f})"
                say(f"{name} {stated['value']:.3f} {interval}", quiet=quiet)
    save_model(classifier, output, force=force)
    say(f"{output}: written", quiet=quiet)


def _read_ordinary(path: str) -> list[tuple[str, str]]:
    """Return genre and text of each message of a file."""
    from drugscan.read import Rejects, read_batches

    with Rejects(max_rejects=0) as rejects:
        return [
            (str(message.row.get("genre", "(none)")), message.text)
            for batch in read_batches([path], rejects=rejects)
            for message in batch
        ]
