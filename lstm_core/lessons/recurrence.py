"""The recurrence page: what is read, what the networks are counted by, and what is asked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.initializers import orthogonal
from lstm_core.language import mark, say
from lstm_core.lessons.cell import LONGEST_SEQUENCE, WORD_FEATURES, word_vector
from lstm_core.lessons.questions import Question
from lstm_core.lessons.walks import RNN
from lstm_core.positions import Comparison
from lstm_core.trace import Trace

WORD = "banana"
EXAMPLES = ("banana", "to be or not", "Zürich", "Αθήνα")
RANGE_UNITS = 16
RANGE_STEPS = 60
VIEWS = (mark("unrolled"), mark("folded"))


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
                count=len(pieces), most=LONGEST_SEQUENCE,
            )
        )  # fmt: skip
    return pieces, np.array([word_vector(piece) for piece in pieces])


def counts(letters_read: int, units: int) -> str:
    """Say how many weights a plain and a recurrent network need for a word of this length."""
    return say(
        "For these {letters} letters a plain layer of {units} units needs {letters} × {features} × "
        "{units} + {units} = **{plain:,}** weights and biases, and more for every further letter. "
        "The recurrent cell needs {features} × {units} + {units} × {units} + {units} = "
        "**{recurrent:,}**, whatever the length: the pattern in every copy above is the same.",
        letters=letters_read, units=units, features=WORD_FEATURES,
        plain=plain_count(letters_read, units), recurrent=recurrent_count(units),
    )  # fmt: skip


def plain_count(letters_read: int, units: int) -> int:
    """Count the weights and biases of a plain layer that takes all letters side by side."""
    return letters_read * WORD_FEATURES * units + units


def recurrent_count(units: int) -> int:
    """Count the weights and biases of the recurrent cell, which the length has no part in."""
    return WORD_FEATURES * units + units * units + units


def repeated_letter(pieces: list[str], trace_inputs: Array, hidden: Array) -> str:
    """Point out a letter that is read twice: the same input and weights, another state."""
    for place, piece in enumerate(pieces):
        if piece in pieces[:place]:
            first = pieces.index(piece)
            same = bool(np.array_equal(trace_inputs[first], trace_inputs[place]))
            return say(
                "“{letter}” is read at step {first} and at step {again}: the same vector ({sign}), "
                "the same weights, and yet h of unit 1 becomes {before:.3f} and then {now:.3f}, for "
                "the memory it meets is another.",
                letter=piece, first=first + 1, again=place + 1, sign="✔" if same else "✘",
                before=hidden[first, 0], now=hidden[place, 0],
            )  # fmt: skip
    return say("Type a word in which a letter comes twice: the same input meets another memory.")


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
    inputs = rng.normal(size=(RANGE_STEPS, 1))
    return {
        name: np.abs(
            RNNCell(kernel, recurrent_kernel, np.zeros(RANGE_UNITS), activation)
            .run(inputs)
            .hidden_state
        ).max(axis=-1)
        for name, activation in (
            (mark("squashed by tanh"), "tanh"),
            (mark("not squashed"), "linear"),
        )
    }


def range_sentence(largest: dict[str, Array], gain: float) -> str:
    """Say what squashing does to the range."""
    squashed, free = (float(values.max()) for values in largest.values())
    said = say(
        "With tanh the largest |h| of {steps} steps is **{squashed:.3f}**, never above 1; without, it "
        "is **{free:.3g}**.",
        steps=RANGE_STEPS, squashed=squashed, free=free,
    )  # fmt: skip
    if gain > 1:
        more = say(
            "Each step multiplies the state by {gain:g}, and nothing holds it. The price of tanh is "
            "its slope, which is below 1: see the page on activations.",
            gain=gain,
        )
    else:
        more = say("Turn the gain above 1 and look again.")
    return f"{said} {more}"


def spotting_sentence(comparison: Comparison) -> str:
    """Say what each network learned about positions that the training never showed."""
    front, length = comparison.front, comparison.length
    longer = say(
        "On words twice as long, for which the plain network has no input at all, {rnn:.0%} of the "
        "RNN's answers and {lstm:.0%} of the LSTM's are right.",
        rnn=comparison.longer["RNN"], lstm=comparison.longer["LSTM"],
    )  # fmt: skip
    if front == length:
        said = say(
            "All three were trained on the same words of 1 to {length} letters, in which an x stands "
            "at any position: there is nothing left that the plain network was not shown. It needed "
            "to see each position; show it fewer, and look again.",
            length=length,
        )
        return f"{said}\n\n{longer}"
    beyond = {name: float(shares[front:].mean()) for name, shares in comparison.found.items()}
    said = say(
        "All three were trained on the same words of 1 to {length} letters, in which an x stands at "
        "positions 1 to {front} only. At the positions that training never showed, the plain network "
        "finds **{plain:.0%}**, the RNN **{rnn:.0%}**, the LSTM **{lstm:.0%}**. The plain network's "
        "weights of an x at these positions moved by {moved:g}: no gradient ever reached them. A "
        "recurrent one uses the weights that it learned in front everywhere; sharing gives it the "
        "chance, not the certainty, as another seed shows.",
        length=length, front=front, plain=beyond["plain"], rnn=beyond["RNN"], lstm=beyond["LSTM"],
        moved=float(comparison.moved[front:].max()),
    )  # fmt: skip
    return f"{said}\n\n{longer}"


def how_many_weights(letters_read: int, units: int) -> Question:
    """Ask how the number of weights grows with the length of the word."""
    recurrent = recurrent_count(units)
    own_cells = say(
        "That would be a cell of its own for every step; a copy has no weights of its own."
    )
    states = say(
        "That counts hidden states as weights: the number of units has nothing to do with the "
        "number of steps."
    )
    choices = {
        recurrent: (
            say(
                "The same {count}: every copy in the unrolled picture is the one cell.",
                count=recurrent,
            ),
            "",
        ),
        2 * recurrent: (own_cells, "units-are-steps"),
        recurrent + letters_read * units: (states, "units-are-steps"),
    }
    numbers = tuple(sorted(choices))
    return Question(
        say(
            "This cell of {units} units has {count} weights and biases for {letters} letters. How many "
            "has it for {twice} letters?",
            units=units, count=recurrent, letters=letters_read, twice=2 * letters_read,
        ),
        tuple(f"{number:,}" for number in numbers),
        (numbers.index(recurrent),),
        tuple(choices[number][0] for number in numbers),
        tuple(choices[number][1] for number in numbers),
    )  # fmt: skip


def code(cell: RNNCell, inputs: Array) -> str:
    """Write the Python that reproduces the page's numbers, line by line as the player shows it."""
    return f"""import numpy as np
from lstm_core import RNNCell

cell = RNNCell(
    kernel={cell.kernel.tolist()},
    recurrent_kernel={cell.recurrent_kernel.tolist()},
    bias={cell.bias.tolist()},
)
inputs = np.array({inputs.tolist()})
units = cell.units
W, b = np.concatenate([cell.kernel, cell.recurrent_kernel]), cell.bias

{chr(10).join(RNN.code)}

# The same in one call.
trace = cell.run(inputs)
print(np.abs(h - trace.hidden_state[-1]).max())
result = trace.hidden_state
print(result)
"""


def keras_code(cell: RNNCell, inputs: Array) -> str:
    """Write the same with Keras, whose plain recurrent layer is called SimpleRNN."""
    return f"""import keras
import numpy as np

layer = keras.layers.SimpleRNN({cell.units}, return_sequences=True, dtype="float64")
layer.build((None, None, {cell.features}))
kernel = {cell.kernel.tolist()}
recurrent_kernel = {cell.recurrent_kernel.tolist()}
bias = {cell.bias.tolist()}
layer.set_weights([np.array(kernel), np.array(recurrent_kernel), np.array(bias)])
inputs = np.array({inputs.tolist()})
result = keras.ops.convert_to_numpy(layer(inputs[np.newaxis]))[0]
print(result)
"""


def torch_code(cell: RNNCell, inputs: Array) -> str:
    """Write the same with PyTorch: its matrices stand transposed, and it has two biases to add."""
    return f"""import torch

layer = torch.nn.RNN({cell.features}, {cell.units}, batch_first=True, dtype=torch.float64)
kernel = {cell.kernel.tolist()}
recurrent_kernel = {cell.recurrent_kernel.tolist()}
bias = {cell.bias.tolist()}
with torch.no_grad():
    layer.weight_ih_l0.copy_(torch.tensor(kernel, dtype=torch.float64).T)
    layer.weight_hh_l0.copy_(torch.tensor(recurrent_kernel, dtype=torch.float64).T)
    layer.bias_ih_l0.copy_(torch.tensor(bias, dtype=torch.float64))
    layer.bias_hh_l0.zero_()
    inputs = torch.tensor({inputs.tolist()}, dtype=torch.float64)
    result = layer(inputs[None])[0][0].numpy()
print(result)
"""
