"""Arrays by name: those of PyTorch, ours, and arrays of which nobody knows the layout.

Of bare arrays (``np.savez("w.npz", *model.get_weights())``) the shapes tell most: 4 times as many
columns as rows of the recurrent kernel is an LSTM that lies as in Keras, 4 times as many rows one
that lies as in PyTorch. The order of the gates they do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from lstm_core.messages import Message, later
from lstm_core.own.arranging import Pieces, arrange
from lstm_core.own.contents import AS_IT_STANDS, Contents, Decisions, Given, NotOpenedError
from lstm_core.own.keras_layers import dense, embedding
from lstm_core.own.layers import Recurrent
from lstm_core.own.layouts import ORDERS, OURS, kind_by_shape, letters, make_cell
from lstm_core.own.problems import Choice, OwnError, Source
from lstm_core.own.pytorch_files import is_state_dict, open_state_dict
from lstm_core.own.stored import is_ours, open_ours

MOST_ARRAYS = 2_000


def open_arrays(arrays: Mapping[str, NDArray[Any]], decisions: Decisions) -> Contents:
    """Open arrays by name.

    Raises:
        OwnError: if they are no network's.
    """
    contents = Contents()
    if len(arrays) > MOST_ARRAYS:
        raise OwnError(later("The file has {count:,} arrays.", count=len(arrays)))
    if is_ours(arrays):
        open_ours(arrays, decisions, contents)
    elif is_state_dict(list(arrays)):
        contents.library = "PyTorch"
        open_state_dict(arrays, decisions, contents)
    else:
        _open_bare(arrays, decisions, contents)
    return contents


@dataclass
class Block:
    """Arrays that are one direction of a recurrent layer.

    Attributes:
        kind: LSTM, GRU or RNN.
        rows: whether the gates lie along the rows, as in PyTorch.
        features, units: its sizes.
        given: kernel, recurrent kernel and biases.
    """

    kind: str
    rows: bool
    features: int
    units: int
    given: list[Given]


def _open_bare(
    arrays: Mapping[str, NDArray[Any]], decisions: Decisions, contents: Contents
) -> None:
    pieces = Pieces(decisions, contents, "Keras")
    names = sorted(arrays, key=_order) if all(_numbered(name) for name in arrays) else list(arrays)
    given = [Given(name, arrays[name]) for name in names if arrays[name].dtype.kind in "fiu"]
    given = _kernel_first(given)
    blocks: list[Block | list[Given]] = []
    place = 0
    while place < len(given):
        block = _block(given[place:])
        if block:
            blocks.append(block)
            place += len(block.given)
            continue
        one = given[place : place + 1]
        following = given[place + 1 : place + 2]
        if one[0].array.ndim == 2 and following and following[0].array.ndim == 1:
            one += following
        blocks.append(one)
        place += len(one)
    _make(blocks, pieces)
    contents.chains = arrange(pieces, in_order=True)


def _numbered(name: str) -> bool:
    return bool(re.search(r"\d+$", name))


def _order(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)(\d+)", name)
    return (match[1], int(match[2])) if match else (name, 0)


def _kernel_first(given: list[Given]) -> list[Given]:
    """Put arrays that have names of Keras (``bias``, ``kernel``, ``recurrent_kernel``) in its order."""
    ranks = {"kernel": 0, "recurrent_kernel": 1, "bias": 2}

    def rank(each: Given) -> tuple[str, int]:
        module, _, last = re.sub(r":\d+$", "", each.path).rpartition("/")
        return module, ranks.get(last, 0)

    named = all(re.sub(r":\d+$", "", each.path).rpartition("/")[2] in ranks for each in given)
    if not named:
        return given
    first_seen = {rank(each)[0]: place for place, each in reversed(list(enumerate(given)))}
    return sorted(given, key=lambda each: (first_seen[rank(each)[0]], rank(each)[1]))


def _block(given: Sequence[Given]) -> Block | None:
    """Read the next arrays as a direction of a recurrent layer; None if they are none."""
    if len(given) < 2 or given[0].array.ndim != 2 or given[1].array.ndim != 2:
        return None
    kernel, recurrent = given[0].array.shape, given[1].array.shape
    for rows in (False, True):
        units, gates = recurrent[::-1] if rows else recurrent
        features, columns = kernel[::-1] if rows else kernel
        kind = kind_by_shape(gates, units)
        if kind and columns == gates and (kind != "RNN" or features != units or not rows):
            biases = _biases(given[2:4], kind, gates, rows)
            return Block(kind, rows, features, units, [*given[:2], *biases])
    return None


def _biases(given: Sequence[Given], kind: str, gates: int, rows: bool) -> list[Given]:
    first = list(given[:1])
    if not first or first[0].array.shape not in [
        (gates,),
        *([(2, gates)] if kind == "GRU" else []),
    ]:
        return []
    second = list(given[1:2])
    if rows and second and second[0].array.shape == (gates,):
        return first + second
    return first


def _make(blocks: Sequence[Block | list[Given]], pieces: Pieces) -> None:
    """Make layers of the blocks; two alike are the two directions of one, if the next fits that."""
    place = number = 0
    while place < len(blocks):
        block = blocks[place]
        if not isinstance(block, Block):
            _other(block, pieces, place)
            place += 1
            continue
        name = f"layer {number}"
        number += 1
        directions = [block]
        second = blocks[place + 1] if place + 1 < len(blocks) else None
        if isinstance(second, Block) and _is_pair(block, blocks[place + 1 :], name, pieces):
            directions.append(second)
        pieces.recurrent(_recurrent(name, directions, pieces))
        place += len(directions)


def _is_pair(
    block: Block, following: Sequence[Block | list[Given]], name: str, pieces: Pieces
) -> bool:
    """Whether a block and the next are the two directions of a layer."""
    second = following[0] if following else None
    if not isinstance(second, Block) or (second.kind, second.features, second.units) != (
        block.kind,
        block.features,
        block.units,
    ):
        return False
    if block.features != block.units:
        return True
    behind = following[1] if len(following) > 1 else None
    if isinstance(behind, Block) and behind.features in (block.units, 2 * block.units):
        return behind.features == 2 * block.units
    if isinstance(behind, list) and behind[0].array.ndim == 2:
        return 2 * block.units in behind[0].array.shape
    return bool(
        pieces.decisions.choose(
            name,
            "both_directions",
            False,
            (
                Choice(False, later("two layers, one over the other")),
                Choice(True, later("the two directions of one layer")),
            ),
            lambda label: later(
                "Two recurrent blocks of equal shapes follow each other; assumed: {label}.",
                label=label,
            ),
        )
    )


def _recurrent(name: str, blocks: Sequence[Block], pieces: Pieces) -> Recurrent:
    cells, sources = [], []
    for direction, block in zip(("forward", "backward"), blocks, strict=False):
        kind, decisions = block.kind, pieces.decisions
        order = _gates(kind, block.rows, decisions)
        matrices = [each.array.T if block.rows else each.array for each in block.given[:2]]
        biases = [each.array for each in block.given[2:]]
        rows = list(biases[0]) if biases and biases[0].ndim == 2 else biases
        cells.append(
            make_cell(
                matrices[0],
                matrices[1],
                rows,
                kind,
                order,
                dtype=decisions.precision(*matrices),
                reset_after=_reset_after(kind, len(rows), decisions),
                activation=_activation(kind, decisions),
            )
        )
        prefix = f"{name}/{direction}" if len(blocks) == 2 else name
        how = later("transposed") if block.rows else AS_IT_STANDS
        titles = ("kernel", "recurrent_kernel", "bias", "bias")
        sources += [
            Source(
                f"{prefix}/{title}",
                (each.path,),
                (each.array.shape,),
                how if each.array.ndim == 2 and title != "bias" else AS_IT_STANDS,
            )
            for title, each in zip(titles, block.given, strict=False)
        ]
    back = cells[1] if len(cells) == 2 else None
    return Recurrent(name=name, cell=cells[0], backward_cell=back, sources=tuple(sources))


def _gates(kind: str, rows: bool, decisions: Decisions) -> str:
    """The order of the gates: as the library's whose way the arrays lie in, unless decided."""
    if kind == "RNN":
        return OURS[kind]
    likeliest = ORDERS["pytorch" if rows else "keras"][kind]
    labels = {
        "LSTM": {
            "ifco": later("i f c o (Keras, PyTorch)"),
            "iofc": later("i o f c (ONNX)"),
            "icfo": later("i c f o (TensorFlow 1)"),
            "fico": later("f i c o"),
            "fioc": later("f i o c"),
            "ifoc": later("i f o c"),
        },
        "GRU": {"zrh": later("z r h (Keras, ONNX)"), "rzh": later("r z n (PyTorch)")},
    }[kind]
    given = decisions.asked_for("gates")
    known = letters(str(given), kind) if given is not None else None
    if known and known not in labels:
        labels[known] = Message(" ".join(known))
    return str(
        decisions.choose(
            "",
            "gates",
            likeliest,
            [Choice(order, label) for order, label in labels.items()],
            lambda label: later(
                "The file does not say the order of the gates; by the shapes: {label}.", label=label
            ),
        )
    )


def _reset_after(kind: str, biases: int, decisions: Decisions) -> bool:
    if kind != "GRU" or biases == 2:
        return True
    return bool(
        decisions.choose(
            "",
            "reset_after",
            biases == 0,
            (
                Choice(True, later("after the matrix product (Keras 3, PyTorch)")),
                Choice(False, later("before the matrix product (Cho's paper, old Keras)")),
            ),
            lambda label: later(
                "The file does not say where the reset gate acts; assumed: {label}.", label=label
            ),
        )
    )


def _activation(kind: str, decisions: Decisions) -> str:
    if kind != "RNN":
        return "tanh"
    return str(
        decisions.choose(
            "",
            "activation",
            "tanh",
            [Choice(each, Message(each)) for each in ("tanh", "relu", "sigmoid", "linear")],
            lambda label: later(
                "The file does not say the activation; assumed: {label}.", label=label
            ),
        )
    )


def _other(given: list[Given], pieces: Pieces, place: int) -> None:
    """Add a dense layer or an embedding, by its shape."""
    first = given[0].array
    name = f"array {given[0].path}"
    try:
        if first.ndim == 2 and len(given) == 2:
            transposed = first.shape[1:] != given[1].array.shape
            pieces.dense(name, dense(name, given, pieces.decisions, "linear", transposed))
        elif first.ndim == 2 and place == 0:
            pieces.embedding(embedding(name, given[0], pieces.decisions))
        elif first.ndim == 2:
            pieces.dense(name, dense(name, given, pieces.decisions, "linear"))
        else:
            raise NotOpenedError(later("a layer that is not known here"))
    except NotOpenedError as error:
        pieces.contents.leave_out(name, "array", error.why)
