"""Why a text is labelled and read as it is."""

from __future__ import annotations

import os
from typing import Any

from drugscan.extraction.extract import extract
from drugscan.model.classifier import MODELLED_LABELS
from drugscan.model.classify import classify
from drugscan.model.reasons import Reasons, reasons
from drugscan.model.store import load_model
from drugscan.paths import Paths

_N_REASONS = 8


def explain(text: str, *, model: str | os.PathLike[str] | None = None, lexicon: Paths = ()) -> dict[str, Any]:
    """Say what a text is taken for, and which words say so.

    Parameters
    ----------
    text : str
        A raw text.
    model : path, optional
        A model folder; without it the model in the box.
    lexicon : path or several paths, optional
        Tables of own terms.

    Returns
    -------
    dict
        ``text``, ``labels``, ``scores``, ``models_agree``, and ``substances``, ``places``, ``offers``,
        ``contacts`` and ``spans`` as for an ad, also where the labels say it is none; and ``reasons``: for
        ``drugsad`` and each other label that it has the weightiest ``words`` and ``features`` with their
        weights, see :func:`drugscan.model.reasons.reasons`.

    Examples
    --------
    >>> [span["text"] for span in explain("Coke 1g €50, bezorging Utrecht")["spans"]]
    ['Coke', '1g €50', 'Utrecht']
    """
    (said,) = classify([text], model=model)
    (read,) = extract([text], lexicon=lexicon, spans=True)
    classifier = load_model(None if model is None else os.fspath(model))
    labels = ["drugsad", *(label for label in said["labels"] if label in MODELLED_LABELS[1:])]
    return {
        "text": text,
        **said,
        **read,
        "reasons": {label: _weightiest(reasons(classifier, text, label)) for label in labels},
    }


def _weightiest(found: Reasons) -> dict[str, list[dict[str, Any]]]:
    return {
        field: [{"name": one.name, "weight": round(one.weight, 3)} for one in part[:_N_REASONS]]
        for field, part in found._asdict().items()
    }
