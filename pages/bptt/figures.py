"""What each step adds to a weight, and two paths back."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.bptt import WayBack
from pages._book.drawn import Drawn
from pages._book.language import say, typed
from pages._book.log_axes import drawable
from pages._book.style import Palette, axis_look, look, note, wrapped
from pages.bptt.lesson import lengths, readable

NAMED = 20
"""Up to so many inputs are named at an axis; of more the time steps are counted."""
NUMBERED = 12
"""Up to so many bars carry their number."""


def shares(contributions: Array, labels: Sequence[str], name: str, colours: Palette) -> Drawn:
    """Draw how a weight's gradient adds up, from the last step on: each share on the sum so far.

    Args:
        contributions: (time,).
        labels: what was read at each step.
        name: the weight's, as HTML.
        colours: of the theme.
    """
    steps = np.arange(1, len(contributions) + 1)
    sums = np.cumsum(contributions[::-1])[::-1]
    before = np.append(sums[1:], 0.0)
    few = len(steps) <= NUMBERED
    bars = {
        "type": "bar",
        "x": steps,
        "y": contributions,
        "base": before,
        "marker": {"color": np.where(contributions < 0, colours.second, colours.first)},
        "text": [readable(float(value)) for value in contributions] if few else None,
        "textposition": "outside",
        "textfont": {"size": 17, "color": colours.text},
        "constraintext": "none",
        "cliponaxis": False,
        "showlegend": False,
        "customdata": sums,
        "hovertemplate": say("step %{x}: sum from here on %{customdata:.4g}") + "<extra></extra>",
    }
    # From each bar to the one before it, at the height of the sum so far.
    x = np.column_stack([steps + 0.4, steps - 1.4, np.full(len(steps), np.nan)])
    y = np.column_stack([sums, sums, sums])
    x[0, 1] = 0.3
    line = {
        "type": "scatter",
        "x": x.ravel(),
        "y": y.ravel(),
        "mode": "lines",
        "line": {"color": colours.text, "dash": "dot", "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    low, high = min(0.0, float(sums.min())), max(0.0, float(sums.max()))
    room = 0.13 * ((high - low) or 1.0)
    axis = axis_look(colours)
    layout = look(colours, 480) | {
        "margin": {"l": 92, "r": 24, "t": 60, "b": 76},
        "bargap": 0.2,
        "xaxis": axis | {"range": [0.3, len(steps) + 0.7], "showgrid": False} | _steps(labels),
        "yaxis": axis
        | {
            "title": {"text": f"∂L/∂{name}"},
            "range": [low - room, high + room],
            "exponentformat": "power",
        },
        "annotations": [
            note(
                wrapped(
                    say(
                        "▮ what a step adds; dotted: the sum so far, {sum} in all",
                        sum=readable(float(sums[0])),
                    ),
                    32,
                ),
                0.0,
                1.0,
                colours.text,
                17,
                align="left",
                # From the left edge of the picture on: on a telephone the lines are as wide as it is.
                xshift=-80,
            ),
        ],
    }
    return Drawn([line, bars], layout)


def _steps(labels: Sequence[str]) -> dict[str, Any]:
    """Tick an axis with what was read at each step; of many steps it counts them."""
    if len(labels) > NAMED:
        return {
            "title": {"text": say("time step t")},
            "tickvals": [1, *range(5, len(labels) + 1, 5)],
            "zeroline": False,
        }
    names = [f"t={t + 1}<br>{escape(typed(label)[:10])}" for t, label in enumerate(labels)]
    return {
        "title": {"text": say("time step t and its input"), "standoff": 14},
        "tickvals": np.arange(1, len(labels) + 1),
        "ticktext": names,
    }


def _length_at_the_first(sign: str, name: str, colour: str, length: float) -> str:
    """Name a line and the length of its gradient at step 1, in its colour."""
    text = say("{sign} {name}: {length} at step 1", sign=sign, name=name, length=readable(length))
    return f'<span style="color:{colour}">{text}</span>'


def two_paths(way: WayBack, labels: Sequence[str], colours: Palette) -> Drawn:
    """Draw |dL/dc_t| in full and by the direct path alone, on one log axis, in absolute numbers.

    Args:
        way: forward and back.
        labels: what was read at each step.
        colours: of the theme.
    """
    steps = np.arange(1, way.steps + 1)
    axis = axis_look(colours)
    lines = (
        (say("full gradient"), way.gradient.cell_state, colours.second, "solid", "circle"),
        (say("direct path (forget gates)"), way.direct_path, colours.third, "dash", "square"),
    )
    traces, drawn = [], []
    for name, values, colour, dash, symbol in lines:
        sizes = drawable(np.linalg.norm(values, axis=-1))
        drawn.append(sizes)
        traces.append(
            {
                "type": "scatter",
                "x": steps,
                "y": sizes,
                "name": name,
                "mode": "lines+markers",
                "line": {"color": colour, "dash": dash, "width": 3},
                "marker": {"symbol": symbol, "size": 8},
                "showlegend": False,
                "hovertemplate": say("step %{x}: %{y:.3e}") + "<extra></extra>",
            }
        )
    finite = np.concatenate(drawn)
    finite = finite[np.isfinite(finite)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.1, 10.0)
    reach = [float(np.log10(low)) - 0.7, float(np.log10(high)) + 0.7]
    layout = look(colours, 480) | {
        "margin": {"l": 92, "r": 24, "t": 70, "b": 76},
        "xaxis": axis | {"range": [0.5 - 0.02 * way.steps, way.steps + 0.5]} | _steps(labels),
        "yaxis": axis
        | {
            "type": "log",
            "title": {"text": say("|∂L/∂c<sub>t</sub>|, absolute")},
            "exponentformat": "power",
            "dtick": 1 if high < 1e4 * low else None,
            "range": reach,
        },
        "annotations": [
            note(
                "<br>".join(
                    _length_at_the_first(sign, name, colour, one)
                    for sign, (name, _, colour, *_), one in zip(
                        "●■", lines, lengths(way), strict=True
                    )
                ),
                0.0,
                1.0,
                colours.text,
                17,
                align="left",
                xshift=-80,
            )
        ],
    }
    return Drawn(traces, layout)
