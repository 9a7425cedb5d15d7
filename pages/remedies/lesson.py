"""The remedies page: what each remedy does, what it does not cure, and presets that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import angle, clip_by_norm, clip_by_value, flat, joint_norm
from lstm_core.gradients.descent import Descent, descend
from lstm_core.gradients.echo_state import EchoState
from lstm_core.gradients.flow import Experiment, GradientFlow, follow
from lstm_core.gradients.landing import loss_after, loss_along
from lstm_core.gradients.remedies import Remedies
from pages._book.language import mark, plural, say
from pages._book.log_axes import readable
from pages._book.presets import Preset, Values, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question

WHENS = (mark("before the first update"), mark("after the updates"))
"""When the gradient over time is drawn."""
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
    "remedy_when": "before the first update",
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
            "It does not cure vanishing: it only ever shortens. Nor does it turn a poor direction into a "
            "good one."
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
            "It does not cure vanishing: nothing at all is learned from the steps before the window."
        ),
    ),
    "penalty": Remedy(
        mark("Penalty on the recurrent kernel"),
        "both",
        mark(
            "Adds a term to the loss. L1 and L2 shrink the recurrent kernel; Pascanu's Ω asks every step to keep "
            "the gradient's length."
        ),
        mark(
            "L1 and L2 do not cure vanishing, they worsen it. None of the three shortens an update that is "
            "already too long."
        ),
    ),
    "start": Remedy(
        mark("Initialisation"),
        "vanishing",
        mark("Starts from another recurrent kernel."),
        mark("It does not last: updates may lead away from where training starts."),
    ),
    "lstm": Remedy(
        mark("LSTM"),
        "vanishing",
        mark(
            "Replaces the cell: the cell state is carried on by its forget gate instead of a kernel."
        ),
        mark(
            "It does not cure exploding: LSTMs are clipped as well. While its forget gates are half open, its "
            "gradient vanishes too."
        ),
    ),
}
"""The switches of the page by their key; the echo state network has a section of its own."""

ECHO_STATE = Remedy(
    mark("Echo state network"),
    "both",
    mark("Trains the readout alone; no gradient goes through time."),
    mark(
        "It does not learn what to remember: every input fades at the same rate, and it needs many more "
        "units."
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
                not runs.after.first.norms[:-8].any() and bool(runs.after.first.norms[-8:].all())
            ),
            {"remedy_truncate": True},
        ),
        _preset(
            mark("Vanishing at first, then clipped"),
            mark(
                "At first the gradient vanishes on the way back. After some updates it explodes, and the loss ends "
                "higher than it began. Clipped by norm, the network learns."
            ),
            lambda runs: (
                runs.before.first.ratio < 1e-9
                and bool(runs.before.gradient_norms.max() > 50 * runs.before.gradient_norms[0])
                and bool(runs.before.losses[-1] > runs.before.losses[0])
                and bool(runs.after.losses[-1] < runs.after.losses[0] / 50)
            ),
            _VANISHING | {"remedy_rate": 0.3, "remedy_norm": True},
        ),
        _preset(
            mark("Vanishing, a better start"),
            mark(
                "With an orthogonal recurrent kernel and a gain of 1.5 the gradient arrives at step 1; "
                "with PyTorch's default it does not."
            ),
            lambda runs: runs.after.first.ratio > 1e5 * runs.before.first.ratio,
            _VANISHING | {"remedy_start": True},
        ),
        _preset(
            mark("Vanishing, with Ω"),
            mark(
                "After the updates with Pascanu's Ω the gradient at step 1 is larger by many powers of ten."
            ),
            lambda runs: runs.after.flow.ratio > 1e5 * runs.before.flow.ratio,
            _VANISHING | {"remedy_penalty": True, "remedy_when": WHENS[1]},
        ),
        _preset(
            mark("Vanishing, with L2: worse"),
            mark("L2 shrinks the recurrent kernel, and with it the gradient at step 1."),
            lambda runs: runs.after.flow.ratio < 1e-3 * runs.before.flow.ratio,
            _VANISHING | {"remedy_penalty": True, "remedy_which": "L2", "remedy_when": WHENS[1]},
        ),
        _preset(
            mark("Vanishing, an LSTM"),
            mark("In an LSTM whose forget gates start open the gradient arrives at step 1."),
            lambda runs: runs.after.first.ratio > 1e-3 > 1e5 * runs.before.first.ratio,
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
            readable(descent.losses[0], 3),
            "NaN" if broken else readable(descent.losses[-1], 3),
            readable(descent.gradient_norms[0], 3),
            "NaN" if broken else readable(descent.parameter_norms[-1], 3),
            readable(descent.first.ratio),
            "NaN" if broken else readable(descent.flow.ratio),
            say("{count}, then NaN or ∞", count=reached)
            if broken
            else say("all {count}", count=reached),
        ]

    return {
        "": [
            say("loss before the first update"),
            say("loss at the end"),
            say("length of the first gradient of all parameters"),
            say("length of all parameters at the end"),
            say("gradient at step 1 over that at step T, before the first update"),
            say("the same after the updates"),
            say("updates with finite numbers"),
        ],
        say("without remedies"): column(runs.before),
        say("with remedies"): column(runs.after),
    }


def drawn_flow(descent: Descent, when: str) -> GradientFlow | None:
    """Return the way back that is drawn of a run; None after updates that end in no numbers."""
    if when == WHENS[0]:
        return descent.first
    return None if descent.breakdown else descent.flow


def fate(descent: Descent) -> str:
    """Say how a run ends."""
    if descent.breakdown is not None:
        return plural(
            "the loss is NaN after {count} update",
            "the loss is NaN after {count} updates",
            descent.breakdown.update,
        )
    return say(
        "the loss goes from {first} to **{last}**",
        first=readable(descent.losses[0], 3),
        last=readable(descent.losses[-1], 3),
    )


def sentence(runs: Runs) -> str:
    """Say in numbers what the remedies change: the first gradient, and the run."""
    ratios = [readable(descent.first.ratio) for descent in runs]
    if np.array_equal(runs.before.first.norms, runs.after.first.norms, equal_nan=True):
        change = say(
            "The first gradient is the same: on the way back it changes by a factor of {ratio}.",
            ratio=ratios[0],
        )
    else:
        change = say(
            "On the way back the first gradient changes by a factor of {ratio_without} without and "
            "**{ratio_with}** with remedies.",
            ratio_without=ratios[0],
            ratio_with=ratios[1],
        )
    how = say(
        "Without remedies {without}; with them {treated}.",
        without=fate(runs.before),
        treated=fate(runs.after),
    )
    return f"{change} {how}"


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


def loss_text(loss: float) -> str:
    """Write a loss with three digits; a huge one with two, for its power of ten is what counts."""
    return readable(loss, 3 if loss < 1e5 else 2)


class Landing(NamedTuple):
    """One step from the same weights: how far it goes, and the loss where it lands."""

    length: float
    loss: float


@dataclass(frozen=True)
class FirstStep:
    """The first update of a network, as it is and clipped.

    Attributes:
        flow: the way back before it.
        versions: of the gradient of all parameters.
        landings: of each version's step.
        lengths: of steps along the gradient, (lengths,).
        losses: after a step of each length, (lengths,).
    """

    flow: GradientFlow
    versions: tuple[Version, ...]
    landings: tuple[Landing, ...]
    lengths: Array
    losses: Array

    @property
    def sentence(self) -> str:
        """The same gradient, the steps, and where they land."""
        whole, shortened, _ = self.versions
        plain, clipped, _ = self.landings
        if not shortened.norm < whole.norm:
            return say(
                "The gradient of all parameters has length {length}: nothing is clipped, and both steps are "
                "the same.",
                length=readable(whole.norm, 3),
            )
        return say(
            "Same weights, same gradient, {length} long. The whole step takes the loss from {first} to **{plain}**, "
            "the clipped step to **{clipped}**.",
            length=readable(whole.norm, 3),
            first=readable(self.flow.loss, 3),
            plain=loss_text(plain.loss),
            clipped=loss_text(clipped.loss),
        )

    @property
    def note(self) -> str:
        """What clipping leaves as it is, in two lines of HTML."""
        return say(
            "on its way back through {steps} steps it changed<br>by a factor of <b>{ratio}</b>, clipped or not",
            steps=len(self.flow.norms),
            ratio=readable(self.flow.ratio),
        )

    @property
    def alt(self) -> str:
        """The picture in words."""
        described = "; ".join(
            say(
                "{name}: length {norm}, turned by {degrees:.1f} degrees, step {step}, loss {loss}",
                name=say(version.name),
                norm=readable(version.norm, 3),
                degrees=version.degrees,
                step=readable(landing.length, 3),
                loss=readable(landing.loss, 3),
            )
            for version, landing in zip(self.versions, self.landings, strict=True)
        )
        return say(
            "The gradient of all parameters as an arrow in each version, and the loss over the length of the "
            "step: {described}.",
            described=described,
        )


def first_step(experiment: Experiment, rate: float, max_norm: float, limit: float) -> FirstStep:
    """Take the first update as it is, clipped by norm and clipped by value, from the same weights."""
    flow = follow(experiment)
    inputs, target = experiment.inputs(), experiment.target()
    raw = flow.gradient.parameters
    versions = clipped_versions(flow, max_norm, limit)
    kinds = raw, clip_by_norm(raw, max_norm), clip_by_value(raw, limit)
    landings = tuple(
        Landing(
            rate * version.norm,
            loss_after(
                flow.cell,
                {name: rate * part for name, part in kind.items()},
                inputs,
                target,
            ),
        )
        for version, kind in zip(versions, kinds, strict=True)
    )
    whole = versions[0].norm
    known = [one.length for one in landings if 0 < one.length < np.inf]
    if not 0 < whole < np.inf or not known:
        return FirstStep(flow, versions, landings, np.array([]), np.array([]))
    lengths = np.geomspace(min(known) / 30_000, max(known) * 3, 100)
    direction = {name: part / whole for name, part in raw.items()}
    losses = loss_along(flow.cell, direction, lengths, inputs, target)
    return FirstStep(flow, versions, landings, lengths, losses)


def walk_sentence(plain: Array, clipped: Array) -> str:
    """Say what the wall did to both walks."""
    steepest = int(np.argmax(plain[:, 3]))
    jump = float(np.linalg.norm(plain[min(steepest + 1, len(plain) - 1), :2] - plain[steepest, :2]))
    return say(
        "The plain walk meets a gradient of {gradient} and jumps **{jump}** far. Its loss ends at {loss}, that of "
        "the clipped walk at **{clipped}**.",
        gradient=readable(plain[steepest, 3]),
        jump=readable(jump),
        loss=readable(plain[-1, 2]),
        clipped=readable(clipped[-1, 2]),
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
        plural(
            "It is above ½ up to **{count} step back**.",
            "It is above ½ up to **{count} steps back**.",
            int(good[-1]) + 1,
        )
        if len(good)
        else say("It is above ½ at **no delay**.")
    )
    repeated = say(
        "The readout repeats the input of {delay} steps ago with a squared correlation of **{recall:.3f}**.",
        delay=delay,
        recall=echo.recall[delay - 1],
    )
    return f"{repeated} {reach}"


def echo_about(echo: EchoState) -> str:
    """Say what an echo state network is, and how much it can hold."""
    about = f"{say(ECHO_STATE.does)} *{say(ECHO_STATE.does_not)}*"
    holds = say(
        "Over all delays the squared correlations add up to a memory of **{capacity:.1f}** steps; {units} units "
        "can hold {units} at most (Jaeger, 2002).",
        capacity=echo.capacity,
        units=echo.cell.units,
    )
    return f"{about} {holds}"


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
    both = {"norm": readable(norm, 3), "limit": max_norm}
    feedback = (
        say(
            "The gradient of all parameters has length {norm}, and the threshold is {limit:g}.",
            **both,
        ),
        say(
            "Its length is {norm} and the threshold {limit:g}: it is longer, so it is shortened.",
            **both,
        )
        if shortened
        else say(
            "Its length is {norm} and the threshold {limit:g}: it is not longer, so it stays.",
            **both,
        ),
        say(
            "Clipping only ever shortens. A gradient that vanished on the way back stays so: {first} "
            "arrives at step 1.",
            first=readable(flow.norms[0]),
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
