"""The remedies page: what each remedy does, what it does not cure, and presets that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import angle, clip_by_norm, clip_by_value, flat, joint_norm
from lstm_core.gradients.descent import Descent, descend
from lstm_core.gradients.echo_state import EchoState
from lstm_core.gradients.flow import Experiment, GradientFlow
from lstm_core.gradients.remedies import Remedies
from pages._book.language import mark, plural, say
from pages._book.presets import Preset, Values, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question

_TROUBLE: dict[str, Any] = {
    "remedy_activation": "relu",
    "remedy_kernel": "orthogonal",
    "remedy_gain": 1.5,
    "remedy_length": 40,
    "remedy_seed": 1,
    "remedy_rate": 0.01,
    "remedy_updates": 40,
    "remedy_norm": True,
    "remedy_max_norm": 1.0,
    "remedy_value": False,
    "remedy_limit": 0.05,
    "remedy_truncate": False,
    "remedy_window": 8,
    "remedy_penalty": False,
    "remedy_which": "Ω",
    "remedy_strength": 0.1,
    "remedy_start": False,
    "remedy_start_kernel": "orthogonal",
    "remedy_start_gain": 1.5,
    "remedy_lstm": False,
    "remedy_forget_bias": 4.0,
}
_ARROWS: dict[str, Any] = {"arrow_norm": 1.0, "arrow_limit": 0.05}
_CLIFF: dict[str, Any] = {
    "cliff_w": 5.5,
    "cliff_b": -2.2,
    "cliff_rate": 2.0,
    "cliff_norm": 0.5,
    "cliff_updates": 60,
}
_ECHO: dict[str, Any] = {
    "echo_radius": 0.95,
    "echo_units": 100,
    "echo_delay": 10,
    "echo_seed": 1,
}
START = _TROUBLE | _ARROWS | _CLIFF | _ECHO
"""The page's controls by their keys, with what they stand at to begin with."""


@dataclass(frozen=True)
class Remedy:
    """One switch: what it is called, what it is against, what it does and does not cure.

    All but ``against``, a key of ``AGAINST``, is marked for translation.
    """

    name: str
    against: str
    does: str
    does_not: str


AGAINST = {
    "exploding": mark("Against exploding. {does}"),
    "vanishing": mark("Against vanishing. {does}"),
    "both": mark("Against both. {does}"),
}
REMEDIES = {
    "norm": Remedy(
        mark("Clip by norm"),
        "exploding",
        mark("Shortens the gradient of all parameters together; its direction stays."),
        mark(
            "It does not cure vanishing: it only ever shortens. It does not make the exploding direction "
            "a good one either."
        ),
    ),
    "value": Remedy(
        mark("Clip by value"),
        "exploding",
        mark("Cuts every entry to the limit."),
        mark(
            "It does not cure vanishing, and it does not keep the direction: the update points elsewhere."
        ),
    ),
    "truncate": Remedy(
        mark("Truncated BPTT"),
        "exploding",
        mark(
            "Goes back over the last steps only; the state still carries over from the very first."
        ),
        mark(
            "It does not cure vanishing, it makes it final: nothing is learned from before the window."
        ),
    ),
    "penalty": Remedy(
        mark("Penalty on the kernel"),
        "both",
        mark(
            "Adds a term to the loss. L1 and L2 shrink the kernel; Pascanu's Ω asks every step to keep "
            "the gradient's length."
        ),
        mark(
            "L1 and L2 do not cure vanishing, they worsen it. Ω sees one step at a time and competes with "
            "the loss; none of them saves an update that is already too long."
        ),
    ),
    "start": Remedy(
        mark("Initialisation"),
        "vanishing",
        mark("Starts from another recurrent kernel."),
        mark("It does not last by itself: it says where training starts, not where it goes."),
    ),
    "lstm": Remedy(
        mark("LSTM"),
        "vanishing",
        mark(
            "Replaces the cell: the cell state is carried on by its forget gate instead of a kernel."
        ),
        mark(
            "It does not cure exploding, so that LSTMs are clipped as well; and with its forget gates "
            "half open a new one vanishes too."
        ),
    ),
}
"""The switches of the page by their key; the echo state network has a section of its own."""

ECHO_STATE = Remedy(
    mark("Echo state network"),
    "both",
    mark("Trains the readout alone; no gradient goes through time."),
    mark(
        "It does not learn what to remember: the fixed weights fade everything at the same rate, and it "
        "needs many more units."
    ),
)


class Runs(NamedTuple):
    """The updates of a network without remedies, and of the same one with those that are on."""

    before: Descent
    after: Descent


class Trial(NamedTuple):
    """A network in trouble, how it is updated, and what is done against the trouble."""

    experiment: Experiment
    rate: float
    updates: int
    remedies: Remedies

    def run(self, by: Callable[..., Descent] = descend) -> Runs:
        """Update the network without and with remedies, by ``descend`` or one that is cached."""
        setting = self.experiment, self.rate, self.updates
        return Runs(by(*setting), by(*setting, self.remedies))


def trial_of(values: Values) -> Trial:
    """Make the trial that the controls stand for; Ω is left out where an LSTM excludes it."""
    of: Mapping[str, Any] = values
    experiment = Experiment(
        activation=of["remedy_activation"],
        initialisation=of["remedy_kernel"],
        gain=of["remedy_gain"],
        steps=of["remedy_length"],
        seed=of["remedy_seed"],
    )
    penalised = of["remedy_penalty"] and not problem(values)
    remedies = Remedies(
        max_norm=of["remedy_max_norm"] if of["remedy_norm"] else None,
        limit=of["remedy_limit"] if of["remedy_value"] else None,
        window=min(of["remedy_window"], experiment.steps) if of["remedy_truncate"] else None,
        penalty=of["remedy_which"] if penalised else None,
        strength=of["remedy_strength"] if penalised else Remedies.strength,
        start=(of["remedy_start_kernel"], of["remedy_start_gain"]) if of["remedy_start"] else None,
        forget_bias=of["remedy_forget_bias"] if of["remedy_lstm"] else None,
    )
    return Trial(experiment, of["remedy_rate"], of["remedy_updates"], remedies)


def problem(values: Values) -> str:
    """Say why the remedies that are on do not go together; "" if they do."""
    if values["remedy_penalty"] and values["remedy_which"] == "Ω" and values["remedy_lstm"]:
        return say(
            "Ω is defined by the RNN's kernel, so that it is left out while the LSTM is on. "
            "Choose L1 or L2, or switch one of the two off."
        )
    return ""


def _preset(
    name: str, claim: str, holds: Callable[[Runs], bool], changed: Mapping[str, object]
) -> Preset[Runs]:
    return Preset(name, {**_TROUBLE, **changed}, claim, holds)


_VANISHING: dict[str, Any] = {
    "remedy_activation": "tanh",
    "remedy_kernel": "PyTorch",
    "remedy_gain": 1.0,
    "remedy_rate": 0.05,
    "remedy_updates": 100,
    "remedy_norm": False,
}
PRESETS = by_name(
    (
        _preset(
            mark("Explosion, clipped"),
            mark("Two plain updates end in NaN. Clipped by norm, the same network learns."),
            lambda runs: (
                runs.before.breakdown is not None
                and runs.after.breakdown is None
                and bool(runs.after.losses[-1] < runs.after.losses[0] / 10)
            ),
            {},
        ),
        _preset(
            mark("Truncated"),
            mark(
                "Only the last steps are learned from; the gradient of all earlier ones is exactly 0."
            ),
            lambda runs: (
                not runs.after.flow.norms[:-8].any() and bool(runs.after.flow.norms[-8:].all())
            ),
            {"remedy_truncate": True},
        ),
        _preset(
            mark("Vanishing, a better start"),
            mark("An orthogonal kernel with a gain of 1.5 hands on what PyTorch's default loses."),
            lambda runs: runs.after.flow.ratio > 1e5 * runs.before.flow.ratio,
            _VANISHING | {"remedy_start": True},
        ),
        _preset(
            mark("Vanishing, with Ω"),
            mark("Pascanu's Ω lifts the gradient that reaches step 1 by many powers of ten."),
            lambda runs: runs.after.flow.ratio > 1e5 * runs.before.flow.ratio,
            _VANISHING | {"remedy_penalty": True},
        ),
        _preset(
            mark("Vanishing, with L2: worse"),
            mark("L2 shrinks the kernel, and with it what comes back."),
            lambda runs: runs.after.flow.ratio < 1e-3 * runs.before.flow.ratio,
            _VANISHING | {"remedy_penalty": True, "remedy_which": "L2"},
        ),
        _preset(
            mark("Vanishing, an LSTM"),
            mark("An LSTM whose forget gates start open brings the error back to step 1."),
            lambda runs: runs.after.flow.ratio > 1e-3 > 1e5 * runs.before.flow.ratio,
            _VANISHING | {"remedy_lstm": True},
        ),
    )
)


def preset_of(trial: Trial) -> Preset[Runs] | None:
    """Find the preset whose trial this is, if it is one."""
    same = (preset for preset in PRESETS.values() if trial_of(preset.sets) == trial)
    return next(same, None)


def what_is_on(values: Values) -> str:
    """List the remedies that are on: what each does, and what it does not cure."""
    lines = []
    for key, remedy in REMEDIES.items():
        if not values[f"remedy_{key}"]:
            continue
        does = say(remedy.does)
        name, does_not = say(remedy.name), say(remedy.does_not)
        lines.append(f"- **{name}** {does[:1].lower()}{does[1:]} *{does_not}*")
    return "\n".join(lines) or say("No remedy is on: both runs are the same.")


def rows(runs: Runs) -> dict[str, list[str]]:
    """Tabulate both runs side by side."""

    def column(descent: Descent) -> list[str]:
        broken, reached = descent.breakdown, descent.reached
        return [
            f"{descent.losses[0]:.3g}",
            "NaN" if broken else f"{descent.losses[-1]:.3g}",
            f"{descent.gradient_norms[0]:.3g}",
            "NaN" if broken else f"{descent.parameter_norms[-1]:.4g}",
            f"{descent.flow.largest_singular_value:.3g}",
            factor(descent.flow.ratio),
            say("{count}, then NaN or ∞", count=reached)
            if broken
            else say("all {count}", count=reached),
        ]

    return {
        "": [
            say("loss before the first update"),
            say("loss at the end"),
            say("length of the first gradient"),
            say("length of all parameters at the end"),
            say("largest singular value of what carries it"),
            say("gradient at step 1 over that at step T"),
            say("updates with finite numbers"),
        ],
        say("without remedies"): column(runs.before),
        say("with remedies"): column(runs.after),
    }


def factor(value: float) -> str:
    """Write a factor in powers of ten; NaN as what it is called elsewhere."""
    return "NaN" if np.isnan(value) else f"{value:.1e}"


def sentence(runs: Runs) -> str:
    """Say in numbers what the remedies changed."""

    def fate(descent: Descent) -> str:
        if descent.breakdown is not None:
            return say("its numbers end after update {update}", update=descent.breakdown.update)
        return say(
            "the loss goes from {first:.3g} to **{last:.3g}**",
            first=descent.losses[0],
            last=descent.losses[-1],
        )

    return say(
        "**Without**, {without}; from the last step to the first the gradient changes by a factor of "
        "{ratio_without}. **With**, {treated}; the factor is **{ratio_with}**.",
        without=fate(runs.before),
        ratio_without=factor(runs.before.flow.ratio),
        treated=fate(runs.after),
        ratio_with=factor(runs.after.flow.ratio),
    )


def comparison_alt(runs: Runs) -> str:
    """Both pictures in words."""
    return say(
        "Length of the gradient over the time steps, and loss over the updates, each without and with "
        "remedies, on log axes. {sentence}",
        sentence=sentence(runs).replace("**", ""),
    )


@dataclass(frozen=True)
class Version:
    """One version of a gradient: as it is, or clipped.

    Attributes:
        name: "as it is", "clipped by norm" or "clipped by value"; marked for translation.
        vector: all parameter gradients as one vector.
        norm: its length.
        degrees: the angle to the gradient as it is.
    """

    name: str
    vector: Array
    norm: float
    degrees: float


def clipped_versions(flow: GradientFlow, max_norm: float, limit: float) -> tuple[Version, ...]:
    """Clip a gradient both ways."""
    raw = flow.gradient.parameters
    whole = flat(raw)
    clipped = {
        mark("as it is"): raw,
        mark("clipped by norm"): clip_by_norm(raw, max_norm),
        mark("clipped by value"): clip_by_value(raw, limit),
    }
    return tuple(
        Version(name, flat(g), joint_norm(g), angle(whole, flat(g))) for name, g in clipped.items()
    )


def version_rows(versions: Sequence[Version]) -> dict[str, list[str]]:
    """Tabulate the versions of a gradient: name, length, angle."""
    return {
        say("gradient"): [say(version.name) for version in versions],
        say("joint norm"): [f"{version.norm:.4g}" for version in versions],
        say("turned by"): [f"{version.degrees:.1f}°" for version in versions],
    }


def arrows_alt(versions: Sequence[Version]) -> str:
    """The arrows in words."""
    described = "; ".join(
        say(
            "{name}: length {norm:.3g}, {degrees:.1f} degrees",
            name=say(version.name),
            norm=version.norm,
            degrees=version.degrees,
        )
        for version in versions
    )
    return say(
        "The gradient of all parameters as an arrow in each version: {described}.",
        described=described,
    )


def walk_sentence(plain: Array, clipped: Array) -> str:
    """Say what the wall did to both walks."""
    steepest = int(np.argmax(plain[:, 3]))
    jump = float(np.linalg.norm(plain[min(steepest + 1, len(plain) - 1), :2] - plain[steepest, :2]))
    return say(
        "The steepest gradient on the plain walk, {gradient:.3g} after {updates} updates, throws it "
        "**{jump:.3g}** away; it ends at w = {w:.3g}, b = {b:.3g} with a loss of {loss:.3g}. The clipped "
        "walk ends with a loss of **{clipped:.3g}**.",
        gradient=plain[steepest, 3],
        updates=steepest,
        jump=jump,
        w=plain[-1, 0],
        b=plain[-1, 1],
        loss=plain[-1, 2],
        clipped=clipped[-1, 2],
    )


def walk_alt(plain: Array, clipped: Array) -> str:
    """The map and the walks in words."""
    return say(
        "Map of the loss over recurrent weight and bias, flat but for a wall that runs diagonally. "
        "{sentence}",
        sentence=walk_sentence(plain, clipped).replace("**", ""),
    )


def echo_sentence(echo: EchoState, delay: int) -> str:
    """Say how far back the reservoir remembers."""
    good = np.flatnonzero(echo.recall > 0.5)
    reach = (
        plural("{count} step back", "{count} steps back", int(good[-1]) + 1)
        if len(good)
        else say("not even one step back")
    )
    return say(
        "The input of {delay} steps ago comes back with a squared correlation of **{recall:.3f}**, on "
        "steps that the readout has not seen. More than half of it comes back up to **{reach}**; over "
        "all delays that adds up to a memory of **{capacity:.1f}** steps, and {units} units could hold "
        "{units} at most.",
        delay=delay,
        recall=echo.recall[delay - 1],
        reach=reach,
        capacity=echo.capacity,
        units=echo.cell.units,
    )


def echo_alt(echo: EchoState, delay: int) -> str:
    """The recall in words."""
    return say(
        "A bar for each delay with the squared correlation of readout and input. {sentence}",
        sentence=echo_sentence(echo, delay).replace("**", ""),
    )


def does_clipping_help(flow: GradientFlow, max_norm: float) -> Question:
    """Ask what clipping by norm does to the gradient on the screen."""
    norm = joint_norm(flow.gradient.parameters)
    shortened = norm > max_norm
    both = {"norm": norm, "limit": max_norm}
    feedback = (
        say(
            "The gradient of all parameters has length {norm:.3g}, and the threshold is {limit:g}.",
            **both,
        ),
        say(
            "Its length is {norm:.3g} and the threshold {limit:g}: it is longer, so it is shortened.",
            **both,
        )
        if shortened
        else say(
            "Its length is {norm:.3g} and the threshold {limit:g}: it is not longer, so it stays.",
            **both,
        ),
        say(
            "Clipping only ever shortens. A gradient that vanished on the way back stays so: {first:.2e} "
            "arrives at step 1.",
            first=flow.norms[0],
        ),
    )
    return Question(
        say(
            "Clip the first gradient of the network without remedies by norm at {limit:g}. What "
            "happens to it?",
            limit=max_norm,
        ),
        (
            say("It is shortened and keeps its direction."),
            say("Nothing: it is not longer than that."),
            say("The part from the first steps is made larger."),
        ),
        (0,) if shortened else (1,),
        feedback,
        ("", "", "clipping-cures-vanishing"),
    )


def taken_home(trial: Trial) -> Programs:
    """Return the programs that reproduce both runs."""
    experiment, rate, updates, remedies = trial
    return programs(
        "remedies",
        experiment=experiment,
        treated=remedies.treated(experiment),
        rate=rate,
        updates=updates,
        remedies=remedies,
        max_norm=remedies.max_norm,
        limit=remedies.limit,
        window=remedies.window,
        penalty=remedies.penalty,
        strength=remedies.strength,
    )
