"""From an ad's text to the tokens that offers are made of: names, amounts, prices and a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drugscan.extraction.matching import Match
from drugscan.extraction.tokens import READERS, Token
from drugscan.extraction.vocabulary import Vocabulary, vocabulary_of
from drugscan.lexicon.loader import Lexicon

_NAME_PART = re.compile(
    r"(?P<amount>\A\d{1,3} ?g(?:r|ram)? (?=\S)| \d{1,3} ?(?:gr?|ml)\Z)|(?P<word>[^\s/-]+)"
)


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
    blanked = _blank_names(text, substances, vocabulary)
    names = [_name(match, blanked, vocabulary) for match in reversed(substances)]
    lines: list[list[Token]] = []
    line: list[Token] = []
    search, patterns = vocabulary.beginning.search, vocabulary.patterns
    position = 0
    while (beginning := search(blanked, position)) is not None:
        start, position = beginning.span()
        while names and names[-1].start <= start:
            line.append(names.pop())
        first = blanked[start]
        if first == "\n":
            lines.append(line)
            line = []
            continue
        for kind, pattern in patterns.get(first) or patterns["z"]:
            match = pattern.match(blanked, start)
            if match is not None:
                line += READERS[kind](match, vocabulary)
                position = match.end()
                break
    lines.append(line + names[::-1])
    return [line for line in lines if line]


def _name(match: Match, blanked: str, vocabulary: Vocabulary) -> Token:
    """Return the token of a name, without the amount that it begins or ends with."""
    first, last = blanked.find("\0", match.start, match.end), blanked.rfind("\0", match.start, match.end)
    if first < 0 or any(_is_counted(word, vocabulary) for word in blanked[match.start : first].split()):
        return Token(
            "name", match.start, match.end, value=match.value, confidence=match.confidence
        )  # "tank", "vape thc"
    return Token("name", first, last + 1, value=match.value, confidence=match.confidence)


def _is_counted(word: str, vocabulary: Vocabulary) -> bool:
    return word in vocabulary.units and vocabulary.units[word].value == "pcs"


def _blank_names(text: str, substances: Sequence[Match], vocabulary: Vocabulary) -> str:
    """Return the text without the words of names, but for units such as "tank" and the amount of "md 1g"."""

    def blank(part: re.Match[str]) -> str:
        unit = vocabulary.units.get(part[0])
        is_part = vocabulary.kinds.get(part[0]) == "part" and part.start() == 0  # "halfje wit"
        is_kept = part["amount"] or is_part or (unit is not None and part[0] != "g")  # "liter g" is ghb
        return part[0] if is_kept else "\0" * len(part[0])

    pieces = []
    done = 0
    for name in substances:
        written = text[name.start : name.end]
        is_plain = written.isalnum() and written not in vocabulary.units  # most are
        pieces += [
            text[done : name.start],
            "\0" * len(written) if is_plain else _NAME_PART.sub(blank, written),
        ]
        done = name.end
    return "".join(pieces) + text[done:]
