"""The cell page: presets that each prove one claim, what can be typed, and what is said of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMState, LSTMTrace
from lstm_core.cells.pseudo_code import with_a_sum
from lstm_core.sentiment.opened import Opened
from lstm_core.sentiment.units import Moving
from pages._book import first_cell
from pages._book.drawings import TITLES
from pages._book.exercises import END, Step
from pages._book.language import decimal, mark, plural, say
from pages._book.log_axes import readable
from pages._book.player import component
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question
from pages._book.sentences import SENTENCE
from pages._book.sequences import (
    LARGEST,
    WORD_FEATURES,
    parse_numbers,
    parse_words,
    too_large,
    word_vector,
)
from pages._book.walks import LSTM

Gates = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class SmallCell:
    """What a preset starts from.

    Attributes:
        text: the sequence.
        gates: weight of x and bias of the input, forget, candidate and output gate of a cell of
            one unit; () for a cell that is drawn at random, as Keras would start it.
        words: whether the sequence is words; otherwise it is numbers.
    """

    text: str
    gates: Gates = ()
    words: bool = False

    @property
    def random(self) -> bool:
        """Whether units and seed can be chosen."""
        return not self.gates

    def cell(self, units: int, seed: int) -> LSTMCell:
        """Make the cell; one with weights of its own has one unit and takes no seed."""
        if self.random:
            return LSTMCell.initialise(WORD_FEATURES if self.words else 1, units, seed)
        weights, bias = np.array(self.gates, float).T
        return LSTMCell(weights[np.newaxis], np.zeros((1, 4)), bias)

    def read(self, text: str) -> tuple[list[str], Array]:
        """Split a sequence that a visitor typed: its pieces, and the inputs, (time, features).

        Raises:
            ValueError: if it cannot be read; the message says why.
        """
        return (parse_words if self.words else parse_numbers)(text)


NOISE = "0.2 -0.3 0.1 0.3 -0.2 -0.1 0.3 0.2 -0.3 0.1 -0.2 0.3 -0.1 0.2 -0.3 0.1 0.3 -0.2 0.1 -0.3"
SMALL_CELLS = {
    "Forget on a marker": SmallCell(first_cell.SEQUENCE, first_cell.GATES),
    "Keep a bit": SmallCell("1" + 50 * " 0", ((20, -10), (0, 8), (4, 0), (0, 4))),
    "A bit that fades": SmallCell("1 " + NOISE, ((12, 0), (0, 0), (4, 0), (0, 4))),
    "Count": SmallCell("1 1 0 1 0 1 1", ((10, -5), (0, 8), (4, 0), (0, 4))),
    "Keep nothing for ever": SmallCell("1 1 1 1 1", ((0, -30), (0, 30), (4, 0), (0, 4))),
    "Sum": SmallCell("1 2 0.5 -1 3 -2", ((0, 20), (0, 20), (0.05, 0), (0, 4))),
    "Ignore noise": SmallCell(
        "2 0.3 -0.4 0.5 0.1 -0.2 0.4 -0.5", ((10, -13), (0, 8), (4, 0), (0, 4))
    ),
    "Saturate": SmallCell("1 -1 1 1 -1", ((40, 0), (40, 0), (40, 0), (40, 0))),
    "Leave the squash": SmallCell("1 1 1 1 1 1 1 1 1 1 1 1", ((0, 8), (0, 8), (4, 0), (0, 8))),
    "Untrained, numbers": SmallCell("1 0.5 -1 2 0 0"),
    "Untrained, words": SmallCell("the film was not good not at all", words=True),
}
"""What each preset starts from, by its name; the first one is what the page opens with."""
FIRST = next(iter(SMALL_CELLS))
START = {
    "preset": FIRST,
    "sequence": SMALL_CELLS[FIRST].text,
    "units": 2,
    "weights_seed": 1,
    "unit": 1,
    "cell_change": False,
    **{f"hold_{gate}": False for gate in LSTMCell.gates},
    **{f"hold_{gate}_at": 1.0 for gate in LSTMCell.gates},
    "cell_table": False,
    "cell_text": SENTENCE,
    "cell_layer": "first",
    "cell_direction": "forward",
    "cell_off": [],
    **{f"trained_hold_{gate}": False for gate in LSTMCell.gates},
    **{f"trained_hold_{gate}_at": 1.0 for gate in LSTMCell.gates},
    "step": Step(0),
    "errata": False,
    "notation": False,
}
"""The page's controls by their keys, with what they stand at to begin with."""


SEEN_AT_THE_END = ("Keep a bit", "A bit that fades")
"""Presets whose claim is seen after the last step; the player opens there."""


def _preset(
    name: str,
    claim: str,
    holds: Callable[[LSTMTrace], bool],
    evidence: Callable[[LSTMTrace], str],
) -> Preset[LSTMTrace]:
    step = END if name in SEEN_AT_THE_END else START["step"]
    sets = START | {"preset": name, "sequence": SMALL_CELLS[name].text, "step": step}
    return Preset(name, sets, claim, holds, evidence)


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


def share_left(trace: LSTMTrace, steps: int, unit: int = 0) -> float:
    """Return what the forget gates leave of what the first step wrote, after so many more steps."""
    return float(trace.forget_gate[1 : steps + 1, unit].prod())


PRESETS = by_name(
    (
        _preset(
            mark("Forget on a marker"),
            mark("The input −1 closes the forget gate: one step wipes the cell state."),
            holds=lambda trace: (
                abs(_before_marker(trace)[0]) > 0.5
                and abs(_before_marker(trace)[1]) < 0.02 * abs(_before_marker(trace)[0])
            ),
            evidence=lambda trace: say(
                "before the marker c = {before:.3f}, after it c = {after:.4f}",
                before=_before_marker(trace)[0],
                after=_before_marker(trace)[1],
            ),
        ),
        _preset(
            mark("Keep a bit"),
            mark(
                "A 1 is written once and kept for 50 steps: the forget gate stays near 1, the input gate "
                "near 0."
            ),
            holds=lambda trace: _last(trace) > 0.95 * _written_first(trace) > 0.5,
            evidence=lambda trace: say(
                "written: c = {first:.3f}; after {more} more inputs: c = {last:.3f}",
                first=_written_first(trace),
                more=len(trace.inputs) - 1,
                last=_last(trace),
            ),
        ),
        _preset(
            mark("A bit that fades"),
            mark(
                "With a forget bias of 0 the forget gate stands at 0.5: every step halves what was written, "
                "and noise takes its place."
            ),
            holds=lambda trace: share_left(trace, len(trace.inputs) - 1) < 0.01,
            evidence=lambda trace: say(
                "after {more} more inputs a share of {share} of what was written is left",
                more=len(trace.inputs) - 1,
                share=readable(share_left(trace, len(trace.inputs) - 1)),
            ),
        ),
        _preset(
            mark("Count"),
            mark(
                "The cell state counts the ones, far beyond 1; the hidden state stays between −1 and 1."
            ),
            holds=lambda trace: (
                abs(_last(trace) - _ones(trace)) < 0.1
                and bool((np.abs(trace.hidden_state) < 1).all())
            ),
            evidence=lambda trace: plural(
                "{count} one; c = {c:.3f}, h = {h:.3f}",
                "{count} ones; c = {c:.3f}, h = {h:.3f}",
                _ones(trace),
                c=_last(trace),
                h=float(trace.hidden_state[-1, 0]),
            ),
        ),
        _preset(
            mark("Keep nothing for ever"),
            mark(
                "With f = 1 and i = 0 an empty cell stays empty: what is to be kept must first be written."
            ),
            holds=lambda trace: bool(np.abs(trace.cell_state).max() < 1e-6),
            evidence=lambda trace: (
                f"f = {decimal(trace.forget_gate[-1, 0], '.3f')}, "
                f"i = {readable(float(trace.input_gate[-1, 0]))}, c = {readable(_last(trace))}"
            ),
        ),
        _preset(
            mark("Sum"),
            mark(
                "Both gates stand open, and the candidate is nearly x/20: the cell state adds up a twentieth "
                "of whatever is read."
            ),
            holds=lambda trace: (
                len(trace.inputs) > 0
                and abs(20 * _last(trace) - float(trace.inputs.sum()))
                < 0.02 * float(np.abs(trace.inputs).sum())
            ),
            evidence=lambda trace: say(
                "the inputs sum to {sum:.3g}; 20 c = {c:.3f}",
                sum=float(trace.inputs.sum()),
                c=20 * _last(trace),
            ),
        ),
        _preset(
            mark("Ignore noise"),
            mark(
                "The input gate opens for large inputs only: what was written outlives the noise."
            ),
            holds=lambda trace: _last(trace) > 0.95 * _written_first(trace) > 0.5,
            evidence=lambda trace: say(
                "written: c = {first:.3f}; after the noise: c = {last:.3f}; largest input gate in the "
                "noise: {largest}",
                first=_written_first(trace),
                last=_last(trace),
                largest=readable(float(trace.input_gate[1:, 0].max(initial=0))),
            ),
        ),
        _preset(
            mark("Saturate"),
            mark(
                "Weights of 40 drive every gate to 0 or 1, where its slope is nearly 0: no gradient passes, "
                "so it can no longer learn."
            ),
            holds=lambda trace: _largest_slope(trace) < 1e-6,
            evidence=lambda trace: say(
                "largest slope of any gate or candidate: {slope}; a sigmoid can have up to 1/4",
                slope=readable(_largest_slope(trace)),
            ),
        ),
        _preset(
            mark("Leave the squash"),
            mark(
                "Nothing squashes the cell state: it grows beyond 1. The hidden state stays between −1 and 1."
            ),
            holds=lambda trace: bool(
                np.abs(trace.cell_state).max() > 1 and np.abs(trace.hidden_state).max() < 1
            ),
            evidence=lambda trace: say(
                "largest |c| = {c:.2f}, largest |h| = {h:.5f}",
                c=float(np.abs(trace.cell_state).max()),
                h=float(np.abs(trace.hidden_state).max()),
            ),
        ),
        _preset(
            mark("Untrained, numbers"),
            mark(
                "Before any training a forget bias of 1 holds the forget gate, on average, more than half open."
            ),
            holds=lambda trace: float(trace.forget_gate.mean()) > 0.5,
            evidence=lambda trace: say(
                "mean of all forget gates: {mean:.3f}", mean=float(trace.forget_gate.mean())
            ),
        ),
        _preset(
            mark("Untrained, words"),
            mark(
                "A gate is no switch: its value depends on the word and on all that was read before."
            ),
            holds=lambda trace: bool(np.ptp(trace.forget_gate, axis=0).min() > 0),
            evidence=lambda trace: say(
                "the first unit's forget gate ranges from {low:.3f} to {high:.3f}",
                low=float(trace.forget_gate[:, 0].min()),
                high=float(trace.forget_gate[:, 0].max()),
            ),
        ),
    )
)


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
        raise ValueError(say("The word vectors in the address cannot be read.")) from None
    if any(vector.shape != (WORD_FEATURES,) or too_large(vector) for vector in read.values()):
        raise ValueError(
            say(
                "The word vectors in the address are not {count} numbers up to {largest:g}.",
                count=WORD_FEATURES,
                largest=LARGEST,
            )
        )
    return table | {word: vector for word, vector in read.items() if word in table}


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
        raise ValueError(say("The weights in the address are not all numbers.")) from None
    if too_large(values):
        raise ValueError(
            say(
                "A weight in the address is not between -{largest:g} and {largest:g}.",
                largest=LARGEST,
            )
        )
    if values.size != rows * 4 * like.units:
        raise ValueError(
            say(
                "The address holds {found} weights; this cell has {expected}.",
                found=values.size,
                expected=rows * 4 * like.units,
            )
        )
    return cell_of_rows(values.reshape(rows, -1), like.features)


def cell_of_rows(rows: Array, features: int) -> LSTMCell:
    """Make a cell of the rows kernel, recurrent kernel and bias, one below the other.

    Entries beyond ``LARGEST`` are brought back to it, so that nothing overflows.
    """
    rows = np.clip(rows, -LARGEST, LARGEST)
    return LSTMCell(rows[:features], rows[features:-1], rows[-1])


def row_names(cell: LSTMCell) -> list[str]:
    """Name the rows of the table of weights: kernel W, recurrent kernel R and bias b."""
    kernel = [f"W · {component('x', j, cell.features)}" for j in range(cell.features)]
    return [
        *kernel,
        *(f"R · {component('h', j, cell.units)}" for j in range(cell.units)),
        "b",
    ]


def column_names(cell: LSTMCell) -> list[str]:
    """Name the columns of the table of weights: each gate with its letter, and the unit."""
    return [
        f"{say(TITLES[gate])} {component(LSTM.gates[gate][0], unit, cell.units)}"
        for gate in cell.gates
        for unit in range(cell.units)
    ]


def what_if_forget_were_one(trace: LSTMTrace, t: int, unit: int) -> Question:
    """Ask for the next cell state if the forget gate were fully open at this step."""
    f, i = trace.forget_gate[t, unit], trace.input_gate[t, unit]
    g, before = trace.candidate[t, unit], trace.previous_cell_state[t, unit]
    # Of a number that rounds to 0 the sign says nothing.
    values = {"before": float(before), "written": round(float(i * g), 3) + 0.0}
    return pick_one(
        say(
            "Before step {step} the cell state is c = {before:.3f}. There f = {f:.3f}, and i · g = "
            "{written:.3f}. What would the new c be if f were exactly 1?",
            step=t + 1,
            f=float(f),
            **values,
        ),
        (
            (
                float(before + i * g),
                say(
                    "With f = 1 all of c = {before:.3f} is kept, and i · g = {written:.3f} is added.",
                    **values,
                ),
                "",
            ),
            (
                float(i * g),
                say("That forgets everything: it is the result of f = 0, and 1 means keep."),
                "forget-one-forgets",
            ),
            (
                float(f * before + i * g),
                say("That is the new c with f = {f:.3f}, as it is.", f=float(f)),
                "",
            ),
            (
                float(before + g),
                say("That writes the whole candidate: it would need i = 1."),
                "",
            ),
            (
                float(np.tanh(before + i * g)),
                say("That squashes the sum; the cell state itself is not squashed."),
                "cell-state-bounded",
            ),
        ),
    )


def pick_one(text: str, options: Sequence[tuple[float, str, str]], decimals: int = 3) -> Question:
    """Make a question of numbers.

    Args:
        text: what is asked.
        options: each number, why it is right or wrong, and the mistake that leads to it; the first
            one is right. Where two ways lead to one number, the first one explains it.
        decimals: of the choices.
    """
    reasons: dict[str, tuple[str, str]] = {}
    for value, why, mistake in options:
        reasons.setdefault(_rounded(value, decimals), (why, mistake))
    choices = tuple(sorted(reasons, key=float))
    return Question(
        text,
        tuple(_plain(float(choice), f".{decimals}f") for choice in choices),
        (choices.index(_rounded(options[0][0], decimals)),),
        tuple(reasons[choice][0] for choice in choices),
        tuple(reasons[choice][1] for choice in choices),
    )


def _plain(value: float, spec: str) -> str:
    """Format a number in the language that is spoken, with a true minus sign."""
    return decimal(value, spec).replace("-", "−")


def _rounded(value: float, decimals: int) -> str:
    """Write so many decimals, and never a minus zero."""
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}"


def small_programs(cell: LSTMCell, inputs: Array) -> Programs:
    """Return the programs for a small cell, whose weights stand in them."""
    return programs(
        "cell",
        kernel=cell.kernel,
        recurrent_kernel=cell.recurrent_kernel,
        bias=cell.bias,
        inputs=inputs,
    )


def trained_programs(
    text: str, layer: str, direction: str, held: Mapping[str, float], off: Sequence[int]
) -> Programs:
    """Return the programs for an LSTM of the trained network, whose weights lstm_core reads.

    Args:
        text: what is read.
        layer: "first" or "second".
        direction: "forward" or "backward".
        held: value of each gate that is held.
        off: units that are switched off, from 0.
    """
    return programs(
        "cell", "trained", text=text, layer=layer, direction=direction, held=held, off=off
    )


def differences(now: LSTMTrace, before: LSTMTrace, unit: int) -> str:
    """Say what changed against the run before, in one unit."""
    steps = min(len(now.inputs), len(before.inputs))
    apart = np.abs(now.cell_state[:steps, unit] - before.cell_state[:steps, unit])
    if not apart.any():
        return say("Against the run before, nothing changed in this unit.")
    most = int(apart.argmax())
    return say(
        "In the run before, c of this unit ended at {c_before:.3f} and h at {h_before:.3f}; now at "
        "**{c:.3f}** and **{h:.3f}**. The largest difference is at step {step}: c differs by "
        "{apart:.3f}.",
        c=float(now.cell_state[-1, unit]),
        c_before=float(before.cell_state[-1, unit]),
        h=float(now.hidden_state[-1, unit]),
        h_before=float(before.hidden_state[-1, unit]),
        step=most + 1,
        apart=float(apart[most]),
    )


def exchanged_sentence(right: LSTMTrace, wrong: LSTMState, unit: int) -> str:
    """Say what the exchanged return values do to a run, where it is seen most."""
    ours, theirs = right.hidden_state[:, unit], wrong.hidden_state[:, unit]
    most = int(np.abs(theirs - ours).argmax())
    sentence = say(
        "**The pseudo code returns “ht, Ct”, but its caller takes “ct, ht”**: h and c change places at "
        "every step. At step {step} h should be {right:.3f}; it becomes {wrong:.3f}.",
        step=most + 1,
        right=float(ours[most]),
        wrong=float(theirs[most]),
    )
    if np.abs(theirs).max() <= 1:
        return sentence
    return f"{sentence} {say('No h can be above 1: tanh forbids it.')}"


def sum_sentence(right: LSTMTrace, wrong: Array | str, unit: int) -> str:
    """Say what a sum in place of the concatenation does to a run, or that it cannot run."""
    if isinstance(wrong, str):
        return say(
            "**It writes “prev_ht + input” where it means the concatenation.** These two vectors "
            "cannot be added: NumPy says “{error}”.",
            error=wrong.strip(),
        )
    most = int(np.abs(wrong[:, unit] - right.hidden_state[:, unit]).argmax())
    return say(
        "**It writes “prev_ht + input” where it means the concatenation.** The sum leaves one kernel "
        "for both. At step {step} h becomes {wrong:.3f} instead of {right:.3f}.",
        step=most + 1,
        wrong=float(wrong[most, unit]),
        right=float(right.hidden_state[most, unit]),
    )


def summed(cell: LSTMCell, inputs: Array) -> Array | str:
    """Run the pseudo code's sum, (time, units), or return what NumPy says against it."""
    try:
        return with_a_sum(cell, inputs)
    except ValueError as error:
        return str(error)


def made_of(trace: LSTMTrace, unit: int) -> str:
    """Say what the cell state is made of at the step that writes or forgets most."""
    moves = np.abs(trace.cell_state[:, unit] - trace.previous_cell_state[:, unit])
    t = int(moves[1:].argmax()) + 1 if len(moves) > 1 else 0
    return say(
        "At step {step} the forget gate keeps {f:.1%} of c = {before:.3f}: **{kept:.3f}**. Written is "
        "i · g = **{written:.3f}**. The sum of both is the new c = **{c:.3f}**.",
        step=t + 1,
        f=float(trace.forget_gate[t, unit]),
        before=float(trace.previous_cell_state[t, unit]),
        kept=float(trace.kept[t, unit]),
        written=round(float(trace.written[t, unit]), 3) + 0.0,
        c=round(float(trace.cell_state[t, unit]), 3) + 0.0,
    )


def columns_of(trace: LSTMTrace, labels: Sequence[str], units: Sequence[int]) -> dict[str, object]:
    """Name every number of some units, for a table."""
    return {"step": range(1, len(labels) + 1), "input": list(labels)} | {
        f"{name}_{unit + 1}": array[:, unit]
        for name, array in trace.quantities().items()
        for unit in units
    }


def meaning(unit: int, moving: Moving) -> str:
    """Say which words move a unit of the trained network most, each read alone."""

    def listed(words: Sequence[tuple[str, float]]) -> str:
        return ", ".join(f"*{word}* {_plain(value, '+.2f')}" for word, value in words)

    return say(
        "**What moves unit {unit}?** Its h after a single word: {up} … {down}.",
        unit=unit + 1,
        up=listed(moving.up),
        down=listed(moving.down[::-1]),
    )


def reacts(unit: int, moving: Moving, labels: Sequence[str], hidden: Array) -> str:
    """Say what a unit of the trained network reacts to, and what moves it most in a sentence.

    Args:
        unit: from 0.
        moving: the words that move it most, each read alone.
        labels: the words of the sentence, as they are read.
        hidden: the unit's hidden state after each of them.
    """
    moves = np.diff(hidden, prepend=0.0)
    most = int(np.abs(moves).argmax())
    return say(
        "Nobody chose what unit {unit} reacts to: training did. Read alone, *{up}* raises it most, and "
        "*{down}* lowers it most. In this sentence *{word}* moves it most: h goes from {before:.2f} to "
        "**{after:.2f}**.",
        unit=unit + 1,
        up=moving.up[0][0],
        down=moving.down[0][0],
        word=labels[most],
        before=round(float(hidden[most] - moves[most]), 2) + 0.0,
        after=float(hidden[most]),
    )


PSEUDO_CODE = """combine = prev_ht + input
...
return ht, Ct

ct, ht = LSTMCELL(ct, ht, input)"""
"""The lines of the lecture's pseudo code that hold its two mistakes."""

RULE = mark(
    "Units are ranked by Σ |h · ∂z/∂h| over the words: how large h is, times how much the logit z "
    "changes with it. To switch a unit off is to hold its output gate at 0."
)


def verdict_moves(opened: Opened, off: Sequence[int], held: Mapping[str, float]) -> str:
    """Say what the verdict is and how the changes move it."""
    verdict = say("**Verdict:** {share:.1%} positive as trained.", share=opened.probability)
    if not off and not held:
        return verdict
    changes = [
        say("the {gate} at {value:g}", gate=say(TITLES[gate]), value=value)
        for gate, value in held.items()
    ]
    if off:
        listed = ", ".join(map(str, off))
        changes.append(plural("unit {listed} off", "units {listed} off", len(off), listed=listed))
    changed = say(
        "With {changes}: **{share:.1%}**.", changes=say(" and ").join(changes), share=opened.changed
    )
    if not opened.others:
        return f"{verdict} {changed}"
    low, high = min(opened.others), max(opened.others)
    others = say(
        "With as many others off, drawn {draws} times at random: {low:.1%} to {high:.1%}.",
        draws=len(opened.others),
        low=low,
        high=high,
    )
    moved = abs(opened.changed - opened.probability)
    random = max(abs(low - opened.probability), abs(high - opened.probability))
    if moved < LITTLE:
        so = say("**The verdict stays: many units share what the network knows.**")
    elif moved > 2 * random:
        so = say("**The verdict hangs on these units more than on others.**")
    else:
        so = say("**Others off would move it as far: these units are not special here.**")
    return f"{verdict} {changed} {others} {so}"


LITTLE = 0.02
"""A verdict that moves by less has stayed."""
