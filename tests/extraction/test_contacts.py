from __future__ import annotations

import pytest

from drugscan.extraction.extract import extract

WRITINGS = {
    ("phone", "+31600000123"): [
        "06-0000 0123",
        "0600000123",
        "06 00 00 01 23",
        "06.0000.0123",
        "06/00000123",
        "(06) 0000 0123",
        "06_0000_0123",
        "0-6-0-0-0-0-0-1-2-3",
        "O6 OOOO O123",
        "+31 6 0000 0123",
        "+31 (0)6 0000 0123",
        "+31(0)600000123",
        "0031600000123",
        "316 0000 0123",
        "nul zes 0000 0123",
        "nul zes nul nul nul nul nul een twee drie",
        "zero six 0000 0123",
        "0️⃣6️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
        "𝟎𝟔 𝟎𝟎𝟎𝟎 𝟎𝟏𝟐𝟑",
        "WhatsApp 06 0000 0123",
        "https://t.me/+31600000123",
    ],
    ("phone", "+316xx000123"): ["06 xx 00 01 23", "06 ** 00 01 23"],
    ("phone", "+31182500123"): ["0182-500123", "0182 50 01 23"],
    ("phone", "+32470000123"): [
        "0470 00 01 23",
        "0470/00.01.23",
        "+32 470 00 01 23",
        "+32 (0)470 00 01 23",
        "0032470000123",
        "32470000123",
    ],
    ("phone", "+3230000123"): ["03 000 01 23", "03/000.01.23"],
    ("phone", "+4915100000123"): ["+49 151 00000123", "+49 (0)151 0000 0123", "0151 00000123"],
    ("phone", "+33600000123"): ["+33 6 00 00 01 23", "0033600000123"],
    ("whatsapp", "+31600000123"): [
        "wa.me/31600000123",
        "https://wa.me/+31600000123?text=hoi",
        "https://api.whatsapp.com/send?phone=31600000123",
        "whatsapp://send?phone=31600000123",
    ],
    ("telegram", "@voorbeeld_x"): [
        "@Voorbeeld_X",
        "tg: voorbeeld_x",
        "telegram: @voorbeeld_x",
        "t.me/Voorbeeld_X",
        "https://t.me/Voorbeeld_X",
        "http://www.t.me/voorbeeld_x",
        "t.me/s/voorbeeld_x",
        "t.me/voorbeeld_x/123",
        "t . me / voorbeeld_x",
        "t.me\\voorbeeld_x",
        "telegram.me/voorbeeld_x",
        "tg://resolve?domain=voorbeeld_x",
        "voorbeeld_x.t.me",
        "https://voorbeeld_x.t.me/",
        "https://web.telegram.org/k/#@voorbeeld_x",
    ],
    ("link", "t.me/+AbCdEfGh123"): ["https://t.me/+AbCdEfGh123", "HTTPS://T.ME/+AbCdEfGh123"],
    ("link", "t.me/+abcdefgh123"): ["𝐭.𝐦𝐞/+𝐀𝐛𝐂𝐝𝐄𝐟𝐆𝐡𝟏𝟐𝟑"],
    ("telegram", "5550000123"): ["tg id 5550000123", "Telegram id: 5550000123"],
    ("signal", "+31600000123"): ["https://signal.me/#p/+31600000123"],
    ("signal", "voorbeeld.42"): ["signal: voorbeeld.42", "Signal voorbeeld.42", "signal id voorbeeld.42"],
    ("wickr", "voorbeeld_x1"): [
        "wickr: voorbeeld_x1",
        "Wickr me: voorbeeld_x1",
        "wickr - voorbeeld_x1",
        "𝗪𝗶𝗰𝗸𝗿 me: voorbeeld_x1",
        "W\u200bi\u200bc\u200bk\u200br: voorbeeld_x1",
    ],
    ("threema", "abcd1234"): [
        "Threema ID: ABCD1234",
        "threema ABCD1234",
        "threema-ABCD1234",
        "https://threema.id/ABCD1234",
    ],
    ("session", "05" + 64 * "a"): ["Session ID: 05" + 64 * "A", "05" + 64 * "a"],
    ("snapchat", "voorbeeld_x"): ["snap: voorbeeld_x", "snapchat voorbeeld_x"],
    ("email", "voorbeeld@voorbeeld.example"): [
        "Voorbeeld@Voorbeeld.example",
        "voorbeeld[at]voorbeeld.example",
        "voorbeeld (at) voorbeeld (dot) example",
        "voorbeeld [at] voorbeeld[punt]example",
    ],
}


@pytest.mark.parametrize(
    ("text", "expected"), [(text, expected) for expected, texts in WRITINGS.items() for text in texts]
)
def test_contacts_are_always_written_the_same_way(text, expected):
    (found,) = extract([f"Wiet te koop {text}"])
    assert [(one["kind"], one["value"]) for one in found["contacts"]] == [expected]


@pytest.mark.parametrize(
    "text",
    ["5 voor 220, 10 voor 400", "open 14:00-06:00", "wiet 3 16 25", "1.000 stuks 0,80", "session is vol"],
)
def test_what_is_no_contact(text):
    assert extract([text])[0]["contacts"] == []
