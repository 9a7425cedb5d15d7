"""How weights are written here, in Keras, in PyTorch and in the lecture, side by side.

One notation holds in the whole app, in code and in figures: W kernel (weights of the inputs), R
recurrent kernel (weights of the hidden state), b bias, with the gate's letter below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from pages._book.language import mark, say
from pages._book.mathml import formula


@dataclass(frozen=True)
class Row:
    """One thing in four notations, as Markdown; ``u`` is the number of units.

    ``what`` and ``lecture`` are marked for translation where they are words.
    """

    what: str
    here: str
    keras: str
    torch: str
    lecture: str


NOTATION = (
    Row(
        mark("kernel of the forget gate: weights of the inputs"),
        "$W_f$",
        "`kernel[:, u:2*u]`",
        "`weight_ih[u:2*u].T`",
        "$W_{xf}$",
    ),
    Row(
        mark("its recurrent kernel: weights of the hidden state"),
        "$R_f$",
        "`recurrent_kernel[:, u:2*u]`",
        "`weight_hh[u:2*u].T`",
        "$W_{hf}$",
    ),
    Row(
        mark("its bias"),
        "$b_f$",
        "`bias[u:2*u]`",
        "`bias_ih[u:2*u] + bias_hh[u:2*u]`",
        mark("left out"),
    ),
    Row(
        mark("its pre-activation"),
        "$x_t W_f + h_{t-1} R_f + b_f$",
        "`(x @ kernel + h @ recurrent_kernel + bias)[u:2*u]`",
        "`(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)[u:2*u]`",
        "`forget_layer(combine)`",
    ),
    Row(mark("order of the LSTM's gates"), "i f g o", "i f c o", "i f g o", "f i C o"),
    Row(
        mark("the LSTM's candidate, and its kernel"),
        "$g_t, W_g$",
        "`c`, `kernel[:, 2*u:3*u]`",
        "`g`, `weight_ih[2*u:3*u].T`",
        r"$\tilde{C}_t$ or $g_t, W_{xc}$",
    ),
    Row(mark("order of the GRU's gates"), "z r g", "z r h", "r z n", mark("only drawn")),
    Row(
        mark("biases of the GRU's candidate: of the inputs, of the recurrence"),
        "$b_g, b'_g$",
        "`bias[0, 2*u:]`, `bias[1, 2*u:]`",
        "`bias_ih[2*u:]`, `bias_hh[2*u:]`",
        mark("only drawn"),
    ),
)


NAMES = {
    "here": mark("this app"),
    "lecture": mark("The lecture"),
    "keras": "Keras",
    "torch": "PyTorch",
}
"""Whose notations a formula can be read in."""
_SQUASHED = {
    "f": "sigmoid",
    "i": "sigmoid",
    "o": "sigmoid",
    "z": "sigmoid",
    "r": "sigmoid",
    "g": "tanh",
}
_ORDERS = {
    ("lstm", "keras"): "ifgo",
    ("lstm", "torch"): "ifgo",
    ("gru", "keras"): "zrg",
    ("gru", "torch"): "rzg",
}
"""In which order each keeps the blocks of its gates, by the letters of this app."""


def elsewhere(cell: str, letter: str, units: int) -> Mapping[str, str]:
    """Write how others compute what a letter stands for, with the slices of a cell of so many units.

    Args:
        cell: "lstm", "gru" or "rnn".
        letter: of a gate or of the candidate; of the pre-activation in an RNN.
        units: of the cell.

    Returns:
        HTML by whose notation it is, a name in ``NAMES``; nothing for what everybody writes alike.
    """
    lines = {whose: code(cell, letter, units, whose) for whose in ("keras", "torch")}
    written = {whose: f"<pre>{escape(line)}</pre>" for whose, line in lines.items() if line}
    if cell == "lstm" and written:
        gate, squash = ("c", "tanh") if letter == "g" else (letter, "σ")
        lecture = f"{letter}_t = {squash}( x_t W_x{gate} + h_(t-1) W_h{gate} )"
        return {"lecture": formula(lecture), **written}
    return written


def code(cell: str, letter: str, units: int, whose: str) -> str:
    """Write a gate as NumPy code with the names and the order of Keras or of PyTorch."""
    if (cell, letter) == ("rnn", "a"):
        joined = "x @ kernel\n  + h @ recurrent_kernel\n  + bias"
        if whose == "torch":
            joined = "x @ weight_ih.T + bias_ih\n  + h @ weight_hh.T + bias_hh"
        return f"a = {joined}"
    order = _ORDERS.get((cell, whose), "")
    if letter not in order or letter not in _SQUASHED:
        return ""
    at = order.index(letter) * units
    block, name = f"{at}:{at + units}", NAMED_BY.get((cell, whose, letter), letter)
    if whose == "torch":
        ours, theirs = f"x @ weight_ih[{block}].T", f"h @ weight_hh[{block}].T"
        biases = (f"bias_ih[{block}]", f"bias_hh[{block}]")
    else:
        ours, theirs = f"x @ kernel[:, {block}]", f"h @ recurrent_kernel[:, {block}]"
        biases = (f"bias[0, {block}]", f"bias[1, {block}]")
    recurrent = f"{theirs}\n  + {biases[1]}"
    if (cell, letter) == ("gru", "g"):
        recurrent = f"r * ({recurrent})"
    parts = [ours, biases[0], recurrent]
    if (cell, whose) == ("lstm", "keras"):
        parts = [ours, theirs, f"bias[{block}]"]
    return f"{name} = {_SQUASHED[letter]}(\n  {f'{chr(10)}  + '.join(parts)})"


NAMED_BY = {
    ("lstm", "keras", "g"): "c",
    ("gru", "keras", "g"): "hh",
    ("gru", "torch", "g"): "n",
}
"""What others call the candidate, in their code."""


def notation_rows() -> list[dict[str, str]]:
    """List every thing with how each writes it, by the columns' titles; Markdown."""
    return [
        {
            say("What it is"): say(one.what),
            say("Here"): one.here,
            "Keras": one.keras,
            "PyTorch": one.torch,
            say("The lecture"): say(one.lecture),
        }
        for one in NOTATION
    ]
