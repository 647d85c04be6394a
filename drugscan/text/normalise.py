"""Folding: evasive spelling to plain text, with the way back to the words it came from.

Folding is one list of steps. A step is a pattern and what its matches become; after the first of them
stands the table of single characters. :func:`fold` just runs them. :func:`fold_with_offsets` gives the
same text, and notes where each step changed its length: these notes lead back to the raw text.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

from drugscan.text.characters import CharacterTable
from drugscan.text.contacts import ContactSpan, contact_patterns

_CHARACTERS = CharacterTable()


class _Step(NamedTuple):
    """A pattern, what a match becomes, and what a text must hold for the step to be tried."""

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    sign: re.Pattern[str] | None = None
    only_beyond_ascii: bool = False


# --- before the table of characters -------------------------------------------------------------

# UTF-8 that was read as Windows-1252 ("â‚¬" for "€"): a lead byte and its continuation bytes.
_BYTE_OF = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
_CONTINUATION = re.escape("".join(c for c, b in _BYTE_OF.items() if b < 0xC0))
_MOJIBAKE = re.compile(f"[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}}")
_SUPERSCRIPT_CENTS = re.compile("(?<=[0-9])[⁰¹²³⁴-⁹]{2}(?![⁰¹²³⁴-⁹])")
_FLAG = re.compile("(?<![🇦-🇿])[🇦-🇿]{2}(?![🇦-🇿])")


def _mend_mojibake(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[c] for c in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _name_flag(match: re.Match[str]) -> str:
    country = "".join(chr(ord(c) - ord("🇦") + ord("a")) for c in match[0])
    return f" :flag_{country}: "


_RAW_STEPS = [
    _Step(re.compile("\r\n?"), lambda _: "\n", re.compile("\r")),
    _Step(_MOJIBAKE, _mend_mojibake, only_beyond_ascii=True),
    _Step(_SUPERSCRIPT_CENTS, lambda match: "," + match[0], only_beyond_ascii=True),
    _Step(_FLAG, _name_flag, only_beyond_ascii=True),
]

# --- after the table: contacts, then words ------------------------------------------------------


def _placeholder(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda _: f" contact_{kind} "


_CONTACT_STEPS = {
    kind: _Step(pattern, _placeholder(kind), sign) for kind, pattern, sign in contact_patterns()
}


def _read_lookalikes() -> dict[str, str]:
    table = files("drugscan.text").joinpath("lookalikes.csv").read_text("utf-8")
    return {row["character"]: row["letter"] for row in csv.DictReader(table.splitlines())}


_LOOKALIKES = _read_lookalikes()
_LOOKALIKE_SET = "[" + "".join(_LOOKALIKES) + "]"
_LOOKALIKE_WORD = re.compile(rf"(?<!\w)\w*?{_LOOKALIKE_SET}\w*")
_LOOKALIKES_ONLY = re.compile(rf"(?:{_LOOKALIKE_SET}|[^\w]|[\d_])*")
_FOREIGN = re.compile(rf"(?!{_LOOKALIKE_SET})[^\W\d_a-z]")
_LOOKALIKE_TABLE = str.maketrans(_LOOKALIKES)


def _read_lookalike_word(match: re.Match[str]) -> str:
    """Read a word with look-alikes as Latin if it holds Latin letters too.

    A word of look-alikes alone is Latin where nothing else in the text is of another alphabet,
    and Latin letters stand beside it.
    """
    word = match[0]
    latin = re.search("[a-z]", word) is not None
    if latin or (not _FOREIGN.search(match.string) and re.search("[a-z]", match.string)):
        return word.translate(_LOOKALIKE_TABLE)
    return word


_EMOJI = r" :[a-z_]{1,60}: "
_SEPARATOR = rf"(?: ?[.\-_*|~] ?|{_EMOJI}| )"
_SPACED = re.compile(
    rf"(?<![\w@:.'])(?:[0-9]{_SEPARATOR})?[a-z](?:{_SEPARATOR}[a-z01345@$]){{1,40}}{_SEPARATOR}[a-z](?!\w)"
)
_SPACED_SIGN = re.compile(rf"(?<!\w)[a-z](?:[ .\-_*|~]{{1,3}}|{_EMOJI})[a-z01345@$][ .\-_*|~]")
_JOINTS = re.compile(rf"{_EMOJI}|[ .\-_*|~]")

_LEET_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
_LEET_LETTERS |= {"@": "a", "$": "s", "€": "e"}
_LEET_TABLE = str.maketrans(_LEET_LETTERS)
# "coke5g" and "wiet1kg" are quantities, not letters in disguise.
_UNIT = r"(?:[gklxeup]|gr|gram|grm|kg|ml|cl|st|stuks?|mg|eur|euro|pp?|ps|pil|pillen|uur|min|cm|mm|pack)"
_LEET = r"(?:00|33|[0134578@$€])(?!" + _UNIT + r"(?!\w))"
_LEET_WORD = re.compile(
    rf"(?<![\w@$€])(?:\$[a-z]{{3,30}}|[a-z]{{1,30}}{_LEET}[a-z]{{1,30}})(?:{_LEET}[a-z]{{1,30}}){{0,8}}(?:[0134](?!\w))?"
)
_LEET_SIGN = re.compile(r"[a-z][0134578@$€]{1,2}[a-z]|\$[a-z]{3}")

_STRETCHED = re.compile(r"([a-z])\1{2,}")
_BLANK_RUN = re.compile(r"\s{2,}")
_EDGES = re.compile(r"\A\s+|\s{1,2}\Z")


def _shorten_blanks(match: re.Match[str]) -> str:
    """Keep what blanks say: a space, a line's end, or a paragraph's end."""
    return ("\n" * min(match[0].count("\n"), 2)) or " "


_WORD_STEPS = [
    _Step(_LOOKALIKE_WORD, _read_lookalike_word, only_beyond_ascii=True),
    _Step(_SPACED, lambda match: _JOINTS.sub("", match[0]), _SPACED_SIGN),
    _Step(_LEET_WORD, lambda match: match[0].translate(_LEET_TABLE), _LEET_SIGN),
    # Dutch and English words double e (speed, weed, heel); other letters are rarely doubled.
    _Step(_STRETCHED, lambda match: "ee" if match[1] == "e" else match[1], _STRETCHED),
    _Step(_BLANK_RUN, _shorten_blanks),
    _Step(_EDGES, lambda _: ""),
]


_LATER_STEPS = [*_CONTACT_STEPS.values(), *_WORD_STEPS]

# --- running the steps ----------------------------------------------------------------------------


def fold(text: str) -> str:
    r"""Fold a raw text: lower-case plain letters, emoji as words, contacts as placeholders.

    Parameters
    ----------
    text : str
        The raw text, whatever it holds.

    Returns
    -------
    str
        Accents, styled alphabets, look-alikes, l33t, spaced and stretched letters, zero-width
        characters and mojibake are undone; an emoji is a word between colons; a contact is
        ``contact_email``, ``contact_link``, ``contact_handle``, ``contact_phone`` or
        ``contact_id``. Line ends and paragraph ends stay, other blanks become one space.

    Examples
    --------
    >>> fold("𝗖𝟬𝗸𝗲 ❄️ k e t a, 3-MMC €2⁵⁰\nApp 06 0000 0123")
    'coke :snowflake: keta, 3-mmc €2,50\napp contact_phone'
    """
    beyond_ascii = not text.isascii()
    for step in _RAW_STEPS:
        if _applies(step, text, beyond_ascii=beyond_ascii):
            text = step.pattern.sub(step.replace, text)
    text = text.translate(_CHARACTERS)
    beyond_ascii = not text.isascii()
    for step in _LATER_STEPS:
        if _applies(step, text, beyond_ascii=beyond_ascii):
            text = step.pattern.sub(step.replace, text)
    return text


def fold_with_offsets(text: str) -> Folded:
    """Fold a raw text as :func:`fold` does, and keep the way back to the raw text.

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
    folded.run(_RAW_STEPS)
    folded.translate()
    beyond_ascii = not folded.text.isascii()
    for kind, step in _CONTACT_STEPS.items():
        if _applies(step, folded.text, beyond_ascii=beyond_ascii):
            folded.contacts += [
                ContactSpan(kind, *folded.raw_span(*match.span()), match[0])
                for match in step.pattern.finditer(folded.text)
            ]
            folded.run([step])
    folded.run(_WORD_STEPS)
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

    def run(self, steps: list[_Step]) -> None:
        """Run steps that apply to the text, in order."""
        beyond_ascii = not self.text.isascii()
        for step in steps:
            if _applies(step, self.text, beyond_ascii=beyond_ascii):
                self._substitute(step)

    def _substitute(self, step: _Step) -> None:
        edits = _Edits()
        replace = step.replace

        def replace_and_note(match: re.Match[str]) -> str:
            replacement = replace(match)
            edits.note(*match.span(), len(replacement))
            return replacement

        self.text = step.pattern.sub(replace_and_note, self.text)
        if edits.starts:
            self._edits.append(edits)

    def translate(self) -> None:
        """Run the table of single characters."""
        edits = _Edits()
        for match in _NOT_PLAIN.finditer(self.text):
            edits.note(*match.span(), len(_CHARACTERS[ord(match[0])]))
        self.text = self.text.translate(_CHARACTERS)
        if edits.starts:
            self._edits.append(edits)


_NOT_PLAIN = re.compile("[^\n -~]")


def _applies(step: _Step, text: str, *, beyond_ascii: bool) -> bool:
    if step.only_beyond_ascii and not beyond_ascii:
        return False
    return step.sign is None or step.sign.search(text) is not None


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
