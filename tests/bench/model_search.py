"""Which settings and which features serve best: a, b, ... g each left out, all others trained on.

The linear scores are made once: for each two writers by a model that has seen neither, so that the trees
of each fold learn from scores of unseen writers and judge an unseen writer, as in ``drugscan.model.train``.
What a variant changes is the trees, or which features they read. Labels stand from a score of .5,
uncalibrated: the table compares variants, and the recipe's own figures are those of ``drugscan evaluate``.

    python tests/bench/model_search.py [--jobs 2]
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from drugscan.model import train as recipe
from drugscan.model.classifier import opine, tree_features
from drugscan.model.features import NUMBERS, fit_vectorisers, read_features
from drugscan.model.folds import without_copies
from drugscan.model.labelled import read_labelled
from drugscan.model.shape import SHAPE_FEATURES
from drugscan.text import fold

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"
JUDGED = tuple("abcdefg")
OPTIONS = recipe.TrainingOptions()
N_SHAPE = len(SHAPE_FEATURES)

# Name, options of the trees, and which of the numbers beside the linear scores they read.
VARIANTS = [
    ("as it is", OPTIONS, slice(None)),
    ("linear scores and shape only", OPTIONS, slice(0, N_SHAPE)),
    ("linear scores and findings only", OPTIONS, slice(N_SHAPE, len(NUMBERS))),
    ("linear scores only", OPTIONS, slice(0, 0)),
    ("7 leaves", replace(OPTIONS, n_leaves=7), slice(None)),
    ("31 leaves", replace(OPTIONS, n_leaves=31), slice(None)),
    ("300 trees at half the pace", replace(OPTIONS, n_trees=300, learning_rate=0.03), slice(None)),
    ("75 trees at twice the pace", replace(OPTIONS, n_trees=75, learning_rate=0.12), slice(None)),
    ("10 texts a leaf", replace(OPTIONS, min_texts_a_leaf=10), slice(None)),
    ("40 texts a leaf", replace(OPTIONS, min_texts_a_leaf=40), slice(None)),
    ("a quarter of the features a tree", replace(OPTIONS, features_a_tree=0.25), slice(None)),
    ("all features each tree", replace(OPTIONS, features_a_tree=1.0), slice(None)),
]


def main() -> None:
    """Make the linear scores, then a line a variant."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=2)
    jobs = parser.parse_args().jobs
    records = read_labelled([LABELLED])
    files = np.array([record.file for record in records])
    targets = recipe.label_matrix(records)
    clusters = recipe.near_duplicates(records)
    features = read_features([fold(record.text) for record in records])
    words = fit_vectorisers(features, min_df=OPTIONS.min_df).transform(features)
    scores = linear_scores(words, targets, files, clusters, jobs=jobs)

    def judge(name: str, options: recipe.TrainingOptions, columns: slice) -> tuple[np.ndarray, np.ndarray]:
        held_out = files == name
        training = np.flatnonzero(without_copies(~held_out, clusters))
        rows = tree_features(scores[name], features.numbers[:, columns])
        trees = recipe._fit_all_trees(rows.take(training), targets[training], options)
        return held_out, opine(*trees, rows.take(np.flatnonzero(held_out))).combined()

    print(f"{'variant':<34} accuracy  Hamming loss  macro F1")
    for title, options, columns in VARIANTS:
        said = np.full(targets.shape, np.nan)
        for held_out, of_file in Parallel(n_jobs=jobs)(
            delayed(judge)(name, options, columns) for name in JUDGED
        ):
            said[held_out] = of_file
        judged = np.isin(files, JUDGED)
        accuracy, loss, f1 = measure(said[judged] >= 0.5, targets[judged] == 1)
        print(f"{title:<34} {accuracy:>8.4f} {loss:>13.4f} {f1:>9.4f}", flush=True)


def linear_scores(words, targets, files, clusters, *, jobs: int) -> dict[str, np.ndarray]:
    """Return for each judged file the scores of all texts by models that saw neither it nor their writer."""
    names = sorted(set(files))
    pairs = [pair for pair in combinations_with_replacement(names, 2) if set(pair) & set(JUDGED)]

    def score(pair: tuple[str, str]) -> tuple[tuple[str, str], np.ndarray, np.ndarray]:
        held_out = np.isin(files, pair)
        training = np.flatnonzero(without_copies(~held_out, clusters))
        linear = recipe._fit_linear(words[training], targets[training], OPTIONS)
        return pair, held_out, linear.scores(words[np.flatnonzero(held_out)])

    found = {name: np.full(targets.shape, np.nan) for name in JUDGED}
    for pair, held_out, of_pair in Parallel(n_jobs=jobs)(delayed(score)(pair) for pair in pairs):
        for judged in set(pair) & set(JUDGED):
            other = pair[0] if pair[1] == judged else pair[1]
            found[judged][files == other] = of_pair[files[held_out] == other]
    return found


def measure(said: np.ndarray, gold: np.ndarray) -> tuple[float, float, float]:
    """Return accuracy of ``drugsad``, Hamming loss and macro F1 over the ten labels."""
    said[:, 1:] &= said[:, :1]
    said, gold = (np.hstack([~of_nine[:, :1], of_nine]) for of_nine in (said, gold))
    f1 = 2 * (said & gold).sum(axis=0) / np.maximum((said.sum(axis=0) + gold.sum(axis=0)), 1)
    return float((said[:, 0] == gold[:, 0]).mean()), float((said != gold).mean()), float(f1.mean())


if __name__ == "__main__":
    main()
