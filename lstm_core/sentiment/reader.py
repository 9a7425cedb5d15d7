"""Read a review: text in; verdict, probability, words and all that the network computed out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.calibration import Calibration, Verdict, verdict
from lstm_core.sentiment.explanations import Contributions, integrated_gradients
from lstm_core.sentiment.network import SentimentNetwork, SentimentTrace
from lstm_core.sentiment.preprocessing import (
    LONGEST,
    Preprocessed,
    Preprocessor,
    which_are_read,
)
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, Token, Vocabulary, tokenize

__all__ = ["LONGEST", "Reader", "Reading", "Scores", "which_are_read"]

ASSETS = Path(__file__).parents[2] / "assets" / "sentiment"
LONGEST_TEXT = 200_000
"""Characters of one review; the app reads no longer one."""
# About this many words are read in all while contributions are computed, to bound the time.
EXPLAINING_BUDGET = 1_600


@dataclass(frozen=True)
class Marks:
    """A text with a number for each word of it that was read: what a coloured text shows.

    Attributes:
        text: as it came.
        tokens: every token of it.
        read: whether each token was read.
        known: whether each token is known to the reader.
        shares: one number for each token that was read: its share in the verdict.
        read_as: the places of tokens that were read as another word than the text has.
    """

    text: str
    tokens: tuple[Token, ...]
    read: NDArray[np.bool_]
    known: NDArray[np.bool_]
    shares: NDArray[np.floating[Any]]
    read_as: Collection[int] = ()


@dataclass(frozen=True)
class Reading:
    """One review as the network read it.

    Attributes:
        text: the review, as it came.
        tokens: every token of it, with the word as which it was read.
        ids: of the words that it read, (time,).
        read: whether the network read each token; False where a long text was cut.
        known: whether the network knows each token; unknown ones share one vector.
        probability: of "positive", from 0 to 1, calibrated.
        calibration: how the logit became the probability.
        trace: all that the network computed over the tokens that it read.
        network: that read it.
        written: of each token that was read as another word, by its place, the word that the text
            has.
        refused: why the text is no review that can be read; "" if it may be one.
        kept: words of it that were to be read as they are written, in order.
    """

    text: str
    tokens: tuple[Token, ...]
    ids: NDArray[np.int32]
    read: NDArray[np.bool_]
    known: NDArray[np.bool_]
    probability: float
    calibration: Calibration
    trace: SentimentTrace
    network: SentimentNetwork = field(repr=False)
    written: Mapping[int, str]
    refused: str
    kept: tuple[str, ...] = ()

    @cached_property
    def contributions(self) -> Contributions:
        """What each token that it read added to the logit.

        This takes many times as long as the reading, and is computed when somebody asks first.
        """
        vectors = self.network.embed(self.ids)
        steps = int(np.clip(EXPLAINING_BUDGET // len(vectors), 4, 16))
        return integrated_gradients(self.network, vectors, float(self.trace.logit), steps)

    @property
    def tokens_read(self) -> tuple[Token, ...]:
        """The tokens that the network read, one for each contribution."""
        return tuple(token for token, read in zip(self.tokens, self.read, strict=True) if read)

    def marks(self, shares: NDArray[np.floating[Any]] | None = None) -> Marks:
        """Mark the words that were read with numbers; with their contributions if None."""
        shares = self.contributions.words if shares is None else shares
        return Marks(self.text, self.tokens, self.read, self.known, shares, self.written.keys())

    @property
    def read_as(self) -> dict[str, str]:
        """What was read as what: words that the text has, with those that were read, in order."""
        return {word: self.tokens[place].word for place, word in self.written.items()}

    @property
    def known_share(self) -> float:
        """The share of the words it read that the network knows."""
        return float(self.known[self.read].mean())

    @property
    def stars(self) -> float:
        """The stars, 1 to 10, that the writer is thought to have given."""
        return float(self.trace.stars)

    @property
    def verdict(self) -> Verdict:
        """The reading in words: a side, or that none is taken."""
        return verdict(self.probability, self.refused)


@dataclass(frozen=True)
class Scores:
    """What the network thinks of many texts, one row a text; NaN where a text has no word.

    Attributes:
        logit: the log-odds of "positive" before calibration, (texts,).
        probability: of "positive", calibrated, (texts,).
        stars: 1 to 10, (texts,).
        known_share: of the words that were read, the share that the network knows, (texts,).
        refused: of each text, why it is no review that can be read; "" if it may be one.
        read_as: of each text, what was read as what, as ``Reading.read_as`` has it.
    """

    logit: NDArray[np.float64]
    probability: NDArray[np.float64]
    stars: NDArray[np.float64]
    known_share: NDArray[np.float64]
    refused: Sequence[str] = ()
    read_as: Sequence[dict[str, str]] = field(default_factory=list)


class Reader:
    """A vocabulary and a network that were trained together, and how sure the network may be."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        network: SentimentNetwork,
        calibration: Calibration | None = None,
    ) -> None:
        """Join them; without a calibration the probability is the network's own.

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
        self.calibration = calibration or Calibration()
        self.preprocess = Preprocessor(vocabulary)

    @classmethod
    def load(cls, folder: Path = ASSETS) -> Reader:
        """Read what training wrote into a folder: network, vocabulary and calibration."""
        vocabulary = Vocabulary.load(folder / "vocabulary.txt")
        network = SentimentNetwork.load(folder / "network.npz")
        return cls(vocabulary, network, Calibration.load(folder))

    def ids(self, text: str, kept: Collection[str] = ()) -> NDArray[np.int32]:
        """Turn a text into the word ids that the network reads, cut where it is too long.

        None are read of a text without any word. Words of ``kept`` are read as they are written.
        """
        return _cut(self.preprocess(text, kept))

    def read(self, text: str, kept: Collection[str] = ()) -> Reading | None:
        """Read one review; None if there is no word in it.

        Args:
            text: the review.
            kept: words that are to be read as they are written, also where they are unknown.
        """
        prepared = self.preprocess(text, kept)
        if not has_word(prepared.words):
            return None
        tokens = tuple(
            token if token.word == word else replace(token, word=word)
            for token, word in zip(tokenize(text), prepared.words, strict=True)
        )
        ids = prepared.ids
        read = which_are_read(len(ids))
        trace = self.network.run(self.network.embed(ids[read]))
        return Reading(
            text=text,
            tokens=tokens,
            ids=ids[read],
            read=read,
            known=ids != UNKNOWN_ID,
            probability=float(self.calibration.probability(trace.logit)),
            calibration=self.calibration,
            trace=trace,
            network=self.network,
            written=prepared.written,
            refused=prepared.refused,
            kept=tuple(sorted(kept)),
        )

    def score(self, texts: Sequence[str]) -> Scores:
        """Read many texts; rows of similar length together, so that little padding is computed."""
        prepared = [self.preprocess(text) for text in texts]
        scores = self.score_ids([_cut(one) for one in prepared])
        return replace(
            scores,
            refused=[one.refused for one in prepared],
            read_as=[one.read_as for one in prepared],
        )

    def score_ids(self, rows: Sequence[NDArray[np.int32]]) -> Scores:
        """Do the same for texts that are word ids already."""
        answers = self.network.read_many(rows)
        known = [(row != UNKNOWN_ID).mean() if len(row) else np.nan for row in rows]
        probability = self.calibration.probability(answers.logit)
        return Scores(
            answers.logit,
            probability,
            answers.stars,
            np.array(known, dtype=np.float64),
            [""] * len(rows),
            [{} for _ in rows],
        )


def has_word(words: Sequence[str]) -> bool:
    """Tell whether any word has a letter or a digit; marks and smileys alone are no review."""
    return any(character.isalnum() for word in words for character in word)


def _cut(prepared: Preprocessed) -> NDArray[np.int32]:
    """Return the ids of the words that are read; none of a text without any word."""
    if not has_word(prepared.words):
        return np.zeros(0, dtype=np.int32)
    ids = prepared.ids
    return ids if len(ids) <= LONGEST else ids[which_are_read(len(ids))]


@lru_cache(maxsize=16)
def measured(folder: Path = ASSETS, name: str = "results.json") -> dict[str, Any]:
    """Read the shipped network's measured results, as ``evaluate`` wrote them; leave them unchanged."""
    results: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return results


def failures(folder: Path = ASSETS) -> dict[str, Any]:
    """Read where the shipped network is wrong, as ``evaluate`` wrote it."""
    return measured(folder, "failures.json")
