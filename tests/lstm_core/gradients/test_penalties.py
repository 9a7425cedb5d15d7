"""Penalties: their gradients by finite differences, with what the paper freezes frozen."""

import numpy as np
import pytest

from lstm_core.gradients.finite_differences import numerical_gradient
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.penalties import l1, l2, omega


@pytest.mark.parametrize("penalty", [l1, l2])
def test_simple_penalties(penalty):
    kernel = np.random.default_rng(0).normal(size=(4, 4))
    estimate = numerical_gradient(lambda: penalty(kernel)[0], kernel)
    np.testing.assert_allclose(penalty(kernel)[1], estimate, atol=1e-6)


def test_omega_is_the_papers_formula_and_its_immediate_gradient():
    flow = follow(Experiment(units=5, steps=7, gain=1.3))
    d, passed = flow.gradient.hidden_state, flow.gradient.pre_activation
    kernel = flow.cell.recurrent_kernel

    def frozen():
        handed = [np.linalg.norm(passed[t] @ kernel.T) / np.linalg.norm(d[t]) for t in range(1, 7)]
        return float(sum((ratio - 1.0) ** 2 for ratio in handed))

    value, gradient = omega(flow.cell, flow.gradient)
    assert value == pytest.approx(frozen())
    np.testing.assert_allclose(gradient, numerical_gradient(frozen, kernel), atol=1e-7)


def test_a_network_that_keeps_lengths_has_nothing_to_pay():
    flow = follow(Experiment("linear", units=6, steps=9))
    assert omega(flow.cell, flow.gradient)[0] == pytest.approx(0.0, abs=1e-20)
