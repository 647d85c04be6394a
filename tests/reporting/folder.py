"""Results folders for tests, written as a scan would that makes no mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from drugscan.extraction.extract import extract
from drugscan.model.store import default_model, model_hash, read_manifest
from drugscan.records import LABELS, SCHEMA_VERSION, ads_schema, messages_schema, text_id, texts_schema

Row = dict[str, Any]


def write_folder(
    folder: Path, messages: Iterable[Row], labels: dict[str, list[str]], ads: dict[str, str]
) -> Path:
    """Write a results folder.

    Parameters
    ----------
    folder : path
        To be made.
    messages : iterable of dict
        ``text`` and, where known, ``chat``, ``sender`` and ``date``.
    labels : dict of text to list of str
        The labels of the texts that are ads.
    ads : dict of text to str
        The cluster of each of these.
    """
    for name in ("messages", "texts"):
        (folder / name).mkdir(parents=True)
    rows = [_message(number, row) for number, row in enumerate(messages, 1)]
    texts = {row["text_id"]: row.pop("text") for row in rows}
    of_ads = [text for text in texts.values() if text in labels]
    found = dict(zip(of_ads, extract(of_ads), strict=True))
    _write(folder / "messages" / "part-00000.parquet", rows, messages_schema())
    text_rows = [_text(name, text, labels.get(text), found.get(text)) for name, text in sorted(texts.items())]
    _write(folder / "texts" / "part-00000.parquet", text_rows, texts_schema())
    first: dict[str, str] = {}
    for name in sorted(map(text_id, of_ads)):
        first.setdefault(ads[texts[name]], name)
    ad_rows = [{"text_id": name, "ad_id": first[ads[texts[name]]]} for name in sorted(map(text_id, of_ads))]
    _write(folder / "ads.parquet", ad_rows, ads_schema())
    (folder / "rejects.jsonl").write_text("")
    manifest = {"schema_version": SCHEMA_VERSION, "model": model_hash(read_manifest(default_model()))}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def folder_of_corpus(corpus: Path, folder: Path) -> Path:
    """Write the results folder of a corpus of ``tests/bench/corpus.py``, by its truth."""
    messages = [json.loads(line) for line in (corpus / "messages.jsonl").read_text("utf-8").splitlines()]
    truth = {row["text_id"]: row for row in parquet.read_table(corpus / "truth_texts.parquet").to_pylist()}
    of_ads = {
        text: truth[text_id(text)]
        for text in dict.fromkeys(message["text"] for message in messages)
        if truth[text_id(text)]["cluster"] is not None
    }
    return write_folder(
        folder,
        messages,
        {text: row["labels"] for text, row in of_ads.items()},
        {text: str(row["cluster"]) for text, row in of_ads.items()},
    )


def _write(path: Path, rows: list[Row], schema: pyarrow.Schema) -> None:
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), path)


def _message(number: int, row: Row) -> Row:
    date = row.get("date")
    return {
        "source": "invented.jsonl",
        "record": number,
        "chat": row.get("chat"),
        "message_id": str(number),
        "account": row.get("sender_id", row.get("sender")),
        "sender": row.get("sender"),
        "date": datetime.fromisoformat(date.replace("Z", "+00:00")) if date else None,
        "text_id": text_id(row.get("text", "")),
        "text": row.get("text", ""),
    }


def _text(name: str, text: str, labels: list[str] | None, found: Row | None) -> Row:
    row: Row = {"text_id": name, "text": text, "labels": labels or ["geendrugsad"], "models_agree": True}
    row["scores"] = {label: float(label in row["labels"]) for label in LABELS}
    if found:
        offers = [_offer(offer) for offer in found["offers"]]
        row |= {key: found[key] for key in ("substances", "places", "contacts")} | {"offers": offers}
    return row


def _offer(offer: Row) -> Row:
    def whole(key: str, factor: int) -> int | None:
        return None if offer.get(key) is None else round(offer[key] * factor)

    return {
        "substance": offer["substance"],
        "unit": offer["unit"],
        "quantity_thousandths": whole("quantity", 1000),
        "quantity_max_thousandths": whole("quantity_max", 1000),
        "price_cents": whole("price_eur", 100),
        "unit_price_micro_eur": whole("unit_price_eur", 1_000_000),
    }
