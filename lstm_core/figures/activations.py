"""Pictures of activation functions and of what a chain of their derivatives comes to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.activations import ACTIVATIONS, Activation
from lstm_core.arrays import Array
from lstm_core.figures.style import Palette, styled, translucent

RANGE = 8.0
GRID = np.linspace(-RANGE, RANGE, 161)
SATURATED_SHARE = 0.05
SMALLEST_DRAWN = 1e-32


def saturated_spans(activation: Activation) -> list[tuple[float, float]]:
    """Find where the derivative is under 5 % of its largest value, between -8 and 8."""
    flat = activation.derivative(GRID) < SATURATED_SHARE * activation.steepest
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(int)))
    return [(GRID[a], GRID[b - 1]) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@dataclass(frozen=True)
class Chain:
    """What is left of a gradient after each of a number of steps, for each activation.

    Attributes:
        steps: 1, 2, ..., (steps,).
        factor: the derivative at the point, times the weight, by activation.
        left: |factor|^steps, by activation, (steps,).
    """

    steps: Array
    factor: dict[str, float]
    left: dict[str, Array]


def chain(point: float, weight: float, steps: int) -> Chain:
    """Multiply the derivative at a point, times a recurrent weight, with itself again and again.

    This is what one unit would do to a gradient if every step had the same pre-activation.
    """
    count = np.arange(1.0, steps + 1.0)
    here = np.array([point])
    factor = {
        name: float(ACTIVATIONS[name].derivative(here)[0] * weight)
        for name in ("tanh", "sigmoid", "relu")
    }
    return Chain(count, factor, {name: np.abs(f) ** count for name, f in factor.items()})


def curves(activation: Activation, point: float, colours: Palette) -> go.Figure:
    """Draw the function and its derivative side by side, with one point on both."""
    figure = make_subplots(
        cols=2,
        subplot_titles=(f"{activation.name}(x)", f"its derivative, {activation.name}′(x)"),
        horizontal_spacing=0.1,
    )
    here = np.array([point])
    panels = ((activation.function, colours.input), (activation.derivative, colours.forget))
    for column, (function, colour) in enumerate(panels, start=1):
        value = float(function(here)[0])
        figure.add_scatter(
            x=GRID,
            y=function(GRID),
            mode="lines",
            line={"color": colour, "width": 4},
            col=column,
            row=1,
        )
        figure.add_scatter(
            x=[point, point], y=[0, value], mode="lines", col=column, row=1,
            line={"color": colours.text, "width": 2, "dash": "dot"}, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=here, y=[value], mode="markers+text", text=[f"<b>{value:.4g}</b>"], col=column, row=1,
            marker={"size": 16, "color": colour, "line": {"color": colours.text, "width": 2}},
            textposition="bottom right" if point < 0 else "bottom left", textfont={"size": 20},
        )  # fmt: skip
        for start, end in saturated_spans(activation):
            figure.add_vrect(
                x0=start,
                x1=end,
                fillcolor=translucent(colours.muted, 0.18),
                line_width=0,
                col=column,
                row=1,
            )
        figure.update_xaxes(title_text="pre-activation x", range=[-RANGE, RANGE], col=column, row=1)
    styled(figure, colours, 400)
    return figure.update_layout(showlegend=False)


def chained_product(products: Chain, chosen: str, colours: Palette) -> go.Figure:
    """Draw what is left after 1, 2, ... steps: bars for one activation, marks for the others."""
    marks = {"tanh": "circle", "sigmoid": "square", "relu": "triangle-up"}
    dashes = {"tanh": "solid", "sigmoid": "dash", "relu": "dot"}
    shades = {"tanh": colours.input, "sigmoid": colours.output, "relu": colours.candidate}
    figure = go.Figure()
    for name in sorted(products.left, key=lambda name: name != chosen):
        left = products.left[name]
        drawn = np.where(left > 0, np.maximum(left, SMALLEST_DRAWN), np.nan)
        if name == chosen:
            figure.add_bar(
                x=products.steps, y=drawn, base=SMALLEST_DRAWN, marker_color=shades[name], name=name,
                customdata=left, hovertemplate="after %{x} steps: %{customdata:.3g}",
            )  # fmt: skip
        else:
            figure.add_scatter(
                x=products.steps, y=drawn, name=name, mode="lines+markers", customdata=left,
                marker={"symbol": marks[name], "size": 8}, hovertemplate="%{customdata:.3g}",
                line={"color": shades[name], "dash": dashes[name]},
            )  # fmt: skip
    everything = np.concatenate([left[left > 0] for left in products.left.values()])
    lowest = max(everything.min(initial=1.0), SMALLEST_DRAWN)
    top = max(1.0, everything.max(initial=1.0))
    figure.update_yaxes(
        type="log", title_text="share of the gradient left", exponentformat="power",
        range=[np.log10(lowest) - 0.7, np.log10(top) + 0.5],
    )  # fmt: skip
    figure.update_xaxes(title_text="steps back in time")
    figure.add_hline(y=1.0, line={"color": colours.muted, "dash": "dash"})
    return styled(figure, colours, 380)
