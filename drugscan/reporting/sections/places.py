"""Where: the places that ads name, on a map, and the provinces by their inhabitants."""

from __future__ import annotations

from drugscan.reporting.answers import Answers
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_COLUMNS = (
    *("place", "kind", "municipality", "province", "country"),
    *("ads", "messages", "accounts", "providers", "population", "ads_per_100000"),
)
_ON_THE_MAP = {"woonplaats", "wijk", "gemeente"}


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [_places(answers), _provinces(answers)]


def _places(answers: Answers) -> Figure:
    rows = answers["places"]
    drawn = [
        {key: row[key] for key in ("place", "lat", "lon", "ads", "messages", "providers")}
        for row in rows
        if row["country"] == "NL" and row["kind"] in _ON_THE_MAP and row["lat"] is not None
    ]
    names = dict(zip(("first", "second", "third"), (row["place"] for row in drawn), strict=False))
    return Figure(
        "places",
        "places",
        rows if drawn else [],
        _COLUMNS,
        chart="places",
        drawn=drawn,
        title="title_three" if len(names) == 3 else "title",
        values=names,
        half=True,
    )


def _provinces(answers: Answers) -> Figure:
    rows = sorted(answers["provinces"], key=lambda row: (-row["ads_per_100000"], row["province"]))
    return Figure(
        "provinces",
        "provinces",
        rows if any(row["ads"] for row in rows) else [],
        ("province", "ads_per_100000", "ads", "messages", "accounts", "providers", "population"),
        chart="provinces",
        values={"province": rows[0]["province"]} if rows else {},
        half=True,
    )
