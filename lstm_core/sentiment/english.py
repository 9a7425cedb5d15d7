"""Which words are English, by a dictionary: for spelling, refusals and words that were cut in two."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from lstm_core.sentiment.word_table import WordTable

SHORTEST_STEM = 4
"""Letters of a word that is told to be English by what it is derived from."""
ENDINGS = re.compile(r"(?:e?s|e?d|ing|e?r|e?st|ly|ness|ish)$")


def is_english(word: str) -> bool:
    """Tell whether a word, or what it is derived from, is in the dictionary."""
    stem = ENDINGS.sub("", word)
    return word in english_words() or (len(stem) >= SHORTEST_STEM and stem in english_words())


@cache
def english_words() -> WordTable:
    """Return the 82,765 English words of SymSpell's frequency dictionary."""
    source = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    return WordTable(line.split(" ", 1)[0] for line in lines)
