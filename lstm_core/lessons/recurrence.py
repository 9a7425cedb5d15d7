"""The recurrence page: what is read, what the networks are counted by, and what is asked."""

from __future__ import annotations

import unicodedata

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.initializers import orthogonal
from lstm_core.lessons.cell import LONGEST_SEQUENCE, WORD_FEATURES, word_vector
from lstm_core.lessons.questions import Question
from lstm_core.lessons.walks import RNN
from lstm_core.positions import Comparison

WORD = "banana"
EXAMPLES = ("banana", "to be or not", "Zürich", "Αθήνα")
RANGE_UNITS = 16
RANGE_STEPS = 60


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
        raise ValueError("Type at least one letter.")
    pieces: list[str] = []
    for character in text:
        if pieces and unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
            pieces[-1] += character
        else:
            pieces.append("␣" if character.isspace() else character)
    if len(pieces) > LONGEST_SEQUENCE:
        raise ValueError(
            f"That is {len(pieces)} letters; the page steps through at most {LONGEST_SEQUENCE}."
        )
    return pieces, np.array([word_vector(piece) for piece in pieces])


def counts(letters_read: int, units: int) -> str:
    """Say how many weights a plain and a recurrent network need for a word of this length."""
    plain = letters_read * WORD_FEATURES * units + units
    recurrent = WORD_FEATURES * units + units * units + units
    return (
        f"For these {letters_read} letters a plain layer of {units} units needs {letters_read} × "
        f"{WORD_FEATURES} × {units} + {units} = **{plain:,}** weights and biases, and more for every further letter. The "
        f"recurrent cell needs {WORD_FEATURES} × {units} + {units} × {units} + {units} = "
        f"**{recurrent:,}**, whatever the length: the pattern in every copy above is the same."
    )


def repeated_letter(pieces: list[str], trace_inputs: Array, hidden: Array) -> str:
    """Point out a letter that is read twice: the same input and weights, another state."""
    for place, piece in enumerate(pieces):
        if piece in pieces[:place]:
            first = pieces.index(piece)
            same = bool(np.array_equal(trace_inputs[first], trace_inputs[place]))
            return (
                f"“{piece}” is read at step {first + 1} and at step {place + 1}: the same vector "
                f"({'✔' if same else '✘'}), the same weights, and yet h of unit 1 becomes "
                f"{hidden[first, 0]:.3f} and then {hidden[place, 0]:.3f}, for the memory it meets is "
                "another."
            )
    return "Type a word in which a letter comes twice: the same input meets another memory."


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
        for name, activation in (("squashed by tanh", "tanh"), ("not squashed", "linear"))
    }


def range_sentence(largest: dict[str, Array], gain: float) -> str:
    """Say what squashing does to the range."""
    squashed, free = (float(values.max()) for values in largest.values())
    said = (
        f"With tanh the largest |h| of {RANGE_STEPS} steps is **{squashed:.3f}**, never above 1; "
        f"without, it is **{free:.3g}**."
    )
    if gain > 1:
        return said + (
            f" Each step multiplies the state by {gain:g}, and nothing holds it. The price of tanh "
            "is its slope, which is below 1: see the page on activations."
        )
    return said + " Turn the gain above 1 and look again."


def spotting_sentence(comparison: Comparison) -> str:
    """Say what each network learned about positions that the training never showed."""
    front, length = comparison.front, comparison.length
    trained = (
        f"All three were trained on the same words of 1 to {length} letters, in which an x stands "
    )
    longer = (
        "\n\nOn words twice as long, for which the plain network has no input at all, "
        f"{comparison.longer['RNN']:.0%} of the RNN's answers and {comparison.longer['LSTM']:.0%} "
        "of the LSTM's are right."
    )
    if front == length:
        return (
            trained
            + "at any position: there is nothing left that the plain network was not shown. "
            "It needed to see each position; show it fewer, and look again." + longer
        )
    beyond = {name: float(shares[front:].mean()) for name, shares in comparison.found.items()}
    moved = float(comparison.moved[front:].max())
    return (
        trained
        + f"at positions 1 to {front} only. At the positions that training never showed, the plain "
        f"network finds **{beyond['plain']:.0%}**, the RNN **{beyond['RNN']:.0%}**, the LSTM "
        f"**{beyond['LSTM']:.0%}**. The plain network's weights of an x at these positions moved by "
        f"{moved:g}: no gradient ever reached them. A recurrent one uses the weights that it "
        "learned in front everywhere; sharing gives it the chance, not the certainty, as another "
        "seed shows." + longer
    )


def how_many_weights(letters_read: int, units: int) -> Question:
    """Ask how the number of weights grows with the length of the word."""
    recurrent = WORD_FEATURES * units + units * units + units
    choices = {
        recurrent: f"The same {recurrent}: every copy in the unrolled picture is the one cell.",
        2 * recurrent: "That would be a cell of its own for every step; a copy has no weights of "
        "its own.",
        recurrent + letters_read * units: "That counts hidden states as weights: the number of "
        "units has nothing to do with the number of steps.",
    }
    numbers = tuple(sorted(choices))
    return Question(
        f"This cell of {units} units has {recurrent} weights and biases for {letters_read} letters. How "
        f"many has it for {2 * letters_read} letters?",
        tuple(f"{number:,}" for number in numbers),
        (numbers.index(recurrent),),
        tuple(choices[number] for number in numbers),
    )


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
print(trace.hidden_state)
"""
