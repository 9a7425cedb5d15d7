"""The gradient page: presets that each prove one claim, the update, and the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells import CELLS
from lstm_core.cells.activations import sigmoid
from lstm_core.gradients.descent import Breakdown, Descent
from lstm_core.gradients.flow import Experiment, GradientFlow, follow
from pages._book.language import mark, plural, say
from pages._book.latex import gathered, precise
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
START = NETWORKS | {"compare": True, "rate": 0.01, "part": PARTS[0], "updates": 20}
"""The page's controls by their keys, with what they stand at to begin with."""


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
                "The recurrent kernel shrinks, and tanh shrinks more: what came first in the sequence has "
                "next to no say in the update."
            ),
            lambda flows: flows["RNN"].ratio < 1e-6,
        ),
        _preset(
            mark("Exploding"),
            mark(
                "The kernel stretches more than tanh can take back: the gradient grows without end."
            ),
            lambda flows: flows["RNN"].ratio > 1e3,
            gain=3.0,
        ),
        _preset(
            mark("Saturation cancels the gain"),
            mark(
                "A gain above 1 does not have to explode: tanh saturates, and its small slope takes "
                "back what the kernel adds."
            ),
            lambda flows: 1e-3 < flows["RNN"].ratio < 1e3,
            gain=1.5,
        ),
        _preset(
            mark("Sigmoid"),
            mark("A sigmoid passes at most a quarter at each step, whatever the point."),
            lambda flows: flows["RNN"].ratio < 0.25 ** (len(flows["RNN"].norms) - 1),
            activation="sigmoid",
            gain=1.0,
        ),
        _preset(
            mark("ReLU explodes"),
            mark(
                "Where a ReLU is active its slope is exactly 1, so that nothing holds a large kernel back."
            ),
            lambda flows: flows["RNN"].ratio > 1e3,
            activation="relu",
            gain=2.5,
        ),
        _preset(
            mark("A new LSTM vanishes too"),
            mark(
                "With PyTorch's initialisation the forget gates stand near one half, and an LSTM that "
                "has not been trained vanishes almost as an RNN does. Being an LSTM is not enough."
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
                "The same LSTM with a forget bias of 4.6, a half-life of about 69 steps: now an error "
                "at the end reaches the beginning."
            ),
            lambda flows: flows["LSTM"].ratio > 1e-2,
            network="LSTM",
            kernel="PyTorch",
            gain=1.0,
            forget_bias=4.6,
            length=100,
        ),
        _preset(
            mark("An LSTM explodes"),
            mark(
                "The forget gates only ever shrink, yet the gradient grows: it also comes back through "
                "h and the other gates, whose kernels are large."
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
    gate = float(sigmoid(forget_bias))
    return say(
        "σ({bias:g}) = {gate:.3f}: on this bias alone the cell state halves in **{steps:.3g} steps**.",
        bias=forget_bias,
        gate=gate,
        steps=half_life(forget_bias),
    )


def whole(number: str) -> str:
    """Write a number so that a narrow table does not break it at its hyphen."""
    return number.replace("-", "−")


def network_rows(flows: Flows) -> dict[str, list[str]]:
    """Tabulate where each network's gradient starts, where it ends and what carries it."""
    return {
        say("network"): list(flows),
        say("at step T"): [whole(f"{flow.norms[-1]:.2e}") for flow in flows.values()],
        say("at step 1"): [whole(f"{flow.norms[0]:.2e}") for flow in flows.values()],
        say("factor"): [whole(f"{flow.ratio:.1e}") for flow in flows.values()],
        say("spectral radius"): [f"{flow.spectral_radius:.3f}" for flow in flows.values()],
        say("largest singular value"): [
            f"{flow.largest_singular_value:.3f}" for flow in flows.values()
        ],
    }


def eigenvalues(flow: GradientFlow) -> dict[str, Eigenvalues]:
    """Compute the eigenvalues of the last step's Jacobian, and of an RNN's kernel beside them."""
    values: dict[str, Eigenvalues] = {
        say("one step back, ∂state_T / ∂state_(T−1)"): np.linalg.eigvals(flow.jacobian)
    }
    if flow.carrying is flow.cell.recurrent_kernel:
        values[say("recurrent kernel")] = np.linalg.eigvals(flow.cell.recurrent_kernel)
    return values


def eigenvalues_alt(eigenvalues: Mapping[str, Eigenvalues]) -> str:
    """The eigenvalues in words."""
    said = "; ".join(
        say(
            "{name}: {count} eigenvalues, the largest of size {largest:.3f}, {outside} outside",
            name=name,
            count=len(values),
            largest=float(np.abs(values).max()),
            outside=int((np.abs(values) > 1 + 1e-9).sum()),
        )
        for name, values in eigenvalues.items()
    )
    return say("Eigenvalues in the complex plane with the unit circle. {said}.", said=said)


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


def update_formula(update: Update, learning_rate: float) -> str:
    """Write the update of one weight with its live numbers."""
    numbers = (update.changed, update.weight, learning_rate, update.slope)
    words = say("new"), say("old"), say("learning rate"), say("gradient")
    new, old, rate, slope = (precise(value) for value in numbers)
    return gathered(
        [
            rf"\text{{{words[0]}}} = \text{{{words[1]}}} - \text{{{words[2]}}} \times \text{{{words[3]}}}",
            rf"{new} = {old} - {rate} \times ({slope})",
        ]
    )


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
            "The weight is thrown to **{share:.2g} times** its size in one update: it has lost "
            "whatever it stood for.",
            share=share,
        )
    return say(
        "The weight moves by **{moved:.2e}**, {share:.2g} of its size.", moved=moved, share=share
    )


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
        "axis; the loss goes from {first:.3g} to {last:.3g}.",
        updates=len(descent.losses) - 1,
        first=descent.losses[0],
        last=descent.losses[-1],
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
    first, last, steps = flow.norms[0], flow.norms[-1], len(flow.norms)
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
        return say("There is one step only, and the gradient there is **{last:.2e}**.", last=last)
    if abs(np.log(flow.ratio)) < 1e-6:
        return say(
            "The gradient **keeps its length**, {last:.2e}, over all {steps} steps.",
            last=last,
            steps=steps - 1,
        )
    numbers = {"last": last, "first": first, "at": steps, "ratio": flow.ratio, "steps": steps - 1}
    if flow.ratio < 1:
        return say(
            "From **{last:.2e}** at step {at} the gradient shrinks to **{first:.2e}** at step 1: a "
            "factor of **{ratio:.2e}** over {steps} steps.",
            **numbers,
        )
    return say(
        "From **{last:.2e}** at step {at} the gradient grows to **{first:.2e}** at step 1: a factor "
        "of **{ratio:.2e}** over {steps} steps.",
        **numbers,
    )


def flow_alt(flows: Flows) -> str:
    """The curves in words."""
    said = "; ".join(
        say(
            "{name} from {last:.2e} at the last step to {first:.2e} at the first",
            name=name,
            last=flow.norms[-1],
            first=flow.norms[0],
        )
        for name, flow in flows.items()
    )
    return say(
        "Length of the gradient at each of {steps} time steps on a log axis: {said}.",
        steps=len(next(iter(flows.values())).norms),
        said=said,
    )


def which_arrives(flows: Flows) -> Question:
    """Ask which network brings back most of an error to the first step, as on the screen."""
    ratios = {name: flow.ratio for name, flow in flows.items()}
    known = {name: value for name, value in ratios.items() if np.isfinite(value)}
    most = max(known.values(), default=0.0)
    right = tuple(place for place, name in enumerate(flows) if known.get(name) == most)
    feedback = tuple(
        say(
            "{name}: {last:.2e} at the last step, {first:.2e} at the first, a factor of {ratio:.1e}.",
            name=name,
            last=flow.norms[-1],
            first=flow.norms[0],
            ratio=ratios[name],
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
