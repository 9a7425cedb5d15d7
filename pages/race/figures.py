"""Pictures of a race: who is how far, and what gradient reaches which step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from lstm_core.training.recorded_races import Track
from pages._book.language import say
from pages._book.log_axes import NETWORKS, drawable, log_axis, reach
from pages._book.style import Palette, axis_look, look


def losses(tracks: Mapping[str, Track], baseline: float, colours: Palette) -> go.Figure:
    """Draw the loss on unseen sequences over the updates, beside what needs no memory.

    Args:
        tracks: of the networks, by their names in ``NETWORKS``.
        baseline: the loss without a memory, drawn dashed.
        colours: of the theme.
    """
    last = max((float(track.looks[-1]) for track in tracks.values() if len(track.looks)), default=0)
    traces = _lines(
        {n: (t.looks, t.losses) for n, t in tracks.items()}, colours, say("after %{x} updates")
    )
    traces.append(
        {
            "type": "scatter",
            "x": [0, max(last, 25.0)],
            "y": [baseline, baseline],
            "name": say("without a memory"),
            "mode": "lines",
            "line": {"color": colours.text, "width": 3, "dash": "dash"},
            "hovertemplate": say("without a memory: %{y:.4f}") + "<extra></extra>",
        }
    )
    low, high = reach([drawable(np.append(t.losses, baseline)) for t in tracks.values()])
    layout = look(colours, 440) | {
        "xaxis": axis_look(colours) | {"title": {"text": say("updates")}, "rangemode": "tozero"},
        "yaxis": log_axis(colours, low, high)
        | {"title": {"text": say("loss on unseen sequences")}},
    }
    return go.Figure(traces, layout)


def gradient_norms(tracks: Mapping[str, Track], colours: Palette) -> go.Figure:
    """Draw |dL/dstate_t| at the last look, for every step."""
    traces = _lines(
        {n: (np.arange(1, len(t.norms) + 1), t.norms) for n, t in tracks.items()},
        colours,
        say("step %{x}"),
    )
    low, high = reach([drawable(track.norms) for track in tracks.values()])
    layout = look(colours, 440) | {
        "xaxis": axis_look(colours) | {"title": {"text": say("time step t")}},
        "yaxis": log_axis(colours, low, high) | {"title": {"text": say("|∂L/∂state<sub>t</sub>|")}},
    }
    return go.Figure(traces, layout)


def _lines(
    points: Mapping[str, tuple[np.ndarray, np.ndarray]], colours: Palette, where: str
) -> list[dict[str, object]]:
    return [
        {
            "type": "scatter",
            "x": x,
            "y": drawable(y),
            "name": name,
            "mode": "lines",
            "line": {"color": getattr(colours, colour), "width": 4, "dash": dash},
            "hovertemplate": f"{name}, {where}: %{{y:.3e}}<extra></extra>",
        }
        for name, (x, y) in points.items()
        for colour, dash, _ in (NETWORKS[name],)
    ]
