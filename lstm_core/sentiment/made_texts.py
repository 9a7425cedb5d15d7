"""Short texts to learn from that a teacher labels: sentences of reviews, and changed ones.

A teacher can be asked about any text, so that nothing has to be true by rule: sentences and
pieces are cut out of the reviews, opinion words are exchanged, a "not" is put in or taken out, a
film becomes a meal or a telephone, words are left out. What each then says is the teacher's to
judge (Mukherjee and Awadallah: Distilling Transformers into Simple Neural Networks, 2019).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from lstm_core.sentiment.opposites import OPPOSITES
from lstm_core.sentiment.plain_sentences import BAD, GOOD, SUBJECTS, Choice

SENTENCE = re.compile(r"\S.*?(?:[.!?]+[\"')]*(?=\s|$)|$)")
MARKUP = re.compile(r"<[^>]{0,40}>")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CLAUSE_ENDS = re.compile(r"[,;:()]|\s-+\s")
FEWEST_WORDS, MOST_WORDS, MOST_OF_ALL = 2, 60, 320
"""Of a sentence that is worth asking about, and of a text."""
TRIES = 4

ABOUT_FILMS = {
    "film",
    "movie",
    "flick",
    "picture",
    "show",
    "series",
    "episode",
    "sequel",
    "story",
    "plot",
    "script",
    "acting",
    "cast",
}
AUXILIARY = re.compile(
    r"\b(is|was|are|were|am|does|did|do|has|have|had|could|would|should|can|will)\b(?! not\b)(?!['’])",
    re.IGNORECASE,
)
RATING = re.compile(r"\b(10|\d)(?=(?:/| out of )10\b)")
NEGATION = re.compile(r" not\b|n['’]t\b| never\b| hardly\b| no\b(?! one| doubt)", re.IGNORECASE)
_OPINIONS = frozenset((*GOOD, *BAD))


def sentences_of(text: str) -> list[str]:
    """Cut a review into its sentences, in order, without markup and outer blanks."""
    plain = MARKUP.sub(" ", text)
    found = (" ".join(match[0].split()) for match in SENTENCE.finditer(plain))
    return [sentence for sentence in found if WORD.search(sentence)]


def made_texts(reviews: Sequence[str], count: int, seed: tuple[int, ...]) -> list[str]:
    """Cut sentences and pieces out of reviews, and change some of them.

    Args:
        reviews: whole texts; of each as many are taken as of any other, or one fewer.
        count: how many texts to try for; texts that come out twice, too short or too long are
            left out.
        seed: the same seed makes the same texts.

    Returns:
        The texts, each once.
    """
    rng = np.random.default_rng(seed)
    ways = list(WAYS)
    made: dict[str, None] = {}
    for at in range(count):
        # The whole round of reviews is gone through before one has its second turn.
        sentences = sentences_of(reviews[at % len(reviews)])
        if not sentences:
            continue
        way = ways[int(rng.choice(len(ways), p=list(WAYS.values())))]
        tries = (way(sentences, rng) for _ in range(TRIES))
        if text := next((one for one in tries if one and _is_worth_asking(one)), ""):
            made[text] = None
    return list(made)


def cut_texts(reviews: Sequence[str], count: int, seed: tuple[int, ...]) -> list[tuple[int, str]]:
    """Cut sentences and pieces out of reviews and change nothing, so that a review's label stands.

    Args:
        reviews: whole texts.
        count: how many to try for.
        seed: the same seed cuts the same texts.

    Returns:
        The row of the review that each is cut from, and the text.
    """
    rng = np.random.default_rng(seed)
    cut = []
    for at in range(count):
        row = at % len(reviews)
        way = (_sentence, _sentence, _clause, _piece)[int(rng.integers(4))]
        text = way(sentences_of(reviews[row]) or [""], rng)
        if _is_worth_asking(text):
            cut.append((row, text))
    return cut


def _is_worth_asking(text: str) -> bool:
    return FEWEST_WORDS <= len(WORD.findall(text)) <= MOST_OF_ALL


def _sentence(sentences: list[str], rng: np.random.Generator) -> str:
    """Draw a sentence; one with an opinion word three times as often as one without."""
    drawn = [sentences[int(rng.integers(len(sentences)))] for _ in range(3)]
    rated = [one for one in drawn if _OPINIONS & set(one.lower().split())]
    one = rated[0] if rated and rng.random() < 0.75 else drawn[0]
    return one if len(WORD.findall(one)) <= MOST_WORDS else ""


def _clause(sentences: list[str], rng: np.random.Generator) -> str:
    """Draw a part of a sentence that stands between two commas or brackets."""
    clauses = [one.strip() for one in CLAUSE_ENDS.split(_sentence(sentences, rng))]
    return clauses[int(rng.integers(len(clauses)))]


def _piece(sentences: list[str], rng: np.random.Generator) -> str:
    """Draw two to five sentences in a row."""
    length = int(rng.integers(2, 6))
    first = int(rng.integers(max(1, len(sentences) - length + 1)))
    return " ".join(sentences[first : first + length])


def _exchanged(sentences: list[str], rng: np.random.Generator) -> str:
    """Put other opinion words for most of those of a sentence or a short piece."""
    draw = rng.random()
    drawn = _sentence if draw < 0.5 else _clause if draw < 0.7 else _piece
    return _turned(drawn(sentences, rng), rng)


def _turned(text: str, rng: np.random.Generator) -> str:
    """Exchange four of five opinion words of a text; returns nothing if there are none."""
    changed = False

    def other(match: re.Match[str]) -> str:
        nonlocal changed
        word = match[0].lower()
        if not (word in _OPINIONS or word in OPPOSITES) or rng.random() < 0.2:
            return match[0]
        changed = True
        if word in OPPOSITES:
            put = one_of(OPPOSITES[word], rng)
        else:
            # Three of four are turned, since a review says the like of what it said anyway.
            is_good = (word in GOOD) == (rng.random() < 0.25)
            put = one_of(GOOD if is_good else BAD, rng)
        return put.capitalize() if match[0].istitle() else put

    text = WORD.sub(other, RATING.sub(lambda match: str(max(1, 11 - int(match[0]))), text))
    return text if changed else ""


def _negated(sentences: list[str], rng: np.random.Generator) -> str:
    """Put a "not" into a sentence, or take one out."""
    text = (_sentence if rng.random() < 0.6 else _clause)(sentences, rng)
    if NEGATION.search(text) and rng.random() < 0.7:
        return NEGATION.sub("", text, count=1)
    places = list(AUXILIARY.finditer(text))
    if not places:
        return ""
    place = places[int(rng.integers(len(places)))]
    return f"{text[: place.end()]} {one_of(('not', 'never', 'hardly'), rng, (0.8, 0.12, 0.08))}{text[place.end() :]}"


def _elsewhere(sentences: list[str], rng: np.random.Generator) -> str:
    """Say of a meal, a telephone or a hotel what was said of a film."""
    text = (_sentence if rng.random() < 0.6 else _clause)(sentences, rng)
    thing, changed = one_of(SUBJECTS, rng), False

    def put(match: re.Match[str]) -> str:
        nonlocal changed
        if match[0].lower() not in ABOUT_FILMS:
            return match[0]
        changed = True
        return thing

    text = WORD.sub(put, text)
    return text if changed else ""


def _rewritten(sentences: list[str], rng: np.random.Generator) -> str:
    """Turn what some or all sentences in a row say, as people rewrite a review."""
    length = int(rng.integers(4, 25))
    first = int(rng.integers(max(1, len(sentences) - length + 1)))
    share = one_of((1.0, 0.7, 0.4), rng)

    def turned(one: str) -> str:
        if rng.random() > share:
            return one
        return _turned(one, rng) or _negated([one], rng) or one

    return " ".join(turned(one) for one in sentences[first : first + length])


def _thinned(sentences: list[str], rng: np.random.Generator) -> str:
    """Leave out about every sixth word, and the signs that stand alone."""
    words = _sentence(sentences, rng).split()
    return " ".join(word for word in words if rng.random() > 1 / 6)


def _joined(sentences: list[str], rng: np.random.Generator) -> str:
    """Join two sentences of different places by a word that weighs one against the other."""
    one, two = (_sentence(sentences, rng).rstrip(".!? ") for _ in range(2))
    if not one or not two or one == two:
        return ""
    two = two[0].lower() + two[1:]
    although = f"Although {one[0].lower()}{one[1:]}, {two}."
    return one_of((f"{one}, but {two}.", although, f"{one}. Still, {two}."), rng)


def one_of(
    words: Sequence[Choice], rng: np.random.Generator, p: Sequence[float] | None = None
) -> Choice:
    """Draw one of several words or texts; ``p``, if given, is how likely each is."""
    return words[int(rng.choice(len(words), p=p) if p else rng.integers(len(words)))]


WAYS: dict[Callable[[list[str], np.random.Generator], str], float] = {
    _sentence: 0.22,
    _clause: 0.06,
    _piece: 0.12,
    _exchanged: 0.2,
    _negated: 0.12,
    _elsewhere: 0.1,
    _rewritten: 0.12,
    _thinned: 0.02,
    _joined: 0.04,
}
"""How a text may be made, and how often each is tried."""
