"""The few units of the trained network that decide a verdict, and their cell state over a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import later
from lstm_core.sentiment.network import SentimentNetwork, SentimentTrace

EACH = 3


@dataclass(frozen=True)
class Unit:
    """One unit of the second layer.

    Attributes:
        direction: "forward" or "backward".
        number: from 0.
        importance: sum over time of |h_t dz/dh_t|.
        cell_state: in the order of the text, (time,); a backward unit's state at a word has read
            from the end up to that word.
    """

    direction: str
    number: int
    importance: float
    cell_state: Array

    @property
    def name(self) -> str:
        """What the page calls it: its direction and its number, counted from 1."""
        if self.direction == "forward":
            return later("forward {number}", number=self.number + 1)
        return later("backward {number}", number=self.number + 1)


def deciding_units(
    network: SentimentNetwork, trace: SentimentTrace, each: int = EACH
) -> list[Unit]:
    """Choose the units of the second layer that count most for the logit, in each direction.

    A unit counts the sum over time of |h_t dz/dh_t|: by how much the logit would change, to first
    order, were its hidden state taken away, step by step.

    Args:
        network: the trained network.
        trace: its reading of a text, without a batch axis.
        each: units of each direction.
    """
    gradient = network.backward(trace).layers[-1]
    last = trace.layers.layers[-1]
    units = []
    for direction in ("forward", "backward"):
        states, back = getattr(last, direction), getattr(gradient, direction)
        importance = np.abs(states.hidden_state * back.hidden_state).sum(axis=0)
        cell_state = states.cell_state if direction == "forward" else states.cell_state[::-1]
        units += [
            Unit(direction, int(unit), float(importance[unit]), cell_state[:, unit])
            for unit in np.argsort(-importance, kind="stable")[:each]
        ]
    return units
