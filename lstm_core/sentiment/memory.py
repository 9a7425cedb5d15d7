"""What one LSTM of the trained network still holds of each word, and what each word matters.

With c_t = f_t * c_(t-1) + i_t * g_t the cell state is exactly a sum over the words read:

    c_t = sum over s <= t of  f_t * f_(t-1) * ... * f_(s+1) * (i_s * g_s)

so that the share of word s in c_t is what was written at s, faded by every forget gate since. What
is held of a word therefore depends on how many words follow it. ``move_words`` tells the two apart:
it reads the text again with each word at other places. ``with_short_memory`` takes the memory away:
it reads the text with LSTMs that know the last few words alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.lstm import LSTMCell, LSTMTrace, projected
from lstm_core.cells.marching import march_kept
from lstm_core.gradients.bptt import WayBack
from lstm_core.sentiment.explanations import occlusion
from lstm_core.sentiment.network import SentimentNetwork
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
        weights: how much each unit counts for the verdict, adding up to 1, (units,).
    """

    held: Array
    matters: Array
    weights: Array

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
    matters = occlusion(reader.network, ids.astype(np.int32)).words.astype(float)
    turned = {"forward": matters, "backward": matters[::-1]}
    memories = {}
    for name, way in ways.items():
        weights = _weights(way)
        held = np.abs(shares_of_words(way.trace)) @ weights
        memories[name] = Memory(held, turned[name], weights)
    return memories


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
    weights = {name: one.weights for name, one in remember_both_ways(reader, ids, layer).items()}
    return move_words_both_ways(reader, ids, weights, layer, most)[direction]


def move_words_both_ways(
    reader: Reader,
    ids: NDArray[np.integer],
    weights: Mapping[str, Array],
    layer: int = 0,
    most: int = PLACES,
) -> dict[str, Moved]:
    """Read the moved texts once, and say of both LSTMs of a layer what ``move_words`` says.

    Args:
        reader: as for ``move_words``; so are the others.
        ids: of the words, (time,).
        weights: of the units, by direction, as ``Memory`` has them.
        layer: 0 or 1.
        most: so many places at most.
    """
    count, network = len(ids), reader.network
    parts = min(most, count)
    places = ((np.arange(parts) + 0.5) * count / parts).astype(np.intp)
    if layer == 0:
        vectors = network.embed(ids)
        ahead, back = network.cells(layer)
        left = {
            "forward": _left_of_moved(ahead, vectors, places),
            "backward": _left_of_moved(back, vectors[::-1], count - 1 - places)[::-1],
        }
    else:
        left = _left_of_moved_above(network, ids, places, layer)
    return {way: Moved(places, np.abs(left[way]) @ weights[way]) for way in left}


def _left_of_moved(cell: LSTMCell, vectors: Array, steps: NDArray[np.intp]) -> Array:
    """Compute what an LSTM's last cell state holds of each word if it is read at other steps.

    A text of which one word is read at step s is, before s, the text without that word, whatever s
    is. So the texts without one word are read once, and the readings with it go on from there.

    Args:
        cell: the LSTM, which reads word vectors.
        vectors: of the words, (time, features), in the order in which it reads.
        steps: that are tried, from 0, (places,).

    Returns:
        The share of the word in the last cell state, (time, places, units).
    """
    # Of each word, and of the words of each text without one, (..., 4, texts, units).
    z = np.moveaxis(projected([cell], [vectors[:, np.newaxis]])[:, :, 0, 0], 0, 1)
    earlier, later = np.moveaxis(z[:, :-1], 0, 1), np.moveaxis(z[:, 1:], 0, 1)
    is_before = np.arange(len(vectors) - 1)[:, np.newaxis] < np.arange(len(vectors))
    which = is_before[:, np.newaxis, :, np.newaxis]
    rest = np.where(which, earlier[:, :, np.newaxis], later[:, :, np.newaxis])
    kernels, start = [cell.recurrent_kernel], np.zeros((1, len(vectors), cell.units), z.dtype)
    states = [(start, start)]
    if last := int(steps.max()):
        # A march computes in the memory that it is given.
        before = march_kept(rest[:last, :, np.newaxis].copy(), kernels, start, start)
        states += zip(before.hidden_state, before.cell_state, strict=True)
    left = np.empty((len(vectors), len(steps), cell.units), z.dtype)
    for place, step in enumerate(steps):
        there = np.concatenate([z[np.newaxis], rest[step:]])[:, :, np.newaxis]
        march = march_kept(there, kernels, *states[step])
        written = march.input_gate[0] * march.candidate[0]
        left[:, place] = (written * march.forget_gate[1:].prod(axis=0))[0]
    return left


def _left_of_moved_above(
    network: SentimentNetwork, ids: NDArray[np.integer], places: NDArray[np.intp], layer: int
) -> dict[str, Array]:
    """Compute the same of both LSTMs of a layer above the first, whose inputs all change.

    Returns:
        By direction, (time, places, units).
    """
    words = np.arange(len(ids))
    orders = np.array(
        [np.insert(np.delete(words, word), place, word) for word in words for place in places]
    )
    at = np.tile(places, len(ids))
    steps = {"forward": at, "backward": len(ids) - 1 - at}
    left: dict[str, list[Array]] = {direction: [] for direction in steps}
    # Few texts at a time stay in the processor's cache.
    for begin in range(0, len(orders), TEXTS):
        some = slice(begin, begin + TEXTS)
        forget, written = network.gates_over_orders(ids, orders[some], layer)
        for place, (direction, found) in enumerate(left.items()):
            found.append(_left_of(forget[:, place], written[:, place], steps[direction][some]))
    return {
        direction: np.concatenate(found).reshape(len(ids), len(places), -1)
        for direction, found in left.items()
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
