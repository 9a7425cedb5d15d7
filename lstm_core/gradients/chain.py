"""What a chain of slopes leaves of a gradient, the same slope at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.cells.arrays import Array


@dataclass(frozen=True)
class Chain:
    """What is left of a gradient after each of a number of steps, for each activation.

    Attributes:
        steps: 1, 2, ..., (steps,).
        factor: the derivative at the point, times the weight, by activation.
        left: |factor|^steps, by activation, (steps,).
        point: the pre-activation of every step.
        weight: the recurrent weight.
    """

    steps: Array
    factor: dict[str, float]
    left: dict[str, Array]
    point: float
    weight: float


def chain(point: float, weight: float, steps: int) -> Chain:
    """Multiply the derivative at a point, times a recurrent weight, with itself again and again.

    This is what one unit would do to a gradient if every step had the same pre-activation.
    """
    count = np.arange(1.0, steps + 1.0)
    here = np.array([point])
    factor = {
        name: float(ACTIVATIONS[name].derivative(here)[0] * weight)
        for name in ("tanh", "sigmoid", "relu")
    }
    left = {name: np.abs(f) ** count for name, f in factor.items()}
    return Chain(count, factor, left, point, weight)
