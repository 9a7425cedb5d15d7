"""Tour, quests and questions of the page on remedies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.gradients.descent import Descent
from lstm_core.gradients.flow import GradientFlow, follow_cell
from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.log_axes import readable
from pages._book.questions import Question
from pages.remedies.lesson import PRESETS, START, Runs, Trial, Version, does_clipping_help


@dataclass(frozen=True)
class State:
    """What is on the screen.

    Attributes:
        trial: the network in trouble and its remedies.
        runs: the updates without and with them.
        flow: the first way back without remedies.
        max_norm: that the arrows are clipped at.
        versions: of that gradient: as it is, clipped by norm, clipped by value.
    """

    trial: Trial
    runs: Runs
    flow: GradientFlow
    max_norm: float
    versions: tuple[Version, ...]

    @property
    def before(self) -> Descent:
        """The updates without remedies."""
        return self.runs.before

    @property
    def after(self) -> Descent:
        """The updates with remedies."""
        return self.runs.after


def _start(preset: str, **changed: object) -> dict[str, object]:
    """Return what the controls stand at when a card is opened: a preset's values, and changes."""
    return {**PRESETS[preset].sets, **changed}


def _of(prefix: str) -> dict[str, object]:
    """Return what some of the page's controls stand at to begin with: those of one panel."""
    return {key: value for key, value in START.items() if key.startswith(prefix)}


def _number(values: Mapping[str, Any], key: str) -> float:
    """Return a control's number; 0 before it is drawn."""
    return float(values.get(key) or 0.0)


TOUR = (
    Card(
        mark("A network whose gradient explodes"),
        mark(
            "Its gradient grows on the way back, and two updates move the weights so far that all numbers "
            "end in NaN: the dotted line. **Switch on “Clip by norm”** and see the same network learn."
        ),
        sets=_start("Explosion, clipped", remedy_norm=False),
        cue="remedy_norm",
        done=lambda values: bool(values.get("remedy_norm")),
    ),
    Card(
        mark("A window on the last steps"),
        mark(
            "Truncated BPTT goes back over the last steps only. The steps before the window are shaded: their "
            "state still goes forward, but nothing is learned from them. **Shorten the window to 4 steps "
            "or fewer.**"
        ),
        sets=PRESETS["Truncated"].sets,
        cue="remedy_window",
        done=lambda values: 1 <= _number(values, "remedy_window") <= 4,
    ),
    Card(
        mark("Clipping is no cure for vanishing"),
        mark(
            "In this network the gradient vanishes. Clipping is on and changes nothing: it only ever "
            "shortens. **Switch on “Initialisation” as well**: an orthogonal recurrent kernel with a gain of 1.5."
        ),
        sets=_start("Vanishing, a better start", remedy_norm=True, remedy_start=False),
        cue="remedy_start",
        done=lambda values: bool(values.get("remedy_start")),
    ),
    Card(
        mark("A penalty that helps, and one that hurts"),
        mark(
            "Ω asks every step to keep the gradient's length, and after the updates more of it arrives. L1 "
            "and L2 shrink the recurrent kernel, which makes the gradient vanish faster. **Choose L2.**"
        ),
        sets=PRESETS["Vanishing, with Ω"].sets,
        cue="remedy_which",
        done=lambda values: values.get("remedy_which") == "L2",
    ),
    Card(
        mark("One way to clip turns the gradient"),
        mark(
            "Clipping by norm keeps the arrow's direction; clipping by value cuts each entry by itself and "
            "turns it. **Raise the limit of every entry to 1000 or more**: where hardly anything is cut, "
            "the arrow hardly turns."
        ),
        sets=_start("Explosion, clipped", **_of("arrow_")),
        cue="arrow_limit",
        done=lambda values: _number(values, "arrow_limit") >= 1000,
    ),
    Card(
        mark("The cliff"),
        mark(
            "Two walks down the same loss, which has a wall. The plain one meets the wall and jumps far "
            "away. **Raise the threshold “Clip at” to 100 or more**: then nothing is clipped any more, and "
            "both walks are the same."
        ),
        sets=_of("cliff_"),
        cue="cliff_norm",
        done=lambda values: _number(values, "cliff_norm") >= 100,
    ),
    Card(
        mark("Without a gradient through time"),
        mark(
            "An echo state network leaves its recurrence as it was drawn, and trains the readout alone. What "
            "it remembers depends on its spectral radius. **Set the radius to 0.5 or less**, or to 1.3 or "
            "more, and see its memory shrink."
        ),
        sets=_of("echo_"),
        cue="echo_radius",
        done=lambda values: not 0.5 < (values.get("echo_radius") or 1.0) < 1.3,
    ),
)

QUESTS = (
    Quest[State](
        "learns-unclipped",
        mark(
            "Without remedies the loss becomes NaN. Let the same network learn without any clipping, until its "
            "loss is a tenth or less."
        ),
        lambda state: (
            state.before.breakdown is not None
            and state.after.breakdown is None
            and state.trial.remedies.max_norm is None
            and state.trial.remedies.limit is None
            and bool(state.after.losses[-1] <= state.after.losses[0] / 10)
        ),
        lambda state: say(
            "With remedies the loss goes from {first} to {last}.",
            first=readable(state.after.losses[0], 3),
            last=readable(state.after.losses[-1], 3),
        ),
        mark("What else keeps an error from going all the way back?"),
    ),
    Quest[State](
        "brought-alive",
        mark(
            "Over 60 steps or more, let at least a hundredth of the gradient arrive at step 1 where without "
            "remedies it is less than a ten-billionth."
        ),
        lambda state: (
            state.trial.experiment.steps >= 60
            and state.before.first.ratio < 1e-10
            and 1e-2 <= state.after.first.ratio < float("inf")
        ),
        lambda state: say(
            "Over {steps} steps: a factor of {without} without, {treated} with remedies.",
            steps=state.trial.experiment.steps,
            without=readable(state.before.first.ratio),
            treated=readable(state.after.first.ratio),
        ),
        mark("Begin with a preset that vanishes, and make its sequence longer."),
    ),
    Quest[State](
        "cut-but-not-turned",
        mark(
            "Clip by value so that something is cut, and the gradient turns by no more than 5 degrees."
        ),
        lambda state: (
            state.versions[2].norm < state.versions[0].norm and state.versions[2].degrees <= 5.0
        ),
        lambda state: _how_it_is_cut(*state.versions),
        mark("Cut only the largest entries: the limit has to lie just below them."),
    ),
)


def _how_it_is_cut(whole: Version, _: Version, cut: Version) -> str:
    """Say what clipping by value does to length and direction."""
    if not np.isfinite(cut.degrees):
        return say("Its length is {length}: there is nothing to turn.", length=readable(whole.norm))
    return say(
        "Its length goes from {length} to {cut}, and it turns by {degrees:.1f}°.",
        length=readable(whole.norm, 4),
        cut=readable(cut.norm, 4),
        degrees=cut.degrees,
    )


def quiz(state: State) -> tuple[Question, ...]:
    """Ask what clipping does, what comes of clipping too late, and what truncation leaves."""
    return (
        does_clipping_help(state.flow, state.max_norm),
        clipped_too_late(state),
        what_truncation_leaves(state),
    )


def _said_of_right(right: tuple[int, ...], fact: str, *wrong: str) -> tuple[str, ...]:
    """Return the fact for each right choice, and for each other one why it is wrong."""
    return tuple(fact if place in right else why for place, why in enumerate(wrong))


def clipped_too_late(state: State) -> Question:
    """Ask how far the first update goes if the gradient is clipped after it."""
    norm, rate, limit = state.versions[0].norm, state.trial.rate, state.max_norm
    moves = (rate * norm, rate * limit, 0.0)
    right = tuple(place for place, move in enumerate(moves) if place == 0 or move == moves[0])
    fact = say(
        "The update has used the gradient as it came back: {rate:g} × {norm} = {move}. Clipped "
        "before, it would have been {clipped}; clipping afterwards changes nothing that is used.",
        rate=rate,
        norm=readable(norm, 3),
        move=readable(moves[0], 3),
        clipped=readable(rate * min(norm, limit), 3),
    )
    return Question(
        say(
            "Someone goes back, updates, and only then clips the norm at {limit:g}. How far do the "
            "parameters of the network without remedies move in this first update, with a learning rate of "
            "{rate:g}?",
            limit=limit,
            rate=rate,
        ),
        (
            say("As far as the whole gradient takes them: {move}", move=readable(moves[0], 3)),
            say("No further than the threshold allows: {move}", move=readable(moves[1], 3)),
            say("Not at all"),
        ),
        right,
        _said_of_right(
            right,
            fact,
            say(
                "The gradient is clipped only after the update. Which gradient did the update use?"
            ),
            say("That would hold if the gradient were clipped before the update."),
            say("An update goes as far as learning rate times gradient. Is one of them 0?"),
        ),
        ("", "clip-after-step", ""),
    )


def what_truncation_leaves(state: State) -> Question:
    """Ask what of the first step is left when the way back is truncated."""
    cell, inputs = state.flow.cell, state.flow.trace.inputs
    steps = len(inputs)
    window = state.trial.remedies.window or min(8, steps)
    without_first = inputs.copy()
    without_first[0] = 0.0
    cut = follow_cell(cell, inputs, state.trial.experiment.target(), window)
    with np.errstate(over="ignore", invalid="ignore"):
        other = cell.run(without_first).hidden_state[-1]
        change = float(np.linalg.norm(cut.trace.hidden_state[-1] - other))
    # Where numbers ended the change is NaN, and the first step has had its part in that.
    forward, back = change != 0, bool(cut.norms[0] != 0)
    right = (2 if back else 1 if forward else 0,)
    fact = say(
        "Without the first input the last hidden state changes by {change}, for the state is carried "
        "on; of the gradient {arrives} arrives at step 1.",
        change=readable(change, 3),
        arrives=readable(float(cut.norms[0]), 3),
    )
    return Question(
        say(
            "The network without remedies reads {steps} steps, and its way back is cut to the last "
            "{window}. What does its first step still change?",
            steps=steps,
            window=window,
        ),
        (
            say("Nothing: the state starts afresh where the window begins."),
            say("The last hidden state, but no update."),
            say("The last hidden state and the update."),
        ),
        right,
        _said_of_right(
            right,
            fact,
            say("Truncation shortens the way back. What does it change on the way forward?"),
            say("That would hold if nothing of the gradient came back to step 1."),
            say("That would hold if the window reached back to step 1."),
        ),
        ("truncation-resets-state", "", ""),
    )
