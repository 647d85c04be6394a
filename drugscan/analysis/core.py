"""The tables of the schema ``core``: what all questions ask, counted from the results folder once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drugscan.analysis.database import add_table, read_file, run_file, settings
from drugscan.analysis.providers import link_providers
from drugscan.lexicon import load_lexicon
from drugscan.privacy.names import KnownNames
from drugscan.records import LABELS, POSSIBLE_DATES, text_id

if TYPE_CHECKING:
    import duckdb


def make_core(connection: duckdb.DuckDBPyConnection, *, folder: Path) -> None:
    """Make the tables of ``core_counts.sql`` and ``core_postings.sql``, and the providers between them."""
    for name, rows in _facts(folder).items():
        _add_rows(connection, f"core.{name}", rows)
    about_time = {"timezone": settings()["timezone"], **POSSIBLE_DATES}
    run_file(connection, "core_counts.sql", empty_text_id=text_id(""), **about_time)
    link_providers(connection, **settings()["common"])
    run_file(connection, "core_postings.sql", **settings()["prices"])


def read_names(connection: duckdb.DuckDBPyConnection) -> KnownNames:
    """Return the names of ``names.sql`` that texts may have too."""
    return KnownNames(connection.execute("select kind, value from core.known_names").fetchall())


def _facts(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what is known beforehand."""
    lexicon = load_lexicon()
    return {
        "folder_facts": [{"rejects": _count_lines(folder / "rejects.jsonl")}],
        "gazetteer": [
            {key: value or None for key, value in place._asdict().items()}
            for place in lexicon.gazetteer.values()
        ],
        "labels": [{"position": position, "label": label} for position, label in enumerate(LABELS)],
        "population": _read_csv("population.csv"),
        "quantity_bands": _read_csv("quantity_bands.csv"),
        "shared_sites": _read_csv("shared_sites.csv"),
        "substances": [{"substance": name, "label": label} for name, label in lexicon.labels.items()],
    }


def _add_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    import pyarrow

    add_table(connection, name, pyarrow.Table.from_pylist(rows))


def _read_csv(name: str) -> list[dict[str, Any]]:
    rows = csv.DictReader(read_file(name).splitlines())
    return [{key: _number_or_text(value) for key, value in row.items()} for row in rows]


def _number_or_text(value: str) -> int | str | None:
    return int(value) if value.isdigit() else value or None


def _count_lines(file: Path) -> int:
    if not file.exists():
        return 0
    with file.open("rb") as lines:
        return sum(1 for _ in lines)
