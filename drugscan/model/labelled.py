"""Labelled messages: read, checked against the codebook, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import xxhash

from drugscan.errors import InputError
from drugscan.model.json_numbers import is_number
from drugscan.paths import Paths, paths_of
from drugscan.records import LABELS, text_keys

_UNITS = ("g", "ml", "pcs")
_is_amount = partial(is_number, low=0)
_OFFER_VALUES: Mapping[str, Callable[[object], bool]] = MappingProxyType(
    {
        "substance": lambda value: isinstance(value, str),
        "quantity": _is_amount,
        "quantity_max": _is_amount,
        "unit": lambda value: value in _UNITS,
        "price_eur": _is_amount,
        "unit_price_eur": _is_amount,
    }
)
"""What an offer may hold, beside null."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One message with its labels.

    Attributes
    ----------
    id : str
        Unique over all files.
    text : str
        As posted.
    labels : tuple of str
        Some of :data:`drugscan.records.LABELS`, in that order.
    file : str
        The stem of the file's name: who wrote or collected it.
    row : dict
        All fields of the record.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    file: str
    row: dict[str, Any] = field(default_factory=dict, repr=False)


def read_labelled(paths: Paths) -> list[LabelledText]:
    """Read labelled messages and check every record.

    Parameters
    ----------
    paths : path or several paths
        JSON Lines files in the codebook's format, or folders of such.

    Returns
    -------
    list of LabelledText
        Sorted by file name, then as in the file, in whatever order the paths are given.

    Raises
    ------
    InputError
        If a file cannot be read or a record is not by the codebook; says in which line.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "a.jsonl")
    >>> _ = file.write_text('{"id": "1", "text": "coke 1g 50", "labels": ["drugsad", "harddrugs"]}')
    >>> read_labelled([file])[0].labels
    ('drugsad', 'harddrugs')
    """
    names = paths_of(paths)
    records: list[LabelledText] = []
    first_seen: dict[str, str] = {}
    for path in sorted(set(_files(names)), key=lambda path: (path.stem, str(path))):
        for line, record in _read_file(path):
            where = f"{path}:{line}"
            if record.id in first_seen:
                raise InputError(
                    f"the id {record.id!r} is used twice",
                    where=where,
                    hint=f"it stands at {first_seen[record.id]} too",
                )
            first_seen[record.id] = where
            records.append(record)
    if not records:
        raise InputError("there are no labelled messages", where=", ".join(names))
    return records


def labelled_in_the_box() -> Path:
    """Return the folder of the labelled messages that drugscan brings."""
    return Path(str(files("drugscan") / "data" / "labelled"))


def training_hash(records: Iterable[LabelledText]) -> str:
    """Return 32 hexadecimal digits that stand for what a model learns from these records.

    Examples
    --------
    >>> training_hash([LabelledText("1", "coke 1g 50", ("drugsad", "harddrugs"), "a")])
    '1904d53c0f7980648c3852b11e22366d'
    """
    state = xxhash.xxh3_128()
    for record in records:
        state.update(orjson.dumps((record.file, record.id, record.text, record.labels)) + b"\n")
    return state.hexdigest()


def file_hashes(records: Iterable[LabelledText]) -> dict[str, str]:
    """Return for each file 32 hexadecimal digits that stand for its texts.

    They are the same in another order, under another name and with other labels: a model that has seen a
    text knows it again all the same.

    Examples
    --------
    >>> file_hashes([LabelledText("1", "coke 1g 50", ("drugsad", "harddrugs"), "a")])
    {'a': '346e2acda22ca25f6aa87b76decc40bb'}
    """
    texts: dict[str, set[str]] = {}
    for record in records:
        texts.setdefault(record.file, set()).add(record.text)
    return {file: xxhash.xxh3_128_hexdigest(text_keys(sorted(of_file))) for file, of_file in texts.items()}


def _files(paths: Iterable[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from path.glob("*.jsonl")
        else:
            yield path


def _read_file(path: Path) -> Iterator[tuple[int, LabelledText]]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path)) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path}:{number}"
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise InputError(
                    f"is no JSON ({error})", where=where, hint="give one object a line"
                ) from error
            yield number, _check(row, file=path.stem, where=where)


def _check(row: Any, *, file: str, where: str) -> LabelledText:
    """Return the record, or raise what the codebook has against it."""
    if not isinstance(row, dict):
        raise InputError("is no JSON object", where=where, hint="give one object a line")
    for key, kind, wanted in (("id", str, "text in quotes"), ("text", str, "text"), ("labels", list, "list")):
        if key not in row:
            raise InputError(f"the field {key!r} is missing", where=where)
        if not isinstance(row[key], kind):
            raise InputError(f"the field {key!r} is no {wanted}", where=where)
    labels = row["labels"]
    for label in labels:
        if label not in LABELS:
            raise InputError(f"unknown label {label!r}", where=where, hint=f"choose from {', '.join(LABELS)}")
    if len(set(labels)) < len(labels):
        raise InputError("a label stands there twice", where=where)
    if ("drugsad" in labels) == ("geendrugsad" in labels):
        raise InputError("exactly one of drugsad and geendrugsad must stand in labels", where=where)
    if "geendrugsad" in labels and len(labels) > 1:
        raise InputError(f"{labels} cannot stand together: geendrugsad stands alone", where=where)
    _check_extracted(row, where=where)
    ordered = tuple(label for label in LABELS if label in labels)
    return LabelledText(row["id"], row["text"], ordered, file, row)


def _check_extracted(row: dict[str, Any], *, where: str) -> None:
    """Check the fields that only some labelled messages have."""
    from drugscan.lexicon import load_lexicon

    for key, kind in (("substances", str), ("places", str), ("offers", dict)):
        values = row.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
            raise InputError(f"the field {key!r} is no list of {kind.__name__}", where=where)
        if values and "geendrugsad" in row["labels"]:
            raise InputError(f"the field {key!r} must be empty for geendrugsad", where=where)
        if kind is str and len(set(values)) < len(values):
            raise InputError(f"a value stands twice in {key!r}", where=where)
    known = load_lexicon().labels
    offers: list[dict[str, Any]] = row.get("offers", [])
    for offer in offers:
        for key, value in sorted(offer.items()):
            if key not in _OFFER_VALUES:
                raise InputError(f"an offer has the unknown key {key!r}", where=where)
            if value is not None and not _OFFER_VALUES[key](value):
                raise InputError(f"an offer has the {key} {value!r}", where=where)
        if all(value is None for value in offer.values()):
            raise InputError("an offer says nothing", where=where, hint="leave it out")
    named = [*row.get("substances", []), *(offer.get("substance") for offer in offers)]
    for substance in named:
        if substance is not None and substance not in known:
            raise InputError(
                f"unknown substance {substance!r}",
                where=where,
                hint="drugscan extract --list-terms substances shows what is known",
            )
