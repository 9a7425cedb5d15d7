"""The functions that squash a pre-activation, each with its derivative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lstm_core.cells.arrays import Array, as_floats


def sigmoid(x: ArrayLike, out: Array | None = None) -> Array:
    """Compute 1 / (1 + exp(-x)), elementwise; ``out`` may be ``x`` itself.

    Below about -709 (double precision) exp overflows to infinity and the quotient is the right
    answer, 0; that overflow is therefore not warned of.
    """
    x = as_floats(x)
    out = np.empty_like(x) if out is None else out
    with np.errstate(over="ignore"):
        np.negative(x, out=out)
        np.exp(out, out=out)
        out += 1.0
        return np.reciprocal(out, out=out)


def sigmoid_derivative(x: Array) -> Array:
    """Compute sigmoid(x) sigmoid(-x), which keeps its digits where 1 - sigmoid(x) loses them."""
    return sigmoid(x) * sigmoid(-x)


def tanh(x: Array, out: Array | None = None) -> Array:
    """Compute the hyperbolic tangent, elementwise."""
    return np.tanh(x, out=out)


def tanh_derivative(x: Array) -> Array:
    """Compute 1 - tanh(x)^2 as 4 sigmoid(2x) sigmoid(-2x), which keeps its digits far out."""
    return 4.0 * sigmoid_derivative(2.0 * x)


def relu(x: Array, out: Array | None = None) -> Array:
    """Compute max(0, x), elementwise."""
    return np.maximum(x, 0.0, out=out)


def relu_derivative(x: Array) -> Array:
    """Return 1 where x > 0 and else 0; the corner itself gets 0, as in Keras."""
    return (x > 0).astype(x.dtype)


def linear(x: Array, out: Array | None = None) -> Array:
    """Return x: no squashing at all."""
    return np.positive(x, out=out)


def linear_derivative(x: Array) -> Array:
    """Return 1 everywhere."""
    return np.ones_like(x)


@dataclass(frozen=True)
class Activation:
    """One activation function: how to compute it, differentiate it and write it.

    ``steepest`` is the largest derivative anywhere; ``formula`` and ``derivative_formula`` are
    LaTeX in x.
    """

    name: str
    function: Callable[..., Array]
    derivative: Callable[[Array], Array]
    steepest: float
    formula: str
    derivative_formula: str


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "tanh",
            tanh,
            tanh_derivative,
            1.0,
            r"\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
            r"\tanh'(x) = 1 - \tanh^2(x)",
        ),
        Activation(
            "sigmoid",
            sigmoid,
            sigmoid_derivative,
            0.25,
            r"\sigma(x) = \frac{1}{1 + e^{-x}}",
            r"\sigma'(x) = \sigma(x)\,(1 - \sigma(x))",
        ),
        Activation(
            "relu",
            relu,
            relu_derivative,
            1.0,
            r"\mathrm{relu}(x) = \max(0, x)",
            r"\mathrm{relu}'(x) = 1 \text{ if } x > 0, \text{ else } 0",
        ),
        Activation("linear", linear, linear_derivative, 1.0, r"x", r"1"),
    )
}


def activation_named(name: str) -> Activation:
    """Look an activation up by its Keras name.

    Raises:
        ValueError: if there is none of that name.
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"no activation is called {name!r}; there are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
