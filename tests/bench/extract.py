"""Measure what each part of `drugscan extract` takes, on one core.

    python tests/bench/extract.py --texts 1000 --slices 7

Reads distinct ads made of the fixtures' by variation: other digits, other words. Each slice of them is read
once by each part in turn, so that no part meets a text that it has read before; words are warmed up on
other ads. Prints texts/s and microseconds a text of folding, of the scan of the lexicons and of each
extractor, the median of the slices. A part is given what those before it found, so that the parts add up
to the whole.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from classify import variants

from drugscan.extraction.contacts import Contact, find_contacts
from drugscan.extraction.matching import find_forms
from drugscan.extraction.offers import find_offers
from drugscan.extraction.places import find_places
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import Lexicon, load_lexicon
from drugscan.text import PLACEHOLDER, fold, fold_with_offsets

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"
WARM_UP_TEXTS = 4_000

Found = TypeVar("Found")


def ads(n_texts: int) -> list[str]:
    """Return distinct ads."""
    rows = [
        json.loads(line) for file in sorted(LABELLED.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    return variants(rows, 2 * n_texts)[::2]  # every second one is an ad


class Stopwatch:
    """Sums the processor time that each part takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def time(self, part: str, work: Callable[..., Found], *columns: Iterable[object]) -> list[Found]:
        """Do some work for each row of some columns, and return what it gives."""
        rows = list(zip(*columns, strict=True))
        begin = time.process_time()
        found = [work(*row) for row in rows]
        self.seconds[part] += time.process_time() - begin
        return found


def contacts(text: str, folded_text: str) -> list[Contact]:
    """Return the contacts of a text as extraction looks for them: only where folding has found some."""
    return find_contacts(fold_with_offsets(text), text) if PLACEHOLDER in folded_text else []


def extract_all(texts: list[str], lexicon: Lexicon) -> dict[str, float]:
    """Return the seconds that each part takes on some texts."""
    watch = Stopwatch()
    plain = watch.time("folding", fold, texts)
    lexicons = [lexicon] * len(texts)
    watch.time("scan", find_forms, plain, lexicons)  # remembered for the extractors behind it
    substances = watch.time("substances", partial(find_substances, is_ad=True), plain, lexicons)
    watch.time("places", find_places, plain, lexicons)
    watch.time("offers", find_offers, plain, substances, lexicons)
    watch.time("contacts", contacts, texts, plain)
    return watch.seconds


@click.command(help=__doc__)
@click.option("--texts", "n_texts", default=1_000, show_default=True, help="In a slice.")
@click.option("--slices", "n_slices", default=7, show_default=True, help="The median of them is printed.")
def main(n_texts: int, n_slices: int) -> None:
    lexicon = load_lexicon()
    texts = ads(WARM_UP_TEXTS + n_texts * n_slices)
    extract_all(texts[:WARM_UP_TEXTS], lexicon)
    texts = texts[WARM_UP_TEXTS:]
    print(f"{len(texts):,} ads of {sum(map(len, texts)) / len(texts):.0f} characters in the mean")
    slices = [extract_all(texts[first : first + n_texts], lexicon) for first in range(0, len(texts), n_texts)]
    for one in slices:
        one["all"] = sum(one.values())
    for part in slices[0]:
        taken = statistics.median(one[part] for one in slices) / n_texts
        print(f"{part:<12}{1e6 * taken:8.1f} us {1 / taken:10,.0f} texts/s")


if __name__ == "__main__":
    main()
