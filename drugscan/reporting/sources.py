"""What the numbers come from: the model and its figures, lexicons, files, what was left out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from drugscan.errors import SettingsError
from drugscan.model.store import default_model, model_hash, read_manifest
from drugscan.reporting.answers import AnswerRow, Answers
from drugscan.reporting.words import Words

# Enough of a hash to tell one from another, and of a list of files to see what they are.
_SHOWN_DIGITS = 12
_MOST_FILES = 20


def model_figures(manifest: Mapping[str, Any], model: str | os.PathLike[str] | None) -> dict[str, Any] | None:
    """Return the figures of the model that the scan used: none if it was not measured, None if it is unknown.

    Raises
    ------
    SettingsError
        If a model is given that the scan did not use.
    """
    known = read_manifest(default_model() if model is None else Path(model))
    if manifest.get("model") == model_hash(known):
        return dict(known.get("figures") or {})
    if model is not None:
        raise SettingsError(
            "is not the model that the scan used", where=str(model), hint="give the one that scan was given"
        )
    return None


def known_of_model(figures: Mapping[str, Any] | None) -> str:
    """Return what is known of the model: ``known``, ``unmeasured`` or, if it is another one, ``unknown``."""
    return "unknown" if figures is None else "known" if figures else "unmeasured"


def traced(
    manifest: Mapping[str, Any], answers: Answers, words: Words, *, min_count: int, identities: bool
) -> list[tuple[str, str]]:
    """Return what the numbers come from, as names and values."""
    known = known_of_model(answers.model_figures)
    options = manifest["options"]
    known_of = {
        "version": manifest.get("versions", {}).get("drugscan", ""),
        "model": f"{manifest.get('model', '')[:_SHOWN_DIGITS]} {words.get(f'method.model_{known}')}",
        "thresholds": _thresholds(options["thresholds"], words, known=known),
        "lexicons": ", ".join(one[:_SHOWN_DIGITS] for one in manifest.get("lexicons", [])),
        "likeness": words.fill(words.get("method.likeness_set"), min_jaccard=options["min_jaccard"]),
        "files": _files(manifest.get("files", []), words, identities=identities),
        "rejects": words.number(answers.headline["rejects"]),
        "undated": _undated(answers.headline, words),
        "people": words.get(f"method.{'identified' if identities else 'pseudonymised'}"),
        "small": words.fill(words.get("method.left_out"), n=min_count) if min_count else "",
    }
    return [(words.get(f"method.{name}"), value) for name, value in known_of.items() if value]


def _thresholds(thresholds: Mapping[str, float], words: Words, *, known: str) -> str:
    """Return what --threshold gave, if anything, and that figures are for others."""
    given = ", ".join(
        words.fill("{label:label} {threshold:score}", label=label, threshold=threshold)
        for label, threshold in thresholds.items()
    )
    return words.fill(words.get("method.thresholds_set"), set=given) if given and known == "known" else given


def _undated(headline: AnswerRow, words: Words) -> str:
    key = "undated_wrong" if headline["messages_with_wrong_date"] else "undated_number"
    return words.fill(words.get(f"method.{key}"), **headline)


def _files(files: Sequence[Mapping[str, str]], words: Words, *, identities: bool) -> str:
    """Return the hashes of the files that were read; their names can name people."""
    if len(files) > _MOST_FILES:
        return words.fill(words.get("method.n_files"), n=len(files))
    named = [
        (Path(file["source"]).name if identities else "", file["xxh3"][:_SHOWN_DIGITS]) for file in files
    ]
    return ", ".join(" ".join(part for part in parts if part) for parts in named)
