"""Play, pause and a slider for the frames of a figure; they run in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lstm_core.figures.style import Palette

SECONDS = 4.0
"""A whole animation takes about so long."""


def playing(names: Sequence[str], labels: Sequence[str], colours: Palette) -> dict[str, Any]:
    """Return the part of a layout that plays frames and scrubs through them.

    Args:
        names: of the frames, in order.
        labels: what stands beside the slider at each frame; HTML.
        colours: of the theme.
    """
    play = {
        "frame": {"duration": 1000 * SECONDS / len(names), "redraw": False},
        "transition": {"duration": 0},
        "fromcurrent": True,
    }
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = {
        "type": "buttons", "direction": "right", "x": 0, "y": -0.24, "xanchor": "left",
        "yanchor": "top", "showactive": False, "pad": {"t": 8},
        "bgcolor": colours.panel, "bordercolor": colours.muted,
        "font": {"size": 18, "color": colours.text},
        "buttons": [
            {"label": "▶ Play", "method": "animate", "args": [None, play]},
            {"label": "❚❚ Pause", "method": "animate", "args": [[None], stop]},
        ],
    }  # fmt: skip
    slider = {
        "x": 0.0, "len": 1.0, "y": -0.42, "yanchor": "top", "pad": {"t": 8},
        # The font of the slider's own steps is hidden; the value that stands now is not.
        "currentvalue": {"font": {"size": 16, "color": colours.text}},
        "bgcolor": colours.grid, "activebgcolor": colours.accent,
        "tickcolor": "rgba(0,0,0,0)", "font": {"color": "rgba(0,0,0,0)", "size": 1},
        "steps": [
            {"label": label, "method": "animate", "args": [[name], stop]}
            for name, label in zip(names, labels, strict=True)
        ],
    }  # fmt: skip
    return {"updatemenus": [buttons], "sliders": [slider]}
