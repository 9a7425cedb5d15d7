"""Sequences that a visitor types, numbers or words, as inputs of a small cell."""

from __future__ import annotations

import hashlib

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.language import say, spoken
from pages._book.numbers import SEPARATORS

LONGEST_SEQUENCE = 60


LARGEST = 1e6


WORD_FEATURES = 3


def parse_numbers(text: str) -> tuple[list[str], Array]:
    """Read numbers separated by spaces, semicolons, or commas.

    A comma between two digits is a decimal comma where spaces or semicolons separate the numbers:
    "0,5 1,5 -1" are three numbers, "1,2,3" are three, and "1, 2" are two.

    Returns:
        The pieces as they were typed, and the inputs, (time, 1).

    Raises:
        ValueError: if there is none, one is no finite number, there are too many, or it cannot be
            told what a comma means; the message names the piece.
    """
    pieces = _pieces(text)
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
            value = float(piece.replace(",", "."))
        except ValueError:
            raise ValueError(
                say("“{piece}” (entry {place}) is not a number.", piece=piece[:40], place=place)
            ) from None
        if not abs(value) <= LARGEST:
            raise ValueError(
                say(
                    "“{piece}” (entry {place}) is not between −{largest:,.0f} and {largest:,.0f}.",
                    piece=piece[:40],
                    place=place,
                    largest=LARGEST,
                )
            )
        values.append(value)
    return pieces, np.array(values)[:, np.newaxis]


def _pieces(text: str) -> list[str]:
    """Split what was typed into numbers, each with a decimal comma at most."""
    pieces = [piece.strip(",") for piece in text.replace(";", " ").split()]
    pieces = [piece for piece in pieces if piece]
    if any(piece.count(",") > 1 for piece in pieces):
        # Nobody writes two decimal commas into one number: these commas separate.
        return text.replace(",", " ").replace(";", " ").split()
    if len(pieces) == 1 and "," in pieces[0] and spoken() not in SEPARATORS:
        first, second = pieces[0].split(",")
        raise ValueError(
            say(
                "“{piece}” may be one number or two: type “{first}.{second}” or “{first} {second}”.",
                piece=pieces[0][:40],
                first=first[:20],
                second=second[:20],
            )
        )
    return pieces


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
