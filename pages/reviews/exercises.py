"""Tour, quests and questions of the page on sentiment; the state is what was read there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstm_core.sentiment.explanations import Phrase
from lstm_core.sentiment.reader import Reading
from lstm_core.sentiment.tokenizer import tokenize
from pages._book.exercises import END, Card, Quest
from pages._book.language import mark, plural, say
from pages._book.questions import Question
from pages.reviews.lesson import CHANGE, EXAMPLES, FIRST, START, label
from pages.reviews.twins import changes

WARM, TURNS = FIRST, EXAMPLES["One that turns"]
WORD = "terrific"
TOGETHER = 2.0
"""So much of a logit must a phrase say beyond its words."""


@dataclass(frozen=True)
class Screen:
    """What is on the screen.

    Attributes:
        reading: of the text in the field.
        lengths: words in each beginning of it that was read anew.
        probabilities: of "positive" after each of them, calibrated.
        step: the beginning that is shown, from 0.
        changed: the reading of the changed text, if there is one.
        phrase: the phrase that was weighed, if there is one.
        results: what was measured of the network, as ``reader.measured`` reads it.
    """

    reading: Reading
    lengths: list[int]
    probabilities: list[float]
    step: int
    changed: Reading | None
    phrase: Phrase | None
    results: Mapping[str, Any]

    @cached_property
    def changes(self) -> list[tuple[str, str]]:
        """What was changed between both texts, (old words, new words) each."""
        if self.changed is None:
            return []
        return changes(self.reading.text, self.changed.text)

    @property
    def one_word(self) -> bool:
        """Whether one word was put in the place of one other, and nothing else was changed."""
        pairs = [(tokenize(old), tokenize(new)) for old, new in self.changes]
        return len(pairs) == 1 and len(pairs[0][0]) == 1 and len(pairs[0][1]) == 1


def _place_of(word: str, text: str) -> int:
    return [token.word for token in tokenize(text)].index(word)


TOUR = (
    Card(
        mark("A verdict, and how far to trust it"),
        mark(
            "The network read the whole text at once. Beside its verdict stands how often it was right in "
            "such cases, on reviews that it had never seen. **Press “One that turns”** and compare: it takes "
            "a side only where the odds are two to one or more."
        ),
        sets={"text": WARM, "word": END},
        cue="preset_One-that-turns",
        panel="verdict",
        done=lambda values: values.get("text") == TURNS,
    ),
    Card(
        mark("As it was read"),
        mark(
            "Every beginning of the text was read anew, as if it ended there. **Click the word "
            "“terrific”**, then step on with the arrow keys: where does the verdict turn? The curves "
            "show what the forward and the backward half add. A link opens the cell at the word where "
            "you stand."
        ),
        sets={"text": TURNS, "word": END},
        cue="panel_reading",
        panel="reading",
        done=lambda values: values.get("word") == _place_of(WORD, TURNS),
    ),
    Card(
        mark("Three answers to “why?”"),
        mark(
            "Which words decided? Three methods share the logit out, and they differ. **Choose "
            "Occlusion** and compare. “Test of the methods” then deletes the words that each method ranks "
            "first."
        ),
        sets={"text": TURNS, "why_view": START["why_view"], "why_method": START["why_method"]},
        cue="why_method",
        panel="why",
        done=lambda values: values.get("why_method") == "Occlusion",
    ),
    Card(
        mark("Change a word"),
        mark(
            "**Let a rule change the text**, or change it by hand and press “Compare”. Both readings stand "
            "side by side: you see what a word does, not only what share it gets."
        ),
        sets={"text": TURNS, "other": TURNS, "change_view": CHANGE[1]},
        cue="other",
        panel="change",
        done=lambda values: values.get("other", TURNS) not in {TURNS, values.get("text")},
    ),
    Card(
        mark("Your own"),
        mark(
            "It knows English film reviews from before 2011. **Put a text of your own into the field and "
            "press “Read it”**: a review, an advertisement, a sentence in another language. Read what "
            "it says of words that it does not know."
        ),
        sets={"text": WARM, "word": END},
        cue="text",
        panel="verdict",
        done=lambda values: values.get("text", WARM) not in EXAMPLES.values(),
    ),
)


def _on_the_other_side(screen: Screen) -> bool:
    """Say whether the verdict at the step shown takes the side against the final one."""
    here, end = screen.probabilities[screen.step], screen.probabilities[-1]
    return (here >= 2 / 3 and end <= 1 / 3) or (here <= 1 / 3 and end >= 2 / 3)


def _turned(screen: Screen) -> bool:
    if screen.changed is None or not screen.one_word:
        return False
    sides = {"positive", "negative"}
    return {screen.reading.verdict, screen.changed.verdict} == sides


def _change_so_far(screen: Screen) -> str:
    if screen.changed is None or not screen.changes:
        return say(
            "Nothing is changed yet: “Two texts” under “Change a word” holds the same text twice."
        )
    verdicts = {"before": say(screen.reading.verdict), "after": say(screen.changed.verdict)}
    if screen.one_word:
        return say("One word was changed: {before}, then {after}.", **verdicts)
    return plural(
        "{count} place was changed, but not one word for one other: {before}, then {after}.",
        "{count} places were changed, not one word alone: {before}, then {after}.",
        len(screen.changes),
        **verdicts,
    )


def _phrase_so_far(screen: Screen) -> str:
    if screen.phrase is None:
        return say("No phrase is weighed yet: “Pairs of words” under “Why” has a field for one.")
    words = screen.reading.tokens_read[screen.phrase.start : screen.phrase.end]
    phrase = label(screen.reading.text[words[0].start : words[-1].end], 60)
    return say(
        "“{phrase}” says {difference:+.2f} more than its words one by one.",
        phrase=phrase,
        difference=screen.phrase.interaction,
    )


QUESTS = (
    Quest[Screen](
        "on-the-way",
        mark(
            "Stop the reading at a word after which the verdict is the opposite of the final one."
        ),
        _on_the_other_side,
        lambda screen: say(
            "Probability of positive after {words} words: {here:.0%}; at the end: {end:.0%}.",
            words=screen.lengths[screen.step],
            here=screen.probabilities[screen.step],
            end=screen.probabilities[-1],
        ),
        mark(
            "Step through the text word by word, and look for the lowest and the highest point of the curve."
        ),
    ),
    Quest[Screen](
        "one-word",
        mark("Turn a verdict from positive to negative, or back, by changing one single word."),
        _turned,
        _change_so_far,
        mark(
            "Long texts say things more than once. Begin with a short one, and change the word that weighs most."
        ),
    ),
    Quest[Screen](
        "only-together",
        mark(
            "Find a phrase that moves the logit by at least 2 more, or less, than its words one by one."
        ),
        lambda screen: screen.phrase is not None and abs(screen.phrase.interaction) >= TOGETHER,
        _phrase_so_far,
        mark("What does “not” do to the word behind it? Write a short sentence with both."),
    ),
)


def quiz(screen: Screen) -> tuple[Question, ...]:
    """Ask of the words, of certainty, of the sum and of the backward half, where they make sense."""
    asked = (
        _which_word(screen),
        _how_often_wrong(screen),
        _what_adds_up(screen),
        _last_position(screen),
    )
    return tuple(question for question in asked if question is not None)


def _which_word(screen: Screen) -> Question | None:
    """Ask which of some words moved the logit most."""
    shares, tokens = screen.reading.contributions.words, screen.reading.tokens_read
    order = np.argsort(-np.abs(shares), kind="stable").tolist()
    first: dict[str, int] = {}
    for place in order:
        if tokens[place].word[:1].isalnum():
            first.setdefault(tokens[place].word, place)
    ranked = list(first.values())
    if len(ranked) < 2 or not shares[ranked[0]]:
        return None
    # The three strongest and the weakest, as they stand in the text.
    places = sorted({*ranked[:3], ranked[-1]})
    largest = max(abs(float(shares[place])) for place in places)
    words = [
        label(screen.reading.text[tokens[place].start : tokens[place].end], 40) for place in places
    ]
    return Question(
        say("Which of these words moved the logit most, to either side?"),
        tuple(
            say(
                "“{word}”, number {number} of {count}",
                word=word,
                number=place + 1,
                count=len(tokens),
            )
            for word, place in zip(words, places, strict=True)
        ),
        tuple(k for k, place in enumerate(places) if abs(float(shares[place])) == largest),
        tuple(
            say(
                "“{word}” moves the logit by {share:+.3f}.",
                word=word,
                share=float(shares[place]),
            )
            for word, place in zip(words, places, strict=True)
        ),
    )


def _how_often_wrong(screen: Screen) -> Question | None:
    """Ask how often it is wrong where it is so sure."""
    reading = screen.reading
    rows = {int(10 * row["mean_probability"]): row for row in screen.results["test"]["reliability"]}
    row = rows.get(min(int(10 * reading.probability), 9))
    if row is None or reading.verdict not in {"positive", "negative"}:
        return None
    share = row["share_positive"]
    wrong = round(1000 * (1 - share if reading.probability >= 0.5 else share))
    if wrong in {0, 500}:
        return None
    low = 10 * int(10 * row["mean_probability"])
    fact = say(
        "{reviews:,} test reviews have a probability of {low} to {high}%. Of their verdicts "
        "{share:.1%} are wrong.",
        reviews=row["reviews"],
        low=low,
        high=low + 10,
        share=wrong / 1000,
    )
    sure = say("Even a very sure verdict is wrong at times: the probability says how often.")
    return Question(
        say(
            "The probability of positive is {p:.1%} here. Of 1,000 reviews with about this probability, "
            "how many verdicts were wrong?",
            p=reading.probability,
        ),
        (
            say("None: it has decided"),
            say("About {count}", count=wrong),
            say("About {count}", count=1000 - wrong),
        ),
        (1,),
        (sure, fact, say("That is how many were right.")),
        ("confidence-is-correctness", "", ""),
    )


def _what_adds_up(screen: Screen) -> Question | None:
    """Ask what the contributions add up to."""
    reading = screen.reading
    shares = reading.contributions
    total, logit = float(shares.words.sum()), float(reading.trace.logit)
    distance = logit - shares.baseline_logit
    numbers = (reading.probability, distance, 1.0)
    if len({f"{number:.3f}" for number in numbers}) < len(numbers):
        return None
    fact = say(
        "They add up to {total:.3f}. The logit is {logit:.3f}; for as many unknown words it is "
        "{baseline:.3f}. The method leaves a gap of {gap:.3f}.",
        total=total,
        logit=logit,
        baseline=shares.baseline_logit,
        gap=shares.gap,
    )
    return Question(
        say("Add up the shares of all words. What is their sum, up to a small gap?"),
        (
            say("The probability, {p:.3f}", p=reading.probability),
            say("1, because they are shares of the whole"),
            say(
                "The logit minus that of unknown words, {distance:.3f}",
                distance=distance,
            ),
        ),
        (2,),
        (
            say(
                "The probability comes out of a sigmoid. The logit was shared out, not the probability."
            ),
            say("They are not shares of 1: some are negative."),
            fact,
        ),
        ("wrong-function-explained", "", ""),
    )


def _last_position(screen: Screen) -> Question | None:
    """Ask how many words the backward half has read at the last position."""
    tokens = screen.reading.tokens_read
    if len(tokens) < 2:
        return None
    last = label(screen.reading.text[tokens[-1].start : tokens[-1].end], 40)
    fact = say(
        "The backward half begins at the end: at the last position it has read “{word}” alone. That "
        "is why this network takes the largest and the mean hidden state over all positions.",
        word=last,
    )
    return Question(
        say(
            "A program takes `out[:, -1]`, the hidden state at the last position. How many of the "
            "{count} words and marks has the backward half read there?",
            count=len(tokens),
        ),
        (say("One"), say("All {count}", count=len(tokens)), say("None")),
        (0,),
        (
            fact,
            say("It has read all {count} only at the first position.", count=len(tokens)),
            say("It reads the word that stands there too."),
        ),
        ("", "bilstm-last-step", ""),
    )
