"""Networks composed of cells: two reading directions, and layer over layer.

Schuster and Paliwal: Bidirectional Recurrent Neural Networks, 1997.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.arrays import Array, as_floats, check_shape
from lstm_core.cells.cell import Cell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.trace import GradientTrace, Trace

Lengths = NDArray[np.integer[Any]]


class LayerTrace(Protocol):
    """What a layer's run gives: at least the hidden states, (..., time, units)."""

    @property
    def hidden_state(self) -> Array:
        """The hidden states that the next layer reads."""


class LayerGradient(Protocol):
    """What a layer's way back gives: at least the gradient at its inputs."""

    @property
    def inputs(self) -> Array:
        """The gradient at the layer's inputs."""


class Layer(Protocol):
    """Anything that reads a sequence and can be gone back through."""

    def run(self, inputs: ArrayLike, *, lengths: Lengths | None = None) -> LayerTrace:
        """Run over a sequence."""

    def hidden_states(self, inputs: ArrayLike, lengths: Lengths | None = None) -> Array:
        """Compute the hidden states alone; what stands behind a row's end means nothing."""

    def backward(self, trace: Any, d_hidden_state: ArrayLike) -> LayerGradient:
        """Go back over a trace of this layer."""


def reverse(sequence: Array, lengths: Lengths | None = None) -> Array:
    """Turn a sequence round in time, each row within its own length.

    Args:
        sequence: (time, n) or (batch, time, n).
        lengths: (batch,); steps past a row's length stay in place. None turns all of it round.
    """
    if lengths is None:
        return sequence[..., ::-1, :]
    steps = np.arange(sequence.shape[1])
    order = np.where(steps < lengths[:, np.newaxis], lengths[:, np.newaxis] - 1 - steps, steps)
    return np.asarray(sequence[np.arange(len(sequence))[:, np.newaxis], order])


@dataclass(frozen=True)
class BidirectionalTrace:
    """The traces of both readings; ``backward`` is in the order in which it was read."""

    forward: Trace
    backward: Trace
    lengths: Lengths | None

    @cached_property
    def hidden_state(self) -> Array:
        """Both hidden states for each input, forward then backward, (..., time, 2 units)."""
        turned = reverse(self.backward.hidden_state, self.lengths)
        return np.concatenate([self.forward.hidden_state, turned], axis=-1)


@dataclass(frozen=True)
class BidirectionalGradient:
    """The gradient traces of both readings; ``backward`` in the order in which it was read."""

    forward: GradientTrace
    backward: GradientTrace

    @property
    def inputs(self) -> Array:
        """dL/dx_t, both ways added."""
        return self.forward.inputs + reverse(self.backward.inputs)


class Bidirectional:
    """Two cells over one sequence, one from each end, hidden states side by side.

    The backward cell's state at a word has read everything from the end up to that word. It is
    turned round again before the two are joined, so that entry t of both belongs to input t.
    """

    def __init__(self, forward: Cell, backward: Cell) -> None:
        """Join two cells that read the same features.

        Raises:
            ValueError: if they do not.
        """
        if forward.features != backward.features:
            raise ValueError(
                f"the forward cell reads {forward.features} features, "
                f"the backward cell {backward.features}"
            )
        self.forward_cell = forward
        self.backward_cell = backward

    @property
    def _side_by_side(self) -> tuple[LSTMCell, LSTMCell] | None:
        """Both cells if they can compute a step at a time together: two LSTMs of one size."""
        ahead, back = self.forward_cell, self.backward_cell
        alike = type(ahead) is type(back) is LSTMCell and ahead.units == back.units
        return (ahead, back) if alike else None  # type: ignore[return-value]

    @property
    def features(self) -> int:
        """Length of an input vector."""
        return self.forward_cell.features

    @property
    def units(self) -> int:
        """Length of the joined hidden state."""
        return self.forward_cell.units + self.backward_cell.units

    def run(self, inputs: ArrayLike, *, lengths: Lengths | None = None) -> BidirectionalTrace:
        """Read from both ends, both from zeros; inputs and lengths as for a cell's ``run``."""
        sequence = as_floats(inputs, self.forward_cell.kernel.dtype)
        turned = reverse(sequence, lengths)
        pair = self._side_by_side
        if pair:
            ahead, back = LSTMCell.run_side_by_side(pair, (sequence, turned), lengths=lengths)
            return BidirectionalTrace(ahead, back, lengths)
        return BidirectionalTrace(
            self.forward_cell.run(sequence, lengths=lengths),
            self.backward_cell.run(turned, lengths=lengths),
            lengths,
        )

    def hidden_states(self, inputs: ArrayLike, lengths: Lengths | None = None) -> Array:
        """Compute the joined hidden states alone; what stands behind a row's end means nothing."""
        sequence = as_floats(inputs, self.forward_cell.kernel.dtype)
        turned = reverse(sequence, lengths)
        pair = self._side_by_side
        if pair:
            ahead, back = LSTMCell.hidden_states_side_by_side(pair, (sequence, turned))
        else:
            ahead = self.forward_cell.hidden_states(sequence)
            back = self.backward_cell.hidden_states(turned)
        return np.concatenate([ahead, reverse(back, lengths)], axis=-1)

    def backward(
        self, trace: BidirectionalTrace, d_hidden_state: ArrayLike
    ) -> BidirectionalGradient:
        """Go back through both readings; arguments as for a cell's ``backward``."""
        direct = as_floats(d_hidden_state, self.forward_cell.kernel.dtype)
        check_shape("d_hidden_state", direct, trace.hidden_state.shape)
        units = self.forward_cell.units
        directs = direct[..., :units], reverse(direct[..., units:])
        pair = self._side_by_side
        if pair:
            traces = trace.forward, trace.backward
            return BidirectionalGradient(*LSTMCell.backward_side_by_side(pair, traces, directs))
        return BidirectionalGradient(
            self.forward_cell.backward(trace.forward, directs[0]),
            self.backward_cell.backward(trace.backward, directs[1]),
        )


@dataclass(frozen=True)
class StackedTrace:
    """The trace of every layer, the first to read first."""

    layers: tuple[Any, ...]

    @property
    def hidden_state(self) -> Array:
        """The hidden states of the last layer."""
        return np.asarray(self.layers[-1].hidden_state)


@dataclass(frozen=True)
class StackedGradient:
    """The gradient trace of every layer, the first to read first."""

    layers: tuple[Any, ...]

    @property
    def inputs(self) -> Array:
        """dL/dx_t at the first layer."""
        return np.asarray(self.layers[0].inputs)


class Stacked:
    """Layer over layer: each reads the hidden states of the one below."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Stack cells or bidirectional layers, the first to read first.

        Raises:
            ValueError: if there is no layer.
        """
        if not layers:
            raise ValueError("a stacked network needs at least one layer")
        self.layers = tuple(layers)

    def run(self, inputs: ArrayLike, *, lengths: Lengths | None = None) -> StackedTrace:
        """Run every layer over what the one below gave; arguments as for a cell's ``run``."""
        traces: list[LayerTrace] = []
        sequence: ArrayLike = inputs
        for layer in self.layers:
            traces.append(layer.run(sequence, lengths=lengths))
            sequence = traces[-1].hidden_state
        return StackedTrace(tuple(traces))

    def backward(self, trace: StackedTrace, d_hidden_state: ArrayLike) -> StackedGradient:
        """Go back through every layer, the last first."""
        gradients: list[LayerGradient] = []
        back: ArrayLike = d_hidden_state
        for layer, layer_trace in zip(reversed(self.layers), reversed(trace.layers), strict=True):
            gradients.append(layer.backward(layer_trace, back))
            back = gradients[-1].inputs
        return StackedGradient(tuple(reversed(gradients)))
