"""The results folder while it is made: its parts, its manifest, who may write, where to go on.

While a scan is under way its folder is called ``NAME.unfinished``. A part is finished when the manifest
there names it: the manifest is replaced as a whole, after the part's files are on the disk. What is
there beside is left over from a part that was not finished, and is thrown away.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from drugscan.errors import OutputError, SettingsError, TooManyRejectsError
from drugscan.read import Rejects
from drugscan.records import check_parts, part_name
from drugscan.scanning.parts import InputFile
from drugscan.write import FOREIGN, MANIFEST, check_free, put_folder, whole_file

if TYPE_CHECKING:
    import pyarrow as pa

ROOM_HINT = "make room, and go on with --resume"
"""What to do when the disk is full."""
_REJECTS = "rejects.jsonl"
_ADS = "ads.parquet"
_OF_PARTS = ("messages", "texts")
_PART_NAME = re.compile(r"part-\d{5,}\.parquet|\..*\.part")
_MANIFEST_KEYS = ("schema_version",)
_REPEATED = ["source", "chat", "chat_id", "account", "sender", "forwarded_from"]


@dataclass
class State:
    """What is finished.

    Attributes
    ----------
    identity : dict
        What decides the results beside the input: versions, options, hashes of model and lexicons.
    files : list of InputFile
        The input.
    parts : list of dict
        Of each part how many ``messages``, ``texts`` and ``ad_texts`` it has.
    counts : dict
        See :func:`drugscan.scanning.summary.summarise`; only when all is finished.
    seconds : dict of str to float
        How long each stage took.
    """

    identity: dict[str, Any]
    files: list[InputFile] = field(default_factory=list)
    parts: list[dict[str, int]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def as_manifest(self) -> dict[str, Any]:
        """Return it as it stands in ``manifest.json``."""
        return {
            **self.identity,
            "finished": bool(self.counts),
            "counts": self.counts,
            "seconds": {name: round(seconds, 1) for name, seconds in self.seconds.items()},
            "files": [asdict(file) for file in self.files],
            "parts": self.parts,
        }


class ResultsFolder:
    """A results folder that is being made; see :func:`open_folder`.

    Attributes
    ----------
    path, final : Path
        Where it is now, and where it is when it is finished.
    state : State
        What is finished in it.
    """

    def __init__(self, path: Path, final: Path, state: State) -> None:
        self.path = path
        self.final = final
        self.state = state
        self._rejects: _RejectsFile | None = None

    @property
    def is_finished(self) -> bool:
        """Tell whether it is a finished one, to which files may be added."""
        return self.path == self.final

    def begin(self) -> None:
        """Make ready for parts: take away what is left over, and the name of a finished one."""
        if self.is_finished:
            self.path = self.path.rename(unfinished(self.final))
        for name in _OF_PARTS:
            (self.path / name).mkdir(exist_ok=True)
        self.state.counts = {}
        _remove(self._leftovers())

    def add_part(self, messages: pa.Table, texts: pa.Table, *, n_ads: int, files: list[InputFile]) -> None:
        """Finish a part: when this returns, it is there to stay."""
        if messages.num_rows:
            name = part_name(len(self.state.parts))
            self._write(f"texts/{name}", texts)
            self._write(f"messages/{name}", messages, repeated=_REPEATED)
            counts = {"messages": messages.num_rows, "texts": texts.num_rows, "ad_texts": n_ads}
            self.state.parts.append(counts)
        self.state.files = files
        if self._rejects is not None:
            self._rejects.to_disk()
        self.save()

    def write_ads(self, ads: pa.Table) -> None:
        """Write which texts are one ad."""
        self._write(_ADS, ads)

    def texts(self, columns: list[str], *, most_rows: int) -> Iterator[pa.Table]:
        """Yield some columns of the texts, part by part, at most so many rows at once."""
        import pyarrow as pa
        from pyarrow import parquet

        for path in self.part_paths("texts"):
            with parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(most_rows, columns=columns):
                    yield pa.Table.from_batches([batch])

    def part_paths(self, kind: str) -> list[Path]:
        """Return the files of all parts' ``messages`` or ``texts``, in order."""
        return [self.path / kind / part_name(number) for number in range(len(self.state.parts))]

    def ads(self) -> pa.Table:
        """Return which texts are one ad."""
        from pyarrow import parquet

        return parquet.read_table(self.path / _ADS)

    def rejects(self, max_rejects: int | None) -> Rejects:
        """Return what notes rows that cannot be read, after those of the files that are done."""
        n_kept = sum(file.rejected for file in self.state.files)
        self._rejects = _RejectsFile(self.path / _REJECTS, n_kept, max_rejects=max_rejects)
        return self._rejects

    def save(self) -> None:
        """Write the manifest."""
        text = json.dumps(self.state.as_manifest(), indent=1, ensure_ascii=False) + "\n"
        with whole_file(self.path / MANIFEST, force=True, room_hint=ROOM_HINT) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            _flush(file)
        _folder_to_disk(self.path)

    def finish(self) -> dict[str, Any]:
        """Give the folder its name, and return its manifest."""
        self.save()
        put_folder(self.path, self.final)
        _folder_to_disk(self.final.absolute().parent)
        return self.state.as_manifest()

    def _leftovers(self) -> list[Path]:
        """Return the files of parts that are not finished, and what was derived from all parts."""
        finished = {part_name(number) for number in range(len(self.state.parts))}
        parts = [*(self.path / "messages").iterdir(), *(self.path / "texts").iterdir()]
        others = [path for path in self.path.iterdir() if path.name == _ADS or path.suffix == ".part"]
        return [path for path in parts if path.name not in finished] + others

    def _write(self, name: str, table: pa.Table, *, repeated: list[str] | bool = True) -> None:
        """Write a table; its columns of values that come again and again as dictionaries."""
        from pyarrow import parquet

        path = self.path / name
        with whole_file(path, force=True, room_hint=ROOM_HINT) as file:
            # No statistics: a part is read as a whole, and they take as long as all the rest.
            parquet.write_table(
                table, file, compression="zstd", use_dictionary=repeated, write_statistics=False
            )
            _flush(file)
        _folder_to_disk(path.parent)


class _RejectsFile(Rejects):
    """Rejects that go on in a file, after so many that are to stay."""

    def __init__(self, path: Path, n_kept: int, *, max_rejects: int | None) -> None:
        super().__init__(max_rejects)
        self.count = n_kept
        self.hint = f"see {path}, or allow more with --max-rejects"
        self._own_path = path

    def __enter__(self) -> Rejects:
        """Open the file behind what is to stay."""
        self._file = self._stack.enter_context(self._own_path.open("a+b"))
        self._file.seek(0)
        self._file.truncate(sum(map(len, islice(self._file, self.count))))
        return self

    def to_disk(self) -> None:
        """Make what was noted last."""
        if self._file is not None:
            _flush(self._file)


@contextmanager
def open_folder(
    output: str | os.PathLike[str], *, identity: dict[str, Any], resume: bool, force: bool
) -> Iterator[ResultsFolder]:
    """Open a results folder for one writer: a new one, or to go on with one.

    Parameters
    ----------
    output : path
        Its name when it is finished.
    identity : dict
        What decides the results beside the input.
    resume : bool
        Go on with what is there, finished or not, if anything is.
    force : bool
        Begin anew, and replace what is there.

    Raises
    ------
    OutputError
        If something is there and neither is wanted, or another scan writes there now.
    SettingsError
        If what is there was begun with another identity.
    """
    final = Path(output)
    check_free(final, force=True, manifest_keys=_MANIFEST_KEYS)
    if final.exists() and not (resume or force):
        replace = "" if _others_in(final, whole=True) else "--force to replace it, "
        hint = f"--resume to add new files, {replace}or give another name"
        raise OutputError("exists already", where=str(final), hint=hint)
    path = unfinished(final)
    if resume and final.exists() and not path.exists():
        path = final
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        problem = f"cannot be made ({error.strerror})"
        raise OutputError(problem, where=str(path), hint="give another name") from error
    with _locked(path):
        has_state = (path / MANIFEST).exists()
        _check_ours(path, whole=force or not has_state)
        if has_state and not (resume or force):
            raise OutputError(
                "an unfinished scan is here", where=str(path), hint="--resume to go on, --force to begin anew"
            )
        if force:
            if final.exists():
                _check_ours(final, whole=True)
            _remove(list(path.iterdir()))
        state = _read_state(path, identity) if has_state and not force else State(identity)
        check_parts(path, len(state.parts))
        try:
            yield ResultsFolder(path, final, state)
        except TooManyRejectsError:
            raise  # it sends people to the rejects
        except BaseException:
            if not (path / MANIFEST).exists():
                (path / _REJECTS).unlink(missing_ok=True)
            raise
        finally:
            if not (path / MANIFEST).exists():
                _remove_empty(path)


def _check_ours(path: Path, *, whole: bool) -> None:
    """Raise OutputError if what may be taken away holds anything that no scan leaves there."""
    others = _others_in(path, whole=whole)
    if others:
        raise OutputError(FOREIGN, where=str(path), hint=f"move {others[0]}, or give another name")


def _others_in(path: Path, *, whole: bool) -> list[str]:
    """Return the names of what no scan leaves in a folder, or else among its parts alone.

    Beside the parts others may lie, such as a report.
    """
    others = []
    for inner in sorted(path.iterdir()):
        is_ours = inner.name in (*_OF_PARTS, _REJECTS, _ADS, MANIFEST) or inner.suffix == ".part"
        if whole and not is_ours:
            others.append(inner.name)
        if inner.name in _OF_PARTS and inner.is_dir():
            names = sorted(file.name for file in inner.iterdir())
            others += [f"{inner.name}/{name}" for name in names if not _PART_NAME.fullmatch(name)]
    return others


def unfinished(output: Path) -> Path:
    """Return where a results folder is while it is made."""
    return output.parent / f"{output.name}.unfinished"


def _read_state(path: Path, identity: dict[str, Any]) -> State:
    """Return the state that a folder was left in; raises SettingsError if it cannot be gone on with."""
    hint = "begin anew with --force, or give another name"
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        state = State(
            {name: manifest[name] for name in identity},
            [InputFile(**file) for file in manifest["files"]],
            manifest["parts"],
            manifest["counts"],
            manifest["seconds"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError("is no results folder of this version", where=str(path), hint=hint) from error
    changed = _differences(state.identity, identity)
    if changed:
        raise SettingsError(
            f"was made with other settings ({', '.join(changed)})", where=str(path), hint=hint
        )
    return state


def _differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names of what differs, of options and versions the single ones."""
    names: list[str] = []
    for name, value in one.items():
        if isinstance(value, dict) and isinstance(other[name], dict):
            names += [key for key in value | other[name] if value.get(key) != other[name].get(key)]
        elif json.dumps(value) != json.dumps(other[name]):
            names.append(name)
    return names


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep a folder to ourselves; the system gives it back when we end, however that comes."""
    try:
        import fcntl
    except ImportError:  # Windows knows no such lock on a folder
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not folder.exists() or not os.path.samestat(os.fstat(handle), folder.stat()):
            raise BlockingIOError
        yield
    except BlockingIOError as error:
        raise OutputError(
            "another scan is writing here", where=str(folder), hint="wait for it, or give another name"
        ) from error
    finally:
        os.close(handle)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _remove_empty(folder: Path) -> None:
    """Take away a folder in which no part was finished, if it holds nothing to look at either."""
    rejects = folder / _REJECTS
    if rejects.exists() and not rejects.stat().st_size:
        rejects.unlink()
    for path in (folder / "messages", folder / "texts", folder):
        with suppress(OSError):  # is not there, or holds something
            path.rmdir()


def _flush(file: IO[bytes]) -> None:
    """Make what was written last through a loss of power."""
    file.flush()
    os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    """Make names of files last through a loss of power, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
