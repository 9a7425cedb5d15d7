"""A network that was opened: what it is made of, and what it does with a sequence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_core.cells.arrays import Array, as_floats
from lstm_core.cells.cell import Cell
from lstm_core.cells.layers import BidirectionalTrace
from lstm_core.cells.trace import Trace
from lstm_core.messages import Message, later
from lstm_core.own.layers import (
    FORWARD,
    Embedding,
    Flatten,
    Layer,
    LayerBack,
    LayerRun,
    Masking,
    Pool,
    Recurrent,
    Repeat,
)
from lstm_core.own.problems import Assumption, LeftOut, OwnError, Source, readable

MOST_STEPS = 20_000
"""So many steps may a sequence have."""
MOST_COMPUTED = 40_000_000
"""So many numbers may the traces of a run hold: about 300 MB in double precision."""


@dataclass(frozen=True, eq=False)
class NetworkRun:
    """What a network did with a sequence.

    Attributes:
        network: which.
        inputs: what it read: (time, features), or token ids (time,); a batch axis may be in front.
        kept: the places of the steps that were read, where some are masked; None if all were.
        layers: what each layer did, the first to read first.
        output: the answer.
    """

    network: Network
    inputs: NDArray[Any]
    kept: NDArray[np.intp] | None
    layers: tuple[LayerRun, ...]
    output: Array

    @property
    def recurrent(self) -> tuple[LayerRun, ...]:
        """What the recurrent layers did."""
        return tuple(run for run in self.layers if isinstance(run.layer, Recurrent))

    @property
    def steps(self) -> int:
        """How many steps the first recurrent layer read."""
        return int(self.recurrent[0].inputs.shape[-2])

    @property
    def batched(self) -> bool:
        """Whether several sequences were read at once."""
        return self.recurrent[0].inputs.ndim == 3

    def of(self, layer: str | int) -> LayerRun:
        """What one layer did, by its name or its place among all layers."""
        if isinstance(layer, int):
            return self.layers[layer]
        return next(run for run in self.layers if run.layer.name == layer)

    def trace(self, layer: int = 0, direction: str = FORWARD) -> tuple[Cell, Trace]:
        """A cell and its trace, by the layer's place among the recurrent ones.

        A backward cell's trace stands in the order in which it read: from the end.
        """
        run = self.recurrent[layer]
        cell = self.network.recurrent[layer].cells[direction]
        if isinstance(run.trace, BidirectionalTrace):
            return cell, run.trace.forward if direction == FORWARD else run.trace.backward
        return cell, cast(Trace, run.trace)

    @property
    def by_step(self) -> Array | None:
        """The answer had the sequence ended at each step, (..., time, outputs).

        None where a layer reads from the end as well, so that there is no such answer, and where
        all steps are needed for one.
        """
        if self._looks_ahead:
            return None
        x: Array | None = None
        for run in self.layers:
            layer = run.layer
            if isinstance(layer, Recurrent):
                if not layer.sequences and run is not self.recurrent[-1]:
                    return None
                x = cast(Trace, run.trace).hidden_state
            elif x is not None and not (isinstance(layer, Pool) and layer.how == "last"):
                if layer.reads_sequence or isinstance(layer, Repeat):
                    return None
                x = layer.run(x).output
        return x

    @property
    def _looks_ahead(self) -> bool:
        return any(
            layer.backward_cell is not None or layer.from_the_end
            for layer in self.network.recurrent
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Network:
    """A network that was opened.

    Attributes:
        name: of the file.
        format: "keras", "keras weights", "keras h5", "safetensors", "npz" or "onnx".
        library: that wrote it and its version, as far as the file says.
        layers: in the order in which they read.
        parts: the names of the layers of each chain that was found.
        part: the chain that this is.
        assumptions: what the file does not say.
        notes: what was passed over or changed.
        warnings: what looks wrong.
        left_out: what is in the file and is not opened.
    """

    name: str
    format: str
    library: str
    layers: tuple[Layer, ...]
    parts: tuple[tuple[str, ...], ...]
    part: int = 0
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __repr__(self) -> str:
        lines = [f"<Network {self.name!r} ({self.format}, {self.library or 'unknown library'})"]
        return "\n  ".join([*lines, *map(repr, self.layers)]) + ">"

    @property
    def recurrent(self) -> tuple[Recurrent, ...]:
        """The recurrent layers."""
        return tuple(layer for layer in self.layers if isinstance(layer, Recurrent))

    @property
    def embedding(self) -> Embedding | None:
        """The table of vectors in front; None if it reads numbers."""
        first = self.layers[0]
        return first if isinstance(first, Embedding) else None

    @property
    def takes(self) -> str:
        """What it reads: "tokens" or "numbers"."""
        return "numbers" if self.embedding is None else "tokens"

    @property
    def features(self) -> int:
        """Length of the vectors that it reads; that of the vectors of its tokens."""
        return next(layer.reads for layer in self.layers if layer.reads is not None)

    @property
    def vocabulary(self) -> int | None:
        """How many tokens it knows; None if it reads numbers."""
        return None if self.embedding is None else self.embedding.vocabulary

    @property
    def outputs(self) -> int:
        """Length of the answer (at a step)."""
        width = self.features
        for layer in self.layers:
            width = layer.hands_on(width)
        return width

    @property
    def dtype(self) -> np.dtype[Any]:
        """Precision of the weights."""
        return self.recurrent[0].cell.kernel.dtype

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where each weight came from."""
        return tuple(source for layer in self.layers for source in layer.sources)

    @property
    def asked(self) -> tuple[Assumption, ...]:
        """What somebody has to choose."""
        return tuple(assumption for assumption in self.assumptions if assumption.asked)

    @property
    def parameter_count(self) -> int:
        """How many weights it has."""
        return sum(array.size for layer in self.layers for array in layer.weights.values())

    def in_precision(self, dtype: Any) -> Network:
        """Make the same network in another precision."""
        precision = np.dtype(dtype)
        return replace(self, layers=tuple(each.in_precision(precision) for each in self.layers))

    def describe(self) -> dict[str, Any]:
        """Say all that was found, as JSON takes it."""
        return {
            "name": self.name,
            "format": self.format,
            "library": self.library,
            "reads": self.takes,
            "features": self.features,
            "vocabulary": self.vocabulary,
            "outputs": self.outputs,
            "dtype": self.dtype.name,
            "weights": self.parameter_count,
            "layers": [layer.describe() for layer in self.layers],
            "parts": [list(names) for names in self.parts],
            "part": self.part,
            "sources": [source.as_json() for source in self.sources],
            "assumptions": [assumption.as_json() for assumption in self.assumptions],
            "left_out": [left.as_json() for left in self.left_out],
            "notes": [str(note) for note in self.notes],
            "warnings": [str(warning) for warning in self.warnings],
        }

    def run(self, inputs: ArrayLike) -> NetworkRun:
        """Run over a sequence, every layer.

        Args:
            inputs: (time, features) numbers, or (time,) token ids; with a batch axis in front if
                no step is masked.

        Raises:
            OwnError: if the inputs do not fit, or are too many to be computed.
        """
        x: NDArray[Any] = self.as_tokens(inputs) if self.embedding else self.as_numbers(inputs)
        self._check_size(x)
        given, kept, runs = x, None, []
        for layer in self.layers:
            keep = _unmasked(layer, x)
            if keep is not None and not keep.all():
                x, kept = _cut(x, keep, kept)
            _check_flattened(layer, x, self.layers)
            with np.errstate(over="ignore", invalid="ignore"):
                runs.append(layer.run(x))
            x = runs[-1].output
        return NetworkRun(self, given, kept, tuple(runs), x)

    def backward(self, run: NetworkRun, d_output: ArrayLike) -> tuple[LayerBack, ...]:
        """Go back through every layer.

        Args:
            run: of this network.
            d_output: dL/d(output), the shape of the output.

        Returns:
            What came back through each layer, in the order of ``layers``.
        """
        d = as_floats(d_output, self.dtype)
        if d.shape != run.output.shape:
            raise ValueError(f"d_output has shape {d.shape}, expected {run.output.shape}")
        backs: list[LayerBack] = []
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for layer_run in reversed(run.layers):
                backs.append(layer_run.layer.back(layer_run, d))
                d = backs[-1].inputs
        return tuple(reversed(backs))

    def as_tokens(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """Check token ids.

        Raises:
            OwnError: if one is none, or stands for no row of the table.
        """
        if self.embedding is None:
            raise OwnError(later("The network reads numbers, no tokens."))
        try:
            raw = np.asarray(inputs)
            ids = raw.astype(np.int64)
            whole = raw.dtype.kind in "iub" or bool((ids == raw).all())
        except (ValueError, TypeError, OverflowError) as error:
            raise OwnError(later("Token ids are whole numbers, one a step.")) from error
        if not whole or ids.ndim not in (1, 2):
            raise OwnError(later("Token ids are whole numbers, one a step."))
        if not ids.shape[-1] or not ids.size:
            raise OwnError(later("There is no step in it: give at least one."))
        most = self.embedding.vocabulary
        outside = ids[(ids < 0) | (ids >= most)]
        if outside.size:
            raise OwnError(
                later(
                    "Token {token} is not in the embedding, which has {most:,} rows: 0 to {last}.",
                    token=int(outside.flat[0]),
                    most=most,
                    last=most - 1,
                )
            )
        return ids

    def as_numbers(self, inputs: ArrayLike) -> Array:
        """Check a sequence of numbers; a bare list is one feature.

        Raises:
            OwnError: if it does not fit, or a number is not finite.
        """
        try:
            numbers = np.asarray(inputs, dtype=self.dtype)
        except (ValueError, TypeError) as error:
            raise OwnError(
                later("The inputs are a table of numbers: a row for each step.")
            ) from error
        if numbers.ndim == 1 and self.features == 1:
            numbers = numbers[:, np.newaxis]
        if numbers.ndim not in (2, 3) or numbers.shape[-1] != self.features:
            raise OwnError(
                later(
                    "The inputs have shape {shape}; the network reads {features} features a step: "
                    "(steps, {features}).",
                    shape=str(numbers.shape),
                    features=self.features,
                )
            )
        if not numbers.size:
            raise OwnError(later("There is no step in it: give at least one."))
        if not np.isfinite(numbers).all():
            step = int(np.argwhere(~np.isfinite(numbers))[0][-2]) + 1
            raise OwnError(
                later("At step {step} an input is missing or not a finite number.", step=step)
            )
        return numbers

    def _check_size(self, x: NDArray[Any]) -> None:
        """Refuse what would take too much memory or time.

        Raises:
            OwnError: saying how many steps there can be.
        """
        batch, steps = (1, *x.shape)[-2:] if self.embedding else (1, *x.shape[:-1])[-2:]
        each = sum(
            len(layer.cells) * layer.units * (len(layer.cell.gates) * 2 + 3)
            for layer in self.recurrent
        )
        most = min(MOST_STEPS, max(1, MOST_COMPUTED // (each * batch)))
        if steps > most:
            raise OwnError(
                later(
                    "The sequence has {steps:,} steps; this network is run over at most {most:,}.",
                    steps=steps,
                    most=most,
                )
            )


def _unmasked(layer: Layer, x: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Say which steps count, (..., time); None if the layer masks none."""
    if isinstance(layer, Embedding) and layer.mask_zero:
        return np.asarray(x != 0)
    if isinstance(layer, Masking):
        return np.asarray((x != layer.value).any(axis=-1))
    return None


def _cut(
    x: NDArray[Any], keep: NDArray[np.bool_], kept: NDArray[np.intp] | None
) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Leave masked steps out: the cells hold their states there, so that nothing else changes.

    Raises:
        OwnError: if rows of a batch are masked unlike, or nothing is left.
    """
    if keep.ndim > 1:
        if not (keep == keep[:1]).all():
            raise OwnError(
                later("The sequences are masked at different steps; run one of them at a time.")
            )
        keep = keep[0]
        x = x[:, keep]
    else:
        x = x[keep]
    if not keep.any():
        raise OwnError(later("Every step is masked, so that there is nothing to read."))
    places = np.flatnonzero(keep)
    return x, places if kept is None else kept[places]


def _check_flattened(layer: Layer, x: NDArray[Any], layers: tuple[Layer, ...]) -> None:
    """Refuse another number of steps than the layer behind a flattening was trained for.

    Raises:
        OwnError: saying how many there must be.
    """
    if not isinstance(layer, Flatten):
        return
    behind = layers[layers.index(layer) + 1 :]
    reads = next((each.reads for each in behind if each.reads is not None), None)
    steps, width = x.shape[-2:]
    if reads is not None and reads != steps * width:
        raise OwnError(
            later(
                "Behind “{name}” the network reads {needed:g} steps at once; the sequence has "
                "{steps}.",
                name=layer.name,
                needed=reads / width,
                steps=steps,
            )
        )


def check_widths(layers: tuple[Layer, ...]) -> None:
    """Refuse layers that do not fit each other.

    Raises:
        OwnError: naming both.
    """
    width: int | None = None
    before = ""
    flattened = False
    for layer in layers:
        if width is not None and not flattened and layer.reads not in (None, width):
            raise OwnError(
                later(
                    "“{before}” hands on {width} numbers, but “{name}” reads {reads}: the file's "
                    "layers do not fit each other.",
                    before=before,
                    width=width,
                    name=layer.name,
                    reads=layer.reads,
                )
            )
        flattened = isinstance(layer, Flatten) or (flattened and layer.reads is None)
        if layer.reads is not None or width is not None or isinstance(layer, Embedding):
            width = layer.hands_on(width or layer.reads or 0)
        before = layer.name
    _check_time(layers)


def _check_time(layers: tuple[Layer, ...]) -> None:
    """Refuse a layer that reads a sequence where one vector is handed on, or the other way round.

    Raises:
        OwnError: naming both.
    """
    timed, before = True, ""
    for place, layer in enumerate(layers):
        misplaced = place > 0 and isinstance(layer, Embedding)
        needs_time = layer.reads_sequence and not isinstance(layer, Embedding)
        if misplaced or (needs_time and not timed) or (timed and isinstance(layer, Repeat)):
            raise OwnError(
                later(
                    "“{name}” cannot read what “{before}” hands on: the file's layers do not fit each "
                    "other.",
                    name=layer.name,
                    before=before,
                )
            )
        timed = isinstance(layer, Repeat) or (timed and layer.keeps_time)
        before = layer.name


def named_apart(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Give each layer a readable name that no other has."""

    def names() -> Iterator[str]:
        seen: set[str] = set()
        for layer in layers:
            first = name = readable(layer.name) or layer.kind.lower()
            count = 1
            while name in seen:
                count += 1
                name = f"{first} ({count})"
            seen.add(name)
            yield name

    return tuple(
        layer if layer.name == name else replace(layer, name=name)
        for layer, name in zip(layers, names(), strict=True)
    )
