"""Ways to choose a kernel before training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def glorot_uniform(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Doubles:
    """Draw from U(-r, r), r = gain sqrt(6 / (rows + columns)) (Glorot and Bengio, 2010)."""
    radius = gain * np.sqrt(6.0 / sum(shape))
    return rng.uniform(-radius, radius, shape)


def orthogonal(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Doubles:
    """Draw a matrix whose singular values all equal ``gain`` (Saxe et al., 2013).

    A vector carried through it, forward or back, keeps its length up to that factor.
    """
    longer, shorter = max(shape), min(shape)
    q, r = np.linalg.qr(rng.standard_normal((longer, shorter)))
    # Signs taken from r make the draw uniform over all orthogonal matrices.
    q = q * np.sign(np.diag(r))
    return gain * (q if shape[0] >= shape[1] else q.T)


def scaled_normal(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Doubles:
    """Draw from a normal distribution with spread gain / sqrt(rows).

    The spectral radius of a square one is about ``gain``, its largest singular value about twice
    that: the two numbers part, as they do in trained networks.
    """
    return rng.standard_normal(shape) * (gain / float(np.sqrt(shape[0])))


def identity(shape: tuple[int, int], rng: np.random.Generator, gain: float = 1.0) -> Doubles:
    """Return ``gain`` times the identity (Le, Jaitly and Hinton, 2015); ``rng`` is not used."""
    del rng
    return gain * np.eye(*shape)


def pytorch_uniform(
    shape: tuple[int, ...], rng: np.random.Generator, gain: float = 1.0, units: int | None = None
) -> Doubles:
    """Draw from U(-r, r), r = gain / sqrt(units): what PyTorch's recurrent layers start from.

    Args:
        shape: of a kernel, a recurrent kernel or a bias.
        rng: where the numbers come from.
        gain: factor on all of them.
        units: length of the hidden state; the number of rows if None.
    """
    radius = gain / float(np.sqrt(shape[0] if units is None else units))
    return rng.uniform(-radius, radius, shape)
