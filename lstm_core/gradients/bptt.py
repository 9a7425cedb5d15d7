"""Backpropagation through time in an LSTM, taken apart: every delta, every step's share.

The equations are those of ``cells.lstm``; here each term of them can be looked at alone.

    dW = sum_t x_t^T dz_t         dR = sum_t h_(t-1)^T dz_t

one block of columns for each gate, so that there are eight sums, four for the kernel W and four for
the recurrent kernel R. Greff et al.: LSTM: A Search Space Odyssey, 2017, appendix A.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMGradientTrace, LSTMTrace

GROUPS = {
    f"{symbol}_{letter}": (parameter, gate)
    for symbol, parameter in (("W", "kernel"), ("R", "recurrent_kernel"))
    for letter, gate in (("i", "input"), ("f", "forget"), ("g", "candidate"), ("o", "output"))
}
"""The eight groups of weights, W_i to R_o, as the equations name them: parameter and gate of each."""


MOVES = (1e-5, 1e-7)
"""How far a weight is moved to see what the loss does."""

BACK = (
    "hidden state",
    "output gate",
    "cell state",
    "forget gate",
    "input gate",
    "candidate",
    "pre-activations",
    "weights",
    "to the step before",
)
"""The stages of one step on the way back, in the order of computation."""


@dataclass(frozen=True)
class Stop:
    """One stop of the page: a whole step forward, or one stage of a step back; t from 0."""

    t: int
    stage: str | None

    @property
    def is_forward(self) -> bool:
        """Whether this is on the way forward."""
        return self.stage is None


def stops(steps: int) -> list[Stop]:
    """List every stop: forward through all steps, then back through all stages of each."""
    there = [Stop(t, None) for t in range(steps)]
    return there + [Stop(t, stage) for t in reversed(range(steps)) for stage in BACK]


@dataclass(frozen=True)
class WayBack:
    """One way forward and back through an LSTM, with what entered from outside at each step.

    Attributes:
        cell: the LSTM.
        trace: the way forward, without a batch axis.
        gradient: the way back over it.
        direct: dL/dh_t by the direct way alone, (time, units): what the loss, or the layer above,
            says of h_t itself.
    """

    cell: LSTMCell
    trace: LSTMTrace
    gradient: LSTMGradientTrace
    direct: Array

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return len(self.trace.hidden_state)

    @property
    def through_time(self) -> Array:
        """What came to h_t from step t + 1: dz_(t+1) R^T, (time, units); zeros at the last."""
        back = self.gradient.pre_activation[1:] @ self.cell.recurrent_kernel.T
        return np.concatenate([back, np.zeros_like(self.direct[:1])])

    @property
    def cell_through_time(self) -> Array:
        """What came to c_t from step t + 1: dc_(t+1) f_(t+1), (time, units); zeros at the last."""
        back = self.gradient.cell_state[1:] * self.trace.forget_gate[1:]
        return np.concatenate([back, np.zeros_like(self.direct[:1])])

    @property
    def direct_path(self) -> Array:
        """dL/dc_t by the cell state alone: dc_T times the product of the forget gates after t.

        (time, units). The full dL/dc_t, ``gradient.cell_state``, has further ways: c_t acts on
        h_t, and h_t on every gate of step t + 1.
        """
        later = self.trace.forget_gate[:0:-1]
        ones = np.ones((1, self.cell.units), later.dtype)
        products = np.cumprod(np.concatenate([ones, later]), axis=0)[::-1]
        return np.asarray(products * self.gradient.cell_state[-1])

    @property
    def importance(self) -> Array:
        """How much each unit counts for the loss: sum over time of |h_t dL/dh_t|, (units,)."""
        return np.asarray(np.abs(self.trace.hidden_state * self.gradient.hidden_state).sum(axis=0))

    def contributions(self, group: str) -> Array:
        """Compute what each step adds to a group's gradient, (time, rows, units).

        Args:
            group: name in ``GROUPS``; its rows are the inputs' features or the hidden units.
        """
        parameter, gate = GROUPS[group]
        source = self.trace.inputs if parameter == "kernel" else self.trace.previous_hidden_state
        dz = self.gradient.pre_activation[:, self.cell.columns(gate)]
        return source[:, :, np.newaxis] * dz[:, np.newaxis, :]

    def share(self, group: str, row: int, unit: int) -> Array:
        """Compute what each step adds to the gradient of one weight of a group, (time,)."""
        parameter, gate = GROUPS[group]
        source = self.trace.inputs if parameter == "kernel" else self.trace.previous_hidden_state
        dz = self.gradient.pre_activation[:, self.cell.columns(gate)]
        return np.asarray(source[:, row] * dz[:, unit])

    def total(self, group: str) -> Array:
        """Return a group's gradient as ``backward`` summed it, (rows, units)."""
        parameter, gate = GROUPS[group]
        whole = self.gradient.parameters[parameter]
        return np.asarray(whole[:, self.cell.columns(gate)])


def to_a_target(cell: LSTMCell, inputs: Array, target: float, every_step: bool = False) -> WayBack:
    """Run a cell forward and back, for L = sum |h_t - target|^2 / 2.

    Args:
        cell: the LSTM.
        inputs: (time, features).
        target: what every unit of the hidden state should have been.
        every_step: whether the sum runs over all steps or holds the last alone.
    """
    trace = cell.run(inputs)
    direct = np.zeros_like(trace.hidden_state)
    steps = slice(None) if every_step else slice(-1, None)
    direct[steps] = trace.hidden_state[steps] - target
    return WayBack(cell, trace, cell.backward(trace, direct), direct)


def loss_to_a_target(
    cell: LSTMCell, inputs: Array, target: float, every_step: bool = False
) -> float:
    """Compute the loss whose gradient ``to_a_target`` takes."""
    errors = cell.run(inputs).hidden_state[slice(None) if every_step else slice(-1, None)] - target
    return float((errors**2).sum()) / 2


def disagreement(way: WayBack, loss: Callable[[], float], group: str, places: int = 12) -> float:
    """Compare a group's gradient with central differences of the loss.

    Args:
        way: with a cell in double precision; its weights are moved and put back.
        loss: computes L with the cell's weights as they stand.
        group: name in ``GROUPS``.
        places: so many weights are tried, those with the largest gradients.

    Returns:
        The largest difference over the largest gradient of the group; 0 where both vanish.
    """
    parameter, gate = GROUPS[group]
    array = way.cell.parameters[parameter][:, way.cell.columns(gate)]
    gradient = way.total(group)
    scale = float(np.abs(gradient).max())
    largest = np.argsort(-np.abs(gradient), axis=None)[:places]
    worst = 0.0
    for flat in largest:
        place = np.unravel_index(flat, array.shape)
        value = array[place]

        def moved(by: float, place: Any = place, value: Any = value) -> float:
            array[place] = value + by
            return loss()

        # A long move suits a small gradient, which drowns in rounding otherwise; a short one an
        # exploding gradient, whose loss bends at once. A wrong gradient disagrees with both.
        slopes = [(moved(step) - moved(-step)) / (2 * step) for step in MOVES]
        array[place] = value
        worst = max(worst, min(abs(slope - float(gradient[place])) for slope in slopes))
    return worst / scale if scale > 0 else worst


def by_the_lecture(way: WayBack, t: int) -> Array:
    """Compute dL/dc_t as the lecture writes it, (units,): without the ways through h_t.

    dL/dc_t = dL_t/dh_t o_t (1 - tanh(c_t)^2) + dL/dc_(t+1) f_(t+1), where dL_t/dh_t is what the
    loss says of h_t itself. What came to h_t through the gates of step t + 1 is left out.
    """
    trace = way.trace
    slope = trace.output_gate[t] * (1.0 - np.tanh(trace.cell_state[t]) ** 2)
    return np.asarray(way.direct[t] * slope + way.cell_through_time[t])
