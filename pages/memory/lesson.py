"""The page on memory: its texts, and what is said of a reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.calibration import verdict as verdict_of
from lstm_core.sentiment.memory import Memory, Moved, explained, rank_correlation
from pages._book.language import decimal, mark, say
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
        "no sense, the dialogue is painful, and in the end I left the cinema bored and disappointed."
    ),
    mark("Mostly plot"): (
        "A man in a small town in the north finds a letter from his brother, takes the night train "
        "to the coast and waits there for three days. It is a quiet, wonderful film."
    ),
    mark("A negation"): "The film was not good, not at all.",
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
    def forgets_its_beginning(self) -> bool:
        """Whether each half holds more of a word, averaged over all, if it reads it last, not first."""
        ahead, back = (self.moved[way].by_place for way in ("forward", "backward"))
        return bool(ahead[-1] > ahead[0] and back[0] > back[-1])

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
    values: dict[str, object] = {
        "held": named(most),
        "let_go": named(most[::-1]),
        "place": place,
        "word": word,
    }
    if brief:
        return say(
            "Held most on average: {held}. The word counts for {word:.0%}, its place for {place:.0%}.",
            **values,
        )
    kept = say(
        "Averaged over all places, {held} are held most, {let_go} least.",
        **values,
    )
    if place > word:
        weighed = say(
            "Yet the place counts more ({place:.0%} of the differences) than the word ({word:.0%}): each "
            "half forgets what it read first. Therefore a Bi-LSTM reads from both ends.",
            **values,
        )
    elif screen.forgets_its_beginning:
        weighed = say(
            "The word counts for {word:.0%}, its place for {place:.0%}: each half forgets what it read first, "
            "so a Bi-LSTM reads from both ends.",
            **values,
        )
    else:
        weighed = say(
            "Here the word counts for {word:.0%} of the differences, its place for {place:.0%}.",
            **values,
        )
    return f"{kept} {weighed}"


def agreement_sentence(screen: Screen) -> str:
    """Say whether the word that is held most moves the verdict most, and how far both orders agree."""
    anywhere, matters = screen.anywhere, np.abs(screen.matters)
    held, moves = int(anywhere.argmax()), int(matters.argmax())
    both = rank_correlation(anywhere, matters)
    strength = mark("closely") if both > 0.7 else mark("in part") if both > 0.3 else mark("hardly")
    values: dict[str, object] = {
        "held": plain(screen.words[held][:40]),
        "moves": plain(screen.words[moves][:40]),
        "strength": say(strength),
        "count": len(screen.words),
        "both": both,
    }
    if held == moves:
        first = say("**{held}** is held most, and it moves the verdict most.", **values)
    else:
        first = say("**{held}** is held most, but **{moves}** moves the verdict most.", **values)
    if len(screen.words) < LEAST_RANKED:
        return first
    return (
        first
        + " "
        + say(
            "Over all {count} words the two orders agree **{strength}**: Spearman's rank correlation is {both:.2f}.",
            **values,
        )
    )


LEAST_RANKED = 5
"""Of fewer words a rank correlation says nothing."""


def how_needed_is_measured() -> str:
    """Say what both axes show, and why what is held and what is needed may differ."""
    return say(
        "A word moves the logit by what is lost when an unknown word takes its place. The verdict looks at "
        "the hidden states of every step. So a word can count while it is read, and be forgotten at the "
        "end."
    )


def settled(probability: Array) -> int:
    """Return the place from which on the verdict is the last one, (spans,)."""
    verdicts = [verdict_of(p) for p in probability.tolist()]
    other = [place for place, one in enumerate(verdicts) if one != verdicts[-1]]
    return other[-1] + 1 if other else 0


def share(probability: float) -> str:
    """Write a probability in percent; what is not certain is not 0 or 100."""
    if probability >= 0.995:
        return f"> {decimal(0.99, '.0%')}"
    if probability < 0.005:
        return f"< {decimal(0.01, '.0%')}"
    return decimal(probability, ".0%")


def enough_sentence(spans: Sequence[int], probability: Array) -> str:
    """Say what the verdict is without memory, and from how many words on it is the final one.

    Args:
        spans: so many words each LSTM remembers, the last one all of them, (spans,).
        probability: of "positive", calibrated, (spans,).
    """
    verdicts = [verdict_of(p) for p in probability.tolist()]
    values: dict[str, object] = {
        "alone": say(verdicts[0]),
        "p_alone": share(probability[0]),
        "final": say(verdicts[-1]),
        "p_final": share(probability[-1]),
        "all": spans[-1],
    }
    if len(spans) == 1:
        return say("One word alone needs no memory: **{final}** ({p_final}).", **values)
    enough = settled(probability)
    surer = abs(probability[-1] - 0.5) - abs(probability[0] - 0.5)
    if not enough and surer >= 0.1 and verdicts[-1] != "mixed or unclear":
        return say(
            "Each word read alone gives **{alone}** ({p_alone}), all {all} words together too ({p_final}): "
            "this verdict needs no memory, but with memory the network is surer.",
            **values,
        )
    if not enough:
        return say(
            "Each word read alone gives **{alone}** ({p_alone}), all {all} words together too "
            "({p_final}): this verdict needs no memory.",
            **values,
        )
    return say(
        "Each word read alone gives **{alone}** ({p_alone}). With a memory of **{span} words** or more "
        "the verdict is **{final}**, as with all {all} words ({p_final}).",
        span=spans[enough],
        **values,
    )


def how_enough_is_measured() -> str:
    """Say what a point of the curve is."""
    return say(
        "Before each word all four LSTMs begin anew, and read only the last few words up to it. With 1 they "
        "read every word alone: nothing is remembered, and “not” cannot turn what follows. The weights "
        "stay the same."
    )


SUM = r"c_t = \sum_{s \le t} \Big(\prod_{k=s+1}^{t} f_k\Big) \odot i_s \odot g_s"
"""The cell state as the sum of what is left of every word; LaTeX."""


def how_it_is_measured(screen: Screen) -> str:
    """Say what a bar and a diamond are."""
    place, word = screen.explained
    return say(
        "A bar is the size of the word's term in the last cell state of one half. It is a mean over the "
        "units, each weighted by how much it counts for the verdict. For a diamond the text is read again "
        "with the word at {count} places. An analysis of variance gives the place {place:.0%} of the "
        "differences, the word {word:.0%}, and both together the rest.",
        count=len(screen.moved["forward"].places),
        place=place,
        word=word,
    )


def how_the_map_is_measured() -> str:
    """Say what a field of the map is."""
    return say(
        "The map shows the size of each word's term in this sum. It is a mean over the units of one LSTM, "
        "each weighted by how much it counts for the verdict. Rows are not scaled: two words can be "
        "compared."
    )


def fading_sentence(screen: Screen, rows: int) -> str:
    """Say with the word written strongest how a row fades, and which words have a row."""
    written = np.diagonal(screen.memory.held)
    place = int(written.argmax())
    faded = say(
        "A row begins where its word is written, and fades to the right: every step multiplies it by the "
        "forget gate. Of **{word}** {left:.1%} is left at the end.",
        word=plain(screen.order[place][:30]),
        left=screen.memory.survived[place],
    )
    if len(screen.words) <= rows:
        return faded
    shown = say(
        "Rows stand for the {rows} words that were written with the largest numbers.", rows=rows
    )
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
