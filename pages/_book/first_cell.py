"""The cell that is shown first, on the home page and in the chapter on the cell: it forgets on a marker."""

from __future__ import annotations

import numpy as np

from lstm_core.cells.lstm import LSTMCell

SEQUENCE = "1 0 0 -1 0 0"
"""What it reads: a 1 to remember, and -1, the marker."""
GATES = ((10, -5), (12, 6), (4, 0), (0, 4))
"""Weight of the input, and bias, of the input gate, forget gate, candidate and output gate."""


def first_cell() -> LSTMCell:
    """Make the cell: one unit, set by hand, that does not read its hidden state."""
    weights, bias = np.array(GATES, float).T
    return LSTMCell(weights[np.newaxis], np.zeros((1, 4)), bias)
