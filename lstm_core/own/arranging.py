"""Layers whose file does not say which reads which: put in a line by the widths that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, permutations

from lstm_core.messages import Message, later
from lstm_core.own.contents import EVERY_STEP, LAST_STATES, Contents, Decisions
from lstm_core.own.layers import SQUASHES, Dense, Embedding, Layer, Recurrent
from lstm_core.own.problems import Choice

MOST_ORDERS = 5_000
"""So many orders of the recurrent layers are tried."""


@dataclass
class Stack:
    """Recurrent layers whose order is known: one, or those of one ``nn.LSTM``."""

    name: str
    layers: list[Recurrent]

    @property
    def reads(self) -> int:
        """Length of the vectors that it reads."""
        return self.layers[0].features

    @property
    def width(self) -> int:
        """Length of the vectors that it hands on."""
        return self.layers[-1].width


@dataclass
class Pieces:
    """The layers of a file, as they come.

    Attributes:
        decisions: what the file does not say.
        contents: where it is told what is left out.
        library: whose habits are assumed: "Keras" or "PyTorch".
        items: in the order of the file.
    """

    decisions: Decisions
    contents: Contents
    library: str
    items: list[Stack | Embedding | Dense] = field(default_factory=list)

    def recurrent(self, *layers: Recurrent, name: str = "") -> None:
        """Add recurrent layers whose order is known."""
        self.items.append(Stack(name or layers[0].name, list(layers)))

    def embedding(self, layer: Embedding) -> None:
        """Add an embedding."""
        self.items.append(layer)

    def dense(self, name: str, layer: Dense) -> None:
        """Add a dense layer."""
        del name
        self.items.append(layer)

    @property
    def stacks(self) -> list[Stack]:
        """The recurrent ones."""
        return [item for item in self.items if isinstance(item, Stack)]


def arrange(pieces: Pieces, in_order: bool) -> list[list[Layer]]:
    """Put layers in lines, each with a recurrent one in it.

    Args:
        pieces: the layers.
        in_order: whether they stand in the file in the order in which they read.

    Returns:
        The lines; what fits into none is named among what is left out.
    """
    lines: list[list[Layer]] = []
    rest = [item for item in pieces.items if not isinstance(item, Stack)]
    groups = [pieces.stacks] if in_order and _fit(pieces.stacks) else _orders(pieces)
    for stacks in groups:
        if not stacks:
            continue
        line: list[Layer] = [layer for stack in stacks for layer in stack.layers]
        front = _in_front(stacks[0], rest)
        behind = _behind(stacks[-1], rest, in_order)
        rest = [item for item in rest if item is not front and item not in behind]
        dense = [
            replace(layer, activation=_activation(layer, pieces, last=layer is behind[-1]))
            for layer in behind
        ]
        layers: list[Layer] = [*([front] if front else []), *line, *dense]
        lines.append(_finished(layers, pieces))
    for item in rest:
        pieces.contents.leave_out(
            item.name,
            item.kind,
            later("its shape fits neither in front of a recurrent layer nor behind one"),
        )
    return lines


def _fit(stacks: Sequence[Stack]) -> bool:
    return all(one.width == following.reads for one, following in pairwise(stacks))


def _orders(pieces: Pieces) -> list[list[Stack]]:
    """Put the recurrent layers in one line if their widths allow it, else each in its own."""
    stacks = pieces.stacks
    if len(stacks) < 2:
        return [stacks]
    fitting = [list(order) for order in islice(permutations(stacks), MOST_ORDERS) if _fit(order)]
    if not fitting:
        return [[stack] for stack in stacks]
    names = {" > ".join(stack.name for stack in order): order for order in fitting[:20]}
    likeliest = next(iter(names))
    chosen = pieces.decisions.choose(
        "",
        "order",
        likeliest,
        [
            *(Choice(name, Message(name)) for name in names),
            Choice("apart", later("each by itself")),
        ],
        lambda label: later(
            "The file does not say in which order its recurrent layers read; by their widths: "
            "{label}.",
            label=label,
        ),
        asked=len(fitting) > 1,
    )
    return [[stack] for stack in stacks] if chosen == "apart" else [names[chosen]]


def _in_front(stack: Stack, rest: Sequence[Embedding | Dense]) -> Embedding | Dense | None:
    """The embedding whose vectors the first layer reads."""
    for item in rest:
        if isinstance(item, Embedding) and item.table.shape[1] == stack.reads:
            return item
    return None


def _behind(stack: Stack, rest: Sequence[Embedding | Dense], in_order: bool) -> list[Dense]:
    """The dense layers that read what the last recurrent layer hands on, and each other."""
    width, behind = stack.width, []
    free = [item for item in rest if isinstance(item, Dense)]
    while fitting := [item for item in free if item.reads == width]:
        # Of several, the one that another can follow; the narrowest comes last.
        first = fitting[0] if in_order else max(fitting, key=lambda d: d.kernel.shape[1])
        behind.append(first)
        free = [item for item in free if item is not first]
        width = first.kernel.shape[1]
    return behind


def _activation(layer: Dense, pieces: Pieces, last: bool) -> str:
    return str(
        pieces.decisions.choose(
            layer.name,
            "activation",
            "linear" if last else "relu",
            [Choice(each, Message(each)) for each in SQUASHES],
            lambda label: later(
                "The file does not say the activation of “{name}”; assumed: {label}.",
                name=layer.name,
                label=label,
            ),
            asked=not last,
        )
    )


def _finished(layers: list[Layer], pieces: Pieces) -> list[Layer]:
    """Decide what the last recurrent layer hands on."""
    place, last = next(
        (place, layer)
        for place, layer in reversed(list(enumerate(layers)))
        if isinstance(layer, Recurrent)
    )
    both = last.backward_cell is not None
    likeliest = LAST_STATES if both and place + 1 < len(layers) else EVERY_STEP
    if pieces.library == "PyTorch":
        likeliest = EVERY_STEP
    chosen = pieces.decisions.choose(
        last.name,
        "hands_on",
        likeliest.value,
        [EVERY_STEP, LAST_STATES],
        lambda label: later(
            "The file does not say what “{name}” hands on; assumed: {label}.",
            name=last.name,
            label=label,
        ),
        asked=both and place + 1 < len(layers),
    )
    if chosen == LAST_STATES.value:
        layers[place] = replace(last, sequences=False)
    return layers
