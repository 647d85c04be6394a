"""What each single character folds to: plain lower-case letters, digits, and emoji as words."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

# Combining marks that only decorate a letter (accents, strike-through, variation selectors).
# Marks of other scripts (Hebrew, Arabic, Devanagari) are part of their words and stay.
_DECORATION = re.compile("[̀-ͯ᪰-᫿᷀-᷿⃐-⃿︀-️︠-︯]")
# Characters that are letters or symbols by category, but blank on the screen.
_BLANKS = "ㅤᅟᅠﾠ⠀"
_EMOJI_NAME = re.compile(r":([a-z_]+):")


class CharacterTable(dict[int, str]):
    """A table for :meth:`str.translate` that works a character out when it is first met.

    Examples
    --------
    >>> "ⒸøⓀé ⅓ ❄".translate(CharacterTable())
    'coke  1/3  :snowflake: '
    """

    def __missing__(self, code_point: int) -> str:
        """Fold one character and remember the answer."""
        self[code_point] = folded = _fold_character(chr(code_point))
        return folded


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _BLANKS or category in ("Zs", "Co") or character == "\t":
        return " "
    if category in ("Zl", "Zp") or character in "\n\x0b\x0c\x85":
        return "\n"
    if category in ("Cc", "Cf", "Cs") or _DECORATION.match(character):
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if category == "Sc":
        return unicodedata.normalize("NFKC", character).lower()
    compatible = unicodedata.normalize("NFKD", character)
    plain = _DECORATION.sub("", compatible).lower()
    if "\N{FRACTION SLASH}" in plain:
        return " " + plain.replace("\N{FRACTION SLASH}", "/")
    if plain.isascii():
        return plain
    if category == "No" and unicodedata.numeric(character).is_integer():
        return str(int(unicodedata.numeric(character)))  # "❿"
    if category[0] in "LMN" and not unicodedata.name(character, "").startswith("LATIN"):
        return unicodedata.normalize("NFKC", character).lower()
    return _transliterate(character)


def _transliterate(character: str) -> str:
    """Return Latin letters and symbols as ASCII, emoji as a word between colons."""
    name = anyascii(character).lower()
    if not (name.startswith(":") and len(name) > 2):
        return name
    if character == "🔟":
        return "10"  # as the other keycaps, which are digits with marks
    if not _EMOJI_NAME.fullmatch(name):
        # ":100:" and ":+1:" would read as numbers; their Unicode names have no digits.
        words = unicodedata.name(character, "emoji").lower()
        name = f":{re.sub('[^a-z]+', '_', words)}:"
    return f" {name} "
