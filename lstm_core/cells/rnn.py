"""The plain recurrent cell.

Elman: Finding Structure in Time, 1990. Keras calls it SimpleRNN.

Notation: x_t input, h_t hidden state, a_t pre-activation, W kernel, R recurrent kernel, b bias,
phi the activation, tanh if nothing else is said.

    a_t = x_t W + h_(t-1) R + b
    h_t = phi(a_t)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.activations import activation_named
from lstm_core.cells.arrays import Array, time_first, time_restored
from lstm_core.cells.cell import Cell
from lstm_core.cells.trace import GradientTrace, Trace


class RNNCell(Cell):
    """h_t = phi(x_t W + h_(t-1) R + b)."""

    gates = ("hidden",)

    def __init__(
        self,
        kernel: ArrayLike,
        recurrent_kernel: ArrayLike,
        bias: ArrayLike,
        activation: str = "tanh",
    ) -> None:
        """Take kernel (features, units), recurrent kernel (units, units) and bias (units,).

        Raises:
            ValueError: if shapes do not fit or the activation is unknown.
        """
        super().__init__(kernel, recurrent_kernel, bias)
        self.activation = activation_named(activation)

    def step(self, x: ArrayLike, state: ArrayLike | None = None) -> Array:
        """Read one input: the equations of the module, one a line.

        Args:
            x: (features,) or (batch, features).
            state: the hidden state before it, (units,) or (batch, units); zeros if None.

        Returns:
            The hidden state after it, (units,) or (batch, units).

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        x, h = self._as_arrays(x, state)
        W, R, b = self.kernel, self.recurrent_kernel, self.bias
        phi = self.activation.function
        a = x @ W + h @ R + b
        h = phi(a)
        return h

    def run(
        self,
        inputs: ArrayLike,
        initial_state: ArrayLike | None = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> Trace:
        """Run over a sequence: every step at which ``step`` would arrive, faster.

        Args:
            inputs: (time, features) or (batch, time, features).
            initial_state: hidden state before the first step, (..., units); zeros if None.
            lengths: (batch,); a shorter row holds its state after its own end.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        inputs, sequence, ended = self._prepare(inputs, lengths)
        first = hidden = self._initial("initial_state", initial_state, inputs)
        pre_activation = sequence @ self.kernel + self.bias
        hidden_state = np.empty_like(pre_activation)
        for t in range(len(sequence)):
            pre_activation[t] += hidden @ self.recurrent_kernel
            self.activation.function(pre_activation[t], out=hidden_state[t])
            if ended is not None:
                np.copyto(hidden_state[t], hidden, where=ended[t])
            hidden = hidden_state[t]
        batched = inputs.ndim == 3
        return Trace(
            inputs=inputs,
            hidden_state=time_restored(hidden_state, batched),
            initial_hidden_state=first if batched else first[0],
            pre_activation=time_restored(pre_activation, batched),
            lengths=lengths,
        )

    def backward(self, trace: Trace, d_hidden_state: ArrayLike) -> GradientTrace:
        """Run backpropagation through time.

            dh_t = dL/dh_t directly + da_(t+1) R^T
            da_t = dh_t * phi'(a_t)

        Werbos: Backpropagation Through Time, 1990.

        Args:
            trace: of this cell, without ``lengths``.
            d_hidden_state: dL/dh_t by the direct way alone, the shape of ``hidden_state``; zeros
                except at the last step if the loss looks only at the last hidden state.

        Raises:
            ValueError: if the shape is another than the hidden state's.
        """
        direct = time_first(self._direct(trace, d_hidden_state), "d_hidden_state", self.units)
        slope = self.activation.derivative(
            time_first(trace.pre_activation, "pre_activation", self.units)
        )
        d_hidden = np.empty_like(direct)
        d_pre = np.empty_like(direct)
        back = np.zeros_like(direct[0])
        for t in reversed(range(len(direct))):
            d_hidden[t] = direct[t] + back
            d_pre[t] = d_hidden[t] * slope[t]
            back = d_pre[t] @ self.recurrent_kernel.T
        d_pre_activation = time_restored(d_pre, trace.batched)
        kernel, recurrent_kernel, bias, inputs = self._parameter_gradients(trace, d_pre_activation)
        return GradientTrace(
            kernel,
            recurrent_kernel,
            bias,
            inputs,
            time_restored(d_hidden, trace.batched),
            back if trace.batched else back[0],
            d_pre_activation,
        )
