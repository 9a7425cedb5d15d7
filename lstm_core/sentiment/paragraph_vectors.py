"""One vector a review, from unlabelled text: it learns to foretell the review's word sequences.

Le and Mikolov: Distributed Representations of Sentences and Documents, 2014 (the distributed bag
of words), over sequences of one to three words as in Li, Liu, Du, Zhang and Zhao: Learning
Document Embeddings by Predicting N-grams, 2016.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
LONGEST_SEQUENCE = 3


def word_sequences(ids: Ids) -> list[str]:
    """List every sequence of one to three words in a row, as ids joined by blanks."""
    words = [str(word) for word in ids.tolist()]
    return [
        " ".join(words[i : i + n])
        for n in range(1, LONGEST_SEQUENCE + 1)
        for i in range(len(words) - n + 1)
    ]


class _Shuffled:
    """The texts in a new order each time that they are walked through."""

    def __init__(self, texts: list[Ids], seed: int) -> None:
        self.texts = texts
        self.rng = np.random.default_rng(seed)

    def __iter__(self) -> Iterator[Any]:
        from gensim.models.doc2vec import TaggedDocument

        for row in self.rng.permutation(len(self.texts)):
            yield TaggedDocument(word_sequences(self.texts[row]), [int(row)])


def paragraph_vectors(
    texts: list[Ids], features: int = 300, epochs: int = 10, seed: int = 1
) -> NDArray[np.float32]:
    """Learn one vector a text; the same texts and seed give the same vectors.

    Args:
        texts: token ids of each.
        features: length of a vector.
        epochs: passes over the texts.
        seed: of every random choice. One worker only: with more, the order of updates is chance.

    Returns:
        Vectors of length one, (texts, features).
    """
    from gensim.models.doc2vec import Doc2Vec

    model = Doc2Vec(
        vector_size=features,
        dm=0,
        negative=5,
        sample=1e-4,
        alpha=0.05,
        min_alpha=1e-4,
        min_count=5 if len(texts) > 10_000 else 1,
        epochs=epochs,
        workers=1,
        seed=seed,
    )
    shuffled = _Shuffled(texts, seed)
    model.build_vocab(shuffled)
    model.train(shuffled, total_examples=len(texts), epochs=epochs)
    vectors = np.array([model.dv[row] for row in range(len(texts))], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
