"""The lecture: the panels of every page, and the order in which they are shown, with notes.

A panel is what the lecture mode shows by itself; a page opens each with ``panels.panel(name)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pages._book import chapters
from pages._book.chapters import Chapter
from pages._book.exercises import Step
from pages._book.language import mark
from pages._book.walks import SMALL

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
    chapters.APPLICATIONS: {
        "shapes": mark("Ten applications"),
        "learn": LEARN,
        "text": mark("Text generation"),
        "series": mark("Forecasting"),
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
        sets: what the page's controls stand at, by widget key; a player gets a ``Step``.
        preset: one of the chapter's presets, by name, whose values are set before those.
    """

    chapter: Chapter
    panel: str
    minutes: float
    note: str
    sets: Mapping[str, object] = field(default_factory=dict)
    preset: str = ""


SLIDES = (
    Slide(
        chapters.RECURRENCE, "plain", 4,
        mark("Begin with the trouble: a plain network has one set of weights for each place. Ask the room where it will fail before you point at the places that it was not shown."),
    ),
    Slide(
        chapters.RECURRENCE, "reading", 4,
        mark("One cell, one letter at a time. Step twice with the clicker, then let it play: the weights in the code never change."),
    ),
    Slide(
        chapters.RECURRENCE, "unrolled", 2,
        mark("The same picture twice. Say it aloud: each box is the same cell, not a cell of its own."),
        {"recurrence_view": "unrolled"},
    ),
    Slide(
        chapters.ACTIVATIONS, "picture", 3,
        mark("tanh at its steepest passes everything. Switch the controls on and move the point into the shaded part."),
        {"function": "tanh", "x": 0.0, "w": 1.0, "steps": 20},
    ),
    Slide(
        chapters.RECURRENCE, "squashing", 2,
        mark("Why squash at all? Without tanh the hidden state leaves every range."),
    ),
    Slide(
        chapters.GRADIENTS, "flow", 4,
        mark("Vanishing. Play the way back and let the room read the axis: every line is a power of ten, and nothing here is normalised."),
        {}, "Vanishing",
    ),
    Slide(
        chapters.GRADIENTS, "update", 3,
        mark("The lecture's own example of an update, with its sum put right. The part of the first steps does not move the weight at all."),
    ),
    Slide(
        chapters.GRADIENTS, "flow", 3,
        mark("Exploding: the same network, a larger kernel. Ask first: does a gain above 1 have to explode?"),
        {}, "Exploding",
    ),
    Slide(
        chapters.GRADIENTS, "carries", 3,
        mark("Eigenvalues and the largest singular value are two numbers. The one tells of many steps, the other of one."),
        {"gain": 3.0},
    ),
    Slide(
        chapters.REMEDIES, "switches", 4,
        mark("Clipping, before and after in one picture. Then, with the controls on, switch it off and the LSTM on: which of the two cures which trouble?"),
    ),
    Slide(
        chapters.REMEDIES, "clipping", 2,
        mark("By norm the arrow gets shorter, by value it turns. Read the angle."),
    ),
    Slide(
        chapters.REMEDIES, "cliff", 2,
        mark("Why the length matters: the loss has a wall, and one step over it loses all that was learned."),
    ),
    Slide(
        chapters.REMEDIES, "echo", 2,
        mark("Leave the recurrence untrained: an echo state network. It fades everything at the same rate."),
    ),
    Slide(
        chapters.MEMORY, "held", 3,
        mark("The lecture's box of cereal, read by the trained network: what its gates still hold of each word at the end."),
    ),
    Slide(
        chapters.CELL, "player", 6,
        mark("The heart of the hour. One stage a click: forget, input, candidate, cell state, output. Before the cell state, let the room guess it."),
        {"cell_source": SMALL, "step": Step(0)}, "Forget on a marker",
    ),
    Slide(
        chapters.CELL, "kept", 2,
        mark("What is kept, what is written, and their sum. A gate of 1 keeps; it does not forget."),
        {"cell_source": SMALL}, "Forget on a marker",
    ),
    Slide(
        chapters.CELL, "errata", 3,
        mark("The pseudo code of the slides, run as it is printed: states exchanged, joined taken for added."),
        {"cell_source": SMALL, "errata": True},
    ),
    Slide(
        chapters.BPTT, "way", 5,
        mark("Forward first, then back, gate by gate. At one stop, let somebody check a delta by hand."),
    ),
    Slide(
        chapters.BPTT, "weights", 2,
        mark("The weights are shared, so that every step adds its part. This is the lecture's sum over t."),
    ),
    Slide(
        chapters.BPTT, "paths", 3,
        mark("The product of forget gates is one path of several. In this picture they part."),
        {}, "The direct path is not all",
    ),
    Slide(
        chapters.RACE, "race", 4,
        mark("Who learns to remember? Let the room bet, then look at the recorded race, or run one."),
    ),
    Slide(
        chapters.VARIANTS, "directions", 3,
        mark("Two readings that meet: which half decided?"),
    ),
    Slide(
        chapters.VARIANTS, "layers", 2,
        mark("Layer over layer: the second one reads what the first one wrote."),
    ),
    Slide(
        chapters.VARIANTS, "gru", 3,
        mark("Two gates, one state. Say which way round z is meant here, for both are in use."),
    ),
    Slide(
        chapters.REVIEWS, "verdict", 4,
        mark("The demo. Switch the controls on and take a sentence from the room; the verdict comes with how often it was right where it said the like."),
    ),
    Slide(
        chapters.REVIEWS, "reading", 3,
        mark("Watch it read: every beginning is read anew from both ends."),
        {"word": Step(0)},
    ),
    Slide(
        chapters.REPORT, "performance", 3,
        mark("The lecture's performance table beside ours, all measured by commands in the repository."),
    ),
    Slide(
        chapters.REPORT, "overfitting", 2,
        mark("The distance between both curves is the overfitting."),
    ),
    Slide(
        chapters.CHALLENGES, "rates", 4,
        mark("Irony, neutral, negation: how often it fails, and why. Let the room write one that fools it: the panel “Try one” takes it."),
    ),
    Slide(
        chapters.REPORT, "correlation", 2,
        mark("Beyond polarity: the correlation with the stars, and why it can hardly be higher."),
    ),
    Slide(
        chapters.APPLICATIONS, "shapes", 2,
        mark("Ten other applications, four shapes: what goes in, what comes out. Let the room say which shape translation has."),
    ),
    Slide(
        chapters.APPLICATIONS, "text", 3,
        mark("A small network writes after Jane Austen. Switch the controls on and turn the temperature up until it stops making words; one unit follows the quotation marks."),
    ),
)  # fmt: skip
"""The whole lecture, in its order."""


def minutes_before(place: int) -> float:
    """Return the minutes planned for all slides before one, counted from 0."""
    return sum(slide.minutes for slide in SLIDES[:place])
