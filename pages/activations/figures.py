"""Pictures of activation functions and of what a chain of their derivatives comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.activations import Activation
from lstm_core.cells.arrays import Array
from lstm_core.gradients.chain import Chain
from pages._book.language import say
from pages._book.style import Palette, axis_look, look, translucent

RANGE = 8.0
GRID = np.linspace(-RANGE, RANGE, 161)
SATURATED_SHARE = 0.05
SMALLEST_DRAWN = 1e-300


def saturated_spans(activation: Activation) -> list[tuple[float, float]]:
    """Find where the derivative is under 5 % of its largest value, between -8 and 8."""
    flat = activation.derivative(GRID) < SATURATED_SHARE * activation.steepest
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(int)))
    return [(GRID[a], GRID[b - 1]) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def picture(activation: Activation, point: float, products: Chain, colours: Palette) -> go.Figure:
    """Draw the function, its derivative, and below them what a chain of derivatives leaves.

    One figure for all three, since a browser draws one figure in half the time of two.
    """
    layout = look(colours, 780) | {"annotations": [], "shapes": []}
    layout["legend"] = layout["legend"] | {"y": 0.37, "x": 0.5, "xanchor": "center"}
    traces = [
        *_curve("", 0.0, activation.function, point, colours.first, layout, colours),
        *_curve("2", 0.55, activation.derivative, point, colours.second, layout, colours),
        *_chain(products, activation.name, layout, colours),
    ]
    titles = (
        (0.225, 1.0, f"{activation.name}(x)"),
        (0.775, 1.0, say("slope {name}′(x)", name=activation.name)),
    )
    for x, y, text in titles:
        layout["annotations"].append(
            {
                "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper",
                "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 18},
            }
        )  # fmt: skip
    for suffix in ("", "2"):
        layout["shapes"] += [
            {
                "type": "rect", "x0": start, "x1": end, "y0": 0, "y1": 1, "xref": f"x{suffix}",
                "yref": f"y{suffix} domain", "line": {"width": 0},
                "fillcolor": translucent(colours.muted, 0.18),
            }
            for start, end in saturated_spans(activation)
        ]  # fmt: skip
    return go.Figure(traces, layout)


def _curve(
    suffix: str,
    left: float,
    function: Callable[[Array], Array],
    point: float,
    colour: str,
    layout: dict[str, Any],
    colours: Palette,
) -> list[go.Scatter]:
    """Draw one function with the point on it, into axes x, y or x2, y2, which are laid out too."""
    here = np.array([point])
    value = float(function(here)[0])
    axis = axis_look(colours)
    layout[f"xaxis{suffix}"] = axis | {
        "domain": [left, left + 0.45],
        "anchor": f"y{suffix}",
        "title": {"text": say("pre-activation x")},
        "range": [-RANGE, RANGE],
    }
    layout[f"yaxis{suffix}"] = axis | {"domain": [0.56, 1.0], "anchor": f"x{suffix}"}
    common = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "showlegend": False}
    return [
        go.Scatter(
            common, x=GRID, y=function(GRID), mode="lines", line={"color": colour, "width": 4}
        ),
        go.Scatter(
            common, x=[point, point], y=[0, value], mode="lines", hoverinfo="skip",
            line={"color": colours.text, "width": 2, "dash": "dot"},
        ),
        go.Scatter(
            common, x=here, y=[value], mode="markers+text", text=[f"<b>{value:.4g}</b>"], cliponaxis=False,
            marker={"size": 16, "color": colour, "line": {"color": colours.text, "width": 2}},
            textposition="bottom right" if point < 0 else "bottom left", textfont={"size": 20},
        ),
    ]  # fmt: skip


def _chain(
    products: Chain, chosen: str, layout: dict[str, Any], colours: Palette
) -> list[go.Bar | go.Scatter]:
    """Draw what is left after 1, 2, ... steps: bars for one activation, marks for the others."""
    marks = {"tanh": "circle", "sigmoid": "square", "relu": "triangle-up"}
    dashes = {"tanh": "solid", "sigmoid": "dash", "relu": "dot"}
    shades = {"tanh": colours.first, "sigmoid": colours.second, "relu": colours.third}
    everything = np.concatenate([left[left > 0] for left in products.left.values()])
    lowest = max(everything.min(initial=1.0), SMALLEST_DRAWN)
    top = max(1.0, everything.max(initial=1.0))
    axis = axis_look(colours)
    layout["xaxis3"] = axis | {"anchor": "y3", "title": {"text": say("steps back in time")}}
    layout["yaxis3"] = axis | {
        "anchor": "x3",
        "domain": [0.0, 0.36],
        "type": "log",
        "title": {"text": say("share of the gradient left"), "standoff": 8},
        "exponentformat": "power",
        "range": [np.log10(lowest) - 0.7, np.log10(top) + 0.5],
    }
    layout["shapes"].append(
        {
            "type": "line", "x0": 0, "x1": 1, "xref": "x3 domain", "y0": 1, "y1": 1, "yref": "y3",
            "line": {"color": colours.muted, "dash": "dash"},
        }
    )  # fmt: skip
    traces: list[go.Bar | go.Scatter] = []
    for name in sorted(products.left, key=lambda name: name != chosen):
        left = products.left[name]
        common = {
            "x": products.steps,
            "y": np.where(left > 0, np.maximum(left, SMALLEST_DRAWN), np.nan),
            "name": name,
            "customdata": left,
            "hovertemplate": say("after %{x} steps: %{customdata:.3g}"),
            "xaxis": "x3",
            "yaxis": "y3",
        }
        if name == chosen:
            traces.append(go.Bar(common, base=SMALLEST_DRAWN, marker={"color": shades[name]}))
        else:
            traces.append(
                go.Scatter(
                    common, mode="lines+markers", marker={"symbol": marks[name], "size": 8},
                    line={"color": shades[name], "dash": dashes[name]},
                )
            )  # fmt: skip
    return traces
