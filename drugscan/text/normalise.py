"""Folding: evasive spelling to plain text.

Words repeat, so each distinct word is read once: its characters, and which of the later steps it may call
for. Most texts call for none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from drugscan.text.characters import CharacterTable
from drugscan.text.collapse import OncePerWord, once_per_recent_text, split_words
from drugscan.text.steps import CONTACT_STEPS, LINE_ENDS, RAW_STEPS, WORD_STEPS, Step

CHARACTERS = CharacterTable()
"""What single characters fold to."""

_LATER_STEPS = (*CONTACT_STEPS.values(), *WORD_STEPS)

# Behind a word in memory stand its marks, control characters that read text has none of: which steps it
# calls for.
_MARKED = "\x0e"
_RAW_MARKS = {chr(0x0F + number): step for number, step in enumerate(RAW_STEPS)}
_LATER_MARKS = {chr(0x0F + len(RAW_STEPS) + number): step for number, step in enumerate(_LATER_STEPS)}
_MARKS = _RAW_MARKS | _LATER_MARKS
_ANY_SIGN = re.compile("|".join(step.word_sign.pattern for step in _LATER_STEPS))


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
    return fold_by_steps(text).text


class Folding(NamedTuple):
    """A folded text, and the raw steps and later ones that changed it, in their order."""

    text: str
    raw_steps: tuple[Step, ...]
    later_steps: tuple[Step, ...]


@once_per_recent_text
def fold_by_steps(text: str) -> Folding:
    """Fold a raw text, see :func:`fold`, and tell what it took."""
    folded, wanted = _read_words(text)
    if not wanted:
        return Folding(_tidy_blanks(folded), (), ())
    raw = tuple(step for step in RAW_STEPS if step in wanted)
    later: list[Step] = []
    for step in _LATER_STEPS:
        if step in wanted and step.applies_to(folded):
            before = folded
            folded, count = step.pattern.subn(step.replace, before)
            if count:
                later.append(step)
                wanted |= _wanted_by_new_words(folded, before)
    return Folding(_tidy_blanks(folded), raw, tuple(later))


def _wanted_by_new_words(folded: str, before: str) -> set[Step]:
    """Return the later steps that words call for that a step has brought about."""
    new = set(folded.split()).difference(before.split())
    return {step for word in new for step in _wanted_by[word]}


def _read_words(text: str) -> tuple[str, set[Step]]:
    """Read a raw text word by word.

    Parameters
    ----------
    text : str
        The raw text.

    Returns
    -------
    text : str
        The text with all steps of single words and the table of characters behind it; blanks around
        the ends of lines are added.
    wanted : set of Step
        No other step can change the text, until one of these did.
    """
    if "\r" in text:
        text = LINE_ENDS.pattern.sub("\n", text)
    text = " ".join(map(_words.__getitem__, split_words(text)))
    if _MARKED not in text:
        return text, set()
    text = text.replace(_MARKED, "")
    wanted = set()
    for mark, step in _MARKS.items():
        if mark in text:
            text = text.replace(mark, "")
            wanted.add(step)
    return text, wanted


def _read_word(raw: str) -> str:
    """Return what a raw word reads, with its marks if it calls for steps."""
    marks = ""
    if raw.isascii() and raw.isprintable():
        word = raw.lower()
        # One object in memory instead of two: words that read as they stand are most of all.
        word = raw if word == raw else word
    else:
        word, marks = _run_raw_steps(raw)
        word = word.translate(CHARACTERS)
    if wanted := _wanted_by_word(word):
        marks += "".join(mark for mark, step in _LATER_MARKS.items() if step in wanted)
    return word + _MARKED + marks if marks else word


def _wanted_by_word(word: str) -> tuple[Step, ...]:
    """Return the later steps that a word calls for, its characters folded."""
    if not _ANY_SIGN.search(word):
        return ()
    return tuple(step for step in _LATER_STEPS if step.word_sign.search(word))


_words = OncePerWord(_read_word)
_wanted_by = OncePerWord(_wanted_by_word)


def _run_raw_steps(word: str) -> tuple[str, str]:
    """Return a raw word with the raw steps behind it, and the marks of those that changed it."""
    marks = ""
    for mark, step in _RAW_MARKS.items():
        if step.pattern.search(word):
            word = step.pattern.sub(step.replace, word)
            marks += mark
    return word, marks


def _tidy_blanks(text: str) -> str:
    """Do what :data:`drugscan.text.steps.BLANKS` does."""
    while "  " in text:
        text = text.replace("  ", " ")
    if "\n" in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
    return text.strip()
