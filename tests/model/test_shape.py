from __future__ import annotations

import time

import pytest

from drugscan.model.shape import SHAPE_FEATURES, shape
from drugscan.text import fold


def features(text: str) -> dict[str, float]:
    return dict(zip(SHAPE_FEATURES, shape([fold(text)])[0].tolist(), strict=True))


def test_counts_what_a_price_list_shows():
    seen = features(
        "Menu ❄️❄️🍁\n- 1 gram €50\n- 5 gram 230 euro\n10 stuks 20,-\nApp 06 0000 0123 of @voorbeeld_x"
    )
    assert seen["words"] == 15
    assert seen["numbers"] == 6
    assert seen["emoji"] == 3
    assert seen["count of '\\n'"] == 4
    assert seen["longest_line"] == len("app contact_phone of contact_handle")


def test_decoration_changes_nothing_but_the_count_of_emoji():
    plain, decorated = features("coke 5g 100"), features("🔥coke🔥 ✨5g✨ 🔥100")
    changed = {name for name in plain if plain[name] != decorated[name]}
    assert changed == {"emoji"}


def test_an_empty_text_and_no_texts():
    assert features("")["characters"] == 0
    assert shape([]).shape == (0, len(SHAPE_FEATURES))


@pytest.mark.parametrize("text", ["1" * 100_000, "€ " * 50_000, "\n" * 100_000, ":a" * 50_000])
def test_hostile_texts_take_little_time(text):
    begin = time.process_time()
    shape([text])
    assert time.process_time() - begin < 2
