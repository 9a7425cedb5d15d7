"""Echo state networks: a recurrent network that is never trained, under a readout that is.

Jaeger: The "Echo State" Approach to Analysing and Training Recurrent Neural Networks, 2001;
Short Term Memory in Echo State Networks, 2002. No gradient goes through time, so that none can
vanish or explode; what the recurrence remembers is what its fixed weights happen to keep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.initializers import scaled_normal
from lstm_core.cells.rnn import RNNCell
from lstm_core.gradients.jacobians import spectral_radius

WASHOUT = 100
"""So many first steps are not used: the state still depends on where it started."""
RIDGE = 1e-7


@dataclass(frozen=True)
class EchoState:
    """A reservoir, its readouts and how well each repeats the input of so many steps ago.

    Attributes:
        cell: the reservoir; nothing in it was trained.
        readout: trained weights, (units + 1, delays); the last row is the bias.
        inputs: of the unseen second half, (steps,).
        outputs: of the readouts there, (steps, delays).
        wanted: what they should be there, (steps, delays).
        recall: squared correlation of the two for each delay 1 ... delays, (delays,).
    """

    cell: RNNCell
    readout: Array
    inputs: Array
    outputs: Array
    wanted: Array
    recall: Array

    @property
    def capacity(self) -> float:
        """Sum of the recall over all delays; at most the number of units (Jaeger, 2002)."""
        return float(self.recall.sum())


def reservoir(units: int, radius: float, seed: int, input_scale: float = 0.1) -> RNNCell:
    """Make a fixed tanh network of one input whose recurrent kernel has a given spectral radius."""
    rng = np.random.default_rng(seed)
    recurrent = scaled_normal((units, units), rng)
    recurrent *= radius / spectral_radius(recurrent)
    kernel = rng.uniform(-input_scale, input_scale, (1, units))
    return RNNCell(kernel, recurrent, np.zeros(units), "tanh")


def ridge_readout(states: Array, wanted: Array, ridge: float = RIDGE) -> Array:
    """Solve for the weights W that make [states, 1] W nearest to what is wanted.

    W = (S'S + ridge n I)^-1 S' Y, the only training there is: no gradient, no iteration.

    Args:
        states: (steps, units).
        wanted: (steps, outputs).
        ridge: how much large weights cost, for each step.

    Returns:
        (units + 1, outputs); the last row is the bias.
    """
    with_one = np.column_stack([states, np.ones(len(states))])
    square = with_one.T @ with_one + ridge * len(states) * np.eye(with_one.shape[1])
    return np.linalg.solve(square, with_one.T @ wanted)


def remember(units: int, radius: float, delays: int, seed: int) -> EchoState:
    """Train one readout for each delay to repeat the input of so many steps ago.

    The input is drawn from U(-1, 1) at each step, so that nothing of it can be guessed. The first
    half trains the readouts; what is reported is the second half, which they have not seen.

    Args:
        units: size of the reservoir.
        radius: spectral radius of its recurrent kernel.
        delays: the longest delay.
        seed: of the reservoir and the input.
    """
    cell = reservoir(units, radius, seed)
    # Ten examples for each weight of a readout, at least.
    half = WASHOUT + delays + 10 * units + 400
    signal = np.random.default_rng((seed, 1)).uniform(-1.0, 1.0, 2 * half)
    states = cell.run(signal[:, np.newaxis]).hidden_state
    columns = [np.roll(signal, delay) for delay in range(1, delays + 1)]
    wanted = np.stack(columns, axis=1)
    begin = max(WASHOUT, delays)
    readout = ridge_readout(states[begin:half], wanted[begin:half])
    unseen = np.column_stack([states[half:], np.ones(half)])
    outputs = unseen @ readout
    recall = np.array(
        [_squared_correlation(outputs[:, d], wanted[half:, d]) for d in range(delays)]
    )
    return EchoState(cell, readout, signal[half:], outputs, wanted[half:], recall)


def _squared_correlation(first: Array, second: Array) -> float:
    """Return the squared correlation; 0 for a signal that does not move."""
    if not first.std() or not second.std():
        return 0.0
    return float(np.corrcoef(first, second)[0, 1] ** 2)
