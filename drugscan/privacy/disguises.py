"""Phone numbers, addresses and accounts as extraction does not read them: in words, look-alikes, as wallets.

All is read in plain characters (lower case, without accents). All repeats are bounded: time grows linearly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = {
    "nul": "0", "zero": "0", "een": "1", "one": "1", "twee": "2", "two": "2", "drie": "3", "three": "3",
    "vier": "4", "four": "4", "vijf": "5", "five": "5", "zes": "6", "six": "6", "zeven": "7", "seven": "7",
    "acht": "8", "eight": "8", "negen": "9", "nine": "9",
}  # fmt: skip
_TEENS = (
    *("tien", "elf", "twaalf", "dertien", "veertien"),
    *("vijftien", "zestien", "zeventien", "achttien", "negentien"),
)
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_LOOK_ALIKES = {"o": "0", "l": "1", "i": "1"}
_ONE, _TEEN, _TEN = ("|".join(words) for words in (_ONES, _TEENS, _TENS))
_PART = re.compile(
    rf"[\W_]{{0,6}}(?:(?P<teen>{_TEEN})|(?:(?P<unit>{_ONE})[ -]?e?n[ -]?)?(?P<ten>{_TEN})"
    rf"|(?P<one>{_ONE})|(?P<digit>[0-9])|(?P<alike>[oli]))"
)
# A Dutch mobile number up to its 6.
_MOBILE = re.compile(
    r"(?:(?<!\d)(?:(?:\+|00) ?31[\W_]{0,3}(?:\(?0\)?[\W_]{0,3})?|0[\W_]{0,3})"
    r"|(?<![^\W_])(?:o|nul|zero)[\W_]{0,3})(?:6|zes|six)"
)
_REST = 8
_MAX_ALIKE = 4
# What stands in a number in disguise: words are looked for in no time, most texts have none.
_MOBILE_WORDS = (*_TEENS, "tig")
_ALIKE = re.compile(r"[li](?:(?<=\d.)|(?=\d))")

_NAME = r"[a-z0-9][a-z0-9._%+-]{1,63}"
_AT = r"[ (\[_]{1,3}(?:at|apenstaart(?:je)?|apestaart(?:je)?|aapje)[ )\]_]{1,3}"
_DOT = r"[ (\[_]{1,3}(?:dot|punt)[ )\]_]{1,3}"
_MAIL_HOSTS = (
    *("cock", "disroot", "gmail", "hotmail", "icloud", "kpnmail", "live", "mail", "outlook", "proton"),
    *("protonmail", "riseup", "tuta", "tutanota", "yahoo", "ziggo"),
)
_EMAIL = re.compile(
    rf"(?<![\w.%+-])(?P<name>{_NAME})(?:{_AT}| ?@ ?)(?P<host>"
    rf"[a-z0-9-]{{2,63}}(?:(?:\.|{_DOT})[a-z0-9-]{{2,63}})?{_DOT}[a-z]{{2,6}}"
    rf"|(?:{'|'.join(_MAIL_HOSTS)}) ?\. ?[a-z]{{2,6}})(?![\w-])"
)
_EMAIL_WORDS = ("dot", "punt", *_MAIL_HOSTS)
_DOT_WORD = re.compile(_DOT)

# What has these endings is a link only with a path: "id" and "so" are words too.
_LINK = re.compile(
    r"(?<![\w@.-])(?:telegra ?(?:\.|\(\.\)|\[\.\]|dot|punt) ?ph ?/ ?"
    r"|(?:[a-z0-9-]{1,63}\.){1,3}(?:ai|bio|ee|gd|gy|id|im|la|page|ph|so)/)[^\s<>\",]{1,200}"
    r"|(?<![\w@.-])(?:www\.(?:[a-z0-9-]{1,63}\.){1,3}[a-z]{2,12}"
    r"|[a-z0-9-]{2,63}\.(?:biz|market|supply|vip))(?![\w-])(?:/[^\s<>\",]{0,200})?"
)
_SITE_SIGN = re.compile(r"www\.|\.(?:biz|market|supply|vip)")
_MIN_WALLET = 23
# Bitcoin, Ethereum, Monero, Tron and the like; base 58 knows no 0, prices that are run together do.
_WALLET = re.compile(
    r"(?<![^\W_])(?:(?:bc|ltc)1[a-z0-9]{20,87}|0x[0-9a-f]{40}"
    r"|(?=(?:[a-z]{0,40}[1-9]){3})(?=(?:[1-9]{0,40}[a-z]){3})(?![1-9a-z]{0,110}(?:euro|gram|stuk))[1-9a-z]{26,110}"
    r")(?![^\W_])"
)
_IBAN = re.compile(
    r"(?<![^\W_])(?:(?:nl|gb|ie)[ .-]?[0-9]{2}[ .-]?[a-z]{4}(?:[ .-]?[0-9]){10,14}"
    r"|(?:at|be|de|es|fr|it|lu|pl|pt)[0-9]{2}(?:[ .-]?[0-9]{4}){3,6}(?:[ .-]?[0-9]{1,3})?)(?![^\W_])"
)
# Digits behind a country, which are quick to look for.
_IBAN_SIGN = re.compile("[0-9]{2}(?:(?<=(?:at|be|de|es|fr|gb|ie|it|lu|nl|pl|pt)..)|(?<=(?:gb|ie|nl)...))")
_IBAN_GAP = re.compile("[ .-]")

DISGUISE_SIGNS = "|".join(
    [
        rf"(?:[0o]|nul|zero|31)[^0-9a-z]{{0,3}}(?:6|zes|six)(?:[^0-9a-z]{{0,6}}(?:[0-9o]|{_ONE})){{0,7}}"
        rf"[^0-9a-z]{{0,6}}(?:[li]|{_TEEN}|{_TEN})",
        r"(?:[ (\[_]|[^\x00-\x7f])(?:dot|punt)(?:[ )\]_]|[^\x00-\x7f])",
        r"telegra ?(?:dot|punt)",
        r"[0-9a-z]{23}",
        r"(?:nl|gb|ie)[ .-]?[0-9]{2}[ .-]?[a-z]{4}[ .-]?[0-9]",
        r"(?:at|be|de|es|fr|it|lu|pl|pt)[0-9]{2}[ .-]?[0-9]{4}",
    ]
)
"""What a plain text holds if it has one of these, and none of :data:`drugscan.privacy.traces.PLAIN_SIGNS`.

An expression of its own: with those together RE2 needs three times as long.
"""


def find_disguised(plain: str) -> Iterator[tuple[int, int, str, str]]:
    """Find contacts in disguise.

    Parameters
    ----------
    plain : str
        A text in plain characters.

    Yields
    ------
    tuple of (int, int, str, str)
        Start, end, kind and value, as :func:`drugscan.extraction.contacts.find_contacts` has them.

    Examples
    --------
    >>> [found[2:] for found in find_disguised("nul zes tien twintig 01 23, mail boef at voorbeeld punt nl")]
    [('phone', '+31610200123'), ('email', 'boef@voorbeeld.nl')]
    """
    if any(word in plain for word in _MOBILE_WORDS) or _ALIKE.search(plain):
        for match in _MOBILE.finditer(plain):
            found = _rest_of_number(plain, match.end())
            if found:
                end, digits = found
                yield match.start(), end, "phone", f"+316{digits}"
    if any(word in plain for word in _EMAIL_WORDS):
        for match in _EMAIL.finditer(plain):
            yield (
                *match.span(),
                "email",
                f"{match['name']}@{_DOT_WORD.sub('.', match['host']).replace(' ', '')}",
            )
    if _IBAN_SIGN.search(plain):
        for match in _IBAN.finditer(plain):
            yield *match.span(), "iban", _IBAN_GAP.sub("", match[0])


def find_addresses(plain: str) -> Iterator[tuple[int, int, str, str]]:
    """Find links of rare kinds and wallets, in a text whose other contacts are blanked.

    Examples
    --------
    >>> [found[2:] for found in find_addresses("linktr.ee/voorbeeld, bc1qvoorbeeldvoorbeeldvoorbeeld")]
    [('link', 'linktr.ee/voorbeeld'), ('wallet', 'bc1qvoorbeeldvoorbeeldvoorbeeld')]
    """
    if "/" in plain or _SITE_SIGN.search(plain):
        for match in _LINK.finditer(plain):
            yield *match.span(), "link", match[0]
    if len(max(plain.split(), key=len, default="")) >= _MIN_WALLET:
        for match in _WALLET.finditer(plain):
            yield *match.span(), "wallet", match[0]


def _rest_of_number(plain: str, end: int) -> tuple[int, str] | None:
    """Return where the eight digits behind 06 end, and those; None unless some are in disguise."""
    digits, n_alike, is_disguised = "", 0, False
    while len(digits) < _REST:
        part = _PART.match(plain, end)
        if part is None:
            return None
        digits += _digits(part)
        n_alike += bool(part["alike"])
        is_disguised = is_disguised or bool(part["teen"] or part["ten"] or part["alike"] in ("l", "i"))
        end = part.end()
    is_whole = len(digits) == _REST and not plain[end : end + 1].isalnum()
    return (end, digits) if is_whole and is_disguised and n_alike <= _MAX_ALIKE else None


def _digits(part: re.Match[str]) -> str:
    """Return the digits that a part of a number stands for."""
    if part["teen"]:
        return str(10 + _TEENS.index(part["teen"]))
    if part["ten"]:
        return str(2 + _TENS.index(part["ten"])) + _ONES.get(part["unit"] or "nul", "0")
    return _ONES.get(part["one"]) or _LOOK_ALIKES.get(part["alike"]) or part["digit"]
