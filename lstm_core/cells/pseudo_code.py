"""The lecture's pseudo code, taken at its word: what two slips of the pen do to an LSTM.

It returns ``ht, Ct`` and catches them as ``ct, ht``, so that the two states change places at every
step; and it writes the concatenation of hidden state and input as their sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lstm_core.cells.arrays import Array, as_floats
from lstm_core.cells.lstm import LSTMCell, LSTMState


def with_exchanged_states(cell: LSTMCell, inputs: ArrayLike) -> LSTMState:
    """Run a cell whose caller takes the hidden state for the cell state, and the other way round.

    Args:
        cell: any LSTM.
        inputs: (time, features).

    Returns:
        What the caller then believes to be hidden and cell state after each step, (time, units)
        each.
    """
    sequence = as_floats(inputs)
    hidden: Array = np.zeros(cell.units)
    cell_state: Array = np.zeros(cell.units)
    believed = []
    for vector in sequence:
        returned = cell.step(vector, LSTMState(hidden, cell_state))
        cell_state, hidden = returned.hidden_state, returned.cell_state
        believed.append((hidden, cell_state))
    hidden_states, cell_states = (np.array(states) for states in zip(*believed, strict=True))
    return LSTMState(hidden_states, cell_states)


def with_a_sum(cell: LSTMCell, inputs: ArrayLike) -> Array:
    """Run a cell that adds input and hidden state before its one block of weights.

    A sum has as many entries as the hidden state, so that there is one block of weights, the
    recurrent kernel. An input of one number is added to every entry.

    Args:
        cell: any LSTM.
        inputs: (time, features).

    Returns:
        The hidden states, (time, units).

    Raises:
        ValueError: NumPy's own, if the two vectors cannot be added.
    """
    one_block = LSTMCell(np.zeros((1, 4 * cell.units)), cell.recurrent_kernel, cell.bias)
    state = LSTMState(np.zeros(cell.units), np.zeros(cell.units))
    hidden_states = []
    for vector in as_floats(inputs):
        combined = state.hidden_state + vector
        state = one_block.step(np.zeros(1), LSTMState(combined, state.cell_state))
        hidden_states.append(state.hidden_state)
    return np.array(hidden_states)
