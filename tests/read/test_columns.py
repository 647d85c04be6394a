from __future__ import annotations

from datetime import datetime, timezone

import pytest

from drugscan.read.columns import BadRowError, join_text, name_of
from drugscan.read.dates import parse_date


@pytest.mark.parametrize(
    "written",
    [
        "2023-05-01T12:00:00+02:00",
        "2023-05-01T10:00:00Z",
        "2023-05-01 10:00:00",
        "2023-05-01T10:00:00.000000Z",
        "01.05.2023 12:00:00 UTC+02:00",
        "01-05-2023 10:00",
        "2023/05/01 10:00:00",
        "1682935200",
        1682935200,
        1682935200.0,
        1682935200000,
        datetime(2023, 5, 1, 10),
    ],
)
def test_dates_in_all_writings_are_one_moment(written):
    assert parse_date(written) == datetime(2023, 5, 1, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "written", [None, "", "gisteren", "2023-13-01", 1e300, float("nan"), [], {}, "9" * 400]
)
def test_what_is_no_date_is_none(written):
    assert parse_date(written) is None


def test_names():
    assert name_of("x") == "x"
    assert name_of(-1001) == "-1001"
    assert name_of(12.0) == "12"
    assert [name_of(value) for value in ("", None, [], {}, float("nan"), 1.5, True)] == [None] * 7


def test_mixed_lists_are_joined_and_the_target_of_a_link_is_kept():
    mixed = [
        "a ",
        {"type": "bold", "text": "b"},
        {"type": "text_link", "text": "c", "href": "https://d.example"},
    ]
    assert join_text(mixed) == "a bc (https://d.example)"


@pytest.mark.parametrize("value", [5, True, {"text": "x"}, [5], [{"type": "bold"}], [["a"]]])
def test_other_things_are_no_texts(value):
    with pytest.raises(BadRowError, match="the text is"):
        join_text(value)
