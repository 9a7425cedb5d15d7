"""Gradient descent on one sequence, update after update, with or without remedies.

This is no training (there is one sequence and no split); it is the smallest thing that blows up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.clipping import clip_by_norm, clip_by_value, joint_norm
from lstm_core.gradient_flow import Experiment, GradientFlow, follow_cell
from lstm_core.penalties import l1, l2, omega

PENALTIES = ("L1", "L2", "Ω")


@dataclass(frozen=True)
class Remedies:
    """What is done to the gradient between the way back and the update; None leaves a thing out.

    Attributes:
        max_norm: clip all gradients together to this length.
        limit: clip every entry to this size; after ``max_norm``, if both are given.
        window: go back over so many steps only.
        penalty: name in ``PENALTIES``.
        strength: factor on the penalty.
    """

    max_norm: float | None = None
    limit: float | None = None
    window: int | None = None
    penalty: str | None = None
    strength: float = 0.01


@dataclass(frozen=True)
class Breakdown:
    """The first number that is no number any more.

    Attributes:
        update: after so many updates.
        where: the quantity, in words.
        value: what stood there, infinite or NaN.
        step: the time step, from 1; None for a quantity that has none.
    """

    update: int
    where: str
    value: float
    step: int | None = None


@dataclass(frozen=True)
class Descent:
    """What happened over the updates; each array has an entry for every state up to the last.

    Attributes:
        losses: before the first update, and after each.
        gradient_norms: joint length of the gradient as it came back, before any clipping.
        parameter_norms: joint length of all parameters.
        flow: the way back at the last state whose numbers are all finite.
        reached: so many updates lie before that state.
        breakdown: where numbers ended; None if they did not.
    """

    losses: Array
    gradient_norms: Array
    parameter_norms: Array
    flow: GradientFlow
    reached: int
    breakdown: Breakdown | None


def descend(
    experiment: Experiment, rate: float, updates: int, remedies: Remedies | None = None
) -> Descent:
    """Update an untrained network on its one sequence, and stop where numbers end.

    Args:
        experiment: network, inputs and target.
        rate: learning rate.
        updates: how many.
        remedies: none if None.

    Raises:
        ValueError: if the penalty is unknown, or is Ω for another cell than the RNN.
    """
    remedies = remedies or Remedies()
    cell, inputs, target = experiment.cell(), experiment.inputs(), experiment.target()
    history: list[tuple[float, float, float]] = []
    flow, reached, breakdown = None, 0, None
    with np.errstate(over="ignore", invalid="ignore"):
        for update in range(updates + 1):
            now = follow_cell(cell, inputs, target, remedies.window)
            gradients = now.gradient.parameters
            if remedies.penalty is not None:
                penalty = _penalty_gradient(now, remedies)
                gradients["recurrent_kernel"] = gradients["recurrent_kernel"] + penalty
            history.append((now.loss, joint_norm(gradients), joint_norm(cell.parameters)))
            breakdown = _breakdown(now, gradients, update)
            if breakdown is not None:
                break
            flow, reached = now, update
            if remedies.max_norm is not None:
                gradients = clip_by_norm(gradients, remedies.max_norm)
            if remedies.limit is not None:
                gradients = clip_by_value(gradients, remedies.limit)
            cell = cell.with_parameters(
                {name: cell.parameters[name] - rate * g for name, g in gradients.items()}
            )
    losses, gradient_norms, parameter_norms = np.array(history).T
    return Descent(losses, gradient_norms, parameter_norms, flow or now, reached, breakdown)


def _penalty_gradient(flow: GradientFlow, remedies: Remedies) -> Array:
    kernel = flow.cell.recurrent_kernel
    if remedies.penalty == "L1":
        _, gradient = l1(kernel)
    elif remedies.penalty == "L2":
        _, gradient = l2(kernel)
    elif remedies.penalty == "Ω":
        if not isinstance(flow.cell, RNNCell):
            raise ValueError("Ω is defined for the plain recurrent cell")
        _, gradient = omega(flow.cell, flow.gradient)
    else:
        raise ValueError(f"no penalty is called {remedies.penalty!r}; there are {PENALTIES}")
    return remedies.strength * gradient


def _breakdown(flow: GradientFlow, gradients: dict[str, Array], update: int) -> Breakdown | None:
    """Find the first quantity, in the order of computation, that is not finite."""
    for name, parameter in flow.cell.parameters.items():
        if not np.isfinite(parameter).all():
            return Breakdown(update, name.replace("_", " "), _worst(parameter))
    there = [
        ("pre-activation", flow.trace.pre_activation),
        ("hidden state", flow.trace.hidden_state),
    ]
    for where, values in there:
        bad = np.flatnonzero(~np.isfinite(values).all(axis=-1))
        if len(bad):
            return Breakdown(update, where, _worst(values[bad[0]]), int(bad[0]) + 1)
    if not np.isfinite(flow.loss):
        return Breakdown(update, "loss", flow.loss)
    bad = np.flatnonzero(~np.isfinite(flow.norms))
    if len(bad):
        step = int(bad[-1])
        return Breakdown(update, "gradient of the state", float(flow.norms[step]), step + 1)
    for name, gradient in gradients.items():
        if not np.isfinite(gradient).all():
            where = f"gradient of the {name.replace('_', ' ')}"
            return Breakdown(update, where, _worst(gradient))
    return None


def _worst(values: Array) -> float:
    """Return an entry that is not finite."""
    return float(values[~np.isfinite(values)][0])
