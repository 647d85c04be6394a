"""Results folders for the report: of a corpus with known truth, and of a few messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pyarrow import parquet

from drugscan.extraction.extract import extract
from drugscan.model.store import default_model, model_hash, read_manifest
from drugscan.records import LABELS, text_id
from tests.analysis.folders import Post, Text, write_results


def folder_of_posts(folder: Path, posts: Sequence[Post]) -> Path:
    """Write a results folder whose manifest says that the model in the box was used."""
    manifest = json.loads((write_results(folder, posts) / "manifest.json").read_text())
    manifest |= {
        "model": model_hash(read_manifest(default_model())),
        "versions": {"drugscan": "0.1.0"},
        "options": {"thresholds": {}, "min_jaccard": 0.8},
        "lexicons": ["0123456789abcdef" * 2],
        "files": [{"source": "geheim/geheim +31600000123.json", "xxh3": "fedcba9876543210" * 2}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def write_measured_model(folder: Path) -> Path:
    """Write the manifest of the model in the box with figures that are invented."""
    figure = {"value": 0.9, "low": 0.85, "high": 0.95}
    figures = {
        "messages": 1_000,
        "accuracy": figure,
        "f1": dict.fromkeys(LABELS, figure),
        "false_positives": {"h": {"messages": 300, "called_ads": 2}, "i": {"messages": 200, "called_ads": 1}},
        "ordinary_texts": {"news": {"messages": 500, "called_ads": 2}},
        "attacks": {"clean": 0.9, "leet": 0.8},
    }
    folder.mkdir()
    manifest = read_manifest(default_model()) | {"figures": figures}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def folder_of_corpus(corpus: Path, folder: Path) -> Path:
    """Write the results folder of a corpus of ``tests/bench/corpus.py`` as a scan without mistakes would."""
    rows = [json.loads(line) for line in (corpus / "messages.jsonl").read_text("utf-8").splitlines()]
    truth = {row["text_id"]: row for row in parquet.read_table(corpus / "truth_texts.parquet").to_pylist()}
    of_ads = [
        text
        for text in dict.fromkeys(row["text"] for row in rows)
        if truth[text_id(text)]["cluster"] is not None
    ]
    first_of_cluster: dict[int, str] = {}
    texts = {}
    for text, found in zip(of_ads, extract(of_ads), strict=True):
        known = truth[text_id(text)]
        contacts = [(contact["kind"], contact["value"]) for contact in found.pop("contacts")]
        ad = first_of_cluster.setdefault(known["cluster"], text)
        texts[text] = Text(text, known["labels"], contacts=contacts, ad=ad, **found)
    posts = [
        Post(
            texts.get(row["text"]) or Text(row["text"]),
            row.get("sender_id"),
            row["chat"],
            datetime.fromisoformat(row["date"].replace("Z", "+00:00")),
        )
        for row in rows
    ]
    return folder_of_posts(folder, posts)
