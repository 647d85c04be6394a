"""The records that travel between the parts: what one message is, and its identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xxhash

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
