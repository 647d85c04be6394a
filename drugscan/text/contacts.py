"""Where a text names a phone number, handle, link, e-mail address or app id.

These are the words that stand for a person. Folding replaces them by a placeholder, so that no
model ever learns them; extraction reads them from the raw text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PLACEHOLDER = "contact_"
"""What the word begins with that stands in a folded text for a contact; its kind follows."""

EMOJI_NAME = "[a-z_]{1,60}"
"""An expression for the name that stands between colons for an emoji in a folded text."""

CONTACT_KINDS = ("email", "link", "handle", "phone", "id")
"""The kinds of contact, in the order in which they are looked for."""

# All patterns read characters that are folded already (lower case, plain digits). They are built
# of bounded repeats only: time grows linearly with the text.
_DIGIT = (
    r"(?:[0-9xo*]|nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen"
    r"|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_GAP = r"[ .,()/_|•·–-]{0,3}"


def _prefix(country_code: str, trunk: str) -> str:
    """Return what stands before a number: its country code, its trunk 0 at home."""
    return rf"(?:(?:\+|00)? ?{country_code}{_GAP}(?:\(?0\)?{_GAP})?|{trunk})"


APPS = (
    "threema", "wickr", "kik", "wire", "snapchat", "snap", "instagram", "insta", "session", "jabber",
    "discord", "signal", "telegram", "tele", "tg",
)  # fmt: skip
"""What apps are called in which people have a name or id; whoever looks for these looks for all of them."""

# What an app's name, a sign and a name or id behind them look like.
_APP_IDS = [
    (
        "threema",
        (" ", ": ", ":", "-", " - ", " = ", " id ", " id: ", " id = "),
        r"\*?[a-z0-9]{7,8}",
    ),
    ("wickr", (" ",), r"(?:me )?[a-z0-9_.-]{2,31}[0-9_][a-z0-9_]{0,31}"),
    # A name that a colon or the like sets apart may be any word.
    ("wickr", (": ", ":", " - ", " = ", " me: ", "me ", "me: "), r"[a-z0-9][a-z0-9_.-]{2,63}"),
    (
        "kik snap wire snapchat insta instagram session jabber discord",
        (": ", ":"),
        r"[a-z0-9][a-z0-9_.-]{2,63}",
    ),
    ("telegram tele tg", (" id ", " id: ", " id:"), r"[0-9]{6,12}"),
    # Of these it is the last of its line: "telegram: vandaag open" names nobody.
    ("signal telegram tele tg", (": ", ":"), r"[a-z][a-z0-9_.-]{4,63}(?= ?(?:\n|\Z))"),
    # Without one it holds a digit or underscore, which words do not.
    (
        "signal telegram tele tg snapchat snap insta",
        (" ", ": ", " id ", " id: ", "/", " / ", "=", " = "),
        r"(?=[a-z.]{0,32}[0-9_])[a-z][a-z0-9_.]{3,63}",
    ),
]
_SESSION_ID = "05[0-9a-f]{64}"  # 33 bytes in hexadecimal, the first of them 05


def _app_id(apps: str, signs: tuple[str, ...], name: str) -> str:
    """Return the name alone, where an app and a sign stand before it."""
    before = "|".join(f"(?<={app}{sign})" for app in apps.split() for sign in signs)
    return f"(?:{before})(?!{PLACEHOLDER}){name}"


def _app_and_id(apps: str, signs: tuple[str, ...], name: str) -> str:
    """Return the app, the sign and the name, which is quicker to look for, most of all app by app."""
    return "|".join(f"{app}(?:{'|'.join(signs)}){name}" for app in apps.split())


_TOP_LEVEL = (
    "com|net|org|info|io|me|to|cc|nl|be|de|fr|uk|eu|es|it|pl|ru|su|ch|at|lu|pt|tr|in|us|co|tv|gg|ly|"
    "app|dev|xyz|shop|store|online|site|club|live|link|chat|pw|ws|bz|is|st|onion|example|test"
)

# Not within a word or an address, but right behind an app's name: "tg@voorbeeld_x".
_HANDLE_BEGINS = (
    "(?:"
    + "|".join(
        [
            r"(?<![\w.]@)",
            *(rf"(?<=(?<!\w){app}@)" for app in ("tg", "tele", "telegram", "snap", "insta", "ig", "app")),
        ]
    )
    + ")"
)
# A number in one piece may stand behind a letter, a comma or a full stop: no price is as long.
_NUMBER_BEGINS = r"(?<![0-9_+])(?:(?<![\w,.])|(?=(?:0|\+[1-9])[0-9]{9,11}(?!\w)))"

_PATTERNS = {
    "email": re.compile(
        r"(?<![\w.%+-])[a-z0-9][a-z0-9._%+-]{0,63}(?:@| ?[\[(]at[\])] ?(?![0-9.]+(?!\w)))[a-z0-9-]{1,63}"
        r"(?:(?:\.| ?[\[(](?:dot|punt)[\])] ?)[a-z0-9-]{1,63}){1,4}(?![\w-])"
    ),
    "link": re.compile(
        r"(?<![\w@.-])(?:"
        r"(?:https?|tg|tonsite|whatsapp|sgnl)://[^\s<>\"]{1,2000}"
        r"|(?:t|telegram|wa|signal) ?\. ?(?:me|dog|group) ?[/\\] ?[^\s<>\"]{1,200}"
        r"|[a-z0-9_]{4,32}\.t\.me(?![\w/-])"
        rf"|(?!p\.st(?![\w/]))(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_TOP_LEVEL})(?![\w-])(?:[/?#][^\s<>\"]{{0,2000}})?"
        r")"
    ),
    "handle": re.compile(rf"@{_HANDLE_BEGINS}(?=[0-9_.]{{0,32}}[a-z])[a-z0-9_.]{{2,63}}[a-z0-9_]"),
    "phone": re.compile(
        # No number begins otherwise; the look ahead is for speed.
        rf"(?=[+03(onz ]){_NUMBER_BEGINS}(?:"
        # Dutch mobile: 06 and eight digits, in digits, words, or blanked out (06 xx xx xx xx).
        + _prefix("31", "(?:[0o]|nul|zero)" + _GAP)
        + rf"(?:6|zes|six)(?:{_GAP}{_DIGIT}){{8}}"
        + rf"|06 ?[:=] ?[0-9]{{8}}|06(?: :{EMOJI_NAME}: [0-9]{{2}}){{4}}"
        # Belgian mobile: 04 and eight digits, the first of them 5 to 9.
        + "|"
        + _prefix("32", "0")
        + rf"4[5-9](?:{_GAP}[0-9]){{7}}"
        # Dutch land line: area code of three or four digits, ten in all.
        + "|"
        + _prefix("31", r"\(?0")
        + r"[1-57-9](?:[0-9]\)?[ -]{0,3}[1-9](?:[ .-]?[0-9]){6}|[0-9]{2}\)?[ -]{0,3}[1-9](?:[ .-]?[0-9]){5})"
        # Belgian land line: area code of two digits, nine in all, in its usual groups.
        + r"|0[2349][ /][0-9]{3}[ .][0-9]{2}[ .][0-9]{2}"
        # German mobile: 015, 016 or 017 and eight or nine more digits.
        + rf"|01[567][0-9](?:{_GAP}[0-9]){{7,8}}"
        # Any other country, as written from abroad.
        + rf"|(?:\+|00)[1-9](?:{_GAP}[0-9]){{8,13}}"
        + r")(?![0-9])"
    ),
    "id": re.compile(
        rf"(?<!\w)(?:{_SESSION_ID}|{'|'.join(_app_id(*app) for app in _APP_IDS)})(?!\w)",
    ),
}
# A look for a pattern's rarest sign is many times faster than the pattern itself. Signs begin with what they
# look for and then look back.
_SIGNS = {
    "email": re.compile(r"@(?<=[a-z0-9._%+-]@)[a-z0-9-]{1,63}\.[a-z0-9-]|[\[(]at[\])]"),
    "link": re.compile(rf"://|\. ?(?:{_TOP_LEVEL}|dog|group)(?![\w-])"),
    "handle": re.compile(rf"@{_HANDLE_BEGINS}[a-z0-9_.]{{3}}"),
    # No number has fewer digits; prices and times do.
    "phone": re.compile(
        rf"(?:[0o]|nul|zero|\+)[ ().\-/]{{0,3}}(?:[0-9]|zes|six)(?:[ .,()/_|•·–-]{{0,4}}{_DIGIT}){{6}}"
        rf"|3(?:16|24)|6 ?(?:[:=] ?[0-9]{{8}}|:{EMOJI_NAME}: [0-9]{{2}} :)"
    ),
    "id": re.compile("|".join([_SESSION_ID, *(_app_and_id(*app) for app in _APP_IDS)])),
}


class ContactSpan(NamedTuple):
    """A contact in a text.

    Attributes
    ----------
    kind : str
        One of :data:`CONTACT_KINDS`.
    start, end : int
        Its place in the raw text (code points).
    form : str
        How it reads with its characters folded: lower case, plain letters and digits.
    """

    kind: str
    start: int
    end: int
    form: str


def contact_patterns() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    """Return kind, pattern and sign (what a text must hold for the pattern to be tried), in order."""
    return [(kind, _PATTERNS[kind], _SIGNS[kind]) for kind in CONTACT_KINDS]
