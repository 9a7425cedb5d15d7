"""Pictures of a gradient on its way back in time, and of what clipping does to an update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from lstm_core.arrays import Array
from lstm_core.clipping import in_their_plane
from lstm_core.figures.style import Palette, styled


def flow_animation(
    norms: Array, colours: Palette, references: Mapping[str, Array] | None = None
) -> go.Figure:
    """Draw the length of the gradient at every step, with frames that carry it back in time.

    The whole curve stands in the background; playing runs along it from the last step to the
    first. Frames play in the browser; the server has no part in it.

    Args:
        norms: |dL/dh_t| for t = 1 ... T; zero and infinite lengths are left out.
        colours: of the theme.
        references: other runs of the same length to compare with, by what they are called.
    """
    steps = np.arange(1, len(norms) + 1)
    drawn = _drawable(norms)
    thick = {"color": colours.second, "width": 6}
    head = {"size": 18, "color": colours.second, "line": {"color": colours.text, "width": 2}}

    def moving(back: int) -> list[go.Scatter]:
        """The part of the curve that the gradient has run through, and where it is now."""
        at = len(norms) - 1 - back
        label = f"step {at + 1}: {norms[at]:.2e}"
        return [
            go.Scatter(x=steps[at:], y=drawn[at:], line=thick),
            go.Scatter(
                x=steps[at : at + 1],
                y=drawn[at : at + 1],
                text=[label],
                marker=head,
                textposition="top left" if at > len(norms) / 2 else "top right",
            ),
        ]

    first = moving(0)
    figure = go.Figure(
        [
            go.Scatter(
                x=steps, y=drawn, name="this run", mode="lines",
                line={"color": colours.muted, "width": 2, "dash": "dot"},
                hovertemplate="step %{x}: %{y:.3e}<extra></extra>",
            ),
            first[0].update(mode="lines", name="the way back", showlegend=False),
            first[1].update(
                mode="markers+text", name="now", showlegend=False,
                textfont={"size": 20, "color": colours.text}, cliponaxis=False,
            ),
        ],
        frames=[
            go.Frame(data=moving(back), traces=[1, 2], name=str(back))
            for back in range(len(norms))
        ],
    )  # fmt: skip
    play = {
        "frame": {"duration": 4000 / len(norms), "redraw": False},
        "transition": {"duration": 0},
        "fromcurrent": True,
    }
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    figure.update_layout(
        updatemenus=[
            {
                "type": "buttons", "direction": "right", "x": 0, "y": -0.24, "xanchor": "left",
                "yanchor": "top", "showactive": False, "pad": {"t": 8},
                "bgcolor": colours.panel, "bordercolor": colours.muted,
                "font": {"size": 18, "color": colours.text},
                "buttons": [
                    {"label": "▶ Play", "method": "animate", "args": [None, play]},
                    {"label": "❚❚ Pause", "method": "animate", "args": [[None], stop]},
                ],
            }
        ],
        sliders=[
            {
                "x": 0.0, "len": 1.0, "y": -0.42, "yanchor": "top", "pad": {"t": 8},
                "currentvalue": {"prefix": "steps back: ", "font": {"size": 16}},
                "bgcolor": colours.grid, "activebgcolor": colours.accent,
                "tickcolor": "rgba(0,0,0,0)", "font": {"color": "rgba(0,0,0,0)", "size": 1},
                "steps": [
                    {"label": str(back), "method": "animate", "args": [[str(back)], stop]}
                    for back in range(len(norms))
                ],
            }
        ],
    )  # fmt: skip
    # The last value stays readable: the font of the slider's steps is hidden, not this one's.
    figure.layout.sliders[0].currentvalue.font.color = colours.text
    looks = ((colours.first, "dash"), (colours.third, "dashdot"))
    for (name, other), (colour, dash) in zip((references or {}).items(), looks, strict=False):
        line = _drawable(other)
        figure.add_scatter(
            x=steps, y=line, mode="lines", name=name, line={"color": colour, "dash": dash},
            hovertemplate="step %{x}: %{y:.3e}",
        )  # fmt: skip
        drawn = np.concatenate([drawn, line])
    finite = drawn[np.isfinite(drawn)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.1, 10.0)
    figure.update_yaxes(
        type="log", title_text="|∂L/∂h<sub>t</sub>|, absolute", exponentformat="power",
        range=[np.log10(low) - 0.8, np.log10(high) + 1.2],
    )  # fmt: skip
    figure.update_xaxes(title_text="time step t", range=[0, len(norms) + 1])
    return styled(figure, colours, 560).update_layout(margin_b=200)


def _drawable(norms: Array) -> Array:
    """Leave out what has no place on a log axis: zero, infinity and NaN."""
    return np.where((norms > 0) & np.isfinite(norms), norms, np.nan)


@dataclass(frozen=True)
class Arrow:
    """One version of a gradient, to be drawn beside the gradient as it was."""

    name: str
    vector: Array
    colour: str
    dash: str


def arrows(gradient: Array, versions: list[Arrow], colours: Palette) -> go.Figure:
    """Draw versions of a gradient in the plane that holds each of them and the gradient itself.

    Directions are true; lengths are on a log scale, since they may differ by many powers of ten.
    """
    figure = go.Figure()
    lengths = [float(np.linalg.norm(in_their_plane(gradient, a.vector)[1])) for a in versions]
    shortest = min((length for length in lengths if length > 0), default=1.0)
    ends = []
    for arrow, length in zip(versions, lengths, strict=True):
        _, end = in_their_plane(gradient, arrow.vector)
        scaled = end / length * (1.0 + np.log10(length / shortest)) if length else np.zeros(2)
        ends.append(scaled)
        figure.add_scatter(
            x=[0, scaled[0]], y=[0, scaled[1]], mode="lines+markers",
            name=f"{arrow.name}: {length:.3g}",
            line={"color": arrow.colour, "width": 5, "dash": arrow.dash},
            marker={"symbol": "arrow", "size": [0, 20], "angleref": "previous"},
            hovertemplate=f"{arrow.name}: length {length:.4g}<extra></extra>",
        )  # fmt: skip
    reach = max((float(np.abs(end).max()) for end in ends), default=1.0) * 1.15 + 0.1
    figure.update_xaxes(range=[-0.1 * reach, reach], showticklabels=False, zeroline=True)
    figure.update_yaxes(range=[-0.15 * reach, 0.6 * reach], showticklabels=False, zeroline=True)
    # One scale for both axes, or the angle would not be the true one.
    figure.update_yaxes(scaleanchor="x")
    return styled(figure, colours, 340).update_layout(margin={"l": 16, "b": 16, "t": 70})
