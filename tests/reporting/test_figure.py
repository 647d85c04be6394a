from __future__ import annotations

import base64
import csv
import io
from datetime import date

from drugscan.reporting.figure import MAX_TABLE_ROWS, Figure
from drugscan.reporting.words import Words

ROWS = [
    {"substance": "cocaine", "period": date(2023, 5, 1), "ads": 1234, "median_eur": 49.5, "ads_share": 0.25},
    {"substance": "weed", "period": None, "ads": 5, "median_eur": None, "ads_share": 0.0},
]
COLUMNS = ("substance", "period", "ads", "median_eur", "ads_share")


def csv_of(figure, lang="en"):
    return base64.b64decode(figure.csv_link(Words(lang)).split(",")[1]).decode("utf-8")


def csv_rows(figure):
    return list(csv.reader(io.StringIO(csv_of(figure))))


def test_a_table_is_written_as_its_language_does():
    figure = Figure("x", "by_substance", ROWS, COLUMNS)
    assert [cell for cell, _ in figure.head(Words("nl"))] == [
        "middel",
        "periode",
        "unieke advertenties",
        "mediaan",
        "aandeel van advertenties",
    ]
    assert figure.body(Words("nl")) == [
        [
            ("cocaïne", "text"),
            ("1 mei 2023", "date"),
            ("1.234", "number"),
            ("€ 49,50", "number"),
            ("25,0%", "number"),
        ],
        [("wiet", "text"), ("–", "date"), ("5", "number"), ("–", "number"), ("0,0%", "number")],
    ]


def test_a_month_is_written_as_one_and_not_as_its_first_day():
    rows = [{"month": date(2023, 5, 1), "first_date": date(2023, 5, 1)}]
    figure = Figure("x", "", rows, ["month", "first_date"])
    assert figure.body(Words("nl")) == [[("mei 2023", "date"), ("1 mei 2023", "date")]]


def test_a_list_is_named_in_the_table_and_as_it_is_in_the_csv():
    figure = Figure("x", "", [{"substances": ["weed", "xtc"]}], ["substances"])
    assert figure.body(Words("nl")) == [[("wiet, xtc-pillen", "text")]]
    assert csv_rows(figure)[1] == ['["weed", "xtc"]']


def test_the_csv_has_values_as_they_are_and_no_formulas():
    rows = [{**ROWS[0], "substance": '=cmd|"/c calc"!A1'}, ROWS[1]]
    assert csv_rows(Figure("x", "by_substance", rows, COLUMNS)) == [
        list(COLUMNS),
        ['\'=cmd|"/c calc"!A1', "2023-05-01", "1234", "49.5", "0.25"],
        ["weed", "", "5", "", "0.0"],
    ]


def test_the_csv_of_a_dutch_page_is_one_that_a_dutch_excel_opens():
    figure = Figure("x", "by_substance", [{**ROWS[0], "substance": "a;b"}, ROWS[1]], COLUMNS)
    assert csv_of(figure, "nl").split("\r\n") == [
        "\ufeffsubstance;period;ads;median_eur;ads_share",
        '"a;b";2023-05-01;1234;49,5;0,25',
        "weed;;5;;0,0",
        "",
    ]


def test_a_heading_can_be_one_for_its_question():
    rows = [{"period": 13}]
    for question, heading in {"by_hour": "uur", "by_month": "periode"}.items():
        assert Figure("x", question, rows, ["period"]).head(Words("nl")) == [(heading, "number")]


def test_a_lone_surrogate_does_not_break_the_csv():
    assert csv_rows(Figure("x", "", [{"text": "\ud800"}], ["text"]))[1] == ["\\ud800"]


def test_a_page_shows_the_first_rows_and_the_start_of_texts_the_csv_all():
    rows = [{"text": "w" * 5_000, "ads": number} for number in range(MAX_TABLE_ROWS + 5)]
    figure = Figure("x", "", rows, ["text", "ads"])
    body = figure.body(Words("en"))
    assert len(body) == MAX_TABLE_ROWS
    assert len(body[0][0][0]) < 500
    assert len(csv_rows(figure)) == len(rows) + 1
    assert csv_rows(figure)[1][0] == rows[0]["text"]


def test_charts_get_names_in_place_of_ids():
    figure = Figure(
        "x", "", [{"substance": "xtc", "copies_band": "1000-9999", "period": date(2023, 5, 1)}], []
    )
    assert figure.chart_rows(Words("en")) == [
        {"substance": "ecstasy pills", "copies_band": "1,000–9,999", "period": "2023-05-01"}
    ]
