"""Log axes, and how networks and the end of numbers are drawn on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.playing import MARGIN, playing
from pages._book.style import Palette, axis_look, look, translucent

NETWORKS = {
    "RNN": ("second", "solid", "circle"),
    "LSTM": ("first", "dash", "square"),
    "GRU": ("third", "dashdot", "diamond"),
}
"""Colour, dash and marker of each network, wherever they are drawn beside each other."""
FRAMES = 50
"""The most frames of an animation."""
GAP = "\u2003"
"""As wide as a marker."""
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def readable(value: float, digits: int = 2) -> str:
    """Write a number as it is read: plain where it is short, else with a power of ten.

    3.92, 0.014, 25,000 and 4.0·10⁻¹⁰; with the signs of the language that is spoken.

    Args:
        value: any number; infinity is ∞, what is none is NaN.
        digits: significant digits.
    """
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    exponent = int(power)
    if -4 <= exponent < 5:
        places = max(digits - 1 - exponent, 0)
        # Rounded as the mantissa was: 999.6 is 1,000 where three digits are wanted.
        short = f"{float(f'{value:.{digits - 1}e}'):.{places}f}"
        kept = short.rstrip("0").rstrip(".") if "." in short else short
        after = len(kept.partition(".")[2])
        written = decimal(float(kept), f",.{after}f")
    else:
        mantissa = mantissa.rstrip("0").rstrip(".")
        written = f"{decimal(float(mantissa), 'g')}·10{str(exponent).translate(_RAISED)}"
    return written.replace("-", "−")


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


@dataclass(frozen=True)
class Curve:
    """A line over the steps that an animation uncovers.

    Attributes:
        name: stands at the line.
        values: one a step; zero and what is not finite leave a gap.
        colour, dash, symbol: how it is told apart.
    """

    name: str
    values: Array
    colour: str
    dash: str
    symbol: str


def uncovered(
    curves: Sequence[Curve],
    way: int,
    colours: Palette,
    axes: tuple[str, str],
    heads: Mapping[int, str],
    active: int = -1,
) -> Drawn:
    """Draw lines on a log axis, with frames that uncover them step by step.

    A curtain is drawn away along the steps; at its edge each line has a marker, and its name and
    its number stand in what is still covered. Frames play in the browser.

    Args:
        curves: all equally long; their values belong to the steps 1, 2, ...
        way: 1 uncovers from the first step to the last, -1 from the last to the first.
        colours: of the theme.
        axes: titles of the axes.
        heads: what stands above the edge at each step, from 0.
        active: the frame that is shown at first; -1 for the last, where all is uncovered.
    """
    count = len(curves[0].values)
    low, high = reach([drawable(curve.values) for curve in curves])
    # What is exactly 0 runs along the lower edge, where its name says so.
    drawn = [np.where(curve.values == 0, low, drawable(curve.values)) for curve in curves]
    order = np.arange(count)[::way]
    stops = [int(at) for at in order[np.unique(_even(count))]]
    active %= len(stops)
    # Names and numbers need room beyond the last step that is uncovered.
    room = 0.2 * count + 0.6
    ends = (0.5, count + room) if way > 0 else (1 - room, count + 0.5)
    moving = [_moving(curves, drawn, at, way, (low, high), ends, heads[at]) for at in stops]
    names = [str(at) for at in stops]
    layout = look(colours, 560) | playing(
        names, [""] * len(names), colours, active, is_labelled=False
    )
    layout["xaxis"] = axis_look(colours) | {
        "title": {"text": axes[0], "standoff": 4},
        "range": list(ends),
        "tickvals": _ticks(count),
        "showgrid": False,
        "zeroline": False,
    }
    layout["yaxis"] = log_axis(colours, low, high) | {
        "title": {"text": axes[1]},
        "side": "right" if way < 0 else "left",
    }
    # A telephone leaves so little of the axis behind the last step that names reach into the margin.
    sides = {"l": 64, "r": 84} if way < 0 else {"l": 84, "r": 64}
    layout["margin"] = sides | {"t": 34, "b": MARGIN}
    layout["showlegend"] = False
    looks = _moving_looks(curves, way, colours)
    traces = [_whole_line(curve, y, count) for curve, y in zip(curves, drawn, strict=True)]
    traces += [{**drawn_as, **data} for drawn_as, data in zip(looks, moving[active], strict=True)]
    places = list(range(len(curves), len(traces)))
    frames = [
        {"data": data, "traces": places, "name": name}
        for name, data in zip(names, moving, strict=True)
    ]
    # What is written here is checked by a test; checking fifty frames each time takes longest of all.
    return Drawn(traces, layout, frames)


def apart(places: Sequence[float], least: float, ends: tuple[float, float]) -> list[float]:
    """Push places apart, so that labels at them do not overlap; their order stays.

    Args:
        places: along one axis.
        least: the smallest distance between two.
        ends: what they are kept within; all of them must fit there.
    """
    low, high = ends
    order = np.argsort(places, kind="stable")
    moved = np.clip(np.array(places, dtype=float)[order], low, high)
    for _ in range(20):
        for place in range(len(moved) - 1):
            gap = max(least - (moved[place + 1] - moved[place]), 0.0)
            moved[place] -= gap / 2
            moved[place + 1] += gap / 2
    for place in range(len(moved)):
        moved[place] = max(moved[place], low if place == 0 else moved[place - 1] + least)
    for place in reversed(range(len(moved))):
        beyond = high if place == len(moved) - 1 else moved[place + 1] - least
        moved[place] = min(moved[place], beyond)
    back = np.empty_like(moved)
    back[order] = moved
    return [float(place) for place in back]


def _even(count: int) -> Array:
    """Return the places of the frames among so many steps."""
    return np.linspace(0, count - 1, min(count, FRAMES)).round().astype(int)


def _ticks(count: int) -> list[int]:
    """Return some steps to be named on the axis, the first and the last among them."""
    apart_by = next(step for step in (1, 2, 5, 10, 20, 50) if count / step <= 6)
    ticks = [1, *(tick for tick in range(apart_by, count + 1, apart_by) if tick > 1 + apart_by / 2)]
    if count - ticks[-1] >= apart_by / 2:
        ticks.append(count)
    return ticks


def _whole_line(curve: Curve, values: Array, count: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": np.arange(1, count + 1),
        "y": values,
        "name": curve.name,
        "mode": "lines",
        "line": {"color": curve.colour, "width": 5, "dash": curve.dash},
        "cliponaxis": False,
        "hovertemplate": f"{curve.name}, {say('step %{x}: %{y:.3e}')}<extra></extra>",
    }


def _moving(
    curves: Sequence[Curve],
    drawn: Sequence[Array],
    at: int,
    way: int,
    reached: tuple[float, float],
    ends: tuple[float, float],
    head: str,
) -> list[dict[str, Any]]:
    """Return what a frame moves: the curtain, its edge, the markers, names and numbers."""
    low, high = reached
    edge, far = at + 1.0, ends[1] if way > 0 else ends[0]
    bottom, top = np.log10([low, high])
    values = [float(curve.values[at]) for curve in curves]
    places = [
        np.log10(value) if np.isfinite(value) and value > 0 else bottom if value == 0 else top
        for value in values
    ]
    room = 0.1 * (top - bottom)
    # A name and a number take two lines, in the larger type of the lecture as well.
    places = apart(places, 0.21 * (top - bottom), (bottom + room, top - room))
    # What stands above the edge goes to where there is room for it.
    head_goes = "left" if edge > (ends[0] + ends[1]) / 2 else "right"

    def beside(text: str) -> str:
        """Keep a text clear of the marker that it stands beside."""
        return f"{GAP}{text}" if way > 0 else f"{text}{GAP}"

    return [
        {"type": "scatter", "x": [far, edge, edge, far], "y": [low, low, high, high]},
        {
            "type": "scatter",
            "x": [edge, edge],
            "y": [low, high],
            "text": ["", head],
            "textposition": f"top {head_goes}",
        },
        {"type": "scatter", "x": [edge] * len(curves), "y": [float(line[at]) for line in drawn]},
        {
            "type": "scatter",
            "x": [edge] * len(curves),
            "y": [float(10.0**place) for place in places],
            "text": [
                f"{beside(f'<b>{curve.name}</b>')}<br>{beside(readable(value))}"
                for curve, value in zip(curves, values, strict=True)
            ],
        },
    ]


def _moving_looks(curves: Sequence[Curve], way: int, colours: Palette) -> list[dict[str, Any]]:
    """Return how the parts of ``_moving`` look, which no frame changes."""
    quiet = {"hoverinfo": "skip", "showlegend": False, "cliponaxis": False}
    shades = [curve.colour for curve in curves]
    return [
        quiet | {"fill": "toself", "mode": "none", "fillcolor": translucent(colours.ground, 0.84)},
        quiet
        | {
            "mode": "lines+text",
            "line": {"color": colours.text, "width": 2},
            "textfont": {"size": 18, "color": colours.text},
        },
        quiet
        | {
            "mode": "markers",
            "marker": {
                "size": 16,
                "symbol": [curve.symbol for curve in curves],
                "color": shades,
                "line": {"color": colours.text, "width": 2},
            },
        },
        quiet
        | {
            "mode": "text",
            "textposition": "middle left" if way < 0 else "middle right",
            "textfont": {"size": 18, "color": shades},
        },
    ]
