"""Runs of cells over the same inputs, drawn side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.drawn import Drawn
from pages._book.language import say
from pages._book.style import Palette, axis_look, look

MOST_TICKS = 30


def side_by_side(
    runs: Mapping[str, Array], labels: Sequence[str], what: str, colours: Palette
) -> Drawn:
    """Draw one number over time for several runs of one sequence, (time,) each."""
    steps = np.arange(1, len(labels) + 1)
    looks = (
        (colours.text, "solid", "circle"),
        (colours.second, "dash", "square"),
        (colours.third, "dot", "diamond"),
        (colours.first, "dashdot", "triangle-up"),
    )
    axis = axis_look(colours)
    return Drawn(
        [
            {
                "type": "scatter",
                "x": steps,
                "y": values,
                "name": name,
                "mode": "lines+markers",
                "line": {"color": colour, "dash": dash, "width": 3},
                "marker": {"symbol": symbol, "size": 8},
            }
            for (name, values), (colour, dash, symbol) in zip(runs.items(), looks, strict=False)
        ],
        look(colours, 340)
        | {
            "xaxis": axis
            | at_inputs(labels)
            | {"title": {"text": say("input")}, "zeroline": False},
            "yaxis": axis | {"title": {"text": what}},
            "margin": {"l": 84, "r": 16, "t": 44, "b": 64},
        },
    )


def side_by_side_alt(runs: Mapping[str, Array], what: str) -> str:
    """Say in words where each run ends."""
    ends = ", ".join(f"{name}: {values[-1]:.3f}" for name, values in runs.items())
    return say("{what} over time; at the last step {ends}.", what=what, ends=ends)


def _typed(label: str) -> str:
    """Cut what was typed where it is long, and give a number its true minus sign."""
    is_negative = label[:1] == "-" and label[1:2].isdecimal()
    return f"−{label[1:12]}" if is_negative else label[:12]


def at_inputs(labels: Sequence[str]) -> dict[str, object]:
    """Label the steps with what was read, every one or, of many, every few."""
    every = -(-len(labels) // MOST_TICKS)
    return {
        "tickvals": list(range(1, len(labels) + 1, every)),
        "ticktext": [escape(_typed(label)) for label in labels[::every]],
    }
