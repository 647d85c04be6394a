"""The words for amounts and prices, and the expressions that find them, made from the tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from drugscan.lexicon.loader import Lexicon, Unit, load_lexicon
from drugscan.toml_files import read_toml


class Rule(NamedTuple):
    """How one kind of token is written.

    Attributes
    ----------
    kind : str
        Which of :data:`drugscan.extraction.tokens.READERS` reads it.
    pattern : re.Pattern
        Its groups are what the reader asks for.
    """

    kind: str
    pattern: re.Pattern[str]


class Vocabulary(NamedTuple):
    """What words mean, and the expressions that find them.

    Attributes
    ----------
    units, numbers, kinds : mapping
        Units, numbers and kinds of tokens by the words for them.
    rules : list of Rule
        In the order in which they are tried.
    scanner : re.Pattern
        Finds the next token by any of the rules; each is a group of it, in their order.
    """

    units: Mapping[str, Unit]
    numbers: Mapping[str, Decimal]
    kinds: Mapping[str, str]
    rules: Sequence[Rule]
    scanner: re.Pattern[str]


@cache
def units_of(*measures: str) -> str:
    """Return an expression for any unit that is counted in one of some measures: "g", "ml", "pcs", "eur"."""
    return _any_of({unit.form for unit in load_lexicon().units if unit.value in measures})


@lru_cache(maxsize=1)
def amount_rules() -> dict[str, Any]:
    """Return what ``amounts.toml`` says."""
    return read_toml("drugscan.extraction", "amounts.toml")


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
    written = [
        (rule["kind"], rule["first"], re.sub("|".join(names), lambda match: names[match[0]], rule["pattern"]))
        for rule in rules["tokens"]
    ]
    first_words = {word.split(" ")[0] for word in (*units, *numbers, *kinds, *rules["first_words"])}
    beginning = rules["beginning"].replace("FIRST_WORD", _any_of(first_words))
    numerals = "".join({form[0] for form in numbers})
    any_token = "|".join(
        f"(?=[{first.replace('NUMERAL', numerals)}])({_GROUP_NAME.sub('(?:', pattern)})"
        for _, first, pattern in written
    )
    return Vocabulary(
        units,
        numbers,
        kinds,
        [Rule(kind, re.compile(pattern)) for kind, _, pattern in written],
        re.compile(f"(?={beginning})(?:{any_token})"),
    )


_GROUP_NAME = re.compile(r"\(\?P<\w+>")


def _any_of(forms: Collection[str]) -> str:
    """Return an expression for any of some words, the longest that fits; shared beginnings stand once."""
    if len(forms) == 1:
        return "".join(map(re.escape, forms))
    endings: dict[str, list[str]] = {}
    for form in sorted(filter(None, forms)):
        endings.setdefault(form[0], []).append(form[1:])
    branches = "|".join(re.escape(first) + _any_of(rest) for first, rest in endings.items())
    return f"(?:{branches})" + ("?" if "" in forms else "")
