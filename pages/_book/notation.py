"""How weights are written here, in Keras, in PyTorch and in the lecture, side by side.

One notation holds in the whole app, in code and in figures: W kernel (weights of the inputs), R
recurrent kernel (weights of the hidden state), b bias, with the gate's letter below.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages._book.language import mark, say


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
