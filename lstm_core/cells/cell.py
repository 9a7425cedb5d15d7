"""What every recurrent cell shares: three parameters, and step, run and backward.

Notation, here and everywhere in the app: W kernel (weights of the inputs), R recurrent kernel
(weights of the hidden state), b bias. The block of columns that belongs to one gate has the gate's
letter below it: W_f, R_f and b_f are the forget gate's. M^T is a matrix transposed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.arrays import Array, as_floats, check_shape, time_first, time_restored
from lstm_core.cells.initializers import glorot_uniform, orthogonal
from lstm_core.cells.trace import GradientTrace, Trace


class Cell(ABC):
    """A recurrent cell with Keras' parameters.

    Attributes:
        kernel: W, weights of the inputs, (features, gates x units).
        recurrent_kernel: R, weights of the previous hidden state, (units, gates x units).
        bias: b, (gates x units,); the GRU has two rows of it.
        gates: names of the blocks of columns in the kernels, in order.
    """

    gates: ClassVar[tuple[str, ...]]

    def __init__(self, kernel: ArrayLike, recurrent_kernel: ArrayLike, bias: ArrayLike) -> None:
        """Take the parameters as they are; the kernel's precision is the cell's.

        Raises:
            ValueError: if a shape does not fit the recurrent kernel's.
        """
        self.kernel = as_floats(kernel)
        self.recurrent_kernel = as_floats(recurrent_kernel, self.kernel.dtype)
        self.bias = as_floats(bias, self.kernel.dtype)
        columns = len(self.gates) * self.units
        check_shape("recurrent_kernel", self.recurrent_kernel, (self.units, columns))
        if self.kernel.ndim != 2 or self.kernel.shape[1] != columns:
            raise ValueError(
                f"kernel has shape {self.kernel.shape}, expected (features, {columns})"
            )
        check_shape("bias", self.bias, self._bias_shape(self.units))

    @classmethod
    def _bias_shape(cls, units: int) -> tuple[int, ...]:
        return (len(cls.gates) * units,)

    @classmethod
    def initialise(
        cls, features: int, units: int, seed: int, dtype: type[np.floating[Any]] = np.float64
    ) -> Self:
        """Make an untrained cell as Keras does: Glorot kernel, orthogonal recurrence, zero bias.

        Args:
            features: length of an input vector.
            units: length of the hidden state.
            seed: the same seed makes the same cell.
            dtype: precision of the parameters.
        """
        rng = np.random.default_rng(seed)
        columns = len(cls.gates) * units
        kernel = glorot_uniform((features, columns), rng).astype(dtype)
        recurrent_kernel = orthogonal((units, columns), rng).astype(dtype)
        return cls(kernel, recurrent_kernel, np.zeros(cls._bias_shape(units), dtype))

    @property
    def features(self) -> int:
        """Length of an input vector."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the hidden state."""
        return int(self.recurrent_kernel.shape[0])

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays that training changes, by name."""
        return {
            "kernel": self.kernel,
            "recurrent_kernel": self.recurrent_kernel,
            "bias": self.bias,
        }

    def with_parameters(self, parameters: Mapping[str, Array]) -> Self:
        """Make a cell that is the same but for its parameters; takes them by name."""
        twin = copy(self)
        twin.kernel = parameters["kernel"]
        twin.recurrent_kernel = parameters["recurrent_kernel"]
        twin.bias = parameters["bias"]
        return twin

    def columns(self, gate: str) -> slice:
        """Columns of the kernels that belong to a gate."""
        first = self.gates.index(gate) * self.units
        return slice(first, first + self.units)

    @abstractmethod
    def step(self, x: ArrayLike, state: Any = None) -> Any:
        """Read one input and return the state after it: the cell's equations, one a line."""

    @abstractmethod
    def run(
        self,
        inputs: ArrayLike,
        initial_state: Any = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> Trace:
        """Run over a whole sequence."""

    def hidden_states(
        self, inputs: ArrayLike, lengths: NDArray[np.integer[Any]] | None = None
    ) -> Array:
        """Compute the hidden states that ``run`` computes; an LSTM is quicker at it than that."""
        return self.run(inputs, lengths=lengths).hidden_state

    @abstractmethod
    def backward(self, trace: Trace, d_hidden_state: ArrayLike) -> GradientTrace:
        """Run backpropagation through time over a trace of this cell."""

    def _as_arrays(self, x: ArrayLike, state: Any) -> tuple[Array, ...]:
        """Take what a step starts from as arrays of the cell's precision.

        Args:
            x: one input, (features,) or (batch, features).
            state: the hidden state before it, (units,) or (batch, units); zeros if None.

        Returns:
            The input and the hidden state; an LSTM's cell state behind them.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        vector = as_floats(x, self.kernel.dtype)
        if vector.ndim not in {1, 2} or vector.shape[-1] != self.features:
            raise ValueError(
                f"x has shape {vector.shape}, "
                f"expected ({self.features},) or (batch, {self.features})"
            )
        return vector, self._state_before("hidden state", state, vector)

    def _state_before(self, name: str, state: ArrayLike | None, vector: Array) -> Array:
        """Check one part of the state before a step, (..., units); zeros if it is None."""
        shape = (*vector.shape[:-1], self.units)
        if state is None:
            return np.zeros(shape, vector.dtype)
        array = as_floats(state, vector.dtype)
        check_shape(name, array, shape)
        return array

    def _prepare(
        self, inputs: ArrayLike, lengths: NDArray[np.integer[Any]] | None
    ) -> tuple[Array, Array, NDArray[np.bool_] | None]:
        """Check the inputs; view them time first; say which rows have ended at each step.

        Returns:
            inputs as they came, in the cell's precision; inputs as (time, batch, features); and
            where a row has ended, (time, batch, 1), or None if none ever does.
        """
        inputs = as_floats(inputs, self.kernel.dtype)
        sequence = time_first(inputs, "inputs", self.features)
        if not len(sequence):
            raise ValueError(f"inputs has shape {inputs.shape}, expected at least one time step")
        if lengths is None:
            return inputs, sequence, None
        if inputs.ndim != 3:
            raise ValueError("lengths need a batch axis; a single sequence is as long as it is")
        lengths = np.asarray(lengths)
        check_shape("lengths", lengths, (len(inputs),))
        if lengths.min(initial=0) < 0 or lengths.max(initial=0) > len(sequence):
            raise ValueError(
                f"lengths are from {lengths.min()} to {lengths.max()}, "
                f"expected from 0 to {len(sequence)}"
            )
        ended = np.arange(len(sequence))[:, np.newaxis, np.newaxis] >= lengths[:, np.newaxis]
        return inputs, sequence, ended if ended.any() else None

    def _initial(self, name: str, state: ArrayLike | None, inputs: Array) -> Array:
        """Return a starting state for the inputs: zeros, or the one asked for, (batch, units)."""
        shape = (*inputs.shape[:-2], self.units)
        if state is None:
            batch = inputs.shape[0] if inputs.ndim == 3 else 1
            return np.zeros((batch, self.units), inputs.dtype)
        array = as_floats(state, inputs.dtype)
        check_shape(name, array, shape)
        return array.reshape(-1, self.units)

    def _direct(self, trace: Trace, d_hidden_state: ArrayLike) -> Array:
        """Check what a way back starts from: a trace of equal rows, and a gradient of its shape."""
        if trace.lengths is not None:
            raise ValueError("going back needs a trace of rows of equal length, without lengths")
        direct = as_floats(d_hidden_state, self.kernel.dtype)
        check_shape("d_hidden_state", direct, trace.hidden_state.shape)
        return direct

    def _parameter_gradients(self, trace: Trace, d_pre_activation: Array) -> tuple[Array, ...]:
        """Sum x_t dz_t and h_(t-1) dz_t over time and batch, and carry dz_t to the inputs.

        Returns:
            kernel, recurrent_kernel, bias and inputs gradients, for cells in which the inputs
            and the recurrence add into one pre-activation.
        """
        # Time first, which is how traces lie in memory, so that little is copied.
        x, h = (
            time_first(trace.inputs, "inputs", self.features),
            time_first(trace.hidden_state, "hidden_state", self.units),
        )
        dz = time_first(d_pre_activation, "d_pre_activation", d_pre_activation.shape[-1])
        initial = trace.initial_hidden_state.reshape(-1, self.units)
        recurrent_kernel = initial.T @ dz[0] + _flat(h[:-1]).T @ _flat(dz[1:])
        return (
            _flat(x).T @ _flat(dz),
            recurrent_kernel,
            _flat(dz).sum(axis=0),
            time_restored(dz @ self.kernel.T, trace.batched),
        )


def _flat(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1])
