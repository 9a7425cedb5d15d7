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
    GROUPS,
    WayBack,
    by_the_lecture,
    loss_to_a_target,
    to_a_target,
)
from lstm_core.sentiment.network import SentimentNetwork
from pages._book.exercises import Step
from pages._book.language import decimal, mark, say, typed
from pages._book.markdown import plain
from pages._book.presets import Preset, Values, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question
from pages._book.sentences import SENTENCE
from pages._book.sequences import parse_numbers
from pages._book.way_back import largest_row

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
    "bptt_step": Step(0),
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
        "bptt_step": Step(0),
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
                "Where no gate reads the hidden state, the direct path is the whole gradient, and "
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


def missing_part(way: WayBack, t: int, unit: int) -> tuple[float, float]:
    """Return dL/dc_t as the lecture writes it, and in full."""
    return float(by_the_lecture(way, t)[unit]), float(way.gradient.cell_state[t, unit])


def erratum(way: WayBack, t: int, unit: int) -> str:
    """Say what the lecture's equation for the cell state leaves out, with live numbers."""
    lecture, full = missing_part(way, t, unit)
    return say(
        "The lecture writes ∂L/∂c as two terms: down through this step's own hidden state, and back "
        "through the next cell state. It leaves out that the hidden state also feeds **every gate of "
        "the next step**. Here, at step {step}, its equation gives **{lecture:.4g}**. With the missing "
        "way it is **{full:.4g}**, and only that agrees with finite differences. The lecture's eight "
        "sums for the weights are right.",
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
        "At step 1 the full gradient is **{full}**. The direct path, the product of the forget gates, "
        "gives **{direct}**.",
        direct=readable(direct),
        full=readable(full),
    )


def readable(value: float) -> str:
    """Write a number with three digits; a very small or large one with a power of ten, as text."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return decimal(float(f"{value:.3g}") + 0.0, "g").replace("-", "−")
    mantissa, exponent = f"{value:.1e}".split("e")
    raised = str(int(exponent)).translate(_RAISED)
    return f"{decimal(float(mantissa), '.1f')}·10{raised}".replace("-", "−", 1)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ticks(apart: dict[str, float]) -> str:
    """Write a tick for each group on which finite differences agree, as Markdown."""
    marks = " ".join(
        f"{'✔' if value < AGREES else '✘'}&nbsp;{group.replace('_', chr(92) + '_')}"
        for group, value in apart.items()
    )
    return say(
        "**Checked by finite differences**: {marks}. Largest difference: {worst} of the group's "
        "largest gradient.",
        marks=marks,
        worst=readable(max(apart.values())),
    )


def loss_sentence(reading: Reading) -> str:
    """Say what the small LSTM's loss is."""
    if reading.every_step:
        return say("L = ½ Σ (h − target)² = {loss:.4g}, over every step.", loss=reading.loss())
    return say("L = ½ Σ (h − target)² = {loss:.4g}, over the last step alone.", loss=reading.loss())


def shares_sentence(way: WayBack, group: str, unit: int, labels: Sequence[str]) -> str:
    """Say which step adds most to the weight that stands for a group."""
    row = largest_row(way, group, unit)
    shares = way.contributions(group)[:, row, unit]
    most = int(np.abs(shares).argmax())
    return say(
        "The gradient is the sum over all steps: **{sum}**. Step {step}, “{label}”, adds most: **{share}**.",
        sum=readable(float(shares.sum())),
        step=most + 1,
        label=plain(typed(labels[most])[:30]),
        share=readable(float(shares[most])),
    )


def precise(value: float) -> str:
    """Write a number with four digits, and no minus zero."""
    return decimal(float(f"{value:.4g}") + 0.0, "g")


def sums(way: WayBack, unit: int) -> dict[str, list[str]]:
    """List the eight sums over time, for the weight that stands for each group."""
    rows = {group: largest_row(way, group, unit) for group in GROUPS}
    shares = {group: way.contributions(group)[:, row, unit] for group, row in rows.items()}
    return {
        say("group"): list(GROUPS),
        say("weight"): [f"[{row + 1}, {unit + 1}]" for row in rows.values()],
        say("sum over t"): [precise(share.sum()) for share in shares.values()],
        say("as the backward pass has it"): [
            precise(way.total(group)[row, unit]) for group, row in rows.items()
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
