"""The cell page: presets that each prove one claim, the seven stages of a step, and their words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.lessons.latex import bracketed, gathered, number, product
from lstm_core.lessons.questions import Question

LONGEST_SEQUENCE = 60
LARGEST = 1e6
WORD_FEATURES = 3
STAGES = ("concatenate", "forget", "input", "candidate", "cell state", "output", "hidden state")
GATE_LETTERS = {"input": "i", "forget": "f", "candidate": "g", "output": "o"}


@dataclass(frozen=True)
class Preset:
    """A cell, a sequence, and the one claim that they prove together.

    ``holds`` checks the claim on what was computed; ``evidence`` says it with its numbers.
    """

    name: str
    claim: str
    text: str
    words: bool
    cell: Callable[[int, int], LSTMCell]
    holds: Callable[[LSTMTrace], bool]
    evidence: Callable[[LSTMTrace], str]
    random: bool = False


def one_unit(
    input_gate: tuple[float, float],
    forget_gate: tuple[float, float],
    candidate: tuple[float, float],
    output_gate: tuple[float, float],
) -> Callable[[int, int], LSTMCell]:
    """Make a cell of one unit and one feature; each gate is given as (weight of x, bias)."""

    def cell(units: int, seed: int) -> LSTMCell:
        del units, seed
        weights, bias = np.array([input_gate, forget_gate, candidate, output_gate]).T
        return LSTMCell(weights[np.newaxis], np.zeros((1, 4)), bias)

    return cell


def untrained(features: int) -> Callable[[int, int], LSTMCell]:
    """Make a seeded cell as Keras would start one."""
    return lambda units, seed: LSTMCell.initialise(features, units, seed)


def _last(trace: LSTMTrace) -> float:
    return float(trace.cell_state[-1, 0])


def _ones(trace: LSTMTrace) -> int:
    return int((trace.inputs[:, 0] > 0.5).sum())


def _written_first(trace: LSTMTrace) -> float:
    return float(trace.cell_state[0, 0])


def _before_marker(trace: LSTMTrace) -> tuple[float, float]:
    """Return the cell state just before and just after the last -1 of the inputs."""
    marked = np.flatnonzero(trace.inputs[:, 0] < -0.5)
    place = int(marked[-1]) if len(marked) else 0
    return float(trace.previous_cell_state[place, 0]), float(trace.cell_state[place, 0])


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "Keep a bit",
            "A 1 is written once and kept: the forget gate stays near 1, the input gate near 0.",
            "1 0 0 0 0 0 0 0 0 0",
            words=False,
            cell=one_unit((10, -5), (0, 6), (4, 0), (0, 4)),
            holds=lambda trace: _last(trace) > 0.95 * _written_first(trace) > 0.5,
            evidence=lambda trace: (
                f"written: c = {_written_first(trace):.3f}; after {len(trace.inputs) - 1} more "
                f"inputs: c = {_last(trace):.3f}"
            ),
        ),
        Preset(
            "Forget on a marker",
            "The input -1 closes the forget gate, and the cell state is wiped in that one step.",
            "1 0 0 -1 0 0",
            words=False,
            cell=one_unit((10, -5), (12, 6), (4, 0), (0, 4)),
            holds=lambda trace: (
                abs(_before_marker(trace)[0]) > 0.5
                and abs(_before_marker(trace)[1]) < 0.02 * abs(_before_marker(trace)[0])
            ),
            evidence=lambda trace: "before the marker c = {:.3f}, after it c = {:.4f}".format(
                *_before_marker(trace)
            ),
        ),
        Preset(
            "Count",
            "The cell state counts the ones and leaves (-1, 1); the hidden state cannot.",
            "1 1 0 1 0 1 1",
            words=False,
            cell=one_unit((10, -5), (0, 8), (4, 0), (0, 4)),
            holds=lambda trace: (
                abs(_last(trace) - _ones(trace)) < 0.1
                and bool((np.abs(trace.hidden_state) < 1).all())
            ),
            evidence=lambda trace: (
                f"{_ones(trace)} ones; c = {_last(trace):.3f}, h = {trace.hidden_state[-1, 0]:.3f}"
            ),
        ),
        Preset(
            "Keep nothing for ever",
            "f = 1 and i = 0 from an empty cell stores nothing: keeping needs something written.",
            "1 1 1 1 1",
            words=False,
            cell=one_unit((0, -30), (0, 30), (4, 0), (0, 4)),
            holds=lambda trace: bool(np.abs(trace.cell_state).max() < 1e-6),
            evidence=lambda trace: (
                f"f = {trace.forget_gate[-1, 0]:.3f}, i = {trace.input_gate[-1, 0]:.1e}, "
                f"c = {_last(trace):.1e}"
            ),
        ),
        Preset(
            "Untrained, numbers",
            "Before any training a forget bias of 1 holds the forget gate more open than shut.",
            "1 0.5 -1 2 0 0",
            words=False,
            cell=untrained(1),
            holds=lambda trace: float(trace.forget_gate.mean()) > 0.5,
            evidence=lambda trace: f"mean of all forget gates: {trace.forget_gate.mean():.3f}",
            random=True,
        ),
        Preset(
            "Untrained, words",
            "Every gate is a function of the word and of all that was read before, not a switch.",
            "the film was not good not at all",
            words=True,
            cell=untrained(WORD_FEATURES),
            holds=lambda trace: bool(np.ptp(trace.forget_gate, axis=0).min() > 0),
            evidence=lambda trace: (
                f"the first unit's forget gate ranges from {trace.forget_gate[:, 0].min():.3f} to "
                f"{trace.forget_gate[:, 0].max():.3f}"
            ),
            random=True,
        ),
    )
}


def parse_numbers(text: str) -> tuple[list[str], Array]:
    """Read numbers separated by spaces, commas or semicolons.

    Returns:
        The pieces as they were typed, and the inputs, (time, 1).

    Raises:
        ValueError: if there is none, one is no finite number, or there are too many; the
            message names the piece.
    """
    pieces = text.replace(",", " ").replace(";", " ").split()
    _check_length(len(pieces), "number")
    values = []
    for place, piece in enumerate(pieces, start=1):
        try:
            value = float(piece)
        except ValueError:
            raise ValueError(f"“{piece[:40]}” (entry {place}) is not a number.") from None
        if not abs(value) <= LARGEST:
            raise ValueError(f"“{piece[:40]}” (entry {place}) is not between -1e6 and 1e6.")
        values.append(value)
    return pieces, np.array(values)[:, np.newaxis]


def parse_words(text: str) -> tuple[list[str], Array]:
    """Read words and give each its vector.

    Returns:
        The words as they were typed, and the inputs, (time, WORD_FEATURES).

    Raises:
        ValueError: if there is none or there are too many.
    """
    words = text.split()
    _check_length(len(words), "word")
    return [word[:40] for word in words], np.array([word_vector(word) for word in words])


def word_vector(word: str) -> Array:
    """Give a word its own fixed vector, (WORD_FEATURES,), drawn by its spelling."""
    digest = hashlib.sha256(word.lower().encode("utf-8", "surrogatepass")).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    return rng.normal(size=WORD_FEATURES).round(2)


def _check_length(count: int, what: str) -> None:
    if not count:
        raise ValueError(f"Type at least one {what}.")
    if count > LONGEST_SEQUENCE:
        raise ValueError(
            f"That is {count} {what}s; the page steps through at most {LONGEST_SEQUENCE}."
        )


def weights_text(cell: LSTMCell) -> str:
    """Write a cell's weights for the URL: kernel, recurrent kernel and bias, row by row."""
    rows = np.concatenate([cell.kernel, cell.recurrent_kernel, cell.bias[np.newaxis]])
    return "_".join(f"{value:.6g}" for value in rows.ravel())


def cell_from(text: str, like: LSTMCell) -> LSTMCell:
    """Read what ``weights_text`` wrote, for a cell of the same size as another.

    Raises:
        ValueError: if the text does not hold as many finite numbers as the cell has weights.
    """
    rows = like.features + like.units + 1
    try:
        values = np.array([float(piece) for piece in text.split("_")])
    except ValueError:
        raise ValueError("The weights in the address are not all numbers.") from None
    if too_large(values):
        raise ValueError(f"A weight in the address is not between -{LARGEST:g} and {LARGEST:g}.")
    if values.size != rows * 4 * like.units:
        raise ValueError(
            f"The address holds {values.size} weights; this cell has {rows * 4 * like.units}."
        )
    return cell_of_rows(values.reshape(rows, -1), like.features)


def cell_of_rows(rows: Array, features: int) -> LSTMCell:
    """Make a cell of the rows kernel, recurrent kernel and bias, one below the other.

    Entries beyond ``LARGEST`` are brought back to it, so that nothing overflows.
    """
    rows = np.clip(rows, -LARGEST, LARGEST)
    return LSTMCell(rows[:features], rows[features:-1], rows[-1])


def too_large(values: Array) -> bool:
    """Tell whether any number is beyond what the page computes with, or is none."""
    return not bool((np.abs(values) <= LARGEST).all())


def row_names(cell: LSTMCell) -> list[str]:
    """Name the rows of the table of weights."""
    inputs = [f"x{j + 1}" for j in range(cell.features)]
    return [*inputs, *(f"h{j + 1}" for j in range(cell.units)), "bias"]


def column_names(cell: LSTMCell) -> list[str]:
    """Name the columns of the table of weights."""
    return [f"{gate} {unit + 1}" for gate in cell.gates for unit in range(cell.units)]


def stage_formula(cell: LSTMCell, trace: LSTMTrace, t: int, stage: str, unit: int) -> str:
    """Write one stage of one step as LaTeX: the formula, then the same with live numbers."""
    sub = f"{t + 1}"
    h, x = trace.previous_hidden_state[t], trace.inputs[t]
    c_before, c = trace.previous_cell_state[t, unit], trace.cell_state[t, unit]
    f, i = trace.forget_gate[t, unit], trace.input_gate[t, unit]
    g, o = trace.candidate[t, unit], trace.output_gate[t, unit]
    if stage == "concatenate":
        parts = [*(number(v) for v in h), *(number(v) for v in x)]
        listed = r",\; ".join(parts)
        lines = [rf"[h_{{{t}}};\, x_{{{sub}}}]", rf"= [{listed}]"]
    elif stage == "cell state":
        lines = [
            rf"c_{{{sub}}} = f_{{{sub}}} \odot c_{{{t}}} + i_{{{sub}}} \odot g_{{{sub}}}",
            rf"= {number(f)} \cdot {bracketed(c_before)} + {number(i)} \cdot {bracketed(g)}",
            rf"= {number(f * c_before)} + {bracketed(i * g)} = \mathbf{{{number(c)}}}",
        ]
    elif stage == "hidden state":
        lines = [
            rf"h_{{{sub}}} = o_{{{sub}}} \odot \tanh(c_{{{sub}}})",
            rf"= {number(o)} \cdot \tanh({number(c)}) = {number(o)} \cdot {bracketed(np.tanh(c))}",
            rf"= \mathbf{{{number(trace.hidden_state[t, unit])}}}",
        ]
    else:
        letter = GATE_LETTERS[stage]
        squash = r"\tanh" if stage == "candidate" else r"\sigma"
        column = cell.columns(stage).start + unit
        terms = [
            *map(product, x, cell.kernel[:, column]),
            *map(product, h, cell.recurrent_kernel[:, column]),
            bracketed(cell.bias[column]),
        ]
        value = {"forget": f, "input": i, "candidate": g, "output": o}[stage]
        lines = [
            rf"{letter}_{{{sub}}} = {squash}(x_{{{sub}}} W_{letter} + h_{{{t}}} R_{letter} + b_{letter})",
            rf"= {squash}({' + '.join(terms)})",
            rf"= {squash}({number(trace.pre_activation[t, column])}) = \mathbf{{{number(value)}}}",
        ]
    return gathered(lines)


def stage_sentence(trace: LSTMTrace, t: int, stage: str, unit: int) -> str:
    """Say what a stage decides, with its number."""
    f, i = trace.forget_gate[t, unit], trace.input_gate[t, unit]
    g, o = trace.candidate[t, unit], trace.output_gate[t, unit]
    return {
        "concatenate": "The previous hidden state and the new input are put **side by side**, not "
        "added: each has weights of its own.",
        "forget": f"The forget gate **keeps {f:.1%}** of the old cell state. 1 means keep, 0 means forget.",
        "input": f"The input gate lets **{i:.1%}** of the candidate in.",
        "candidate": f"The candidate is what could be written: **{g:.3f}**, between -1 and 1.",
        "cell state": "Old memory that was kept, plus what is written. Nothing squashes the sum: "
        f"the cell state may leave (-1, 1). Here it becomes **{trace.cell_state[t, unit]:.3f}**.",
        "output": f"The output gate shows **{o:.1%}** of the squashed cell state.",
        "hidden state": "What the cell shows to the next step and to the layer above: "
        f"**{trace.hidden_state[t, unit]:.3f}**.",
    }[stage]


def what_if_forget_were_one(trace: LSTMTrace, t: int, unit: int) -> Question:
    """Ask for the next cell state if the forget gate were fully open at this step."""
    f, i = trace.forget_gate[t, unit], trace.input_gate[t, unit]
    g, before = trace.candidate[t, unit], trace.previous_cell_state[t, unit]
    right = before + i * g
    candidates: dict[str, str] = {}
    for value, why in (
        (right, f"With f = 1 all of c = {before:.3f} is kept, and i·g = {i * g:.3f} is added."),
        (i * g, "That forgets everything: it is the result of f = 0, and 1 means keep."),
        (f * before + g, "That writes the whole candidate: it is the result of i = 1."),
        (np.tanh(right), "That squashes the sum; the cell state itself is not squashed."),
        (right + 1.0, "That adds the 1 itself; the gate multiplies."),
    ):
        # Two ways may lead to one number; then the first, which is the right one, explains it.
        candidates.setdefault(_rounded(value), why)
    choices = tuple(sorted(candidates, key=float))
    text = f"If the forget gate were exactly 1 at step {t + 1}, what would the cell state become?"
    return Question(
        text,
        choices,
        (choices.index(_rounded(right)),),
        tuple(candidates[choice] for choice in choices),
    )


def _rounded(value: float) -> str:
    """Write three decimals, and never a minus zero."""
    return f"{round(float(value), 3) + 0.0:.3f}"


def code(cell: LSTMCell, inputs: Array) -> str:
    """Write the Python that reproduces the page's numbers."""
    return f"""from lstm_core import LSTMCell

cell = LSTMCell(
    kernel={cell.kernel.tolist()},
    recurrent_kernel={cell.recurrent_kernel.tolist()},
    bias={cell.bias.tolist()},
)  # Columns: input, forget, candidate, output gate, as in Keras.
trace = cell.run({inputs.tolist()})
print(trace.cell_state)
print(trace.hidden_state)
"""
