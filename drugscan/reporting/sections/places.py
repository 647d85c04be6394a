"""Where: the places that ads name, on a map, and the provinces by their inhabitants."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from drugscan.reporting.answers import LEAST, Answers, first_three
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

_COLUMNS = (
    *("place", "kind", "municipality", "province", "country"),
    *("ads", "messages", "accounts", "providers", "population", "ads_per_100000"),
)
# The map of charts/places.json: its steps of zoom, pixels to a degree of longitude, pixels of a letter.
_ZOOMS = tuple(1.6**step for step in range(-1, 6))  # a phone begins below 1
_NEVER = 1000.0
_MOST_NAMES = 200
_PIXELS_A_DEGREE = 14.2 * 490 * math.pi / 180
_COSINE = math.cos(math.radians(52.18))
_LETTER = (8, 22)
# What the map can show beside all ads, so that the page stays small.
_MOST_SUBSTANCES = 10
_MOST_PLACES = 100
_ON_THE_MAP = {"woonplaats", "wijk", "gemeente"}


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    return [_places(answers, words), _provinces(answers, words)]


def _places(answers: Answers, words: Words) -> Figure:
    rows = answers["places"]
    drawn = _with_room_for_names(
        {key: row[key] for key in ("place", "lat", "lon", "ads", "messages", "providers")}
        for row in rows
        if row["country"] == "NL" and row["kind"] in _ON_THE_MAP and row["lat"] is not None
    )
    names = first_three(drawn, "place")
    return Figure(
        "places",
        "places",
        rows,
        _COLUMNS,
        chart="places",
        drawn=drawn,
        title={0: "", 1: "title", 3: "title_three"}[len(names)],
        values={**names, "most": _MOST_PLACES},
        choices=_by_substance(answers, drawn, words),
        half=True,
    )


def _by_substance(
    answers: Answers, all_drawn: list[dict[str, Any]], words: Words
) -> dict[str, list[dict[str, Any]]]:
    """Return what the map can show: ads for anything, or those for one of the substances offered most."""
    on_the_map = {row["place"]: row for row in all_drawn}
    of_substances: dict[str, list[dict[str, Any]]] = {}
    for row in answers["places_by_substance"]:  # those with most ads first
        if place := on_the_map.get(row["place"]):
            counts = {key: row[key] for key in ("ads", "messages", "providers")}
            of_substances.setdefault(row["substance"], []).append(place | counts)
    n_ads = {substance: sum(row["ads"] for row in rows) for substance, rows in of_substances.items()}
    most = sorted(n_ads, key=lambda substance: (-n_ads[substance], substance))[:_MOST_SUBSTANCES]
    if not most:
        return {}
    named = {words.name("substance", one): of_substances[one][:_MOST_PLACES] for one in most}
    return {words.get("page.all_substances"): all_drawn, **named}


def _with_room_for_names(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return places, the largest first, with the zoom from which on there is room for their names.

    A name has room where it meets no name of a larger place. ``named_from`` is that zoom, for a map of
    490 pixels' width.
    """
    placed: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        row["named_from"] = _NEVER
        if number < _MOST_NAMES:
            zooms = (zoom for zoom in _ZOOMS if not any(_meet(row, other, zoom) for other in placed))
            row["named_from"] = next(zooms, _NEVER)
        placed.append(row)
    return placed


def _meet(row: dict[str, Any], other: dict[str, Any], zoom: float) -> bool:
    """Tell whether two names, centred above their places, touch once both are shown."""
    zoom = max(zoom, other["named_from"])
    across = abs(row["lon"] - other["lon"]) * _PIXELS_A_DEGREE * zoom
    down = abs(row["lat"] - other["lat"]) * _PIXELS_A_DEGREE * zoom / _COSINE
    letters = (len(row["place"]) + len(other["place"])) / 2
    return bool(across < letters * _LETTER[0] and down < _LETTER[1])


def _provinces(answers: Answers, words: Words) -> Figure:
    def rate(row: dict[str, Any]) -> Fraction:
        return Fraction(row["ads"], row["population"])

    rows = sorted(answers["provinces"], key=lambda row: (-rate(row), row["province"]))
    first = [row["province"] for row in rows if rate(row) == rate(rows[0])]
    title = "title" if len(first) == 1 else "title_tie"
    return Figure(
        "provinces",
        "provinces",
        rows if any(row["ads"] for row in rows) else [],
        ("province", "ads_per_100000", "ads", "messages", "accounts", "providers", "population"),
        chart="provinces",
        drawn=[{**row, "written": words.decimal(row["ads_per_100000"])} for row in rows],
        title=title if rows and rows[0]["ads"] >= LEAST else "",
        values={"province": ", ".join(first)},
        half=True,
    )
