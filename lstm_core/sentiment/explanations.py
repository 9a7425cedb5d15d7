"""How much each word moved the verdict, by the function that gives the verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import Array
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.tokenizer import UNKNOWN_ID


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
        steps: points of the midpoint rule; all are read as one batch.
    """
    unknown = network.embed(np.full(len(vectors), UNKNOWN_ID)).astype(vectors.dtype)
    places = (np.arange(steps, dtype=vectors.dtype) + 0.5) / steps
    trace = network.run(unknown + places[:, np.newaxis, np.newaxis] * (vectors - unknown))
    slope = network.backward(trace).inputs.mean(axis=0)
    words = ((vectors - unknown) * slope).sum(axis=-1)
    baseline = float(network.answers(unknown)[0])
    return Contributions(words, baseline, float(logit - baseline - words.sum()), steps)
