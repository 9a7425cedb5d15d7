"""A PyTorch ``state_dict``: arrays by name, in ``.safetensors`` or ``.npz``.

The names tell the recurrent layers (``lstm.weight_ih_l0_reverse``); that of the module, and which
module reads which, the file does not say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.messages import Message, later
from lstm_core.own.arranging import Pieces, arrange
from lstm_core.own.contents import AS_IT_STANDS, Contents, Decisions, Given, NotOpenedError
from lstm_core.own.keras_layers import dense, embedding
from lstm_core.own.layers import Recurrent
from lstm_core.own.layouts import GATES, ORDERS, kind_by_shape, make_cell
from lstm_core.own.problems import Choice, OwnError, Source, readable

NAME = re.compile(
    r"(?P<module>.*?)\.?(?P<what>weight|bias)_(?P<side>ih|hh|hr)(_l(?P<layer>\d+))?(?P<back>_reverse)?"
)
MOST_LAYERS = 100


def is_state_dict(names: Mapping[str, Any] | list[str]) -> bool:
    """Whether names are those of a PyTorch module with a recurrent layer."""
    return any(re.search(r"(^|\.)weight_hh(_l\d+(_reverse)?)?$", name) for name in names)


def open_state_dict(
    arrays: Mapping[str, NDArray[Any]], decisions: Decisions, contents: Contents
) -> None:
    """Find the recurrent layers, an embedding and the linear layers.

    Args:
        arrays: by name.
        decisions: what the file does not say.
        contents: where the result is put.
    """
    pieces = Pieces(decisions, contents, "PyTorch")
    modules: dict[str, dict[tuple[int, bool], dict[str, str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    others: dict[str, dict[str, str]] = defaultdict(dict)
    for name in arrays:
        match = NAME.fullmatch(name)
        if match and int(match["layer"] or 0) < MOST_LAYERS:
            way = int(match["layer"] or 0), bool(match["back"])
            modules[match["module"]][way][f"{match['what']}_{match['side']}"] = name
        else:
            module, _, what = name.rpartition(".")
            others[module][what] = name
    for module, ways in modules.items():
        try:
            pieces.recurrent(*_stack(module, ways, arrays, decisions), name=module or "rnn")
        except NotOpenedError as error:
            contents.leave_out(module or "rnn", "RNN", error.why)
    attention = tuple(f"{module}." for module, parts in others.items() if _attends(parts))
    for module, parts in others.items():
        if attention and module.startswith(attention):
            continue
        try:
            _other(module, parts, arrays, pieces)
        except NotOpenedError as error:
            contents.leave_out(module, _kind_of_other(module, parts), error.why)
    contents.chains = arrange(pieces, in_order=False)


def _stack(
    module: str,
    ways: Mapping[tuple[int, bool], Mapping[str, str]],
    arrays: Mapping[str, NDArray[Any]],
    decisions: Decisions,
) -> list[Recurrent]:
    """Make the layers of one nn.LSTM, nn.GRU or nn.RNN."""
    if any("weight_hr" in names for names in ways.values()):
        raise NotOpenedError(
            later(
                "its hidden state is projected to a smaller one (proj_size), which no cell here is"
            )
        )
    layers = []
    both = any(back for _, back in ways)
    numbers = sorted({layer for layer, _ in ways})
    for layer in numbers:
        name = f"{module or 'rnn'}.{layer}" if len(numbers) > 1 else module or "rnn"
        cells: list[Cell] = []
        sources: list[Source] = []
        biases: list[tuple[Array, Array]] = []
        for back in (False, True)[: 1 + both]:
            if (layer, back) not in ways:
                raise NotOpenedError(later("weights of one of its layers are missing"))
            names = ways[layer, back]
            direction = ("backward" if back else "forward") if both else ""
            cell, from_file = _cell(name, direction, names, arrays, decisions)
            cells.append(cell)
            sources += from_file
            if {"bias_ih", "bias_hh"} <= set(names) and not isinstance(cell, GRUCell):
                biases.append(_two_biases(names, arrays, cell))
        layers.append(
            Recurrent(
                name=name,
                cell=cells[0],
                backward_cell=cells[1] if both else None,
                sources=tuple(sources),
                two_biases=tuple(biases),
            )
        )
    for before, after in pairwise(layers):
        if before.width != after.features:
            raise OwnError(
                later(
                    "“{before}” hands on {width} numbers, but “{name}” reads {reads}: the file's "
                    "layers do not fit each other.",
                    before=readable(before.name),
                    width=before.width,
                    name=readable(after.name),
                    reads=after.features,
                )
            )
    return layers


def _two_biases(
    names: Mapping[str, str], arrays: Mapping[str, NDArray[Any]], cell: Cell
) -> tuple[Array, Array]:
    first, second = (arrays[names[key]].astype(cell.bias.dtype) for key in ("bias_ih", "bias_hh"))
    return first, second


def _cell(
    name: str,
    direction: str,
    names: Mapping[str, str],
    arrays: Mapping[str, NDArray[Any]],
    decisions: Decisions,
) -> tuple[Cell, list[Source]]:
    if not {"weight_ih", "weight_hh"} <= set(names):
        raise NotOpenedError(later("weights of one of its layers are missing"))
    kernel, recurrent = (arrays[names[key]] for key in ("weight_ih", "weight_hh"))
    units = recurrent.shape[-1] if recurrent.ndim == 2 else 0
    rows = recurrent.shape[0] if recurrent.ndim == 2 else 0
    kind = kind_by_shape(rows, units)
    if kind is None or kernel.ndim != 2 or kernel.shape[0] != rows:
        raise NotOpenedError(
            later(
                "its weights have shapes {kernel} and {recurrent}, which no LSTM, GRU or RNN has",
                kernel=str(kernel.shape),
                recurrent=str(recurrent.shape),
            )
        )
    biases = [names[key] for key in ("bias_ih", "bias_hh") if key in names]
    for bias in biases:
        if arrays[bias].shape != (GATES[kind] * units,):
            raise NotOpenedError(
                later(
                    "“{path}” has shape {shape}, expected {expected}",
                    path=readable(bias),
                    shape=str(arrays[bias].shape),
                    expected=str((GATES[kind] * units,)),
                )
            )
    cell = make_cell(
        kernel.T,
        recurrent.T,
        [arrays[bias] for bias in biases],
        kind,
        ORDERS["pytorch"][kind],
        dtype=decisions.precision(kernel, recurrent),
        activation=_activation(name, kind, decisions),
    )
    return cell, _sources(name, direction, names, biases, arrays, kind)


def _activation(name: str, kind: str, decisions: Decisions) -> str:
    if kind != "RNN":
        return "tanh"
    return str(
        decisions.choose(
            name.rpartition(".")[0] if re.search(r"\.\d+$", name) else name,
            "activation",
            "tanh",
            [Choice(each, Message(each)) for each in ("tanh", "relu")],
            lambda label: later(
                "The file does not say the activation of “{name}”; assumed: {label}.",
                name=readable(name),
                label=label,
            ),
        )
    )


def _sources(
    name: str,
    direction: str,
    names: Mapping[str, str],
    biases: list[str],
    arrays: Mapping[str, NDArray[Any]],
    kind: str,
) -> list[Source]:
    prefix = f"{name}/{direction}" if direction else name
    how: Message = later("transposed")
    both = later("the two biases added")
    if kind == "GRU":
        how = later("transposed; gates put from r z n into the order z r h")
        both = later("one row each; gates put from r z n into the order z r h")
    sources = [
        Source(f"{prefix}/{title}", (names[key],), (arrays[names[key]].shape,), how)
        for title, key in (("kernel", "weight_ih"), ("recurrent_kernel", "weight_hh"))
    ]
    if biases:
        shapes = tuple(arrays[bias].shape for bias in biases)
        way = both if len(biases) == 2 else AS_IT_STANDS
        sources.append(Source(f"{prefix}/bias", tuple(biases), shapes, way))
    return sources


def _other(
    module: str,
    parts: Mapping[str, str],
    arrays: Mapping[str, NDArray[Any]],
    pieces: Pieces,
) -> None:
    """Add an embedding or a linear layer.

    Raises:
        NotOpenedError: if it is something else.
    """
    given = [Given(parts[key], arrays[parts[key]]) for key in ("weight", "bias") if key in parts]
    if set(parts) <= {"num_batches_tracked", "_extra_state"}:
        return
    if not set(parts) <= {"weight", "bias"} or "weight" not in parts:
        raise NotOpenedError(_why(parts))
    weight = given[0].array
    if weight.ndim != 2:
        kind = later("a convolution") if weight.ndim > 2 else later("a normalisation")
        raise NotOpenedError(kind)
    if len(given) == 1 and _is_embedding(module, weight, pieces):
        pieces.embedding(embedding(module, given[0], pieces.decisions))
    else:
        pieces.dense(module, dense(module, given, pieces.decisions, "linear", transposed=True))


def _is_embedding(module: str, weight: NDArray[Any], pieces: Pieces) -> bool:
    if "emb" in module.lower():
        return True
    reads = {stack.reads for stack in pieces.stacks}
    widths = {stack.width for stack in pieces.stacks}
    return weight.shape[1] in reads and weight.shape[1] not in widths


def _attends(parts: Mapping[str, str]) -> bool:
    """Whether the weights are those of nn.MultiheadAttention."""
    return bool({"in_proj_weight", "in_proj_bias", "q_proj_weight"} & set(parts))


def _why(parts: Mapping[str, str]) -> Message:
    if _attends(parts):
        return later("attention")
    if "running_mean" in parts:
        return later("a batch normalisation")
    return later("a layer that is not known here")


def _kind_of_other(module: str, parts: Mapping[str, str]) -> str:
    if _attends(parts):
        return "MultiheadAttention"
    return "BatchNorm" if "running_mean" in parts else module.rpartition(".")[2]
