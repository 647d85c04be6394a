"""How to reach a seller: phone numbers, handles, addresses and ids, each always written the same way."""

from __future__ import annotations

import re
from typing import NamedTuple

from drugscan.text import ContactSpan, Folded

_DIGIT_WORDS = {
    "nul": "0", "een": "1", "twee": "2", "drie": "3", "vier": "4",
    "vijf": "5", "zes": "6", "zeven": "7", "acht": "8", "negen": "9",
}  # fmt: skip
_DIGIT_WORD = re.compile("|".join(_DIGIT_WORDS))
_APP_WORD = re.compile(
    r"(threema|wickr|session|signal|telegram|tele|tg|snap|insta|kik|jabber|discord)\w{0,5}\W{0,6}(?:me|id)?\W{0,4}$"
)
_SHORT = {"tele": "telegram", "tg": "telegram", "snap": "snapchat"}
_TELEGRAM_LINK = re.compile(
    r"(?:https?://)?(?:t|telegram) ?\. ?(?:me|dog) ?/ ?(?:s/)?([a-z0-9_]{4,32})(?![\w/])"
)
_WHATSAPP_LINK = re.compile(r"(?:https?://)?wa ?\. ?me ?/ ?\+?([0-9]{8,15})")
_SESSION_ID = re.compile("05[0-9a-f]{64}")


class Contact(NamedTuple):
    """A way to reach somebody.

    Attributes
    ----------
    kind : str
        ``phone``, ``whatsapp``, ``telegram``, ``signal``, ``wickr``, ``session``, ``threema``, ``email``,
        ``link`` or another app.
    value : str
        Always the same for the same contact: a number as +31..., a handle as @..., all in lower case.
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
    return [
        Contact(*_normalise(span, text[max(0, span.start - 24) : span.start].lower()), span.start, span.end)
        for span in folded.contacts
    ]


def _normalise(span: ContactSpan, before: str) -> tuple[str, str]:
    """Return kind and value of a contact; what stands before it names the app of an id."""
    if span.kind == "phone":
        return "phone", _phone(span.form)
    if span.kind == "handle":
        return "telegram", span.form.rstrip(".")
    if span.kind == "link":
        return _link(span.form)
    if span.kind == "id":
        if _SESSION_ID.fullmatch(span.form):
            return "session", span.form
        app = _APP_WORD.search(before)
        return (_SHORT.get(app[1], app[1]) if app else "id"), span.form.removeprefix("me ")
    return span.kind, span.form


def _link(form: str) -> tuple[str, str]:
    telegram = _TELEGRAM_LINK.match(form)
    if telegram is not None and telegram[1] != "joinchat":
        return "telegram", "@" + telegram[1]
    whatsapp = _WHATSAPP_LINK.match(form)
    if whatsapp is not None:
        return "whatsapp", "+" + whatsapp[1]
    return "link", re.sub(r"^https?://(?:www\.)?", "", form).rstrip("/.,;)")


def _phone(form: str) -> str:
    """Return a number as +, country and digits; a digit that is blanked out is an x."""
    digits = _DIGIT_WORD.sub(lambda match: _DIGIT_WORDS[match[0]], form).replace("o", "0").replace("*", "x")
    abroad = digits.lstrip().startswith(("+", "00"))
    digits = re.sub("[^0-9x]", "", digits.replace("(0)", ""))
    if abroad:
        digits = digits.removeprefix("00")
        return "+" + re.sub(r"^(3[12])0(?=\d{8})", r"\1", digits)
    country = "32" if re.match("04[5-9]", digits) else "31"
    return f"+{country}{digits.removeprefix('0')}"
