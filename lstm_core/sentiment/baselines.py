"""What people would otherwise use: a linear model of words and word pairs, and a word list.

The linear model is learned with scikit-learn and read here with NumPy; the word list is VADER
(Hutto and Gilbert, 2014), an optional extra: ``pip install -r requirements-baselines.txt``.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.activations import sigmoid
from lstm_core.sentiment.archive import read_reviews
from lstm_core.sentiment.evaluation import labels_and_stars, measures, write_json
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.versions import versions

Tell = Callable[[str], None]
Floats = NDArray[np.float64]

WORD = re.compile(r"\w\w+")
FOLDER = ASSETS / "baselines"
FEATURES = 50_000
STRENGTHS = (1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the L2 penalty; the best on the development reviews is kept."""


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
        self.places = {feature: place for place, feature in enumerate(features)}
        self.rarity, self.weights, self.bias = rarity, weights, bias

    @classmethod
    def load(cls, folder: Path = FOLDER) -> LinearReader:
        """Read what ``train_linear`` wrote.

        Raises:
            OSError: if it is not there.
        """
        features = (folder / "linear.txt").read_text(encoding="utf-8").split("\n")[:-1]
        with np.load(folder / "linear.npz") as stored:
            rarity, weights = (stored[name].astype(np.float64) for name in ("rarity", "weights"))
            return cls(features, rarity, weights, float(stored["bias"]))

    def contributions(self, text: str) -> dict[str, float]:
        """Return what each feature of a text adds to the logit; without the bias."""
        counts = Counter(f for f in word_pairs(text) if f in self.places)
        if not counts:
            return {}
        places = np.array([self.places[feature] for feature in counts])
        values = (1.0 + np.log(list(counts.values()))) * self.rarity[places]
        shares = values / np.sqrt((values**2).sum()) * self.weights[places]
        return dict(zip(counts, shares.tolist(), strict=True))

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


def train_linear(
    texts: Sequence[str], labels: NDArray[Any], held: Sequence[str], held_labels: NDArray[Any]
) -> tuple[LinearReader, float]:
    """Learn the linear model, and choose the strength of its penalty on held-out reviews.

    Returns:
        The model, and the inverse strength that was chosen.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counter = TfidfVectorizer(
        analyzer=word_pairs, sublinear_tf=True, max_features=FEATURES, min_df=2
    )
    learned, judged = counter.fit_transform(texts), counter.transform(held)
    fitted = {
        strength: LogisticRegression(C=strength, max_iter=1000).fit(learned, labels)
        for strength in STRENGTHS
    }
    best = max(STRENGTHS, key=lambda strength: fitted[strength].score(judged, held_labels))
    model = fitted[best]
    reader = LinearReader(
        counter.get_feature_names_out().tolist(),
        counter.idf_,
        model.coef_[0],
        float(model.intercept_[0]),
    )
    return reader, best


def save(reader: LinearReader, folder: Path) -> None:
    """Write the files that ``LinearReader.load`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{feature}\n" for feature in reader.places)
    (folder / "linear.txt").write_text(text, encoding="utf-8")
    np.savez_compressed(
        folder / "linear.npz",
        rarity=reader.rarity.astype(np.float32),
        weights=reader.weights.astype(np.float32),
        bias=np.float32(reader.bias),
    )


def compare(archive: Path, folder: Path = FOLDER, tell: Tell = print) -> dict[str, Any]:
    """Train the linear model, measure it and VADER, and write ``results.json`` beside it.

    Args:
        archive: the data set's archive.
        folder: where the model and what was measured go.
        tell: called with a line of progress now and then.

    Returns:
        What ``results.json`` holds.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ImportError: if scikit-learn or VADER is not installed.
    """
    word_list = WordList()
    tell("Reading the reviews ...")
    reviews = list(read_reviews(archive, ("train", "test")))
    parts = {
        "train": [r for r in reviews if r.part == "train" and not r.is_development],
        "development": [r for r in reviews if r.part == "train" and r.is_development],
        "test": [r for r in reviews if r.part == "test"],
    }
    texts = {name: [review.text for review in some] for name, some in parts.items()}
    labels = {name: labels_and_stars(some)[0] for name, some in parts.items()}
    tell(f"Learning the linear model on {len(texts['train']):,} reviews ...")
    linear, strength = train_linear(
        texts["train"], labels["train"], texts["development"], labels["development"]
    )
    save(linear, folder)
    readers: dict[str, LinearReader | WordList] = {
        "linear": LinearReader.load(folder),
        "vader": word_list,
    }
    measured: dict[str, Any] = {}
    for name, reader in readers.items():
        tell(f"Scoring with {name} ...")
        measured[name] = {
            part: measures(reader.score(texts[part]), labels[part])
            for part in ("development", "test")
        }
    measured["linear"] |= {"features": len(linear.places), "inverse_penalty": strength}
    results = {
        "command": "python -m lstm_core.sentiment baselines",
        **measured,
        "versions": versions("numpy", "scikit-learn", "vaderSentiment"),
    }
    write_json(folder / "results.json", results)
    return results
