"""Two ways to keep an exploding gradient from throwing the weights away.

Gradients are given as a mapping from a parameter's name to its gradient, and are clipped together.
Clip after the backward pass and before the update; neither cures a gradient that vanishes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lstm_core.cells.arrays import Array

Gradients = Mapping[str, Array]


def joint_norm(gradients: Gradients) -> float:
    """Compute the Euclidean length of all gradients as one vector; infinite if it overflows.

    Entries are scaled before they are squared, so that a length up to the largest finite number
    does not overflow on the way.
    """
    largest = max(float(np.abs(g).max(initial=0.0)) for g in gradients.values())
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(sum(((g / largest) ** 2).sum() for g in gradients.values())))


def clip_by_norm(gradients: Gradients, max_norm: float) -> dict[str, Array]:
    """Shorten all gradients together to a joint length of at most ``max_norm``.

    g <- g max_norm / |g| if |g| > max_norm. The direction stays. Pascanu, Mikolov and Bengio: On
    the Difficulty of Training Recurrent Neural Networks, 2013.

    Raises:
        ValueError: if ``max_norm`` is not above 0.
    """
    _check_positive("max_norm", max_norm)
    norm = joint_norm(gradients)
    if not norm > max_norm:
        return {name: gradient.copy() for name, gradient in gradients.items()}
    return {name: gradient / norm * max_norm for name, gradient in gradients.items()}


def clip_by_value(gradients: Gradients, limit: float) -> dict[str, Array]:
    """Cut every entry to between -limit and limit; the direction turns where any is cut.

    Raises:
        ValueError: if ``limit`` is not above 0.
    """
    _check_positive("limit", limit)
    return {name: np.clip(gradient, -limit, limit) for name, gradient in gradients.items()}


def flat(gradients: Gradients) -> Array:
    """Lay all gradients out as one vector, in the order of the mapping."""
    return np.concatenate([gradient.ravel() for gradient in gradients.values()])


def in_their_plane(first: Array, second: Array) -> tuple[Array, Array]:
    """Turn two vectors of any length into the plane that holds both; lengths and angle stay.

    Args:
        first: becomes (length, 0).
        second: becomes (x, y) with y >= 0.

    Returns:
        Both, shape (2,) each; NaN where a vector has no finite length.
    """
    length = joint_norm({"": first})
    if not 0.0 < length < np.inf:
        return np.array([length, 0.0]), np.full(2, np.nan)
    along = first / length
    x = float(along @ second)
    return np.array([length, 0.0]), np.array([x, joint_norm({"": second - x * along})])


def angle(first: Array, second: Array) -> float:
    """Return the angle between two vectors in degrees; NaN if one has no direction."""
    _, (x, y) = in_their_plane(first, second)
    return float(np.degrees(np.arctan2(y, x))) if x or y else float("nan")


def _check_positive(name: str, value: float) -> None:
    if not value > 0.0:
        raise ValueError(f"{name} is {value}, expected a number above 0")
