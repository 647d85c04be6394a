"""Folding with the way back: which words of the raw text each piece of the folded text came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from drugscan.text.contacts import ContactSpan
from drugscan.text.normalise import CHARACTERS, fold_by_steps
from drugscan.text.steps import BLANKS, CONTACT_STEPS, LINE_ENDS

_NOT_PLAIN = re.compile("[^\n -~]")
_KINDS = {step: kind for kind, step in CONTACT_STEPS.items()}


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
    folded = Folded(text)
    _, raw_steps, later_steps = fold_by_steps(text)
    for step in (LINE_ENDS, *raw_steps):
        folded.replace(step.pattern.finditer(folded.text), step.replace)
    folded.translate()
    for step in later_steps:
        found = list(step.pattern.finditer(folded.text))
        if step in _KINDS:
            folded.note_contacts(_KINDS[step], found)
        folded.replace(found, step.replace)
    folded.replace(BLANKS.pattern.finditer(folded.text), BLANKS.replace)
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
    _starts: Sequence[int] = field(init=False)
    _ends: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with a raw text."""
        # Of each character: where the piece of the raw text that it came from starts and ends.
        self._starts = range(len(self.text))
        self._ends = range(1, len(self.text) + 1)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return start and end in the raw text of a non-empty span of the folded text.

        Examples
        --------
        >>> fold_with_offsets("❄️ Coke").raw_span(0, 11)
        (0, 1)
        """
        return self._starts[start], self._ends[end - 1]

    def note_contacts(self, kind: str, found: Iterable[re.Match[str]]) -> None:
        """Note where the contacts that were found stand in the raw text."""
        self.contacts += [ContactSpan(kind, *self.raw_span(*match.span()), match[0]) for match in found]

    def replace(self, found: Iterable[re.Match[str]], replace: Callable[[re.Match[str]], str]) -> None:
        """Let what was found become what it becomes.

        What keeps its length is taken to be one for one, but for what stands in for a whole, between blanks.
        """
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = n_mapped = 0
        for match in found:
            first, last = match.span()
            replacement = replace(match)
            pieces += (self.text[done:first], replacement)
            done = last
            length = len(replacement)
            if length != last - first or replacement.startswith(" "):
                starts += self._starts[n_mapped:first]
                ends += self._ends[n_mapped:first]
                starts += [self._starts[first]] * length
                ends += [self._ends[last - 1]] * length
                n_mapped = last
        if not done:
            return
        self.text = "".join((*pieces, self.text[done:]))
        if n_mapped:
            self._starts = starts + list(self._starts[n_mapped:])
            self._ends = ends + list(self._ends[n_mapped:])

    def translate(self) -> None:
        """Run the table of single characters."""
        self.replace(_NOT_PLAIN.finditer(self.text), lambda match: CHARACTERS[ord(match[0])])
        self.text = self.text.translate(CHARACTERS)
