"""The shape of a text: what a price list looks like, whatever it sells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from drugscan.text import CONTACT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
_PRICE = re.compile(r"€ ?\d|\d ?(?:€|eur|,-|p\.?s\b|pst\b)|= ?\d|per stuk\b")
_LISTED_LINE = re.compile(r"(?m)^ ?[-*•]")
_DIGIT = re.compile(r"\d")
# What a text without a digit has none of.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_QUANTITY = re.compile(r"\d ?(?:g|gr|gram|kg|kilo|ml|l|liter|stuks?|st|x|pil|pillen|strips?|mg)\b")
_LINE_WITH_NUMBER = re.compile(r"(?m)^[^\n\d]*\d")

_CHARACTERS = ("?", "!", ",", ".", "/", "\n", "\n\n")

SHAPE_FEATURES = (
    "characters",
    "words",
    "numbers",
    "prices",
    "quantities",
    "lines_with_number",
    "listed_lines",
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

_CONTACTS = tuple(f"contact_{kind}" for kind in CONTACT_KINDS)
_NO_CONTACTS = (0,) * len(_CONTACTS)
_EMOJI = re.compile(r" ?:[a-z_]+:")
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
    emoji = _EMOJI.findall(text) if ":" in text else []
    if emoji:
        text = _EMOJI.sub("", text).lstrip(" ")  # decoration makes a text no longer
    n_words, n_prices = len(_WORD.findall(text)), len(_PRICE.findall(text))
    n_numbers = n_quantities = n_lines_with_number = 0
    if _DIGIT.search(text):
        n_numbers, n_quantities = len(_NUMBER.findall(text)), len(_QUANTITY.findall(text))
        n_lines_with_number = len(_LINE_WITH_NUMBER.findall(text))
    lines = text.split("\n")
    return [
        len(text),
        n_words,
        n_numbers,
        n_prices,
        n_quantities,
        n_lines_with_number,
        len(_LISTED_LINE.findall(text)),
        min(len(emoji), _MOST_EMOJI),
        min(len(set(emoji)), _MOST_EMOJI),
        *map(text.count, _CHARACTERS),
        *(map(text.count, _CONTACTS) if "contact_" in text else _NO_CONTACTS),
        n_numbers / (1 + n_words),
        len(text) / (1 + n_words),
        max(map(len, lines)),
        n_prices / len(lines),
        n_quantities / len(lines),
    ]
