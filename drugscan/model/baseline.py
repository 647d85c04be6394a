"""The NOS's recipe, to compare with: TF-IDF of words and logistic regression over raw texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from drugscan.model.figures import Judged, is_ad
from drugscan.model.folds import left_out_together, without_copies
from drugscan.model.labelled import LabelledText
from drugscan.model.train import near_duplicates
from drugscan.records import LABELS


def judge_left_out_by_nos_recipe(
    records: Sequence[LabelledText], *, also_train: Sequence[LabelledText] = ()
) -> list[Judged]:
    """Judge each record as the NOS's recipe does that was trained on all other files.

    ``TfidfVectorizer`` and a ``LogisticRegression`` a label with their own settings, as the NOS
    published it (its ``MultiOutputClassifier`` is that, but fails where all texts agree on a label); the
    folds are those of :func:`drugscan.model.cross_validation.judge_left_out`.

    Parameters
    ----------
    records : sequence of LabelledText
        Those to judge.
    also_train : sequence of LabelledText, optional
        Others, which every recipe is trained on and none judges.

    Returns
    -------
    list of Judged
        In the order of the records. The scores are those of the recipe, its labels as it gives
        them: categories may stand beside ``geendrugsad``.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    everything = [*records, *also_train]
    texts = np.array([record.text for record in everything], dtype=object)
    files = np.array([record.file for record in everything])
    labels = np.array([[label in record.labels for label in LABELS] for record in everything])
    clusters = near_duplicates(everything)
    scores = np.zeros(labels.shape)
    for names in left_out_together(record.file for record in records):
        held_out = np.isin(files, names)
        training = without_copies(~held_out, clusters)
        vectoriser = TfidfVectorizer()
        rows_to_learn = vectoriser.fit_transform(texts[training])
        rows_to_judge = vectoriser.transform(texts[held_out])
        for column, target in enumerate(labels[training].T):
            if target.min() == target.max():
                scores[held_out, column] = target[0]
                continue
            model = LogisticRegression().fit(rows_to_learn, target)
            scores[held_out, column] = model.predict_proba(rows_to_judge)[:, 1]
    rows: list[Any] = list(scores[: len(records)])
    return [
        Judged(
            record,
            {
                "labels": [label for label, score in zip(LABELS, row, strict=True) if score >= 0.5],
                "scores": dict(zip(LABELS, row.tolist(), strict=True)),
                "models_agree": True,
            },
        )
        for record, row in zip(records, rows, strict=True)
    ]


def mcnemar(ours: Sequence[Judged], theirs: Sequence[Judged]) -> dict[str, Any]:
    """Test whether two recipes differ in ``drugsad`` by more than chance.

    The exact test of Q. McNemar, "Note on the sampling error of the difference between correlated
    proportions or percentages", Psychometrika 12, 1947: of the messages that only one has right, half
    should go to each.

    Parameters
    ----------
    ours, theirs : sequence of Judged
        Of the same records in the same order.

    Returns
    -------
    dict
        ``only_ours_right``, ``only_theirs_right`` (messages) and ``p`` (two-sided).
    """
    from scipy.stats import binomtest

    right = [
        [is_ad(one.record.labels) == is_ad(one.prediction["labels"]) for one in judged]
        for judged in (ours, theirs)
    ]
    only_ours = sum(a and not b for a, b in zip(*right, strict=True))
    only_theirs = sum(b and not a for a, b in zip(*right, strict=True))
    n_differ = only_ours + only_theirs
    p = float(binomtest(only_ours, n_differ).pvalue) if n_differ else 1.0
    return {"only_ours_right": only_ours, "only_theirs_right": only_theirs, "p": p}
