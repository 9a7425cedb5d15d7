"""The page on variants: two directions, layers, the GRU, peepholes and coupled gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.arrays import Array
from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.asides import run_coupled, run_with_peepholes
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.lstm import LSTMCell
from lstm_core.language import mark, say
from lstm_core.lessons.cell import TRAINED
from lstm_core.lessons.questions import Question
from lstm_core.lessons.walks import GRU
from lstm_core.sentiment.halves import Halves
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened, open_up, probability_held
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.tokenizer import UNKNOWN_ID

Runs = dict[str, Array]
"""A number over time by the run that it belongs to, (time,) each."""
NUMBERS = "1 0.5 -1 2 0 0 0 1"
SHOWN = 4
"""So many units of each LSTM are drawn."""


DECIDED = {
    ("forward", True): mark("the **forward** reading moved it further towards positive"),
    ("forward", False): mark("the **forward** reading moved it further towards negative"),
    ("backward", True): mark("the **backward** reading moved it further towards positive"),
    ("backward", False): mark("the **backward** reading moved it further towards negative"),
}
NAMED = {
    "first": mark("first"),
    "second": mark("second"),
    "forward": mark("forward"),
    "backward": mark("backward"),
}
"""Layers and directions, as they are shown."""


@dataclass(frozen=True)
class LastPlace:
    """How far the states at the last word move if all other words become unknown ones.

    Attributes:
        words: as they are read.
        forward: largest change of a hidden state of the first layer's forward LSTM there.
        backward: the same of its backward LSTM, which has read that one word alone.
    """

    words: Sequence[str]
    forward: float
    backward: float


@dataclass(frozen=True)
class Shown:
    """What stands on the page.

    Attributes:
        split: the logit of the sentence, shared out between both readings.
        last: what the states at the last word of the sentence know.
        gru: the cell that is stepped.
        trace: its run.
        aside: the cell state of the unit in front, by variant, (time,).
        step: the input at which the player rests, from 0.
        unit: in front, from 0.
    """

    split: Halves
    last: LastPlace
    gru: GRUCell
    trace: GRUTrace
    aside: Mapping[str, Array]
    step: int
    unit: int

    @property
    def kept(self) -> Array:
        """The update gate of the unit in front, (time,)."""
        return np.asarray(self.trace.update_gate[:, self.unit])


def last_place(reader: Reader, ids: NDArray[np.integer], words: Sequence[str]) -> LastPlace:
    """Read a sentence, and once more with every word but the last unknown."""
    network = reader.network.doubled
    alone = np.full_like(ids, UNKNOWN_ID)
    alone[-1] = ids[-1]
    layer = network.layers.layers[0]
    states = [layer.run(network.embed(some)).hidden_state[-1] for some in (ids, alone)]
    ahead, back = np.split(np.abs(states[0] - states[1]), 2)
    return LastPlace(words, float(ahead.max()), float(back.max()))


def halves_sentence(split: Halves) -> str:
    """Say what each direction added, and which one decided."""
    ahead, back = split.moved
    return say(
        "z = {bias:.3f} + ({forward:.3f}) + ({backward:.3f}) = **{logit:.3f}**, exactly: bias, "
        "forward, backward. Against a text of as many unknown words, the forward reading moved z by "
        "**{ahead:+.2f}** and the backward one by **{back:+.2f}**: {decided}. Both lines begin at "
        "their own end of the text and run towards each other; each point is a state that has read "
        "everything on its side.",
        bias=split.bias, forward=split.forward.sum(), backward=split.backward.sum(),
        logit=split.logit, ahead=ahead, back=back,
        decided=say(DECIDED[split.decided, ahead + back >= 0]),
    )  # fmt: skip


def names_of(layer: str, direction: str) -> str:
    """Name one of the four LSTMs."""
    return say("{layer}, {direction}", layer=say(NAMED[layer]), direction=say(NAMED[direction]))


def states(opened: Mapping[tuple[str, str], Opened]) -> dict[str, Array]:
    """Take the hidden states of the units that count most, in the order of the text."""
    taken = {}
    for (layer, direction), seen in opened.items():
        hidden = seen.trace.hidden_state[:, seen.ranking[:SHOWN]]
        taken[names_of(layer, direction)] = hidden[::-1] if direction == "backward" else hidden
    return taken


def layers_table(
    opened: Mapping[tuple[str, str], Opened], without: Mapping[tuple[str, str], float]
) -> dict[str, list[str]]:
    """Set side by side how long each LSTM remembers, and the verdict if it could not.

    Args:
        opened: each as trained.
        without: probability of "positive" where this one's forget gate is held at 0.
    """
    reads = {
        LAYERS[0]: say("word vectors"),
        LAYERS[1]: say("both of the first layer"),
    }
    gates = {which: float(seen.trace.forget_gate.mean()) for which, seen in opened.items()}
    return {
        "LSTM": [names_of(*which) for which in opened],
        say("reads"): [reads[layer] for layer, _ in opened],
        say("mean forget gate"): [f"{gate:.3f}" for gate in gates.values()],
        say("half-life at that, words"): [
            f"{np.log(0.5) / np.log(gate):.1f}" if gate < 1 else "∞" for gate in gates.values()
        ],
        say("positive without its memory"): [f"{without[which]:.1%}" for which in opened],
    }


EVERY_LSTM = tuple((layer, direction) for layer in LAYERS for direction in DIRECTIONS)


@dataclass(frozen=True)
class AllFour:
    """What the page shows of the four LSTMs on a sentence; their traces would fill the session.

    Attributes:
        states: hidden states of the units that count most, by LSTM, (time, ``SHOWN``) each.
        alt: the picture of them in words.
        table: how long each remembers, and the verdict if it could not.
        sentence: what the table compares with.
    """

    states: dict[str, Array]
    alt: str
    table: dict[str, list[str]]
    sentence: str


def all_four(reader: Reader, ids: NDArray[np.integer]) -> AllFour:
    """Open each of the four LSTMs on a sentence, and hold the forget gate of each at 0."""
    opened = {which: open_up(reader, ids, *numbered(which)) for which in EVERY_LSTM}
    without = {
        which: probability_held(reader, ids, *numbered(which), {"forget": 0.0})
        for which in EVERY_LSTM
    }
    sentence = layers_sentence(next(iter(opened.values())))
    return AllFour(states(opened), layers_alt(opened), layers_table(opened, without), sentence)


def counts_table(features: int, units: int) -> dict[str, list[str]]:
    """Count parameters by the formula and by the object, for equal units and an equal budget."""
    budget = cell_parameter_count("LSTM", features, units)
    names = (
        say("cell"), say("formula"), say("by the formula"), say("by the object"),
        say("units at an equal budget"), say("parameters then"),
    )  # fmt: skip
    lines = []
    for kind, cell in CELLS.items():
        gates = len(cell.gates)
        made = cell.initialise(features, units, 0)
        counted = sum(array.size for array in made.parameters.values())
        biases = "2" if kind == "GRU" else "1"
        apart = [
            abs(cell_parameter_count(kind, features, u) - budget) for u in range(1, 4 * units + 1)
        ]
        nearest = int(np.argmin(apart)) + 1
        lines.append(
            (
                kind,
                f"{gates} × {units} × ({features} + {units} + {biases})",
                f"{cell_parameter_count(kind, features, units):,}",
                f"{counted:,}",
                str(nearest),
                f"{cell_parameter_count(kind, features, nearest):,}",
            )
        )
    return {
        name: list(column) for name, column in zip(names, zip(*lines, strict=True), strict=True)
    }


def asides(cell: LSTMCell, inputs: Array, peephole: float, unit: int) -> Runs:
    """Run an LSTM as it is, with peepholes, and with coupled gates; the cell state of one unit."""
    looks = np.full((3, cell.units), peephole)
    return {
        "LSTM": cell.run(inputs).cell_state[:, unit],
        say("peepholes of {weight:g}", weight=peephole): run_with_peepholes(
            cell, looks, inputs
        ).cell_state[:, unit],
        say("coupled, i = 1 − f"): run_coupled(cell, inputs).cell_state[:, unit],
    }


def asides_sentence(cell: LSTMCell) -> str:
    """Say what the two asides change, and what they cost."""
    whole = cell_parameter_count("LSTM", cell.features, cell.units)
    coupled = whole - whole // 4
    return say(
        "**Peepholes** let the gates see the cell state, which the output gate otherwise hides: "
        "{more} more parameters, {peeping} instead of {whole}. **Coupled gates** write exactly where "
        "they forget: one block of weights fewer, {coupled}. A GRU couples them too, and has neither "
        "cell state nor output gate. With peepholes of 0 the first line and the second are one.",
        more=3 * cell.units, peeping=whole + 3 * cell.units, whole=whole, coupled=coupled,
    )  # fmt: skip


def which_gate_writes(update: Array, t: int, unit: int) -> Question:
    """Ask how much of the candidate a GRU writes at a step."""
    z = float(update[t, unit])
    written = say("The update gate keeps {z:.1%}, and writes the rest: 1 − z.", z=z)
    kept = say(
        "That is what it keeps. In papers that write h = (1 − z) h + z g it would be what is written: "
        "one has to look which way round z stands."
    )
    everything = say(
        "An LSTM could: its input gate is free. In a GRU keeping and writing share one gate."
    )
    choices: dict[str, tuple[str, str]] = {}
    for share, why, mistake in (
        (1 - z, written, ""),
        (z, kept, "gru-z-or-one-minus-z"),
        (1.0, everything, "gru-is-merged-lstm"),
    ):
        # Of two that read the same, the right one stays.
        choices.setdefault(f"{share:.1%}", (why, mistake))
    return Question(
        say(
            "At step {step} the update gate of unit {unit} is {z:.3f}. How much of the candidate is "
            "written?",
            step=t + 1, unit=unit + 1, z=z,
        ),
        tuple(choices),
        (0,),
        tuple(why for why, _ in choices.values()),
        tuple(mistake for _, mistake in choices.values()),
    )  # fmt: skip


def code(gru: GRUCell, inputs: Array) -> str:
    """Write the Python that reproduces the GRU's numbers, line by line as the player shows it."""
    return f"""import numpy as np
from lstm_core import GRUCell, sigmoid

cell = GRUCell(
    kernel={gru.kernel.tolist()},
    recurrent_kernel={gru.recurrent_kernel.tolist()},
    bias={gru.bias.tolist()},
)  # Columns: update, reset, candidate, as in Keras; the second row of bias is the recurrence's.
inputs = np.array({inputs.tolist()})
kernel, recurrent_kernel, bias = cell.kernel, cell.recurrent_kernel, cell.bias
units = cell.units

{chr(10).join(GRU.code)}

# The same in one call.
trace = cell.run(inputs)
print(np.abs(h - trace.hidden_state[-1]).max())
result = trace.hidden_state
print(result)
"""


def keras_code(gru: GRUCell, inputs: Array) -> str:
    """Write the same with Keras: the same order of gates, and reset_after by default."""
    return f"""import keras
import numpy as np

layer = keras.layers.GRU({gru.units}, return_sequences=True, reset_after=True, dtype="float64")
layer.build((None, None, {gru.features}))
kernel = {gru.kernel.tolist()}
recurrent_kernel = {gru.recurrent_kernel.tolist()}
bias = {gru.bias.tolist()}
layer.set_weights([np.array(kernel), np.array(recurrent_kernel), np.array(bias)])
inputs = np.array({inputs.tolist()})
result = keras.ops.convert_to_numpy(layer(inputs[np.newaxis]))[0]
print(result)
"""


def torch_code(gru: GRUCell, inputs: Array) -> str:
    """Write the same with PyTorch, whose gates come in another order: reset, update, candidate."""
    return f"""import torch


def reordered(columns):
    # Update, reset, candidate, as in Keras, become reset, update, candidate.
    update, reset, candidate = torch.tensor(columns, dtype=torch.float64).chunk(3, dim=-1)
    return torch.cat([reset, update, candidate], dim=-1)


layer = torch.nn.GRU({gru.features}, {gru.units}, batch_first=True, dtype=torch.float64)
kernel = {gru.kernel.tolist()}
recurrent_kernel = {gru.recurrent_kernel.tolist()}
bias = {gru.bias.tolist()}
with torch.no_grad():
    layer.weight_ih_l0.copy_(reordered(kernel).T)
    layer.weight_hh_l0.copy_(reordered(recurrent_kernel).T)
    layer.bias_ih_l0.copy_(reordered(bias[0]))
    layer.bias_hh_l0.copy_(reordered(bias[1]))
    inputs = torch.tensor({inputs.tolist()}, dtype=torch.float64)
    result = layer(inputs[None])[0][0].numpy()
print(result)
"""


def numbered(which: tuple[str, str]) -> tuple[int, str]:
    """Turn the name of a layer into its number, as ``open_up`` takes it."""
    return LAYERS.index(which[0]), which[1]


def opens(which: tuple[str, str], text: str) -> dict[str, str]:
    """Write the address at which the page of the cell opens one of the four LSTMs on a text."""
    layer, direction = which
    return {
        "cell_source": TRAINED,
        "cell_text": text,
        "cell_layer": layer,
        "cell_direction": direction,
    }


def layers_sentence(opened: Opened) -> str:
    """Say what the table compares with, and what depth is."""
    return say(
        "With all memory the text is **{probability:.1%}** positive. Without its memory, an LSTM has "
        "its forget gate held at 0: it sees each word alone, with the hidden state of the one before. "
        "The second layer reads no word: at every place it gets the {numbers} numbers that both "
        "readings of the first layer show there, so that it knows the whole text from its first step "
        "on.",
        probability=opened.probability, numbers=2 * opened.cell.units,
    )  # fmt: skip


def layers_alt(opened: Mapping[tuple[str, str], Opened]) -> str:
    """Say in words what the picture of the layers shows."""
    rows = "; ".join(
        say(
            "{layer}, {direction}: unit {unit}, from {low:.2f} to {high:.2f}",
            layer=say(NAMED[which[0]]), direction=say(NAMED[which[1]]),
            unit=int(seen.ranking[0]) + 1,
            low=seen.trace.hidden_state[:, seen.ranking[0]].min(),
            high=seen.trace.hidden_state[:, seen.ranking[0]].max(),
        )
        for which, seen in opened.items()
    )  # fmt: skip
    return say(
        "Hidden states of the {count} units that count most in each LSTM. First of each: {rows}.",
        count=SHOWN, rows=rows,
    )  # fmt: skip
