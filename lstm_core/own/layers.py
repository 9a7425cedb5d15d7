"""The layers of a network that was opened: each runs over a sequence and can be gone back through.

Sequences are (time, n) or (batch, time, n); a layer that hands on one vector for a whole sequence
hands on (n,) or (batch, n).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lstm_core.cells.activations import ACTIVATIONS, sigmoid
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.layers import (
    Bidirectional,
    BidirectionalGradient,
    BidirectionalTrace,
    reverse,
)
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import GradientTrace, Trace
from lstm_core.own.layouts import kind_of
from lstm_core.own.problems import Source

MERGES = ("concat", "sum", "ave", "mul")
FORWARD, BACKWARD = "forward", "backward"


@dataclass(frozen=True, eq=False)
class LayerRun:
    """What one layer did with a sequence.

    Attributes:
        layer: which.
        inputs: what it read.
        trace: of its cell, or of both cells; None if it has none.
        output: what it handed on.
    """

    layer: Layer
    inputs: Array
    trace: Trace | BidirectionalTrace | None
    output: Array


@dataclass(frozen=True, eq=False)
class LayerBack:
    """What came back through one layer.

    Attributes:
        inputs: dL/d(what it read); zeros where it read tokens.
        trace: of its cell's way back, or of both cells'; None if it has none.
        d_output: dL/d(what it handed on).
    """

    inputs: Array
    trace: GradientTrace | BidirectionalGradient | None
    d_output: Array


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Layer:
    """A layer.

    Attributes:
        name: as the file calls it.
        sources: where its weights came from.
    """

    name: str
    sources: tuple[Source, ...] = ()

    kind = ""
    reads_sequence = True
    keeps_time = True
    """Whether it hands a sequence on where it reads one."""

    @property
    def reads(self) -> int | None:
        """Length of the vectors that it reads; None if any will do."""
        return None

    def hands_on(self, reads: int) -> int:
        """Length of the vectors that it hands on, from that of those that it reads."""
        return reads

    @property
    def weights(self) -> dict[str, Array]:
        """Its arrays by name."""
        return {}

    def run(self, inputs: Array) -> LayerRun:
        """Run over a sequence, or over one vector."""
        return LayerRun(self, inputs, None, self._compute(inputs))

    def _compute(self, inputs: Array) -> Array:
        raise NotImplementedError

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        """Go back: from dL/d(output) to dL/d(inputs)."""
        raise NotImplementedError

    def in_precision(self, dtype: np.dtype[Any]) -> Layer:
        """Make the same layer in another precision."""
        del dtype
        return self

    def describe(self) -> dict[str, Any]:
        """Say what it is, as JSON takes it."""
        return {"name": self.name, "kind": self.kind}

    def __repr__(self) -> str:
        described = self.describe()
        rest = (f"{key}={value}" for key, value in described.items() if key not in ("name", "kind"))
        return f"<{self.kind} {self.name!r}: {', '.join(rest)}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Embedding(Layer):
    """A vector for each token.

    Attributes:
        table: (vocabulary, features).
        mask_zero: whether token 0 is no step at all.
    """

    table: Array
    mask_zero: bool = False

    kind = "Embedding"

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""
        return len(self.table)

    def hands_on(self, reads: int) -> int:
        del reads
        return int(self.table.shape[1])

    @property
    def weights(self) -> dict[str, Array]:
        return {"table": self.table}

    def _compute(self, inputs: Array) -> Array:
        return np.asarray(self.table[inputs])

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        return LayerBack(np.zeros(run.inputs.shape), None, d_output)

    def in_precision(self, dtype: np.dtype[Any]) -> Embedding:
        return replace(self, table=self.table.astype(dtype))

    def describe(self) -> dict[str, Any]:
        vocabulary, features = self.table.shape
        described = {"vocabulary": vocabulary, "features": features, "mask_zero": self.mask_zero}
        return super().describe() | described


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Masking(Layer):
    """Steps at which every feature has one value are no steps at all."""

    value: float = 0.0
    kind = "Masking"

    def _compute(self, inputs: Array) -> Array:
        return inputs

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        del run
        return LayerBack(d_output, None, d_output)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"value": self.value}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recurrent(Layer):
    """One cell over a sequence, or two, from both ends.

    Attributes:
        cell: that reads forward.
        backward_cell: that reads from the end; None if there is none.
        merge: how the two hidden states become one, of ``MERGES``.
        sequences: whether the hidden state of every step is handed on, or the last alone. That of
            the backward cell is its own last one, after it has read the first input.
        from_the_end: whether a single cell reads from the end and hands its states on in the order
            in which it read (``go_backwards`` of Keras).
        two_biases: of each direction the biases of the inputs and of the recurrence as the file has
            them, in our order of gates, where a cell needs only their sum; none if it has one.
    """

    cell: Cell
    backward_cell: Cell | None = None
    merge: str = "concat"
    sequences: bool = True
    from_the_end: bool = False
    two_biases: tuple[tuple[Array, Array], ...] = ()

    @property
    def kind(self) -> str:  # type: ignore[override]
        """LSTM, GRU or RNN."""
        return kind_of(self.cell)

    @property
    def keeps_time(self) -> bool:  # type: ignore[override]
        """Whether it hands a sequence on."""
        return self.sequences

    @property
    def features(self) -> int:
        """Length of an input vector."""
        return self.cell.features

    @property
    def units(self) -> int:
        """Length of the hidden state of one direction."""
        return self.cell.units

    @property
    def width(self) -> int:
        """Length of what is handed on."""
        both = self.backward_cell is not None and self.merge == "concat"
        return self.units * (2 if both else 1)

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells by the direction in which they read."""
        if self.backward_cell is None:
            return {FORWARD: self.cell}
        return {FORWARD: self.cell, BACKWARD: self.backward_cell}

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions in which it reads."""
        return tuple(self.cells)

    @property
    def reads(self) -> int:
        return self.features

    def hands_on(self, reads: int) -> int:
        del reads
        return self.width

    @property
    def weights(self) -> dict[str, Array]:
        several = len(self.cells) > 1
        return {
            f"{direction}/{name}" if several else name: array
            for direction, cell in self.cells.items()
            for name, array in cell.parameters.items()
        }

    def run(self, inputs: Array) -> LayerRun:
        """Run over a sequence."""
        read = inputs[..., ::-1, :] if self.from_the_end else inputs
        if self.backward_cell is None:
            trace: Trace | BidirectionalTrace = self.cell.run(read)
        else:
            trace = Bidirectional(self.cell, self.backward_cell).run(read)
        return LayerRun(self, inputs, trace, self._merged(*self._states(trace)))

    def _states(self, trace: Trace | BidirectionalTrace) -> tuple[Array, ...]:
        """The hidden states of each direction as they are handed on, before they are merged."""
        if isinstance(trace, Trace):
            hidden = trace.hidden_state
            return (hidden if self.sequences else hidden[..., -1, :],)
        ahead, back = trace.forward.hidden_state, trace.backward.hidden_state
        if self.sequences:
            return ahead, reverse(back)
        return ahead[..., -1, :], back[..., -1, :]

    def _merged(self, *states: Array) -> Array:
        if len(states) == 1:
            return states[0]
        if self.merge == "concat":
            return np.concatenate(states, axis=-1)
        if self.merge == "mul":
            return states[0] * states[1]
        total = states[0] + states[1]
        return total / 2 if self.merge == "ave" else total

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        """Go back through time, in both directions where there are two."""
        trace = run.trace
        if isinstance(trace, BidirectionalTrace) and self.backward_cell is not None:
            d_ahead, d_back = self._divided(d_output, *self._states(trace))
            if self.sequences:
                d_back = reverse(d_back)
            gradient = BidirectionalGradient(
                self.cell.backward(trace.forward, self._at_steps(d_ahead, trace.forward)),
                self.backward_cell.backward(trace.backward, self._at_steps(d_back, trace.backward)),
            )
            return LayerBack(gradient.inputs, gradient, d_output)
        if not isinstance(trace, Trace):
            raise TypeError("the run is not of this layer")
        single = self.cell.backward(trace, self._at_steps(d_output, trace))
        inputs = single.inputs[..., ::-1, :] if self.from_the_end else single.inputs
        return LayerBack(inputs, single, d_output)

    def _divided(self, d_output: Array, ahead: Array, back: Array) -> tuple[Array, Array]:
        """Hand dL/d(merged) on to the two directions."""
        if self.merge == "concat":
            return d_output[..., : self.units], d_output[..., self.units :]
        if self.merge == "mul":
            return d_output * back, d_output * ahead
        d_each = d_output / 2 if self.merge == "ave" else d_output
        return d_each, d_each

    def _at_steps(self, d_state: Array, trace: Trace) -> Array:
        """Put the gradient at the last hidden state alone, if only that is handed on."""
        if self.sequences:
            return d_state
        direct = np.zeros_like(trace.hidden_state)
        direct[..., -1, :] = d_state
        return direct

    def in_precision(self, dtype: np.dtype[Any]) -> Recurrent:
        ahead, *back = (
            cell.with_parameters({n: a.astype(dtype) for n, a in cell.parameters.items()})
            for cell in self.cells.values()
        )
        return replace(self, cell=ahead, backward_cell=back[0] if back else None)

    def describe(self) -> dict[str, Any]:
        described: dict[str, Any] = {
            "features": self.features,
            "units": self.units,
            "directions": list(self.directions),
            "hands_on": "every step" if self.sequences else "the last state",
        }
        if self.backward_cell is not None:
            described["merge"] = self.merge
        if self.from_the_end:
            described["from_the_end"] = True
        if isinstance(self.cell, GRUCell):
            described["reset_after"] = not isinstance(self.cell, ResetFirstGRUCell)
        if isinstance(self.cell, RNNCell):
            described["activation"] = self.cell.activation.name
        return super().describe() | described


def _softmax(x: Array) -> Array:
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def _softmax_back(x: Array, d: Array) -> Array:
    y = _softmax(x)
    return np.asarray(y * (d - (d * y).sum(axis=-1, keepdims=True)))


def _log_softmax(x: Array) -> Array:
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def _log_softmax_back(x: Array, d: Array) -> Array:
    return np.asarray(d - _softmax(x) * d.sum(axis=-1, keepdims=True))


def _softplus(x: Array) -> Array:
    return np.logaddexp(x, np.zeros((), x.dtype))


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _elu_back(x: Array, d: Array) -> Array:
    return np.where(x > 0, d, d * np.exp(np.minimum(x, 0)))


def _silu_back(x: Array, d: Array) -> Array:
    s = sigmoid(x)
    return np.asarray(d * s * (1 + x * (1 - s)))


def _chained(name: str) -> Callable[[Array, Array], Array]:
    derivative = ACTIVATIONS[name].derivative
    return lambda x, d: np.asarray(d * derivative(x))


SQUASHES: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]] = {
    **{name: (each.function, _chained(name)) for name, each in ACTIVATIONS.items()},
    "softmax": (_softmax, _softmax_back),
    "log_softmax": (_log_softmax, _log_softmax_back),
    "softplus": (_softplus, lambda x, d: np.asarray(d * sigmoid(x))),
    "elu": (_elu, _elu_back),
    "silu": (lambda x: np.asarray(x * sigmoid(x)), _silu_back),
    "exponential": (np.exp, lambda x, d: np.asarray(d * np.exp(x))),
}
"""What a dense layer may end in: the function, and the way back from dL/dy to dL/dx."""
ALIASES = {"swish": "silu", "none": "linear", "identity": "linear", "logsoftmax": "log_softmax"}


def squash_named(name: object) -> str | None:
    """Return our name of an activation; None if there is no such."""
    word = "linear" if name is None else str(name).lower()
    word = ALIASES.get(word, word)
    return word if word in SQUASHES else None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Dense(Layer):
    """y = phi(x W + b), at every step where it reads a sequence.

    Attributes:
        kernel: W, (in, out).
        bias: b, (out,).
        activation: of ``SQUASHES``.
    """

    kernel: Array
    bias: Array
    activation: str = "linear"

    kind = "Dense"
    reads_sequence = False

    @property
    def reads(self) -> int:
        return int(self.kernel.shape[0])

    def hands_on(self, reads: int) -> int:
        del reads
        return int(self.kernel.shape[1])

    @property
    def weights(self) -> dict[str, Array]:
        return {"kernel": self.kernel, "bias": self.bias}

    def _compute(self, inputs: Array) -> Array:
        return SQUASHES[self.activation][0](inputs @ self.kernel + self.bias)

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        inside = SQUASHES[self.activation][1](run.inputs @ self.kernel + self.bias, d_output)
        return LayerBack(inside @ self.kernel.T, None, d_output)

    def in_precision(self, dtype: np.dtype[Any]) -> Dense:
        return replace(self, kernel=self.kernel.astype(dtype), bias=self.bias.astype(dtype))

    def describe(self) -> dict[str, Any]:
        reads, units = self.kernel.shape
        return super().describe() | {
            "features": reads,
            "units": units,
            "activation": self.activation,
        }


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Activation(Layer):
    """y = phi(x), of ``SQUASHES``."""

    activation: str

    kind = "Activation"
    reads_sequence = False

    def _compute(self, inputs: Array) -> Array:
        return SQUASHES[self.activation][0](inputs)

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        return LayerBack(SQUASHES[self.activation][1](run.inputs, d_output), None, d_output)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"activation": self.activation}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Scale(Layer):
    """y = x * factor + shift: batch normalisation as it stands after training."""

    factor: Array
    shift: Array

    kind = "BatchNormalization"
    reads_sequence = False

    @property
    def reads(self) -> int:
        return len(self.factor)

    @property
    def weights(self) -> dict[str, Array]:
        return {"factor": self.factor, "shift": self.shift}

    def _compute(self, inputs: Array) -> Array:
        return inputs * self.factor + self.shift

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        del run
        return LayerBack(d_output * self.factor, None, d_output)

    def in_precision(self, dtype: np.dtype[Any]) -> Scale:
        return replace(self, factor=self.factor.astype(dtype), shift=self.shift.astype(dtype))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Pool(Layer):
    """One vector of a sequence: its last, its mean, or the largest of each entry."""

    how: str

    kind = "Pool"
    keeps_time = False

    def _compute(self, inputs: Array) -> Array:
        if self.how == "last":
            return inputs[..., -1, :]
        return np.asarray(inputs.max(axis=-2) if self.how == "max" else inputs.mean(axis=-2))

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        inputs = run.inputs
        d_inputs = np.zeros_like(inputs)
        if self.how == "last":
            d_inputs[..., -1, :] = d_output
        elif self.how == "mean":
            d_inputs += d_output[..., np.newaxis, :] / inputs.shape[-2]
        else:
            where = np.expand_dims(inputs.argmax(axis=-2), -2)
            np.put_along_axis(d_inputs, where, d_output[..., np.newaxis, :], axis=-2)
        return LayerBack(d_inputs, None, d_output)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"how": self.how}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Flatten(Layer):
    """All steps of a sequence side by side."""

    kind = "Flatten"
    keeps_time = False
    steps: int = field(default=0)
    """How many there are; 0 if the file does not say."""

    def hands_on(self, reads: int) -> int:
        return reads * self.steps

    def _compute(self, inputs: Array) -> Array:
        return inputs.reshape(*inputs.shape[:-2], -1)

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        return LayerBack(d_output.reshape(run.inputs.shape), None, d_output)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Repeat(Layer):
    """One vector as every step of a sequence (RepeatVector of Keras)."""

    times: int

    kind = "Repeat"
    reads_sequence = False

    def _compute(self, inputs: Array) -> Array:
        return np.repeat(inputs[..., np.newaxis, :], self.times, axis=-2)

    def back(self, run: LayerRun, d_output: Array) -> LayerBack:
        del run
        return LayerBack(d_output.sum(axis=-2), None, d_output)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"times": self.times}
