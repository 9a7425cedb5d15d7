"""Recurrent cells, written out to be read: ``rnn``, ``lstm`` and ``gru``."""

from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell

CELLS: dict[str, type[Cell]] = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
"""Every kind of cell by the name that it has on the pages."""


def cell_parameter_count(kind: str, features: int, units: int) -> int:
    """Count a cell's parameters by the formula, without making the cell.

    Gates x units x (features + units + biases); a GRU with ``reset_after`` has two biases a gate.
    """
    biases = 2 if kind == "GRU" else 1
    return len(CELLS[kind].gates) * units * (features + units + biases)
