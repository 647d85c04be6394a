"""``drugscan evaluate``: how well a model does on labelled messages."""

from __future__ import annotations

from typing import Any

import click

from drugscan.cli.options import jobs_option, json_option, model_option
from drugscan.cli.terminal import one_line, say
from drugscan.write import to_json_line


@click.command("evaluate", short_help="Measure a model on labelled messages.")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@model_option
@click.option(
    "--cross-validate", is_flag=True, help="Leave files out, train on the others, judge those; all in turn."
)
@click.option(
    "--also-train",
    multiple=True,
    metavar="LABELLED",
    help="Train on these messages each time, too, and judge none of them; may be repeated.",
)
@click.option("--by", metavar="FIELD", help="Figures for each value of a field too; file is the file's name.")
@click.option(
    "--attack",
    "attacks",
    metavar="NAMES",
    help="Measure on disguised texts too: leet, spaced, styled, homoglyph, zerowidth, emoji, typos, or all.",
)
@click.option("--baseline", metavar="NAME", help="Compare with a recipe on the same folds: nos.")
@click.option("--learning-curve", is_flag=True, help="Tell whether more labelled messages would help.")
@json_option
@jobs_option
def evaluate_command(
    *,
    labelled: tuple[str, ...],
    model: str | None,
    cross_validate: bool,
    also_train: tuple[str, ...],
    by: str | None,
    attacks: str | None,
    baseline: str | None,
    learning_curve: bool,
    as_json: bool,
    jobs: int,
) -> None:
    """Measure a model on LABELLED messages: JSON Lines files in the codebook's format, or folders.

    Accuracy is that of drugsad; Hamming loss and macro F1 are over the ten labels. In brackets stand 95 %
    intervals by bootstrap over files (writers) and their messages; of one file they speak of its writer
    alone. The calibration error tells how far scores of drugsad are from the shares of messages that are
    ads.
    """
    from drugscan.model.attacks import ATTACKS
    from drugscan.model.evaluate import evaluate

    result = evaluate(
        labelled,
        model=model,
        cross_validate=cross_validate,
        also_train=also_train,
        by=by,
        attacks=list(ATTACKS) if attacks == "all" else (attacks or "").replace(",", " ").split(),
        baseline=baseline,
        learning_curve=learning_curve,
        jobs=jobs,
    )
    if seen := result.get("seen_in_training"):
        named = one_line(", ".join(seen), 60)
        say(f"the model was trained on {named}: --cross-validate tells how it does on others")
    if as_json:
        click.echo(to_json_line(result).decode(), nl=False)
        return
    for line in _lines(result):
        click.echo(line)


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [
        f"messages      {result['messages']:,}",
        f"accuracy      {_interval(result['accuracy'])}",
        f"Hamming loss  {_interval(result['hamming_loss'])}",
        f"macro F1      {_interval(result['macro_f1'])}",
        f"models agree  {result['models_agree']:.3f}",
        f"calibration error  {result['calibration']['ece']:.3f}",
        "",
        f"{'label':<12} {'gold':>6} {'said':>6}  {'precision':<22}{'recall':<22}{'F1':<22}".rstrip(),
    ]
    for label, of_label in result["labels"].items():
        shown = "".join(f"{_interval(of_label[name]):<22}" for name in ("precision", "recall", "f1"))
        if not of_label["support"] and not of_label["predicted"]:
            shown = f"{'-':<22}" * 3  # nothing was there to be right or wrong about
        lines.append(f"{label:<12} {of_label['support']:>6} {of_label['predicted']:>6}  {shown}".rstrip())
    confusion = result["confusion"]
    lines += [
        "",
        f"{'drugsad':<12} {'said ad':>8} {'said none':>10}",
        f"{'is one':<12} {confusion['true_positives']:>8,} {confusion['false_negatives']:>10,}",
        f"{'is none':<12} {confusion['false_positives']:>8,} {confusion['true_negatives']:>10,}",
    ]
    lines += _left_out_lines(result)
    for name, of_group in result.get("groups", {}).items():
        accuracy, loss = _interval(of_group["accuracy"]), _interval(of_group["hamming_loss"])
        lines.append(f"{one_line(name, 20):<20} {of_group['messages']:>6,}  {accuracy:<22} {loss}")
    if result.get("extraction"):
        lines += ["", f"{'read in ads':<16} {'gold':>6} {'found':>6} {'right':>6}  precision recall    F1"]
    for kind, of_kind in result.get("extraction", {}).items():
        counts = "".join(f" {of_kind[name]:>6,}" for name in ("gold", "found", "right"))
        shares = "".join(f"{of_kind[name]:>8.3f}" for name in ("precision", "recall", "f1"))
        lines.append(f"{kind:<16}{counts}  {shares}")
    for kind, of_kind in result.get("extraction", {}).items():
        for miss in of_kind["worst"][:2]:
            shown = f"too much {miss['extra']}, missed {miss['missed']}"
            lines.append(f"  {kind}, {one_line(miss['id'], 16)}: {one_line(shown, 120)}")
    if result["worst_errors"]:
        lines += ["", "worst errors (score of drugsad, id, text)"]
    for error in result["worst_errors"]:
        lines.append(f"{error['score']:.2f}  {one_line(error['id'], 16):<16} {one_line(error['text'], 80)}")
    return lines


def _left_out_lines(result: dict[str, Any]) -> list[str]:
    """Return what only cross-validation tells, and the figures of attacks."""
    lines: list[str] = []
    if "files" in result:
        lines += ["", f"{'left out':<12} {'accuracy':>8} {'Hamming loss':>13}"]
        for name, of_file in result["files"].items():
            lines.append(f"{name:<12} {of_file['accuracy']:>8.3f} {of_file['hamming_loss']:>13.3f}")
        for name, of_file in result["false_positives"].items():
            lines.append(
                f"{name:<12} {of_file['called_ads']} of {of_file['messages']} called ads, none is one"
            )
    if "baseline" in result:
        theirs = result["baseline"]
        lines += [
            "",
            f"the NOS's recipe: accuracy {_interval(theirs['accuracy'])}, "
            f"Hamming loss {_interval(theirs['hamming_loss'])}",
            f"  macro F1 {_interval(theirs['macro_f1'])}, "
            f"calibration error {theirs['calibration']['ece']:.3f}",
            f"right only here {theirs['mcnemar']['only_ours_right']}, only there "
            f"{theirs['mcnemar']['only_theirs_right']} (McNemar's p = {theirs['mcnemar']['p']:.2g})",
        ]
    if "attacks" in result:
        lines += ["", "F1 of drugsad, half of the words disguised"]
        lines += [f"{name:<12} {value:.3f}" for name, value in result["attacks"].items()]
    for point in result.get("learning_curve", []):
        lines.append(f"trained on {point['share']:>4.0%}: {_of_point(point)}")
    return lines


def _of_point(point: dict[str, Any]) -> str:
    if "problem" in point:
        return f"not measured ({one_line(point['problem'], 90)})"
    return f"accuracy {_interval(point['accuracy'])}, Hamming loss {_interval(point['hamming_loss'])}"


def _interval(stated: dict[str, float]) -> str:
    if "low" not in stated:
        return f"{stated['value']:.3f}"
    return f"{stated['value']:.3f} ({stated['low']:.3f}-{stated['high']:.3f})"
