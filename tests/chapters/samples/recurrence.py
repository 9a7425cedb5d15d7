"""What the contract test needs to know of the chapter on recurrence; its state is a ``WordRead``."""

import numpy as np

from lstm_core.cells.rnn import RNNCell
from pages.recurrence.lesson import START, WORD, WordRead, letters


def read(text=WORD, units=START["recurrence_units"], seed=START["recurrence_seed"], unit=0):
    """Read a text as the page does."""
    pieces, inputs = letters(text)
    cell = RNNCell.initialise(3, units, seed)
    return WordRead(pieces, inputs, cell, cell.run(inputs), unit)


def shown(preset):
    """Return what the quests are checked on after a click on an example."""
    return read(preset.sets["letters"])


def swing(letters_read=6):
    """Find two letters in turn that pull the first unit in opposite directions, as the hint says."""
    for first in "abcdefgh":
        for second in "abcdefgh":
            text = (letters_read // 2) * (first + second)
            signs = np.sign(read(text).in_front)
            if (signs[1:] != signs[:-1]).all():
                return text
    raise AssertionError("no two letters swing")


FIRST = read()
REACHED = {
    "same-letter-far-apart": read(unit=2),
    "plain-is-smaller": read("ab", units=4),
    "swings": read(swing()),
}
MOVES = (
    {"recurrence_step": 2},
    {"recurrence_step": 11},
    None,
    {"letters": "bananas"},
    {"spotting_front": 6},
    {"range_gain": 2.0},
)
STATES = [
    FIRST,
    read("anna"),
    read("a", units=1),
    read("mississippi", units=8, seed=7, unit=7),
    read("नमस्ते", units=2, seed=3, unit=1),
]


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    with_bias = RNNCell.initialise(3, 4, 2)
    with_bias.bias[:] = [0.1, -0.2, 0.3, 0.0]
    _, inputs = letters("to be or not")
    longer = WordRead(list("to be or not"), inputs, with_bias, with_bias.run(inputs), 0)
    for state in (FIRST, longer, read("a", units=1, seed=9)):
        yield state.programs, state.trace.hidden_state, 1e-12
