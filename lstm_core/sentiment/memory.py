"""What one LSTM of the trained network still holds of each word, and what each word matters.

With c_t = f_t * c_(t-1) + i_t * g_t the cell state is exactly a sum over the words read:

    c_t = sum over s <= t of  f_t * f_(t-1) * ... * f_(s+1) * (i_s * g_s)

so that the share of word s in c_t is what was written at s, faded by every forget gate since.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.gradients.bptt import WayBack
from lstm_core.sentiment.explanations import occlusion
from lstm_core.sentiment.reader import Reader


@dataclass(frozen=True)
class Memory:
    """What is held of each word while the text is read, in the order in which it is read.

    Attributes:
        held: what step t still holds of the word read at step s, (t, s); 0 where s > t. It is the
            sum over the units of the size of the word's share, each unit weighted by how much it
            counts for the verdict (``WayBack.importance``, adding up to 1).
        matters: change of the logit by the word: z - z with an unknown word in its place, (time,).
    """

    held: Array
    matters: Array

    @property
    def at_the_end(self) -> Array:
        """What the last step holds of each word, (time,)."""
        return np.asarray(self.held[-1])

    @property
    def survived(self) -> Array:
        """Of what was written at each word, the part that the last step holds, (time,)."""
        written = np.diagonal(self.held)
        return np.divide(self.at_the_end, written, out=np.zeros_like(written), where=written > 0)


def shares_of_words(trace: LSTMTrace) -> Array:
    """Compute the share of every word in every cell state, (t, s, units); 0 where s > t.

    Summed over s it is the cell state, if the run began with an empty one.
    """
    steps, units = trace.cell_state.shape
    shares = np.zeros((steps, steps, units))
    for t in range(steps):
        if t:
            shares[t] = shares[t - 1] * trace.forget_gate[t]
        shares[t, t] = trace.written[t]
    return shares


def remember(
    reader: Reader, ids: NDArray[np.integer], layer: int = 0, direction: str = "forward"
) -> Memory:
    """Read a text, and say what one LSTM holds of each word and what each word matters.

    Args:
        reader: the trained network.
        ids: of the words, (time,), in the order of the text.
        layer: 0 or 1.
        direction: "forward" or "backward"; backward reads the last word first, and all that is
            returned is then in that order.
    """
    network = reader.network.doubled
    way = network.way_back(network.embed(ids), layer, direction)
    matters = occlusion(network, ids.astype(np.int32)).words
    if direction == "backward":
        matters = matters[::-1]
    return Memory(_held(way), matters)


def _held(way: WayBack) -> Array:
    weight = way.importance / (way.importance.sum() or 1.0)
    return np.asarray(np.abs(shares_of_words(way.trace)) @ weight)


def rank_correlation(first: Array, second: Array) -> float:
    """Compute Spearman's rank correlation; 0 where either has nothing to rank."""
    ranks = [_ranks(values) for values in (first, second)]
    if len(first) < 2 or any(float(one.max() - one.min()) == 0.0 for one in ranks):
        return 0.0
    return float(np.corrcoef(np.array(ranks))[0, 1])


def _ranks(values: Array) -> Array:
    """Rank values from 0, ties sharing their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1
    return np.asarray((last - (counts - 1) / 2)[places])
