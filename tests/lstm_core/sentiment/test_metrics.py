"""Measures against their definitions."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from lstm_core.sentiment.metrics import (
    agreement,
    calibration_error,
    largest_spearman,
    measures,
    reliability,
    roc_curve,
)


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


def test_correlations_of_known_cases():
    x = np.array([1, 2, 3, 4, 10])
    assert agreement(np.exp(x / 3.0), x)["spearman"] == pytest.approx(1.0)
    assert agreement(np.exp(x / 3.0), x)["pearson"] < 1.0
    assert agreement(-2.0 * x, x) == pytest.approx({"pearson": -1.0, "spearman": -1.0})


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_no_ranking_without_ties_agrees_better_with_two_labels(share):
    rng = np.random.default_rng(0)
    labels = (rng.random(4000) < share).astype(int)
    bound = largest_spearman(labels)
    if share == 0.5:
        assert bound == pytest.approx(np.sqrt(3) / 2, abs=1e-3)
    perfect = labels + 0.5 * rng.random(len(labels))
    assert agreement(perfect, labels)["spearman"] == pytest.approx(bound)
    assert agreement(rng.random(len(labels)), labels)["spearman"] < bound


def test_the_roc_curve_encloses_the_area():
    rng = np.random.default_rng(1)
    positive = rng.random(3000) < 0.4
    scores = rng.normal(0, 1, 3000) + positive
    chance = 1 / (1 + np.exp(-scores))
    curve = roc_curve(scores, positive)
    area = np.trapezoid(curve["true_positive_rate"], curve["false_positive_rate"])
    assert area == pytest.approx(measures(chance, positive)["roc_auc"], abs=0.01)
    assert curve["true_positive_rate"][-1] == 1.0


def test_reliability_counts_every_review():
    p = np.array([0.05, 0.15, 0.15, 0.95, 1.0])
    rows = reliability(p, np.array([False, True, False, True, True]))
    assert [row["reviews"] for row in rows] == [1, 2, 2]
    assert rows[1]["share_positive"] == 0.5
    assert rows[2]["mean_probability"] == pytest.approx(0.975)


def test_reliability_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    p = rng.random(500) ** 2
    positive = rng.random(500) < p
    rows = reliability(p, positive)
    share, mean = calibration_curve(positive, p, n_bins=10)
    assert [row["share_positive"] for row in rows] == pytest.approx(share.tolist())
    assert [row["mean_probability"] for row in rows] == pytest.approx(mean.tolist())
    assert sum(row["reviews"] for row in rows) == 500
