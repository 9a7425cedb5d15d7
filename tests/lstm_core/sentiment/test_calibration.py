"""Probabilities that keep their word, and the verdicts they become."""

import numpy as np
import pytest

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment.calibration import UNCLEAR, Calibration, verdict
from lstm_core.sentiment.metrics import calibration_error


@pytest.mark.parametrize(("temperature", "offset"), [(0.5, 0.0), (1.0, -0.4), (3.0, 0.7)])
def test_what_made_the_labels_is_found(temperature, offset):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, 80_000)
    made = sigmoid(logits / temperature + offset)
    labels = (rng.random(len(logits)) < made).astype(int)
    kept = np.flatnonzero(labels == 0)
    kept = np.concatenate([kept, rng.choice(np.flatnonzero(labels), len(kept))])
    fitted = Calibration.fit(logits[kept], labels[kept])
    assert fitted.temperature == pytest.approx(temperature, rel=0.05)
    assert calibration_error(fitted.probability(logits[kept]), labels[kept] == 1) < 0.01


def test_how_many_there_are_of_each_label_does_not_matter():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20_000)
    logits = rng.normal(np.where(labels == 1, 2.0, -1.0), 2.0)
    balanced = Calibration.fit(logits, labels)
    fewer = np.concatenate([np.arange(5_000), np.arange(20_000, 40_000)])
    skewed = Calibration.fit(logits[fewer], labels[fewer])
    assert skewed.temperature == pytest.approx(balanced.temperature, rel=0.05)
    assert skewed.offset == pytest.approx(balanced.offset, abs=0.06)


def test_calibration_keeps_the_order():
    logits = np.linspace(-5, 5, 101)
    assert (np.diff(Calibration(2.5, -0.3).probability(logits)) > 0).all()
    assert np.isnan(Calibration(2.0).probability(np.array([np.nan]))).all()


def test_it_is_kept_in_a_file(tmp_path):
    Calibration(1.25, -0.5).save(tmp_path, "command", 7)
    assert Calibration.load(tmp_path) == Calibration(1.25, -0.5)


def test_a_side_is_taken_at_odds_of_two_to_one():
    low, high = UNCLEAR
    assert [verdict(p) for p in (0.0, low, 0.34, 0.5, 0.66, high, 1.0)] == [
        "negative",
        "negative",
        *["mixed or unclear"] * 3,
        "positive",
        "positive",
    ]
    assert verdict(0.99, "another language") == "not a review"
    assert verdict(0.99, "") == "positive"
