"""Classifying texts: each distinct text once, in as many processes as wanted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from drugscan.errors import SettingsError
from drugscan.model.classifier import MODELLED_LABELS, Classification, Classifier
from drugscan.model.store import load_model, manifest_content
from drugscan.text import OncePerText, several

_BATCH_TEXTS = 20_000


def classify(
    texts: Iterable[Any],
    *,
    model: str | os.PathLike[str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    jobs: int = 1,
) -> list[Classification]:
    """Label texts: drug ad or not, of what kind, how delivered, in bulk.

    Parameters
    ----------
    texts : list of str, pandas Series or pyarrow array
        Raw texts; a missing value counts as an empty text.
    model : path, optional
        A model folder; without it the model in the box.
    thresholds : mapping of str to float, optional
        From which score on a label stands (0 to 1), for labels that are to differ from the model's.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    list of Classification
        One a text, in order: ``labels``, ``scores`` and ``models_agree``. Equal texts share one.

    Raises
    ------
    ModelError
        If there is no usable model.
    SettingsError
        If a threshold makes no sense.

    Examples
    --------
    >>> import drugscan
    >>> ad, question = drugscan.classify(["❄️ Coke 1g €50, bezorging Utrecht", "Wie weet een fietsenmaker?"])
    >>> ad["labels"], question["labels"]
    (['drugsad', 'harddrugs', 'bezorging'], ['geendrugsad'])
    """
    once = once_per_text(model=model, thresholds=thresholds, jobs=jobs)
    all_texts = list(several(texts))
    starts = range(0, len(all_texts), _BATCH_TEXTS)
    batches = ((start, all_texts[start : start + _BATCH_TEXTS]) for start in starts)
    return [classification for _, said in once.stream(batches) for classification in said]


def once_per_text(
    *,
    model: str | os.PathLike[str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    jobs: int = 1,
) -> OncePerText[Classification]:
    """Return a classifying function for batches of a stream; see :func:`classify` for the rest."""
    folder = None if model is None else os.fspath(model)
    manifest = manifest_content(folder)
    checked = tuple(sorted((thresholds or {}).items()))
    _with_thresholds(load_model(folder, manifest=manifest), checked)  # a fault shows before any work
    return OncePerText(partial(classify_batch, folder, manifest, checked), jobs=jobs)


def classify_batch(
    folder: str | None, manifest: bytes, thresholds: tuple[tuple[str, float], ...], texts: list[str]
) -> list[Classification]:
    """Classify in this process; a process loads the model once, and all processes the same one.

    Parameters
    ----------
    folder, manifest
        As for :func:`drugscan.model.store.load_model`.
    thresholds : tuple of (str, float)
        From which score on a label stands, where it is not the model's.
    texts : list of str
        Raw texts.

    Returns
    -------
    list of Classification
    """
    return _with_thresholds(load_model(folder, manifest=manifest), thresholds).classify(texts)


@lru_cache(maxsize=2)  # one object, and what it learns of words, for all batches
def _with_thresholds(classifier: Classifier, thresholds: tuple[tuple[str, float], ...]) -> Classifier:
    for label, threshold in thresholds:
        if label not in MODELLED_LABELS:
            raise SettingsError(
                f"no threshold can be set for {label!r}", hint=f"choose from {', '.join(MODELLED_LABELS)}"
            )
        if not 0 <= threshold <= 1:
            raise SettingsError(f"the threshold of {label} is {threshold}", hint="give a number from 0 to 1")
    return replace(classifier, thresholds={**classifier.thresholds, **dict(thresholds)})
