"""Gradient descent on one sequence, update after update, with or without remedies.

This is no training (there is one sequence and no split); it is the smallest thing that blows up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import joint_norm
from lstm_core.gradients.flow import Experiment, GradientFlow, follow_cell
from lstm_core.gradients.remedies import Remedies


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
        first: the way back before any update.
        flow: the way back at the last state whose numbers are all finite.
        reached: so many updates lie before that state.
        breakdown: where numbers ended; None if they did not.
    """

    losses: Array
    gradient_norms: Array
    parameter_norms: Array
    first: GradientFlow
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
    cell = remedies.treated(experiment).cell()
    inputs, target = experiment.inputs(), experiment.target()
    history: list[tuple[float, float, float]] = []
    first, flow, reached, breakdown = None, None, 0, None
    with np.errstate(over="ignore", invalid="ignore"):
        for update in range(updates + 1):
            now = follow_cell(cell, inputs, target, remedies.window)
            first = first or now
            gradients = remedies.penalised(now.gradient.parameters, now)
            history.append((now.loss, joint_norm(gradients), joint_norm(cell.parameters)))
            breakdown = _breakdown(now, gradients, update)
            if breakdown is not None:
                break
            flow, reached = now, update
            steps = {name: rate * g for name, g in remedies.clipped(gradients).items()}
            cell = cell.with_parameters(
                {name: weights - steps[name] for name, weights in cell.parameters.items()}
            )
    losses, gradient_norms, parameter_norms = np.array(history).T
    first = first or now
    return Descent(losses, gradient_norms, parameter_norms, first, flow or now, reached, breakdown)


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
