"""Word vectors from unlabelled reviews: positive mutual information, then a truncated SVD.

Which words stand near each other says much about what they mean, and needs no label. Levy and
Goldberg (Neural Word Embedding as Implicit Matrix Factorization, 2014) show that skip-gram
factorises a shifted matrix of pointwise mutual information; here that matrix is built and
factorised outright, which is quick, needs NumPy alone, and gives the same vectors every time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.tokenizer import FIRST_WORD_ID

Floats = NDArray[np.float32]


def cooccurrences(
    documents: Sequence[NDArray[np.int32]], words: int, contexts: int, window: int
) -> Floats:
    """Count how often each word stands near each frequent word, nearer ones for more.

    Args:
        documents: token ids; ids below ``FIRST_WORD_ID`` (padding, unknown) are no word.
        words: number of ids, the rows of the result.
        contexts: only ids below this are counted as neighbours; frequent words have low ids.
        window: how many tokens to each side count; a neighbour at distance d weighs 1 / d.

    Returns:
        Weighted counts, shape (words, contexts).
    """
    gap = np.zeros(window, dtype=np.int32)
    stream = np.concatenate([piece for document in documents for piece in (document, gap)])
    counts = np.zeros((words, contexts), dtype=np.float32)
    flat = counts.reshape(-1)
    for distance in range(1, window + 1):
        left, right = stream[:-distance], stream[distance:]
        for word, context in ((left, right), (right, left)):
            keep = (word >= FIRST_WORD_ID) & (context >= FIRST_WORD_ID) & (context < contexts)
            cells = word[keep].astype(np.int64) * contexts + context[keep]
            cell, count = np.unique(cells, return_counts=True)
            flat[cell] += count / np.float32(distance)
    return counts


def positive_mutual_information(counts: Floats, smoothing: float = 0.75) -> Floats:
    """Turn counts into max(0, log p(w, c) / (p(w) p(c))), in place.

    Args:
        counts: co-occurrence counts, shape (words, contexts); overwritten.
        smoothing: power put on the context counts, so that rare contexts do not dominate
            (Levy, Goldberg and Dagan, 2015).

    Returns:
        The same array, now holding the positive mutual information.
    """
    word_total = counts.sum(axis=1, keepdims=True)
    context_total = counts.sum(axis=0, keepdims=True) ** np.float32(smoothing)
    scale = context_total.sum(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        counts *= np.float32(scale)
        counts /= word_total
        counts /= context_total
        np.log(counts, out=counts)
    np.nan_to_num(counts, copy=False, nan=0.0, neginf=0.0)
    return np.maximum(counts, 0, out=counts)


def truncated_svd(matrix: Floats, rank: int, seed: int, rounds: int = 4) -> tuple[Floats, Floats]:
    """Find the largest singular values and left vectors by randomised subspace iteration.

    Halko, Martinsson and Tropp: Finding Structure with Randomness, 2011, algorithm 4.4.

    Args:
        matrix: shape (rows, columns).
        rank: how many singular values to find.
        seed: of the random start.
        rounds: power iterations; more give a closer answer.

    Returns:
        Left singular vectors (rows, rank) and singular values (rank,), largest first.
    """
    extra = 16
    start = np.random.default_rng(seed).standard_normal((matrix.shape[1], rank + extra))
    basis = np.linalg.qr(matrix @ start.astype(matrix.dtype))[0]
    for _ in range(rounds):
        basis = np.linalg.qr(matrix.T @ basis)[0]
        basis = np.linalg.qr(matrix @ basis)[0]
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    return (basis @ left)[:, :rank], values[:rank]


def word_vectors(
    documents: Sequence[NDArray[np.int32]],
    words: int,
    features: int,
    seed: int,
    contexts: int = 10_000,
    window: int = 6,
) -> Floats:
    """Learn one vector a word from unlabelled documents.

    Args:
        documents: token ids of each document.
        words: number of ids, padding and unknown included.
        features: length of a vector.
        seed: of the randomised SVD.
        contexts: number of frequent words that count as neighbours.
        window: tokens to each side that count as near.

    Returns:
        Vectors, shape (words, features), scaled to a standard deviation of 0.4; words that
        never occur get zeros.
    """
    counts = cooccurrences(documents, words, min(contexts, words), window)
    never = counts.sum(axis=1) == 0
    left, values = truncated_svd(positive_mutual_information(counts), features, seed)
    vectors = left * np.sqrt(values)
    vectors[never] = 0.0
    vectors *= np.float32(0.4) / vectors[FIRST_WORD_ID:].std()
    return vectors.astype(np.float32)
