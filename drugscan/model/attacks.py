"""Evasive spelling, made on purpose: how much of a model's worth is left when writers disguise words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import xxhash

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARE_OF_WORDS = 0.5
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "$"}
_LOOKALIKES = {"a": "а", "c": "с", "e": "е", "i": "і", "k": "к", "o": "о", "p": "р", "x": "х", "y": "у"}
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_EMOJI = "🔥✨💯🎉⭐🙌"
_STYLES = (0x1D41A, 0x1D5EE, 0x24D0, 0xFF41)
"""Where bold, sans-serif bold, circled and full-width small letters begin in Unicode."""

Rewrite = Callable[[str, random.Random], str]


def attack(text: str, name: str) -> str:
    """Disguise about half of a text's words of four letters or more.

    Parameters
    ----------
    text : str
        The raw text.
    name : str
        One of :data:`ATTACKS`.

    Returns
    -------
    str
        The same for the same text, on every machine.

    Examples
    --------
    >>> attack("verse ketamine", "leet"), attack("coke coke", "zerowidth").isascii()
    ('v3r$3 k3t4m1n3', False)
    """
    rewrite = ATTACKS[name]
    rng = random.Random(xxhash.xxh3_64_intdigest(f"{name}:{text}".encode("utf-8", "surrogatepass")))
    return _WORD.sub(
        lambda match: rewrite(match[0], rng) if rng.random() < _SHARE_OF_WORDS else match[0], text
    )


def _replace_letters(table: dict[str, str]) -> Rewrite:
    return lambda word, _: "".join(table.get(letter.lower(), letter) for letter in word)


def _space(word: str, rng: random.Random) -> str:
    return rng.choice(" .-").join(word)


def _style(word: str, rng: random.Random) -> str:
    first = rng.choice(_STYLES)
    return "".join(chr(first + ord(letter) - 97) if "a" <= letter <= "z" else letter for letter in word)


def _hide(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice(_ZERO_WIDTH) + word[at:]


def _decorate(word: str, rng: random.Random) -> str:
    return f"{rng.choice(_EMOJI)}{word}{rng.choice(_EMOJI)}"


def _mistype(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at] * 2 if kind == "double" else "") + word[at + 1 :]


ATTACKS: dict[str, Rewrite] = {
    "leet": _replace_letters(_LEET),
    "spaced": _space,
    "styled": _style,
    "homoglyph": _replace_letters(_LOOKALIKES),
    "zerowidth": _hide,
    "emoji": _decorate,
    "typos": _mistype,
}
"""Ways to disguise a word, by name."""
