"""The way back from one number of a network's answer, through one of its cells."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.layers import BidirectionalGradient
from lstm_core.cells.lstm import LSTMCell, LSTMGradientTrace, LSTMTrace
from lstm_core.cells.trace import GradientTrace, Trace
from lstm_core.gradients.bptt import WayBack
from lstm_core.gradients.jacobians import step_jacobian
from lstm_core.own.layers import FORWARD
from lstm_core.own.network import Network, NetworkRun

MOST_JACOBIAN = 600
"""So many rows may a Jacobian have whose eigenvalues are computed: half a second."""
BEFORE = {"initial_hidden_state": "hidden_state", "initial_cell_state": "cell_state"}
WHOLE = {"kernel", "recurrent_kernel", "bias", *BEFORE}

Kept = TypeVar("Kept", Trace, GradientTrace)


@dataclass(frozen=True, eq=False)
class CellsWay:
    """One cell's way forward and back, in the order in which it reads.

    Attributes:
        cell: which.
        trace: the way forward, without a batch axis.
        gradient: the way back, of one number of the answer, without the kernels.
    """

    cell: Cell
    trace: Trace
    gradient: GradientTrace

    @property
    def norms(self) -> Array:
        """Length of the gradient at what carries the memory, (time,): dL/dh_t, or dL/dc_t."""
        return np.asarray(np.linalg.norm(self.gradient.memory, axis=-1))

    @cached_property
    def direct(self) -> Array:
        """dL/dh_t by the direct way alone, (time, units): what came from the layer above.

        Of an LSTM: dL/dh_t less dz_(t+1) R^T, which came from the next step.
        """
        later = self.gradient.pre_activation[1:] @ self.cell.recurrent_kernel.T
        direct = self.gradient.hidden_state.copy()
        direct[:-1] -= later
        return direct

    def bptt(self, first: int, last: int) -> WayBack | None:
        """The steps from ``first`` up to ``last``, from 0, taken apart; None if it is no LSTM."""
        if not isinstance(self.cell, LSTMCell):
            return None
        trace = windowed(self.trace, first, last)
        gradient = windowed(self.gradient, first, last)
        if not (isinstance(trace, LSTMTrace) and isinstance(gradient, LSTMGradientTrace)):
            raise TypeError("the traces of an LSTM are an LSTM's")
        gradient = replace(gradient, trace=trace)
        return WayBack(self.cell, trace, gradient, self.direct[first:last])

    def eigenvalues(self, step: int) -> NDArray[Any] | None:
        """Those of d(state_t) / d(state_(t-1)); None where the matrix is too large for a page."""
        rows = self.cell.units * (2 if isinstance(self.cell, LSTMCell) else 1)
        if rows > MOST_JACOBIAN:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            jacobian = np.nan_to_num(step_jacobian(self.cell, self.trace, step))
        return np.linalg.eigvals(jacobian)


def way_of(network: Network, run: NetworkRun, layer: int, direction: str, output: int) -> CellsWay:
    """Go back from one number of the answer through one cell.

    Args:
        network: which.
        run: of it, without a batch axis.
        layer: place among the recurrent layers.
        direction: of that layer.
        output: place in the answer, at the last step where there is one for each step.
    """
    d_output = np.zeros_like(run.output)
    if run.output.ndim > 1:
        d_output[-1, output] = 1.0
    else:
        d_output[output] = 1.0
    wanted = network.recurrent[layer]
    place = next(k for k, each in enumerate(network.layers) if each is wanted)
    gradient = network.backward(run, d_output)[place].trace
    if isinstance(gradient, BidirectionalGradient):
        gradient = gradient.forward if direction == FORWARD else gradient.backward
    if gradient is None:
        raise TypeError("a recurrent layer has a way back")
    cell, trace = run.trace(layer, direction)
    return CellsWay(cell, trace, gradient.without_kernels())


def windowed(trace: Kept, first: int, last: int) -> Kept:
    """Cut the steps from ``first`` up to ``last`` out of a trace; sums over all steps stay as they are."""
    changed: dict[str, Any] = {}
    for each in fields(trace):
        value = getattr(trace, each.name)
        if each.name in BEFORE and isinstance(trace, Trace):
            changed[each.name] = getattr(trace, BEFORE[each.name])[first - 1] if first else value
        elif isinstance(value, np.ndarray) and each.name not in WHOLE:
            changed[each.name] = value[first:last]
    return replace(trace, **changed)
