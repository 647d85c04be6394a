"""Names of senders and chats are found in texts; what any ad says is not."""

from __future__ import annotations

import pytest

from drugscan.analysis import open_results
from drugscan.privacy.names import KnownNames
from tests.analysis.folders import Post, Text, write_results


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Jan Voorbeeldsen", "Groet JAN  voorbeeldsen!", ["JAN  voorbeeldsen"]),
        ("🔥 Geheimclub Eindhoven ❄️", "van Geheimclub Eindhoven", ["Geheimclub Eindhoven"]),
        ("sneeuwvoorbeeld", "vraag Sneeuwvoorbeeld, sneeuwvoorbeelden niet", ["Sneeuwvoorbeeld"]),
        ("Voorbéeldsen", "groet 𝐕𝐨𝐨𝐫𝐛𝐞𝐞𝐥𝐝𝐬𝐞𝐧", ["𝐕𝐨𝐨𝐫𝐛𝐞𝐞𝐥𝐝𝐬𝐞𝐧"]),
        ("Jan de Boer", "bel jan de boer", ["jan de boer"]),
        ("een twee voorbeeld " * 9, "een twee voorbeeld " * 9, ["een twee voorbeeld " * 2 + "een twee"] * 3),
        ("coke_dealer", "coke_dealer heeft coke", ["coke_dealer"]),
        ("Coke", "coke 1g", []),
        ("Utrecht", "in Utrecht", []),
        ("Bezorging", "bezorging", []),
        ("Coke in Den Haag", "coke in den haag", []),
        ("50 euro", "50 euro", []),
        ("5gram", "5gram 50", []),
        ("niet", "ik niet", []),
        ("Jan", "in jan 2023", []),
        ("06", "06", []),
        ("Bob", "vraag Bob, geen bob", ["Bob"]),
        ("1000000123", "id 1000000123, niet 10000001234", ["1000000123"]),
        ("王明", "vraag 王明, niet 王明明", ["王明"]),
        ("김철수", "vraag 김철수!", ["김철수"]),
        ("王 小明", "vraag 王 小明", ["王 小明"]),
        ("김 철", "vraag 김 철", ["김 철"]),
        ("さくら", "vraag さくら", ["さくら"]),
        ("王", "vraag 王", []),
        ("राम कुमार", "vraag राम कुमार, niet राम कुमारी", ["राम कुमार"]),
        ("สมหญิง", "vraag สมหญิง of สมหญงิ", ["สมหญิง"]),
        ("Ян", "vraag Ян", []),
    ],
)
def test_what_is_found_of_a_name(name, text, found):
    assert [text[trace.start : trace.end] for trace in KnownNames([("sender", name)]).find(text)][:3] == found


def test_the_longest_name_counts():
    known = KnownNames([("sender", "Voorbeeldsen"), ("chat", "Voorbeeldsen Groep")])
    assert [trace.kind for trace in known.find("voorbeeldsen, Voorbeeldsen groep")] == ["sender", "chat"]


def test_texts_and_columns_have_the_same_pseudonyms(tmp_path):
    text = "Groet Jan Voorbeeldsen van Geheimclub Eindhoven, coke in Utrecht"
    fields = {"sender": "Jan Voorbeeldsen", "forwarded_from": "Coke"}
    folder = write_results(tmp_path / "r", [Post(Text(text), "user1", "Geheimclub Eindhoven", fields=fields)])
    with open_results(folder, key_file=tmp_path / "key") as opened:
        (row,) = opened.ask("messages").to_pylist()
        (shown,) = opened.ask("texts")["text"].to_pylist()
    assert shown == f"Groet [{row['sender']}] van [{row['chat']}], coke in Utrecht"
