"""What the contract test needs to know of the cell's chapter; its state is an ``exercises.Run``."""

from functools import cache
from itertools import product

import numpy as np

from lstm_core.sentiment.opened import open_up
from lstm_core.sentiment.reader import Reader
from pages._book.sentences import SENTENCE
from pages.cell import exercises, lesson
from tests.chapters.reaching import reached


def run(name, t=0, unit=0, units=1, change=None):
    """Run a preset as the page does, its cell changed first, if it is to be."""
    start = lesson.SMALL_CELLS[name]
    cell = start.cell(units, 1)
    if change:
        cell = change(cell)
    return exercises.Run(cell, cell.run(start.read(start.text)[1]), t, unit)


def biases(**values):
    """Return what sets the biases of gates."""

    def change(cell):
        bias = cell.bias.copy()
        for gate, value in values.items():
            bias[cell.columns(gate)] = value
        return cell.with_parameters({**cell.parameters, "bias": bias})

    return change


@cache
def opened(text=SENTENCE, layer=0, direction="backward", **held):
    """Open an LSTM on a sentence, gates held."""
    reader = Reader.load()
    return open_up(reader, reader.ids(text), layer, direction, held)


def trained(*of, **held):
    """Play an LSTM of the trained network on a sentence, gates held."""
    seen = opened(*of, **held)
    return exercises.Run(seen.cell, seen.trace, 0, 0, seen)


def held_at_an_end():
    """Hold the candidate of each LSTM at one end, on sentences of which the network is less sure."""
    for text in ("It was not bad.", "The film was good.", "I liked it.", SENTENCE):
        for layer, direction in product((0, 1), ("forward", "backward")):
            for end in (-1.0, 1.0):
                yield trained(text, layer, direction, candidate=end)


FIRST = run(lesson.FIRST)
REACHED = {
    "bit-survives": run(exercises.FADING, change=biases(forget=8.0, input=-8.0)),
    "silent": run("Leave the squash", change=lambda cell: cell.clamped({"output": 0.05})),
    "verdict-turned": reached(exercises.QUESTS, "verdict-turned", held_at_an_end()),
}
BUTTONS = ("stage_more", "cell_unit")
MOVES = (
    {"step": 4},
    {"step": 25},
    {"hold_forget": True, "hold_forget_at": 0.5},
    {"units": 4},
    {"cell_text": "A dull film."},
    {"cell_off": [38]},
    None,
)
STATES = [
    run(name, t, units - 1, units)
    for name, start in lesson.SMALL_CELLS.items()
    for units in ((1, 3) if start.random else (1,))
    for t in (0, 3)
]


def shown(preset):
    """Return what a preset's claim is checked on, as the page opens it: two units if it can."""
    return state(preset).trace


def state(preset):
    """Return what the quests are checked on after a preset."""
    values = preset.sets
    start = lesson.SMALL_CELLS[values["preset"]]
    cell = start.cell(values["units"], values["weights_seed"])
    return exercises.Run(cell, cell.run(start.read(values["sequence"])[1]), 0, values["unit"] - 1)


_SHUT = ("Keep a bit", "Forget on a marker", "Count", "Sum", "Ignore noise", "Leave the squash")
broken = {name: run(name, change=biases(input=-50.0)).trace for name in _SHUT} | {
    "A bit that fades": run("A bit that fades", change=biases(forget=8.0)).trace,
    "Keep nothing for ever": run("Keep nothing for ever", change=biases(input=8.0)).trace,
    "Saturate": run("Count").trace,
    "Untrained, numbers": run("Untrained, numbers", change=biases(forget=-5.0)).trace,
    "Untrained, words": run(
        "Untrained, words", change=lambda cell: cell.clamped({"forget": 0.5})
    ).trace,
}


def states_of(trace):
    return {"cell_state": trace.cell_state, "hidden_state": trace.hidden_state}


def taken_home():
    """Yield programs, and what each has to leave in ``result``; Keras computes some in float32."""
    for shown_run in (
        run("Count"),
        run("Untrained, words", units=2, change=lambda cell: cell.clamped({"input": 1.0})),
    ):
        programs = lesson.small_programs(shown_run.cell, np.array(shown_run.trace.inputs))
        yield programs, states_of(shown_run.trace), 1e-5
    text, reader = "a dull film", Reader.load()
    for layer, direction, held, off in (
        ("second", "backward", {"forget": 0.5}, [3]),
        ("first", "forward", {}, []),
    ):
        place = ("first", "second").index(layer)
        seen = open_up(reader, reader.ids(text), place, direction, held, off)
        programs = lesson.trained_programs(text, layer, direction, held, off)
        yield programs, states_of(seen.trace), 1e-5
