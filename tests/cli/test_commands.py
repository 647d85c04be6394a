"""What holds for every command: help, exit codes, one line for a fault."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import drugscan
from drugscan.cli import cli
from drugscan.errors import InputError, SettingsError
from tests.analysis.folders import Post, Text, write_results
from tests.conftest import ROOT

BAD = ROOT / "fixtures" / "inputs" / "bad"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_has_help_and_stands_in_the_readme(name):
    command = cli.commands[name]
    assert command.help
    assert command.short_help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    assert f"drugscan {name}" in (ROOT / "README.md").read_text("utf-8")


def test_every_command_has_a_python_function_of_its_name():
    assert set(cli.commands) <= {*dir(drugscan)}
    for name in drugscan.__all__:
        assert callable(getattr(drugscan, name))
    assert drugscan.__all__ == sorted(drugscan.__all__)


HEAVY = {"sklearn", "lightgbm", "pyarrow", "scipy", "pandas", "rich", "joblib"}


@pytest.mark.parametrize("function", [drugscan.classify, drugscan.extract, drugscan.dedupe])
def test_one_text_is_not_taken_for_its_letters(function):
    with pytest.raises(TypeError, match="give a list of texts"):
        function("coke 1g 50")


@pytest.mark.parametrize("function", [drugscan.classify, drugscan.extract, drugscan.dedupe])
@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_text_is_an_empty_one(function, missing):
    assert function(["coke 1g 50", missing]) == function(["coke 1g 50", ""])
    with pytest.raises(SettingsError, match="text 1 is 5, of type int"):
        function(["coke 1g 50", 5])


def test_one_path_is_taken_as_a_list_of_one(tmp_path):
    own, few = tmp_path / "own.csv", ROOT / "fixtures" / "demo.jsonl"
    own.write_text("id,form,value,context,source\nown,zzyzx,cocaine,none,own\n", "utf-8")
    labelled, floors = tmp_path / "few.jsonl", tmp_path / "floors.json"
    labelled.write_text('{"id": "1", "text": "zzyzx 1g 50", "labels": ["drugsad"]}\n', "utf-8")
    assert drugscan.extract(["zzyzx 1g 50"], lexicon=str(own))[0]["substances"] == ["cocaine"]
    assert drugscan.explain("zzyzx 1g 50", lexicon=str(own))["substances"] == ["cocaine"]
    assert drugscan.inspect(str(few)) == drugscan.inspect([few])
    assert drugscan.scan(str(labelled), tmp_path / "found", lexicon=str(own))["counts"]["kept"] == 1
    assert drugscan.evaluate(str(labelled))["messages"] == 1
    assert drugscan.check(str(labelled), floors, update=True)["missed"] == []
    with pytest.raises(InputError, match="too few messages"):
        drugscan.train(str(labelled))


def test_explain_reads_standard_input_and_takes_no_file_for_a_text(run):
    assert run("explain", "-", stdin="coke 1g 50\n").stdout.startswith("coke 1g 50\n")
    done = run("explain", ROOT / "fixtures" / "demo.jsonl")
    assert done.returncode == 3
    assert done.stderr.endswith("explain a message of it with --id\n")
    done = run("explain", "wiet", "10", "gram")
    assert done.returncode == 2
    assert "put it in quotes" in done.stderr
    long = "coke 1g 50 euro, " * 20  # longer than a file may be called
    assert run("explain", long, "--json").returncode == 0


def test_explain_cuts_no_word_and_no_name(run):
    handle = "voorbeeld_een_heel_lange_naam_van_een_groep"
    text = f"synthetische cannabinoïden 10 g 50 euro, t.me/{handle}, post naar Capelle aan den IJssel"
    done = run("explain", text)
    assert done.returncode == 0
    assert "…" not in done.stdout


def test_explain_finds_a_message_of_a_table_by_its_chat_and_id(run, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("groep,nr,inhoud\na,1,coke 1g 50\nb,1,fiets te koop\n")
    fields = ["--text-field", "inhoud", "--id-field", "nr", "--chat-field", "groep"]
    assert run("explain", path, "--id", "b/1", *fields).stdout.startswith("fiets te koop\n")
    refused = run("explain", path, "--id", "1", *fields)
    assert refused.stderr.endswith("give CHAT/ID, or the text_id that drugscan dedupe writes\n")


def test_explain_tells_how_to_give_a_text_that_looks_like_an_option(run):
    for text in ("-10% op alle wiet", "- coke 1g 50", "--jsn"):
        done = run("explain", text)
        assert done.returncode == 2
        assert done.stderr.splitlines()[0] == "Usage: python -m drugscan explain [OPTIONS] [--] TEXT"
        assert "(A TEXT that begins with - goes behind --.)" in done.stderr
    assert run("explain", "--", "-10% op alle wiet").stdout.startswith("-10% op alle wiet\n")


def test_as_many_processes_as_this_one_may_use(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")  # as in a container or a job queue
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    context = cli.commands["scan"].make_context("scan", ["a.jsonl", "-o", "found"])
    assert context.params["jobs"] == 1


def test_help_imports_nothing_heavy():
    code = "import sys; from drugscan.cli import cli; cli(['--help'], standalone_mode=False)"
    code += f"; print({HEAVY} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full here")
@pytest.mark.parametrize("words", [["extract", "--list-terms", "cues"], ["extract", "fixtures/demo.jsonl"]])
def test_full_standard_output_is_one_line_and_exit_code_3(words):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "drugscan", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert done.returncode == 3
    assert re.fullmatch(r"drugscan: standard output: cannot .*; make room", done.stderr.splitlines()[-1])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["classify", "inspect"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing.jsonl", "there is no such file"),
        ("empty.jsonl", "is empty"),
        ("binary.bin", "is a binary file"),
        ("truncated.json", "is cut off after 2 messages"),
        ("no_text_column.csv", "name it with --text-field"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_3(run, tmp_path, command, name, said):
    done = run(command, BAD / name)
    assert done.returncode == 3
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("drugscan: ")
    assert str(BAD / name) in last
    assert said in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["classify", "extract", "dedupe", "inspect", "scan"])
def test_every_command_says_the_same_of_files_without_messages(run, tmp_path, command):
    words = (command, "-o", "results") if command == "scan" else (command,)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_text("naam,aantal\njan,3\n")
    (tmp_path / "exports" / "b.jsonl").touch()
    done = run(*words, "exports")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        3,
        "drugscan: exports: holds no files of messages; name the files in it",
    )
    (tmp_path / "exports" / "c.jsonl").write_text('{"text": "wiet"}\n')
    for name, said in (("a.csv", "has no column for the text among naam, aantal"), ("b.jsonl", "is empty")):
        done = run(*words, f"exports/{name}", "exports/c.jsonl")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith(f"drugscan: exports/{name}: {said}")
    done = run(*words, "exports")
    assert done.returncode == 0
    assert done.stderr.startswith(
        "exports/a.csv: has no column for the text among naam, aantal, and is left out; name it with "
        "--text-field\nexports/b.jsonl: is empty, and is left out\n"
    )
    assert run(*words, "nowhere.jsonl").returncode == 3
    assert run(*words, "exports", "--input-format", "nonsense").returncode == 2
    assert run(command).returncode == 2


def test_an_error_line_cannot_steer_a_terminal(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a\033[31m\033]0;x\007\xe2\x80\xae,b\n1,2\n")
    done = run("inspect", "a.csv")
    assert done.stderr.startswith("drugscan: a.csv: has no column for the text among a[31m]0;x, b;")
    assert run("inspect", "b\ndrugscan: fine").stderr.count("\n") == 1


def test_too_many_rejects_are_exit_code_5(run, tmp_path):
    done = run(
        "classify",
        BAD / "one_bad_line.jsonl",
        "--max-rejects",
        2,
        "-o",
        "out.jsonl",
        "--rejects",
        "bad.jsonl",
    )
    assert done.returncode == 5
    assert not (tmp_path / "out.jsonl").exists()
    assert len((tmp_path / "bad.jsonl").read_text().splitlines()) == 3


def test_wrong_usage_is_exit_code_2(run):
    assert run("classify").returncode == 2
    assert run("nonsense").returncode == 2
    assert run("classify", "x", "--max-rejects", "-1").returncode == 2


def test_an_output_that_exists_is_refused_before_any_work(run, tmp_path):
    (tmp_path / "out.jsonl").write_text("mine")
    done = run("classify", tmp_path / "is_not_even_looked_for.jsonl", "-o", "out.jsonl")
    assert done.returncode == 3
    assert "exists already" in done.stderr
    assert (tmp_path / "out.jsonl").read_text() == "mine"


def test_a_missing_model_is_one_line(run):
    done = run("classify", ROOT / "fixtures" / "demo.jsonl", "--model", "nowhere")
    assert done.returncode == 3
    assert re.search("drugscan: nowhere: there is no model here; make one with drugscan train", done.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["export", "--list"],
        ["extract", "{root}/fixtures/demo.jsonl", "-q"],
        ["export", "results", "messages", "-q", "--identities"],
        ["export", "results", "messages", "-q", "--identities", "--format", "xlsx"],
        ["query", "results", "from messages", "-q", "--identities"],
    ],
)
def test_a_reader_that_leaves_is_no_fault(words, tmp_path):
    write_results(tmp_path / "results", [Post(Text("hallo"))])
    reading, writing = os.pipe()
    os.close(reading)  # it has gone before the first word
    command = [sys.executable, "-m", "drugscan", *(word.format(root=ROOT) for word in words)]
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
