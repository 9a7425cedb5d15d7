"""A word that the network does not know is read as the nearest one that it knows, if that is plain.

``terible`` is read as terrible and ``goooood`` as good; a name, a foreign word and a rare English
word stay unknown. The distance between two words counts letters that are missing, too many,
exchanged or in the wrong order (optimal string alignment), with RapidFuzz.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import product

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from lstm_core.sentiment.english import is_english
from lstm_core.sentiment.tokenizer import FIRST_WORD_ID, Vocabulary

SHORTEST, LONG = 5, 7
"""Words of fewer letters are too near to others. From ``LONG`` on, any one letter may be wrong, and
two where all consonants are right."""
FREQUENT = 16_000
"""A word is read only as one of the so many most frequent ones that the network knows."""
VERY_FREQUENT = 1_500
"""So frequent is a word of three or four letters as which one with two exchanged is read."""
RARER = 3
"""Of two candidates at the same distance, the other one must be so many times farther back."""
FURTHER_FORMS = {
    "gr8": "great",
    "gud": "good",
    "sux": "sucks",
    "pls": "please",
    "dnt": "don't",
    "didint": "didn't",
    "xd": ":d",
    "l8": "late",
    "luv": "love",
    "luvs": "loves",
    "luved": "loved",
    "thx": "thanks",
    "plz": "please",
    "ppl": "people",
    "rly": "really",
    "nite": "night",
    "evry": "every",
    "wierd": "weird",
    "shud": "should",
    "wud": "would",
    "cud": "could",
}
"""What people write on purpose, or too often to be left to the rule."""
REPEATED = re.compile(r"([a-z])\1\1+")
TWICE = 300
"""A drawn-out word is one with two of a letter, as good or too, if that is so frequent."""
COMMON = 4_000
"""A word with a capital at the beginning of a sentence may be a name, and is read only as such."""
VOWELS = re.compile("[aeiouyhw]")
DOUBLED = re.compile(r"(.)\1+")
PLAIN = re.compile(r"[a-z]+")
SENTENCE_ENDS = frozenset({".", "!", "?", "...", "?!"})
RATING = re.compile(r"(100|\d\d?(?:\.\d+)?)/(5|10|100)|(\d\.\d+)/(4)")
OF_FIVE = re.compile(r"\d(?:\.\d+)?/5")
"""A rating that is read on a scale of ten even where it is known: of five, the network saw too few."""


class Spelling:
    """Reads unknown words as known ones; belongs to a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take the words, the most frequent one first."""
        self.vocabulary = vocabulary
        self.read_as = lru_cache(maxsize=65_536)(self._read_as)

    def __reduce__(self) -> tuple[type[Spelling], tuple[Vocabulary]]:
        """Travel to another process without what was looked up so far."""
        return type(self), (self.vocabulary,)

    def corrected(
        self, split: Sequence[tuple[str, str]], places: Iterable[int] | None = None
    ) -> dict[int, str]:
        """Read the unknown words of a text.

        Args:
            split: each token as it is written, and as the vocabulary spells it; a capital within a
                sentence marks a name, which stays as it is.
            places: of the unknown words to look at; all of them if None.

        Returns:
            What each word is read as, by its place; only those that are read otherwise.
        """
        found = {}
        for place in range(len(split)) if places is None else places:
            piece, word = split[place]
            if OF_FIVE.fullmatch(word):
                if place + 1 < len(split) and split[place + 1][1] == "of":  # A part of something.
                    continue
            elif word in self.vocabulary:
                continue
            first = place == 0 or split[place - 1][1] in SENTENCE_ENDS
            if not first and _is_name(piece):
                continue
            read = self.read_as(word)
            if read and not (_is_name(piece) and self._rank(read) >= COMMON):
                found[place] = read
        return found

    def _read_as(self, word: str) -> str | None:
        """Return the known word as which an unknown one is read; None if none is plain."""
        if further := FURTHER_FORMS.get(word):
            return further if further in self.vocabulary else None
        if rating := RATING.fullmatch(word):
            given, most = (float(part) for part in rating.groups() if part is not None)
            return self._rating(given / most)
        if not PLAIN.fullmatch(word):
            return None
        shorter = self._shortened(word) if REPEATED.search(word) else None
        if shorter or is_english(word):
            return shorter
        if len(word) < SHORTEST:
            return self._exchanged(word)
        return self._plain(word, self._near(word))

    def _rating(self, share: float) -> str | None:
        """Return the known rating of ten that is nearest to a share of all stars."""
        if share > 1.0:
            return None
        named = f"{round(10 * share)}/10"
        return named if named in self.vocabulary else None

    def _shortened(self, word: str) -> str | None:
        """Return the most frequent known word that a drawn-out one may be."""
        pieces = REPEATED.split(word)
        letters = pieces[1::2]
        if len(letters) > 4:
            return None
        forms = (
            "".join(a + b for a, b in zip(pieces[::2], [*runs, ""], strict=True))
            for runs in product(*((letter, 2 * letter) for letter in letters))
        )
        known = [form for form in forms if form in self.vocabulary and len(form) > 1]
        twice = [form for form in known if len(form) > len(known[0]) and self._rank(form) < TWICE]
        return min(twice or known, key=self._rank, default=None)

    def _exchanged(self, word: str) -> str | None:
        """Return the very frequent word of three or four letters that two exchanged ones make."""
        if len(word) < 3:
            return None
        forms = {
            word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            for i in range(len(word) - 1)
            if word[i] != word[i + 1]
        }
        known = [form for form in forms if self._rank(form) < VERY_FREQUENT]
        return known[0] if len(known) == 1 else None

    def _near(self, word: str) -> list[str]:
        """Return the frequent words that an unknown one may be, the most frequent one first."""
        most = 2 if len(word) >= LONG else 1
        lengths = range(len(word) - most, len(word) + most + 1)
        shelf = [known for length in lengths for known in self._shelves.get((word[0], length), ())]
        near = extract(word, shelf, scorer=OSA.distance, score_cutoff=most, limit=None)
        one_off = [known for known, distance, _ in near if distance == 1]
        two_off = [known for known, *_ in near if consonants(known) == consonants(word)]
        return sorted(one_off or two_off, key=self._rank)

    def _plain(self, word: str, near: Sequence[str]) -> str | None:
        """Return the first of some words if none else comes into question.

        Most people get consonants right, at most in the wrong order; in a short word they must be.
        """
        if not near:
            return None
        first, *others = near
        if len(word) < LONG and sorted(consonants(first)) != sorted(consonants(word)):
            return None
        farther = RARER * (self._rank(first) + 10)
        return first if all(self._rank(other) >= farther for other in others) else None

    def _rank(self, word: str) -> int:
        """Return how many words are more frequent; the size of the vocabulary for an unknown one."""
        row = int(self.vocabulary.ids([word])[0])
        return row - FIRST_WORD_ID if row >= FIRST_WORD_ID else len(self.vocabulary)

    @cached_property
    def _shelves(self) -> dict[tuple[str, int], list[str]]:
        """Put the frequent words on shelves, by their first letter and length."""
        shelves: dict[tuple[str, int], list[str]] = {}
        for word in self.vocabulary.words[:FREQUENT]:
            if PLAIN.fullmatch(word) and len(word) >= SHORTEST - 1:
                shelves.setdefault((word[0], len(word)), []).append(word)
        return shelves


def _is_name(piece: str) -> bool:
    """Tell whether a word within a sentence has a capital in front and no other."""
    return piece[0].isupper() and not piece[1:].isupper()


@lru_cache(maxsize=65_536)
def consonants(word: str) -> str:
    """Return the consonants of a word, doubled ones once."""
    return DOUBLED.sub(r"\1", VOWELS.sub("", DOUBLED.sub(r"\1", word)))
