"""What in a text leads to a person: contacts as folding finds them, and what looks like one all the same.

Extraction wants contacts that are sure, hiding wants none left: here a doubtful one counts. Doubtful ones are
looked for in plain characters: lower case, without accents, an emoji as a blank.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from drugscan.extraction.contacts import find_contacts
from drugscan.privacy.disguises import find_addresses, find_disguised
from drugscan.privacy.ordinary import is_of_trade, is_ordinary
from drugscan.text import ContactSpan, Folded
from drugscan.text.characters import CharacterTable
from drugscan.text.contacts import APPS, contact_patterns


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


# Names of apps that are parts of other words, and those that are words themselves.
_WITHIN_WORDS = ("kik", "wire", "tg", "tele")
_WORDS = ("session", "wire")
# What people write for Instagram, Snapchat and Signal, which is too short to be sure of.
_SHORT = ("ig", "sc", "snp", "sgnl")
# Before the name of who is to be asked: "dm: voorbeeld7".
_ASKED = ("dm", "pm", "pb", "add", "app", "contact", "stuur", "bericht", "vraag")
_GHOST = "👻"  # the sign of Snapchat

_BEYOND_ASCII = r"[^\x00-\x7f]"  # an emoji, which shows as a blank

PLAIN_SIGNS = "|".join(
    [
        rf"@|[(\[]at[)\]]|://|(?:me|dog|group)(?: |{_BEYOND_ASCII})?[/\\]|\.[a-z]{{2}}",
        r"(?:(?:[0-9xo]|nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen"
        r"|zero|one|two|three|four|five|six|seven|eight|nine)[^0-9a-z]{0,8}){8}",
        r"05[0-9a-f]{64}",
        "|".join(app for app in APPS if app not in _WITHIN_WORDS),
        rf"{_GHOST}|(?:{'|'.join(_WITHIN_WORDS)}) ?(?:[:;=)>-]|{_BEYOND_ASCII})",
        rf"(?:{'|'.join(app for app in _WITHIN_WORDS if app not in _WORDS)}) ",
        rf"(?:\b|_)(?:{'|'.join(_SHORT)}) ?(?:[ :;=)>-]|{_BEYOND_ASCII})",
        rf"(?:\b|_)(?:{'|'.join(_ASKED)})(?: ?(?:[:=]|{_BEYOND_ASCII})| [^ \n]*[0-9_])",
        r"[a-z0-9]_[a-z0-9]",
    ]
)
"""What a text in lower case, without accents, holds if it has a trace and nothing unusual.

It looks neither back nor ahead, so that other engines (RE2) can pass over most texts by it.
"""

_CHARACTERS = CharacterTable()
# Characters beyond ASCII that ordinary texts are full of.
_FREQUENT = (
    "\u00a1-\u00bf\u2010-\u205e\u20ac"  # signs, dashes, quotation marks, the euro
    "\u0410-\u044f\u0621-\u063a\u0641-\u064a"  # Russian and Arabic letters
    "\u2190-\u21ff\u23e9-\u23fa\u25a0-\u27bf\u2b05-\u2b55\U0001f300-\U0001faff"  # arrows, shapes, emoji
)
_EMOJI_WORD = re.compile(" :[a-z_0-9]+: ")
_OF_A_TRACE = re.compile(r"[a-z0-9@()\[\]:=/._]")


class _PlainTable(dict[int, str]):
    """What each character shows as: as it folds, but an emoji as a blank."""

    def __missing__(self, code_point: int) -> str:
        folded = _CHARACTERS[code_point]
        self[code_point] = shown = _EMOJI_WORD.sub(" ", folded)
        return shown


# An emoji with its variation selector is as wide as two signs: prices between such are no number.
_PLAIN = _PlainTable({0xFE0F: " ", ord(_GHOST): _GHOST})

_CONTACTS = contact_patterns()
_BEHIND_COMMA = re.compile(r",[(+0on]")
# What a raw text holds that reads so: most have neither, and need not be read for it.
_MAY_BE_BEHIND_COMMA = re.compile(r",(?:[(+0onON]|[^\n -~])")
# Two letters that show as a flag are no letters of a name.
_FLAG = re.compile("[🇦-🇿]{2}")
# What belongs to a contact that stands before it: the rest of a digit in a box (0️⃣), the number of a name,
# digits between asterisks, which stand for digits too.
_REST = re.compile(r"[\ufe0f\u20e3]+|#\d{1,6}|(?:\*\d)+")

# A telephone number without its 0, over several lines, between other signs, or right behind another one: nine
# digits from a 6, ten or more from a 0, any number from a +; pairs of digits with an x between them; a mobile
# number with rows of emoji or dots between its digits.
# The sign it begins with stands first, which is quicker to look for than what may not stand before it.
_NUMBER = re.compile(
    r"[06+](?<!\d[06+])(?:(?<=6)(?:[\W_]{0,3}\d){8}(?!\d)"
    r"|(?:(?<=0)[\W_]{0,3}[1-9]|(?<=\+)\s?\d)(?:[\W_]{0,3}\d){8,60}"
    r"|(?<=0)6(?: ?x ?\d\d){4}(?!\d)"
    r"|(?:(?<=0)[^\w\n]{0,3}6|(?<=\+)[^\w\n]{0,3}3[^\w\n]{0,3}1[^\w\n]{0,3}0?[^\w\n]{0,3}6)(?:[^\w\n]{0,8}\d){8}(?!\d))"
    r"|plus\s?\d(?:[\W_]{0,3}\d){8,60}"
)
_DUTCH_MOBILE = re.compile(r"(?:(?:00)?310?|0)?6(\d{8})")
_NO_DIGIT = re.compile(r"\D")
# A handle apart from its @, or with its letters apart.
_APART = re.compile(r"@ ?(?:(?:\w[ .]){3,40}\w\b|(?=[\w.]{0,40}[^\W\d_])[\w.]{3,64})")
_NO_LETTER = re.compile(r"[\W_]")
# A link with its dot disguised (t[.]me/..., t dot me/...), or without its beginning.
_LINK = re.compile(
    r"(?:\b(?:t|telegram|wa|signal)\W{0,3})?(?:\.|dot|punt)\W{0,3}(?:me|dog|group)\s?[/\\]\s?\S{1,200}"
)
# What is quick to look for and stands in every such link.
_LINK_SIGN = re.compile(r"[/\\](?:(?<=[egp].)|(?<=[egp]\s.))")
# A name behind an app; behind what is short for one and a blank, only a name that no word looks like.
_ANY_APP = "|".join([*APPS, *_SHORT, _GHOST])
_NAME = rf"(?!(?:{_ANY_APP})(?![\w-]|\.\w))(?P<name>[^\W\d_](?:[\w-]|\.(?=\w)){{2,31}}(?:#\d{{1,6}})?)(?!\w)"
_IS = "(?: (?:me|id|is|naam|name))?"
_SIGN = "(?: {0,3}(?:[:;=]|[=-]{0,2}>))"
_BEHIND_APP = re.compile(
    rf"(?:(?<![^\W_])(?:{'|'.join(app for app in APPS if app not in _WORDS)}"
    rf"|(?:{'|'.join(_WORDS)})(?={_SIGN})"
    rf"|(?:{'|'.join(_SHORT)})(?={_IS}(?:{_SIGN}| (?:[^\W\d_]|-){{1,31}}(?:[\d_]|\.\w)))"
    rf"){_IS}(?:{_SIGN} ?| {{1,4}})|{_GHOST}(?:{_SIGN})? ?){_NAME}"
)
_BEHIND_ASKED = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(_ASKED)})"
    rf"(?:{_SIGN} ?| {{1,4}}(?=(?:[^\W\d_]|-){{1,31}}(?:[\d_]|\.\w))){_NAME}"
)
# What is quick to look for and stands in each of these.
_APPS = (
    *(app for app in APPS if not any(app != other and app.startswith(other) for other in APPS)),
    *(f"{app}{sign}" for app in _SHORT for sign in " :;=-"),
    _GHOST,
)
# A name with an app in brackets behind it.
_IN_BRACKETS = re.compile(rf"\( ?(?:{_ANY_APP}) ?\)")
_BEFORE_APP = re.compile(rf"(?<![\w.-]){_NAME} (?:op|via|on|bij) (?:{_ANY_APP})(?!\w)")
_BEFORE_BRACKET = re.compile(rf"(?<![\w.-]){_NAME} ?$")
_MIN_NAME, _MAX_NAME = 4, 40
# A name by its look alone: "stuur maar wat naar voorbeeld_x".
_JOINED = re.compile(
    r"(?<![\w@])(?<!@ )(?<!me[/\\])(?<!og[/\\])(?=\w{0,63}[a-z])"
    r"[a-z0-9]{1,40}(?:_{1,3}[a-z0-9]{1,40}){1,8}(?!\w)"
)


@lru_cache(maxsize=1)
def unusual_characters() -> str:
    """Return an expression for a character that may become a letter, digit or sign of a trace.

    Returns
    -------
    str
        In the syntax of RE2: any character but those that are known to become none.

    Examples
    --------
    >>> [bool(re.search(unusual_characters(), text)) for text in ("€ 50 – ❄", "☏voorbeeld", "𝟎𝟔")]
    [False, True, True]
    """
    frequent = re.findall(f"[{_FREQUENT}]", "".join(map(chr, range(0x80, 0x1FB00))))
    return f"[^\\x00-\\x7f{''.join(filter(_is_of_no_trace, frequent))}]"


def _is_of_no_trace(character: str) -> bool:
    folded = _CHARACTERS[ord(character)]
    return folded != "" and not _OF_A_TRACE.search(_EMOJI_WORD.sub("", folded))


def find_traces(text: str) -> list[Trace]:
    """Find what in a text leads to a person.

    Parameters
    ----------
    text : str
        A raw text.

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
    for read in (_disguised, _contacts, _numbers_behind_commas):
        found = read(text)
        sure += found
        # Line ends are more than a doubtful trace can hold in a row.
        text = _blanked(text, [(trace.start, trace.end) for trace in found], "\n")
    return sorted([*sure, *_in_plain(text, _doubtful)])


@lru_cache(maxsize=2)  # a text is looked through for several things, one after the other
def plain_text(text: str) -> str:
    """Return a text in plain characters, an emoji as a blank but for the ghost, which names an app.

    Examples
    --------
    >>> plain_text("Café 🔥 𝟎𝟔")
    'cafe   06'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text.lower()  # which is the same, and quicker
    return text.translate(_PLAIN)


def raw_places(text: str) -> Callable[[int, int], tuple[int, int]]:
    """Return what gives the place in a raw text for one (start, end) in its :func:`plain_text`.

    Examples
    --------
    >>> raw_places("ﬁets")(3, 5)
    (2, 4)
    """
    return _places(text, _PLAIN)


def _places(text: str, table: dict[int, str]) -> Callable[[int, int], tuple[int, int]]:
    """Return what gives the place in a text for one (start, end) in what a table makes of it."""
    # Where each character begins once those before it have become as long as they do.
    begins = list(accumulate(map(len, map(table.__getitem__, map(ord, text))), initial=0))
    return lambda start, end: (bisect(begins, start) - 1, bisect(begins, end - 1))


def _in_plain(text: str, find: Callable[[str], Iterator[tuple[int, int, str, str]]]) -> list[Trace]:
    found = list(find(plain_text(text)))
    if not found:
        return []
    place = raw_places(text)
    return [Trace(*place(start, end), kind, value) for start, end, kind, value in found]


def _disguised(text: str) -> list[Trace]:
    return sorted(_in_plain(text, find_disguised))


def _blanked(text: str, spans: Sequence[tuple[int, int]], blank: str) -> str:
    """Return a text with a blank for each character of some spans, which stand in their order."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], blank * (end - max(start, done))]
        done = max(end, done)
    return "".join([*pieces, text[done:]])


def _contacts(text: str) -> list[Trace]:
    spans = contact_spans(text)
    traces = []
    for contact in find_contacts(Folded(text, spans), text) if spans else ():
        rest = _REST.match(text, contact.end)
        end = rest.end() if rest else contact.end
        traces.append(Trace(contact.start, end, contact.kind, contact.value))
    return traces


def contact_spans(text: str) -> list[ContactSpan]:
    """Return the contacts that :func:`drugscan.text.fold_with_offsets` finds, without folding the rest."""
    text = text if text.isascii() else _FLAG.sub("  ", text)
    plain = text.translate(_CHARACTERS)
    found = []
    for kind, pattern, sign in _CONTACTS:
        if not sign.search(plain):
            continue
        matches = list(pattern.finditer(plain))
        found += [(kind, *match.span(), match[0]) for match in matches]
        plain = _blanked(plain, [match.span() for match in matches], " ")
    if not found:
        return []
    place = _places(text, _CHARACTERS)
    spans = [ContactSpan(kind, *place(start, end), form) for kind, start, end, form in found]
    return sorted(spans, key=lambda span: span.start)


def _numbers_behind_commas(text: str) -> list[Trace]:
    """Find those that extraction leaves alone, since digits behind a comma are mostly cents."""
    if not _MAY_BE_BEHIND_COMMA.search(text) or not _BEHIND_COMMA.search(text.translate(_CHARACTERS)):
        return []
    return _contacts(text.replace(",", " "))


def _doubtful(plain: str) -> Iterator[tuple[int, int, str, str]]:
    yield from find_addresses(plain)
    for match in _NUMBER.finditer(plain):
        digits = _NO_DIGIT.sub("", match[0])
        mobile = _DUTCH_MOBILE.fullmatch(digits)
        yield *match.span(), *(("phone", f"+316{mobile[1]}") if mobile else ("number", digits))
    if "@" in plain:
        for match in _APART.finditer(plain):
            yield *match.span(), "handle", _NO_LETTER.sub("", match[0])
    if _LINK_SIGN.search(plain):
        for match in _LINK.finditer(plain):
            yield *match.span(), "link", match[0]
    for match in _BEHIND_APP.finditer(plain) if any(app in plain for app in _APPS) else ():
        name, before = match["name"], plain[match.start() : match.start("name")]
        # Behind a colon "Telegram: koning" is a name; behind a blank "telegram alleen" is none.
        if not is_of_trade([name]) and (":" in before or "=" in before or _is_no_word(name)):
            yield *match.span("name"), "handle", name
    for match in _JOINED.finditer(plain) if "_" in plain else ():
        if not is_of_trade(match[0].replace("_", " ").split()):
            yield *match.span(), "handle", match[0]
    for match in _beside_signs(plain):
        if not is_of_trade([match["name"]]) and _is_no_word(match["name"]):
            yield *match.span("name"), "handle", match["name"]


def _beside_signs(plain: str) -> Iterator[re.Match[str]]:
    """Yield what stands where a name of somebody may, but other words do too."""
    if any(asked in plain for asked in _ASKED):
        yield from _BEHIND_ASKED.finditer(plain)
    if any(app in plain for app in _APPS):
        yield from _BEFORE_APP.finditer(plain)
    for bracket in _IN_BRACKETS.finditer(plain) if "(" in plain else ():
        before = _BEFORE_BRACKET.search(plain, max(bracket.start() - _MAX_NAME, 0), bracket.start())
        if before is not None:
            yield before


def _is_no_word(name: str) -> bool:
    return len(name) >= _MIN_NAME and not is_ordinary(name)
