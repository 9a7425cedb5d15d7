"""Where one step of gradient descent lands: the loss after it, and along the way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell


def loss_after(cell: Cell, step: Mapping[str, Array], inputs: Array, target: Array) -> float:
    """Compute L = |h_T - target|^2 / 2 with each parameter less its step.

    Args:
        cell: the network before the step.
        step: what is taken from each parameter, by name.
        inputs: (steps, features).
        target: what the last hidden state should have been, (units,).

    Returns:
        L; infinite or NaN where numbers overflow.
    """
    moved = cell.with_parameters(
        {name: values - step[name] for name, values in cell.parameters.items()}
    )
    with np.errstate(over="ignore", invalid="ignore"):
        error = moved.run(inputs).hidden_state[-1] - target
        return float(error @ error) / 2


def loss_along(
    cell: Cell, direction: Mapping[str, Array], lengths: Array, inputs: Array, target: Array
) -> Array:
    """Compute L after steps of several lengths in one direction.

    Args:
        cell: the network before the step.
        direction: of all parameters together of length 1, by name; it is taken from them.
        lengths: of the steps, (lengths,).
        inputs: (steps, features).
        target: (units,).

    Returns:
        L for each length, (lengths,).
    """
    steps = ({name: length * part for name, part in direction.items()} for length in lengths)
    return np.array([loss_after(cell, step, inputs, target) for step in steps])
