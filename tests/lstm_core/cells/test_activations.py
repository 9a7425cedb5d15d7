"""Activation functions: values, derivatives, and what happens far out."""

import warnings

import numpy as np
import pytest

from lstm_core.cells.activations import ACTIVATIONS, sigmoid

POINTS = np.array([-30.0, -3.0, -0.5, 0.25, 1.0, 4.0, 12.0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_slopes(name):
    activation = ACTIVATIONS[name]
    step = 1e-6
    slope = (activation.function(POINTS + step) - activation.function(POINTS - step)) / (2 * step)
    np.testing.assert_allclose(activation.derivative(POINTS), slope, atol=1e-9)
    everywhere = activation.derivative(np.linspace(-9, 9, 2001))
    assert everywhere.max() == pytest.approx(activation.steepest)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_far_out_is_exact_and_silent(dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = sigmoid(np.array([-1000.0, 0.0, 1000.0], dtype))
    assert values.dtype == dtype
    np.testing.assert_array_equal(values, [0.0, 0.5, 1.0])


def test_sigmoid_takes_plain_numbers():
    assert sigmoid(1000) == 1.0
    assert sigmoid([-1000, 0])[0] == 0.0


def test_small_values_keep_their_digits():
    assert sigmoid(np.array([-40.0]))[0] == pytest.approx(np.exp(-40.0), rel=1e-12)
    assert ACTIVATIONS["tanh"].derivative(np.array([20.0]))[0] == pytest.approx(
        4 * np.exp(-40.0), rel=1e-12
    )
