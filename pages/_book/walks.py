"""What is said and shown at each stage of a step: of an LSTM, a plain RNN, and a GRU.

A walk has no numbers in it; the player puts those of the visitor's own run into its places
(``mathml``). The code is the source of the cell's own ``step``. Names and sentences are marked for
translation.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from pages._book.drawings import TITLES, gru_drawing, lstm_drawing, rnn_drawing
from pages._book.language import mark, say
from pages._book.mathml import formula, in_words


@dataclass(frozen=True)
class Stage:
    """One stage of a step.

    Attributes:
        name: a short name of its own among the walk's stages.
        link: the symbol of what it computes; the line of code that assigns it is the stage's.
        formula: MathML with places for numbers.
        sentence: HTML, with ``{symbol}`` where a number stands.
        numbers: how each number of the sentence is written, by its symbol (``mathml``).
        gate: the block of weights that is at work, if one is.
    """

    name: str
    link: str
    formula: str
    sentence: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    gate: str = ""

    @property
    def title(self) -> str:
        """As the lecture calls it, in the language that is spoken."""
        return say(TITLES.get(self.name, self.name))

    @property
    def spoken_sentence(self) -> str:
        """The sentence in the language that is spoken, with places for numbers; HTML."""
        return say(
            self.sentence, **{key: in_words(key, form) for key, form in self.numbers.items()}
        )


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
    """A kind of cell: its drawing, its stages, its curves, and how each gate squashes."""

    name: str
    cell: type[Cell]
    draw: Callable[[], str]
    stages: tuple[Stage, ...]
    tracks: tuple[Track, ...]
    panels: tuple[str, ...]
    gates: dict[str, tuple[str, str, str]]
    """Of each gate: the symbol of its value, of its pre-activation, and its squashing."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the stages are called, in order."""
        return tuple(stage.title for stage in self.stages)

    @property
    def method(self) -> str:
        """What the code is the source of."""
        return f"{self.cell.__name__}.step"

    @cached_property
    def code(self) -> tuple[str, ...]:
        """The lines of the cell's ``step``, without its docstring."""
        return source_lines(self.cell.step)

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """The line of the code, from 0, of each stage, by the symbol that it computes."""
        assigned = assigning_lines(self.code)
        return {stage.link: assigned[stage.link] for stage in self.stages}


def source_lines(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the source of a function line by line, without its docstring and indentation."""
    source = textwrap.dedent(inspect.getsource(function))
    docstring = _function(source).body[0]
    kept = source.splitlines()
    if ast.get_docstring(_function(source)):
        del kept[docstring.lineno - 1 : docstring.end_lineno]
    return tuple(kept)


def assigning_lines(code: tuple[str, ...]) -> dict[str, int]:
    """Find the line of a function's code, from 0, that assigns each name.

    A line that assigns several names counts for the first of them: ``x, h, c = ...`` is the line
    of x.
    """
    lines = {}
    for statement in _function("\n".join(code)).body:
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            first = target.elts[0] if isinstance(target, ast.Tuple) else target
            lines[ast.unparse(first)] = statement.lineno - 1
    return lines


def _function(source: str) -> ast.FunctionDef:
    function = ast.parse(source).body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError("the source is that of no function")
    return function


def _gate(name: str, letter: str, squash: str, sentence: str, form: str = "percent") -> Stage:
    return Stage(
        name,
        letter,
        formula(
            f"{letter}_t = {squash}( x_t W_{letter} + h_(t-1) R_{letter} + b_{letter} )",
            f"= {squash}( {{xW_{letter}}} + ({{hR_{letter}}}) + ({{b_{letter}}}) )",
            f"= {squash}( {{z_{letter}}} ) = [{letter}]",
        ),
        sentence,
        {letter: form},
        name,
    )


_JOINED = formula("[ x_t ; h_(t-1) ] = <joined>")
_SIDE_BY_SIDE = mark("The input x arrives. With the previous hidden state h it goes to every gate.")

LSTM = Walk(
    name="lstm",
    cell=LSTMCell,
    draw=lstm_drawing,
    stages=(
        Stage(mark("inputs"), "x", _JOINED, _SIDE_BY_SIDE),
        _gate(
            "forget",
            "f",
            "σ",
            mark(
                "The forget gate <b>keeps {f}</b> of the old cell state. 1 means keep, 0 means "
                "forget."
            ),
        ),
        _gate("input", "i", "σ", mark("The input gate lets {i} of the candidate in.")),
        _gate(
            "candidate",
            "g",
            "tanh",
            mark("The candidate is what could be written: {g}, between −1 and 1."),
            "number",
        ),
        Stage(
            mark("cell state"),
            "c",
            formula(
                "c_t = f_t ⊙ c_(t-1) + i_t ⊙ g_t",
                "= {f} · ({c_before}) + {i} · ({g})",
                "= {kept} + ({written}) = [c]",
            ),
            mark(
                "Kept {kept} plus written {written} is the new cell state: {c}. Nothing squashes it."
            ),
            {"kept": "number", "written": "number", "c": "number"},
        ),
        _gate("output", "o", "σ", mark("The output gate shows {o} of the squashed cell state.")),
        Stage(
            mark("hidden state"),
            "h",
            formula(
                "h_t = o_t ⊙ tanh( c_t )",
                "= {o} · tanh( {c} )",
                "= {o} · ({tanh_c}) = [h]",
            ),
            mark("{h} goes to the next step and to the layer above."),
            {"h": "number"},
        ),
    ),
    tracks=(
        Track("f", mark("forget gate"), "forget", "forget", 0),
        Track("i", mark("input gate"), "input", "input", 0),
        Track("g", mark("candidate"), "candidate", "candidate", 0),
        Track("o", mark("output gate"), "output", "output", 0),
        Track("c", mark("cell state"), "cell_state", "cell_state", 1),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 1),
    ),
    panels=(mark("gates and candidate"), mark("cell state and hidden state")),
    gates={
        "input": ("i", "z_i", "σ"),
        "forget": ("f", "z_f", "σ"),
        "candidate": ("g", "z_g", "tanh"),
        "output": ("o", "z_o", "σ"),
    },
)

RNN = Walk(
    name="rnn",
    cell=RNNCell,
    draw=rnn_drawing,
    stages=(
        Stage(
            "inputs",
            "x",
            _JOINED,
            mark(
                "The input x arrives beside the previous hidden state h: each has weights of its own."
            ),
        ),
        Stage(
            mark("weigh and add"),
            "a",
            formula(
                "a_t = x_t W + h_(t-1) R + b",
                "= {xW_h} + ({hR_h}) + ({b_h}) = [a]",
            ),
            mark(
                "One sum, {a}: input and previous hidden state, each times its weights. The weights are "
                "the same at every step."
            ),
            {"a": "number"},
            "hidden",
        ),
        Stage(
            mark("squash"),
            "h",
            formula("h_t = tanh( {a} ) = [h]"),
            mark("tanh brings the sum between −1 and 1: {h} is the new hidden state."),
            {"h": "number"},
        ),
    ),
    tracks=(
        Track("a", mark("pre-activation"), "first", "candidate", 0),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 0),
    ),
    panels=(mark("pre-activation and hidden state"),),
    gates={"hidden": ("h", "a", "tanh")},
)


def _gru_gate(name: str, letter: str, sentence: str, *others: str) -> Stage:
    return Stage(
        name,
        letter,
        formula(
            f"{letter}_t = σ( x_t W_{letter} + h_(t-1) R_{letter} + b_{letter} + b′_{letter} )",
            f"= σ( {{xW_{letter}}} + ({{hR_{letter}}}) + ({{b_{letter}}}) )",
            f"= σ( {{a_{letter}}} ) = [{letter}]",
        ),
        sentence,
        dict.fromkeys((letter, *others), "percent"),
        name,
    )


GRU = Walk(
    name="gru",
    cell=GRUCell,
    draw=gru_drawing,
    stages=(
        Stage(
            "inputs",
            "x",
            formula("x_t = <typed>", "h_(t-1) = {h_before}"),
            mark(
                "The input x arrives. x and h keep weights and biases of their own. A GRU has no cell "
                "state beside h."
            ),
        ),
        _gru_gate("reset", "r", mark("The reset gate lets {r} of h into the candidate.")),
        _gru_gate(
            "update",
            "z",
            mark(
                "The update gate <b>keeps {z}</b> of h; the rest, {one_minus_z}, is written. Some papers "
                "exchange z and 1 − z."
            ),
            "one_minus_z",
        ),
        Stage(
            "candidate",
            "g",
            formula(
                "g_t = tanh( x_t W_g + b_g",
                "+ r_t ⊙ ( h_(t-1) R_g + b′_g ) )",
                "= tanh( {u_g} + {r} · ({v_g}) ) = [g]",
            ),
            mark(
                "The candidate is what could be written: {g}. The reset gate acts after the matrix "
                "product (<code>reset_after</code>)."
            ),
            {"g": "number"},
            "candidate",
        ),
        Stage(
            "hidden state",
            "h",
            formula(
                "h_t = z_t ⊙ h_(t-1) + ( 1 − z_t ) ⊙ g_t",
                "= {z} · ({h_before}) + {one_minus_z} · ({g})",
                "= {kept} + ({written}) = [h]",
            ),
            mark("Kept {kept} plus written {written} is the new h: {h}. One gate decides both."),
            {"kept": "number", "written": "number", "h": "number"},
        ),
    ),
    tracks=(
        Track("z", mark("update gate"), "forget", "forget", 0),
        Track("r", mark("reset gate"), "output", "output", 0),
        Track("g", mark("candidate"), "candidate", "candidate", 0),
        Track("h", mark("hidden state"), "hidden_state", "hidden_state", 1),
    ),
    panels=(mark("gates and candidate"), mark("hidden state")),
    gates={
        "update": ("z", "a_z", "σ"),
        "reset": ("r", "a_r", "σ"),
        "candidate": ("g", "a_g", "tanh"),
    },
)


RESET_FIRST = replace(
    GRU,
    cell=ResetFirstGRUCell,
    stages=tuple(
        replace(
            stage,
            formula=formula(
                "g_t = tanh( x_t W_g + b_g + ( r_t ⊙ h_(t-1) ) R_g + b′_g )",
                "= tanh( {a_g} ) = [g]",
            ),
            sentence=mark(
                "The candidate is what could be written: {g}. The reset gate acts before the matrix "
                "product (<code>reset_after=False</code>)."
            ),
        )
        if stage.name == "candidate"
        else stage
        for stage in GRU.stages
    ),
)
"""A GRU whose reset gate acts on h before the matrix product."""


def with_activation(walk: Walk, activation: str) -> Walk:
    """Return the walk of an RNN with another activation than tanh."""
    if activation == "tanh":
        return walk
    squash, draw = {"relu": "ReLU", "sigmoid": "σ"}.get(activation, activation), walk.draw
    return replace(
        walk,
        draw=lambda: draw().replace(">tanh<", f">{squash}<"),
        stages=tuple(
            replace(
                stage,
                formula=formula(f"h_t = {squash}( {{a}} ) = [h]"),
                sentence=mark("The activation makes of the sum {h}, the new hidden state."),
            )
            if stage.link == "h"
            else stage
            for stage in walk.stages
        ),
        gates={"hidden": ("h", "a", squash)},
    )


SMALL, TRAINED = mark("A small cell"), mark("The network that reads reviews")
