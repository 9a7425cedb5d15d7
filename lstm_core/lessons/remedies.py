"""The remedies page: what each remedy does, what it does not cure, and presets that show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from lstm_core.arrays import Array
from lstm_core.clipping import angle, clip_by_norm, clip_by_value, flat, joint_norm
from lstm_core.descent import Descent, Remedies, descend
from lstm_core.echo_state import EchoState
from lstm_core.gradient_flow import Experiment, GradientFlow
from lstm_core.lessons.questions import Question


@dataclass(frozen=True)
class Remedy:
    """One switch: what it is called, what it is against, what it does and does not cure."""

    name: str
    against: str
    does: str
    does_not: str


REMEDIES = {
    "norm": Remedy(
        "Clip by norm",
        "exploding",
        "Shortens the gradient of all parameters together; its direction stays.",
        "It does not cure vanishing: it only ever shortens. It does not make the exploding direction "
        "a good one either.",
    ),
    "value": Remedy(
        "Clip by value",
        "exploding",
        "Cuts every entry to the limit.",
        "It does not cure vanishing, and it does not keep the direction: the update points elsewhere.",
    ),
    "truncate": Remedy(
        "Truncated BPTT",
        "exploding",
        "Goes back over the last steps only; the state still carries over from the very first.",
        "It does not cure vanishing, it makes it final: nothing is learned from before the window.",
    ),
    "penalty": Remedy(
        "Penalty on the kernel",
        "both",
        "Adds a term to the loss. L1 and L2 shrink the kernel; Pascanu's Ω asks every step to keep "
        "the gradient's length.",
        "L1 and L2 do not cure vanishing, they worsen it. Ω sees one step at a time and competes with "
        "the loss; none of them saves an update that is already too long.",
    ),
    "start": Remedy(
        "Initialisation",
        "vanishing",
        "Starts from another recurrent kernel.",
        "It does not last by itself: it says where training starts, not where it goes.",
    ),
    "lstm": Remedy(
        "LSTM",
        "vanishing",
        "Replaces the cell: the cell state is carried on by its forget gate instead of a kernel.",
        "It does not cure exploding, so that LSTMs are clipped as well; and with its forget gates "
        "half open a new one vanishes too.",
    ),
}
"""The switches of the page by their key; the echo state network has a section of its own."""

ECHO_STATE = Remedy(
    "Echo state network",
    "both",
    "Trains the readout alone; no gradient goes through time.",
    "It does not learn what to remember: the fixed weights fade everything at the same rate, and it "
    "needs many more units.",
)


@dataclass(frozen=True)
class Switches:
    """What the page's controls say.

    Attributes:
        norm, value, window, penalty: as in ``Remedies``.
        strength: of the penalty.
        start: initialisation and gain to start from instead; None leaves the kernel.
        lstm: forget bias of an LSTM to use instead; None leaves the RNN.
    """

    norm: float | None = None
    value: float | None = None
    window: int | None = None
    penalty: str | None = None
    strength: float = 0.1
    start: tuple[str, float] | None = None
    lstm: float | None = None

    @property
    def on(self) -> list[str]:
        """Keys of the remedies that are on."""
        states = {
            "norm": self.norm, "value": self.value, "truncate": self.window,
            "penalty": self.penalty, "start": self.start, "lstm": self.lstm,
        }  # fmt: skip
        return [key for key, state in states.items() if state is not None]

    @property
    def problem(self) -> str | None:
        """Why these do not go together; None if they do."""
        if self.penalty == "Ω" and self.lstm is not None:
            return (
                "Ω is defined by the RNN's kernel, so that it is left out while the LSTM is on. "
                "Choose L1 or L2, or switch one of the two off."
            )
        return None


@dataclass(frozen=True)
class Preset:
    """A network in trouble, the remedies for it, and a claim that both runs prove."""

    name: str
    experiment: Experiment
    rate: float
    updates: int
    switches: Switches
    claim: str
    holds: Callable[[Descent, Descent], bool] = field(compare=False)


_EXPLODING = Experiment("relu", gain=1.5, steps=40)
_VANISHING = Experiment("tanh", "PyTorch", steps=40)

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "Explosion, clipped",
            _EXPLODING,
            0.01,
            40,
            Switches(norm=1.0),
            "Two plain updates end in NaN. Clipped by norm, the same network learns.",
            lambda before, after: (
                before.breakdown is not None
                and after.breakdown is None
                and after.losses[-1] < after.losses[0] / 10
            ),
        ),
        Preset(
            "Truncated",
            _EXPLODING,
            0.01,
            40,
            Switches(norm=1.0, window=8),
            "Only the last steps are learned from; the gradient of all earlier ones is exactly 0.",
            lambda _, after: not after.flow.norms[:-8].any() and bool(after.flow.norms[-8:].all()),
        ),
        Preset(
            "Vanishing, a better start",
            _VANISHING,
            0.05,
            100,
            Switches(start=("orthogonal", 1.5)),
            "An orthogonal kernel with a gain of 1.5 hands on what PyTorch's default loses.",
            lambda before, after: after.flow.ratio > 1e5 * before.flow.ratio,
        ),
        Preset(
            "Vanishing, with Ω",
            _VANISHING,
            0.05,
            100,
            Switches(penalty="Ω", strength=0.1),
            "Pascanu's Ω lifts the gradient that reaches step 1 by many powers of ten.",
            lambda before, after: after.flow.ratio > 1e5 * before.flow.ratio,
        ),
        Preset(
            "Vanishing, with L2: worse",
            _VANISHING,
            0.05,
            100,
            Switches(penalty="L2", strength=0.1),
            "L2 shrinks the kernel, and with it what comes back.",
            lambda before, after: after.flow.ratio < 1e-3 * before.flow.ratio,
        ),
        Preset(
            "Vanishing, an LSTM",
            _VANISHING,
            0.05,
            100,
            Switches(lstm=4.0),
            "An LSTM whose forget gates start open brings the error back to step 1.",
            lambda before, after: after.flow.ratio > 1e-3 > 1e5 * before.flow.ratio,
        ),
    )
}


def run_both(
    experiment: Experiment, rate: float, updates: int, switches: Switches
) -> tuple[Descent, Descent]:
    """Update a network without remedies, and the same one with those that are on."""
    treated = experiment
    if switches.start is not None:
        treated = replace(treated, initialisation=switches.start[0], gain=switches.start[1])
    if switches.lstm is not None:
        treated = replace(treated, network="LSTM", forget_bias=switches.lstm)
    penalty = None if switches.problem else switches.penalty
    remedies = Remedies(switches.norm, switches.value, switches.window, penalty, switches.strength)
    return descend(experiment, rate, updates), descend(treated, rate, updates, remedies)


def rows(before: Descent, after: Descent) -> dict[str, list[str]]:
    """Tabulate both runs side by side."""

    def column(descent: Descent) -> list[str]:
        broken = descent.breakdown
        return [
            f"{descent.losses[0]:.3g}",
            "NaN" if broken else f"{descent.losses[-1]:.3g}",
            f"{descent.gradient_norms[0]:.3g}",
            "NaN" if broken else f"{descent.parameter_norms[-1]:.4g}",
            f"{descent.flow.largest_singular_value:.3g}",
            f"{descent.flow.ratio:.1e}",
            f"{descent.reached}, then NaN or ∞" if broken else f"all {descent.reached}",
        ]

    return {
        "": [
            "loss before the first update",
            "loss at the end",
            "length of the first gradient",
            "length of all parameters at the end",
            "largest singular value of what carries it",
            "gradient at step 1 over that at step T",
            "updates with finite numbers",
        ],
        "without remedies": column(before),
        "with remedies": column(after),
    }


def sentence(before: Descent, after: Descent) -> str:
    """Say in numbers what the remedies changed."""

    def fate(descent: Descent) -> str:
        if descent.breakdown is not None:
            return f"its numbers end after update {descent.breakdown.update}"
        return f"the loss goes from {descent.losses[0]:.3g} to **{descent.losses[-1]:.3g}**"

    return (
        f"**Without**, {fate(before)}; from the last step to the first the gradient changes by a "
        f"factor of {before.flow.ratio:.1e}. **With**, {fate(after)}; the factor is "
        f"**{after.flow.ratio:.1e}**."
    )


def comparison_alt(before: Descent, after: Descent) -> str:
    """Both pictures in words."""
    return (
        "Length of the gradient over the time steps, and loss over the updates, each "
        f"without and with remedies, on log axes. {sentence(before, after)}".replace("**", "")
    )


@dataclass(frozen=True)
class Version:
    """One version of a gradient: as it is, or clipped.

    Attributes:
        name: "as it is", "clipped by norm" or "clipped by value".
        vector: all parameter gradients as one vector.
        norm: its length.
        degrees: the angle to the gradient as it is.
    """

    name: str
    vector: Array
    norm: float
    degrees: float


def versions(flow: GradientFlow, max_norm: float, limit: float) -> list[Version]:
    """Clip a gradient both ways."""
    raw = flow.gradient.parameters
    whole = flat(raw)
    clipped = {
        "as it is": raw,
        "clipped by norm": clip_by_norm(raw, max_norm),
        "clipped by value": clip_by_value(raw, limit),
    }
    return [
        Version(name, flat(g), joint_norm(g), angle(whole, flat(g))) for name, g in clipped.items()
    ]


def arrows_alt(found: list[Version]) -> str:
    """The arrows in words."""
    described = "; ".join(f"{v.name}: length {v.norm:.3g}, {v.degrees:.1f} degrees" for v in found)
    return f"The gradient of all parameters as an arrow in each version: {described}."


def walk_sentence(plain: Array, clipped: Array) -> str:
    """Say what the wall did to both walks."""
    steepest = int(np.argmax(plain[:, 3]))
    jump = float(np.linalg.norm(plain[min(steepest + 1, len(plain) - 1), :2] - plain[steepest, :2]))
    return (
        f"The steepest gradient on the plain walk, {plain[steepest, 3]:.3g} after {steepest} updates, "
        f"throws it **{jump:.3g}** away; it ends at w = {plain[-1, 0]:.3g}, b = {plain[-1, 1]:.3g} with a "
        f"loss of {plain[-1, 2]:.3g}. The clipped walk ends with a loss of **{clipped[-1, 2]:.3g}**."
    )


def walk_alt(plain: Array, clipped: Array) -> str:
    """The map and the walks in words."""
    return (
        "Map of the loss over recurrent weight and bias, flat but for a wall that runs diagonally. "
        + walk_sentence(plain, clipped).replace("**", "")
    )


def echo_sentence(echo: EchoState, delay: int) -> str:
    """Say how far back the reservoir remembers."""
    good = np.flatnonzero(echo.recall > 0.5)
    reach = f"{good[-1] + 1} steps back" if len(good) else "not even one step back"
    return (
        f"The input of {delay} steps ago comes back with a squared correlation of "
        f"**{echo.recall[delay - 1]:.3f}**, on steps that the readout has not seen. More than half of "
        f"it comes back up to **{reach}**; over all delays that adds up to a memory of "
        f"**{echo.capacity:.1f}** steps, and {echo.cell.units} units could hold {echo.cell.units} at most."
    )


def echo_alt(echo: EchoState, delay: int) -> str:
    """The recall in words."""
    return f"A bar for each delay with the squared correlation of readout and input. {echo_sentence(echo, delay)}".replace(
        "**", ""
    )


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
        f"Clip the first gradient of the network without remedies by norm at {max_norm:g}. What "
        "happens to it?",
        (
            "It is shortened and keeps its direction.",
            "Nothing: it is not longer than that.",
            "The part from the first steps is made larger.",
        ),
        (0,) if shortened else (1,),
        feedback,
    )


def code(experiment: Experiment, rate: float, updates: int, switches: Switches) -> str:
    """Write the Python that reproduces both runs."""
    return f"""from lstm_core.gradient_flow import Experiment
from lstm_core.lessons.remedies import Switches, run_both

experiment = {experiment!r}
switches = {switches!r}
without, treated = run_both(experiment, {rate!r}, {updates!r}, switches)
print(without.losses[-1], without.breakdown)
print(treated.losses[-1], treated.breakdown)
"""
