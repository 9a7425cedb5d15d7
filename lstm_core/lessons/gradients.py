"""The gradient page: presets that each prove one claim, the update, and the question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lstm_core.arrays import Array
from lstm_core.clipping import angle, clip_by_norm, clip_by_value, flat, joint_norm
from lstm_core.gradient_flow import Experiment, GradientFlow, follow
from lstm_core.lessons.latex import gathered, precise
from lstm_core.lessons.questions import Question


@dataclass(frozen=True)
class Preset:
    """An experiment and the one claim that it proves; ``holds`` checks it on the numbers."""

    name: str
    experiment: Experiment
    claim: str
    holds: Callable[[GradientFlow], bool]


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "Vanishing",
            Experiment(gain=0.9, steps=60),
            "The recurrent kernel shrinks, and tanh shrinks more: what came first in the sequence has "
            "next to no say in the update.",
            lambda flow: flow.ratio < 1e-6,
        ),
        Preset(
            "Exploding",
            Experiment(gain=3.0, steps=60),
            "The kernel stretches more than tanh can take back: the gradient grows without end.",
            lambda flow: flow.ratio > 1e3,
        ),
        Preset(
            "Saturation cancels the gain",
            Experiment(gain=1.5, steps=60),
            "A gain above 1 does not have to explode: tanh saturates, and its small slope takes "
            "back what the kernel adds.",
            lambda flow: 1e-3 < flow.ratio < 1e3,
        ),
        Preset(
            "Sigmoid",
            Experiment(activation="sigmoid", gain=1.0, steps=60),
            "A sigmoid passes at most a quarter at each step, whatever the point.",
            lambda flow: flow.ratio < 0.25 ** (len(flow.norms) - 1),
        ),
        Preset(
            "ReLU explodes",
            Experiment(activation="relu", gain=2.5, steps=60),
            "Where a ReLU is active its slope is exactly 1, so that nothing holds a large kernel back.",
            lambda flow: flow.ratio > 1e3,
        ),
    )
}


def references(experiment: Experiment) -> dict[str, Array]:
    """Follow the gradient of the vanishing and the exploding preset over as many steps."""
    return {
        f"tanh, gain {gain:g} {verb}": follow(
            replace(PRESETS[name].experiment, steps=experiment.steps, seed=experiment.seed)
        ).norms
        for name, verb in (("Vanishing", "vanishes"), ("Exploding", "explodes"))
        for gain in (PRESETS[name].experiment.gain,)
    }


@dataclass(frozen=True)
class Update:
    """One version of the gradient, and what it does to one weight.

    Attributes:
        name: "as it is", "clipped by norm" or "clipped by value".
        vector: all parameter gradients as one vector.
        norm: its length.
        degrees: the angle to the gradient as it is.
        weight: the recurrent weight whose gradient, as it is, is largest; before the update.
        slope: dL/d(weight) in this version.
        changed: weight - learning rate x slope.
    """

    name: str
    vector: Array
    norm: float
    degrees: float
    weight: float
    slope: float
    changed: float


def updates(
    flow: GradientFlow, learning_rate: float, max_norm: float | None, limit: float | None
) -> list[Update]:
    """Compute the update by the gradient as it is, and by each version that is switched on."""
    raw = flow.gradient.parameters
    whole = flat(raw)
    recurrent = raw["recurrent_kernel"]
    place = np.unravel_index(np.abs(recurrent).argmax(), recurrent.shape)
    weight = float(flow.cell.recurrent_kernel[place])
    versions = [("as it is", raw)]
    if max_norm is not None:
        versions.append(("clipped by norm", clip_by_norm(raw, max_norm)))
    if limit is not None:
        versions.append(("clipped by value", clip_by_value(raw, limit)))
    rows = []
    for name, gradients in versions:
        slope = float(gradients["recurrent_kernel"][place])
        vector = flat(gradients)
        rows.append(
            Update(
                name, vector, joint_norm(gradients), angle(whole, vector), weight, slope,
                weight - learning_rate * slope,
            )
        )  # fmt: skip
    return rows


def update_formula(update: Update, learning_rate: float) -> str:
    """Write the update of one weight with its live numbers."""
    numbers = (update.changed, update.weight, learning_rate, update.slope)
    new, old, rate, slope = (precise(value) for value in numbers)
    return gathered(
        [
            r"\text{new weight} = \text{old weight} - \text{learning rate} \times \text{gradient}",
            rf"{new} = {old} - {rate} \times ({slope})",
        ]
    )


def erratum() -> str:
    """Correct the lecture's own example of an update, by computing it."""
    old, step = 10.1, 0.001
    return (
        "The lecture's example of a vanished gradient reads 10.999 = 10.1 − 0.001. It means "
        f"**{old - step:.3f}** = {old} − {step}: a weight that hardly moves."
    )


def flow_sentence(flow: GradientFlow) -> str:
    """Say what became of the gradient, with its numbers."""
    first, last, steps = flow.norms[0], flow.norms[-1], len(flow.norms)
    if flow.first_lost is not None:
        value = flow.norms[flow.first_lost - 1]
        what = "exactly 0" if value == 0 else "no finite number any more"
        return f"At step {flow.first_lost} and before, the gradient is **{what}**."
    if steps == 1:
        return f"There is one step only, and the gradient there is **{last:.2e}**."
    if abs(np.log(flow.ratio)) < 1e-6:
        return f"The gradient **keeps its length**, {last:.2e}, over all {steps - 1} steps."
    verb = "shrinks" if flow.ratio < 1 else "grows"
    return (
        f"From **{last:.2e}** at step {steps} the gradient {verb} to **{first:.2e}** at step 1: "
        f"a factor of **{flow.ratio:.2e}** over {steps - 1} steps."
    )


def flow_alt(flow: GradientFlow) -> str:
    """The curve in words."""
    return (
        f"Length of the gradient at each of {len(flow.norms)} time steps on a log axis, from "
        f"{flow.norms[-1]:.2e} at the last step to {flow.norms[0]:.2e} at the first."
    )


def arrows_alt(rows: list[Update]) -> str:
    """The arrows in words."""
    described = "; ".join(
        f"{row.name}: length {row.norm:.3g}, {row.degrees:.1f} degrees" for row in rows
    )
    return f"The gradient of all parameters as an arrow in each version: {described}."


def does_clipping_help(flow: GradientFlow, max_norm: float) -> Question:
    """Ask what clipping by norm does to the gradient on the screen."""
    norm = joint_norm(flow.gradient.parameters)
    shortened = norm > max_norm
    feedback = (
        f"The gradient of all parameters has length {norm:.3g}, and the threshold is {max_norm:g}.",
        f"Its length is {norm:.3g} and the threshold {max_norm:g}: "
        + ("it is longer, so it is shortened." if shortened else "it is not longer, so it stays."),
        "Clipping only ever shortens. A gradient that vanished on the way back stays so: "
        f"{flow.norms[0]:.2e} arrives at step 1.",
    )
    return Question(
        f"Clip this gradient by norm at {max_norm:g}. What happens to it?",
        (
            "It is shortened and keeps its direction.",
            "Nothing: it is not longer than that.",
            "The part from the first steps is made larger.",
        ),
        (0,) if shortened else (1,),
        feedback,
    )


def code(experiment: Experiment) -> str:
    """Write the Python that reproduces the page's numbers."""
    return f"""from lstm_core.gradient_flow import Experiment, follow

flow = follow({experiment!r})
print(flow.norms)  # |dL/dh_t| for t = 1 ... {experiment.steps}
"""
