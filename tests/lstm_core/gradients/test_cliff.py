"""The loss with a wall in it: map, slope and walks agree."""

import numpy as np
import pytest

from lstm_core.gradients.cliff import Cliff


def test_the_map_and_the_slope_are_of_one_loss():
    cliff = Cliff(steps=12)
    weights, biases = np.array([3.0, 5.0]), np.array([-2.0, -1.0, -2.6])
    surface = cliff.surface(weights, biases)
    for row, bias in enumerate(biases):
        for column, weight in enumerate(weights):
            loss, slope = cliff.slope(weight, bias)
            assert surface[row, column] == pytest.approx(loss)
            by_weight = (
                cliff.slope(weight + 1e-6, bias)[0] - cliff.slope(weight - 1e-6, bias)[0]
            ) / 2e-6
            by_bias = (
                cliff.slope(weight, bias + 1e-6)[0] - cliff.slope(weight, bias - 1e-6)[0]
            ) / 2e-6
            assert slope["recurrent_kernel"][0, 0] == pytest.approx(by_weight, abs=1e-7)
            assert slope["bias"][0] == pytest.approx(by_bias, abs=1e-7)


def test_a_plain_walk_is_thrown_and_a_clipped_one_arrives():
    plain = Cliff().walk((5.5, -2.2), 2.0, 60)
    clipped = Cliff().walk((5.5, -2.2), 2.0, 60, 0.5)
    assert np.abs(plain[-1, :2]).max() > 50
    assert clipped[-1, 2] < 0.01
    steps = np.linalg.norm(np.diff(clipped[:, :2], axis=0), axis=1)
    assert steps.max() <= 2.0 * 0.5 + 1e-12
