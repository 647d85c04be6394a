"""Texts without the characters that a terminal obeys and XML cannot hold."""

from __future__ import annotations

import re

# Control characters but tab and line end, what turns the direction of what follows, and no characters.
HARMFUL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
"""A pattern of them, for ``re`` and for RE2."""

_HARMFUL = re.compile(HARMFUL)


def plain(text: str) -> str:
    r"""Return a text without harmful characters; line ends and tabs stay.

    Parameters
    ----------
    text : str
        Any text; what UTF-8 cannot hold in it becomes a question mark.

    Returns
    -------
    str

    Examples
    --------
    >>> plain("\x1b[31mrood\x07 \u202egord")
    '[31mrood gord'
    """
    return without_harmful(text).encode("utf-8", "replace").decode("utf-8")


def without_harmful(text: str) -> str:
    r"""Return a text without harmful characters, and with all others, even what UTF-8 cannot hold.

    Examples
    --------
    >>> without_harmful("a\0\ud800")
    'a\ud800'
    """
    return _HARMFUL.sub("", text)
