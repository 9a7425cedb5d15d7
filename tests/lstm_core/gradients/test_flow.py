"""The gradient on its way back: against the product of Jacobians, and at the edges."""

import warnings

import numpy as np
import pytest

from lstm_core.cells.initializers import orthogonal
from lstm_core.gradients.flow import INITIALISATIONS, Experiment, follow


def test_norms_are_products_of_jacobians():
    experiment = Experiment(steps=12, units=6, gain=1.3)
    flow = follow(experiment)
    cell = flow.cell
    back = flow.trace.hidden_state[-1] - experiment.target()
    for t in reversed(range(12)):
        assert flow.norms[t] == pytest.approx(np.linalg.norm(back))
        slope = cell.activation.derivative(flow.trace.pre_activation[t])
        jacobian = slope[:, np.newaxis] * cell.recurrent_kernel.T  # dh_t / dh_(t-1)
        back = back @ jacobian


def test_the_loss_is_what_the_gradient_belongs_to():
    experiment = Experiment(steps=3, units=4)
    flow = follow(experiment)
    error = flow.trace.hidden_state[-1] - experiment.target()
    assert flow.loss == pytest.approx(0.5 * (error**2).sum())


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "linear"])
@pytest.mark.parametrize("gain", [0.0, 1.0, 4.0, 1e6])
@pytest.mark.parametrize("steps", [1, 100])
def test_every_setting_gives_a_result_and_no_warning(initialisation, activation, gain, steps):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flow = follow(Experiment(activation, initialisation, gain, 16, steps))
    assert flow.norms.shape == (steps,)
    assert flow.spectral_radius <= flow.largest_singular_value * (1 + 1e-9)


def test_the_same_seed_is_the_same_run_to_the_last_bit():
    np.testing.assert_array_equal(follow(Experiment()).norms, follow(Experiment()).norms)
    assert follow(Experiment(seed=2)).norms[0] != follow(Experiment(seed=1)).norms[0]


def test_spectral_radius_and_norm_part_for_a_normal_draw_and_agree_for_an_orthogonal_one():
    drawn = follow(Experiment(initialisation="normal", units=64))
    assert drawn.largest_singular_value > 1.5 * drawn.spectral_radius
    kept = follow(Experiment(gain=0.7))
    assert kept.spectral_radius == pytest.approx(0.7)
    assert kept.largest_singular_value == pytest.approx(0.7)


@pytest.mark.parametrize("shape", [(5, 5), (3, 9), (9, 3)])
def test_orthogonal_kernels_keep_lengths(shape):
    kernel = orthogonal(shape, np.random.default_rng(0), gain=2.0)
    values = np.linalg.svd(kernel, compute_uv=False)
    np.testing.assert_allclose(values, 2.0)
