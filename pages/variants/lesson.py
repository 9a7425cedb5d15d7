"""The page on variants: where its controls stand, and what is said and asked.

It is about two directions, layers over layers, the GRU, peepholes and coupled gates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.variants import run_coupled, run_with_peepholes
from lstm_core.sentiment.halves import Halves
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened, open_up, probability_held
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.tokenizer import UNKNOWN_ID
from pages._book.exercises import Step
from pages._book.language import decimal, mark, say
from pages._book.programs import Programs, programs
from pages._book.questions import Question
from pages._book.sentences import SENTENCE

NUMBERS = "1 0.5 -1 2 0 0 0 1"
START = {
    "variants_text": SENTENCE,
    "gru_sequence": NUMBERS,
    "gru_units": 2,
    "gru_seed": 1,
    "gru_unit": 1,
    "gru_step": Step(0),
    "peephole": 1.0,
}
"""The page's controls by their keys, with what they stand at to begin with."""

Runs = dict[str, Array]
"""A number over time by the run that it belongs to, (time,) each."""

SHOWN = 4
"""So many units of each LSTM are drawn."""

DECIDED = {
    ("forward", True): mark("the **forward** reading moves the logit more, towards positive"),
    ("forward", False): mark("the **forward** reading moves the logit more, towards negative"),
    ("backward", True): mark("the **backward** reading moves the logit more, towards positive"),
    ("backward", False): mark("the **backward** reading moves the logit more, towards negative"),
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
        aside: the cell state of the unit shown, by variant, (time,).
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
        """The update gate of the unit shown, (time,)."""
        return np.asarray(self.trace.update_gate[:, self.unit])


def last_place(reader: Reader, ids: NDArray[np.integer], words: Sequence[str]) -> LastPlace:
    """Read a sentence, and once more with every word but the last unknown."""
    network = reader.network.doubled
    alone = np.full_like(ids, UNKNOWN_ID)
    alone[-1] = ids[-1]
    layer = network.layers.layers[0]
    states = [layer.run(network.embed(text)).hidden_state[-1] for text in (ids, alone)]
    ahead, back = np.split(np.abs(states[0] - states[1]), 2)
    return LastPlace(words, float(ahead.max()), float(back.max()))


def halves_sentence(split: Halves) -> str:
    """Say what each direction adds to the logit."""
    return say(
        "The logit is the sum of a bias of {bias:.2f}, forward {forward:+.2f} and backward {backward:+.2f}: "
        "**{logit:.2f}**. At every word each LSTM adds what it knows from its side.",
        bias=split.bias,
        forward=split.forward.sum(),
        backward=split.backward.sum(),
        logit=split.logit,
    )


def which_decided(split: Halves) -> str:
    """Say which reading moved the logit further, against a text of as many unknown words."""
    ahead, back = split.moved
    return say(
        "Compared with a text of as many unknown words, {decided}: forward {ahead:+.2f}, backward "
        "{back:+.2f}.",
        ahead=ahead,
        back=back,
        decided=say(DECIDED[split.decided, ahead + back >= 0]),
    )


def names_of(layer: str, direction: str) -> str:
    """Name one of the four LSTMs."""
    return say(
        "{layer} layer, {direction}", layer=say(NAMED[layer]), direction=say(NAMED[direction])
    )


def states(opened: Mapping[tuple[str, str], Opened]) -> dict[str, Array]:
    """Take the hidden states of the units that count most, in the order of the text."""
    by_name = {}
    for (layer, direction), lstm in opened.items():
        hidden = lstm.trace.hidden_state[:, lstm.ranking[:SHOWN]]
        by_name[names_of(layer, direction)] = hidden[::-1] if direction == "backward" else hidden
    return by_name


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
    gates = {which: float(lstm.trace.forget_gate.mean()) for which, lstm in opened.items()}
    return {
        "LSTM": [names_of(*which) for which in opened],
        say("reads"): [reads[layer] for layer, _ in opened],
        say("mean forget gate"): [decimal(gate, ".3f") for gate in gates.values()],
        say("half-life at that gate, words"): [
            decimal(np.log(0.5) / np.log(gate), ".1f") if gate < 1 else "∞"
            for gate in gates.values()
        ],
        say("positive without its memory"): [decimal(without[which], ".1%") for which in opened],
    }


EVERY_LSTM = tuple((layer, direction) for layer in LAYERS for direction in DIRECTIONS)


@dataclass(frozen=True)
class AllFour:
    """What the page shows of the four LSTMs on a sentence; their traces would fill the session.

    Attributes:
        states: hidden states of the units that count most, by LSTM, (time, ``SHOWN``) each.
        units: which units these are, from 0, by LSTM.
        alt: the picture of them in words.
        table: how long each remembers, and the verdict if it could not.
        sentence: what the table compares with.
        reads: what each layer reads.
    """

    states: dict[str, Array]
    units: dict[str, list[int]]
    alt: str
    table: dict[str, list[str]]
    sentence: str
    reads: str


def all_four(reader: Reader, ids: NDArray[np.integer]) -> AllFour:
    """Open each of the four LSTMs on a sentence, and hold the forget gate of each at 0."""
    opened = {which: open_up(reader, ids, *numbered(which)) for which in EVERY_LSTM}
    without = {
        which: probability_held(reader, ids, *numbered(which), {"forget": 0.0})
        for which in EVERY_LSTM
    }
    first = next(iter(opened.values()))
    table = layers_table(opened, without)
    units = {names_of(*which): lstm.ranking[:SHOWN].tolist() for which, lstm in opened.items()}
    sentences = layers_alt(opened), table, layers_sentence(first), reads_sentence(first)
    return AllFour(states(opened), units, *sentences)


def counts_table(features: int, units: int) -> dict[str, list[str]]:
    """Count parameters by the formula and by the object, for equal units and an equal budget."""
    budget = cell_parameter_count("LSTM", features, units)
    rows = [_counts(kind, features, units, budget) for kind in CELLS]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _counts(kind: str, features: int, units: int, budget: int) -> dict[str, str]:
    """Count one kind of cell; a GRU with reset_after has two biases a gate."""
    cell = CELLS[kind].initialise(features, units, 0)
    biases = 2 if kind == "GRU" else 1
    nearest = _nearest(kind, features, units, budget)
    return {
        say("cell"): kind,
        say("formula"): f"{len(cell.gates)} × {units} × ({features} + {units} + {biases})",
        say("by the formula"): decimal(cell_parameter_count(kind, features, units), ","),
        say("by the object"): decimal(sum(array.size for array in cell.parameters.values()), ","),
        say("units at an equal budget"): str(nearest),
        say("parameters then"): decimal(cell_parameter_count(kind, features, nearest), ","),
    }


def asides(cell: LSTMCell, inputs: Array, peephole: float, unit: int) -> Runs:
    """Run an LSTM as it is, with peepholes, and with coupled gates; the cell state of one unit."""
    traces = {
        "LSTM": cell.run(inputs),
        say("peepholes of {weight:g}", weight=peephole): run_with_peepholes(
            cell, np.full((3, cell.units), peephole), inputs
        ),
        say("coupled, i = 1 − f"): run_coupled(cell, inputs),
    }
    return {name: trace.cell_state[:, unit] for name, trace in traces.items()}


def asides_sentence(cell: LSTMCell, runs: Sequence[Array]) -> str:
    """Say what the two asides change, and what they cost; the runs are those of ``asides``."""
    whole = cell_parameter_count("LSTM", cell.features, cell.units)
    plain, peeped, tied = (float(run[-1]) for run in runs)
    return say(
        "The LSTM has {whole} parameters; c ends at {plain:.3f}. With **peepholes** the gates also see the "
        "cell state: {peeping} parameters, c = **{peeped:.3f}**. With **coupled gates**, i = 1 − f, it "
        "writes just what it forgets: {coupled} parameters, c = **{tied:.3f}**.",
        plain=plain,
        peeped=peeped,
        tied=tied,
        peeping=whole + 3 * cell.units,
        whole=whole,
        coupled=whole - whole // 4,
    )


def counts_sentence(features: int, units: int) -> str:
    """Say what a GRU costs beside an LSTM, and what it gets for the same budget."""
    budget = cell_parameter_count("LSTM", features, units)
    return say(
        "Parameters are blocks × units × (features + units + biases). The GRU has three blocks of weights, "
        "each with two biases: **{gru:,}**; the LSTM has **{lstm:,}**. A GRU of {more} units comes nearest "
        "to that.",
        gru=cell_parameter_count("GRU", features, units),
        lstm=budget,
        more=_nearest("GRU", features, units, budget),
    )


def _nearest(kind: str, features: int, units: int, budget: int) -> int:
    """Return with how many units a kind of cell comes nearest to a budget of parameters."""
    distances = [
        abs(cell_parameter_count(kind, features, other) - budget)
        for other in range(1, 4 * units + 1)
    ]
    return int(np.argmin(distances)) + 1


def which_gate_writes(update: Array, t: int, unit: int) -> Question:
    """Ask how much of the candidate a GRU writes at a step."""
    z = float(update[t, unit])
    written = say("The update gate keeps {z:.1%}, and writes the rest: 1 − z.", z=z)
    kept = say(
        "That is what it keeps. Papers that write h = (1 − z) h + z g mean by z what is written: look "
        "which way round it is."
    )
    everything = say(
        "An LSTM could: its input gate is free. In a GRU keeping and writing share one gate."
    )
    text = say(
        "At step {step} the update gate of unit {unit} is {z:.3f}. How much of the candidate is "
        "written?",
        step=t + 1,
        unit=unit + 1,
        z=z,
    )
    choices: dict[str, tuple[str, str]] = {}
    for share, why, mistake in (
        (1 - z, written, ""),
        (z, kept, "gru-z-or-one-minus-z"),
        (1.0, everything, "gru-is-merged-lstm"),
    ):
        # Of two that read the same, the right one stays.
        choices.setdefault(decimal(share, ".1%"), (why, mistake))
    feedback, mistakes = zip(*choices.values(), strict=True)
    return Question(text, tuple(choices), (0,), feedback, mistakes)


def gru_programs(gru: GRUCell, inputs: Array) -> Programs:
    """Put a GRU and what it reads into the programs to take home."""
    return programs(
        "variants",
        kernel=gru.kernel,
        recurrent_kernel=gru.recurrent_kernel,
        bias=gru.bias,
        inputs=inputs,
    )


def numbered(which: tuple[str, str]) -> tuple[int, str]:
    """Turn the name of a layer into its number, as ``open_up`` takes it."""
    return LAYERS.index(which[0]), which[1]


def opens(which: tuple[str, str], text: str) -> dict[str, str]:
    """Write the address at which the page of the cell opens one of the four LSTMs on a text."""
    layer, direction = which
    return {
        "panel": "trained",
        "cell_text": text,
        "cell_layer": layer,
        "cell_direction": direction,
    }


def layers_sentence(opened: Opened) -> str:
    """Say what the table compares with."""
    return say(
        "With all memory the text is **{probability:.1%}** positive. “Without its memory” holds the "
        "forget gate of an LSTM at 0: it keeps nothing in its cell state and reads each word with the "
        "previous hidden state alone.",
        probability=opened.probability,
    )


def reads_sentence(opened: Opened) -> str:
    """Say what each layer reads."""
    return say(
        "The first layer reads word vectors. The second reads, at every word, the **{numbers}** hidden "
        "states of both directions of the first: it knows the whole text from its first step on.",
        numbers=2 * opened.cell.units,
    )


def layers_alt(opened: Mapping[tuple[str, str], Opened]) -> str:
    """Say in words what the picture of the layers shows."""
    rows = "; ".join(_range_of(*which, lstm) for which, lstm in opened.items())
    return say(
        "Hidden states of the {count} units that count most in each LSTM. First of each: {rows}.",
        count=SHOWN,
        rows=rows,
    )


def _range_of(layer: str, direction: str, lstm: Opened) -> str:
    """Say from where to where the hidden state of the unit that counts most goes."""
    unit = int(lstm.ranking[0])
    hidden = lstm.trace.hidden_state[:, unit]
    return say(
        "{layer}, {direction}: unit {unit}, from {low:.2f} to {high:.2f}",
        layer=say(NAMED[layer]),
        direction=say(NAMED[direction]),
        unit=unit + 1,
        low=hidden.min(),
        high=hidden.max(),
    )
