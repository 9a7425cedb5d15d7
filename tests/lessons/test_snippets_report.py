"""The programs to take home from the report give its numbers, in each library."""

import itertools

import numpy as np
import pytest

from lstm_core.lessons import report as lesson
from lstm_core.sentiment.reader import measured


@pytest.fixture(scope="module")
def expected():
    """Return the area, trapezoid by trapezoid, and the error that ``evaluate`` measured."""
    curve = measured()["test"]["roc"]
    points = list(zip(curve["false_positive_rate"], curve["true_positive_rate"], strict=True))
    area = sum((x - w) * (v + y) / 2 for (w, v), (x, y) in itertools.pairwise(points))
    return {"area": area, "calibration_error": measured()["test"]["calibration_error"]}


def agree(program, expected, tolerance):
    names = {}
    exec(program, names)
    assert set(names["result"]) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(names["result"][name], value, rtol=tolerance)


def test_ours(expected, capsys):
    agree(lesson.CODE, expected, 1e-5)
    assert f"{measured()['test']['roc_auc']:.4f}" in capsys.readouterr().out
    # Between two of its points the curve bulges, so that the area of so few is a little small.
    assert 0 < measured()["test"]["roc_auc"] - expected["area"] < 0.005


@pytest.mark.slow
def test_keras(expected):
    agree(lesson.KERAS_CODE, expected, 1e-4)


def test_pytorch(expected):
    compile(lesson.TORCH_CODE, "torch_code", "exec")
    pytest.importorskip("torch")
    agree(lesson.TORCH_CODE, expected, 1e-5)
