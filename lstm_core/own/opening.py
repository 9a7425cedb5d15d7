"""Open a network that a library saved, whatever it is saved in; nothing of it is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from lstm_core.messages import Message, later
from lstm_core.own import hdf5
from lstm_core.own.archives import Archive
from lstm_core.own.array_files import read_npz, read_safetensors
from lstm_core.own.bare_arrays import open_arrays
from lstm_core.own.contents import Contents, Decisions
from lstm_core.own.keras_files import CONFIG, WEIGHTS, open_hdf5, open_keras
from lstm_core.own.layers import Layer, Recurrent
from lstm_core.own.network import Network, check_widths, named_apart
from lstm_core.own.problems import MOST_BYTES, MOST_NUMBERS, OwnError, readable, too_many

KINDS = ("keras", "h5", "hdf5", "safetensors", "npz", "onnx")
"""Endings of the files that are opened."""
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib")
SAVE_SAFETENSORS = (
    'from safetensors.torch import save_file; save_file(model.state_dict(), "model.safetensors")'
)
"""The line that saves a PyTorch network in a file that is opened."""
DAMAGED = later("The file is damaged: what is in it does not fit together.")
NET: tuple[type[Exception], ...] = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a file that nobody thought of may raise; no visitor sees more of it than a sentence."""
FLAT_ZIP, HUGE = b"PK\x03\x04", 1e6
PICKLED = later(
    "This file is a pickle, which can run a program when it is read; so it is not. Save the weights "
    "alone: {line}",
    line=SAVE_SAFETENSORS,
)
UNKNOWN = later(
    "This is no file of a network that is opened here: .keras, .h5, .safetensors, .npz or .onnx."
)


def open_network(
    source: str | Path | bytes | IO[bytes],
    name: str = "",
    *,
    layout: Mapping[str, Any] | None = None,
    part: int | None = None,
    dtype: Any = None,
) -> Network:
    """Open a network that Keras, PyTorch or ONNX saved.

    Args:
        source: a path, the bytes of the file, or a stream of them.
        name: of the file; that of the path if it is empty.
        layout: what the file does not say, as decided by somebody: the names and the values are
            those of ``Network.assumptions``, ``{"gru.reset_after": False}`` for one.
        part: which of the lines of layers, if there are several; that with the most recurrent
            layers if None.
        dtype: of the cells; that of the file if None, halves widened to single precision.

    Raises:
        OwnError: with one sentence, if nothing can be opened.
    """
    data, name = _read(source, name)
    decisions = Decisions(layout, dtype)
    try:
        kind, contents = _find(data, name, decisions)
        decisions.check_all_used()
        return _network(readable(name), kind, contents, decisions, part)
    except OwnError:
        raise
    except NET as error:
        raise OwnError(DAMAGED) from error


def _read(source: str | Path | bytes | IO[bytes], name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, (str, Path)):
        path = Path(source)
        name = name or path.name
        try:
            with path.open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise OwnError(
                later("There is no file {name} that can be read.", name=readable(path.name))
            ) from error
    else:
        data = source.read(MOST_BYTES + 1)
        name = name or str(getattr(source, "name", ""))
    if len(data) > MOST_BYTES:
        raise OwnError(
            later(
                "The file is larger than {most:.0f} MB; save the weights without the optimiser.",
                most=MOST_BYTES / 1e6,
            )
        )
    if not data:
        raise OwnError(later("The file is empty."))
    return data, name


def _find(data: bytes, name: str, decisions: Decisions) -> tuple[str, Contents]:
    """Tell by its first bytes what a file is, and read it.

    Raises:
        OwnError: if it is nothing that is opened.
    """
    ending = Path(name).suffix.lower()
    if data.startswith(hdf5.MAGIC):
        return open_hdf5(data, decisions)
    if data.startswith(FLAT_ZIP):
        return _from_zip(Archive(data), decisions)
    if ending in PICKLES:
        raise OwnError(PICKLED)
    if data[8:9] == b"{" and int.from_bytes(data[:8], "little") < len(data):
        return "safetensors", open_arrays(read_safetensors(data), decisions)
    if data[:1] == b"\x80" and data[1:2] in b"\x02\x03\x04\x05" and ending != ".onnx":
        raise OwnError(PICKLED)
    if ending == ".onnx" or _looks_like_onnx(data):
        from lstm_core.own.onnx_files import open_onnx

        return "onnx", open_onnx(data, decisions)
    if ending == ".safetensors":
        read_safetensors(data)
    raise OwnError(_cut_off(ending))


def _cut_off(ending: str) -> Message:
    if ending.removeprefix(".") in KINDS:
        return later(
            "This is no {ending} file: it is damaged, or another kind of file.", ending=ending
        )
    return UNKNOWN


def _looks_like_onnx(data: bytes) -> bool:
    """A ModelProto begins with its version (field 1, a small number) or its producer (field 2)."""
    return (
        len(data) > 4 and data[0] == 0x08 and data[1] < 0x20 and data[2] in (0x12, 0x1A, 0x3A, 0x42)
    )


def _from_zip(archive: Archive, decisions: Decisions) -> tuple[str, Contents]:
    if archive.has(CONFIG) or archive.has(WEIGHTS):
        return open_keras(archive, decisions)
    if any(member.endswith("data.pkl") for member in archive.names):
        raise OwnError(PICKLED)
    if any(member.endswith(".npy") for member in archive.names):
        return "npz", open_arrays(read_npz(archive), decisions)
    raise OwnError(UNKNOWN)


def _network(
    name: str, kind: str, contents: Contents, decisions: Decisions, part: int | None
) -> Network:
    """Check what was found and choose a line of layers.

    Raises:
        OwnError: if there is no recurrent layer, or the layers cannot be run.
    """
    if not contents.chains:
        raise OwnError(_nothing(contents))
    if part is None:
        counts = [sum(isinstance(layer, Recurrent) for layer in line) for line in contents.chains]
        part = counts.index(max(counts))
    if not 0 <= part < len(contents.chains):
        raise OwnError(
            later("The file has {count} parts, numbered from 0.", count=len(contents.chains))
        )
    lines = [named_apart(tuple(line)) for line in contents.chains]
    layers = lines[part]
    check_widths(layers)
    warnings = [*contents.warnings, *_check_weights(layers)]
    if len(lines) > 1:
        contents.notes.append(
            later(
                "The file has {count} lines of layers that do not read each other; this is number "
                "{part}.",
                count=len(lines),
                part=part + 1,
            )
        )
    dtypes = {array.dtype for layer in layers for array in layer.weights.values()}
    network = Network(
        name=name,
        format=kind,
        library=contents.library,
        layers=layers,
        parts=tuple(tuple(layer.name for layer in line) for line in lines),
        part=part,
        assumptions=tuple(decisions.made),
        notes=tuple(contents.notes),
        warnings=tuple(warnings),
        left_out=tuple(contents.left_out),
    )
    return network if len(dtypes) == 1 else network.in_precision(np.float64)


def _nothing(contents: Contents) -> Message:
    if not contents.left_out:
        return later("There is no LSTM, GRU or RNN in the file.")
    first = contents.left_out[0]
    return later(
        "There is no LSTM, GRU or RNN in the file that can be opened. “{name}” ({kind}): {why}.",
        name=first.name,
        kind=first.kind,
        why=first.why,
    )


def _check_weights(layers: tuple[Layer, ...]) -> list[Message]:
    """Refuse weights that are no numbers; warn of what looks wrong.

    Raises:
        OwnError: naming the layer.
    """
    count = sum(array.size for layer in layers for array in layer.weights.values())
    if count > MOST_NUMBERS:
        raise too_many(count)
    warnings = []
    for layer in layers:
        for name, array in layer.weights.items():
            bad = ~np.isfinite(array)
            if bad.any():
                raise OwnError(
                    later(
                        "“{layer}”: {count:,} weights of its {name} are NaN or infinite, so that it "
                        "cannot be run; its training has diverged.",
                        layer=layer.name,
                        count=int(bad.sum()),
                        name=name,
                    )
                )
            largest = float(np.abs(array).max(initial=0.0))
            if largest > HUGE:
                warnings.append(
                    later(
                        "“{layer}”: the largest weight of its {name} is {largest:.1e}.",
                        layer=layer.name,
                        name=name,
                        largest=largest,
                    )
                )
        if isinstance(layer, Recurrent):
            warnings += _dead(layer)
    return warnings


def _dead(layer: Recurrent) -> list[Message]:
    """Say which recurrent kernels are all zeros."""
    return [
        later(
            "“{layer}”: its recurrent kernel ({direction}) is all zeros, so that it remembers "
            "nothing through it.",
            layer=layer.name,
            direction=direction,
        )
        for direction, cell in layer.cells.items()
        if not cell.recurrent_kernel.any()
    ]
