"""Charts as data: Vega and Vega-Lite specifications in ``charts/``, filled with rows and words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from drugscan.reporting.words import Words

# "@column.ads" is a key of the words; within a longer string, an expression, it becomes a quoted string.
_WORD = re.compile(r"@([a-z_]+\.\w+)")


def load_chart(name: str, rows: Sequence[Mapping[str, Any]], words: Words) -> dict[str, Any]:
    """Return a specification ready to draw.

    Parameters
    ----------
    name : str
        A file in ``charts/``. Its data named ``rows`` become the rows, its ``url`` the content of the file
        beside it, and what begins with ``@`` the words of that key.
    rows : sequence of mappings
        What to draw.
    words : Words
        The language.

    Returns
    -------
    dict
        A Vega or Vega-Lite specification that holds all that it needs.
    """
    chart = json.loads(_read(f"{name}.json"))
    if "vega-lite" in chart["$schema"]:
        chart = {**json.loads(_read("defaults.json")), **chart}
        chart["height"] = _height(chart, rows)
    filled: dict[str, Any] = _fill(chart, rows, words)
    return filled


def _height(chart: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return a height in pixels: Vega-Lite warns of a width that fits beside a height in steps."""
    height = chart["height"]
    if not isinstance(height, dict):
        return height
    field = chart["encoding"]["y"]["field"]
    return height["step"] * max(1, len({row.get(field) for row in rows}))


def _fill(node: Any, rows: Sequence[Mapping[str, Any]], words: Words) -> Any:
    if isinstance(node, list):
        return [_fill(one, rows, words) for one in node]
    if isinstance(node, str):
        return _in_words(node, words)
    if not isinstance(node, dict):
        return node
    if node.get("name") == "rows":
        return {**node, "values": list(rows)}
    if "url" in node:
        content = {"values": json.loads(_read(node["url"]))}
        return content | {key: value for key, value in node.items() if key != "url"}
    return {key: _fill(value, rows, words) for key, value in node.items()}


def _in_words(text: str, words: Words) -> str:
    if whole := _WORD.fullmatch(text):
        return words.get(whole[1])
    return _WORD.sub(lambda match: json.dumps(words.get(match[1]), ensure_ascii=False), text)


def _read(name: str) -> str:
    return (files("drugscan.reporting") / "charts" / name).read_text("utf-8")


@cache
def javascript_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that needs nothing else."""
    import vl_convert

    return str(vl_convert.javascript_bundle(snippet="window.vegaEmbed = vegaEmbed;"))
