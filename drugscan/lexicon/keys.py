"""How words are compared: one key for "2C-B", "2-cb" and "2 CB", with the places kept.

A text is brought to its key character by character, so a place in the key is the same place in
the folded text. Forms of the lexicons go the same way, so they meet in one spelling.
"""

from __future__ import annotations

import re

from drugscan.text.contacts import EMOJI_NAME
from drugscan.text.normalise import fold

EMOJI_MARK = "\x02"
"""Stands where an emoji word has its colons; no text holds it, as folding drops control characters."""

# Patterns begin with what they look for and then look back: so they are looked for many times faster.
_EMOJI = re.compile(rf":(?<!\S:)({EMOJI_NAME}):(?!\S)")
# A symbol inside a word or at its end stands for a letter ("pr!js", "k€t@"); "wit!" does not.
_DISGUISED = re.compile(r"[!@€$](?<=[a-z].)(?:[!@€$]{0,2}(?=[a-z])|(?<=[a-z][a-z]@)(?!\w))")
_LETTERS = str.maketrans("!@€$", "iaes")
_NOT_WORD = re.compile(rf"[^\w{EMOJI_MARK}](?!(?<=\w\*)\w)")


def mark(folded_text: str) -> str:
    r"""Set emoji words apart from other words and read symbols in a word as letters.

    Parameters
    ----------
    folded_text : str
        A text as :func:`drugscan.text.normalise.fold` returns it.

    Returns
    -------
    str
        A text of the same length.

    Examples
    --------
    >>> mark("horse :horse: w!t")
    'horse \x02horse\x02 wit'
    """
    if ":" in folded_text:
        folded_text = _EMOJI.sub(rf"{EMOJI_MARK}\1{EMOJI_MARK}", folded_text)
    return _DISGUISED.sub(lambda match: match[0].translate(_LETTERS), folded_text)


def words_only(marked_text: str) -> str:
    """Blank out all that is no word, so that words stand between single blanks.

    Parameters
    ----------
    marked_text : str
        What :func:`mark` returns.

    Returns
    -------
    str
        A text of the same length.

    Examples
    --------
    >>> words_only("2c-b, a'dam")
    '2c b  a dam'
    """
    return _NOT_WORD.sub(" ", marked_text)


def form_key(form: str) -> str:
    """Bring a form as people write it to its key.

    Parameters
    ----------
    form : str
        A word, phrase or emoji; a star at its start or end stands for any letters.

    Returns
    -------
    str
        Words with one blank between them; empty if the form holds no word.

    Examples
    --------
    >>> form_key("2C-B"), form_key("A'dam"), form_key("lachgas*")
    ('2c b', 'a dam', 'lachgas*')
    """
    stem = form.strip("*")
    key = " ".join(words_only(mark(fold(stem))).split())
    if not key:
        return ""
    return ("*" if form.startswith("*") else "") + key + ("*" if form.endswith("*") else "")
