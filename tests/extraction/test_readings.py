"""The cheapest reading of a line, held by one that tries all ways to cut it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.extraction.gaps import gap_cost
from drugscan.extraction.lexer import tokenise
from drugscan.extraction.possible import possible_readings
from drugscan.extraction.readings import cheapest_readings, cost_of, is_in_order
from drugscan.extraction.vocabulary import amount_rules
from drugscan.lexicon import load_lexicon

PIECES = st.sampled_from(["1", "5", "20", "1g", "10 gram", "€ 50", "per gram", "vanaf", "alles", "extra"])
JOINTS = st.sampled_from([" ", " = ", ", ", " / ", "/", " - ", " + ", " voor ", " en "])


def all_ways(possible, n_tokens, first=0):
    """Return all ways to cut a line from a token on, as lists of readings."""
    if first == n_tokens:
        return [[]]
    ways = all_ways(possible, n_tokens, first + 1)
    for reading in possible[first]:
        ways += [[reading, *way] for way in all_ways(possible, n_tokens, reading.last)]
    return ways


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PIECES, JOINTS), min_size=1, max_size=6))
def test_no_way_to_cut_a_line_costs_less(pieces):
    text = "".join(piece + joint for piece, joint in pieces)
    line = tokenise(text, [], load_lexicon())
    possible = possible_readings(line, text, {})
    ways = all_ways(possible, len(line))
    found = cheapest_readings(line, text)
    cheapest = min((way for way in ways if is_in_order(way)), key=lambda way: cost_of(way, line))
    if not is_in_order(found):
        # Prices stand before some amounts and behind others only where any one order costs far more.
        least = min(cost_of(way, line) for way in ways)
        assert cost_of(found, line) == least < cost_of(cheapest, line) - amount_rules()["costs"]["any_order"]
        return
    if len(found) == 1 and found[0] not in possible[found[0].first]:
        # The only amount of a line goes with its only price, however far, where nothing else is a pair.
        assert "pair" not in {reading.rule for reading in cheapest}
    else:
        assert cost_of(found, line) == cost_of(cheapest, line)


def test_stronger_joints_cost_less():
    def cost(gap):
        return gap_cost(gap, 0, len(gap))

    assert cost(" = ") < cost(" ") < cost(" - ") < cost(", ") < cost(" en ")
    assert cost(" :fire: ") == cost(" ")
    assert cost(" zeer goede kwaliteit van de plank ") > cost(" zeer goed ")
