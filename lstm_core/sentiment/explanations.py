"""How much each word, or phrase, moved the verdict, by the function that gives the verdict.

Everything here explains the logit, for the probability hardly moves where the network is sure.
Gradients come from ``SentimentNetwork.backward``, the way back through lstm_core's own cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.tokenizer import UNKNOWN_ID

Ids = NDArray[np.int32]
BUDGET = 48_000
"""About this many words are read in all by whatever reads a text many times over."""
WORDS_AT_ONCE = 1_600
"""Points of a path are read together up to about so many words, of some 30 kB each there and back."""
FEWEST_AT_ONCE = 4
"""Fewer points together take longer than one behind the other: products of two or three rows are slow."""
RANDOM_ORDERS = 5


@dataclass(frozen=True)
class Contributions:
    """What each word added to the logit, and how far the sum misses the whole.

    Attributes:
        words: one number a word, (time,); above 0 speaks for "positive".
        baseline_logit: the logit of as many unknown words, where the path starts.
        gap: logit - baseline_logit - sum of ``words``; 0 if the path were followed exactly.
        steps: points on the path at which the gradient was taken.
    """

    words: Array
    baseline_logit: float
    gap: float
    steps: int


def integrated_gradients(
    network: SentimentNetwork, vectors: Array, logit: float, steps: int = 32
) -> Contributions:
    """Share the logit out among the words, along the straight path from as many unknown words.

    contribution_t = (e_t - u) . integral over a in (0, 1) of d(logit)/d(e_t) at u + a (e_t - u), by
    the midpoint rule, where u is the vector of an unknown word. Sundararajan, Taly and Yan:
    Axiomatic Attribution for Deep Networks, 2017. A word that the network does not know adds
    exactly nothing. All-zero vectors would be no text at all: the path from them bends so much
    that far more points leave a far larger gap.

    Args:
        network: the one that gave the logit.
        vectors: the word vectors that it read, (time, features).
        logit: what it answered.
        steps: points of the midpoint rule; a few at a time are read as one batch.
    """
    unknown = network.embed(np.full(len(vectors), UNKNOWN_ID)).astype(vectors.dtype)
    places = (np.arange(steps, dtype=vectors.dtype) + 0.5) / steps
    at_once = WORDS_AT_ONCE // len(vectors)
    if at_once < FEWEST_AT_ONCE:
        at_once = 1
    way, slope = vectors - unknown, np.zeros_like(vectors)
    for start in range(0, steps, at_once):
        slope += network.slope_along(unknown, way, places[start : start + at_once])
    slope /= steps
    words = (way * slope).sum(axis=-1)
    baseline = float(network.answers(unknown)[0])
    return Contributions(words, baseline, float(logit - baseline - words.sum()), steps)


def gradient_times_input(network: SentimentNetwork, vectors: Array) -> Array:
    """Multiply each word's vector by the gradient at it: e_t . d(logit)/d(e_t), (time,).

    One way back, and no more than the slope at the text itself; the sum is not the logit, for the
    network is no linear function. Shrikumar et al.: Not Just a Black Box, 2016.
    """
    slope = network.slope_along(vectors, np.zeros_like(vectors), np.zeros(1))
    return np.asarray((vectors * slope).sum(axis=-1))


@dataclass(frozen=True)
class Occlusion:
    """What the logit loses with each word replaced by an unknown one.

    Attributes:
        words: z - z without the word, (time,); above 0 speaks for "positive".
        width: words that were replaced at a time; more than 1 in a long text, where the loss of a
            piece is shared evenly among its words.
    """

    words: Array
    width: int


def occlusion(network: SentimentNetwork, ids: Ids) -> Occlusion:
    """Replace each word by an unknown one in turn, and read the text anew each time.

    Zeiler and Fergus: Visualizing and Understanding Convolutional Networks, 2014. A long text is
    replaced in pieces of a few words, so that the time stays bounded.
    """
    width = max(1, -(-len(ids) * len(ids) // BUDGET))
    pieces = [np.arange(start, min(start + width, len(ids))) for start in range(0, len(ids), width)]
    lost = losses(network, ids, pieces)
    sizes = np.array([len(piece) for piece in pieces])
    return Occlusion(np.repeat(lost / sizes, sizes), width)


def losses(network: SentimentNetwork, ids: Ids, pieces: Sequence[NDArray[np.intp]]) -> Array:
    """Say what the logit loses with each piece of the text replaced by unknown words, (pieces,).

    Args:
        network: the trained network.
        ids: of the words, (time,).
        pieces: the places of each piece's words; a piece need not be in one part.
    """
    texts = [ids]
    for piece in pieces:
        texts.append(ids.copy())
        texts[-1][piece] = UNKNOWN_ID
    logits = network.read_many(texts).logit
    return np.asarray(logits[0] - logits[1:])


@dataclass(frozen=True)
class Phrase:
    """A phrase against its words: "not good" against "not" and "good".

    Attributes:
        start, end: places of its first word and behind its last one.
        together: what the logit loses with all its words unknown.
        apart: what it loses with each word alone unknown, (words,).
    """

    start: int
    end: int
    together: float
    apart: Array

    @property
    def interaction(self) -> float:
        """What the phrase says beyond its words: together - sum of apart."""
        return self.together - float(self.apart.sum())


def phrase(network: SentimentNetwork, ids: Ids, start: int, end: int) -> Phrase:
    """Weigh the words from place ``start`` to before ``end``, together and one by one.

    Raises:
        ValueError: if there is no such phrase in the text.
    """
    if not 0 <= start < end <= len(ids):
        raise ValueError(f"a text of {len(ids)} words has no phrase from {start} to {end}")
    places = np.arange(start, end)
    together, *apart = losses(network, ids, [places, *places[:, np.newaxis]])
    return Phrase(start, end, float(together), np.array(apart))


def pairs(network: SentimentNetwork, ids: Ids, words: Array, places: Sequence[int]) -> list[Phrase]:
    """Weigh pairs of neighbouring words against the two alone.

    Args:
        network: the trained network.
        ids: of the words, (time,).
        words: what the logit loses with each word alone unknown, (time,).
        places: of the first word of each pair.
    """
    both = losses(network, ids, [np.array([place, place + 1]) for place in places])
    return [
        Phrase(place, place + 2, float(together), words[place : place + 2])
        for place, together in zip(places, both, strict=True)
    ]


@dataclass(frozen=True)
class Faithfulness:
    """What becomes of the logit when words are deleted, those first that a method ranks first.

    Attributes:
        deleted: words deleted, (points,); the first is 0.
        ranked: the logit after deleting the highest ranked words, (points,) for each method.
        random: the same with words drawn at random, (orders, points).
        side: 1 if words that speak for "positive" were deleted, -1 for "negative".
    """

    deleted: NDArray[np.intp]
    ranked: dict[str, Array]
    random: Array
    side: float

    @property
    def advantage(self) -> dict[str, float]:
        """How much faster each method's words move the logit than random ones do.

        The mean, over the points, of the distance between the method's curve and the mean
        random one, towards the other side; above 0 is better than chance.
        """
        chance = self.random.mean(axis=0)
        return {
            name: float(self.side * (chance - curve)[1:].mean())
            for name, curve in self.ranked.items()
        }


def faithfulness(
    network: SentimentNetwork, ids: Ids, methods: dict[str, Array], side: float, seed: int = 0
) -> Faithfulness:
    """Delete words from the text, by each method's ranking and at random, and read what is left.

    The words go that speak most for the verdict. Samek et al.: Evaluating the Visualization of
    What a Deep Neural Network Has Learned, 2017; for words: Arras et al., 2017.

    Args:
        network: the trained network.
        ids: of the words, (time,); at least two.
        methods: contributions of the words by each method, (time,) each.
        side: above 0 if the verdict is "positive", whose speakers are deleted; below 0 otherwise.
        seed: of the random orders.
    """
    rng = np.random.default_rng(seed)
    orders = [np.argsort(-np.sign(side) * words, kind="stable") for words in methods.values()]
    orders += [rng.permutation(len(ids)) for _ in range(RANDOM_ORDERS)]
    points = int(np.clip(BUDGET // (len(ids) * len(orders)), 4, 11))
    most = max(1, min(len(ids) - 1, round(len(ids) / 2)))
    deleted = np.unique(np.linspace(0, most, points).round().astype(np.intp))
    texts = [np.delete(ids, order[:count]) for order in orders for count in deleted]
    curves = network.read_many(texts).logit.reshape(len(orders), len(deleted))
    return Faithfulness(
        deleted,
        dict(zip(methods, curves, strict=False)),
        curves[len(methods) :],
        1.0 if side >= 0 else -1.0,
    )
