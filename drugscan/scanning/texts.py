"""The map step of a scan: distinct texts in, their rows of the results folder out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from drugscan.extraction.extract import empty_record, extract
from drugscan.model.classify import classify
from drugscan.records import LABELS, texts_schema
from drugscan.scanning.columns import storable, text_ids

if TYPE_CHECKING:
    import pyarrow as pa

    from drugscan.model.classifier import Classification

_MAX_INTEGER = 1 << 62


@dataclass(frozen=True)
class TextOptions:
    """What decides what is said of a text; as for the public functions of the same names.

    Attributes
    ----------
    model : str or None
        A model folder.
    thresholds : tuple of (str, float)
        From which score on a label stands.
    lexicon : tuple of str
        Tables of a user's own terms.
    """

    model: str | None = None
    thresholds: tuple[tuple[str, float], ...] = ()
    lexicon: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise ModelError or SettingsError if one of them is at fault."""
        classify([], model=self.model, thresholds=dict(self.thresholds))
        extract([], lexicon=self.lexicon)


class Chunk(NamedTuple):
    """Some distinct texts, and their identities, 16 bytes each."""

    keys: bytes
    texts: list[str]


def read_texts(options: TextOptions, chunk: Chunk) -> pa.RecordBatch:
    """Classify texts, and extract what those offer that are ads.

    Parameters
    ----------
    options : TextOptions
        What decides.
    chunk : Chunk
        Raw texts with their identities.

    Returns
    -------
    pyarrow.RecordBatch
        Rows of :func:`drugscan.records.texts_schema`, in the order of the texts; a row depends on its
        own text alone.
    """
    said = classify(chunk.texts, model=options.model, thresholds=dict(options.thresholds))
    ads = [number for number, one in enumerate(said) if "drugsad" in one["labels"]]
    found = [empty_record(spans=True)] * len(said)
    records = extract([chunk.texts[number] for number in ads], lexicon=options.lexicon, spans=True)
    for number, record in zip(ads, records, strict=True):
        found[number] = record
    return _batch(chunk, said, found)


def _batch(chunk: Chunk, said: list[Classification], found: list[dict[str, Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    schema = texts_schema()
    scores = [pa.array(np.array([one["scores"][label] for one in said], np.float32)) for label in LABELS]
    columns = {
        "text_id": text_ids(chunk.keys),
        "text": [storable(text) for text in chunk.texts],
        "labels": [one["labels"] for one in said],
        "scores": pa.StructArray.from_arrays(scores, LABELS),
        "models_agree": [one["models_agree"] for one in said],
        "substances": [record["substances"] for record in found],
        "places": [record["places"] for record in found],
        "offers": [[_offer(offer) for offer in record["offers"]] for record in found],
        "contacts": [
            [{"kind": one["kind"], "value": storable(one["value"])} for one in record["contacts"]]
            for record in found
        ],
        "spans": [_spans(record) for record in found],
    }
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, schema.field(name).type)
        for name, column in columns.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _offer(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an offer in whole numbers."""
    return {
        "substance": offer.get("substance"),
        "unit": offer.get("unit"),
        "quantity_thousandths": _whole(offer.get("quantity"), 1_000),
        "quantity_max_thousandths": _whole(offer.get("quantity_max"), 1_000),
        "price_cents": _whole(offer.get("price_eur"), 100),
        "unit_price_micro_eur": _whole(offer.get("unit_price_eur"), 1_000_000),
    }


def _whole(value: float | None, parts: int) -> int | None:
    """Return a number in so many parts; None for what no ad can mean."""
    if value is None or not abs(value) * parts < _MAX_INTEGER:
        return None
    return round(value * parts)


def _spans(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the values stand; an offer is named by its position."""
    offers = dict(enumerate(record["offers"]))
    spans = []
    for span in record["spans"]:
        value = span["value"]
        if span["field"] == "offers":
            position = next(number for number, offer in offers.items() if offer == value)
            del offers[position]
            value = str(position)
        reason = span["entry"] if "entry" in span else span["rule"]
        spans.append(
            {
                "field": span["field"],
                "value": storable(value),
                "start": span["start"],
                "end": span["end"],
                "reason": reason,
            }
        )
    return spans
