from __future__ import annotations

import numpy as np
import pytest

from drugscan.model.calibration import (
    choose_thresholds,
    expected_calibration_error,
    fit_calibration,
    reliability,
)


def too_sure(n: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels with known probabilities, and scores of one who is too sure of them."""
    rng = np.random.default_rng(1)
    odds = rng.normal(0, 1.5, n)
    targets = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    return 1 / (1 + np.exp(-3 * odds)), targets


def test_calibration_takes_back_too_much_sureness():
    scores, targets = too_sure()
    calibration = fit_calibration(scores[:, None], targets[:, None], writers=["a"] * len(scores))
    assert calibration.slopes[0] == pytest.approx(1 / 3, abs=0.04)
    before = expected_calibration_error(scores, targets)
    after = expected_calibration_error(calibration.apply(scores[:, None])[:, 0], targets)
    assert after < 0.02 < 0.1 < before


def test_a_label_with_few_examples_is_left_alone():
    scores = np.linspace(0.01, 0.99, 100)[:, None]
    targets = (scores > 0.95).astype(int)
    assert np.allclose(fit_calibration(scores, targets, writers=["a"] * 100).apply(scores), scores)
    assert choose_thresholds(np.hstack([scores] * 2), np.hstack([targets] * 2)).tolist() == [0.5, 0.5]


def test_each_writer_weighs_the_same():
    scores, targets = too_sure()
    few = slice(0, 200)
    both = np.concatenate([scores, scores[few]]), np.concatenate([targets, 1 - targets[few]])
    writers = ["a"] * len(scores) + ["b"] * 200
    alone, together = (
        fit_calibration(both[0][:, None], both[1][:, None], writers=names).slopes[0]
        for names in (["a"] * len(writers), writers)
    )
    assert together < 0.5 * alone


def test_what_is_more_likely_than_not_stays_so():
    scores, targets = too_sure()
    calibrated = fit_calibration(scores[:, None], targets[:, None], writers=["a"] * len(scores))
    assert ((calibrated.apply(scores[:, None])[:, 0] >= 0.5) == (scores >= 0.5)).all()


def test_the_threshold_has_the_highest_f1():
    scores, targets = too_sure()
    ad, chosen = choose_thresholds(np.stack([scores] * 2, axis=1), np.stack([targets] * 2, axis=1))

    def f1(threshold: float) -> float:
        said = scores >= threshold
        return 2 * (said & (targets == 1)).sum() / (said.sum() + targets.sum())

    assert ad == 0.5
    assert f1(chosen) >= max(f1(one) for one in np.arange(0.2, 0.81, 0.01)) - 0.002


def test_bins_of_reliability_hold_every_text():
    scores, targets = too_sure(500)
    bins = reliability(scores, targets)
    assert sum(count for _, _, count in bins) == 500
    assert expected_calibration_error(np.array([0.0, 1.0]), np.array([0, 1])) == 0
