"""Measure `drugscan scan` on corpora of known truth, beside the chain that one would write today.

    python tests/bench/scan.py --rows 100000 --rows 1000000 --rows 5600000 --distinct-rows 1000000

For each size it makes a corpus (see corpus.py) and prints rows/s, processor seconds of all processes,
the peak of their memory together, the size of the results folder, and how far the number of distinct ads
is from the truth. Processor seconds say more than rows/s where the machine has other work, as the load
tells. Beside that, in the same run:

- the floor: reading the lines of the largest corpus and hashing them (xxh3, 128 bits);
- the peer chain, on the first so many rows (--peer-rows) of a corpus with repeats and of one without:
  pandas reads, the NOS's recipe (TfidfVectorizer, MultiOutputClassifier of LogisticRegression) judges
  every row, one alternation of all names of substances and places (`re`) is searched in each ad, and
  datasketch's MinHash and MinHashLSH take the ads one by one. It extracts no offers and no contacts.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import click
import xxhash
from corpus import LABELLED, make_corpus
from memory import run

from drugscan.lexicon import load_lexicon
from drugscan.records import LABELS


class Measured(NamedTuple):
    rows_per_second: float
    processor_microseconds: float  # a row


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_scan(corpus: Path, n_rows: int, *, jobs: int, memory: str) -> Measured:
    """Scan a corpus from the command line, and print how that went."""
    results = corpus / "results"
    command = [sys.executable, "-m", "drugscan", "scan", str(corpus / "messages.jsonl"), "-o", str(results)]
    before, load = processor_seconds(), os.getloadavg()[0]
    done = run([*command, "--force", "--quiet", "--jobs", str(jobs), "--memory", memory])
    if done.returncode:
        raise SystemExit(done.stderr)
    manifest = json.loads((results / "manifest.json").read_text())
    truth = json.loads((corpus / "truth.json").read_text())
    size = sum(path.stat().st_size for path in results.rglob("*") if path.is_file())
    used = processor_seconds() - before
    found = manifest["counts"]
    click.echo(
        f"{n_rows:,} rows, {found['texts']:,} distinct texts: {done.seconds:.1f} s, "
        f"{n_rows / done.seconds:,.0f} rows/s; processors {used:,.0f} s; load before {load:.1f}; "
        f"peak {done.peak_mib:,.0f} MiB; results {size / 2**20:,.0f} MiB; stages {manifest['seconds']}"
    )
    for name in ("ad_messages", "ads", "ad_accounts", "accounts", "chats", "bulk_messages"):
        click.echo(
            f"  {name}: {found[name]:,}, in truth {truth[name]:,} ({found[name] / truth[name] - 1:+.2%})"
        )
    return Measured(n_rows / done.seconds, used / n_rows * 1e6)


def measure_floor(path: Path) -> float:
    """Return rows/s of reading lines and hashing them."""
    begin = time.perf_counter()
    n_rows = 0
    with path.open("rb") as file:
        for line in file:
            xxhash.xxh3_128_digest(line)
            n_rows += 1
    return n_rows / (time.perf_counter() - begin)


def measure_peer(path: Path, n_rows: int) -> float:
    """Return rows/s of the peer chain; training and building its tables are not counted."""
    import numpy as np
    import pandas as pd
    from datasketch import MinHash, MinHashLSH
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multioutput import MultiOutputClassifier

    records = [
        json.loads(line) for file in sorted(LABELLED.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    vectoriser = TfidfVectorizer()
    rows = vectoriser.fit_transform([record["text"] for record in records])
    targets = np.array([[label in record["labels"] for label in LABELS] for record in records])
    recipe = MultiOutputClassifier(LogisticRegression()).fit(rows, targets)
    lexicon = load_lexicon()
    forms = {entry.form.lower() for table in ("substances", "places") for entry in lexicon.terms(table)}
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})\b")

    begin = time.perf_counter()
    frame = pd.read_json(path, lines=True, nrows=n_rows)
    is_ad = recipe.predict(vectoriser.transform(frame["text"]))[:, LABELS.index("drugsad")]
    index = MinHashLSH(threshold=0.8, num_perm=128)
    for number, text in enumerate(frame["text"][is_ad.astype(bool)].str.lower()):
        names.findall(text)
        sketch = MinHash(num_perm=128)
        for start in range(len(text) - 4):
            sketch.update(text[start : start + 5].encode())
        index.query(sketch)
        index.insert(number, sketch)
    return len(frame) / (time.perf_counter() - begin)


@click.command(help=__doc__)
@click.option("--rows", "sizes", multiple=True, type=int, default=[100_000], show_default=True)
@click.option("--distinct-rows", default=0, show_default=True, help="Rows of a corpus without repeats.")
@click.option(
    "--peer-rows", default=5_000, show_default=True, help="Rows for the peer chain; 0 leaves it out."
)
@click.option("--jobs", default=2, show_default=True)
@click.option("--memory", default="2GiB", show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the corpora for the next time.")
def main(
    sizes: tuple[int, ...], distinct_rows: int, peer_rows: int, jobs: int, memory: str, folder: Path | None
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        kinds = [(n_rows, False) for n_rows in sorted(sizes)] + [(distinct_rows, True)] * (distinct_rows > 0)
        for n_rows, distinct in kinds:
            corpus = (folder or Path(temporary)) / f"{n_rows}{'-distinct' if distinct else ''}"
            if not (corpus / "truth.json").exists():
                make_corpus(corpus, n_rows, distinct=distinct)
            click.echo("all distinct:" if distinct else "with repeats:")
            ours = measure_scan(corpus, n_rows, jobs=jobs, memory=memory)
            click.echo(f"  processor time: {ours.processor_microseconds:.0f} us a row")
            floor = measure_floor(corpus / "messages.jsonl")
            click.echo(f"  floor, reading and hashing lines: {floor:,.0f} rows/s")
            if peer_rows:
                peer = measure_peer(corpus / "messages.jsonl", peer_rows)
                times = ours.rows_per_second / peer
                click.echo(
                    f"  peer chain, {peer_rows:,} rows: {peer:,.0f} rows/s; ours is {times:.1f} times that"
                )


if __name__ == "__main__":
    main()
