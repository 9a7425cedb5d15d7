"""A recurrent cell with a readout, its loss, and one training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.initializers import glorot_uniform
from lstm_core.training.tasks import Batch, Task


@dataclass(frozen=True)
class Step:
    """What one way forward and back gave.

    Attributes:
        loss: mean squared error, or cross-entropy in nats, over all answers.
        gradients: by the learner's parameter names.
        carried: dL/dstate_t, (batch, time, units); of an LSTM by c_t.
    """

    loss: float
    gradients: dict[str, Array]
    carried: Array

    @property
    def norms(self) -> Array:
        """|dL/dstate_t| at each step, (time,), of the whole batch."""
        return np.asarray(np.sqrt((self.carried.astype(float) ** 2).sum(axis=(0, 2))))


class Learner:
    """A cell, and a dense readout of its hidden state: y = h W + b.

    Attributes:
        cell: any of the three.
        kernel: of the readout, (units, outputs).
        bias: of the readout, (outputs,).
    """

    def __init__(self, cell: Cell, kernel: Array, bias: Array) -> None:
        self.cell = cell
        self.kernel = kernel
        self.bias = bias

    @classmethod
    def initialise(
        cls,
        kind: str,
        task: Task,
        units: int,
        seed: int,
        dtype: type[np.floating[Any]] = np.float32,
    ) -> Learner:
        """Make an untrained one as Keras would; the same seed makes the same."""
        cell = CELLS[kind].initialise(task.features, units, seed, dtype)
        rng = np.random.default_rng((seed, 1))
        kernel = glorot_uniform((units, task.outputs), rng).astype(dtype)
        return cls(cell, kernel, np.zeros(task.outputs, dtype))

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays that training changes, by name."""
        return self.cell.parameters | {"readout_kernel": self.kernel, "readout_bias": self.bias}

    @property
    def count(self) -> int:
        """Number of parameters."""
        return sum(parameter.size for parameter in self.parameters.values())

    def loss(self, task: Task, batch: Batch) -> float:
        """Compute the loss alone, for sequences that are not learned from."""
        hidden = self.cell.hidden_states(batch.inputs)
        return _loss(task, self._answers(task, hidden), batch.targets)[0]

    def _answers(self, task: Task, hidden: Array) -> Array:
        read_out = hidden if task.every_step else hidden[:, -1]
        return np.asarray(read_out @ self.kernel + self.bias)

    def step(self, task: Task, batch: Batch) -> Step:
        """Go forward and back over a batch.

        Args:
            task: says what kind of answer there is, and at which steps.
            batch: of that task.
        """
        trace = self.cell.run(batch.inputs)
        hidden = trace.hidden_state
        loss, d_answers = _loss(task, self._answers(task, hidden), batch.targets)
        read_out = hidden if task.every_step else hidden[:, -1]
        direct = np.zeros_like(hidden)
        if task.every_step:
            direct[...] = d_answers @ self.kernel.T
        else:
            direct[:, -1] = d_answers @ self.kernel.T
        gradient = self.cell.backward(trace, direct)
        flat = d_answers.reshape(-1, d_answers.shape[-1])
        gradients = gradient.parameters | {
            "readout_kernel": read_out.reshape(-1, read_out.shape[-1]).T @ flat,
            "readout_bias": flat.sum(axis=0),
        }
        return Step(loss, gradients, gradient.memory)


def _loss(task: Task, answers: Array, targets: Array | NDArray[np.intp]) -> tuple[float, Array]:
    """Compute the mean loss and its gradient by the answers."""
    if not task.classes:
        errors = answers - targets.astype(answers.dtype)
        return float((errors**2).mean()), np.asarray(2.0 * errors / answers.dtype.type(errors.size))
    shifted = answers - answers.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=-1, keepdims=True)
    places = targets[..., np.newaxis].astype(np.intp)
    right = np.take_along_axis(shifted, places, axis=-1)
    losses = np.log(sums) - right
    slope = exponentials / sums
    np.put_along_axis(slope, places, np.take_along_axis(slope, places, axis=-1) - 1, axis=-1)
    return float(losses.mean()), cast("Array", slope / slope.dtype.type(losses.size))


def parameter_count(kind: str, features: int, units: int, outputs: int) -> int:
    """Count parameters by the formula, without making the learner.

    Those of the cell, and units x outputs + outputs for the readout.
    """
    return cell_parameter_count(kind, features, units) + (units + 1) * outputs


def units_for(kind: str, task: Task, budget: int) -> int:
    """Choose the number of units whose parameters come nearest to a budget."""
    counts = [
        abs(parameter_count(kind, task.features, u, task.outputs) - budget) for u in range(1, 513)
    ]
    return int(np.argmin(counts)) + 1
