"""``drugscan export`` and ``drugscan query`` from the command line."""

from __future__ import annotations

import re
import stat
from datetime import datetime, timezone

import pytest

from tests.analysis.folders import Post, Text, write_results

SAID = "Accounts, chats, contacts and identities of messages and texts are pseudonyms."


@pytest.fixture
def results(tmp_path):
    text = Text(
        "wiet 5 g 50, @voorbeeld_x",
        ("drugsad", "softdrugs"),
        ["weed"],
        contacts=[("telegram", "@voorbeeld_x")],
    )
    return write_results(tmp_path / "results", [Post(text), Post(text, account="user2")])


def test_export_to_standard_output(run, results, tmp_path):
    done = run("export", results, "by_substance", XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "substance,label,messages,ads,accounts,providers",
        '"weed","softdrugs",2,1,2,1',
    ]
    key = tmp_path / "config" / "drugscan" / "key"
    assert done.stderr == f"by_substance: {SAID}\nmade a new key: {key}\n"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_new_key_is_told_once(run, results):
    command = ("query", results, "from messages", "--key-file", "typo.key")
    assert run(*command, "-o", "x.csv").stderr == f"{SAID}\nmade a new key: typo.key\n"
    assert run(*command, "-o", "y.csv").stderr == f"{SAID}\n"
    assert run("export", results, "ads", "--key-file", "no.key", "--identities").stderr.count("new key") == 0
    failed = run("export", results, "ads", "-o", "x.csv", "--key-file", "no.key")  # x.csv exists
    assert failed.stderr.splitlines()[0] == "made a new key: no.key"


def test_export_several_to_a_file(run, results, tmp_path):
    done = run("export", results, "ads", "offers", "-o", "out.db", "--key-file", "key", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out.db").exists()
    done = run("export", results, "ads", "-o", "out.db", "--key-file", "key")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "exists already" in done.stderr


def test_identities_are_shown_on_demand_and_that_is_said(run, results):
    done = run("export", results, "accounts", "--identities")
    assert '"user1"' in done.stdout
    assert "Shows identities" in done.stderr


def test_export_lists_what_there_is(run):
    done = run("export", "--list")
    assert done.returncode == 0
    assert "\nby_month\tOne row per month" in done.stdout


@pytest.mark.parametrize("words", [["--list", "-o", "names.txt"], ["-o", "names.txt", "--list"]])
def test_a_list_of_what_there_is_goes_to_no_file(run, words, tmp_path):
    done = run("export", *words)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "drugscan: --list: goes without -o; it prints; > FILE keeps what it prints\n"
    done = run("extract", *(["--list-terms=cues" if word == "--list" else word for word in words]))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("drugscan: --list-terms: goes without -o; ")
    assert not [*tmp_path.iterdir()]


def test_query(run, results):
    done = run("query", results, "select account, text_id from messages", "--key-file", "key")
    assert done.returncode == 0
    assert done.stdout.count("account_") == 2
    assert "user" not in done.stdout
    assert done.stderr == f"{SAID}\nmade a new key: key\n"


def test_a_query_can_give_the_months_of_the_answers_as_its_help_says(run, tmp_path):
    utc = datetime(2023, 4, 30, 22, 30, tzinfo=timezone.utc)  # in the Netherlands it is May already
    folder = write_results(tmp_path / "r", [Post(Text("hallo"), date=utc)])
    said = " ".join(run("query", "--help").stdout.split())
    example = re.search(r'"(select date_trunc.*?)"', said)[1]
    assert run("query", folder, example, "--identities").stdout.splitlines()[1].startswith("2023-05-01")
    assert run("export", folder, "by_month", "--identities").stdout.splitlines()[1].startswith("2023-05-01")


def test_query_refuses_in_one_line(run, results, tmp_path):
    run("query", results, "select 1", "--key-file", "key")  # makes the key
    for sql in ("select * from raw.messages", "drop table ads", "select"):
        done = run("query", results, sql, "--key-file", "key")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1), sql
    (tmp_path / "sc.unfinished").mkdir()
    done = run("query", "sc", "select 1", "--key-file", "key")
    assert done.stderr == "drugscan: sc.unfinished: is not finished; go on with drugscan scan --resume\n"
    done = run("query", "nowhere", "select 1", "--key-file", "key")
    assert done.stderr == "drugscan: nowhere: is no results folder; give a folder that drugscan scan wrote\n"
