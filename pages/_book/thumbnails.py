"""A small picture of each chapter, for the map on the home page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from pages._book.style import Palette

WIDTH, HEIGHT = 160, 64
"""Size of a picture; also its coordinates, from the upper left corner."""
GROUND, CEILING = 56, 8
"""Where the bottom and the top of a curve lie."""

Points = Sequence[tuple[float, float]]


def thumbnail(path: str, colours: Palette) -> str:
    """Draw a chapter's small picture as SVG; it says nothing that its title does not say.

    Args:
        path: the chapter's address.
        colours: of the theme.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'stroke="{colours.muted}">{_DRAWINGS[path].format(c=colours)}</svg>'
    )


def _path(way: str, colour: str = "muted", width: float = 4, dash: str = "") -> str:
    """Draw a line; ``way`` is written as SVG writes it."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{way}" stroke="{{c.{colour}}}" stroke-width="{width}"{dashed}/>'


def _curve(points: Points, colour: str, width: float = 4, dash: str = "") -> str:
    """Draw a line through points."""
    return _path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), colour, width, dash)


def _graph(function: Callable[[float], float], colour: str, dash: str = "") -> str:
    """Draw a function from [-1, 1] into [-1, 1] over the whole picture."""
    xs = [k / 24 - 1 for k in range(49)]
    scale = (GROUND - CEILING) / 2
    points = [(80 + 68 * x, GROUND - scale * (function(x) + 1)) for x in xs]
    return _curve(points, colour, dash=dash)


def _dot(x: float, y: float, colour: str, radius: float = 5) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{{c.{colour}}}" stroke="none"/>'


def _box(x: float, y: float, width: float, height: float, colour: str, filled: bool = False) -> str:
    inside = f' fill="{{c.{colour}}}"' if filled else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" '
        f'stroke="{{c.{colour}}}" stroke-width="3"{inside}/>'
    )


def _bars(heights: Sequence[float], colours: str | Sequence[str], step: float = 14) -> str:
    """Draw bars that stand on one line, in the middle of the picture."""
    left = (WIDTH - step * len(heights)) / 2 + 2
    named = [colours] * len(heights) if isinstance(colours, str) else colours
    bars = "".join(
        f'<rect x="{left + step * k:.1f}" y="{GROUND - high}" width="{step - 4}" height="{high}" '
        f'fill="{{c.{colour}}}" stroke="none"/>'
        for k, (high, colour) in enumerate(zip(heights, named, strict=True))
    )
    return bars + _path(f"M{left - 4} {GROUND}H{WIDTH - left + 4}", width=2)


def _words(lines: Sequence[Sequence[tuple[float, str]]]) -> str:
    """Draw lines of words: each with its width and its colour."""
    drawn = []
    for row, line in enumerate(lines):
        x = 20.0
        for width, colour in line:
            drawn.append(
                _path(f"M{x} {14 + 18 * row}h{width}", colour, 9 if colour != "grid" else 7)
            )
            x += width + 14
    return "".join(drawn)


def _falling(rate: float) -> list[tuple[float, float]]:
    """Return a loss that falls at a rate."""
    return [(12 + 5.6 * k, GROUND - 46 * math.exp(-rate * k)) for k in range(25)]


_AXES = _path(f"M14 6V{GROUND}H148", width=2)
_DRAWINGS = {
    "own": _box(14, 14, 34, 36, "muted")
    + _path("M24 24H38M24 32H38M24 40H32", "muted", 3)
    + _path("M56 32H82M74 24l8 8-8 8", "accent", 4)
    + _box(92, 8, 56, 48, "grid")
    + _path("M96 20H144", "cell_state", 5)
    + _path("M106 46V26", "forget")
    + _path("M120 46V26", "input")
    + _path("M134 46V26", "output"),
    "activations": _path("M8 32H152M80 4V60", "grid", 2)
    + _graph(lambda x: math.tanh(4 * x), "first")
    + _graph(lambda x: 1 / math.cosh(4 * x) ** 2, "second", dash="2 8")
    + _dot(94, 13, "first"),
    "recurrence": _box(16, 22, 30, 24, "hidden_state")
    + _path("M46 28C66 24 62 6 31 7 6 8 4 24 13 30M8 24l6 7-8 3", "accent", 3)
    + "".join(_box(78 + 26 * k, 24, 16, 20, "hidden_state", k == 2) for k in range(3))
    + _path("M62 34H74M96 34H102M122 34H128M146 34H154M86 60V47M112 60V47M138 60V47", "accent", 3),
    "cell": _box(30, 8, 100, 48, "grid")
    + _path("M8 18H152", "cell_state", 5)
    + _path("M52 48V21", "forget")
    + _path("M74 48V36M74 36H92", "input")
    + _path("M96 48V21", "candidate")
    + _path("M120 48V32H150", "output")
    + _dot(52, 18, "cell_state", 8)
    + _dot(96, 18, "cell_state", 8),
    "variants": "".join(
        _box(26 + 30 * k, 8, 18, 18, "first") + _box(26 + 30 * k, 38, 18, 18, "third")
        for k in range(4)
    )
    + _path("M8 17H22M46 17H52M76 17H82M106 17H112M138 17H150M145 12l6 5-6 5", "first", 3)
    + _path("M152 47H138M112 47H106M82 47H76M52 47H46M22 47H10M15 42l-6 5 6 5", "third", 3),
    "gradients": _AXES
    + _path("M148 12C100 13 40 14 16 16", "first", 4)
    + _path("M148 12C104 22 60 40 16 52", "second", 4, "9 7")
    + _dot(148, 12, "text", 4),
    "remedies": '<circle cx="60" cy="34" r="24" stroke="{c.muted}" stroke-dasharray="3 6"/>'
    + _path("M60 34L142 8", "second", 3, "3 7")
    + _path("M60 34L83 26.7M74 22l9 4.6-4 9", "first", 5)
    + _dot(60, 34, "text", 4),
    "bptt": "".join(_box(14 + 38 * k, 30, 22, 22, "hidden_state") for k in range(4))
    + "".join(
        _path(
            f"M{136 - 38 * k} 26C{126 - 38 * k} 4 {112 - 38 * k} 4 {104 - 38 * k} 22", "second", 4
        )
        + _path(f"M{111 - 38 * k} 17l-7.5 6-3-9", "second", 3)
        for k in range(3)
    ),
    "race": _AXES
    + _curve(_falling(0.16), "first")
    + _curve(_falling(0.07), "third", dash="2 8")
    + _curve(_falling(0.012), "second", dash="9 7"),
    "memory": _bars((46, 12, 8, 30, 6, 5, 38, 20), "cell_state"),
    "reviews": _words(
        (
            ((34, "grid"), (26, "first"), (40, "grid")),
            ((20, "grid"), (44, "first"), (22, "second")),
            ((46, "grid"), (18, "grid"), (28, "first")),
        )
    ),
    "challenges": _path("M24 8H136V44H84L62 60V44H24Z", width=3)
    + _path("M72 21C72 12 88 12 88 21 88 27 80 26 80 31", "second", 4)
    + _dot(80, 38, "second", 3),
    "many": _bars((38, 22, 12, 8, 6, 7, 10, 18, 46), ("second",) * 4 + ("muted",) + ("first",) * 4),
    "report": _AXES
    + _path("M14 56L148 8", "grid", 2, "3 6")
    + _path("M14 56C20 20 50 11 148 8", "first", 4),
    "applications": _curve(
        [(10 + 1.4 * k, 32 - 16 * math.sin(k / 9) - 6 * math.sin(k / 3)) for k in range(64)],
        "accent",
    )
    + _curve(
        [(10 + 1.4 * k, 32 - 16 * math.sin(k / 9) - 6 * math.sin(k / 3)) for k in range(64, 101)],
        "second",
        dash="2 8",
    )
    + _path("M100 4V60", "grid", 2, "3 6"),
}
"""The drawing of each chapter by its address; ``{c.NAME}`` are colours of the palette."""
