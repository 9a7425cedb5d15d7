"""One step of each cell, differentiated: against finite differences."""

import numpy as np
import pytest

from lstm_core import GRUCell, LSTMCell, RNNCell
from lstm_core.gradients.jacobians import largest_singular_value, spectral_radius, step_jacobian

CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("t", [0, 3])
def test_a_step_agrees_with_finite_differences(kind, t):
    cell = CELLS[kind].initialise(2, 4, 1)
    cell.bias[...] += np.random.default_rng(0).normal(0, 0.5, cell.bias.shape)
    inputs = np.random.default_rng(1).normal(size=(5, 2))
    trace = cell.run(inputs)
    start = trace.previous_hidden_state[t]
    if kind == "lstm":
        start = np.concatenate([start, trace.previous_cell_state[t]])

    def after(state):
        given = (state[:4], state[4:]) if kind == "lstm" else state
        step = cell.run(inputs[t : t + 1], given)
        return np.concatenate(step.final_state) if kind == "lstm" else step.hidden_state[-1]

    moves = np.eye(len(start)) * 1e-6
    estimate = np.stack([(after(start + m) - after(start - m)) / 2e-6 for m in moves], axis=1)
    np.testing.assert_allclose(step_jacobian(cell, trace, t), estimate, atol=1e-8)


def test_spectral_radius_is_no_norm():
    matrix = np.array([[0.5, 10.0], [0.0, 0.5]])
    assert spectral_radius(matrix) == pytest.approx(0.5)
    assert largest_singular_value(matrix) > 10
    trace = RNNCell.initialise(1, 2, 0).run([[1.0]])
    with pytest.raises(TypeError, match="has no step"):
        step_jacobian(LSTMCell.initialise(1, 2, 0), trace, 0)
