"""What goes into one pre-activation of one unit: one weight times one input at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.trace import Trace


@dataclass(frozen=True)
class Arithmetic:
    """A pre-activation taken apart: z_t = sum_j inputs[t, j] * weights[j] + bias[t].

    Attributes:
        names: of the inputs: x1, x2, ... for the cell's inputs, h1, h2, ... for its hidden state.
        inputs: (time, features + units).
        weights: (features + units,).
        bias: (time,); it changes from step to step only where a reset gate multiplies it.
    """

    names: tuple[str, ...]
    inputs: Array
    weights: Array
    bias: Array

    @property
    def products(self) -> Array:
        """Each weight times its input, (time, features + units)."""
        return self.inputs * self.weights

    @property
    def total(self) -> Array:
        """The pre-activation, (time,)."""
        return np.asarray(self.products.sum(axis=-1) + self.bias)


def arithmetic(cell: Cell, trace: Trace, gate: str, unit: int) -> Arithmetic:
    """Take the pre-activation of one gate of one unit apart, at every step.

    A GRU's candidate reads the hidden state through its reset gate r (``reset_after``), so that
    its terms are r h_j times a weight of R_g, and its bias is b_g + r b'_g. Where the reset gate
    acts before the product, its terms are r_j h_j, and the biases add up as everywhere.

    Args:
        cell: any cell.
        trace: of this cell, without a batch axis.
        gate: one of the cell's ``gates``.
        unit: from 0.
    """
    column = cell.columns(gate).start + unit
    hidden = trace.previous_hidden_state
    bias = np.full(len(hidden), cell.bias[..., column].sum(), hidden.dtype)
    prefix = "h"
    if isinstance(cell, GRUCell) and isinstance(trace, GRUTrace) and gate == "candidate":
        prefix = "r·h"
        if isinstance(cell, ResetFirstGRUCell):
            hidden = hidden * trace.reset_gate
        else:
            reset = trace.reset_gate[:, unit]
            hidden = hidden * reset[:, np.newaxis]
            bias = cell.bias[0, column] + reset * cell.bias[1, column]
    names = (
        *(f"x{j + 1}" for j in range(cell.features)),
        *(f"{prefix}{j + 1}" for j in range(cell.units)),
    )
    weights = np.concatenate([cell.kernel[:, column], cell.recurrent_kernel[:, column]])
    return Arithmetic(names, np.concatenate([trace.inputs, hidden], axis=-1), weights, bias)
