"""What decides the results beside the input: a scan can only go on with the same."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import xxhash

from drugscan.model.store import load_model, model_hash
from drugscan.neardup.cluster import choose_bands
from drugscan.read import Fields
from drugscan.records import SCHEMA_VERSION
from drugscan.scanning.texts import TextOptions

_PACKAGES = ("drugscan", "lightgbm", "numpy", "pyahocorasick", "pyarrow", "rapidfuzz", "scipy")


def identity_of(
    options: TextOptions, *, min_jaccard: float, input_format: str | None, fields: Fields
) -> dict[str, Any]:
    """Return versions, hashes of model and lexicons, and options, as they stand in the manifest.

    Raises
    ------
    ModelError, SettingsError
        If one of them is at fault, so that it shows before any work.
    """
    options.check()
    choose_bands(min_jaccard)
    return {
        "schema_version": SCHEMA_VERSION,
        "versions": {package: version(package) for package in _PACKAGES},
        "model": model_hash(load_model(options.model, manifest=options.manifest).manifest),
        "lexicons": [
            _hash(_own_tables()),
            *(_hash(table.content) for table in options.lexicon),
        ],
        "options": {
            "thresholds": dict(options.thresholds),
            "min_jaccard": min_jaccard,
            "input_format": input_format,
            "fields": asdict(fields),
        },
    }


def _own_tables() -> bytes:
    """Return the content of the lexicons' tables and of the rules, which users may have corrected."""
    tables = [path for path in files("drugscan.lexicon").iterdir() if path.name.endswith(".csv")]
    tables += [path for path in files("drugscan.extraction").iterdir() if path.name.endswith(".toml")]
    return b"".join(path.read_bytes() for path in sorted(tables, key=lambda path: path.name))


def _hash(content: bytes) -> str:
    return xxhash.xxh3_128_hexdigest(content)
