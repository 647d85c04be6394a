"""The NOS's two figures for labels said beside labels meant, macro F1, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from drugscan.model.calibration import expected_calibration_error, reliability
from drugscan.model.classifier import Classification
from drugscan.model.labelled import LabelledText
from drugscan.records import LABELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_RESAMPLES = 1_000
_N_WORST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message and what a model that has not seen it, or has, says of it."""

    record: LabelledText
    prediction: Classification


def figures(judged: Sequence[Judged], *, n_resamples: int = _N_RESAMPLES) -> dict[str, Any]:
    """Compare predictions with labels.

    Parameters
    ----------
    judged : sequence of Judged
        At least one.
    n_resamples : int, default 1000
        Resamples of the bootstrap over messages; 0 leaves the intervals out.

    Returns
    -------
    dict
        ``messages``; ``accuracy`` (of ``drugsad``), ``hamming_loss`` (over the ten labels) and
        ``macro_f1`` (the mean F1 of the labels that stand anywhere, meant or said), each with ``value``
        and a 95 % percentile interval ``low``, ``high``; ``models_agree`` (share of messages);
        ``labels`` with ``support``, ``predicted``, ``precision``, ``recall``, ``f1`` per label;
        ``confusion`` of ``drugsad``; ``calibration`` of its scores (the expected calibration error
        ``ece``, and ``bins`` of mean score, share that are ads, and messages); ``worst_errors``, the
        surest first.

    Examples
    --------
    >>> record = LabelledText("1", "coke 1g 50", ("drugsad", "harddrugs"), "a")
    >>> said = {"labels": ["drugsad"], "scores": {"drugsad": 0.9}, "models_agree": True}
    >>> figures([Judged(record, said)])["hamming_loss"]["value"]
    0.1
    """
    gold = _indicators([one.record.labels for one in judged])
    said = _indicators([one.prediction["labels"] for one in judged])
    counts = np.hstack([gold[:, :1] == said[:, :1], (gold != said).mean(axis=1, keepdims=True)])
    counts = np.hstack([counts, gold & said, gold, said]).astype(float)
    samples = _statistics(np.vstack([counts.sum(axis=0), *_resampled_sums(counts, n_resamples)]), len(judged))

    def stated(name: str, column: int = 0) -> dict[str, float]:
        value, *resampled = samples[name][:, column].tolist()
        if not resampled:
            return {"value": round(value, 4)}
        low, high = np.percentile(resampled, [2.5, 97.5])
        return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}

    return {
        "messages": len(judged),
        "accuracy": stated("accuracy"),
        "hamming_loss": stated("hamming_loss"),
        "macro_f1": stated("macro_f1"),
        "models_agree": round(sum(one.prediction["models_agree"] for one in judged) / len(judged), 4),
        "labels": {
            label: {
                "support": int(gold[:, column].sum()),
                "predicted": int(said[:, column].sum()),
                **{name: stated(name, column) for name in ("precision", "recall", "f1")},
            }
            for column, label in enumerate(LABELS)
        },
        "confusion": {
            "true_positives": int((gold & said)[:, 0].sum()),
            "false_positives": int((~gold & said)[:, 0].sum()),
            "false_negatives": int((gold & ~said)[:, 0].sum()),
            "true_negatives": int((~gold & ~said)[:, 0].sum()),
        },
        "calibration": _calibration(judged),
        "worst_errors": _worst_errors(judged),
    }


def is_ad(labels: Iterable[str]) -> bool:
    """Tell whether labels are those of an ad."""
    return "drugsad" in labels


def _calibration(judged: Sequence[Judged]) -> dict[str, Any]:
    scores = np.array([one.prediction["scores"]["drugsad"] for one in judged])
    are_ads = np.array([is_ad(one.record.labels) for one in judged], dtype=np.int64)
    return {
        "ece": round(expected_calibration_error(scores, are_ads), 4),
        "bins": [
            [round(mean, 3), round(share, 3), count] for mean, share, count in reliability(scores, are_ads)
        ],
    }


def _indicators(labels: Iterable[Iterable[str]]) -> NDArray[np.bool_]:
    """Return which text has which of the ten labels, shape (n_texts, 10)."""
    return np.array([[label in of_text for label in LABELS] for of_text in map(set, labels)], dtype=bool)


def _resampled_sums(counts: NDArray[np.float64], n_resamples: int) -> Iterable[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    n_rows = len(counts)
    for _ in range(n_resamples):
        drawn = np.bincount(rng.integers(0, n_rows, n_rows), minlength=n_rows)
        yield drawn @ counts


def _statistics(sums: NDArray[np.float64], n_messages: int) -> dict[str, NDArray[np.float64]]:
    """Turn sums over messages, one row a sample, into figures; 0 where nothing was to be found."""
    right, loss, both, gold, said = np.split(sums, np.cumsum([1, 1, *[len(LABELS)] * 2]), axis=1)

    def share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

    f1 = share(2 * both, gold + said)
    n_standing = (gold + said > 0).sum(axis=1, keepdims=True)
    return {
        "accuracy": right / n_messages,
        "hamming_loss": loss / n_messages,
        "precision": share(both, said),
        "recall": share(both, gold),
        "f1": f1,
        "macro_f1": f1.sum(axis=1, keepdims=True) / n_standing,
    }


def _worst_errors(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return the messages that were most surely taken for what they are not."""
    errors: list[dict[str, Any]] = [
        {
            "id": one.record.id,
            "file": one.record.file,
            "labels": list(one.record.labels),
            "predicted": one.prediction["labels"],
            "score": one.prediction["scores"]["drugsad"],
            "text": one.record.text,
        }
        for one in judged
        if is_ad(one.record.labels) != is_ad(one.prediction["labels"])
    ]
    return sorted(errors, key=lambda error: (-abs(float(error["score"]) - 0.5), error["id"]))[:_N_WORST]
