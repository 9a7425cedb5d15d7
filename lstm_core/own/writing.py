"""Carry a network to another library: a file that it opens, and the lines that open it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import numpy as np

from lstm_core.messages import Message, later
from lstm_core.own.layouts import ORDERS, kind_of, laid_out
from lstm_core.own.network import Network
from lstm_core.own.problems import OwnError
from lstm_core.own.stored import stored

LIBRARIES = ("keras", "pytorch", "onnx", "npz")
ENDINGS = {"keras": "keras", "pytorch": "safetensors", "onnx": "onnx", "npz": "npz"}
LETTERS = {
    "keras": {"LSTM": "i f c o", "GRU": "z r h", "RNN": "h"},
    "pytorch": {"LSTM": "i f g o", "GRU": "r z n", "RNN": "h"},
    "onnx": {"LSTM": "i o f c", "GRU": "z r h", "RNN": "h"},
}
"""The order of the gates, in each library's own letters."""


@dataclass(frozen=True)
class Carried:
    """A network for another library.

    Attributes:
        data: of the file.
        name: of the file.
        code: lines of Python that open it and run it.
        notes: what is not the same there.
    """

    data: bytes
    name: str
    code: str
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class GateOrder:
    """How a library lays out one cell.

    Attributes:
        library: "keras", "pytorch" or "onnx".
        gates: in order, in the library's letters.
        weights: shape of each of its arrays, by the library's name for it.
        first: the first three numbers of each gate's block of the kernel for the first input, by
            the gate's letter.
    """

    library: str
    gates: str
    weights: dict[str, tuple[int, ...]]
    first: dict[str, tuple[float, ...]]


def write_network(network: Network, to: str) -> Carried:
    """Write a network for another library.

    Args:
        network: that was opened.
        to: of ``LIBRARIES``.

    Raises:
        OwnError: if that library has no such layer.
    """
    if to not in LIBRARIES:
        raise OwnError(
            later("{library} is none of {known}.", library=str(to)[:40], known=", ".join(LIBRARIES))
        )
    name = f"{_stem(network.name)}.{ENDINGS[to]}"
    if to == "keras":
        from lstm_core.own.keras_writing import keras_file

        data, notes = keras_file(network)
        double = network.dtype == np.float64
        return Carried(data, name, _keras_lines(name, double), tuple(notes))
    if to == "pytorch":
        from lstm_core.own.pytorch_writing import pytorch_file

        data, code, notes = pytorch_file(network, name)
        return Carried(data, name, code, tuple(notes))
    if to == "onnx":
        from lstm_core.own.onnx_writing import onnx_file

        data, notes = onnx_file(network)
        return Carried(data, name, _onnx_lines(name), tuple(notes))
    buffer = io.BytesIO()
    np.savez(buffer, **stored(network))  # type: ignore[arg-type]
    code = f'import lstm_core\n\nnetwork = lstm_core.open("{name}")\nrun = network.run(inputs)\n'
    return Carried(buffer.getvalue(), name, code)


def _stem(name: str) -> str:
    """The file's name without its ending, with letters that every system takes."""
    stem = re.sub(r"\.(weights\.h5|[^.]{1,12})$", "", name)
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", stem).strip("_")
    return stem[:60] or "network"


def _keras_lines(name: str, double: bool) -> str:
    # Keras casts what a model reads to its usual precision, whatever that of the layers.
    precision = 'keras.config.set_floatx("float64")\n' if double else ""
    return (
        f'import keras\n\n{precision}model = keras.models.load_model("{name}")  # Keras 3.3 and newer\n'
        "outputs = model.predict(inputs)  # (batch, steps, features), or token ids (batch, steps)\n"
    )


def _onnx_lines(name: str) -> str:
    return (
        f'import onnxruntime\n\nsession = onnxruntime.InferenceSession("{name}")\n'
        'outputs = session.run(None, {"x": inputs})[0]  # (batch, steps, features)\n'
    )


def gate_orders(network: Network, layer: int = 0) -> tuple[GateOrder, ...]:
    """How each library lays out one cell of a network: for a card with the orders side by side.

    Args:
        network: that was opened.
        layer: place among the recurrent layers.
    """
    cell = network.recurrent[layer].cell
    kind = kind_of(cell)
    rows = []
    for library, orders in ORDERS.items():
        kernel = laid_out(cell, library)[0]
        letters = LETTERS[library][kind].split()
        blocks = np.split(kernel[0], len(orders[kind]))
        first = {
            letter: tuple(float(value) for value in block[:3])
            for letter, block in zip(letters, blocks, strict=True)
        }
        shapes = _shapes(library, kind, cell.features, cell.units)
        rows.append(GateOrder(library, " ".join(letters), shapes, first))
    return tuple(rows)


def _shapes(library: str, kind: str, features: int, units: int) -> dict[str, tuple[int, ...]]:
    columns = len(ORDERS[library][kind]) * units
    if library == "keras":
        bias: tuple[int, ...] = (2, columns) if kind == "GRU" else (columns,)
        return {
            "kernel": (features, columns),
            "recurrent_kernel": (units, columns),
            "bias": bias,
        }
    if library == "pytorch":
        return {
            "weight_ih_l0": (columns, features),
            "weight_hh_l0": (columns, units),
            "bias_ih_l0": (columns,),
            "bias_hh_l0": (columns,),
        }
    return {"W": (1, columns, features), "R": (1, columns, units), "B": (1, 2 * columns)}
