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

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lstm_core.activations import sigmoid
from lstm_core.arrays import Array, as_floats, check_shape
from lstm_core.cells.lstm import LSTMCell, LSTMTrace


def run_with_peepholes(cell: LSTMCell, peepholes: ArrayLike, inputs: ArrayLike) -> LSTMTrace:
    """Run an LSTM whose gates see the cell state.

    Args:
        cell: its kernels and bias.
        peepholes: p_i, p_f and p_o, (3, units).
        inputs: (time, features).

    Raises:
        ValueError: if the peepholes have another shape.
    """
    p = as_floats(peepholes)
    check_shape("peepholes", p, (3, cell.units))
    return _run(cell, inputs, p, coupled=False)


def run_coupled(cell: LSTMCell, inputs: ArrayLike) -> LSTMTrace:
    """Run an LSTM whose input gate is 1 - its forget gate; its weights of the input gate rest.

    Args:
        cell: its kernels and bias.
        inputs: (time, features).
    """
    return _run(cell, inputs, np.zeros((3, cell.units)), coupled=True)


def _run(cell: LSTMCell, inputs: ArrayLike, p: Array, coupled: bool) -> LSTMTrace:
    plain = cell.run(inputs)
    trace = {name: np.zeros_like(plain.cell_state) for name in ("i", "f", "g", "o", "c", "h")}
    z = plain.inputs @ cell.kernel + cell.bias
    c: Array = np.zeros(cell.units)
    h: Array = np.zeros(cell.units)
    for t in range(len(z)):
        z[t] += h @ cell.recurrent_kernel
        z_i, z_f, z_g, z_o = np.split(z[t], 4)
        f = sigmoid(z_f + p[1] * c)
        i = 1.0 - f if coupled else sigmoid(z_i + p[0] * c)
        g = np.tanh(z_g)
        c = f * c + i * g
        o = sigmoid(z_o + p[2] * c)
        h = o * np.tanh(c)
        for name, value in (("i", i), ("f", f), ("g", g), ("o", o), ("c", c), ("h", h)):
            trace[name][t] = value
    return replace(
        plain,
        pre_activation=z,
        input_gate=trace["i"],
        forget_gate=trace["f"],
        candidate=trace["g"],
        output_gate=trace["o"],
        cell_state=trace["c"],
        hidden_state=trace["h"],
    )
