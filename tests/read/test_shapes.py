"""Every input shape gives the same four messages: one table of what is expected, one file a shape."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing

import pyarrow
import pytest
import zstandard
from pyarrow.parquet import write_table

from drugscan.errors import InputError, NoMessagesError
from drugscan.overview import inspect
from drugscan.read import Fields, Rejects, expand_paths, open_messages, read_batches
from tests.conftest import ROOT

INPUTS = ROOT / "fixtures" / "inputs"

TEXTS = [
    "❄️ Coke 1g €50, 5g €230\nBezorging Utrecht en Nieuwegein\nApp 06 0000 0123",
    "Menu hier (https://voorbeeld.example/menu) van @voorbeeld_x",
    "",
    "Wie gaat er morgen mee naar de markt?",
]
EXPECTED = {
    "message_id": ["2", "3", "4", "5"],
    "date": [f"2023-05-01T10:{minute}:00+00:00" for minute in (30, 31, 32, 33)],
    "chat": ["Voorbeeldgroep"] * 4,
    "chat_id": ["1000000001"] * 4,
    "sender_id": ["100001", "100002", "100002", "100003"],
    "sender": ["Voorbeeld Een", "Voorbeeld Twee", "Voorbeeld Twee", None],
    "forwarded_from": [None, "Voorbeeldkanaal", None, None],
}

# file, its shape, notices by Telegram, and where it says other things than EXPECTED (None: nothing)
SHAPES = [
    ("telegram_chat.json", "Telegram Desktop JSON export", 1, {}),
    ("telegram_html/messages.html", "Telegram Desktop HTML export", 1,
     {"sender_id": None, "chat_id": None}),
    ("telethon.json", "JSON list (Telethon)", 1, {"chat": None, "sender": None}),
    ("telethon.jsonl", "JSON Lines (Telethon)", 1, {"chat": None, "sender": None}),
    ("4cat.csv", "CSV (4CAT)", 0, {"message_id": [f"Voorbeeldgroep-{number}" for number in (2, 3, 4, 5)]}),
    ("4cat.ndjson", "JSON Lines (4CAT)", 0,
     {"message_id": [f"Voorbeeldgroep-{number}" for number in (2, 3, 4, 5)]}),
    ("scraper.csv", "CSV", 0, {"sender": None, "forwarded_from": None, "chat_id": None}),
    ("telegram_tracker.csv", "CSV (telegram-tracker)", 0,
     {"sender": None, "sender_id": None, "forwarded_from": None, "chat_id": None}),
    ("tgdataset.json", "TGDataset JSON", 0,
     {"sender": None, "forwarded_from": None, "chat": ["voorbeeldgroep"] * 4}),
    ("plain.jsonl", "JSON Lines", 0, dict.fromkeys([*EXPECTED][1:])),
    ("plain.parquet", "Parquet", 0, dict.fromkeys(["date", *[*EXPECTED][3:]])),
    ("tg_archive.sqlite", "tg-archive SQLite", 1,
     {"chat": None, "chat_id": None, "forwarded_from": None,
      "sender": ["voorbeeld_een", *["Voorbeeld Twee"] * 2, None]}),
]  # fmt: skip


def read(path, **options):
    with Rejects() as rejects:
        source = open_messages(path, rejects=rejects, **options)
        messages = [message for batch in source.batches() for message in batch]
    assert source.counts.read == source.counts.kept + source.counts.rejected + source.counts.service
    assert source.counts.kept == len(messages)
    return source, messages, rejects


@pytest.mark.parametrize(
    ("name", "shape", "n_service", "differences"), SHAPES, ids=[shape[0] for shape in SHAPES]
)
def test_every_shape_gives_the_same_messages(name, shape, n_service, differences):
    source, messages, rejects = read(INPUTS / name)
    assert str(source.shape) == shape
    assert source.counts.service == n_service
    assert source.counts.textless == 1
    assert rejects.count == 0
    assert [message.text for message in messages] == TEXTS
    for field, values in (EXPECTED | differences).items():
        found = [getattr(message, field) for message in messages]
        if field == "date":
            found = [date.isoformat() if date else None for date in found]
        assert found == (values or [None] * 4), field


def test_an_account_export_gives_all_its_chats():
    source, messages, _ = read(INPUTS / "telegram_account.json")
    assert [message.chat for message in messages] == ["Voorbeeldgroep"] * 4 + [None]
    assert messages[-1].text == "Hoi"
    assert messages[-1].chat_id == "7"
    assert source.counts.service == 1


@pytest.mark.parametrize("name", [shape[0] for shape in SHAPES])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstandard"])
def test_packed_inputs_are_known_by_their_content(tmp_path, name, pack):
    packed = tmp_path / "packed"
    packed.write_bytes(pack((INPUTS / name).read_bytes()))
    assert [m.text for m in read(packed)[1]] == TEXTS


def page(*messages):
    """Return a page of messages: whether each is joined to the one before, and what is in it."""
    blocks = [
        f'<div class="message default clearfix{" joined" if joined else ""}" id="message{number}">'
        f'<div class="body">{inner}</div></div>'
        for number, (joined, inner) in enumerate(messages, start=1)
    ]
    return f'<div class="page_wrap">{"".join(blocks)}</div>'


NAME, TEXT = '<div class="from_name">\n{}\n</div>', '<div class="text">wiet</div>'
FORWARDED = '<div class="forwarded body">{}' + TEXT + "</div>"
FROM = NAME.format('{}<span class="date details" title="30.04.2023 12:00:00"> 30.04.2023</span>')


def test_names_on_a_page_are_those_of_people(tmp_path):
    path = tmp_path / "messages.html"
    jan = NAME.format("Jan de Koning")
    messages = [
        (False, jan + TEXT),
        (False, NAME.format("Jan de Koning via @like") + TEXT),
        (True, TEXT),
        (False, NAME.format("Deleted Account") + TEXT),
        (True, TEXT),
        (False, jan + FORWARDED.format(FROM.format("Piet via @pic "))),
        (True, FORWARDED.format("")),
        (False, jan + FORWARDED.format(FROM.format("Deleted Account"))),
        (True, FORWARDED.format("")),
        (True, TEXT),
    ]
    path.write_text(page(*messages), "utf-8")
    found = read(path)[1]
    assert [message.sender for message in found] == [
        *["Jan de Koning"] * 3,
        None,
        None,
        *["Jan de Koning"] * 5,
    ]
    assert [message.forwarded_from for message in found] == [*[None] * 5, "Piet", "Piet", *[None] * 3]


def test_an_exports_row_has_the_common_fields_under_one_name():
    row = read(INPUTS / "telegram_chat.json")[1][1].row
    assert row == {
        "type": "message",
        "date": "2023-05-01T10:31:00+00:00",
        "forwarded_from": "Voorbeeldkanaal",
        "photo": "(File not included.)",
        "text": TEXTS[1],
        "chat": "Voorbeeldgroep",
        "chat_id": "1000000001",
        "message_id": "3",
        "sender": "Voorbeeld Twee",
        "sender_id": "100002",
    }


def test_a_tables_row_passes_through_as_it_is():
    assert read(INPUTS / "plain.jsonl")[1][2].row == {"id": 4, "text": ""}
    assert list(read(INPUTS / "4cat.csv")[1][0].row)[:3] == ["id", "thread_id", "chat"]


def test_named_columns_win(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,inhoud,wie,waar,wanneer,nr\nniet,wel,voorbeeld,groep,2023-05-01,8\n", "utf-8")
    fields = Fields(text="inhoud", sender="wie", chat="waar", date="wanneer", id="nr")
    (message,) = read(path, fields=fields)[1]
    assert (message.text, message.sender, message.chat, message.message_id) == (
        "wel",
        "voorbeeld",
        "groep",
        "8",
    )
    assert message.date.isoformat() == "2023-05-01T00:00:00+00:00"


def test_where_a_column_names_the_sender_or_the_chat_no_number_does(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,author,wie,groep,channel_id\nwiet,7,voorbeeld,Groep,8\n", "utf-8")
    (usual,) = read(path)[1]
    assert (usual.account, usual.chat_id) == ("7", "8")
    (named,) = read(path, fields=Fields(sender="wie", chat="groep"))[1]
    assert (named.account, named.chat, named.chat_id) == ("voorbeeld", "Groep", None)
    assert inspect(path)[0]["columns"]["sender"] == ["author"]


def test_where_a_cell_is_empty_another_column_for_the_same_is_read(tmp_path):
    path = tmp_path / "merged.csv"
    path.write_text(
        "date_unixtime,date,body,message,user_id,author\n"
        ",2023-05-01 10:00:00,,coke 1g 50,,jan\n"
        "1672531200,,hallo allemaal,,5,\n",
        "utf-8",
    )
    first, second = read(path)[1]
    assert (first.text, first.account, first.date.year) == ("coke 1g 50", "jan", 2023)
    assert (second.text, second.account, second.date.year) == ("hallo allemaal", "5", 2023)
    path = tmp_path / "odd.jsonl"
    path.write_text('{"text": "", "message": 5}\n{"text": "", "message": {"id": 5}}\n', "utf-8")
    assert [message.text for message in read(path)[1]] == ["", ""]


def test_a_user_and_a_channel_of_one_number_are_two_accounts(tmp_path):
    path = tmp_path / "rows.jsonl"
    senders = ['"user42"', '"channel42"', '{"user_id": 42}', '{"channel_id": 42}', "42"]
    path.write_text("".join(f'{{"text": "wiet", "from_id": {sender}}}\n' for sender in senders), "utf-8")
    expected = ["42", "channel42", "42", "channel42", "42"]
    assert [message.account for message in read(path)[1]] == expected
    posts = ", ".join(
        f'{{"id": {number}, "type": "message", "date": "2023-05-01", "from_id": {sender}, "text": "x"}}'
        for number, sender in enumerate(senders[:2])
    )
    path = tmp_path / "result.json"
    path.write_text(f'{{"name": "n", "type": "public_channel", "id": 9, "messages": [{posts}]}}', "utf-8")
    assert [message.account for message in read(path)[1]] == expected[:2]


def test_a_nested_column_can_be_named(tmp_path):
    path = tmp_path / "nested.jsonl"
    path.write_text('{"data": {"inhoud": "wiet"}}\n{"data": null}\n{"data": {}}\n', "utf-8")
    assert [m.text for m in read(path, fields=Fields(text="data.inhoud"))[1]] == ["wiet", "", ""]


@pytest.mark.parametrize("name", ["text", "message", "body", "Text"])
def test_a_caption_is_the_text_where_there_is_no_other(tmp_path, name):
    path = tmp_path / "captions.csv"
    path.write_text(f"id,{name},caption,sender\n1,wiet,foto,a\n2,,coke,b\n3,,,c\n", "utf-8")
    assert [m.text for m in read(path)[1]] == ["wiet", "coke", ""]
    path.write_text(f'{{"{name}": null, "caption": "coke"}}\n{{"{name}": "wiet"}}\n{{"caption": "xtc"}}\n')
    assert [m.text for m in read(path)[1]] == ["coke", "wiet", "xtc"]
    assert inspect(path)[0]["columns"]["text"] == [name, "caption"]


def test_a_format_that_is_named_wins(tmp_path):
    path = tmp_path / "lines"
    path.write_text('{"text": "{a, b}"}\n', "utf-8")
    assert str(read(path, input_format="jsonl")[0].shape) == "JSON Lines"


@pytest.mark.parametrize(("encoding", "shape"), [("cp1252", "CSV in Windows-1252"), ("utf-8", "CSV")])
def test_what_excel_writes_in_western_europe_is_read(tmp_path, encoding, shape):
    path = tmp_path / "excel.csv"
    path.write_bytes("id;tekst\n1;Hallo\n2;Coke €50, cocaïne\n".encode(encoding))
    source, messages, _ = read(path, fields=Fields(text="tekst"))
    assert str(source.shape) == shape
    assert [message.text for message in messages] == ["Hallo", "Coke €50, cocaïne"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_the_first_row_beyond_ascii_decides_in_a_file_that_begins_without(tmp_path, encoding):
    path = tmp_path / "excel.csv"
    rows = "".join(f"{number};een gewone tekst\n" for number in range(20_000))
    path.write_bytes(f"id;tekst\n{rows}1;cocaïne\n".encode(encoding) + b"2;caf\xe9\n")
    _, messages, rejects = read(path, fields=Fields(text="tekst"))
    expected = ["cocaïne", "café"] if encoding == "cp1252" else ["cocaïne"]
    assert [message.text for message in messages][20_000:] == expected
    assert rejects.count == (0 if encoding == "cp1252" else 1)


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_the_line_in_which_excel_says_what_parts_columns_is_none(tmp_path, line):
    path = tmp_path / "excel.csv"
    path.write_text(line + "id;text,a,b;tekst\n1;x;wiet, coke\n", "utf-8", newline="")
    (message,) = read(path)[1]
    assert (message.record, message.message_id, message.text) == (1, "1", "wiet, coke")


def test_a_damaged_row_among_others_in_utf8_is_set_aside(tmp_path):
    path = tmp_path / "damaged.csv"
    path.write_bytes("id,text\n1,Coke €50\n2,".encode() + b"caf\xe9\n3,Hoi\n")
    source, messages, _ = read(path)
    assert str(source.shape) == "CSV"
    assert [message.text for message in messages] == ["Coke €50", "Hoi"]


@pytest.mark.parametrize("n_rows", [1, 30_000])
def test_one_byte_of_windows_1252_leaves_utf8_as_it_is(tmp_path, n_rows):
    path = tmp_path / "both.csv"
    path.write_bytes(b"id,text\n0,caf\xe9\n" + b"1,een tekst\n" * n_rows + "2,coke €50 café\n".encode())
    texts = [message.text for message in read(path)[1]]
    assert texts[-1] == "coke €50 café"
    assert texts[:1] == (["café"] if n_rows > 1 else ["een tekst"])  # more UTF-8 in sight: damaged


def test_what_looks_like_utf8_in_windows_1252_is_read_with_its_row(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes("id;tekst;prijs €\n1;“CAFÉ” hé;€5\n2;één;€6\n".encode("cp1252"))
    rows = [message.row for message in read(path)[1]]
    assert rows == [
        {"id": "1", "tekst": "“CAFÉ” hé", "prijs €": "€5"},
        {"id": "2", "tekst": "één", "prijs €": "€6"},
    ]


def test_columns_of_one_name_lose_no_cell(tmp_path):
    path = tmp_path / "double.csv"
    path.write_text("id,text,text,,\n1,coke 1g 50,vandaag regen,a,b\n", "utf-8")
    (message,) = read(path)[1]
    assert message.text == "coke 1g 50"
    assert message.row == {"id": "1", "text": "coke 1g 50", "text_2": "vandaag regen", "": "a", "_2": "b"}
    path = tmp_path / "double.parquet"
    write_table(pyarrow.table([[1], ["coke"], ["regen"]], names=["id", "text", "text"]), path)
    assert read(path)[1][0].row == {"id": 1, "text": "coke", "text_2": "regen"}


def test_a_file_is_read_once_whatever_it_is_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text('{"text": "wiet"}\n')
    (tmp_path / "link.jsonl").symlink_to("a.jsonl")
    assert expand_paths(["b.jsonl", "a.jsonl", "./b.jsonl", tmp_path / "a.jsonl", "link.jsonl"]) == [
        "b.jsonl",
        "a.jsonl",
    ]


def test_a_delimiter_within_quotes_parts_nothing(tmp_path):
    path = tmp_path / "quoted.csv"
    path.write_text('id,"text; of, ""bericht"" ;;;",text\n1,x,"wiet; coke"\n', "utf-8")
    assert [message.text for message in read(path)[1]] == ["wiet; coke"]


def test_folders_patterns_and_doubles(tmp_path):
    for name in ("messages.html", "messages2.html", "messages10.html"):
        shutil.copy(INPUTS / "telegram_html" / "messages.html", tmp_path / name)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    seen = []
    with Rejects() as rejects:
        paths = [tmp_path, str(tmp_path / "*.html"), INPUTS / "plain.jsonl"]
        batches = list(read_batches(paths, rejects=rejects, announce=seen.append))
    names = ["messages.html", "messages2.html", "messages10.html"]
    assert seen == [
        *(f"{tmp_path / name}: Telegram Desktop HTML export" for name in names),
        f"{INPUTS / 'plain.jsonl'}: JSON Lines",
    ]
    assert sum(map(len, batches)) == 16


CONTACT = {"first_name": "Voorbeeld één", "phone_number": "0000", "date": "2023-05-01T10:00:00"}


@pytest.mark.parametrize("indent", [1, None])
def test_an_account_with_many_contacts_is_an_export(tmp_path, indent):
    account = {
        "about": "Here is the data you requested.",
        "contacts": {"about": "Your contacts.", "list": [CONTACT] * 3_000},
        "chats": {"list": [{"name": "groep", "messages": [{"id": 1, "type": "message", "text": "wiet"}]}]},
    }
    path = tmp_path / "result.json"
    path.write_text(json.dumps(account, indent=indent, ensure_ascii=False), "utf-8")
    source, messages, rejects = read(path)
    assert source.shape.input_format == "telegram-json"
    assert [(message.text, message.chat) for message in messages] == [("wiet", "groep")]
    assert rejects.count == 0


@pytest.mark.parametrize("n_rows", [1, 9_000])
def test_one_object_of_many_lines_is_no_rows(tmp_path, n_rows):
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"data": [{"text": "één"}] * n_rows}, indent=1, ensure_ascii=False), "utf-8")
    with pytest.raises(InputError, match=r"several lines, and is no export of a known kind; write each"):
        read(path)


def test_a_first_row_that_is_long_is_a_row(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_text(json.dumps({"about": "x" * 300_000, "text": "wiet"}) + '\n{"text": "coke"}\n', "utf-8")
    assert [message.text for message in read(path)[1]] == ["wiet", "coke"]


def read_folder(folder):
    said = []
    with Rejects() as rejects:
        batches = list(read_batches([folder], rejects=rejects, announce=said.append))
    return [message for batch in batches for message in batch], said


def test_columns_that_a_user_names_are_those_of_tables(tmp_path):
    shutil.copy(INPUTS / "telegram_chat.json", tmp_path / "result.json")
    (tmp_path / "a.csv").write_text("inhoud\nwiet\n")
    with Rejects() as rejects:
        batches = read_batches([tmp_path], rejects=rejects, fields=Fields(text="inhoud"))
        found = [message for batch in batches for message in batch]
    texts = {message.text for message in found if message.source.endswith("json")}
    assert texts == {message.text for message in read(INPUTS / "telegram_chat.json")[1]} != {""}
    assert [message.text for message in found if message.source.endswith("csv")] == ["wiet"]


def test_folders_behind_links_are_read_once(tmp_path):
    for name in ("a/one", "b"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "b" / "rows.jsonl").write_text('{"text": "wiet"}\n')
    (tmp_path / "a" / "linked").symlink_to(tmp_path / "b")
    (tmp_path / "a" / "one" / "round").symlink_to(tmp_path / "a")
    assert [message.text for message in read_folder(tmp_path / "a")[0]] == ["wiet"]


def test_a_database_that_is_being_written_is_refused(tmp_path):
    path = tmp_path / "data.sqlite"
    shutil.copy(INPUTS / "tg_archive.sqlite", path)
    (tmp_path / "data.sqlite-wal").write_bytes(b"rows to come")
    with pytest.raises(InputError, match=r"does not have yet what stands in data\.sqlite-wal"):
        read(path)


@pytest.mark.parametrize("pages", ["", "chats/chat_001"])
def test_an_export_as_json_and_as_pages_is_read_once(tmp_path, pages):
    (tmp_path / pages).mkdir(parents=True, exist_ok=True)
    for page in ("messages.html", "messages2.html"):
        shutil.copy(INPUTS / "telegram_html" / "messages.html", tmp_path / pages / page)
    (tmp_path / "result.json").write_text('[{"text": "no export"}]')
    assert len(read_folder(tmp_path)[0]) == 9
    shutil.copy(INPUTS / "telegram_chat.json", tmp_path / "result.json")
    (tmp_path / "other").mkdir()
    shutil.copy(INPUTS / "telegram_html" / "messages.html", tmp_path / "other")
    messages, said = read_folder(tmp_path)
    assert {message.source for message in messages} == {
        str(tmp_path / name) for name in ("result.json", "other/messages.html")
    }
    assert said[0] == f"{tmp_path}: left out 2 pages of HTML; result.json has the same"


def test_an_export_as_json_and_as_a_page_is_read_once_however_they_are_named(tmp_path, monkeypatch):
    shutil.copy(INPUTS / "telegram_html" / "messages.html", tmp_path)
    shutil.copy(INPUTS / "telegram_chat.json", tmp_path / "result.json")
    monkeypatch.chdir(tmp_path)
    told = "left out 1 page of HTML; result.json has the same"
    for names in (
        ["./*"],
        ["messages.html", tmp_path / "result.json"],
        [".", "messages.html", "./messages.html"],
    ):
        said = []
        found = expand_paths(names, announce=said.append)
        assert [name.rpartition("/")[2] for name in found] == ["result.json"]
        assert [line.partition(": ")[2] for line in said] == [told]
    assert expand_paths("messages.html") == ["messages.html"]


def test_what_is_left_out_of_a_folder_is_told(tmp_path):
    (tmp_path / "photos").mkdir()
    for name in ("export", "b.jsonl.bak", "c.txt", "d.tab", "photos/e.JPG", ".hidden"):
        (tmp_path / name).write_text('{"text": "wiet"}\n')
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "f.jsonl").write_text('{"text": "wiet"}\n')
    for name in ("results/messages/part-0.jsonl", "results/texts/part-0.jsonl", "results/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('{"text": "wiet"}\n')
    messages, said = read_folder(tmp_path)
    assert len(messages) == 1
    assert said == [
        f"{tmp_path / 'results'}: is left out; it holds results of drugscan scan",
        f"{tmp_path}: left out 4 files (c.txt, d.tab, export, ...); name what holds messages",
        f"{tmp_path / 'empty.jsonl'}: is empty, and is left out",
        f"{tmp_path / 'f.jsonl'}: JSON Lines",
    ]


def write_what_is_no_messages(folder):
    """Write files that are called like messages and are none; return what is said of each."""
    (folder / "a.csv").write_text("naam,aantal\njan,3\n")
    (folder / "b.json").write_text('{\n "thema": "donker"\n}\n')
    (folder / "c.html").write_text("<html>hoi</html>")
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(b""))
    (folder / "e.tsv").write_bytes(b"\x89PNG\r\n\x1a\n")
    with closing(sqlite3.connect(folder / "f.db")) as database:
        database.execute("create table contacts (name)")
    write_table(pyarrow.table({"naam": ["jan"]}), folder / "g.parquet")
    return {
        "a.csv": "has no column for the text among naam, aantal, and is left out; name it with --text-field",
        "b.json": "begins with a JSON object of several lines, and is no export of a known kind, and is left",
        "c.html": "is an HTML page, but no Telegram export, and is left out",
        "d.jsonl.gz": "is empty, and is left out",
        "e.tsv": "is a picture, and is left out",
        "f.db": "is no tg-archive database (no such table: messages), and is left out",
        "g.parquet": "has no column for the text among naam, and is left out; name it with --text-field",
    }


def test_files_in_a_folder_that_hold_no_messages_are_left_out_and_that_is_told(tmp_path):
    others = write_what_is_no_messages(tmp_path)
    with pytest.raises(InputError, match="holds no files of messages"):
        read_folder(tmp_path)
    (tmp_path / "z.jsonl").write_text('{"text": "wiet"}\n')
    messages, said = read_folder(tmp_path)
    assert [message.text for message in messages] == ["wiet"]
    told = dict(line.removeprefix(f"{tmp_path}/").split(": ", 1) for line in said)
    assert told.pop("z.jsonl") == "JSON Lines"
    assert told.keys() == others.keys()
    for name, what in others.items():
        assert told[name].startswith(what)


def test_a_file_that_the_user_named_is_never_left_out(tmp_path):
    (tmp_path / "z.jsonl").write_text('{"text": "wiet"}\n')
    for name in write_what_is_no_messages(tmp_path):
        with pytest.raises(NoMessagesError) as caught:
            expand_paths([tmp_path, tmp_path / name])
        assert caught.value.where == str(tmp_path / name)
        with pytest.raises(NoMessagesError):
            expand_paths(f"{tmp_path}/*.{name.rpartition('.')[2]}")


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("a.json", b'{"messages": [{"text": "coke"}, {"te', {}, "is cut off after"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "coke"}\n' * 9)[:30], {}, "is damaged or cut off"),
        ("a.parquet", b"PAR1 and no more", {}, "is a damaged Parquet file"),
        ("a.sqlite", b"SQLite format 3\0 and no more", {}, "file is not a database"),
        ("a.csv", b"text\ncoke\n", {"fields": Fields(text="bericht")}, "has no column 'bericht'"),
        ("a.csv", b"bericht\ncoke\n", {"fields": Fields(date="datum", text="bericht")}, "no column 'datum'"),
        ("a.json", b'[{"text": "coke"}]', {"input_format": "csv"}, "seems to be JSON list"),
    ],
)
def test_what_may_hold_messages_is_never_left_out(tmp_path, name, content, options, said):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.jsonl").write_text('{"bericht": "wiet"}\n')
    with pytest.raises(InputError, match=said), Rejects() as rejects:
        list(read_batches([tmp_path], rejects=rejects, **options))


def test_a_table_without_the_column_that_a_user_names_may_hold_no_messages(tmp_path):
    (tmp_path / "a.csv").write_text("naam,aantal\njan,3\n")
    (tmp_path / "z.csv").write_text("inhoud\nwiet\n")
    said = []
    expand_paths(tmp_path, fields=Fields(text="inhoud"), announce=said.append)
    assert said == [
        f"{tmp_path / 'a.csv'}: has no column 'inhoud', and is left out; the columns are naam, aantal"
    ]


def test_a_folder_of_results_is_no_messages(tmp_path):
    for name in ("messages", "texts"):
        (tmp_path / name).mkdir()
        write_table(pyarrow.table({"text": ["wiet"]}), tmp_path / name / "part-00000.parquet")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(
        InputError, match="holds results of drugscan scan, no messages; name what was scanned"
    ):
        expand_paths(tmp_path)


def test_a_file_without_one_message_is_told(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "wiet"}\n5\n')
    (tmp_path / "b.csv").write_text("id,text\n1\n2\n")
    assert [line for line in read_folder(tmp_path)[1] if "not one message" in line] == [
        f"{tmp_path / 'b.csv'}: holds not one message, and unreadable rows: 2; is it messages? "
        "drugscan inspect shows more"
    ]


def test_an_exports_edit_has_the_clock_of_its_date(tmp_path):
    own = {
        "id": 1, "text": "wiet", "date": "2023-05-01T12:30:00", "date_unixtime": "1682937000",
        "edited": "2023-05-01T12:31:00", "edited_unixtime": "1682937060",
    }  # fmt: skip
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"name": "groep", "messages": [own]}))
    (message,) = read(path)[1]
    assert message.row["date"] == "2023-05-01T10:30:00+00:00"
    assert message.row["edited"] == "2023-05-01T10:31:00+00:00"
