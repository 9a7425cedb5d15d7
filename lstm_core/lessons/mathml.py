"""Formulas as MathML with places for live numbers, which the player fills in at each step.

A place is an element with ``data-value``: the name of a number of the step, and ``data-format``:
``number``, ``factor`` (in brackets if negative), ``percent``, or ``count``.
"""

from __future__ import annotations

COLOURS = {
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


def live(key: str, form: str = "number") -> str:
    """Place a live number in a formula."""
    return f'<mn data-value="{key}" data-format="{form}"></mn>'


def factor(key: str) -> str:
    """Place a live number behind an operator."""
    return live(key, "factor")


def result(key: str) -> str:
    """Place the live number that a stage computes, in bold."""
    return f'<mstyle class="result" data-link="{key}">{live(key)}</mstyle>'


def now(letter: str) -> str:
    """Write a quantity of this step, in its colour."""
    return _indexed(letter, live("t", "count"))


def before(letter: str) -> str:
    """Write a quantity of the step before."""
    return _indexed(letter, live("t_before", "count"))


def weights(letter: str, of: str) -> str:
    """Write a block of weights: W, R or b, of a gate."""
    return f"<msub><mi>{letter}</mi><mi>{of}</mi></msub>"


def op(sign: str) -> str:
    """Write an operator or a bracket."""
    return f'<mo stretchy="false">{sign}</mo>'


def called(function: str, *inside: str) -> str:
    """Write a function of something."""
    return f"<mi>{function}</mi>{op('(')}{''.join(inside)}{op(')')}"


def lines(*rows: str) -> str:
    """Set rows one below the other; a row breaks between formulas, not inside one."""
    return "".join(f'<div class="line"><math><mrow>{row}</mrow></math></div>' for row in rows)


def said(key: str, form: str = "number") -> str:
    """Place a live number in a sentence."""
    return f'<b data-value="{key}" data-format="{form}"></b>'


def _indexed(letter: str, index: str) -> str:
    colour = COLOURS.get(letter)
    style = f' style="color:var(--{colour})" data-link="{letter}"' if colour else ""
    return f"<msub{style}><mi>{letter}</mi>{index}</msub>"
