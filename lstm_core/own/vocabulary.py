"""Vocabularies: which token a word is, from the files in which people keep it."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from lstm_core.messages import Message, later
from lstm_core.own.pasted import content_of
from lstm_core.own.problems import OwnError, readable

UNKNOWN = ("[UNK]", "<UNK>", "<unk>", "<OOV>", "<oov>", "UNK", "unk", "[unk]")
MOST_WORDS = 2_000_000
NO_WORDS = later(
    "This is no vocabulary: it is read from a text with one word a line, or from JSON."
)


@dataclass(frozen=True)
class Vocabulary:
    """Words and their tokens.

    Attributes:
        ids: token of each word.
        words: word of each token.
        unknown: token of every other word; None if there is none, so that such words are left out.
        notes: how it was read.
    """

    ids: dict[str, int]
    words: dict[int, str]
    unknown: int | None
    notes: tuple[Message, ...] = ()

    @property
    def of_letters(self) -> bool:
        """Whether its words are single letters."""
        plain = [word for word in self.ids if word and word not in UNKNOWN]
        return bool(plain) and all(len(word) == 1 for word in plain)

    @property
    def lowered(self) -> bool:
        """Whether it has no capital letter, so that a text is put in small ones."""
        return not any(word != word.lower() for word in self.ids if word not in UNKNOWN)

    def split(self, text: str) -> list[str]:
        """Cut a text into its words as Keras does: small letters, no punctuation, at white space.

        A vocabulary with capital letters, with punctuation, or of letters keeps them.
        """
        text = text.lower() if self.lowered else text
        if self.of_letters:
            return list(text)
        if not any(mark in self.ids for mark in ".,!?"):
            text = re.sub(f"[{re.escape(string.punctuation)}]", "", text)
        else:
            text = re.sub(r"([.,!?;:()\"])", r" \1 ", text)
        return text.split()


def read_vocabulary(source: str | bytes | IO[bytes], name: str = "") -> Vocabulary:
    """Read a vocabulary: one word a line, JSON of words or of words and tokens, Keras' own.

    Args:
        source: the file, or what was pasted.
        name: of the file.

    Raises:
        OwnError: if it is none.
    """
    data = content_of(source)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OwnError(NO_WORDS) from error
    if "\0" in text:
        raise OwnError(NO_WORDS)
    if re.match(r'\s*(\{|\[\s*")', text):
        ids, notes = _from_json(text)
    else:
        ids, notes = _from_lines(text)
    if not ids or len(ids) > MOST_WORDS:
        raise OwnError(NO_WORDS)
    del name
    unknown = next((ids[word] for word in UNKNOWN if word in ids), None)
    words: dict[int, str] = {}
    for word, token in ids.items():
        words.setdefault(token, word)
    return Vocabulary(ids, words, unknown, tuple(notes))


def shifted(vocabulary: Vocabulary, by: int) -> Vocabulary:
    """Move every token: ``keras.datasets.imdb`` has its words 3 further than its word index says."""
    return Vocabulary(
        {word: token + by for word, token in vocabulary.ids.items()},
        {token + by: word for token, word in vocabulary.words.items()},
        2 if by == 3 and vocabulary.unknown is None else vocabulary.unknown,
        (*vocabulary.notes, later("Every token is moved by {by}.", by=by)),
    )


def _from_json(text: str) -> tuple[dict[str, int], list[Message]]:
    try:
        content = json.loads(text)
        if isinstance(content, dict) and "config" in content:
            content = _tokenizer(content["config"])
        elif isinstance(content, dict) and isinstance(content.get("model"), dict):
            content = content["model"]["vocab"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise OwnError(NO_WORDS) from error
    if isinstance(content, list):
        return _numbered([str(word) for word in content]), [
            later("A word's token is its place in the list, from 0.")
        ]
    if not isinstance(content, dict):
        raise OwnError(NO_WORDS)
    return _pairs(content), [later("The file says the token of each word.")]


def _tokenizer(config: Mapping[str, Any]) -> Any:
    """The words of ``Tokenizer.to_json()``, or of a layer ``TextVectorization``."""
    if "word_index" in config:
        index = config["word_index"]
        return json.loads(index) if isinstance(index, str) else index
    return config["vocabulary"]


def _pairs(pairs: Mapping[str, Any]) -> dict[str, int]:
    """Words and tokens, whichever of them is the key."""
    ids: dict[str, int] = {}
    for key, value in pairs.items():
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise OwnError(NO_WORDS)
        if isinstance(value, int):
            ids[str(key)] = value
        elif re.fullmatch(r"\d{1,9}", key):
            ids.setdefault(value, int(key))
        else:
            raise OwnError(
                later("“{word}” has no number as its token in the vocabulary.", word=readable(key))
            )
    if any(not 0 <= token < MOST_WORDS for token in ids.values()):
        raise OwnError(NO_WORDS)
    return ids


def _from_lines(text: str) -> tuple[dict[str, int], list[Message]]:
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    lines = [line.rstrip("\r") for line in lines]
    pairs = [re.fullmatch(r"(.*\S)[\t ,;]+(\d{1,9})", line) for line in lines[:50]]
    if lines and all(pairs):
        ids: dict[str, int] = {}
        for line in lines:
            match = re.fullmatch(r"(.*\S)[\t ,;]+(\d{1,9})", line)
            if match:
                ids.setdefault(match[1], int(match[2]))
        return ids, [later("The file says the token of each word.")]
    return _numbered(lines), [later("A word's token is its line, from 0.")]


def _numbered(words: list[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for place, word in enumerate(words):
        ids.setdefault(word, place)
    return ids
