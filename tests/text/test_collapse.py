from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drugscan.text import OncePerText, once_per_recent_text


def lengths(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


@given(st.lists(st.lists(st.sampled_from(["a", "bb", "ccc", "", "\ud800"])), max_size=6), st.integers(1, 4))
def test_says_what_the_function_says(batches, max_remembered):
    once = OncePerText(lengths, max_remembered=max_remembered)
    for batch in batches:
        assert once(batch) == lengths(batch)


@given(
    st.lists(st.lists(st.sampled_from(["a", "bb", "ccc", "dddd", ""])), max_size=6),
    st.integers(1, 4),
)
def test_batches_come_back_with_their_tags_whatever_is_forgotten_meanwhile(batches, max_remembered):
    once = OncePerText(lengths, max_remembered=max_remembered)
    once(["a", "bb"])
    assert list(once.stream(enumerate(batches))) == [
        (number, lengths(batch)) for number, batch in enumerate(batches)
    ]


def test_while_a_large_batch_is_dealt_with_the_next_is_worked_on():
    read = []
    large = ["x" * number for number in range(9_000)]
    batches = {"few": ["same", "few"], "large": [*large, "same"], "more": [*large, "more"], "last": ["more"]}

    def asked():
        for name, texts in batches.items():
            read.append(name)
            yield name, texts

    once = OncePerText(lengths, jobs=2)
    told = [(tag, found == lengths(batches[tag]), len(read)) for tag, found in once.stream(asked())]
    assert told == [("few", True, 1), ("large", True, 3), ("more", True, 3), ("last", True, 4)]
    assert once.n_computed == len({text for texts in batches.values() for text in texts})


def test_calls_once_per_distinct_text():
    calls = []
    once = OncePerText(lambda texts: calls.append(texts) or lengths(texts))
    once(["a", "b", "a"])
    once(["b", "c"])
    assert calls == [["a", "b"], ["c"]]
    assert once.n_computed == 3


def test_two_processes_say_the_same():
    texts = ["x" * (number % 3_001) + str(number) for number in range(4_000)]
    assert OncePerText(lengths, jobs=2)(texts) == lengths(texts)


def test_recent_texts_are_said_once_and_long_ones_do_not_pile_up():
    calls = []

    @once_per_recent_text
    def length(text: str, more: int) -> int:
        calls.append(text)
        return len(text) + more

    long, other_long = "x" * 5_000, "y" * 5_000
    for text in ("coke", "wiet", "coke", long, long, other_long, "wiet", long):
        assert length(text, 1) == len(text) + 1
    assert calls == ["coke", "wiet", long, other_long, long]
