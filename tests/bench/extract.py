"""Measure what each part of `drugscan extract` takes, on one core.

    python tests/bench/extract.py --texts 5000

Reads distinct ads made of the fixtures' by variation: other digits, lines in another order, a line more
or less. Prints texts/s and microseconds a text of folding and of each extractor, the median of the runs.
An extractor is given what it needs (the folded text, the substances), so that the parts add up to the whole.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click
from classify import variants

from drugscan.extraction.contacts import find_contacts
from drugscan.extraction.offers import find_offers
from drugscan.extraction.places import find_places
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import load_lexicon
from drugscan.text import fold_with_offsets

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"


def ads(n_texts: int) -> list[str]:
    """Return distinct ads."""
    rows = [
        json.loads(line) for file in sorted(LABELLED.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    return variants(rows, 2 * n_texts)[::2]  # every second one is an ad


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that some work takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


@click.command(help=__doc__)
@click.option("--texts", "n_texts", default=5_000, show_default=True)
@click.option("--runs", default=5, show_default=True, help="The median is printed.")
def main(n_texts: int, runs: int) -> None:
    lexicon = load_lexicon()
    texts = ads(n_texts)
    folded = [fold_with_offsets(text) for text in texts]
    substances = [find_substances(one.text, lexicon) for one in folded]
    find_places(folded[0].text, lexicon)
    print(f"{n_texts:,} ads of {sum(map(len, texts)) / n_texts:.0f} characters in the mean")
    parts: dict[str, Callable[[], object]] = {
        "folding": lambda: [fold_with_offsets(text) for text in texts],
        # The lexicons are scanned once a text: by the substances, which come first.
        "substances": lambda: [find_substances(one.text, lexicon) for one in folded],
        "offers": lambda: [
            find_offers(one.text, names, lexicon) for one, names in zip(folded, substances, strict=True)
        ],
        "contacts": lambda: [find_contacts(one, text) for one, text in zip(folded, texts, strict=True)],
        "substances, then places": lambda: [
            (find_substances(one.text, lexicon), find_places(one.text, lexicon)) for one in folded
        ],
    }
    taken = {
        name: statistics.median(seconds(work) for _ in range(runs)) / n_texts for name, work in parts.items()
    }
    taken["places"] = taken.pop("substances, then places") - taken["substances"]
    for name, one in taken.items():
        print(f"{name:<12}{1e6 * one:8.1f} us {1 / one:10,.0f} texts/s")
    extractors = sum(taken.values()) - taken["folding"]
    print(f"{'all four':<12}{1e6 * extractors:8.1f} us {1 / extractors:10,.0f} texts/s")


if __name__ == "__main__":
    main()
