"""How well a model does: the NOS's two figures, and what stands behind them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from drugscan.errors import InputError, SettingsError
from drugscan.extraction.extract import extract
from drugscan.extraction.score import KINDS, score_extraction, worst_misses
from drugscan.model.classifier import Classification, Classifier
from drugscan.model.classify import classify
from drugscan.model.folds import without_copies
from drugscan.model.labelled import LabelledText, read_labelled, training_hash
from drugscan.model.store import load_model
from drugscan.model.train import TrainingOptions, train
from drugscan.records import LABELS
from drugscan.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_RESAMPLES = 1_000
_N_WORST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message and what a model that has not seen it, or has, says of it."""

    record: LabelledText
    prediction: Classification


def evaluate(
    labelled: Iterable[str | os.PathLike[str]],
    *,
    model: str | os.PathLike[str] | None = None,
    cross_validate: bool = False,
    by: str | None = None,
    jobs: int = 1,
) -> dict[str, Any]:
    """Measure a model on labelled messages.

    Parameters
    ----------
    labelled : iterable of path
        Labelled messages in the codebook's format: files, or folders of such.
    model : path, optional
        A model folder; without it the model in the box.
    cross_validate : bool, default False
        Judge no model but the recipe: leave one file out at a time, train on the others, and judge
        the file left out. Files without any ad are for false positives, all others for the rest.
    by : str, optional
        A field of the records; figures are given for each of its values too.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    dict
        As :func:`figures` describes, with ``seen_in_training`` (whether the model was trained on just
        these messages) and ``extraction`` as :func:`extraction_figures` does. With ``by`` also
        ``groups``; with ``cross_validate`` instead of the former ``files`` and ``false_positives``.

    Raises
    ------
    InputError
        If a record is not by the codebook; says in which line.
    SettingsError
        If no record has the field, or there is but one file to leave out.
    """
    records = read_labelled([Path(path) for path in labelled])
    if cross_validate:
        if model is not None:
            raise SettingsError("cross-validation trains its own models", hint="leave out --model")
        judged = judge_left_out(records, jobs=jobs)
        result = cross_validated_figures(judged)
    else:
        predictions = classify([record.text for record in records], model=model, jobs=jobs)
        judged = [Judged(*pair) for pair in zip(records, predictions, strict=True)]
        result = figures(judged)
        result["seen_in_training"] = load_model(None if model is None else os.fspath(model)).manifest[
            "training"
        ]["hash"] == training_hash(records)
        result["extraction"] = extraction_figures(records)
    if by is not None:
        result["groups"] = _by_field(judged, by)
    return result


def extraction_figures(records: Sequence[LabelledText]) -> dict[str, Any]:
    """Score what extraction reads in the ads among labelled messages, given that they are ads.

    Parameters
    ----------
    records : sequence of LabelledText
        Those with ``substances``, ``places`` or ``offers`` are scored for these.

    Returns
    -------
    dict
        For each of :data:`drugscan.extraction.score.KINDS`: ``gold``, ``found``, ``right``, ``precision``,
        ``recall``, ``f1``, and ``worst``: the messages with most wrong or missing values. Empty if no
        record has any of the fields.
    """
    gold = [record.row for record in records if _is_ad(record.labels) and record.row.keys() & set(KINDS)]
    if not gold:
        return {}
    found = extract([row["text"] for row in gold])
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


def judge_left_out(
    records: Sequence[LabelledText], *, options: TrainingOptions | None = None, jobs: int = 1
) -> list[Judged]:
    """Judge each record by a model that was trained on all other files.

    Parameters
    ----------
    records : sequence of LabelledText
        From at least two files.
    options : TrainingOptions, optional
        How to train.
    jobs : int, default 1
        How many processes train at once.

    Returns
    -------
    list of Judged
        In the order of the records.
    """
    from joblib import Parallel, delayed

    names = list(dict.fromkeys(record.file for record in records))
    if len(names) < 2:
        raise SettingsError(
            "there is one file of labelled messages",
            hint="cross-validation leaves a file out: give two or more",
        )
    parts = Parallel(n_jobs=jobs)(delayed(_judge_file)(records, name, options) for name in names)
    found = {judged.record.id: judged for part in parts for judged in part}
    return [found[record.id] for record in records]


def _judge_file(records: Sequence[LabelledText], name: str, options: TrainingOptions | None) -> list[Judged]:
    in_training = np.array([record.file != name for record in records])
    usable = without_copies(in_training, [fold(record.text) for record in records])
    classifier = train(
        [record for record, is_usable in zip(records, usable, strict=True) if is_usable], options=options
    )
    held_out = [record for record in records if record.file == name]
    predictions = classifier.classify([record.text for record in held_out])
    return [Judged(*pair) for pair in zip(held_out, predictions, strict=True)]


def cross_validated_figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return figures over the files with ads, and false positives on the files without.

    Parameters
    ----------
    judged : sequence of Judged
        As :func:`judge_left_out` gives them.

    Returns
    -------
    dict
        :func:`figures` of all messages of files that hold an ad; ``files`` with accuracy and
        Hamming loss of each of them; ``false_positives`` with messages called ads in each other file.
    """
    by_file: dict[str, list[Judged]] = {}
    for one in judged:
        by_file.setdefault(one.record.file, []).append(one)
    with_ads = {
        name: part for name, part in by_file.items() if any(_is_ad(one.record.labels) for one in part)
    }
    if not with_ads:
        raise InputError("no labelled message is an ad", hint="give some that are")
    result = figures([one for part in with_ads.values() for one in part])
    result["files"] = {
        name: {key: figures(part, n_resamples=0)[key]["value"] for key in ("accuracy", "hamming_loss")}
        for name, part in with_ads.items()
    }
    result["false_positives"] = {
        name: {"messages": len(part), "called_ads": sum(_is_ad(one.prediction["labels"]) for one in part)}
        for name, part in by_file.items()
        if name not in with_ads
    }
    return result


def with_figures(classifier: Classifier, records: Sequence[LabelledText], *, jobs: int = 1) -> Classifier:
    """Return the classifier with its recipe's cross-validated figures in the manifest.

    Parameters
    ----------
    classifier : Classifier
        As trained on the records.
    records : sequence of LabelledText
        What it was trained on, from at least two files.
    jobs : int, default 1
        How many processes train at once.

    Returns
    -------
    Classifier
        Its manifest says ``figures``: accuracy, Hamming loss and F1 per label over messages of
        writers left out, and the false positives in the files without ads.
    """
    options = TrainingOptions(**classifier.manifest["options"])
    measured = cross_validated_figures(judge_left_out(records, options=options, jobs=jobs))
    stated = {key: measured[key] for key in ("messages", "accuracy", "hamming_loss", "models_agree")}
    stated["f1"] = {label: of_label["f1"] for label, of_label in measured["labels"].items()}
    stated |= {key: measured[key] for key in ("files", "false_positives")}
    return replace(classifier, manifest={**classifier.manifest, "figures": stated})


def figures(judged: Sequence[Judged], *, n_resamples: int = _N_RESAMPLES) -> dict[str, Any]:
    """Compare predictions with labels.

    Parameters
    ----------
    judged : sequence of Judged
        At least one.
    n_resamples : int, default 1000
        Resamples of the bootstrap over messages; 0 leaves the intervals out.

    Returns
    -------
    dict
        ``messages``; ``accuracy`` (of ``drugsad``) and ``hamming_loss`` (over the ten labels), each
        with ``value`` and a 95 % percentile interval ``low``, ``high``; ``models_agree`` (share of
        messages); ``labels`` with ``support``, ``predicted``, ``precision``, ``recall``, ``f1`` per
        label; ``confusion`` of ``drugsad``; ``worst_errors``, the surest first.

    Examples
    --------
    >>> record = LabelledText("1", "coke 1g 50", ("drugsad", "harddrugs"), "a")
    >>> said = {"labels": ["drugsad"], "scores": {"drugsad": 0.9}, "models_agree": True}
    >>> figures([Judged(record, said)])["hamming_loss"]["value"]
    0.1
    """
    gold = _indicators([one.record.labels for one in judged])
    said = _indicators([one.prediction["labels"] for one in judged])
    counts = np.hstack([gold[:, :1] == said[:, :1], (gold != said).mean(axis=1, keepdims=True)])
    counts = np.hstack([counts, gold & said, gold, said]).astype(float)
    samples = _statistics(np.vstack([counts.sum(axis=0), *_resampled_sums(counts, n_resamples)]), len(judged))

    def stated(name: str, column: int = 0) -> dict[str, float]:
        value, *resampled = samples[name][:, column].tolist()
        if not resampled:
            return {"value": round(value, 4)}
        low, high = np.percentile(resampled, [2.5, 97.5])
        return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}

    return {
        "messages": len(judged),
        "accuracy": stated("accuracy"),
        "hamming_loss": stated("hamming_loss"),
        "models_agree": round(sum(one.prediction["models_agree"] for one in judged) / len(judged), 4),
        "labels": {
            label: {
                "support": int(gold[:, column].sum()),
                "predicted": int(said[:, column].sum()),
                **{name: stated(name, column) for name in ("precision", "recall", "f1")},
            }
            for column, label in enumerate(LABELS)
        },
        "confusion": {
            "true_positives": int((gold & said)[:, 0].sum()),
            "false_positives": int((~gold & said)[:, 0].sum()),
            "false_negatives": int((gold & ~said)[:, 0].sum()),
            "true_negatives": int((~gold & ~said)[:, 0].sum()),
        },
        "worst_errors": _worst_errors(judged),
    }


def _is_ad(labels: Iterable[str]) -> bool:
    return "drugsad" in labels


def _indicators(labels: Iterable[Iterable[str]]) -> NDArray[np.bool_]:
    """Return which text has which of the ten labels, shape (n_texts, 10)."""
    return np.array([[label in of_text for label in LABELS] for of_text in map(set, labels)], dtype=bool)


def _resampled_sums(counts: NDArray[np.float64], n_resamples: int) -> Iterable[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    n_rows = len(counts)
    for _ in range(n_resamples):
        drawn = np.bincount(rng.integers(0, n_rows, n_rows), minlength=n_rows)
        yield drawn @ counts


def _statistics(sums: NDArray[np.float64], n_messages: int) -> dict[str, NDArray[np.float64]]:
    """Turn sums over messages, one row a sample, into figures; 0 where nothing was to be found."""
    right, loss, both, gold, said = np.split(sums, np.cumsum([1, 1, *[len(LABELS)] * 2]), axis=1)

    def share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

    return {
        "accuracy": right / n_messages,
        "hamming_loss": loss / n_messages,
        "precision": share(both, said),
        "recall": share(both, gold),
        "f1": share(2 * both, gold + said),
    }


def _worst_errors(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return the messages that were most surely taken for what they are not."""
    errors: list[dict[str, Any]] = [
        {
            "id": one.record.id,
            "file": one.record.file,
            "labels": list(one.record.labels),
            "predicted": one.prediction["labels"],
            "score": one.prediction["scores"]["drugsad"],
            "text": one.record.text,
        }
        for one in judged
        if _is_ad(one.record.labels) != _is_ad(one.prediction["labels"])
    ]
    return sorted(errors, key=lambda error: (-abs(float(error["score"]) - 0.5), error["id"]))[:_N_WORST]


def _by_field(judged: Sequence[Judged], name: str) -> dict[str, Any]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        value = one.record.file if name == "file" else one.record.row.get(name)
        groups.setdefault("(none)" if value is None else str(value), []).append(one)
    if groups.keys() == {"(none)"}:
        raise SettingsError(f"no labelled message has the field {name!r}", hint="name another with --by")
    return {value: figures(part) for value, part in sorted(groups.items())}
