"""The shape of a text: what a price list looks like, whatever it sells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from drugscan.text import CONTACT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PATTERNS = {
    "words": re.compile(r"\w+"),
    "numbers": re.compile(r"\d+(?:[.,]\d+)?"),
    "prices": re.compile(
        r"€ ?\d|\d ?(?:€|eur|,-|p\.?s\b|pst\b)|= ?\d|per stuk\b",
    ),
    "quantities": re.compile(
        r"\d ?(?:g|gr|gram|kg|kilo|ml|l|liter|stuks?|st|x|pil|pillen|strips?|mg)\b",
    ),
    "lines_with_number": re.compile(r"(?m)^[^\n\d]*\d"),
    "listed_lines": re.compile(r"(?m)^ ?[-*•]"),
}
_CHARACTERS = ("?", "!", ",", ".", "/", "\n", "\n\n")

SHAPE_FEATURES = (
    "characters",
    *_PATTERNS,
    "emoji",
    "distinct_emoji",
    *(f"count of {character!r}" for character in _CHARACTERS),
    *(f"contacts: {kind}" for kind in CONTACT_KINDS),
    "numbers_per_word",
    "characters_per_word",
    "longest_line",
    "prices_per_line",
    "quantities_per_line",
)
"""Names of the columns of :func:`shape`."""

_EMOJI = re.compile(r" ?:[a-z_]+:")
_find_emoji = _EMOJI.findall
_MOST_EMOJI = 6
"""More of them say nothing more."""


def shape(texts: Sequence[str]) -> NDArray[np.float64]:
    r"""Count what shows without reading: lines, numbers, prices, emoji, contacts.

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
    >>> row["prices"], row["quantities"], row["lines_with_number"]
    (np.float64(2.0), np.float64(2.0), np.float64(2.0))
    """
    return np.array([_shape(text) for text in texts], dtype=np.float64).reshape(-1, len(SHAPE_FEATURES))


def _shape(text: str) -> list[float]:
    emoji = _find_emoji(text)
    text = _EMOJI.sub("", text)  # decoration makes a text no longer
    counts = {name: len(pattern.findall(text)) for name, pattern in _PATTERNS.items()}
    lines = text.split("\n")
    n_words = counts["words"]
    return [
        len(text),
        *counts.values(),
        min(len(emoji), _MOST_EMOJI),
        min(len(set(emoji)), _MOST_EMOJI),
        *(text.count(character) for character in _CHARACTERS),
        *(text.count(f"contact_{kind}") for kind in CONTACT_KINDS),
        counts["numbers"] / (1 + n_words),
        len(text) / (1 + n_words),
        max(map(len, lines)),
        counts["prices"] / len(lines),
        counts["quantities"] / len(lines),
    ]
