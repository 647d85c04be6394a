"""Which words are ordinary: terms of the trade, and common words. A name that is one cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from drugscan.lexicon import load_lexicon

_SHORT = 2


def is_ordinary(word: str) -> bool:
    """Return whether a word, in lower case, is common in Dutch or English texts or a term of the trade.

    Examples
    --------
    >>> is_ordinary("bezorging"), is_ordinary("niet"), is_ordinary("voorbeeldsen")
    (True, True, False)
    """
    return word in _common_words() or word in _terms()


def is_of_trade(words: Sequence[str]) -> bool:
    """Return whether all words in a row are terms of the trade, numbers, or letters as few as "en".

    Examples
    --------
    >>> is_of_trade(["wiet", "in", "den", "haag"]), is_of_trade(["wiet", "van", "voorbeeldsen"])
    (True, False)
    """
    done = {0}  # up to where it is so
    for start, word in enumerate(words):
        if start in done:
            ends = range(start + 1, len(words) + 1)
            done |= {end for end in ends if " ".join(words[start:end]) in _terms()}
            if (len(word) <= _SHORT and word.isascii()) or word.isdigit():
                done.add(start + 1)
    return len(words) in done


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    """Return the substances, places, cues, units and numbers of the lexicons."""
    lexicon = load_lexicon()
    entries = (*lexicon.substances, *lexicon.places, *lexicon.cues)
    keys = [entry.key.strip("*") for entry in entries]
    units, numbers = [unit.form for unit in lexicon.units], [word.form for word in lexicon.number_words]
    return frozenset([*keys, *units, *numbers])


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    _, *words = files("drugscan.lexicon").joinpath("common_words.csv").read_text("utf-8").split()
    return load_lexicon().ordinary_words.union(words)
