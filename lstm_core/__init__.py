"""Recurrent networks in NumPy, written to be read, stepped through and trained.

    >>> from lstm_core import LSTMCell
    >>> cell = LSTMCell.initialise(features=1, units=2, seed=0)
    >>> trace = cell.run([[1.0], [0.5], [-1.0]])
    >>> trace.cell_state.shape
    (3, 2)

Nothing here imports Streamlit or TensorFlow.
"""

from lstm_core.cells.activations import ACTIVATIONS, sigmoid, tanh
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.layers import Bidirectional, Stacked
from lstm_core.cells.lstm import LSTMCell, LSTMState, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import GradientTrace, Trace

__all__ = [
    "ACTIVATIONS",
    "Bidirectional",
    "Cell",
    "GRUCell",
    "GRUTrace",
    "GradientTrace",
    "LSTMCell",
    "LSTMState",
    "LSTMTrace",
    "RNNCell",
    "Stacked",
    "Trace",
    "sigmoid",
    "tanh",
]
