"""Sequences that a visitor types, numbers or words, as inputs of a small cell."""

from __future__ import annotations

import hashlib

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.language import say

LONGEST_SEQUENCE = 60


LARGEST = 1e6


WORD_FEATURES = 3


def parse_numbers(text: str) -> tuple[list[str], Array]:
    """Read numbers separated by spaces, commas or semicolons.

    Returns:
        The pieces as they were typed, and the inputs, (time, 1).

    Raises:
        ValueError: if there is none, one is no finite number, or there are too many; the
            message names the piece.
    """
    pieces = text.replace(",", " ").replace(";", " ").split()
    if not pieces:
        raise ValueError(say("Type at least one number."))
    if len(pieces) > LONGEST_SEQUENCE:
        raise ValueError(
            say(
                "That is {count} numbers; the page steps through at most {most}.",
                count=len(pieces),
                most=LONGEST_SEQUENCE,
            )
        )
    values = []
    for place, piece in enumerate(pieces, start=1):
        try:
            value = float(piece)
        except ValueError:
            raise ValueError(
                say("“{piece}” (entry {place}) is not a number.", piece=piece[:40], place=place)
            ) from None
        if not abs(value) <= LARGEST:
            raise ValueError(
                say(
                    "“{piece}” (entry {place}) is not between -1e6 and 1e6.",
                    piece=piece[:40],
                    place=place,
                )
            )
        values.append(value)
    return pieces, np.array(values)[:, np.newaxis]


def parse_words(text: str) -> tuple[list[str], Array]:
    """Read words and give each its vector.

    Returns:
        The words as they were typed, and the inputs, (time, WORD_FEATURES).

    Raises:
        ValueError: if there is none or there are too many.
    """
    words = text.split()
    if not words:
        raise ValueError(say("Type at least one word."))
    if len(words) > LONGEST_SEQUENCE:
        raise ValueError(
            say(
                "That is {count} words; the page steps through at most {most}.",
                count=len(words),
                most=LONGEST_SEQUENCE,
            )
        )
    return [word[:40] for word in words], np.array([word_vector(word) for word in words])


def word_vector(word: str) -> Array:
    """Give a word its own fixed vector, (WORD_FEATURES,), drawn by its spelling."""
    digest = hashlib.sha256(word.lower().encode("utf-8", "surrogatepass")).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    return rng.normal(size=WORD_FEATURES).round(2)


def too_large(values: Array) -> bool:
    """Tell whether any number is beyond what the page computes with, or is none."""
    return not bool((np.abs(values) <= LARGEST).all())
