"""The one loader of the lexicons: tables as data, checked as they are read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from drugscan.errors import SettingsError
from drugscan.lexicon.keys import form_key
from drugscan.paths import Paths

CONTEXTS = ("none", "weak", "strong", "sign", "descriptor", "party", "alone", "never")
"""How much context a form needs before it counts.

``none`` counts everywhere, ``weak`` where anything is traded, ``strong`` beside an amount or in a list of
names; ``sign`` and ``descriptor`` unless they only decorate another name, ``party`` beside other drugs,
``alone`` in an ad that names nothing else ("gekweekt", "oogst"), and ``never`` counts for nothing.
"""

FORM_COLUMNS = ("id", "form", "value", "context", "source")
"""The columns of a table of forms, and of a user's own table."""


class Entry(NamedTuple):
    """A form and what it stands for: one row of a table of forms.

    Attributes
    ----------
    id : str
        Names the row.
    form : str
        As people write it.
    value : str
        A substance id, a place's name or the kind of a cue; empty for a form that counts for nothing.
    context : str
        One of :data:`CONTEXTS`.
    source : str
        Where the form is known from.
    key : str
        What the form is compared by, see :func:`drugscan.lexicon.keys.form_key`.
    """

    id: str
    form: str
    value: str
    context: str
    source: str
    key: str


class Place(NamedTuple):
    """What is known of a place: one row of the gazetteer.

    Attributes
    ----------
    name : str
        Its usual Dutch name.
    kind : str
        ``woonplaats``, ``gemeente``, ``wijk``, ``regio``, ``provincie`` or ``land``.
    municipality, province, country : str
        Where it lies; empty where that says nothing. The country is a code of two letters.
    lat, lon : float or None
        Degrees (WGS 84).
    """

    name: str
    kind: str
    municipality: str
    province: str
    country: str
    lat: float | None
    lon: float | None


class Unit(NamedTuple):
    """A word for a unit: one row of ``units.csv``.

    Attributes
    ----------
    id, form : str
        Names the row; the word as folded text has it.
    value : str
        ``g``, ``ml``, ``pcs`` or ``eur``; empty for a unit of something that is not sold (minutes, mg).
    factor : Decimal
        How many of ``value`` one of it is.
    kind : str
        ``measure`` (gram, liter), ``piece`` (stuk), ``thing`` (pil, koekje: names what it counts),
        ``vessel`` (strip, fles: counts as one whatever it holds), ``pack`` (zakje, doos: what it holds
        counts), ``money`` or ``other``.
    """

    id: str
    form: str
    value: str
    factor: Decimal
    kind: str


class NumberWord(NamedTuple):
    """A word for a number: one row of ``numbers.csv``."""

    id: str
    form: str
    value: Decimal


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All tables in memory.

    Attributes
    ----------
    substances, places, cues : tuple of Entry
        The tables of forms.
    units : tuple of Unit
        Words for units.
    number_words : tuple of NumberWord
        Words for numbers.
    labels : mapping of str to str
        Substance id to category label.
    counted : frozenset of str
        Substances that come in pieces: a number without a unit counts these.
    least_eur : mapping of str to Decimal
        Substance id to the least that a gram or piece of it costs, where that is known.
    gazetteer : mapping of str to Place
        Place name to what is known of it.
    ordinary_words : frozenset of str
        Words of ordinary text, which are no misspelt names.
    """

    substances: tuple[Entry, ...]
    places: tuple[Entry, ...]
    cues: tuple[Entry, ...]
    units: tuple[Unit, ...]
    number_words: tuple[NumberWord, ...]
    labels: Mapping[str, str]
    counted: frozenset[str]
    least_eur: Mapping[str, Decimal]
    gazetteer: Mapping[str, Place]
    ordinary_words: frozenset[str]

    def terms(self, table: str) -> tuple[Entry, ...]:
        """Return the rows of a table of forms, sorted by value and form.

        Parameters
        ----------
        table : {"substances", "places", "cues"}
            Which table.

        Returns
        -------
        tuple of Entry
            Its rows, the user's own among them.

        Raises
        ------
        SettingsError
            If there is no such table.

        Examples
        --------
        >>> forms = [entry.form for entry in load_lexicon().terms("substances") if entry.value == "qat"]
        >>> "khat" in forms
        True
        """
        tables = {"substances": self.substances, "places": self.places, "cues": self.cues}
        if table not in tables:
            raise SettingsError(
                f"no table of terms is called {table!r}", hint=f"choose from {', '.join(tables)}"
            )
        return tuple(sorted(tables[table], key=lambda entry: (entry.value, entry.form)))


class OwnTable(NamedTuple):
    """A user's table as it was read: what is said by it must not change with its file.

    Attributes
    ----------
    path : str
        Its file.
    content : bytes
        What stood in it.
    """

    path: str
    content: bytes


OwnTables: TypeAlias = "Paths | Iterable[OwnTable]"
"""A user's tables, by their files or as they were read."""


def read_own_tables(tables: OwnTables) -> tuple[OwnTable, ...]:
    """Read a user's tables, but those that are read already.

    Raises
    ------
    SettingsError
        If a file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "own.csv")
    >>> _ = file.write_text("id,form,value,context,source")
    >>> (table,) = read_own_tables(file)
    >>> table.content, read_own_tables([table]) == (table,)
    (b'id,form,value,context,source', True)
    """
    given = [tables] if isinstance(tables, (str, os.PathLike)) else tables
    return tuple(one if isinstance(one, OwnTable) else _read_own_table(os.fspath(one)) for one in given)


def _read_own_table(path: str) -> OwnTable:
    try:
        return OwnTable(path, Path(path).read_bytes())
    except FileNotFoundError as error:
        raise SettingsError("there is no such file", where=path) from error
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", where=path) from error


def load_lexicon(extra: OwnTables = ()) -> Lexicon:
    """Load the lexicons in the box, and a user's own terms.

    Parameters
    ----------
    extra : path or several paths, or what :func:`read_own_tables` gave; optional
        CSV files with the columns id, form, value, context, source. A value is a substance id, the
        name of a known place or the kind of a cue. A form that is known already gets the new value.

    Returns
    -------
    Lexicon
        The same object for every call without ``extra``, and for the same content of the last tables.

    Raises
    ------
    SettingsError
        If a table is not what it should be; says in which line.

    Examples
    --------
    >>> lexicon = load_lexicon()
    >>> lexicon.labels["2cb"], lexicon.gazetteer["Den Bosch"].province
    ('harddrugs', 'Noord-Brabant')
    """
    return _with_tables(read_own_tables(extra))


@lru_cache(maxsize=2)
def _with_tables(tables: tuple[OwnTable, ...]) -> Lexicon:
    lexicon = _load_box()
    for table in tables:
        lexicon = _add_table(lexicon, table)
    return lexicon


@lru_cache(maxsize=1)
def _load_box() -> Lexicon:
    return Lexicon(
        substances=_read_forms("substance_forms.csv"),
        places=_read_forms("place_forms.csv"),
        cues=_read_forms("cues.csv"),
        units=tuple(
            Unit(row["id"], row["form"], row["value"], Decimal(row["factor"]), row["kind"])
            for row in _read_box("units.csv")
        ),
        number_words=tuple(
            NumberWord(row["id"], row["form"], Decimal(row["value"])) for row in _read_box("numbers.csv")
        ),
        labels=MappingProxyType({row["id"]: row["label"] for row in _read_box("substances.csv")}),
        counted=frozenset(row["id"] for row in _read_box("substances.csv") if row["counted"] == "yes"),
        least_eur=MappingProxyType(
            {row["id"]: Decimal(row["least_eur"]) for row in _read_box("substances.csv") if row["least_eur"]}
        ),
        gazetteer=MappingProxyType({place.name: place for place in _read_places()}),
        ordinary_words=frozenset(row["word"] for row in _read_box("ordinary_words.csv")),
    )


def _read_box(name: str) -> Iterator[dict[str, str]]:
    text = files("drugscan.lexicon").joinpath(name).read_text("utf-8")
    return csv.DictReader(text.splitlines())


def _read_forms(name: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(row["id"], row["form"], row["value"], row["context"], row["source"], form_key(row["form"]))
        for row in _read_box(name)
    )


def _read_places() -> Iterator[Place]:
    for row in _read_box("places.csv"):
        lat, lon = (float(row[axis]) if row[axis] else None for axis in ("lat", "lon"))
        yield Place(row["id"], row["kind"], row["municipality"], row["province"], row["country"], lat, lon)


# --- a user's own table ---------------------------------------------------------------------------


def _add_table(lexicon: Lexicon, own: OwnTable) -> Lexicon:
    """Return a lexicon with a user's rows; they stand above the rows in the box."""
    kinds = {
        "substances": frozenset(lexicon.labels),
        "places": frozenset(lexicon.gazetteer),
        "cues": frozenset(entry.value for entry in lexicon.cues),
    }
    added: dict[str, dict[str, Entry]] = {table: {} for table in kinds}
    ids: set[str] = set()
    path = own.path
    for line, row in _own_rows(own):
        entry = _check_row(row, where=f"{path}:{line}")
        table = next((table for table, values in kinds.items() if entry.value in values), None)
        if entry.context == "never" and (table is not None or not entry.value):
            table, entry = "substances", entry._replace(value="")  # the form, standing for nothing
        if table is None:
            raise SettingsError(
                f"unknown value {entry.value!r}",
                where=f"{path}:{line}",
                hint="a value is a substance id, the name of a known place or the kind of a cue",
            )
        if entry.id in ids or any(entry.key in rows for rows in added.values()):
            raise SettingsError(
                f"{entry.id!r} or its form {entry.form!r} stands there twice", where=f"{path}:{line}"
            )
        ids.add(entry.id)
        added[table][entry.key] = entry
    taken = {key for rows in added.values() for key in rows}
    changed: dict[str, Any] = {
        table: (*(entry for entry in getattr(lexicon, table) if entry.key not in taken), *rows.values())
        for table, rows in added.items()
    }
    return replace(lexicon, **changed)


def _own_rows(own: OwnTable) -> Iterator[tuple[int, dict[str, str]]]:
    path = own.path
    try:
        text = own.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"is no UTF-8 text ({error})", where=path) from error
    # A Dutch Excel saves semicolons.
    separator = ";" if text.startswith(";".join(FORM_COLUMNS)) else ","
    reader = csv.reader(text.splitlines(), delimiter=separator, strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != FORM_COLUMNS:
            raise SettingsError(
                f"the header is {','.join(header)!r}",
                where=f"{path}:1",
                hint=f"make it {','.join(FORM_COLUMNS)}",
            )
        for cells in reader:
            if not cells:  # a blank line
                continue
            if len(cells) != len(FORM_COLUMNS):
                raise SettingsError(
                    f"{len(cells)} cells instead of {len(FORM_COLUMNS)}", where=f"{path}:{reader.line_num}"
                )
            yield reader.line_num, dict(zip(FORM_COLUMNS, cells, strict=True))
    except csv.Error as error:
        raise SettingsError(f"is no CSV ({error})", where=f"{path}:{reader.line_num}") from error


def _check_row(row: dict[str, str], *, where: str) -> Entry:
    entry = Entry(**row, key=form_key(row["form"]))
    if not entry.id:
        raise SettingsError("the row has no id", where=where)
    if not entry.key:
        raise SettingsError(f"the form {entry.form!r} holds no letter, digit or emoji", where=where)
    if entry.context not in CONTEXTS:
        raise SettingsError(
            f"unknown context {entry.context!r}", where=where, hint=f"choose from {', '.join(CONTEXTS)}"
        )
    return entry
