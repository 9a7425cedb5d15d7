"""The lecture: the panels of every page, and the order in which they are shown, with notes.

A panel is what a page shows at one time; ``stage.Page`` gives each a function that draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pages._book import chapters
from pages._book.chapters import Chapter
from pages._book.exercises import Step
from pages._book.language import mark, say

LEARN = mark("Your turn")
PANELS: dict[Chapter, dict[str, str]] = {
    chapters.ACTIVATIONS: {
        "picture": mark("Function and slope"),
        "chain": mark("A chain of slopes"),
        "learn": LEARN,
    },
    chapters.RECURRENCE: {
        "reading": mark("Letter by letter"),
        "unrolled": mark("Unrolled"),
        "plain": mark("Plain network"),
        "squashing": mark("Why tanh?"),
        "learn": LEARN,
    },
    chapters.CELL: {
        "player": mark("Step by step"),
        "kept": mark("Cell state"),
        "trained": mark("Trained"),
        "unit": mark("One unit"),
        "errata": mark("Pseudo code"),
        "learn": LEARN,
    },
    chapters.VARIANTS: {
        "directions": mark("Two directions"),
        "layers": mark("Two layers"),
        "gru": mark("GRU"),
        "counts": mark("Parameters"),
        "asides": mark("Peepholes"),
        "learn": LEARN,
    },
    chapters.GRADIENTS: {
        "flow": mark("The way back"),
        "between": mark("The gain"),
        "bias": mark("Open the gate"),
        "carries": mark("Eigenvalues"),
        "update": mark("The update"),
        "learn": LEARN,
    },
    chapters.REMEDIES: {
        "clipping": mark("One update"),
        "switches": mark("Many updates"),
        "cliff": mark("The cliff"),
        "echo": mark("Echo state network"),
        "learn": LEARN,
    },
    chapters.BPTT: {
        "way": mark("The way back"),
        "weights": mark("Each step's share"),
        "paths": mark("Two paths"),
        "learn": LEARN,
    },
    chapters.RACE: {
        "race": mark("The race"),
        "own": mark("One of your own"),
        "gradients": mark("Gradients"),
        "learn": LEARN,
    },
    chapters.MEMORY: {
        "held": mark("What is held"),
        "needed": mark("Held, and needed?"),
        "enough": mark("How long a memory?"),
        "map": mark("From step to step"),
        "learn": LEARN,
    },
    chapters.REVIEWS: {
        "verdict": mark("Verdict"),
        "reading": mark("Watch it read"),
        "why": mark("Why"),
        "change": mark("Change a word"),
        "others": mark("Other readers"),
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
        "text": mark("Text generation"),
        "series": mark("Forecasting"),
        "learn": LEARN,
    },
    chapters.OWN: {
        "look": mark("First look"),
        "step": mark("Step by step"),
        "flow": mark("The way back"),
        "check": mark("Check it"),
        "carry": mark("Carry it"),
        "learn": LEARN,
    },
    chapters.MANY: {"many": mark("Many reviews"), "rows": mark("The rows"), "learn": LEARN},
    chapters.REPORT: {
        "performance": mark("Performance"),
        "overfitting": mark("Overfitting"),
        "correlation": mark("Correlation"),
        "calibration": mark("As sure as it is right?"),
        "errors": mark("Errors"),
        "learn": LEARN,
    },
}
"""The panels of each page, by name, with their titles, in the page's order."""


IN_ALL_CUTS = ("97", "90", "45")
IN_LONG_CUTS = ("97", "90")


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
        stops: steps at which the clicker stops on its way through the panel's player, from 0.
        asks: a question to the room, which stands in the place of the sentence; that, and what the
            panel marks as the answer, is hidden until the next press. Marked for translation.
        covers: whether the picture is the answer, so that the question covers it.
        choices: what a room can answer to that; marked for translation.
        right: places of the choices that are right.
        mistakes: for each choice the misconception that leads to it (``misconceptions.BY_KEY``), or "".
        cuts: the cuts of the lecture that have it, by their minutes.
    """

    chapter: Chapter
    panel: str
    minutes: float
    note: str
    sets: Mapping[str, object] = field(default_factory=dict)
    preset: str = ""
    stops: tuple[int, ...] = ()
    asks: str = ""
    covers: bool = False
    choices: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    mistakes: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ("97",)


SLIDES = (
    Slide(
        chapters.RECURRENCE,
        "plain",
        4,
        mark(
            "Begin with the trouble: a plain network has one set of weights for each position. Ask the room where it will fail; the next press shows the bars."
        ),
        asks=mark(
            "In training the x stands at positions 1 to 3. At which positions will a plain network find it?"
        ),
        covers=True,
        choices=(mark("At all positions"), mark("At positions 1 to 3 alone"), mark("At none")),
        right=(1,),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.RECURRENCE,
        "reading",
        4,
        mark(
            "One cell, one letter at a time: weigh and add, then tanh. Then letter by letter to the second a: the same vector, another h. The weights never change."
        ),
        stops=(0, 1, 2, 5, 11, 17),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.RECURRENCE,
        "unrolled",
        1,
        mark(
            "The same picture twice. Say it aloud: each box is the same cell, not a cell of its own."
        ),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.ACTIVATIONS,
        "picture",
        2,
        mark(
            "At x = 0 tanh is steepest: a gradient passes whole. First press: the point goes to x = 3, where tanh is flat and less than 1% passes. Second press: further out, next to nothing."
        ),
        {"function": "tanh", "x": 0.0, "w": 1.0, "steps": 20},
        stops=(40, 55, 70),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.ACTIVATIONS,
        "chain",
        1,
        mark(
            "One slope is harmless, a chain of them is not. Let the room choose a function before you press; then five steps back, then twenty."
        ),
        {"x": 1.0, "w": 1.0, "steps": 20},
        stops=(0, 4, 19),
        asks=mark(
            "The gradient is multiplied by a slope at every step back. Which function keeps all of it: tanh, sigmoid or ReLU?"
        ),
        covers=True,
        choices=("tanh", "sigmoid", "ReLU"),
        right=(2,),
        mistakes=("sigmoid-blamed", "", ""),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.RECURRENCE,
        "squashing",
        2,
        mark("Why squash at all? Without tanh the hidden state leaves every range."),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.GRADIENTS,
        "flow",
        4,
        mark(
            "Vanishing. The error enters on the right; each press takes it further back. Let the room read the axis: each line is the power of ten beside it, and nothing here is normalised. If somebody asks why the new GRU is worse than the RNN: its update gate starts at one half; the slide on the gate's bias shows it."
        ),
        {"clip": "off"},
        "Vanishing",
        stops=(0, 8, 24, 49),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.GRADIENTS,
        "update",
        2,
        mark(
            "The lecture's own example of an update, its sum put right (More). On the screen is what the first tenth of the steps adds: it moves the weight by 2·10⁻¹¹ of its size, which is next to nothing. All steps together move it by 23%, the last tenth alone by 21%."
        ),
        {"part": "the first tenth"},
        "Vanishing",
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.GRADIENTS,
        "flow",
        3,
        mark(
            "Exploding: the same networks, their recurrent kernels with a gain of 3. Ask first, then press: the RNN's gradient explodes, the other two stay near 1. In the box: the gradient of the parameters is millions long, and clipped by norm the step is 0.01. The curve stays as it is: clipping does not act on it."
        ),
        {"clip": "by norm"},
        "Exploding",
        stops=(0, 24, 49),
        asks=mark(
            "The recurrent kernel has a gain of 3. Which gradients will explode: those of the RNN, the LSTM, the GRU?"
        ),
        covers=True,
        choices=(
            mark("All three"),
            mark("That of the RNN alone"),
            mark("Those of LSTM and GRU"),
            mark("None"),
        ),
        right=(1,),
        mistakes=("radius-or-norm", "", "", ""),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.GRADIENTS,
        "carries",
        2,
        mark(
            "The largest singular value is the most that one step back can stretch; the spectral radius is the rate over many equal steps. Here both are 3 for the recurrent kernel, and the slopes of tanh bring the eigenvalues of a step back inwards."
        ),
        {},
        "Exploding",
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.GRADIENTS,
        "bias",
        2,
        mark(
            "A new LSTM is no better than an RNN: its forget gates stand at one half. Press: with a bias of 4.6 the gate stands at 0.99, and the gradient arrives. Switch the controls on for the GRU: the same holds for its update gate."
        ),
        {"open_network": "LSTM", "open_bias": 4.6},
        "Vanishing",
        stops=(0, 24, 49),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.REMEDIES,
        "clipping",
        2,
        mark(
            "One update of an RNN that explodes. First the gradient, the same with and without clipping. Press: the step, as long as the gradient or clipped; by norm the arrow keeps its direction, by value it turns. Press: where each step lands."
        ),
        {},
        "Explosion, clipped",
        stops=(0, 1, 2),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.REMEDIES,
        "switches",
        2,
        mark(
            "The same network over many updates: two plain ones end in NaN, clipped ones learn. Then, with the controls on, switch clipping off and the LSTM on: which of the two cures which trouble? If somebody asks why to clip when an RNN's trouble is vanishing: start from “Vanishing at first, then clipped”."
        ),
        {},
        "Explosion, clipped",
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.REMEDIES,
        "cliff",
        2,
        mark(
            "Why the length matters: the loss has a wall. Press: both walks meet it, and the plain one jumps off the map. Press: the clipped one goes on down."
        ),
        {
            "cliff_w": 5.5,
            "cliff_b": -2.2,
            "cliff_rate": 2.0,
            "cliff_norm": 0.5,
            "cliff_updates": 60,
        },
        stops=(0, 14, 60),
    ),
    Slide(
        chapters.REMEDIES,
        "echo",
        2,
        mark(
            "Leave the recurrence untrained: an echo state network. Its readout repeats the input of 10 steps ago; further back every input fades at the same rate."
        ),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.MEMORY,
        "held",
        3,
        mark(
            "The lecture's review of a box of cereal, read by the trained network. Each half holds one end best: what it read last has had the least time to fade. Ask the room first. Then point at the diamonds: averaged over all places, amazing, perfectly and definitely are held most, so the lecture's claim survives."
        ),
        {},
        "The lecture's box of cereal",
        asks=mark("Why does each half hold one end of the text best?"),
        choices=(
            mark("It holds what it read last"),
            mark("The strongest words stand there"),
            mark("It remembers for ever what it read first"),
        ),
        right=(0,),
        mistakes=("", "", "remember-with-closed-input"),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.ACTIVATIONS,
        "picture",
        1,
        mark(
            "The second activation function, for the gates: a sigmoid lies between 0 and 1, as a share must. At x = −4 hardly anything passes the gate. First press: at 0 it is one half; second press: at 3 nearly everything passes. Its slope is a quarter at most: a chain of sigmoids vanishes even faster."
        ),
        {"function": "sigmoid", "x": -4.0, "w": 1.0, "steps": 20},
        stops=(20, 40, 55),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.CELL,
        "player",
        4,
        mark(
            "The heart of the hour. First press: a 1 has been written. Then the marker −1 comes in: forget gate, input gate, candidate, one a press."
        ),
        {"step": Step(0)},
        "Forget on a marker",
        stops=(0, 4, 21, 22, 23, 24),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.CELL,
        "player",
        2,
        mark(
            "Let the room say the new cell state before you press: f is 0.002, i is nearly 0. Then cell state, output gate, hidden state, and the end."
        ),
        {"step": Step(24)},
        "Forget on a marker",
        stops=(24, 25, 26, 27, 41),
        asks=mark("What will the cell state be?"),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.CELL,
        "trained",
        2,
        mark(
            "The same drawing with weights that were learned: one of the four LSTMs of the network that reads reviews. Each press goes to the hidden state of another word: the, not, good, not, and the end. Nobody set these gates by hand; beside the drawing stands which words move this unit."
        ),
        {"step": Step(0)},
        stops=(0, 6, 27, 34, 41, 62),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.CELL,
        "kept",
        2,
        mark(
            "What is kept, what is written, and their sum. A gate of 1 keeps; it does not forget."
        ),
        {},
        "Forget on a marker",
    ),
    Slide(
        chapters.CELL,
        "errata",
        3,
        mark(
            "The pseudo code of the slides, run as it is printed. With h and c exchanged, h reaches 1.96: tanh allows no h above 1. With h + x in place of the concatenation, the input is lost."
        ),
        {"errata": True},
        "Leave the squash",
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.BPTT,
        "way",
        5,
        mark(
            "Forward to the last step, where the loss is. Then the error goes back over the same wires: into the hidden state, into the cell state, to the gates, into the weights, and to the step before. At the cell state of step 3, let somebody check the sum by hand."
        ),
        {"bptt_step": Step(0)},
        "A short look back",
        stops=(0, 3, 4, 6, 10, 11, 12, 15),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.BPTT,
        "weights",
        2,
        mark(
            "The weights are shared, so every step adds its share: this is the lecture's sum over t. Read it from the right, as the way back does. Step 1 adds nothing to W_f, because the cell state before it is zero."
        ),
        {"bptt_group": "W_f"},
        "A short look back",
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.BPTT,
        "paths",
        3,
        mark(
            "Often one reads that the gradient of an LSTM is the product of its forget gates. Ask the room, then press and read both lines at step 1: the direct path has vanished, and the full gradient has exploded."
        ),
        {},
        "The direct path is not all",
        asks=mark("Is the gradient of an LSTM the product of its forget gates?"),
        covers=True,
        choices=(
            mark("Yes"),
            mark("No: that is one of many paths"),
            mark("No: forget gates have no part in it"),
        ),
        right=(1,),
        mistakes=("direct-path-is-all", "", ""),
    ),
    Slide(
        chapters.RACE,
        "race",
        4,
        mark(
            "Who learns to remember? Let the room bet on a network. A press plays the recorded race up to update 300, another one to its end. In this task the GRU is first and the RNN never arrives; the copying task ends differently."
        ),
        {"race_task": "adding", "race_step": Step(0)},
        stops=(12, 60),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.VARIANTS,
        "directions",
        3,
        mark("Two readings that meet: which half decided?"),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.VARIANTS,
        "layers",
        2,
        mark("Layer over layer: the second one reads what the first one wrote."),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.VARIANTS,
        "gru",
        3,
        mark(
            "Two gates, one state: reset gate, update gate, candidate, hidden state, one a press. Say which way round z is meant here, for both are in use."
        ),
        stops=(0, 1, 2, 3, 4, 39),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.REVIEWS,
        "verdict",
        4,
        mark(
            "The demo. Read the coloured text aloud and ask which word decides. Then switch the controls on and take a sentence from the room; beside the verdict stands how often it was right in such cases."
        ),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.REVIEWS,
        "reading",
        3,
        mark(
            "The same network, word by word. At each stop let the room say which way the curve goes next. It praises, then it turns: every beginning is read anew from both ends."
        ),
        {"word": Step(0)},
        "One that turns",
        stops=(0, 5, 10, 19, 33, 46, 61, 72),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.REPORT,
        "performance",
        3,
        mark(
            "Read the filled dots: the test, kept apart until the end. Then the distance of each cross to them: the lecture's first network knows its own reviews by heart. The linear model counts words and word pairs, and beats the lecture's networks. The table is under “More”; under “Compare” stand the teachers of our network."
        ),
        {"report_compared": "All readers"},
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.REPORT,
        "overfitting",
        2,
        mark(
            "The lecture's first network. Ask after which epoch one should have stopped: where the lower curve is highest, after epoch 2. The distance between both curves is the overfitting. Press once more for the numbers."
        ),
        {"report_curves": "LSTM, one-hot hashing"},
        asks=mark("After which epoch would you have stopped?"),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.CHALLENGES,
        "rates",
        4,
        mark(
            "How often it reads single sentences rightly. Ask which kind is hardest, and why. Right has a meaning of its own for neutral texts and other languages: no side is taken. Then let the room write a sentence that fools it, under “Try one”."
        ),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.REPORT,
        "correlation",
        2,
        mark(
            "Two correlations, ours and the lecture's. With two labels the Spearman correlation of untied predictions cannot exceed 0.866, even if every verdict is right. The lecture's 0.886 therefore comes from tied predictions or from the stars."
        ),
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.APPLICATIONS,
        "shapes",
        2,
        mark(
            "Ten other applications, four shapes. Ask which shape translation has; the next press draws it: first everything is read, then everything is written. With the controls on, let the room choose another one."
        ),
        {"app_which": "machine translation", "app_guess": False},
        asks=mark("Which shape does machine translation have?"),
        choices=(
            mark("Many to one"),
            mark("One to many"),
            mark("Many to many, step by step"),
            mark("First all is read, then all is written"),
        ),
        right=(3,),
        cuts=IN_ALL_CUTS,
    ),
    Slide(
        chapters.APPLICATIONS,
        "text",
        2,
        mark(
            "A small network writes in the style of Jane Austen, character by character; what is dotted was given. The bars show one unit of the cell state: it follows the quotation marks without having been trained for that."
        ),
        {
            "app_view": "Text",
            "app_temperature": 0.6,
            "app_length": 200,
            "app_unit": "inside quotation marks",
        },
        cuts=IN_LONG_CUTS,
    ),
    Slide(
        chapters.APPLICATIONS,
        "text",
        1,
        mark(
            "The same network with the temperature at 1.5: rare characters are drawn more often, and the words fall apart."
        ),
        {
            "app_view": "Text",
            "app_temperature": 1.5,
            "app_length": 200,
            "app_unit": "inside quotation marks",
        },
        cuts=IN_LONG_CUTS,
    ),
)
"""The whole lecture, in its order."""


ALIASES: dict[str, str] = {
    "baselines": "performance",
    "confusion": "calibration",
}
"""Panels that had another name, by the name that old addresses have."""

CUTS = {"97": mark("all of it, 97 minutes"), "90": mark("90 minutes"), "45": mark("45 minutes")}
"""The cuts of the lecture by their minutes; the first one is all of it."""


def places_of(cut: str) -> list[int]:
    """Return the places of the slides that a cut of the lecture has, from 0."""
    return [place for place, slide in enumerate(SLIDES) if cut in slide.cuts]


def minutes_before(place: int, cut: str = "97") -> float:
    """Return the minutes planned in a cut for all slides before one, counted from 0."""
    return sum(SLIDES[other].minutes for other in places_of(cut) if other < place)


def title_of(slide: Slide) -> str:
    """Return what a slide is called: its chapter and its panel."""
    return f"{say(slide.chapter.title)}: {say(PANELS[slide.chapter][slide.panel])}"
