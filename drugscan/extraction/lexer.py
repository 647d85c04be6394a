"""From an ad's text to the tokens that offers are made of: names, amounts, prices and a few words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from drugscan.extraction.matching import Match
from drugscan.extraction.tokens import Token, read_match
from drugscan.extraction.vocabulary import vocabulary_of
from drugscan.lexicon.loader import Lexicon, Unit

_NAME_WORD = re.compile(r"[^\s/-]+")


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
    vocabulary = vocabulary_of(lexicon)
    blanked = _blank_names(text, substances, vocabulary.units)
    names = [Token("name", match.start, match.end, value=match.value) for match in reversed(substances)]
    lines: list[list[Token]] = [[]]
    begins = vocabulary.beginning.search
    beginning = begins(blanked)
    while beginning is not None:
        start, end = beginning.span()
        while names and names[-1].start <= start:
            lines[-1].append(names.pop())
        if blanked[start] == "\n":
            lines.append([])
        for kind, pattern in vocabulary.patterns_at(blanked[start]):
            match = pattern.match(blanked, start)
            if match is not None:
                lines[-1] += read_match(kind, match, vocabulary)
                end = match.end()
                break
        beginning = begins(blanked, end)
    lines[-1] += reversed(names)
    return [line for line in lines if line]


def _blank_names(text: str, substances: Sequence[Match], units: Mapping[str, Unit]) -> str:
    """Return the text without the words of names, but for those that are units too, such as "tank"."""

    def blank(word: re.Match[str]) -> str:
        return word[0] if word[0] in units else "\0" * len(word[0])

    pieces = []
    done = 0
    for name in substances:
        pieces += [text[done : name.start], _NAME_WORD.sub(blank, text[name.start : name.end])]
        done = name.end
    return "".join(pieces) + text[done:]
