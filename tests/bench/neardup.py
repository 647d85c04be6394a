"""Measure near-duplicates beside peers: the same texts, folding and shingles, in one run.

    pip install rensa fastsketchlsh
    python tests/bench/neardup.py --texts 600000

Writes invented texts of 200 to 1,500 characters, ten variants of each original, to a temporary folder,
and lets each method find the clusters in a process of its own. The peers get their texts folded by
two processes, as ours are, and their sketches have 126 values in 21 bands; their candidates are taken
as they come, where ours are verified. Slow methods get the first so many texts (--slow-texts). Recall is over
the pairs of variants that have a Jaccard of at least 0.8, by comparing sets of strings.

A peer that is not installed is left out. "text-dedup's method" is MinHash in numpy a text at a time, a
dictionary a band, and union-find, as that project has it.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import click
import numpy as np
from joblib import Parallel, delayed
from memory import run

from drugscan.neardup import Deduplicator
from drugscan.text import fold

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"
N_VARIANTS = 10
N_BANDS, N_ROWS = 21, 6
N_VALUES = N_BANDS * N_ROWS
SLOW = ("datasketch", "text-dedup's method")


def write_texts(path: Path, n_texts: int) -> None:
    """Write texts as JSON Lines; variants of one original stand in a row."""
    rng = random.Random(0)
    lines = [
        line
        for file in sorted(LABELLED.glob("*.jsonl"))
        for record in map(json.loads, file.read_text("utf-8").splitlines())
        for line in record["text"].split("\n")
        if line
    ]
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_texts):
            if number % N_VARIANTS == 0:
                original, length = [], rng.randint(200, 1_500)
                while sum(map(len, original)) < length:
                    original.append(rng.choice(lines)[:300])
            variant = list(original)
            for _ in range(rng.randint(0, 3)):
                place = rng.randrange(len(variant))
                variant[place] = variant[place].replace(str(rng.randint(0, 9)), str(rng.randint(0, 99)))
                variant.insert(place, rng.choice(lines)[:30])
            file.write(json.dumps("\n".join(variant)[:1_500] + f" {number}") + "\n")


def read_texts(path: Path, n_texts: int | None = None) -> Iterable[list[str]]:
    """Yield texts in batches."""
    batch = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == n_texts:
                break
            batch.append(json.loads(line))
            if len(batch) == 20_000:
                yield batch
                batch = []
    yield batch


def shingles(folded: str) -> set[str]:
    return {folded[start : start + 5] for start in range(len(folded) - 4)}


def fold_all(texts: list[str]) -> list[str]:
    return [fold(text) for text in texts]


def folded_batches(path: Path, n_texts: int | None) -> Iterable[list[str]]:
    """Yield folded texts, folded by two processes."""
    with Parallel(n_jobs=2) as parallel:
        for batch in read_texts(path, n_texts):
            halves = parallel(delayed(fold_all)(batch[half::2]) for half in (0, 1))
            folded = [""] * len(batch)
            folded[0::2], folded[1::2] = halves
            yield folded


def components(n_texts: int, pairs: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return a cluster's number for each text."""
    parents = list(range(n_texts))

    def find(text: int) -> int:
        while parents[text] != text:
            parents[text] = parents[parents[text]]
            text = parents[text]
        return text

    for first, second in pairs:
        one, other = find(first), find(second)
        parents[max(one, other)] = min(one, other)
    return np.array([find(text) for text in range(n_texts)])


def run_drugscan(path: Path, n_texts: int | None) -> np.ndarray:
    with Deduplicator(jobs=2) as deduplicator:
        for batch in read_texts(path, n_texts):
            deduplicator.add(batch)
        found = deduplicator.finish()
    return found.clusters.representatives[found.of_message]


def run_rensa(path: Path, n_texts: int | None) -> np.ndarray:
    import rensa

    index = rensa.RMinHashLSH(0.8, N_VALUES, N_BANDS)
    sketches = []
    for batch in folded_batches(path, n_texts):
        new = rensa.RMinHash.from_token_sets([shingles(text) for text in batch], N_VALUES, 42)
        index.insert_many(new, len(sketches))
        sketches += new
    pairs = ((own, other) for own, sketch in enumerate(sketches) for other in index.query(sketch))
    return components(len(sketches), pairs)


def run_fastsketchlsh(path: Path, n_texts: int | None) -> np.ndarray:
    import FastSketchLSH

    n_values, n_bands = 128, 32  # powers of two only; bands of four find more, and more that is unlike
    sketcher = FastSketchLSH.FastSimilaritySketch(n_values)
    parts = [
        np.asarray(sketcher.batch([list(shingles(text)) for text in batch], num_threads=2))
        for batch in folded_batches(path, n_texts)
        if batch
    ]
    sketches = np.concatenate(parts)
    index = FastSketchLSH.LSH(n_values, n_bands, num_threads=2)
    index.insert(sketches)
    others, edges = index.query(sketches, "csr")
    owners = np.repeat(np.arange(len(sketches)), np.diff(np.asarray(edges).astype(np.int64)))
    return components(len(sketches), zip(owners.tolist(), np.asarray(others).tolist(), strict=True))


def run_datasketch(path: Path, n_texts: int | None) -> np.ndarray:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=N_VALUES, params=(N_BANDS, N_ROWS))
    pairs, number = [], 0
    for batch in folded_batches(path, n_texts):
        for text in batch:
            sketch = MinHash(num_perm=N_VALUES)
            for shingle in shingles(text):
                sketch.update(shingle.encode())
            pairs += [(number, other) for other in index.query(sketch)]
            index.insert(number, sketch)
            number += 1
    return components(number, pairs)


def run_text_dedup(path: Path, n_texts: int | None) -> np.ndarray:
    import xxhash

    prime, largest = np.uint64((1 << 61) - 1), np.uint64((1 << 32) - 1)
    rng = np.random.RandomState(42)
    a, b = (rng.randint(1, prime, N_VALUES, dtype=np.uint64) for _ in range(2))
    tables: list[dict[bytes, list[int]]] = [defaultdict(list) for _ in range(N_BANDS)]
    number = 0
    for batch in folded_batches(path, n_texts):
        for text in batch:
            hashes = np.array(
                [xxhash.xxh32_intdigest(shingle.encode()) for shingle in shingles(text)], np.uint64
            )
            values = (np.outer(hashes, a) + b) % prime & largest
            values = np.vstack([values, np.full(N_VALUES, largest)]).min(axis=0)
            for band, table in enumerate(tables):
                table[values[band * N_ROWS : (band + 1) * N_ROWS].tobytes()].append(number)
            number += 1
    pairs = ((mates[0], mate) for table in tables for mates in table.values() for mate in mates[1:])
    return components(number, pairs)


METHODS = {
    "drugscan": run_drugscan,
    "rensa": run_rensa,
    "FastSketchLSH": run_fastsketchlsh,
    "datasketch": run_datasketch,
    "text-dedup's method": run_text_dedup,
}


def recall_of(clusters: np.ndarray, path: Path) -> tuple[float, int]:
    """Return the share of true pairs that are in one cluster, and their number, on a sample of originals."""
    n_originals = len(clusters) // N_VARIANTS
    sampled = set(random.Random(1).sample(range(n_originals), min(1_500, n_originals)))
    found = n_pairs = number = 0
    for batch in read_texts(path, len(clusters)):
        for start in range(0, len(batch) - N_VARIANTS + 1, N_VARIANTS):
            if (number + start) // N_VARIANTS in sampled:
                sets = [shingles(fold(text)) for text in batch[start : start + N_VARIANTS]]
                for first, second in combinations(range(N_VARIANTS), 2):
                    common = len(sets[first] & sets[second])
                    if common >= 0.8 * (len(sets[first]) + len(sets[second]) - common):
                        n_pairs += 1
                        found += clusters[number + start + first] == clusters[number + start + second]
        number += len(batch)
    return found / max(n_pairs, 1), n_pairs


@click.command(help=__doc__)
@click.option("--texts", "n_texts", default=600_000, show_default=True)
@click.option("--slow-texts", default=10_000, show_default=True, help="Texts for datasketch and text-dedup.")
@click.option("--method", help="Run this one only, on --path; used by the script itself.")
@click.option("--path", type=click.Path(path_type=Path))
def main(n_texts: int, slow_texts: int, method: str | None, path: Path | None) -> None:
    if method and path:
        begin = time.perf_counter()
        clusters = METHODS[method](path, n_texts)
        seconds = time.perf_counter() - begin
        recall, n_pairs = recall_of(clusters, path)
        print(json.dumps([len(clusters), seconds, len(set(clusters.tolist())), recall, n_pairs]))
        return
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.jsonl"
        write_texts(texts, n_texts)
        for name in METHODS:
            n_own = min(n_texts, slow_texts) if name in SLOW else n_texts
            command = [
                sys.executable,
                __file__,
                "--method",
                name,
                "--path",
                str(texts),
                "--texts",
                str(n_own),
            ]
            done = run(command)
            if done.returncode:
                print(f"{name}: left out ({done.stderr.strip().splitlines()[-1]})")
                continue
            n_done, seconds, n_clusters, recall, n_pairs = json.loads(done.stdout)
            rates[name] = n_done / seconds
            print(
                f"{name}: {n_done:,} texts in {seconds:.1f} s, {rates[name]:,.0f}/s, ours is "
                f"{rates['drugscan'] / rates[name]:.2f} times that; peak {done.peak_mib:,.0f} MiB; "
                f"{n_clusters:,} clusters; recall {recall:.4f} of {n_pairs:,} pairs",
                flush=True,
            )


if __name__ == "__main__":
    main()
