"""Layers of Keras as layers of ours: what can be opened, what is passed over, what is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.cells.cell import Cell
from lstm_core.messages import Message, later
from lstm_core.own.contents import AS_IT_STANDS, Contents, Decisions, Given, NotOpenedError
from lstm_core.own.keras_config import Spec
from lstm_core.own.keras_weights import Store
from lstm_core.own.layers import (
    MERGES,
    Activation,
    Dense,
    Embedding,
    Flatten,
    Layer,
    Masking,
    Pool,
    Recurrent,
    Repeat,
    Scale,
    squash_named,
)
from lstm_core.own.layouts import GATES, make_cell
from lstm_core.own.problems import Choice, Source, readable

PASSED = {
    "Dropout",
    "SpatialDropout1D",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
}
"""Layers that only training knows."""
CELLS = {
    "LSTM": "LSTM",
    "GRU": "GRU",
    "SimpleRNN": "RNN",
    "LSTMCell": "LSTM",
    "GRUCell": "GRU",
    "SimpleRNNCell": "RNN",
}
KNOWN_KINDS: dict[str, Message] = {
    "Conv1D": later("a convolution"),
    "Conv2D": later("a convolution"),
    "SeparableConv1D": later("a convolution"),
    "ConvLSTM1D": later("a convolutional LSTM"),
    "ConvLSTM2D": later("a convolutional LSTM"),
    "MultiHeadAttention": later("attention"),
    "Attention": later("attention"),
    "AdditiveAttention": later("attention"),
    "LayerNormalization": later("a layer normalisation"),
    "Concatenate": later("several inputs side by side"),
    "Add": later("a sum of several inputs"),
    "Lambda": later("a function of somebody's own, which is not run"),
    "TextVectorization": later("a tokenizer: give the token ids that it makes"),
    "CuDNNLSTM": later("an LSTM of an old Keras: save it as LSTM"),
    "CuDNNGRU": later("a GRU of an old Keras: save it as GRU"),
}


def build(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer] | None:
    """Make a layer of Keras into layers of ours.

    Returns:
        None if it is only passed through; a stack of cells becomes several layers.

    Raises:
        NotOpenedError: with the reason, if it cannot be opened.
    """
    if spec.kind in PASSED:
        contents.notes.append(
            later("“{name}” ({kind}) acts in training alone.", name=spec.name, kind=spec.kind)
        )
        return None
    if spec.kind == "InputLayer":
        return None
    builder = BUILDERS.get(spec.kind)
    if builder is None:
        raise NotOpenedError(_why_not(spec.kind))
    try:
        return builder(spec, store, decisions, contents)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, ValueError) and error.args and isinstance(error.args[0], Message):
            raise
        raise NotOpenedError(later("its configuration is damaged")) from error


def _why_not(kind: str) -> Message:
    if kind in KNOWN_KINDS:
        return KNOWN_KINDS[kind]
    return later("a layer that is not known here")


def _recurrent(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    config = spec.config
    _check_time(config)
    _note_state(spec, contents)
    layers = []
    inner = _cells_of(config, spec.kind)
    parts = _cell_parts(config)
    for place, (cell_config, kind, given) in enumerate(
        zip(inner[0], inner[1], store.weights(spec, parts), strict=True)
    ):
        last = place == len(parts) - 1
        name = spec.name if len(parts) == 1 else f"{spec.name}.{place}"
        cell, sources = keras_cell(kind, cell_config, given, decisions, name)
        layers.append(
            Recurrent(
                name=name,
                cell=cell,
                sequences=bool(config.get("return_sequences")) or not last,
                from_the_end=bool(config.get("go_backwards")) and len(parts) == 1,
                sources=sources,
            )
        )
    if config.get("go_backwards") and len(parts) > 1:
        raise NotOpenedError(later("a stack of cells that reads from the end"))
    return list(layers)


def _check_time(config: dict[str, Any]) -> None:
    if config.get("time_major"):
        raise NotOpenedError(later("its inputs have time first (time_major)"))


def _note_state(spec: Spec, contents: Contents) -> None:
    if spec.config.get("stateful"):
        contents.notes.append(
            later(
                "“{name}” is stateful: Keras keeps its state from batch to batch; here it starts "
                "from zeros.",
                name=spec.name,
            )
        )


def _cells_of(config: dict[str, Any], kind: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Configurations and kinds of the cells of a recurrent layer."""
    if kind != "RNN":
        return [config], [CELLS[kind]]
    inside = config["cell"]
    several = inside if isinstance(inside, list) else [inside]
    if not isinstance(inside, list) and inside.get("class_name") == "StackedRNNCells":
        several = inside["config"]["cells"]
    for each in several:
        if each.get("class_name") not in CELLS:
            raise NotOpenedError(
                later("its cell is a {kind}", kind=readable(each.get("class_name")))
            )
    return [each["config"] for each in several], [CELLS[each["class_name"]] for each in several]


def _cell_parts(config: dict[str, Any]) -> list[str]:
    """Where Keras 3 keeps the cells of a recurrent layer, below it."""
    inside = config.get("cell")
    if inside is None or (isinstance(inside, dict) and inside["class_name"] != "StackedRNNCells"):
        return ["cell"]
    several = inside if isinstance(inside, list) else inside["config"]["cells"]
    short = {"LSTMCell": "lstm_cell", "GRUCell": "gru_cell", "SimpleRNNCell": "simple_rnn_cell"}
    seen: dict[str, int] = {}
    parts = []
    for each in several:
        name = short.get(each["class_name"], "")
        number = seen.get(name, 0)
        seen[name] = number + 1
        parts.append(f"cell/cells/{name}_{number}" if number else f"cell/cells/{name}")
    return parts


def keras_cell(
    kind: str,
    config: dict[str, Any],
    given: Sequence[Given],
    decisions: Decisions,
    name: str,
    direction: str = "",
) -> tuple[Cell, tuple[Source, ...]]:
    """Make a cell of Keras' arrays: kernel, recurrent kernel and, where there is one, bias.

    Raises:
        NotOpenedError: if it has other activations than the cells here, or shapes that no cell has.
    """
    activation = _activation_of(kind, config)
    if len(given) not in (2, 3) or any(g.array.ndim != 2 for g in given[:2]):
        raise NotOpenedError(later("its weights are missing in the file, or have other shapes"))
    kernel, recurrent = given[0].array, given[1].array
    units = recurrent.shape[0]
    columns = GATES[kind] * units
    _check(given[0], kernel.shape[1:] == (columns,), f"(features, {columns})")
    _check(given[1], recurrent.shape == (units, columns), f"({units}, {columns})")
    biases: list[NDArray[Any]] = []
    if len(given) == 3:
        bias = given[2].array
        allowed = [(columns,), (2, columns)] if kind == "GRU" else [(columns,)]
        _check(given[2], bias.shape in allowed, " / ".join(map(str, allowed)))
        biases = [bias] if bias.ndim == 1 else list(bias)
    reset_after = _reset_after(kind, config, biases, len(given) == 3, decisions, name)
    cell = make_cell(
        kernel,
        recurrent,
        biases,
        kind,
        dtype=decisions.precision(kernel, recurrent),
        reset_after=reset_after,
        activation=activation,
    )
    prefix = f"{name}/{direction}" if direction else name
    titles = ("kernel", "recurrent_kernel", "bias")
    sources = tuple(
        Source(f"{prefix}/{title}", (each.path,), (each.array.shape,), AS_IT_STANDS)
        for title, each in zip(titles, given, strict=False)
    )
    return cell, sources


def _check(given: Given, fits: bool, expected: str) -> None:
    if not fits:
        raise NotOpenedError(
            later(
                "“{path}” has shape {shape}, expected {expected}",
                path=readable(given.path),
                shape=str(given.array.shape),
                expected=expected,
            )
        )


def _activation_of(kind: str, config: dict[str, Any]) -> str:
    """The activation of a cell; an LSTM and a GRU are opened with tanh and sigmoid alone."""
    activation = _named(config.get("activation", "tanh"))
    if kind == "RNN":
        if activation not in ACTIVATIONS:
            raise NotOpenedError(later("its activation is {name}", name=readable(activation)))
        return activation
    inside = _named(config.get("recurrent_activation", "sigmoid"))
    if (activation, inside) != ("tanh", "sigmoid"):
        raise NotOpenedError(
            later(
                "its activations are {activation} and {inside}; it is opened with tanh and sigmoid "
                "alone",
                activation=readable(activation),
                inside=readable(inside),
            )
        )
    return activation


def _named(activation: Any) -> str:
    if activation is None:
        return "linear"
    if isinstance(activation, dict):
        inside = activation.get("config")
        return str(inside if isinstance(inside, str) else activation.get("class_name"))
    return str(activation)


def _reset_after(
    kind: str,
    config: dict[str, Any],
    biases: Sequence[NDArray[Any]],
    biased: bool,
    decisions: Decisions,
    name: str,
) -> bool:
    """Whether a GRU's reset gate acts after the product; the bias says so, or the configuration."""
    if kind != "GRU":
        return True
    if biased:
        return len(biases) == 2
    if "reset_after" in config:
        return bool(config["reset_after"])
    return bool(
        decisions.choose(
            name,
            "reset_after",
            True,
            (
                Choice(True, later("after the matrix product (Keras 3, PyTorch)")),
                Choice(False, later("before the matrix product (Cho's paper, old Keras)")),
            ),
            lambda label: later(
                "“{name}” has no bias, so that the file does not say where its reset gate acts; "
                "assumed: {label}.",
                name=name,
                label=label,
            ),
        )
    )


def _bidirectional(
    spec: Spec, store: Store, decisions: Decisions, contents: Contents
) -> list[Layer]:
    config = spec.config
    inner = config["layer"]
    if inner.get("class_name") not in {*CELLS, "RNN"}:
        raise NotOpenedError(
            later("both directions of a {kind}", kind=readable(inner.get("class_name")))
        )
    _check_time(inner["config"])
    merge = config.get("merge_mode", "concat")
    if merge not in MERGES:
        raise NotOpenedError(later("its two directions are handed on apart (merge_mode=None)"))
    configs, kinds = _cells_of(inner["config"], inner["class_name"])
    if len(configs) > 1:
        raise NotOpenedError(later("both directions of a stack of cells"))
    given = store.weights(spec, ["forward_layer/cell", "backward_layer/cell"])
    cells: list[Cell] = []
    sources: list[Source] = []
    for direction, arrays in zip(("forward", "backward"), given, strict=True):
        cell, from_file = keras_cell(kinds[0], configs[0], arrays, decisions, spec.name, direction)
        cells.append(cell)
        sources += from_file
    _note_state(Spec(spec.kind, spec.name, inner["config"], "", ""), contents)
    turned = bool(inner["config"].get("go_backwards"))
    ahead, back = reversed(cells) if turned else cells
    return [
        Recurrent(
            name=spec.name,
            cell=ahead,
            backward_cell=back,
            merge=merge,
            sequences=bool(inner["config"].get("return_sequences")),
            sources=tuple(sources),
        )
    ]


def _embedding(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del contents
    (given,) = store.weights(spec, [""])
    if not given or given[0].array.ndim != 2:
        raise NotOpenedError(later("its weights are missing in the file, or have other shapes"))
    return [embedding(spec.name, given[0], decisions, bool(spec.config.get("mask_zero")))]


def embedding(name: str, given: Given, decisions: Decisions, mask_zero: bool = False) -> Embedding:
    """Make an embedding of its table."""
    table = given.array.astype(decisions.precision(given.array))
    source = Source(f"{name}/table", (given.path,), (given.array.shape,), AS_IT_STANDS)
    return Embedding(name=name, table=table, mask_zero=mask_zero, sources=(source,))


def _dense(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del contents
    activation = _squash(spec.config.get("activation"))
    (given,) = store.weights(spec, [""])
    return [dense(spec.name, given, decisions, activation)]


def _squash(activation: Any) -> str:
    name = squash_named(_named(activation))
    if name is None:
        raise NotOpenedError(later("its activation is {name}", name=readable(_named(activation))))
    return name


def dense(
    name: str,
    given: Sequence[Given],
    decisions: Decisions,
    activation: str,
    transposed: bool = False,
) -> Dense:
    """Make a dense layer of its kernel and, where there is one, its bias.

    Raises:
        NotOpenedError: if the shapes are no dense layer's.
    """
    arrays = [each.array for each in given]
    if len(arrays) not in (1, 2) or arrays[0].ndim != 2:
        raise NotOpenedError(later("its weights are missing in the file, or have other shapes"))
    dtype = decisions.precision(*arrays)
    kernel = (arrays[0].T if transposed else arrays[0]).astype(dtype)
    bias = arrays[1].astype(dtype) if len(arrays) == 2 else np.zeros(kernel.shape[1], dtype)
    if bias.shape != kernel.shape[1:]:
        _check(given[1], fits=False, expected=str(kernel.shape[1:]))
    how = later("transposed") if transposed else AS_IT_STANDS
    sources = tuple(
        Source(f"{name}/{title}", (each.path,), (each.array.shape,), way)
        for title, each, way in zip(("kernel", "bias"), given, (how, AS_IT_STANDS), strict=False)
    )
    return Dense(
        name=name,
        kernel=np.ascontiguousarray(kernel),
        bias=bias,
        activation=activation,
        sources=sources,
    )


def _time_distributed(
    spec: Spec, store: Store, decisions: Decisions, contents: Contents
) -> list[Layer]:
    inner = spec.config["layer"]
    kind = str(inner.get("class_name"))
    if kind in PASSED:
        return []
    if kind == "Activation":
        return _activation(replace(spec, config=inner["config"]), store, decisions, contents)
    if kind != "Dense":
        raise NotOpenedError(later("a {kind} at every step", kind=readable(kind)))
    (given,) = store.weights(spec, ["layer"])
    activation = _squash(inner["config"].get("activation"))
    contents.notes.append(
        later("“{name}” is a dense layer at every step (TimeDistributed).", name=spec.name)
    )
    return [dense(spec.name, given, decisions, activation)]


def _activation(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del store, decisions, contents
    return [Activation(name=spec.name, activation=_squash(spec.config.get("activation")))]


def _fixed(activation: str) -> Callable[..., list[Layer]]:
    def build_it(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
        del store, decisions, contents
        slopes = spec.config.get("negative_slope") or spec.config.get("threshold")
        if slopes or spec.config.get("max_value") is not None:
            raise NotOpenedError(later("its activation is {name}", name=spec.kind))
        return [Activation(name=spec.name, activation=activation)]

    return build_it


def _masking(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del store, decisions
    value = float(spec.config.get("mask_value", 0.0))
    contents.notes.append(
        later(
            "“{name}” (Masking): steps at which every feature is {value:g} are left out.",
            name=spec.name,
            value=value,
        )
    )
    return [Masking(name=spec.name, value=value)]


def _pool(how: str) -> Callable[..., list[Layer]]:
    def build_it(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
        del store, decisions, contents
        if spec.config.get("keepdims") or spec.config.get("data_format") == "channels_first":
            raise NotOpenedError(later("it hands its result on in another shape"))
        return [Pool(name=spec.name, how=how)]

    return build_it


def _flatten(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del store, decisions, contents
    return [Flatten(name=spec.name)]


def _repeat(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del store, decisions, contents
    times = int(spec.config["n"])
    if not 1 <= times <= 10_000:
        raise NotOpenedError(later("it repeats {times} times", times=times))
    return [Repeat(name=spec.name, times=times)]


def _scale(spec: Spec, store: Store, decisions: Decisions, contents: Contents) -> list[Layer]:
    del contents
    (given,) = store.weights(spec, [""])
    config = spec.config
    wanted = [
        name
        for name, there in (
            ("gamma", config.get("scale", True)),
            ("beta", config.get("center", True)),
            ("mean", True),
            ("variance", True),
        )
        if there
    ]
    if len(given) != len(wanted) or any(each.array.ndim != 1 for each in given):
        raise NotOpenedError(later("its weights are missing in the file, or have other shapes"))
    arrays = {name: each.array.astype(float) for name, each in zip(wanted, given, strict=True)}
    if len({array.shape for array in arrays.values()}) != 1:
        raise NotOpenedError(later("its weights are missing in the file, or have other shapes"))
    deviation = np.sqrt(np.abs(arrays["variance"]) + float(config.get("epsilon", 1e-3)))
    factor = arrays.get("gamma", 1.0) / deviation
    shift = arrays.get("beta", 0.0) - arrays["mean"] * factor
    dtype = decisions.precision(*(each.array for each in given))
    sources = (
        Source(
            f"{spec.name}/factor",
            tuple(each.path for each in given),
            tuple(each.array.shape for each in given),
            later("mean and variance of the training, with scale and shift"),
        ),
    )
    return [
        Scale(
            name=spec.name,
            factor=np.asarray(factor, dtype),
            shift=np.asarray(shift, dtype),
            sources=sources,
        )
    ]


BUILDERS: dict[str, Callable[[Spec, Store, Decisions, Contents], list[Layer]]] = {
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "SimpleRNN": _recurrent,
    "RNN": _recurrent,
    "Bidirectional": _bidirectional,
    "Embedding": _embedding,
    "Dense": _dense,
    "TimeDistributed": _time_distributed,
    "Activation": _activation,
    "ReLU": _fixed("relu"),
    "Softmax": _fixed("softmax"),
    "Masking": _masking,
    "GlobalMaxPooling1D": _pool("max"),
    "GlobalMaxPool1D": _pool("max"),
    "GlobalAveragePooling1D": _pool("mean"),
    "Flatten": _flatten,
    "RepeatVector": _repeat,
    "BatchNormalization": _scale,
}
