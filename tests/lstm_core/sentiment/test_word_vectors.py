"""Word vectors: counts by hand, mutual information by its formula, the SVD against NumPy's."""

import numpy as np

from lstm_core.sentiment.word_vectors import (
    cooccurrences,
    positive_mutual_information,
    truncated_svd,
    word_vectors,
)


def test_counts_weigh_by_distance_and_stop_at_the_end_of_a_document():
    counts = cooccurrences([np.array([2, 3, 4], np.int32), np.array([2], np.int32)], 5, 5, 2)
    assert counts[2, 3] == counts[3, 2] == counts[3, 4] == 1.0
    assert counts[2, 4] == counts[4, 2] == 0.5
    assert counts.sum() == 5.0


def test_mutual_information_follows_its_formula():
    counts = np.array([[4.0, 1.0], [1.0, 2.0]], np.float32)
    total = counts.sum()
    expected = np.log(
        (counts / total) / (counts.sum(1, keepdims=True) / total * counts.sum(0) / total)
    )
    actual = positive_mutual_information(counts.copy(), smoothing=1.0)
    np.testing.assert_allclose(actual, np.maximum(expected, 0), atol=1e-6)
    assert (positive_mutual_information(np.zeros((2, 2), np.float32)) == 0).all()


def test_the_svd_finds_what_the_full_one_finds():
    rng = np.random.default_rng(0)
    matrix = (rng.normal(size=(60, 8)) @ rng.normal(size=(8, 40))).astype(np.float32)
    left, values = truncated_svd(matrix, 5, seed=1)
    expected = np.linalg.svd(matrix, compute_uv=False)[:5]
    np.testing.assert_allclose(values, expected, rtol=1e-4)
    np.testing.assert_allclose(left.T @ left, np.eye(5), atol=1e-4)


def test_words_with_the_same_neighbours_get_close_vectors():
    rng = np.random.default_rng(0)
    documents = []
    for _ in range(300):
        group = rng.integers(2)
        documents.append(
            np.array([rng.integers(2, 5) + 10 * group for _ in range(8)], dtype=np.int32)
        )
    vectors = word_vectors(documents, 20, 4, seed=0, contexts=20, window=3)
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    assert unit[2] @ unit[3] > unit[2] @ unit[12] + 0.5
    assert (vectors[7] == 0).all()
