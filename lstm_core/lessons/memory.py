"""The page on memory: its texts, and what is said of a reading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_core.arrays import Array
from lstm_core.lessons.markdown import plain
from lstm_core.lessons.questions import Question
from lstm_core.sentiment.memory import Memory, rank_correlation

EXAMPLES = {
    "The lecture's box of cereal": (
        "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should "
        "be. I only ate half of it but will definitely be buying again!"
    ),
    "A film that turns": (
        "The first half hour is terrific and superbly acted. Then it falls apart: the twist makes "
        "no sense and in the end I left the cinema disappointed."
    ),
    "Mostly plot": (
        "A man in a small town in the north finds a letter from his brother, takes the night train "
        "to the coast and waits there for three days. It is a quiet, wonderful film."
    ),
}


def both_ways(forward: Memory, backward: Memory) -> Array:
    """Add what both readings hold at their ends, in the order of the text, (time,)."""
    return np.asarray(forward.at_the_end + backward.at_the_end[::-1])


def kept_sentence(words: Sequence[str], held: Array, matters: Array) -> str:
    """Name the words that are held most and least, and those that matter most."""
    count = max(1, min(5, len(words) // 3))

    def named(order: NDArray[np.intp]) -> str:
        distinct = list(dict.fromkeys(words[place][:40] for place in order))
        return ", ".join(f"**{plain(word)}**" for word in distinct[:count])

    most = np.argsort(-held, kind="stable")
    matter = np.argsort(-np.abs(matters), kind="stable")
    return (
        f"Held most: {named(most)}. Let go: {named(most[::-1])}. "
        f"Taken out one by one, these move the verdict most: {named(matter)}."
    )


def agreement_sentence(held: Array, matters: Array) -> str:
    """Say how far memory and importance agree, and what neither of them is."""
    both = rank_correlation(held, np.abs(matters))
    strength = "closely" if both > 0.7 else "in part" if both > 0.3 else "hardly"
    return (
        f"What is held at the end and what matters agree **{strength}**: Spearman's rank "
        f"correlation over {len(held)} words is {both:.2f}. They are two questions. A word can act "
        "while it is read, through the largest hidden state that the verdict looks at, and be "
        "forgotten; and a word can be held and not be asked for."
    )


def survival_question(memory: Memory, words: Sequence[str]) -> Question:
    """Ask of which word most of what was written is left."""
    written = np.diagonal(memory.held)
    places = np.argsort(-written, kind="stable")[:4]
    places = np.sort(places)
    left = memory.survived[places]
    choices = tuple(f"{place + 1}: {words[place][:30]}" for place in places)
    feedback = tuple(
        f"“{words[place][:30]}” was written with {written[place]:.3f}, and "
        f"{memory.survived[place]:.1%} of that is left: the forget gates after it multiply."
        for place in places
    )
    right = tuple(k for k, share in enumerate(left) if share == left.max())
    text = "Of which of these words is the largest part of what was written left at the end?"
    return Question(text, choices, right, feedback)


def code(text: str, layer: int, direction: str) -> str:
    """Write the Python that reproduces the page's numbers."""
    return f"""from lstm_core.sentiment.memory import remember
from lstm_core.sentiment.reader import Reader

reader = Reader.load()
memory = remember(reader, reader.ids({text!r}), layer={layer}, direction={direction!r})
print(memory.at_the_end)  # What the last step holds of each word, in the order of reading.
print(memory.matters)  # How much each word moves the logit.
"""
