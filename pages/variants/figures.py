"""Two reading directions that meet, layers over layers, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.arrays import Array
from lstm_core.sentiment.halves import Halves
from pages._book.language import decimal, say
from pages._book.playing import playing
from pages._book.style import TEXT_SIZE, Palette, axis_look, look, translucent


def meeting(split: Halves, words: Sequence[str], colours: Palette) -> go.Figure:
    """Draw both readings' sums over the words, with frames in which they come from both ends.

    Args:
        split: the logit, shared out.
        words: in the order of the text.
        colours: of the theme.
    """
    count = len(words)
    ahead = np.concatenate([[0.0], np.cumsum(split.forward)])
    back = np.concatenate([[0.0], np.cumsum(split.backward[::-1])])
    edges = np.arange(count + 1) + 0.5

    def lines(read: int) -> list[dict[str, Any]]:
        """Both lines after so many words from either end."""
        return [
            {"type": "scatter", "x": edges[: read + 1], "y": ahead[: read + 1]},
            {"type": "scatter", "x": edges[::-1][: read + 1], "y": back[: read + 1]},
        ]

    looks = (
        (say("forward, from the left"), colours.first, "solid", "triangle-right"),
        (say("backward, from the right"), colours.third, "dash", "triangle-left"),
    )
    traces = [
        line
        | {
            "name": name,
            "mode": "lines+markers",
            "line": {"color": colour, "dash": dash, "width": 4, "shape": "linear"},
            "marker": {"symbol": symbol, "size": 9},
        }
        for line, (name, colour, dash, symbol) in zip(lines(count), looks, strict=True)
    ]
    names = [str(read) for read in range(count + 1)]
    labels = [
        say(
            "{read} of {count} words from either end<br>forward {ahead:+.2f}, backward {back:+.2f}",
            read=read,
            count=count,
            ahead=ahead[read],
            back=back[read],
        )
        for read in range(count + 1)
    ]
    layout = look(colours, 560) | playing(names, labels, colours)
    # The whole picture stands first, so that it is there without playing.
    layout["sliders"][0]["active"] = count
    layout["margin"] = {"l": 84, "r": 16, "t": 44, "b": 220}
    axis = axis_look(colours)
    layout["xaxis"] = axis | {
        "range": [0.3, count + 0.7],
        "tickvals": list(range(1, count + 1)),
        "ticktext": [escape(word[:12]) for word in words],
        "tickangle": -45,
    }
    low, high = min(ahead.min(), back.min(), 0.0), max(ahead.max(), back.max(), 0.0)
    room = 0.08 * (high - low or 1.0)
    layout["yaxis"] = axis | {
        "range": [low - room, high + room],
        "title": {"text": say("added to the logit so far")},
    }
    frames = [
        {"data": lines(read), "traces": [0, 1], "name": name} for read, name in enumerate(names)
    ]
    return go.Figure(traces, layout, frames)


def meeting_alt(split: Halves, words: Sequence[str]) -> str:
    """Say in words where both lines end."""
    strongest = int(np.abs(split.forward + split.backward).argmax())
    return say(
        "Sums of both readings over {count} words. The forward one ends at {forward:.2f}, the backward "
        "one at {backward:.2f}; the largest share is that of “{word}”.",
        count=len(words),
        forward=split.forward.sum(),
        backward=split.backward.sum(),
        word=words[strongest],
    )


def layers(states: Mapping[str, Array], words: Sequence[str], colours: Palette) -> go.Figure:
    """Draw the hidden states of the units that count most, one block of rows for each LSTM.

    Args:
        states: (time, units) each, in the order of the text, by the name of the LSTM, the first
            at the bottom.
        words: in the order of the text.
        colours: of the theme.
    """
    rows = np.concatenate([values.T for values in states.values()])
    names = [f"{name}, {k + 1}." for name, values in states.items() for k in range(values.shape[1])]
    layout = look(colours, 470)
    axis = axis_look(colours)
    layout["xaxis"] = axis | {"tickangle": -60, "automargin": True}
    layout["yaxis"] = axis | {"automargin": True}
    heatmap = {
        "type": "heatmap",
        "x": [f"{place + 1} {escape(word[:14])}" for place, word in enumerate(words)],
        "y": names,
        "z": rows.astype(np.float32),
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, colours.second], [0.5, colours.ground], [1, colours.first]],
        "xgap": 1,
        "ygap": 2,
        "colorbar": {"title": {"text": "h"}, "thickness": 14, "outlinewidth": 0},
        "hovertemplate": say("%{y} after “%{x}”: %{z:.3f}") + "<extra></extra>",
    }
    return go.Figure([heatmap], layout)


def parameters(features: int, units: int, colours: Palette) -> go.Figure:
    """Draw how many parameters each kind of cell has, with the formula on its bar."""
    kinds = list(CELLS)
    counts = [cell_parameter_count(kind, features, units) for kind in kinds]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": kinds,
        "x": counts,
        "marker": {
            "color": translucent(colours.first, 0.35),
            "line": {"color": colours.first, "width": 1.5},
        },
        "text": [
            f"<b>{decimal(count, ',')}</b> = {formula_of(kind, features, units)}"
            for kind, count in zip(kinds, counts, strict=True)
        ],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": TEXT_SIZE, "color": colours.text},
        "hoverinfo": "skip",
    }
    axis = axis_look(colours)
    layout = look(colours, 380) | {"margin": {"l": 64, "r": 16, "t": 12, "b": 60}}
    layout["xaxis"] = axis | {"title": {"text": say("parameters")}, "rangemode": "tozero"}
    layout["yaxis"] = axis | {"autorange": "reversed"}
    return go.Figure([bar], layout)


def formula_of(kind: str, features: int, units: int) -> str:
    """Write gates × units × (features + units + biases); a GRU has two biases a gate."""
    gates, biases = len(CELLS[kind].gates), 2 if kind == "GRU" else 1
    return f"{gates} × {units} × ({features} + {units} + {biases})"


def parameters_alt(features: int, units: int) -> str:
    """Say in words what ``parameters`` draws."""
    listed = ", ".join(f"{kind}: {cell_parameter_count(kind, features, units)}" for kind in CELLS)
    return say("Parameters of each kind of cell. {listed}.", listed=listed)
