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

from lstm_core.cells.activations import sigmoid, tanh
from lstm_core.cells.arrays import Array, previous, time_first, time_restored
from lstm_core.cells.cell import Cell
from lstm_core.cells.marching import (
    March,
    MarchBack,
    hidden_states,
    in_blocks,
    march,
    march_back,
)
from lstm_core.cells.trace import GradientTrace, Trace

ROWS_AT_ONCE = 1024
"""Inputs that are multiplied by a kernel at once where there are many."""


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
    """A ``GradientTrace`` with dL/dc_t, and dL/d(gate) and dL/d(candidate), (..., time, units).

    Attributes:
        cell_state: dL/dc_t, by every way through which c_t acts on the loss.
        initial_cell_state: dL/dc before the first step, (..., units).
        trace: what was gone back over.
    """

    cell_state: Array
    initial_cell_state: Array
    trace: LSTMTrace

    @property
    def input_gate(self) -> Array:
        """dL/di_t = dc_t * g_t."""
        return self.cell_state * self.trace.candidate

    @property
    def forget_gate(self) -> Array:
        """dL/df_t = dc_t * c_(t-1)."""
        return self.cell_state * self.trace.previous_cell_state

    @property
    def candidate(self) -> Array:
        """dL/dg_t = dc_t * i_t."""
        return self.cell_state * self.trace.input_gate

    @property
    def output_gate(self) -> Array:
        """dL/do_t = dh_t * tanh(c_t)."""
        return self.hidden_state * np.tanh(self.trace.cell_state)

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
        return self.run_side_by_side([self], [inputs], [initial_state], lengths)[0]

    @staticmethod
    def run_side_by_side(
        cells: Sequence[LSTMCell],
        inputs: Sequence[ArrayLike],
        initial_states: Sequence[LSTMState | tuple[ArrayLike, ArrayLike] | None] | None = None,
        lengths: NDArray[np.integer[Any]] | None = None,
    ) -> list[LSTMTrace]:
        """Run cells of equal sizes, each over a sequence of its own, a step of all at a time.

        Args:
            cells: of equal features and units.
            inputs: of each cell, (time, features) or (batch, time, features), all of one shape.
            initial_states: of each cell, as for ``run``; zeros if None.
            lengths: (batch,), the same for all cells.

        Returns:
            The trace of each cell.

        Raises:
            ValueError: if a shape does not fit, naming both.
        """
        prepared = [cell._prepare(own, lengths) for cell, own in zip(cells, inputs, strict=True)]
        starts = [
            cell._start(state, own)
            for cell, state, (own, _, _) in zip(
                cells, initial_states or [None] * len(cells), prepared, strict=True
            )
        ]
        there = march(
            projected(cells, [sequence for _, sequence, _ in prepared]),
            [cell.recurrent_kernel for cell in cells],
            np.stack([start.hidden_state for start in starts]),
            np.stack([start.cell_state for start in starts]),
            prepared[0][2],
        )
        return [
            _trace(there, place, own, start, lengths)
            for place, ((own, _, _), start) in enumerate(zip(prepared, starts, strict=True))
        ]

    def _start(
        self, state: LSTMState | tuple[ArrayLike, ArrayLike] | None, inputs: Array
    ) -> LSTMState:
        """Return the state to start from, (batch, units) each."""
        hidden, cell = state if state is not None else (None, None)
        return LSTMState(
            self._initial("initial hidden state", hidden, inputs),
            self._initial("initial cell state", cell, inputs),
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
        self._prepare(inputs, lengths)
        return self.hidden_states_side_by_side([self], [inputs])[0]

    @staticmethod
    def hidden_states_side_by_side(
        cells: Sequence[LSTMCell], inputs: Sequence[ArrayLike]
    ) -> list[Array]:
        """Do the same for cells of equal sizes, a step of all at a time, each from zeros.

        Args:
            cells: of equal features and units.
            inputs: of each cell, all of one shape.
        """
        prepared = [cell._prepare(own, None) for cell, own in zip(cells, inputs, strict=True)]
        z = projected(cells, [sequence for _, sequence, _ in prepared])
        h = hidden_states(z, [cell.recurrent_kernel for cell in cells])
        return [
            time_restored(h[:, place], own.ndim == 3) for place, (own, _, _) in enumerate(prepared)
        ]

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
        return self.backward_side_by_side([self], [trace], [d_hidden_state])[0]

    @staticmethod
    def backward_side_by_side(
        cells: Sequence[LSTMCell], traces: Sequence[Trace], d_hidden_states: Sequence[ArrayLike]
    ) -> list[LSTMGradientTrace]:
        """Go back with cells of equal sizes, a step of all at a time; arguments as ``backward``'s.

        Raises:
            ValueError: if a shape does not fit.
            TypeError: if a trace is no LSTM's.
        """
        there, direct = [], []
        for cell, trace, d_hidden_state in zip(cells, traces, d_hidden_states, strict=True):
            if not isinstance(trace, LSTMTrace):
                kind = type(trace).__name__
                raise TypeError(f"an LSTM goes back over an LSTMTrace, not a {kind}")
            there.append(trace)
            direct.append(cell._direct(trace, d_hidden_state))

        def first(arrays: Sequence[Array]) -> Array:
            return _side_by_side([time_first(a, "trace", cells[0].units) for a in arrays])

        ways = {
            name: first([getattr(trace, name) for trace in there])
            for name in ("input_gate", "forget_gate", "candidate", "output_gate", "cell_state")
        }
        back = march_back(
            **ways,
            cell_before=first([trace.previous_cell_state for trace in there]),
            direct=first(direct),
            recurrent_kernels=[cell.recurrent_kernel for cell in cells],
        )
        return [
            cell._gradient(trace, back, place)
            for place, (cell, trace) in enumerate(zip(cells, there, strict=True))
        ]

    def _gradient(self, trace: LSTMTrace, back: MarchBack, place: int) -> LSTMGradientTrace:
        """Take one cell's gradients out of a march back."""
        batched = trace.batched

        def restored(array: Array) -> Array:
            return time_restored(array[:, place], batched)

        def first(array: Array) -> Array:
            return np.asarray(array[place] if batched else array[place, 0])

        dz, dh, dc = map(restored, (back.pre_activation, back.hidden_state, back.cell_state))
        kernel, recurrent_kernel, bias, inputs = self._parameter_gradients(trace, dz)
        return LSTMGradientTrace(
            kernel,
            recurrent_kernel,
            bias,
            inputs,
            hidden_state=dh,
            initial_hidden_state=first(back.initial_hidden_state),
            pre_activation=dz,
            cell_state=dc,
            initial_cell_state=first(back.initial_cell_state),
            trace=trace,
        )


def projected(cells: Sequence[LSTMCell], sequences: Sequence[Array], biased: bool = True) -> Array:
    """Compute x_t W + b of each cell in the blocks of a march, (time, 4, C, B, units).

    Args:
        cells: of equal features and units.
        sequences: what each cell reads, in its order, (time, B, features) each.
        biased: whether b is added.
    """
    time, batch, features = sequences[0].shape
    units = cells[0].units
    z = np.empty((time, 4, len(cells), batch, units), cells[0].kernel.dtype)
    # Products of some steps at a time stay in the cache until they are laid out anew.
    some = max(1, ROWS_AT_ONCE // batch)
    for place, (cell, sequence) in enumerate(zip(cells, sequences, strict=True)):
        kernel = in_blocks(cell.kernel).transpose(1, 0, 2).reshape(features, 4 * units)
        bias = in_blocks(cell.bias)[:, np.newaxis] if biased else z.dtype.type(0)
        for begin in range(0, time, some):
            steps = slice(begin, begin + some)
            product = sequence[steps].reshape(-1, features) @ kernel
            blocks = product.reshape(-1, batch, 4, units).transpose(0, 2, 1, 3)
            np.add(blocks, bias, out=z[steps, :, place])
    return z


def _side_by_side(arrays: Sequence[Array]) -> Array:
    """Put one array a cell, (time, B, n), side by side: (time, C, B, n)."""
    return arrays[0][:, np.newaxis] if len(arrays) == 1 else np.stack(arrays, axis=1)


def _trace(
    there: March,
    place: int,
    inputs: Array,
    start: LSTMState,
    lengths: NDArray[np.integer[Any]] | None,
) -> LSTMTrace:
    """Take one cell's trace out of a march."""
    batched = inputs.ndim == 3

    def restored(array: Array) -> Array:
        return time_restored(array[:, place], batched)

    return LSTMTrace(
        inputs=inputs,
        hidden_state=restored(there.hidden_state),
        initial_hidden_state=start.hidden_state if batched else start.hidden_state[0],
        pre_activation=restored(there.pre_activation),
        input_gate=restored(there.input_gate),
        forget_gate=restored(there.forget_gate),
        candidate=restored(there.candidate),
        output_gate=restored(there.output_gate),
        cell_state=restored(there.cell_state),
        initial_cell_state=start.cell_state if batched else start.cell_state[0],
        lengths=lengths,
    )


def _bias_for(value: float, lowest: float) -> float:
    """Return the bias that alone makes a gate's value: logit from 0 to 1, atanh from -1 to 1.

    The ends would need an infinite one; 1000 gives them to the last bit.
    """
    share = (value - lowest) / (1.0 - lowest)
    if share in (0.0, 1.0):
        return 1000.0 if share else -1000.0
    return float(np.log(share / (1.0 - share))) * (0.5 if lowest else 1.0)
