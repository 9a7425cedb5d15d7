"""The gradient page: presets that each prove one claim, the update, and the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.activations import sigmoid
from lstm_core.cells import CELLS
from lstm_core.descent import Breakdown, Descent
from lstm_core.gradient_flow import Experiment, GradientFlow, follow
from lstm_core.lessons.latex import gathered, precise
from lstm_core.lessons.questions import Question

Flows = Mapping[str, GradientFlow]
Eigenvalues = NDArray[np.number[Any]]


@dataclass(frozen=True)
class Preset:
    """An experiment and the one claim that it proves.

    ``holds`` checks it on the numbers of all three networks with these settings, by their names.
    """

    name: str
    experiment: Experiment
    claim: str
    holds: Callable[[Flows], bool]


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "Vanishing",
            Experiment(gain=0.9, steps=60),
            "The recurrent kernel shrinks, and tanh shrinks more: what came first in the sequence has "
            "next to no say in the update.",
            lambda flows: flows["RNN"].ratio < 1e-6,
        ),
        Preset(
            "Exploding",
            Experiment(gain=3.0, steps=60),
            "The kernel stretches more than tanh can take back: the gradient grows without end.",
            lambda flows: flows["RNN"].ratio > 1e3,
        ),
        Preset(
            "Saturation cancels the gain",
            Experiment(gain=1.5, steps=60),
            "A gain above 1 does not have to explode: tanh saturates, and its small slope takes "
            "back what the kernel adds.",
            lambda flows: 1e-3 < flows["RNN"].ratio < 1e3,
        ),
        Preset(
            "Sigmoid",
            Experiment(activation="sigmoid", gain=1.0, steps=60),
            "A sigmoid passes at most a quarter at each step, whatever the point.",
            lambda flows: flows["RNN"].ratio < 0.25 ** (len(flows["RNN"].norms) - 1),
        ),
        Preset(
            "ReLU explodes",
            Experiment(activation="relu", gain=2.5, steps=60),
            "Where a ReLU is active its slope is exactly 1, so that nothing holds a large kernel back.",
            lambda flows: flows["RNN"].ratio > 1e3,
        ),
        Preset(
            "A new LSTM vanishes too",
            Experiment(initialisation="PyTorch", steps=100, network="LSTM", forget_bias=0.0),
            "With PyTorch's initialisation the forget gates stand near one half, and an LSTM that "
            "has not been trained vanishes almost as an RNN does. Being an LSTM is not enough.",
            lambda flows: flows["LSTM"].ratio < 1e-15,
        ),
        Preset(
            "Forget bias",
            Experiment(initialisation="PyTorch", steps=100, network="LSTM", forget_bias=4.6),
            "The same LSTM with a forget bias of 4.6, a half-life of about 69 steps: now an error "
            "at the end reaches the beginning.",
            lambda flows: flows["LSTM"].ratio > 1e-2,
        ),
        Preset(
            "An LSTM explodes",
            Experiment(initialisation="PyTorch", gain=8.0, steps=100, network="LSTM"),
            "The forget gates only ever shrink, yet the gradient grows: it also comes back through "
            "h and the other gates, whose kernels are large.",
            lambda flows: flows["LSTM"].ratio > 10.0,
        ),
    )
}


def follow_all(experiment: Experiment) -> dict[str, GradientFlow]:
    """Follow the gradient through each kind of network, with the same settings."""
    return {name: follow(replace(experiment, network=name)) for name in CELLS}


def half_life(forget_bias: float) -> float:
    """After how many steps a forget gate that stands at sigmoid(bias) has halved the cell state."""
    return float(np.log(0.5) / np.log(sigmoid(forget_bias)))


def half_life_sentence(forget_bias: float) -> str:
    """Say what a forget bias means."""
    gate = float(sigmoid(forget_bias))
    return (
        f"σ({forget_bias:g}) = {gate:.3f}: on this bias alone the cell state halves in "
        f"**{half_life(forget_bias):.3g} steps**."
    )


def network_rows(flows: Flows) -> dict[str, list[str]]:
    """Tabulate where each network's gradient starts, where it ends and what carries it."""
    return {
        "network": list(flows),
        "at step T": [f"{flow.norms[-1]:.2e}" for flow in flows.values()],
        "at step 1": [f"{flow.norms[0]:.2e}" for flow in flows.values()],
        "factor": [f"{flow.ratio:.1e}" for flow in flows.values()],
        "spectral radius": [f"{flow.spectral_radius:.3f}" for flow in flows.values()],
        "largest singular value": [f"{flow.largest_singular_value:.3f}" for flow in flows.values()],
    }


def eigenvalues(flow: GradientFlow) -> dict[str, Eigenvalues]:
    """Compute the eigenvalues of the last step's Jacobian, and of an RNN's kernel beside them."""
    found: dict[str, Eigenvalues] = {
        "one step back, ∂state_T / ∂state_(T−1)": np.linalg.eigvals(flow.jacobian)
    }
    if flow.carrying is flow.cell.recurrent_kernel:
        found["recurrent kernel"] = np.linalg.eigvals(flow.cell.recurrent_kernel)
    return found


def eigenvalues_alt(found: Mapping[str, Eigenvalues]) -> str:
    """The eigenvalues in words."""
    said = "; ".join(
        f"{name}: {len(values)} eigenvalues, the largest of size {np.abs(values).max():.3f}, "
        f"{int((np.abs(values) > 1 + 1e-9).sum())} outside"
        for name, values in found.items()
    )
    return f"Eigenvalues in the complex plane with the unit circle. {said}."


PARTS = ("all steps", "the first tenth", "the last tenth")
"""Which steps' part of the gradient an update is made of."""


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
        shares = flow.seen.inputs[:, row] * flow.gradient.pre_activation[:, column]
        slope = float(shares[steps].sum())
        weight = float(flow.cell.kernel[row, column])
        return Update(row, column, weight, slope, weight - learning_rate * slope)


def update_formula(made: Update, learning_rate: float) -> str:
    """Write the update of one weight with its live numbers."""
    numbers = (made.changed, made.weight, learning_rate, made.slope)
    new, old, rate, slope = (precise(value) for value in numbers)
    return gathered(
        [
            r"\text{new} = \text{old} - \text{learning rate} \times \text{gradient}",
            rf"{new} = {old} - {rate} \times ({slope})",
        ]
    )


def update_sentence(made: Update) -> str:
    """Say whether the weight moved."""
    moved = made.changed - made.weight
    if moved == 0:
        return "The weight **does not change at all**: the step is too small for double precision."
    if not np.isfinite(moved):
        return "The weight is **no finite number any more**."
    share = abs(moved / made.weight) if made.weight else float("inf")
    if share > 1:
        return (
            f"The weight is thrown to **{share:.2g} times** its size in one update: it has lost "
            "whatever it stood for."
        )
    return f"The weight moves by **{moved:.2e}**, {share:.2g} of its size."


def breakdown_sentence(breakdown: Breakdown | None, updates: int) -> str:
    """Say where and when numbers ended."""
    if breakdown is None:
        return f"All numbers stay finite over {updates} updates."
    value = "NaN" if np.isnan(breakdown.value) else "∞" if breakdown.value > 0 else "−∞"
    place = "" if breakdown.step is None else f" at time step {breakdown.step}"
    when = {0: "Before any update", 1: "After one update"}.get(
        breakdown.update, f"After {breakdown.update} updates"
    )
    return (
        f"{when} the **{breakdown.where}{place} is {value}**. From here on every loss, every "
        "gradient and every weight is NaN, and no further update brings a number back."
    )


def descent_alt(descent: Descent) -> str:
    """The updates in words."""
    return (
        f"Loss, length of the gradient and length of all parameters over {len(descent.losses) - 1} "
        f"updates on a log axis; the loss goes from {descent.losses[0]:.3g} to "
        f"{descent.losses[-1]:.3g}."
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


def flow_alt(flows: Flows) -> str:
    """The curves in words."""
    steps = len(next(iter(flows.values())).norms)
    said = "; ".join(
        f"{name} from {flow.norms[-1]:.2e} at the last step to {flow.norms[0]:.2e} at the first"
        for name, flow in flows.items()
    )
    return f"Length of the gradient at each of {steps} time steps on a log axis: {said}."


def which_arrives(flows: Flows) -> Question:
    """Ask which network brings back most of an error to the first step, as on the screen."""
    ratios = {name: flow.ratio for name, flow in flows.items()}
    known = {name: value for name, value in ratios.items() if np.isfinite(value)}
    most = max(known.values(), default=0.0)
    right = tuple(place for place, name in enumerate(flows) if known.get(name) == most)
    feedback = tuple(
        f"{name}: {flow.norms[-1]:.2e} at the last step, {flow.norms[0]:.2e} at the first, a factor "
        f"of {ratios[name]:.1e}."
        for name, flow in flows.items()
    )
    return Question(
        "With these settings, which network keeps most of the gradient on its way to step 1?",
        tuple(flows),
        right or tuple(range(len(flows))),
        feedback,
    )


def code(experiment: Experiment) -> str:
    """Write the Python that reproduces the page's numbers."""
    return f"""from lstm_core.gradient_flow import Experiment, follow

flow = follow({experiment!r})
print(flow.norms)  # |dL/dh_t| for t = 1 ... {experiment.steps}; of an LSTM |dL/dc_t|
print(flow.spectral_radius, flow.largest_singular_value)
"""
