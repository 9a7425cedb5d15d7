"""The page on memory: its texts, and what is said of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.memory import Memory, rank_correlation
from pages._book.language import mark, say
from pages._book.markdown import plain
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question

EXAMPLES = {
    mark("The lecture's box of cereal"): (
        "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should "
        "be. I only ate half of it but will definitely be buying again!"
    ),
    mark("A film that turns"): (
        "The first half hour is terrific and superbly acted. Then it falls apart: the twist makes "
        "no sense and in the end I left the cinema disappointed."
    ),
    mark("Mostly plot"): (
        "A man in a small town in the north finds a letter from his brother, takes the night train "
        "to the coast and waits there for three days. It is a quiet, wonderful film."
    ),
}
"""English in every language of the page, for the network learned English."""
START = {
    "memory_text": EXAMPLES["The lecture's box of cereal"],
    "memory_layer": "first",
    "memory_direction": "forward",
}
"""The page's controls by their keys, with what they stand at to begin with."""
PRESETS: dict[str, Preset[Any]] = by_name(
    Preset(name, {"memory_text": text}) for name, text in EXAMPLES.items()
)
"""They put a text into the field; the LSTM that is shown stays the same."""


@dataclass(frozen=True)
class Screen:
    """What stands on the page.

    Attributes:
        words: in the order of the text.
        held: what both readings hold of each at their ends, (time,).
        matters: change of the logit by each, (time,).
        memory: of the direction that is shown, in its order of reading.
        direction: "forward" or "backward".
        backward: of the backward direction, in its order of reading.
    """

    words: Sequence[str]
    held: Array
    matters: Array
    memory: Memory
    direction: str
    backward: Memory

    @property
    def order(self) -> Sequence[str]:
        """The words as the direction that is shown reads them."""
        return self.words if self.direction == "forward" else self.words[::-1]

    @property
    def agreement(self) -> float:
        """Spearman's rank correlation of what is held and what matters."""
        return rank_correlation(self.held, np.abs(self.matters))


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
    return say(
        "Held most: {held}. Let go: {let_go}. Taken out one by one, these move the verdict most: "
        "{matter}.",
        held=named(most),
        let_go=named(most[::-1]),
        matter=named(matter),
    )


def agreement_sentence(held: Array, matters: Array) -> str:
    """Say how far memory and importance agree, and what neither of them is."""
    both = rank_correlation(held, np.abs(matters))
    strength = mark("closely") if both > 0.7 else mark("in part") if both > 0.3 else mark("hardly")
    return say(
        "What is held at the end and what matters agree **{strength}**: Spearman's rank correlation "
        "over {count} words is {both:.2f}. They are two questions. A word can act while it is read, "
        "through the largest hidden state that the verdict looks at, and be forgotten; and a word can "
        "be held and not be asked for.",
        strength=say(strength),
        count=len(held),
        both=both,
    )


def survival_question(memory: Memory, words: Sequence[str]) -> Question:
    """Ask of which word most of what was written is left."""
    written = np.diagonal(memory.held)
    places = np.argsort(-written, kind="stable")[:4]
    places = np.sort(places)
    left = memory.survived[places]
    choices = tuple(numbered(place, words) for place in places)
    feedback = tuple(
        say(
            "“{word}” was written with {written:.3f}, and {left:.1%} of that is left: the forget gates "
            "after it multiply.",
            word=words[place][:30],
            written=written[place],
            left=memory.survived[place],
        )
        for place in places
    )
    right = tuple(k for k, share in enumerate(left) if share == left.max())
    text = say("Of which of these words is the largest part of what was written left at the end?")
    return Question(text, choices, right, feedback)


def numbered(place: int, words: Sequence[str]) -> str:
    """Name a word with its place, counted from 1."""
    return say("{place}: {word}", place=place + 1, word=words[place][:30])


def taken_home(text: str, layer: str, direction: str) -> Programs:
    """Return the programs that give what one LSTM holds of a text's words.

    Args:
        text: as it was typed.
        layer: "first" or "second".
        direction: "forward" or "backward".
    """
    return programs("memory", text=text, layer=layer, direction=direction)
