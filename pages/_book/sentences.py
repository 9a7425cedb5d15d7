"""A visitor's sentence for the trained network: its words, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.reader import Reader, has_word
from pages._book.language import say
from pages._book.markdown import plain

Ids = NDArray[np.int32]
LONGEST = 60
SENTENCE = "The film was not good, not at all."


def sentence_ids(reader: Reader, text: str) -> tuple[list[str], Ids, str]:
    """Split a sentence for the trained network.

    Returns:
        Its words, their ids, and what is wrong with it; a wrong one is replaced by ``SENTENCE``.
    """
    words = reader.preprocess(text).words
    problem = ""
    if not has_word(words):
        problem = say(
            "There is no word in this that could be read. The page shows its own sentence instead."
        )
    elif len(words) > LONGEST:
        problem = say(
            "That is {count} words and marks; the page steps through at most {most}. It shows its "
            "own sentence instead.",
            count=len(words),
            most=LONGEST,
        )
    if problem:
        words = reader.preprocess(SENTENCE).words
    return words, reader.vocabulary.ids(words), problem


def spelled(words: Sequence[str]) -> int:
    """Count the words that are not marks alone."""
    return sum(any(map(str.isalnum, word)) for word in words)


def other_words(reader: Reader, text: str) -> str:
    """Name the words that the network reads as others that it knows, in Markdown; "" if there is none."""
    read_as = list(reader.preprocess(text).read_as.items())
    if not read_as:
        return ""
    listed = ", ".join(f"{plain(word[:40])} → {plain(other)}" for word, other in read_as[:8])
    return say(
        "Unknown to the network, and read as the nearest word that it knows: {listed}",
        listed=listed + (" ..." if len(read_as) > 8 else ""),
    )


def unknown_words(reader: Reader, words: Sequence[str]) -> str:
    """Name the words that the network does not know, in Markdown; nothing if it knows all."""
    unknown = [word for word in dict.fromkeys(words) if word not in reader.vocabulary]
    if not unknown:
        return ""
    listed = ", ".join(plain(word[:40]) for word in unknown[:8])
    return say(
        "Unknown to the network, all read as one and the same vector: {words}",
        words=listed + (" ..." if len(unknown) > 8 else ""),
    )
