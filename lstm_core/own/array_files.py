"""Files that are arrays by name: ``.safetensors`` and ``.npz``, read within bounds."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from lstm_core.messages import Message, later
from lstm_core.own.archives import Archive
from lstm_core.own.problems import MOST_NUMBERS, OwnError, readable, too_many

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "?",
}
BROKEN = later("The .safetensors file is damaged or cut off.")
BROKEN_NPZ = later("“{name}” in the .npz file is damaged or cut off.")


def read_safetensors(data: bytes) -> dict[str, NDArray[Any]]:
    """Read all arrays, in the order of the header.

    The library checks the header (places, lengths, overlaps); bfloat16, which NumPy lacks, is
    widened to single precision.

    Raises:
        OwnError: if the file is broken or too large.
    """
    from safetensors import SafetensorError, deserialize

    try:
        # A JSON header that nests without end is refused by the library, in Rust.
        entries = deserialize(data)  # type: ignore[no-untyped-call]
        (length,) = struct.unpack_from("<Q", data)
        places = {name: place for place, name in enumerate(json.loads(data[8 : 8 + length]))}
    except (SafetensorError, ValueError, struct.error, RecursionError, OverflowError) as error:
        raise OwnError(BROKEN) from error
    arrays: dict[str, NDArray[Any]] = {}
    numbers = 0
    # The library gives them in no order.
    for name, entry in sorted(entries, key=lambda item: places[item[0]]):
        shape = tuple(entry["shape"])
        numbers += int(np.prod(shape, dtype=np.int64))
        if numbers > MOST_NUMBERS:
            raise too_many(numbers, name, shape)
        kind, raw = str(entry["dtype"]), bytes(entry["data"])
        if kind == "BF16":
            wide = np.frombuffer(raw, "<u2").astype(np.uint32) << 16
            arrays[name] = wide.view(np.float32).reshape(shape)
        elif kind in DTYPES:
            arrays[name] = np.frombuffer(raw, DTYPES[kind]).reshape(shape)
        else:
            raise OwnError(
                later(
                    "“{name}” is stored as {kind}; numbers of 16, 32 or 64 bits are read.",
                    name=readable(name),
                    kind=readable(kind),
                )
            )
    return arrays


def read_npz(archive: Archive) -> dict[str, NDArray[Any]]:
    """Read all arrays of an ``.npz``; objects, which only pickle could read, are refused.

    Raises:
        OwnError: if it is broken or too large.
    """
    arrays: dict[str, NDArray[Any]] = {}
    numbers = 0
    for member in archive.names:
        if not member.endswith(".npy"):
            continue
        name = member.removesuffix(".npy")
        array = read_npy(archive.read(member), name, MOST_NUMBERS - numbers)
        numbers += array.size
        arrays[name] = array
    return arrays


def read_npy(data: bytes, name: str, most: int = MOST_NUMBERS) -> NDArray[Any]:
    """Read one ``.npy``; its head is checked before any room is made for it.

    Raises:
        OwnError: if it is broken, too large, or holds objects.
    """
    stream = io.BytesIO(data)
    try:
        version = npy.read_magic(stream)
        read_head = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_head(stream)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise OwnError(Message(BROKEN_NPZ.template, {"name": readable(name)})) from error
    if dtype.hasobject:
        raise OwnError(
            later(
                "“{name}” holds Python objects, which are not read: they could run a program.",
                name=readable(name),
            )
        )
    count = 1
    for length in shape:
        count *= int(length)
    if count > most:
        raise too_many(count, name, shape)
    if count * dtype.itemsize > len(data):
        raise OwnError(Message(BROKEN_NPZ.template, {"name": readable(name)}))
    stream.seek(0)
    try:
        return np.asarray(npy.read_array(stream, allow_pickle=False))
    except (ValueError, EOFError, TypeError, OSError) as error:
        raise OwnError(Message(BROKEN_NPZ.template, {"name": readable(name)})) from error
