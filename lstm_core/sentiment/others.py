"""Other readers of the same text: the lecture's three networks, a linear model, a word list."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import mark
from lstm_core.sentiment.baselines import LinearReader, WordList
from lstm_core.sentiment.lecture_models import LECTURE_MODELS, LectureReader
from lstm_core.sentiment.reader import ASSETS, Reader

OURS = mark("Ours: two Bi-LSTMs")
LINEAR = mark("Linear model of words and word pairs")
WORD_LIST = mark("VADER, a list of rated words")


class Scorer(Protocol):
    """Anything that gives texts a number from 0, negative, to 1, positive."""

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the number of each text, (texts,)."""


@dataclass(frozen=True)
class Opinion:
    """What one reader says of a text: of "positive", 0 to 1, and the seconds that it took."""

    name: str
    probability: float
    seconds: float


class _Ours:
    """Our own reader, with the numbers alone."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return self._reader.score(texts).probability


def loaders() -> dict[str, Callable[[], Scorer]]:
    """Name every reader, ours first, with what loads it."""
    lecture = {
        model.title: partial(LectureReader.load, model, ASSETS / "lecture")
        for model in LECTURE_MODELS
    }
    ours = {OURS: lambda: _Ours(Reader.load())}
    return {**ours, **lecture, LINEAR: LinearReader.load, WORD_LIST: WordList}


def load(reader: Reader) -> dict[str, Scorer]:
    """Load every other reader that is there, beside ours; VADER is an optional extra."""
    scorers: dict[str, Scorer] = {OURS: _Ours(reader)}
    for name, make in loaders().items():
        if name not in scorers:
            with contextlib.suppress(ImportError):
                scorers[name] = make()
    return scorers


def opinions(scorers: dict[str, Scorer], text: str) -> list[Opinion]:
    """Let every reader read a text, and time each."""
    answers = []
    for name, scorer in scorers.items():
        start = time.perf_counter()
        probability = float(scorer.score([text])[0])
        answers.append(Opinion(name, probability, time.perf_counter() - start))
    return answers
