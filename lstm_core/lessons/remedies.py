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
from lstm_core.language import mark, plural, say
from lstm_core.lessons.questions import Question


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
    def penalty_used(self) -> str | None:
        """The penalty, unless another remedy excludes it."""
        return None if self.penalty == "Ω" and self.lstm is not None else self.penalty

    @property
    def problem(self) -> str | None:
        """Why these do not go together; None if they do."""
        if self.penalty_used != self.penalty:
            return say(
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
            mark("Explosion, clipped"),
            _EXPLODING,
            0.01,
            40,
            Switches(norm=1.0),
            mark("Two plain updates end in NaN. Clipped by norm, the same network learns."),
            lambda before, after: (
                before.breakdown is not None
                and after.breakdown is None
                and after.losses[-1] < after.losses[0] / 10
            ),
        ),
        Preset(
            mark("Truncated"),
            _EXPLODING,
            0.01,
            40,
            Switches(norm=1.0, window=8),
            mark(
                "Only the last steps are learned from; the gradient of all earlier ones is exactly 0."
            ),
            lambda _, after: not after.flow.norms[:-8].any() and bool(after.flow.norms[-8:].all()),
        ),
        Preset(
            mark("Vanishing, a better start"),
            _VANISHING,
            0.05,
            100,
            Switches(start=("orthogonal", 1.5)),
            mark("An orthogonal kernel with a gain of 1.5 hands on what PyTorch's default loses."),
            lambda before, after: after.flow.ratio > 1e5 * before.flow.ratio,
        ),
        Preset(
            mark("Vanishing, with Ω"),
            _VANISHING,
            0.05,
            100,
            Switches(penalty="Ω", strength=0.1),
            mark("Pascanu's Ω lifts the gradient that reaches step 1 by many powers of ten."),
            lambda before, after: after.flow.ratio > 1e5 * before.flow.ratio,
        ),
        Preset(
            mark("Vanishing, with L2: worse"),
            _VANISHING,
            0.05,
            100,
            Switches(penalty="L2", strength=0.1),
            mark("L2 shrinks the kernel, and with it what comes back."),
            lambda before, after: after.flow.ratio < 1e-3 * before.flow.ratio,
        ),
        Preset(
            mark("Vanishing, an LSTM"),
            _VANISHING,
            0.05,
            100,
            Switches(lstm=4.0),
            mark("An LSTM whose forget gates start open brings the error back to step 1."),
            lambda before, after: after.flow.ratio > 1e-3 > 1e5 * before.flow.ratio,
        ),
    )
}


def run_both(
    experiment: Experiment,
    rate: float,
    updates: int,
    switches: Switches,
    run: Callable[[Experiment, float, int, Remedies], Descent] = descend,
) -> tuple[Descent, Descent]:
    """Update a network without remedies, and the same one with those that are on.

    Args:
        experiment: the network in trouble.
        rate: learning rate.
        updates: how many.
        switches: the remedies.
        run: ``descend``, or one that remembers what it did.
    """
    penalty = switches.penalty_used
    remedies = Remedies(switches.norm, switches.value, switches.window, penalty, switches.strength)
    treated = treat(experiment, switches)
    return run(experiment, rate, updates, Remedies()), run(treated, rate, updates, remedies)


def treat(experiment: Experiment, switches: Switches) -> Experiment:
    """Replace the start and the cell, where those remedies are on."""
    treated = experiment
    if switches.start is not None:
        treated = replace(treated, initialisation=switches.start[0], gain=switches.start[1])
    if switches.lstm is not None:
        treated = replace(treated, network="LSTM", forget_bias=switches.lstm)
    return treated


def controls(preset: Preset) -> dict[str, object]:
    """Return what the page's controls stand at for a preset, by their keys."""
    experiment, switches = preset.experiment, preset.switches
    numbers = {
        "remedy_max_norm": switches.norm,
        "remedy_limit": switches.value,
        "remedy_window": switches.window,
        "remedy_which": switches.penalty,
        "remedy_strength": switches.strength if switches.penalty else None,
        "remedy_start_kernel": switches.start and switches.start[0],
        "remedy_start_gain": switches.start and switches.start[1],
        "remedy_forget_bias": switches.lstm,
    }
    network = {
        "remedy_activation": experiment.activation,
        "remedy_kernel": experiment.initialisation,
        "remedy_gain": experiment.gain,
        "remedy_length": experiment.steps,
        "remedy_seed": experiment.seed,
        "remedy_rate": preset.rate,
        "remedy_updates": preset.updates,
    }
    on = {f"remedy_{key}": key in switches.on for key in REMEDIES}
    return network | on | {key: value for key, value in numbers.items() if value is not None}


def what_is_on(switches: Switches) -> str:
    """List the remedies that are on: what each does, and what it does not cure; "" without any."""
    lines = []
    for key in switches.on:
        remedy = REMEDIES[key]
        does = say(remedy.does)
        name, does_not = say(remedy.name), say(remedy.does_not)
        lines.append(f"- **{name}** {does[:1].lower()}{does[1:]} *{does_not}*")
    return "\n".join(lines)


def rows(before: Descent, after: Descent) -> dict[str, list[str]]:
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
        say("without remedies"): column(before),
        say("with remedies"): column(after),
    }


def factor(value: float) -> str:
    """Write a factor in powers of ten; NaN as what it is called elsewhere."""
    return "NaN" if np.isnan(value) else f"{value:.1e}"


def sentence(before: Descent, after: Descent) -> str:
    """Say in numbers what the remedies changed."""

    def fate(descent: Descent) -> str:
        if descent.breakdown is not None:
            return say("its numbers end after update {update}", update=descent.breakdown.update)
        return say(
            "the loss goes from {first:.3g} to **{last:.3g}**",
            first=descent.losses[0], last=descent.losses[-1],
        )  # fmt: skip

    return say(
        "**Without**, {without}; from the last step to the first the gradient changes by a factor of "
        "{ratio_without}. **With**, {treated}; the factor is **{ratio_with}**.",
        without=fate(before), ratio_without=factor(before.flow.ratio), treated=fate(after),
        ratio_with=factor(after.flow.ratio),
    )  # fmt: skip


def comparison_alt(before: Descent, after: Descent) -> str:
    """Both pictures in words."""
    return say(
        "Length of the gradient over the time steps, and loss over the updates, each without and with "
        "remedies, on log axes. {sentence}",
        sentence=sentence(before, after).replace("**", ""),
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


def versions(flow: GradientFlow, max_norm: float, limit: float) -> list[Version]:
    """Clip a gradient both ways."""
    raw = flow.gradient.parameters
    whole = flat(raw)
    clipped = {
        mark("as it is"): raw,
        mark("clipped by norm"): clip_by_norm(raw, max_norm),
        mark("clipped by value"): clip_by_value(raw, limit),
    }
    return [
        Version(name, flat(g), joint_norm(g), angle(whole, flat(g))) for name, g in clipped.items()
    ]


def version_rows(found: list[Version]) -> dict[str, list[str]]:
    """Tabulate the versions of a gradient: name, length, angle."""
    return {
        say("gradient"): [say(version.name) for version in found],
        say("joint norm"): [f"{version.norm:.4g}" for version in found],
        say("turned by"): [f"{version.degrees:.1f}°" for version in found],
    }


def arrows_alt(found: list[Version]) -> str:
    """The arrows in words."""
    described = "; ".join(
        say(
            "{name}: length {norm:.3g}, {degrees:.1f} degrees",
            name=say(version.name), norm=version.norm, degrees=version.degrees,
        )
        for version in found
    )  # fmt: skip
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
        gradient=plain[steepest, 3], updates=steepest, jump=jump, w=plain[-1, 0], b=plain[-1, 1],
        loss=plain[-1, 2], clipped=clipped[-1, 2],
    )  # fmt: skip


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
        delay=delay, recall=echo.recall[delay - 1], reach=reach, capacity=echo.capacity,
        units=echo.cell.units,
    )  # fmt: skip


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


def code(experiment: Experiment, rate: float, updates: int, switches: Switches) -> str:
    """Write the Python that reproduces both runs."""
    return f"""from lstm_core.gradient_flow import Experiment
from lstm_core.lessons.remedies import Switches, run_both

experiment = {experiment!r}
switches = {switches!r}
without, treated = run_both(experiment, {rate!r}, {updates!r}, switches)
result = {{
    "loss_without": without.losses,
    "loss_with": treated.losses,
    "gradient_norm_without": without.flow.norms,  # at the last state whose numbers are finite
    "gradient_norm_with": treated.flow.norms,
}}
print(without.losses[-1], without.breakdown)
print(treated.losses[-1], treated.breakdown)
"""


SLOPES = {
    "tanh": "1 - h**2",
    "sigmoid": "h * (1 - h)",
    "relu": "{library}.sign(h)",
    "linear": "1 + 0 * h",
}
"""The slope of each activation by what came out of it, as Python."""

_KERAS_NORM = "lambda g: tf.clip_by_global_norm(g, {limit!r})[0]"
_KERAS_VALUE = "lambda g: [tf.clip_by_value(a, -{limit!r}, {limit!r}) for a in g]"
_TORCH_NORM = "lambda g: [a * min(1.0, {limit!r} / float(torch.cat([b.ravel() for b in g]).norm())) for a in g]"
_TORCH_VALUE = "lambda g: [a.clamp(-{limit!r}, {limit!r}) for a in g]"
_KERAS_OMEGA = """
def omega(recurrent, d, h, lost):
    d, passed = d[lost + 1 :], (d * ({slope}))[lost + 1 :]
    kept = (tf.reduce_sum(d**2, 1) > 1e-20) & (tf.reduce_sum(passed**2, 1) > 0)
    d, passed = d[kept], passed[kept]
    with tf.GradientTape() as tape:
        stretch = tf.norm(passed @ tf.transpose(recurrent), axis=1) / tf.norm(d, axis=1)
        value = tf.reduce_sum((stretch - 1) ** 2)
    return {strength!r} * tape.gradient(value, recurrent)

"""
_TORCH_OMEGA = """
def omega(recurrent, d, h, lost):
    d, passed = d[lost + 1 :], (d * ({slope}))[lost + 1 :]
    kept = ((d**2).sum(1) > 1e-20) & ((passed**2).sum(1) > 0)
    d, passed = d[kept], passed[kept]
    stretch = (passed @ recurrent.T).norm(dim=1) / d.norm(dim=1)
    return {strength!r} * torch.autograd.grad(((stretch - 1) ** 2).sum(), recurrent)[0]

"""


def keras_code(experiment: Experiment, rate: float, updates: int, switches: Switches) -> str:
    """The same with Keras: its cells, TensorFlow's tape for the way back."""
    penalty, written = _penalty_code(experiment, switches, _KERAS_OMEGA)
    return f"""import keras
import numpy as np
import tensorflow as tf

from lstm_core.gradient_flow import Experiment  # draws the same weights, inputs and target

rate, updates = {rate!r}, {updates!r}

{written}
def descend(experiment, window=None, penalty=None, clips=()):
    drawn, inputs, units = experiment.cell(), experiment.inputs(), experiment.units
    if experiment.network == "LSTM":
        cell = keras.layers.LSTMCell(units, dtype="float64")
    else:
        cell = keras.layers.SimpleRNNCell(units, experiment.activation, dtype="float64")
    cell.build((1, experiment.features))
    cell.set_weights([drawn.kernel, drawn.recurrent_kernel, drawn.bias])
    weights = [w.value for w in cell.trainable_weights]
    lost = max(len(inputs) - window, 0) if window else 0
    losses = []
    for _ in range(updates + 1):
        states = [[tf.zeros((1, units), "float64")] * (2 if experiment.network == "LSTM" else 1)]
        with tf.GradientTape() as tape:
            for t, x in enumerate(inputs):
                cut = tf.stop_gradient if t == lost else tf.identity  # nothing goes back further
                states.append(cell(x[np.newaxis], [cut(s) for s in states[-1]])[1])
            loss = tf.reduce_sum((states[-1][0] - experiment.target()) ** 2) / 2
        carrying = [state[-1] for state in states[1:]]  # h_t; of an LSTM c_t
        gradients, back = tape.gradient(loss, (weights, carrying), unconnected_gradients="zero")
        if penalty:
            gradients[1] += penalty(weights[1], tf.concat(back, 0), tf.concat(carrying, 0), lost)
        losses.append(float(loss))
        found = [loss, *weights, *gradients, *back, *(s for state in states for s in state)]
        finite = all(np.isfinite(array).all() for array in found)
        if finite or len(losses) == 1:
            norms = np.array([np.linalg.norm(d) for d in back])
        if not finite:
            break
        for clip in clips:
            gradients = clip(gradients)
        for weight, gradient in zip(weights, gradients):
            weight.assign_sub(rate * gradient)
    return np.array(losses), norms


result = {{}}
result["loss_without"], result["gradient_norm_without"] = descend(
    {experiment!r}
)
result["loss_with"], result["gradient_norm_with"] = descend(
    {treat(experiment, switches)!r},
    window={switches.window!r},
    penalty={penalty},
    clips=[{", ".join(_clips(switches, _KERAS_NORM, _KERAS_VALUE))}],
)
print(result)
"""


def torch_code(experiment: Experiment, rate: float, updates: int, switches: Switches) -> str:
    """The same with PyTorch."""
    penalty, written = _penalty_code(experiment, switches, _TORCH_OMEGA)
    return f"""import numpy as np
import torch

from lstm_core.gradient_flow import Experiment  # draws the same weights, inputs and target

rate, updates = {rate!r}, {updates!r}

{written}
def step(experiment, x, state, kernel, recurrent, bias):
    z = x @ kernel + state[0] @ recurrent + bias
    if experiment.network == "LSTM":
        i, f, g, o = z.chunk(4, dim=1)  # as in torch.nn.LSTM, which has a second bias that adds
        c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
        return [o.sigmoid() * c.tanh(), c]
    return [z if experiment.activation == "linear" else getattr(torch, experiment.activation)(z)]


def descend(experiment, window=None, penalty=None, clips=()):
    drawn, inputs = experiment.cell(), torch.tensor(experiment.inputs())
    weights = [torch.tensor(a) for a in (drawn.kernel, drawn.recurrent_kernel, drawn.bias)]
    target, zero = torch.tensor(experiment.target()), torch.zeros(1, experiment.units).double()
    lost = max(len(inputs) - window, 0) if window else 0
    losses = []
    for _ in range(updates + 1):
        weights = [weight.detach().requires_grad_() for weight in weights]
        states = [[zero] * (2 if experiment.network == "LSTM" else 1)]
        for t, x in enumerate(inputs):
            state = [s.detach() for s in states[-1]] if t == lost else states[-1]
            states.append(step(experiment, x[None], state, *weights))
        loss = ((states[-1][0] - target) ** 2).sum() / 2
        carrying = [state[-1] for state in states[1:]]  # h_t; of an LSTM c_t
        found = torch.autograd.grad(loss, [*weights, *carrying], materialize_grads=True)
        gradients, back = list(found[:3]), found[3:]
        if penalty:
            passed = torch.cat(back), torch.cat(carrying).detach()
            gradients[1] = gradients[1] + penalty(weights[1], *passed, lost).detach()
        losses.append(loss.item())
        everything = [loss, *weights, *gradients, *back, *(s for state in states for s in state)]
        finite = all(array.isfinite().all() for array in everything)
        if finite or len(losses) == 1:
            norms = np.array([d.norm().item() for d in back])
        if not finite:
            break
        for clip in clips:
            gradients = clip(gradients)
        weights = [weight - rate * g for weight, g in zip(weights, gradients)]
    return np.array(losses), norms


result = {{}}
result["loss_without"], result["gradient_norm_without"] = descend(
    {experiment!r}
)
result["loss_with"], result["gradient_norm_with"] = descend(
    {treat(experiment, switches)!r},
    window={switches.window!r},
    penalty={penalty},
    clips=[{", ".join(_clips(switches, _TORCH_NORM, _TORCH_VALUE))}],
)
print(result)
"""


def _penalty_code(experiment: Experiment, switches: Switches, omega: str) -> tuple[str, str]:
    """Return what names the penalty in a program, and what has to be written before for it."""
    used, strength = switches.penalty_used, switches.strength
    if used is None:
        return "None", ""
    library = "tf" if omega is _KERAS_OMEGA else "torch"
    if used == "Ω":
        slope = SLOPES[experiment.activation].format(library=library)
        return "omega", omega.format(slope=slope, strength=strength)
    gradient = f"{library}.sign(recurrent)" if used == "L1" else "recurrent"
    return f"lambda recurrent, d, h, lost: {strength!r} * {gradient}", ""


def _clips(switches: Switches, norm: str, value: str) -> list[str]:
    """Write the clipping that is on, in its order."""
    clips = ((norm, switches.norm), (value, switches.value))
    return [written.format(limit=limit) for written, limit in clips if limit is not None]
