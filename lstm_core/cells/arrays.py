"""Shapes that every cell checks in the same way, with messages that name both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]


def as_floats(values: ArrayLike, dtype: np.dtype[Any] | type | None = None) -> Array:
    """Return an array of floats; single precision stays single, all else becomes double."""
    array = np.asarray(values)
    if dtype is None:
        dtype = array.dtype if array.dtype in (np.float32, np.float64) else np.float64
    return np.asarray(array, dtype=dtype)


def check_shape(name: str, array: NDArray[Any], expected: tuple[int, ...]) -> None:
    """Refuse an array of another shape.

    Raises:
        ValueError: naming the shape that came and the shape that was expected.
    """
    if array.shape != expected:
        raise ValueError(f"{name} has shape {array.shape}, expected {expected}")


def time_first(sequence: Array, name: str, features: int) -> Array:
    """View (time, features) or (batch, time, features) as (time, batch, features).

    Raises:
        ValueError: if there are other than two or three axes, or other features.
    """
    if sequence.ndim not in (2, 3) or sequence.shape[-1] != features:
        raise ValueError(
            f"{name} has shape {sequence.shape}, "
            f"expected (time, {features}) or (batch, time, {features})"
        )
    if sequence.ndim == 2:
        return sequence[:, np.newaxis, :]
    return np.moveaxis(sequence, 1, 0)


def time_restored(sequence: Array, batched: bool) -> Array:
    """Undo ``time_first``: view (time, batch, n) as (batch, time, n), or (time, n)."""
    return np.moveaxis(sequence, 0, 1) if batched else sequence[:, 0]


def previous(states: Array, initial: Array) -> Array:
    """Shift states by one step: entry t is the state that step t started from.

    Args:
        states: (..., time, units), the state after each step.
        initial: (..., units), the state before the first.
    """
    first = np.expand_dims(initial, -2)
    return np.concatenate([first, states[..., :-1, :]], axis=-2)
