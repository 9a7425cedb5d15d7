"""Formulas as MathML with places for live numbers, which the player fills in at each step.

A place is an element with ``data-value``: the name of a number of the step, and ``data-format``:
``number``, ``factor`` (in brackets if negative), ``percent``, or ``count``.
"""

from __future__ import annotations

import re
from functools import lru_cache

LETTER_COLOURS = {
    "f": "forget",
    "i": "input",
    "g": "candidate",
    "o": "output",
    "c": "cell_state",
    "h": "hidden_state",
    "z": "forget",
    "r": "output",
    "a": "first",
}


@lru_cache(maxsize=512)
def formula(*rows: str) -> str:
    """Write a formula, one row below the other; a row breaks between formulas, not inside one.

    What is written into a row, between spaces:

        x_t  h_(t-1)      a quantity of this step, or of the step before, in its colour
        W_f  b′_f  W_xf   a block of weights
        W                 all of them
        {f}  ({f})        the live number f; the same behind an operator
        δh_t  δz_(t+1)    an error of this step, or of the step after
        ∂L/∂h_t  Rᵀ       a derivative of the loss; a transposed matrix
        [c]               the live number that the stage computes, in bold
        <joined>          a live text
        tanh(             a function and its bracket
        1                 a number
        = + · ( )         operators and brackets, as they are
    """
    return "".join(
        f'<div class="line"><math><mrow>{"".join(map(_written, row.split()))}</mrow></math></div>'
        for row in rows
    )


def in_words(key: str, form: str = "number") -> str:
    """Place a live number in a sentence."""
    return f'<b data-value="{key}" data-format="{form}"></b>'


def _written(piece: str) -> str:
    for pattern, write in _PIECES:
        if match := re.fullmatch(pattern, piece):
            return write(*match.groups())
    return _operator(piece)


def _live(key: str, form: str = "number") -> str:
    return f'<mn data-value="{key}" data-format="{form}"></mn>'


def _indexed(letter: str, index: str) -> str:
    colour = LETTER_COLOURS.get(letter[-1])
    style = f' style="color:var(--{colour})" data-link="{letter}"' if colour else ""
    return f"<msub{style}><mi>{letter}</mi>{index}</msub>"


def _operator(sign: str) -> str:
    return f'<mo stretchy="false">{sign}</mo>'


def _loss_by(letter: str) -> str:
    return f"<mrow><mo>∂</mo><mi>L</mi><mo>/</mo><mo>∂</mo>{_indexed(letter, _live('t', 'count'))}</mrow>"


_PIECES = (
    (r"∂L/∂(\w)_t", _loss_by),
    (r"(δ\w)_t", lambda letter: _indexed(letter, _live("t", "count"))),
    (r"(δ?\w)_\(t\+1\)", lambda letter: _indexed(letter, _live("t_after", "count"))),
    (r"(δ\w)_(\w)", lambda letter, gate: f"<msub><mi>{letter}</mi><mi>{gate}</mi></msub>"),
    (r"(\w)ᵀ", lambda letter: f"<msup><mi>{letter}</mi><mo>⊤</mo></msup>"),
    (r"(\w)_t", lambda letter: _indexed(letter, _live("t", "count"))),
    (r"(\w)_\(t-1\)", lambda letter: _indexed(letter, _live("t_before", "count"))),
    (r"(\w′?)_(\w\w?)", lambda letter, gate: f"<msub><mi>{letter}</mi><mi>{gate}</mi></msub>"),
    (r"\{(\w+)\}", _live),
    (r"\(\{(\w+)\}\)", lambda key: _live(key, "factor")),
    (r"\[(\w+)\]", lambda key: f'<mstyle class="result" data-link="{key}">{_live(key)}</mstyle>'),
    (r"<(\w+)>", lambda text: f'<mtext data-text="{text}"/>'),
    (r"(\w+)\(", lambda function: f'<mi class="function">{function}</mi>{_operator("(")}'),
    (r"(\d+)", lambda number: f"<mn>{number}</mn>"),
    (r"(\w)", lambda letter: f"<mi>{letter}</mi>"),
)
"""How each kind of piece of a formula is written, the first pattern that fits it first."""
