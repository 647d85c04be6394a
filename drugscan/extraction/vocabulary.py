"""The words for amounts and prices, and the expressions that find them, made from the tables."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from drugscan.lexicon.loader import Lexicon, Unit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Vocabulary(NamedTuple):
    """What words mean, and the expressions that find them.

    Attributes
    ----------
    units, numbers, kinds : mapping
        Units, numbers and kinds of tokens by the words for them.
    beginning : re.Pattern
        Where a token may begin; most words of a text begin none.
    patterns : mapping of str to list of (str, re.Pattern)
        By a token's first character: the expressions to try there, in order. Letters of other alphabets
        are as good as z.
    """

    units: Mapping[str, Unit]
    numbers: Mapping[str, Decimal]
    kinds: Mapping[str, str]
    beginning: re.Pattern[str]
    patterns: Mapping[str, list[tuple[str, re.Pattern[str]]]]


@lru_cache(maxsize=1)
def amount_rules() -> dict[str, Any]:
    """Return what ``amounts.toml`` says."""
    rules: dict[str, Any] = tomllib.loads(
        files("drugscan.extraction").joinpath("amounts.toml").read_text("utf-8")
    )
    return rules


@lru_cache(maxsize=4)
def vocabulary_of(lexicon: Lexicon) -> Vocabulary:
    """Return the words for amounts of a lexicon.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> vocabulary = vocabulary_of(load_lexicon())
    >>> vocabulary.units["ons"].factor, vocabulary.numbers["halve"], vocabulary.kinds["vanaf"]
    (Decimal('100'), Decimal('0.5'), 'from')
    """
    rules = amount_rules()
    units = {unit.form: unit for unit in lexicon.units}
    numbers = {word.form: word.value for word in lexicon.number_words}
    kinds = {form: kind for kind, forms in rules["words"].items() for form in forms}
    names = {
        "NUMBER_BEGINS": rules["number_begins"].replace("NUMBER", rules["number"]),
        "NUMBER": rules["number"],
        "UNIT": _any_of(units),
        "MONEY": _any_of([unit.form for unit in lexicon.units if unit.kind == "money"]),
        "NUMERAL": _any_of(numbers),
        "WORD": _any_of(kinds),
    }
    patterns: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for rule in rules["tokens"]:
        written = re.sub("|".join(names), lambda match: names[match[0]], rule["pattern"])
        firsts = _RANGE.sub(_spell_range, rule["first"])
        for first in {form[0] for form in numbers} if firsts == "NUMERAL" else firsts:
            patterns.setdefault(first, []).append((rule["kind"], re.compile(written)))
    first_words = {word.split(" ")[0] for word in (*units, *numbers, *kinds, *rules["first_words"])}
    beginning = re.compile(rules["beginning"].replace("FIRST_WORD", _any_of(first_words)))
    return Vocabulary(units, numbers, kinds, beginning, patterns)


def _any_of(forms: Collection[str]) -> str:
    """Return an expression for any of some words, the longest that fits; shared beginnings stand once."""
    if len(forms) == 1:
        return "".join(map(re.escape, forms))
    endings: dict[str, list[str]] = {}
    for form in sorted(filter(None, forms)):
        endings.setdefault(form[0], []).append(form[1:])
    branches = "|".join(re.escape(first) + _any_of(rest) for first, rest in endings.items())
    return f"(?:{branches})" + ("?" if "" in forms else "")


_RANGE = re.compile("(.)-(.)")


def _spell_range(match: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(match[1]), ord(match[2]) + 1)))
