"""The tables of single characters."""

import csv
import unicodedata
from importlib.resources import files

from drugscan.text.characters import CharacterTable


def test_every_character_folds_to_something_printable():
    table = CharacterTable()
    for code_point in range(0x30000):
        folded = table[code_point]
        assert folded == folded.lower()
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in folded.replace("\n", ""))
        assert len(folded) < 80


def test_lookalikes_are_sorted_unique_and_not_latin():
    text = files("drugscan.text").joinpath("lookalikes.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    characters = [row["character"] for row in rows]
    assert characters == sorted(set(characters))
    for row in rows:
        assert not row["character"].isascii()
        assert row["character"] == row["character"].lower()
        assert row["letter"] in "abcdefghijklmnopqrstuvwxyz"
        assert row["source"]
