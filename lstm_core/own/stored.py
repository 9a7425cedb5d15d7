"""The arrays of a network as this project stores them: a name for each, and one text that says all.

``layout`` is JSON: format 1, the library's name, and of each layer its arguments. The arrays are
called ``0.kernel`` (of layer 0), ``0.forward.kernel`` and so on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import later
from lstm_core.own.contents import AS_IT_STANDS, Contents, Decisions
from lstm_core.own.layers import (
    MERGES,
    SQUASHES,
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
)
from lstm_core.own.layouts import make_cell
from lstm_core.own.network import Network
from lstm_core.own.problems import OwnError, Source

LAYOUT = "layout"
BROKEN = later("The layout inside the .npz file is damaged.")


def is_ours(arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Whether arrays were stored by ``stored``."""
    return LAYOUT in arrays and arrays[LAYOUT].dtype.kind == "U"


def stored(network: Network) -> dict[str, NDArray[Any]]:
    """Lay a network out as arrays, with the text that says what each is."""
    layout = {"format": 1, "layers": [layer.describe() for layer in network.layers]}
    arrays: dict[str, NDArray[Any]] = {LAYOUT: np.array(json.dumps(layout))}
    for place, layer in enumerate(network.layers):
        for name, array in layer.weights.items():
            arrays[f"{place}.{name.replace('/', '.')}"] = array
    return arrays


def open_ours(arrays: Mapping[str, NDArray[Any]], decisions: Decisions, contents: Contents) -> None:
    """Open what ``stored`` laid out.

    Raises:
        OwnError: if it is damaged.
    """
    try:
        layout = json.loads(str(arrays[LAYOUT]))
        contents.library = "lstm_core"
        contents.chains = [
            [
                _layer(str(place), described, arrays, decisions)
                for place, described in enumerate(layout["layers"])
            ]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, OwnError):
            raise
        raise OwnError(BROKEN) from error


def _layer(
    place: str,
    described: dict[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    decisions: Decisions,
) -> Layer:
    name, kind = str(described["name"]), described["kind"]
    own = {n: a for n, a in arrays.items() if n.startswith(f"{place}.")}
    short = {n.removeprefix(f"{place}."): a for n, a in own.items()}
    dtype = decisions.precision(*own.values()) if own else np.dtype(np.float32)
    cast = {n: a.astype(dtype) for n, a in short.items()}
    sources = tuple(
        Source(f"{name}/{n.replace('.', '/')}", (f"{place}.{n}",), (a.shape,), AS_IT_STANDS)
        for n, a in short.items()
    )
    if kind in ("LSTM", "GRU", "RNN"):
        return _recurrent(name, described, cast, sources)
    if kind == "Embedding":
        masks = bool(described["mask_zero"])
        return Embedding(name=name, table=_two(cast["table"]), mask_zero=masks, sources=sources)
    if kind == "Dense":
        return Dense(
            name=name,
            kernel=_two(cast["kernel"]),
            bias=cast["bias"],
            activation=_of(SQUASHES, described["activation"]),
            sources=sources,
        )
    if kind == "BatchNormalization":
        return Scale(name=name, factor=cast["factor"], shift=cast["shift"], sources=sources)
    plain: dict[str, Any] = {
        "Activation": lambda: Activation(
            name=name, activation=_of(SQUASHES, described["activation"])
        ),
        "Masking": lambda: Masking(name=name, value=float(described["value"])),
        "Pool": lambda: Pool(name=name, how=_of(("last", "mean", "max"), described["how"])),
        "Flatten": lambda: Flatten(name=name),
        "Repeat": lambda: Repeat(name=name, times=min(max(int(described["times"]), 1), 10_000)),
    }
    layer: Layer = plain[kind]()
    return layer


def _recurrent(
    name: str,
    described: dict[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    sources: tuple[Source, ...],
) -> Recurrent:
    cells = []
    for direction in described["directions"]:
        prefix = f"{direction}." if len(described["directions"]) == 2 else ""
        bias = arrays[f"{prefix}bias"]
        cells.append(
            make_cell(
                _two(arrays[f"{prefix}kernel"]),
                _two(arrays[f"{prefix}recurrent_kernel"]),
                [bias] if bias.ndim == 1 else list(bias),
                described["kind"],
                dtype=bias.dtype,
                reset_after=bool(described.get("reset_after", True)),
                activation=str(described.get("activation", "tanh")),
            )
        )
    return Recurrent(
        name=name,
        cell=cells[0],
        backward_cell=cells[1] if len(cells) == 2 else None,
        merge=_of(MERGES, described.get("merge", "concat")),
        sequences=described["hands_on"] == "every step",
        from_the_end=bool(described.get("from_the_end")),
        sources=sources,
    )


def _two(array: NDArray[Any]) -> NDArray[Any]:
    if array.ndim != 2:
        raise ValueError("a matrix has two axes")
    return array


def _of(known: Any, name: Any) -> str:
    if name not in known:
        raise ValueError("an unknown name")
    return str(name)
