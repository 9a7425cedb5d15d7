"""Arrays and attributes of an ONNX file, each checked before room is made for it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import later
from lstm_core.own.problems import MOST_NUMBERS, OwnError, readable, too_many

if TYPE_CHECKING:
    import onnx

BROKEN = later("The .onnx file is damaged or cut off.")
KINDS: dict[int, tuple[str, str]] = {
    1: ("<f4", "float_data"),
    2: ("u1", "int32_data"),
    3: ("i1", "int32_data"),
    5: ("<i2", "int32_data"),
    6: ("<i4", "int32_data"),
    7: ("<i8", "int64_data"),
    9: ("?", "int32_data"),
    10: ("<f2", "int32_data"),
    11: ("<f8", "double_data"),
    16: ("<u2", "int32_data"),
}
"""By the number of the type: how its bytes lie, and the field that holds its numbers otherwise."""
HALF, BRAIN = 10, 16
Numbers = NDArray[Any]


def array_of(tensor: onnx.TensorProto) -> Numbers | None:
    """Read an array; None if it is of a type that no weight has.

    Raises:
        OwnError: if it is broken, too large, or in another file.
    """
    name = readable(tensor.name)
    if tensor.data_location == 1:
        raise OwnError(
            later(
                "“{name}” is in another file beside the .onnx; export the model into one file.",
                name=name,
            )
        )
    shape = tuple(int(length) for length in tensor.dims)
    count = 1
    for length in shape:
        if length < 0:
            raise OwnError(BROKEN)
        count *= length
        if count > MOST_NUMBERS:
            raise too_many(count, name, shape)
    if tensor.data_type not in KINDS:
        return None
    dtype, field = KINDS[tensor.data_type]
    if tensor.raw_data or not count:
        if len(tensor.raw_data) != count * np.dtype(dtype).itemsize:
            raise OwnError(BROKEN)
        array = np.frombuffer(tensor.raw_data, dtype)
    else:
        values = getattr(tensor, field)
        if len(values) != count:
            raise OwnError(BROKEN)
        array = _of_field(values, tensor.data_type, dtype)
    if tensor.data_type == BRAIN:
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array.reshape(shape)


def _of_field(values: Any, kind: int, dtype: str) -> Numbers:
    if kind in (HALF, BRAIN):
        return np.array(values, np.uint16).view(np.dtype(dtype))
    try:
        return np.array(values, np.dtype(dtype))
    except (OverflowError, ValueError) as error:
        raise OwnError(BROKEN) from error


def attributes_of(node: onnx.NodeProto) -> dict[str, Any]:
    """The attributes of an operator: numbers, texts, lists of them, and arrays."""
    values: dict[str, Any] = {}
    for each in node.attribute:
        kind = each.type
        if kind == 1:
            values[each.name] = float(each.f)
        elif kind == 2:
            values[each.name] = int(each.i)
        elif kind == 3:
            values[each.name] = each.s.decode("utf-8", "replace")
        elif kind == 4:
            values[each.name] = array_of(each.t)
        elif kind == 6:
            values[each.name] = [float(value) for value in each.floats]
        elif kind == 7:
            values[each.name] = [int(value) for value in each.ints]
        elif kind == 8:
            values[each.name] = [value.decode("utf-8", "replace") for value in each.strings]
    return values


def read_model(data: bytes) -> onnx.ModelProto:
    """Parse a file.

    Raises:
        OwnError: if it is none.
    """
    import onnx
    from google.protobuf.message import DecodeError

    try:
        model = onnx.load_model_from_string(data)
    except (DecodeError, RecursionError, ValueError, struct.error) as error:
        raise OwnError(BROKEN) from error
    if not model.graph.node:
        raise OwnError(BROKEN)
    return model


def folded(operator: str, inputs: list[Numbers], attributes: dict[str, Any]) -> Numbers | None:
    """Compute an operator that only moves numbers of a file about; None if it is another.

    Exports without folding leave such operators between the weights and the layer.
    """
    if not inputs or sum(array.size for array in inputs) > MOST_NUMBERS:
        return None
    axes = attributes.get("axes")
    if axes is None and len(inputs) > 1 and operator in ("Squeeze", "Unsqueeze"):
        axes = [int(axis) for axis in inputs[1].reshape(-1)]
    move = MOVES.get(operator)
    if move is None:
        return None
    try:
        return move(inputs, {**attributes, "axes": tuple(axes) if axes else None})
    except (ValueError, IndexError, TypeError, OverflowError) as error:
        raise OwnError(BROKEN) from error


def _sliced(inputs: list[Numbers]) -> Numbers:
    first, starts, ends = inputs[:3]
    axes = inputs[3].reshape(-1) if len(inputs) > 3 else np.arange(len(starts.reshape(-1)))
    steps = inputs[4].reshape(-1) if len(inputs) > 4 else np.ones(len(axes), int)
    cut: list[slice] = [slice(None)] * first.ndim
    for axis, start, end, step in zip(
        axes, starts.reshape(-1), ends.reshape(-1), steps, strict=True
    ):
        cut[int(axis)] = slice(int(start), int(end), int(step))
    return first[tuple(cut)]


def _reshaped(inputs: list[Numbers]) -> Numbers:
    first, shape = inputs
    lengths = (int(n) or first.shape[place] for place, n in enumerate(shape.reshape(-1)))
    return first.reshape(tuple(lengths))


Move = Callable[[list[Numbers], dict[str, Any]], Numbers]
MOVES: dict[str, Move] = {
    "Identity": lambda inputs, _: inputs[0],
    "Cast": lambda inputs, _: inputs[0],
    "Transpose": lambda inputs, where: np.transpose(inputs[0], where.get("perm")),
    "Reshape": lambda inputs, _: _reshaped(inputs),
    "Squeeze": lambda inputs, where: np.squeeze(inputs[0], where["axes"]),
    "Unsqueeze": lambda inputs, where: np.expand_dims(inputs[0], (where["axes"] or ())[:6]),
    "Concat": lambda inputs, where: np.concatenate(inputs, where.get("axis", 0)),
    "Slice": lambda inputs, _: _sliced(inputs),
}
"""Operators that only move numbers about: of the inputs, and of the attributes and axes."""
