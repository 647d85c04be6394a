"""The map step of a scan: distinct texts in, their rows of the results folder and sketches of the ads out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from drugscan.extraction.extract import extract
from drugscan.lexicon import OwnTable, load_lexicon
from drugscan.model.classify import classify_batch
from drugscan.neardup import Sketches, sketch_texts
from drugscan.records import KEY_BYTES, LABELS, texts_schema
from drugscan.scanning.columns import storable, string_array, text_ids

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
    manifest : bytes
        Of this very model, :func:`drugscan.model.store.manifest_content`.
    thresholds : tuple of (str, float)
        From which score on a label stands.
    lexicon : tuple of OwnTable
        Tables of a user's own terms.
    """

    model: str | None
    manifest: bytes
    thresholds: tuple[tuple[str, float], ...] = ()
    lexicon: tuple[OwnTable, ...] = ()

    def check(self) -> None:
        """Raise ModelError or SettingsError if one of them is at fault."""
        classify_batch(self.model, self.manifest, self.thresholds, [])
        load_lexicon(self.lexicon)


class Chunk(NamedTuple):
    """Some distinct texts, and their identities, 16 bytes each."""

    keys: bytes
    texts: list[str]


class ReadTexts(NamedTuple):
    """What is said of some texts.

    Attributes
    ----------
    rows : pyarrow.RecordBatch
        Rows of :func:`drugscan.records.texts_schema`, in the order of the texts.
    ad_keys : bytes
        The identities of those that are ads, 16 bytes each.
    sketches : Sketches
        Of these.
    """

    rows: pa.RecordBatch
    ad_keys: bytes
    sketches: Sketches


def read_texts(options: TextOptions, sketch_options: Mapping[str, int], chunk: Chunk) -> ReadTexts:
    """Classify texts; extract what those offer that are ads, and sketch these.

    Parameters
    ----------
    options : TextOptions
        What decides.
    sketch_options : mapping
        As :class:`drugscan.neardup.Clusterer` has them.
    chunk : Chunk
        Raw texts with their identities.

    Returns
    -------
    ReadTexts
        What is said of a text depends on it alone.
    """
    said = classify_batch(options.model, options.manifest, options.thresholds, chunk.texts)
    is_ad = ["drugsad" in one["labels"] for one in said]
    ads = list(compress(chunk.texts, is_ad))
    ad_keys = np.frombuffer(chunk.keys, np.uint8).reshape(-1, KEY_BYTES)[is_ad].tobytes()
    # At once: classifying has folded these texts, and folding remembers the last ones.
    sketches = sketch_texts([storable(text) for text in ads], **sketch_options)
    found = extract(ads, lexicon=options.lexicon, spans=True)
    return ReadTexts(_rows(chunk, said, is_ad, found), ad_keys, sketches)


def _rows(
    chunk: Chunk, said: list[Classification], is_ad: list[bool], found: list[dict[str, Any]]
) -> pa.RecordBatch:
    import pyarrow as pa

    schema = texts_schema()
    in_order = itemgetter(*LABELS)
    numbers = chain.from_iterable(in_order(one["scores"]) for one in said)
    scores = np.fromiter(numbers, np.float32, len(said) * len(LABELS)).reshape(-1, len(LABELS))
    of_ads = {
        "substances": [record["substances"] for record in found],
        "places": [record["places"] for record in found],
        "offers": [[_offer(offer) for offer in record["offers"]] for record in found],
        "contacts": [
            [{"kind": one["kind"], "value": storable(one["value"])} for one in record["contacts"]]
            for record in found
        ],
        "spans": [_spans(record) for record in found],
    }
    columns = {
        "text_id": text_ids(chunk.keys),
        "text": string_array(chunk.texts),
        "labels": pa.array([one["labels"] for one in said], schema.field("labels").type),
        "scores": pa.StructArray.from_arrays(list(map(pa.array, scores.T)), LABELS),
        "models_agree": pa.array([one["models_agree"] for one in said]),
        **{name: _lists_where(is_ad, lists, schema.field(name).type) for name, lists in of_ads.items()},
    }
    return pa.RecordBatch.from_pydict(columns, schema=schema)


def _lists_where(has_one: list[bool], lists: list[list[Any]], data_type: pa.ListType) -> pa.ListArray:
    """Return a column of lists that are empty but for some rows, whose lists are given in order."""
    import pyarrow as pa

    lengths = np.zeros(len(has_one) + 1, np.int32)
    lengths[1:][has_one] = list(map(len, lists))
    values = pa.array(list(chain.from_iterable(lists)), data_type.value_type)
    return pa.ListArray.from_arrays(np.cumsum(lengths, dtype=np.int32), values, type=data_type)


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
