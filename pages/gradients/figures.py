"""Pictures of gradients on their way back in time, and of what carries them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.gradients.descent import Descent
from pages._book.language import say
from pages._book.log_axes import NETWORKS, drawable, end_of_numbers, log_axis, reach
from pages._book.playing import playing
from pages._book.style import Palette, axis_look, look, translucent

Numbers = NDArray[np.number[Any]]
FRAMES = 50


def flow_animation(norms: Mapping[str, Array], colours: Palette) -> go.Figure:
    """Draw the length of the gradient at every step, with frames that carry it back in time.

    Playing draws a curtain away from the last step to the first, with a marker where each gradient
    is now; the numbers stand beside the slider. Frames play in the browser; the server has no part
    in it.

    Args:
        norms: |dL/dstate_t| for t = 1 ... T of each network in ``NETWORKS``, all equally long; zero
            and infinite lengths are left out of the picture.
        colours: of the theme.
    """
    length = len(next(iter(norms.values())))
    steps = np.arange(1, length + 1)
    drawn = {name: drawable(values) for name, values in norms.items()}
    low, high = reach(drawn.values())

    def heads(at: int) -> dict[str, Any]:
        """A marker on each curve at one step."""
        return {"type": "scatter", "x": [at + 1] * len(drawn), "y": [y[at] for y in drawn.values()]}

    def curtain(at: int) -> dict[str, Any]:
        """The part that the way back has not reached."""
        x = [0.0, at + 0.5, at + 0.5, 0.0]
        return {"type": "scatter", "x": x, "y": [low, low, high, high]}

    stops = np.unique(np.linspace(length - 1, 0, min(length, FRAMES)).round().astype(int))[::-1]
    looks = [NETWORKS[name] for name in drawn]
    traces = [
        {
            "type": "scatter",
            "x": steps,
            "y": y,
            "name": name,
            "mode": "lines",
            "line": {"color": getattr(colours, colour), "width": 5, "dash": dash},
            "hovertemplate": f"{name}, {say('step %{x}: %{y:.3e}')}<extra></extra>",
        }
        for (name, y), (colour, dash, _) in zip(drawn.items(), looks, strict=True)
    ]
    veil = {
        "type": "scatter",
        "x": [0.0] * 4,
        "y": [low, low, high, high],
        "fill": "toself",
        "mode": "none",
        "fillcolor": translucent(colours.ground, 0.82),
        "hoverinfo": "skip",
        "showlegend": False,
    }
    marks = heads(length - 1) | {
        "mode": "markers",
        "showlegend": False,
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {
            "size": 17,
            "symbol": [symbol for _, _, symbol in looks],
            "color": [getattr(colours, colour) for colour, _, _ in looks],
            "line": {"color": colours.text, "width": 2},
        },
    }
    count = len(traces)

    def numbers(at: int) -> str:
        first, *others = (f"{name} {values[at]:.1e}" for name, values in norms.items())
        # Two lines, so that a phone shows all of it.
        return f"t = {at + 1}: {first}<br>{' · '.join(others)}"

    names = [str(at) for at in stops]
    layout = look(colours, 560) | playing(names, [numbers(at) for at in stops], colours)
    layout["xaxis"] = axis_look(colours) | {
        "title": {"text": say("time step t")},
        "range": [0, length + 1],
    }
    layout["yaxis"] = log_axis(colours, low, high) | {
        "title": {"text": say("|∂L/∂state<sub>t</sub>|, absolute")}
    }
    layout["margin"] = layout["margin"] | {"b": 200}
    layout["font"] = layout["font"] | {"size": 17}
    frames = [
        {"data": [curtain(at), heads(at)], "traces": [count, count + 1], "name": name}
        for at, name in zip(map(int, stops), names, strict=True)
    ]
    # What is written here is checked by a test; checking sixty frames each time takes longest of all.
    return go.Figure([*traces, veil, marks], layout, frames, _validate=False)


def unit_circle(eigenvalues: Mapping[str, Numbers], colours: Palette) -> go.Figure:
    """Draw eigenvalues in the complex plane, with the unit circle.

    Args:
        eigenvalues: by what they belong to; the first are filled, all others hollow.
        colours: of the theme.
    """
    angle = np.linspace(0.0, 2.0 * np.pi, 121)
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": np.cos(angle),
            "y": np.sin(angle),
            "mode": "lines",
            "name": "|λ| = 1",
            "line": {"color": colours.muted, "width": 2},
            "hoverinfo": "skip",
        }
    ]
    farthest = 1.0
    for place, (name, values) in enumerate(eigenvalues.items()):
        farthest = max(farthest, float(np.abs(values).max(initial=0.0)))
        colour = colours.third if place else colours.second
        traces.append(
            {
                "type": "scatter",
                "x": values.real,
                "y": values.imag,
                "mode": "markers",
                "name": name,
                "marker": {
                    "symbol": "circle-open" if place else "diamond",
                    "size": 11 if place else 9,
                    "color": colour,
                    "line": {"color": colour, "width": 2},
                },
                "hovertemplate": "λ = %{x:.3f} + %{y:.3f} i<extra></extra>",
            }
        )
    axis = axis_look(colours) | {"range": [-1.12 * farthest, 1.12 * farthest]}
    layout = look(colours, 430) | {
        "xaxis": axis | {"title": {"text": say("real part")}},
        "yaxis": axis | {"title": {"text": say("imaginary part")}, "scaleanchor": "x"},
        "margin": {"l": 64, "r": 8, "t": 84, "b": 56},
    }
    return go.Figure(traces, layout)


def over_updates(descent: Descent, colours: Palette) -> go.Figure:
    """Draw loss, gradient and parameters over the updates, up to where numbers end."""
    x = np.arange(len(descent.losses))
    lines = (
        (say("loss"), descent.losses, colours.second, "solid", "circle"),
        (say("length of the gradient"), descent.gradient_norms, colours.first, "dash", "square"),
        (say("length of all parameters"), descent.parameter_norms, colours.third, "dot", "diamond"),
    )
    drawn = [drawable(values) for _, values, *_ in lines]
    traces = [
        {
            "type": "scatter",
            "x": x,
            "y": y,
            "name": name,
            "mode": "lines+markers",
            "line": {"color": colour, "dash": dash, "width": 3},
            "marker": {"symbol": symbol, "size": 8},
            "hovertemplate": f"{name} {say('after %{x} updates: %{y:.3e}')}<extra></extra>",
        }
        for (name, _, colour, dash, symbol), y in zip(lines, drawn, strict=True)
    ]
    low, high = reach(drawn)
    layout = look(colours, 400) | {
        "xaxis": axis_look(colours) | {"title": {"text": say("updates")}, "rangemode": "tozero"},
        "yaxis": log_axis(colours, low, high),
    }
    if descent.breakdown is not None:
        layout |= end_of_numbers(descent.breakdown.update, colours)
    return go.Figure(traces, layout)
