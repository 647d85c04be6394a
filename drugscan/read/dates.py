"""Dates as people and programs write them, one by one and a column at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST_SECOND = 4_102_444_800  # the year 2100; a larger number counts thousandths: milliseconds, or of those
_SMALLER_UNITS = 3  # milliseconds, microseconds, nanoseconds
_NUMBER = re.compile(r"-?\d{1,19}(?:\.\d{1,9})?")
_SMALLEST = 100_000_000  # the year 1973; a smaller number is a day as Excel counts them, or 20230501
_MONTHS = {
    name: number
    for names in (
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
}
_WRITTEN = re.compile(
    "(?:([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"
    "|([0-9]{1,2})(?:([./-])([0-9]{1,2})\\5| ([a-z]{3,9})\\.? )([0-9]{4}))"
    "(?:,? ([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?(?: (?:utc)?(?:([+-][0-9]{2}):?([0-9]{2}))?)?)?"
)
_MONTH_FIRST = re.compile(r"^([a-z]{3,9}\.?) ([0-9]{1,2}),? (?=[0-9]{4})")
_ISO = re.compile(
    "([0-9]{4}-[0-9]{2}-[0-9]{2})"
    "(?:.((?:[01]?[0-9]|2[0-3]):[0-5][0-9])(?:(:[0-5][0-9])(?:[.,]([0-9]+))?)?"
    "( ?(?:[Zz]|UTC|(?:UTC)?([+-][0-9]{2})(?::?([0-5][0-9]))?))?)?"
)
# The usual form in whole seconds, which Arrow and parse_date read alike.
_USUAL = (
    "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?$"
)


def parse_date(value: Any) -> datetime | None:
    """Return a moment in UTC; None where there is none, or it cannot be read.

    Parameters
    ----------
    value : str, int, float, date, datetime or None
        ISO 8601, seconds since 1970 or their thousandths (or thousandths of those), year/month/day, or day,
        month and year in that order, parted by dots, dashes or slashes, or with the month's name in Dutch or
        English, which may stand first; also a ``date``. A time without a zone is taken to be UTC.

    Examples
    --------
    >>> parse_date("1672531200") == parse_date("2023-01-01T01:00:00+01:00") == parse_date("2023-01-01")
    True
    """
    if value is None or value == "":
        return None
    try:
        value = value.strip() if isinstance(value, str) else value
        if isinstance(value, str) and (_begins_with_year(value) or not _NUMBER.fullmatch(value)):
            moment = _parse_written(value)
        elif isinstance(value, (str, int, float, Decimal)):
            seconds = float(value)
            if 0 < abs(seconds) < _SMALLEST:
                return None
            for _ in range(_SMALLER_UNITS):
                if seconds > _LAST_SECOND:
                    seconds /= 1000
            moment = _EPOCH + timedelta(seconds=seconds)
        else:
            moment = value if isinstance(value, datetime) else _midnight(value)
        if moment is None:
            return None
        if moment.tzinfo is timezone.utc:
            return moment
        return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def parse_dates(values: Sequence[Any]) -> pa.TimestampArray:
    """Return what :func:`parse_date` says of each value, in whole seconds.

    Examples
    --------
    >>> parse_dates(["2023-01-01T00:00:00Z", None, "gisteren"]).null_count
    2
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    in_utc = pa.timestamp("s", tz="UTC")
    with suppress(pa.ArrowException, UnicodeEncodeError):  # what is no text
        written = pa.array(values, pa.string())
        if pc.all(pc.match_substring_regex(written, _USUAL)).as_py():
            for form in (in_utc, pa.timestamp("s")):  # all with a zone, or all without
                with suppress(pa.ArrowException):  # or a 30th of February among them
                    return written.cast(form).cast(in_utc)
    return pa.array([parse_date(value) for value in values], in_utc)


def _parse_written(value: str) -> datetime | None:
    """Return a moment written as text; ValueError or None if it is of no known form."""
    if _begins_with_year(value):  # the usual form
        return _parse_iso(value)
    found = _WRITTEN.fullmatch(_MONTH_FIRST.sub(r"\2 \1 ", value.lower()))
    if found is None:
        return _parse_iso(value)
    year, month, day, day_first, _, numbered, named, year_last, *clock = found.groups()
    hour, minute, second = (int(part or 0) for part in clock[:3])
    whole_day = int(year or year_last), int(month or numbered or _MONTHS.get(named, 0)), int(day or day_first)
    moment = datetime(*whole_day, hour, minute, second)
    zone = ":".join(filter(None, clock[3:]))
    return _parse_iso(moment.isoformat() + zone) if zone else moment


def _midnight(value: Any) -> datetime | None:
    return datetime.combine(value, time.min) if isinstance(value, date) else None


def _parse_iso(value: str) -> datetime | None:
    """Return a moment of ISO 8601, in the one form that ``fromisoformat`` of every Python reads alike."""
    found = _ISO.fullmatch(value)
    if found is None:
        return None
    day, time, seconds, fraction, zone, hours, minutes = found.groups()
    if time is None:
        return datetime.fromisoformat(day)
    written = f"{day}T{time:0>5}{seconds or ':00'}"
    if fraction:
        written += f".{fraction[:6]:0<6}"
    if zone:
        written += f"{hours}:{minutes or '00'}" if hours else "+00:00"
    return datetime.fromisoformat(written)


def _begins_with_year(value: str) -> bool:
    return value[4:5] == "-" and value[:4].isdigit()
