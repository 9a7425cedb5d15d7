"""What others think of a review: the teachers whose joint opinion labels the unlabelled reviews.

A linear model of word sequences, one of paragraph vectors and a first network err on different
reviews, so that together they are right more often than any of them. The network that ships learns their opinion of the
unlabelled reviews: distillation (Hinton, Vinyals and Dean, 2015) by way of self-training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.corpus import Corpus
from lstm_core.sentiment.paragraph_vectors import word_sequences

Floats = NDArray[np.float64]
FEWEST_REVIEWS = 3


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


def paragraph_teacher(corpus: Corpus, vectors: NDArray[np.float32]) -> Floats:
    """Judge every review by its paragraph vector, with regressions fitted on the labelled ones.

    Args:
        corpus: the reviews.
        vectors: one of length one for every review, (reviews, features).

    Returns:
        The logit of "positive" and the stars of each review, (reviews, 2).
    """
    from sklearn.linear_model import LogisticRegression, Ridge

    rows = corpus.labelled
    polarity = LogisticRegression(C=0.03, max_iter=500).fit(vectors[rows], corpus.labels[rows])
    stars = Ridge(alpha=10.0).fit(vectors[rows], corpus.stars[rows])
    return np.stack([polarity.decision_function(vectors), stars.predict(vectors)], axis=1)


def joint_opinion(corpus: Corpus, judgements: list[Floats]) -> tuple[NDArray[np.float32], float]:
    """Label the unlabelled reviews with what the teachers think of them.

    How much each teacher counts is fitted on the development reviews.

    Args:
        corpus: the reviews.
        judgements: of each teacher, logits and stars of every review, (reviews, 2).

    Returns:
        The corpus' targets with the unknown ones filled in, and the share of development reviews
        on which the joint opinion is right.
    """
    from sklearn.linear_model import LinearRegression, LogisticRegression

    opinions = np.concatenate(judgements, axis=1)
    held, asked = corpus.development, corpus.unlabelled
    judge = LogisticRegression(C=100.0).fit(opinions[held], corpus.labels[held])
    targets = corpus.targets()
    targets[asked, 0] = judge.predict_proba(opinions[asked])[:, 1]
    bounded = np.concatenate([opinions, judge.predict_proba(opinions)[:, 1:]], axis=1)
    stars = LinearRegression().fit(bounded[held], corpus.stars[held])
    targets[asked, 1] = (np.clip(stars.predict(bounded[asked]), 1, 10) - 1) / 9
    return targets, float(judge.score(opinions[held], corpus.labels[held]))
