"""Pictures of activation functions and of what a chain of their derivatives comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_core.cells.activations import Activation
from lstm_core.cells.arrays import Array
from lstm_core.gradients.chain import Chain
from pages._book.drawn import Drawn, Frames
from pages._book.language import plural, say
from pages._book.log_axes import Curve, readable, uncovered
from pages._book.playing import MARGIN, playing
from pages._book.style import Palette, axis_look, look, note, translucent

RANGE = 8.0
GRID = np.linspace(-RANGE, RANGE, 161)
POINTS = np.linspace(-RANGE, RANGE, 81)
"""Where the slider of the picture lets the point stand."""
SATURATED_SHARE = 0.05
SMALLEST_DRAWN = 1e-300


def written(name: str) -> str:
    """Write the name of a function as texts do, where code has it otherwise."""
    return {"relu": "ReLU"}.get(name, name)


def saturated_spans(activation: Activation) -> list[tuple[float, float]]:
    """Find where the derivative is under 5 % of its largest value, between -8 and 8."""
    flat = activation.derivative(GRID) < SATURATED_SHARE * activation.steepest
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(int)))
    return [(GRID[a], GRID[b - 1]) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def points(activation: Activation) -> Frames:
    """Return the frames of ``picture``, which are the same wherever the point stands at first."""
    places = list(range(2, 2 + len(_point(activation, 0.0))))
    return Frames(
        {"data": _point(activation, float(at)), "traces": places, "name": f"{at:.1f}"}
        for at in POINTS
    )


def picture(
    activation: Activation, point: float, colours: Palette, frames: Frames | None = None
) -> Drawn:
    """Draw the function and its slope with a point on both, and frames that move the point.

    One figure for both, since a browser draws one figure in half the time of two. The frames are the
    points of ``POINTS``, so that the point moves without the server.

    Args:
        activation: the function.
        point: where the point stands.
        colours: of the theme.
        frames: ``points`` of the function, where they are known.
    """
    active = int(np.abs(POINTS - point).argmin())
    names = [f"{at:.1f}" for at in POINTS]
    layout = look(colours, 560) | playing(
        names, [""] * len(names), colours, active, is_labelled=False
    )
    layout |= {"annotations": [], "shapes": [], "showlegend": False}
    layout["margin"] = {"l": 48, "r": 16, "t": 44, "b": MARGIN}
    traces = [
        _curve("", 0.0, activation.function, colours.first, layout, colours),
        _curve("2", 0.55, activation.derivative, colours.second, layout, colours),
    ]
    looks = _point_looks(colours)
    traces += [drawn | data for drawn, data in zip(looks, _point(activation, point), strict=True)]
    name = written(activation.name)
    titles = (
        (0.0, f"{name}(x)", colours.first),
        (0.55, say("slope {name}′", name=name), colours.second),
    )
    for x, text, colour in titles:
        layout["annotations"].append(note(f"<b>{text}</b>", x, 1.0, colour, 19, yshift=6))
    spans = saturated_spans(activation)
    for suffix in ("", "2"):
        layout["shapes"] += [
            {
                "type": "rect",
                "x0": start,
                "x1": end,
                "y0": 0,
                "y1": 1,
                "xref": f"x{suffix}",
                "yref": f"y{suffix} domain",
                "line": {"width": 0},
                "fillcolor": translucent(colours.muted, 0.18),
            }
            for start, end in spans
        ]
    layout["annotations"] += [
        {
            "text": say("saturated"),
            "x": (start + end) / 2,
            "y": 0.5,
            "textangle": -90,
            "xref": "x2",
            "yref": "y2 domain",
            "showarrow": False,
            "font": {"size": 16, "color": colours.muted},
        }
        for start, end in spans
        if end - start > 3
    ]
    return Drawn(traces, layout, points(activation) if frames is None else frames)


def _curve(
    suffix: str,
    left: float,
    function: Callable[[Array], Array],
    colour: str,
    layout: dict[str, Any],
    colours: Palette,
) -> dict[str, Any]:
    """Draw one function into axes x, y or x2, y2, which are laid out too."""
    axis = axis_look(colours)
    layout[f"xaxis{suffix}"] = axis | {
        "domain": [left, left + 0.45],
        "anchor": f"y{suffix}",
        "title": {"text": say("pre-activation x"), "standoff": 4},
        "range": [-RANGE, RANGE],
    }
    y = function(GRID)
    room = 0.09 * (y.max() - y.min())
    layout[f"yaxis{suffix}"] = axis | {
        "anchor": f"x{suffix}",
        "range": [y.min() - room, y.max() + room],
    }
    return {
        "type": "scatter",
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "x": GRID,
        "y": y,
        "mode": "lines",
        "line": {"color": colour, "width": 5, "simplify": False},
        "hovertemplate": "%{x:.1f}: %{y:.4g}<extra></extra>",
    }


def _point(activation: Activation, at: float) -> list[dict[str, Any]]:
    """Return the point on function and slope, with its lines down and its numbers."""
    here = np.array([at])
    value, slope = (
        float(function(here)[0]) for function in (activation.function, activation.derivative)
    )
    # Beside the point on the side where the curve is not, and away from the edges of the picture.
    side = "left" if at > 5 or -5 <= at < 0 else "right"
    steep = slope > 0.5 * activation.steepest
    is_level = activation.name == "relu"
    beside = "bottom" if steep and is_level else "middle" if steep else "top"
    places = (f"{'top' if at < 0 else 'bottom'} {side}", f"{beside} {side}")
    gap = "\u2002"
    words = (f"<b>{readable(value, 4)}</b>", f"<b>{readable(slope, 4)}</b>")
    texts = [f"{gap}{word}" if side == "right" else f"{word}{gap}" for word in words]
    return [
        {"type": "scatter", "x": [at, at], "y": [0.0, value]},
        {"type": "scatter", "x": [at, at], "y": [0.0, slope]},
        {"type": "scatter", "x": [at], "y": [value], "text": [texts[0]], "textposition": places[0]},
        {"type": "scatter", "x": [at], "y": [slope], "text": [texts[1]], "textposition": places[1]},
    ]


def _point_looks(colours: Palette) -> list[dict[str, Any]]:
    """Return how the parts of ``_point`` look, which no frame changes."""
    lines = {
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": colours.text, "width": 2, "dash": "dot"},
    }
    marks = {"mode": "markers+text", "cliponaxis": False, "hoverinfo": "skip"}
    axes = ({"xaxis": "x", "yaxis": "y"}, {"xaxis": "x2", "yaxis": "y2"})
    shades = (colours.first, colours.second)
    return [lines | of for of in axes] + [
        marks
        | of
        | {
            "marker": {"size": 18, "color": colour, "line": {"color": colours.text, "width": 2}},
            "textfont": {"size": 22, "color": colours.text},
        }
        for of, colour in zip(axes, shades, strict=True)
    ]


def chains(products: Chain, colours: Palette, active: int = -1) -> Drawn:
    """Draw what a chain of slopes leaves of a gradient after 1, 2, ... steps, for each function.

    Args:
        products: the chains.
        colours: of the theme.
        active: the frame that is shown at first; -1 for the last.
    """
    looks = {
        "tanh": (colours.first, "solid", "circle"),
        "sigmoid": (colours.second, "dash", "square"),
        "relu": (colours.third, "dot", "triangle-up"),
    }
    curves = [
        Curve(written(name), np.where(left < SMALLEST_DRAWN, 0.0, left), *looks[name])
        for name, left in products.left.items()
    ]
    heads = {
        at: plural("<b>after {count} step</b>", "<b>after {count} steps</b>", at + 1)
        for at in range(len(products.steps))
    }
    axes = say("steps back in time"), say("share of the gradient left")
    return uncovered(curves, 1, colours, axes, heads, active)
