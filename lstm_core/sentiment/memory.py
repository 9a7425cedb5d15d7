"""What one LSTM of the trained network still holds of each word, and what each word matters.

With c_t = f_t * c_(t-1) + i_t * g_t the cell state is exactly a sum over the words read:

    c_t = sum over s <= t of  f_t * f_(t-1) * ... * f_(s+1) * (i_s * g_s)

so that the share of word s in c_t is what was written at s, faded by every forget gate since. What
is held of a word therefore depends on how many words follow it. ``move_words`` tells the two apart:
it reads the text again with each word at other places. ``with_short_memory`` takes the memory away:
it reads the text with LSTMs that know the last few words alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.gradients.bptt import WayBack
from lstm_core.sentiment.explanations import occlusion
from lstm_core.sentiment.reader import Reader

PLACES = 16
"""At so many places, spread evenly over the text, a word is tried."""
TEXTS = 64
"""So many texts are read at once."""


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


@dataclass(frozen=True)
class Moved:
    """What one LSTM holds at its end of each word if that word stands elsewhere in the text.

    Attributes:
        places: the places that were tried, counted from 0 in the order of the text, (places,).
        held: what is held of each word at each of them, (time, places); measured as in ``Memory``,
            with the units weighted as for the text as it is.
    """

    places: NDArray[np.intp]
    held: Array

    @property
    def by_word(self) -> Array:
        """What is held of each word, averaged over the places, (time,)."""
        return np.asarray(self.held.mean(axis=1))

    @property
    def by_place(self) -> Array:
        """What is held at each place in the text, averaged over the words, (time,).

        Between the places that were tried it is interpolated.
        """
        steps = np.arange(len(self.held))
        return np.asarray(np.interp(steps, self.places, self.held.mean(axis=0)))


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
    return remember_both_ways(reader, ids, layer)[direction]


def remember_both_ways(
    reader: Reader, ids: NDArray[np.integer], layer: int = 0
) -> dict[str, Memory]:
    """Read a text once, and say of both LSTMs of a layer, by direction, what ``remember`` says."""
    network = reader.network.doubled
    ways = network.ways_back(network.embed(ids), layer)
    matters = occlusion(network, ids.astype(np.int32)).words
    turned = {"forward": matters, "backward": matters[::-1]}
    return {name: Memory(_held(way), turned[name]) for name, way in ways.items()}


def _held(way: WayBack) -> Array:
    return np.asarray(np.abs(shares_of_words(way.trace)) @ _weights(way))


def _weights(way: WayBack) -> Array:
    """Say how much each unit counts for the verdict, adding up to 1, (units,)."""
    return np.asarray(way.importance / (way.importance.sum() or 1.0))


def move_words(
    reader: Reader,
    ids: NDArray[np.integer],
    layer: int = 0,
    direction: str = "forward",
    most: int = PLACES,
) -> Moved:
    """Read a text with each word at other places, the order of the others unchanged.

    Args:
        reader: the trained network; it reads in single precision here.
        ids: of the words, (time,), in the order of the text.
        layer: 0 or 1.
        direction: "forward" or "backward".
        most: so many places at most, the middles of as many equal parts of the text.
    """
    return move_words_both_ways(reader, ids, layer, most)[direction]


def move_words_both_ways(
    reader: Reader, ids: NDArray[np.integer], layer: int = 0, most: int = PLACES
) -> dict[str, Moved]:
    """Read the moved texts once, and say of both LSTMs of a layer what ``move_words`` says."""
    count, doubled = len(ids), reader.network.doubled
    ways = doubled.ways_back(doubled.embed(ids), layer)
    parts = min(most, count)
    places = ((np.arange(parts) + 0.5) * count / parts).astype(np.intp)
    words = np.arange(count)
    orders = np.array(
        [np.insert(np.delete(words, word), place, word) for word in words for place in places]
    )
    at = np.tile(places, count)
    steps = {"forward": at, "backward": count - 1 - at}
    held: dict[str, list[Array]] = {direction: [] for direction in ways}
    # Few texts at a time stay in the processor's cache.
    for begin in range(0, len(orders), TEXTS):
        texts = slice(begin, begin + TEXTS)
        forget, written = reader.network.gates_over_orders(ids, orders[texts], layer)
        for place, (direction, way) in enumerate(ways.items()):
            left = _left_of(forget[:, place], written[:, place], steps[direction][texts])
            held[direction].append(np.abs(left) @ _weights(way))
    return {
        direction: Moved(places, np.concatenate(found).reshape(count, len(places)))
        for direction, found in held.items()
    }


def _left_of(forget: Array, written: Array, at: NDArray[np.intp]) -> Array:
    """Compute the share in the last cell state of one step of each text, (texts, units).

    Args:
        forget: f_t, (time, texts, units).
        written: i_t * g_t, the same shape.
        at: the step of each text, (texts,).
    """
    later, left = np.ones_like(forget[0]), np.empty_like(forget[0])
    for t in reversed(range(len(forget))):
        here = at == t
        left[here] = later[here] * written[t, here]
        later *= forget[t]
    return np.asarray(left)


SPANS = (1, 2, 3, 5, 8, 12, 20, 30, 45)
"""So many words an LSTM of short memory knows, counted with the one that it reads."""
NEARLY = 0.85
"""Spans of this share of a text or more are as good as the whole of it, and are not tried."""


@dataclass(frozen=True)
class ShortMemory:
    """What the network says of a text if each of its LSTMs knows the last few words alone.

    Attributes:
        spans: so many words each LSTM knows; the last one is the whole text, (spans,).
        logit: of the text, read so, (spans,).
    """

    spans: NDArray[np.intp]
    logit: Array


def with_short_memory(
    reader: Reader, ids: NDArray[np.integer], spans: Sequence[int] = SPANS
) -> ShortMemory:
    """Read a text with LSTMs that begin anew, from an empty state, a few words before each word.

    With a span of 1 nothing is remembered: every word is read alone.

    Args:
        reader: the trained network; it reads in single precision here.
        ids: of the words, (time,), in the order of the text.
        spans: so many words each LSTM knows.
    """
    tried = [*(span for span in spans if span < NEARLY * len(ids)), len(ids)]
    network, logits = reader.network, []
    for span in tried:
        hidden = network.embed(ids)
        for layer in network.layers.layers:
            ahead, back = (getattr(layer, f"{way}_cell") for way in ("forward", "backward"))
            hidden = np.concatenate(
                [_begun_anew(ahead, hidden, span), _begun_anew(back, hidden[::-1], span)[::-1]],
                axis=-1,
            )
        logits.append(float(network.answer_from(hidden)[0]))
    return ShortMemory(np.array(tried), np.array(logits))


def _begun_anew(cell: Cell, inputs: Array, span: int) -> Array:
    """Compute each step's hidden state from the last ``span`` inputs alone, (time, units)."""
    first = cell.hidden_states(inputs[:span])
    if span >= len(inputs):
        return first
    windows = np.lib.stride_tricks.sliding_window_view(inputs[1:], span, axis=0)
    later = cell.hidden_states(np.moveaxis(windows, -1, 1))[:, -1]
    return np.concatenate([first, later])


def explained(held: Array) -> tuple[float, float]:
    """Share out the differences in what is held: to the place alone, and to the word alone.

    This is the two-way analysis of variance; the rest is due to the two together.

    Args:
        held: of each word at each place, (time, places).

    Returns:
        The two shares of the variance, each from 0 to 1; 0 where there is no difference.
    """
    whole = float(held.var())
    if whole == 0.0:
        return 0.0, 0.0
    return float(held.mean(axis=0).var()) / whole, float(held.mean(axis=1).var()) / whole


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
