"""What the database passes over without a close look holds nothing that leads to a person."""

from __future__ import annotations

import pytest

from drugscan.analysis import open_results
from tests.analysis.folders import Post, Text, write_results
from tests.privacy.test_pseudonyms import ACCOUNTS, DISGUISED, HANDLES, NUMBERS

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
WRITINGS = {
    "as it is": lambda text: text,
    "capitals": str.upper,
    "within a word": lambda text: f"x{text}y",
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "Cyrillic vowels": lambda text: text.replace("o", "о").replace("a", "а"),
    "full width": lambda text: text.translate(FULL_WIDTH),
    "zero width": "\u200b".join,
    "spaced": " ".join,
    "accents": lambda text: text.replace("e", "é").replace("i", "ı"),
    "emoji for blanks": lambda text: text.replace(" ", "🔥"),
    "emoji for signs": lambda text: text.replace(": ", "👉").replace(" -> ", "👉"),
    "emoji between": lambda text: text.replace(" ", " ❤️ "),
    "struck out": lambda text: "".join(f"{character}\u0336" for character in text),
}


@pytest.fixture(scope="module")
def written():
    contacts = [*NUMBERS, *HANDLES, *ACCOUNTS, *DISGUISED]
    return sorted({write(contact) for contact in contacts for write in WRITINGS.values()})


def test_what_is_hidden_in_a_text_is_hidden_in_the_table(written, tmp_path):
    folder = write_results(tmp_path / "r", [Post(Text(f"wiet {contact} utrecht")) for contact in written])
    with open_results(folder, key_file=tmp_path / "key") as opened:
        shown = set(opened.ask("texts")["text"].to_pylist())
        assert opened.pseudonyms is not None
        expected = {opened.pseudonyms.text(f"wiet {contact} utrecht") for contact in written}
    assert shown == expected
