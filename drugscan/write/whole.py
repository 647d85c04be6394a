"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from drugscan.errors import OutputError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when a disk is full, or a user's share of it."""
_ROOM_HINT = "make room, or write elsewhere"

MANIFEST = "manifest.json"
"""The file by which a folder of results or of a model is known."""
FOREIGN = "holds other files than this command writes"
"""What is wrong with a folder that must not be replaced."""


@contextmanager
def whole_file(path: str | Path, *, force: bool = False, room_hint: str = _ROOM_HINT) -> Iterator[IO[bytes]]:
    """Open a file for writing that gets its name when the block ends without an error.

    Raises
    ------
    OutputError
        If it exists (without ``force``), or its folder does not; also if the block finds the disk full.
    """
    with whole_path(path, force=force, room_hint=room_hint) as part, part.open("wb") as file:
        yield file


@contextmanager
def whole_path(path: str | Path, *, force: bool = False, room_hint: str = _ROOM_HINT) -> Iterator[Path]:
    """Make an empty file, for what opens files itself; it gets its name when the block ends without an error.

    Raises
    ------
    OutputError
        As for :func:`whole_file`; also if the block finds the disk full.
    """
    check_free(path, force=force)
    final = Path(os.path.realpath(path))  # a link stays, and what it leads to is replaced
    with _wrapped_errors(final):
        handle, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent)
    os.close(handle)
    part = Path(name)
    try:
        with no_room_told(final, hint=room_hint):
            yield part
        check_free(path, force=force)  # it may have come to be since
        part.chmod(stat.S_IMODE(final.stat().st_mode) if final.exists() else 0o666 & ~_umask())
        with _wrapped_errors(final):
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(
    path: str | Path, *, manifest_keys: Collection[str], names: Collection[str] = (), force: bool = False
) -> Iterator[Path]:
    """Make a folder that gets its name when the block ends without an error.

    Parameters
    ----------
    path : path
        Its name.
    manifest_keys, names : collection of str
        As for :func:`check_free`.
    force : bool, default False
        Replace one of its like.

    Yields
    ------
    Path
        Where to write until then.

    Raises
    ------
    OutputError
        If something else may not be written there (see :func:`check_free`), or the block finds the disk full.
    """
    final = check_free(path, force=force, manifest_keys=manifest_keys, names=names)
    with _wrapped_errors(final):
        part = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent))
    try:
        with no_room_told(final):
            yield part
        part.chmod(0o777 & ~_umask())
        check_free(final, force=force, manifest_keys=manifest_keys, names=names)
        with _wrapped_errors(final):
            put_folder(part, final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def put_folder(new: Path, final: Path) -> None:
    """Give a folder its name; the one that had it goes only when the new one stands there."""
    with tempfile.TemporaryDirectory(prefix=f".{final.name}.", suffix=".old", dir=final.parent) as aside:
        old = Path(aside, "old")
        try:
            if final.exists():
                final.rename(old)
            new.rename(final)
        finally:
            if old.exists() and not final.exists():
                old.rename(final)


def check_free(
    path: str | Path,
    *,
    force: bool,
    manifest_keys: Collection[str] | None = None,
    names: Collection[str] = (),
) -> Path:
    """Return the path, if a file or a folder may be written there.

    Parameters
    ----------
    path : path
        Where to.
    force : bool
        Whether something of its like may be replaced.
    manifest_keys : collection of str, optional
        For a folder: what the manifests of its like hold.
    names : collection of str, optional
        For a folder: what its like hold; nothing else in it may be replaced. Without them all may.

    Raises
    ------
    OutputError
        If something is there and ``force`` is not given, or it is not of the kind to be written: of the
        folders, ``force`` replaces those that are empty or hold such a manifest. Also if the folder above
        it does not exist, or the name is none.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> check_free(folder / "new.csv", force=False).name
    'new.csv'
    >>> _ = (folder / "thesis.txt").write_text("precious")
    >>> check_free(folder, force=True, manifest_keys=["format"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    drugscan.errors.OutputError: ...: holds other files than this command writes; give another name
    """
    final = Path(path)
    where = str(final)
    with _wrapped_errors(final):
        final.exists()  # a name may be too long, or lead through a file
    is_folder = manifest_keys is not None
    if not is_folder and str(path).endswith(("/", os.sep)):  # which a Path forgets
        raise OutputError("is a folder", where=str(path), hint="name a file in it")
    if is_folder and final.name in ("", ".."):
        raise OutputError("is no name for a folder to be made", where=where, hint="give it a name of its own")
    if final.exists():
        if not (final.is_dir() if is_folder else final.is_file()):
            kind = "a folder" if is_folder else "a file"
            raise OutputError(f"is not {kind}", where=where, hint="give another name")
        if manifest_keys is not None and any(final.iterdir()) and not _is_like(final, manifest_keys):
            raise OutputError(FOREIGN, where=where, hint="give another name")
        for inner in sorted(final.iterdir()) if names else ():
            if inner.name not in names:
                raise OutputError(FOREIGN, where=where, hint=f"move {inner.name}, or give another name")
        if not force:  # only now, since it would replace none of those
            hint = "give another name, or --force to replace it"
            raise OutputError("exists already", where=where, hint=hint)
    if not final.absolute().parent.is_dir():
        raise OutputError("its folder does not exist", where=where, hint="make the folder first")
    return final


def _is_like(folder: Path, manifest_keys: Collection[str]) -> bool:
    """Tell whether a folder's manifest holds such keys; browser extensions, for one, have a manifest too."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.keys() >= set(manifest_keys)


def check_apart(*paths: str | Path | None) -> None:
    """Raise OutputError if two outputs have one name: the last would replace the other, or mix with it.

    Examples
    --------
    >>> check_apart("a.jsonl", None, None, "-")
    >>> check_apart("a.jsonl", "./a.jsonl")
    Traceback (most recent call last):
    drugscan.errors.OutputError: ./a.jsonl: is to hold two outputs; give each its own name
    """
    taken = set()
    for path in paths:
        if path is None:
            continue
        place = "-" if str(path) == "-" else os.path.realpath(path)
        if place in taken:
            raise OutputError("is to hold two outputs", where=str(path), hint="give each its own name")
        taken.add(place)


@contextmanager
def no_room_told(where: str | os.PathLike[str], *, hint: str = _ROOM_HINT) -> Iterator[None]:
    """Say in one line that the disk is full, whatever was being written.

    Raises
    ------
    OutputError
        In place of what the system said; it has another name if a file beside ``where`` did not fit.

    Examples
    --------
    >>> with no_room_told("out.csv", hint="make room"):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    drugscan.errors.OutputError: out.csv: cannot be written (No space left on device); make room
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        named = os.fspath(error.filename or where)
        raise OutputError(f"cannot be written ({error.strerror})", where=named, hint=hint) from error


@contextmanager
def _wrapped_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror})", where=str(path)) from error


def _umask() -> int:
    """Return the user's mask for new files, which the system only tells by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
