"""From an ad's text to the tokens that offers are made of: names, amounts, prices and a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from drugscan.extraction.matching import Match
from drugscan.extraction.tokens import READERS, Token
from drugscan.extraction.vocabulary import Vocabulary, amount_rules, vocabulary_of
from drugscan.lexicon.loader import Lexicon

_NAME_PART = re.compile(
    r"(?P<amount>\A\d{1,3} ?g(?:r|ram)? (?=\S)| \d{1,3} ?(?:gr?|ml)\Z)|(?P<word>[^\s/-]+)"
)

_IN_CONTAINER = re.compile(
    rf"(?!(?:{'|'.join(amount_rules()['not_in_words'])})\Z)"
    rf"[a-z]{{3,20}}?(?P<container>{'|'.join(amount_rules()['in_words'])})"
)

_LONGEST_REMEMBERED = 30
"""Longer words for an amount hardly come again."""
_MOST_REMEMBERED = 50_000


def tokenise(
    text: str, substances: Sequence[Match], lexicon: Lexicon, *, start: int = 0, end: int | None = None
) -> list[Token]:
    """Return the tokens of a line.

    Parameters
    ----------
    text : str
        The folded text.
    substances : sequence of Match
        What :func:`drugscan.extraction.substances.find_substances` found in the line.
    lexicon : Lexicon
        The tables.
    start, end : int, optional
        Where the line stands in the text, if it is not all of it.

    Returns
    -------
    list of Token
        In order; places are those in the text. What their neighbours say of them is not weighed yet.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> line = tokenise("5 gram 40 euro, vanaf 0,5 kilo", [], load_lexicon())
    >>> [(token.kind, token.amount and int(token.amount)) for token in line]
    [('quantity', 5), ('price', 40), ('from', None), ('quantity', 500)]
    """
    return _lexer_of(lexicon).tokenise(text, substances, start, len(text) if end is None else end)


@lru_cache(maxsize=4)
def _lexer_of(lexicon: Lexicon) -> _Lexer:
    return _Lexer(vocabulary_of(lexicon))


class _Lexer:
    """Remembers what "5 gram", "€ 50" and the like mean: ads are full of them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._remembered: dict[tuple[int, str], list[Token]] = {}

    def tokenise(self, text: str, substances: Sequence[Match], start: int, end: int) -> list[Token]:
        blanked, names = self._without_names(text, substances, start, end)
        names.reverse()
        tokens: list[Token] = []
        remembered = self._remembered
        for match in self._vocabulary.scanner.finditer(blanked):
            place = start + match.start()
            while names and names[-1].start <= place:
                tokens.append(names.pop())
            found = remembered.get((match.lastindex or 0, match[0]))
            if found is None:
                found = self._read(match)
            tokens += [token.moved(place) for token in found]
        tokens += names[::-1]
        return tokens

    def _read(self, match: re.Match[str]) -> list[Token]:
        """Return the tokens of a match as if it stood at the line's start."""
        group, start, written = match.lastindex or 0, match.start(), match[0]
        rule = self._vocabulary.rules[group - 1]
        with_groups = rule.pattern.match(match.string, start)
        assert with_groups is not None
        tokens = [token.moved(-start) for token in READERS[rule.kind](with_groups, self._vocabulary)]
        if len(written) <= _LONGEST_REMEMBERED:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[group, written] = tokens
        return tokens

    def _without_names(
        self, text: str, substances: Sequence[Match], start: int, end: int
    ) -> tuple[str, list[Token]]:
        """Return a line with its names blanked out, and the tokens of the names."""
        pieces: list[str] = []
        names: list[Token] = []
        done = start
        for name in substances:
            first, last = name.start, name.end
            pieces.append(text[done:first])
            done = last
            written = text[first:last]
            if written.isalnum() and written not in self._vocabulary.units:  # most are
                compound = _IN_CONTAINER.fullmatch(written)
                last -= len(compound["container"]) if compound else 0
                pieces.append("\0" * (last - first) + text[last:done])
            elif "-" in written and written in self._vocabulary.units:
                pieces.append(written)  # "pre-rolls"
            else:
                blanked = _NAME_PART.sub(self._blank, written)
                pieces.append(blanked)
                n_kept = blanked.find("\0")
                if n_kept >= 0 and not any(map(self._is_counted, blanked[:n_kept].split())):
                    first, last = first + n_kept, first + blanked.rindex("\0") + 1
            names.append(Token("name", first, last, value=name.value, confidence=name.confidence))
        pieces.append(text[done:end])
        return "".join(pieces), names

    def _is_counted(self, word: str) -> bool:
        """Tell "tank" and "vape" of "tank lachgas", "vape thc"."""
        units = self._vocabulary.units
        return word in units and units[word].value == "pcs"

    def _blank(self, part: re.Match[str]) -> str:
        """Blank out a part of a name, but for units such as "tank" and the amount of "md 1g"."""
        vocabulary = self._vocabulary
        unit = vocabulary.units.get(part[0])
        is_part = vocabulary.kinds.get(part[0]) == "part" and part.start() == 0  # "halfje wit"
        is_kept = part["amount"] or is_part or (unit is not None and part[0] != "g")  # "liter g" is ghb
        return part[0] if is_kept else "\0" * len(part[0])
