"""Measure `drugscan classify` beside the NOS's recipe over every row, in one run.

    python tests/bench/classify.py --rows 1000000 --distinct 60000

Writes JSON Lines of invented variants of the fixtures' messages, half of them ads, to a temporary folder:
copies of a given number of distinct texts, and a tenth as many rows that are all distinct. Prints rows/s,
the peak memory of the command, and the ratio. The NOS's recipe (TfidfVectorizer and MultiOutputClassifier
of LogisticRegression, as published) classifies every row, in this process, reading included.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import click
from memory import run

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"


def read_records() -> list[dict]:
    files = sorted(LABELLED.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def variants(records: list[dict], n_distinct: int) -> list[str]:
    """Return distinct texts, half of them ads: each with other numbers, and words of another of its kind."""
    rng = random.Random(0)
    ads = [record["text"] for record in records if "drugsad" in record["labels"]]
    others = [record["text"] for record in records if "drugsad" not in record["labels"]]
    found: dict[str, None] = {}
    while len(found) < n_distinct:
        kind = others if len(found) % 2 else ads
        text = re.sub("[1-9]", lambda _: str(rng.randint(1, 9)), rng.choice(kind))
        words, donor = text.split(" "), rng.choice(kind).split(" ")
        for _ in range(1 + len(words) // 8):
            words[rng.randrange(len(words))] = rng.choice(donor)
        found[" ".join(words)] = None
    return list(found)


def write_rows(path: Path, texts: list[str], n_rows: int) -> None:
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_rows):
            text = texts[number] if number < len(texts) else rng.choice(texts)
            file.write(
                json.dumps({"id": number, "chat": number % 21, "text": text}, ensure_ascii=False) + "\n"
            )


def run_command(path: Path, *, jobs: int) -> tuple[float, float]:
    """Return the seconds and the peak memory (MiB) of the command."""
    command = [sys.executable, "-m", "drugscan", "classify", str(path), "-o", str(path) + ".out.jsonl"]
    done = run([*command, "--force", "--quiet", "--jobs", str(jobs)])
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.seconds, done.peak_mib


def run_nos_recipe(records: list[dict], path: Path) -> float:
    """Return the seconds that the NOS's recipe takes to classify every row of a file."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multioutput import MultiOutputClassifier
    from sklearn.pipeline import make_pipeline

    from drugscan.records import LABELS

    recipe = make_pipeline(TfidfVectorizer(), MultiOutputClassifier(LogisticRegression()))
    recipe.fit([r["text"] for r in records], [[label in r["labels"] for label in LABELS] for r in records])
    begin = time.perf_counter()
    with path.open(encoding="utf-8") as file:
        recipe.predict([json.loads(line)["text"] for line in file])
    return time.perf_counter() - begin


@click.command(help=__doc__)
@click.option("--rows", default=1_000_000, show_default=True)
@click.option("--distinct", default=60_000, show_default=True)
@click.option("--jobs", default=2, show_default=True)
@click.option("--runs", default=3, show_default=True, help="The median is printed.")
def main(rows: int, distinct: int, jobs: int, runs: int) -> None:
    records = read_records()
    texts = variants(records, max(distinct, rows // 10))
    print(f"texts of {sum(map(len, texts)) / len(texts):.0f} characters in the mean, {jobs} jobs")
    with tempfile.TemporaryDirectory() as folder:
        for name, n_rows, n_distinct in (
            ("copies", rows, distinct),
            ("all distinct", rows // 10, rows // 10),
        ):
            path = Path(folder) / "rows.jsonl"
            write_rows(path, texts[:n_distinct], n_rows)
            measured = sorted(run_command(path, jobs=jobs) for _ in range(runs))
            seconds, peak_mib = measured[len(measured) // 2]
            nos_path = path
            if n_rows > 100_000:
                nos_path = Path(folder) / "some.jsonl"
                write_rows(nos_path, texts[:n_distinct], 100_000)
            nos_rate = min(n_rows, 100_000) / run_nos_recipe(records, nos_path)
            rate = n_rows / seconds
            print(
                f"{name}: {n_rows:,} rows of {n_distinct:,} texts: {rate:,.0f} rows/s, "
                f"peak {peak_mib:,.0f} MiB; NOS recipe {nos_rate:,.0f} rows/s; ratio {rate / nos_rate:.1f}"
            )


if __name__ == "__main__":
    main()
