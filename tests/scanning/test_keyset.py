"""Keys against Python's own sets, whatever the bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drugscan.records import KEY_BYTES
from drugscan.scanning.keyset import KeySet

# Few values in each half, so that keys often agree in one of them.
halves = st.sampled_from([bytes(8), b"\0" * 7 + b"\1", b"\1" + b"\0" * 7, b"\x80" + bytes(7), b"\xff" * 8])
keys = st.tuples(halves, halves).map(b"".join) | st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)


@pytest.mark.parametrize("max_bytes", [0, 100, 1_000_000])
@given(batches=st.lists(st.lists(keys, max_size=12), max_size=12))
def test_it_says_what_a_set_says(max_bytes, batches):
    own, seen = set(), KeySet(max_bytes=max_bytes)
    for batch in batches:
        expected = []
        for position, key in enumerate(batch):
            if key not in own:
                own.add(key)
                expected.append(position)
        assert seen.add(b"".join(batch)).tolist() == expected
        assert len(seen) == len(own)
