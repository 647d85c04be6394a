"""Which substance an offer is of: the names within it, before it in its line, above it, or after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drugscan.extraction.gaps import EMOJI
from drugscan.extraction.tokens import Token

Names = tuple[str, ...]
"""Substances that may be meant; more than one stand as equals."""

_TIGHT_JOINT = re.compile(
    r"[\s.]{0,4}(?:(?:[a-z]{2,8} )?[/&+]|[/&+,|]|\b(?:en|and|und|et|of|or|y|i|e|w|ve|si|nanga|и)\b)[\s.]{0,4}"
)
_LOOSE_JOINT = re.compile(
    r"[^\n=]{0,40}(?:[/&+,|\n]|\b(?:en|and|und|et|of|or|y|i|e|w|ve|si|nanga|и)\b)[^\n=]{0,40}"
)
_SIDE_BY_SIDE = re.compile(r"[^a-z0-9]{0,12}")
_DESCRIBED = re.compile(
    r"(?:[ ,:-]|(?<![a-z0-9%])(?!(?:en|and|und|et|of|or)\b)[a-z0-9%]+(?![a-z0-9%])){1,30}"  # whole words
)
_UNSAID = re.compile(rf"{EMOJI.pattern}|\b\d{{1,4}}(?:[.,]\d{{1,2}})? ?(?:mg|mcg|ug)\b")
"""Emoji and strengths tell nothing of how two names are joined."""
_FLAVOURED, _FLAVOUR = "cannabis_products", "weed"
_FLAVOURS = re.compile(r"\(|smaken|smaak|flavou?rs?|strains?")
_ADJACENT = 12
_NEAR = 30
_MOST_EQUALS = 12


class Scope:
    """What the lines so far say of the offers to come.

    Attributes
    ----------
    row : tuple of str
        What the last offer was of.
    """

    def __init__(self, text: str) -> None:
        self.row: Names = ()
        self._text = text
        self._heading: list[Token] = []

    @property
    def is_headed(self) -> bool:
        """Tell whether a heading names what follows."""
        return bool(self._heading)

    def names_of(self, inside: Sequence[Token], before: Sequence[Token], start: int) -> Names:
        """Return what an offer may be of.

        Parameters
        ----------
        inside : sequence of Token
            The names between its amount and its price.
        before : sequence of Token
            The names before it in its line, behind the offer before it.
        start : int
            Where it begins.

        Returns
        -------
        tuple of str
            Substances; empty where nothing before it tells.
        """
        if inside:
            self.row = _values(inside)
        elif before:
            self.row = self._last_group(before, start)
        elif self._heading:
            self.row = self._first_group(self._heading, (_LOOSE_JOINT, _SIDE_BY_SIDE))
        self._heading = []
        return self.row

    def end_line(self, names: Sequence[Token]) -> None:
        """Note the names of a line without offers."""
        if not names:
            return
        names = self._without_descriptions(names)
        is_surer = min(name.confidence for name in names) > max(
            (name.confidence for name in self._heading), default=1
        )  # a decorated title, then the heading
        if (
            self._heading
            and not is_surer
            and not {name.value for name in names} & {name.value for name in self._heading}
        ):
            between = self._text[self._heading[-1].end : names[0].start]
            if len(between) < _NEAR and "\n\n" not in between:
                self._heading = [*self._heading, *names][:_MOST_EQUALS]
                return
        self._heading = list(names[:_MOST_EQUALS])

    def names_after(self, names: Sequence[Token], position: int) -> Names:
        """Return the name at a position and those behind it that stand beside it as equals."""
        return self._first_group(names[position : position + _MOST_EQUALS], (_TIGHT_JOINT,))

    def _last_group(self, names: Sequence[Token], start: int) -> Names:
        """Return the last name, and those that stand beside it as equals."""
        if start - names[-1].end > 1:
            names = self._without_descriptions(names)
        joint = _TIGHT_JOINT if start - names[-1].end <= _ADJACENT else _LOOSE_JOINT
        group = [names[-1]]
        for name in reversed(names[:-1]):
            if name.value != group[-1].value and not self._are_joined(name, group[-1], joint):
                break
            group.append(name)
        return _values(group[::-1])

    def _first_group(self, names: Sequence[Token], joints: Sequence[re.Pattern[str]]) -> Names:
        """Return the first of some names, and those that stand beside it as equals."""
        group = list(names[:1])
        for name in names[1:]:
            is_other = name.value != group[-1].value
            if is_other and not any(self._are_joined(group[-1], name, joint) for joint in joints):
                break
            group.append(name)
        return _values(group)

    def _without_descriptions(self, names: Sequence[Token]) -> list[Token]:
        """Leave out words that only describe the name before them: "MDMA, big rocks", "DMT, white"."""
        kept: list[Token] = []
        for name in names:
            is_description = (
                bool(kept)
                and name.confidence < 1 == kept[-1].confidence
                and name.start - kept[-1].end < _NEAR
                and _DESCRIBED.fullmatch(self._text, kept[-1].end, name.start) is not None
            ) or (bool(kept) and self._is_flavour(kept[-1], name))
            if not is_description:
                kept.append(name)
        return kept

    def _is_flavour(self, one: Token, other: Token) -> bool:
        """Tell whether a name is what another tastes of: "vape thc (runtz)", "carts, smaken: gelato"."""
        is_pair = one.value == _FLAVOURED and other.value == _FLAVOUR
        return is_pair and _FLAVOURS.search(self._text, one.end, other.start) is not None

    def _are_joined(self, one: Token, other: Token, joint: re.Pattern[str]) -> bool:
        between = self._text[one.end : other.start]
        return len(between) < 120 and joint.fullmatch(_UNSAID.sub(" ", between)) is not None


def settle(names: Names, claimed: set[str]) -> str | None:
    """Return the one substance that is meant: of several the one that has no offers of its own.

    Examples
    --------
    >>> settle(("cocaine", "weed"), {"weed"}), settle(("hash", "weed"), set())
    ('cocaine', None)
    """
    free = names if len(names) == 1 else [name for name in names if name not in claimed]
    return free[0] if len(free) == 1 else None


def _values(names: Sequence[Token]) -> Names:
    return tuple(dict.fromkeys(name.value for name in names))
