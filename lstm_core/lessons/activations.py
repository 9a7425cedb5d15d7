"""What the page on activation functions says, and where its presets stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.activations import Activation
from lstm_core.figures.activations import SATURATED_SHARE, Chain
from lstm_core.language import mark, say


@dataclass(frozen=True)
class Preset:
    """Where every control of the page stands; fields are named as the controls' keys."""

    function: str
    x: float
    w: float
    steps: int


PRESETS = {
    mark("Steepest"): Preset("tanh", 0.0, 1.0, 20),
    mark("Saturated"): Preset("tanh", 4.0, 1.0, 20),
    mark("Sigmoid at its best"): Preset("sigmoid", 0.0, 1.0, 20),
    mark("ReLU grows"): Preset("relu", 2.0, 1.5, 20),
    mark("ReLU is dead"): Preset("relu", -2.0, 1.5, 20),
}
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
        return _stacked(self.activation.formula, rf"{symbol}({self.point:.1f}) = {self.value:.4f}")

    @property
    def slope_formula(self) -> str:
        """The derivative with the live numbers in it."""
        symbol = SYMBOLS[self.activation.name]
        # Far out the difference from 1 lies in the later digits, so that more are needed.
        value = f"{self.value:.4f}" if self.slope > 0.05 else f"{self.value:.10f}"
        middle = {
            "tanh": f"1 - ({value})^2 = ",
            "sigmoid": rf"{value} \cdot (1 - {value}) = ",
        }.get(self.activation.name, "")
        live = rf"{symbol}'({self.point:.1f}) = {middle}{self.slope:.4g}"
        return _stacked(self.activation.derivative_formula, _latex_powers(live))

    @property
    def sentence(self) -> str:
        """What the visitor should see at this point."""
        share = self.slope / self.activation.steepest
        if self.slope == 0:
            return say(
                "At x = {x:.1f} the derivative is **0**: whatever error arrives here goes no "
                "further, and the weights before it do not change.",
                x=self.point,
            )
        if share < SATURATED_SHARE:
            return say(
                "At x = {x:.1f} {name} is **saturated**: the output hardly changes with x, and only "
                "{slope:.2g} of a gradient passes.",
                x=self.point, name=self.activation.name, slope=self.slope,
            )  # fmt: skip
        bound = {
            "tanh": say("tanh passes at most 1, at x = 0."),
            "sigmoid": say("sigmoid never passes more than 1/4, even at its steepest."),
            "relu": say("ReLU passes all of it, but does not hold its output in any range."),
        }[self.activation.name]
        return say(
            "At x = {x:.1f} a share of **{slope:.3g}** of a gradient passes. {bound}",
            x=self.point, slope=self.slope, bound=bound,
        )  # fmt: skip

    @property
    def alt(self) -> str:
        """The picture in words."""
        left = self.products.left
        ends = ", ".join(f"{name} {share[-1]:.3g}" for name, share in left.items())
        return say(
            "{name} and its derivative from -8 to 8. At {x:.1f} the function is {value:.4g} and the "
            "derivative {slope:.4g}. Share of a gradient that is left after {steps} steps, on a log "
            "axis: {ends}.",
            name=self.activation.name, x=self.point, value=self.value, slope=self.slope,
            steps=len(self.products.steps), ends=ends,
        )  # fmt: skip

    @property
    def chain_formula(self) -> str:
        """The product over all steps with the live numbers in it."""
        name, steps = self.activation.name, len(self.products.steps)
        left = _latex_powers(f"{self.products.left[name][-1]:.3g}")
        slope = _latex_powers(f"{self.slope:.4g}")
        return _stacked(
            rf"\prod_{{k=1}}^{{{steps}}} w\,{SYMBOLS[name]}'({self.point:.1f})",
            rf"({self.weight:.2f} \cdot {slope})^{{{steps}}} = {left}",
        )

    @property
    def code(self) -> str:
        """A program with lstm_core that gives the same numbers."""
        return f"""import numpy as np
from lstm_core import ACTIVATIONS

x = np.array([{self.point:.1f}])
steps = np.arange(1, {len(self.products.steps)} + 1)
result = {{}}
for name in ("tanh", "sigmoid", "relu"):
    factor = {self.weight} * ACTIVATIONS[name].derivative(x)[0]
    result[name] = abs(factor) ** steps
print(result)
"""

    @property
    def keras_code(self) -> str:
        """The same with Keras; the slopes come from its automatic differentiation."""
        return f"""import numpy as np
import tensorflow as tf
from keras import activations

steps = np.arange(1, {len(self.products.steps)} + 1)
result = {{}}
for name in ("tanh", "sigmoid", "relu"):
    x = tf.Variable([{self.point:.1f}], dtype="float64")
    with tf.GradientTape() as tape:
        y = activations.get(name)(x)
    factor = {self.weight} * tape.gradient(y, x).numpy()[0]
    result[name] = abs(factor) ** steps
print(result)
"""

    @property
    def torch_code(self) -> str:
        """The same with PyTorch."""
        return f"""import numpy as np
import torch

steps = np.arange(1, {len(self.products.steps)} + 1)
result = {{}}
for name in ("tanh", "sigmoid", "relu"):
    x = torch.tensor([{self.point:.1f}], dtype=torch.float64, requires_grad=True)
    getattr(torch, name)(x).sum().backward()
    factor = {self.weight} * x.grad.item()
    result[name] = abs(factor) ** steps
print(result)
"""


def _stacked(*lines: str) -> str:
    """Write formulas one below the other."""
    return r"\begin{gathered}" + r" \\[6pt] ".join(lines) + r"\end{gathered}"


def _latex_powers(number: str) -> str:
    """Write 1.2e-05 as LaTeX's 1.2 times 10 to the -5, wherever it stands in a text."""
    parts = []
    for word in number.split(" "):
        mantissa, mark, exponent = word.partition("e")
        is_power = bool(mark) and exponent.lstrip("+-").isdigit()
        parts.append(rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if is_power else word)
    return " ".join(parts)
