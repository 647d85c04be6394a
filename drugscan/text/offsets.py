"""Folding with the way back: which words of the raw text each piece of the folded text came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from drugscan.text.contacts import ContactSpan
from drugscan.text.normalise import CHARACTERS, read_words
from drugscan.text.steps import BLANKS, CONTACT_STEPS, LINE_ENDS, RAW_STEPS, WORD_STEPS, Step

_NOT_PLAIN = re.compile("[^\n -~]")
_CONTACT_AND_WORD_STEPS: list[tuple[str | None, Step]] = [
    *CONTACT_STEPS.items(),
    *((None, step) for step in WORD_STEPS),
]


def fold_with_offsets(text: str) -> Folded:
    """Fold a raw text as :func:`drugscan.text.fold` does, and keep the way back to the raw text.

    Parameters
    ----------
    text : str
        The raw text, whatever it holds.

    Returns
    -------
    Folded
        Its ``text`` equals ``fold(text)``.

    Examples
    --------
    >>> raw = "Nu: 𝗖𝟬𝗸𝗲 en k e t a, app 06 0000 0123"
    >>> folded = fold_with_offsets(raw)
    >>> folded.text
    'nu: coke en keta, app contact_phone'
    >>> start, end = folded.raw_span(12, 16)
    >>> raw[start:end]
    'k e t a'
    >>> folded.contacts
    [ContactSpan(kind='phone', start=25, end=37, form='06 0000 0123')]
    """
    wanted = read_words(text)[1]
    folded = Folded(text)
    for step in (LINE_ENDS, *(step for step in RAW_STEPS if step in wanted)):
        folded.replace(folded.find(step), step)
    folded.translate()
    changed = False
    for kind, step in _CONTACT_AND_WORD_STEPS if wanted else ():
        if changed or step in wanted:
            found = folded.find(step)
            if kind is not None:
                folded.note_contacts(kind, found)
            folded.replace(found, step)
            changed = changed or bool(found)
    folded.replace(folded.find(BLANKS), BLANKS)
    folded.contacts.sort(key=lambda contact: contact.start)
    return folded


@dataclass(slots=True)
class Folded:
    """A folded text that knows which words of the raw text it came from.

    Attributes
    ----------
    text : str
        The folded text.
    contacts : list of ContactSpan
        The contacts behind the placeholders, in the order of the text.
    """

    text: str
    contacts: list[ContactSpan] = field(default_factory=list)
    _edits: list[_Edits] = field(default_factory=list)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return start and end in the raw text of a non-empty span of the folded text.

        Examples
        --------
        >>> fold_with_offsets("❄️ Coke").raw_span(0, 11)
        (0, 1)
        """
        last = end - 1
        for edits in reversed(self._edits):
            start = edits.piece_at(start)[0]
            last = edits.piece_at(last)[1] - 1
        return start, last + 1

    def find(self, step: Step) -> list[re.Match[str]]:
        """Return what a step finds in the text."""
        return list(step.pattern.finditer(self.text)) if step.applies_to(self.text) else []

    def note_contacts(self, kind: str, found: Iterable[re.Match[str]]) -> None:
        """Note where the contacts that were found stand in the raw text."""
        self.contacts += [ContactSpan(kind, *self.raw_span(*match.span()), match[0]) for match in found]

    def replace(self, found: list[re.Match[str]], step: Step) -> None:
        """Let what a step found become what it becomes."""
        if not found:
            return
        edits = _Edits()
        pieces: list[str] = []
        done = 0
        for match in found:
            first, last = match.span()
            replacement = step.replace(match)
            edits.note(first, last, len(replacement))
            pieces += (self.text[done:first], replacement)
            done = last
        self._apply("".join((*pieces, self.text[done:])), edits)

    def translate(self) -> None:
        """Run the table of single characters."""
        edits = _Edits()
        for match in _NOT_PLAIN.finditer(self.text):
            at = match.start()
            edits.note(at, at + 1, len(CHARACTERS[ord(match[0])]))
        self._apply(self.text.translate(CHARACTERS), edits)

    def _apply(self, text: str, edits: _Edits) -> None:
        self.text = text
        if edits.starts:
            self._edits.append(edits)


class _Edits:
    """The pieces whose length one step changed: where they stand after it, and stood before.

    A piece that became as long as it was is taken to be one for one.
    """

    __slots__ = ("before", "ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.before: list[tuple[int, int]] = []

    def note(self, first: int, last: int, length: int) -> None:
        """Note, from left to right, that a span became so long."""
        if length != last - first:
            start = first + (self.ends[-1] - self.before[-1][1] if self.ends else 0)
            self.starts.append(start)
            self.ends.append(start + length)
            self.before.append((first, last))

    def piece_at(self, position: int) -> tuple[int, int]:
        """Return the piece before the step that the character at a position after it came from."""
        index = bisect_right(self.starts, position) - 1
        if index < 0:
            return position, position + 1
        first, last = self.before[index]
        if position < self.ends[index]:
            return first, last
        moved = position - self.ends[index] + last
        return moved, moved + 1
