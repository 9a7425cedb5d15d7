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
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, Vocabulary, pieces

LONGEST = 2_000
"""Words of a text that are read."""


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
        read = which_are_read(len(ids))
        if other_language(plain, _those(words, read), ids[read]):
            return Preprocessed(words, ids, refused=LANGUAGE)
        written = {}
        doubtful = np.flatnonzero((ids == UNKNOWN_ID) & read).tolist()
        doubtful += [place for place, word in enumerate(words) if word[-2:] == "/5" and read[place]]
        for place, word in sorted(self.spelling.corrected(split, doubtful).items()):
            if words[place] not in kept:
                written[place], words[place] = words[place], word
        if written:
            ids = self.vocabulary.ids(words)
        why = refusal(plain, _those(words, read), ids[read], len(self.vocabulary))
        return Preprocessed(words, ids, written, why)


def _those(words: list[str], read: NDArray[np.bool_]) -> list[str]:
    return (
        words
        if read.all()
        else [word for word, is_read in zip(words, read, strict=True) if is_read]
    )


def which_are_read(count: int) -> NDArray[np.bool_]:
    """Choose the tokens to read of a text that may be too long: the first and the last ones.

    Up to ``LONGEST`` tokens are all read. Of more, the first quarter of ``LONGEST`` and the last
    three quarters are: verdicts stand at the end of a review.
    """
    read = np.ones(count, dtype=np.bool_)
    if count > LONGEST:
        head = LONGEST // 4
        read[head : count - (LONGEST - head)] = False
    return read
