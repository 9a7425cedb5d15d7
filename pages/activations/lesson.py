"""What the page on activation functions says, and where its presets stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.activations import Activation
from lstm_core.gradients.chain import Chain
from pages._book.language import decimal, mark, say
from pages._book.log_axes import readable
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages.activations.figures import SATURATED_SHARE, written

START = {"function": "tanh", "x": 0.0, "w": 1.0, "steps": 20}
"""The page's controls by their keys, with what they stand at to begin with."""


def _preset(name: str, **sets: object) -> Preset[Chain]:
    return Preset(name, START | sets)


PRESETS = by_name(
    (
        _preset(mark("Steepest")),
        _preset(mark("Saturated"), x=4.0),
        _preset(mark("Sigmoid at its best"), function="sigmoid"),
        _preset(mark("ReLU grows"), function="relu", x=2.0, w=1.5),
        _preset(mark("ReLU is dead"), function="relu", x=-2.0, w=1.5),
    )
)
SYMBOLS = {"tanh": r"\tanh", "sigmoid": r"\sigma", "relu": r"\mathrm{relu}"}


@dataclass(frozen=True)
class Story:
    """The page's words and formulas for one activation, one point and one recurrent weight."""

    activation: Activation
    point: float
    weight: float
    products: Chain

    @property
    def value(self) -> float:
        """The function at the point."""
        return float(self.activation.function(np.array([self.point]))[0])

    @property
    def slope(self) -> float:
        """The derivative at the point."""
        return float(self.activation.derivative(np.array([self.point]))[0])

    @property
    def value_formula(self) -> str:
        """The function with the live number in it."""
        symbol = SYMBOLS[self.activation.name]
        live = rf"{symbol}({_number(self.point, '.1f')}) = {_number(self.value, '.4f')}"
        return _stacked(self.activation.formula, live)

    @property
    def slope_formula(self) -> str:
        """The derivative with the live numbers in it."""
        symbol = SYMBOLS[self.activation.name]
        # Far out the difference from 1 lies in the later digits, so that more are needed.
        value = _number(self.value, ".4f" if self.slope > 0.05 else ".7f")
        middle = {
            "tanh": f"1 - ({value})^2",
            "sigmoid": rf"{value} \cdot (1 - {value})",
        }.get(self.activation.name)
        slope = _latex_powers(_number(self.slope, ".3g"))
        live = f"{symbol}'({_number(self.point, '.1f')})"
        lines = [f"{live} = {middle}", f"= {slope}"] if middle else [f"{live} = {slope}"]
        return _stacked(self.activation.derivative_formula, *lines)

    @property
    def sentence(self) -> str:
        """What the visitor should see at this point."""
        share = self.slope / self.activation.steepest
        if self.slope == 0:
            return say(
                "At x = {x:.1f} the slope is **0**: no gradient passes, and the weights of this unit do not "
                "change.",
                x=self.point,
            )
        if share < SATURATED_SHARE:
            return say(
                "At x = {x:.1f} {name} is **saturated**: its output hardly changes with x. Only a share of "
                "**{slope}** of a gradient passes.",
                x=self.point,
                name=written(self.activation.name),
                slope=readable(self.slope),
            )
        bound = {
            "tanh": say("With tanh all of it passes at x = 0, and less everywhere else."),
            "sigmoid": say("With the sigmoid at most 1/4 passes, at x = 0."),
            "relu": say("With ReLU all of it passes, but its output has no upper bound."),
        }[self.activation.name]
        return say(
            "At x = {x:.1f} a share of **{slope:.3g}** of a gradient passes. {bound}",
            x=self.point,
            slope=self.slope,
            bound=bound,
        )

    @property
    def chain_sentence(self) -> str:
        """What each function leaves of a gradient."""
        factors = {name: readable(abs(one), 3) for name, one in self.products.factor.items()}
        return say(
            "Each step back multiplies the gradient by slope × w: tanh by **{tanh}**, sigmoid by **{sigmoid}**, "
            "ReLU by **{relu}**.",
            **factors,
        )

    @property
    def alt(self) -> str:
        """The picture in words."""
        return say(
            "{name} and its slope from -8 to 8. At {x:.1f} the function is {value:.4g} and the slope "
            "{slope:.4g}.",
            name=written(self.activation.name),
            x=self.point,
            value=self.value,
            slope=self.slope,
        )

    @property
    def chain_alt(self) -> str:
        """The chains in words."""
        left = self.products.left
        ends = ", ".join(
            f"{written(name)} {readable(float(share[-1]))}" for name, share in left.items()
        )
        return say(
            "Share of a gradient that is left after {steps} steps, on a log axis: {ends}. {sentence}",
            steps=len(self.products.steps),
            ends=ends,
            sentence=self.chain_sentence.replace("**", ""),
        )

    @property
    def chain_formula(self) -> str:
        """The product over all steps with the live numbers in it."""
        name, steps = self.activation.name, len(self.products.steps)
        left = _latex_powers(_number(float(self.products.left[name][-1]), ".3g"))
        slope = _latex_powers(_number(self.slope, ".4g"))
        return _stacked(
            rf"\prod_{{k=1}}^{{{steps}}} w\,{SYMBOLS[name]}'({_number(self.point, '.1f')})",
            rf"({_number(self.weight, '.2f')} \cdot {slope})^{{{steps}}} = {left}",
        )

    @property
    def programs(self) -> Programs:
        """What reproduces the page's numbers."""
        return programs(
            "activations",
            point=round(self.point, 1),
            weight=self.weight,
            steps=len(self.products.steps),
        )


def _stacked(*lines: str) -> str:
    """Write formulas one below the other."""
    return r"\begin{gathered}" + r" \\[6pt] ".join(lines) + r"\end{gathered}"


def _number(value: float, spec: str) -> str:
    """Write a number for LaTeX, which puts a space behind a comma that is not in braces."""
    return decimal(value, spec).replace(",", "{,}")


def _latex_powers(number: str) -> str:
    """Write 1.2e-05 as LaTeX's 1.2 times 10 to the -5, wherever it stands in a text."""
    parts = []
    for word in number.split(" "):
        mantissa, mark, exponent = word.replace("−", "-").partition("e")
        is_power = bool(mark) and exponent.lstrip("+-").isdigit()
        parts.append(rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if is_power else word)
    return " ".join(parts)
