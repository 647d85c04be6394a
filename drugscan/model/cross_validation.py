"""Judging a recipe by writers that its models have not seen: whole files are left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import xxhash

from drugscan.engines.local import each
from drugscan.errors import InputError, SettingsError
from drugscan.model.attacks import attack
from drugscan.model.figures import Judged, figures, is_ad
from drugscan.model.folds import left_out_together, without_copies
from drugscan.model.labelled import LabelledText
from drugscan.model.train import TrainingOptions, near_duplicates, train

CLEAN = "clean"
"""The name of the texts as they are, beside the names of attacks."""


class CrossValidationError(SettingsError):
    """Labelled messages of which no file can be left out, as nothing can be learnt from the rest."""


def judge_left_out(
    records: Sequence[LabelledText],
    *,
    also_train: Sequence[LabelledText] = (),
    options: TrainingOptions | None = None,
    attacks: Sequence[str] = (),
    share: float = 1.0,
    jobs: int = 1,
) -> dict[str, list[Judged]]:
    """Judge each record by a model that was trained on none of its file.

    Of many files some are left out together, see :func:`drugscan.model.folds.left_out_together`. No
    near-duplicate of a record is in what its model was trained on.

    Parameters
    ----------
    records : sequence of LabelledText
        Those to judge.
    also_train : sequence of LabelledText, optional
        Others, which every model is trained on and none judges.
    options : TrainingOptions, optional
        How to train.
    attacks : sequence of str, optional
        Judge the records' texts disguised, too: names of :data:`drugscan.model.attacks.ATTACKS`.
    share : float, default 1
        Train on so much of what there is, drawn by the records' ids.
    jobs : int, default 1
        How many processes train at once.

    Returns
    -------
    dict of str to list of Judged
        In the order of the records: of the texts as they are (``clean``), and of each attack.

    Raises
    ------
    CrossValidationError
        If there is but one file, or too little to learn from without one of them.
    InputError
        If no record is an ad.
    """
    if not any(is_ad(record.labels) for record in records):
        raise InputError("no message to judge is an ad", hint="give some that are")
    names = [record.file for record in records]
    everything = [*records, *also_train]
    if len({record.file for record in everything}) < 2:
        raise CrossValidationError(
            "there is one file of labelled messages",
            hint="cross-validation leaves a file out: give two or more",
        )
    clusters = near_duplicates(everything)
    judge = partial(
        _judge_files, records, also_train, clusters, options=options, attacks=attacks, share=share
    )
    parts = []
    for part in list(
        each(judge, left_out_together(names), jobs=jobs)
    ):  # a fault is told when no process is at work any more
        if isinstance(part, CrossValidationError):
            raise part
        parts.append(part)
    position = {record.id: number for number, record in enumerate(records)}
    return {
        variant: sorted(
            (judged for part in parts for judged in part[variant]), key=lambda one: position[one.record.id]
        )
        for variant in (CLEAN, *attacks)
    }


def _judge_files(
    records: Sequence[LabelledText],
    also_train: Sequence[LabelledText],
    clusters: Sequence[str],
    names: Sequence[str],
    *,
    options: TrainingOptions | None,
    attacks: Sequence[str],
    share: float,
) -> dict[str, list[Judged]] | CrossValidationError:
    """Judge the records of some files; ``clusters`` are those of the records and the others, in a row.

    A fault is returned: of those that several processes raise, chance would choose the one that is told.
    """
    everything = [*records, *also_train]
    # Files of one name are by one writer: those that are not judged are not trained on, either.
    others = np.array([record.file not in names for record in everything])
    usable = without_copies(others, clusters)
    usable &= np.array([_is_drawn(record.id, share) for record in everything])
    try:
        classifier = train([everything[row] for row in np.flatnonzero(usable).tolist()], options=options)
    except InputError as error:
        return CrossValidationError(
            error.problem,
            where=f"{', '.join(names)} left out",
            hint="give more files that hold both ads and others",
        )
    held_out = [record for record in records if record.file in names]
    texts = {CLEAN: [record.text for record in held_out]}
    texts |= {way: [attack(record.text, way) for record in held_out] for way in attacks}
    return {
        variant: [Judged(*pair) for pair in zip(held_out, classifier.classify(of_variant), strict=True)]
        for variant, of_variant in texts.items()
    }


def _is_drawn(record_id: str, share: float) -> bool:
    return xxhash.xxh3_64_intdigest(record_id.encode()) < share * 2**64


def cross_validated_figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return figures over the files with ads, and false positives on the files without.

    Parameters
    ----------
    judged : sequence of Judged
        As :func:`judge_left_out` gives them: some of them are ads.

    Returns
    -------
    dict
        :func:`figures` of all messages of files that hold an ad; ``files`` with accuracy and
        Hamming loss of each of them; ``false_positives`` with messages called ads in each other file.
    """
    by_file: dict[str, list[Judged]] = {}
    for one in judged:
        by_file.setdefault(one.record.file, []).append(one)
    with_ads = {name: part for name, part in by_file.items() if any(is_ad(one.record.labels) for one in part)}
    result = figures([one for part in with_ads.values() for one in part])
    result["files"] = {}
    for name, part in with_ads.items():
        of_file = figures(part, n_resamples=0)
        result["files"][name] = {key: of_file[key]["value"] for key in ("accuracy", "hamming_loss")}
    result["false_positives"] = {
        name: {"messages": len(part), "called_ads": sum(is_ad(one.prediction["labels"]) for one in part)}
        for name, part in by_file.items()
        if name not in with_ads
    }
    return result
