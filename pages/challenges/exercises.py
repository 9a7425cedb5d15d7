"""Tour, quests and questions of the page on challenges; the state is what was tried there."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from lstm_core.sentiment.probe import is_right, read_probe
from lstm_core.sentiment.reader import Reading, Scores
from lstm_core.sentiment.tokenizer import tokenize
from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.questions import Question
from pages.challenges.lesson import START, Challenge, hardest, rates

REORDERED, MISSPELT, SIMILAR = 0.2, 0.15, 0.7
"""How far another order, and a misspelling, must move the probability; how alike both spellings are."""
FACT = 6
"""Words of a plain fact, at least."""
SURE = 0.4
"""So far from one half a probability is called sure: 90% or 10%."""


@cache
def _ours() -> frozenset[str]:
    return frozenset(row["text"] for row in read_probe())


def is_ours(text: str) -> bool:
    """Tell whether a sentence is one of the probe, and not the visitor's own."""
    return text in _ours()


@dataclass(frozen=True)
class Screen:
    """What is on the screen.

    Attributes:
        challenge: the one that was chosen.
        reading: of the sentence in the field; None if there is no word in it.
        rows: the probe sentences of the challenge; none for length.
        scores: what the network says of them now; None for length.
        results: what was measured of the network, as ``reader.measured`` reads it.
        by_words_left: its accuracy on reviews cut short, as ``reader.failures`` reads it.
    """

    challenge: Challenge
    reading: Reading | None
    rows: Sequence[Mapping[str, str]]
    scores: Scores | None
    results: Mapping[str, Any]
    by_words_left: Sequence[Mapping[str, Any]]

    @cached_property
    def reordered_from(self) -> int | None:
        """The sentence of ours whose words, all of them, stand in the field in another order."""
        if self.reading is None or self._is_ours:
            return None
        words = [token.word for token in self.reading.tokens]
        for place, row in enumerate(self.rows):
            theirs = [token.word for token in tokenize(row["text"])]
            if words != theirs and sorted(words) == sorted(theirs):
                return place
        return None

    @cached_property
    def misspelt_from(self) -> int | None:
        """The sentence of ours of which one word, and nothing else, is misspelt and so unknown."""
        if self.reading is None or self._is_ours:
            return None
        words = [token.word for token in self.reading.tokens]
        marked = zip(words, self.reading.known, strict=True)
        unknown = {word for word, known in marked if not known}
        for place, row in enumerate(self.rows):
            theirs = [token.word for token in tokenize(row["text"])]
            if len(theirs) != len(words):
                continue
            pairs = [(old, new) for old, new in zip(theirs, words, strict=True) if old != new]
            if len(pairs) == 1 and pairs[0][1] in unknown and _alike(*pairs[0]) >= SIMILAR:
                return place
        return None

    @property
    def _is_ours(self) -> bool:
        return self.reading is not None and is_ours(self.reading.text)

    def moved(self, place: int | None) -> float:
        """Say how far the sentence's probability is from that of one of ours; 0 from none."""
        if self.reading is None or self.scores is None or place is None:
            return 0.0
        return abs(self.reading.probability - float(self.scores.probability[place]))


def _alike(old: str, new: str) -> float:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


TOUR = (
    Card(
        mark("How often is it right?"),
        mark(
            "Each bar is a rate on sentences of our own; the thin line is its 95% interval. The dotted line "
            "is guessing between two sides. **Choose Negation** and read why it is hard."
        ),
        sets={"challenge": START["challenge"]},
        cue="challenge",
        panel="rates",
        done=lambda values: values.get("challenge") == "Negation",
    ),
    Card(
        mark("Try one"),
        mark(
            "The field opens with the sentence that it gets most wrong. **Write a sentence of your own with “not” in it** "
            "and press Enter. Does the network turn the word, or only add the two up?"
        ),
        sets={"challenge": "Negation"},
        cue="challenge_text",
        panel="try",
        done=lambda values: (
            bool(values.get("challenge_text")) and not is_ours(str(values["challenge_text"]))
        ),
    ),
    Card(
        mark("Where it is right"),
        mark(
            "The table lists the failures alone. **Switch “Show only failures” off**, "
            "sort by the last column, and look at what it reads well."
        ),
        sets={"challenge_wrong": START["challenge_wrong"]},
        cue="challenge_wrong",
        panel="sentences",
        done=lambda values: values.get("challenge_wrong") is False,
    ),
    Card(
        mark("Short texts"),
        mark(
            "One thing is measured otherwise: reviews cut to their first or last words. **Choose "
            "Length** and compare both curves. Which end of a review says more?"
        ),
        sets={"challenge": "Misspelling"},
        cue="challenge",
        panel="rates",
        done=lambda values: values.get("challenge") == "Length",
    ),
)


def _moved_so_far(screen: Screen, place: int | None, missing: str) -> str:
    if screen.reading is None:
        return say("There is no word in this that could be read.")
    if screen.scores is None or place is None:
        return missing
    return say(
        "Probability of positive: from {before:.0%} to {after:.0%}.",
        before=float(screen.scores.probability[place]),
        after=screen.reading.probability,
    )


def _no_side(screen: Screen) -> bool:
    reading = screen.reading
    if reading is None or is_ours(reading.text):
        return False
    return _words(reading) >= FACT and reading.verdict == "mixed or unclear"


def _words(reading: Reading) -> int:
    """Count the words of a sentence, without its marks."""
    return sum(token.word[:1].isalnum() for token in reading.tokens)


def _no_side_so_far(screen: Screen) -> str:
    if screen.reading is None:
        return say("There is no word in this that could be read.")
    return say(
        "{words} words, read as {verdict}.",
        words=_words(screen.reading),
        verdict=say(screen.reading.verdict),
    )


QUESTS = (
    Quest[Screen](
        "same-words",
        mark(
            "Put the words of one of our sentences into another order, so that its probability moves by 20 "
            "points or more. A list of rated words could not see the difference."
        ),
        lambda screen: screen.moved(screen.reordered_from) >= REORDERED,
        lambda screen: _moved_so_far(
            screen,
            screen.reordered_from,
            say(
                "The sentence in the field does not have the words of one of ours in another order."
            ),
        ),
        mark("Choose Contrast, and let both sides of “but” change places."),
    ),
    Quest[Screen](
        "one-letter",
        mark(
            "Misspell a single word of one of our sentences so that its probability moves by 15 points or "
            "more."
        ),
        lambda screen: screen.moved(screen.misspelt_from) >= MISSPELT,
        lambda screen: _moved_so_far(
            screen,
            screen.misspelt_from,
            say("The sentence in the field is not one of ours with one word misspelt."),
        ),
        mark(
            "Take the word with the strongest colour. One wrong letter is mended; a wrong first letter is not."
        ),
    ),
    Quest[Screen](
        "no-side",
        mark("Write a sentence of your own, of six words or more, on which it takes no side."),
        _no_side,
        _no_side_so_far,
        mark(
            "A plain fact is often not enough: see “Definition of neutral”. Weigh a good word against a bad one."
        ),
    ),
)


def quiz(screen: Screen) -> tuple[Question, ...]:
    """Ask what is hardest, which end of a review says more, of chance, and of certainty."""
    asked = (
        hardest(dict(screen.results)),
        _which_end(screen),
        _surprising(screen),
        _sure_and_wrong(screen),
    )
    return tuple(question for question in asked if question is not None)


def _which_end(screen: Screen) -> Question:
    """Ask which end of a review says more."""
    words = 10
    rows = {row["which"]: row for row in screen.by_words_left if row["words"] == words}
    first, last = rows["first"]["accuracy"], rows["last"]["accuracy"]
    right = 0 if first > last else 1 if last > first else 2
    return Question(
        say(
            "Of each review only {words} words are left. On which is the network right more often?",
            words=words,
        ),
        (say("The first ones"), say("The last ones"), say("It makes no difference")),
        (right,),
        (
            say("It is right in {rate:.1%} on the first {words} words.", rate=first, words=words),
            say("It is right in {rate:.1%} on the last {words} words.", rate=last, words=words),
            say("The two ends are {points:.1f} points apart.", points=100 * abs(last - first)),
        ),
    )


def _surprising(screen: Screen) -> Question | None:
    """Ask which rate would not fit to what was measured."""
    interval = rates(dict(screen.results)).get(screen.challenge.name)
    if interval is None:
        return None
    rate, low, high = interval
    beyond = low - 0.1 if low > 0.1 else high + 0.1
    choices = sorted(((low + rate) / 2, (rate + high) / 2, beyond))
    count = screen.results["probe"][screen.challenge.probe]["sentences"]
    fact = say(
        "Measured: {rate:.0%} of {count}. The 95% interval goes from {low:.0%} to {high:.0%}.",
        rate=rate,
        count=count,
        low=low,
        high=high,
    )
    return Question(
        say(
            "{name}: right in {rate:.0%} of {count} sentences. Somebody writes thousands more of this "
            "kind. Which rate on those would surprise you?",
            name=say(screen.challenge.name),
            rate=rate,
            count=count,
        ),
        tuple(f"{choice:.1%}" for choice in choices),
        (choices.index(beyond),),
        tuple(
            fact
            if choice == beyond
            else say("{rate:.1%} lies within the 95% interval of the measured rate.", rate=choice)
            for choice in choices
        ),
    )


def _sure_and_wrong(screen: Screen) -> Question | None:
    """Ask how often it is sure where it is wrong."""
    if screen.scores is None:
        return None
    wrong, sure = 0, 0
    refused = screen.scores.refused
    for row, p, why in zip(screen.rows, screen.scores.probability.tolist(), refused, strict=True):
        if math.isnan(p) or is_right(row["expected"], p, why):
            continue
        wrong += 1
        sure += abs(p - 0.5) >= SURE
    if not wrong:
        return None
    counts = sorted({0, sure, wrong})
    fact = say(
        "Of {wrong} sentences that it reads wrongly it is 90% sure or more on {sure}.",
        wrong=wrong,
        sure=sure,
    )
    return Question(
        say(
            "It reads {wrong} sentences of this kind wrongly. On how many of them is it 90% sure or more "
            "all the same?",
            wrong=wrong,
        ),
        tuple(say("{count} of {wrong}", count=count, wrong=wrong) for count in counts),
        (counts.index(sure),),
        tuple(
            fact
            if count == sure
            else say("It is sure of more of them than that, and wrong all the same.")
            if count < sure
            else say("On {count} of them it is less sure.", count=wrong - sure)
            for count in counts
        ),
        tuple("confidence-is-correctness" if not count and sure else "" for count in counts),
    )
