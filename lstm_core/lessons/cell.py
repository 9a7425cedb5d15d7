"""The cell page: presets that each prove one claim, what can be typed, and what is said of a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMState, LSTMTrace
from lstm_core.lessons.questions import Question
from lstm_core.lessons.walks import LSTM
from lstm_core.pseudo_code import with_a_sum
from lstm_core.sentiment.opened import Opened

SMALL, TRAINED = "A small cell", "The network that reads reviews"
LONGEST_SEQUENCE = 60
LARGEST = 1e6
WORD_FEATURES = 3


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


def _largest_slope(trace: LSTMTrace) -> float:
    """Return the largest slope of any squashing of a gate: s (1 - s), or 1 - g^2."""
    gates = (trace.input_gate, trace.forget_gate, trace.output_gate)
    slopes = [gate * (1.0 - gate) for gate in gates]
    return float(np.max([*slopes, 1.0 - trace.candidate**2]))


def _before_marker(trace: LSTMTrace) -> tuple[float, float]:
    """Return the cell state just before and just after the last -1 of the inputs."""
    marked = np.flatnonzero(trace.inputs[:, 0] < -0.5)
    place = int(marked[-1]) if len(marked) else 0
    return float(trace.previous_cell_state[place, 0]), float(trace.cell_state[place, 0])


PRESETS = {
    preset.name: preset
    for preset in (
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
            "Keep a bit",
            "A 1 is written once and kept for 50 steps: the forget gate stays near 1, the input gate "
            "near 0.",
            "1" + 50 * " 0",
            words=False,
            cell=one_unit((20, -10), (0, 8), (4, 0), (0, 4)),
            holds=lambda trace: _last(trace) > 0.95 * _written_first(trace) > 0.5,
            evidence=lambda trace: (
                f"written: c = {_written_first(trace):.3f}; after {len(trace.inputs) - 1} more "
                f"inputs: c = {_last(trace):.3f}"
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
            "Sum",
            "With both gates open and a candidate too small to be bent, the cell state adds up "
            "whatever is read, in units of a twentieth.",
            "1 2 0.5 -1 3 -2",
            words=False,
            cell=one_unit((0, 20), (0, 20), (0.05, 0), (0, 4)),
            holds=lambda trace: (
                len(trace.inputs) > 0
                and abs(20 * _last(trace) - float(trace.inputs.sum()))
                < 0.02 * float(np.abs(trace.inputs).sum())
            ),
            evidence=lambda trace: (
                f"the inputs sum to {float(trace.inputs.sum()):.3g}; 20 c = {20 * _last(trace):.3f}"
            ),
        ),
        Preset(
            "Ignore noise",
            "The input gate opens for large inputs only: what was written outlives the noise.",
            "2 0.3 -0.4 0.5 0.1 -0.2 0.4 -0.5",
            words=False,
            cell=one_unit((10, -13), (0, 8), (4, 0), (0, 4)),
            holds=lambda trace: _last(trace) > 0.95 * _written_first(trace) > 0.5,
            evidence=lambda trace: (
                f"written: c = {_written_first(trace):.3f}; after the noise: c = {_last(trace):.3f}; "
                f"largest input gate in the noise: {trace.input_gate[1:, 0].max(initial=0):.1e}"
            ),
        ),
        Preset(
            "Saturate",
            "Weights of 40 drive every gate to its end: it decides without doubt, and its slope, "
            "through which alone it could learn, is gone.",
            "1 -1 1 1 -1",
            words=False,
            cell=one_unit((40, 0), (40, 0), (40, 0), (40, 0)),
            holds=lambda trace: _largest_slope(trace) < 1e-6,
            evidence=lambda trace: (
                f"largest slope of any gate or candidate: {_largest_slope(trace):.1e}; the largest "
                "that a sigmoid can have is 0.25"
            ),
        ),
        Preset(
            "Leave the squash",
            "The cell state leaves (-1, 1), for nothing squashes it; the hidden state cannot.",
            "1 1 1 1 1 1 1 1 1 1 1 1",
            words=False,
            cell=one_unit((0, 8), (0, 8), (4, 0), (0, 8)),
            holds=lambda trace: bool(
                np.abs(trace.cell_state).max() > 1 and np.abs(trace.hidden_state).max() < 1
            ),
            evidence=lambda trace: (
                f"largest |c| = {np.abs(trace.cell_state).max():.2f}, "
                f"largest |h| = {np.abs(trace.hidden_state).max():.5f}"
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


def vocabulary(words: Sequence[str]) -> dict[str, Array]:
    """List each different word once, as it is spelled in the vocabulary, with its vector."""
    return {word: word_vector(word) for word in dict.fromkeys(map(str.lower, words))}


def vectors_text(table: Mapping[str, Array]) -> str:
    """Write the words whose vectors were changed, for the URL; nothing if none was."""
    changed = {
        word: [float(f"{value:.6g}") for value in vector]
        for word, vector in table.items()
        if not np.array_equal(vector, word_vector(word))
    }
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")) if changed else ""


def vectors_from(text: str, words: Sequence[str]) -> dict[str, Array]:
    """Read what ``vectors_text`` wrote, for a text of these words.

    Raises:
        ValueError: if it is no table of three numbers a word.
    """
    table = vocabulary(words)
    try:
        written = json.loads(text).items()
        read = {word: np.array(vector, dtype=float) for word, vector in written}
    except (ValueError, AttributeError, TypeError):
        raise ValueError("The word vectors in the address cannot be read.") from None
    if any(vector.shape != (WORD_FEATURES,) or too_large(vector) for vector in read.values()):
        raise ValueError(
            f"The word vectors in the address are not {WORD_FEATURES} numbers up to {LARGEST:g}."
        )
    return table | {word: vector for word, vector in read.items() if word in table}


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
    """Write the Python that reproduces the page's numbers, line by line as the player shows it."""
    return f"""import numpy as np
from lstm_core import LSTMCell, sigmoid

cell = LSTMCell(
    kernel={cell.kernel.tolist()},
    recurrent_kernel={cell.recurrent_kernel.tolist()},
    bias={cell.bias.tolist()},
)  # Columns: input, forget, candidate, output gate, as in Keras.
inputs = np.array({inputs.tolist()})
{WEIGHTS_BY_GATE}

{chr(10).join(LSTM.code)}

# The same in one call, with every gate of every step.
trace = cell.run(inputs)
print(np.abs(c - trace.cell_state[-1]).max(), np.abs(h - trace.hidden_state[-1]).max())
print(trace.cell_state)
print(trace.hidden_state)
"""


def trained_code(text: str, layer: int, direction: str) -> str:
    """Write the Python that reproduces the page's numbers for the trained network."""
    turned = "[::-1]" if direction == "backward" else ""
    below = (
        f"vectors{turned}"
        if layer == 0
        else f"network.layers.layers[0].run(vectors).hidden_state{turned}"
    )
    return f"""import numpy as np
from lstm_core import sigmoid
from lstm_core.sentiment.reader import Reader

reader = Reader.load()
network = reader.network.in_double()
vectors = network.embed(reader.ids({text!r})).astype(np.float64)
cell = network.layers.layers[{layer}].{direction}_cell
inputs = {below}
{WEIGHTS_BY_GATE}

{chr(10).join(LSTM.code)}

# The same in one call, with every gate of every step.
trace = cell.run(inputs)
print(np.abs(c - trace.cell_state[-1]).max(), np.abs(h - trace.hidden_state[-1]).max())
"""


WEIGHTS_BY_GATE = """units = cell.units
joined_kernel = np.concatenate([cell.kernel, cell.recurrent_kernel])
W_i, W_f, W_g, W_o = np.split(joined_kernel, 4, axis=1)
b_i, b_f, b_g, b_o = np.split(cell.bias, 4)"""


def differences(now: LSTMTrace, before: LSTMTrace, unit: int) -> str:
    """Say what changed against the run before, in one unit."""
    steps = min(len(now.inputs), len(before.inputs))
    apart = np.abs(now.cell_state[:steps, unit] - before.cell_state[:steps, unit])
    if not apart.any():
        return "Against the run before, nothing changed in this unit."
    most = int(apart.argmax())
    return (
        f"Against the run before, c of this unit ends at **{now.cell_state[-1, unit]:.3f}** instead "
        f"of {before.cell_state[-1, unit]:.3f}, and h at **{now.hidden_state[-1, unit]:.3f}** instead "
        f"of {before.hidden_state[-1, unit]:.3f}. Most apart at step {most + 1}: c differs by "
        f"{apart[most]:.3f}."
    )


def exchanged_sentence(right: LSTMTrace, wrong: LSTMState, unit: int) -> str:
    """Say what the exchanged return values do to a run."""
    largest = float(np.abs(wrong.hidden_state).max())
    beyond = (
        f" What it calls h reaches {largest:.2f}, beyond anything that a tanh allows."
        if largest > 1
        else ""
    )
    return (
        "**It returns `ht, Ct` and catches `ct, ht`.** The two states change places at every step. "
        f"After the last one the cell says h = {right.hidden_state[-1, unit]:.3f}; the pseudo code "
        f"believes h = {wrong.hidden_state[-1, unit]:.3f}.{beyond}"
    )


def sum_sentence(right: LSTMTrace, wrong: Array | str, unit: int) -> str:
    """Say what a sum in place of the concatenation does to a run, or that it cannot run."""
    slip = "**It joins `prev_ht + input`.** "
    if isinstance(wrong, str):
        return slip + f"These two vectors cannot be added at all: NumPy says “{wrong}”."
    return (
        slip + "Added, memory and input share one block of weights, and h = 0.5, x = −0.5 looks "
        f"like h = −0.5, x = 0.5. Here it ends at h = {wrong[-1, unit]:.3f} instead of "
        f"{right.hidden_state[-1, unit]:.3f}. (With Python's lists + would join; with vectors it "
        "adds.)"
    )


def summed(cell: LSTMCell, inputs: Array) -> Array | str:
    """Run the pseudo code's sum, (time, units), or return what NumPy says against it."""
    try:
        return with_a_sum(cell, inputs)
    except ValueError as error:
        return str(error)


RULE = (
    "Units are ranked by Σ |h · ∂z/∂h| over the words, with the logit z of the network as it was "
    "trained: how much there is of a unit, times how much it matters. Switched off means that its "
    "output gate is held at 0."
)


def verdict_moves(seen: Opened, off: Sequence[int], held: Mapping[str, float]) -> str:
    """Say what the verdict is and how the changes move it."""
    said = f"**Verdict:** {seen.probability:.1%} positive as trained."
    if not off and not held:
        return said
    changes = [f"the {gate} at {value:g}" for gate, value in held.items()]
    if off:
        listed = ", ".join(map(str, off))
        changes.append(f"unit{'s' if len(off) > 1 else ''} {listed} off")
    said += f" With {' and '.join(changes)}: **{seen.changed:.1%}**."
    if seen.others:
        low, high = min(seen.others), max(seen.others)
        said += (
            f" With as many others off, drawn {len(seen.others)} times at random: {low:.1%} to "
            f"{high:.1%}."
        )
    return said
