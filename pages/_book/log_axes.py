"""Log axes, and how networks and the end of numbers are drawn on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.language import say
from pages._book.style import Palette, axis_look

NETWORKS = {
    "RNN": ("second", "solid", "circle"),
    "LSTM": ("first", "dash", "square"),
    "GRU": ("third", "dashdot", "diamond"),
}
"""Colour, dash and marker of each network, wherever they are drawn beside each other."""


def end_of_numbers(update: int, colours: Palette) -> dict[str, Any]:
    """Mark the update after which some number is infinite or none, as parts of a layout."""
    return {
        "shapes": [
            {
                "type": "line",
                "x0": update,
                "x1": update,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": colours.text, "width": 3, "dash": "dot"},
            }
        ],
        "annotations": [
            {
                "x": update,
                "y": 1,
                "yref": "paper",
                "yanchor": "top",
                "showarrow": False,
                "xanchor": "left",
                "text": f" {say('NaN or ∞')}",
                "font": {"size": 18, "color": colours.text},
            }
        ],
    }


def drawable(values: Array) -> Array:
    """Leave out what has no place on a log axis: zero, infinity and NaN."""
    return np.where((values > 0) & np.isfinite(values), values, np.nan)


def reach(lines: Iterable[Array]) -> tuple[float, float]:
    """Return the ends of a log axis, with a margin; 0.1 to 10 if nothing can be drawn."""
    every = np.concatenate(list(lines))
    finite = every[np.isfinite(every)]
    if not len(finite):
        return 0.1, 10.0
    # The powers keep the ends within what double precision can hold.
    low, high = np.log10(finite.min()) - 0.8, np.log10(finite.max()) + 1.0
    return float(10.0 ** max(low, -307.0)), float(10.0 ** min(high, 308.0))


def log_axis(colours: Palette, low: float, high: float) -> dict[str, Any]:
    """Return a log axis over a range, with every power named while there are few."""
    return axis_look(colours) | {
        "type": "log",
        "exponentformat": "power",
        "dtick": 1 if high < 1e9 * low else None,
        "range": [float(np.log10(low)), float(np.log10(high))],
    }
