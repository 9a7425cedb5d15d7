"""How much of an error at the end of a sequence comes back to each step before it.

Bengio, Simard and Frasconi: Learning Long-Term Dependencies with Gradient Descent is Difficult,
1994. Pascanu, Mikolov and Bengio: On the Difficulty of Training Recurrent Neural Networks, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_core.cells import CELLS
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.initializers import (
    glorot_uniform,
    identity,
    orthogonal,
    pytorch_uniform,
    scaled_normal,
)
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import GradientTrace, Trace
from lstm_core.gradients.jacobians import largest_singular_value, spectral_radius, step_jacobian
from lstm_core.messages import mark

INITIALISATIONS = {
    mark("orthogonal"): orthogonal,
    mark("identity"): identity,
    mark("Glorot"): glorot_uniform,
    mark("normal"): scaled_normal,
    mark("PyTorch"): pytorch_uniform,
}


@dataclass(frozen=True)
class Experiment:
    """An untrained network on random inputs, and an error at its last step only.

    Attributes:
        activation: name of the RNN's activation; LSTM and GRU have their own.
        initialisation: name in ``INITIALISATIONS``, for the recurrent kernel, gate by gate.
        gain: factor on that kernel.
        units: length of the hidden state.
        steps: length of the sequence.
        seed: of the kernels, the inputs and the target; the same seed is the same run.
        network: name in ``CELLS``.
        forget_bias: what the LSTM's forget gate starts from.
        features: length of an input vector.
    """

    activation: str = "tanh"
    initialisation: str = "orthogonal"
    gain: float = 1.0
    units: int = 32
    steps: int = 50
    seed: int = 1
    network: str = "RNN"
    forget_bias: float = 1.0
    features: int = 8

    def cell(self) -> Cell:
        """Make the untrained cell.

        Kernels are drawn gate by gate, so that "orthogonal" or "identity" says the same of each
        network. "PyTorch" draws kernel and biases as PyTorch does, too: two biases that add.
        """
        rng = np.random.default_rng(self.seed)
        kind = CELLS[self.network]
        gates, units = len(kind.gates), self.units
        as_pytorch = self.initialisation == "PyTorch"

        def input_kernel() -> Array:
            shape = (self.features, units)
            if as_pytorch:
                return pytorch_uniform(shape, rng, units=units)
            return glorot_uniform(shape, rng)

        draw = INITIALISATIONS[self.initialisation]
        kernel = np.hstack([input_kernel() for _ in range(gates)])
        recurrent_kernel = np.hstack([draw((units, units), rng, self.gain) for _ in range(gates)])
        biases = np.zeros((2, gates * units))
        if as_pytorch:
            biases = pytorch_uniform(biases.shape, rng, units=units)
        if kind is GRUCell:
            return GRUCell(kernel, recurrent_kernel, biases)
        bias = biases.sum(axis=0)
        if kind is RNNCell:
            return RNNCell(kernel, recurrent_kernel, bias, self.activation)
        cell = LSTMCell(kernel, recurrent_kernel, bias)
        cell.bias[cell.columns("forget")] += self.forget_bias
        return cell

    def inputs(self) -> Array:
        """Draw the inputs from a standard normal distribution, (steps, features)."""
        return np.random.default_rng((self.seed, 1)).normal(size=(self.steps, self.features))

    def target(self) -> Array:
        """Draw what the last hidden state should have been, (units,)."""
        return np.random.default_rng((self.seed, 2)).uniform(-1.0, 1.0, self.units)


@dataclass(frozen=True)
class GradientFlow:
    """What went forward, what came back, and how long the gradient was at each step.

    Attributes:
        cell: the network.
        trace: the way forward.
        tail: the steps of it that the way back went over; all of them unless it was truncated.
        gradient: the way back, of L = |h_T - target|^2 / 2.
        loss: L.
        norms: |dL/dh_t| for t = 1 ... T, (steps,), in absolute numbers; of an LSTM |dL/dc_t|, for
            c_t is what carries its memory.
    """

    cell: Cell
    trace: Trace
    tail: Trace
    gradient: GradientTrace
    loss: float
    norms: Array

    @property
    def ratio(self) -> float:
        """Length of the gradient at the first step over that at the last."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            return float(np.divide(self.norms[0], self.norms[-1]))

    @property
    def first_lost(self) -> int | None:
        """The latest step, from 1, at which the gradient is 0 or not finite; None if none is."""
        lost = np.flatnonzero((self.norms == 0) | ~np.isfinite(self.norms))
        return int(lost[-1]) + 1 if len(lost) else None

    @property
    def spectral_radius(self) -> float:
        """Largest |eigenvalue| of an RNN's recurrent kernel; of others that of the last step."""
        return spectral_radius(self.carrying)

    @property
    def largest_singular_value(self) -> float:
        """Largest stretch by an RNN's recurrent kernel; of others that of the last step."""
        return largest_singular_value(self.carrying)

    @property
    def carrying(self) -> Array:
        """The matrix that carries the gradient: the RNN's kernel, or the step's Jacobian."""
        return self.cell.recurrent_kernel if isinstance(self.cell, RNNCell) else self.jacobian

    @cached_property
    def jacobian(self) -> Array:
        """d(state_T) / d(state_(T-1)), the last step's; NaN becomes 0 where numbers overflowed."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(step_jacobian(self.cell, self.trace, len(self.norms) - 1))


def follow(experiment: Experiment) -> GradientFlow:
    """Run an experiment forward and back, with real backpropagation through time.

    Numbers that overflow become infinite; nothing warns of it, the result shows it.
    """
    return follow_cell(experiment.cell(), experiment.inputs(), experiment.target())


def follow_cell(
    cell: Cell, inputs: Array, target: Array, window: int | None = None
) -> GradientFlow:
    """Do what ``follow`` does with any cell, inputs and target.

    Args:
        cell: the network, as it stands.
        inputs: (steps, features).
        target: what the last hidden state should have been, (units,).
        window: go back over so many steps only (truncated backpropagation through time: Williams
            and Peng, 1990); the state still comes from the very first step. None goes all the way.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        trace = cell.run(inputs)
        error = trace.hidden_state[-1] - target
        lost = 0 if window is None else max(len(inputs) - window, 0)
        tail = trace
        if lost:
            tail = cell.run(inputs[lost:], _state_after(trace, lost))
        direct = np.zeros_like(tail.hidden_state)
        direct[-1] = error
        gradient = cell.backward(tail, direct)
        norms = np.concatenate([np.zeros(lost), np.linalg.norm(gradient.memory, axis=-1)])
        loss = float(error @ error) / 2
    return GradientFlow(cell, trace, tail, gradient, loss, norms)


def _state_after(trace: Trace, steps: int) -> Array | tuple[Array, Array]:
    """The state that a cell carries after some steps."""
    hidden: Array = trace.hidden_state[steps - 1]
    if isinstance(trace, LSTMTrace):
        return hidden, trace.cell_state[steps - 1]
    return hidden
