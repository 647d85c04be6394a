"""Each format holds the same rows, opens elsewhere, and carries no harm."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing

import pyarrow
import pytest
from pyarrow import parquet

from drugscan import export
from drugscan.analysis import Results, definition
from drugscan.errors import OutputError, SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import harmless
from drugscan.exporting.export import write_answers
from drugscan.exporting.query import export_query
from drugscan.exporting.spreadsheet import write_xlsx
from drugscan.plain import plain
from drugscan.write import open_writer
from tests.conftest import full_disk

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_rows(path, number: int) -> list[list[str]]:
    """Return the texts and numbers of a sheet, counted from 1."""
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    assert not list(root.iter(f"{SHEET}f")), "a formula"
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{SHEET}row")]


def test_all_formats_hold_the_same_rows(planted, tmp_path):
    paths = {
        suffix: tmp_path / f"places.{suffix}" for suffix in ("csv", "parquet", "xlsx", "sqlite", "geojson")
    }
    for path in paths.values():
        export(planted, ["places"], path, key_file=tmp_path / "key")
    expected = parquet.read_table(paths["parquet"]).to_pylist()
    assert [row["place"] for row in expected] == ["Goes"]
    assert [row["place"] for row in csv.DictReader(io.StringIO(paths["csv"].read_text("utf-8")))] == ["Goes"]
    assert sheet_rows(paths["xlsx"], 2)[1][0] == "Goes"
    with sqlite3.connect(paths["sqlite"]) as connection:
        connection.row_factory = sqlite3.Row
        assert [dict(row) for row in connection.execute("select * from places")] == expected
    connection.close()
    (feature,) = json.loads(paths["geojson"].read_text("utf-8"))["features"]
    assert feature["geometry"]["coordinates"] == [expected[0]["lon"], expected[0]["lat"]]
    assert feature["properties"] | {"lat": expected[0]["lat"], "lon": expected[0]["lon"]} == expected[0]


# What a query can give, and what stands in JSON for it.
ODD_VALUES = {
    "1234::hugeint": 1234,
    "170141183460469231731687303715884105727::hugeint": float(2**127),
    "18446744073709551615::ubigint": float(2**64),
    "sum(record)": 666,
    "round(1.234, 2)": 1.23,
    "interval 1 day": "1 day",
    r"'\xAB\x00'::blob": r"\xAB\x00",
    "[1, 2]": [1, 2],
    "[1.5::decimal(4, 2)]": [1.5],
    "[interval 1 day]": '["1 day"]',
    "{'a': 1}": {"a": 1},
    "map {'a': interval 1 day}": '{"a":"1 day"}',
    "union_value(a := 1)": "1",
    "uuid '00000000-0000-0000-0000-000000000001'": "00000000-0000-0000-0000-000000000001",
    "time '12:00:00'": "12:00:00",
    "timestamptz '2023-01-02 03:04:05+00'": "2023-01-02T03:04:05+00:00",
    "date '1850-01-01'": "1850-01-01",
    "date '12020-01-01'": "12020-01-01",
    "null": None,
    "'nan'::double": None,
    "'inf'::float": None,
    "true": True,
}


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "sqlite", "geojson"])
def test_a_query_may_give_any_type(planted, tmp_path, suffix):
    columns = [f"{value} as c{number}" for number, value in enumerate(ODD_VALUES)]
    sql = f"select {', '.join(columns)}, 51.5 as lat, 4 as lon from messages"
    path = tmp_path / f"x.{suffix}"
    export_query(planted, sql, path, key_file=tmp_path / "key")
    if suffix == "parquet":
        table = parquet.read_table(path)
        assert (table["c5"][0].as_py(), table["c10"][0].as_py()) == ("1 day", {"a": 1})
    if suffix == "sqlite":
        with closing(sqlite3.connect(path)) as connection:
            row = connection.execute("select * from query").fetchone()
        assert row[:7] == (1234, float(2**127), float(2**64), 666, 1.23, "1 day", r"\xAB\x00")
    if suffix == "xlsx":
        assert sheet_rows(path, 2)[1][3:6] == ["666", "1.23", "1 day"]
    if suffix == "geojson":
        (feature,) = json.loads(path.read_text("utf-8"))["features"]
        assert feature["geometry"]["coordinates"] == [4, 51.5]
        assert list(feature["properties"].values()) == list(ODD_VALUES.values())


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "sqlite"])
def test_columns_may_have_any_name(planted, tmp_path, suffix):
    sql = """select 1 as a, 2 as a, 3 as "A", 4 as "q""x", 5 as "=1+1", 6 as "a,b", 7 as "c\x1b[31m" """
    path = tmp_path / f"x.{suffix}"
    export_query(planted, sql, path, key_file=tmp_path / "key")
    if suffix == "csv":
        header, row = csv.reader(io.StringIO(path.read_text("utf-8")))
        assert header == ["a", "a_1", "A_2", 'q"x', "'=1+1", "a,b", "c[31m"]
        assert row == [*"1234567"]
    if suffix == "sqlite":
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("select * from query")
            assert [column[0] for column in found.description][:4] == ["a", "a_1", "A_2", 'q"x']


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "sqlite", "geojson"])
@pytest.mark.parametrize("wrong", ["cast('x' as integer)", "error('x')"])
def test_what_is_wrong_with_a_late_row_is_said_as_of_the_first(planted, tmp_path, suffix, wrong):
    """Rows come in batches: this one is in the fourth."""
    sql = f"select case when range > 190_000 then {wrong} else 1 end as lat, 1 as lon from range(200_000)"
    with pytest.raises(SettingsError, match=r"^query: \w+ (Input )?Error: .*x"):
        export_query(planted, sql, tmp_path / f"x.{suffix}", key_file=tmp_path / "key")
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(("lat", "lon"), [("1", "null::double"), ("'nan'::double", "1")])
def test_a_place_that_is_nowhere_is_no_point(planted, tmp_path, lat, lon):
    export_query(
        planted, f"select {lat} as lat, {lon} as lon", tmp_path / "x.geojson", key_file=tmp_path / "key"
    )
    assert json.loads((tmp_path / "x.geojson").read_text("utf-8"))["features"] == []
    with pytest.raises(SettingsError, match="has no coordinates"):
        export_query(
            planted, "select 'x' as lat, 1 as lon", tmp_path / "y.geojson", key_file=tmp_path / "key"
        )


def test_times_in_csv_are_whole_seconds(planted, tmp_path):
    export(planted, ["messages"], tmp_path / "messages.csv", key_file=tmp_path / "key")
    assert "2023-01-01 00:00:00Z," in (tmp_path / "messages.csv").read_text("utf-8")


def test_a_workbook_shows_times_with_their_seconds_and_days_without(planted, tmp_path):
    sql = """select date '2023-05-01' as d, timestamptz '2023-05-01 12:34:56+00' as t,
        timestamp '2023-05-01 12:34:56' as u, 'x' as s"""
    export_query(planted, sql, tmp_path / "x.xlsx", key_file=tmp_path / "key")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet2.xml"))
        styles = ET.fromstring(archive.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{SHEET}numFmt")}
    cells = [codes.get(one.get("numFmtId")) for one in styles.find(f"{SHEET}cellXfs")]
    day, moment, zoneless, text = list(sheet.iter(f"{SHEET}row"))[1]
    assert [cells[int(cell.get("s", 0))] for cell in (day, moment, zoneless)] == [
        "yyyy-mm-dd",
        'yyyy-mm-dd hh:mm:ss "UTC"',
        "yyyy-mm-dd hh:mm:ss",
    ]
    assert float("".join(moment.itertext())) % 1 == pytest.approx((12 * 3600 + 34 * 60 + 56) / 86_400)
    assert text.get("s") is None
    (column,) = sheet.iter(f"{SHEET}col")
    assert (column.get("min"), float(column.get("width")) >= 19) == ("2", True)


def test_definitions_go_along(planted, tmp_path):
    words = definition("ads")
    export(planted, ["ads"], tmp_path / "ads.parquet", key_file=tmp_path / "key")
    assert parquet.read_schema(tmp_path / "ads.parquet").metadata[b"definition"].decode() == words
    export(planted, ["ads"], tmp_path / "ads.xlsx", key_file=tmp_path / "key")
    assert words in sheet_rows(tmp_path / "ads.xlsx", 1)[0]


def test_sqlite_has_keys_indexes_and_views(planted, tmp_path):
    names = ["messages", "texts", "ads", "offers", "accounts", "provider_summary"]
    export(planted, names, tmp_path / "all.db", key_file=tmp_path / "key")
    connection = sqlite3.connect(tmp_path / "all.db")
    try:
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        references = {row[2] for row in connection.execute("pragma foreign_key_list(messages)")}
        assert references == {"accounts", "texts"}
        assert connection.execute("select count(*) from posted_texts").fetchone() == (36,)
        assert connection.execute("select distinct price_eur from ad_offers").fetchall() == [(50.0,)]
        assert connection.execute("select min(date) from messages").fetchone() == ("2023-01-01T00:00:00Z",)
        (labels,) = connection.execute("select labels from ads limit 1").fetchone()
        assert "drugsad" in json.loads(labels)
        about = connection.execute("select name from about").fetchall()
        assert sorted(name for (name,) in about) == sorted(names)
        plan = str(
            connection.execute("explain query plan select * from messages where chat = 'x'").fetchall()
        )
        assert "USING INDEX" in plan
    finally:
        connection.close()


@pytest.mark.parametrize("suffix", ["csv", "parquet", "sqlite", "gexf"])
def test_a_full_disk_is_one_line_and_leaves_nothing(planted, tmp_path, suffix):
    path = tmp_path / f"network.{suffix}"
    export(planted, ["network"], tmp_path / "first.csv", key_file=tmp_path / "key")
    with full_disk(after_bytes=200), pytest.raises(OutputError, match=f"{suffix}: cannot be written .*room"):
        export(planted, ["network"], path, key_file=tmp_path / "key")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["first.csv", "key"]


def test_gexf_is_a_graph(planted, tmp_path):
    export(planted, ["network"], tmp_path / "n.gexf", key_file=tmp_path / "key")
    root = ET.parse(tmp_path / "n.gexf").getroot()
    space = "{http://gexf.net/1.3}"
    nodes = {node.get("id") for node in root.iter(f"{space}node")}
    edges = list(root.iter(f"{space}edge"))
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} == nodes
    kinds = {value.get("value") for value in root.iter(f"{space}attvalue")}
    assert kinds == {"account", "ad", "phone", "telegram", "link"}


@pytest.mark.parametrize("name", ["ads", "accounts", "by_chat", "network", "messages"])
def test_hostile_texts_are_harmless(hostile, tmp_path, name):
    csv.field_size_limit(10**6)
    export(hostile, [name], tmp_path / "x.csv", identities=True)
    rows = list(csv.reader(io.StringIO((tmp_path / "x.csv").read_text("utf-8"))))
    cells = [cell for row in rows[1:] for cell in row]
    assert len({len(row) for row in rows}) == 1
    assert not [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?!\d)", cell)]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(cells))
    export(hostile, [name], tmp_path / "x.xlsx", identities=True)
    assert len(sheet_rows(tmp_path / "x.xlsx", 2)) == len(rows)
    assert max(len(cell) for row in sheet_rows(tmp_path / "x.xlsx", 2) for cell in row) <= 32_767
    if name == "network":
        export(hostile, [name], tmp_path / "x.gexf", identities=True)
        ET.parse(tmp_path / "x.gexf")


@pytest.mark.parametrize(
    "text",
    [
        *[
            "=1+1",
            "+31 6",
            "+316",
            "-",
            "-5,0",
            "@x",
            "\tx",
            "\r=1",
            "",
            "gewoon",
            "=",
            "+1\n=2",
            "+\n",
            "+1\n",
        ],
        *["a;=1", ";=1", "=;=1;@x", ";;-1", "a; =1", ";+;=x"],
        *["-1x", "+٣", "-.5", "+1.2,3", "5-1", None],
    ],
)
def test_cells_are_defused_as_by_the_other_writer(tmp_path, text):
    batch = pyarrow.record_batch({"text": pyarrow.array([text], pyarrow.string())})
    with open_writer(tmp_path / "x.csv") as writer:
        writer.write([{"text": text}])
    (row,) = csv.DictReader(io.StringIO((tmp_path / "x.csv").read_bytes().decode("utf-8"), newline=""))
    expected = (row["text"] or "").replace("\r", "")
    assert (harmless(batch)["text"][0].as_py() or "") == expected


def test_a_terminal_and_a_file_are_spared_the_same_characters():
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000)]))
    batch = pyarrow.record_batch({"text": [text]})
    assert harmless(batch, formulas=True)["text"][0].as_py() == plain(text)


def test_excel_gets_a_mark_and_semicolons(planted, tmp_path):
    export(planted, ["by_label"], tmp_path / "x.csv", excel=True, key_file=tmp_path / "key")
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbflabel;messages;")


def test_excel_gets_decimal_commas_in_numbers_alone(planted, tmp_path):
    numbers = {"2.5": "2,5", "-1.25::double": "-1,25", "1.5e300::double": "1,5e+300", "3::double": "3"}
    others = {"7": "7", "'2.5'": "2.5", "null::double": "", "[1.5]": "[1.5]", "'nan'::double": "nan"}
    columns = [f"{value} as c{number}" for number, value in enumerate(numbers | others)]
    sql = f"select {', '.join(columns)} from messages limit 1"
    export_query(planted, sql, tmp_path / "x.csv", excel=True, key_file=tmp_path / "key")
    content = (tmp_path / "x.csv").read_text("utf-8-sig")
    assert list(csv.reader(io.StringIO(content), delimiter=";"))[1] == [*numbers.values(), *others.values()]


def test_a_sheet_has_dates_before_march_1900_as_text(planted, tmp_path):
    dates = ("date '1850-01-01'", "date '1900-02-28'", "timestamp '1899-12-31 12:00:00'", "date '1900-03-01'")
    sql = f"select {', '.join(f'{value} as c{number}' for number, value in enumerate(dates))}"
    export_query(planted, sql, tmp_path / "x.xlsx", key_file=tmp_path / "key")
    assert sheet_rows(tmp_path / "x.xlsx", 2)[1] == ["1850-01-01", "1900-02-28", "1899-12-31T12:00:00", "61"]


def test_a_workbook_does_not_tell_the_time(planted, tmp_path):
    export(planted, ["by_label"], tmp_path / "x.xlsx", key_file=tmp_path / "key")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        times = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode())
    assert set(times) == {"1980-01-01T00:00:00Z"}


@pytest.mark.parametrize("name", ["messages", "texts", "offers", "by_label"])
def test_a_sheet_that_would_overflow_is_refused_before_rows_are_read(planted, tmp_path, monkeypatch, name):
    monkeypatch.setattr("drugscan.exporting.spreadsheet.MAX_ROWS", 3)
    monkeypatch.setattr(Results, "stream", lambda *_, **__: pytest.fail("rows were read"))
    with pytest.raises(SettingsError, match=rf"{name} has \d+ rows, a sheet holds 3"):
        export(planted, [name], tmp_path / "x.xlsx", key_file=tmp_path / "key")
    assert not (tmp_path / "x.xlsx").exists()


def test_a_query_that_would_overflow_is_refused(planted, tmp_path, monkeypatch):
    monkeypatch.setattr("drugscan.exporting.spreadsheet.MAX_ROWS", 3)
    export_query(planted, "from messages limit 3;", tmp_path / "x.xlsx", key_file=tmp_path / "key")
    with pytest.raises(SettingsError, match="query has 4 rows"):
        export_query(planted, "from messages limit 4", tmp_path / "y.xlsx", key_file=tmp_path / "key")


@pytest.mark.parametrize(
    ("suffix", "most", "said"), [("sqlite", 2_000, "a table of SQLite"), ("xlsx", 16_384, "a sheet")]
)
def test_more_columns_than_a_file_holds_are_refused(tmp_path, suffix, most, said):
    def write(n_columns):
        rows = pyarrow.record_batch({f"c{number}": [number] for number in range(n_columns)})
        reader = pyarrow.RecordBatchReader.from_batches(rows.schema, [rows])
        answer = Answer("query", "", "", read=lambda: reader, count=lambda: 1)
        write_answers(tmp_path / f"x.{suffix}", [answer], output_format=suffix)

    with pytest.raises(SettingsError, match=f"there are {most + 1:,} columns, {said} holds {most:,}; choose"):
        write(most + 1)
    assert list(tmp_path.iterdir()) == []
    write(most)


def test_more_rows_than_were_counted_do_not_overflow_a_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr("drugscan.exporting.spreadsheet.MAX_ROWS", 3)
    rows = pyarrow.record_batch({"n": [1, 2, 3, 4]})
    reader = pyarrow.RecordBatchReader.from_batches(rows.schema, [rows])
    answer = Answer("many", "", "", read=lambda: reader, count=lambda: 3)
    with (tmp_path / "x.xlsx").open("wb") as file, pytest.raises(SettingsError, match="many has 4 rows"):
        write_xlsx(file, [answer])


@pytest.mark.parametrize(
    ("names", "output", "options", "problem"),
    [
        (["ads"], "x.txt", {}, "no format is called '.txt'; choose from csv"),
        (["ads"], "x", {}, "the name tells no format"),
        (["ads", "texts"], "x.csv", {}, "csv holds one table; name one, or use sqlite or xlsx"),
        (["ads", "texts", "ads"], "x.xlsx", {}, "ads is named twice; name it once"),
        (["ads"], "x.geojson", {}, "ads has no coordinates; places and regions have"),
        (["ads"], "x.gexf", {}, "ads is no network; export network"),
        (["ads"], "x.xlsx", {"excel": True}, "--excel: is for csv"),
        (["ads"], "-", {"output_format": "sqlite"}, "sqlite cannot go to standard output"),
        (["ads"], "x.csv", {"min_count": 5}, "--min-count: ads lists things one by one"),
        (["nope"], "x.csv", {}, "no question or table is called 'nope'"),
    ],
)
def test_what_makes_no_sense_is_said_and_leaves_nothing(planted, tmp_path, names, output, options, problem):
    target = output if output == "-" else tmp_path / "out" / output
    (tmp_path / "out").mkdir()
    with pytest.raises(SettingsError) as caught:
        export(planted, names, target, key_file=tmp_path / "key", **options)
    assert problem in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_exists_is_left_alone(planted, tmp_path):
    (tmp_path / "x.db").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        export(planted, ["ads"], tmp_path / "x.db", key_file=tmp_path / "key")
    assert (tmp_path / "x.db").read_text() == "mine"
    export(planted, ["ads"], tmp_path / "x.db", key_file=tmp_path / "key", force=True)
    assert (tmp_path / "x.db").read_bytes().startswith(b"SQLite")
