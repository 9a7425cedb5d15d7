"""The LSTM's equations over a whole sequence, in as few NumPy calls a step as there can be.

A step of a small LSTM computes so little that most of its time goes into calling NumPy. So cells of
one size march side by side (the two of a bidirectional layer), and every call works on memory that
lies in one piece:

* sigmoid(z) = (1 + tanh(z / 2)) / 2: with the gates' columns of W, R and b halved, which loses no
  digit, one tanh serves all gates and the candidate.
* Blocks lie in the order output, input, forget, candidate, cell state before the step, so that
  (input, forget) * (candidate, cell state) is one product, and its two halves add up to c_t.

``LSTMCell.step`` says what is computed. Shapes: C cells, B sequences; all arrays have time first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array

OUTPUT, INPUT, FORGET, CANDIDATE, CELL_STATE = range(5)
SQUASHED, GATES = slice(OUTPUT, CELL_STATE), slice(OUTPUT, CANDIDATE)
FACTORS, SCALED = slice(INPUT, CANDIDATE), slice(CANDIDATE, CELL_STATE + 1)


@dataclass(frozen=True)
class March:
    """All that the cells computed: (time, C, B, units) each, pre-activations of 4 units.

    The pre-activations stand side by side as in Keras: input, forget, candidate, output.
    """

    pre_activation: Array
    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell_state: Array
    hidden_state: Array


@dataclass(frozen=True)
class Kept:
    """What the way back asks of a march, (time, C, B, units) each: the pre-activations are not."""

    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell_before: Array
    cell_state: Array
    hidden_state: Array


@dataclass(frozen=True)
class MarchBack:
    """What came back: dL/d(what the name says), (time, C, B, units) each, or of 4 units.

    ``initial_hidden_state`` and ``initial_cell_state`` are (C, B, units).
    """

    pre_activation: Array
    hidden_state: Array
    cell_state: Array
    initial_hidden_state: Array
    initial_cell_state: Array


def in_blocks(parameter: Array) -> Array:
    """Lay out a kernel or a bias, (..., 4 units) in Keras' order, in blocks, the gates' halved.

    Returns:
        (4, ..., units).
    """
    i, f, g, o = np.split(parameter, 4, axis=-1)
    half = parameter.dtype.type(0.5)
    return np.stack([half * o, half * i, half * f, g])


def march(
    z: Array,
    recurrent_kernels: Sequence[Array],
    hidden: Array,
    cell: Array,
    ended: NDArray[np.bool_] | None = None,
) -> March:
    """Compute every step and keep all of it.

    Args:
        z: x_t W + b of each cell by parameters ``in_blocks``, (time, 4, C, B, units); the
            recurrence is added to it.
        recurrent_kernels: of each cell, (units, 4 units), as the cells have them.
        hidden: hidden states before the first step, (C, B, units).
        cell: cell states before it, the same shape.
        ended: where a sequence holds its state, (time, B, 1); None if none does.
    """
    kept = march_kept(z, recurrent_kernels, hidden, cell, ended)
    return March(
        _pre_activation(z),
        kept.input_gate,
        kept.forget_gate,
        kept.candidate,
        kept.output_gate,
        kept.cell_state,
        kept.hidden_state,
    )


def march_kept(
    z: Array,
    recurrent_kernels: Sequence[Array],
    hidden: Array,
    cell: Array,
    ended: NDArray[np.bool_] | None = None,
) -> Kept:
    """Compute every step and keep what the way back asks for; arguments as for ``march``."""
    time, _, *shape = z.shape
    # One step more than there are: each leaves its cell state where the next one looks for it.
    kept = np.empty((time + 1, 5, *shape), z.dtype)
    kept[0, CELL_STATE] = cell
    before, after = kept[:-1], kept[1:, CELL_STATE]
    h = _steps(z, lambda blocks: before[:, blocks], after, recurrent_kernels, hidden, ended)
    o, i, f, g, c = np.moveaxis(before, 1, 0)
    return Kept(i, f, g, o, cell_before=c, cell_state=after, hidden_state=h)


def _pre_activation(z: Array) -> Array:
    """Put the blocks side by side as Keras has them, the gates' full again."""
    units = z.shape[-1]
    whole = np.empty((*z.shape[:1], *z.shape[2:-1], 4 * units), z.dtype)
    for place, block in enumerate((INPUT, FORGET, CANDIDATE, OUTPUT)):
        columns = whole[..., place * units : (place + 1) * units]
        np.multiply(z[:, block], 1 if block == CANDIDATE else 2, out=columns)
    return whole


def hidden_states(z: Array, recurrent_kernels: Sequence[Array]) -> Array:
    """Compute the hidden states alone, from zeros; arguments as for ``march``.

    Returns:
        (time, C, B, units).
    """
    kept = np.zeros((5, *z.shape[2:]), z.dtype)
    cell_states, start = repeat(kept[CELL_STATE]), np.zeros_like(kept[0])
    return _steps(z, lambda blocks: repeat(kept[blocks]), cell_states, recurrent_kernels, start)


def _steps(
    z: Array,
    blocks: Callable[[slice | int], Iterable[Array]],
    cell_states: Iterable[Array],
    recurrent_kernels: Sequence[Array],
    hidden: Array,
    ended: NDArray[np.bool_] | None = None,
) -> Array:
    """Compute every step into z, the blocks and the cell states; returns the hidden states.

    Args:
        z: as for ``march``.
        blocks: gives the memory of some of the five blocks, a view for each step.
        cell_states: where each step leaves its cell state.
        recurrent_kernels: as for ``march``.
        hidden: as for ``march``.
        ended: as for ``march``.
    """
    time, _, *shape = z.shape
    h = np.empty((time, *shape), z.dtype)
    kernels = np.stack([in_blocks(kernel) for kernel in recurrent_kernels], axis=1)
    recurrent, products = np.empty_like(z[0]), np.empty((2, *shape), z.dtype)
    written, remembered = products
    half = np.array(0.5, z.dtype)
    views = (blocks(which) for which in (SQUASHED, GATES, FACTORS, SCALED, OUTPUT))
    steps = zip(z, *views, cell_states, h, strict=False)
    for t, (z_t, squashed, gates, factors, scaled, o_t, c_t, h_t) in enumerate(steps):
        np.matmul(hidden, kernels, out=recurrent)
        np.add(z_t, recurrent, out=z_t)
        np.tanh(z_t, out=squashed)
        np.multiply(gates, half, out=gates)
        np.add(gates, half, out=gates)
        np.multiply(factors, scaled, out=products)
        np.add(written, remembered, out=c_t)
        np.tanh(c_t, out=h_t)
        np.multiply(h_t, o_t, out=h_t)
        if ended is not None:
            np.copyto(c_t, scaled[1], where=ended[t])
            np.copyto(h_t, hidden, where=ended[t])
        hidden = h_t
    return h


def march_back(
    *,
    input_gate: Array,
    forget_gate: Array,
    candidate: Array,
    output_gate: Array,
    cell_state: Array,
    cell_before: Array,
    direct: Array,
    recurrent_kernels: Sequence[Array],
) -> MarchBack:
    """Go back over a march, from the last step to the first, as ``LSTMCell.backward`` says.

    Args:
        input_gate: as in the ``March``, (time, C, B, units); so are the next four.
        forget_gate: as in the ``March``.
        candidate: as in the ``March``.
        output_gate: as in the ``March``.
        cell_state: as in the ``March``.
        cell_before: the cell state before each step, the same shape.
        direct: dL/dh_t by the direct way alone, the same shape.
        recurrent_kernels: of each cell, (units, 4 units).
    """
    i, f, g, o = input_gate, forget_gate, candidate, output_gate
    time, cells, batch, units = f.shape
    # All that does not wait for a later step is computed for all steps at once: what dc_t, and for
    # the output gate dh_t, is multiplied with on its way to each pre-activation.
    dz = np.empty((time, cells, batch, 4 * units), f.dtype)
    blocks = dz.reshape(time, cells, batch, 4, units)
    tanh_c = np.tanh(cell_state)
    _slope(g, i, blocks[..., 0, :])
    _slope(cell_before, f, blocks[..., 1, :])
    np.multiply(i, 1 - g * g, out=blocks[..., 2, :])
    _slope(tanh_c, o, blocks[..., 3, :])
    np.multiply(tanh_c, tanh_c, out=tanh_c)
    np.subtract(1, tanh_c, out=tanh_c)
    c_into_h = np.multiply(o, tanh_c, out=tanh_c)
    dh, dc = np.empty_like(c_into_h), np.empty_like(c_into_h)
    # Laid out anew once, for the product below is quicker on rows than on columns.
    turned = np.stack([np.ascontiguousarray(kernel.T) for kernel in recurrent_kernels])
    back_h, back_c = np.zeros_like(dh[0]), np.zeros_like(dh[0])
    by_dc, by_dh, dc_rows = blocks[..., :3, :], blocks[..., 3, :], dc[..., np.newaxis, :]
    for t in reversed(range(time)):
        dh_t, dc_t = dh[t], dc[t]
        np.add(direct[t], back_h, out=dh_t)
        np.multiply(dh_t, c_into_h[t], out=dc_t)
        np.add(dc_t, back_c, out=dc_t)
        by_dc[t] *= dc_rows[t]
        by_dh[t] *= dh_t
        np.matmul(dz[t], turned, out=back_h)
        np.multiply(dc_t, f[t], out=back_c)
    return MarchBack(dz, dh, dc, back_h, back_c)


def _slope(factor: Array, gate: Array, out: Array) -> None:
    """Compute factor * gate * (1 - gate): what comes back through a gate's sigmoid."""
    np.subtract(1, gate, out=out)
    out *= gate
    out *= factor
