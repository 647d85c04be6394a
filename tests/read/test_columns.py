from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.read.batches import RowReader
from drugscan.read.columns import BadRowError, Fields, join_text, name_of
from drugscan.read.dates import parse_date, parse_dates


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
        "01/05/2023 10:00:00",
        "1/5/2023, 10:00",
        "01.05.2023 10:00",
        "1 mei 2023 10:00",
        "1 May 2023 10:00:00",
        "1682935200",
        "2023-05-01 10:00:00 UTC",
        "2023-05-01 10:00:00.000 UTC",
        "2023-05-01 10:00:00 +0000",
        "2023-05-01 12:00:00 +02:00",
        "01/05/2023 10:00 UTC",
        "01/05/2023 12:00:00 +0200",
        "May 1, 2023 10:00",
        "May 1 2023, 10:00:00",
        "mei 1, 2023 10:00",
        "1682935200000000",
        1682935200000000,
        "1682935200000000000",
        1682935200,
        1682935200.0,
        1682935200000,
        datetime(2023, 5, 1, 10),
    ],
)
def test_dates_in_all_writings_are_one_moment(written):
    assert parse_date(written) == datetime(2023, 5, 1, 10, tzinfo=timezone.utc)


# The same on every Python, of which later ones read more forms by themselves.
@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2023-05-01T10:00:00.5Z", "2023-05-01T10:00:00.500000+00:00"),
        ("2023-05-01T10:00:00,25", "2023-05-01T10:00:00.250000+00:00"),
        ("2023-05-01T10:00:00.123456789Z", "2023-05-01T10:00:00.123456+00:00"),
        ("2023-05-01T10:00:00+0100", "2023-05-01T09:00:00+00:00"),
        ("2023-05-01 10:00:00+00", "2023-05-01T10:00:00+00:00"),
        ("2023-05-01T10:00:00.5-02:30", "2023-05-01T12:30:00.500000+00:00"),
        ("2023-05-01t10:00z", "2023-05-01T10:00:00+00:00"),
        ("2023-05-01 10:00", "2023-05-01T10:00:00+00:00"),
        ("2023-05-01", "2023-05-01T00:00:00+00:00"),
        ("2023-05-01T10:00:00+24:00", None),
        ("2023-05-01T24:00:00", None),
        ("2023-05-01T10:00:60", None),
        ("2023-02-29T10:00:00", None),
        ("2023-05-01T10:00.5", None),
        ("2023-W18-1", None),
        ("2023/04/03", "2023-04-03T00:00:00+00:00"),
        ("25/12/2023", "2023-12-25T00:00:00+00:00"),
        ("03.04.2023", "2023-04-03T00:00:00+00:00"),
        ("3 april 2023", "2023-04-03T00:00:00+00:00"),
        ("14 mrt. 2023", "2023-03-14T00:00:00+00:00"),
        ("03.04.2023 09:05:00 UTC-0230", "2023-04-03T11:35:00+00:00"),
        ("04/13/2023", None),
        ("03.04/2023", None),
        ("3 foo 2023", None),
        ("03/04/23", None),  # which of them is the year?
        ("2023-05-01 2:05", "2023-05-01T02:05:00+00:00"),
        ("2023-05-01 24:05", None),
        ("2023-05-01 10:00:00 CET", None),
        ("Mar 26, 2023", "2023-03-26T00:00:00+00:00"),
        ("September 3, 2023", "2023-09-03T00:00:00+00:00"),
        ("foo 3, 2023", None),
        ("1682935200123456", "2023-05-01T10:00:00.123456+00:00"),
        ("99999999999999999999", None),
        ("25/12/2023 25:00", None),
        ("2023-05-01T100000", None),
        ("20230501T100000Z", None),
    ],
)
def test_which_forms_of_iso_8601_are_known(written, moment):
    found = parse_date(written)
    assert (found and found.isoformat()) == moment


def test_a_day_is_its_midnight():
    assert parse_date(date(2023, 5, 1)) == datetime(2023, 5, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "written", [None, "", "gisteren", "2023-13-01", 1e300, float("nan"), [], {}, "9" * 400, 45000, "45000.5"]
)
def test_what_is_no_date_is_none(written):
    assert parse_date(written) is None


USUAL = st.builds(
    "{}-{}-{}{}{}:{}:{}{}".format,
    st.sampled_from(["2023", "1970", "0000", "1899", "2999"]),
    *(st.sampled_from(numbers) for numbers in (["01", "02", "13", "12"], ["28", "29", "31", "00"])),
    st.sampled_from("T "),
    *(st.sampled_from(numbers) for numbers in (["00", "23", "24"], ["00", "59", "60"], ["00", "59", "60"])),
    st.sampled_from(["", "Z", "+02:00", " +02:00", " UTC", "-14:30", "+24:00", "+0200", ".5Z", " "]),
)
ODD = st.sampled_from(
    [None, "", "gisteren", "2023-01-01", 1682935200, 1682935200.5, "1682935200", [], "\ud800"]
)


@settings(deadline=None)
@given(st.lists(USUAL | ODD, max_size=3) | st.lists(USUAL, min_size=1, max_size=3))
def test_a_column_of_dates_is_what_its_dates_are(values):
    expected = [date and date.replace(microsecond=0) for date in map(parse_date, values)]
    assert parse_dates(values).to_pylist() == expected


ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["text", "message", "cleaned_message", "id", "date", "sender", "from_id", "type"]),
        st.sampled_from(["", "wiet", "service", 7, 1.0, None, ["a"], [5], {"user_id": 3}, {"text": "x"}]),
    ),
    max_size=8,
)


@given(ROWS)
def test_rows_are_read_alike_together_and_one_by_one(rows):
    numbers = range(1, len(rows) + 1)
    together = RowReader("a", Fields()).read(numbers, rows)
    alone = [
        RowReader("a", Fields()).read([number], [row]) for number, row in zip(numbers, rows, strict=True)
    ]
    assert together.batch.messages() == [one for found in alone for one in found.batch.messages()]
    assert together.bad == [bad for found in alone for bad in found.bad]
    assert together.n_service == sum(found.n_service for found in alone)
    assert len(together.batch) + len(together.bad) + together.n_service == len(rows)


def test_names():
    assert name_of("x") == "x"
    assert name_of(-1001) == "-1001"
    assert name_of(12.0) == "12"
    assert name_of(Decimal("-1001.00")) == "-1001"
    assert name_of("jan één".encode()) == "jan één"
    assert [name_of(value) for value in (Decimal("1.5"), Decimal("nan"), b"", b"\xff")] == [None] * 4
    assert [name_of(value) for value in ("", None, [], {}, float("nan"), 1.5, True)] == [None] * 7


def test_ids_that_pandas_wrote_are_those_of_other_rows():
    rows = [
        {"text": "a", "id": "7.0", "sender_id": "12345.0", "sender": "8.0", "chat_id": "-1001.0"},
        {"text": "b", "id": "7.5", "sender_id": "12345", "sender": "", "chat_id": "groep-1.0"},
    ]
    batch = RowReader("a", Fields()).read([1, 2], rows).batch
    assert batch.sender_id == ["12345", "12345"]
    assert (batch.message_id, batch.chat_id) == (["7", "7.5"], ["-1001", "groep-1.0"])
    assert batch.sender == ["8.0", None]


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
