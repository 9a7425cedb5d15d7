"""The LSTM cell.

Hochreiter and Schmidhuber: Long Short-Term Memory, 1997; with the forget gate of Gers,
Schmidhuber and Cummins: Learning to Forget, 2000. Parameters and gate order as in Keras:
input, forget, candidate, output.

Notation: x_t input, h_t hidden state, c_t cell state, W kernel, R recurrent kernel, b bias, each
with a block of columns for every gate; * product by element.

    f_t = sigmoid(x_t W_f + h_(t-1) R_f + b_f)    forget gate: how much of the cell state to keep
    i_t = sigmoid(x_t W_i + h_(t-1) R_i + b_i)    input gate: how much of the candidate to write
    g_t = tanh(x_t W_g + h_(t-1) R_g + b_g)       candidate: what to write
    c_t = f_t * c_(t-1) + i_t * g_t
    o_t = sigmoid(x_t W_o + h_(t-1) R_o + b_o)    output gate: how much to show
    h_t = o_t * tanh(c_t)

Below, z_t = x_t W + h_(t-1) R + b are the pre-activations of all four, side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.activations import sigmoid, sigmoid_into, tanh
from lstm_core.cells.arrays import (
    Array,
    one_step_kept,
    previous,
    time_first,
    time_restored,
)
from lstm_core.cells.cell import Cell
from lstm_core.cells.trace import GradientTrace, Trace


class LSTMState(NamedTuple):
    """What an LSTM carries from step to step, always in this order: h, then c."""

    hidden_state: Array
    cell_state: Array


@dataclass(frozen=True, kw_only=True)
class LSTMTrace(Trace):
    """A ``Trace`` with the gates, the candidate and the cell state, each (..., time, units)."""

    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell_state: Array
    initial_cell_state: Array

    @property
    def previous_cell_state(self) -> Array:
        """c_(t-1): the cell state that each step started from."""
        return previous(self.cell_state, self.initial_cell_state)

    @property
    def kept(self) -> Array:
        """f_t * c_(t-1): what each step kept of the old cell state."""
        return self.forget_gate * self.previous_cell_state

    @property
    def written(self) -> Array:
        """i_t * g_t: what each step wrote into the cell state."""
        return self.input_gate * self.candidate

    @property
    def final_state(self) -> LSTMState:
        """The state after the last step, to go on from."""
        return LSTMState(self.hidden_state[..., -1, :], self.cell_state[..., -1, :])

    def quantities(self) -> dict[str, Array]:
        """Name every array of shape (..., time, units), in the order of computation."""
        blocks = np.split(self.pre_activation, 4, axis=-1)
        names = [f"{gate}_pre_activation" for gate in LSTMCell.gates]
        return dict(zip(names, blocks, strict=True)) | {
            "input_gate": self.input_gate,
            "forget_gate": self.forget_gate,
            "candidate": self.candidate,
            "output_gate": self.output_gate,
            "cell_state": self.cell_state,
            "hidden_state": self.hidden_state,
        }


@dataclass(frozen=True)
class LSTMGradientTrace(GradientTrace):
    """A ``GradientTrace`` with dL/d(gate), dL/d(candidate) and dL/dc_t, each (..., time, units)."""

    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell_state: Array
    initial_cell_state: Array

    @property
    def memory(self) -> Array:
        """Gradient of what carries the memory on, dL/dc_t."""
        return self.cell_state


class LSTMCell(Cell):
    """The LSTM of the module's docstring."""

    gates = ("input", "forget", "candidate", "output")

    @classmethod
    def initialise(
        cls,
        features: int,
        units: int,
        seed: int,
        dtype: type[np.floating[Any]] = np.float64,
        forget_bias: float = 1.0,
    ) -> Self:
        """Make an untrained cell as Keras does, with a forget bias of 1.

        A positive forget bias keeps the cell state, and the gradient, alive from the start (Gers
        et al., 2000; Jozefowicz et al., 2015).
        """
        cell = super().initialise(features, units, seed, dtype)
        cell.bias[cell.columns("forget")] = forget_bias
        return cell

    def clamped(self, gates: Mapping[str, float], units: Sequence[int] | None = None) -> Self:
        """Make a twin in which gates have fixed values, whatever is read.

        A gate without weights is the activation of its bias alone, so that the twin is an
        ordinary cell: it runs, steps and goes back like any other.

        Args:
            gates: value of each gate to hold, by name; from 0 to 1, the candidate from -1 to 1.
            units: whose gates are held; all units' if None.

        Raises:
            ValueError: if a gate is unknown or a value is outside its range.
        """
        copies = (array.copy(order="K") for array in self.parameters.values())
        kernel, recurrent_kernel, bias = copies
        whose = slice(None) if units is None else list(units)
        for gate, value in gates.items():
            if gate not in self.gates:
                raise ValueError(f"gate is {gate!r}, expected one of {', '.join(self.gates)}")
            lowest = -1.0 if gate == "candidate" else 0.0
            if not lowest <= value <= 1.0:
                raise ValueError(f"the {gate} gate is {value}, expected {lowest:g} to 1")
            columns = np.arange(len(bias))[self.columns(gate)][whose]
            kernel[:, columns] = 0.0
            recurrent_kernel[:, columns] = 0.0
            bias[columns] = _bias_for(value, lowest)
        return self.with_parameters(
            {"kernel": kernel, "recurrent_kernel": recurrent_kernel, "bias": bias}
        )

    def step(self, x: ArrayLike, state: LSTMState | None = None) -> LSTMState:
        """Read one input: the equations of the module, one a line.

        Args:
            x: (features,) or (batch, features).
            state: hidden and cell state before it, (units,) or (batch, units) each; zeros if None.

        Returns:
            Hidden and cell state after it, (units,) or (batch, units) each.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        x, h, c = self._as_arrays(x, state)
        W_i, W_f, W_g, W_o = np.hsplit(self.kernel, 4)
        R_i, R_f, R_g, R_o = np.hsplit(self.recurrent_kernel, 4)
        b_i, b_f, b_g, b_o = np.hsplit(self.bias, 4)
        f = sigmoid(x @ W_f + h @ R_f + b_f)
        i = sigmoid(x @ W_i + h @ R_i + b_i)
        g = tanh(x @ W_g + h @ R_g + b_g)
        c = f * c + i * g
        o = sigmoid(x @ W_o + h @ R_o + b_o)
        h = o * tanh(c)
        return LSTMState(h, c)

    def _as_arrays(self, x: ArrayLike, state: Any) -> tuple[Array, ...]:
        hidden, cell = state if state is not None else (None, None)
        vector, hidden = super()._as_arrays(x, hidden)
        return vector, hidden, self._state_before("cell state", cell, vector)

    def run(
        self,
        inputs: ArrayLike,
        initial_state: LSTMState | tuple[ArrayLike, ArrayLike] | None = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> LSTMTrace:
        """Run over a sequence: every step at which ``step`` would arrive, faster.

        Args:
            inputs: (time, features) or (batch, time, features).
            initial_state: hidden and cell state before the first step, (..., units) each; zeros
                if None.
            lengths: (batch,); a shorter row holds its state after its own end.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        inputs, sequence, ended = self._prepare(inputs, lengths)
        first_hidden, first_cell = initial_state if initial_state is not None else (None, None)
        initial_hidden = self._initial("initial hidden state", first_hidden, inputs)
        initial_cell = self._initial("initial cell state", first_cell, inputs)

        z = sequence @ self.kernel + self.bias  # (time, batch, 4 units)
        gates = np.empty_like(z)
        c = np.empty((*z.shape[:2], self.units), z.dtype)
        h = np.empty_like(c)
        self._march(z, gates, c, h, LSTMState(initial_hidden, initial_cell), ended)
        i, f, g, o = np.split(gates, 4, axis=-1)

        batched = inputs.ndim == 3
        return LSTMTrace(
            inputs=inputs,
            hidden_state=time_restored(h, batched),
            initial_hidden_state=initial_hidden if batched else initial_hidden[0],
            pre_activation=time_restored(z, batched),
            input_gate=time_restored(i, batched),
            forget_gate=time_restored(f, batched),
            candidate=time_restored(g, batched),
            output_gate=time_restored(o, batched),
            cell_state=time_restored(c, batched),
            initial_cell_state=initial_cell if batched else initial_cell[0],
            lengths=lengths,
        )

    def hidden_states(
        self, inputs: ArrayLike, lengths: NDArray[np.integer[Any]] | None = None
    ) -> Array:
        """Compute the hidden states that ``run`` computes and keep nothing else.

        Args:
            inputs: (time, features) or (batch, time, features).
            lengths: (batch,); what is computed behind a row's own end means nothing.

        Returns:
            (time, units) or (batch, time, units).

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        inputs, sequence, _ = self._prepare(inputs, lengths)
        h = self.hidden_states_from(sequence @ self.kernel + self.bias)
        return time_restored(h, inputs.ndim == 3)

    def hidden_states_from(self, projected: Array) -> Array:
        """Compute the hidden states where the inputs' part of each pre-activation is known.

        Args:
            projected: x_t W + b of every step, (time, batch, 4 units); it is overwritten.

        Returns:
            (time, batch, units).
        """
        h = np.empty((*projected.shape[:2], self.units), projected.dtype)
        gates, c = one_step_kept(projected.shape, h.dtype), one_step_kept(h.shape, h.dtype)
        start = np.zeros_like(h[0])
        self._march(projected, gates, c, h, LSTMState(start, start), None)
        return h

    def _march(
        self,
        z: Array,
        gates: Array,
        c: Array,
        h: Array,
        state: LSTMState,
        ended: NDArray[np.bool_] | None,
    ) -> None:
        """Compute every step of the module's equations into arrays that are there already.

        Args:
            z: x_t W + b of every step, (time, batch, 4 units); the recurrence is added to it.
            gates: gets gates and candidate, the shape of ``z``.
            c: gets the cell state, (time, batch, units).
            h: gets the hidden state, the same shape.
            state: what the first step starts from.
            ended: where a row holds its state, (time, batch, 1); None if none does.
        """
        hidden, cell = state
        i, f, g, o = np.split(gates, 4, axis=-1)
        recurrent, written = np.empty_like(z[0]), np.empty_like(h[0])
        z_candidate = z[..., self.columns("candidate")]
        # Most of a step's time goes into calling NumPy, so that every call writes into an array
        # that is there already, and one sigmoid serves all gates; the candidate's is overwritten.
        steps = zip(z, z_candidate, gates, i, f, g, o, c, h, strict=True)
        with np.errstate(over="ignore"):
            for t, (z_t, z_g, gates_t, i_t, f_t, g_t, o_t, c_t, h_t) in enumerate(steps):
                np.matmul(hidden, self.recurrent_kernel, out=recurrent)
                np.add(z_t, recurrent, out=z_t)
                sigmoid_into(z_t, out=gates_t)
                np.tanh(z_g, out=g_t)
                np.multiply(f_t, cell, out=c_t)
                np.multiply(i_t, g_t, out=written)
                np.add(c_t, written, out=c_t)
                np.tanh(c_t, out=h_t)
                np.multiply(h_t, o_t, out=h_t)
                if ended is not None:
                    np.copyto(c_t, cell, where=ended[t])
                    np.copyto(h_t, hidden, where=ended[t])
                hidden, cell = h_t, c_t

    def backward(self, trace: Trace, d_hidden_state: ArrayLike) -> LSTMGradientTrace:
        """Run backpropagation through time, from the last step to the first.

            dh_t = dL/dh_t directly + dz_(t+1) R^T
            dc_t = dc_(t+1) * f_(t+1) + dh_t * o_t * (1 - tanh(c_t)^2)
            do_t = dh_t * tanh(c_t)      df_t = dc_t * c_(t-1)
            di_t = dc_t * g_t            dg_t = dc_t * i_t
            dz_t = (di i (1 - i), df f (1 - f), dg (1 - g^2), do o (1 - o))
            dW = sum_t x_t^T dz_t        dR = sum_t h_(t-1)^T dz_t      db = sum_t dz_t

        Greff et al.: LSTM: A Search Space Odyssey, 2017, appendix A, without peepholes.

        Args:
            trace: of this cell, without ``lengths``.
            d_hidden_state: dL/dh_t by the direct way alone, the shape of ``hidden_state``; zeros
                except at the last step if the loss looks only at the last hidden state.

        Raises:
            ValueError: if the shape is another than the hidden state's.
        """
        if not isinstance(trace, LSTMTrace):
            raise TypeError(f"an LSTM goes back over an LSTMTrace, not a {type(trace).__name__}")
        d_hidden_state = self._direct(trace, d_hidden_state)

        def first(array: Array) -> Array:
            return time_first(array, "trace", self.units)

        i, f, g, o = (
            first(gate)
            for gate in (trace.input_gate, trace.forget_gate, trace.candidate, trace.output_gate)
        )
        c_before = first(trace.previous_cell_state)
        tanh_c = np.tanh(first(trace.cell_state))
        # Everything that does not wait for a later step is computed for all steps at once.
        c_into_h = o * (1.0 - tanh_c**2)
        dz = np.empty((*tanh_c.shape[:2], 4 * self.units), tanh_c.dtype)
        for gate, block in zip((i, f, g, o), np.split(dz, 4, axis=-1), strict=True):
            # The slope 1 - g^2 of the candidate's tanh; g (1 - g) of every sigmoid.
            np.subtract(1.0, gate**2 if gate is g else gate, out=block)
            if gate is not g:
                np.multiply(block, gate, out=block)

        dh = np.empty_like(tanh_c)
        dc = np.empty_like(tanh_c)
        d_gates = np.empty_like(dz)
        di, df, dg, do = np.split(d_gates, 4, axis=-1)
        direct = first(d_hidden_state)
        back_h = np.zeros_like(tanh_c[0])
        back_c = np.zeros_like(tanh_c[0])
        # Laid out anew once, for the product below is quicker on rows than on columns.
        turned = np.ascontiguousarray(self.recurrent_kernel.T)
        for t in reversed(range(len(dh))):
            np.add(direct[t], back_h, out=dh[t])
            np.multiply(dh[t], c_into_h[t], out=dc[t])
            dc[t] += back_c
            np.multiply(dh[t], tanh_c[t], out=do[t])
            np.multiply(dc[t], c_before[t], out=df[t])
            np.multiply(dc[t], g[t], out=di[t])
            np.multiply(dc[t], i[t], out=dg[t])
            dz[t] *= d_gates[t]
            np.matmul(dz[t], turned, out=back_h)
            np.multiply(dc[t], f[t], out=back_c)

        batched = trace.batched
        d_pre_activation = time_restored(dz, batched)
        kernel, recurrent_kernel, bias, inputs = self._parameter_gradients(trace, d_pre_activation)
        return LSTMGradientTrace(
            kernel,
            recurrent_kernel,
            bias,
            inputs,
            hidden_state=time_restored(dh, batched),
            initial_hidden_state=back_h if batched else back_h[0],
            pre_activation=d_pre_activation,
            input_gate=time_restored(di, batched),
            forget_gate=time_restored(df, batched),
            candidate=time_restored(dg, batched),
            output_gate=time_restored(do, batched),
            cell_state=time_restored(dc, batched),
            initial_cell_state=back_c if batched else back_c[0],
        )


def _bias_for(value: float, lowest: float) -> float:
    """Return the bias that alone makes a gate's value: logit from 0 to 1, atanh from -1 to 1.

    The ends would need an infinite one; 1000 gives them to the last bit.
    """
    share = (value - lowest) / (1.0 - lowest)
    if share in (0.0, 1.0):
        return 1000.0 if share else -1000.0
    return float(np.log(share / (1.0 - share))) * (0.5 if lowest else 1.0)
