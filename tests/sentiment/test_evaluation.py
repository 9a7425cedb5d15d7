"""Measures against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment.evaluation import calibration_error, measures, roc_auc


@given(st.integers(0, 10**6))
def test_roc_auc_is_the_chance_to_rank_a_pair_right(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 6, 30) / 5.0
    positive = rng.random(30) < 0.5
    positive[:2] = True, False
    pairs = scores[positive][:, np.newaxis] - scores[~positive]
    expected = ((pairs > 0) + 0.5 * (pairs == 0)).mean()
    assert roc_auc(scores, positive) == pytest.approx(expected)


def test_calibration_error_of_a_known_case():
    probabilities = np.array([0.95, 0.95, 0.95, 0.95, 0.15, 0.15])
    positive = np.array([True, True, True, False, False, False])
    assert calibration_error(probabilities, positive) == pytest.approx((4 * 0.2 + 2 * 0.15) / 6)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0.0


def test_counts_and_rates():
    row = measures(np.array([0.9, 0.6, 0.5, 0.1]), np.array([1, 0, 1, 1]))
    assert row["confusion"] == {
        "true_positive": 2,
        "false_positive": 1,
        "true_negative": 0,
        "false_negative": 1,
    }
    assert row["accuracy"] == 0.5
    assert row["f1"] == pytest.approx(2 / 3)
