"""The gradient page: presets that each prove one claim, the update, and the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells import CELLS
from lstm_core.cells.activations import sigmoid
from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.gradients.clipping import clip_by_norm, clip_by_value, joint_norm
from lstm_core.gradients.descent import Breakdown, Descent
from lstm_core.gradients.flow import Experiment, GradientFlow, follow, follow_cell
from pages._book.language import decimal, mark, plural, say
from pages._book.log_axes import readable
from pages._book.presets import Preset, Values, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question

Flows = Mapping[str, GradientFlow]
Eigenvalues = NDArray[np.number[Any]]

PARTS = (mark("all steps"), mark("the first tenth"), mark("the last tenth"))
"""Which steps' part of the gradient an update is made of."""
NETWORKS = {
    "network": "RNN",
    "activation": "tanh",
    "kernel": "orthogonal",
    "gain": 0.9,
    "forget_bias": 1.0,
    "length": 60,
    "seed": 1,
}
CLIPS = (mark("off"), mark("by norm"), mark("by value"))
"""How the gradient of the parameters is clipped."""
GATES = {"LSTM": mark("forget gate"), "GRU": mark("update gate")}
"""The gate that keeps the memory of each network."""
GAINS = (
    *(0.0, 0.5, 0.7, 0.8),
    *(thousandths / 1000 for thousandths in range(900, 1501, 25)),
    *(1.6, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0, 10.0),
)
"""The stops of the gain's slider: most of them from 0.9 to 1.5, where a gradient turns."""
START = NETWORKS | {
    "compare": True,
    "rate": 0.01,
    "part": PARTS[0],
    "updates": 20,
    "clip": CLIPS[0],
    "clip_norm": 1.0,
    "clip_limit": 0.1,
    "open_network": "LSTM",
    "open_bias": 4.6,
}
"""The page's controls by their keys, with what they stand at to begin with."""
WHY_CLIP = {
    "panel": "switches",
    "remedy_activation": "tanh",
    "remedy_kernel": "PyTorch",
    "remedy_gain": "1.0",
    "remedy_rate": "0.3",
    "remedy_updates": "100",
}
"""The address, among the remedies, of an RNN whose gradient vanishes at first and explodes later."""


def experiment_of(values: Values) -> Experiment:
    """Make the experiment that the controls of ``NETWORKS`` stand for."""
    of: Mapping[str, Any] = values
    return Experiment(
        activation=of["activation"],
        initialisation=of["kernel"],
        gain=of["gain"],
        steps=of["length"],
        seed=of["seed"],
        network=of["network"],
        forget_bias=of["forget_bias"],
    )


def _preset(
    name: str, claim: str, holds: Callable[[Flows], bool], **changed: object
) -> Preset[Flows]:
    return Preset(name, NETWORKS | changed, claim, holds)


PRESETS = by_name(
    (
        _preset(
            mark("Vanishing"),
            mark(
                "Each step back shortens the gradient: the recurrent kernel by its gain, tanh by its "
                "slope. The first steps hardly affect the update."
            ),
            lambda flows: flows["RNN"].ratio < 1e-6,
        ),
        _preset(
            mark("Exploding"),
            mark(
                "The recurrent kernel stretches the gradient by more than the slopes of tanh shorten "
                "it: it grows with every step back."
            ),
            lambda flows: flows["RNN"].ratio > 1e3,
            gain=3.0,
        ),
        _preset(
            mark("Saturation cancels the gain"),
            mark(
                "With a gain above 1 the gradient need not explode: tanh saturates, and its small "
                "slopes shorten what the recurrent kernel stretches."
            ),
            lambda flows: 1e-3 < flows["RNN"].ratio < 1e3,
            gain=1.5,
        ),
        _preset(
            mark("Sigmoid"),
            mark("The slope of a sigmoid is at most a quarter, at every step."),
            lambda flows: flows["RNN"].ratio < 0.25 ** (len(flows["RNN"].norms) - 1),
            activation="sigmoid",
            gain=1.0,
        ),
        _preset(
            mark("Exploding with ReLU"),
            mark(
                "Where a ReLU is active its slope is exactly 1: nothing shortens what a large "
                "recurrent kernel stretches."
            ),
            lambda flows: flows["RNN"].ratio > 1e3,
            activation="relu",
            gain=2.5,
        ),
        _preset(
            mark("Vanishing in a new LSTM too"),
            mark(
                "With PyTorch's initialisation the forget gates stand near one half: the gradient of "
                "an untrained LSTM vanishes almost as that of an RNN does."
            ),
            lambda flows: flows["LSTM"].ratio < 1e-15,
            network="LSTM",
            kernel="PyTorch",
            gain=1.0,
            forget_bias=0.0,
            length=100,
        ),
        _preset(
            mark("Forget bias"),
            mark(
                "The same LSTM with a forget bias of 4.6: its memory halves every 69 steps, and the "
                "gradient arrives at step 1."
            ),
            lambda flows: flows["LSTM"].ratio > 1e-2,
            network="LSTM",
            kernel="PyTorch",
            gain=1.0,
            forget_bias=4.6,
            length=100,
        ),
        _preset(
            mark("Exploding in an LSTM"),
            mark(
                "A forget gate only ever shortens, yet the gradient grows: it also comes back through "
                "h and the gates, whose recurrent kernels are large."
            ),
            lambda flows: flows["LSTM"].ratio > 10.0,
            network="LSTM",
            kernel="PyTorch",
            gain=8.0,
            length=100,
        ),
    )
)


def preset_of(experiment: Experiment) -> Preset[Flows] | None:
    """Find the preset whose experiment this is, if it is one."""
    same = (preset for preset in PRESETS.values() if experiment_of(preset.sets) == experiment)
    return next(same, None)


def follow_all(experiment: Experiment) -> dict[str, GradientFlow]:
    """Follow the gradient through each kind of network, with the same settings."""
    return {name: follow(replace(experiment, network=name)) for name in CELLS}


def half_life(forget_bias: float) -> float:
    """After how many steps a forget gate that stands at sigmoid(bias) has halved the cell state."""
    return float(np.log(0.5) / np.log(sigmoid(forget_bias)))


def half_life_sentence(forget_bias: float) -> str:
    """Say what a forget bias means."""
    return say(
        "σ({bias:g}) = {gate:.3f}: the memory halves every {steps:.3g} steps",
        bias=forget_bias,
        gate=float(sigmoid(forget_bias)),
        steps=half_life(forget_bias),
    )


def network_rows(flows: Flows) -> dict[str, list[str]]:
    """Tabulate where each network's gradient starts, where it ends and what carries it."""
    return {
        say("network"): list(flows),
        say("at step T"): [readable(flow.norms[-1]) for flow in flows.values()],
        say("at step 1"): [readable(flow.norms[0]) for flow in flows.values()],
        say("factor"): [readable(flow.ratio) for flow in flows.values()],
        say("spectral radius"): [decimal(flow.spectral_radius, ".3f") for flow in flows.values()],
        say("largest singular value"): [
            decimal(flow.largest_singular_value, ".3f") for flow in flows.values()
        ],
    }


class Step(NamedTuple):
    """What one update does with the gradient of all parameters.

    Attributes:
        whole: length of the gradient.
        used: its length after clipping.
        taken: length of the step, used times the learning rate.
    """

    whole: float
    used: float
    taken: float


def step_of(flow: GradientFlow, values: Values) -> Step:
    """Compute the step of the first update, clipped as the controls say."""
    of: Mapping[str, Any] = values
    gradients: Mapping[str, Array] = flow.gradient.parameters
    whole = joint_norm(gradients)
    if of["clip"] == CLIPS[1]:
        gradients = clip_by_norm(gradients, of["clip_norm"])
    elif of["clip"] == CLIPS[2]:
        gradients = clip_by_value(gradients, of["clip_limit"])
    used = joint_norm(gradients)
    return Step(whole, used, used * of["rate"])


def step_notes(step: Step, values: Values, network: str) -> list[str]:
    """Write the step in the lines that stand on the picture."""
    first = say(
        "gradient of the {network}'s parameters: <b>{whole}</b>",
        network=network,
        whole=readable(step.whole, 3),
    )
    clipped = say(
        "clipped {how}: <b>{used}</b>", how=say(str(values["clip"])), used=readable(step.used, 3)
    )
    taken = say(
        "step taken: {rate} × {used} = <b>{taken}</b>",
        rate=decimal(float(str(values["rate"])), "g"),
        used=readable(step.used, 3),
        taken=readable(step.taken, 3),
    )
    return [first, taken] if values["clip"] == CLIPS[0] else [first, clipped, taken]


def step_sentence(step: Step) -> str:
    """Say what clipping changes, and what it leaves as it is."""
    if not np.isfinite(step.whole):
        return say("The gradient is no finite number: there is nothing left to clip.")
    if step.used >= step.whole:
        return say(
            "Length {whole}: **nothing is clipped**. Clipping never lengthens a gradient, so it is no help against "
            "vanishing.",
            whole=readable(step.whole, 3),
        )
    return say(
        "The curves stay. Clipping shortens the **gradient of the parameters** from {whole} to **{used}**, and "
        "with it the step.",
        whole=readable(step.whole, 3),
        used=readable(step.used, 3),
    )


def opened(experiment: Experiment, network: str, bias: float) -> tuple[GradientFlow, float]:
    """Follow the gradient through a new network whose memory gate has a bias; and the gate's mean.

    Args:
        experiment: its network and forget bias are not used.
        network: "LSTM", whose forget gate gets the bias, or "GRU", whose update gate does.
        bias: of that gate.

    Raises:
        TypeError: if the network is another one.
    """
    cell = replace(experiment, network=network, forget_bias=bias).cell()
    if isinstance(cell, GRUCell):
        cell.bias[0, cell.columns("update")] += bias
    flow = follow_cell(cell, experiment.inputs(), experiment.target())
    if isinstance(flow.trace, LSTMTrace):
        return flow, float(flow.trace.forget_gate.mean())
    if isinstance(flow.trace, GRUTrace):
        return flow, float(flow.trace.update_gate.mean())
    raise TypeError(f"a {network} has no gate that keeps its memory")


NEARLY_ALL = 0.95
"""A gate from here on is said to keep nearly all."""


@dataclass(frozen=True)
class Opening:
    """A new network before and after the bias of its memory gate was raised, and an RNN.

    Attributes:
        network: LSTM or GRU.
        bias: after.
        before, after: the way back.
        gates: mean of the gate before and after.
        rnn: the way back through the RNN.
    """

    network: str
    bias: float
    before: GradientFlow
    after: GradientFlow
    gates: tuple[float, float]
    rnn: GradientFlow

    @property
    def lines(self) -> dict[str, Array]:
        """The lengths of the gradients by the names of their lines."""
        bias = decimal(self.bias, "g")
        return {
            say("bias 0"): self.before.norms,
            say("bias {bias}", bias=f"{bias} "): self.after.norms,
            "RNN": self.rnn.norms,
        }

    @property
    def sentence(self) -> str:
        """What the bias changes, and why the new network is no better than an RNN."""
        values: dict[str, object] = {
            "network": self.network,
            "gate": say(GATES[self.network]),
            "before": self.gates[0],
            "after": self.gates[1],
        }
        if self.gates[1] < NEARLY_ALL:
            return say(
                "In a new {network} the {gate} is at **{before:.2f}**: each step keeps half. At **{after:.3f}** "
                "each step keeps {after:.0%}.",
                **values,
            )
        return say(
            "In a new {network} the {gate} is at **{before:.2f}**: each step keeps half. At **{after:.3f}** it keeps "
            "nearly all.",
            **values,
        )

    @property
    def alt(self) -> str:
        """The picture in words."""
        return flow_alt({"0": self.before, f"{self.bias:g}": self.after, "RNN": self.rnn})


def open_gate(experiment: Experiment, network: str, bias: float) -> Opening:
    """Raise the bias of the gate that keeps the memory, and see both in one picture."""
    before, at_first = opened(experiment, network, 0.0)
    after, then = opened(experiment, network, bias)
    rnn = follow(replace(experiment, network="RNN"))
    return Opening(network, bias, before, after, (at_first, then), rnn)


RANGE = np.geomspace(0.5, 10.0, 49)
"""Gains of the recurrent kernel over which the factor is drawn."""


def ratios_of(experiment: Experiment) -> Array:
    """Follow a network at every gain of ``RANGE``: gradient at step 1 over that at step T."""
    return np.array([follow(replace(experiment, gain=float(gain))).ratio for gain in RANGE])


def ratios_over_gains(
    experiment: Experiment, by: Callable[[Experiment], Array] = ratios_of
) -> dict[str, Array]:
    """Follow each network at every gain.

    Args:
        experiment: of any network.
        by: follows one; it is given the same experiment where nothing that it depends on has changed.
    """
    plain = Experiment()
    alone = {"RNN": ("activation",), "LSTM": ("forget_bias",)}
    curves = {}
    for name in CELLS:
        others = {key for owner, keys in alone.items() if owner != name for key in keys}
        same = {key: getattr(plain, key) for key in others}
        curves[name] = by(replace(experiment, network=name, gain=1.0, **same))
    return curves


def turning_point(ratios: Array) -> float | None:
    """Return the gain from which on the gradient is no longer shorter at step 1; None if none is."""
    above = np.flatnonzero(ratios >= 1.0)
    return float(RANGE[above[0]]) if len(above) else None


def gains_sentence(ratios: Mapping[str, Array], gain: float, ratio: float) -> str:
    """Say where the RNN stands and where it turns, and why both troubles are one network's."""
    turn = turning_point(ratios["RNN"])
    if turn is None:
        return say(
            "At a gain of {gain:g} the RNN's gradient changes by a factor of **{ratio}**; at no gain up to 10 "
            "does it explode.",
            gain=gain,
            ratio=readable(ratio),
        )
    return say(
        "From a gain of about **{turn:.2g}** on the RNN's gradient explodes. Updates may bring a network there, so "
        "gradients are clipped.",
        turn=turn,
    )


def gains_alt(ratios: Mapping[str, Array]) -> str:
    """The curves over the gain in words."""
    networks = "; ".join(
        say(
            "{name} from {low} at a gain of 0.5 to {high} at 10",
            name=name,
            low=readable(float(values[0])),
            high=readable(float(values[-1])),
        )
        for name, values in ratios.items()
    )
    return say("Gradient at step 1 over that at step T, over the gain: {said}.", said=networks)


def eigenvalues(flow: GradientFlow) -> dict[str, Eigenvalues]:
    """Compute the eigenvalues of the last step's Jacobian, and of an RNN's kernel beside them."""
    values: dict[str, Eigenvalues] = {say("one step back"): np.linalg.eigvals(flow.jacobian)}
    if flow.carrying is flow.cell.recurrent_kernel:
        values[say("recurrent kernel")] = np.linalg.eigvals(flow.cell.recurrent_kernel)
    return values


def carries_notes(flow: GradientFlow, network: str) -> list[str]:
    """Write the two numbers of what carries the gradient, in the lines beside the circle."""
    return [
        f"<b>{network}</b>",
        say("spectral radius: <b>{radius:.3f}</b>", radius=flow.spectral_radius),
        say("largest singular value: <b>{norm:.3f}</b>", norm=flow.largest_singular_value),
        say(
            "factor over {steps} steps: <b>{ratio}</b>",
            steps=len(flow.norms) - 1,
            ratio=readable(flow.ratio),
        ),
        "",
    ]


def carries_sentence(flow: GradientFlow) -> str:
    """Say what the two numbers mean for this network."""
    norm, radius = flow.largest_singular_value, flow.spectral_radius
    if norm < 1 - 1e-9:
        return say(
            "The **largest singular value** is {norm:.3f}, below 1: every step back shortens the gradient.",
            norm=norm,
        )
    if radius < 1 - 1e-9:
        return say(
            "One step can stretch by **{norm:.3f}**, the largest singular value; many equal steps shrink by the "
            "**spectral radius**, {radius:.3f}, each.",
            norm=norm,
            radius=radius,
        )
    return say(
        "The recurrent kernel stretches by **{norm:.3f}**; the slopes of the activation, often far below 1, "
        "shorten again.",
        norm=norm,
    )


def eigenvalues_alt(eigenvalues: Mapping[str, Eigenvalues]) -> str:
    """The eigenvalues in words."""
    networks = "; ".join(
        say(
            "{name}: {count} eigenvalues, the largest of size {largest:.3f}, {outside} outside",
            name=name,
            count=len(values),
            largest=float(np.abs(values).max()),
            outside=int((np.abs(values) > 1 + 1e-9).sum()),
        )
        for name, values in eigenvalues.items()
    )
    return say("Eigenvalues in the complex plane with the unit circle. {said}.", said=networks)


def part(steps: int, name: str) -> slice:
    """Say which steps a name in ``PARTS`` means; a tenth is at least one step."""
    tenth = max(steps // 10, 1)
    return {
        "all steps": slice(None),
        "the first tenth": slice(0, tenth),
        "the last tenth": slice(steps - tenth, steps),
    }[name]


@dataclass(frozen=True)
class Update:
    """What gradient descent does to one weight of the kernel.

    Attributes:
        row, column: the weight's place; it is the one with the largest gradient.
        weight: before.
        slope: dL/d(weight), summed over the steps in question.
        changed: weight - learning rate x slope.
    """

    row: int
    column: int
    weight: float
    slope: float
    changed: float


def update(flow: GradientFlow, learning_rate: float, steps: slice = slice(None)) -> Update:
    """Compute the update of the kernel's weight with the largest gradient.

    Args:
        flow: the network and the way back through it.
        learning_rate: factor on the gradient.
        steps: whose part of the gradient to use, sum over these t of x_t dz_t.
    """
    whole = np.nan_to_num(flow.gradient.kernel)
    place = np.unravel_index(np.abs(whole).argmax(), whole.shape)
    row, column = int(place[0]), int(place[1])
    with np.errstate(over="ignore", invalid="ignore"):
        shares = flow.tail.inputs[:, row] * flow.gradient.pre_activation[:, column]
        slope = float(shares[steps].sum())
        weight = float(flow.cell.kernel[row, column])
        return Update(row, column, weight, slope, weight - learning_rate * slope)


def shares(flow: GradientFlow, update: Update) -> Array:
    """Return what each step adds to the gradient of the updated weight, (steps,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        added: Array = (
            flow.tail.inputs[:, update.row] * flow.gradient.pre_activation[:, update.column]
        )
    return added


def update_formula(update: Update, learning_rate: float) -> str:
    """Write the update of one weight with its live numbers, as HTML."""
    new, old, slope = (
        readable(value, 5) for value in (update.changed, update.weight, update.slope)
    )
    rate = decimal(learning_rate, "g")
    words = say("new weight = old weight − learning rate × gradient")
    slope = f"({slope})" if slope.startswith("−") else slope
    return f"{words}<br><b>{new} = {old} − {rate} × {slope}</b>"


def update_sentence(update: Update) -> str:
    """Say whether the weight moved."""
    moved = update.changed - update.weight
    if moved == 0:
        return say(
            "The weight **does not change at all**: the step is too small for double precision."
        )
    if not np.isfinite(moved):
        return say("The weight is **no finite number any more**.")
    share = abs(moved / update.weight) if update.weight else float("inf")
    if share > 1:
        return say(
            "One update moves the weight by **{share} times** its own size: what it had learned is lost.",
            share=readable(share),
        )
    return say(
        "The weight moves by **{moved}**: {share} of its size.",
        moved=readable(moved, 3),
        share=_percent(share),
    )


def _percent(share: float) -> str:
    """Write a share in per cent, or as a power of ten where it is tiny."""
    return decimal(share, ".0%") if share >= 0.01 else readable(share)


def outbreak(flow: GradientFlow, descent: Descent) -> tuple[int, float] | None:
    """Find the update before which a gradient that vanishes at first is longest.

    Returns:
        How many updates were made by then, and the length of the gradient of all parameters; None
        if it does not vanish at first, or does not grow a hundredfold.
    """
    lengths = np.nan_to_num(descent.gradient_norms, nan=0.0)
    at = int(lengths.argmax())
    grows = flow.ratio < 1e-3 and lengths[at] > 100.0 * lengths[0]
    return (at, float(lengths[at])) if grows else None


def outbreak_sentence(after: int, length: float) -> str:
    """Say that a gradient which vanishes at first is very long after some updates."""
    return plural(
        "At first the gradient vanishes on its way back. After {count} update it is **{length}** long: this step "
        "has to be clipped.",
        "At first the gradient vanishes on its way back. After {count} updates it is **{length}** long: this step "
        "has to be clipped.",
        after,
        length=readable(length),
    )


def update_alt(update: Update, descent: Descent) -> str:
    """Both parts of the picture in words."""
    return f"{update_sentence(update)} {descent_alt(descent)}".replace("**", "")


BROKEN = {
    "kernel": mark("the **kernel is {value}**"),
    "recurrent kernel": mark("the **recurrent kernel is {value}**"),
    "bias": mark("the **bias is {value}**"),
    "pre-activation": mark("the **pre-activation at time step {step} is {value}**"),
    "hidden state": mark("the **hidden state at time step {step} is {value}**"),
    "loss": mark("the **loss is {value}**"),
    "gradient of the state": mark("the **gradient of the state at time step {step} is {value}**"),
    "gradient of the kernel": mark("the **gradient of the kernel is {value}**"),
    "gradient of the recurrent kernel": mark("the **gradient of the recurrent kernel is {value}**"),
    "gradient of the bias": mark("the **gradient of the bias is {value}**"),
}
"""What is said of each quantity at which numbers end, by ``Breakdown.where``."""


def breakdown_sentence(breakdown: Breakdown | None, updates: int) -> str:
    """Say where and when numbers ended."""
    if breakdown is None:
        return plural(
            "All numbers stay finite over {count} update.",
            "All numbers stay finite over {count} updates.",
            updates,
        )
    value = "NaN" if np.isnan(breakdown.value) else "∞" if breakdown.value > 0 else "−∞"
    what = say(BROKEN[breakdown.where], value=value, step=breakdown.step)
    when = {0: say("Before any update"), 1: say("After one update")}.get(
        breakdown.update, say("After {count} updates", count=breakdown.update)
    )
    return say(
        "{when} {what}. From here on every loss, every gradient and every weight is NaN, and no "
        "further update brings a number back.",
        when=when,
        what=what,
    )


def descent_alt(descent: Descent) -> str:
    """The updates in words."""
    return say(
        "Loss, length of the gradient and length of all parameters over {updates} updates on a log "
        "axis; the loss goes from {first} to {last}.",
        updates=len(descent.losses) - 1,
        first=readable(descent.losses[0], 3),
        last=readable(descent.losses[-1], 3),
    )


def erratum() -> str:
    """Correct the lecture's own example of an update, by computing it."""
    old, step = 10.1, 0.001
    return say(
        "The lecture's example of a vanished gradient reads 10.999 = 10.1 − 0.001. It means "
        "**{new:.3f}** = {old} − {step}: a weight that hardly moves.",
        new=old - step,
        old=old,
        step=step,
    )


def flow_sentence(flow: GradientFlow) -> str:
    """Say what became of the gradient, with its numbers."""
    first, last, steps = readable(flow.norms[0]), readable(flow.norms[-1]), len(flow.norms)
    if flow.first_lost is not None:
        if flow.norms[flow.first_lost - 1] == 0:
            return say(
                "At step {step} and before, the gradient is **exactly 0**.", step=flow.first_lost
            )
        return say(
            "At step {step} and before, the gradient is **no finite number any more**.",
            step=flow.first_lost,
        )
    if steps == 1:
        return say("There is one step only, and the gradient there is **{last}**.", last=last)
    if abs(np.log(flow.ratio)) < 1e-6:
        return say(
            "The gradient **keeps its length**, {last}, over all {steps} steps.",
            last=last,
            steps=steps - 1,
        )
    numbers = {
        "last": last,
        "first": first,
        "at": steps,
        "ratio": readable(flow.ratio),
        "steps": steps - 1,
    }
    if flow.ratio < 1:
        return say(
            "From {last} at step {at} the gradient shrinks to **{first}** at step 1: a factor of "
            "**{ratio}** over {steps} steps.",
            **numbers,
        )
    return say(
        "From {last} at step {at} the gradient grows to **{first}** at step 1: a factor of **{ratio}** "
        "over {steps} steps.",
        **numbers,
    )


def flow_alt(flows: Flows) -> str:
    """The curves in words."""
    networks = "; ".join(
        say(
            "{name} from {last} at the last step to {first} at the first",
            name=name,
            last=readable(flow.norms[-1]),
            first=readable(flow.norms[0]),
        )
        for name, flow in flows.items()
    )
    return say(
        "Length of the gradient at each of {steps} time steps on a log axis: {said}.",
        steps=len(next(iter(flows.values())).norms),
        said=networks,
    )


def which_arrives(flows: Flows) -> Question:
    """Ask which network brings back most of an error to the first step, as on the screen."""
    ratios = {name: flow.ratio for name, flow in flows.items()}
    known = {name: value for name, value in ratios.items() if np.isfinite(value)}
    most = max(known.values(), default=0.0)
    right = tuple(place for place, name in enumerate(flows) if known.get(name) == most)
    feedback = tuple(
        say(
            "{name}: {last} at the last step, {first} at the first, a factor of {ratio}.",
            name=name,
            last=readable(flow.norms[-1]),
            first=readable(flow.norms[0]),
            ratio=readable(ratios[name]),
        )
        for name, flow in flows.items()
    )
    mistakes = tuple("lstm-never-vanishes" if name == "LSTM" else "" for name in flows)
    return Question(
        say("With these settings, which network keeps most of the gradient on its way to step 1?"),
        tuple(flows),
        right or tuple(range(len(flows))),
        feedback,
        mistakes,
    )


def taken_home(experiment: Experiment) -> Programs:
    """Return the programs that reproduce the page's numbers."""
    return programs("gradients", experiment=experiment)
