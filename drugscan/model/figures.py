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
        Resamples of the bootstrap, which draws writers (files), then messages of each [1]_; 0 leaves
        the intervals out.

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

    Notes
    -----
    Writers differ more than chance among the messages of one does, so that intervals which know
    messages only are too narrow for messages by others. Of one file's messages they are all there is.

    References
    ----------
    .. [1] A. C. Davison and D. V. Hinkley, *Bootstrap Methods and their Application* (Cambridge
       University Press, 1997), section 3.8, strategy 2: hierarchical data.

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
    counts = np.hstack([np.ones((len(judged), 1)), counts, gold & said, gold, said]).astype(float)
    files = [one.record.file for one in judged]
    samples = _statistics(np.vstack([counts.sum(axis=0), *_resampled_sums(counts, files, n_resamples)]))

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


def _resampled_sums(
    counts: NDArray[np.float64], files: Sequence[str], n_resamples: int
) -> Iterable[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    rows = np.arange(len(counts))
    of_files = [rows[np.array(files) == file] for file in dict.fromkeys(files)]
    for _ in range(n_resamples):
        drawn_files = rng.integers(0, len(of_files), len(of_files))
        drawn = [rng.choice(of_files[number], len(of_files[number])) for number in drawn_files]
        yield np.bincount(np.concatenate(drawn), minlength=len(counts)) @ counts


def _statistics(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Turn sums over messages, one row a sample, into figures; 0 where nothing was to be found."""
    messages, right, loss, both, gold, said = np.split(sums, np.cumsum([1, 1, 1, *[len(LABELS)] * 2]), axis=1)

    def share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

    f1 = share(2 * both, gold + said)
    n_standing = (gold + said > 0).sum(axis=1, keepdims=True)
    return {
        "accuracy": right / messages,
        "hamming_loss": loss / messages,
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
