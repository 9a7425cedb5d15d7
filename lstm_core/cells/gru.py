"""The gated recurrent unit.

Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder, 2014, in the form that
Keras and cuDNN compute by default (``reset_after=True``): the reset gate acts after the matrix
product, and inputs and recurrence have a bias each. Gate order as in Keras: update, reset,
candidate.

Notation: x_t input, h_t hidden state, W kernel, R recurrent kernel, b and b' the biases of the
inputs and of the recurrence, each with a block of columns for every gate; * product by element.

    r_t = sigmoid(x_t W_r + b_r + h_(t-1) R_r + b'_r)       reset gate: how much of h to consult
    z_t = sigmoid(x_t W_z + b_z + h_(t-1) R_z + b'_z)       update gate: how much of h to keep
    g_t = tanh(x_t W_g + b_g + r_t * (h_(t-1) R_g + b'_g))  candidate
    h_t = z_t * h_(t-1) + (1 - z_t) * g_t

In Cho's paper z and 1 - z stand the same way round as here; in others they are exchanged. Below,
u_t = x_t W + b is what the inputs add and v_t = h_(t-1) R + b' what the recurrence adds, all gates
side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.activations import sigmoid, tanh
from lstm_core.cells.arrays import Array, time_first, time_restored
from lstm_core.cells.cell import Cell
from lstm_core.cells.trace import GradientTrace, Trace


@dataclass(frozen=True, kw_only=True)
class GRUTrace(Trace):
    """A ``Trace`` with the two gates and the candidate, each (..., time, units).

    ``recurrent_candidate`` is h_(t-1) R_g + b'_g, which the reset gate acts on.
    """

    update_gate: Array
    reset_gate: Array
    candidate: Array
    recurrent_candidate: Array

    def quantities(self) -> dict[str, Array]:
        """Name every array of shape (..., time, units), in the order of computation."""
        blocks = np.split(self.pre_activation, 3, axis=-1)
        names = [f"{gate}_pre_activation" for gate in GRUCell.gates]
        return dict(zip(names, blocks, strict=True)) | {
            "update_gate": self.update_gate,
            "reset_gate": self.reset_gate,
            "candidate": self.candidate,
            "hidden_state": self.hidden_state,
        }


@dataclass(frozen=True)
class GRUGradientTrace(GradientTrace):
    """A ``GradientTrace`` with dL/d(gate) and dL/d(candidate), each (..., time, units)."""

    update_gate: Array
    reset_gate: Array
    candidate: Array


class GRUCell(Cell):
    """The GRU of the module's docstring; its bias has shape (2, 3 units)."""

    gates = ("update", "reset", "candidate")

    @classmethod
    def _bias_shape(cls, units: int) -> tuple[int, ...]:
        return (2, len(cls.gates) * units)

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
        W_z, W_r, W_g = np.hsplit(self.kernel, 3)
        R_z, R_r, R_g = np.hsplit(self.recurrent_kernel, 3)
        b_z, b_r, b_g = np.hsplit(self.bias[0], 3)
        b_prime_z, b_prime_r, b_prime_g = np.hsplit(self.bias[1], 3)
        r = sigmoid(x @ W_r + b_r + h @ R_r + b_prime_r)
        z = sigmoid(x @ W_z + b_z + h @ R_z + b_prime_z)
        g = tanh(x @ W_g + b_g + r * (h @ R_g + b_prime_g))
        h = z * h + (1 - z) * g
        return h

    def run(
        self,
        inputs: ArrayLike,
        initial_state: ArrayLike | None = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> GRUTrace:
        """Run over a sequence: every step at which ``step`` would arrive, faster.

        Args:
            inputs: (time, features) or (batch, time, features).
            initial_state: hidden state before the first step, (..., units); zeros if None.
            lengths: (batch,); a shorter row holds its state after its own end.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        inputs, sequence, ended = self._prepare(inputs, lengths)
        hidden = initial = self._initial("initial_state", initial_state, inputs)
        units, gating = self.units, slice(0, 2 * self.units)
        pre_activation = sequence @ self.kernel + self.bias[0]  # (time, batch, 3 units)
        gates = np.empty_like(pre_activation)
        z, r, g = np.split(gates, 3, axis=-1)
        recurrent_candidate = np.empty_like(g)
        h = np.empty((*gates.shape[:2], units), gates.dtype)
        for t in range(len(gates)):
            recurrent = hidden @ self.recurrent_kernel + self.bias[1]
            recurrent_candidate[t] = recurrent[:, 2 * units :]
            pre_activation[t, :, gating] += recurrent[:, gating]
            sigmoid(pre_activation[t, :, gating], out=gates[t, :, gating])
            pre_activation[t, :, 2 * units :] += r[t] * recurrent_candidate[t]
            np.tanh(pre_activation[t, :, 2 * units :], out=g[t])
            h[t] = z[t] * hidden + (1.0 - z[t]) * g[t]
            if ended is not None:
                np.copyto(h[t], hidden, where=ended[t])
            hidden = h[t]
        return self._traced(inputs, initial, pre_activation, gates, recurrent_candidate, h, lengths)

    @staticmethod
    def _traced(
        inputs: Array,
        initial: Array,
        pre_activation: Array,
        gates: Array,
        recurrent_candidate: Array,
        h: Array,
        lengths: NDArray[np.integer[Any]] | None,
    ) -> GRUTrace:
        """Put what was computed with time in front, (time, batch, ...), into a trace."""
        batched = inputs.ndim == 3
        z, r, g = np.split(gates, 3, axis=-1)
        return GRUTrace(
            inputs=inputs,
            hidden_state=time_restored(h, batched),
            initial_hidden_state=initial if batched else initial[0],
            pre_activation=time_restored(pre_activation, batched),
            update_gate=time_restored(z, batched),
            reset_gate=time_restored(r, batched),
            candidate=time_restored(g, batched),
            recurrent_candidate=time_restored(recurrent_candidate, batched),
            lengths=lengths,
        )

    def backward(self, trace: Trace, d_hidden_state: ArrayLike) -> GRUGradientTrace:
        """Run backpropagation through time, from the last step to the first.

            dh_t = dL/dh_t directly + dh_(t+1) * z_(t+1) + dv_(t+1) R^T
            dz_t = dh_t * (h_(t-1) - g_t)         dg_t = dh_t * (1 - z_t)
            da_t = dg_t * (1 - g_t^2)             dr_t = da_t * (h_(t-1) R_g + b'_g)
            du_t = (dz z (1 - z), dr r (1 - r), da)
            dv_t = (the same, the same, da * r_t)

        Args:
            trace: of this cell, without ``lengths``.
            d_hidden_state: dL/dh_t by the direct way alone, the shape of ``hidden_state``.

        Raises:
            ValueError: if the shape is another than the hidden state's.
        """
        if not isinstance(trace, GRUTrace):
            raise TypeError(f"a GRU goes back over a GRUTrace, not a {type(trace).__name__}")
        z, r, g, v, h_before, direct = (
            time_first(array, "trace", self.units)
            for array in (
                trace.update_gate,
                trace.reset_gate,
                trace.candidate,
                trace.recurrent_candidate,
                trace.previous_hidden_state,
                self._direct(trace, d_hidden_state),
            )
        )
        dh = np.empty_like(direct)
        d_gates = np.empty((*direct.shape[:2], 3 * self.units), direct.dtype)
        dz, dr, dg = np.split(d_gates, 3, axis=-1)
        du = np.empty_like(d_gates)
        dv = np.empty_like(d_gates)
        back = np.zeros_like(direct[0])
        for t in reversed(range(len(direct))):
            dh[t] = direct[t] + back
            dz[t] = dh[t] * (h_before[t] - g[t])
            dg[t] = dh[t] * (1.0 - z[t])
            into_candidate = dg[t] * (1.0 - g[t] ** 2)
            dr[t] = into_candidate * v[t]
            into_update = dz[t] * z[t] * (1.0 - z[t])
            into_reset = dr[t] * r[t] * (1.0 - r[t])
            du[t] = np.concatenate([into_update, into_reset, into_candidate], axis=-1)
            dv[t] = np.concatenate([into_update, into_reset, into_candidate * r[t]], axis=-1)
            back = dh[t] * z[t] + dv[t] @ self.recurrent_kernel.T
        batched = trace.batched
        d_pre_activation = time_restored(du, batched)
        kernel, _, bias, inputs = self._parameter_gradients(trace, d_pre_activation)
        flat_dv = dv.reshape(-1, dv.shape[-1])
        return GRUGradientTrace(
            kernel,
            h_before.reshape(-1, self.units).T @ flat_dv,
            np.stack([bias, flat_dv.sum(axis=0)]),
            inputs,
            time_restored(dh, batched),
            back if batched else back[0],
            d_pre_activation,
            *(time_restored(array, batched) for array in (dz, dr, dg)),
        )
