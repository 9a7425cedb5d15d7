"""Tour, quests and questions of the page on gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.gradients.descent import Descent
from lstm_core.gradients.flow import Experiment, GradientFlow
from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.log_axes import readable
from pages._book.questions import Question
from pages.gradients.lesson import START, Flows, part, update, which_arrives


@dataclass(frozen=True)
class State:
    """What is on the screen.

    Attributes:
        experiment: with the network in front.
        flows: the way back through each network, by its name.
        descend: makes the updates of the network in front, which most panels do without.
    """

    experiment: Experiment
    flows: Flows
    descend: Callable[[], Descent]

    @cached_property
    def descent(self) -> Descent:
        """The updates of the network in front."""
        return self.descend()

    @property
    def front(self) -> GradientFlow:
        """The way back through the network in front."""
        return self.flows[self.experiment.network]


def _number(values: Mapping[str, Any], key: str) -> float:
    """Return a control's number; 0 before it is drawn."""
    return float(values.get(key) or 0.0)


_LSTM = {"network": "LSTM", "kernel": "PyTorch", "gain": 1.0, "length": 100}
TOUR = (
    Card(
        mark("The error comes back"),
        mark(
            "The error enters at the last step, on the right, and goes back to the left. A curve shows "
            "how long the gradient is at each step. The axis is logarithmic: each grid line is the power "
            "of ten beside it. The RNN's gradient vanishes. **Raise the gain to 3** and watch it explode."
        ),
        sets=START,
        cue="gain",
        done=lambda values: _number(values, "gain") >= 3,
    ),
    Card(
        mark("Above 1 is not enough"),
        mark(
            "With a gain above 1 the gradient need not explode: tanh saturates, and its small slopes "
            "shorten what the recurrent kernel stretches. **Set the gain to about 1.5** and compare both "
            "ends of the RNN's curve."
        ),
        sets=START | {"gain": 3.0},
        cue="gain",
        done=lambda values: 1.4 <= _number(values, "gain") <= 1.6,
    ),
    Card(
        mark("The sigmoid's quarter"),
        mark(
            "tanh has a slope of up to 1, a sigmoid of at most a quarter, and an error meets one such "
            "slope at every step. **Choose sigmoid** as the activation of the RNN."
        ),
        sets=START | {"gain": 1.0},
        cue="activation",
        done=lambda values: values.get("activation") == "sigmoid",
        panel="between",
    ),
    Card(
        mark("An LSTM is no cure by itself"),
        mark(
            "This LSTM is new, and its forget gates stand near one half: over 100 steps next to nothing "
            "arrives. **Raise its forget bias to 4 or more**, and see how seldom its memory halves then."
        ),
        sets=START | _LSTM | {"forget_bias": 0.0},
        cue="forget_bias",
        done=lambda values: _number(values, "forget_bias") >= 4,
    ),
    Card(
        mark("Exploding, in an LSTM too"),
        mark(
            "A forget gate only ever shortens a gradient. But it also comes back through h and the "
            "gates, whose recurrent kernels may be large. **Raise the gain to 8 or more.**"
        ),
        sets=START | _LSTM,
        cue="gain",
        done=lambda values: _number(values, "gain") >= 8,
    ),
    Card(
        mark("What it does to an update"),
        mark(
            "The gradient of a weight is a sum over all steps, and where it vanishes the first steps add "
            "next to nothing. **Take the first tenth alone** and see "
            "whether the weight still moves."
        ),
        sets=START | {"activation": "sigmoid", "gain": 1.0},
        cue="part",
        done=lambda values: values.get("part") == "the first tenth",
    ),
)

QUESTS = (
    Quest[State](
        "keeps-its-length",
        mark(
            "Let the RNN carry its gradient over 100 steps or more and change its length by no more than a "
            "factor of 2."
        ),
        lambda state: (
            len(state.flows["RNN"].norms) > 100 and 0.5 <= state.flows["RNN"].ratio <= 2.0
        ),
        lambda state: say(
            "Over {steps} steps the RNN's gradient changes by a factor of {ratio}.",
            steps=len(state.flows["RNN"].norms) - 1,
            ratio=readable(state.flows["RNN"].ratio),
        ),
        mark("What keeps every length, and which activation takes nothing away?"),
    ),
    Quest[State](
        "stretches-and-vanishes",
        mark(
            "Find a kernel of the RNN whose largest singular value is above 1.2 and whose spectral radius is "
            "below 1, and let the gradient vanish to less than a millionth all the same."
        ),
        lambda state: (
            state.flows["RNN"].largest_singular_value > 1.2
            and state.flows["RNN"].spectral_radius < 1.0
            and state.flows["RNN"].ratio < 1e-6
        ),
        lambda state: say(
            "Largest singular value {norm:.3f}, spectral radius {radius:.3f}, factor {ratio}.",
            norm=state.flows["RNN"].largest_singular_value,
            radius=state.flows["RNN"].spectral_radius,
            ratio=readable(state.flows["RNN"].ratio),
        ),
        mark(
            "In an orthogonal kernel the two numbers are the same; in a randomly drawn one they part."
        ),
    ),
    Quest[State](
        "learns-while-it-grows",
        mark(
            "Let the loss fall to a fifth or less by updates alone, in a network whose gradient grows "
            "tenfold or more on its way to step 1."
        ),
        lambda state: (
            state.front.ratio >= 10
            and state.descent.breakdown is None
            and bool(state.descent.losses[-1] <= state.descent.losses[0] / 5)
        ),
        lambda state: say(
            "The gradient of the {network} changes by a factor of {ratio}; the loss goes from "
            "{first} to {last}.",
            network=state.experiment.network,
            ratio=readable(state.front.ratio),
            first=readable(state.descent.losses[0], 3),
            last=readable(state.descent.losses[-1], 3),
        ),
        mark(
            "With a gain just below 2 it grows only a little; then small steps are needed, and many of them."
        ),
    ),
)


def quiz(state: State) -> tuple[Question, ...]:
    """Ask which network arrives, what a kernel must do, what the gates leave, what moves a weight."""
    return (
        which_arrives(state.flows),
        must_it_explode(state),
        direct_path(state.flows["LSTM"]),
        who_moves_the_weight(state.front),
    )


def must_it_explode(state: State) -> Question:
    """Ask what follows from the RNN's kernel and its activation, for the gradient.

    The length of a gradient changes in one step by a factor between the smallest singular value
    times the least slope and the largest one times the steepest slope; only the linear activation
    has a least slope above 0.
    """
    flow, activation = state.flows["RNN"], state.experiment.activation
    stretches = np.linalg.svd(flow.cell.recurrent_kernel, compute_uv=False)
    steepest = ACTIVATIONS[activation].steepest
    most = float(stretches[0]) * steepest
    least = float(stretches[-1]) if activation == "linear" else 0.0
    right = 1 if most < 1 - 1e-9 else 0 if least > 1 + 1e-9 else 2
    together = say(
        "All {steps} steps together come to a factor of {ratio}.",
        steps=len(flow.norms) - 1,
        ratio=readable(flow.ratio),
    )
    feedback = [
        say(
            "It must explode if every step lengthens it. One step multiplies the length by {least:.3g} at "
            "least.",
            least=least,
        ),
        say(
            "It must vanish if every step shortens it. One step multiplies the length by {norm:.3f} × {slope:g} "
            "= {most:.3g} at most.",
            norm=float(stretches[0]),
            slope=steepest,
            most=most,
        ),
        say(
            "Neither must happen if a step may shorten or lengthen it. Its factor lies between {least:.3g} and "
            "{most:.3g}.",
            least=least,
            most=most,
        ),
    ]
    feedback[right] = f"{feedback[right]} {together}"
    return Question(
        say(
            "The RNN's recurrent kernel has a largest singular value of {norm:.3f} and a spectral radius "
            "of {radius:.3f}; {activation} has slopes up to {slope:g}. What follows from that alone?",
            norm=float(stretches[0]),
            radius=flow.spectral_radius,
            activation=activation,
            slope=steepest,
        ),
        (
            say("The gradient must explode."),
            say("The gradient must vanish."),
            say("Neither has to happen."),
        ),
        (right,),
        tuple(feedback),
        ("radius-or-norm", "radius-or-norm", ""),
    )


def direct_path(flow: GradientFlow) -> Question:
    """Ask whether what arrives in an LSTM is what its forget gates let through.

    The direct path from c_T to c_1 is the product of the forget gates, unit by unit; all other ways
    go through h and the gates.
    """
    if not isinstance(flow.trace, LSTMTrace):
        raise TypeError("the direct path is an LSTM's")
    with np.errstate(over="ignore", invalid="ignore"):
        kept = flow.trace.forget_gate[1:].prod(axis=0)
        alone = float(np.linalg.norm(flow.gradient.memory[-1] * kept))
    arrives = float(flow.norms[0])
    share = arrives / alone if alone else (float("inf") if arrives else 1.0)
    right = 0 if share < 0.5 else 2 if share > 2.0 else 1
    fact = say(
        "The forget gates alone would leave {alone}; {arrives} arrives, for the gradient also comes back "
        "through h and the gates.",
        alone=readable(alone, 3),
        arrives=readable(arrives, 3),
    )
    feedback = [
        say("That would hold if what comes back through h and the gates worked against it."),
        say("That would hold if nothing came back through h and the gates."),
        say("That would hold if much more came back through h and the gates."),
    ]
    feedback[right] = fact
    return Question(
        say(
            "If the gradient of the LSTM came back along the cell state alone, multiplied by nothing but "
            "forget gates, {alone} would arrive at step 1. How much does arrive?",
            alone=readable(alone, 3),
        ),
        (
            say("Less than half of that"),
            say("About that much"),
            say("More than twice that"),
        ),
        (right,),
        tuple(feedback),
        ("", "direct-path-is-all", ""),
    )


def who_moves_the_weight(flow: GradientFlow) -> Question:
    """Ask which part of the sequence has most say in the update of the weight on the screen."""
    steps = len(flow.norms)
    first, last = part(steps, "the first tenth"), part(steps, "the last tenth")
    between = slice(first.stop, max(last.start, first.stop))
    slopes = [update(flow, 1.0, chosen).slope for chosen in (first, between, last)]
    sizes = np.abs(slopes)
    known = np.where(np.isnan(sizes), -1.0, sizes)
    right = tuple(int(place) for place in np.flatnonzero(known == known.max()))
    names = (
        say("the steps of the first tenth"),
        say("the steps between"),
        say("the steps of the last tenth"),
    )
    feedback = tuple(
        say(
            "To the gradient of this weight, {name} add {slope}.",
            name=name,
            slope=readable(slope, 3),
        )
        for name, slope in zip(names, slopes, strict=True)
    )
    return Question(
        say("Which steps add most to the gradient of the weight in the panel “The update”?"),
        names,
        right,
        feedback,
    )
