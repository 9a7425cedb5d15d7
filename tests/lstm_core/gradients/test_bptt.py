"""Backpropagation through time taken apart: the parts must add up to the whole."""

import numpy as np
import pytest

from lstm_core.cells.lstm import LSTMCell
from lstm_core.gradients.bptt import (
    GROUPS,
    by_the_lecture,
    disagreement,
    loss_to_a_target,
    to_a_target,
)

CASES = [(1, 1, 1, False), (5, 2, 3, False), (6, 1, 2, True), (40, 3, 4, True)]


def way_of(steps, features, units, every):
    cell = LSTMCell.initialise(features, units, seed=3)
    inputs = np.random.default_rng(0).normal(size=(steps, features))
    return cell, inputs, to_a_target(cell, inputs, 0.5, every)


@pytest.mark.parametrize(("steps", "features", "units", "every"), CASES)
def test_contributions_add_up_to_each_of_the_eight_gradients(steps, features, units, every):
    _, _, way = way_of(steps, features, units, every)
    assert len(GROUPS) == 8
    for group in GROUPS:
        shares = way.contributions(group)
        assert len(shares) == steps
        np.testing.assert_allclose(shares.sum(axis=0), way.total(group), atol=1e-12)


@pytest.mark.parametrize(("steps", "features", "units", "every"), CASES)
def test_every_group_agrees_with_finite_differences(steps, features, units, every):
    cell, inputs, way = way_of(steps, features, units, every)
    before = {name: array.copy() for name, array in cell.parameters.items()}
    for group in GROUPS:
        assert disagreement(way, lambda: loss_to_a_target(cell, inputs, 0.5, every), group) < 1e-6
    for name, array in cell.parameters.items():
        np.testing.assert_array_equal(array, before[name])


def test_a_wrong_gradient_is_found_out():
    cell, inputs, way = way_of(5, 2, 3, False)
    assert disagreement(way, lambda: loss_to_a_target(cell, inputs, 0.1), "W_i") > 1e-3


@pytest.mark.parametrize(("steps", "features", "units", "every"), CASES)
def test_the_deltas_are_the_terms_they_are_said_to_be(steps, features, units, every):
    _, _, way = way_of(steps, features, units, every)
    trace, gradient = way.trace, way.gradient
    np.testing.assert_allclose(gradient.hidden_state, way.direct + way.through_time, atol=1e-12)
    slope = trace.output_gate * (1 - np.tanh(trace.cell_state) ** 2)
    np.testing.assert_allclose(
        gradient.cell_state, gradient.hidden_state * slope + way.cell_through_time, atol=1e-12
    )


def test_the_direct_path_is_the_product_of_the_forget_gates():
    _, _, way = way_of(6, 1, 2, False)
    for t in range(6):
        product = way.trace.forget_gate[t + 1 :].prod(axis=0) * way.gradient.cell_state[-1]
        np.testing.assert_allclose(way.direct_path[t], product)


def test_without_recurrent_weights_the_direct_path_is_the_whole():
    cell, inputs, _ = way_of(8, 2, 3, False)
    cell.recurrent_kernel[:] = 0.0
    way = to_a_target(cell, inputs, 0.5)
    np.testing.assert_allclose(way.direct_path, way.gradient.cell_state, atol=1e-14)
    np.testing.assert_allclose(by_the_lecture(way, 4), way.gradient.cell_state[4], atol=1e-14)


def test_the_lecture_leaves_the_ways_through_the_hidden_state_out():
    _, _, way = way_of(5, 2, 3, False)
    t = 3
    trace = way.trace
    missing = way.through_time[t] * trace.output_gate[t] * (1 - np.tanh(trace.cell_state[t]) ** 2)
    assert np.abs(missing).max() > 1e-3
    np.testing.assert_allclose(by_the_lecture(way, t) + missing, way.gradient.cell_state[t])
