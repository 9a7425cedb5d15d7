"""The page on variants: two directions, layers, the GRU, peepholes and coupled gates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.asides import run_coupled, run_with_peepholes
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.lessons.cell import TRAINED
from lstm_core.lessons.questions import Question
from lstm_core.lessons.walks import GRU
from lstm_core.sentiment.halves import Halves
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS, Opened

NUMBERS = "1 0.5 -1 2 0 0 0 1"
SHOWN = 4
"""So many units of each LSTM are drawn."""


def halves_sentence(split: Halves) -> str:
    """Say what each direction added, and which one decided."""
    ahead, back = split.moved
    side = "positive" if ahead + back >= 0 else "negative"
    return (
        f"z = {split.bias:.3f} + ({split.forward.sum():.3f}) + ({split.backward.sum():.3f}) = "
        f"**{split.logit:.3f}**, exactly: bias, forward, backward. Against a text of as many unknown "
        f"words, the forward reading moved z by **{ahead:+.2f}** and the backward one by "
        f"**{back:+.2f}**: the **{split.decided}** reading moved it further towards "
        f"{side}. Both lines begin at their own end of the text and run towards each other; each "
        "point is a state that has read everything on its side."
    )


def names_of(layer: str, direction: str) -> str:
    """Name one of the four LSTMs."""
    return f"{layer}, {direction}"


def states(opened: Mapping[tuple[str, str], Opened]) -> dict[str, Array]:
    """Take the hidden states of the units that count most, in the order of the text."""
    taken = {}
    for (layer, direction), seen in opened.items():
        hidden = seen.trace.hidden_state[:, seen.ranking[:SHOWN]]
        taken[names_of(layer, direction)] = hidden[::-1] if direction == "backward" else hidden
    return taken


def layers_table(
    opened: Mapping[tuple[str, str], Opened], without: Mapping[tuple[str, str], Opened]
) -> dict[str, list[str]]:
    """Set side by side how long each LSTM remembers, and the verdict if it could not."""
    rows: dict[str, list[str]] = {
        "LSTM": [],
        "reads": [],
        "mean forget gate": [],
        "half-life at that, words": [],
        "positive without its memory": [],
    }
    for (layer, direction), seen in opened.items():
        gate = float(seen.trace.forget_gate.mean())
        rows["LSTM"].append(names_of(layer, direction))
        rows["reads"].append("word vectors" if layer == LAYERS[0] else "both of the first layer")
        rows["mean forget gate"].append(f"{gate:.3f}")
        rows["half-life at that, words"].append(
            f"{np.log(0.5) / np.log(gate):.1f}" if gate < 1 else "∞"
        )
        changed = without[layer, direction].changed
        rows["positive without its memory"].append(f"{changed:.1%}")
    return rows


EVERY_LSTM = tuple((layer, direction) for layer in LAYERS for direction in DIRECTIONS)


def counts_table(features: int, units: int) -> dict[str, list[str]]:
    """Count parameters by the formula and by the object, for equal units and an equal budget."""
    budget = cell_parameter_count("LSTM", features, units)
    rows: dict[str, list[str]] = {
        "cell": [],
        "formula": [],
        "by the formula": [],
        "by the object": [],
        "units at an equal budget": [],
        "parameters then": [],
    }
    for kind, cell in CELLS.items():
        gates = len(cell.gates)
        made = cell.initialise(features, units, 0)
        counted = sum(array.size for array in made.parameters.values())
        biases = "2" if kind == "GRU" else "1"
        apart = [
            abs(cell_parameter_count(kind, features, u) - budget) for u in range(1, 4 * units + 1)
        ]
        nearest = int(np.argmin(apart)) + 1
        rows["cell"].append(kind)
        rows["formula"].append(f"{gates} × {units} × ({features} + {units} + {biases})")
        rows["by the formula"].append(f"{cell_parameter_count(kind, features, units):,}")
        rows["by the object"].append(f"{counted:,}")
        rows["units at an equal budget"].append(str(nearest))
        rows["parameters then"].append(f"{cell_parameter_count(kind, features, nearest):,}")
    return rows


def asides(cell: LSTMCell, inputs: Array, peephole: float, unit: int) -> dict[str, Array]:
    """Run an LSTM as it is, with peepholes, and with coupled gates; the cell state of one unit."""
    looks = np.full((3, cell.units), peephole)
    return {
        "LSTM": cell.run(inputs).cell_state[:, unit],
        f"peepholes of {peephole:g}": run_with_peepholes(cell, looks, inputs).cell_state[:, unit],
        "coupled, i = 1 − f": run_coupled(cell, inputs).cell_state[:, unit],
    }


def asides_sentence(cell: LSTMCell) -> str:
    """Say what the two asides change, and what they cost."""
    whole = cell_parameter_count("LSTM", cell.features, cell.units)
    coupled = whole - whole // 4
    return (
        "**Peepholes** let the gates see the cell state, which the output gate otherwise hides: "
        f"{3 * cell.units} more parameters, {whole + 3 * cell.units} instead of {whole}. **Coupled gates** "
        f"write exactly where they forget: one block of weights fewer, {coupled}. A GRU couples them "
        "too, and has neither cell state nor output gate. With peepholes of 0 the first line and the second are one."
    )


def which_gate_writes(update: Array, t: int, unit: int) -> Question:
    """Ask how much of the candidate a GRU writes at a step."""
    z = float(update[t, unit])
    choices = {
        f"{1 - z:.1%}": f"The update gate keeps {z:.1%}, and writes the rest: 1 − z.",
        f"{z:.1%}": "That is what it keeps. In papers that write h = (1 − z) h + z g it would be "
        "what is written: one has to look which way round z stands.",
        "100.0%": "An LSTM could: its input gate is free. In a GRU keeping and writing share one "
        "gate.",
    }
    names = tuple(choices)
    return Question(
        f"At step {t + 1} the update gate of unit {unit + 1} is {z:.3f}. How much of the candidate is "
        "written?",
        names,
        (0,),
        tuple(choices.values()),
    )


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
print(trace.hidden_state)
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
    return (
        f"With all memory the text is **{opened.probability:.1%}** positive. Without its memory, an "
        "LSTM has its forget gate held at 0: it sees each word alone, with the hidden state of the one "
        f"before. The second layer reads no word: at every place it gets the {2 * opened.cell.units} numbers that both "
        "readings of the first layer show there, so that it knows the whole text from its first "
        "step on."
    )


def layers_alt(opened: Mapping[tuple[str, str], Opened]) -> str:
    """Say in words what the picture of the layers shows."""
    rows = "; ".join(
        f"{names_of(*which)}: unit {int(seen.ranking[0]) + 1}, from "
        f"{seen.trace.hidden_state[:, seen.ranking[0]].min():.2f} to "
        f"{seen.trace.hidden_state[:, seen.ranking[0]].max():.2f}"
        for which, seen in opened.items()
    )
    return (
        f"Hidden states of the {SHOWN} units that count most in each LSTM. First of each: {rows}."
    )
