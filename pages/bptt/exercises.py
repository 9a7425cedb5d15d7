"""Tour, quests and questions of the page on backpropagation through time in an LSTM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.gradients.bptt import BACK, GROUPS, WayBack
from pages._book.exercises import Card, Quest, Step
from pages._book.language import mark, say
from pages._book.questions import Question
from pages.bptt.lesson import (
    SAME,
    START,
    TRAINED,
    lengths,
    which_step_counts_most,
)


@dataclass(frozen=True)
class State:
    """What stands on the screen: a way back, the group of weights and the unit in front."""

    way: WayBack
    group: str
    unit: int


STEPS = 4
"""So many numbers are read on the tour."""
TOUR = (
    Card(
        mark("Forward, and nothing thrown away"),
        mark(
            "On the way forward the cell reads one number a step. **Press Next, or the right arrow key, "
            "until all four steps are read**: the way back will need the gates and states of each."
        ),
        sets=START,
        cue="bptt_step_player",
        done=lambda values: (values.get("bptt_step") or 0) >= STEPS - 1,
        panel="way",
    ),
    Card(
        mark("An error arrives"),
        mark(
            "Now the arrows turn round. The loss depends on the last hidden state alone, so the error "
            "enters there. **Go on to the cell state**: two ways lead into it, and at the last step one "
            "of them carries nothing yet."
        ),
        sets=START | {"bptt_step": Step(STEPS)},
        cue="bptt_step_player",
        done=lambda values: (values.get("bptt_step") or 0) >= STEPS + BACK.index("cell state"),
        panel="way",
    ),
    Card(
        mark("One step back in time"),
        mark(
            "**Go on to the cell state of step 3.** The hidden state of step 3 has no loss of its own: "
            "its error came back through all four gates of step 4. Into the cell state both ways now "
            "carry something."
        ),
        sets=START | {"bptt_step": Step(STEPS + BACK.index("cell state"))},
        cue="bptt_step_player",
        done=lambda values: (
            (values.get("bptt_step") or 0) >= STEPS + len(BACK) + BACK.index("cell state")
        ),
        panel="way",
    ),
    Card(
        mark("Every step adds its share"),
        mark(
            "The same weights are used at every step, so each step adds its share to their gradient: each "
            "bar begins where the one on its right ends. **Choose R_f**, a group that multiplies hidden "
            "states: step 1 adds nothing, because the hidden state before it is zero."
        ),
        sets=START | {"bptt_group": "W_f"},
        cue="bptt_group",
        done=lambda values: str(values.get("bptt_group") or "").startswith("R"),
        panel="weights",
    ),
    Card(
        mark("Two paths back"),
        mark(
            "“The gradient of an LSTM is the product of its forget gates”: one often reads that. "
            "**Start from “The direct path is not all”**: the product vanishes, and the gradient explodes."
        ),
        sets=START,
        cue="bptt_preset",
        done=lambda values: values.get("bptt_preset") == "The direct path is not all",
        panel="paths",
    ),
    Card(
        mark("The same in a trained network"),
        mark(
            "Nothing of this is special to small numbers. **Choose the network that reads reviews**: "
            "the same nine stages, on a sentence of yours."
        ),
        sets=START,
        cue="bptt_source",
        done=lambda values: values.get("bptt_source") == TRAINED,
        panel="way",
    ),
)


def silent_states(way: WayBack) -> list[int]:
    """Find the steps from 2 on that add to weights of the inputs and to no recurrent weight."""
    adds = {
        kernel: sum(
            np.abs(way.contributions(group)).sum(axis=(1, 2))
            for group in GROUPS
            if group.startswith(kernel)
        )
        for kernel in "WR"
    }
    return [int(t) + 1 for t in np.flatnonzero((adds["R"] == 0) & (adds["W"] > 0)) if t]


def overrated(way: WayBack) -> float:
    """How many times the direct path's gradient at step 1 is the full one's; 0 if there is none."""
    full, direct = lengths(way)
    return direct / full if 0 < full < np.inf else 0.0


def carried(way: WayBack) -> float:
    """The share of the last cell state's gradient that stands at the first one's."""
    last = float(np.linalg.norm(way.gradient.cell_state[-1]))
    return lengths(way)[0] / last if last > 0 else 0.0


def _which_is_silent(state: State) -> str:
    if silent := silent_states(state.way):
        return say("Step {step} does that.", step=silent[0])
    return say("No step of {steps} does that.", steps=state.way.steps)


QUESTS = (
    Quest[State](
        "silent-state",
        mark(
            "Let a step after the first add nothing to the gradients of the recurrent weights, but something to "
            "those of the input weights."
        ),
        lambda state: bool(silent_states(state.way)),
        _which_is_silent,
        mark("A weight's share is what it multiplied, times δz. Which number makes that zero?"),
    ),
    Quest[State](
        "overrated",
        mark(
            "Find a way back whose direct path is more than ten times as long as the full gradient at step 1."
        ),
        lambda state: overrated(state.way) > 10,
        lambda state: say(
            "The direct path gives {times:.3g} times the full gradient.", times=overrated(state.way)
        ),
        mark(
            "The other ways can work against the direct one. Try a long sequence of small numbers, and "
            "other seeds."
        ),
    ),
    Quest[State](
        "carried-far",
        mark("Carry at least half of the cell state's gradient back over 20 steps or more."),
        lambda state: state.way.steps >= 20 and 0.5 <= carried(state.way) <= 1,
        lambda state: say(
            "Over {steps} steps the share is {share:.3g}.",
            steps=state.way.steps,
            share=carried(state.way),
        ),
        mark("Which preset has forget gates near 1? Its sequence can be made longer."),
    ),
)


def quiz(state: State) -> tuple[Question, ...]:
    """Ask for shares, for the two paths, for the first step, and what an open gate does.

    Of a single step there is no choice of steps to offer.
    """
    share = which_step_counts_most(state.way, state.group, state.unit)
    return (
        *((share,) if state.way.steps > 1 else ()),
        _direct_or_full(state.way),
        _first_step(state.way),
        _open_forget_gate(state.way, state.unit),
    )


def _direct_or_full(way: WayBack) -> Question:
    full, direct = lengths(way)
    text = say("How much of the full gradient at step 1 does the direct path alone give?")
    choices = (say("All of it"), say("Less than that"), say("More than that"))
    share = direct / full if 0 < full < np.inf else 1.0
    right = 0 if abs(share - 1) < SAME else 1 if share < 1 else 2
    fact = say(
        "The direct path alone gives {direct:.3g}, the full gradient is {full:.3g}.",
        direct=direct,
        full=full,
    )
    feedback = [
        say("That would hold if nothing came back through the hidden state."),
        say(
            "That would hold if what comes back through the hidden state added to the direct path."
        ),
        say(
            "That would hold if what comes back through the hidden state worked against the direct path."
        ),
    ]
    feedback[right] = fact
    return Question(text, choices, (right,), tuple(feedback), ("direct-path-is-all", "", ""))


def _first_step(way: WayBack) -> Question:
    text = say("Does step 1 add something to the gradient of the recurrent weights?")
    choices = (
        say("Yes, as every step does"),
        say("Yes, but through the forget gate alone"),
        say("No, nothing"),
    )
    first = {
        group: float(np.abs(way.contributions(group)[0]).max())
        for group in GROUPS
        if group.startswith("R")
    }
    others = [group for group in first if group != "R_f"]
    through_others = any(first[group] for group in others)
    right = 2 if not any(first.values()) else 0 if through_others else 1
    listed = ", ".join(f"{group} {value:.3g}" for group, value in first.items())
    fact = say(
        "Its share is h₀ times δz₁, and h₀ is zero. The largest shares of step 1: {listed}.",
        listed=listed,
    )
    feedback = [
        say("A recurrent weight gets δz times the hidden state before the step. What is h₀?"),
        say("All four gates multiply the same hidden state before the step. What is h₀?"),
        say("That would hold if h₀ were zero for every unit."),
    ]
    feedback[right] = fact
    return Question(text, choices, (right,), tuple(feedback))


def _open_forget_gate(way: WayBack, unit: int) -> Question:
    forget = float(way.trace.forget_gate[-1, unit])
    delta = float(way.gradient.cell_state[-1, unit])
    text = say(
        "At the last step the forget gate of this unit is {forget:.3f}. If it were exactly 1, how "
        "much of δc would go on to the cell state before?",
        forget=forget,
    )
    choices = (say("All of it"), say("Nothing of it"), say("A quarter of it at most"))
    feedback = (
        say(
            "δc = {delta:.3g} is multiplied by the gate: now {now:.3g} goes on, with 1 it is "
            "{delta:.3g}.",
            delta=delta,
            now=delta * forget,
        ),
        say("1 is open: {delta:.3g} times 1 is {delta:.3g}. A gate of 0 forgets.", delta=delta),
        say(
            "The quarter bounds the slope of the sigmoid, f(1−f), here {slope:.3g}; it stands on the "
            "way into the gate's weights. The cell state is multiplied by the gate itself, {forget:.3f}.",
            slope=forget * (1 - forget),
            forget=forget,
        ),
    )
    return Question(text, choices, (0,), feedback, ("", "forget-one-forgets", "sigmoid-blamed"))
