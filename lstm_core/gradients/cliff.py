"""The loss of a one-unit recurrent network over its two parameters, and walks down from a point.

Where the network's behaviour changes at once, the loss has a wall. A plain step that meets it is
thrown far away; a clipped step is not. After figure 6 of Pascanu, Mikolov and Bengio: On the
Difficulty of Training Recurrent Neural Networks, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.activations import activation_named
from lstm_core.cells.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.gradients.clipping import clip_by_norm, flat


@dataclass(frozen=True)
class Cliff:
    """h_t = phi(w h_(t-1) + b) without inputs, and L = (h_T - target)^2.

    Attributes:
        activation: name of phi.
        steps: T.
        start: h_0.
        target: what h_T should be.
    """

    activation: str = "sigmoid"
    steps: int = 50
    start: float = 0.5
    target: float = 0.7

    def surface(self, weights: Array, biases: Array) -> Array:
        """Compute L on a grid, (biases, weights)."""
        w, b = np.meshgrid(weights, biases)
        phi = activation_named(self.activation).function
        h = np.full(w.shape, self.start)
        for _ in range(self.steps):
            h = phi(w * h + b)
        return np.asarray((h - self.target) ** 2)

    def slope(self, weight: float, bias: float) -> tuple[float, dict[str, Array]]:
        """Compute L and its gradient at one point, by the cell's own way back.

        Returns:
            L, and dL/dw and dL/db as "recurrent_kernel" and "bias".
        """
        cell = RNNCell([[0.0]], [[weight]], [bias], self.activation)
        trace = cell.run(np.zeros((self.steps, 1)), np.array([self.start]))
        error = trace.hidden_state[-1] - self.target
        direct = np.zeros_like(trace.hidden_state)
        direct[-1] = 2.0 * error
        parameters = cell.backward(trace, direct).parameters
        kept = {name: parameters[name] for name in ("recurrent_kernel", "bias")}
        return float(error @ error), kept

    def walk(
        self, start: tuple[float, float], rate: float, updates: int, max_norm: float | None = None
    ) -> Array:
        """Go down from a point by gradient descent.

        Args:
            start: weight and bias.
            rate: learning rate.
            updates: how many.
            max_norm: clip the gradient to this length; None does not.

        Returns:
            (updates + 1, 4): weight, bias, L and the length of the gradient, before clipping.
        """
        point = np.array(start, dtype=float)
        rows = []
        for _ in range(updates + 1):
            loss, gradients = self.slope(*point)
            whole = flat(gradients)
            rows.append([*point, loss, float(np.linalg.norm(whole))])
            if max_norm is not None:
                whole = flat(clip_by_norm(gradients, max_norm))
            point = point - rate * whole
        return np.array(rows)
