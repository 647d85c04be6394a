"""From an ad's text to the tokens that offers are made of: names, amounts, prices and a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from drugscan.extraction.matching import Match
from drugscan.extraction.tokens import READERS, Token
from drugscan.extraction.vocabulary import Vocabulary, vocabulary_of
from drugscan.lexicon.loader import Lexicon

_NAME_PART = re.compile(
    r"(?P<amount>\A\d{1,3} ?g(?:r|ram)? (?=\S)| \d{1,3} ?(?:gr?|ml)\Z)|(?P<word>[^\s/-]+)"
)

_LONGEST_REMEMBERED = 30
_MOST_REMEMBERED = 50_000


def tokenise(text: str, substances: Sequence[Match], lexicon: Lexicon) -> list[list[Token]]:
    """Return the tokens of a folded text, line by line.

    Parameters
    ----------
    text : str
        The folded text.
    substances : sequence of Match
        What :func:`drugscan.extraction.substances.find_substances` found in it.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of list of Token
        Of each line that has any, in order. What their neighbours say of them is not weighed yet.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> (line,) = tokenise("5 gram 40 euro, vanaf 0,5 kilo", [], load_lexicon())
    >>> [(token.kind, token.amount and int(token.amount)) for token in line]
    [('quantity', 5), ('price', 40), ('from', None), ('quantity', 500)]
    """
    return _lexer_of(lexicon).tokenise(text, substances)


@lru_cache(maxsize=4)
def _lexer_of(lexicon: Lexicon) -> _Lexer:
    return _Lexer(vocabulary_of(lexicon))


class _Lexer:
    """Remembers what "5 gram", "€ 50" and the like mean: ads are full of them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._remembered: dict[tuple[int, str], list[Token]] = {}

    def tokenise(self, text: str, substances: Sequence[Match]) -> list[list[Token]]:
        blanked, names = self._without_names(text, substances)
        names.reverse()
        lines: list[list[Token]] = []
        line: list[Token] = []
        remembered = self._remembered
        for match in self._vocabulary.scanner.finditer(blanked):
            start = match.start()
            while names and names[-1].start <= start:
                line.append(names.pop())
            tokens = remembered.get((match.lastindex or 0, match[0]))
            if tokens is None:
                tokens = self._read(match)
            for token in tokens:
                if token.kind == "line_end":
                    lines.append(line)
                    line = []
                else:
                    line.append(token.moved(start))
        lines.append(line + names[::-1])
        return [line for line in lines if line]

    def _read(self, match: re.Match[str]) -> list[Token]:
        """Return the tokens of a match as if it stood at the text's start."""
        written = match[0]
        group = match.lastindex or 0
        start = match.start()
        rule = self._vocabulary.rules[group - 1]
        with_groups = rule.pattern.match(match.string, start)
        assert with_groups is not None
        tokens = [token.moved(-start) for token in READERS[rule.kind](with_groups, self._vocabulary)]
        if len(written) <= _LONGEST_REMEMBERED:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[group, written] = tokens
        return tokens

    def _without_names(self, text: str, substances: Sequence[Match]) -> tuple[str, list[Token]]:
        """Return the text with its names blanked out, and the tokens of the names."""
        pieces: list[str] = []
        names: list[Token] = []
        done = 0
        for name in substances:
            start, end = name.start, name.end
            written = text[start:end]
            if written.isalnum() and written not in self._vocabulary.units:  # most are
                blanked = "\0" * (end - start)
            else:
                blanked = _NAME_PART.sub(self._blank, written)
                first = blanked.find("\0")
                if first >= 0 and not any(map(self._is_counted, blanked[:first].split())):
                    start, end = start + first, start + blanked.rindex("\0") + 1
            names.append(Token("name", start, end, value=name.value, confidence=name.confidence))
            pieces += (text[done : name.start], blanked)
            done = name.end
        pieces.append(text[done:])
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
