"""Measures against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment.evaluation import (
    agreement,
    calibration_error,
    largest_spearman,
    lecture_tables,
    measures,
    probe_rates,
    ranks,
    read_probe,
    reliability,
    roc_auc,
    roc_curve,
)
from lstm_core.sentiment.reader import Scores


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


def test_ranks_and_correlations_of_known_cases():
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]
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
    curve = roc_curve(scores, positive)
    area = np.trapezoid(curve["true_positive_rate"], curve["false_positive_rate"])
    assert area == pytest.approx(roc_auc(scores, positive), abs=0.01)
    assert curve["true_positive_rate"][-1] == 1.0


def test_reliability_counts_every_review():
    p = np.array([0.05, 0.15, 0.15, 0.95, 1.0])
    rows = reliability(p, np.array([False, True, False, True, True]))
    assert [row["reviews"] for row in rows] == [1, 2, 2]
    assert rows[1]["share_positive"] == 0.5
    assert rows[2]["mean_probability"] == pytest.approx(0.975)


def test_the_lecture_tables_of_a_perfect_reader():
    rng = np.random.default_rng(0)
    stars = rng.choice([1, 2, 3, 4, 7, 8, 9, 10], 6000)
    labels = (stars > 5).astype(int)
    scores = Scores(stars - 5.5, labels.astype(float), stars.astype(float), np.ones(6000))
    tables = lecture_tables(scores, labels, stars)
    assert tables["documents"] == 4500
    assert tables["estimated_and_given_stars"]["pearson"] == pytest.approx(1.0)
    assert tables["estimated_and_given_stars"]["mean_deviation"] == 0.0
    assert tables["probability_and_label"]["mean_deviation"] == 0.0


def test_the_probe_is_balanced_and_says_what_it_expects():
    probe = read_probe()
    classes = {row["class"] for row in probe}
    assert classes >= {
        *("negation", "contrast", "irony", "comparison"),
        *("temporal", "neutral", "emoji", "misspelling"),
    }
    assert len({row["text"].casefold() for row in probe}) == len(probe)
    for name in classes:
        expected = [row["expected"] for row in probe if row["class"] == name]
        assert 60 <= len(expected) <= 100
        assert set(expected) <= {"positive", "negative", "unclear"}


def test_probe_rates_count_sides_and_silence(reader):
    probe = [
        {"class": "plain", "expected": "positive", "text": "A wonderful, superb, lovely film!"},
        {"class": "plain", "expected": "positive", "text": "A dreadful, boring, awful film!"},
        {"class": "silence", "expected": "unclear", "text": "Xyzzy plugh frobnicate."},
    ]
    rates = probe_rates(reader, probe)
    assert rates["plain"]["rate"] == 0.5
    assert rates["silence"]["rate"] == 1.0
