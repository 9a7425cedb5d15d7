"""How the verdict came about: the network reads the first word, the first two, and so on.

A bidirectional network has no state "after word k" of its own: its backward half begins at the
end. So it reads every beginning of the text anew, as if the text ended there, from both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.tokenizer import UNKNOWN_ID

BUDGET = 24_000
"""About this many words are read in all, to bound the time."""


@dataclass(frozen=True)
class Prefixes:
    """The verdict on every beginning of a text that was read, (beginnings,) each.

    Attributes:
        lengths: words in each beginning; the last one is the whole text.
        logit: of "positive", before calibration.
        stars: 1 to 10.
        forward: how far the forward half moves the logit, counted from what it says of as many
            unknown words as the text has.
        backward: the same for the backward half. Both add up to the logit's distance from that
            of the unknown words.
    """

    lengths: NDArray[np.intp]
    logit: NDArray[np.float64]
    stars: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]

    @property
    def stride(self) -> int:
        """After so many words each the text is read anew; 1 if after every word."""
        return int(np.diff(self.lengths).max(initial=1))


def read_prefixes(network: SentimentNetwork, ids: NDArray[np.int32]) -> Prefixes:
    """Read the beginnings of a text: all of a short one, evenly spaced ones of a long one.

    Args:
        network: the trained network.
        ids: of the words, (time,).

    Raises:
        ValueError: if there is no word.
    """
    if not len(ids):
        raise ValueError("there is nothing to read: the text has no word")
    lengths = which_lengths(len(ids))
    nothing = np.full(len(ids), UNKNOWN_ID, dtype=np.int32)
    answers = network.read_many([*(ids[:length] for length in lengths), nothing])
    return Prefixes(
        lengths,
        answers.logit[:-1],
        answers.stars[:-1],
        answers.forward[:-1] - answers.forward[-1],
        answers.backward[:-1] - answers.backward[-1],
    )


def which_lengths(words: int) -> NDArray[np.intp]:
    """Choose the beginnings of a text of so many words; the last is the whole text."""
    stride = max(1, -(-words * words // (2 * BUDGET)))
    return np.arange(words, 0, -stride, dtype=np.intp)[::-1]
