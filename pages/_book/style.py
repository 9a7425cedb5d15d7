"""One colour, one line style and one marker for each quantity, everywhere in the app."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pages._book.drawn import Drawn, Parts, merged, parts_of
from pages._book.language import spoken
from pages._book.numbers import separators

FONT = "Source Sans, Source Sans Pro, sans-serif"
TEXT_SIZE = 16
BELOW_AXIS = 62
"""Points below an axis at which its labels and its title have ended."""

LOOKS = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "triangle-up"))
"""Dash and marker of the first, second, third and fourth line, where lines are no gates."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; every line colour has a contrast of 3 or more to the ground.

    ``first``, ``second`` and ``third`` are for everything that is no gate or state, so that a gate's
    colour means that gate. The first two also stand for positive and negative.
    """

    ground: str
    panel: str
    text: str
    muted: str
    grid: str
    accent: str
    forget: str
    input: str
    candidate: str
    output: str
    cell_state: str
    hidden_state: str
    first: str
    second: str
    third: str


LIGHT = Palette(
    ground="#fdfcf9",
    panel="#f2efe7",
    text="#1d1b16",
    muted="#6a6558",
    grid="#e2ddd0",
    accent="#0b5cad",
    forget="#c2410c",
    input="#0b63b0",
    candidate="#0a7a53",
    output="#8a2fb0",
    cell_state="#8a6200",
    hidden_state="#475569",
    first="#4338ca",
    second="#9d174d",
    third="#4d6b0f",
)
DARK = Palette(
    ground="#12151b",
    panel="#1d222b",
    text="#eceae4",
    muted="#a8adb8",
    grid="#2c333f",
    accent="#7cb8f5",
    forget="#ff8f5e",
    input="#6bb5ff",
    candidate="#45d19d",
    output="#d79bf5",
    cell_state="#f0c24b",
    hidden_state="#c3cedd",
    first="#a5b4fc",
    second="#f9a8d4",
    third="#bedf64",
)


@dataclass(frozen=True)
class Mark:
    """How a quantity is told apart without colour: its dash, its marker and its symbol."""

    label: str
    symbol: str
    dash: str
    marker: str


MARKS = {
    "forget": Mark("forget gate", "f", "solid", "circle"),
    "input": Mark("input gate", "i", "dash", "square"),
    "candidate": Mark("candidate", "g", "dot", "diamond"),
    "output": Mark("output gate", "o", "dashdot", "triangle-up"),
    "cell_state": Mark("cell state", "c", "solid", "circle"),
    "hidden_state": Mark("hidden state", "h", "dash", "square"),
}


def palette(theme: str | None) -> Palette:
    """Return the palette of a theme, "light" or "dark"; light if it is not known."""
    return DARK if theme == "dark" else LIGHT


def wrapped(title: str, room: int = 30) -> str:
    """Break the title of an axis into lines that a telephone has room for."""
    return "<br>".join(textwrap.wrap(title, room))


ROOM = 0.24
"""So much of an axis is left free behind the ends of lines, for their names."""


def with_room(first: float, last: float) -> dict[str, Any]:
    """Return range and ticks of an axis with room for names behind its last value.

    The names are then inside of the plot, and a telephone has room for them too.
    """
    span = last - first
    rough = abs(span) / 6 or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    low, high = sorted((first, last))
    places = range(math.ceil(low / step), math.floor(high / step) + 1)
    return {"range": [first, last + ROOM * span], "tickvals": [step * place for place in places]}


def above_its_row(name: str, row: float, colours: Palette, size: int = 16) -> dict[str, Any]:
    """Write the name of a row above it, from the left edge on: on a telephone no room is left beside it."""
    return {
        "text": name,
        "x": 0,
        "xref": "x domain",
        "y": row,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 9,
        "showarrow": False,
        "font": {"size": size, "color": colours.text},
    }


def translucent(colour: str, opacity: float) -> str:
    """Return a ``#rrggbb`` colour as CSS ``rgba(...)``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:.3g})"


def styled(figure: go.Figure, colours: Palette, height: int = 380) -> Drawn:
    """Return a figure in the app's look: large type, a quiet grid, the theme's colours.

    ``uirevision`` keeps a visitor's zoom while values change.
    """
    data, layout, frames = parts_of(figure)
    layout = merged(layout, look(colours, height))
    axes = {name for name in layout if name.startswith(("xaxis", "yaxis"))}
    for name in axes | {"xaxis", "yaxis"}:
        layout[name] = merged(layout.get(name, {}), axis_look(colours))
    return Drawn.of(Parts(data, layout, frames))


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """Return a figure with type, margins, lines and markers so many times as large.

    Its height is left to what it is shown in. For a projector, on which the whole screen is seen
    from afar.
    """
    data, layout, frames = parts_of(figure)
    layout.pop("height", None)
    fonts = {"font": {"size": TEXT_SIZE}, "hoverlabel": {"font": {"size": TEXT_SIZE}}}
    for name in (name for name in layout if name.startswith(("xaxis", "yaxis"))):
        title = {"title": {"font": {"size": TEXT_SIZE}, "standoff": 6}}
        layout[name] = merged(title, layout[name])
    layout = _scaled(merged(fonts, layout), factor)
    return Drawn.of(Parts(_scaled(data, factor), layout, _scaled(frames, factor)))


def _scaled(part: Any, factor: float, inside: str = "") -> Any:
    """Scale every size in pixels, wherever it stands in a figure."""
    if isinstance(part, dict):
        return {name: _scaled(value, factor, f"{inside}.{name}") for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_scaled(value, factor, inside) for value in part]
    *_, owner, name = ("", *inside.split("."))
    sized = name == "size" and (owner.endswith("font") or owner == "marker")
    drawn = owner in {"margin", "pad"} or (owner == "line" and name == "width")
    if (sized or drawn) and isinstance(part, int | float):
        return part * factor
    return part


def look(colours: Palette, height: int) -> dict[str, Any]:
    """Return the layout that every figure shares."""
    return {
        "height": height,
        "font": {"family": FONT, "size": TEXT_SIZE, "color": colours.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 84, "r": 16, "t": 44, "b": 56},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hoverlabel": {"font": {"size": TEXT_SIZE}},
        "uirevision": "kept",
        "separators": separators(spoken()),
        # Plotly's own template is large, and nothing of it would be seen.
        "template": None,
    }


def axis_look(colours: Palette) -> dict[str, Any]:
    """Return what every axis shares."""
    return {
        "gridcolor": colours.grid,
        "linecolor": colours.muted,
        "zerolinecolor": colours.muted,
    }


def note(
    text: str,
    x: float,
    y: float,
    colour: str,
    size: int = 18,
    side: str = "left",
    edge: str = "bottom",
    **more: object,
) -> dict[str, Any]:
    """Write something at a place of the picture, for the annotations of a layout.

    Args:
        text: what is written.
        x: from 0 to 1 over the width of what is drawn, whatever its axes say; outside of it beyond.
        y: the same over its height.
        colour: of the type.
        size: of the type.
        side: of the text that lies at x: left, center or right.
        edge: of the text that lies at y: bottom, middle or top.
        more: for Plotly, as it is.
    """
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": side,
        "yanchor": edge,
        "showarrow": False,
        "font": {"size": size, "color": colour},
    } | more
