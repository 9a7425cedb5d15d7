"""Remedies for gradients that vanish or explode, alone or combined.

``descend`` in ``descent`` takes them; clipping and penalties have modules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lstm_core.cells.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.gradients.clipping import clip_by_norm, clip_by_value
from lstm_core.gradients.flow import Experiment, GradientFlow
from lstm_core.gradients.penalties import l1, l2, omega

PENALTIES = ("L1", "L2", "Ω")


@dataclass(frozen=True)
class Remedies:
    """What is done against a gradient that vanishes or explodes; None leaves a thing out.

    Attributes:
        max_norm: clip all gradients together to this length.
        limit: clip every entry to this size; after ``max_norm``, if both are there.
        window: go back over so many steps only.
        penalty: name in ``PENALTIES``; Ω is for the plain recurrent cell alone.
        strength: factor on the penalty.
        start: initialisation and gain of the recurrent kernel to start from instead.
        forget_bias: of an LSTM to use instead of the network.
    """

    max_norm: float | None = None
    limit: float | None = None
    window: int | None = None
    penalty: str | None = None
    strength: float = 0.1
    start: tuple[str, float] | None = None
    forget_bias: float | None = None

    def treated(self, experiment: Experiment) -> Experiment:
        """Replace the start and the network, where those remedies are on."""
        if self.start is not None:
            initialisation, gain = self.start
            experiment = replace(experiment, initialisation=initialisation, gain=gain)
        if self.forget_bias is not None:
            experiment = replace(experiment, network="LSTM", forget_bias=self.forget_bias)
        return experiment

    def penalised(self, gradients: Mapping[str, Array], flow: GradientFlow) -> dict[str, Array]:
        """Add the penalty's gradient to that of the recurrent kernel.

        Args:
            gradients: of the loss, by parameter.
            flow: the way back that they come from.

        Raises:
            ValueError: if the penalty is unknown, or is Ω for another cell than the RNN.
        """
        if self.penalty is None:
            return dict(gradients)
        recurrent = gradients["recurrent_kernel"] + self.strength * self._penalty_gradient(flow)
        return {**gradients, "recurrent_kernel": recurrent}

    def clipped(self, gradients: Mapping[str, Array]) -> dict[str, Array]:
        """Clip gradients by norm, then by value, where those remedies are on."""
        if self.max_norm is not None:
            gradients = clip_by_norm(gradients, self.max_norm)
        if self.limit is not None:
            gradients = clip_by_value(gradients, self.limit)
        return dict(gradients)

    def _penalty_gradient(self, flow: GradientFlow) -> Array:
        if self.penalty == "L1":
            return l1(flow.cell.recurrent_kernel)[1]
        if self.penalty == "L2":
            return l2(flow.cell.recurrent_kernel)[1]
        if self.penalty != "Ω":
            raise ValueError(f"no penalty is called {self.penalty!r}; there are {PENALTIES}")
        if not isinstance(flow.cell, RNNCell):
            raise ValueError("Ω is defined for the plain recurrent cell")
        return omega(flow.cell, flow.gradient)[1]
