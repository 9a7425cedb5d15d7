"""Probabilities that keep their word, and the verdicts they become."""

import numpy as np
import pytest

from lstm_core.activations import sigmoid
from lstm_core.sentiment.calibration import LEAST_KNOWN, UNCLEAR, Calibration, verdict
from lstm_core.sentiment.evaluation import calibration_error


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, 40_000)
    labels = (rng.random(len(logits)) < sigmoid(logits / temperature)).astype(int)
    fitted = Calibration.fit(logits, labels)
    assert fitted.temperature == pytest.approx(temperature, rel=0.05)
    assert calibration_error(fitted.probability(logits), labels == 1) < 0.01


def test_calibration_changes_no_side():
    logits = np.linspace(-5, 5, 101)
    p = Calibration(2.5).probability(logits)
    assert ((p >= 0.5) == (logits >= 0)).all()
    assert np.isnan(Calibration(2.0).probability(np.array([np.nan]))).all()


def test_it_is_kept_in_a_file(tmp_path):
    Calibration(1.25).save(tmp_path, "command", 7)
    assert Calibration.load(tmp_path) == Calibration(1.25)


def test_a_side_is_taken_at_odds_of_two_to_one():
    low, high = UNCLEAR
    assert [verdict(p) for p in (0.0, low, 0.34, 0.5, 0.66, high, 1.0)] == [
        "negative",
        "negative",
        *["mixed or unclear"] * 3,
        "positive",
        "positive",
    ]
    assert verdict(0.99, LEAST_KNOWN - 0.01) == "not a review"
    assert verdict(0.99, LEAST_KNOWN) == "positive"
