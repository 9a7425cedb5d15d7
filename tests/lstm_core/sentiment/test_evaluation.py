"""The lecture's tables, computed again."""

import numpy as np
import pytest

from lstm_core.sentiment.evaluation import lecture_tables
from lstm_core.sentiment.reader import Scores


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
