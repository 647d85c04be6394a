"""The NOS's recipe on drugscan's folds: leave one writer of `a` to `g` out at a time.

    python tests/bench/nos_recipe.py

TfidfVectorizer and MultiOutputClassifier of LogisticRegression over raw texts, as the NOS published
it; `h` to `l` are always in training. Compare with `drugscan evaluate fixtures/labelled
--cross-validate`.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline

from drugscan.model.labelled import read_labelled
from drugscan.records import LABELS

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"


@click.command(help=__doc__)
def main() -> None:
    records = read_labelled([LABELLED])
    gold = np.array([[label in record.labels for label in LABELS] for record in records])
    said = np.zeros_like(gold)
    files = np.array([record.file for record in records])
    texts = np.array([record.text for record in records], dtype=object)
    with_ads = [name for name in np.unique(files) if gold[files == name, 0].any()]
    for name in with_ads:
        training = files != name
        recipe = make_pipeline(TfidfVectorizer(), MultiOutputClassifier(LogisticRegression()))
        recipe.fit(texts[training], gold[training])
        said[~training] = recipe.predict(texts[~training])
    judged = np.isin(files, with_ads)
    print(
        f"accuracy {(gold == said)[judged, 0].mean():.3f}, Hamming loss {(gold != said)[judged].mean():.3f}"
    )


if __name__ == "__main__":
    main()
