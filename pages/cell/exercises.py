"""Tour, quests and questions of the cell page; the state is what the player shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.sentiment.opened import Opened
from pages._book.exercises import Card, Quest, Step
from pages._book.language import mark, say
from pages._book.questions import Question
from pages.cell.lesson import PRESETS, SMALL_CELLS, START, pick_one, what_if_forget_were_one

FADING = "A bit that fades"
HELD = 0.05
"""A cell state beyond this, either sign, is something that can be kept."""
SURVIVED = 20
"""So many steps the bit of the first quest has to survive."""


@dataclass(frozen=True)
class Run:
    """What the page shows.

    Attributes:
        cell: with all that was changed in it.
        trace: its run, without a batch axis.
        t: the step that the player is at, from 0.
        unit: in front, from 0.
        opened: the trained network, if it is its LSTM.
    """

    cell: LSTMCell
    trace: LSTMTrace
    t: int
    unit: int
    opened: Opened | None = None


def _small(preset: str, step: int = 0, **more: object) -> dict[str, object]:
    """Return what shows a preset of the small cell, as it is, at a step of the player."""
    return {**PRESETS[preset].sets, "step": Step(step), **more}


def _forget_is_held_low(values: Mapping[str, Any]) -> bool:
    return bool(values.get("hold_forget")) and values.get("hold_forget_at", 1.0) <= 0.5


TOUR = (
    Card(
        mark("One input, seven stages"),
        mark(
            "The cell reads one number and computes, gate by gate, what to keep, what to write and "
            "what to show. **Press the right arrow, or Next, until “cell state”** and read the "
            "sentence below the drawing at each stage."
        ),
        sets=_small("Count"),
        cue="step_player",
        panel="player",
        done=lambda values: (values.get("step") or 0) >= 4,
    ),
    Card(
        mark("Wiped in one step"),
        mark(
            "This cell is made to forget at −1. **Step on until the cell state of the fourth "
            "input, −1, is computed.** The forget gate falls to nearly 0, and with it all that was "
            "kept."
        ),
        sets=_small("Forget on a marker", 3 * 7),
        cue="step_player",
        panel="player",
        done=lambda values: (values.get("step") or 0) >= 3 * 7 + 4,
    ),
    Card(
        mark("Hold a gate"),
        mark(
            "This cell counts the ones. **Hold the forget gate, and bring it down to 0.5 or less**: "
            "what was counted fades at every step. The thin line is the run before your change."
        ),
        sets=_small("Count", 6 * 7 + 4, hold_forget_at=1.0),
        cue="hold_forget",
        panel="player",
        done=_forget_is_held_low,
    ),
    Card(
        mark("More than one unit"),
        mark(
            "A gate is no switch: it is a vector, with one number for each unit, and each is a function "
            "of the word and of all that was read before. **Raise the units to 4**, then click a "
            "square below a number to show another unit."
        ),
        sets=_small("Untrained, words", 4, units=2),
        cue="units",
        panel="player",
        done=lambda values: (values.get("units") or 0) >= 4,
    ),
    Card(
        mark("The same cell, trained"),
        mark(
            "Nothing changes but the weights: the same drawing plays one of the four LSTMs of the network "
            "that reads reviews. **Type a sentence of your own**, and read below which words move the unit."
        ),
        sets={"cell_text": START["cell_text"]},
        cue="cell_text",
        done=lambda values: values.get("cell_text") not in {None, START["cell_text"]},
        panel="trained",
    ),
    Card(
        mark("What does one unit matter?"),
        mark(
            "The units stand in the order of how much they count. **Under “More”, switch some off** and "
            "read how the verdict moves, beside as many others drawn at random."
        ),
        sets={"cell_off": []},
        cue="stage_more",
        panel="trained",
        done=lambda values: bool(values.get("cell_off")),
    ),
    Card(
        mark("What does one unit mean?"),
        mark(
            "On the left stand the words after which this unit's h is highest and lowest. Nobody chose them: "
            "training did. **Choose other units**, and say of each what its words have in common. Some have "
            "nothing in common."
        ),
        cue="cell_unit",
        panel="unit",
    ),
)


def _bit(run: Run) -> tuple[float, float] | None:
    """Return the cell state as it was written and 20 steps later; None if it is another cell."""
    fading = SMALL_CELLS[FADING]
    before = fading.cell(1, 0)
    same = (
        np.array_equal(run.cell.kernel, before.kernel)
        and np.array_equal(run.cell.recurrent_kernel, before.recurrent_kernel)
        and np.array_equal(run.trace.inputs, fading.read(fading.text)[1])
    )
    if not same:
        return None
    return float(run.trace.cell_state[0, 0]), float(run.trace.cell_state[SURVIVED, 0])


def _survives(run: Run) -> bool:
    bit = _bit(run)
    return bit is not None and abs(bit[0]) >= 0.5 and abs(bit[1] - bit[0]) <= 0.1 * abs(bit[0])


def _how_it_survives(run: Run) -> str:
    bit = _bit(run)
    if bit is None:
        return say("Choose “{preset}” under “Start from”.", preset=say(FADING))
    return say(
        "Written: c = {first:.3f}; {steps} steps later: c = {last:.3f}.",
        first=bit[0],
        steps=SURVIVED,
        last=bit[1],
    )


def _ends(run: Run) -> tuple[float, float]:
    return (
        float(run.trace.cell_state[-1, run.unit]),
        float(run.trace.hidden_state[-1, run.unit]),
    )


def _how_it_turns(run: Run) -> str:
    if run.opened is None:
        return say("Open the panel “{panel}”.", panel=say("Trained"))
    return say(
        "As trained {before:.1%} positive, changed {after:.1%}.",
        before=run.opened.probability,
        after=run.opened.changed,
    )


QUESTS = (
    Quest[Run](
        "bit-survives",
        mark(
            "Set the biases so that the bit survives 20 steps: start from “A bit that fades”, and "
            "change nothing but biases."
        ),
        _survives,
        _how_it_survives,
        mark(
            "They are the last row of the table under “More”. One bias has to keep the bit, another one "
            "has to keep the noise out."
        ),
    ),
    Quest[Run](
        "silent",
        mark(
            "Let a cell know much and say little: at the last step c is 5 or more, and h is 0.1 or "
            "less, either sign."
        ),
        lambda run: abs(_ends(run)[0]) >= 5 and abs(_ends(run)[1]) <= 0.1,
        lambda run: say(
            "At the last step c = {c:.3f} and h = {h:.3f}.", c=_ends(run)[0], h=_ends(run)[1]
        ),
        mark("Counting makes c large. Which gate stands between c and h?"),
    ),
    Quest[Run](
        "verdict-turned",
        mark(
            "Turn the verdict of the trained network round without changing a word: hold gates of one "
            "of its LSTMs, or switch units off."
        ),
        lambda run: (
            run.opened is not None and (run.opened.probability > 0.5) != (run.opened.changed > 0.5)
        ),
        _how_it_turns,
        mark(
            "A sentence of which the network is less sure turns more easily: type one first. Then try each "
            "of the four LSTMs with its candidate, what it writes, held at one end."
        ),
    ),
)


def quiz(run: Run) -> tuple[Question, ...]:
    """Ask for the next cell state, what shows of it, what is kept, and how many weights there are.

    What is kept is asked only of a cell that holds something, at the step of the player or later.
    """
    t = _holds_something(run)
    about_memory = (
        ()
        if t is None
        else (what_if_forget_were_one(run.trace, t, run.unit), _what_is_kept(run, t))
    )
    return (*about_memory, _what_shows(run), _how_many_weights(run.cell, len(run.trace.inputs)))


def _holds_something(run: Run) -> int | None:
    """Return the first step from the player's on before which the cell state is not 0."""
    before = np.abs(run.trace.previous_cell_state[:, run.unit])
    steps = [*range(run.t, len(before)), *range(run.t)]
    return next((t for t in steps if before[t] > HELD), None)


def _what_shows(run: Run) -> Question:
    c = float(run.trace.cell_state[run.t, run.unit])
    o = float(run.trace.output_gate[run.t, run.unit])
    return pick_one(
        say(
            "At step {step} the cell state is c = {c:.3f} and the output gate o = {o:.3f}. What is h?",
            step=run.t + 1,
            c=c,
            o=o,
        ),
        (
            (
                o * float(np.tanh(c)),
                say("h = o · tanh(c) = {o:.3f} · {squashed:.3f}.", o=o, squashed=float(np.tanh(c))),
                "",
            ),
            (
                o * c,
                say("That is o · c: what shows of the cell state is squashed first."),
                "tanh-misdrawn",
            ),
            (float(np.tanh(c)), say("That is tanh(c): all of it would show only if o were 1."), ""),
            (
                c,
                say("That is the cell state itself: it stays inside the cell."),
                "hidden-is-output",
            ),
            (o, say("That is the gate, not what it lets through."), ""),
        ),
    )


def _what_is_kept(run: Run, t: int) -> Question:
    g = float(run.trace.candidate[t, run.unit])
    c = float(run.trace.cell_state[t, run.unit])
    before = float(run.trace.previous_cell_state[t, run.unit])
    return pick_one(
        say(
            "Before step {step} the cell state is c = {before:.3f}. If f were 1 and i were 0 at this "
            "step, what would c be after it?",
            step=t + 1,
            before=before,
        ),
        (
            (
                before,
                say(
                    "1 · {before:.3f} + 0 · {g:.3f} = {before:.3f}: all is kept, nothing is written.",
                    before=before,
                    g=g,
                ),
                "",
            ),
            (
                g,
                say("That is the candidate, g = {g:.3f}; with i = 0 none of it is written.", g=g),
                "remember-with-closed-input",
            ),
            (
                before + g,
                say("That writes the whole candidate: it is the result of i = 1."),
                "remember-with-closed-input",
            ),
            (0.0, say("That forgets everything: f = 1 means keep."), "forget-one-forgets"),
            (c, say("That is c with the gates as they are."), ""),
        ),
    )


def _how_many_weights(cell: LSTMCell, steps: int) -> Question:
    n, u = cell.features, cell.units
    values = {"features": n, "units": u}
    return pick_one(
        say(
            "Kernel, recurrent kernel and bias together: how many numbers does this cell have "
            "(features: {features}, units: {units})?",
            **values,
        ),
        (
            (
                4 * u * (n + u + 1),
                say("Four blocks of {units} · ({features} + {units} + 1).", **values),
                "",
            ),
            (
                4 * u * (n + u + 2),
                say("That has two biases, as PyTorch stores them; here there is one, as in Keras."),
                "two-biases",
            ),
            (
                4 * u * (max(n, u) + 1),
                say(
                    "That would do for a sum of input and hidden state; side by side they have "
                    "{features} + {units} numbers.",
                    **values,
                ),
                "concatenation-is-addition",
            ),
            (
                4 * (n + u + 1),
                say(
                    "That is one unit's share: each gate has {units} numbers, one a unit.", **values
                ),
                "gates-are-scalars",
            ),
            (
                4 * u * (n + u + 1) * steps,
                say(
                    "That gives each of the {steps} steps weights of its own; they share one set.",
                    steps=steps,
                ),
                "units-are-steps",
            ),
        ),
        decimals=0,
    )
