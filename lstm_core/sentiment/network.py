"""The trained network on lstm_core's own cells: the code that reads a review.

Embedding, two bidirectional LSTMs, the largest and the mean hidden state over time, two outputs.
The weights are those that were learned, in half precision (``keras_model.export``).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.cells.arrays import Array, check_shape, time_restored
from lstm_core.cells.cell import Cell
from lstm_core.cells.layers import Bidirectional, Stacked, StackedGradient, StackedTrace, reverse
from lstm_core.cells.lstm import LSTMCell, projected
from lstm_core.cells.marching import Kept, hidden_states, march_back, march_kept
from lstm_core.gradients.bptt import WayBack
from lstm_core.sentiment.tokenizer import pad

ROWS_AT_ONCE = 16

Lengths = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class SentimentTrace:
    """All that the network computed: both layers in both directions, pooling, and the logit.

    Attributes:
        layers: traces of the two bidirectional layers.
        pooled: largest and mean hidden state over time, (..., 4 units).
        largest_at: the step at which each unit was largest, (..., 2 units).
        logit: the log-odds of "positive", (...).
        stars: the stars, 1 to 10, that the writer is thought to have given, (...).
    """

    layers: StackedTrace
    pooled: Array
    largest_at: NDArray[np.intp]
    logit: Array
    stars: Array


@dataclass(frozen=True)
class Answers:
    """What the network answers to many texts, one row a text; NaN where a text has no word.

    The logit is linear in what the two directions of the last layer show, so that each has its
    own part in it: logit = bias + forward + backward.

    Attributes:
        logit: the log-odds of "positive", (texts,).
        stars: 1 to 10, (texts,).
        forward: the part of the reading from the first word on, (texts,).
        backward: the part of the reading from the last word back, (texts,).
    """

    logit: NDArray[np.float64]
    stars: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]


class SentimentNetwork:
    """From word ids, or word vectors, to the log-odds of "positive" and the writer's stars."""

    def __init__(
        self, embedding: Array, layers: Stacked, head_kernel: Array, head_bias: Array
    ) -> None:
        """Put the parts together.

        Args:
            embedding: one vector a word, (vocabulary, features).
            layers: what reads the vectors, to hidden states of 2 units numbers.
            head_kernel: (4 units, 2), for the largest and then the mean hidden state; its
                columns give the logit of "positive" and that of the stars.
            head_bias: (2,).
        """
        self.embedding = embedding
        self.layers = layers
        self.head_kernel = head_kernel
        self.head_bias = head_bias

    @classmethod
    def load(cls, path: Path) -> SentimentNetwork:
        """Read the file that ``keras_model.export`` wrote; the layers become single precision.

        The embedding stays in the file, in half precision: a vector is read, and widened, when it is
        looked up, and all processes of a machine share what was read.

        Raises:
            OSError: if there is no such file.
            KeyError: if a weight is missing in it.
        """
        with np.load(path) as stored:
            names = (name for name in stored.files if name != "embedding")
            weights = {name: stored[name].astype(np.float32) for name in names}
        embedding = mapped(path, "embedding")

        def cell(layer: str, direction: str) -> LSTMCell:
            names = (f"{layer}_{direction}_{p}" for p in ("kernel", "recurrent_kernel", "bias"))
            return LSTMCell(*(weights[name] for name in names))

        layers = [
            Bidirectional(cell(layer, "forward"), cell(layer, "backward"))
            for layer in ("first", "second")
        ]
        return cls(embedding, Stacked(layers), weights["head_kernel"], weights["head_bias"])

    @property
    def _both_ways(self) -> list[Bidirectional]:
        return [layer for layer in self.layers.layers if isinstance(layer, Bidirectional)]

    def cells(self, layer: int) -> tuple[LSTMCell, LSTMCell]:
        """Return the LSTM of a layer, 0 or 1, that reads forward, and the one that reads backward."""
        return _cells(self._both_ways[layer])

    def embed(self, ids: NDArray[np.integer[Any]]) -> Array:
        """Look up the vectors of word ids; (..., time) becomes (..., time, features)."""
        return np.asarray(self.embedding[ids].astype(self.head_kernel.dtype, copy=False))

    def run(self, vectors: Array, lengths: Lengths | None = None) -> SentimentTrace:
        """Read word vectors.

        Args:
            vectors: (time, features) or (batch, time, features), at least one step.
            lengths: (batch,); words past a row's length are padding and are not read.

        Raises:
            ValueError: if there is nothing to read, or a shape does not fit.
        """
        _require_steps(vectors, lengths)
        layers = self.layers.run(vectors, lengths=lengths)
        pooled = _pool(layers.hidden_state, lengths)
        largest_at = _largest_at(layers.hidden_state, lengths)
        logit, stars = self._answer(pooled)
        return SentimentTrace(layers, pooled, largest_at, logit, stars)

    def answers(self, vectors: Array, lengths: Lengths | None = None) -> tuple[Array, Array]:
        """Compute the logit and the stars alone, as ``run`` does but quicker; arguments as there.

        Returns:
            logit and stars, (...) each.
        """
        _require_steps(vectors, lengths)
        hidden = vectors
        for layer in self.layers.layers:
            hidden = layer.hidden_states(hidden, lengths)
        return self._answer(_pool(hidden, lengths))

    def read_many(self, rows: Sequence[NDArray[np.int32]]) -> Answers:
        """Read texts of word ids; those of similar length together, to compute little padding."""
        lengths = np.array([len(row) for row in rows], dtype=np.intp)
        logit, stars, forward, backward = (np.full(len(rows), np.nan) for _ in range(4))
        order = np.argsort(lengths, kind="stable")
        order = order[lengths[order] > 0]
        for start in range(0, len(order), ROWS_AT_ONCE):
            batch = order[start : start + ROWS_AT_ONCE]
            hidden = self._hidden_states(pad([rows[row] for row in batch]), lengths[batch])
            pooled = _pool(hidden, lengths[batch])
            logit[batch], stars[batch] = self._answer(pooled)
            forward[batch], backward[batch] = self._by_direction(pooled)
        return Answers(logit, stars, forward, backward)

    def _hidden_states(self, ids: NDArray[np.integer[Any]], lengths: Lengths) -> Array:
        """Compute the last layer's hidden states; x W of the first one once for each word.

        Args:
            ids: (batch, time), padded.
            lengths: (batch,).

        Returns:
            (batch, time, 2 units).
        """
        words, places = np.unique(ids, return_inverse=True)
        vectors, places = self.embed(words), places.reshape(ids.shape)
        hidden = self._first_hidden_states(vectors, places, lengths)
        for layer in self._both_ways[1:]:
            hidden = layer.hidden_states(hidden, lengths)
        return hidden

    def _first_hidden_states(
        self, vectors: Array, places: NDArray[np.intp], lengths: Lengths | None = None
    ) -> Array:
        """Compute the first layer's hidden states, (batch, time, 2 units).

        Args:
            vectors: of the words, (words, features).
            places: which word stands where, (batch, time).
            lengths: (batch,); None where nothing is padding.
        """
        first = self._both_ways[0]
        z = _projected_once(first, vectors, places, lengths)
        ahead, back = np.moveaxis(hidden_states(z, _recurrent_kernels(first)), 1, 0)
        back = reverse(time_restored(back, batched=True), lengths)
        return np.concatenate([time_restored(ahead, batched=True), back], axis=-1)

    def gates_over_orders(
        self, ids: NDArray[np.integer[Any]], orders: NDArray[np.intp], layer: int
    ) -> tuple[Array, Array]:
        """Read the words of a text in other orders with both LSTMs of a layer.

        Args:
            ids: of the words, (time,).
            orders: the places of the words in each text, (texts, time).
            layer: 0 or 1.

        Returns:
            f_t, and i_t * g_t, which is written; (time, 2, texts, units) each. The LSTM that reads
            forward is first; the other one's step 1 is the last word.
        """
        vectors = self.embed(ids)
        both = self._both_ways[layer]
        if layer == 0:
            z = _projected_once(both, vectors, orders)
        else:
            hidden = self._first_hidden_states(vectors, orders)
            for below in self._both_ways[1:layer]:
                hidden = below.hidden_states(hidden)
            z = _projected(both, np.moveaxis(hidden, 1, 0))
        there = _kept(both, z)
        return there.forget_gate, there.input_gate * there.candidate

    def _by_direction(self, pooled: Array) -> tuple[Array, Array]:
        """Split the logit, without its bias, into the parts of both reading directions."""
        shares = pooled * self.head_kernel[:, 0]
        ahead, back, mean_ahead, mean_back = np.split(shares, 4, axis=-1)
        return (ahead + mean_ahead).sum(axis=-1), (back + mean_back).sum(axis=-1)

    def in_double(self) -> SentimentNetwork:
        """Copy the network in double precision, for finite differences; the embedding is shared."""
        layers = [
            Bidirectional(_doubled(layer.forward_cell), _doubled(layer.backward_cell))
            for layer in self._both_ways
        ]
        head = (self.head_kernel.astype(np.float64), self.head_bias.astype(np.float64))
        return SentimentNetwork(self.embedding, Stacked(layers), *head)

    @cached_property
    def doubled(self) -> SentimentNetwork:
        """Its copy in double precision that all who only read share; nobody can write into it."""
        twin = self.in_double()
        for layer in twin._both_ways:
            for cell in (layer.forward_cell, layer.backward_cell):
                for array in cell.parameters.values():
                    array.setflags(write=False)
        return twin

    def with_cell(self, layer: int, direction: str, cell: Cell) -> SentimentNetwork:
        """Make a twin in which one LSTM is another; everything else is shared.

        Args:
            layer: 0 or 1.
            direction: "forward" or "backward".
            cell: of the same sizes as the one that it replaces.
        """
        layers = list(self.layers.layers)
        both = layers[layer]
        if not isinstance(both, Bidirectional):
            raise TypeError(f"layer {layer} is a {type(both).__name__}, expected a Bidirectional")
        cells = {"forward": both.forward_cell, "backward": both.backward_cell, direction: cell}
        layers[layer] = Bidirectional(**cells)
        return SentimentNetwork(self.embedding, Stacked(layers), self.head_kernel, self.head_bias)

    def way_back(self, vectors: Array, layer: int, direction: str) -> WayBack:
        """Go back from the logit and look at one LSTM of the network alone.

        Args:
            vectors: word vectors, (time, features).
            layer: 0 or 1.
            direction: "forward" or "backward"; a backward LSTM reads the last word first, and its
                step 1 is that word.

        Returns:
            Its way back, in which ``direct`` is what the layer above says of each hidden state.
        """
        return self.ways_back(vectors, layer)[direction]

    def ways_back(self, vectors: Array, layer: int) -> dict[str, WayBack]:
        """Go back once and look at both LSTMs of a layer, by direction; else as ``way_back``."""
        trace = self.run(vectors)
        gradient = self.backward(trace)
        ways = {}
        for direction in ("forward", "backward"):
            cell = getattr(self.layers.layers[layer], f"{direction}_cell")
            there = getattr(trace.layers.layers[layer], direction)
            back = getattr(gradient.layers[layer], direction)
            direct = back.hidden_state.copy()
            direct[:-1] -= back.pre_activation[1:] @ cell.recurrent_kernel.T
            ways[direction] = WayBack(cell, there, back, direct)
        return ways

    def answer_from(self, hidden: Array) -> tuple[Array, Array]:
        """Compute the logit and the stars from the last layer's hidden states, (..., time, 2 units)."""
        return self._answer(_pool(hidden, None))

    def _answer(self, pooled: Array) -> tuple[Array, Array]:
        answers = pooled @ self.head_kernel + self.head_bias
        return answers[..., 0], 1 + 9 * sigmoid(answers[..., 1])

    def backward(self, trace: SentimentTrace, d_logit: Array | None = None) -> StackedGradient:
        """Carry a gradient at the logit back to every gate, every layer and every word vector.

        Args:
            trace: of this network, without ``lengths``.
            d_logit: dL/d(logit), (...); ones if None, so that the result is the gradient of the
                logit itself.

        Returns:
            The gradient traces of both layers; ``inputs`` is the one at the word vectors.
        """
        hidden = trace.layers.hidden_state
        d_logit = np.ones_like(trace.logit) if d_logit is None else d_logit
        check_shape("d_logit", np.asarray(d_logit), trace.logit.shape)
        d_pooled = np.multiply.outer(d_logit, self.head_kernel[:, 0]).astype(hidden.dtype)
        d_largest, d_mean = np.split(d_pooled, 2, axis=-1)
        d_hidden = np.repeat(d_mean[..., np.newaxis, :] / hidden.shape[-2], hidden.shape[-2], -2)
        at = trace.largest_at[..., np.newaxis, :]
        here = np.take_along_axis(d_hidden, at, -2) + d_largest[..., np.newaxis, :]
        np.put_along_axis(d_hidden, at, here, -2)
        return self.layers.backward(trace.layers, d_hidden)

    def slope_along(self, start: Array, way: Array, places: Array) -> Array:
        """Sum the logit's gradient at the word vectors over the points start + place * way.

        It is the sum of ``backward(run(point)).inputs``, by a way back to the word vectors alone: no
        gradient of a weight is computed. x W is linear in x, so that both ends of the path give it
        for every point of it, and the sum of dz W^T over the points is one product.

        Args:
            start: the word vectors where the path starts, (time, features).
            way: from there to its end, (time, features).
            places: where on the path, (points,); all are read as one batch.

        Returns:
            (time, features).
        """
        first, *others = self._both_ways
        shares = places.astype(start.dtype)[:, np.newaxis]
        z = shares * _projected(first, way[:, np.newaxis], biased=False)
        z += _projected(first, start[:, np.newaxis])
        kept = [_kept(first, z)]
        for layer in others:
            kept.append(_kept(layer, _projected(layer, _joined(kept[-1].hidden_state))))
        d_hidden = self._d_hidden(_joined(kept[-1].hidden_state))
        for layer, there in zip(others[::-1], kept[:0:-1], strict=True):
            dz = _back(layer, there, d_hidden)
            ahead, back = (dz[:, at] @ cell.kernel.T for at, cell in enumerate(_cells(layer)))
            d_hidden = ahead + back[::-1]
        ahead, back = np.moveaxis(_back(first, kept[0], d_hidden).sum(axis=2), 1, 0)
        cells = _cells(first)
        return np.asarray(ahead @ cells[0].kernel.T + (back @ cells[1].kernel.T)[::-1])

    def _d_hidden(self, hidden: Array) -> Array:
        """Carry the gradient of the logit through the pooling, (time, batch, 2 units)."""
        d_largest, d_mean = np.split(self.head_kernel[:, 0].astype(hidden.dtype), 2)
        d_hidden = np.empty_like(hidden)
        d_hidden[:] = d_mean / len(hidden)
        at = hidden.argmax(axis=0)[np.newaxis]
        np.put_along_axis(d_hidden, at, d_mean / len(hidden) + d_largest, axis=0)
        return d_hidden


def _cells(layer: Bidirectional) -> tuple[LSTMCell, LSTMCell]:
    return _lstm(layer.forward_cell), _lstm(layer.backward_cell)


def _joined(hidden: Array) -> Array:
    """Join what two LSTMs marched, (time, 2, batch, units): (time, batch, 2 units)."""
    return np.concatenate([hidden[:, 0], hidden[::-1, 1]], axis=-1)


def _recurrent_kernels(layer: Bidirectional) -> list[Array]:
    return [cell.recurrent_kernel for cell in _cells(layer)]


def _projected(layer: Bidirectional, inputs: Array, biased: bool = True) -> Array:
    """Compute x W + b of both LSTMs of a layer, each in the order in which it reads.

    Args:
        layer: whose LSTMs read.
        inputs: (time, batch, features).
        biased: whether b is added.

    Returns:
        By blocks for a march, (time, 4, 2, batch, units).
    """
    return projected(_cells(layer), (inputs, inputs[::-1]), biased)


def _projected_once(
    layer: Bidirectional,
    vectors: Array,
    places: NDArray[np.intp],
    lengths: Lengths | None = None,
) -> Array:
    """Do the same for texts of which many words are alike: x W + b is computed once for each word.

    Args:
        layer: whose LSTMs read.
        vectors: of the words, (words, features).
        places: which word stands where, (batch, time).
        lengths: (batch,); None where nothing is padding.
    """
    columns: Any = places[:, :, np.newaxis]
    turned: Any = reverse(columns, lengths)[:, :, 0]
    orders = zip(_cells(layer), (places.T, turned.T), strict=True)
    by_word = ((projected([cell], [vectors[:, np.newaxis]]), order) for cell, order in orders)
    return np.stack([z[:, :, 0, 0][order].swapaxes(1, 2) for z, order in by_word], axis=2)


def _kept(layer: Bidirectional, z: Array) -> Kept:
    """March with both LSTMs of a layer from zeros."""
    zeros = np.zeros_like(z[0, 0])
    return march_kept(z, _recurrent_kernels(layer), zeros, zeros)


def _back(layer: Bidirectional, there: Kept, d_hidden: Array) -> Array:
    """Go back over both LSTMs of a layer; returns dL/dz, (time, 2, batch, 4 units)."""
    units = layer.forward_cell.units
    direct = np.stack([d_hidden[..., :units], d_hidden[::-1, :, units:]], axis=1)
    return march_back(
        input_gate=there.input_gate,
        forget_gate=there.forget_gate,
        candidate=there.candidate,
        output_gate=there.output_gate,
        cell_state=there.cell_state,
        cell_before=there.cell_before,
        direct=direct,
        recurrent_kernels=_recurrent_kernels(layer),
    ).pre_activation


def mapped(path: Path, name: str) -> Array:
    """Return an array of an ``.npz`` file that stays in the file until it is looked into.

    One that is stored deflated is read.

    Raises:
        OSError: if there is no such file.
        KeyError: if it holds no such array.
    """
    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as member:
        packed = archive.getinfo(f"{name}.npy")
        version = npy.read_magic(member)
        if packed.compress_type != zipfile.ZIP_STORED or version != (1, 0):
            member.seek(0)
            return np.asarray(np.load(member))
        shape, by_columns, dtype = npy.read_array_header_1_0(member)
        header = member.tell()
    with path.open("rb") as file:
        # The member's own header says how long its name and its extra field are.
        file.seek(packed.header_offset + 26)
        lengths = struct.unpack("<HH", file.read(4))
    begin = packed.header_offset + 30 + sum(lengths) + header
    order: Literal["C", "F"] = "F" if by_columns else "C"
    return np.memmap(path, dtype, "r", begin, shape, order)


def _lstm(cell: Cell) -> LSTMCell:
    if not isinstance(cell, LSTMCell):
        raise TypeError(f"the network reads with LSTMs, not with a {type(cell).__name__}")
    return cell


def _doubled(cell: Cell) -> LSTMCell:
    return LSTMCell(*(array.astype(np.float64) for array in cell.parameters.values()))


def _require_steps(vectors: Array, lengths: Lengths | None) -> None:
    if vectors.shape[-2] == 0 or (lengths is not None and lengths.min() < 1):
        raise ValueError("there is nothing to read: a sequence has no step")


def _pool(hidden: Array, lengths: Lengths | None) -> Array:
    """Take the largest and the mean hidden state over the steps before each row's end.

    Returns:
        Both side by side, (..., 4 units).
    """
    if lengths is None:
        return np.concatenate([hidden.max(axis=-2), hidden.mean(axis=-2)], axis=-1)
    padding = _behind(hidden, lengths)
    mean = hidden.sum(axis=-2, where=~padding) / lengths[:, np.newaxis]
    largest = hidden.max(axis=-2, where=~padding, initial=-np.inf)
    return np.concatenate([largest, mean], axis=-1).astype(hidden.dtype, copy=False)


def _largest_at(hidden: Array, lengths: Lengths | None) -> NDArray[np.intp]:
    """Return the step before each row's end at which each unit is largest, (..., 2 units)."""
    readable = hidden if lengths is None else np.where(_behind(hidden, lengths), -np.inf, hidden)
    return np.asarray(readable.argmax(axis=-2))


def _behind(hidden: Array, lengths: Lengths) -> NDArray[np.bool_]:
    """Mark the steps behind each row's end, (batch, time, 1)."""
    return (np.arange(hidden.shape[1]) >= lengths[:, np.newaxis])[:, :, np.newaxis]
