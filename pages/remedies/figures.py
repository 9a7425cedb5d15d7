"""Pictures of what each remedy does to a gradient: before and after, arrows, cliff, echoes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.clipping import in_their_plane
from lstm_core.gradients.descent import Descent
from lstm_core.gradients.echo_state import EchoState
from pages._book.language import say
from pages._book.log_axes import drawable, log_axis, reach
from pages._book.style import Palette, axis_look, look, styled, translucent

ROOM = 1e6
"""So far above the treated loss the picture reaches at most."""


def gradient_before_and_after(
    before: Descent, after: Descent, window: int | None, colours: Palette
) -> go.Figure:
    """Draw the gradient over time, without and with remedies.

    Args:
        before: without remedies.
        after: with them; as many steps.
        window: of truncated backpropagation; the steps before it are shaded as lost.
        colours: of the theme.
    """
    steps = np.arange(1, len(before.flow.norms) + 1)
    traces = [
        {
            "type": "scatter",
            "x": steps,
            "y": drawable(descent.flow.norms),
            "name": name,
            "mode": "lines",
            "line": {"color": colour, "dash": dash, "width": 4},
            "hovertemplate": f"{name}, {say('step %{x}: %{y:.3e}')}<extra></extra>",
        }
        for name, descent, colour, dash, _ in _sides(before, after, colours)
    ]
    lost = {
        "type": "rect",
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "x0": 0.5,
        "x1": len(steps) - (window or 0) + 0.5,
        "fillcolor": translucent(colours.first, 0.22),
        "label": {
            "text": say("never learned from"),
            "textposition": "bottom center",
            "font": {"color": colours.text, "size": 16},
        },
    }
    low, high = reach([drawable(d.flow.norms) for d in (before, after)])
    layout = look(colours, 420) | {
        "xaxis": axis_look(colours)
        | {"title": {"text": say("time step t")}, "range": [0.5, len(steps) + 0.5]},
        "yaxis": log_axis(colours, low, high) | {"title": {"text": say("|∂L/∂state<sub>t</sub>|")}},
        "shapes": [lost] if window is not None and window < len(steps) else [],
    }
    return go.Figure(traces, layout)


def loss_before_and_after(before: Descent, after: Descent, colours: Palette) -> go.Figure:
    """Draw the loss over the updates, without and with remedies, and where numbers end."""
    traces, marks = [], []
    for place, (name, descent, colour, dash, symbol) in enumerate(_sides(before, after, colours)):
        traces.append(
            {
                "type": "scatter",
                "x": np.arange(len(descent.losses)),
                "y": drawable(descent.losses),
                "name": name,
                "mode": "lines+markers",
                "line": {"color": colour, "dash": dash, "width": 4},
                "marker": {"symbol": symbol, "size": 8},
                "hovertemplate": f"{name}, {say('after %{x} updates: %{y:.3e}')}<extra></extra>",
            }
        )
        if descent.breakdown is not None:
            marks.append(
                {
                    "x": 1,
                    "y": 1 - 0.1 * place,
                    "xref": "x domain",
                    "yref": "y domain",
                    "yanchor": "top",
                    "xanchor": "right",
                    "showarrow": False,
                    "text": say(
                        "{name}: NaN after {update}", name=name, update=descent.breakdown.update
                    ),
                    "font": {"color": colours.text},
                }
            )
    low, high = reach([drawable(d.losses) for d in (before, after)])
    # A loss that explodes may leave the picture, or nothing would be seen of the other one.
    high = min(high, ROOM * reach([drawable(after.losses)])[1])
    layout = look(colours, 420) | {
        "xaxis": axis_look(colours) | {"title": {"text": say("updates")}, "rangemode": "tozero"},
        "yaxis": log_axis(colours, low, high) | {"title": {"text": say("loss")}},
        "annotations": marks,
    }
    return go.Figure(traces, layout)


def _sides(
    before: Descent, after: Descent, colours: Palette
) -> tuple[tuple[str, Descent, str, str, str], ...]:
    """Name, descent, colour, dash and marker of both runs."""
    return (
        (say("without remedies"), before, colours.muted, "dot", "circle"),
        (say("with remedies"), after, colours.second, "solid", "square"),
    )


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
            x=[0, scaled[0]],
            y=[0, scaled[1]],
            mode="lines+markers",
            name=f"{arrow.name}: {length:.3g}",
            line={"color": arrow.colour, "width": 5, "dash": arrow.dash},
            marker={"symbol": "arrow", "size": [0, 20], "angleref": "previous"},
            hovertemplate=say("{name}: length {length:.4g}", name=arrow.name, length=length)
            + "<extra></extra>",
        )
    farthest = max((float(np.abs(end).max()) for end in ends), default=1.0) * 1.15 + 0.1
    figure.update_xaxes(range=[-0.1 * farthest, farthest], showticklabels=False, zeroline=True)
    figure.update_yaxes(
        range=[-0.15 * farthest, 0.6 * farthest], showticklabels=False, zeroline=True
    )
    # One scale for both axes, or the angle would not be the true one.
    figure.update_yaxes(scaleanchor="x")
    return styled(figure, colours, 340).update_layout(margin={"l": 16, "b": 16, "t": 70})


SHOWN = 40
"""So many unseen steps of an echo are drawn."""
WEIGHTS = np.linspace(3.0, 7.0, 161)
BIASES = np.linspace(-3.6, -0.4, 161)


def cliff_walks(cliff: Cliff, plain: Array, clipped: Array, colours: Palette) -> go.Figure:
    """Draw the loss over both parameters as a map, with the walks down from one point.

    Where a walk leaves the map, it is said where it went.

    Args:
        cliff: the loss.
        plain: a walk without clipping, (updates + 1, 4), as ``Cliff.walk`` gives it.
        clipped: the same walk with clipping.
        colours: of the theme.
    """
    ground, peak = colours.panel, colours.hidden_state
    figure = go.Figure(
        go.Heatmap(
            x=WEIGHTS,
            y=BIASES,
            z=cliff.surface(WEIGHTS, BIASES),
            zmin=0.0,
            colorscale=[[0.0, ground], [1.0, peak]],
            colorbar={
                "title": {"text": say("loss")},
                "orientation": "h",
                "y": 0.0,
                "yref": "container",
                "yanchor": "bottom",
                "thickness": 14,
            },
            hovertemplate=say("w %{x:.2f}, b %{y:.2f}: loss %{z:.3f}") + "<extra></extra>",
        )
    )
    walks = (
        (say("without clipping"), plain, colours.second, "dot", "circle-open", 14),
        (say("with clipping"), clipped, colours.first, "solid", "square", 7),
    )
    for name, walk, colour, dash, symbol, size in walks:
        figure.add_scatter(
            x=walk[:, 0],
            y=walk[:, 1],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": dash},
            marker={"symbol": symbol, "size": size, "line": {"color": colour, "width": 3}},
            customdata=walk[:, 2:],
            hovertemplate=say(
                "w %{x:.3f}, b %{y:.3f}<br>loss %{customdata[0]:.3f}<br>gradient %{customdata[1]:.3g}"
            )
            + f"<extra>{name}</extra>",
        )
    figure.add_scatter(
        x=plain[:1, 0],
        y=plain[:1, 1],
        name=say("start"),
        mode="markers",
        marker={"symbol": "star", "size": 18, "color": colours.text},
        hoverinfo="skip",
    )
    for place, (name, walk, *_) in enumerate(walks):
        if (left := _where_it_leaves(walk)) is not None:
            figure.add_annotation(
                x=1,
                y=1 - 0.1 * place,
                xref="x domain",
                yref="y domain",
                xanchor="right",
                yanchor="top",
                showarrow=False,
                bgcolor=colours.ground,
                text=say(
                    "{name}: to w = {w:.3g}, b = {b:.3g}",
                    name=name,
                    w=walk[left, 0],
                    b=walk[left, 1],
                ),
            )
    figure.update_xaxes(title_text=say("recurrent weight w"), range=[WEIGHTS[0], WEIGHTS[-1]])
    figure.update_yaxes(title_text=say("bias b"), range=[BIASES[0], BIASES[-1]])
    return styled(figure, colours, 520).update_layout(margin_b=130)


def _where_it_leaves(walk: Array) -> int | None:
    """Find the first update that ends outside the map; None if all stay."""
    w, b = walk[:, 0], walk[:, 1]
    outside = (w < WEIGHTS[0]) | (w > WEIGHTS[-1]) | (b < BIASES[0]) | (b > BIASES[-1])
    return int(outside.argmax()) if outside[1:].any() else None


def recall_over_delays(echo: EchoState, delay: int, colours: Palette) -> go.Figure:
    """Draw how much of the input of so many steps ago each readout gives back.

    Args:
        echo: the trained readouts.
        delay: the one to fill, from 1.
        colours: of the theme.
    """
    delays = np.arange(1, len(echo.recall) + 1)
    fill = [colours.second if d == delay else "rgba(0,0,0,0)" for d in delays]
    bars = {
        "type": "bar",
        "x": delays,
        "y": echo.recall,
        "marker": {"color": fill, "line": {"color": colours.second, "width": 2}},
        "hovertemplate": say("%{x} steps ago: %{y:.3f}") + "<extra></extra>",
    }
    axis = axis_look(colours)
    layout = look(colours, 360) | {
        "xaxis": axis | {"title": {"text": say("delay in steps")}},
        "yaxis": axis | {"range": [0, 1.05], "title": {"text": say("recall (correlation²)")}},
    }
    return go.Figure([bars], layout)


def echo_and_input(echo: EchoState, delay: int, colours: Palette) -> go.Figure:
    """Draw one readout on unseen steps, beside the input of so many steps ago.

    Args:
        echo: the trained readouts.
        delay: which, from 1.
        colours: of the theme.
    """
    steps = np.arange(1, SHOWN + 1)
    traces = [
        {
            "type": "scatter",
            "x": steps,
            "y": echo.wanted[:SHOWN, delay - 1],
            "name": say("input of {delay} steps ago", delay=delay),
            "mode": "lines",
            "line": {"color": colours.muted, "width": 6},
        },
        {
            "type": "scatter",
            "x": steps,
            "y": echo.outputs[:SHOWN, delay - 1],
            "name": say("what the readout says"),
            "mode": "lines+markers",
            "line": {"color": colours.second, "width": 2, "dash": "dash"},
            "marker": {"size": 7},
        },
    ]
    axis = axis_look(colours)
    layout = look(colours, 360) | {
        "xaxis": axis | {"title": {"text": say("unseen time step")}},
        "yaxis": axis | {"range": [-1.3, 1.3]},
    }
    return go.Figure(traces, layout)
