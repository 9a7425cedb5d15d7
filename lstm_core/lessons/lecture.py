"""The lecture: the panels of every page, and the order in which they are shown, with notes.

A panel is what the lecture mode shows by itself; a page opens each with ``_parts.panel(name)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lstm_core.language import mark
from lstm_core.lessons import chapters
from lstm_core.lessons.chapters import Chapter

LEARN = mark("Your turn")
PANELS: dict[Chapter, dict[str, str]] = {
    chapters.ACTIVATIONS: {"picture": mark("Function, slope, chain"), "learn": LEARN},
    chapters.RECURRENCE: {
        "reading": mark("A word, letter by letter"),
        "unrolled": mark("Folded and unrolled"),
        "learn": LEARN,
        "plain": mark("Why not a plain network?"),
        "squashing": mark("What tanh is for"),
    },
    chapters.CELL: {
        "player": mark("The cell at work"),
        "kept": mark("What the cell state is made of"),
        "errata": mark("Errata"),
        "learn": LEARN,
    },
    chapters.VARIANTS: {
        "directions": mark("Two readings meet"),
        "layers": mark("Layer over layer"),
        "gru": mark("GRU"),
        "counts": mark("GRU and LSTM, counted"),
        "asides": mark("Peepholes and coupled gates"),
        "learn": LEARN,
    },
    chapters.GRADIENTS: {
        "flow": mark("The way back"),
        "carries": mark("What carries it back"),
        "update": mark("The update"),
        "learn": LEARN,
    },
    chapters.REMEDIES: {
        "switches": mark("Switches"),
        "clipping": mark("Two ways to clip"),
        "learn": LEARN,
        "cliff": mark("The cliff"),
        "echo": mark("Echo state network"),
    },
    chapters.BPTT: {
        "way": mark("Forward, then back"),
        "weights": mark("What each step adds to a weight"),
        "paths": mark("Two paths back"),
        "learn": LEARN,
    },
    chapters.RACE: {"race": mark("The race"), "learn": LEARN},
    chapters.MEMORY: {
        "held": mark("What is held"),
        "needed": mark("Held, and needed?"),
        "learn": LEARN,
    },
    chapters.REVIEWS: {
        "verdict": mark("Verdict"),
        "reading": mark("As it was read"),
        "why": mark("Why"),
        "learn": LEARN,
    },
    chapters.CHALLENGES: {
        "rates": mark("How often it fails, and why"),
        "try": mark("Try one"),
        "sentences": mark("The sentences"),
        "learn": LEARN,
    },
    chapters.MANY: {"many": mark("Many reviews"), "learn": LEARN},
    chapters.REPORT: {
        "performance": mark("Performance table"),
        "overfitting": mark("Overfitting"),
        "correlation": mark("Correlation table"),
        "baselines": mark("Against others"),
        "confusion": mark("Right and wrong"),
        "calibration": mark("As sure as it is right?"),
        "errors": mark("Errors"),
        "learn": LEARN,
    },
}
"""The panels of each page, by name, with their titles, in the page's order."""


@dataclass(frozen=True)
class Slide:
    """One slide of the lecture.

    Attributes:
        chapter: its page.
        panel: the panel that is shown.
        minutes: planned for it.
        note: what to say and do; marked for translation.
        sets: what the page's controls stand at, as in its address.
    """

    chapter: Chapter
    panel: str
    minutes: float
    note: str
    sets: Mapping[str, str] = field(default_factory=dict)


SLIDES: tuple[Slide, ...] = ()
"""The whole lecture, in its order."""


def minutes_before(place: int) -> float:
    """Return the minutes planned for all slides before one, counted from 0."""
    return sum(slide.minutes for slide in SLIDES[:place])
