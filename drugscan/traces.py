"""What in a text leads to a person: contacts as folding finds them, and what looks like one all the same.

Extraction wants contacts that are sure, hiding wants none left: here a doubtful one counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from drugscan.extraction.contacts import find_contacts
from drugscan.text import fold_with_offsets
from drugscan.text.characters import CharacterTable
from drugscan.text.contacts import contact_patterns


class Trace(NamedTuple):
    """A place in a text that leads to a person.

    Attributes
    ----------
    start, end : int
        Where (code points of the raw text).
    kind, value : str
        What it is, and how it is always written.
    """

    start: int
    end: int
    kind: str
    value: str


_CHARACTERS = CharacterTable()
_CONTACTS = [(sign, pattern) for _, pattern, sign in contact_patterns()]
# What follows a digit in a box (0️⃣): it is part of it.
_BOX = re.compile("[\ufe0f\u20e3]+")

# A telephone number without its 0, over several lines, between other signs, or right behind another one: nine
# digits from a 6, ten or more from a 0, any number from a +.
_NUMBER = re.compile(
    r"(?<!\d)(?:6(?:[\W_]{0,3}\d){8}(?!\d)|(?:0[\W_]{0,3}[1-9]|\+\s?\d)(?:[\W_]{0,3}\d){8,60})"
)
_NO_DIGIT = re.compile(r"\D")
# A handle apart from its @, or with its letters apart.
_APART = re.compile(r"@ ?(?:(?:\w[ .]){3,40}\w\b|(?=[\w.]{0,40}[^\W\d_])[\w.]{3,64})")
# A link with its dot disguised (t[.]me/..., t dot me/...), or without its beginning.
_LINK = re.compile(
    r"(?:\b(?:t|telegram|wa|signal)\W{0,3})?(?:\.|dot|punt)\W{0,3}(?:me|dog|group)\s?/\s?\S{1,200}",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[\W_]")
_HANDLE_WORD = re.compile(r"(?<!\w)(?=[^\W\d_]*[_\d])(?=\d*[^\W\d])\w{4,64}")
_HANDLE_SIGN = re.compile(r"[_\d]")


def find_traces(text: str, *, known: Collection[str] = frozenset()) -> list[Trace]:
    """Find what in a text leads to a person.

    Parameters
    ----------
    text : str
        A raw text.
    known : collection of str, optional
        Names of accounts in lower case: words of the text with a digit or an underscore that are one of
        them count too.

    Returns
    -------
    list of Trace
        By place. Doubtful ones do not overlap with contacts that are sure.

    Examples
    --------
    >>> [trace.kind for trace in find_traces("App 06 0000 0123, @ voorbeeld_x of t(.)me/voorbeeld_x")]
    ['phone', 'handle', 'link']
    """
    sure: list[Trace] = []
    for read in (_contacts, _contacts_behind_commas):
        for trace in read(text):
            sure.append(trace)
            # Line ends, more than a doubtful trace can hold in a row.
            text = text[: trace.start] + "\n" * (trace.end - trace.start) + text[trace.end :]
    return sorted([*sure, *_doubtful(text), *_known(text, known)])


def _contacts(text: str) -> list[Trace]:
    plain = text.translate(_CHARACTERS)
    if not any(sign.search(plain) and pattern.search(plain) for sign, pattern in _CONTACTS):
        return []  # most texts: not worth the way back from the folded text
    traces = []
    for contact in find_contacts(fold_with_offsets(text), text):
        box = _BOX.match(text, contact.end)
        end = box.end() if box else contact.end
        traces.append(Trace(contact.start, end, contact.kind, contact.value))
    return traces


def _contacts_behind_commas(text: str) -> list[Trace]:
    """Find those that extraction leaves alone, since digits behind a comma are mostly cents."""
    return _contacts(text.replace(",", " ")) if "," in text else []


def _doubtful(text: str) -> Iterator[Trace]:
    for match in _NUMBER.finditer(text):
        yield Trace(*match.span(), "number", _NO_DIGIT.sub("", match[0]))
    if "@" in text:
        for match in _APART.finditer(text):
            yield Trace(*match.span(), "handle", _NO_LETTER.sub("", match[0]).lower())
    if "/" in text:
        for match in _LINK.finditer(text):
            yield Trace(*match.span(), "link", match[0].lower())


def _known(text: str, known: Collection[str]) -> Iterator[Trace]:
    if not (known and _HANDLE_SIGN.search(text)):
        return
    for match in _HANDLE_WORD.finditer(text):
        if match[0].lower() in known:
            yield Trace(*match.span(), "account", match[0].lower())
