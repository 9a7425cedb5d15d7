"""Recurrent cells, written out to be read: ``rnn``, ``lstm`` and ``gru``."""

from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell

CELLS: dict[str, type[Cell]] = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
"""Every kind of cell by the name that it has on the pages."""
