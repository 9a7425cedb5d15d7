"""The BPTT page: its presets, what is said at each stop, the errata, the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell
from lstm_core.gradients.bptt import (
    BACK,
    GROUPS,
    Stop,
    WayBack,
    by_the_lecture,
    loss_to_a_target,
    to_a_target,
)
from lstm_core.sentiment.network import SentimentNetwork
from pages._book.language import mark, say
from pages._book.latex import bracketed, gathered, number, product
from pages._book.markdown import plain
from pages._book.presets import Preset, Values, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question
from pages._book.sentences import SENTENCE
from pages._book.sequences import parse_numbers

SMALL, TRAINED = mark("A small LSTM"), mark("The network that reads reviews")
LAYERS = (mark("first"), mark("second"))
DIRECTIONS = (mark("forward"), mark("backward"))
_SHORT = mark("A short look back")
START: dict[str, Any] = {
    "bptt_source": SMALL,
    "bptt_preset": _SHORT,
    "bptt_sequence": "1 0.5 -1 2",
    "bptt_target": 0.5,
    "bptt_units": 2,
    "bptt_seed": 1,
    "bptt_every": False,
    "bptt_unit": 1,
    "bptt_text": SENTENCE,
    "bptt_layer": LAYERS[0],
    "bptt_direction": DIRECTIONS[0],
    "bptt_deciding": True,
    "bptt_step": 0,
    "bptt_group": "W_f",
}
"""The page's controls by their keys, with what they stand at to begin with."""
SMALL_LSTM = (
    "bptt_preset",
    "bptt_sequence",
    "bptt_target",
    "bptt_units",
    "bptt_seed",
    "bptt_every",
)
"""Those that say what the small LSTM is and does."""

GATE_LETTERS = {"input": "i", "forget": "f", "candidate": "g", "output": "o"}
AGREES = 1e-4
"""A group gets its tick if gradient and finite differences differ by less than this share."""
SAME = 1e-9
"""Two paths are the same if they differ by less than this share."""


def _untrained(units: int, seed: int) -> LSTMCell:
    return LSTMCell.initialise(1, units, seed)


def _strong_recurrence(units: int, seed: int) -> LSTMCell:
    """Make an untrained cell of 64 units whose recurrent kernel is eight times as large."""
    del units
    cell = LSTMCell.initialise(1, 64, seed)
    cell.recurrent_kernel *= 8.0
    return cell


def _kept_bit(units: int, seed: int) -> LSTMCell:
    """Make a cell that writes on a 1 and keeps; it never looks at its own hidden state."""
    del units, seed
    weights, bias = np.array([(10, -5), (0, 6), (4, 0), (0, 4)], dtype=float).T
    return LSTMCell(weights[np.newaxis], np.zeros((1, 4)), bias)


def _shut_forget_gate(units: int, seed: int) -> LSTMCell:
    """Make an untrained cell whose forget gate is closed by its bias."""
    cell = LSTMCell.initialise(1, units, seed)
    cell.bias[cell.columns("forget")] = -6.0
    return cell


def lengths(way: WayBack) -> tuple[float, float]:
    """Return |dL/dc_1| in full and by the direct path alone."""
    return (
        float(np.linalg.norm(way.gradient.cell_state[0])),
        float(np.linalg.norm(way.direct_path[0])),
    )


def _both(way: WayBack) -> str:
    full, direct = lengths(way)
    return say(
        "|∂L/∂c₁| in full {full:.3g}, by the direct path alone {direct:.3g}",
        full=full,
        direct=direct,
    )


_NOISE = "0.5 -1.2 0.3 0.9 -0.4 1.1 -0.7 0.2 -1.5 0.6 "


def _preset(
    name: str,
    sequence: str,
    target: float,
    claim: str,
    holds: Callable[[WayBack], bool],
    evidence: Callable[[WayBack], str] = _both,
) -> Preset[WayBack]:
    sets = {
        "bptt_source": SMALL,
        "bptt_preset": name,
        "bptt_sequence": sequence,
        "bptt_target": target,
        "bptt_step": 0,
    }
    return Preset(name, sets, claim, holds, evidence)


PRESETS = by_name(
    (
        _preset(
            _SHORT,
            START["bptt_sequence"],
            START["bptt_target"],
            mark(
                "Every term of the way back is small enough to be followed by hand, and their sum is "
                "what the backward pass returns."
            ),
            lambda way: all(
                np.allclose(way.contributions(group).sum(axis=0), way.total(group))
                for group in GROUPS
            ),
            lambda way: say("eight groups of weights, summed over {steps} steps", steps=way.steps),
        ),
        _preset(
            mark("The direct path is not all"),
            (_NOISE * 5).strip(),
            0.5,
            mark(
                "The product of the forget gates vanishes, and yet the full gradient explodes: it "
                "comes back through the hidden state and the gates."
            ),
            lambda way: lengths(way)[0] > 1e6 * lengths(way)[1] and lengths(way)[0] > 1e3,
        ),
        _preset(
            mark("One bit, kept"),
            "1 0 0 0 0 0 0 0",
            0.0,
            mark(
                "Where no gate looks at the hidden state, the direct path is the whole gradient, and "
                "forget gates near 1 carry it back almost unchanged."
            ),
            lambda way: (
                np.allclose(way.direct_path, way.gradient.cell_state)
                and lengths(way)[1] > 0.9 * float(np.linalg.norm(way.gradient.cell_state[-1]))
            ),
        ),
        _preset(
            mark("A shut forget gate"),
            "1 0.5 -1 2 0 1 -0.5 1",
            0.5,
            mark(
                "A forget gate near 0 cuts the direct path at every step: what remains comes through "
                "the hidden state."
            ),
            lambda way: lengths(way)[1] < 1e-6 * lengths(way)[0],
        ),
    )
)
_CELLS: dict[str, Callable[[int, int], LSTMCell]] = dict(
    zip(PRESETS, (_untrained, _strong_recurrence, _kept_bit, _shut_forget_gate), strict=True)
)
"""What each preset's cell is made by, of the number of units and the seed."""


@dataclass(frozen=True)
class Reading:
    """A small LSTM, what it reads, and what its hidden states should have been.

    Attributes:
        cell: the LSTM.
        labels: the numbers as they were typed.
        inputs: (time, 1).
        target: of every unit.
        every_step: whether the loss looks at every hidden state or at the last alone.
    """

    cell: LSTMCell
    labels: list[str]
    inputs: Array
    target: float
    every_step: bool

    @cached_property
    def way(self) -> WayBack:
        """The way forward and back."""
        return to_a_target(self.cell, self.inputs, self.target, self.every_step)

    def loss(self) -> float:
        """Compute the loss with the cell's weights as they stand."""
        return loss_to_a_target(self.cell, self.inputs, self.target, self.every_step)

    def programs(self) -> Programs:
        """Return the programs that reproduce the page's numbers."""
        return programs(
            "bptt",
            "small",
            kernel=self.cell.kernel,
            recurrent_kernel=self.cell.recurrent_kernel,
            bias=self.cell.bias,
            inputs=self.inputs,
            target=self.target,
            every_step=self.every_step,
        )


def reading_of(values: Values) -> Reading:
    """Make the small LSTM that the controls stand for, and what it reads.

    Raises:
        ValueError: if the sequence cannot be read, in words for the visitor.
    """
    of: Mapping[str, Any] = values
    labels, inputs = parse_numbers(of["bptt_sequence"])
    cell = _CELLS[of["bptt_preset"]](of["bptt_units"], of["bptt_seed"])
    return Reading(cell, labels, inputs, of["bptt_target"], of["bptt_every"])


def trained_way_back(
    network: SentimentNetwork, words: Sequence[str], vectors: Array, layer: str, direction: str
) -> tuple[WayBack, list[str]]:
    """Go back through one of the four LSTMs of the trained network.

    Args:
        network: in double precision.
        words: that it reads.
        vectors: of those words, (time, features).
        layer: name in ``LAYERS``.
        direction: name in ``DIRECTIONS``.

    Returns:
        The way back, and the words in the order in which this LSTM reads them.
    """
    way = network.way_back(vectors, LAYERS.index(layer), direction)
    return way, list(words if direction == "forward" else reversed(words))


def trained_programs(text: str, layer: str, direction: str) -> Programs:
    """Return the program that reproduces the page's numbers for the trained network."""
    return programs("bptt", "trained", text=text, layer=LAYERS.index(layer), direction=direction)


@dataclass(frozen=True)
class _Here:
    """The numbers of one unit at one step, and the step's number, the one before and after."""

    way: WayBack
    t: int
    unit: int

    def of(self, array: Array) -> float:
        return float(array[self.t, self.unit])

    @property
    def now(self) -> int:
        return self.t + 1

    @property
    def squashed(self) -> float:
        return float(np.tanh(self.of(self.way.trace.cell_state)))


def formula(way: WayBack, stop: Stop, unit: int) -> str:
    """Write a stop as LaTeX: the formula, then the same with live numbers."""
    here = _Here(way, stop.t, unit)
    if stop.stage is None:
        return gathered(_forward(here))
    if stop.stage in _GATES:
        return gathered(_gate(here, stop.stage))
    return gathered(_OTHERS[stop.stage](here))


def _forward(here: _Here) -> list[str]:
    trace, now, t = here.way.trace, here.now, here.t
    return [
        rf"c_{{{now}}} = f_{{{now}}}\, c_{{{t}}} + i_{{{now}}}\, g_{{{now}}} = "
        rf"{product(here.of(trace.forget_gate), here.of(trace.previous_cell_state))} + "
        rf"{product(here.of(trace.input_gate), here.of(trace.candidate))} = "
        rf"\mathbf{{{number(here.of(trace.cell_state))}}}",
        rf"h_{{{now}}} = o_{{{now}}} \tanh(c_{{{now}}}) = "
        rf"{product(here.of(trace.output_gate), here.squashed)} = "
        rf"\mathbf{{{number(here.of(trace.hidden_state))}}}",
    ]


def _hidden_state(here: _Here) -> list[str]:
    now = here.now
    return [
        rf"\delta h_{{{now}}} = \frac{{\partial L}}{{\partial h_{{{now}}}}}"
        rf"\Big|_{{\text{{{say('direct')}}}}} + \delta z_{{{now + 1}}} R^\top",
        rf"= {number(here.of(here.way.direct))} + {bracketed(here.of(here.way.through_time))} = "
        rf"\mathbf{{{number(here.of(here.way.gradient.hidden_state))}}}",
    ]


def _cell_state(here: _Here) -> list[str]:
    now, gradient = here.now, here.way.gradient
    return [
        rf"\delta c_{{{now}}} = \delta h_{{{now}}}\, o_{{{now}}}\, (1 - \tanh^2 c_{{{now}}})"
        rf" + \delta c_{{{now + 1}}}\, f_{{{now + 1}}}",
        rf"= {bracketed(here.of(gradient.hidden_state))} \cdot "
        rf"{number(here.of(here.way.trace.output_gate))} \cdot {number(1 - here.squashed**2)} + "
        rf"{bracketed(here.of(here.way.cell_through_time))} = "
        rf"\mathbf{{{number(here.of(gradient.cell_state))}}}",
    ]


_GATES: dict[str, tuple[str, str, str, Callable[[int], str]]] = {
    "output gate": ("o", "h", "hidden_state", lambda now: rf"\tanh(c_{{{now}}})"),
    "forget gate": ("f", "c", "cell_state", lambda now: rf"c_{{{now - 1}}}"),
    "input gate": ("i", "c", "cell_state", lambda now: rf"g_{{{now}}}"),
    "candidate": ("g", "c", "cell_state", lambda now: rf"i_{{{now}}}"),
}


def _gate(here: _Here, stage: str) -> list[str]:
    """Write the delta of a gate: what it multiplied, times the delta of the product."""
    trace, gradient, now = here.way.trace, here.way.gradient, here.now
    letter, of, field, factor = _GATES[stage]
    multiplied = {
        "output gate": here.squashed,
        "forget gate": here.of(trace.previous_cell_state),
        "input gate": here.of(trace.candidate),
        "candidate": here.of(trace.input_gate),
    }[stage]
    delta = here.of(getattr(gradient, field))
    result = here.of(getattr(gradient, stage.replace(" ", "_")))
    return [
        rf"\delta {letter}_{{{now}}} = \delta {of}_{{{now}}}\, {factor(now)}",
        rf"= {bracketed(delta)} \cdot {bracketed(multiplied)} = \mathbf{{{number(result)}}}",
    ]


def _weights(here: _Here) -> list[str]:
    now = here.now
    return [
        say(
            r"W \text{{ gets }} x_{{{now}}}^\top \delta z_{{{now}}}, \qquad "
            r"R \text{{ gets }} h_{{{before}}}^\top \delta z_{{{now}}}",
            now=now,
            before=here.t,
        ),
        *(_share(here.way, here.t, here.unit, group) for group in GROUPS),
    ]


def _before(here: _Here) -> list[str]:
    way, now, t = here.way, here.now, here.t
    back_h = float((way.gradient.pre_activation[t] @ way.cell.recurrent_kernel.T)[here.unit])
    dc, f = here.of(way.gradient.cell_state), here.of(way.trace.forget_gate)
    return [
        rf"\delta z_{{{now}}} R^\top = \mathbf{{{number(back_h)}}} \;\to\; h_{{{t}}}",
        rf"\delta c_{{{now}}}\, f_{{{now}}} = {bracketed(dc)} \cdot {number(f)} = "
        rf"\mathbf{{{number(dc * f)}}} \;\to\; c_{{{t}}}",
    ]


def _pre_activations(here: _Here) -> list[str]:
    return [_pre_activation(here.way, here.t, here.unit, name) for name in _SLOPES]


_OTHERS: dict[str, Callable[[_Here], list[str]]] = {
    "hidden state": _hidden_state,
    "cell state": _cell_state,
    "pre-activations": _pre_activations,
    "weights": _weights,
    "to the step before": _before,
}
_SLOPES = {"input": "i(1-i)", "forget": "f(1-f)", "candidate": "(1-g^2)", "output": "o(1-o)"}


def _pre_activation(way: WayBack, t: int, unit: int, name: str) -> str:
    letter = GATE_LETTERS[name]
    field = "candidate" if name == "candidate" else f"{name}_gate"
    value = float(getattr(way.trace, field)[t, unit])
    delta = float(getattr(way.gradient, field)[t, unit])
    column = way.cell.columns(name).start + unit
    result = float(way.gradient.pre_activation[t, column])
    slope = 1 - value**2 if name == "candidate" else value * (1 - value)
    return (
        rf"\delta z_{letter} = \delta {letter}\; {_SLOPES[name]} = {bracketed(delta)} \cdot "
        rf"{number(slope)} = \mathbf{{{number(result)}}}"
    )


def _share(way: WayBack, t: int, unit: int, group: str) -> str:
    """Write one step's share in one weight of a group: the one with the largest gradient."""
    row = largest_row(way, group, unit)
    share = float(way.contributions(group)[t, row, unit])
    name = rf"{group[0]}_{{{group[2:]}}}[{row + 1},{unit + 1}]"
    whole = number(float(way.total(group)[row, unit]))
    of = say(r"{share} \text{{ of }} {whole}", share=number(share), whole=whole)
    return rf"{name}:\; {of}"


def largest_row(way: WayBack, group: str, unit: int) -> int:
    """Choose the weight of a unit that stands for its group: the one with the largest gradient."""
    return int(np.abs(way.total(group)[:, unit]).argmax())


STAGES = dict(
    zip(
        BACK,
        (
            mark("hidden state"),
            mark("output gate"),
            mark("cell state"),
            mark("forget gate"),
            mark("input gate"),
            mark("candidate"),
            mark("pre-activations"),
            mark("weights"),
            mark("to the step before"),
        ),
        strict=True,
    )
)
"""What the stages of the way back are called, marked for translation."""


def heading(way: WayBack, stop: Stop, label: str) -> str:
    """Name a stop, as Markdown."""
    at = {"step": stop.t + 1, "steps": way.steps, "label": plain(label)}
    if stop.stage is None:
        return say("##### Forward, step {step} of {steps}, “{label}”: **all gates**", **at)
    what = say(STAGES[stop.stage])
    return say("##### Back, step {step} of {steps}, “{label}”: **{what}**", what=what, **at)


def sentence(way: WayBack, stop: Stop, unit: int) -> str:
    """Say what a stop means."""
    t = stop.t
    if stop.stage is None:
        return say(
            "Forward, step {step} of {steps}: all gates, the cell state and the hidden state "
            "are computed and **kept**, because the way back needs every one of them.",
            step=t + 1,
            steps=way.steps,
        )
    if stop.stage == "hidden state" and t + 1 == way.steps:
        return say(
            "What the loss says of this hidden state itself, plus what comes back from the next "
            "step: there is none, so that part is {through:.0f}.",
            through=float(way.through_time[t, unit]),
        )
    if stop.stage == "to the step before":
        if t == 0:
            return say(
                "There is no step before: what arrives here is the gradient of the initial state."
            )
        return say(
            "What goes on to step {step}: by the hidden state, and by the cell state.", step=t
        )
    return say(_MEANINGS[stop.stage])


_MEANINGS = {
    "hidden state": mark(
        "What the loss says of this hidden state itself, plus what comes back from the next step "
        "through all four gates."
    ),
    "output gate": mark(
        "How much the loss would change with the output gate: the shown part of the cell state is "
        "what it multiplies."
    ),
    "cell state": mark(
        "Two ways lead into the cell state: down from the hidden state, and back along the cell "
        "state itself, through the next forget gate."
    ),
    "forget gate": mark(
        "The forget gate multiplies the **old** cell state, so that its delta does."
    ),
    "input gate": mark("The input gate multiplies the candidate."),
    "candidate": mark("The candidate is multiplied by the input gate: shut, nothing is learned."),
    "pre-activations": mark(
        "Through the squashing: a saturated gate has a slope near 0 and passes next to nothing on."
    ),
    "weights": mark(
        "The same weights are used at every step, so that every step adds its share; the gradient "
        "is their **sum over t**. Shown: of each group the weight of this unit with the largest "
        "gradient."
    ),
}


def missing_part(way: WayBack, t: int, unit: int) -> tuple[float, float]:
    """Return dL/dc_t as the lecture writes it, and in full."""
    return float(by_the_lecture(way, t)[unit]), float(way.gradient.cell_state[t, unit])


def erratum(way: WayBack, t: int, unit: int) -> str:
    """Say what the lecture's equation for the cell state leaves out, with live numbers."""
    lecture, full = missing_part(way, t, unit)
    return say(
        "The lecture writes ∂L/∂c as two terms: down through this step's own hidden state, and "
        "back through the next cell state. It leaves out that the hidden state also feeds **every "
        "gate of the next step**. Here, at step {step}, its equation gives **{lecture:.4g}**; with "
        "the missing way it is **{full:.4g}**, and only that agrees with finite differences. Its "
        "eight sums for the weights are right: each has its factor o(1−o), i(1−i), f(1−f) or 1−g².",
        step=t + 1,
        lecture=lecture,
        full=full,
    )


def contribution_alt(way: WayBack, group: str, row: int, unit: int) -> str:
    """The bars of one weight in words."""
    shares = way.contributions(group)[:, row, unit]
    listed = ", ".join(
        say("step {step} {share:.3g}", step=t + 1, share=value)
        for t, value in enumerate(shares[:12])
    )
    if len(shares) > 12:
        listed = say("{listed} and so on", listed=listed)
    return say(
        "What each of {steps} steps adds to the gradient of {weight}: {listed}; the sum is {sum:.3g}.",
        steps=way.steps,
        weight=f"{group}[{row + 1}, {unit + 1}]",
        listed=listed,
        sum=shares.sum(),
    )


def paths_alt(way: WayBack) -> str:
    """Both curves in words."""
    full, direct = lengths(way)
    return say(
        "Length of the gradient at the cell state over {steps} steps on a log axis: in full from "
        "{last:.3g} at the last step to {full:.3g} at the first; by the direct path alone "
        "{direct:.3g} at the first.",
        steps=way.steps,
        last=np.linalg.norm(way.gradient.cell_state[-1]),
        full=full,
        direct=direct,
    )


def paths_sentence(way: WayBack) -> str:
    """Say how far the two paths part."""
    full, direct = lengths(way)
    if way.steps == 1:
        return say("There is one step only, so that both paths are the same.")
    if not (np.isfinite(full) and full > 0):
        return say(
            "The full gradient at step 1 is **{full:g}**: there is nothing to compare.", full=full
        )
    share = direct / full
    if abs(share - 1) < SAME:
        return say("Both are the same here: nothing comes back through the hidden state.")
    return say(
        "At step 1 the direct path alone gives **{direct:.3g}** and the full gradient is "
        "**{full:.3g}**: a ratio of **{share:.2g}**. “The gradient of an LSTM is the product of its "
        "forget gates” is true of the direct path only.",
        direct=direct,
        full=full,
        share=share,
    )


def ticks(apart: dict[str, float]) -> str:
    """Write a tick for each group on which finite differences agree, as Markdown."""
    marks = " ".join(
        f"{'✔' if value < AGREES else '✘'}&nbsp;{group.replace('_', chr(92) + '_')}"
        for group, value in apart.items()
    )
    return say(
        "**Checked by finite differences**: {marks}. Largest difference: {worst:.1e} of the group's "
        "largest gradient.",
        marks=marks,
        worst=max(apart.values()),
    )


def loss_sentence(reading: Reading) -> str:
    """Say what the small LSTM's loss is."""
    if reading.every_step:
        return say("L = ½ Σ (h − target)² = {loss:.4g}, over every step.", loss=reading.loss())
    return say("L = ½ Σ (h − target)² = {loss:.4g}, over the last step alone.", loss=reading.loss())


def reached(way: WayBack, stop: Stop) -> int:
    """Return the earliest step whose share in the weights is known, from 0; all steps if none."""
    if stop.stage is None:
        return way.steps
    return stop.t if BACK.index(stop.stage) >= BACK.index("weights") else stop.t + 1


def sums(way: WayBack, unit: int) -> dict[str, list[str]]:
    """List the eight sums over time, for the weight that stands for each group."""
    rows = {group: largest_row(way, group, unit) for group in GROUPS}
    shares = {group: way.contributions(group)[:, row, unit] for group, row in rows.items()}
    return {
        say("group"): list(GROUPS),
        say("weight"): [f"[{row + 1}, {unit + 1}]" for row in rows.values()],
        say("sum over t"): [f"{share.sum():.4g}" for share in shares.values()],
        say("as the backward pass has it"): [
            f"{way.total(group)[row, unit]:.4g}" for group, row in rows.items()
        ],
        say("largest share"): [
            say("step {step}", step=int(np.abs(share).argmax()) + 1) for share in shares.values()
        ],
    }


def columns(way: WayBack) -> dict[str, Array]:
    """Name every delta of every unit, (time,) each, for a table to take home."""
    fields = ("hidden_state", "cell_state", "output_gate", "forget_gate", "input_gate", "candidate")
    return {
        f"d_{field}_{unit + 1}": getattr(way.gradient, field)[:, unit]
        for field in fields
        for unit in range(way.cell.units)
    } | {f"direct_path_{unit + 1}": way.direct_path[:, unit] for unit in range(way.cell.units)}


def which_step_counts_most(way: WayBack, group: str, unit: int) -> Question:
    """Ask which step adds most to the weight on the screen."""
    row = largest_row(way, group, unit)
    shares = np.abs(way.contributions(group)[:, row, unit])
    most = int(shares.argmax())
    places = sorted({0, way.steps // 2, way.steps - 1, most})
    choices = [say("Step {step}", step=t + 1) for t in places]
    # A share of −0 is said as 0.
    feedback = [
        say(
            "Step {step} adds {share:.3g}: the input or hidden state it read, times its δz of {gate}.",
            step=t + 1,
            share=way.contributions(group)[t, row, unit] + 0.0,
            gate=group[2:],
        )
        for t in places
    ]
    right = tuple(k for k, t in enumerate(places) if shares[t] == shares[most])
    text = say(
        "Which of these steps adds most to the gradient of {weight}?",
        weight=f"{group}[{row + 1}, {unit + 1}]",
    )
    return Question(text, tuple(choices), right, tuple(feedback))
