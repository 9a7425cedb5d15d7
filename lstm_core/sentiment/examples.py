"""What a network learns from in one epoch: reviews, pieces of reviews, and plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.corpus import Corpus
from lstm_core.sentiment.plain_sentences import plain_sentences
from lstm_core.sentiment.recipes import Recipe
from lstm_core.sentiment.tokenizer import Vocabulary, tokenize

Ids = NDArray[np.int32]
FEWEST_WORDS = 4
SHORT_BATCH = 2
"""A batch of short texts holds this many times as many as one of reviews."""


@dataclass(frozen=True)
class Examples:
    """Texts and what to answer.

    Attributes:
        texts: token ids of each.
        targets: probability of "positive" and the stars from 0 (one star) to 1 (ten), (texts, 2).
        reviews: how many come first that are reviews; short texts follow.
    """

    texts: list[Ids]
    targets: NDArray[np.float32]
    reviews: int


@dataclass(frozen=True)
class Judged:
    """Short texts as a teacher judged them.

    Attributes:
        texts: token ids of each.
        targets: as in ``Examples``, (texts, 2).
    """

    texts: list[Ids]
    targets: NDArray[np.float32]

    @classmethod
    def none(cls) -> Judged:
        """Stand for a training without such texts."""
        return cls([], np.empty((0, 2), dtype=np.float32))


def ends(ids: Ids, head: int, tail: int) -> Ids:
    """Keep the first ``head`` and the last ``tail`` tokens of a text that has more."""
    return ids if len(ids) <= head + tail else np.concatenate([ids[:head], ids[-tail:]])


def epoch_examples(
    corpus: Corpus,
    targets: NDArray[np.float32],
    recipe: Recipe,
    epoch: int,
    judged: Judged,
) -> Examples:
    """Collect what one epoch reads; the same recipe and epoch give the same texts.

    Args:
        corpus: the reviews.
        targets: for every review of the corpus, (reviews, 2); NaN where nobody knows.
        recipe: what to read besides the reviews.
        epoch: counted from 0.
        judged: the short texts from which those of the epoch are drawn.
    """
    rng = np.random.default_rng((recipe.seed, epoch, 1))
    rows = _rows(corpus, recipe)
    texts = [ends(corpus.texts[row], recipe.head, recipe.tail) for row in rows]
    wanted = [targets[rows]]
    sentence_ends = corpus.sentence_ends
    for _ in range(recipe.crops):
        texts += [crop(corpus.texts[row], sentence_ends, rng) for row in rows]
        wanted.append(targets[rows])
    if drawn := _drawn(recipe, judged):
        chosen = np.random.default_rng((recipe.seed, epoch, 3)).permutation(len(judged.texts))
        texts += [judged.texts[row] for row in chosen[:drawn]]
        wanted.append(judged.targets[chosen[:drawn]])
    if recipe.sentences:
        sentences = plain_sentences(recipe.sentences, (recipe.seed, epoch, 2))
        texts += [_ids(corpus.vocabulary, sentence.text) for sentence in sentences]
        p = np.array([sentence.p_positive for sentence in sentences], dtype=np.float32)
        wanted.append(np.stack([p, p], axis=1))
    return Examples(texts, np.concatenate(wanted), len(rows))


def _rows(corpus: Corpus, recipe: Recipe) -> NDArray[np.intp]:
    return corpus.to_learn if recipe.unlabelled else corpus.labelled


def _drawn(recipe: Recipe, judged: Judged) -> int:
    return min(recipe.judged, len(judged.texts))


def batches_each_epoch(corpus: Corpus, recipe: Recipe, judged: Judged) -> int:
    """Count the batches that ``batches`` makes of any epoch's examples."""
    reviews = len(_rows(corpus, recipe))
    short = recipe.crops * reviews + _drawn(recipe, judged) + recipe.sentences
    return -(-reviews // recipe.batch_size) - (-short // (SHORT_BATCH * recipe.batch_size))


def crop(ids: Ids, sentence_ends: Ids, rng: np.random.Generator) -> Ids:
    """Cut one to three sentences in a row out of a review.

    What a review's writer thinks can be told from some of its sentences and not from others; a
    network that learns the review's label from each learns how much each one tells.
    """
    stops = np.flatnonzero(np.isin(ids, sentence_ends)) + 1
    edges = np.unique(np.concatenate([[0], stops, [len(ids)]]))
    count = int(rng.choice([1, 1, 1, 2, 2, 3]))
    first = int(rng.integers(max(1, len(edges) - count)))
    last = min(first + count, len(edges) - 1)
    while last < len(edges) - 1 and edges[last] - edges[first] < FEWEST_WORDS:
        last += 1
    return ids[edges[first] : edges[last]]


def batches(
    lengths: NDArray[np.int64], reviews: int, size: int, seed: tuple[int, ...]
) -> list[NDArray[np.int64]]:
    """Shuffle rows into batches of similar length, so that little padding is computed.

    Args:
        lengths: tokens in each row.
        reviews: how many rows come first that are reviews; short texts go into larger batches.
        size: reviews in a batch.
        seed: the same seed gives the same batches.

    Returns:
        Row indices of each batch; every row is in one batch, reviews and short texts apart.
    """
    rng = np.random.default_rng(seed)
    noisy = lengths * rng.uniform(0.9, 1.1, len(lengths))
    pieces = []
    for first, last, each in ((0, reviews, size), (reviews, len(lengths), SHORT_BATCH * size)):
        order = first + np.argsort(noisy[first:last], kind="stable")
        pieces += [order[i : i + each] for i in range(0, len(order), each)]
    return [pieces[i] for i in rng.permutation(len(pieces))]


def _ids(vocabulary: Vocabulary, text: str) -> Ids:
    return vocabulary.ids(token.word for token in tokenize(text))
