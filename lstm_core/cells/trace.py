"""The two shapes that everything takes: what a cell computed, and what came back through it.

Every array of a ``Trace`` or ``GradientTrace`` that has a value for each time step has shape
(time, units), or (batch, time, units) if the inputs had a batch axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array, previous


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What any cell computed over a sequence.

    Attributes:
        inputs: (..., time, features), as the cell read them.
        hidden_state: h_t after each step.
        initial_hidden_state: h before the first step, (..., units).
        pre_activation: what went into the activation functions; gates side by side in the order
            of the cell's kernel, (..., time, gates x units).
        lengths: where shorter rows ended, (batch,), or None if all are as long as the inputs.
    """

    inputs: Array
    hidden_state: Array
    initial_hidden_state: Array
    pre_activation: Array
    lengths: NDArray[np.integer[Any]] | None = None

    @property
    def previous_hidden_state(self) -> Array:
        """h_(t-1): the hidden state that each step started from."""
        return previous(self.hidden_state, self.initial_hidden_state)

    @property
    def batched(self) -> bool:
        """Whether the inputs had a batch axis."""
        return self.inputs.ndim == 3

    def quantities(self) -> dict[str, Array]:
        """Name every array of shape (..., time, units), in the order of computation."""
        return {"hidden_state": self.hidden_state}


@dataclass(frozen=True)
class GradientTrace:
    """What came back through any cell: the gradient of one number, the loss L.

    Attributes:
        kernel, recurrent_kernel, bias: dL/d(parameter), summed over time and batch; the shapes
            of the parameters.
        inputs: dL/dx_t, the shape of the inputs.
        hidden_state: dL/dh_t, by every way through which h_t acts on the loss.
        initial_hidden_state: dL/dh before the first step.
        pre_activation: dL/d(pre-activation), gates side by side as in the ``Trace``.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    inputs: Array
    hidden_state: Array
    initial_hidden_state: Array
    pre_activation: Array

    @property
    def memory(self) -> Array:
        """Gradient of what carries the memory on: dL/dh_t here, dL/dc_t in an LSTM."""
        return self.hidden_state

    @property
    def parameters(self) -> dict[str, Array]:
        """The gradients that an optimiser needs, by the parameters' names."""
        return {
            "kernel": self.kernel,
            "recurrent_kernel": self.recurrent_kernel,
            "bias": self.bias,
        }

    def without_kernels(self) -> Self:
        """Return the gradients of the states: those of the kernels, as large as these, are NaN."""
        gone = {
            name: np.broadcast_to(np.array(np.nan, array.dtype), array.shape)
            for name, array in self.parameters.items()
            if name.endswith("kernel")
        }
        return replace(self, **gone)
