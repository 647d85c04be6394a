"""Reading misspelt names through indexes against comparing them with every name."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from drugscan.extraction.unknown_words import UnknownWords
from drugscan.lexicon import load_lexicon

LEXICON = load_lexicon()
UNKNOWN = UnknownWords(LEXICON)


def names_of(table) -> list[str]:
    keys = (entry.key.strip("*") for entry in table if entry.context == "none")
    return sorted({key for key in keys if len(key) >= 6 and key.isascii() and key.isalpha()})


SUBSTANCES = names_of(LEXICON.substances)
PLACES = sorted(set(names_of(LEXICON.places)) - set(SUBSTANCES))


def edited(name: str, edits: list[tuple[int, str]]) -> str:
    """Change, put in, leave out or swap letters behind the first."""
    for place, letter in edits:
        at = 1 + place % (len(name) - 1)
        how = place % 4
        if how == 0:
            name = name[:at] + letter + name[at + 1 :]
        elif how == 1:
            name = name[:at] + letter + name[at:]
        elif how == 2:
            name = name[:at] + name[at + 1 :]
        else:
            name = name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
    return name


def distances(word: str, names: list[str]) -> dict[str, int]:
    return {name: OSA.distance(word, name) for name in names if name[0] == word[0]}


EDITS = st.lists(st.tuples(st.integers(0, 99), st.sampled_from("aeinrst")), min_size=1, max_size=2)


@settings(max_examples=300)
@given(st.sampled_from(SUBSTANCES + PLACES), EDITS)
def test_a_misspelt_name_is_the_nearest_of_all_names(name, edits):
    word = edited(name, edits)
    nearest_edits, nearest_name = UNKNOWN.nearest_name(word) or (3, "")
    to_place, to_substance = distances(word, PLACES), distances(word, SUBSTANCES)
    place = min(to_place.values(), default=9)
    substance = min(to_substance.values(), default=9)
    reach = 2 if len(word) >= 9 else 1
    if min(place, substance) == 1:
        assert nearest_edits == 1
        assert (to_place if place == 1 else to_substance)[nearest_name] == 1
    elif substance == reach == 2 < place:
        assert nearest_edits == to_substance[nearest_name] == 2
    elif min(place, substance) > 0:
        assert not nearest_name


def test_the_nearest_name_that_counts_is_read():
    assert UNKNOWN.read("kwetamine").entry.value == "ketamine"
    assert UNKNOWN.read("mephedronne").entry.value == "4mmc"
    assert UNKNOWN.read("rottterdam").is_place
    assert UNKNOWN.read("rotterdams") is None
