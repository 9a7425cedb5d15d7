"""The lecture's own three networks, as its table lists them: trained again, and read on lstm_core.

    LSTM      words hashed to numbers ("one-hot")            15 epochs
    LSTM      words numbered by frequency (Keras' encoding)   3 epochs
    Bi-LSTM   the same, two bidirectional layers              2 epochs

Their faults are kept, because they are what the lecture is about: no held-back words, no mask (the
network reads the padding in front), and the last state alone decides.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.cells.layers import Bidirectional
from lstm_core.cells.lstm import LSTMCell
from lstm_core.messages import mark
from lstm_core.sentiment.reader import Marks
from lstm_core.sentiment.tokenizer import Token

Ids = NDArray[np.int32]

PADDING, START, UNKNOWN, FIRST_RANK = 0, 1, 2, 3
"""Keras' numbers: 0 padding, 1 start of a review, 2 unknown; words by frequency from 4."""
WORD = re.compile(r"[^\s!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~]+")
WORD_FILE = "ranked.txt"
BATCH = 128


@dataclass(frozen=True)
class LectureModel:
    """One row of the lecture's table; its title is marked for translation.

    ``hashed`` says how words become numbers: by a hash, where different words may share one, or by
    their rank. Reviews are cut to their last ``length`` words and padded in front, as Keras does.
    """

    slug: str
    title: str
    hashed: bool
    bidirectional: bool
    epochs: int
    words: int = 10_000
    length: int = 200
    features: int = 32
    units: int = 32
    learning_rate: float = 1e-3
    seed: int = 1


LECTURE_MODELS = (
    LectureModel("lstm-hashed", mark("LSTM, one-hot hashing"), True, False, 15),
    LectureModel("lstm-ranked", mark("LSTM, Keras' encoding"), False, False, 3),
    LectureModel("bilstm-ranked", mark("Bi-LSTM, Keras' encoding"), False, True, 2),
)


def tokens(text: str) -> list[Token]:
    """Split as Keras' own tokenizer does, at white space and punctuation; words in lower case."""
    return [Token(match[0].lower(), match.start(), match.end()) for match in WORD.finditer(text)]


def split(text: str) -> list[str]:
    """List the words of a text."""
    return [token.word for token in tokens(text)]


def encode(model: LectureModel, text: str, ranks: dict[str, int]) -> Ids:
    """Turn a text into the numbers that a lecture's network reads, (length,).

    Args:
        model: which network.
        text: the review.
        ranks: place of each frequent word, from 1; not used by hashing.
    """
    words = split(text)
    if model.hashed:
        ids = [1 + _hash(word) % (model.words - 1) for word in words]
    else:
        known = (ranks.get(word, 0) + FIRST_RANK for word in words)
        ids = [START, *(n if FIRST_RANK < n < model.words else UNKNOWN for n in known)]
    ids = ids[-model.length :]
    return np.array([PADDING] * (model.length - len(ids)) + ids, dtype=np.int32)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.md5(word.encode(), usedforsecurity=False).digest()[:8], "big")


@lru_cache(1)
def _ranks(file: Path) -> dict[str, int]:
    """Read the place of each frequent word, from 1; the networks of one folder share it."""
    words = file.read_text(encoding="utf-8").split()
    return {word: rank for rank, word in enumerate(words, start=1)}


class LectureReader:
    """One of the lecture's networks on lstm_core's cells: text in, probability out."""

    def __init__(
        self, model: LectureModel, weights: dict[str, NDArray[np.floating]], ranks: dict[str, int]
    ) -> None:
        """Put the network together from weights named as ``lecture_training.weights`` names them."""
        self.model = model
        self.ranks = ranks
        self.embedding = weights["embedding"]
        self.head_kernel, self.head_bias = weights["head_kernel"], weights["head_bias"]
        self.cells = [
            LSTMCell(
                *(weights[f"lstm_{i}_{name}"] for name in ("kernel", "recurrent_kernel", "bias"))
            )
            for i in range(4 if model.bidirectional else 1)
        ]

    @classmethod
    def load(cls, model: LectureModel, folder: Path) -> LectureReader:
        """Read what ``train_lecture_model`` wrote.

        Raises:
            OSError: if it is not there.
        """
        with np.load(folder / f"{model.slug}.npz") as stored:
            weights = {
                # A vector is widened when it is looked up.
                name: stored[name] if name == "embedding" else stored[name].astype(np.float32)
                for name in stored.files
            }
        return cls(model, weights, {} if model.hashed else _ranks(folder / WORD_FILE))

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the probability of "positive" of each text, (texts,)."""
        probabilities = np.zeros(len(texts))
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            ids = np.array([encode(self.model, text, self.ranks) for text in batch])
            probabilities[start : start + BATCH] = sigmoid(self.logits(ids))
        return probabilities

    def logits(self, ids: Ids) -> NDArray[np.float64]:
        """Return the logit of "positive" of texts as numbers, (texts, length) to (texts,)."""
        vectors = self.embedding[ids].astype(self.head_kernel.dtype, copy=False)
        answers = self._last_state(vectors) @ self.head_kernel + self.head_bias
        return np.asarray(answers[:, 0], dtype=np.float64)

    def marks(self, text: str) -> Marks:
        """Say what the network reads of a text, and what its logit loses without each word.

        A word is replaced by the number of unknown words; a hashing network knows of none, and
        reads padding instead.
        """
        every = tuple(tokens(text))
        ids = encode(self.model, text, self.ranks)
        places = np.flatnonzero((ids != PADDING) & (ids != START))
        nothing = PADDING if self.model.hashed else UNKNOWN
        without = np.tile(ids, (len(places) + 1, 1))
        without[np.arange(len(places)), places] = nothing
        logits = np.concatenate(
            [self.logits(without[i : i + BATCH]) for i in range(0, len(without), BATCH)]
        )
        read = np.arange(len(every)) >= len(every) - len(places)
        known = np.ones(len(every), dtype=np.bool_)
        known[read] = self.model.hashed | (ids[places] != UNKNOWN)
        return Marks(text, every, read, known, logits[-1] - logits[:-1])

    def _last_state(self, vectors: NDArray[np.float32]) -> NDArray[np.floating[Any]]:
        if not self.model.bidirectional:
            return self.cells[0].hidden_states(vectors)[:, -1]
        first, second = Bidirectional(*self.cells[:2]), Bidirectional(*self.cells[2:])
        # The backward cell comes to its end at the first word.
        ahead, back = np.split(second.hidden_states(first.hidden_states(vectors)), 2, axis=-1)
        return np.concatenate([ahead[:, -1], back[:, 0]], axis=1)
