"""The page: headline numbers, sections and method as one HTML file that needs nothing from outside."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from drugscan.analysis import definition
from drugscan.reporting.charts import javascript_bundle, load_chart
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words

Block = dict[str, Any]
"""What the template shows of a number, a picture or a section."""


def render(
    *,
    words: Words,
    title: str,
    lead: Sequence[str],
    numbers: Sequence[Block],
    sections: Mapping[str, Sequence[Figure]],
    known: str,
    traced: Sequence[tuple[str, str]],
    identities: bool,
) -> str:
    """Return the page.

    Parameters
    ----------
    words : Words
        The language.
    title, lead : str, sequence of str
        What was found, in a line and in a few sentences.
    numbers : sequence of dict
        ``name``, ``value`` and ``definition`` of each headline number.
    sections : mapping of str to sequence of Figure
        The pictures of each section, in order.
    known : {"known", "unmeasured", "unknown"}
        What is known of how reliable the model is: the page says so where its figures would stand.
    traced : sequence of (str, str)
        Names and values: what the numbers come from.
    identities : bool
        Whether people are shown as they are, which the page then says.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    template = environment.from_string(_read("page.html.jinja"), globals={"words": words.tables})
    # These and the style sheet are our own, and the only things that are not escaped.
    scripts = {"bundle": javascript_bundle(), "script": _read("page.js")}
    return template.render(
        lang=words.lang,
        version=version("drugscan"),
        policy=_policy(scripts.values()),
        title=title,
        lead=lead,
        warning=words.get("page.identities") if identities else "",
        numbers=numbers,
        headline_definition=definition("headline", lang=words.lang),
        sections=_sections(sections, words, known=known, identities=identities),
        limits=[
            words.fill(limit, how_many=words.get(f"method.how_many_{known}"))
            for limit in words.tables["method"]["limits"]
        ],
        traced=traced,
        locales=words.locales(),
        style=Markup(_read("style.css")),
        **{name: Markup(script) for name, script in scripts.items()},
    )


def _sections(
    sections: Mapping[str, Sequence[Figure]], words: Words, *, known: str, identities: bool
) -> list[Block]:
    """Return what the template shows; what a question counts stands under the first of its pictures."""
    defined = {"", "headline"}
    shown = []
    for name, figures in sections.items():
        blocks: list[Block] = []
        empty: list[str] = []
        left_out: list[str] = []
        for figure in figures:
            if not figure.rows:
                (left_out if figure.has_left_out else empty).append(
                    _topic(figure, words, identities=identities)
                )
                continue
            blocks.append(_block(figure, words, identities=identities, define=figure.question not in defined))
            defined.add(figure.question)
        heading = words.get(f"section.{name}")
        missing = {words.get("page.nothing"): empty, words.get("page.left_out"): left_out}
        opening = words.get(f"page.model_{known}") if name == "reliability" and known != "known" else ""
        shown.append(
            {"name": name, "heading": heading, "opening": opening, "figures": blocks, "missing": missing}
        )
    return shown


def _topic(figure: Figure, words: Words, *, identities: bool) -> str:
    """Return what a picture is about, whatever it finds."""
    own = words.tables["figure"][figure.name]
    template = own["topic_identities"] if identities and "topic_identities" in own else own["topic"]
    return words.fill(template, **figure.values)


def _block(figure: Figure, words: Words, *, identities: bool, define: bool) -> Block:
    """Return what the template shows of a picture."""
    own = words.tables["figure"][figure.name]
    body = figure.body(words)
    has_chart = bool(figure.chart) and not figure.is_undrawn
    chart = load_chart(figure.chart, figure.chart_rows(words), words) if has_chart else {}
    if figure.choices:
        chart["usermeta"] = {**chart.get("usermeta", {}), "choices": figure.chart_choices(words)}
    topic = _topic(figure, words, identities=identities) + (own.get("marks", "") if has_chart else "")
    title = words.fill(own[figure.title], **figure.values) if figure.title else ""
    more = words.fill(words.get("page.more"), shown=len(body), all=len(figure.rows))
    return {
        "name": figure.name,
        "half": figure.half,
        "title": title or topic,
        "topic": topic if title else "",
        "undrawn": words.fill(own["undrawn"], **figure.values) if figure.is_undrawn else "",
        "note": "" if figure.is_undrawn else words.fill(own["note"], **figure.values),
        "title_note": words.fill(own.get("title_note", ""), **figure.values) if title else "",
        "left_out": words.get("page.rows_left_out") if figure.has_left_out else "",
        "definition": definition(figure.question, lang=words.lang) if define else "",
        "question": figure.question,
        "chart": chart,
        "legend": chart.get("usermeta", {}).get("legend"),
        "choices": list(figure.choices),
        "zoom": has_chart and figure.chart == "places",
        "head": figure.head(words),
        "body": body,
        "csv": figure.csv_link(words),
        "more": more if len(figure.rows) > len(body) else "",
    }


def _policy(scripts: Iterable[str]) -> str:
    """Return what the page may do: run these scripts by their hashes, load nothing.

    See the W3C's Content Security Policy Level 3: should a text ever slip through the escaping, it could
    not run either.
    """
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    return (files("drugscan.reporting") / name).read_text("utf-8")
