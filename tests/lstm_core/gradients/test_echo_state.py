"""Echo state networks: what the reservoir is, and what it can hold."""

import numpy as np
import pytest

from lstm_core.gradients.echo_state import remember, reservoir, ridge_readout
from lstm_core.gradients.jacobians import spectral_radius


@pytest.mark.parametrize("radius", [0.05, 0.95, 1.5])
def test_the_reservoir_has_the_radius_that_was_asked_for(radius):
    assert spectral_radius(reservoir(40, radius, 1).recurrent_kernel) == pytest.approx(radius)


def test_what_is_remembered_fades_and_is_bounded_by_the_units():
    echo = remember(30, 0.9, 40, 1)
    assert echo.recall[0] > 0.99
    assert echo.recall[-1] < 0.1
    assert 1 < echo.capacity <= 30
    assert remember(30, 0.05, 40, 1).capacity < echo.capacity / 2
    np.testing.assert_array_equal(remember(30, 0.9, 40, 1).recall, echo.recall)
    np.testing.assert_allclose(echo.wanted[5:, 4], echo.inputs[:-5])


def test_the_readout_is_the_least_squares_solution():
    rng = np.random.default_rng(0)
    states, weights = rng.normal(size=(200, 3)), rng.normal(size=(4, 2))
    wanted = np.column_stack([states, np.ones(200)]) @ weights
    np.testing.assert_allclose(ridge_readout(states, wanted), weights, atol=1e-5)
