"""The steps of folding: each a pattern and what its matches become, in the order in which they are run.

Those of :data:`RAW_STEPS` read raw text; then stands the table of single characters
(:mod:`drugscan.text.characters`); the others read what it gives.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from drugscan.text.contacts import APPS, EMOJI_NAME, PLACEHOLDER, contact_patterns


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """A pattern, what a match becomes, and what must be there for a match.

    Attributes
    ----------
    pattern : re.Pattern
        Looked for in a whole text.
    replace : callable
        From a match to what it becomes.
    sign : re.Pattern or None
        What a text must hold for the step to be tried.
    word_sign : re.Pattern
        What at least one word of a text must hold for the step to change the text; a word is what stands
        between blanks. Where a match never holds a blank it is the pattern itself.
    """

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    sign: re.Pattern[str] | None
    word_sign: re.Pattern[str]

    def applies_to(self, text: str) -> bool:
        """Tell whether the step is to be tried."""
        return self.sign is None or self.sign.search(text) is not None


# --- before the table of characters -------------------------------------------------------------

_LINE_END = re.compile("\r\n?")
LINE_ENDS = Step(_LINE_END, lambda _: "\n", _LINE_END, _LINE_END)
"""Stands before all others; it alone of the raw steps looks beyond a word."""

# UTF-8 that was read as Windows-1252 ("â‚¬" for "€"): a lead byte and its continuation bytes.
_BYTE_OF = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
_CONTINUATION = re.escape("".join(c for c, b in _BYTE_OF.items() if b < 0xC0))
_MOJIBAKE = re.compile(f"[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}}")
_SUPERSCRIPT_CENTS = re.compile("(?<=[0-9])[⁰¹²³⁴-⁹]{2}(?![⁰¹²³⁴-⁹])")
_FLAGS = re.compile("(?<![🇦-🇿])(?:[🇦-🇿]{2})+(?![🇦-🇿])")
# A price that is struck through is no longer asked; within letters the strokes disguise.
_STROKES = "[\u0335-\u0338]{1,3}"
_STRUCK = re.compile(
    rf"(?<![^\W\d_])(?<![^\W\d_][\u0335-\u0338])(?:[€.,]{_STROKES}){{0,2}}"
    rf"(?:[0-9]{_STROKES}(?:[€.,-]{_STROKES}){{0,2}}){{1,12}}(?![^\W\d_])"
)
_COUNTRIES = (
    "at au aw be bg ca ch cw cz de dk es eu fi fr gb gr hr hu ie it lu ma nl no pl pt ro se sk sr tr uk us"
)
# Where more than two such letters stand in a row, they may as well spell a word (🇨🇴🇰🇪): they are flags if
# each two are one of these.
_FLAGS_IN_A_ROW = frozenset(_COUNTRIES.split())


def _mend_mojibake(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[c] for c in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _name_flags(match: re.Match[str]) -> str:
    letters = "".join(chr(ord(c) - ord("🇦") + ord("a")) for c in match[0])
    countries = [letters[start : start + 2] for start in range(0, len(letters), 2)]
    if len(countries) > 1 and not _FLAGS_IN_A_ROW.issuperset(countries):
        return match[0]
    return "".join(f" :flag_{country}: " for country in countries)


RAW_STEPS = (
    Step(_MOJIBAKE, _mend_mojibake, None, _MOJIBAKE),
    Step(_STRUCK, lambda _: "", None, _STRUCK),
    Step(_SUPERSCRIPT_CENTS, lambda match: "," + match[0], None, _SUPERSCRIPT_CENTS),
    Step(_FLAGS, _name_flags, None, _FLAGS),
)

# --- after the table: contacts, then words ------------------------------------------------------


def _placeholder(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda _: f" {PLACEHOLDER}{kind} "


# Some contacts may hold blanks. These tell of the word that such a one begins with, or cannot lack.
_CONTACTS = {kind: (pattern, sign) for kind, pattern, sign in contact_patterns()}
_NO_NUMBER_BEFORE = r"(?<![\w,.+].)"
_CONTACT_WORD_SIGNS = {
    "link": re.compile(
        rf"{_CONTACTS['link'][1].pattern}|me(?<!\Sme)(?!\w)|dog(?<!\Sdog)(?!\w)|group(?<!\Sgroup)(?!\w)"
    ),
    "phone": re.compile(
        rf"[0o]{_NO_NUMBER_BEFORE}(?![a-y]|z(?!es))|n{_NO_NUMBER_BEFORE}ul|z{_NO_NUMBER_BEFORE}ero"
        rf"|\+{_NO_NUMBER_BEFORE}(?:[1-9 ]|\Z)|3{_NO_NUMBER_BEFORE}[12](?:[0z]|4|6|zes|six|\W|\Z)"
        r"|(?:0|\+[1-9])[0-9]{9}"
    ),
    "id": re.compile(
        r"05[0-9a-f]{64}"
        rf"|(?:{'|'.join(APPS)})"
        r"(?:me)?(?:[: /=-]|\Z)"
    ),
}

CONTACT_STEPS = {
    kind: Step(pattern, _placeholder(kind), sign, _CONTACT_WORD_SIGNS.get(kind, sign))
    for kind, (pattern, sign) in _CONTACTS.items()
}


def _read_lookalikes() -> dict[str, str]:
    table = files("drugscan.text").joinpath("lookalikes.csv").read_text("utf-8")
    return {row["character"]: row["letter"] for row in csv.DictReader(table.splitlines())}


_LOOKALIKES = _read_lookalikes()
_LOOKALIKE_SET = "[" + "".join(_LOOKALIKES) + "]"
_LOOKALIKE_SIGN = re.compile(_LOOKALIKE_SET)
_LOOKALIKE_WORD = re.compile(rf"(?<!\w)\w*?{_LOOKALIKE_SET}\w*")
_FOREIGN = re.compile(rf"(?!{_LOOKALIKE_SET})[^\W\d_a-z]")
_LOOKALIKE_TABLE = str.maketrans(_LOOKALIKES)


def _read_lookalike_word(match: re.Match[str]) -> str:
    """Read a word with look-alikes as Latin if it holds Latin letters too.

    A word of look-alikes alone is Latin where nothing else in the text is of another alphabet,
    and Latin letters stand beside it.
    """
    word = match[0]
    if re.search("[a-z]", word) or _is_latin(match.string):
        return word.translate(_LOOKALIKE_TABLE)
    return word


@lru_cache(maxsize=1)  # the text of one word after the other
def _is_latin(text: str) -> bool:
    """Tell whether a text has Latin letters, and beside look-alikes no others."""
    return not _FOREIGN.search(text) and re.search("[a-z]", text) is not None


# "coke_1g_50", "coke____50", "__coke__": no part of a name such as "voorbeeld_010" or of an emoji's.
_UNDERSCORES = re.compile(
    r"_{3,}|(?<!\w)__(?=[a-z0-9])|(?<=[a-z0-9])__(?!\w)|(?<!\w)[a-z0-9]{1,30}(?:_[0-9]{1,6}[a-z]{0,6}){2,4}(?!\w)"
)
_OH_FOR_ZERO = re.compile(
    r"(?<![a-z0-9])(?:[1-9][0-9]{0,2}o{1,3}(?=(?:gr?|gram|kg|ml|st|stuks|x)?(?![a-z0-9]))|o(?=[.,][0-9]))"
)

_EMOJI = f" :{EMOJI_NAME}: "
_SEPARATOR = rf"(?: ?[.\-_*|~] ?|{_EMOJI}| )"
# "c 1 g 50", "2-c-b p.s. 4" and "s.p.e.e.d 5 p/g" hold a unit and a price, not letters in disguise.
_NOT_SPELT = r"(?!\d [gkl](?!\w)|\d p/|p\.[gs](?!\w))"
_SPACED = re.compile(
    r"(?<![\w@:'.])[a-z](?:S[a-z]){0,10}S[01345](?:S[a-z01345@$]){0,10}S[a-z]S[01345](?![\w.,])|".replace(
        "S",
        r"[.\-_*|~]",  # "k.3.t.4": ends in a figure, and is not all letters before it, as "x-l-5" is
    )
    + rf"(?<![\w@:'.])(?:[0-9]{_SEPARATOR})?[a-z](?:{_SEPARATOR}{_NOT_SPELT}[a-z01345@$]){{1,40}}"
    rf"{_SEPARATOR}{_NOT_SPELT}[a-z](?!\w)"
)
# The last two letters of such a word, and the last one.
_SPACED_SIGN = re.compile(
    rf"[ .\-_*|~][a-z01345@$](?:[ .\-_*|~]{{1,3}}|{_EMOJI})[a-z](?!\w)|[.\-_*|~][a-z][.\-_*|~][01345](?!\w)"
)
_LONE_LETTER = re.compile(r"[ .\-_*|~][a-z](?!\w)|\A[a-z](?!\w)")
_JOINTS = re.compile(rf"{_EMOJI}|[ .\-_*|~]")

# "coke5g" is a name and an amount, not letters in disguise: what is sold, by the table of units.
_SOLD_UNIT = "|".join(
    row["form"]
    for row in csv.DictReader(
        files("drugscan").joinpath("lexicon").joinpath("units.csv").read_text("utf-8").splitlines()
    )
    if row["value"] in ("g", "ml", "pcs", "eur") and row["form"].isascii() and row["form"].isalpha()
)
_GLUED = re.compile(
    rf"(?<![\w@.:/-])(?:[a-z]{{3,30}}|[0-9][a-z]{{2,30}})(?=[1-9][0-9]{{0,3}}(?:{_SOLD_UNIT})(?![a-z_]))"
)
# Short, as all such signs are made into one expression.
_GLUED_SIGN = re.compile("[1-9](?<=[a-z][1-9])[0-9]{0,3}[a-z]")

_LEET_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
_LEET_LETTERS |= {"@": "a", "$": "s", "€": "e"}
_LEET_TABLE = str.maketrans(_LEET_LETTERS)
# "k1g" and "open1uur" are numbers, not letters in disguise.
_UNIT = r"(?:[gklxeup]|gr|gram|grm|kg|ml|cl|st|stuks?|mg|eur|euro|pp?|ps|pil|pillen|uur|min|cm|mm|pack)"
# No amount begins with a 0: "tr4mad0l".
_LEET = r"(?:00|33|0(?=[a-z])|[0134578@$€][@$]?(?!" + _UNIT + r"(?!\w)))"
_LEET_WORD = re.compile(
    rf"(?<![\w@$€])(?:\$[a-z]{{3,30}}|(?<![.,])0(?!{_UNIT}(?!\w))[a-z]{{3,30}}|(?:(?<![.,])0)?[a-z]{{1,30}}{_LEET}[a-z]{{1,30}})(?:{_LEET}[a-z]{{1,30}}){{0,8}}(?:[0134](?!\w))?"
)
_LEET_SIGN = re.compile(
    rf"[0134578@$€](?<=[a-z].)(?:(?<=0)0|(?<=3)3|[@$])?(?:(?<=0)|(?!{_UNIT}(?!\w)))[a-z]"
    rf"|\$(?<![\w@$€]\$)[a-z]{{3}}|0(?<![\w@$€.,]0)(?!{_UNIT}(?!\w))[a-z]{{3}}"
)

_STRETCHED = re.compile(r"(?P<letter>[a-z])(?P=letter){2,}")


def _shorten_stretch(match: re.Match[str]) -> str:
    """Keep two e (speed, weed, heel) and one of another letter: in Dutch and English they rarely double."""
    return "ee" if match["letter"] == "e" else match["letter"]


WORD_STEPS = (
    Step(_LOOKALIKE_WORD, _read_lookalike_word, _LOOKALIKE_SIGN, _LOOKALIKE_SIGN),
    Step(_UNDERSCORES, lambda match: match[0].replace("_", " "), None, _UNDERSCORES),
    Step(_OH_FOR_ZERO, lambda match: match[0].replace("o", "0"), None, _OH_FOR_ZERO),
    Step(_GLUED, lambda match: match[0] + " ", None, _GLUED_SIGN),
    Step(_SPACED, lambda match: _JOINTS.sub("", match[0]), _SPACED_SIGN, _LONE_LETTER),
    Step(_LEET_WORD, lambda match: match[0].translate(_LEET_TABLE), _LEET_SIGN, _LEET_SIGN),
    Step(_STRETCHED, _shorten_stretch, None, _STRETCHED),
)

# --- at last: blanks ------------------------------------------------------------------------------


_BLANKS = re.compile(r"\s(?:\s+|(?<!.\s)|\Z)", re.DOTALL)


def _shorten_blanks(match: re.Match[str]) -> str:
    """Keep what blanks say inside a text: a space, a line's end, or a paragraph's end."""
    if match.start() == 0 or match.end() == len(match.string):
        return ""
    return ("\n" * min(match[0].count("\n"), 2)) or " "


BLANKS = Step(_BLANKS, _shorten_blanks, None, _BLANKS)
"""What :func:`drugscan.text.normalise.fold` does in a quicker way."""
