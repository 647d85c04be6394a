"""The quick way to contacts finds those that folding finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drugscan.text import fold_with_offsets
from drugscan.traces import contact_spans

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


@given(st.lists(PIECES, max_size=12).map("".join))
def test_on_pieces_put_together(text):
    expected = fold_with_offsets(text.replace("\r\n", "\n")).contacts
    assert [span.form for span in contact_spans(text.replace("\r\n", "\n"))] == [
        span.form for span in expected
    ]
