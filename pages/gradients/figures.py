"""Pictures of gradients on their way back in time, and of what carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.gradients.descent import Descent
from pages._book.drawn import Drawn, parts_of
from pages._book.language import plural, say
from pages._book.log_axes import (
    NETWORKS,
    Curve,
    apart,
    drawable,
    end_of_numbers,
    log_axis,
    reach,
    readable,
    uncovered,
)
from pages._book.style import Palette, axis_look, look, note, translucent

Numbers = NDArray[np.number[Any]]


def flow_animation(
    norms: Mapping[str, Array],
    colours: Palette,
    notes: Sequence[str] = (),
    active: int = -1,
) -> Drawn:
    """Draw the length of the gradient at every step, with frames that carry it back in time.

    Playing draws a curtain away from the last step to the first, with a marker, a name and a number
    where each gradient is now.

    Args:
        norms: |dL/dstate_t| for t = 1 ... T of each network in ``NETWORKS``, all equally long; zero
            and infinite lengths are left out of the picture.
        colours: of the theme.
        notes: lines that stand in a free corner of the picture.
        active: the frame that is shown at first; -1 for the last, where all of the way is seen.
    """
    looks = [NETWORKS[name] for name in norms]
    curves = [
        Curve(name, values, getattr(colours, colour), dash, symbol)
        for (name, values), (colour, dash, symbol) in zip(norms.items(), looks, strict=True)
    ]
    return _way_back(curves, colours, notes, active)


def bias_animation(lines: Mapping[str, Array], colours: Palette, active: int = -1) -> Drawn:
    """Draw the gradient on its way back before and after a gate's bias was raised.

    Args:
        lines: before, after and the RNN for comparison, by name, in this order.
        colours: of the theme.
        active: the frame that is shown at first.
    """
    looks = (
        (colours.muted, "dash", "square-open"),
        (colours.first, "solid", "square"),
        (colours.second, "dot", "circle"),
    )
    curves = [
        Curve(name, values, *drawn_as)
        for (name, values), drawn_as in zip(lines.items(), looks, strict=True)
    ]
    return _way_back(curves, colours, (), active)


def _way_back(
    curves: Sequence[Curve], colours: Palette, notes: Sequence[str], active: int
) -> Drawn:
    """Uncover lines from the last step to the first, as the error goes."""
    steps = len(curves[0].values)
    heads = {at: _how_far(steps - 1 - at) for at in range(steps)}
    axes = (
        say("time step t (the error enters at {last})", last=steps),
        say("length of the gradient"),
    )
    figure = uncovered(curves, -1, colours, axes, heads, active)
    if notes:
        ends = np.log10(
            [curve.values[-1] for curve in curves if 0 < curve.values[-1] < np.inf] or [1]
        )
        data, layout, frames = parts_of(figure)
        low, high = layout["yaxis"]["range"]
        is_high = ends.mean() - low > high - ends.mean()
        layout["annotations"] = [
            {
                "text": "<br>".join(notes),
                "x": 1,
                "y": 0.03 if is_high else 0.97,
                "xref": "x domain",
                "yref": "y domain",
                "xanchor": "right",
                "yanchor": "bottom" if is_high else "top",
                "align": "left",
                "showarrow": False,
                "bgcolor": colours.panel,
                "bordercolor": colours.muted,
                "borderpad": 7,
                "font": {"size": 17, "color": colours.text},
            }
        ]
        return Drawn(data, layout, frames)
    return figure


def _how_far(steps: int) -> str:
    """Say how far the error has come."""
    if steps == 0:
        return say("<b>the error enters here</b>")
    return plural("<b>{count} step back</b>", "<b>{count} steps back</b>", steps)


def over_gains(ratios: Mapping[str, Array], gains: Array, gain: float, colours: Palette) -> Drawn:
    """Draw what is left of the gradient at step 1 over the gain of the recurrent kernel.

    Args:
        ratios: gradient at step 1 over that at the last step, by network, (gains,).
        gains: of the recurrent kernel, above 0.
        gain: where the network stands.
        colours: of the theme.
    """
    drawn = {name: drawable(values) for name, values in ratios.items()}
    low, high = reach([*drawn.values(), np.array([0.1, 10.0])])
    looks = {name: NETWORKS[name] for name in drawn}
    bottom, top = np.log10([low, high])
    ends = apart(
        [_last_known(values, bottom) for values in drawn.values()],
        0.07 * (top - bottom),
        (bottom, top),
    )
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": gains,
            "y": values,
            "name": name,
            "mode": "lines",
            "line": {"color": getattr(colours, looks[name][0]), "width": 5, "dash": looks[name][1]},
            "hovertemplate": f"{name}, {say('gain %{x:.3g}: a factor of %{y:.2e}')}<extra></extra>",
        }
        for name, values in drawn.items()
    ]
    traces.append(
        {
            "type": "scatter",
            "x": [float(gains[-1])] * len(drawn),
            "y": [10.0**place for place in ends],
            "mode": "text",
            "text": [f" <b>{name}</b>" for name in drawn],
            "textposition": "middle right",
            "textfont": {
                "size": 18,
                "color": [getattr(colours, colour) for colour, *_ in looks.values()],
            },
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    )
    here = min(max(gain, float(gains[0])), float(gains[-1]))
    place = int(np.abs(gains - here).argmin())
    traces.append(
        {
            "type": "scatter",
            "x": [here] * len(drawn),
            "y": [float(values[place]) for values in drawn.values()],
            "mode": "markers",
            "marker": {
                "size": 16,
                "symbol": [symbol for *_, symbol in looks.values()],
                "color": [getattr(colours, colour) for colour, *_ in looks.values()],
                "line": {"color": colours.text, "width": 2},
            },
            "hoverinfo": "skip",
        }
    )
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 90, "r": 74, "t": 20, "b": 62},
        "xaxis": axis_look(colours)
        | {
            "type": "log",
            "title": {"text": say("gain of the recurrent kernel")},
            "range": list(np.log10([gains[0], gains[-1]])),
            "tickvals": [0.5, 0.7, 1, 1.5, 2, 3, 5, 10],
        },
        "yaxis": log_axis(colours, low, high)
        | {"title": {"text": say("gradient at step 1 / at step T")}},
        "shapes": [
            _band(low, colours),
            {
                "type": "line",
                "x0": here,
                "x1": here,
                "y0": 0,
                "y1": 1,
                "yref": "y domain",
                "line": {"color": colours.text, "width": 2},
            },
        ],
        "annotations": [
            _corner(say("<b>explodes</b>"), ("left", "top"), colours),
            _corner(say("<b>vanishes</b>"), ("right", "bottom"), colours),
            *_factors_here(ratios, place, (bottom, top), colours, here),
        ],
    }
    return Drawn(traces, layout)


def _factors_here(
    ratios: Mapping[str, Array],
    place: int,
    ends: tuple[float, float],
    colours: Palette,
    here: float,
) -> list[dict[str, Any]]:
    """Write the factor of each network beside the line of the gain where it stands."""
    known = {
        name: float(values[place])
        for name, values in ratios.items()
        if np.isfinite(values[place]) and values[place] > 0
    }
    room = 0.07 * (ends[1] - ends[0])
    heights = apart(
        [np.log10(one) for one in known.values()], room, (ends[0] + room, ends[1] - room)
    )
    is_left = here > 3.0
    return [
        {
            "text": f"<b>{name} {readable(value)}</b>",
            "x": float(np.log10(here)),
            "y": height,
            "xshift": -14 if is_left else 14,
            "xanchor": "right" if is_left else "left",
            "yanchor": "middle",
            "showarrow": False,
            "bgcolor": translucent(colours.ground, 0.8),
            "font": {"size": 17, "color": getattr(colours, NETWORKS[name][0])},
        }
        for (name, value), height in zip(known.items(), heights, strict=True)
    ]


def _last_known(values: Array, otherwise: float) -> float:
    """Return the power of ten of the last value that is drawn."""
    known = values[np.isfinite(values)]
    return float(np.log10(known[-1])) if len(known) else otherwise


def _band(low: float, colours: Palette) -> dict[str, Any]:
    """Shade where the gradient gets shorter."""
    return {
        "type": "rect",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": low,
        "y1": 1.0,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": translucent(colours.muted, 0.12),
    }


def _corner(text: str, corner: tuple[str, str], colours: Palette) -> dict[str, Any]:
    """Write a word into a corner of the picture."""
    side, edge = corner
    return {
        "text": text,
        "x": 0.015 if side == "left" else 0.985,
        "y": 0.98 if edge == "top" else 0.02,
        "xref": "x domain",
        "yref": "y domain",
        "xanchor": side,
        "yanchor": edge,
        "showarrow": False,
        "font": {"size": 19, "color": colours.muted},
    }


PARTS_AXIS = (0.0, 0.4)
UPDATES_AXIS = (0.54, 1.0)


def one_and_many_updates(
    shares: Array,
    chosen: slice,
    formula: str,
    descent: Descent,
    colours: Palette,
) -> Drawn:
    """Draw what each step adds to the gradient of one weight, and what many updates do.

    Args:
        shares: part of each step in the weight's gradient, (steps,).
        chosen: the steps whose part is taken.
        formula: the update with its numbers, lines of HTML.
        descent: the updates.
        colours: of the theme.
    """
    steps = np.arange(1, len(shares) + 1)
    taken = np.zeros(len(shares), dtype=bool)
    taken[chosen] = True
    sizes = drawable(np.abs(shares))
    low, high = reach([sizes])
    bars = {
        "type": "scatter",
        "x": steps,
        "y": sizes,
        "mode": "markers",
        "marker": {
            "size": 10,
            "symbol": ["circle" if one else "circle-open" for one in taken],
            "color": [colours.second if one else colours.muted for one in taken],
            "line": {
                "width": 2,
                "color": [colours.second if one else colours.muted for one in taken],
            },
        },
        "hovertemplate": say("step %{x}: %{y:.2e}") + "<extra></extra>",
    }
    lines, marks, ends = _over_updates(descent, colours)
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 76, "r": 16, "t": 96, "b": 62},
        "xaxis": axis_look(colours)
        | {"domain": list(PARTS_AXIS), "title": {"text": say("time step t")}, "zeroline": False},
        "yaxis": log_axis(colours, low, high) | {"title": {"text": say("what step t adds (size)")}},
        "xaxis2": axis_look(colours)
        | {
            "domain": list(UPDATES_AXIS),
            "anchor": "y2",
            "title": {"text": say("updates")},
            "range": [0, 1.02 * max(len(descent.losses) - 1, 1)],
        },
        "yaxis2": log_axis(colours, *ends) | {"anchor": "x2"},
        "annotations": [
            note(formula, 0, 1, colours.text, yshift=12, align="left"),
            *marks,
        ],
    }
    if descent.breakdown is not None:
        end = end_of_numbers(descent.breakdown.update, colours)
        (line,), (word,) = end["shapes"], end["annotations"]
        layout["shapes"] = [line | {"xref": "x2", "yref": "y2 domain"}]
        layout["annotations"].append(
            word
            | {"xref": "x2", "yref": "y2 domain", "xanchor": "right", "text": f"{word['text']} "}
        )
    return Drawn([bars, *lines], layout)


def _over_updates(
    descent: Descent, colours: Palette
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], tuple[float, float]]:
    """Draw loss, gradient and parameters over the updates, up to where numbers end.

    Returns:
        The lines, their names as annotations, and the ends of the axis.
    """
    x = np.arange(len(descent.losses))
    lines = (
        (say("loss"), descent.losses, colours.second, "solid", "circle"),
        (say("length of the gradient"), descent.gradient_norms, colours.first, "dash", "square"),
        (say("length of all parameters"), descent.parameter_norms, colours.third, "dot", "diamond"),
    )
    drawn = [drawable(values) for _, values, *_ in lines]
    low, high = reach(drawn)
    traces = [
        {
            "type": "scatter",
            "xaxis": "x2",
            "yaxis": "y2",
            "x": x,
            "y": y,
            "name": name,
            # Many markers would hide the dashes that tell the lines apart.
            "mode": "lines+markers" if len(x) <= 40 else "lines",
            "line": {"color": colour, "dash": dash, "width": 3},
            "marker": {"symbol": symbol, "size": 7},
            "hovertemplate": f"{name} {say('after %{x} updates: %{y:.3e}')}<extra></extra>",
        }
        for (name, _, colour, dash, symbol), y in zip(lines, drawn, strict=True)
    ]
    bottom, top = np.log10([low, high])
    places = apart(
        [_last_known(y, bottom) for y in drawn],
        0.075 * (top - bottom),
        (bottom, top - 0.1 * (top - bottom)),
    )
    marks = [
        {
            "text": f"<b>{name}</b>",
            **_beside_its_end(y, place, top - bottom),
            "xref": "x2",
            "yref": "y2",
            "yanchor": "bottom",
            "yshift": 8,
            "showarrow": False,
            "bgcolor": translucent(colours.ground, 0.8),
            "font": {"size": 16, "color": colour},
        }
        for (name, _, colour, *_), place, y in zip(lines, places, drawn, strict=True)
    ]
    return traces, marks, (low, high)


def _beside_its_end(values: Array, place: float, height: float) -> dict[str, Any]:
    """Place the name of a line above its end; of one that ends early, to the right and further down."""
    known = np.flatnonzero(np.isfinite(values))
    last = int(known[-1]) if len(known) else len(values) - 1
    if last >= 0.6 * (len(values) - 1):
        return {"x": len(values) - 1, "y": place, "xanchor": "right"}
    return {"x": last + 0.08 * len(values), "y": place - 0.25 * height, "xanchor": "left"}
