"""The quick way to contacts finds those that folding finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drugscan.analysis import open_results
from drugscan.privacy.traces import contact_spans, find_traces
from drugscan.records import text_id
from drugscan.text import fold_with_offsets
from tests.analysis.folders import Post, Text, write_results
from tests.privacy.test_pseudonyms import ACCOUNTS, DISGUISED, HANDLES, NUMBERS

PIECES = st.sampled_from(
    ["06 0000 0123", "+31 6 0000 0123", "@voorbeeld_x", "t.me/voorbeeld", "a@voorbeeld.example", "wickr: ",
     "x", "❄️", "é", "0️⃣6️⃣", "𝟎𝟔", "½", "ﬁ", ",", ".", " ", "\n", "\r\n", "/", "5", "€", "🇳🇱", "signal ",
     "dealer_1"]
)  # fmt: skip


def test_on_labelled_texts(labelled):
    n_contacts = 0
    for record in labelled:
        found = contact_spans(record.text)
        assert found == fold_with_offsets(record.text).contacts, record.text
        n_contacts += len(found)
    assert n_contacts > 400


def places(spans):
    return {place for span in spans for place in range(span.start, span.end)}


@given(st.lists(PIECES, max_size=12).map("".join))
def test_on_pieces_put_together(text):
    text = text.replace("\r\n", "\n")
    # It may cut contacts that touch elsewhere, and right behind a flag find one more.
    assert places(fold_with_offsets(text).contacts) <= places(contact_spans(text))


def test_the_database_passes_over_no_text_with_a_trace(labelled, tmp_path):
    """It looks for signs first, in another engine."""
    texts = [record.text for record in labelled]
    texts += [
        around.format(written)
        for written in NUMBERS + HANDLES + DISGUISED + ACCOUNTS
        for around in ("{}", "á{}", "❄️ {}❄️", "{}!")
    ]
    texts.append("app ☏voorbeeldx")  # a sign that looks like no @, but is one
    posts = [Post(Text(text)) for text in dict.fromkeys(texts)]
    with open_results(write_results(tmp_path / "r", posts), key_file=tmp_path / "key") as opened:
        hidden = {row["text_id"]: row["text"] for row in opened.ask("texts").to_pylist()}
        pseudonyms = opened.pseudonyms
    expected = {pseudonyms.identity(text_id(text)): pseudonyms.text(text) for text in texts}
    assert hidden == expected
    assert len(set(hidden.values()) & set(texts)) > len(labelled) / 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("add WICKR jansvoorbeeld voor menu", ["jansvoorbeeld"]),
        ("wickr me jansvoorbeeld", ["jansvoorbeeld"]),
        ("Wickr alleen, geen telegram", []),
        ("wickr beschikbaar, wickr of signal", []),
    ],
)
def test_a_name_of_letters_alone_behind_an_app(text, names):
    assert [trace.value for trace in find_traces(text)] == names


@pytest.mark.parametrize("unseen", ["\u200b", "\x01", "\u2060"])
def test_a_handle_right_behind_another_is_found_through_characters_that_do_not_show(unseen):
    text = f"app @voorbeeld_a{unseen}@{unseen}voor{unseen}beeld"
    hidden = "".join(
        " " if any(trace.start <= place < trace.end for trace in find_traces(text)) else character
        for place, character in enumerate(text)
    )
    assert "beeld" not in hidden
