"""The numbers that are told at the end of a scan, and stand in its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from drugscan.scanning.columns import is_ad, keys_of
from drugscan.scanning.keyset import KeyMarks, KeySet

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
    marks_of_texts = _marked_texts(folder)
    names = {name: KeySet(max_bytes=max_bytes) for name in ("accounts", "ad_accounts", "chats")}
    dates: list[datetime] = []
    for messages in folder.messages(["text_id", "account", "chat", "chat_id", "date"]):
        marks = marks_of_texts.of(keys_of(messages["text_id"]))
        of_ads = marks & _AD > 0
        counts["ad_messages"] += int(of_ads.sum())
        counts["bulk_messages"] += int((marks & _BULK > 0).sum())
        counts["models_agree"] += int((marks & _DISPUTED == 0).sum())
        accounts, ad_accounts = _hashes(messages["account"], of_ads)
        names["accounts"].add(accounts)
        names["ad_accounts"].add(ad_accounts)
        names["chats"].add(_hashes(pc.coalesce(messages["chat_id"], messages["chat"]), of_ads)[0])
        span = pc.min_max(messages["date"]).as_py()
        dates += [date for date in span.values() if date is not None]
        dates = [min(dates), max(dates)] if dates else []
    counts |= {name: len(seen) for name, seen in names.items()}
    first, last = dates or (None, None)
    return counts | {
        "first_date": first.isoformat() if first else None,
        "last_date": last.isoformat() if last else None,
    }


def _marked_texts(folder: ResultsFolder) -> KeyMarks:
    """Return the marks of texts that have one."""
    import pyarrow.compute as pc

    all_keys, all_marks = [], [np.empty(0, np.uint8)]
    for texts in folder.texts(["text_id", "labels", "models_agree"]):
        marks = np.where(texts["models_agree"].to_numpy(), 0, _DISPUTED).astype(np.uint8)
        marks[is_ad(texts).to_numpy()] |= _AD
        labels = texts["labels"].combine_chunks()
        in_bulk = labels.value_parent_indices().filter(pc.equal(labels.values, "bulk"))
        marks[in_bulk.to_numpy()] |= _BULK
        has_mark = marks > 0
        all_keys.append(keys_of(texts["text_id"].filter(has_mark)))
        all_marks.append(marks[has_mark])
    return KeyMarks(b"".join(all_keys), np.concatenate(all_marks))


def _hashes(names: pa.ChunkedArray, of_ads: NDArray[np.bool_]) -> tuple[bytes, bytes]:
    """Return a 128-bit hash of each name there is, one after the other; and of each that ads have."""
    encoded = names.combine_chunks().dictionary_encode()
    digest = xxhash.xxh3_128_digest
    keys = [digest(name.encode()) for name in encoded.dictionary.to_pylist()]
    in_ads = encoded.indices.filter(of_ads).drop_null().unique().to_pylist()
    return b"".join(keys), b"".join([keys[index] for index in in_ads])
