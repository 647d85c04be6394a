"""Columns of the results folder, to and from what the stages work with."""

from __future__ import annotations

import re
from binascii import hexlify, unhexlify
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from drugscan.records import DELETED_ACCOUNT, KEY_BYTES

if TYPE_CHECKING:
    import pyarrow as pa

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    r"""Return a text as Arrow can hold it: half an emoji becomes a replacement character.

    Examples
    --------
    >>> storable("coke \ud83d 50") == "coke \ufffd 50"
    True
    """
    try:
        text.encode()  # much quicker than a search
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text)
    return text


def string_array(texts: Sequence[str | None]) -> pa.StringArray:
    """Return texts as a column, each :func:`storable`."""
    import pyarrow as pa

    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return pa.array([text and storable(text) for text in texts], pa.string())


def same_names(names: pa.StringArray) -> pa.StringArray:
    """Return what :func:`drugscan.records.same_name` says of each name.

    Examples
    --------
    >>> same_names(string_array(["@Voorbeeld_X", "ÉÉN", None])).to_pylist()
    ['voorbeeld_x', 'ÉÉn', None]
    """
    import pyarrow.compute as pc

    return pc.ascii_lower(pc.utf8_ltrim(names, "@"))


def accounts(sender_ids: pa.StringArray, senders: pa.StringArray) -> pa.StringArray:
    """Return who posted each message, as :attr:`drugscan.records.Message.account` says it.

    Examples
    --------
    >>> ids, names = string_array([None, "7", None]), string_array(["@Jan", "Jan", "Deleted Account"])
    >>> accounts(ids, names).to_pylist()
    ['jan', '7', None]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    nobody = pa.scalar(None, pa.string())
    known = (same_names(names) for names in (sender_ids, senders))
    return pc.coalesce(*(pc.if_else(pc.equal(names, DELETED_ACCOUNT), nobody, names) for names in known))


def text_ids(keys: bytes) -> pa.StringArray:
    """Return 128-bit keys, one after the other, as the 32 hexadecimal digits by which texts are known.

    Examples
    --------
    >>> text_ids(b"a" * 16 + b"b" * 16).to_pylist()
    ['61616161616161616161616161616161', '62626262626262626262626262626262']
    """
    import pyarrow as pa

    n_keys = len(keys) // KEY_BYTES
    ends = np.arange(n_keys + 1, dtype=np.int32) * 2 * KEY_BYTES
    return pa.StringArray.from_buffers(n_keys, pa.py_buffer(ends), pa.py_buffer(hexlify(keys)))


def keys_of(text_id_column: pa.ChunkedArray) -> bytes:
    """Return the keys of a column of text ids: the way back from :func:`text_ids`."""
    import pyarrow as pa

    digits = text_id_column.cast(pa.binary(2 * KEY_BYTES)).combine_chunks()
    start, end = (2 * KEY_BYTES * row for row in (digits.offset, digits.offset + len(digits)))
    return unhexlify(digits.buffers()[1][start:end]) if len(digits) else b""


def is_ad(texts: pa.Table) -> pa.ChunkedArray:
    """Tell which texts are ads: labels begin with ``drugsad`` or ``geendrugsad``."""
    import pyarrow.compute as pc

    return pc.equal(pc.list_element(texts["labels"], 0), "drugsad")
