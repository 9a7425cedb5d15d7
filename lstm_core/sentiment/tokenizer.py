"""Text to tokens and back: the one tokenizer that training, scoring and the app share.

A network reads only what its tokenizer gives it, so training and serving must use the same one
to the letter. Every token keeps the place it came from, so that a page can colour, strike through
or grey out the visitor's own characters rather than a cleaned copy of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.cleaning import clean, cleaned

PADDING_ID = 0
UNKNOWN_ID = 1
FIRST_WORD_ID = 2

INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"

TOKEN = re.compile(
    rf"""
      (?:\d+(?:\.\d+)?|\d\d?,\d)\s?/\s?\d+                     # A rating such as 7/10.
    | [:;=]'?-?[)(DPp/\\|\]\[](?![^\W_])                         # An emoticon such as :-) or ;D.
    | 's\b                                                       # The possessive or clitic 's.
    | (?:[^\W_]|[{INVISIBLE}])+
      (?:'(?!s\b)[^\W_]+)*                                       # A word such as film or don't.
    | [.!?…]+                                                    # The end of a sentence.
    """,
    re.VERBOSE | re.IGNORECASE,
)
UNSEEN = re.compile(f"[{INVISIBLE}]")
LONG = re.compile(r"([a-z])\1{3,}")
"""A letter that is written more than three times in a row, as in goooood."""
MOUTHS = {")": ")", "]": ")", "D": "D", "(": "(", "[": "(", "/": "/", "\\": "/", "|": "/"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text: the word as the vocabulary spells it, and its place in the text."""

    word: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Split a text into words, sentence ends, ratings and emoticons, once ``cleaning`` mended it.

    Args:
        text: any string, of any script.

    Returns:
        The tokens in order. ``text[token.start:token.end]`` is what each was made from.
    """
    mended = cleaned(text)
    tokens = []
    for match in TOKEN.finditer(mended.text):
        word = _normalise(match[0])
        if word:
            tokens.append(Token(word, *mended.place(match.start(), match.end())))
    return tokens


def words(text: str) -> list[str]:
    """Return the words of the tokens alone, without their places, which is quicker."""
    return [word for piece in TOKEN.findall(clean(text)) if (word := _normalise(piece))]


def pieces(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a text as ``words`` does, and keep how each word is written.

    Returns:
        The mended text; each token as it stands there, and the word as the vocabulary spells it.
    """
    plain = clean(text)
    return plain, [(piece, word) for piece in TOKEN.findall(plain) if (word := _normalise(piece))]


@lru_cache(maxsize=65_536)
def _normalise(piece: str) -> str:
    """Spell a token as the vocabulary does: lower case, no accents, one form for each ending."""
    if piece[0] in ".!?…":
        if "!" in piece:
            return "?!" if "?" in piece else "!"
        if "?" in piece:
            return "?"
        return "." if piece == "." else "..."
    if piece[0] in ":;=":
        return _emoticon(piece)
    if not piece.isascii():
        decomposed = unicodedata.normalize("NFKD", UNSEEN.sub("", piece))
        piece = "".join(c for c in decomposed if not unicodedata.combining(c))
    if "/" in piece:
        return re.sub(r"\s", "", piece).replace(",", ".")
    return LONG.sub(r"\1\1\1", piece.lower())


def _emoticon(piece: str) -> str:
    """Spell an emoticon with neither nose nor tear: one form for :-), =) and :]."""
    mouth = MOUTHS.get(piece[-1].upper(), "p")
    if piece[0] == ";" and mouth in ")D":
        return ";)"
    return ":(" if "'" in piece and mouth not in ")D" else f":{mouth.lower()}"


class Vocabulary:
    """The words that a network knows, each with the row of the embedding that holds its vector.

    Row 0 is padding and row 1 stands for every unknown word; words follow by falling frequency.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """Number the words.

        Args:
            words: distinct words; the first gets id 2.

        Raises:
            ValueError: if a word occurs twice.
        """
        self.words = tuple(words)
        self._ids = {word: FIRST_WORD_ID + i for i, word in enumerate(self.words)}
        if len(self._ids) != len(self.words):
            raise ValueError("a vocabulary holds every word once; this list repeats some")

    def __len__(self) -> int:
        """Count the rows of the embedding, padding and unknown included."""
        return FIRST_WORD_ID + len(self.words)

    def __contains__(self, word: str) -> bool:
        """Tell whether the network knows a word."""
        return word in self._ids

    def ids(self, words: Iterable[str]) -> NDArray[np.int32]:
        """Look words up; unknown ones get ``UNKNOWN_ID``. Returns shape (words,)."""
        return np.array([self._ids.get(word, UNKNOWN_ID) for word in words], dtype=np.int32)

    @classmethod
    def from_counts(cls, counts: Counter[str], size: int, more: Sequence[str] = ()) -> Vocabulary:
        """Keep the ``size`` most frequent words, ties in alphabetical order, and then ``more``."""
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls([*(word for word, _ in ranked[:size]), *more])

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a vocabulary file: one word a line, UTF-8."""
        return cls(path.read_text(encoding="utf-8").split("\n")[:-1])

    def save(self, path: Path) -> None:
        """Write the vocabulary file that ``load`` reads."""
        path.write_text("".join(f"{word}\n" for word in self.words), encoding="utf-8")


def pad(texts: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Stack texts of token ids into (batch, time), padded at the end."""
    width = max(1, *(len(text) for text in texts)) if texts else 1
    padded = np.full((len(texts), width), PADDING_ID, dtype=np.int32)
    for row, text in enumerate(texts):
        padded[row, : len(text)] = text
    return padded
