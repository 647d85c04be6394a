"""Pseudonyms: keyed, the same everywhere, and nothing of a person left in a text."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drugscan.errors import SettingsError
from drugscan.privacy.names import KnownNames
from drugscan.privacy.pseudonyms import Pseudonyms, load_key
from drugscan.privacy.traces import find_traces

KEY = bytes(range(32))
NUMBER = "0600000123"
BOXES = "".join(f"{digit}\ufe0f\u20e3" for digit in NUMBER)

# However a number is written: the text must lose it.
NUMBERS = [
    "06 0000 0123",
    "06-00000123",
    "+31 6 0000 0123",
    "0031600000123",
    "(06) 0000.0123",
    "0 6 0 0 0 0 0 1 2 3",
    "06_0000_0123",
    "06*0000*0123",
    "06\n0000\n0123",
    "06x00x00x01x23",
    "06 x 00 x 00 x 01 x 23",
    "6 0000 0123",
    "plus31600000123",
    "plus 31 6 0000 0123",
    "nul zes nul nul nul nul nul een twee drie",
    "06 nul nul nul nul 0123",
    "O6 OOOO O123",
    "٠٦٠٠٠٠٠١٢٣",
    "𝟎𝟔 𝟎𝟎𝟎𝟎 𝟎𝟏𝟐𝟑",
    "⓪⑥⓪⓪⓪⓪⓪①②③",
    BOXES,
    "https://wa.me/31600000123",
    "06 ❤️ 00 ❤️ 00 ❤️ 01 ❤️ 23",
    "06 🔥🔥 0000 🔥🔥 0123",
    "+31 6 👉🏽👉🏽 0000 👉🏽👉🏽 0123",
    "06 -> 00000123",
    "06:    00000123",
    "06....00....00....01....23",
    "06*0*0*0*0*0*1*2*3",
]
HANDLES = [
    "@voorbeeld_x",
    "@ voorbeeld_x",
    "@Voorbeeld_X",
    "@v o o r b e e l d _ x",
    "＠voorbeeld_x",
    "@𝕧𝕠𝕠𝕣𝕓𝕖𝕖𝕝𝕕_𝕩",
    "@voorbeeld\u200b_x",
    "t.me/voorbeeld_x",
    "t . me / voorbeeld_x",
    "t(.)me/voorbeeld_x",
    "t[dot]me/voorbeeld_x",
    "tg://resolve?domain=voorbeeld_x",
    "DM: voorbeeld7x",
    "dm voorbeeld_x",
    "app: voorbeeldx",
    "contact voorbeeldx op telegram",
    "Contact: voorbeeldx",
    "stuur voorbeeldx7 een bericht",
    "vragen mag aan voorbeeld_x",
    "voorbeeld_x.t.me",
    "tg id 0000000123",
    "[hier](https://t.me/voorbeeld_x?start=1)",
    "telegram voorbeeld_x",
    "wickr: voorbeeld_x",
    "voorbeeld_x@voorbeeld.example",
    *(
        f"{app} voorbeeldx"
        for app in ("Telegram:", "TG:", "tg", "signal:", "signal", "insta", "ig naam insta", "kik")
    ),
    *(f"{app}: voorbeeldx" for app in ("sc", "SC", "ig", "snp", "sgnl", "👻", "👻️", "_ig")),
    *(f"{app} voorbeeld.42" for app in ("sc", "ig", "IG naam", "snp is", "sgnl", "👻")),
    *(f"voorbeeldx ({app})" for app in ("snap", "Snap", "sc", "tg", "wire", "👻")),
    "👻voorbeeldx",
    "👻 snap voorbeeldx",
    "signal telegram voorbeeldx",
    "_tg voorbeeldx",
    "discord voorbeeldx#0123",
    "Discord: voorbeeldx#0123",
    "𝗧𝗲𝗹𝗲𝗴𝗿𝗮𝗺: 𝘃𝗼𝗼𝗿𝗯𝗲𝗲𝗹𝗱𝘅",
    "voorbeeld at proton dot me",
    "voorbeeld apenstaartje proton punt me",
    "voorbeeld (at) proton (dot) me",
    "voorbeeld at proton.me",
    "voorbeeld@proton dot me",
    "telegra.ph/voorbeeld-01",
    "telegra dot ph/voorbeeld-01",
    "linktr.ee/voorbeeld",
    "www.voorbeeld.biz",
    "www.voorbeeld.delivery/x",
    "voorbeeld.market",
    "voorbeeld @ gmail . com",
    "t.me\\voorbeeld_x",
    *(
        f"{app}{sign}voorbeeldx"
        for app in ("tg", "telegram", "Snap", "wickr")
        for sign in ("; ", " -> ", "-->", " → ", " ➡️ ")
    ),
]
DISGUISED = [
    "06 twaalf 34 56 78",
    "nul zes twaalf vierendertig zesenvijftig achtenzeventig",
    "nul zes twaalf vier en dertig zes-en-vijftig 78",
    "+31 6 twaalf 34 56 78",
    "o6l2345678",
    "06 l2 34 56 78",
]
ACCOUNTS = [
    "bc1qvoorbeeldvoorbeeldvoorbeeld0123",
    "1Voorbee1dVoorbee1dVoorbee1dVoorb",
    "3Voorbee1dVoorbee1dVoorbee1dVoorb",
    "TVoorbee1dVoorbee1dVoorbee1dVoorb2",
    "0x" + "0123" * 10,
    "4A" + "Voorbee1d" * 10 + "123",
    "NL00VOOR0000000123",
    "NL00 VOOR 0000 0001 23",
    "BE00 0000 0000 0123",
]


@pytest.mark.parametrize("written", NUMBERS + HANDLES + ACCOUNTS)
@pytest.mark.parametrize("around", ["{}", "Coke 1 g 50 euro, app {} of kom langs", "{},{}", "menu\n{}\n{}"])
def test_nothing_is_left_of_a_contact(written, around):
    hidden = Pseudonyms(KEY).text(around.replace("{}", written))
    outside = re.sub(r"\[\w+\]", "", hidden)
    letters = "".join(character for character in outside if character.isalnum()).lower()
    for left in ("0000", "0123", "voorbee", "oooo", "proton", "nl00", "be00", "٠٠٠", "𝟎𝟎", "⓪⓪", "nulnul"):
        assert left not in letters
    assert "[" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Coke 1g 50, 5g 230, 10g 400 bezorging Utrecht",
        "3mmc 10-25-50 gram, vanaf 14.00 tot 02.00 uur",
        "xtc 10 20 30 40 50 stuks",
        "Wie heeft er een fiets te koop? 100 euro",
        "Postcode 1234 AB, huisnummer 56",
        "€1.000.000 prijzengeld op 31-12-2023",
        "Telegram alleen, signal niet, snap je",
        "Telegram: coke 1g 50",
        "DM: prijzen en foto, pb voor meer, bestellen op telegram, dm 24 uur",
        "Sc heerlijk, ig alleen vandaag, veilig nodig 50",
        "Bezorging (telegram), wiet (sc), snap (signal)",
        "👻 wiet 5 gram 👻 altijd 👻🍄 voorbeeldsoort",
        "❄️ 1.0 50 ❄️ 2.0 95 ❄️ 5.0 225",
        "sneeuw in gram:\n1.0 ➡️ 50\n2.0 ➡️ 95\n3.5 ➡️ 160",
        "06 uur twaalf 10 20 30",
        "hij at thuis. Punt uit, kijk at the market",
        "1gr45euro2gr85euro5gr195euro",
        "wiet/hasj, 10.5/gram, de 10 20 30 40 50 60 70",
    ],
)
def test_what_is_no_contact_stays(text):
    assert Pseudonyms(KEY).text(text) == text


def test_a_contact_has_one_pseudonym_however_written_and_wherever():
    pseudonyms = Pseudonyms(KEY)
    digits = pseudonyms.value("phone", "+31600000123").removeprefix("phone_")
    for written in [*NUMBERS[:15], "wa.me/31600000123"]:
        assert digits in pseudonyms.text(written), written
    handle = pseudonyms.value("account", "Voorbeeld_X").removeprefix("account_")
    for written in ("@voorbeeld_x", "t.me/Voorbeeld_x", "@𝕧𝕠𝕠𝕣𝕓𝕖𝕖𝕝𝕕_𝕩"):
        assert handle in pseudonyms.text(written), written


@pytest.mark.parametrize("written", DISGUISED)
def test_a_number_in_disguise_has_the_pseudonym_of_the_plain_one(written):
    phone = Pseudonyms(KEY).value("phone", "+31612345678")
    assert Pseudonyms(KEY).text(f"app {written}, 50 euro") == f"app [{phone}], 50 euro"


def test_an_address_in_disguise_has_the_pseudonym_of_the_plain_one():
    pseudonyms = Pseudonyms(KEY)
    expected = pseudonyms.text("voorbeeld@proton.me")
    assert pseudonyms.text("voorbeeld at proton dot me") == expected
    assert pseudonyms.text("voorbeeld apenstaartje proton punt me") == expected


def test_pseudonyms_are_hmac_sha256():
    expected = hmac.new(KEY, b"user1", hashlib.sha256).hexdigest()[:12]
    assert Pseudonyms(KEY).value("account", "USER1") == f"account_{expected}"
    assert Pseudonyms(KEY + b"x").value("account", "USER1") != f"account_{expected}"
    inner, outer = Pseudonyms(b"k" * 100).pads()  # a key longer than a block is hashed first
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + b"user1").digest()).hexdigest()
    assert by_hand == hmac.new(b"k" * 100, b"user1", hashlib.sha256).hexdigest()


def test_terms_with_underscores_are_no_names():
    assert Pseudonyms(KEY).text("coke_1g_50, 3_mmc en ____wiet____") == "coke_1g_50, 3_mmc en ____wiet____"


def test_known_accounts_are_hidden_in_texts():
    pseudonyms = Pseudonyms(KEY)
    pseudonyms.known = KnownNames([("account", "voorbeeld_x")])
    expected = pseudonyms.value("account", "voorbeeld_x")
    assert pseudonyms.text("vraag Voorbeeld_X maar") == f"vraag [{expected}] maar"
    pseudonyms.known = KnownNames([("account", "voorbeeldx")])
    assert pseudonyms.text("vraag voorbeeldxy maar") == "vraag voorbeeldxy maar"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_only_traces_change(text):
    """What stands between the traces stands there still."""
    hidden = Pseudonyms(KEY).text(text)
    done = 0
    for trace in find_traces(text):
        if trace.start >= done:
            before = text[done : trace.start]
            assert before in hidden
        done = max(done, trace.end)
    assert hidden.endswith(text[done:])


@pytest.mark.parametrize(
    "piece",
    [
        *[
            "06 ",
            "@",
            "@a ",
            "0",
            "t . ",
            "a_1",
            "@voorbeeld_x ",
            "06 twaalf ",
            "o6l",
            "a at b ",
            "x@y dot ",
            "a1",
        ],
        *["nl00 aaaa 0", "signal: ", "tg a.", "voorbeeld een twee ", "ig a", "ig is a-", "👻", "a (sc)"],
    ],
)
def test_time_grows_linearly_with_hostile_text(piece):
    pseudonyms = Pseudonyms(KEY)
    pseudonyms.known = KnownNames(("chat", "voorbeeld een twee" * n) for n in range(1, 9))

    def seconds(n_characters: int) -> float:
        text = piece * (n_characters // len(piece))
        start = time.process_time()
        pseudonyms.text(text)
        return time.process_time() - start

    seconds(1_000)
    short = min(seconds(80_000) for _ in range(2))
    assert seconds(640_000) < 8 * 3 * short + 0.1


def test_key_is_made_once_and_only_for_its_owner(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    key = load_key()
    file = tmp_path / "config" / "drugscan" / "key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_key() == key
    assert load_key(tmp_path / "other") != key


def test_two_that_make_a_key_at_once_get_the_same(tmp_path):
    file = tmp_path / "key"
    made = []
    token_hex = secrets.token_hex

    def slowly(n_bytes: int) -> str:
        if not made:
            made.append(b"")
            made[0] = load_key(file)
        return token_hex(n_bytes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_hex", slowly)
        assert load_key(file) == made[0]
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def test_no_half_made_key_stays(tmp_path, monkeypatch):
    def interrupted(_: int) -> str:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_hex", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_key(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(os, "link", _no_links)
    assert load_key(tmp_path / "key") == load_key(tmp_path / "key")
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


def _no_links(*_: object) -> None:
    raise PermissionError("Operation not permitted")


@pytest.mark.parametrize(
    ("text", "mode", "problem"),
    [
        ("00" * 32, 0o644, "others can read the key; chmod 600 it"),
        ("00" * 8, 0o600, "is no key; a key is 64 hexadecimal digits"),
        ("geheim", 0o600, "is no key"),
        ("é", 0o600, "is no key"),
    ],
)
def test_keys_that_are_none(tmp_path, text, mode, problem):
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingsError, match=problem):
        load_key(file)


def test_a_key_that_cannot_be_made(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read or made"):
        load_key(tmp_path / "nowhere" / "key")
    with pytest.raises(SettingsError, match="too short"):
        Pseudonyms(b"short")
