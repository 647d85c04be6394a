"""The one pass of all tables against a slow, obvious search for each form."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.extraction.gazetteer import ROLES, Candidate, Gazetteer
from drugscan.extraction.unknown_words import CONFIDENCE, UNKNOWN_WORD, UnknownWords
from drugscan.lexicon import load_lexicon
from drugscan.lexicon.keys import mark, words_only
from drugscan.lexicon.loader import Entry
from drugscan.text import fold

LEXICON = load_lexicon()
GAZETTEER = Gazetteer(LEXICON)
UNKNOWN = UnknownWords(LEXICON)
PATTERNS = [
    (table, entry, re.compile(rf"(?<!\S){re.escape(entry.key).replace(chr(92) + '*', '[^ ]*')}(?!\S)"))
    for table in ("substances", "places", "cues")
    for entry in getattr(LEXICON, table)
    if entry.value not in ROLES
]


def slow_search(text: str) -> dict[str, list[tuple[int, int, Entry, float]]]:
    """Look for each form by itself, then for the meaning of each word that begins none."""
    words = words_only(mark(text))
    found = {"substances": [], "places": [], "cues": []}
    for table, entry, pattern in PATTERNS:
        if entry.key.strip("*") in words:
            for match in re.finditer(f"(?=({pattern.pattern}))", words):
                found[table].append((*match.span(1), entry, CONFIDENCE[entry.context]))
    starts = {hit[0] for hits in found.values() for hit in hits}
    for match in UNKNOWN_WORD.finditer(words):
        reading = UNKNOWN.read(match[0])
        if reading and match.start() not in starts:
            table = "places" if reading.is_place else "substances"
            found[table].append((*match.span(), reading.entry, reading.confidence))
    return found


def longest_first(hits: list[tuple[int, int, Entry, float]], text: str) -> list[Candidate]:
    kept: list[Candidate] = []
    for start, end, entry, confidence in sorted(
        hits, key=lambda hit: (hit[0], -hit[1], -len(hit[2].key.strip("*")), "*" in hit[2].key, hit[2].id)
    ):
        if "\n" not in text[start:end] and (not kept or start >= kept[-1].end):
            kept.append(Candidate(start, end, entry, confidence))
    return kept


def test_finds_what_a_search_for_each_form_finds(few_labelled):
    for record in few_labelled[::4]:
        text = fold(record.text)
        scene, slow = GAZETTEER.find_forms(text), slow_search(text)
        assert scene.substances == longest_first(slow["substances"], text)
        assert scene.places == longest_first(slow["places"], text)
        assert {tuple(cue) for cue in scene.cues} == set(slow["cues"])


WORDS = "coke 2c-b k€ta w!t! wit* *wit c*ke :horse: :horse:a 3 mmc a'dam @ 50 € \n - ketamientje utrechtt"
PIECES = st.sampled_from(WORDS.split(" "))


@settings(max_examples=200)
@given(st.one_of(st.lists(PIECES, max_size=10).map(" ".join), st.text(max_size=40)).map(fold))
def test_prepares_a_text_as_a_whole_as_it_does_part_by_part(text):
    scene = GAZETTEER.find_forms(text)
    assert scene.text == mark(text)
    assert scene.words == words_only(mark(text))
