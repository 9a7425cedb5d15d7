"""What is said and shown at each stage of a step: of an LSTM, a plain RNN, and a GRU.

A walk has no numbers in it; the player puts those of the visitor's own run into its places
(``mathml``). The code is the cell's own, written to be run. Names and sentences are marked for
translation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lstm_core.figures.drawings import TITLES, gru_drawing, lstm_drawing, rnn_drawing
from lstm_core.language import mark, say
from lstm_core.lessons.mathml import (
    before,
    called,
    factor,
    lines,
    live,
    now,
    op,
    result,
    said,
    weights,
)


@dataclass(frozen=True)
class Stage:
    """One stage of a step.

    Attributes:
        name: a short name of its own among the walk's stages.
        link: the symbol of what it computes.
        line: its line of the walk's code, from 0.
        formula: MathML with places for numbers.
        sentence: HTML, with ``{symbol}`` where a number stands.
        numbers: how each number of the sentence is written, by its symbol (``mathml``).
        gate: the block of weights that is at work, if one is.
    """

    name: str
    link: str
    line: int
    formula: str
    sentence: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    gate: str = ""

    @property
    def title(self) -> str:
        """As the lecture calls it, in the language that is spoken."""
        return say(TITLES.get(self.name, self.name))

    @property
    def told(self) -> str:
        """The sentence in the language that is spoken, with places for numbers; HTML."""
        return say(self.sentence, **{key: said(key, form) for key, form in self.numbers.items()})


@dataclass(frozen=True)
class Track:
    """One curve over time: its key among the numbers, its name, colour and mark, and its panel."""

    key: str
    name: str
    colour: str
    mark: str
    panel: int


@dataclass(frozen=True)
class Walk:
    """A cell's drawing, its stages, its code, its curves, and how each gate squashes."""

    name: str
    draw: Callable[[], str]
    stages: tuple[Stage, ...]
    code: tuple[str, ...]
    tracks: tuple[Track, ...]
    panels: tuple[str, ...]
    gates: dict[str, tuple[str, str, str]]
    """Of each gate: the symbol of its value, of its pre-activation, and its squashing."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the stages are called, in order."""
        return tuple(stage.title for stage in self.stages)


def _gate(
    name: str, letter: str, line: int, squash: str, sentence: str, form: str = "percent"
) -> Stage:
    return Stage(
        name,
        letter,
        line,
        lines(
            now(letter)
            + op("=")
            + called(
                squash,
                now("x"), weights("W", letter), op("+"),
                before("h"), weights("R", letter), op("+"), weights("b", letter),
            ),
            op("=") + called(squash, live(f"z_{letter}")) + op("=") + result(letter),
        ),
        sentence,
        {letter: form},
        name,
    )  # fmt: skip


_JOINED = lines(
    op("[") + now("x") + op(";") + before("h") + op("]") + op("=") + '<mtext data-text="joined"/>'
)
_SIDE_BY_SIDE = mark(
    "The new input and the previous hidden state are put <b>side by side</b>, not added: each has "
    "weights of its own."
)

LSTM = Walk(
    "lstm",
    lstm_drawing,
    (
        Stage(mark("concatenate"), "x", 1, _JOINED, _SIDE_BY_SIDE),
        _gate(
            "forget", "f", 2, "σ",
            mark(
                "The forget gate <b>keeps {f}</b> of the old cell state. 1 means keep, 0 means "
                "forget."
            ),
        ),
        _gate(
            "input", "i", 3, "σ",
            mark("The input gate lets {i} of the candidate in."),
        ),
        _gate(
            "candidate", "g", 4, "tanh",
            mark("The candidate is what could be written: {g}, between −1 and 1."),
            "number",
        ),
        Stage(
            mark("cell state"), "c", 5,
            lines(
                now("c") + op("=") + now("f") + op("⊙") + before("c") + op("+")
                + now("i") + op("⊙") + now("g"),
                op("=") + live("f") + op("·") + factor("c_before") + op("+")
                + live("i") + op("·") + factor("g"),
                op("=") + live("kept") + op("+") + factor("written") + op("=") + result("c"),
            ),
            mark(
                "Old memory that was kept, {kept}, plus what is written, {written}. Nothing "
                "squashes the sum: the cell state may leave (−1, 1). Here it becomes {c}."
            ),
            {"kept": "number", "written": "number", "c": "number"},
        ),
        _gate(
            "output", "o", 6, "σ",
            mark("The output gate shows {o} of the squashed cell state."),
        ),
        Stage(
            mark("hidden state"), "h", 7,
            lines(
                now("h") + op("=") + now("o") + op("⊙") + called("tanh", now("c")),
                op("=") + live("o") + op("·") + called("tanh", live("c")),
                op("=") + live("o") + op("·") + factor("tanh_c") + op("=") + result("h"),
            ),
            mark("What the cell shows to the next step and to the layer above: {h}."),
            {"h": "number"},
        ),
    ),
    (
        "def lstm_step(x, h, c):",
        "    joined = np.concatenate([x, h])",
        "    f = sigmoid(joined @ W_f + b_f)",
        "    i = sigmoid(joined @ W_i + b_i)",
        "    g = np.tanh(joined @ W_g + b_g)",
        "    c = f * c + i * g",
        "    o = sigmoid(joined @ W_o + b_o)",
        "    h = o * np.tanh(c)",
        "    return h, c",
        "",
        "h = c = np.zeros(units)",
        "for x in inputs:",
        "    h, c = lstm_step(x, h, c)",
    ),
    (
        Track("f", mark("forget gate"), "forget", "forget", 0),
        Track("i", mark("input gate"), "input", "input", 0),
        Track("g", mark("candidate"), "candidate", "candidate", 0),
        Track("o", mark("output gate"), "output", "output", 0),
        Track("c", mark("cell state"), "cell_state", "cell_state", 1),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 1),
    ),
    (mark("gates and candidate"), mark("cell state and hidden state")),
    {
        "input": ("i", "z_i", "σ"),
        "forget": ("f", "z_f", "σ"),
        "candidate": ("g", "z_g", "tanh"),
        "output": ("o", "z_o", "σ"),
    },
)  # fmt: skip

RNN = Walk(
    "rnn",
    rnn_drawing,
    (
        Stage(mark("concatenate"), "x", 1, _JOINED, _SIDE_BY_SIDE),
        Stage(
            mark("weigh and add"), "a", 2,
            lines(
                now("a") + op("=") + now("x") + "<mi>W</mi>" + op("+") + before("h")
                + "<mi>R</mi>" + op("+") + "<mi>b</mi>" + op("=") + result("a")
            ),
            mark(
                "One sum, {a}: the new input and the memory through their weights. The same weights "
                "at every step."
            ),
            {"a": "number"},
            "hidden",
        ),
        Stage(
            mark("squash"), "h", 3,
            lines(now("h") + op("=") + called("tanh", live("a")) + op("=") + result("h")),
            mark(
                "tanh keeps the state between −1 and 1: {h}. All of the old memory was weighed and "
                "squashed again; nothing could pass untouched."
            ),
            {"h": "number"},
        ),
    ),
    (
        "def rnn_step(x, h):",
        "    joined = np.concatenate([x, h])",
        "    a = joined @ W + b",
        "    h = np.tanh(a)",
        "    return h",
        "",
        "h = np.zeros(units)",
        "for x in inputs:",
        "    h = rnn_step(x, h)",
    ),
    (
        Track("a", mark("pre-activation"), "first", "candidate", 0),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 0),
    ),
    (mark("pre-activation and hidden state"),),
    {"hidden": ("h", "a", "tanh")},
)  # fmt: skip


def _gru_gate(name: str, letter: str, line: int, sentence: str, *others: str) -> Stage:
    return Stage(
        name,
        letter,
        line,
        lines(
            now(letter)
            + op("=")
            + called(
                "σ",
                now("x"), weights("W", letter), op("+"), weights("b", letter), op("+"),
                before("h"), weights("R", letter), op("+"), weights("b′", letter),
            ),
            op("=") + called("σ", live(f"a_{letter}")) + op("=") + result(letter),
        ),
        sentence,
        dict.fromkeys((letter, *others), "percent"),
        name,
    )  # fmt: skip


GRU = Walk(
    "gru",
    gru_drawing,
    (
        Stage(
            mark("inputs"), "x", 1, _JOINED,
            mark(
                "The new input and the previous hidden state are put <b>side by side</b>, not added: "
                "each has weights of its own. A GRU has no cell state beside h."
            ),
        ),
        _gru_gate(
            "reset", "r", 3,
            mark("The reset gate lets the candidate consult {r} of the old state."),
        ),
        _gru_gate(
            "update", "z", 4,
            mark(
                "The update gate <b>keeps {z}</b> of the old state; the rest, {one_minus_z}, is "
                "written. In some papers z and 1 − z are exchanged."
            ),
            "one_minus_z",
        ),
        Stage(
            "candidate", "g", 5,
            lines(
                now("g") + op("=")
                + called(
                    "tanh",
                    now("x"), weights("W", "g"), op("+"), weights("b", "g"), op("+"), now("r"),
                    op("⊙"), op("("), before("h"), weights("R", "g"), op("+"),
                    weights("b′", "g"), op(")"),
                ),
                op("=") + called("tanh", live("u_g"), op("+"), live("r"), op("·"), factor("v_g"))
                + op("=") + result("g"),
            ),
            mark(
                "The reset gate acts after the matrix product (<code>reset_after</code>, as in "
                "Keras and cuDNN): the candidate is {g}."
            ),
            {"g": "number"},
            "candidate",
        ),
        Stage(
            "hidden state", "h", 6,
            lines(
                now("h") + op("=") + now("z") + op("⊙") + before("h") + op("+") + op("(")
                + "<mn>1</mn>" + op("−") + now("z") + op(")") + op("⊙") + now("g"),
                op("=") + live("z") + op("·") + factor("h_before") + op("+")
                + live("one_minus_z") + op("·") + factor("g"),
                op("=") + live("kept") + op("+") + factor("written") + op("=") + result("h"),
            ),
            mark(
                "Kept, {kept}, and written, {written}, mixed by one gate: to write more is to keep "
                "less. There is no output gate, so that all of the state shows."
            ),
            {"kept": "number", "written": "number"},
        ),
    ),
    (
        "def gru_step(x, h):",
        "    u_z, u_r, u_g = np.split(x @ kernel + bias[0], 3)",
        "    v_z, v_r, v_g = np.split(h @ recurrent_kernel + bias[1], 3)",
        "    r = sigmoid(u_r + v_r)",
        "    z = sigmoid(u_z + v_z)",
        "    g = np.tanh(u_g + r * v_g)",
        "    h = z * h + (1 - z) * g",
        "    return h",
        "",
        "h = np.zeros(units)",
        "for x in inputs:",
        "    h = gru_step(x, h)",
    ),
    (
        Track("z", mark("update gate"), "forget", "forget", 0),
        Track("r", mark("reset gate"), "output", "output", 0),
        Track("g", mark("candidate"), "candidate", "candidate", 0),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 1),
    ),
    (mark("gates and candidate"), mark("hidden state")),
    {
        "update": ("z", "a_z", "σ"),
        "reset": ("r", "a_r", "σ"),
        "candidate": ("g", "a_g", "tanh"),
    },
)  # fmt: skip
