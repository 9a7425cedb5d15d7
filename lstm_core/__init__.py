"""Recurrent networks in NumPy, written to be read, stepped through and trained.

    >>> from lstm_core import LSTMCell
    >>> cell = LSTMCell.initialise(features=1, units=2, seed=0)
    >>> trace = cell.run([[1.0], [0.5], [-1.0]])
    >>> trace.cell_state.shape
    (3, 2)

A network that Keras, PyTorch or ONNX saved is opened by ``lstm_core.open(path)``.

Nothing here imports Streamlit or TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lstm_core.cells.activations import ACTIVATIONS, sigmoid, tanh
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.layers import Bidirectional, Stacked
from lstm_core.cells.lstm import LSTMCell, LSTMState, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import GradientTrace, Trace

if TYPE_CHECKING:
    from lstm_core.own import Network

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
    "ResetFirstGRUCell",
    "Stacked",
    "Trace",
    "open",
    "sigmoid",
    "tanh",
]


def open(path: Any, **decided: Any) -> Network:  # noqa: A001
    """Open a network that a library saved; see ``lstm_core.own.open_network`` for what it takes."""
    from lstm_core.own import open_network

    return open_network(path, **decided)
