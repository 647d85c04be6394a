"""Whatever ends a scan, it goes on from its last finished part, and ends with the same bytes."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

import drugscan
from drugscan.analysis import open_results
from drugscan.errors import InputError, NoMessagesError, OutputError, SettingsError
from drugscan.scanning import identity
from drugscan.scanning.folder import open_folder
from tests.conftest import ROOT
from tests.scanning.conftest import content, read

pytestmark = pytest.mark.usefixtures("small_parts")


@pytest.fixture
def scan(inputs, small_model):
    """Scan the inputs with the small model."""

    def call(output: str = "results", **options) -> dict:
        return drugscan.scan(options.pop("paths", ["exports"]), output, model=small_model, **options)

    return call


@pytest.fixture
def expected(scan) -> dict:
    scan("undisturbed")
    return content(Path("undisturbed"))


def test_a_full_disk_at_any_write_is_one_line_and_can_be_resumed(scan, expected, monkeypatch):
    """The disk is full from the nth time on that something is to reach it."""
    to_disk = os.fsync
    for n_good in (0, 1, 2, 3, 8, 21, 1_000):
        calls = iter(range(n_good))

        def fsync(handle, calls=calls):
            if next(calls, None) is None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            to_disk(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        if n_good < 1_000:
            with pytest.raises(OutputError, match=r"No space left on device.*make room"):
                scan()
            assert not Path("results").exists()
            monkeypatch.setattr(os, "fsync", to_disk)
        scan(resume=True)
        assert content(Path("results")) == expected, n_good
        shutil.rmtree("results")


def test_finished_parts_are_not_done_again(scan, expected, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(2))
    finished = {path: path.stat().st_mtime_ns for path in Path("results.unfinished").rglob("part-*")}
    assert len(finished) == 4
    scan(resume=True)
    assert content(Path("results")) == expected
    for path, modified in finished.items():
        assert Path("results", *path.parts[1:]).stat().st_mtime_ns == modified


class _StopAfter:
    """Presses Ctrl-C after so many parts."""

    def __init__(self, n_parts: int) -> None:
        self._n_left = n_parts

    def announce(self, line): ...

    def stage(self, name): ...

    def advance(self, n_done, share, **figures):
        self._n_left -= 1
        if not self._n_left:
            signal.raise_signal(signal.SIGINT)


class _StopInStage(_StopAfter):
    """Presses Ctrl-C when a stage begins."""

    def __init__(self, stage: str) -> None:
        super().__init__(-1)
        self._stage = stage

    def stage(self, name):
        if name == self._stage:
            signal.raise_signal(signal.SIGINT)


def test_an_interrupt_after_the_last_part_stops_too(scan, expected):
    watcher, said = _StopInStage("ad texts"), []
    watcher.announce = said.append
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=watcher)
    assert said[-1] == "results: stops when the part at hand is finished; Ctrl-C again stops now"
    assert not Path("results").exists()
    scan(resume=True)
    assert content(Path("results")) == expected


def test_new_files_are_added(scan, inputs, monkeypatch):
    later = inputs / "b.jsonl.gz"
    later.rename("kept-back")
    scan()
    Path("kept-back").rename(later)
    added = scan(resume=True)
    scan("whole")
    counts = json.loads(Path("whole/manifest.json").read_text())["counts"]
    assert added["counts"] == counts
    assert [file["source"] for file in added["files"]][-1] == "exports/b.jsonl.gz"

    def by_id(results: str, table: str, *keys: str) -> dict:
        return {tuple(row[key] for key in keys): row for row in read(Path(results), table)}

    for table, keys in (("messages", ("source", "record")), ("texts", ("text_id",))):
        assert by_id("results", table, *keys) == by_id("whole", table, *keys)
    assert Path("results/ads.parquet").read_bytes() == Path("whole/ads.parquet").read_bytes()


def test_a_file_half_read_keeps_its_place_when_others_come_before_it(scan, inputs):
    """The second stop comes in a file that sorts before the one that the first stop came in."""
    first = inputs / "a.jsonl"
    first.rename("kept-back")
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(1))
    Path("kept-back").rename(first)
    with pytest.raises(KeyboardInterrupt):
        scan(resume=True, watcher=_StopAfter(2))
    counts = scan(resume=True)["counts"]
    assert counts == scan("whole")["counts"]
    assert len(read(Path("results"), "messages")) == counts["kept"]


def test_an_empty_file_among_others_is_left_out_and_that_is_said(scan, inputs):
    (inputs / "b0.jsonl").touch()
    said = []
    watcher = _StopAfter(-1)
    watcher.announce = said.append
    counts = scan(watcher=watcher)["counts"]
    assert "exports/b0.jsonl: is empty, and is left out" in said
    (inputs / "b0.jsonl").unlink()
    assert counts == scan("without")["counts"]


def test_a_file_that_is_left_out_changes_no_byte_and_is_no_new_one(scan, expected, inputs):
    (inputs / "0.csv").write_text("naam,aantal\njan,3\n")
    (inputs / "zz.json").write_bytes(b"\x89PNG")
    scan()
    assert content(Path("results")) == expected
    finished = Path("results/manifest.json").stat().st_ino
    scan(resume=True)
    assert Path("results/manifest.json").stat().st_ino == finished
    shutil.rmtree("results")
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(1))
    scan(resume=True)
    assert content(Path("results")) == expected
    (inputs / "zz.json").write_text('[{"text": "later"}]')
    assert scan(resume=True)["counts"]["kept"] == expected["manifest.json"]["counts"]["kept"] + 1


def test_a_named_file_without_messages_is_told_of_before_any_work(scan, inputs):
    for name in ("empty.jsonl", "prose.csv"):
        (inputs / name).write_text("Lief dagboek" if name == "prose.csv" else "")
        with pytest.raises(NoMessagesError, match=f"^exports/{name}: "):
            scan(paths=["exports/a.jsonl", f"exports/{name}"])
        assert not list(Path().glob("results*"))


def test_a_file_is_counted_once_whatever_it_is_called(scan, expected, inputs):
    scan()
    for name in ("0.jsonl", "z.jsonl"):
        shutil.copy(inputs / "a.jsonl", inputs / name)
    again = scan(paths=[inputs.resolve()], resume=True)
    assert again["counts"] == expected["manifest.json"]["counts"]
    assert [file["source"] for file in again["files"]] == [
        file["source"] for file in expected["manifest.json"]["files"]
    ]
    assert scan("anew")["counts"] == again["counts"]


def test_a_finished_scan_without_new_files_stays_as_it_is(scan, expected):
    scan("undisturbed", resume=True)
    assert content(Path("undisturbed")) == expected


def test_what_is_there_is_not_touched_unless_told(scan, expected):
    with pytest.raises(OutputError, match="exists already; --resume"):
        scan("undisturbed")
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(1))
    with pytest.raises(OutputError, match="an unfinished scan is here; --resume"):
        scan()
    with pytest.raises(SettingsError, match=r"was made with other settings \(min_jaccard\)"):
        scan(resume=True, min_jaccard=0.7)
    scan(force=True)
    assert content(Path("results")) == expected
    scan(force=True)
    assert content(Path("results")) == expected


@pytest.mark.parametrize("options", [{}, {"force": True}, {"resume": True}])
def test_what_is_no_results_folder_is_never_replaced(scan, inputs, monkeypatch, options):
    Path("foreign").mkdir()
    monkeypatch.chdir("foreign")
    Path("thesis.txt").write_text("precious")
    refused = r"other files than|is not a folder|no name for a folder|cannot be made"
    for output in ("../foreign", "thesis.txt", ".", "/proc/results"):
        with pytest.raises(OutputError, match=refused):
            scan(output, paths=[inputs], **options)
    assert Path("thesis.txt").read_text() == "precious"
    assert not list(inputs.parent.rglob("*.unfinished"))


def test_an_unfinished_folder_of_somebody_else_is_left_alone(scan):
    Path("results.unfinished").mkdir()
    Path("results.unfinished/thesis.txt").write_text("precious")
    with pytest.raises(OutputError, match=r"unfinished: holds other files than .*; move thesis\.txt, or"):
        scan()
    assert [path.name for path in Path("results.unfinished").iterdir()] == ["thesis.txt"]


def test_what_others_put_into_an_unfinished_folder_stays(scan):
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(1))
    notes, table = Path("results.unfinished/thesis.txt"), Path("results.unfinished/texts/own.csv")
    notes.write_text("precious")
    with pytest.raises(OutputError, match=r"other files than .*; move thesis\.txt"):
        scan(force=True)
    table.write_text("precious")
    with pytest.raises(OutputError, match=r"other files than .*; move texts/own\.csv"):
        scan(resume=True)
    assert notes.read_text() == table.read_text() == "precious"
    table.unlink()
    scan(resume=True)
    assert Path("results/thesis.txt").read_text() == "precious"


@pytest.mark.parametrize("first", ["result.json", "messages.html"])
def test_an_export_of_which_the_other_half_was_scanned_is_told_of(scan, first):
    export, other = Path("both"), {"result.json": "messages.html", "messages.html": "result.json"}[first]
    export.mkdir()
    shutil.copy(ROOT / "fixtures" / "inputs" / "telegram_chat.json", export / "result.json")
    (export / "messages.html").write_text('<div class="message default" id="message1"></div>')
    scan(paths=[export / first])
    with pytest.raises(
        InputError, match=rf"both/{other}: has the messages of both/{first}, which was scanned"
    ):
        scan(paths=[export / other], resume=True)


def test_what_others_put_into_a_finished_folder_is_not_replaced(scan):
    scan()
    with pytest.raises(OutputError, match="exists already; --resume to add new files, --force to replace it"):
        scan()
    Path("results/thesis.txt").write_text("precious")
    with pytest.raises(OutputError, match="exists already; --resume to add new files, or give another name"):
        scan()
    with pytest.raises(OutputError, match=r"results: holds other files than .*; move thesis\.txt, or"):
        scan(force=True)
    assert Path("results/thesis.txt").read_text() == "precious"
    assert Path("results/manifest.json").exists()


@pytest.mark.parametrize("kind", ["messages", "texts"])
def test_a_folder_without_one_of_its_parts_is_refused(scan, kind):
    scan()
    Path("results", kind, "part-00001.parquet").unlink()
    with pytest.raises(InputError, match=r"part-00001\.parquet: is missing"):
        scan(resume=True)
    with pytest.raises(InputError, match=r"part-00001\.parquet: is missing"), open_results("results"):
        pass


def test_a_folder_without_its_ads_is_refused(scan):
    scan()
    Path("results", "ads.parquet").unlink()
    with pytest.raises(InputError, match=r"ads\.parquet: is missing"), open_results("results"):
        pass


def test_a_corrected_lexicon_is_another_one(scan, monkeypatch, tmp_path):
    scan()
    box = tmp_path / "box"
    shutil.copytree(Path(drugscan.lexicon.__file__).parent, box)
    with (box / "cues.csv").open("a") as table:
        table.write("cue.own,eigen woord,post,none,eigen\n")
    monkeypatch.setattr(identity, "files", lambda package: box)
    with pytest.raises(SettingsError, match=r"was made with other settings \(lexicons\)"):
        scan(resume=True)


def test_folders_of_another_version_are_refused(scan, expected):
    foreign, old, damaged = '{"manifest_version": 3}', '{"schema_version": 0}', expected["manifest.json"]
    refusals = {
        "nonsense": "other files than",
        foreign: "other files than",
        old: "of this version",
        json.dumps(damaged): "of this version",
    }
    for manifest, refused in refusals.items():
        Path("undisturbed/manifest.json").write_text(manifest)
        with pytest.raises((OutputError, SettingsError), match=refused):
            scan("undisturbed", resume=True)
        assert Path("undisturbed/texts").is_dir()


def test_two_scans_into_one_folder(scan, expected):
    scan("results")
    identity = {name: expected["manifest.json"][name] for name in ("schema_version", "versions", "model")}
    identity |= {name: expected["manifest.json"][name] for name in ("lexicons", "options")}
    with (
        open_folder("results", identity=identity, resume=True, force=False),
        pytest.raises(OutputError, match="another scan is writing here"),
    ):
        scan(resume=True)
    with (
        open_folder("other", identity=identity, resume=False, force=False),
        pytest.raises(OutputError, match="another scan is writing here"),
    ):
        scan("other")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes() + b"{}\n"), "changed while it was read"),
        (lambda file: file.unlink(), "cannot be read"),
    ],
)
def test_a_file_that_changes_while_it_is_read(scan, inputs, change, said):
    class Change(_StopAfter):
        def advance(self, n_done, share, **figures):
            change(inputs / "a.jsonl")

    with pytest.raises(InputError, match=said):
        scan(watcher=Change(0))
    (part,) = Path("results.unfinished/messages").iterdir()
    with pytest.raises(InputError, match=r"is no longer the file that was scanned|is gone"):
        scan(resume=True)
    assert part.exists()


def test_a_file_that_changed_after_it_was_scanned(scan, inputs):
    scan()
    before = content(Path("results"))
    with (inputs / "d.jsonl").open("a") as file:
        file.write('{"text": "later"}\n')
    with pytest.raises(InputError, match="is no longer the file that was scanned"):
        scan(resume=True)
    assert content(Path("results")) == before


def test_a_file_half_read_goes_on_under_another_name(scan, expected, inputs):
    with pytest.raises(KeyboardInterrupt):
        scan(watcher=_StopAfter(1))
    resumed = scan(paths=[inputs.resolve()], resume=True)
    assert resumed["counts"] == expected["manifest.json"]["counts"]
    assert resumed["files"][0] == expected["manifest.json"]["files"][0]


@pytest.mark.parametrize("name", ["a.jsonl", "c.json"])
def test_a_file_that_has_grown_is_known_by_its_place(scan, inputs, name):
    scan()
    before = content(Path("results"))
    file = inputs / name
    file.write_text(
        file.read_text("utf-8").removesuffix("]") + (",{}]" if name == "c.json" else "{}"), "utf-8"
    )
    with pytest.raises(InputError, match=f"^exports/{name}: is no longer the file that was scanned"):
        scan(paths=[inputs.resolve()], resume=True)
    assert content(Path("results")) == before


@pytest.mark.parametrize("name", ["a.jsonl", "0.jsonl"])
def test_a_file_that_has_grown_is_known_from_another_folder_and_by_another_name(
    scan, inputs, monkeypatch, name
):
    scan()
    before = content(Path("results"))
    (inputs / "a.jsonl").rename(inputs / name)
    with (inputs / name).open("a") as file:
        file.write('{"text": "later"}\n')
    monkeypatch.chdir(inputs)
    said = f"^{name}: begins with the whole of exports/a.jsonl, which was scanned; leave it out"
    with pytest.raises(InputError, match=said):
        scan("../results", paths=["."], resume=True)
    assert content(Path("../results")) == before


def test_a_file_that_begins_with_less_than_was_scanned_is_new(scan, inputs):
    (inputs / "header.csv").write_text("text\n")
    n_before = scan()["counts"]["kept"]
    (inputs / "more.csv").write_text("text\nhoi\n")
    assert scan(resume=True)["counts"]["kept"] == n_before + 1
