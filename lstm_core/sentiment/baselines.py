"""What people would otherwise use: a linear model of words and word pairs, and a word list.

The linear model is trained in ``baseline_training.py`` and read here with NumPy; the word list is
VADER (Hutto and Gilbert, 2014), an optional extra: ``pip install -r requirements-baselines.txt``.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.word_table import WordTable

Floats = NDArray[np.float64]

WORD = re.compile(r"\w\w+")
FOLDER = ASSETS / "baselines"


def word_pairs(text: str) -> list[str]:
    """List the words of two letters and more, in lower case, and every two in a row."""
    words = WORD.findall(text.lower())
    return words + [f"{one} {two}" for one, two in itertools.pairwise(words)]


class LinearReader:
    """Logistic regression on words and word pairs, each weighed by how rare it is.

    A feature's value is (1 + log count) times its inverse document frequency, and every text is
    scaled to unit length; the logit is their weighted sum.
    """

    def __init__(
        self, features: Sequence[str], rarity: Floats, weights: Floats, bias: float
    ) -> None:
        """Join features with their inverse document frequencies and weights, (features,) each."""
        self.places = WordTable(features)
        self.rarity, self.weights, self.bias = rarity, weights, bias

    @classmethod
    def load(cls, folder: Path = FOLDER) -> LinearReader:
        """Read what ``train_linear`` wrote.

        Raises:
            OSError: if it is not there.
        """
        features = (folder / "linear.txt").read_text(encoding="utf-8").split("\n")[:-1]
        with np.load(folder / "linear.npz") as stored:
            return cls(features, stored["rarity"], stored["weights"], float(stored["bias"]))

    def contributions(self, text: str) -> dict[str, float]:
        """Return what each feature of a text adds to the logit; without the bias."""
        counts = Counter(word_pairs(text))
        known = {f: place for f in counts if (place := self.places.place(f)) is not None}
        if not known:
            return {}
        places, often = np.array(list(known.values())), [counts[feature] for feature in known]
        values = (1.0 + np.log(often)) * self.rarity[places]
        shares = values / np.sqrt((values**2).sum()) * self.weights[places]
        return dict(zip(known, shares.tolist(), strict=True))

    def score(self, texts: Sequence[str]) -> Floats:
        """Return the probability of "positive" of each text, (texts,)."""
        logits = [self.bias + sum(self.contributions(text).values()) for text in texts]
        return np.asarray(sigmoid(np.array(logits, dtype=np.float64)))


class WordList:
    """VADER: a list of rated words and a few rules for negation, emphasis and "but"."""

    def __init__(self) -> None:
        """Load the word list.

        Raises:
            ImportError: if the optional extra is not installed.
        """
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self._analyzer = SentimentIntensityAnalyzer()

    def score(self, texts: Sequence[str]) -> Floats:
        """Return VADER's compound score of each text, moved from (-1, 1) to (0, 1), (texts,).

        It is no probability; above one half is what VADER takes for positive.
        """
        compound = [self._analyzer.polarity_scores(text)["compound"] for text in texts]
        return np.array(compound, dtype=np.float64) / 2 + 0.5
