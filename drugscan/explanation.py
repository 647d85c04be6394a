"""Why a text is labelled and read as it is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from drugscan.extraction.extract import extract
from drugscan.model.classify import classify


def explain(
    text: str, *, model: str | os.PathLike[str] | None = None, lexicon: Iterable[str | os.PathLike[str]] = ()
) -> dict[str, Any]:
    """Say what a text is taken for, and which words say so.

    Parameters
    ----------
    text : str
        A raw text.
    model : path, optional
        A model folder; without it the model in the box.
    lexicon : iterable of path, optional
        Tables of own terms.

    Returns
    -------
    dict
        ``text``, ``labels``, ``scores``, ``models_agree``, and ``substances``, ``places``, ``offers``,
        ``contacts`` and ``spans`` as for an ad, also where the labels say it is none.

    Examples
    --------
    >>> [span["text"] for span in explain("Coke 1g €50, bezorging Utrecht")["spans"]]
    ['Coke', '1g €50', 'Utrecht']
    """
    (said,) = classify([text], model=model)
    (read,) = extract([text], lexicon=lexicon, spans=True)
    return {"text": text, **said, **read}
