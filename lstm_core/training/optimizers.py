"""Ways to turn a gradient into an update, with Keras' names, defaults and formulas.

An optimiser keeps its running averages in plain arrays, so that a training can be put away and
taken up again to the last bit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import mark


class Optimizer(ABC):
    """Changes parameters in place; one object belongs to one set of parameters.

    Attributes:
        rate: learning rate.
        updates: how many have been made.
        averages: running averages by parameter's name, as the optimiser needs them.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.updates = 0
        self.averages: dict[str, list[Array]] = {}

    def update(self, parameters: Mapping[str, Array], gradients: Mapping[str, Array]) -> None:
        """Make one update of every parameter."""
        self.updates += 1
        for name, parameter in parameters.items():
            np.subtract(parameter, self._step(name, gradients[name]), out=parameter)

    def _running(self, name: str, gradient: Array, count: int) -> list[Array]:
        return self.averages.setdefault(name, [np.zeros_like(gradient) for _ in range(count)])

    @abstractmethod
    def _step(self, name: str, gradient: Array) -> Array:
        """Compute what is taken from the parameter."""


class SGD(Optimizer):
    """w <- w - rate g."""

    def _step(self, name: str, gradient: Array) -> Array:
        del name
        return np.asarray(self.rate * gradient)


class Momentum(Optimizer):
    """v <- 0.9 v + g, w <- w - rate v (Polyak, 1964)."""

    KEPT = 0.9

    def _step(self, name: str, gradient: Array) -> Array:
        (velocity,) = self._running(name, gradient, 1)
        velocity *= self.KEPT
        velocity += gradient
        return np.asarray(self.rate * velocity)


class RMSprop(Optimizer):
    """s <- 0.9 s + 0.1 g^2, w <- w - rate g / sqrt(s + 1e-7) (Hinton, 2012)."""

    KEPT = 0.9
    EPSILON = 1e-7

    def _step(self, name: str, gradient: Array) -> Array:
        (square,) = self._running(name, gradient, 1)
        square *= self.KEPT
        square += (1.0 - self.KEPT) * gradient**2
        return np.asarray(self.rate * gradient / np.sqrt(square + self.EPSILON))


class Adam(Optimizer):
    """Kingma and Ba: Adam: A Method for Stochastic Optimization, 2015.

    m <- 0.9 m + 0.1 g, s <- 0.999 s + 0.001 g^2, both corrected for having started at zero,
    w <- w - rate m / (sqrt(s) + 1e-7); Keras' form, in which the correction sits in the rate.
    """

    FIRST = 0.9
    SECOND = 0.999
    EPSILON = 1e-7

    def _step(self, name: str, gradient: Array) -> Array:
        mean, square = self._running(name, gradient, 2)
        mean += (1.0 - self.FIRST) * (gradient - mean)
        square += (1.0 - self.SECOND) * (gradient**2 - square)
        corrected = np.sqrt(1.0 - self.SECOND**self.updates) / (1.0 - self.FIRST**self.updates)
        rate = gradient.dtype.type(self.rate * corrected)
        return np.asarray(rate * mean / (np.sqrt(square) + self.EPSILON))


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "Adam": Adam,
    "RMSprop": RMSprop,
    mark("SGD with momentum"): Momentum,
    "SGD": SGD,
}
