"""The picture of the page: arrays in, a figure out."""

from __future__ import annotations

import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from pages._book.language import say
from pages._book.style import Palette, axis_look, look


def picture(state: Array, colours: Palette) -> go.Figure:
    """Draw a hidden state, (time,), over the steps."""
    axis = axis_look(colours)
    layout = look(colours, 400) | {
        "xaxis": axis | {"title": {"text": say("step")}},
        "yaxis": axis | {"title": {"text": say("hidden state")}},
    }
    line = {"color": colours.hidden_state, "width": 4}
    steps = list(range(1, len(state) + 1))
    return go.Figure(go.Scatter(x=steps, y=state, mode="lines+markers", line=line), layout)
