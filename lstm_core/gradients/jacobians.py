"""How much each part of a state depends on each part of the state one step before.

Backpropagation through time multiplies these matrices; their eigenvalues and singular values say
whether a gradient shrinks or grows on the way.

A row of a Jacobian belongs to an entry of the later state, a column to one of the earlier. Cells
compute with row vectors, a_t = x_t W + h_(t-1) R + b, so that of the plain cell it is

    dh_t/dh_(t-1) = diag(phi'(a_t)) R^T

and a gradient, a row as well, goes back one step as dL/dh_(t-1) = dL/dh_t diag(phi'(a_t)) R^T.
"""

from __future__ import annotations

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace


def step_jacobian(cell: Cell, trace: Trace, t: int) -> Array:
    """Compute d(state_t) / d(state_(t-1)); the equations are the cells' own, differentiated.

    Args:
        cell: any of the three.
        trace: of this cell, without a batch axis.
        t: step, from 0.

    Returns:
        (units, units), or (2 units, 2 units) for an LSTM, whose state is (h, c).

    Raises:
        TypeError: if the trace is of another kind of cell.
    """
    if isinstance(cell, LSTMCell) and isinstance(trace, LSTMTrace):
        return _lstm(cell, trace, t)
    if isinstance(cell, ResetFirstGRUCell) and isinstance(trace, GRUTrace):
        return _gru_reset_first(cell, trace, t)
    if isinstance(cell, GRUCell) and isinstance(trace, GRUTrace):
        return _gru(cell, trace, t)
    if isinstance(cell, RNNCell):
        slope = cell.activation.derivative(trace.pre_activation[t])
        return np.asarray(slope[:, np.newaxis] * cell.recurrent_kernel.T)
    raise TypeError(f"a {type(cell).__name__} has no step in a {type(trace).__name__}")


def spectral_radius(matrix: Array) -> float:
    """Return the largest |eigenvalue|: the rate at which powers of the matrix grow in the end."""
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def largest_singular_value(matrix: Array) -> float:
    """Return how much the matrix stretches the vector that it stretches most."""
    return float(np.linalg.norm(matrix, 2))


def _lstm(cell: LSTMCell, trace: LSTMTrace, t: int) -> Array:
    i, f = trace.input_gate[t], trace.forget_gate[t]
    g, o = trace.candidate[t], trace.output_gate[t]
    tanh_c = np.tanh(trace.cell_state[t])

    def through(gate: str, slope: Array) -> Array:
        """What h_(t-1) changes through one gate: slope times the gate's recurrent kernel."""
        return slope[:, np.newaxis] * cell.recurrent_kernel[:, cell.columns(gate)].T

    c_by_h = (
        through("forget", trace.previous_cell_state[t] * f * (1.0 - f))
        + through("input", g * i * (1.0 - i))
        + through("candidate", i * (1.0 - g**2))
    )
    shown = o * (1.0 - tanh_c**2)
    h_by_h = through("output", tanh_c * o * (1.0 - o)) + shown[:, np.newaxis] * c_by_h
    return np.block([[h_by_h, np.diag(shown * f)], [c_by_h, np.diag(f)]])


def _gru(cell: GRUCell, trace: GRUTrace, t: int) -> Array:
    z, r, g = trace.update_gate[t], trace.reset_gate[t], trace.candidate[t]
    v = trace.recurrent_candidate[t]
    before = trace.previous_hidden_state[t]
    kernels = {gate: cell.recurrent_kernel[:, cell.columns(gate)].T for gate in cell.gates}

    def rows(factor: Array, matrix: Array) -> Array:
        return np.asarray(factor[:, np.newaxis] * matrix)

    z_by_h = rows(z * (1.0 - z), kernels["update"])
    r_by_h = rows(r * (1.0 - r), kernels["reset"])
    g_by_h = rows(1.0 - g**2, rows(r, kernels["candidate"]) + rows(v, r_by_h))
    return np.diag(z) + rows(before - g, z_by_h) + rows(1.0 - z, g_by_h)


def _gru_reset_first(cell: ResetFirstGRUCell, trace: GRUTrace, t: int) -> Array:
    z, r, g = trace.update_gate[t], trace.reset_gate[t], trace.candidate[t]
    before = trace.previous_hidden_state[t]
    kernels = {gate: cell.recurrent_kernel[:, cell.columns(gate)].T for gate in cell.gates}
    z_by_h = (z * (1.0 - z))[:, np.newaxis] * kernels["update"]
    r_by_h = (r * (1.0 - r))[:, np.newaxis] * kernels["reset"]
    product_by_h = np.diag(r) + before[:, np.newaxis] * r_by_h
    g_by_h = (1.0 - g**2)[:, np.newaxis] * (kernels["candidate"] @ product_by_h)
    kept = np.diag(z) + (before - g)[:, np.newaxis] * z_by_h
    return np.asarray(kept + (1.0 - z)[:, np.newaxis] * g_by_h)
