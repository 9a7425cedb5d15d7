"""Where each library puts a weight, and what makes one library's arrays into a cell of ours.

=========  ======================  =====================  ===================================
           Keras                   PyTorch                ONNX
=========  ======================  =====================  ===================================
kernel     (features, g u)         (g u, features)        (directions, g u, features)
LSTM       i f c o                 i f g o                i o f c
GRU        z r h                   r z n                  z r h
biases     one; a GRU has a row    two, which add; in a   both in one row, (directions, 2 g u)
           for each side if        GRU they do not
           ``reset_after``
reset      after the product, or   after the product      before it, or after it
           before it               always                 (``linear_before_reset``)
=========  ======================  =====================  ===================================

u is the number of units, g that of the gates. ``c``, ``g``, ``h`` and ``n`` are all the candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell

KINDS: dict[str, type[Cell]] = {"LSTM": LSTMCell, "GRU": GRUCell, "RNN": RNNCell}
GATES = {kind: len(cell.gates) for kind, cell in KINDS.items()}
OURS = {"LSTM": "ifco", "GRU": "zrh", "RNN": "h"}
"""The order of the gates in our kernels, which is Keras'; one letter a gate."""
ORDERS = {
    "keras": OURS,
    "pytorch": {"LSTM": "ifco", "GRU": "rzh", "RNN": "h"},
    "onnx": {"LSTM": "iofc", "GRU": "zrh", "RNN": "h"},
}
LETTERS = {"LSTM": "i f c o", "GRU": "z r h", "RNN": "h"}


def kind_of(cell: Cell) -> str:
    """Name a cell as the pages do: LSTM, GRU or RNN."""
    return next(kind for kind, cls in KINDS.items() if isinstance(cell, cls))


def kind_by_shape(columns: int, units: int) -> str | None:
    """Name the kind of cell that has so many columns (or rows) of kernel; None if there is none."""
    if units < 1 or columns % units:
        return None
    return next((kind for kind, gates in GATES.items() if gates == columns // units), None)


def letters(order: str, kind: str) -> str | None:
    """Write an order of gates in our letters, without blanks; None if it is no order of this kind.

    ``g`` and ``n`` for the candidate are understood, ``i o f c`` and ``iofc`` alike.
    """
    known = OURS[kind]
    candidate = "c" if kind == "LSTM" else "h"
    short = "".join(order.lower().split()).replace(",", "").replace("j", candidate)
    if kind != "RNN":
        short = short.replace("g", candidate).replace("n", candidate)
    if kind == "GRU":
        short = short.replace("u", "z")
    return short if sorted(short) == sorted(known) else None


def reordered(array: Array, source: str, target: str, axis: int = -1) -> Array:
    """Put the blocks of the gates from one order into another.

    Args:
        array: with as many equal blocks along the axis as there are letters.
        source: the order that it has, a letter a gate.
        target: the order that it shall have.
        axis: along which the gates lie.
    """
    if source == target:
        return array
    blocks = np.split(array, len(source), axis=axis)
    return np.concatenate([blocks[source.index(letter)] for letter in target], axis=axis)


def make_cell(
    kernel: Array,
    recurrent_kernel: Array,
    biases: Sequence[Array],
    kind: str,
    order: str | None = None,
    *,
    dtype: np.dtype[Any],
    reset_after: bool = True,
    activation: str = "tanh",
) -> Cell:
    """Make a cell of arrays that lie as in Keras, but for the order of their gates.

    Args:
        kernel: (features, gates x units).
        recurrent_kernel: (units, gates x units).
        biases: none, one or two of (gates x units,): of the inputs and of the recurrence.
        kind: LSTM, GRU or RNN.
        order: of the gates, a letter each; Keras' if None.
        dtype: of the cell.
        reset_after: of a GRU.
        activation: of an RNN.
    """
    ours = OURS[kind]
    order = order or ours

    def ready(array: Array) -> Array:
        laid = reordered(np.asarray(array, dtype), order, ours)
        return np.ascontiguousarray(laid)

    rows = [ready(bias) for bias in biases]
    columns = kernel.shape[-1]
    rows += [np.zeros(columns, dtype) for _ in range(2 - len(rows))]
    parameters = ready(kernel), ready(recurrent_kernel)
    if kind == "GRU":
        cls = GRUCell if reset_after else ResetFirstGRUCell
        return cls(*parameters, np.stack(rows))
    if kind == "RNN":
        return RNNCell(*parameters, rows[0] + rows[1], activation)
    return LSTMCell(*parameters, rows[0] + rows[1])


def laid_out(cell: Cell, library: str) -> tuple[Array, Array, Array, Array]:
    """Lay a cell's parameters out in a library's order of gates, gates along the last axis.

    Returns:
        Kernel (features, g u), recurrent kernel (units, g u), and the biases of the inputs and of
        the recurrence, (g u,) each; the second is zero but in a GRU.
    """
    kind = kind_of(cell)
    ours, theirs = OURS[kind], ORDERS[library][kind]
    bias = cell.bias if cell.bias.ndim == 2 else np.stack([cell.bias, np.zeros_like(cell.bias)])
    kernel, recurrent, first, second = (
        reordered(array, ours, theirs)
        for array in (cell.kernel, cell.recurrent_kernel, bias[0], bias[1])
    )
    return kernel, recurrent, first, second
