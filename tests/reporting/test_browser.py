"""The report in a browser: what is drawn, what answers to the mouse, what leaves the page."""

from __future__ import annotations

import json

import pytest

MARKS = """[...document.querySelectorAll('.chart')].map(chart => [chart.dataset.of,
    [...chart.querySelectorAll('.role-mark path, .role-mark line')]
        .filter(mark => mark.getBBox().width + mark.getBBox().height > 0).length])"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RIGHT_EDGE = """Math.max(...[...document.querySelectorAll('.chart svg')]
    .map(drawing => drawing.getBoundingClientRect().right))"""


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_every_picture_is_drawn_and_fits(chromium, year, make_page, width, dark):
    page = make_page(year, lang="nl" if dark else "en")
    chromium.open(page, width=width, dark=dark)
    assert chromium.errors == []
    assert chromium.requests == [page.as_uri()]
    marks = dict(chromium.evaluate(MARKS))
    assert len(marks) > 15
    assert [name for name, n in marks.items() if not n] == []
    assert chromium.evaluate(OVERFLOW) == 0
    assert chromium.evaluate(RIGHT_EDGE) <= width


def test_colours_follow_light_and_dark(chromium, year, make_page):
    seen = []
    for dark in (False, True):
        chromium.open(make_page(year), dark=dark)
        bar = "document.querySelector('[data-of=delivery] .mark-rect path')"
        colours = f"[getComputedStyle(document.body).backgroundColor, getComputedStyle({bar}).fill]"
        seen += chromium.evaluate(colours)
    assert len(set(seen)) == 4
    assert all(colour.startswith("rgb(") for colour in seen)


def test_hovering_shows_a_tooltip(chromium, year, make_page):
    chromium.open(make_page(year))
    for figure, mark, expected in (
        ("trend", ".mark-rect path", "share ads"),
        ("by_substance", ".mark-rect path", "distinct ads"),
        ("places", ".dots path", "providers"),
        ("prices_g", ".mark-symbol path", "median"),
    ):
        where = f"document.querySelector('[data-of={figure}] {mark}')"
        chromium.evaluate(f"{where}.scrollIntoView({{block: 'center'}})")
        box = f"(box => [box.x + box.width / 2, box.y + box.height / 2])({where}.getBoundingClientRect())"
        x, y = chromium.evaluate(box)
        chromium.move_to(x + 1, y)
        chromium.move_to(x, y)
        chromium.wait_for("document.querySelector('#vg-tooltip-element.visible')")
        assert expected in chromium.evaluate("document.getElementById('vg-tooltip-element').innerText")
        chromium.move_to(0, 0)
        chromium.wait_for("!document.querySelector('#vg-tooltip-element.visible')")


def test_the_map_zooms_moves_and_goes_back(chromium, year, make_page):
    chromium.open(make_page(year))
    shape = "document.querySelector('[data-of=places] .mark-shape path').getBBox().width"
    before = chromium.evaluate(shape)
    chromium.evaluate("document.querySelector('[data-zoom=\"1.6\"]').click()")
    chromium.wait_for(f"{shape} > {before} * 1.5")
    chromium.evaluate("document.querySelector('[data-of=places]').scrollIntoView({block: 'center'})")
    where = "document.querySelector('[data-of=places] svg').getBoundingClientRect()"
    x, y = chromium.evaluate(f"[{where}.x + 200, {where}.y + 200]")
    dot = "document.querySelector('.dots path').getBoundingClientRect().x"
    at = chromium.evaluate(dot)
    chromium.drag((x, y), (x + 50, y))
    chromium.wait_for(f"Math.abs({dot} - {at} - 50) < 2")
    chromium.evaluate("document.querySelector('[data-zoom=\"0\"]').click()")
    chromium.wait_for(f"Math.abs({shape} - {before}) < 1")


def test_the_reader_chooses_what_a_picture_shows(chromium, year, make_page):
    chromium.open(make_page(year))
    for figure, mark in (("places", ".dots path"), ("prices_by_month", ".mark-symbol path")):
        shapes = (
            f"[...document.querySelectorAll('[data-of={figure}] {mark}')].map(dot => dot.outerHTML).join()"
        )
        at_first = chromium.evaluate(shapes)
        choose = f"""(choice => {{
            choice.selectedIndex = %d;
            choice.dispatchEvent(new Event('change', {{bubbles: true}}));
        }})(document.querySelector('#{figure} select'))"""
        chromium.evaluate(choose % 1)
        chromium.wait_for(f"{shapes} !== {json.dumps(at_first)}")
        chromium.evaluate(choose % 0)
        chromium.wait_for(f"{shapes} === {json.dumps(at_first)}")
    assert chromium.errors == []


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_texts_do_nothing(chromium, hostile, make_page, width):
    page = make_page(hostile, identities=True)
    chromium.open(page, width=width)
    assert chromium.errors == []
    assert chromium.requests == [page.as_uri()]
    assert chromium.evaluate("document.title") != "taken"
    assert chromium.evaluate(OVERFLOW) == 0
    chromium.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.taken = 1\">')"
    )
    run = "document.body.append(Object.assign(document.createElement('script'), {text: 'window.taken = 1'}))"
    chromium.evaluate(run)
    assert chromium.evaluate("window.taken") is None, "the page's policy lets other scripts run"


def test_it_prints_in_the_colours_of_paper(chromium, year, make_page, tmp_path):
    chromium.open(make_page(year), dark=True)
    chromium.print_to(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    chromium.send("Emulation.setEmulatedMedia", media="print")
    assert chromium.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert chromium.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
