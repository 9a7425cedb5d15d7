"""Two variants of the LSTM, forward only: peepholes, and coupled gates.

Peepholes let the gates look at the cell state (Gers and Schmidhuber: Recurrent Nets that Time and
Count, 2000); p_i, p_f and p_o are vectors, one number a unit, * is the product by element:

    i_t = sigmoid(z_t[input] + p_i * c_(t-1))
    f_t = sigmoid(z_t[forget] + p_f * c_(t-1))
    o_t = sigmoid(z_t[output] + p_o * c_t)

Coupled gates write exactly where they forget, i_t = 1 - f_t (Greff et al.: LSTM: A Search Space
Odyssey, 2017, variant CIFG). All else is as in ``cells.lstm``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lstm_core.cells.activations import sigmoid
from lstm_core.cells.arrays import Array, as_floats, check_shape
from lstm_core.cells.lstm import LSTMCell, LSTMTrace


def run_with_peepholes(cell: LSTMCell, peepholes: ArrayLike, inputs: ArrayLike) -> LSTMTrace:
    """Run an LSTM whose gates see the cell state.

    Args:
        cell: its kernels and bias.
        peepholes: p_i, p_f and p_o, (3, units).
        inputs: (time, features).

    Raises:
        ValueError: if the peepholes or the inputs have another shape.
    """
    p = as_floats(peepholes)
    check_shape("peepholes", p, (3, cell.units))
    return _run(cell, inputs, p, coupled=False)


def run_coupled(cell: LSTMCell, inputs: ArrayLike) -> LSTMTrace:
    """Run an LSTM whose input gate is 1 - its forget gate; its weights of the input gate rest.

    Args:
        cell: its kernels and bias.
        inputs: (time, features).

    Raises:
        ValueError: if the inputs have another shape.
    """
    return _run(cell, inputs, np.zeros((3, cell.units)), coupled=True)


def _run(cell: LSTMCell, inputs: ArrayLike, peepholes: Array, coupled: bool) -> LSTMTrace:
    """Run from zeros, step by step, with the equations of the module's docstring."""
    sequence = as_floats(inputs, cell.kernel.dtype)
    check_shape("inputs", sequence, (len(sequence), cell.features))
    p_i, p_f, p_o = peepholes
    h: Array = np.zeros(cell.units)
    c: Array = np.zeros(cell.units)
    steps = []
    for x in sequence:
        z = x @ cell.kernel + h @ cell.recurrent_kernel + cell.bias
        z_i, z_f, z_g, z_o = np.split(z, 4)
        f = sigmoid(z_f + p_f * c)
        i = 1.0 - f if coupled else sigmoid(z_i + p_i * c)
        g = np.tanh(z_g)
        c = f * c + i * g
        o = sigmoid(z_o + p_o * c)
        h = o * np.tanh(c)
        steps.append((z, i, f, g, o, c, h))
    z, i, f, g, o, c, h = (np.stack(values) for values in zip(*steps, strict=True))
    return LSTMTrace(
        inputs=sequence,
        hidden_state=h,
        initial_hidden_state=np.zeros(cell.units),
        pre_activation=z,
        input_gate=i,
        forget_gate=f,
        candidate=g,
        output_gate=o,
        cell_state=c,
        initial_cell_state=np.zeros(cell.units),
    )
