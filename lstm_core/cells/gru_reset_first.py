"""The gated recurrent unit whose reset gate acts before the matrix product.

Cho et al.: Learning Phrase Representations using RNN Encoder-Decoder, 2014. Keras computes it with
``reset_after=False``, ONNX by default (``linear_before_reset=0``); PyTorch has no such cell.

Notation as in ``cells.gru``. The two biases of every gate only ever add up here:

    r_t = sigmoid(x_t W_r + b_r + h_(t-1) R_r + b'_r)
    z_t = sigmoid(x_t W_z + b_z + h_(t-1) R_z + b'_z)
    g_t = tanh(x_t W_g + b_g + (r_t * h_(t-1)) R_g + b'_g)
    h_t = z_t * h_(t-1) + (1 - z_t) * g_t
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.activations import sigmoid, tanh
from lstm_core.cells.arrays import Array, time_first, time_restored
from lstm_core.cells.gru import GRUCell, GRUGradientTrace, GRUTrace
from lstm_core.cells.trace import Trace


class ResetFirstGRUCell(GRUCell):
    """The GRU of the module's docstring; its bias has shape (2, 3 units), as its sister's.

    In its trace ``recurrent_candidate`` is (r_t * h_(t-1)) R_g + b'_g, which adds to the candidate
    as it stands.
    """

    def step(self, x: ArrayLike, state: ArrayLike | None = None) -> Array:
        """Read one input: the equations of the module, one a line; arguments as ``GRUCell``'s.

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
        g = tanh(x @ W_g + b_g + (r * h) @ R_g + b_prime_g)
        h = z * h + (1 - z) * g
        return h

    def run(
        self,
        inputs: ArrayLike,
        initial_state: ArrayLike | None = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> GRUTrace:
        """Run over a sequence: every step at which ``step`` would arrive; arguments as ``GRUCell``'s.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        inputs, sequence, ended = self._prepare(inputs, lengths)
        hidden = initial = self._initial("initial_state", initial_state, inputs)
        units, gating = self.units, slice(0, 2 * self.units)
        R_gates, R_g = self.recurrent_kernel[:, gating], self.recurrent_kernel[:, 2 * units :]
        pre_activation = sequence @ self.kernel + self.bias[0]  # (time, batch, 3 units)
        gates = np.empty_like(pre_activation)
        z, r, g = np.split(gates, 3, axis=-1)
        recurrent_candidate = np.empty_like(g)
        h = np.empty((*gates.shape[:2], units), gates.dtype)
        for t in range(len(gates)):
            pre_activation[t, :, gating] += hidden @ R_gates + self.bias[1, gating]
            sigmoid(pre_activation[t, :, gating], out=gates[t, :, gating])
            recurrent_candidate[t] = (r[t] * hidden) @ R_g + self.bias[1, 2 * units :]
            pre_activation[t, :, 2 * units :] += recurrent_candidate[t]
            np.tanh(pre_activation[t, :, 2 * units :], out=g[t])
            h[t] = z[t] * hidden + (1.0 - z[t]) * g[t]
            if ended is not None:
                np.copyto(h[t], hidden, where=ended[t])
            hidden = h[t]
        return self._traced(inputs, initial, pre_activation, gates, recurrent_candidate, h, lengths)

    def backward(self, trace: Trace, d_hidden_state: ArrayLike) -> GRUGradientTrace:
        """Run backpropagation through time, from the last step to the first.

            dh_t = dL/dh_t directly + what step t + 1 hands back
            dz_t = dh_t * (h_(t-1) - g_t)      dg_t = dh_t * (1 - z_t)
            da_t = dg_t * (1 - g_t^2)          dp_t = da_t R_g^T, of p_t = r_t * h_(t-1)
            dr_t = dp_t * h_(t-1)
            handed back: dh_t * z_t + dp_t * r_t + (dz z (1 - z)) R_z^T + (dr r (1 - r)) R_r^T

        Args:
            trace: of this cell, without ``lengths``.
            d_hidden_state: dL/dh_t by the direct way alone, the shape of ``hidden_state``.

        Raises:
            ValueError: if the shape is another than the hidden state's.
            TypeError: if the trace is no GRU's.
        """
        if not isinstance(trace, GRUTrace):
            raise TypeError(f"a GRU goes back over a GRUTrace, not a {type(trace).__name__}")
        z, r, g, h_before, direct = (
            time_first(array, "trace", self.units)
            for array in (
                trace.update_gate,
                trace.reset_gate,
                trace.candidate,
                trace.previous_hidden_state,
                self._direct(trace, d_hidden_state),
            )
        )
        units = self.units
        R_gates, R_g = self.recurrent_kernel[:, : 2 * units], self.recurrent_kernel[:, 2 * units :]
        dh = np.empty_like(direct)
        d_gates = np.empty((*direct.shape[:2], 3 * units), direct.dtype)
        dz, dr, dg = np.split(d_gates, 3, axis=-1)
        du = np.empty_like(d_gates)
        back = np.zeros_like(direct[0])
        for t in reversed(range(len(direct))):
            dh[t] = direct[t] + back
            dz[t] = dh[t] * (h_before[t] - g[t])
            dg[t] = dh[t] * (1.0 - z[t])
            into_candidate = dg[t] * (1.0 - g[t] ** 2)
            d_product = into_candidate @ R_g.T
            dr[t] = d_product * h_before[t]
            into_gates = np.concatenate(
                [dz[t] * z[t] * (1.0 - z[t]), dr[t] * r[t] * (1.0 - r[t])], axis=-1
            )
            du[t] = np.concatenate([into_gates, into_candidate], axis=-1)
            back = dh[t] * z[t] + d_product * r[t] + into_gates @ R_gates.T
        batched = trace.batched
        d_pre_activation = time_restored(du, batched)
        kernel, recurrent, bias, inputs = self._parameter_gradients(trace, d_pre_activation)
        reset = (r * h_before).reshape(-1, units)
        recurrent[:, 2 * units :] = reset.T @ du[..., 2 * units :].reshape(-1, units)
        return GRUGradientTrace(
            kernel,
            recurrent,
            np.stack([bias, bias]),
            inputs,
            time_restored(dh, batched),
            back if batched else back[0],
            d_pre_activation,
            *(time_restored(array, batched) for array in (dz, dr, dg)),
        )
