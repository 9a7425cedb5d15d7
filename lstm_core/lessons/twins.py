"""Twins of a text: one small change, made by rule, that ought to turn or bend the verdict."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from lstm_core.language import mark, say
from lstm_core.sentiment.reader import Reading
from lstm_core.sentiment.tokenizer import Token, tokenize

_PAIRS = """
good bad; great terrible; excellent awful; wonderful dreadful; brilliant stupid; superb lousy;
beautiful ugly; funny boring; interesting dull; best worst; better worse; perfect flawed;
lovely horrible; amazing appalling; fantastic atrocious; moving cold; warm icy; fresh stale;
clever silly; smart dumb; original predictable; convincing unconvincing; believable ridiculous;
strong weak; rich poor; fine bad; enjoyable tedious; entertaining tiresome; charming annoying;
delightful painful; gripping tedious; tense slack; terrific terrible; outstanding abysmal;
memorable forgettable; impressive disappointing; happy sad; loved hated; love hate; liked disliked;
enjoyed endured; recommended discouraged; generous mean; tender harsh; success failure;
masterpiece disaster; gem mess; joy bore; worth wasting; delicious disgusting; friendly rude;
clean dirty; easy hard; fast slow; cheap overpriced; reliable unreliable; useful useless
"""
OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS.replace("\n", " ").split(";"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)

AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "am",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "should",
        "must",
        "may",
        "might",
        "'s",
        "it's",
        "that's",
        "he's",
        "she's",
        "there's",
        "i'm",
        "they're",
        "we're",
        "you're",
    ]
)
PRONOUNS = frozenset(["i", "you", "he", "she", "it", "we", "they", "this", "that", "there", "what"])
SHORT = 3
NEGATE, SWAP, ADD_BUT = mark("Negate"), mark("Swap the decisive word"), mark("Add “but …”")
"""The names of the rules."""
NEGATIONS = frozenset(("not", "never"))
UNDONE = {"can't": "can", "won't": "will", "shan't": "shall"}
BUT = {
    True: " But in the end it left me cold, and I cannot recommend it.",
    False: " But in the end I loved it, and I would see it again.",
}
"""What is added to a text whose verdict is positive, and to one whose verdict is negative."""


@dataclass(frozen=True)
class Twin:
    """A changed text, and what was changed in it; without a text, why there is none.

    Attributes:
        name: of the rule, marked for translation.
        text: changed.
        change: in words, in the language that is spoken.
    """

    name: str
    text: str
    change: str


def twins(reading: Reading) -> list[Twin]:
    """Make every twin of a text."""
    return [negated(reading), swapped(reading), with_a_but(reading)]


def negated(reading: Reading) -> Twin:
    """Say the opposite of the sentence with the decisive word.

    A negation in it is taken away; otherwise "not" goes behind the nearest auxiliary verb before
    the word, in front of a short exclamation, or the whole sentence is denied.
    """
    tokens, text = reading.tokens_read, reading.text
    place = start = end = _decisive(reading)
    while start and not _ends(tokens[start - 1]):
        start -= 1
    while end < len(tokens) and not _ends(tokens[end]):
        end += 1
    negations = [at for at in range(start, end) if _negates(tokens[at].word)]
    if negations:
        token = tokens[min(negations, key=lambda at: abs(at - place))]
        if token.word in NEGATIONS:
            return _cut(text, token)
        return _replaced(NEGATE, text, token, UNDONE.get(token.word, token.word[:-3]))
    for at in range(place - 1, start - 1, -1):
        if tokens[at].word in AUXILIARIES:
            said = text[tokens[at].start : tokens[at].end]
            return _replaced(NEGATE, text, tokens[at], f"{said} not")
    first = tokens[start]
    said = text[first.start : first.end]
    is_i = first.word == "i" or first.word.startswith("i'")
    inside = said if is_i else said[:1].lower() + said[1:]
    short = end - start <= SHORT and first.word not in PRONOUNS
    return _replaced(NEGATE, text, first, f"{'not' if short else 'it is not true that'} {inside}")


def swapped(reading: Reading) -> Twin:
    """Put the opposite in the place of the word that moved the verdict most and has one."""
    values = abs(reading.contributions.words)
    tokens = reading.tokens_read
    for place in (-values).argsort(kind="stable").tolist():
        if tokens[place].word in OPPOSITES:
            opposite = OPPOSITES[tokens[place].word]
            return _replaced(SWAP, reading.text, tokens[place], opposite)
    return Twin(SWAP, "", say("No word of this text is in the list of opposites."))


def with_a_but(reading: Reading) -> Twin:
    """Add a sentence that turns round."""
    added = BUT[reading.probability >= 0.5]
    return Twin(ADD_BUT, reading.text.rstrip() + added, say("added: “{text}”", text=added.strip()))


def _decisive(reading: Reading) -> int:
    """Find the word that moved the verdict most, negations and marks aside."""
    tokens = reading.tokens_read
    values = abs(reading.contributions.words)
    words = [
        place
        for place, token in enumerate(tokens)
        if token.word[:1].isalnum() and not _negates(token.word)
    ]
    return max(words or range(len(tokens)), key=lambda place: float(values[place]))


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _ends(token: Token) -> bool:
    return token.word[0] in ".!?"


def _replaced(name: str, text: str, token: Token, new: str) -> Twin:
    old = text[token.start : token.end]
    if old[:1].isupper():
        new = new[:1].upper() + new[1:]
    return Twin(name, text[: token.start] + new + text[token.end :], f"“{old}” → “{new}”")


def _cut(text: str, token: Token) -> Twin:
    rest = text[token.end :].removeprefix(" ")
    old = text[token.start : token.end]
    return Twin(NEGATE, text[: token.start] + rest, say("“{old}” taken away", old=old))


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """List what was changed between two texts, word by word: (old words, new words) each."""
    one, other = tokenize(before), tokenize(after)

    def said(text: str, tokens: Sequence[Token]) -> str:
        return text[tokens[0].start : tokens[-1].end] if tokens else ""

    blocks = difflib.SequenceMatcher(
        None, [token.word for token in one], [token.word for token in other], autojunk=False
    ).get_opcodes()
    return [
        (said(before, one[i:j]), said(after, other[k:m]))
        for kind, i, j, k, m in blocks
        if kind != "equal"
    ]
