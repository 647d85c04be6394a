"""How to reach a seller: phone numbers, handles, addresses and ids, each always written the same way."""

from __future__ import annotations

import re
from typing import NamedTuple

from drugscan.text import ContactSpan, Folded
from drugscan.text.contacts import APPS
from drugscan.text.normalise import CHARACTERS

_DIGIT_WORDS = {
    "nul": "0", "een": "1", "twee": "2", "drie": "3", "vier": "4",
    "vijf": "5", "zes": "6", "zeven": "7", "acht": "8", "negen": "9",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_DIGIT_WORD = re.compile("|".join(_DIGIT_WORDS))
_APP_WORD = re.compile(rf"({'|'.join(APPS)})\w{{0,5}}\W{{0,6}}(?:me|id)?\W{{0,4}}$")
_APP_NAMES = {"tele": "telegram", "tg": "telegram", "snap": "snapchat", "insta": "instagram"}
_LINKS = [
    (
        "telegram",
        re.compile(
            r"(?:https?://)?(?:www\.)?(?:t|telegram) ?\. ?(?:me|dog) ?[/\\] ?(?:s/)?"
            r"(?!joinchat)([a-z0-9_]{4,32})(?![\w+])"
        ),
    ),
    ("telegram", re.compile(r"tg://resolve/?\?domain=([a-z0-9_]{4,32})")),
    ("telegram", re.compile(r"(?:https?://)?([a-z0-9_]{4,32})\.t\.me/?(?![\w/-])")),
    ("telegram", re.compile(r"(?:https?://)?web\.telegram\.org/[akz]/#@([a-z0-9_]{4,32})(?!\w)")),
    ("phone", re.compile(r"(?:https?://)?(?:t|telegram)\.(?:me|dog)/\+([0-9]{9,15})(?![\w-])")),
    ("whatsapp", re.compile(r"(?:https?://)?wa ?\. ?me ?/ ?\+?([0-9]{8,15})")),
    (
        "whatsapp",
        re.compile(r"(?:https?://)?(?:api\.)?whatsapp(?:\.com/|://)send/?\?phone=(?:\+|%2b)?([0-9]{8,15})"),
    ),
    ("signal", re.compile(r"(?:https?://)?signal\.me/#p/\+?([0-9]{8,15})")),
    ("threema", re.compile(r"(?:https?://)?threema\.id/(\*?[a-z0-9]{7,8})")),
]
"""The app that a link leads to, and whom it names there."""
_SESSION_ID = re.compile("05[0-9a-f]{64}")
_ADDRESS_SIGNS = {"@": re.compile(r" ?[\[(]at[\])] ?"), ".": re.compile(r" ?[\[(](?:dot|punt)[\])] ?")}
_WEB = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


class Contact(NamedTuple):
    """A way to reach somebody.

    Attributes
    ----------
    kind : str
        ``phone``, ``whatsapp``, ``telegram``, ``signal``, ``wickr``, ``session``, ``threema``, ``email``,
        ``link`` or another app.
    value : str
        Always the same for the same contact: a number as +31..., a handle as @..., all in lower case but for
        what stands behind the host of a link, whose code may tell capitals apart.
    start, end : int
        Its place in the raw text (code points).
    """

    kind: str
    value: str
    start: int
    end: int


def find_contacts(folded: Folded, text: str) -> list[Contact]:
    """Find every contact in a text.

    Parameters
    ----------
    folded : Folded
        The folded text.
    text : str
        The raw text it came from.

    Returns
    -------
    list of Contact
        In the order of the text.

    Examples
    --------
    >>> from drugscan.text import fold_with_offsets
    >>> raw = "App 06-0000 0123 of t.me/Voorbeeld_X, mail a@voorbeeld.example"
    >>> [contact[:2] for contact in find_contacts(fold_with_offsets(raw), raw)]
    [('phone', '+31600000123'), ('telegram', '@voorbeeld_x'), ('email', 'a@voorbeeld.example')]
    """
    return [Contact(*_normalise(span, text), span.start, span.end) for span in folded.contacts]


def _normalise(span: ContactSpan, text: str) -> tuple[str, str]:
    """Return kind and value of a contact; the raw text before it names the app of an id."""
    if span.kind == "phone":
        return "phone", _phone(span.form)
    if span.kind == "handle":
        return "telegram", span.form.rstrip(".")
    if span.kind == "link":
        return _link(span.form, text[span.start : span.end])
    if span.kind == "email":
        address = span.form
        for sign, written in _ADDRESS_SIGNS.items():
            address = written.sub(sign, address)
        return "email", address
    if _SESSION_ID.fullmatch(span.form):
        return "session", span.form
    app = _APP_WORD.search(text[max(0, span.start - 64) : span.start].translate(CHARACTERS))
    if app is None:
        return "id", span.form
    return _in_app(_APP_NAMES.get(app[1], app[1]), span.form.removeprefix("me "))


def _in_app(app: str, name: str) -> tuple[str, str]:
    """Return kind and value of a name in an app: a number begins with a plus, a Telegram name with @."""
    if app == "telegram":
        return app, name if name.isdigit() else "@" + name
    return app, "+" + name if name.isdigit() and app != "threema" else name


def _link(form: str, raw: str) -> tuple[str, str]:
    for app, pattern in _LINKS:
        match = pattern.match(form)
        if match is not None:
            return _in_app(app, match[1])
    address = raw if raw.lower() == form else form  # letters in disguise are read as plain small ones
    host, slash, path = _WEB.sub("", address, count=1).partition("/")
    return "link", (host.lower() + slash + path).rstrip("/.,;)")


def _phone(form: str) -> str:
    """Return a number as +, country and digits; a digit that is blanked out is an x."""
    digits = _DIGIT_WORD.sub(lambda match: _DIGIT_WORDS[match[0]], form).replace("o", "0").replace("*", "x")
    abroad = digits.lstrip().startswith(("+", "00", "31", "32"))
    digits = re.sub("[^0-9x]", "", digits.replace("(0)", ""))
    if abroad:
        digits = digits.removeprefix("00")
        return "+" + re.sub(r"^(3[12]|49)0(?=\d{8})", r"\1", digits)
    return f"+{_home_country(digits)}{digits.removeprefix('0')}"


def _home_country(digits: str) -> str:
    """Return the calling code of the country where a number is written so.

    Dutch numbers have ten digits. Belgian mobile numbers too, but begin with 045 to 049; Belgian land
    lines have nine, German mobile numbers eleven or twelve.
    """
    if len(digits) == 9 or re.match("04[5-9]", digits):
        return "32"
    return "49" if len(digits) > 10 else "31"
