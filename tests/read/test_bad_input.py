"""What is wrong with an input is said in one line, or counted; it is never a traceback."""

from __future__ import annotations

import gc
import gzip
import json
import os
import shutil
import sys
import time
import tracemalloc
from decimal import Decimal

import pyarrow
import pytest
import zstandard
from pyarrow.parquet import write_table

from drugscan.errors import InputError, NoMessagesError, SettingsError, TooManyRejectsError
from drugscan.read import Fields, Rejects, open_messages, read_batches
from drugscan.write import to_json_line
from tests.conftest import ROOT

BAD = ROOT / "fixtures" / "inputs" / "bad"
GOOD_LINES = b"".join(json.dumps({"id": n, "text": f"bericht {n}"}).encode() + b"\n" for n in range(20_000))


def read(path, rejects=None, **options):
    with rejects or Rejects() as rejects:
        source = open_messages(path, rejects=rejects, **options)
        messages = [message for batch in source.batches() for message in batch]
    return source, messages, rejects


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing_there.jsonl", "cannot be read"),
        ("empty.jsonl", "is empty"),
        ("binary.bin", "is a binary file"),
        ("truncated.json", "is cut off after 2 messages"),
        (
            "no_text_column.csv",
            "has no column for the text among nummer, datum, inhoudsopgave; name it",
        ),
        (".", "is a folder"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name, said):
    with pytest.raises(InputError, match=said) as caught:
        read(BAD / name)
    assert caught.value.where == str(BAD / name)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        list(read_batches([tmp_path / "none.jsonl"], rejects=Rejects()))
    with pytest.raises(InputError, match="there is no such file"):
        list(read_batches([tmp_path / "*.jsonl"], rejects=Rejects()))
    (tmp_path / "notes.odt").touch()
    with pytest.raises(InputError, match="holds no files of messages; name the files"):
        list(read_batches([tmp_path], rejects=Rejects()))


def test_bad_lines_are_counted_with_line_and_reason(tmp_path):
    path = tmp_path / "rejects.jsonl"
    source, messages, rejects = read(BAD / "one_bad_line.jsonl", Rejects(path=path))
    assert [message.text for message in messages] == ["goed", "nul \0 en 😀", ""]
    assert [(r["record"], r["reason"]) for r in map(json.loads, path.read_text("utf-8").splitlines())] == [
        (2, "is no JSON"),
        (3, "the text is of type int"),
        (4, "is not valid UTF-8"),
        (6, "is no JSON object"),
    ]
    assert (source.counts.read, source.counts.kept, source.counts.rejected) == (7, 3, 4)
    assert rejects.count == 4


def test_what_only_some_parsers_take_is_read(tmp_path):
    path = tmp_path / "odd.jsonl"
    path.write_text(
        '{"text": "half \\ud83d"}\n{"text": "a", "n": NaN}\n"a text alone"\n{"text": "b"', "utf-8"
    )
    _, messages, rejects = read(path)
    assert [m.text for m in messages] == ["half \ud83d", "a"]
    assert rejects.reasons == {"is no JSON object": 1, "is no JSON": 1}


@pytest.mark.parametrize("first", ["geen JSON", "text;id", "[5", "<html>", "\n{half"])
def test_a_first_line_that_is_no_json_is_one_bad_row_among_others(tmp_path, first):
    path = tmp_path / "messages.jsonl"
    path.write_text(first + '\n{"text": "een"}\n{"text": "twee"}\n', "utf-8")
    source, messages, rejects = read(path)
    assert source.shape.input_format == "jsonl"
    assert [m.text for m in messages] == ["een", "twee"]
    assert rejects.reasons == {"is no JSON": 1}


def test_a_table_that_holds_json_is_a_table(tmp_path):
    path = tmp_path / "messages.csv"
    path.write_text('text,extra\nwiet,"{""a"": 1}"\n"{""text"": 1}",\n', "utf-8")
    assert [m.text for m in read(path)[1]] == ["wiet", '{"text": 1}']


def test_too_many_rejects_stop_and_leave_their_file(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with pytest.raises(TooManyRejectsError, match="more than 2 bad rows") as caught:
        read(BAD / "one_bad_line.jsonl", Rejects(2, path))
    assert caught.value.exit_code == 5
    assert len(path.read_text("utf-8").splitlines()) == 3
    assert read(BAD / "one_bad_line.jsonl", Rejects(4))[2].count == 4


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are texts here")
def test_a_file_whose_name_is_no_utf8_has_its_rejects_noted(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl")
    shutil.copy(BAD / "one_bad_line.jsonl", path)
    noted = tmp_path / "rejects.jsonl"
    assert read(path, Rejects(path=noted))[2].count == 4
    assert json.loads(noted.read_text("utf-8").splitlines()[0])["source"] == path


def test_another_error_leaves_no_rejects_file(tmp_path):
    with pytest.raises(InputError):
        read(BAD / "truncated.json", Rejects(path=tmp_path / "rejects.jsonl"))
    assert not list(tmp_path.iterdir())


def test_ragged_rows_of_a_csv_are_rejected():
    _, messages, rejects = read(BAD / "ragged.csv")
    assert [(m.record, m.text) for m in messages] == [(1, "goed"), (4, "ook\ngoed")]
    assert rejects.reasons == {"has 1 cells, the header has 2": 1, "has 3 cells, the header has 2": 1}


def test_quotation_marks_that_do_not_end_swallow_no_rows_in_silence(tmp_path):
    path = tmp_path / "quoted.csv"
    path.write_text('id,text\n1,"a ""b"" c"\n2,"coke "wit" 50"\n3,goed\n4,"coke\n5,wiet\n', "utf-8")
    _, messages, rejects = read(path)
    assert [m.text for m in messages] == ['a "b" c', "goed", "wiet"]
    assert rejects.reasons == {
        "is no CSV (',' expected after '\"')": 1,
        "is cut off within a quoted cell": 1,
    }


@pytest.mark.parametrize("last", ["", "900," + "x" * (1 << 24) + "\n"], ids=["", "long"])
def test_a_quotation_mark_that_nobody_closed_costs_one_line(tmp_path, last):
    path = tmp_path / "quoted.csv"
    lines = [f"{number},coke 1g\n" for number in range(1, 801)]
    lines[9] = lines[499] = 'x,"coke 1g\n'
    path.write_text("id,text\n" + "".join(lines) + '801,"twee\n\nregels"\n802,goed\n' + last, "utf-8")
    _, messages, rejects = read(path)
    expected = [number for number in range(1, 803) if number not in (10, 500)]
    assert [m.message_id for m in messages] == list(map(str, expected))
    assert [m.record for m in messages] == expected
    assert messages[-2].text == "twee\n\nregels"
    assert rejects.count == (3 if last else 2)


def test_quotation_marks_that_open_on_every_line_cost_no_time(tmp_path):
    path = tmp_path / "quoted.csv"
    path.write_text("id,text\n0,goed\n" + ('x,a","b' + "x" * 1000 + "\n") * 15_000, "utf-8")
    started = time.process_time()
    source, messages, rejects = read(path)
    assert time.process_time() - started < 20
    assert [m.text for m in messages] == ["goed"]
    assert source.counts.read == 15_001
    assert rejects.reasons == {"is cut off within a quoted cell": 15_000}


def test_byte_order_marks_and_utf16():
    assert [m.text for m in read(BAD / "bom.jsonl")[1]] == ["hé"]
    assert [m.text for m in read(BAD / "utf16.csv")[1]] == ["wiet €10 é"]


def test_lone_surrogates_and_nul_bytes_are_texts(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes(b"id,text\n1,a\0b\n2,\xed\xa0\x80\n3,c\n")
    _, messages, rejects = read(path)
    assert [m.text for m in messages] == ["a�b", "c"]
    assert rejects.reasons == {"is not valid UTF-8": 1}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("text", [GOOD_LINES, b"text\n" + b"a b c\n" * 90_000])
def test_cut_off_compression_is_an_error(tmp_path, pack, text):
    path = tmp_path / "packed"
    packed = pack(text)
    path.write_bytes(packed[: len(packed) * 2 // 3])
    with pytest.raises(InputError, match="damaged or cut off"):
        read(path)


def test_two_packed_files_in_a_row(tmp_path):
    for pack in (gzip.compress, zstandard.compress):
        (tmp_path / "packed").write_bytes(pack(GOOD_LINES) * 2)
        assert read(tmp_path / "packed")[0].counts.kept == 40_000


def test_a_line_of_50_mb_is_rejected_and_the_next_is_read(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "een"}\n{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text": "twee"}\n')
    source, messages, rejects = read(path)
    assert [(m.record, m.text) for m in messages] == [(1, "een"), (3, "twee")]
    assert rejects.reasons == {"is longer than 16 MiB": 1}
    assert source.counts.read == 3


def test_a_line_of_a_csv_of_100_mb_is_rejected_and_never_held(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"id,text\n1,een\n2,")
        for _ in range(100):
            file.write(b"x, " * 333_333)
        file.write(b"\n3,twee\n")
    tracemalloc.start()
    source, messages, rejects = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(m.record, m.text) for m in messages] == [(1, "een"), (3, "twee")]
    assert rejects.reasons == {"is longer than 16 MiB": 1}
    assert source.counts.read == 3
    assert peak < 90_000_000


def test_a_header_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "header.csv"
    path.write_text('id,text,"a"b\n1,een,x\n', "utf-8")
    with pytest.raises(InputError, match="its header is no CSV"):
        read(path)


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_header_of_several_lines_is_looked_at_as_a_whole(tmp_path, mark):
    path = tmp_path / "header.csv"
    path.write_text(f'"post\r\nnr"{mark}"text\nof  message"\n1{mark}wiet\n', "utf-8", newline="")
    with pytest.raises(InputError, match="has no column for the text among post nr, text of message"):
        read(path)
    for name in ("text of message", "Text\nof  message"):
        assert [m.text for m in read(path, fields=Fields(text=name))[1]] == ["wiet"]


def test_a_quotation_mark_within_a_header_is_a_character_of_it(tmp_path):
    path = tmp_path / "header.csv"
    path.write_text('id;3" x 2;text\n1;a, b, c, d, e;wiet\n', "utf-8")
    assert [m.text for m in read(path)[1]] == ["wiet"]


@pytest.mark.parametrize("behind", ["", "\n1,een\n"])
def test_a_header_that_does_not_end_is_named(tmp_path, behind):
    path = tmp_path / "header.csv"
    path.write_text('id,"text' + behind + "x" * 200_000, "utf-8")
    with pytest.raises(InputError, match="its header is cut off"):
        read(path)


DEEP = "[" * 100_000 + "]" * 100_000
EXPORT = '{"name": "g", "messages": [%s]}'
DATASET = '{"7": {"username": "g", "text_messages": {%s}}}'


@pytest.mark.parametrize("deep", [DEEP, "[" * 600 + "]" * 600, '{"a": ' * 600 + "5" + "}" * 600])
@pytest.mark.parametrize(
    ("around", "between", "row"),
    [
        ("%s", "\n", '{"text": %s}'),
        ("[%s]", ", ", '{"text": %s}'),
        (EXPORT, ", ", '{"text": %s}'),
    ],
)
def test_a_row_that_is_nested_too_deeply_is_one_bad_row(tmp_path, around, between, row, deep):
    path = tmp_path / "deep.json"
    values = ['"een"', deep, '[{"type": "bold", "text": "twee"}]']
    path.write_text(around % between.join(row % value for value in values), "utf-8")
    source, messages, rejects = read(path)
    assert [(m.record, m.text) for m in messages] == [(1, "een"), (3, "twee")]
    assert rejects.reasons == {"is nested deeper than 500 levels": 1}
    assert source.counts.read == 3


def test_a_list_that_begins_without_end_is_no_crash(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text("[" * 300_000, "utf-8")
    with pytest.raises(InputError, match="is cut off after 0 messages"):
        read(path)


def test_a_row_that_is_nested_deeply_enough_can_be_written_again(tmp_path):
    path = tmp_path / "deep.jsonl"
    path.write_text('{"text": "a", "x": ' + "[" * 499 + "]" * 499 + "}\n", "utf-8")
    (message,) = read(path)[1]
    assert to_json_line(message.row).count(b"[") == 499


def test_what_is_no_message_in_an_export_is_a_bad_row(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(EXPORT % '1, "x", {"text": "a"}, [2, {}], {"text": "b"}, null, {"text": "c"}', "utf-8")
    source, messages, rejects = read(path)
    assert [(m.record, m.text, m.chat) for m in messages] == [(3, "a", "g"), (5, "b", "g"), (7, "c", "g")]
    assert rejects.reasons == {"is no JSON object": 4}
    assert source.counts.read == 7


def test_what_is_no_chat_in_an_export_is_a_bad_row(tmp_path):
    path = tmp_path / "export.json"
    chats = ", ".join(["5", EXPORT % '{"text": "a"}', "[[]]", EXPORT % '{"text": "b"}'])
    path.write_text(f'{{"chats": {{"list": [{chats}]}}}}', "utf-8")
    _, messages, rejects = read(path)
    assert [m.text for m in messages] == ["a", "b"]
    assert rejects.reasons == {"is no JSON object": 2}


def test_what_is_no_message_in_a_tgdataset_is_a_bad_row(tmp_path):
    path = tmp_path / "dataset.json"
    channels = [DATASET % '"1": {"message": "a"}, "2": 5, "3": {"message": "b"}', '{"8": null}']
    channels += ['{"9": {"text_messages": [5]}}', '{"10": {"text_messages": null}}', DATASET % f'"1": {DEEP}']
    path.write_text(", ".join(channels).replace("}, {", ", "), "utf-8")
    source, messages, rejects = read(path)
    assert [(m.message_id, m.text) for m in messages] == [("1", "a"), ("3", "b")]
    assert rejects.reasons == {"is no JSON object": 3, "is nested deeper than 500 levels": 1}
    assert source.counts.read == 6


@pytest.mark.parametrize(
    "document", ['[{"text": "a"}]', EXPORT % '{"text": "a"}', DATASET % '"1": {"message": "a"}']
)
def test_what_stands_behind_a_document_is_not_passed_over(tmp_path, document):
    path = tmp_path / "two.json"
    path.write_text(document + " \n\n", "utf-8")
    assert [m.text for m in read(path)[1]] == ["a"]
    for behind in (document, "?", "]}"):
        path.write_text(document + behind, "utf-8")
        with pytest.raises(InputError, match="is damaged after 1 messages"):
            read(path)


def test_a_list_is_no_export(tmp_path):
    path = tmp_path / "list.json"
    path.write_text('[{"text": "a"}]', "utf-8")
    with pytest.raises(InputError, match="is no Telegram Desktop JSON export, but seems to be JSON list"):
        read(path, input_format="telegram-json")


def test_chats_that_hold_chats_without_end_are_no_crash(tmp_path):
    path = tmp_path / "chats.json"
    path.write_text('{"chats": {"list": [' * 5_000, "utf-8")
    with pytest.raises(InputError, match="after 0 messages"):
        read(path)


PAGE = '<div class="message default" id="message1"><div class="text">%s</div></div>'


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ("<b>x" * 40_000, "x" * 40_000),
        ("<b>x" * 40_000 + "</b>" * 40_000, "x" * 40_000),
        ("<b>x" * 40_000 + "</i>" * 40_000, "x" * 40_000),
        ("<b><i>x</b></i>y</u>", "xy"),
    ],
)
def test_tags_that_nobody_closed_cost_no_time(tmp_path, tags, text):
    path = tmp_path / "messages.html"
    path.write_text(PAGE % tags, "utf-8")
    started = time.process_time()
    assert [m.text for m in read(path)[1]] == [text]
    assert time.process_time() - started < 10


@pytest.mark.parametrize("endless", ["<a " + "x " * 1_500_000, "<a " * 200_000, "<!--" + "x" * 3_000_000])
def test_a_tag_without_end_is_told_and_costs_no_time(tmp_path, endless):
    path = tmp_path / "messages.html"
    path.write_text('<div class="page_wrap">' + PAGE % "een" + endless + ">" + PAGE % "twee", "utf-8")
    started = time.process_time()
    _, messages, rejects = read(path)
    assert time.process_time() - started < 20
    assert [m.text for m in messages] == ["een", "twee"]
    assert set(rejects.reasons) == {"has a tag longer than 256 KiB"}


def test_a_page_that_ends_within_a_tag_has_its_messages(tmp_path):
    path = tmp_path / "messages.html"
    path.write_text((PAGE % "een")[:-12] + "<a " * 70_000, "utf-8")
    started = time.process_time()
    assert [m.text for m in read(path)[1]] == ["een"]
    assert time.process_time() - started < 10


def test_many_links_in_one_message_cost_no_time(tmp_path):
    path = tmp_path / "messages.html"
    link, own = (f'<a href="https://voorbeeld.example/x">{name}</a>' for name in ("hier", "@x"))
    path.write_text(PAGE % (link * 60_000 + own), "utf-8")
    started = time.process_time()
    (message,) = read(path)[1]
    assert time.process_time() - started < 10
    assert message.text == "hier (https://voorbeeld.example/x)" * 60_000 + "@x"


@pytest.mark.parametrize(
    "content", [b'{"messages": 5, "text": "x"}', b'{"messages": [5, null, "x"]}', b"[]", b"[5]"]
)
def test_odd_documents_are_no_crash(tmp_path, content):
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    assert len(read(path)[1]) <= 1


@pytest.mark.parametrize(
    "content", [b"PAR1 and nothing", b"SQLite format 3\0 and nothing", b"<html><body>no export</body></html>"]
)
def test_files_that_only_begin_well(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content * 10)
    with pytest.raises(InputError):
        read(path)


def test_a_named_column_that_is_not_there():
    with pytest.raises(InputError, match="has no column 'tekst'; the columns are id, text"):
        read(BAD / "ragged.csv", fields=Fields(text="tekst"))


@pytest.mark.parametrize(
    ("odd", "date"),
    [
        (pyarrow.array([10**12, 1_682_935_200], pyarrow.timestamp("s")), "2023-05-01T10:00:00+00:00"),
        (pyarrow.array([-(2**31), 19_478], pyarrow.date32()), "2023-05-01T00:00:00+00:00"),
    ],
)
@pytest.mark.parametrize("name", ["date", "seen_at"])
def test_a_moment_that_cannot_be_costs_no_message(tmp_path, name, odd, date):
    path = tmp_path / "odd.parquet"
    write_table(pyarrow.table([pyarrow.array(["een", "twee"]), odd], names=["text", name]), path)
    first, second = read(path)[1]
    assert (first.text, first.date) == ("een", None)
    assert second.text == "twee"
    assert (second.date and second.date.isoformat()) == (date if name == "date" else None)


def test_numbers_of_a_database_and_bytes_are_ids_and_texts(tmp_path):
    path = tmp_path / "spark.parquet"
    ids = pyarrow.array([Decimal(7), None, Decimal(8)], pyarrow.decimal128(38, 0))
    columns = {
        "id": ids,
        "sender_id": [b"user1", b"\xff", None],
        "text": [b"wiet \xc3\xa9", b"coke", b"\xff"],
    }
    write_table(pyarrow.table(columns), path)
    _, messages, rejects = read(path)
    assert [(m.text, m.message_id, m.sender_id) for m in messages] == [
        ("wiet é", "7", "user1"),
        ("coke", None, None),
    ]
    assert rejects.reasons == {"is not valid UTF-8": 1}


@pytest.mark.parametrize("dates", [None, pyarrow.array([10**12, 10**12, 5], pyarrow.timestamp("s"))])
@pytest.mark.parametrize("nested", [False, True])
def test_a_row_of_parquet_that_is_no_utf8_is_set_aside(tmp_path, nested, dates):
    path = tmp_path / "damaged.parquet"
    offsets, letters = pyarrow.array([0, 3, 5, 6], pyarrow.int32()), b"eena\xffb"
    odd = pyarrow.StringArray.from_buffers(3, offsets.buffers()[1], pyarrow.py_buffer(letters))
    if nested:
        odd = pyarrow.StructArray.from_arrays([odd], ["name"])
    columns = {"text": ["een", "twee", "drie"], "extra": odd} | ({"date": dates} if dates else {})
    write_table(pyarrow.table(columns), path)
    _, messages, rejects = read(path)
    assert [(m.record, m.text) for m in messages] == [(1, "een"), (3, "drie")]
    assert rejects.reasons == {"is not valid UTF-8": 1}


def test_a_column_of_parquet_whose_name_is_no_utf8_is_told(tmp_path):
    path = tmp_path / "damaged.parquet"
    schema = pyarrow.schema(
        [pyarrow.field("text", pyarrow.string()), pyarrow.field(b"a\xff", pyarrow.string())]
    )
    write_table(pyarrow.table([["een"], ["x"]], schema=schema), path)
    with pytest.raises(InputError, match="is a damaged Parquet file"):
        read(path)


@pytest.mark.parametrize(
    ("value", "reason"), [("NaN", "lexical error: invalid char"), ("9" * 30, "integer overflow")]
)
def test_a_value_that_is_no_json_is_told(tmp_path, value, reason):
    path = tmp_path / "list.json"
    path.write_text(f'[{{"text": "a", "views": {value}}}]', "utf-8")
    with pytest.raises(InputError, match=rf"{reason}.*; export it again, or save it as JSON Lines"):
        read(path)


def test_a_format_that_is_not_there():
    with pytest.raises(SettingsError, match="no input format is called 'xml'"):
        read(BAD / "ragged.csv", input_format="xml")


@pytest.mark.parametrize("named", ["id", "date", "sender", "chat"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_named_column_that_a_table_does_not_have_is_told_of(tmp_path, named, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        path.write_text("Date,Text\n2023-05-01,wiet\n", "utf-8")
    else:
        write_table(pyarrow.table({"Date": ["2023-05-01"], "Text": ["wiet"]}), path)
    with pytest.raises(InputError, match="has no column 'Datum'; the columns are Date, Text"):
        read(path, fields=Fields(**{named: "Datum"}))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04\x14\x00", "is a zip or an Excel file; unpack it"),
        (b"%PDF-1.7\n", "is a PDF; give a Telegram export"),
    ],
)
def test_what_is_packed_is_no_table(tmp_path, start, said):
    path = tmp_path / "a.csv"
    path.write_bytes(start + b"Date,Text\n2023-05-01,wiet\n" * 20)
    with pytest.raises(InputError, match=said):
        read(path)


def test_unreadable_texts_leave_nothing_in_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "wiet"}\n{"id": 2, "text": 5}\n' * 100)
    read(path)
    gc.collect()
    gc.disable()
    try:
        read(path)
        assert gc.collect() < 100
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("name", "input_format", "said"),
    [
        ("scraper.csv", "jsonl", "is no JSON Lines, but seems to be CSV"),
        ("telethon.json", "jsonl", "is no JSON Lines, but seems to be JSON list"),
        ("telegram_chat.json", "jsonl", "is no JSON Lines, but seems to be Telegram Desktop JSON export"),
        ("plain.jsonl", "json", "is no JSON list, but seems to be JSON Lines"),
        ("plain.jsonl", "csv", "is no CSV, but seems to be JSON Lines"),
        ("tg_archive.sqlite", "csv", "is no CSV, but seems to be tg-archive SQLite"),
        ("bad/binary.bin", "csv", "is no CSV"),
        ("plain.jsonl", "parquet", "is no Parquet, but seems to be JSON Lines"),
        ("plain.jsonl", "telegram-json", "is no Telegram Desktop JSON export, but seems to be JSON Lines"),
        (
            "tgdataset.json",
            "telegram-json",
            "is no Telegram Desktop JSON export, but seems to be TGDataset JSON",
        ),
        ("scraper.csv", "tgdataset", "is no TGDataset JSON, but seems to be CSV"),
        ("plain.jsonl", "telegram-html", "is no Telegram Desktop HTML export, but seems to be JSON Lines"),
        ("plain.parquet", "tg-archive", "is no tg-archive SQLite, but seems to be Parquet"),
    ],
)
def test_a_file_that_is_not_of_the_format_that_the_user_says(name, input_format, said):
    with pytest.raises(InputError) as caught:
        read(BAD.parent / name, input_format=input_format)
    assert caught.value.problem == said
    assert caught.value.hint == "--input-format says it is: leave that out, or name other files"
    assert not isinstance(caught.value, NoMessagesError)


def test_the_format_that_the_user_says_wins(tmp_path):
    path = tmp_path / "messages"
    path.write_text("geen JSON\n" * 200 + '{"text": "wiet"}\n', "utf-8")
    with pytest.raises(NoMessagesError):
        read(path)
    path.write_text("{\n" * 200 + '{"text": "wiet"}\n', "utf-8")
    assert [m.text for m in read(path, input_format="jsonl")[1]] == ["wiet"]
    path.write_text("[text],id\nwiet,1\n", "utf-8")
    found = read(path, input_format="csv", fields=Fields(text="[text]"))[1]
    assert [m.text for m in found] == ["wiet"]
    path.write_text(json.dumps({"name": "x" * 300_000, "messages": [{"id": 1, "text": "wiet"}]}), "utf-8")
    assert [m.text for m in read(path, input_format="telegram-json")[1]] == ["wiet"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Lief dagboek\nvandaag niets\n", "seems to be plain text, which begins with 'Lief dagboek'"),
        (b"Dag,\n\nvandaag, niets, meer\n", "seems to be plain text, which begins with 'Dag,'"),
        (b'"een JSON"', "seems to be plain text"),
        (b"naam,aantal\n", "has no column for the text among naam, aantal"),
        (b"naam,aantal\njan,3\n\n", "has no column for the text among naam, aantal"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1", "is a file of an old Excel or Word"),
        (b"<!doctype html><p>hoi</p>", "is an HTML page, but no Telegram export"),
        (bytes(range(256)), "is a binary file of no known kind"),
    ],
)
def test_what_is_no_messages_is_called_by_its_kind(tmp_path, content, said):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(NoMessagesError, match=said) as caught:
        read(path)
    assert caught.value.hint.startswith(("give a Telegram export, JSON", "name it with", "save it as"))


def test_notices_that_come_first_hide_no_messages(tmp_path):
    path = tmp_path / "messages.jsonl"
    notices = '{"_": "MessageService", "id": 1}\n' * 150
    path.write_text(notices + '{"_": "Message", "id": 2, "message": "wiet"}\n', "utf-8")
    assert [m.text for m in read(path)[1]] == ["wiet"]
    path.write_text(notices[: len(notices) // 3] + '{"_": "Message", "bericht": "wiet"}\n', "utf-8")
    with pytest.raises(InputError, match="has no column 'tekst'"):
        read(path, fields=Fields(text="tekst"))
