"""The logit of the trained network, shared out exactly between its two reading directions.

The logit is linear in what the second layer shows: z = b + sum over units of w_max max_t h_t +
w_mean mean_t h_t. Each unit belongs to one direction; the mean gives every word its share, and the
maximum goes to the word at which it is reached. So the shares of all words and b add up to z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.network import SentimentNetwork, SentimentTrace
from lstm_core.sentiment.tokenizer import UNKNOWN_ID


@dataclass(frozen=True)
class Halves:
    """What each direction adds to the logit.

    Attributes:
        forward: share of each word, (time,); the state there has read all words up to it.
        backward: share of each word, (time,); the state there has read all words from the end.
        bias: b of the head.
        logit: z, which is ``bias`` plus all shares.
        unknown: sum of the forward and of the backward shares of as many unknown words.
    """

    forward: Array
    backward: Array
    bias: float
    logit: float
    unknown: tuple[float, float]

    @property
    def moved(self) -> tuple[float, float]:
        """How far each direction moved the logit from a text of as many unknown words."""
        return (
            float(self.forward.sum()) - self.unknown[0],
            float(self.backward.sum()) - self.unknown[1],
        )

    @property
    def decided(self) -> str:
        """The direction that moved the logit further towards its side."""
        side = 1.0 if sum(self.moved) >= 0 else -1.0
        return "forward" if side * self.moved[0] >= side * self.moved[1] else "backward"


def halves(network: SentimentNetwork, ids: NDArray[np.integer]) -> Halves:
    """Read a text and share its logit out.

    Args:
        network: the trained network.
        ids: of the words, (time,).

    Raises:
        ValueError: if there is no word.
    """
    trace = network.run(network.embed(ids))
    forward, backward = _shares(network, trace)
    nothing = network.run(network.embed(np.full(len(ids), UNKNOWN_ID)))
    unknown = tuple(float(share.sum()) for share in _shares(network, nothing))
    return Halves(
        forward,
        backward,
        float(network.head_bias[0]),
        float(trace.logit),
        (unknown[0], unknown[1]),
    )


def _shares(network: SentimentNetwork, trace: SentimentTrace) -> tuple[Array, Array]:
    hidden = trace.layers.hidden_state
    steps, both = hidden.shape
    of_largest, of_mean = np.split(network.head_kernel[:, 0].astype(hidden.dtype), 2)
    shares = hidden * of_mean / steps
    units = np.arange(both)
    shares[trace.largest_at, units] += of_largest * hidden[trace.largest_at, units]
    forward, backward = np.split(shares, 2, axis=-1)
    return forward.sum(axis=-1), backward.sum(axis=-1)
