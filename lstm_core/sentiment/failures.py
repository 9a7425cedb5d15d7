"""Where the network is wrong: its surest errors, and how errors depend on stars and on length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import Review
from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.reader import Reader, Scores

Flags = NDArray[np.bool_]
SUREST = 40
"""So many errors of each kind are kept."""
EXCERPT = 90
"""Characters of a review that are quoted at most; its own page is named for the rest."""
LENGTHS = (5, 10, 20, 50, 100, 200)


def surest_errors(
    reader: Reader, reviews: Sequence[Review], scores: Scores
) -> list[dict[str, Any]]:
    """List the errors of which the network is surest, positive and negative ones alike.

    Each comes with a short excerpt round the word that spoke most for the wrong side.
    """
    positive = np.array([review.label == 1 for review in reviews])
    p = scores.probability
    errors = []
    for truth in (False, True):
        wrong = np.flatnonzero((positive == truth) & ((p >= 0.5) != truth))
        for row in wrong[np.argsort(-np.abs(p[wrong] - 0.5), kind="stable")][:SUREST]:
            review = reviews[row]
            excerpt, word = _round_the_culprit(reader, review.text, -1.0 if truth else 1.0)
            errors.append(
                {
                    "stars": review.stars,
                    "probability": round(float(p[row]), 4),
                    "estimated_stars": round(float(scores.stars[row]), 2),
                    "words": len(reader.ids(review.text)),
                    "word": word,
                    "excerpt": excerpt,
                    "film": review.movie.removesuffix("usercomments"),
                }
            )
    return errors


def _round_the_culprit(reader: Reader, text: str, side: float) -> tuple[str, str]:
    """Quote the text round the word that spoke most for a side; returns the quotation and it."""
    reading = reader.read(text)
    if reading is None:
        return "", ""
    token = reading.tokens_read[int((side * reading.contributions.words).argmax())]
    spare = max(0, EXCERPT - (token.end - token.start)) // 2
    start, end = max(0, token.start - spare), min(len(text), token.end + spare)
    quoted = text[start:end].replace("<br />", " ")
    # A word that was cut in two at either end is left out.
    if start:
        quoted = quoted.partition(" ")[2]
    if end < len(text):
        quoted = quoted.rpartition(" ")[0]
    return " ".join(quoted.split()), token.word


def by_stars(reviews: Sequence[Review], scores: Scores) -> dict[str, dict[str, Any]]:
    """Say for each number of stars how often the verdict is right and how often none is given."""
    stars = np.array([review.stars for review in reviews])
    positive = np.array([review.label == 1 for review in reviews])
    return {str(number): _rates(scores, positive, stars == number) for number in np.unique(stars)}


def by_length(reviews: Sequence[Review], scores: Scores, reader: Reader) -> list[dict[str, Any]]:
    """Say how often the verdict is right in quarters of the reviews, by their length."""
    words = np.array([len(reader.ids(review.text)) for review in reviews])
    positive = np.array([review.label == 1 for review in reviews])
    edges = np.quantile(words, [0.25, 0.5, 0.75])
    quarter = np.searchsorted(edges, words)
    return [
        {"shortest": int(words[quarter == q].min()), "longest": int(words[quarter == q].max())}
        | _rates(scores, positive, quarter == q)
        for q in np.unique(quarter)
    ]


def by_words_left(reader: Reader, reviews: Sequence[Review]) -> list[dict[str, Any]]:
    """Say how often the verdict is right on the last few words of reviews, and on the first few.

    Cutting real reviews short shows what shortness alone costs: a pasted sentence gives the
    network as little to go by.
    """
    positive = np.array([review.label == 1 for review in reviews])
    every = np.ones(len(reviews), dtype=np.bool_)
    ids = [reader.ids(review.text) for review in reviews]
    rows = []
    for length in LENGTHS:
        for end, cut in (("first", slice(None, length)), ("last", slice(-length, None))):
            scores = reader.score_ids([row[cut] for row in ids])
            rows.append({"words": length, "which": end} | _rates(scores, positive, every))
    return rows


def _rates(scores: Scores, positive: Flags, counted: Flags) -> dict[str, Any]:
    """Count some of the reviews: right ones, those without a side, right ones of the others."""
    p = scores.probability[counted]
    right = (p >= 0.5) == positive[counted]
    sided = (p <= UNCLEAR[0]) | (p >= UNCLEAR[1])
    return {
        "reviews": int(counted.sum()),
        "accuracy": float(right.mean()),
        "unclear": float(1 - sided.mean()),
        "accuracy_elsewhere": float(right[sided].mean()) if sided.any() else None,
    }
