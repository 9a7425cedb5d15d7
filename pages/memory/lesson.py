"""The page on memory: its texts, and what is said of a reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.memory import Memory, Moved, explained, rank_correlation
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
        memories: of each direction, each in its own order of reading.
        direction: the one that the map shows, "forward" or "backward".
        moved: of each direction, with the words at other places; empty where nothing asks for it.
    """

    words: Sequence[str]
    memories: Mapping[str, Memory]
    direction: str
    moved: Mapping[str, Moved] = field(default_factory=dict)

    @property
    def halves(self) -> dict[str, Array]:
        """What each direction holds of each word at its end, in the order of the text, (time,)."""
        return {
            "forward": self.memories["forward"].at_the_end,
            "backward": self.memories["backward"].at_the_end[::-1],
        }

    @property
    def held(self) -> Array:
        """What both directions together hold of each word, in the order of the text, (time,)."""
        return np.asarray(sum(self.halves.values()))

    @property
    def matters(self) -> Array:
        """How much the logit changes by each word, in the order of the text, (time,)."""
        return self.memories["forward"].matters

    @property
    def memory(self) -> Memory:
        """Of the direction that the map shows."""
        return self.memories[self.direction]

    @property
    def backward(self) -> Memory:
        """Of the backward direction, in its order of reading."""
        return self.memories["backward"]

    @property
    def order(self) -> Sequence[str]:
        """The words as the direction that the map shows reads them."""
        return self.words if self.direction == "forward" else self.words[::-1]

    @property
    def anywhere(self) -> Array:
        """What both directions hold of each word, averaged over the places tried, (time,)."""
        return np.asarray(sum(one.by_word for one in self.moved.values()))

    @property
    def explained(self) -> tuple[float, float]:
        """The shares of the differences that are due to the place alone and to the word alone."""
        return explained(np.asarray(sum(one.held for one in self.moved.values())))


def kept_sentence(screen: Screen, brief: bool = False) -> str:
    """Name the words that are held most and least wherever they stand, and what the place does.

    Args:
        screen: with the words moved.
        brief: for a projector, on which there is room for one line.
    """
    count = max(1, min(3, len(screen.words) // 3))
    most = np.argsort(-screen.anywhere, kind="stable")

    def named(order: NDArray[np.intp]) -> str:
        distinct = list(dict.fromkeys(screen.words[place][:40] for place in order))
        return ", ".join(f"**{plain(word)}**" for word in distinct[:count])

    place, word = screen.explained
    if brief:
        return say(
            "Held most wherever they stand: {held}. The place explains {place:.0%}, the word {word:.0%}.",
            held=named(most),
            place=place,
            word=word,
        )
    kept = say(
        "Wherever they stand, {held} are held most, {let_go} least.",
        held=named(most),
        let_go=named(most[::-1]),
    )
    if place > word:
        weighed = say(
            "The place explains {place:.0%} of the differences, the word {word:.0%}: one reading forgets "
            "its beginning, so a Bi-LSTM reads from both ends.",
            place=place,
            word=word,
        )
    else:
        weighed = say(
            "Here the word explains {word:.0%} of the differences, its place {place:.0%}.",
            place=place,
            word=word,
        )
    return f"{kept} {weighed}"


def agreement_sentence(anywhere: Array, matters: Array) -> str:
    """Say how far memory and importance agree, and why they need not."""
    both = rank_correlation(anywhere, np.abs(matters))
    strength = mark("closely") if both > 0.7 else mark("in part") if both > 0.3 else mark("hardly")
    return say(
        "What is held and what the verdict needs agree **{strength}**: Spearman's rank correlation over "
        "{count} words is {both:.2f}. The verdict looks at every time step, so a word can act while it "
        "is read and be forgotten at the end.",
        strength=say(strength),
        count=len(anywhere),
        both=both,
    )


SUM = r"c_t = \sum_{s \le t} \Big(\prod_{k=s+1}^{t} f_k\Big) \odot i_s \odot g_s"
"""The cell state as the sum of what is left of every word; LaTeX."""


def how_it_is_measured(screen: Screen) -> str:
    """Say what a bar and a diamond are."""
    place, word = screen.explained
    return say(
        "A bar is the size of the word's term in the last cell state of one half, over all units, each "
        "weighted by how much it counts for the verdict. For the diamonds the text is read again with "
        "the word at {count} places. An analysis of variance gives the place {place:.0%} of the "
        "differences, the word {word:.0%}, and both together the rest.",
        count=len(screen.moved["forward"].places),
        place=place,
        word=word,
    )


def how_the_map_is_measured() -> str:
    """Say what a field of the map is."""
    return say(
        "The map shows the size of each word's term in this sum, over all units of one LSTM, each "
        "weighted by how much it counts for the verdict. Rows are not scaled: two words can be "
        "compared."
    )


def fading_sentence(screen: Screen, rows: int) -> str:
    """Say with the word written strongest how a row fades, and which words have a row."""
    written = np.diagonal(screen.memory.held)
    place = int(written.argmax())
    faded = say(
        "Each row begins where a word is written and fades to the right, because every step multiplies "
        "it by the forget gate: of **{word}** {left:.1%} is left at the end.",
        word=plain(screen.order[place][:30]),
        left=screen.memory.survived[place],
    )
    if len(screen.words) <= rows:
        return faded
    shown = say("Shown are the {rows} words that were written with the largest numbers.", rows=rows)
    return f"{faded} {shown}"


def needed_alt(screen: Screen) -> str:
    """Name the words that are held most and those that the verdict needs most."""

    def named(values: Array) -> str:
        order = np.argsort(-values, kind="stable")[:4]
        return ", ".join(dict.fromkeys(screen.words[place][:40] for place in order))

    return say(
        "Each word by what is held of it, averaged over all places, and by how much it moves the logit. "
        "Held most: {held}. Moving it most: {matter}.",
        held=named(screen.anywhere),
        matter=named(np.abs(screen.matters)),
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
