"""The recurrence page: what is read, where its controls stand, and what is said and asked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.initializers import orthogonal
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.training.positions import Comparison
from pages._book.exercises import Step
from pages._book.language import decimal, mark, say
from pages._book.log_axes import readable
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question
from pages._book.sequences import LONGEST_SEQUENCE, WORD_FEATURES, word_vector

WORD = "banana"
START = {
    "letters": WORD,
    "recurrence_units": 3,
    "recurrence_seed": 1,
    "recurrence_unit": 1,
    "recurrence_step": Step(0),
    "spotting_front": 3,
    "spotting_seed": 0,
    "range_gain": 1.3,
    "range_seed": 1,
}
"""The page's controls by their keys, with what they stand at to begin with."""

RANGE_UNITS = 16
RANGE_STEPS = 60


@dataclass(frozen=True)
class WordRead:
    """A word as it stands on the page, read by the cell that stands there.

    Attributes:
        pieces: the letters.
        inputs: (time, WORD_FEATURES).
        cell: what read them.
        trace: the run.
        unit: in front, from 0.
    """

    pieces: list[str]
    inputs: Array
    cell: RNNCell
    trace: Trace
    unit: int

    @property
    def in_front(self) -> Array:
        """The hidden state of the unit in front, (time,)."""
        return np.asarray(self.trace.hidden_state[:, self.unit])

    @property
    def programs(self) -> Programs:
        """What reproduces the hidden states."""
        return programs(
            "recurrence",
            kernel=self.cell.kernel,
            recurrent_kernel=self.cell.recurrent_kernel,
            bias=self.cell.bias,
            inputs=self.inputs,
        )


def _example(text: str) -> Preset[WordRead]:
    """Make a preset that puts a text into the field and begins to read it."""
    return Preset(text, {"letters": text, "recurrence_step": START["recurrence_step"]})


PRESETS = by_name(_example(text) for text in (WORD, "to be or not", "Zürich", "Αθήνα"))


def letters(text: str) -> tuple[list[str], Array]:
    """Split a text into its letters and give each its vector, drawn by its spelling.

    A mark that belongs to a letter, such as a vowel sign, stays with it.

    Returns:
        The letters, a space written as ␣, and the inputs, (time, WORD_FEATURES).

    Raises:
        ValueError: if there is none or there are too many.
    """
    text = text.strip()
    if not text:
        raise ValueError(say("Type at least one letter."))
    pieces: list[str] = []
    for character in text:
        if pieces and unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
            pieces[-1] += character
        else:
            pieces.append("␣" if character.isspace() else character)
    if len(pieces) > LONGEST_SEQUENCE:
        raise ValueError(
            say(
                "That is {count} letters; the page steps through at most {most}.",
                count=len(pieces),
                most=LONGEST_SEQUENCE,
            )
        )
    return pieces, np.array([word_vector(piece) for piece in pieces])


def counts(letters_read: int, units: int) -> str:
    """Say how many weights a plain and a recurrent network need for a word of this length."""
    return say(
        "Every copy is the same cell: {features} × {units} + {units} × {units} + {units} = "
        "**{recurrent:,}** weights and biases for any length. A plain layer needs **{plain:,}** for these "
        "{letters} letters, and more for each further one.",
        letters=letters_read,
        units=units,
        features=WORD_FEATURES,
        plain=plain_count(letters_read, units),
        recurrent=recurrent_count(units),
    )


def plain_count(letters_read: int, units: int) -> int:
    """Count the weights and biases of a plain layer that takes all letters side by side."""
    return letters_read * WORD_FEATURES * units + units


def recurrent_count(units: int) -> int:
    """Count the weights and biases of the recurrent cell, which the length has no part in."""
    return WORD_FEATURES * units + units * units + units


def repeated_letter(read: WordRead) -> str:
    """Point out a letter that is read twice: the same input and weights, another state."""
    hidden = read.trace.hidden_state
    for place, piece in enumerate(read.pieces):
        first = read.pieces.index(piece)
        if first < place:
            return say(
                "“{letter}” is read at steps {first} and {again}: the same vector, the same weights. h of "
                "unit {unit} becomes **{before:.3f}**, then **{now:.3f}**, because the hidden state before "
                "it differs.",
                letter=piece,
                first=first + 1,
                again=place + 1,
                unit=read.unit + 1,
                before=hidden[first, read.unit],
                now=hidden[place, read.unit],
            )
    return say("Type a word in which a letter comes twice, and compare h after both.")


def squashed_or_not(gain: float, seed: int) -> dict[str, Array]:
    """Run one cell with tanh and without any squashing; the largest |h| of each step.

    Args:
        gain: factor on an orthogonal recurrent kernel.
        seed: of the kernels and the inputs.

    Returns:
        (time,) each, by what squashes.
    """
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(1, RANGE_UNITS))
    recurrent_kernel = gain * orthogonal((RANGE_UNITS, RANGE_UNITS), rng)
    bias = np.zeros(RANGE_UNITS)
    inputs = rng.normal(size=(RANGE_STEPS, 1))

    def largest(activation: str) -> Array:
        cell = RNNCell(kernel, recurrent_kernel, bias, activation)
        return np.asarray(np.abs(cell.run(inputs).hidden_state).max(axis=-1))

    return {mark("squashed by tanh"): largest("tanh"), mark("not squashed"): largest("linear")}


def range_sentence(largest: dict[str, Array], gain: float) -> str:
    """Say what squashing does to the range."""
    squashed, free = (float(values.max()) for values in largest.values())
    sentence = say(
        "With tanh the largest |h| of {steps} steps is **{squashed:.3f}**, never above 1; without tanh it "
        "is **{free}**.",
        steps=RANGE_STEPS,
        squashed=squashed,
        free=readable(free),
    )
    if gain > 1:
        more = say(
            "The recurrent kernel makes the state {gain:g} times as long at each step. The price of tanh: its "
            "slope is 1 at 0 and smaller everywhere else.",
            gain=gain,
        )
    else:
        more = say("Raise the gain above 1 and compare.")
    return f"{sentence} {more}"


def on_longer_words(comparison: Comparison) -> str:
    """Say how often the recurrent networks are right on words twice as long."""
    return say(
        "The plain network cannot read longer words: it has no inputs for them. On words twice as long, "
        "{rnn:.0%} of the RNN's answers and {lstm:.0%} of the LSTM's are right.",
        rnn=comparison.accuracy_on_longer["RNN"],
        lstm=comparison.accuracy_on_longer["LSTM"],
    )


def spotting_sentence(comparison: Comparison) -> str:
    """Say what each network learned about positions that the training never showed."""
    front, length = comparison.front, comparison.length
    if front == length:
        return say(
            "Training showed the x at every one of the {length} positions: now the plain network finds it "
            "everywhere. It has weights of its own for each position, and each needs examples.",
            length=length,
        )
    beyond = {name: float(shares[front:].mean()) for name, shares in comparison.recall.items()}
    return say(
        "Where training never showed an x, the plain network finds **{plain:.0%}** of them, the RNN "
        "**{rnn:.0%}**, the LSTM **{lstm:.0%}**. A recurrent network uses the same weights at every "
        "position.",
        plain=beyond["plain"],
        rnn=beyond["RNN"],
        lstm=beyond["LSTM"],
    )


def how_many_weights(letters_read: int, units: int) -> Question:
    """Ask how the number of weights grows with the length of the word."""
    recurrent = recurrent_count(units)
    one_cell = say(
        "The same {count}: every copy in the unrolled picture is the one cell.", count=recurrent
    )
    own_cells = say(
        "That would be a cell of its own for every step; a copy has no weights of its own."
    )
    states = say(
        "That counts hidden states as weights: the number of units has nothing to do with the "
        "number of steps."
    )
    choices = {
        recurrent: (one_cell, ""),
        2 * recurrent: (own_cells, "units-are-steps"),
        recurrent + letters_read * units: (states, "units-are-steps"),
    }
    numbers = tuple(sorted(choices))
    text = say(
        "This cell of {units} units has {count} weights and biases for {letters} letters. How many "
        "does it have for {twice} letters?",
        units=units,
        count=recurrent,
        letters=letters_read,
        twice=2 * letters_read,
    )
    return Question(
        text,
        tuple(decimal(number, ",") for number in numbers),
        (numbers.index(recurrent),),
        tuple(choices[number][0] for number in numbers),
        tuple(choices[number][1] for number in numbers),
    )
