"""What others think of a review: teachers that label reviews without a label.

A linear model of word sequences and a first network err on different reviews, so that together
they are right more often than either; a pretrained encoder (``encoder_teacher``) is right more
often than both. The network that ships learns what its teachers think: distillation (Hinton,
Vinyals and Dean, 2015) by way of self-training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.corpus import Corpus

Ids = NDArray[np.int32]
Floats = NDArray[np.float64]
FEWEST_REVIEWS = 3
LONGEST_SEQUENCE = 3


def word_sequences(ids: Ids) -> list[str]:
    """List every sequence of one to three words in a row, as ids joined by blanks."""
    words = [str(word) for word in ids.tolist()]
    return [
        " ".join(words[i : i + n])
        for n in range(1, LONGEST_SEQUENCE + 1)
        for i in range(len(words) - n + 1)
    ]


class SequenceTeacher:
    """Logistic and ridge regression on word sequences, weighted by how one-sided they are.

    A sequence weighs log P(sequence | positive) / P(sequence | negative), counted by reviews, and
    each review is scaled to unit length. Wang and Manning: Baselines and Bigrams, 2012.
    """

    def __init__(self, corpus: Corpus) -> None:
        """Fit on the labelled reviews of a corpus."""
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression, Ridge

        rows = corpus.labelled
        self.counter = CountVectorizer(
            analyzer=word_sequences, min_df=FEWEST_REVIEWS, binary=True, dtype=np.float32
        )
        counts = self.counter.fit_transform([corpus.texts[row] for row in rows])
        positive = corpus.labels[rows] == 1
        in_positive = np.asarray(counts[positive].sum(axis=0)).ravel() + 1
        in_negative = np.asarray(counts[~positive].sum(axis=0)).ravel() + 1
        ratio = (in_positive / in_positive.sum()) / (in_negative / in_negative.sum())
        self.weights = np.log(ratio).astype(np.float32)
        features = self._weigh(counts)
        self.polarity = LogisticRegression(C=10.0, solver="liblinear").fit(features, positive)
        self.stars = Ridge(alpha=1.0, solver="sparse_cg").fit(features, corpus.stars[rows])

    def _weigh(self, counts: Any) -> Any:
        from sklearn.preprocessing import normalize

        return normalize(counts.multiply(self.weights).tocsr())

    def judge(self, texts: list[NDArray[np.int32]]) -> Floats:
        """Return the logit of "positive" and the stars of each text, (texts, 2)."""
        features = self._weigh(self.counter.transform(texts))
        return np.stack(
            [self.polarity.decision_function(features), self.stars.predict(features)], 1
        )


def joint_opinion(
    held: Floats, labels: NDArray[np.int64], stars: NDArray[np.int64], asked: Floats
) -> NDArray[np.float32]:
    """Say what the teachers think together; how much each counts is fitted on held-out texts.

    Args:
        held: logits and stars of each teacher about held-out texts, (texts, 2 teachers).
        labels: of those texts, 0 or 1.
        stars: of those texts, 1 to 10.
        asked: the same about the texts to label, (others, 2 teachers).

    Returns:
        What to learn of the others, as ``Examples.targets`` has it.
    """
    from sklearn.linear_model import LinearRegression

    judge = _together().fit(held, labels)

    def with_joint(opinions: Floats) -> Floats:
        return np.column_stack([opinions, judge.predict_proba(opinions)[:, 1]])

    estimate = LinearRegression().fit(with_joint(held), stars).predict(with_joint(asked))
    targets = [judge.predict_proba(asked)[:, 1], (np.clip(estimate, 1, 10) - 1) / 9]
    return np.column_stack(targets).astype(np.float32)


def joint_accuracy(held: Floats, labels: NDArray[np.int64]) -> float:
    """Return the share of held-out texts on which the teachers together are right.

    How much each counts is fitted on four fifths of the texts at a time, and measured on the rest.

    Raises:
        ValueError: if there are fewer than two texts of a label.
    """
    from sklearn.model_selection import cross_val_score

    folds = min(5, int(np.bincount(labels).min()))
    return float(cross_val_score(_together(), held, labels, cv=folds).mean())


def _together() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=100.0)
