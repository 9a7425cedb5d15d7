"""Numbers as LaTeX: with three decimals to be read, or with six digits to be compared."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Write a number with three decimals; a very small or large one with a power of ten."""
    if not math.isfinite(value):
        return _not_finite(value)
    if value == 0 or 0.0005 <= abs(value) < 1e5:
        return f"{value:.3f}".replace("-", "{-}", 1)
    mantissa, exponent = f"{value:.1e}".split("e")
    return rf"{mantissa}\!\cdot\!10^{{{int(exponent)}}}".replace("-", "{-}", 1)


def bracketed(value: float) -> str:
    """Write a number behind an operator: in brackets if it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def product(first: float, second: float) -> str:
    """Write a product of two numbers."""
    return rf"{number(first)} \cdot {bracketed(second)}"


def precise(value: float) -> str:
    """Write a number with six significant digits; a small or large one with four and a power of ten."""
    if not math.isfinite(value):
        return _not_finite(value)
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.6g}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def gathered(lines: list[str]) -> str:
    """Set lines one below the other, centred."""
    return r"\begin{gathered}" + r" \\[4pt] ".join(lines) + r"\end{gathered}"


def _not_finite(value: float) -> str:
    return r"\infty" if value > 0 else r"-\infty" if value < 0 else r"\text{NaN}"
