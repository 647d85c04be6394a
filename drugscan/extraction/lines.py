"""The lines of an ad, each distinct one read once: ads repeat theirs, and variants of one differ in a few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from drugscan.extraction.lexer import tokenise
from drugscan.extraction.matching import Match
from drugscan.extraction.neighbours import weigh
from drugscan.extraction.possible import Reading
from drugscan.extraction.readings import cheapest_readings
from drugscan.extraction.tokens import Token
from drugscan.lexicon.loader import Lexicon

_AMOUNTS = frozenset(("number", "quantity", "price"))
_LONGEST_REMEMBERED = 300
"""Longer lines hardly come again, and would take much memory."""
_MOST_REMEMBERED = 20_000
_FEWEST_NUMBERED = 3


class Line(NamedTuple):
    """What one line says, whatever stands above and below it.

    Attributes
    ----------
    start : int
        Where it begins in its text.
    names : list of Token
        All names in it; their places count from its start.
    tokens : list of Token
        As their neighbours show them, where the line holds an amount or a price.
    readings : list of Reading or None
        Which of the tokens belong together; None where no token is an amount or a price.
    """

    start: int
    names: list[Token]
    tokens: list[Token]
    readings: list[Reading] | None

    def moved(self, start: int) -> Line:
        """Return the same line where it begins elsewhere."""
        distance = start - self.start
        if not distance:  # variants of an ad begin alike
            return self
        tokens = [token.moved(distance) for token in self.tokens]
        return Line(start, self.names, tokens, self.readings)


def read_lines(text: str, substances: Sequence[Match], lexicon: Lexicon) -> list[Line]:
    r"""Return the lines of a folded text that hold any token.

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
    list of Line
        In order; places are those in the text.

    Examples
    --------
    >>> from drugscan.lexicon import load_lexicon
    >>> menu, offered = read_lines("Menu per gram\n\n1g 50, 5g 230", [], load_lexicon())
    >>> menu.readings is None, [reading.rule for reading in offered.readings], offered.tokens[0].start
    (True, ['pair', 'pair'], 15)
    """
    return _reader_of(lexicon).read(text, substances)


@lru_cache(maxsize=4)
def _reader_of(lexicon: Lexicon) -> _LineReader:
    return _LineReader(lexicon)


def _is_numbered(line: Line, number: int) -> bool:
    """Tell whether a line begins with a number and a name right behind it."""
    if len(line.tokens) < 3:
        return False
    first, name, *_ = line.tokens
    is_count = first.kind == "number" and not first.value and first.amount == number
    is_first = is_count and first.start == line.start
    return is_first and name.kind == "name" and name.start - first.end <= 1


class _LineReader:
    """Remembers lines by their words and the names in them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._remembered: dict[tuple[object, ...], Line] = {}

    def read(self, text: str, substances: Sequence[Match]) -> list[Line]:
        lines = []
        start, n_done = 0, 0
        for written in text.split("\n"):
            end = start + len(written)
            n_before = n_done
            while n_done < len(substances) and substances[n_done].start < end:
                n_done += 1
            names = substances[n_before:n_done]
            key = (written, *[(n.start - start, n.end - start, n.value, n.confidence) for n in names])
            line = self._remembered.get(key)
            if line is None:
                line = self._read_line(text, names, start, end)
                if len(written) <= _LONGEST_REMEMBERED:
                    self._remember(key, line)
            else:
                line = line.moved(start)
            if line.tokens or line.readings is not None:
                lines.append(line)
            start = end + 1
        return self._without_numbering(lines, text)

    def _without_numbering(self, lines: list[Line], text: str) -> list[Line]:
        """Return the lines without numbers that only count them: "1 coke 50", "2 keta 25", "3 wiet 10"."""
        first = 0  # of those that count from 1
        for position in range(len(lines) + 1):
            line = lines[position] if position < len(lines) else None
            if line is not None and _is_numbered(line, position - first + 1):
                continue
            counted = lines[first:position]
            are_apart = len({each.tokens[1].value for each in counted}) == len(counted)
            if len(counted) >= _FEWEST_NUMBERED and are_apart:
                lines[first:position] = [self._without_first(each, text) for each in counted]
            first = position if line is not None and _is_numbered(line, 1) else position + 1
        return lines

    def _without_first(self, line: Line, text: str) -> Line:
        tokens = line.tokens[1:]
        return Line(line.start, line.names, tokens, cheapest_readings(tokens, text, self._lexicon.least_eur))

    def _remember(self, key: tuple[object, ...], line: Line) -> None:
        if len(self._remembered) >= _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = line

    def _read_line(self, text: str, substances: Sequence[Match], start: int, end: int) -> Line:
        tokens = tokenise(text, substances, self._lexicon, start=start, end=end)
        names = [token.moved(-start) for token in tokens if token.kind == "name"] if substances else []
        if _AMOUNTS.isdisjoint([token.kind for token in tokens]):
            return Line(start, names, tokens, None)
        weighed = weigh(tokens, text, self._lexicon)
        return Line(start, names, weighed, cheapest_readings(weighed, text, self._lexicon.least_eur))
