"""How much of an error at the end of a sequence comes back to each step before it.

Bengio, Simard and Frasconi: Learning Long-Term Dependencies with Gradient Descent is Difficult,
1994. Pascanu, Mikolov and Bengio: On the Difficulty of Training Recurrent Neural Networks, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.initializers import glorot_uniform, identity, orthogonal, scaled_normal
from lstm_core.trace import GradientTrace, Trace

INITIALISATIONS = {
    "orthogonal": orthogonal,
    "normal": scaled_normal,
    "identity": identity,
}
FEATURES = 8


@dataclass(frozen=True)
class Experiment:
    """An untrained network on random inputs, and an error at its last step only.

    Attributes:
        activation: name of the cell's activation.
        initialisation: name in ``INITIALISATIONS``, for the recurrent kernel.
        gain: factor on that kernel.
        units: length of the hidden state.
        steps: length of the sequence.
        seed: of the kernels, the inputs and the target; the same seed is the same run.
    """

    activation: str = "tanh"
    initialisation: str = "orthogonal"
    gain: float = 1.0
    units: int = 32
    steps: int = 50
    seed: int = 1

    def cell(self) -> RNNCell:
        """Make the untrained cell."""
        rng = np.random.default_rng(self.seed)
        kernel = glorot_uniform((FEATURES, self.units), rng)
        draw = INITIALISATIONS[self.initialisation]
        recurrent_kernel = draw((self.units, self.units), rng, self.gain)
        return RNNCell(kernel, recurrent_kernel, np.zeros(self.units), self.activation)

    def inputs(self) -> Array:
        """Draw the inputs from a standard normal distribution, (steps, features)."""
        return np.random.default_rng((self.seed, 1)).normal(size=(self.steps, FEATURES))

    def target(self) -> Array:
        """Draw what the last hidden state should have been, (units,)."""
        return np.random.default_rng((self.seed, 2)).uniform(-1.0, 1.0, self.units)


@dataclass(frozen=True)
class GradientFlow:
    """What went forward, what came back, and how long the gradient was at each step.

    Attributes:
        cell: the network.
        trace: the way forward.
        gradient: the way back, of L = |h_T - target|^2 / 2.
        loss: L.
        norms: |dL/dh_t| for t = 1 ... T, (steps,), in absolute numbers.
        spectral_radius: largest |eigenvalue| of the recurrent kernel.
        largest_singular_value: how much the kernel stretches the vector it stretches most.
    """

    cell: RNNCell
    trace: Trace
    gradient: GradientTrace
    loss: float
    norms: Array
    spectral_radius: float
    largest_singular_value: float

    @property
    def ratio(self) -> float:
        """Length of the gradient at the first step over that at the last."""
        return float(self.norms[0] / self.norms[-1])

    @property
    def first_lost(self) -> int | None:
        """The latest step, from 1, at which the gradient is 0 or not finite; None if none is."""
        lost = np.flatnonzero((self.norms == 0) | ~np.isfinite(self.norms))
        return int(lost[-1]) + 1 if len(lost) else None


def follow(experiment: Experiment) -> GradientFlow:
    """Run an experiment forward and back, with real backpropagation through time.

    Numbers that overflow become infinite; nothing warns of it, the result shows it.
    """
    cell = experiment.cell()
    with np.errstate(over="ignore", invalid="ignore"):
        trace = cell.run(experiment.inputs())
        error = trace.hidden_state[-1] - experiment.target()
        direct = np.zeros_like(trace.hidden_state)
        direct[-1] = error
        gradient = cell.backward(trace, direct)
        norms = np.linalg.norm(gradient.hidden_state, axis=-1)
        loss = float(error @ error) / 2
    recurrent = cell.recurrent_kernel
    return GradientFlow(
        cell,
        trace,
        gradient,
        loss,
        norms,
        float(np.abs(np.linalg.eigvals(recurrent)).max()),
        float(np.linalg.norm(recurrent, 2)),
    )
