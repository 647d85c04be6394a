"""The shape of a text: what a price list looks like, whatever it sells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_EMOJI = re.compile(r" ?:[a-z_]+:")
_MARKS = ("?", ",", ".", "\n")
_MOST_EMOJI = 6
"""More of them say nothing more."""

SHAPE_FEATURES = (
    "characters",
    "words",
    "numbers",
    "emoji",
    *(f"count of {mark!r}" for mark in _MARKS),
    "numbers_per_word",
    "characters_per_word",
    "longest_line",
)
"""Names of the columns of :func:`shape`.

Prices, quantities, contacts and the like are not among them: beside what the lexicons count they made no
difference to texts of writers left out.
"""


def shape(texts: Sequence[str]) -> NDArray[np.float64]:
    r"""Count what shows without reading: words, numbers, lines, emoji.

    Parameters
    ----------
    texts : sequence of str
        Folded texts.

    Returns
    -------
    ndarray of shape (n_texts, len(SHAPE_FEATURES))
        Counts, lengths in characters, and ratios.

    Examples
    --------
    >>> row = dict(zip(SHAPE_FEATURES, shape([":snowflake: 1g €50\n5g €230"])[0]))
    >>> row["words"], row["numbers"], row["longest_line"]
    (np.float64(4.0), np.float64(4.0), np.float64(7.0))
    """
    return np.array([_shape(text) for text in texts], dtype=np.float64).reshape(-1, len(SHAPE_FEATURES))


def _shape(text: str) -> list[float]:
    n_emoji = 0
    if ":" in text:
        text, n_emoji = _EMOJI.subn("", text)  # decoration makes a text no longer
        if n_emoji:
            text = text.lstrip(" ")
    n_words = len(_WORD.findall(text))
    n_numbers = len(_NUMBER.findall(text))
    return [
        len(text),
        n_words,
        n_numbers,
        min(n_emoji, _MOST_EMOJI),
        *map(text.count, _MARKS),
        n_numbers / (1 + n_words),
        len(text) / (1 + n_words),
        max(map(len, text.split("\n"))) if "\n" in text else len(text),
    ]
