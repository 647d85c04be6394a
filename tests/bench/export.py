"""Measure `drugscan report` and `drugscan export` on a results folder: seconds, peak memory, bytes.

    python tests/bench/export.py RESULTS
    python tests/bench/export.py RESULTS --only report.html --only texts.csv --runs 3

Without --only it writes the report and each table in each format that can hold it. Of several runs the
middle one's seconds are told; the key of the pseudonyms is a new one. Beside a SQLite file stands the time
that the sqlite3 shell takes to import the same table from CSV, where there is such a shell.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import click
from memory import Run, run

from drugscan.analysis import tables

FORMATS = ("csv", "parquet", "sqlite", "xlsx")


def outputs() -> list[str]:
    """Return the names of all files that are measured."""
    exported = [f"{table}.{suffix}" for table in tables() for suffix in FORMATS]
    return ["report.html", *exported, "network.gexf", "places.geojson"]


def write(results: str, output: Path) -> Run:
    """Write one file from the command line."""
    words = ["report", results] if output.suffix == ".html" else ["export", results, output.stem]
    key = ["--key-file", str(output.parent / "key")]
    command = [sys.executable, "-m", "drugscan", *words, "-o", str(output), *key, "--force", "--quiet"]
    return run(command)


def shell_seconds(results: str, database: Path) -> float | None:
    """Return how long the sqlite3 shell takes for the rows of a database, without keys and indexes."""
    shell = shutil.which("sqlite3")
    lines = database.with_suffix(".csv")
    if shell is None or write(results, lines).returncode:
        return None
    begin = time.perf_counter()
    script = (
        f"pragma journal_mode = off;\npragma synchronous = off;\n.mode csv\n.import {lines} {lines.stem}\n"
    )
    database = database.with_suffix(".shell")
    subprocess.run([shell, str(database)], input=script, text=True, check=True, capture_output=True)
    return time.perf_counter() - begin


def measure(results: str, output: Path, *, n_runs: int) -> str:
    """Write a file several times and say how that went."""
    runs = [write(results, output) for _ in range(n_runs)]
    for done in runs:
        if done.returncode:
            return f"{output.name}: {done.stderr.strip()}"
    told = (
        f"{output.name}: {median(done.seconds for done in runs):.1f} s, "
        f"peak {max(done.peak_mib for done in runs):,.0f} MiB, {output.stat().st_size:,} bytes"
    )
    floor = shell_seconds(results, output) if output.suffix == ".sqlite" else None
    return told if floor is None else f"{told}; the sqlite3 shell imports the CSV in {floor:.1f} s"


@click.command(help=__doc__)
@click.argument("results", type=click.Path(exists=True))
@click.option("--only", multiple=True, metavar="FILE", help="Such as report.html, texts.csv, prices.xlsx.")
@click.option("--runs", "n_runs", default=1, show_default=True)
def main(results: str, only: tuple[str, ...], n_runs: int) -> None:
    for name in only or outputs():
        with tempfile.TemporaryDirectory() as folder:
            click.echo(measure(results, Path(folder, name), n_runs=n_runs))


if __name__ == "__main__":
    main()
