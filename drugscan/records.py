"""The records that travel between the parts: what one message is, its identity, and the results folder.

The tables of the results folder are Arrow schemas. Amounts in them are whole numbers, so that sums are
the same in any order: prices in cents, quantities in thousandths of their unit (mg, microlitres,
thousandths of a piece), prices of one unit in millionths of a euro.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import xxhash

from drugscan.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
"""A row of a table of messages, by its columns' names."""

SCHEMA_VERSION = 2
"""Goes up whenever a table of the results folder changes; folders of another version are refused."""

LABELS = (
    "drugsad",
    "geendrugsad",
    "softdrugs",
    "harddrugs",
    "designer",
    "medicijnen",
    "bezorging",
    "pickup",
    "post",
    "bulk",
)
"""The ten labels of the codebook, those that the NOS published with its model, in its order."""

POSSIBLE_DATES = MappingProxyType({"earliest": "2013-08-14", "latest": "2040-01-01"})
"""From what day (UTC) a post can be, and before what day: not before Telegram began, nor years ahead.

Another date (0 is 1970 to many programs) is none where time is counted. Fixed, so that a folder says the same
on any day.
"""


@dataclass(slots=True)
class Message:
    """One post, as every reader hands it on.

    Attributes
    ----------
    source : str
        The file it came from, as named by the user ("-" for standard input).
    record : int
        Line or record number within the source, from 1.
    text : str
        What was posted; empty where the row has none.
    chat, chat_id, message_id, sender_id, sender, forwarded_from : str or None
        As the source has them, numbers written as decimal text; None where unknown.
    date : datetime or None
        When it was posted, in UTC (always time-zone aware).
    row : dict
        The row's own fields, untouched, for passing through.
    """

    source: str
    record: int
    text: str = ""
    chat: str | None = None
    chat_id: str | None = None
    message_id: str | None = None
    sender_id: str | None = None
    sender: str | None = None
    date: datetime | None = None
    forwarded_from: str | None = None
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str | None:
        """Who posted it, as accounts are told apart: the sender's id, else the sender's name.

        A name that is :data:`DELETED_ACCOUNT` is nobody's.
        """
        names = (same_name(name) for name in (self.sender_id, self.sender) if name)
        return next((name for name in names if name != DELETED_ACCOUNT), None)


_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def same_name(name: str) -> str:
    """Return a name as names are compared: capitals (A to Z) and a leading @ make no difference.

    Parameters
    ----------
    name : str
        The name of an account, or its handle; another contact.

    Returns
    -------
    str

    Examples
    --------
    >>> same_name("@Voorbeeld_X"), same_name("ÉÉN")
    ('voorbeeld_x', 'ÉÉn')
    """
    return name.lstrip("@").translate(_SMALL)


DELETED_ACCOUNT = "deleted account"
"""What Telegram calls everybody who has no account any more, as :func:`same_name` has it: many people."""


def text_id(text: str) -> str:
    """Return the identity of a text: 32 hexadecimal digits of its 128-bit XXH3 hash.

    Parameters
    ----------
    text : str
        The raw text. Lone surrogates are hashed as they are.

    Returns
    -------
    str
        The same for the same text, on every machine and in every process.

    Examples
    --------
    >>> text_id("Coke 1g €50")
    'e2be0f373b2571947066c61bc5f49e7c'
    """
    return xxhash.xxh3_128_hexdigest(text.encode("utf-8", "surrogatepass"))


KEY_BYTES = 16
"""Size of a key: what :func:`text_id` writes in hexadecimal digits, as bytes."""


def text_keys(texts: Iterable[str]) -> bytes:
    """Return the keys of texts, one after the other.

    Examples
    --------
    >>> text_keys(["Coke 1g €50", ""]).hex(" ", KEY_BYTES)
    'e2be0f373b2571947066c61bc5f49e7c 99aa06d3014798d86001c324468d497f'
    """
    digest = xxhash.xxh3_128_digest
    return b"".join([digest(text.encode("utf-8", "surrogatepass")) for text in texts])


COPY_HINT = "copy the whole folder, or scan again"
"""What to do about a results folder that is not whole."""


def part_name(number: int) -> str:
    """Return what the file of a part of a results folder is called, in ``messages/`` and ``texts/``."""
    return f"part-{number:05}.parquet"


def check_parts(folder: Path, n_parts: int) -> None:
    """Raise InputError if a results folder lacks one of so many parts: what is counted would be wrong."""
    for number in range(n_parts):
        for kind in ("messages", "texts"):
            path = folder / kind / part_name(number)
            if not path.is_file():
                raise InputError("is missing", where=str(path), hint=COPY_HINT)


@cache
def messages_schema() -> pa.Schema:
    """Return the columns of ``messages/part-*.parquet``: one row a message.

    ``account`` is who posted: the sender's id, else the sender's name, as :func:`same_name` has it; null for
    an anonymous post, as in channels, and of a deleted account. A message without text has the ``text_id`` of
    the empty text.
    """
    import pyarrow as pa

    return pa.schema(
        [
            ("source", pa.string()),
            ("record", pa.int64()),
            ("chat", pa.string()),
            ("chat_id", pa.string()),
            ("message_id", pa.string()),
            ("account", pa.string()),
            ("sender", pa.string()),
            ("forwarded_from", pa.string()),
            ("date", pa.timestamp("s", tz="UTC")),
            ("text_id", pa.string()),
        ]
    )


@cache
def texts_schema() -> pa.Schema:
    """Return the columns of ``texts/part-*.parquet``: one row a distinct text.

    The fields after ``models_agree`` are empty for texts that are no ads. ``start`` and ``end`` count code
    points of ``text``. A span's ``field`` is ``substances``, ``places``, ``offers`` or ``contacts``; its
    ``value`` is the entry of that list, of an offer its position in ``offers``, from 0; its ``reason`` the
    lexicon's entry or the rule.
    """
    import pyarrow as pa

    offer = pa.struct(
        [
            ("substance", pa.string()),
            ("unit", pa.string()),
            ("quantity_thousandths", pa.int64()),
            ("quantity_max_thousandths", pa.int64()),
            ("price_cents", pa.int64()),
            ("unit_price_micro_eur", pa.int64()),
        ]
    )
    span = pa.struct(
        [
            ("field", pa.string()),
            ("value", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("reason", pa.string()),
        ]
    )
    scores = pa.struct([(label, pa.float32()) for label in LABELS])
    return pa.schema(
        [
            ("text_id", pa.string()),
            ("text", pa.string()),
            ("labels", pa.list_(pa.string())),
            ("scores", scores),
            ("models_agree", pa.bool_()),
            ("substances", pa.list_(pa.string())),
            ("places", pa.list_(pa.string())),
            ("offers", pa.list_(offer)),
            ("contacts", pa.list_(pa.struct([("kind", pa.string()), ("value", pa.string())]))),
            ("spans", pa.list_(span)),
        ]
    )


@cache
def ads_schema() -> pa.Schema:
    """Return the columns of ``ads.parquet``: one row a text that is an ad, and the cluster it is in."""
    import pyarrow as pa

    return pa.schema([("text_id", pa.string()), ("ad_id", pa.string())])
