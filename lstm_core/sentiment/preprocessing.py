"""From a text to the ids that a network reads: mended, split, spelt, and refused if it is no review.

The one way in, for pages, files, exports and the command line. What was read as something else is
kept, so that each of them can say it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.refusals import LANGUAGE, Refusal, other_language, refusal
from lstm_core.sentiment.spelling import Spelling
from lstm_core.sentiment.tokenizer import Vocabulary, pieces


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """A text as a network gets it.

    Attributes:
        words: of the text, as they are read.
        ids: of all of them, (words,).
        written: of each word that is read as another one, by its place, what the text has.
        refused: why the text is no review that can be read; "" if it may be one.
    """

    words: list[str]
    ids: NDArray[np.int32]
    written: dict[int, str] = field(default_factory=dict)
    refused: Refusal = ""

    @property
    def read_as(self) -> dict[str, str]:
        """What is read as what: the words that the text has, with those that are read."""
        return {word: self.words[place] for place, word in self.written.items()}


class Preprocessor:
    """Belongs to a vocabulary: only what that does not know is read as something else."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take the words that the network knows."""
        self.vocabulary = vocabulary
        self.spelling = Spelling(vocabulary)

    def __call__(self, text: str, kept: Collection[str] = ()) -> Preprocessed:
        """Prepare a text.

        Args:
            text: any string.
            kept: words, as the vocabulary would spell them, that are to be read as they are written.
        """
        plain, split = pieces(text)
        words = [word for _, word in split]
        ids = self.vocabulary.ids(words)
        if other_language(plain, words, ids):
            return Preprocessed(words, ids, refused=LANGUAGE)
        written = {}
        if self.vocabulary.has_unknown(ids):
            for place, word in self.spelling.corrected(split).items():
                if words[place] not in kept:
                    written[place], words[place] = words[place], word
            if written:
                ids = self.vocabulary.ids(words)
        return Preprocessed(words, ids, written, refusal(plain, words, ids, len(self.vocabulary)))
