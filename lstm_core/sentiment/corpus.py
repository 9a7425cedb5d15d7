"""The reviews as numbers: prepared once from the archive, then read from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import Review, read_reviews
from lstm_core.sentiment.plain_sentences import BAD, GOOD, SUBJECTS
from lstm_core.sentiment.pretrained_vectors import DEFAULT as DEFAULT_VECTORS
from lstm_core.sentiment.pretrained_vectors import PretrainedVectors
from lstm_core.sentiment.recipes import Recipe
from lstm_core.sentiment.tokenizer import FIRST_WORD_ID, UNKNOWN_ID, Vocabulary, tokenize
from lstm_core.sentiment.word_vectors import word_vectors

Ids = NDArray[np.int32]
Say = Callable[[str], None]
SENTENCE_ENDS = (".", "!", "?", "...", "?!")


@dataclass(frozen=True)
class Corpus:
    """Training and unlabelled reviews as token ids.

    Attributes:
        vocabulary: what the ids stand for.
        vectors: one vector a word, from unlabelled text, (vocabulary, features).
        texts: token ids of every review.
        labels: 1 positive, 0 negative, -1 unlabelled, (reviews,).
        stars: 1 to 10, or 0 where unknown, (reviews,).
        is_development: whether a review is held out, (reviews,).
    """

    vocabulary: Vocabulary
    vectors: NDArray[np.float32]
    texts: list[Ids]
    labels: NDArray[np.int64]
    stars: NDArray[np.int64]
    is_development: NDArray[np.bool_]

    @property
    def labelled(self) -> NDArray[np.intp]:
        """The rows to learn from that have a label."""
        return np.flatnonzero((self.labels >= 0) & ~self.is_development)

    @property
    def unlabelled(self) -> NDArray[np.intp]:
        """The rows without a label, of films that are not held out."""
        return np.flatnonzero((self.labels < 0) & ~self.is_development)

    @property
    def to_learn(self) -> NDArray[np.intp]:
        """The labelled rows and then the unlabelled ones."""
        return np.concatenate([self.labelled, self.unlabelled])

    @property
    def development(self) -> NDArray[np.intp]:
        """The labelled rows that are held out, to choose on."""
        return np.flatnonzero((self.labels >= 0) & self.is_development)

    @property
    def sentence_ends(self) -> Ids:
        """The ids that end a sentence."""
        ids: Ids = self.vocabulary.ids(SENTENCE_ENDS)
        return np.setdiff1d(ids, [UNKNOWN_ID]).astype(np.int32)

    def targets(self) -> NDArray[np.float32]:
        """Say what is known of each review: (reviews, 2), as ``Examples.targets`` has it."""
        unknown = np.float32(np.nan)
        positive = np.where(self.labels >= 0, self.labels, unknown)
        stars = np.where(self.stars > 0, (self.stars - 1) / 9, unknown)
        return np.stack([positive, stars], axis=1).astype(np.float32)


def prepare(
    archive: Path, work: Path, recipe: Recipe, tell: Say, vectors_file: Path = DEFAULT_VECTORS
) -> Corpus:
    """Read the archive, choose the vocabulary, learn word vectors; once, then from the folder.

    The vocabulary and the vectors come from the reviews to learn from and the unlabelled ones;
    reviews of held-out films take no part in them. Words of other things that people have opinions
    about follow, if the recipe asks for them. The first features of a word's vector are the pretrained
    ones, if any; what follows is learned here.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ValueError: if the recipe asks for pretrained vectors and they are not there.
    """
    prepared = work / "prepared.npz"
    if not prepared.exists():
        tell("Reading the reviews ...")
        reviews = limited(read_reviews(archive, ("train", "unsup")), recipe.limit)
        tell(f"Splitting {len(reviews):,} reviews into words ...")
        words = [[token.word for token in tokenize(review.text)] for review in reviews]
        counts: Counter[str] = Counter()
        for review, text in zip(reviews, words, strict=True):
            if not review.is_development:
                counts.update(text)
        pretrained = PretrainedVectors.read(vectors_file) if recipe.pretrained else None
        kept = {word for word, _ in counts.most_common(recipe.vocabulary - recipe.more_words)}
        seeds = (*SUBJECTS, *GOOD, *BAD)
        more = pretrained.like(seeds, kept, recipe.more_words) if pretrained else []
        size = recipe.vocabulary - FIRST_WORD_ID - len(more)
        vocabulary = Vocabulary.from_counts(counts, size, more)
        ids = [vocabulary.ids(text) for text in words]
        tell("Learning word vectors ...")
        seen = [
            text for review, text in zip(reviews, ids, strict=True) if not review.is_development
        ]
        vectors = word_vectors(
            seen, len(vocabulary), recipe.features - recipe.pretrained, recipe.seed
        )
        if pretrained:
            known = np.zeros((len(vocabulary), recipe.pretrained), dtype=np.float32)
            known[FIRST_WORD_ID:] = pretrained.of(vocabulary.words)
            vectors = np.concatenate([known, vectors], axis=1)
        vocabulary.save(work / "vocabulary.txt")
        save_arrays(
            prepared,
            vectors=vectors,
            ids=np.concatenate(ids),
            lengths=np.array([len(text) for text in ids]),
            labels=np.array([-1 if r.label is None else r.label for r in reviews]),
            stars=np.array([review.stars for review in reviews]),
            is_development=np.array([review.is_development for review in reviews]),
        )
    with np.load(prepared) as stored:
        texts = np.split(stored["ids"], np.cumsum(stored["lengths"])[:-1])
        columns = {name: stored[name] for name in ("vectors", "labels", "stars", "is_development")}
    return Corpus(vocabulary=Vocabulary.load(work / "vocabulary.txt"), texts=texts, **columns)


def save_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """Write an ``.npz`` whole or not at all."""
    fresh = path.with_suffix(".new.npz")
    np.savez(fresh, **arrays)  # type: ignore[arg-type]  # NumPy types the flag, not the arrays.
    fresh.replace(path)


def limited(reviews: Iterator[Review], limit: int) -> list[Review]:
    """Take every review, or about ``limit`` of each label, spread over the whole set."""
    everything = list(reviews)
    if not limit:
        return everything
    chosen = []
    for label in (0, 1, None):
        same = [review for review in everything if review.label == label]
        chosen += same[:: max(1, len(same) // limit)][:limit]
    return chosen
