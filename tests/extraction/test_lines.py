"""A line is read the same wherever it stands, and whatever was read before it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.extraction.lexer import tokenise
from drugscan.extraction.lines import read_lines
from drugscan.extraction.neighbours import weigh
from drugscan.extraction.offers import find_offers
from drugscan.extraction.readings import cheapest_readings
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import load_lexicon

LEXICON = load_lexicon()
PIECES = [
    *(
        "coke",
        "xtc",
        "oxy",
        "5",
        "1,50",
        "1/2",
        "10g",
        "3 kilo",
        "€ 5",
        "7 euro",
        "per gram",
        "p.s.",
        "x3",
        "1k",
    ),
    *("vanaf", "alles", "gratis", "strip", "halfje", "een", "voor", "/", "-", "=", "(", ")", "."),
]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_a_line_says_what_it_says_alone(written):
    text = "\n".join(written)
    substances = find_substances(text, LEXICON, is_ad=True)
    found = {line.start: line for line in read_lines(text, substances, LEXICON)}
    start = 0
    for one in written:
        own = [name for name in substances if start <= name.start < start + len(one)]
        moved = [name._replace(start=name.start - start, end=name.end - start) for name in own]
        tokens = tokenise(one, moved, LEXICON)
        if tokens and {"number", "quantity", "price"}.intersection(token.kind for token in tokens):
            weighed = weigh(tokens, one, LEXICON)
            assert [token.moved(start) for token in weighed] == found[start].tokens
            assert cheapest_readings(weighed, one) == found[start].readings
        elif tokens:
            assert [token.moved(start) for token in tokens] == found[start].tokens
            assert found[start].readings is None
        else:
            assert start not in found
        start += len(one) + 1


def test_a_line_is_read_in_its_own_place_each_time():
    first, second = read_lines("1g 50\n\n1g 50", [], LEXICON)
    assert [token.start for token in first.tokens] == [0, 3]
    assert [token.start for token in second.tokens] == [7, 10]
    assert first.readings == second.readings


def test_what_begins_a_text_is_not_told_by_its_end():
    """A number that begins a text has nothing before it, whatever the text ends with."""
    (line,) = read_lines("2 xtc =", find_substances("2 xtc =", LEXICON), LEXICON)
    (below,) = read_lines("\n2 xtc =", find_substances("\n2 xtc =", LEXICON), LEXICON)
    assert [token.moved(1) for token in line.tokens] == below.tokens
    assert find_offers("50 pg coke (=", find_substances("50 pg coke (=", LEXICON), LEXICON)
