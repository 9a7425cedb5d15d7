"""The gradient by its definition, to check every other way of computing it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_core.cells.arrays import Array


def numerical_gradient(loss: Callable[[], float], array: Array, step: float = 1e-6) -> Array:
    """Estimate dL/d(array) by central differences, (L(a + step) - L(a - step)) / (2 step).

    Args:
        loss: computes L from ``array`` as it stands.
        array: double precision; changed in place for each entry and put back.
        step: how far to move; the error is of the order of step^2.

    Returns:
        The estimate, of the array's shape.
    """
    gradient = np.empty_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step
        above = loss()
        array[place] = value - step
        below = loss()
        array[place] = value
        gradient[place] = (above - below) / (2 * step)
    return gradient
