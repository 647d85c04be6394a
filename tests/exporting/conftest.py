"""A results folder in which identities stand everywhere that they can, and where none may come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.folders import Post, Text, write_results

HOSTILE = '=HYPERLINK("http://voorbeeld.example")<script>alert(1)</script>\x1b[31m\u202e\x00 wiet te koop'


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(tmp_path_factory.mktemp("planted") / "results", planted_posts())


def planted_posts() -> list[Post]:
    contacts = [("phone", "+31600000123"), ("telegram", "@geheim_x"), ("link", "geheim.example/winkel")]
    written = [
        "App 06 0000 0123 of @geheim_x, geheim.example/winkel",
        "App 06-00000123 of t.me/Geheim_X of https://geheim.example/winkel",
        "bel nul zes nul nul nul nul nul een twee drie, vraag geheim_y",
        "0️⃣6️⃣ 0️⃣0️⃣0️⃣0️⃣ 0️⃣1️⃣2️⃣3️⃣ of ＠geheim_x",
        "06.0000.0123,06 0000 0123,@ g e h e i m _ x",
        "mail geheim@geheim.example, signal: geheim.12",
    ]
    offer = {"substance": "weed", "quantity": 5, "unit": "g", "price_eur": 50}
    return [
        Post(
            Text(
                f"Wiet 5 g 50 euro, bezorging in heel Goes en omstreken\n{words}",
                ("drugsad", "softdrugs", "bezorging") if number < 5 else ("geendrugsad",),
                ["weed"] if number < 5 else [],
                ["Goes"] if number < 5 else [],
                [offer] if number < 5 else [],
                contacts if number < 5 else (),
            ),
            account=account,
            chat=chat,
            fields={
                "sender": sender,
                "forwarded_from": "https://t.me/geheim_z",
                "chat_id": chat_id,
                "source": "geheim_export/+31600000123.json",
            },
        )
        for number, words in enumerate(written)
        for account, sender in (("geheim_y", "Geheim Naam"), ("31600000123", "@geheim_x"), (None, None))
        for chat, chat_id in (("@geheim_groep", None), ("Geheime groep 06 0000 0123", "-10031600000123"))
    ]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    posts = [
        Post(Text(HOSTILE, ("drugsad", "softdrugs"), ["weed"]), account=name, chat=name)
        for name in ("=1+1", "+cmd", "-x", "@x", "\tx", "<b>x</b>", 'a;b,c"d\ne', "\u202egord", "n" * 40_000)
    ]
    posts.append(Post(Text("lang " * 30_000, ("drugsad",)), account="user1"))
    return write_results(tmp_path_factory.mktemp("hostile") / "results", posts)
