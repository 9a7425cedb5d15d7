"""Two reading directions that meet, layers over layers, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.arrays import Array
from lstm_core.sentiment.halves import Halves
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.log_axes import NETWORKS
from pages._book.playing import MARGIN, playing
from pages._book.style import TEXT_SIZE, Palette, axis_look, look, translucent

ASLANT = 34
"""So much more room than numbers the words below an axis take, in points."""
FEW = 12
"""So many words stand upright below an axis."""


def meeting(split: Halves, words: Sequence[str], colours: Palette) -> Drawn:
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
        """Both lines after so many words from either end, and the numbers at their heads."""
        heads = [float(ahead[read]), float(back[read])]
        sides = ("left", "right")
        return [
            {"type": "scatter", "x": edges[: read + 1], "y": ahead[: read + 1]},
            {"type": "scatter", "x": edges[::-1][: read + 1], "y": back[: read + 1]},
            {
                "type": "scatter",
                "x": [edges[read], edges[::-1][read]],
                "y": heads,
                "text": [
                    f"<b>{decimal(heads[0], '+.2f')}</b>\u2002",
                    f"\u2002<b>{decimal(heads[1], '+.2f')}</b>",
                ],
                # On the side of each line where it has not been.
                "textposition": [
                    f"{_away(line, read)} {side if read > 0 else 'center'}"
                    for line, side in zip((ahead, back), sides, strict=True)
                ],
            },
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
        for line, (name, colour, dash, symbol) in zip(lines(count)[:2], looks, strict=True)
    ]
    shades = [colour for _, colour, _, _ in looks]
    traces.append(
        lines(count)[2]
        | {
            "mode": "text",
            "showlegend": False,
            "hoverinfo": "skip",
            "cliponaxis": False,
            "textfont": {"size": 20, "color": shades},
        }
    )
    names = [str(read) for read in range(count + 1)]
    # The whole picture stands first, so that it is there without playing.
    layout = look(colours, 560) | playing(
        names, [""] * len(names), colours, count, is_labelled=False
    )
    # The words stand aslant where there are many, and buttons and slider below them.
    for control in (*layout["updatemenus"], *layout["sliders"]):
        control["pad"]["t"] += ASLANT
    layout["margin"] = {"l": 84, "r": 16, "t": 44, "b": MARGIN + ASLANT}
    axis = axis_look(colours)
    layout["xaxis"] = axis | {
        "range": [0.3, count + 0.7],
        "tickvals": list(range(1, count + 1)),
        "ticktext": [escape(word[:12]) for word in words],
        "autotickangles": [0, -45],
    }
    low, high = min(ahead.min(), back.min(), 0.0), max(ahead.max(), back.max(), 0.0)
    room = 0.14 * (high - low or 1.0)
    layout["yaxis"] = axis | {
        "range": [low - room, high + room],
        "title": {"text": say("added to the logit")},
    }
    frames = [
        {"data": lines(read), "traces": [0, 1, 2], "name": name} for read, name in enumerate(names)
    ]
    return Drawn(traces, layout, frames)


def _away(line: Array, read: int) -> str:
    """Say whether a number stands above or below the head of a line, away from the line."""
    return "bottom" if read and line[read] < line[read - 1] else "top"


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


def layers(
    states: Mapping[str, Array],
    units: Mapping[str, Sequence[int]],
    words: Sequence[str],
    colours: Palette,
) -> Drawn:
    """Draw the hidden states of the units that count most, one block of rows for each LSTM.

    Args:
        states: (time, units) each, in the order of the text, by the name of the LSTM, the first
            at the bottom.
        units: which units these are, from 0, by the name of the LSTM.
        words: in the order of the text.
        colours: of the theme.
    """
    rows: list[Array] = []
    ticks: dict[int, str] = {}
    heads = []
    for name, values in states.items():
        for place in reversed(range(values.shape[1])):
            ticks[len(rows)] = say("unit {unit}", unit=units[name][place] + 1)
            rows.append(values[:, place])
        # An empty row has the name of what stands below it.
        heads.append(_block_name(len(rows), name, colours))
        rows.append(np.full(len(words), np.nan))
    axis = axis_look(colours)
    layout = look(colours, 470) | {"annotations": heads}
    layout["margin"] = {"l": 84, "r": 16, "t": 8, "b": 56}
    layout["xaxis"] = axis | {
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": list(range(len(words))),
        "ticktext": [escape(word[:14]) for word in words],
    }
    layout["yaxis"] = axis | {
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "range": [-0.5, len(rows) - 0.5],
    }
    heatmap = {
        "type": "heatmap",
        "x": list(range(len(words))),
        "y": list(range(len(rows))),
        "z": np.array(rows, np.float32),
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, colours.second], [0.5, colours.ground], [1, colours.first]],
        "xgap": 1,
        "ygap": 2,
        "hoverongaps": False,
        "text": _written(rows) if len(words) <= FEW else None,
        "texttemplate": "%{text}" if len(words) <= FEW else None,
        "textfont": {"size": TEXT_SIZE},
        "colorbar": {"title": {"text": "h"}, "thickness": 14, "outlinewidth": 0},
        "customdata": [[escape(word) for word in words]] * len(rows),
        "hovertemplate": say("%{y} after “%{customdata}”: %{z:.3f}") + "<extra></extra>",
    }
    return Drawn([heatmap], layout)


def _written(rows: Sequence[Array]) -> list[list[str]]:
    """Write numbers with two digits, with the signs of the language and no minus zero."""
    return [
        ["" if np.isnan(value) else decimal(round(value, 2) + 0.0, ".2f") for value in row]
        for row in (one.tolist() for one in rows)
    ]


def _block_name(row: int, name: str, colours: Palette) -> dict[str, Any]:
    """Write the name of an LSTM above its rows."""
    return {
        "text": f"<b>{name}</b>",
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": row,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": TEXT_SIZE, "color": colours.text},
    }


def parameters(features: int, units: int, colours: Palette) -> Drawn:
    """Draw how many parameters each kind of cell has, with the formula above its bar."""
    kinds = list(CELLS)
    counts = [cell_parameter_count(kind, features, units) for kind in kinds]
    shades = [getattr(colours, NETWORKS[kind][0]) for kind in kinds]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": kinds,
        "x": counts,
        "width": 0.42,
        "marker": {
            "color": [translucent(shade, 0.45) for shade in shades],
            "line": {"color": shades, "width": 1.5},
        },
        "hoverinfo": "skip",
    }
    axis = axis_look(colours)
    layout = look(colours, 380) | {"margin": {"l": 64, "r": 16, "t": 12, "b": 60}}
    layout["annotations"] = [
        {
            "text": f"<b>{decimal(count, ',')}</b> = {formula_of(kind, features, units)}",
            "x": 0,
            "y": place - 0.24,
            "xanchor": "left",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": TEXT_SIZE, "color": colours.text},
        }
        for place, (kind, count) in enumerate(zip(kinds, counts, strict=True))
    ]
    layout["xaxis"] = axis | {"title": {"text": say("parameters")}, "rangemode": "tozero"}
    layout["yaxis"] = axis | {"autorange": "reversed", "showgrid": False}
    return Drawn([bar], layout)


def growth(features: int, units: int, most: int, colours: Palette) -> Drawn:
    """Draw how the parameters of each kind of cell grow with its units, up to ``most``."""
    every = np.arange(1, most + 1)
    axis = axis_look(colours)
    layout = look(colours, 380) | {"showlegend": False}
    layout["margin"] = {"l": 72, "r": 16, "t": 12, "b": 60}
    layout["xaxis"] = axis | {
        "title": {"text": say("units")},
        "range": [0.5, most + 2.2],
        "tickvals": list(range(1, most + 1)),
    }
    layout["yaxis"] = axis | {"title": {"text": say("parameters")}, "rangemode": "tozero"}
    layout["shapes"] = [_here(units, colours)]
    lines = []
    for kind in CELLS:
        shade, dash, symbol = NETWORKS[kind]
        counts = [cell_parameter_count(kind, features, int(count)) for count in every]
        lines.append(
            {
                "type": "scatter",
                "x": every,
                "y": counts,
                "mode": "lines+markers+text",
                "text": [""] * (most - 1) + [f" {kind}"],
                "textposition": "middle right",
                "textfont": {"size": 18, "color": getattr(colours, shade)},
                "line": {"color": getattr(colours, shade), "dash": dash, "width": 3.5},
                "marker": {"symbol": symbol, "size": [16 if at == units else 8 for at in every]},
                "hovertemplate": "%{x}: %{y}<extra></extra>",
            }
        )
    return Drawn(lines, layout)


def _here(units: int, colours: Palette) -> dict[str, Any]:
    """Draw a line at the number of units that is chosen."""
    return {
        "type": "line",
        "x0": units,
        "x1": units,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": colours.text, "width": 1.5, "dash": "dot"},
    }


def growth_alt(features: int, units: int, most: int) -> str:
    """Say in words what ``growth`` draws."""
    ends = ", ".join(
        f"{kind}: {decimal(cell_parameter_count(kind, features, units), ',')} → "
        f"{decimal(cell_parameter_count(kind, features, most), ',')}"
        for kind in CELLS
    )
    return say(
        "Parameters of each kind of cell, from {units} to {most} units. {ends}.",
        units=units,
        most=most,
        ends=ends,
    )


def formula_of(kind: str, features: int, units: int) -> str:
    """Write gates × units × (features + units + biases); a GRU has two biases a gate."""
    gates, biases = len(CELLS[kind].gates), 2 if kind == "GRU" else 1
    return f"{gates} × {units} × ({features} + {units} + {biases})"


def parameters_alt(features: int, units: int) -> str:
    """Say in words what ``parameters`` draws."""
    listed = ", ".join(f"{kind}: {cell_parameter_count(kind, features, units)}" for kind in CELLS)
    return say("Parameters of each kind of cell. {listed}.", listed=listed)
