"""Pictures of what each remedy does to a gradient: one update, both runs, the cliff, echoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.clipping import in_their_plane
from lstm_core.gradients.descent import Descent
from lstm_core.gradients.echo_state import EchoState
from lstm_core.gradients.flow import GradientFlow
from pages._book.drawn import Drawn
from pages._book.language import say
from pages._book.log_axes import apart, drawable, log_axis, reach, readable
from pages._book.playing import MARGIN, playing
from pages._book.style import Palette, axis_look, look, note, translucent
from pages.remedies.lesson import loss_text

ROOM = 1e6
"""So far above the treated loss the picture reaches at most."""


LEFT, RIGHT = (0.0, 0.44), (0.58, 1.0)
"""The shares of a picture's width that its two parts have."""


@dataclass(frozen=True)
class Side:
    """One run, as it is drawn."""

    name: str
    descent: Descent
    flow: GradientFlow | None
    colour: str
    dash: str
    symbol: str


def before_and_after(
    before: tuple[Descent, GradientFlow | None],
    after: tuple[Descent, GradientFlow | None],
    window: int | None,
    when: str,
    colours: Palette,
) -> Drawn:
    """Draw the gradient over time and the loss over the updates, without and with remedies.

    Args:
        before: the run without remedies, and the way back of it that is drawn, if one is.
        after: the same with them; as many steps.
        window: of truncated backpropagation; the steps before it are shaded as lost.
        when: the gradient over time is that; in the language that is spoken.
        colours: of the theme.
    """
    sides = (
        Side(say("without remedies"), *before, colours.muted, "dot", "circle"),
        Side(say("with remedies"), *after, colours.second, "solid", "square"),
    )
    steps = len(sides[0].descent.first.norms)
    gradients, names, low, high = _gradients(sides, steps)
    losses, more_names, ends = _losses(sides)
    axis = axis_look(colours)
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 80, "r": 20, "t": 46, "b": 62},
        "xaxis": axis
        | {
            "domain": list(LEFT),
            "title": {"text": say("time step t")},
            "range": [0.5, steps + 0.5],
            "zeroline": False,
        },
        "yaxis": log_axis(colours, low, high),
        "xaxis2": axis | {"domain": list(RIGHT), "anchor": "y2", "title": {"text": say("updates")}},
        "yaxis2": log_axis(colours, *ends) | {"anchor": "x2"},
        "shapes": [_lost(steps - window, colours)] if window is not None and window < steps else [],
        "annotations": [
            *names,
            *more_names,
            title_over(LEFT, say("length of the gradient {when}", when=when), colours),
            title_over(RIGHT, say("loss"), colours),
        ],
    }
    return Drawn([*gradients, *losses], layout)


def title_over(domain: tuple[float, float], text: str, colours: Palette) -> dict[str, Any]:
    """Write what a part of a picture shows above it."""
    return note(f"<b>{text}</b>", sum(domain) / 2, 1, colours.text, side="center", yshift=6)


def _lost(last: int, colours: Palette) -> dict[str, Any]:
    """Shade the steps that truncation leaves out."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "x0": 0.5,
        "x1": last + 0.5,
        "fillcolor": translucent(colours.first, 0.22),
        "label": {
            "text": say("never learned from"),
            "textposition": "bottom center",
            "font": {"color": colours.text, "size": 16},
        },
    }


def _gradients(
    sides: Sequence[Side], steps: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float, float]:
    """Draw the gradient of both runs over time; returns lines, names, and the ends of the axis."""
    shown = [side for side in sides if side.flow is not None]
    lines = [drawable(side.flow.norms) for side in shown if side.flow is not None]
    low, high = reach(lines or [np.array([1.0])])
    same = len(lines) == 2 and np.array_equal(lines[0], lines[1], equal_nan=True)
    bottom, top = np.log10([low, high])
    # Names stand where the lines are furthest apart: at the first step.
    places = apart(
        [_first_power(line, bottom) for line in lines],
        0.09 * (top - bottom),
        (bottom + 0.05 * (top - bottom), top - 0.08 * (top - bottom)),
    )
    texts = [side.name for side in shown]
    if same:
        texts, places = (
            [say("without and with remedies: the same")],
            [_first_power(lines[0], bottom) + 0.03 * (top - bottom)],
        )
    names = [
        {
            "text": f"<b>{text}</b>",
            "x": 0.5 + 0.03 * steps,
            "y": place,
            "xref": "x",
            "yref": "y",
            "xanchor": "left",
            # Below a line that rises from its first step, or the name would stand on it.
            "yanchor": "top" if _rises(line) else "bottom",
            "yshift": -4 if _rises(line) else 4,
            "xshift": 14 if _rises(line) else 0,
            "showarrow": False,
            "font": {"size": 16, "color": side.colour},
        }
        for text, place, side, line in zip(
            texts, places, shown[-len(texts) :], lines[-len(texts) :], strict=True
        )
    ]
    traces = [
        {
            "type": "scatter",
            "x": np.arange(1, steps + 1),
            "y": line,
            "name": side.name,
            "mode": "lines",
            # What lies under another line is seen beside it.
            "line": {"color": side.colour, "dash": side.dash, "width": 5 if place else 9},
            "hovertemplate": f"{side.name}, {say('step %{x}: %{y:.3e}')}<extra></extra>",
        }
        for place, (side, line) in enumerate(zip(shown, lines, strict=True))
    ]
    return traces, names, low, high


def _rises(values: Array) -> bool:
    """Whether a line goes up from its first step, over which its name would stand."""
    known = values[np.isfinite(values)]
    return len(known) > 1 and bool(known[len(known) // 3] > 3.0 * known[0])


def _first_power(values: Array, otherwise: float) -> float:
    """Return the power of ten of the first value that is drawn."""
    known = values[np.isfinite(values)]
    return float(np.log10(known[0])) if len(known) else otherwise


def _losses(
    sides: Sequence[Side],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], tuple[float, float]]:
    """Draw the loss of both runs over the updates; returns lines, names, and the ends of the axis."""
    lines = [drawable(side.descent.losses) for side in sides]
    low, high = reach(lines)
    # A loss that explodes may leave the picture, or nothing would be seen of the other one.
    high = min(high, ROOM * reach([lines[1]])[1])
    bottom, top = np.log10([low, high])
    traces, names = [], []
    ends = [_last_power(line, bottom) for line in lines]
    limits = bottom + 0.02 * (top - bottom), top - 0.08 * (top - bottom)
    places = apart(ends, 0.09 * (top - bottom), limits)
    longest = max(len(line) for line in lines) - 1
    for side, line, place in zip(sides, lines, places, strict=True):
        traces.append(
            {
                "type": "scatter",
                "xaxis": "x2",
                "yaxis": "y2",
                "x": np.arange(len(line)),
                "y": line,
                "name": side.name,
                "mode": "lines+markers" if len(line) <= 50 else "lines",
                "line": {"color": side.colour, "dash": side.dash, "width": 4},
                "marker": {"symbol": side.symbol, "size": 8},
                "hovertemplate": f"{side.name}, {say('after %{x} updates: %{y:.3e}')}<extra></extra>",
            }
        )
        broken = side.descent.breakdown
        ended = broken is not None and len(line) - 1 < longest
        text = side.name
        if broken is not None:
            text = say("{name}: NaN after {update}", name=side.name, update=broken.update)
        names.append(
            {
                "text": f"<b>{text}</b>",
                "x": (len(line) - 1 + 0.02 * longest) if ended else longest,
                "y": place,
                "xref": "x2",
                "yref": "y2",
                "xanchor": "left" if ended and len(line) < 0.5 * longest else "right",
                "yanchor": "bottom",
                "yshift": 4,
                "showarrow": False,
                "font": {"size": 16, "color": side.colour},
            }
        )
    return traces, names, (low, high)


def _last_power(values: Array, otherwise: float) -> float:
    """Return the power of ten of the last value that is drawn."""
    known = values[np.isfinite(values)]
    return float(np.log10(known[-1])) if len(known) else otherwise


SPOTS = (0.84, 0.11, 0.6)
"""How high the words of each landing stand, as a share of the picture's height."""


@dataclass(frozen=True)
class Arrow:
    """One version of a gradient, and where its step lands.

    Attributes:
        name: stands at the arrow and at the landing.
        vector: all parameters' gradients.
        step: length of the step.
        loss: after it.
        colour, dash, symbol: how it is told apart.
    """

    name: str
    vector: Array
    step: float
    loss: float
    colour: str
    dash: str
    symbol: str


def one_update(
    gradient: Array,
    versions: Sequence[Arrow],
    start: float,
    along: tuple[Array, Array],
    below: str,
    colours: Palette,
    active: int = -1,
) -> Drawn:
    """Draw one update as it is and clipped: the gradient, the steps, and where each step lands.

    Three frames: the gradient and the loss along it, then the clipped versions, then the landings.
    Arrows lie in the plane that holds each version and the gradient; directions are true, lengths on
    a log scale, since they may differ by many powers of ten.

    Args:
        gradient: as it came back.
        versions: as it is, clipped by norm, clipped by value.
        start: the loss before the update.
        along: lengths of steps in the gradient's direction, and the loss after each.
        below: stands below the arrows; HTML.
        colours: of the theme.
        active: the frame that is shown at first.
    """
    lengths, losses = along
    ends, farthest = _arrow_ends(gradient, versions)
    axes = _loss_axes(versions, start, losses)
    titles = (
        say("<b>1. The same weights, the same gradient</b>"),
        say("<b>2. The step: as long as the gradient, or clipped</b>"),
        say("<b>3. Where each step lands</b>"),
    )
    moving = [_one_update_frame(versions, ends, axes, frame) for frame in range(3)]
    layout = look(colours, 560) | playing(
        ["1", "2", "3"], list(titles), colours, active % 3, is_labelled=True
    )
    (slider,), (buttons,) = layout["sliders"], layout["updatemenus"]
    slider["pad"] |= {"t": 48}
    buttons["buttons"][0]["args"][1]["frame"] = {"duration": 1800, "redraw": False}
    low, high = axes
    axis = axis_look(colours)
    hidden = axis | {"showticklabels": False, "zeroline": True}
    layout |= {
        "showlegend": False,
        "margin": {"l": 24, "r": 20, "t": 46, "b": MARGIN + 24},
        "xaxis": hidden | {"domain": list(LEFT), "range": [-0.08 * farthest, 1.06 * farthest]},
        # One scale for both axes, or the angle would not be the true one.
        "yaxis": hidden | {"range": [-0.3 * farthest, 0.75 * farthest], "scaleanchor": "x"},
        "xaxis2": axis
        | {
            "domain": list(RIGHT),
            "anchor": "y2",
            "type": "log",
            "exponentformat": "power",
            "title": {"text": say("length of the step"), "standoff": 4},
        },
        "yaxis2": log_axis(colours, low, high) | {"anchor": "x2"},
        "annotations": [
            title_over(LEFT, say("the gradient of all parameters"), colours),
            title_over(RIGHT, say("loss after the step"), colours),
            note(below, 0, 0.02, colours.text, 16, align="left", bgcolor=colours.ground),
        ],
    }
    if len(lengths):
        layout["xaxis2"]["range"] = list(np.log10([lengths[0], lengths[-1]]))
    fixed: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "xaxis": "x2",
            "yaxis": "y2",
            "x": lengths,
            "y": np.where(losses < 10 * high, drawable(losses), np.nan),
            "mode": "lines",
            "line": {"color": colours.hidden_state, "width": 4},
            "hovertemplate": say("step %{x:.3g}: loss %{y:.3g}") + "<extra></extra>",
        },
        {
            "type": "scatter",
            "xaxis": "x2",
            "yaxis": "y2",
            "x": lengths[[0, -1]] if len(lengths) else [],
            "y": [start, start],
            "mode": "lines+text",
            "line": {"color": colours.muted, "width": 2, "dash": "dash"},
            "text": [say(" loss before: {loss}", loss=readable(start, 3)), ""],
            "textposition": "top right",
            "textfont": {"size": 16, "color": colours.text},
            "hoverinfo": "skip",
        },
    ]
    traces = fixed + [
        drawn | data
        for drawn, data in zip(_one_update_looks(versions), moving[active % 3], strict=True)
    ]
    places = list(range(len(fixed), len(traces)))
    frames = [
        {"data": data, "traces": places, "name": str(place + 1)}
        for place, data in enumerate(moving)
    ]
    return Drawn(traces, layout, frames)


def _arrow_ends(gradient: Array, versions: Sequence[Arrow]) -> tuple[list[Array], float]:
    """Return the head of each arrow, its length on a log scale, and the farthest coordinate."""
    vectors = [in_their_plane(gradient, version.vector)[1] for version in versions]
    lengths = [float(np.linalg.norm(vector)) for vector in vectors]
    shortest = min((length for length in lengths if length > 0), default=1.0)
    ends = [
        vector / length * (1.0 + np.log10(length / shortest)) if length else np.zeros(2)
        for vector, length in zip(vectors, lengths, strict=True)
    ]
    return ends, max((float(np.abs(end).max()) for end in ends), default=1.0)


def _loss_axes(versions: Sequence[Arrow], start: float, losses: Array) -> tuple[float, float]:
    """Return the ends of the loss' axis; a loss that explodes leaves the picture."""
    known = drawable(np.array([start, *losses, *(version.loss for version in versions)]))
    low, high = reach([known])
    if np.isfinite(start) and start > 0:
        high = min(high, start * ROOM)
        low = max(low, start / ROOM)
    # Room for words below the curve.
    return low * (low / high) ** 0.25, high


def _one_update_frame(
    versions: Sequence[Arrow],
    ends: Sequence[Array],
    axes: tuple[float, float],
    frame: int,
) -> list[dict[str, Any]]:
    """Return what one of the three frames shows: arrows, and landings."""
    data: list[dict[str, Any]] = []
    low, high = axes
    for place, (version, end) in enumerate(zip(versions, ends, strict=True)):
        is_shown = place == 0 or frame >= 1
        text = f"<b>{version.name}</b>: {readable(float(np.linalg.norm(version.vector)), 3)}"
        # An empty line keeps the words clear of the arrow.
        text = f" <br>{text}" if place == 1 else f"{text}<br> "
        data += [
            {
                "type": "scatter",
                "x": [0.0, float(end[0])] if is_shown else [None, None],
                "y": [0.0, float(end[1])] if is_shown else [None, None],
            },
            {
                "type": "scatter",
                "x": [float(end[0])] if is_shown else [None],
                "y": [float(end[1])] if is_shown else [None],
                "text": [text],
                "textposition": ("top left", "bottom right", "top right")[place],
            },
        ]
    bottom, top = np.log10([low, high])
    for place, version in enumerate(versions):
        is_shown = frame >= 1 and 0 < version.step < np.inf
        beyond = not np.isfinite(version.loss) or version.loss > high
        height = top if beyond else float(np.log10(max(version.loss, low)))
        words = [f"<b>{version.name}</b>"]
        if frame == 2:
            words.append(say("loss {loss}", loss=loss_text(version.loss)))
        else:
            words.append(say("step {step}", step=readable(version.step, 3)))
        data += [
            {
                "type": "scatter",
                "x": [version.step] * 2 if is_shown else [None, None],
                "y": [low, float(10.0**height)] if frame == 2 else [low, float(10.0**top)],
            },
            {
                "type": "scatter",
                "x": [version.step] if is_shown else [None],
                "y": [float(10.0 ** (bottom + SPOTS[place] * (top - bottom)))],
                "text": ["<br>".join(f" {line} " for line in words)],
                "textposition": "middle left",
            },
        ]
    return data


def _one_update_looks(versions: Sequence[Arrow]) -> list[dict[str, Any]]:
    """Return how the parts of a frame look, which none changes."""
    looks: list[dict[str, Any]] = []
    quiet = {"hoverinfo": "skip", "cliponaxis": False}
    second = {"xaxis": "x2", "yaxis": "y2"}
    for version in versions:
        line = {"color": version.colour, "width": 6, "dash": version.dash}
        arrow = {
            "symbol": "arrow",
            "size": [0, 22],
            "angleref": "previous",
            "color": version.colour,
        }
        words = {"mode": "text", "textfont": {"size": 17, "color": version.colour}}
        looks += [
            quiet | {"mode": "lines+markers", "name": version.name, "line": line, "marker": arrow},
            quiet | words,
        ]
    for version in versions:
        thin = {"color": version.colour, "width": 3, "dash": version.dash}
        end = {"symbol": version.symbol, "size": [0, 16], "color": version.colour}
        words = {"mode": "text", "textfont": {"size": 17, "color": version.colour}}
        looks += [
            quiet | second | {"mode": "lines+markers", "line": thin, "marker": end},
            quiet | second | words,
        ]
    return looks


SHOWN = 40
"""So many unseen steps of an echo are drawn."""
WEIGHTS = np.linspace(3.0, 7.0, 161)
BIASES = np.linspace(-3.6, -0.4, 161)


def cliff_walks(
    cliff: Cliff, plain: Array, clipped: Array, colours: Palette, active: int = -1
) -> Drawn:
    """Draw the loss over both parameters as a landscape, with the walks down from one point.

    Frames take the walks update by update. Where a walk leaves the map, it is said where it went.

    Args:
        cliff: the loss.
        plain: a walk without clipping, (updates + 1, 4), as ``Cliff.walk`` gives it.
        clipped: the same walk with clipping.
        colours: of the theme.
        active: the frame that is shown at first; -1 for the last.
    """
    walks = (
        (say("without clipping"), plain, colours.second, "dot", "circle-open", 14),
        (say("with clipping"), clipped, colours.first, "solid", "square", 8),
    )
    updates = len(plain) - 1
    names = [str(update) for update in range(updates + 1)]
    labels = [
        say(
            "after {update} updates: loss {plain} without clipping, {clipped} with it",
            update=update,
            plain=readable(plain[update, 2]),
            clipped=readable(clipped[update, 2]),
        )
        for update in range(updates + 1)
    ]
    active %= updates + 1
    layout = look(colours, 560) | playing(names, labels, colours, active, redraws=True)
    # At some width of the window the long label would take two lines.
    layout["sliders"][0]["pad"] |= {"t": 48}
    axis = axis_look(colours) | {"showgrid": False, "zeroline": False}
    layout |= {
        "showlegend": False,
        "margin": {"l": 70, "r": 16, "t": 56, "b": MARGIN + 4},
        "xaxis": axis
        | {
            "title": {"text": say("recurrent weight w"), "standoff": 4},
            "range": [WEIGHTS[0], WEIGHTS[-1]],
        },
        "yaxis": axis | {"title": {"text": say("bias b")}, "range": [BIASES[0], BIASES[-1]]},
        "annotations": _landscape_words(walks, colours),
    }
    land: list[dict[str, Any]] = [
        {
            "type": "contour",
            "x": WEIGHTS,
            "y": BIASES,
            "z": cliff.surface(WEIGHTS, BIASES),
            "colorscale": [
                [0.0, colours.ground],
                [1.0, colours.hidden_state],
            ],
            "contours": {"coloring": "heatmap", "start": 0.0, "end": 0.5, "size": 0.05},
            "line": {"color": colours.muted, "width": 0.8},
            "colorbar": {
                "title": {"text": say("loss")},
                "thickness": 14,
                "outlinewidth": 0,
                "len": 0.9,
                "y": 0.44,
            },
            "hovertemplate": say("w %{x:.2f}, b %{y:.2f}: loss %{z:.3f}") + "<extra></extra>",
        },
        {
            "type": "scatter",
            "x": plain[:1, 0],
            "y": plain[:1, 1],
            "mode": "markers+text",
            "marker": {"symbol": "star", "size": 20, "color": colours.text},
            "text": [f"<b>{say('start')}</b>"],
            "textposition": "top center",
            "textfont": {"size": 17, "color": colours.text},
            "hoverinfo": "skip",
        },
    ]
    looks = [
        {
            "type": "scatter",
            "name": name,
            "mode": "lines+markers",
            "line": {"color": colour, "width": 4, "dash": dash},
            "marker": {"symbol": symbol, "size": size, "line": {"color": colour, "width": 3}},
            "hovertemplate": say("w %{x:.3f}, b %{y:.3f}") + f"<extra>{name}</extra>",
        }
        for name, _, colour, dash, symbol, size in walks
    ]
    traces = land + [
        drawn | _up_to(walk, active) for drawn, (_, walk, *_) in zip(looks, walks, strict=True)
    ]
    frames = [
        {
            "data": [{"type": "scatter"} | _up_to(walk, update) for _, walk, *_ in walks],
            "traces": [2, 3],
            "name": name,
        }
        for update, name in enumerate(names)
    ]
    return Drawn(traces, layout, frames)


def _up_to(walk: Array, update: int) -> dict[str, Any]:
    """Return a walk as far as some update, to its first point outside of the map."""
    leaves = _where_it_leaves(walk)
    last = update if leaves is None else min(update, leaves)
    return {"x": walk[: last + 1, 0], "y": walk[: last + 1, 1]}


def _landscape_words(
    walks: Sequence[tuple[str, Array, str, str, str, int]], colours: Palette
) -> list[dict[str, Any]]:
    """Name both walks, and say of one that leaves the map where it went."""
    words = []
    for name, walk, colour, *_, symbol, _size in walks:
        text = f"<b>{'○' if symbol == 'circle-open' else '■'} {name}</b>"
        if (left := _where_it_leaves(walk)) is not None:
            text = say(
                "{name}: to w = {w}, b = {b}",
                name=text,
                w=readable(walk[left, 0], 3),
                b=readable(walk[left, 1], 3),
            )
        words.append(f'<span style="color:{colour}">{text}</span>')
    # Above the map, of which they would cover a part, and from the left edge of the picture on.
    return [
        {
            "x": 0,
            "xshift": -56,
            "y": 1,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "bottom",
            "align": "left",
            "showarrow": False,
            "font": {"size": 17, "color": colours.text},
            "text": "<br>".join(words),
        }
    ]


def _where_it_leaves(walk: Array) -> int | None:
    """Find the first update that ends outside the map; None if all stay."""
    w, b = walk[:, 0], walk[:, 1]
    outside = (w < WEIGHTS[0]) | (w > WEIGHTS[-1]) | (b < BIASES[0]) | (b > BIASES[-1])
    return int(outside.argmax()) if outside[1:].any() else None


def echoes(echo: EchoState, delay: int, colours: Palette) -> Drawn:
    """Draw how much of the input each readout repeats, and one readout beside what it should say.

    Args:
        echo: the trained readouts.
        delay: which one is drawn, from 1.
        colours: of the theme.
    """
    delays = np.arange(1, len(echo.recall) + 1)
    steps = np.arange(1, SHOWN + 1)
    fill = [colours.second if d == delay else "rgba(0,0,0,0)" for d in delays]
    second = {"type": "scatter", "xaxis": "x2", "yaxis": "y2", "x": steps}
    traces = [
        {
            "type": "bar",
            "x": delays,
            "y": echo.recall,
            "marker": {"color": fill, "line": {"color": colours.second, "width": 2}},
            "hovertemplate": say("%{x} steps ago: %{y:.3f}") + "<extra></extra>",
        },
        second
        | {
            "y": echo.wanted[:SHOWN, delay - 1],
            "name": say("input of {delay} steps ago", delay=delay),
            "mode": "lines",
            "line": {"color": colours.muted, "width": 7},
        },
        second
        | {
            "y": echo.outputs[:SHOWN, delay - 1],
            "name": say("output of the readout"),
            "mode": "lines+markers",
            "line": {"color": colours.second, "width": 3, "dash": "dash"},
            "marker": {"size": 7},
        },
    ]
    axis = axis_look(colours)
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 64, "r": 16, "t": 70, "b": 62},
        "xaxis": axis | {"domain": list(LEFT), "title": {"text": say("delay in steps")}},
        "yaxis": axis | {"range": [0, 1.05], "title": {"text": say("correlation²")}},
        "xaxis2": axis
        | {
            "domain": [0.53, 1.0],
            "anchor": "y2",
            "title": {"text": say("unseen time step")},
            "zeroline": False,
        },
        "yaxis2": axis | {"anchor": "x2", "range": [-1.3, 1.3]},
        "annotations": [
            title_over(LEFT, say("how well each input is repeated"), colours),
            title_over((0.53, 1.0), _two_names(delay, colours), colours),
        ],
    }
    return Drawn(traces, layout)


def _two_names(delay: int, colours: Palette) -> str:
    """Name both lines in their colours."""
    target = say("input of {delay} steps ago", delay=delay)
    output = say("output of the readout")
    return (
        f'<span style="color:{colours.muted}">━ {target}</span><br>'
        f'<span style="color:{colours.second}">╌ {output}</span>'
    )
