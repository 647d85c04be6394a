"""What is in files of messages: the first thing to look at, before anything is classified."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from typing import Any

from drugscan.paths import Paths
from drugscan.read import Fields, Rejects, expand_paths, open_messages
from drugscan.read.columns import taken_columns
from drugscan.read.shapes import TABLE_FORMATS
from drugscan.records import POSSIBLE_DATES, Message, text_id

_N_SAMPLES = 3
_MOST_HEADERS = 100
_EARLIEST, _LATEST = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in POSSIBLE_DATES.values())


def inspect(
    paths: Paths,
    *,
    input_format: str | None = None,
    fields: Fields = Fields(),  # noqa: B008  frozen
    rejects: Rejects | None = None,
    announce: Callable[[str], None] = lambda line: None,
) -> list[dict[str, Any]]:
    r"""Read files of messages and say what is in each.

    Parameters
    ----------
    paths : path or several paths
        Files, folders, patterns, or ``-`` for standard input.
    input_format, fields : optional
        As for :func:`drugscan.read.open_messages`.
    rejects : Rejects, optional
        Takes the rows that cannot be read.
    announce : callable, optional
        Is told in a line what is left out of a folder.

    Returns
    -------
    list of dict
        A file each: ``path``, ``shape``, ``columns`` (of a table in which ``text``, ``date``, ``sender``
        and ``chat`` were looked for; None of an export, whose fields are known), ``rows``, ``messages``,
        ``without_text``, ``service``, ``first_date`` and ``last_date`` (ISO 8601, UTC; None if no date is
        known), ``without_date`` (messages that have none or one that cannot be read) and ``wrong_dates``
        (those that no post can have), ``chats`` (as ids tell them apart: the name of each, the first of
        several, or else the id; sorted), ``accounts`` (number of senders), ``rejected``, ``reasons``, and
        ``samples``: three texts, drawn by their hashes.

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
    >>> seen["columns"], seen["without_date"]
    ({'text': ['text'], 'date': [], 'sender': [], 'chat': ['chat']}, 2)
    """
    with rejects or Rejects() as noted:
        return [
            _inspect_file(path, input_format=input_format, fields=fields, rejects=noted)
            for path in expand_paths(paths, input_format=input_format, fields=fields, announce=announce)
        ]


def _inspect_file(path: str, *, input_format: str | None, fields: Fields, rejects: Rejects) -> dict[str, Any]:
    reasons_before = rejects.reasons.copy()
    source = open_messages(path, rejects=rejects, input_format=input_format, fields=fields)
    first: datetime | None = None
    last: datetime | None = None
    without_date = wrong_dates = 0
    columns = _Columns(fields) if source.shape.input_format in TABLE_FORMATS else None
    chats: dict[str, set[str]] = {}
    accounts: set[str] = set()
    sample: list[tuple[str, str]] = []
    for batch in source.batches():
        known = [message.date for message in batch if message.date is not None]
        dates = [date for date in known if _EARLIEST <= date < _LATEST]
        without_date += len(batch) - len(known)
        wrong_dates += len(known) - len(dates)
        if columns is not None:
            columns.add(batch)
        first = min([*dates, first] if first else dates, default=None)
        last = max([*dates, last] if last else dates, default=None)
        for message in batch:
            key = message.chat_id or message.chat
            if key:
                names = chats.setdefault(key, set())
                if message.chat:
                    names.add(message.chat)
        accounts.update(name for message in batch if (name := message.account))
        sample = _smallest(sample, batch)
    return {
        "path": path,
        "shape": str(source.shape),
        "columns": columns and columns.taken,
        "rows": source.counts.read,
        "messages": source.counts.kept,
        "without_text": source.counts.textless,
        "service": source.counts.service,
        "first_date": first.isoformat() if first else None,
        "last_date": last.isoformat() if last else None,
        "without_date": without_date,
        "wrong_dates": wrong_dates,
        "chats": sorted(min(names, default=key) for key, names in chats.items()),
        "accounts": len(accounts),
        "rejected": source.counts.rejected,
        "reasons": dict(sorted((rejects.reasons - reasons_before).items())),
        "samples": [text for _, text in sample],
    }


class _Columns:
    """Gathers which columns of rows hold what; rows may differ in what they have."""

    def __init__(self, fields: Fields) -> None:
        self.taken: dict[str, list[str]] = {}
        self._fields = fields
        self._headers: set[tuple[str, ...]] = set()

    def add(self, batch: list[Message]) -> None:
        """Look at the columns of more rows, of hostile ones only at some."""
        new = {tuple(message.row): None for message in batch}
        for header in new:
            if header in self._headers or len(self._headers) == _MOST_HEADERS:
                continue
            self._headers.add(header)
            for field, names in taken_columns(header, self._fields).items():
                known = self.taken.setdefault(field, [])
                known += [name for name in names if name not in known]


def _smallest(sample: list[tuple[str, str]], batch: list[Message]) -> list[tuple[str, str]]:
    """Return the texts with the smallest hashes so far: a random draw that any order repeats."""
    drawn = {(text_id(message.text), message.text) for message in batch if message.text.strip()}
    return heapq.nsmallest(_N_SAMPLES, drawn.union(sample))
