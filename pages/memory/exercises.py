"""Tour, quests and questions of the page on memory; the state is its ``Screen``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_core.sentiment.tokenizer import tokenize
from pages._book.exercises import Card, Quest
from pages._book.language import mark, plural, say
from pages._book.questions import Question
from pages._book.sentences import spelled
from pages.memory.lesson import EXAMPLES, START, Screen, numbered, survival_question

PLOT, NEGATION = "Mostly plot", "A negation"


def _at_the_start(*keys: str) -> dict[str, str]:
    return {key: START[key] for key in keys}


def _without_amazing(values: Mapping[str, Any]) -> bool:
    words = [token.word for token in tokenize(str(values.get("memory_text") or ""))]
    return len(words) >= 5 and "amazing" not in words


TOUR = (
    Card(
        mark("What is held"),
        mark(
            "A bar shows how much one half of the network still holds of a word when it has read the text. The "
            "diamond is the same word, averaged over all places. **Take “Amazing!” out of the text** and "
            "see what is held instead."
        ),
        sets=START,
        cue="memory_text",
        done=_without_amazing,
        panel="held",
    ),
    Card(
        mark("From step to step"),
        mark(
            "In the map a row is a word, from the step at which it is written to the end. It fades to the "
            "right, because each step multiplies it by the forget gate. **Let the network read backward**: "
            "the last word is now the first row, and the beginning of the text has faded least."
        ),
        sets=_at_the_start("memory_text", "memory_direction"),
        cue="memory_direction",
        done=lambda values: values.get("memory_direction") == "backward",
        panel="map",
    ),
    Card(
        mark("One layer up"),
        mark(
            "The second layer does not read words but the hidden states of both readings of the first. "
            "**Choose the second layer**: each of its steps knows words on both sides, so that what it holds "
            "of a place is more than the word that stands there."
        ),
        sets=_at_the_start("memory_layer", "memory_direction"),
        cue="memory_layer",
        done=lambda values: values.get("memory_layer") == "second",
        panel="map",
    ),
    Card(
        mark("Let go"),
        mark(
            "A reader keeps “wonderful” and forgets where the man lives. **Start from “Mostly plot”** and "
            "compare the diamonds: the words of judgement are held most, wherever they stand."
        ),
        sets=_at_the_start("memory_text", "memory_layer"),
        cue="start_from",
        done=lambda values: values.get("memory_text") == EXAMPLES[PLOT],
        panel="held",
    ),
    Card(
        mark("Held is not needed"),
        mark(
            "Each word is a point here. Far right it is held; far up or down it moves the verdict. Look for a "
            "word that does one without the other."
        ),
        cue="panel_needed",
        panel="needed",
    ),
    Card(
        mark("How much memory is enough?"),
        mark(
            "Here every LSTM begins anew a few words before each word. On the left it reads each word alone, "
            "on the right it remembers the whole text. **Start from “A negation”**: how many words does "
            "“not good” need?"
        ),
        sets=_at_the_start("memory_text"),
        cue="start_from",
        done=lambda values: values.get("memory_text") == EXAMPLES[NEGATION],
        panel="enough",
    ),
)
AMONG = 3
IDLE = 0.1
WORDS = 10
LEFT = 0.5
LATER = 6
QUARTER = 0.25


def held_in_vain(screen: Screen) -> tuple[str, float]:
    """Find, among the words held most, the one that moves the logit least: word, |change|.

    Marks are no words, unless the text has nothing else.
    """
    order = np.argsort(-screen.held, kind="stable")
    most = np.array([k for k in order if screen.words[k][:1].isalnum()] or order)[:AMONG]
    least = int(most[np.abs(screen.matters[most]).argmin()])
    return screen.words[least], float(abs(screen.matters[least]))


def longest_half(screen: Screen) -> int:
    """Count the steps from the first word of which half is left to the end of the reading."""
    lasting = np.flatnonzero(screen.memory.survived >= LEFT)
    return len(screen.words) - 1 - int(lasting[0]) if len(lasting) else 0


def held_of_the_decisive(screen: Screen) -> tuple[str, float]:
    """Say how much is held of the word that moves the verdict most: word, share of the most."""
    decisive = int(np.abs(screen.matters).argmax())
    most = float(screen.held.max()) or 1.0
    return screen.words[decisive], float(screen.held[decisive]) / most


def _own(screen: Screen) -> bool:
    """Tell whether a text is long enough and none of the examples."""
    examples = ([token.word for token in tokenize(text)] for text in EXAMPLES.values())
    return spelled(screen.words) >= WORDS and list(screen.words) not in examples


QUESTS = (
    Quest[Screen](
        "held-in-vain",
        mark(
            "In a text of your own of ten words or more, find a word that is among the three held most and moves the "
            "logit by less than 0.1."
        ),
        lambda screen: _own(screen) and held_in_vain(screen)[1] < IDLE,
        lambda screen: say(
            "Of the three held most, “{word}” moves it least: by {change:.2f}.",
            word=held_in_vain(screen)[0][:30],
            change=held_in_vain(screen)[1],
        ),
        mark("A text without any judgement leaves nothing else to hold."),
    ),
    Quest[Screen](
        "half-is-left",
        mark(
            "In a text of your own of ten words or more, let at least half of what was written at a word be left six "
            "words later, at the end of the reading."
        ),
        lambda screen: _own(screen) and longest_half(screen) >= LATER,
        lambda screen: say(
            "Words read after the earliest one of which half is left: {steps}.",
            steps=longest_half(screen),
        ),
        mark("What comes after a word makes it fade. Which words close the forget gates least?"),
    ),
    Quest[Screen](
        "decisive-and-gone",
        mark(
            "In a text of your own of ten words or more, let the word that moves the verdict most be held less than a "
            "quarter as much as the one held most."
        ),
        lambda screen: _own(screen) and held_of_the_decisive(screen)[1] < QUARTER,
        lambda screen: say(
            "“{word}” moves the verdict most, and is held {share:.0%} as much as the one held most.",
            word=held_of_the_decisive(screen)[0][:30],
            share=held_of_the_decisive(screen)[1],
        ),
        mark("A long text with one judgement in its middle; try both layers."),
    ),
)


def quiz(screen: Screen) -> tuple[Question, ...]:
    """Ask what is left, what a forget gate of 1 and an input gate of 0 do, and where a reading ends.

    Of a single word there is nothing to choose in the first and the last question.
    """
    questions = (
        survival_question(screen.memory, screen.order),
        _forget_gates_at_one(screen),
        _input_gates_at_zero(screen),
        _read_last(screen),
    )
    return tuple(question for question in questions if len(question.choices) > 1)


def _a_word(screen: Screen) -> int:
    """Return the place, in the order of reading, of what was written most before the last word."""
    written = np.diagonal(screen.memory.held)
    return int(written[: max(1, len(written) - 1)].argmax())


def _forget_gates_at_one(screen: Screen) -> Question:
    place = _a_word(screen)
    word, left = screen.order[place][:30], float(screen.memory.survived[place])
    steps = len(screen.order) - 1 - place
    text = plural(
        "{left:.1%} of what was written at “{word}” is left one word later. How much would be left if "
        "every forget gate after it stood at 1?",
        "{left:.1%} of what was written at “{word}” is left {count} words later. How much would be left if "
        "every forget gate after it stood at 1?",
        steps,
        left=left,
        word=word,
    )
    choices = (say("All of it"), say("Nothing"), say("{left:.1%}, as now", left=left))
    fact = say(
        "A forget gate says how much is kept: now it is as if each step multiplied by {rate:.3f}, and "
        "{rate:.3f} to the power of {steps} is {left:.1%}. At 1 it forgets nothing: 1 to the power of "
        "{steps} is 1.",
        rate=left ** (1 / max(steps, 1)),
        steps=steps,
        left=left,
    )
    right = (0, 2) if f"{left:.1%}" == f"{1:.1%}" else (0,)
    feedback = (
        fact,
        say("A forget gate says how much is kept. Everything is forgotten at 0, not at 1."),
        fact
        if len(right) > 1
        else say("So much is left because now each step multiplies by less than 1."),
    )
    return Question(text, choices, right, feedback, ("", "forget-one-forgets", ""))


def _input_gates_at_zero(screen: Screen) -> Question:
    place = _a_word(screen)
    word, written = screen.order[place][:30], float(screen.memory.held[place, place])
    text = say(
        "Close every input gate of this LSTM, i = 0, from the first word on. How much of “{word}” does "
        "the last step hold?",
        word=word,
    )
    choices = (
        say("All of it, for nothing is written over it"),
        say("Nothing"),
        say("{held:.3f}, as now", held=float(screen.memory.at_the_end[place])),
    )
    fact = say(
        "What is written is i · g. Now that is {written:.3f} at “{word}”; with i = 0 it is 0, and a forget "
        "gate can only keep what was written before.",
        written=written,
        word=word,
    )
    right = (1, 2) if screen.memory.at_the_end[place] < 0.0005 else (1,)
    feedback = (
        say("What was never written cannot be kept. Which product is written into the cell state?"),
        fact,
        fact
        if len(right) > 1
        else say("So much is held because the input gates let something in. Now they do not."),
    )
    return Question(text, choices, right, feedback, ("remember-with-closed-input", "", ""))


def _read_last(screen: Screen) -> Question:
    """Ask where the backward reading ends; its freshest word is the text's first."""
    count = len(screen.words)
    places = sorted({0, count // 2, count - 1})
    survived = screen.backward.survived[::-1]
    text = say(
        "The network has read this text backward. Of which word is the largest part of what was written "
        "left?"
    )
    feedback = tuple(
        say(
            "At the end {left:.1%} of what was written at “{word}” is left; it was read as number {step} "
            "of {count}.",
            left=survived[place],
            word=screen.words[place][:30],
            step=count - place,
            count=count,
        )
        for place in places
    )
    choices = tuple(numbered(place, screen.words) for place in places)
    mistakes = tuple("bilstm-last-step" if 0 < place == count - 1 else "" for place in places)
    return Question(text, choices, (0,), feedback, mistakes)
