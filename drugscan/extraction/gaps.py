"""How loosely two tokens hang together, by what stands between them."""

from __future__ import annotations

import re
from functools import lru_cache

from drugscan.extraction.vocabulary import amount_rules
from drugscan.text import EMOJI_NAME

_CHOICE = "|".join(amount_rules()["choices"])
_GAPS = [
    (re.compile(rule["pattern"].replace("CHOICE", _CHOICE)), int(rule["cost"]))
    for rule in amount_rules()["gaps"]
]
_MOST: int = amount_rules()["costs"]["most"]
_LONGEST_GAP = 60
EMOJI = re.compile(f":{EMOJI_NAME}:")
_WITHOUT_WORDS = re.compile(rf"(?:[^\w:]|:(?:{EMOJI_NAME}:)?){{0,1000}}")
FOR = re.compile(" (?:voor|vr|for|fur|pour|v) ")
"""The word between an amount and its price."""
_BLANKS = re.compile(r"[\s\0]+")


def gap_cost(text: str, start: int, end: int) -> int:
    """Return how loosely the tokens on both sides of some words hang together.

    Parameters
    ----------
    text : str
        The folded text.
    start, end : int
        Where the words between the tokens stand in it.

    Returns
    -------
    int
        By the rules of ``amounts.toml``.

    Examples
    --------
    >>> [gap_cost(gap, 0, len(gap)) for gap in (" = ", " ", ", ", ". Keta ")]
    [0, 1, 5, 7]
    """
    if end - start > _LONGEST_GAP and _WITHOUT_WORDS.fullmatch(text, start, end) is None:
        return _MOST + 1
    return _cost(text[start:end])


@lru_cache(maxsize=20_000)
def _cost(gap: str) -> int:
    plain = _BLANKS.sub(" ", EMOJI.sub(" ", gap))
    for pattern, cost in _GAPS:
        if pattern.fullmatch(plain):
            return cost
    return 3 + len(plain) // 6
