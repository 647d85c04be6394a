"""What is in files of messages: the first thing to look at, before anything is classified."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from drugscan.read import Fields, Rejects, expand_paths, open_messages
from drugscan.records import Message, text_id

_N_SAMPLES = 3


def inspect(
    paths: Iterable[str | os.PathLike[str]],
    *,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    rejects: Rejects | None = None,
) -> list[dict[str, Any]]:
    r"""Read files of messages and say what is in each.

    Parameters
    ----------
    paths : iterable of path
        Files, folders, patterns, or ``-`` for standard input.
    input_format, fields : optional
        As for :func:`drugscan.read.open_messages`.
    rejects : Rejects, optional
        Takes the rows that cannot be read.

    Returns
    -------
    list of dict
        A file each: ``path``, ``shape``, ``rows``, ``messages``, ``without_text``, ``service``,
        ``first_date`` and ``last_date`` (ISO 8601, UTC; None if no date is known), ``chats`` (names or
        ids, sorted), ``accounts`` (number of senders), ``rejected``, ``reasons``, and ``samples``:
        three texts, drawn by their hashes.

    Raises
    ------
    InputError
        If a file cannot be read or understood.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = file.write_text('{"text": "hoi", "chat": "groep"}\n{"text": ""}\n')
    >>> (seen,) = inspect([file])
    >>> seen["shape"], seen["messages"], seen["without_text"], seen["chats"], seen["samples"]
    ('JSON Lines', 2, 1, ['groep'], ['hoi'])
    """
    with rejects or Rejects() as noted:
        return [
            _inspect_file(path, input_format=input_format, fields=fields, rejects=noted)
            for path in expand_paths(paths)
        ]


def _inspect_file(path: str, *, input_format: str | None, fields: Fields, rejects: Rejects) -> dict[str, Any]:
    reasons_before = rejects.reasons.copy()
    source = open_messages(path, rejects=rejects, input_format=input_format, fields=fields)
    first: datetime | None = None
    last: datetime | None = None
    chats: set[str] = set()
    accounts: set[str] = set()
    sample: list[tuple[str, str]] = []
    for batch in source.batches():
        dates = [message.date for message in batch if message.date is not None]
        first = min([*dates, first] if first else dates, default=None)
        last = max([*dates, last] if last else dates, default=None)
        chats.update(name for message in batch if (name := message.chat or message.chat_id))
        accounts.update(name for message in batch if (name := message.account))
        sample = _smallest(sample, batch)
    return {
        "path": path,
        "shape": str(source.shape),
        "rows": source.counts.read,
        "messages": source.counts.kept,
        "without_text": source.counts.textless,
        "service": source.counts.service,
        "first_date": first.isoformat() if first else None,
        "last_date": last.isoformat() if last else None,
        "chats": sorted(chats),
        "accounts": len(accounts),
        "rejected": source.counts.rejected,
        "reasons": dict(sorted((rejects.reasons - reasons_before).items())),
        "samples": [text for _, text in sample],
    }


def _smallest(sample: list[tuple[str, str]], batch: list[Message]) -> list[tuple[str, str]]:
    """Return the texts with the smallest hashes so far: a random draw that any order repeats."""
    drawn = {(text_id(message.text), message.text) for message in batch if message.text.strip()}
    return heapq.nsmallest(_N_SAMPLES, drawn.union(sample))
