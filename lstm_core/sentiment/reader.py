"""Read a review: text in; verdict, probability, words and all that the network computed out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.activations import sigmoid
from lstm_core.sentiment.explanations import Contributions, integrated_gradients
from lstm_core.sentiment.network import SentimentNetwork, SentimentTrace
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, Token, Vocabulary, pad, tokenize

ASSETS = Path(__file__).parents[2] / "assets" / "sentiment"
LONGEST = 2_000
BATCH = 64
# About this many words are read in all while contributions are computed, to bound the time.
EXPLAINING_BUDGET = 3_200


@dataclass(frozen=True)
class Reading:
    """One review as the network read it.

    Attributes:
        text: the review, as it came.
        tokens: every token of it.
        read: whether the network read each token; False where a long text was cut.
        known: whether the network knows each token; unknown ones share one vector.
        probability: of "positive", from 0 to 1.
        trace: all that the network computed over the tokens that it read.
        contributions: what each token that it read added to the logit.
    """

    text: str
    tokens: tuple[Token, ...]
    read: NDArray[np.bool_]
    known: NDArray[np.bool_]
    probability: float
    trace: SentimentTrace
    contributions: Contributions

    @property
    def tokens_read(self) -> tuple[Token, ...]:
        """The tokens that the network read, one for each contribution."""
        return tuple(token for token, read in zip(self.tokens, self.read, strict=True) if read)

    @property
    def verdict(self) -> str:
        """The side of one half on which the probability lies."""
        return verdict(self.probability)


def verdict(probability: float) -> str:
    """Return "positive" from one half upwards, else "negative"."""
    return "positive" if probability >= 0.5 else "negative"


class Reader:
    """A vocabulary and a network that were trained together."""

    def __init__(self, vocabulary: Vocabulary, network: SentimentNetwork) -> None:
        """Join the two.

        Raises:
            ValueError: if the embedding has not one row for each word.
        """
        if len(vocabulary) != len(network.embedding):
            raise ValueError(
                f"the vocabulary has {len(vocabulary)} ids, "
                f"the embedding {len(network.embedding)} rows"
            )
        self.vocabulary = vocabulary
        self.network = network

    @classmethod
    def load(cls, folder: Path = ASSETS) -> Reader:
        """Read a trained network and its vocabulary from the folder that training wrote."""
        vocabulary = Vocabulary.load(folder / "vocabulary.txt")
        return cls(vocabulary, SentimentNetwork.load(folder / "network.npz"))

    def ids(self, text: str) -> NDArray[np.int32]:
        """Turn a text into the word ids that the network reads, cut where it is too long.

        None are read of a text without any word.
        """
        tokens = tokenize(text)
        if not has_word(tokens):
            return np.zeros(0, dtype=np.int32)
        ids = self.vocabulary.ids(token.word for token in tokens)
        return ids[which_are_read(len(ids))]

    def read(self, text: str) -> Reading | None:
        """Read one review; None if there is no word in it."""
        tokens = tuple(tokenize(text))
        if not has_word(tokens):
            return None
        ids = self.vocabulary.ids(token.word for token in tokens)
        read = which_are_read(len(ids))
        vectors = self.network.embed(ids[read])
        trace = self.network.run(vectors)
        steps = int(np.clip(EXPLAINING_BUDGET // len(vectors), 4, 32))
        contributions = integrated_gradients(self.network, vectors, float(trace.logit), steps)
        probability = float(sigmoid(np.asarray(trace.logit, np.float64)))
        return Reading(text, tokens, read, ids != UNKNOWN_ID, probability, trace, contributions)

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Compute the probability of "positive" for many texts.

        Rows of similar length are read together, so that little padding is computed.

        Returns:
            One number a text, (texts,); NaN where a text has no word.
        """
        return self.score_ids([self.ids(text) for text in texts])

    def score_ids(self, rows: Sequence[NDArray[np.int32]]) -> NDArray[np.float64]:
        """Do the same for texts that are word ids already."""
        lengths = np.array([len(row) for row in rows], dtype=np.intp)
        probabilities = np.full(len(rows), np.nan)
        order = np.argsort(lengths, kind="stable")
        order = order[lengths[order] > 0]
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            ids = pad([rows[row] for row in batch])
            trace = self.network.run(self.network.embed(ids), lengths[batch])
            probabilities[batch] = sigmoid(trace.logit.astype(np.float64))
        return probabilities


def has_word(tokens: Sequence[Token]) -> bool:
    """Tell whether any token has a letter or a digit; marks and emoji alone are no review."""
    return any(character.isalnum() for token in tokens for character in token.word)


def which_are_read(count: int) -> NDArray[np.bool_]:
    """Choose the tokens to read of a text that may be too long: the first and the last ones.

    Up to ``LONGEST`` tokens are all read. Of more, the first quarter of ``LONGEST`` and the last
    three quarters are: verdicts stand at the end of a review.
    """
    read = np.ones(count, dtype=np.bool_)
    if count > LONGEST:
        head = LONGEST // 4
        read[head : count - (LONGEST - head)] = False
    return read


def measured(folder: Path = ASSETS) -> dict[str, Any]:
    """Read the shipped network's measured results, as ``evaluate`` wrote them."""
    results: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return results
