"""Measuring a model, or the recipe that models are trained by, on labelled messages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from drugscan.errors import InputError, SettingsError
from drugscan.extraction.extract import extract
from drugscan.extraction.score import KINDS, score_extraction, worst_misses
from drugscan.model.attacks import ATTACKS, attack
from drugscan.model.baseline import judge_left_out_by_nos_recipe, mcnemar
from drugscan.model.classifier import Classifier
from drugscan.model.classify import classify
from drugscan.model.cross_validation import (
    CLEAN,
    CrossValidationError,
    cross_validated_figures,
    judge_left_out,
)
from drugscan.model.figures import Judged, figures, is_ad
from drugscan.model.labelled import LabelledText, file_hashes, read_labelled, training_hash
from drugscan.model.store import load_model
from drugscan.model.train import TrainingOptions
from drugscan.paths import Paths, paths_of

BASELINES = ("nos",)
"""Recipes to compare with."""

_CURVE_SHARES = (0.25, 0.5, 0.75, 1.0)


def evaluate(
    labelled: Paths,
    *,
    model: str | os.PathLike[str] | None = None,
    cross_validate: bool = False,
    also_train: Paths = (),
    by: str | None = None,
    attacks: Sequence[str] = (),
    baseline: str | None = None,
    learning_curve: bool = False,
    jobs: int = 1,
) -> dict[str, Any]:
    """Measure a model on labelled messages.

    Parameters
    ----------
    labelled : path or several paths
        Labelled messages in the codebook's format: files, or folders of such.
    model : path, optional
        A model folder; without it the model in the box.
    cross_validate : bool, default False
        Judge no model but the recipe: leave files out in turn, see
        :func:`drugscan.model.cross_validation.judge_left_out`. Files without any ad are for false
        positives, all others for the rest.
    also_train : path or several paths, optional
        Labelled messages that every model of the cross-validation is trained on and none judges; what
        stands in ``labelled`` too is judged. Needs ``cross_validate``.
    by : str, optional
        A field of the records; figures are given for each of its values too.
    attacks : sequence of str, optional
        Measure on disguised texts, too: names of :data:`drugscan.model.attacks.ATTACKS`.
    baseline : {"nos"}, optional
        A recipe to compare with on the same folds; needs ``cross_validate``.
    learning_curve : bool, default False
        Tell how the recipe does with 25, 50, 75 and 100 % of the messages to train on, or what
        ``problem`` there is where so few are too few; needs ``cross_validate``.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    dict
        As :func:`drugscan.model.figures.figures` describes, with ``seen_in_training`` (names of the files
        that the model was trained on; of an older model only if it is just these) and ``extraction`` as
        :func:`extraction_figures` does. With
        ``by`` also ``groups``; with ``attacks`` also ``attacks``; with ``cross_validate`` instead of the
        former ``files`` and ``false_positives``, and what was asked of ``baseline`` and ``learning_curve``.

    Raises
    ------
    InputError
        If a record is not by the codebook; says in which line.
    SettingsError
        If no record has the field, an option does not fit, or no file can be left out: there is but one,
        or nothing can be learnt from the others.
    """
    extra_paths = paths_of(also_train)
    _check_settings(
        model,
        cross_validate,
        attacks,
        trained=bool(extra_paths or baseline or learning_curve),
        baseline=baseline,
    )
    records = read_labelled(labelled)
    extra = _others(records, extra_paths)
    if cross_validate:
        by_variant = judge_left_out(records, also_train=extra, attacks=attacks, jobs=jobs)
        result = cross_validated_figures(by_variant[CLEAN])
    else:
        by_variant = _judge(records, model, attacks, jobs)
        result = figures(by_variant[CLEAN])
        manifest = load_model(None if model is None else os.fspath(model)).manifest
        result["seen_in_training"] = _seen_files(records, manifest["training"])
        result["extraction"] = extraction_figures(records, jobs=jobs)
    if attacks:
        result["attacks"] = attack_figures(by_variant)
    if baseline is not None:
        theirs = judge_left_out_by_nos_recipe(records, also_train=extra)
        result["baseline"] = _compared(by_variant[CLEAN], theirs)
    if learning_curve:
        result["learning_curve"] = _learning_curve(records, extra, by_variant[CLEAN], jobs)
    if by is not None:
        result["groups"] = _by_field(by_variant[CLEAN], by)
    return result


def _seen_files(records: Sequence[LabelledText], training: Mapping[str, Any]) -> list[str]:
    """Return the names of the files that a model was trained on, whatever they were called then."""
    found = file_hashes(records)
    if training["hash"] == training_hash(records):
        return list(found)
    known = set(map(str, training.get("hashes_by_file", {}).values()))
    return [name for name, of_file in found.items() if of_file in known]


def _others(records: Sequence[LabelledText], paths: list[str]) -> list[LabelledText]:
    """Return the labelled messages of some files that are not among the records.

    Raises InputError if one has the id of a record, but another text.
    """
    texts = {record.id: record.text for record in records}
    others = read_labelled(paths) if paths else []
    for record in others:
        if texts.get(record.id, record.text) != record.text:
            raise InputError(
                f"the id {record.id!r} is used for two texts", where=record.file, hint="give each its own"
            )
    return [record for record in others if record.id not in texts]


def _check_settings(
    model: object, cross_validate: bool, attacks: Sequence[str], *, trained: bool, baseline: str | None
) -> None:
    if cross_validate and model is not None:
        raise SettingsError("cross-validation trains its own models", hint="leave out --model")
    if trained and not cross_validate:
        raise SettingsError(
            "a baseline, a learning curve and messages to train on need training", hint="add --cross-validate"
        )
    if baseline is not None and baseline not in BASELINES:
        raise SettingsError(f"no baseline is called {baseline!r}", hint=f"choose from {', '.join(BASELINES)}")
    for name in attacks:
        if name not in ATTACKS:
            raise SettingsError(f"no attack is called {name!r}", hint=f"choose from {', '.join(ATTACKS)}")


def _judge(
    records: Sequence[LabelledText], model: str | os.PathLike[str] | None, attacks: Sequence[str], jobs: int
) -> dict[str, list[Judged]]:
    texts = {CLEAN: [record.text for record in records]}
    texts |= {name: [attack(record.text, name) for record in records] for name in attacks}
    return {
        variant: [
            Judged(*pair) for pair in zip(records, classify(of_variant, model=model, jobs=jobs), strict=True)
        ]
        for variant, of_variant in texts.items()
    }


def attack_figures(by_variant: dict[str, list[Judged]]) -> dict[str, float]:
    """Return the F1 of ``drugsad`` on clean and on disguised texts, over the files that hold an ad."""
    with_ads = {one.record.file for one in by_variant[CLEAN] if is_ad(one.record.labels)}
    return {
        variant: figures([one for one in judged if one.record.file in with_ads], n_resamples=0)["labels"][
            "drugsad"
        ]["f1"]["value"]
        for variant, judged in by_variant.items()
    }


def _compared(ours: Sequence[Judged], theirs: Sequence[Judged]) -> dict[str, Any]:
    """Return a baseline's figures, and whether it differs by more than chance."""
    with_ads = {one.record.file for one in ours if is_ad(one.record.labels)}
    both = [[one for one in judged if one.record.file in with_ads] for judged in (ours, theirs)]
    compared = cross_validated_figures(theirs)
    kept = ("accuracy", "hamming_loss", "macro_f1", "labels", "calibration", "files", "false_positives")
    return {key: compared[key] for key in kept} | {"mcnemar": mcnemar(*both)}


def _learning_curve(
    records: Sequence[LabelledText], extra: Sequence[LabelledText], judged_by_all: Sequence[Judged], jobs: int
) -> list[dict[str, Any]]:
    curve: list[dict[str, Any]] = []
    for share in _CURVE_SHARES:
        try:
            judged = (
                judged_by_all
                if share == 1
                else judge_left_out(records, also_train=extra, share=share, jobs=jobs)[CLEAN]
            )
        except CrossValidationError as error:  # other shares may be enough
            curve.append({"share": share, "problem": f"{error.where}: {error.problem}"})
            continue
        measured = cross_validated_figures(judged)
        curve.append({"share": share, **{key: measured[key] for key in ("accuracy", "hamming_loss")}})
    return curve


def extraction_figures(records: Sequence[LabelledText], *, jobs: int = 1) -> dict[str, Any]:
    """Score what extraction reads in the ads among labelled messages, given that they are ads.

    Parameters
    ----------
    records : sequence of LabelledText
        Those with ``substances``, ``places`` or ``offers`` are scored for these.
    jobs : int, default 1
        How many processes read at once.

    Returns
    -------
    dict
        For each of :data:`drugscan.extraction.score.KINDS`: ``gold``, ``found``, ``right``, ``precision``,
        ``recall``, ``f1``, and ``worst``: the messages with most wrong or missing values. Empty if no
        record has any of the fields.
    """
    gold = [record.row for record in records if is_ad(record.labels) and record.row.keys() & set(KINDS)]
    if not gold:
        return {}
    found = extract([row["text"] for row in gold], jobs=jobs)
    result: dict[str, Any] = {}
    for kind, score in score_extraction(gold, found).items():
        result[kind] = {
            "gold": score.n_gold,
            "found": score.n_found,
            "right": score.n_right,
            **{name: round(getattr(score, name), 4) for name in ("precision", "recall", "f1")},
            "worst": worst_misses(kind, gold, found),
        }
    return result


def with_figures(
    classifier: Classifier,
    records: Sequence[LabelledText],
    *,
    ordinary: Sequence[tuple[str, str]] = (),
    jobs: int = 1,
) -> Classifier:
    """Return the classifier with its recipe's cross-validated figures in the manifest.

    Parameters
    ----------
    classifier : Classifier
        As trained on the records.
    records : sequence of LabelledText
        What it was trained on.
    ordinary : sequence of (str, str)
        Genre and text of real messages that are no ads, for false positives.
    jobs : int, default 1
        How many processes train at once.

    Returns
    -------
    Classifier
        Its manifest says ``figures``: accuracy, Hamming loss, calibration error and F1 per label over
        messages of writers left out; F1 when texts are disguised; false positives in the files without
        ads and in ordinary texts.

    Raises
    ------
    CrossValidationError
        If no file can be left out: there is but one, or nothing can be learnt from the others.
    """
    options = TrainingOptions(**classifier.manifest["options"])
    by_variant = judge_left_out(records, options=options, attacks=list(ATTACKS), jobs=jobs)
    measured = cross_validated_figures(by_variant[CLEAN])
    stated = {key: measured[key] for key in ("messages", "accuracy", "hamming_loss", "models_agree")}
    stated["ece"] = measured["calibration"]["ece"]
    stated["f1"] = {label: of_label["f1"] for label, of_label in measured["labels"].items()}
    stated |= {key: measured[key] for key in ("files", "false_positives")}
    stated["attacks"] = attack_figures(by_variant)
    stated["ordinary_texts"] = _called_ads(classifier, ordinary)
    return replace(classifier, manifest={**classifier.manifest, "figures": stated})


def _called_ads(classifier: Classifier, ordinary: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return by genre how many texts there are, and how many are called ads."""
    found: dict[str, dict[str, int]] = {}
    said = classifier.classify([text for _, text in ordinary])
    for (genre, _), of_text in zip(ordinary, said, strict=True):
        counts = found.setdefault(genre, {"messages": 0, "called_ads": 0})
        counts["messages"] += 1
        counts["called_ads"] += is_ad(of_text["labels"])
    return found


def _by_field(judged: Sequence[Judged], name: str) -> dict[str, Any]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        value = one.record.file if name == "file" else one.record.row.get(name)
        groups.setdefault("(none)" if value is None else str(value), []).append(one)
    if groups.keys() == {"(none)"}:
        raise SettingsError(f"no labelled message has the field {name!r}", hint="name another with --by")
    return {value: figures(part) for value, part in sorted(groups.items())}
