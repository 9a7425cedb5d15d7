"""A network with some of its units switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.own.layers import BACKWARD, FORWARD, Recurrent
from lstm_core.own.network import Network

SHUT = -1000.0
"""A bias that shuts a gate to the last bit."""


def switched_off(
    network: Network, units: Sequence[int], layer: int = 0, direction: str = FORWARD
) -> Network:
    """Make the same network in which some units always show 0.

    Args:
        network: any.
        units: from 0.
        layer: place among the recurrent layers.
        direction: whose cell it is.
    """
    target = network.recurrent[layer]
    cell = _silent(target.cells[direction], list(units))
    changed: Recurrent = (
        replace(target, backward_cell=cell) if direction == BACKWARD else replace(target, cell=cell)
    )
    layers = tuple(changed if each is target else each for each in network.layers)
    return replace(network, layers=layers)


def _silent(cell: Cell, units: list[int]) -> Cell:
    """Hold the hidden state of some units at 0: by the output gate, or by weights of 0."""
    if isinstance(cell, LSTMCell):
        return cell.clamped({"output": 0.0}, units)
    kernel, recurrent, bias = (array.copy() for array in cell.parameters.values())
    for gate in cell.gates:
        columns = np.arange(kernel.shape[1])[cell.columns(gate)][units]
        kernel[:, columns] = 0.0
        recurrent[:, columns] = 0.0
        bias[..., columns] = 0.0
        shut = isinstance(cell, GRUCell) and gate == "update"
        if shut or (isinstance(cell, RNNCell) and cell.activation.name == "sigmoid"):
            bias[..., columns] = SHUT
    return cell.with_parameters({"kernel": kernel, "recurrent_kernel": recurrent, "bias": bias})
