from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from drugscan.errors import OutputError, SettingsError
from drugscan.write import open_writer, whole_file, whole_folder
from tests.conftest import full_disk
from tests.write.examples import ROWS, written


def test_a_full_disk_leaves_no_folder(tmp_path):
    def fill():
        with whole_folder(tmp_path / "model", manifest_keys=["kind"]) as folder:
            (folder / "a").write_bytes(bytes(10_000))

    with full_disk(after_bytes=4096), pytest.raises(OutputError, match=r"model.*: cannot be written"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_refused_unless_forced(tmp_path):
    path = written(tmp_path / "a.jsonl", ROWS[:1])
    with pytest.raises(OutputError, match="exists already"):
        written(path, ROWS)
    assert len(path.read_text().splitlines()) == 1
    written(path, ROWS, force=True)
    assert len(path.read_text().splitlines()) == 3


def test_what_came_to_be_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "a.jsonl"

    def write_slowly():
        with open_writer(path) as writer:
            writer.write(ROWS)
            path.write_text("another's")

    with pytest.raises(OutputError, match="exists already"):
        write_slowly()
    assert path.read_text() == "another's"
    assert list(tmp_path.iterdir()) == [path]


def replace_folder(path, **options):
    names = ["manifest.json", "old"]
    with whole_folder(path, manifest_keys=["kind"], names=names, **options) as folder:
        (folder / "manifest.json").write_text('{"kind": "new"}')


def test_a_folder_replaces_its_like_and_nothing_else(tmp_path):
    replace_folder(tmp_path / "model")
    (tmp_path / "model" / "old").write_text("")
    replace_folder(tmp_path / "model", force=True)
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["manifest.json"]
    own = tmp_path / "model" / "notes.txt"
    own.write_text("precious")
    with pytest.raises(OutputError, match=r"holds other files.*move notes\.txt"):
        replace_folder(tmp_path / "model", force=True)
    assert own.read_text() == "precious"
    foreign = tmp_path / "thesis.txt"
    foreign.write_text("precious")
    of_others = tmp_path / "extension"
    of_others.mkdir()
    (of_others / "manifest.json").write_text('{"manifest_version": 3}')
    for path, said in (
        (tmp_path, "other files than"),
        (of_others, "other files than"),
        (foreign, "is not a folder"),
        (tmp_path / ("x" * 300), "cannot be"),
    ):
        for force in (True, False):  # to which nobody is sent in vain
            with pytest.raises(OutputError, match=said):
                replace_folder(path, force=force)
    with pytest.raises(OutputError, match="is not a file"):
        written(tmp_path / "model", ROWS, force=True, output_format="jsonl")
    assert foreign.read_text() == "precious"


def test_a_link_stays_and_so_do_the_rights_of_a_file(tmp_path):
    target, link, pipe = tmp_path / "a.jsonl", tmp_path / "link.jsonl", tmp_path / "pipe"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    written(link, ROWS, force=True)
    assert link.is_symlink()
    assert target.read_text() != "old"
    assert target.stat().st_mode & 0o777 == 0o600
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="is not a file"):
        written(pipe, ROWS, force=True)


@pytest.mark.parametrize(("step", "left"), [(0, "old"), (1, "old"), (2, "old"), (3, "new")])
def test_an_interrupt_leaves_the_old_folder_or_the_new_one(tmp_path, monkeypatch, step, left):
    """It comes before or after one of the two renames."""
    replace_folder(tmp_path / "model")
    (tmp_path / "model" / "manifest.json").write_text('{"kind": "old"}')
    moments = iter(range(100))

    def rename(path, target):
        if next(moments) == step:
            raise KeyboardInterrupt
        os.rename(path, target)
        if next(moments) == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(tmp_path / "model", force=True)
    assert json.loads((tmp_path / "model" / "manifest.json").read_text()) == {"kind": left}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="its folder does not exist"), whole_file(tmp_path / "no" / "a"):
        pass
    with (
        pytest.raises(SettingsError, match="no format is called 'xml'"),
        open_writer("-", output_format="xml"),
    ):
        pass
    with (
        pytest.raises(SettingsError, match=r"no format has the suffix \.gz"),
        open_writer(tmp_path / "a.csv.gz"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_a_slash_at_its_end_is_no_file(tmp_path):
    with (
        pytest.raises(OutputError, match=r"new/: is a folder; name a file in it$"),
        open_writer(f"{tmp_path}/new/"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
