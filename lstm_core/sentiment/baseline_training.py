"""Train the linear model of words and word pairs with scikit-learn; measure it and the word list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from lstm_core.sentiment.archive import read_reviews
from lstm_core.sentiment.baselines import FOLDER, LinearReader, WordList, word_pairs
from lstm_core.sentiment.evaluation import labels_and_stars, write_json
from lstm_core.sentiment.metrics import measures
from lstm_core.sentiment.versions import versions

Tell = Callable[[str], None]
FEATURES = 50_000
STRENGTHS = (1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the L2 penalty; the best on the development reviews is kept."""


def train_linear(
    texts: Sequence[str], labels: NDArray[Any], held: Sequence[str], held_labels: NDArray[Any]
) -> tuple[LinearReader, float]:
    """Learn the linear model, and choose the strength of its penalty on held-out reviews.

    Returns:
        The model, and the inverse strength that was chosen.
    """
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
        ImportError: if VADER is not installed.
    """
    word_list = WordList()
    tell("Reading the reviews ...")
    reviews = list(read_reviews(archive, ("train", "test")))
    parts = {
        "train": [r for r in reviews if r.part == "train" and not r.is_development],
        "development": [r for r in reviews if r.part == "train" and r.is_development],
        "test": [r for r in reviews if r.part == "test"],
    }
    texts = {name: [review.text for review in part] for name, part in parts.items()}
    labels = {name: labels_and_stars(part)[0] for name, part in parts.items()}
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
