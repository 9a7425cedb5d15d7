"""Write a ``.keras`` file without Keras: its two JSON files and its weights, as Keras 3 lays them out."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.messages import Message, later
from lstm_core.own.feeding import fixed_steps
from lstm_core.own.keras_config import snake_case
from lstm_core.own.layers import (
    BACKWARD,
    Activation,
    Dense,
    Embedding,
    Layer,
    Masking,
    Pool,
    Recurrent,
    Repeat,
    Scale,
)
from lstm_core.own.layouts import kind_of
from lstm_core.own.network import Network
from lstm_core.own.problems import OwnError

VERSION = "3.3.0"
"""The Keras whose files these are; newer ones read them."""
CLASSES = {"LSTM": "LSTM", "GRU": "GRU", "RNN": "SimpleRNN"}
Weights = list[tuple[str, list[Array]]]
"""Arrays by the object below the layer that has them: "cell", "forward_layer/cell", ""."""


def keras_file(network: Network) -> tuple[bytes, list[Message]]:
    """Write a network as Keras 3 does.

    Returns:
        The file, and what is not the same there.

    Raises:
        OwnError: if Keras has no such layer.
    """
    dtype = network.dtype.name
    entries: list[dict[str, Any]] = [_input(network, dtype)]
    weights: dict[str, list[Array]] = {}
    used: Counter[str] = Counter()
    for name, class_name, config, arrays in _layers(network):
        full = {"name": name, "trainable": True, "dtype": dtype, **config}
        entries.append(_entry(class_name, full))
        short = snake_case(class_name)
        place = f"layers/{short}_{used[short]}" if used[short] else f"layers/{short}"
        used[short] += 1
        for below, own in arrays:
            weights[f"{place}/{below}" if below else place] = own
    model = {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "sequential", "trainable": True, "dtype": dtype, "layers": entries},
        "registered_name": None,
        "build_config": {"input_shape": entries[0]["config"]["batch_shape"]},
    }
    metadata = {"keras_version": VERSION, "date_saved": "2024-01-01@00:00:00"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (
            ("metadata.json", json.dumps(metadata).encode()),
            ("config.json", json.dumps(model).encode()),
            ("model.weights.h5", _hdf5(weights)),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue(), _notes(network)


def _notes(network: Network) -> list[Message]:
    if network.left_out:
        names = ", ".join(left.name for left in network.left_out[:8])
        return [later("Not carried, because it is not opened: {names}.", names=names)]
    return []


def _entry(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": config,
        "registered_name": None,
    }


def _input(network: Network, dtype: str) -> dict[str, Any]:
    shape: list[int | None] = [None, fixed_steps(network)]
    tokens = network.embedding is not None
    if not tokens:
        shape.append(network.features)
    kind = "int32" if tokens else dtype
    return _entry(
        "InputLayer", {"batch_shape": shape, "dtype": kind, "sparse": False, "name": "input_layer"}
    )


def _layers(network: Network) -> Iterator[tuple[str, str, dict[str, Any], Weights]]:
    """Name, class, configuration and weights of each layer in Keras."""
    names: set[str] = set()
    last_alone = _last_alone(network)
    for layer in network.layers:
        if isinstance(layer, Pool) and layer.how == "last":
            continue
        name = _safe(layer.name, names)
        yield (name, *_layer(layer, network, last_alone=layer in last_alone))


def _safe(name: str, names: set[str]) -> str:
    """A name that Keras takes: no slash, and no other layer's."""
    safe = first = name.replace("/", "_") or "layer"
    number = 1
    while safe in names:
        number += 1
        safe = f"{first}_{number}"
    names.add(safe)
    return safe


def _last_alone(network: Network) -> list[Layer]:
    """The recurrent layers behind which the last step alone is taken.

    Raises:
        OwnError: if that is more than Keras' ``return_sequences=False``.
    """
    layers: list[Layer] = []
    for layer, following in pairwise(network.layers):
        if isinstance(following, Pool) and following.how == "last":
            if not isinstance(layer, Recurrent) or layer.backward_cell is not None:
                raise OwnError(
                    later(
                        "Keras has no layer that takes the last step of “{name}” alone.",
                        name=layer.name,
                    )
                )
            layers.append(layer)
    return layers


def _layer(layer: Layer, network: Network, last_alone: bool) -> tuple[str, dict[str, Any], Weights]:
    if isinstance(layer, Recurrent):
        return _recurrent(layer, layer.sequences and not last_alone, network.dtype.name)
    arrays = list(layer.weights.values())
    if isinstance(layer, Scale):
        arrays += [np.zeros_like(layer.factor), np.ones_like(layer.factor)]
    class_name, config = _plain(layer)
    return class_name, config, [("", arrays)] if arrays else []


def _plain(layer: Layer) -> tuple[str, dict[str, Any]]:
    """Class and configuration of a layer that is not recurrent."""
    match layer:
        case Embedding(table=table, mask_zero=mask_zero):
            rows, columns = table.shape
            config = {"input_dim": rows, "output_dim": columns, "mask_zero": mask_zero}
            result: tuple[str, dict[str, Any]] = ("Embedding", config)
        case Dense(kernel=kernel, activation=activation):
            result = "Dense", {"units": kernel.shape[1], "activation": activation, "use_bias": True}
        case Scale():
            config = {"axis": -1, "momentum": 0.99, "epsilon": 0.0, "center": True, "scale": True}
            result = "BatchNormalization", config
        case Masking(value=value):
            result = "Masking", {"mask_value": value}
        case Activation(activation=activation):
            result = "Activation", {"activation": activation}
        case Pool(how=how):
            kind = "GlobalMaxPooling1D" if how == "max" else "GlobalAveragePooling1D"
            result = kind, {"data_format": "channels_last", "keepdims": False}
        case Repeat(times=times):
            result = "RepeatVector", {"n": times}
        case _:
            result = "Flatten", {"data_format": "channels_last"}
    return result


def _recurrent(
    layer: Recurrent, sequences: bool, dtype: str
) -> tuple[str, dict[str, Any], Weights]:
    config = _cell_config(layer.cell) | {
        "return_sequences": sequences,
        "return_state": False,
        "go_backwards": layer.from_the_end,
        "stateful": False,
        "unroll": False,
    }
    class_name = CLASSES[layer.kind]
    if layer.backward_cell is None:
        return class_name, config, [("cell", _cell_weights(layer.cell))]
    named = {"trainable": True, "dtype": dtype}
    ahead = {"name": "forward", **named, **config, "go_backwards": False}
    back = {"name": BACKWARD, **named, **config, "go_backwards": True}
    both = {
        "merge_mode": layer.merge,
        "layer": _entry(class_name, ahead),
        "backward_layer": _entry(class_name, back),
    }
    return (
        "Bidirectional",
        both,
        [
            ("forward_layer/cell", _cell_weights(layer.cell)),
            ("backward_layer/cell", _cell_weights(layer.backward_cell)),
        ],
    )


def _cell_config(cell: Cell) -> dict[str, Any]:
    config: dict[str, Any] = {"units": cell.units, "use_bias": True}
    if isinstance(cell, RNNCell):
        return config | {"activation": cell.activation.name}
    config |= {"activation": "tanh", "recurrent_activation": "sigmoid"}
    if kind_of(cell) == "LSTM":
        return config | {"unit_forget_bias": True}
    return config | {"reset_after": not isinstance(cell, ResetFirstGRUCell)}


def _cell_weights(cell: Cell) -> list[Array]:
    bias = cell.bias
    if isinstance(cell, GRUCell) and isinstance(cell, ResetFirstGRUCell):
        bias = bias[0] + bias[1]
    return [cell.kernel, cell.recurrent_kernel, bias]


def _hdf5(weights: dict[str, list[Array]]) -> bytes:
    """Write arrays at ``PATH/vars/0`` and so on."""
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_group("vars")
        for path, arrays in weights.items():
            group = file.create_group(f"{path}/vars")
            for number, array in enumerate(arrays):
                group.create_dataset(str(number), data=array)
    return buffer.getvalue()
