"""The numbers that are told at the end of a scan, and stand in its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from drugscan.records import KEY_BYTES
from drugscan.scanning.columns import is_ad, keys_of
from drugscan.scanning.keyset import KeySet

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa
    from numpy.typing import NDArray

    from drugscan.scanning.folder import ResultsFolder

_OF_FILES = ("read", "kept", "rejected", "service", "without_text")
_OF_PARTS = ("texts", "ad_texts")
_AD, _BULK, _DISPUTED = 1, 2, 4


def summarise(folder: ResultsFolder, *, max_bytes: int) -> dict[str, Any]:
    """Count what is in all parts.

    Parameters
    ----------
    folder : ResultsFolder
        A results folder, its parts and ads finished.
    max_bytes : int
        How much memory each set of names may take.

    Returns
    -------
    dict
        ``read`` rows, of them ``kept``, ``rejected`` and ``service``; messages ``without_text``;
        distinct ``texts`` (the empty one apart), ``ad_texts`` and ``ads``; messages that are ads
        (``ad_messages``), in bulk (``bulk_messages``), and of whose text both models say the same
        (``models_agree``);
        ``accounts``, ``ad_accounts`` and ``chats``; ``first_date`` and ``last_date`` (ISO 8601, UTC;
        None if no date is known).
    """
    import pyarrow.compute as pc

    state = folder.state
    counts: dict[str, Any] = {name: sum(getattr(file, name) for file in state.files) for name in _OF_FILES}
    counts |= {name: sum(part[name] for part in state.parts) for name in _OF_PARTS}
    counts["texts"] -= counts["without_text"] > 0  # the empty text
    counts["ads"] = len(folder.ads()["ad_id"].unique())
    counts |= dict.fromkeys(("ad_messages", "bulk_messages", "models_agree"), 0)
    keys, marks_of_keys = _marked_texts(folder)
    names = {name: KeySet(max_bytes=max_bytes) for name in ("accounts", "ad_accounts", "chats")}
    dates: list[datetime] = []
    for messages in folder.messages(["text_id", "account", "chat", "chat_id", "date"]):
        marks = _look_up(_as_keys(messages["text_id"]), keys, marks_of_keys)
        of_ads = marks & _AD > 0
        counts["ad_messages"] += int(of_ads.sum())
        counts["bulk_messages"] += int((marks & _BULK > 0).sum())
        counts["models_agree"] += int((marks & _DISPUTED == 0).sum())
        names["accounts"].add(_hashes(messages["account"]))
        names["ad_accounts"].add(_hashes(messages["account"].filter(of_ads)))
        names["chats"].add(_hashes(pc.coalesce(messages["chat_id"], messages["chat"])))
        span = pc.min_max(messages["date"]).as_py()
        dates += [date for date in span.values() if date is not None]
        dates = [min(dates), max(dates)] if dates else []
    counts |= {name: len(seen) for name, seen in names.items()}
    first, last = dates or (None, None)
    return counts | {
        "first_date": first.isoformat() if first else None,
        "last_date": last.isoformat() if last else None,
    }


def _marked_texts(folder: ResultsFolder) -> tuple[NDArray[np.bytes_], NDArray[np.uint8]]:
    """Return the keys of texts that have a mark, sorted, and their marks."""
    import pyarrow.compute as pc

    parts = [(np.empty(0, f"S{KEY_BYTES}"), np.empty(0, np.uint8))]
    for texts in folder.texts(["text_id", "labels", "models_agree"]):
        marks = np.where(texts["models_agree"].to_numpy(), 0, _DISPUTED).astype(np.uint8)
        marks[is_ad(texts).to_numpy()] |= _AD
        labels = texts["labels"].combine_chunks()
        in_bulk = labels.value_parent_indices().filter(pc.equal(labels.values, "bulk"))
        marks[in_bulk.to_numpy()] |= _BULK
        has_mark = marks > 0
        parts.append((_as_keys(texts["text_id"].filter(has_mark)), marks[has_mark]))
    keys, marks = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(keys)
    return keys[order], marks[order]


def _look_up(
    wanted: NDArray[np.bytes_], keys: NDArray[np.bytes_], marks: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return the marks of keys; 0 for one that has none."""
    if not len(keys):
        return np.zeros(len(wanted), np.uint8)
    positions = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[positions] == wanted, marks[positions], 0).astype(np.uint8)


def _as_keys(text_id_column: pa.ChunkedArray) -> NDArray[np.bytes_]:
    return np.frombuffer(keys_of(text_id_column), f"S{KEY_BYTES}")


def _hashes(names: pa.ChunkedArray) -> bytes:
    """Return a 128-bit hash of each name there is, one after the other."""
    digest = xxhash.xxh3_128_digest
    return b"".join(digest(name.encode()) for name in names.unique().to_pylist() if name is not None)
