"""What a distinct text costs one core in each stage of classifying: the median over slices of texts.

    python tests/bench/stages.py [--texts 60000] [--file messages.jsonl]

Every other slice is classified; on those between, each stage takes all texts, also those that the screen
settles, and is given what the stages before it remember. As in the processes of classify and scan, slices
are of 2,000 texts and no garbage is collected meanwhile. The texts are those of classify.py, invented
variants of the messages in fixtures, half of them ads; or the distinct texts of a file of JSON Lines.
The first quarter of the slices only fills what is remembered of words.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import repeat
from pathlib import Path
from typing import Any

import click
from classify import read_records, variants

from drugscan.extraction.matching import find_forms
from drugscan.extraction.offers import find_offers
from drugscan.extraction.places import find_places
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import load_lexicon
from drugscan.model.classifier import opine
from drugscan.model.features import read_features
from drugscan.model.findings import find
from drugscan.model.shape import shape
from drugscan.model.store import load_model
from drugscan.text import fold, fold_with_offsets

SLICE_TEXTS = 2_000


class Costs:
    """CPU time of each stage, a figure a slice."""

    def __init__(self) -> None:
        self.microseconds: dict[str, list[float]] = {}

    def of(self, stage: str, function: Callable[..., Any], *arguments: Any) -> Any:
        begin = time.process_time()
        result = function(*arguments)
        seconds = time.process_time() - begin
        self.microseconds.setdefault(stage, []).append(seconds / SLICE_TEXTS * 1e6)
        return result


def each(function: Callable[..., Any], *columns: Iterable[Any]) -> list[Any]:
    return list(map(function, *columns))


def read_texts(file: Path) -> list[str]:
    """Return the distinct texts of a file, shuffled: neighbours are often alike."""
    lines = file.read_text("utf-8").splitlines()
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
    random.Random(0).shuffle(texts)
    return texts


@click.command(help=__doc__)
@click.option("--texts", default=60_000, show_default=True, help="At most so many.")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(texts: int, file: Path | None) -> None:
    gc.disable()
    model, lexicon, costs = load_model(), load_lexicon(), Costs()
    all_texts = variants(read_records(), texts) if file is None else read_texts(file)[:texts]
    for start in range(0, len(all_texts) - SLICE_TEXTS + 1, SLICE_TEXTS):
        raw = all_texts[start : start + SLICE_TEXTS]
        if start // SLICE_TEXTS % 2:
            costs.of("classify, all in all", model.classify, raw)
            continue
        folded = costs.of("fold", each, fold, raw)
        costs.of("scan of the lexicons", each, find_forms, folded, repeat(lexicon))
        found = costs.of("find_substances", each, find_substances, folded, repeat(lexicon))
        costs.of("find_offers", each, find_offers, folded, found, repeat(lexicon))
        costs.of("findings, given those", find, folded)
        costs.of("shape", shape, folded)
        features = read_features(folded)
        text_scores = costs.of("scores of words, and the screen", model._text_scorer.scores, features.texts)
        rows = costs.of("scores of skeletons", model._tree_rows, text_scores, features)
        costs.of("trees", opine, model.binary_trees, model.multilabel_trees, rows)
        costs.of("(extract) fold_with_offsets", each, fold_with_offsets, raw)
        costs.of("(extract) find_places", each, find_places, folded, repeat(lexicon))
    for stage, figures in costs.microseconds.items():
        click.echo(f"{stage:40} {statistics.median(figures[len(figures) // 4 :]):7.1f} us a text")


if __name__ == "__main__":
    main()
