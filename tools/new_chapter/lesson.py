"""What the page says, and where its presets stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_core import RNNCell
from lstm_core.cells.arrays import Array
from pages._book.language import mark, say
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs

START = {"example_weight": 0.5}
"""The page's controls by their keys, with what they stand at to begin with."""
STEPS = 10


@dataclass(frozen=True)
class Shown:
    """One run of a recurrent cell of one unit over a one and then zeros.

    Attributes:
        weight: its recurrent weight.
    """

    weight: float

    @cached_property
    def state(self) -> Array:
        """The hidden state after each step, (time,)."""
        cell = RNNCell(kernel=[[1.0]], recurrent_kernel=[[self.weight]], bias=[0.0])
        return cell.run(np.eye(STEPS, 1)).hidden_state[:, 0]

    @property
    def left(self) -> float:
        """The hidden state after the last step."""
        return float(self.state[-1])

    @property
    def sentence(self) -> str:
        """What the visitor should see."""
        return say("After {steps} steps {left:.3g} is left of it.", steps=STEPS, left=self.left)

    @property
    def alt(self) -> str:
        """The picture in words."""
        return say(
            "Hidden state over {steps} steps, from {first:.3g} to {left:.3g}.",
            steps=STEPS,
            first=float(self.state[0]),
            left=self.left,
        )

    @property
    def programs(self) -> Programs:
        """What reproduces the page's numbers."""
        return programs("example", weight=self.weight, steps=STEPS)


PRESETS = by_name(
    (
        Preset[Shown](
            mark("It fades"),
            START,
            mark("A weight below 1 forgets: less than a hundredth is left."),
            lambda shown: shown.left < 0.01,
            lambda shown: shown.sentence,
        ),
    )
)
