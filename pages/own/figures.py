"""Pictures of a network that was opened: of one unit, and of a thousand of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from pages._book.drawn import Drawn
from pages._book.language import decimal, plural, say
from pages._book.log_axes import Curve, readable, uncovered
from pages._book.mathml import LETTER_COLOURS
from pages._book.runs import at_inputs
from pages._book.style import LOOKS, TEXT_SIZE, Palette, axis_look, look, note, translucent

ROWS = 64
"""So many units have a row of their own in a map."""
NAMED = 8
"""Of so many units each has its number written out."""
FEW = 2
"""Of so many units each has its gate written out, too."""
LONGEST = 10_000.0
"""A half-life of this many steps stands for all that are longer."""
BARS = 40
"""So many units have a bar."""
OUTPUTS = 12
"""So many numbers of an answer have a bar."""
GATE_COLOURS = {
    "input": "input",
    "forget": "forget",
    "candidate": "candidate",
    "output": "output",
    "update": "forget",
    "reset": "output",
    "hidden": "hidden_state",
}
"""In which colour each gate is drawn, of any kind of cell."""


def _axis(colours: Palette, title: str, **more: object) -> dict[str, Any]:
    return axis_look(colours) | {"title": {"text": title, "standoff": 6}} | more


def half_lives(lives: Array, gates: Array, steps: int, gate: str, colours: Palette) -> Drawn:
    """Draw after how many steps each unit has let go of half, the longest first.

    Args:
        lives: half-life of each unit in steps, (units,); infinite where nothing is let go.
        gates: mean of the gate that keeps, of each unit.
        steps: length of the sequence.
        gate: name of that gate.
        colours: of the theme.
    """
    order = np.argsort(-lives, kind="stable")
    places = np.arange(1, len(lives) + 1)
    drawn = np.clip(lives[order], 1e-2, LONGEST)
    is_few = len(lives) <= NAMED
    texts = [f"<b>{_life(float(lives[unit]))}</b>" for unit in order]
    if len(lives) <= FEW:
        texts = [
            f"{text}<br>{gate} {decimal(float(gates[unit]), '.3f')}"
            for text, unit in zip(texts, order, strict=True)
        ]
    low, high = np.log10([min(drawn.min(), steps) / 3, max(drawn.max(), steps) * 6])
    figure: dict[str, Any] = {
        "type": "scatter",
        "x": places,
        "y": drawn,
        "mode": "markers+text" if is_few else "markers",
        "text": texts if is_few else None,
        "textposition": "top center",
        "textfont": {"size": 17, "color": colours.text},
        "cliponaxis": False,
        "customdata": [[unit + 1, _life(float(lives[unit])), float(gates[unit])] for unit in order],
        "hovertemplate": say("unit %{customdata[0]}: half-life %{customdata[1]} steps")
        + "<extra></extra>",
        "marker": {
            "size": 14 if is_few else 8 if len(lives) <= 200 else 5,
            "color": colours.forget,
            "line": {"color": colours.text, "width": 1 if len(lives) <= 200 else 0},
        },
    }
    line = {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "x domain",
        "y0": steps,
        "y1": steps,
        "line": {"color": colours.text, "width": 2, "dash": "dash"},
    }
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 84, "r": 20, "t": 16, "b": 62},
        "xaxis": _axis(
            colours,
            say("units, longest first"),
            range=[0.4, len(lives) + 0.6],
            zeroline=False,
            **_whole(len(lives)),
        ),
        "yaxis": _axis(
            colours,
            say("half-life in steps"),
            type="log",
            range=[float(low), float(high)],
            **_powers(float(low), float(high)),
        ),
        "shapes": [line],
        "annotations": [
            {
                "text": say("length of the sequence: {steps} steps", steps=steps),
                "x": 1,
                "xref": "x domain",
                "y": float(np.log10(steps)),
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 17, "color": colours.text},
            }
        ],
    }
    return Drawn([figure], layout)


def _life(value: float) -> str:
    """Write a half-life."""
    return say("over 10,000") if value >= LONGEST else readable(value, 3)


def _powers(low: float, high: float) -> dict[str, object]:
    """Tick a log axis at powers of ten, written as people do."""
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
    values = [10.0**power for power in powers]
    return {"tickvals": values, "ticktext": [readable(v) for v in values]}


def _whole(count: int) -> dict[str, object]:
    """Tick an axis of units at whole numbers."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if count / s <= 8)
    ticks = [1, *(tick for tick in range(step, count + 1, step) if tick > 1)]
    return {"tickvals": ticks}


def saturated(shares: Mapping[str, Array], order: NDArray[np.intp], colours: Palette) -> Drawn:
    """Draw at what share of the steps each gate of each unit is saturated.

    Args:
        shares: by the gate's title, (units,).
        order: of the units, the one that matters most first.
        colours: of the theme.
    """
    names = list(shares)
    z = np.array([100.0 * np.asarray(share)[order] for share in shares.values()])
    return _map(
        z,
        names,
        say("share of steps"),
        [0, 100],
        [[0, translucent(colours.second, 0.04)], [1, colours.second]],
        colours,
        {
            "xaxis": _axis(
                colours,
                say("units, most important first"),
                showgrid=False,
                zeroline=False,
                **_unit_ticks(order),
            ),
        },
        say("%{y}, unit %{customdata}: saturated at %{z:.0f} % of the steps"),
        [[int(unit) + 1 for unit in order]] * len(names),
        " %",
    )


def _unit_ticks(order: NDArray[np.intp]) -> dict[str, object]:
    """Tick columns with the numbers of their units, every one or every few."""
    every = max(1, -(-len(order) // 16))
    places = list(range(0, len(order), every))
    return {"tickvals": places, "ticktext": [str(int(order[place]) + 1) for place in places]}


def _map(
    z: Array,
    rows: Sequence[str],
    what: str,
    ends: Sequence[float],
    scale: Sequence[Sequence[object]],
    colours: Palette,
    layout: Mapping[str, Any],
    hover: str,
    customdata: object,
    suffix: str = "",
    first: int = 0,
) -> Drawn:
    """Draw a map of numbers; few of them are written out."""
    is_written = z.size <= 60
    texts = [
        [f"{decimal(float(v), '.2f') if not suffix else round(float(v))}" for v in row] for row in z
    ]
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": z.astype(np.float32),
        "x": list(range(first, first + z.shape[1])),
        "y": list(range(len(rows))),
        "customdata": customdata,
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": scale,
        "xgap": 1 if z.shape[1] <= 200 else 0,
        "ygap": 1 if z.shape[0] <= 64 else 0,
        "text": texts if is_written else None,
        "texttemplate": f"%{{text}}{suffix}" if is_written else None,
        "textfont": {"size": 17},
        "hovertemplate": f"{hover}<extra></extra>",
        "colorbar": {
            "title": {"text": what},
            "thickness": 14,
            "outlinewidth": 0,
            "ticksuffix": suffix,
            "y": 0.46,
            "len": 0.86,
        },
    }
    whole = look(colours, 560) | {
        "margin": {"l": 112, "r": 8, "t": 16, "b": 62},
        "yaxis": axis_look(colours)
        | {
            "tickvals": list(range(len(rows))),
            "ticktext": [escape(row) for row in rows],
            "autorange": "reversed",
            "showgrid": False,
            "zeroline": False,
        },
    }
    merged = {**whole, **layout, "yaxis": {**whole["yaxis"], **layout.get("yaxis", {})}}
    return Drawn([heat], merged)


def over_time(
    values: Array,
    order: NDArray[np.intp],
    labels: Sequence[str],
    what: str,
    colours: Palette,
    colour: str,
    both_signs: bool,
) -> Drawn:
    """Draw one quantity of many units over time, a row each.

    Args:
        values: (time, units).
        order: of the units, the one that matters most first; at most ``ROWS`` have a row.
        labels: what was read at each step.
        what: the quantity.
        colours: of the theme.
        colour: name of the quantity's colour.
        both_signs: whether it has negative values too.
    """
    shown = order[:ROWS]
    z = values[:, shown].T
    shade = getattr(colours, colour)
    if both_signs:
        most = max(float(np.abs(z).max(initial=0.0)), 1e-6)
        ends = (-most, most)
        scale = [[0, colours.second], [0.5, colours.panel], [1, colours.first]]
    else:
        ends = (0.0, 1.0)
        scale = [[0, translucent(shade, 0.05)], [1, shade]]
    rows = [str(int(unit) + 1) for unit in shown]
    every = max(1, -(-len(rows) // 16))
    ticks = list(range(0, len(rows), every))
    return _map(
        z,
        rows,
        what,
        ends,
        scale,
        colours,
        {
            "xaxis": _axis(
                colours, say("input"), showgrid=False, zeroline=False, **at_inputs(labels)
            ),
            "margin": {"l": 76, "r": 8, "t": 16, "b": 62},
            "yaxis": {
                "title": {"text": say("units, most important first")},
                "tickvals": ticks,
                "ticktext": [rows[tick] for tick in ticks],
            },
        },
        say("unit %{customdata}, step %{x}: %{z:.3f}"),
        [[row] * z.shape[1] for row in rows],
        first=1,
    )


def gradient(norms: Array, name: str, colours: Palette, active: int = -1) -> Drawn:
    """Draw the length of the gradient on its way back, step by step."""
    steps = len(norms)
    curve = Curve(name, np.asarray(norms, float), colours.first, "solid", "square")
    heads = {
        at: plural("<b>{count} step back</b>", "<b>{count} steps back</b>", steps - 1 - at)
        for at in range(steps)
    }
    axes = (say("time step t"), say("length of the gradient"))
    return uncovered([curve], -1, colours, axes, heads, active)


def importance(values: Array, order: NDArray[np.intp], colours: Palette) -> Drawn:
    """Draw how much each unit matters, the one that matters most first.

    Args:
        values: share of each unit, (units,), from 0 to 1.
        order: of the units.
        colours: of the theme.
    """
    shown = order[:BARS]
    places = list(range(len(shown)))
    is_written = len(shown) <= 16
    heights = 100.0 * values[shown]
    layout = look(colours, 560) | {
        "showlegend": False,
        "margin": {"l": 76, "r": 16, "t": 28, "b": 62},
        "bargap": 0.25,
        "xaxis": _axis(
            colours,
            say("unit"),
            tickvals=places[:: 1 if len(places) <= 20 else 2],
            ticktext=[str(int(unit) + 1) for unit in shown][:: 1 if len(places) <= 20 else 2],
            zeroline=False,
            showgrid=False,
        ),
        "yaxis": _axis(colours, say("share of all units"), ticksuffix=" %", rangemode="tozero"),
    }
    rest = len(values) - len(shown)
    if rest > 0:
        left = 100.0 * float(values[order[BARS:]].sum())
        layout["annotations"] = [
            note(
                say("{count} more units: {share:.0f} % together", count=rest, share=left),
                0.99,
                0.98,
                colours.text,
                17,
                "right",
                "top",
                bgcolor=translucent(colours.ground, 0.8),
            )
        ]
    return Drawn(
        [
            {
                "type": "bar",
                "x": places,
                "y": heights,
                "text": [f"{decimal(float(h), '.0f')} %" for h in heights] if is_written else None,
                "textposition": "outside",
                "cliponaxis": False,
                "textfont": {"size": 17, "color": colours.text},
                "customdata": [int(unit) + 1 for unit in shown],
                "hovertemplate": say("unit %{customdata}: %{y:.1f} %") + "<extra></extra>",
                "marker": {
                    "color": translucent(colours.first, 0.6),
                    "line": {"color": colours.first, "width": 1.5},
                },
            }
        ],
        layout,
    )


def lines(
    runs: Mapping[str, Array],
    labels: Sequence[str],
    what: str,
    colours: Palette,
    part_at: int | None = None,
) -> Drawn:
    """Draw numbers over time, (time,) each, their names at their ends.

    Args:
        runs: by name; the first one is the thickest.
        labels: what was read at each step.
        what: title of the axis.
        colours: of the theme.
        part_at: a step, from 0, that is marked.
    """
    steps = np.arange(1, len(labels) + 1)
    shades = (colours.text, colours.second, colours.first, colours.third)
    is_few = len(steps) <= 60
    data: list[dict[str, Any]] = []
    for place, (name, values) in enumerate(runs.items()):
        dash, symbol = LOOKS[place % len(LOOKS)]
        data.append(
            {
                "type": "scatter",
                "x": steps,
                "y": values,
                "name": name,
                "mode": "lines+markers" if is_few else "lines",
                "line": {"color": shades[place % 4], "dash": dash, "width": 5 if place == 0 else 3},
                "marker": {"symbol": symbol, "size": 9},
                "cliponaxis": False,
            }
        )
    layout = look(colours, 560) | {
        "margin": {"l": 84, "r": 24, "t": 44, "b": 62},
        "xaxis": _axis(colours, say("input"), zeroline=False, **at_inputs(labels)),
        "yaxis": _axis(colours, what),
    }
    if part_at is not None:
        layout["shapes"] = [_line_at(part_at + 1, colours)]
        layout["annotations"] = [_parting(part_at + 1, len(steps), colours)]
    return Drawn(data, layout)


def _line_at(x: float, colours: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "y domain",
        "line": {"color": colours.text, "width": 2, "dash": "dot"},
    }


def _parting(x: float, count: int, colours: Palette) -> dict[str, Any]:
    is_late = x > count / 2
    return {
        "text": say("<b>they part at step {step}</b>", step=int(x)),
        "x": x,
        "y": 0.02,
        "yref": "y domain",
        "xanchor": "right" if is_late else "left",
        "yanchor": "bottom",
        "xshift": -8 if is_late else 8,
        "showarrow": False,
        "bgcolor": translucent(colours.ground, 0.85),
        "font": {"size": 17, "color": colours.text},
    }


def answers(runs: Mapping[str, Array], colours: Palette, what: str = "") -> Drawn:
    """Draw several answers of one network beside each other, (outputs,) each."""
    count = len(next(iter(runs.values())))
    shown = min(count, OUTPUTS)
    shades = (colours.first, colours.second, colours.third, colours.text)
    names = [say("output {k}", k=k + 1) for k in range(shown)]
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "x": names,
            "y": values[:shown],
            "name": name,
            "text": [readable(float(v), 3) for v in values[:shown]] if shown <= 6 else None,
            "textposition": "outside",
            "textfont": {"size": TEXT_SIZE, "color": colours.text},
            "cliponaxis": False,
            "marker": {
                "color": translucent(shades[place % 4], 0.55),
                "line": {"color": shades[place % 4], "width": 1.5},
                "pattern": {"shape": ["", "/", ".", "x"][place % 4], "size": 6},
            },
        }
        for place, (name, values) in enumerate(runs.items())
    ]
    layout = look(colours, 560) | {
        "barmode": "group",
        "bargap": 0.55 if shown == 1 else 0.25,
        "margin": {"l": 76, "r": 16, "t": 48, "b": 48},
        "xaxis": axis_look(colours) | {"showgrid": False},
        "yaxis": _axis(colours, what or say("answer")),
    }
    return Drawn(data, layout)


def gate_differences(
    differences: Mapping[str, Array], titles: Mapping[str, str], colours: Palette
) -> Drawn:
    """Draw the largest difference of each gate over time, (time,) each."""
    data: list[dict[str, Any]] = []
    for place, (gate, values) in enumerate(differences.items()):
        colour = getattr(colours, LETTER_COLOURS.get(gate, "text"))
        dash, symbol = LOOKS[place % len(LOOKS)]
        data.append(
            {
                "type": "scatter",
                "x": np.arange(1, len(values) + 1),
                "y": values,
                "name": titles.get(gate, gate),
                "mode": "lines+markers" if len(values) <= 60 else "lines",
                "line": {"color": colour, "dash": dash, "width": 4},
                "marker": {"symbol": symbol, "size": 10},
                "cliponaxis": False,
            }
        )
    layout = look(colours, 560) | {
        "margin": {"l": 84, "r": 16, "t": 48, "b": 62},
        "xaxis": _axis(colours, say("step"), zeroline=False),
        "yaxis": _axis(colours, say("largest difference"), rangemode="tozero"),
    }
    return Drawn(data, layout)


# ---- The card of two gate orders ------------------------------------------------------------------

GATE_OF_LETTER = {
    "i": ("input", "input"),
    "f": ("forget", "forget"),
    "c": ("candidate", "candidate"),
    "g": ("candidate", "candidate"),
    "n": ("candidate", "candidate"),
    "o": ("output", "output"),
    "z": ("update", "forget"),
    "r": ("reset", "output"),
    "h": ("candidate", "candidate"),
}
"""Of each letter the gate's name, and the colour that it is drawn in."""


@dataclass(frozen=True)
class Order:
    """How a library orders the gates of a cell.

    Attributes:
        library: its name.
        letters: of the gates, in order.
        shapes: of its weights, in words.
        first: the first numbers of each gate's block, in words, by letter.
    """

    library: str
    letters: tuple[str, ...]
    shapes: str
    first: Mapping[str, str]


def order_card(orders: Sequence[Order], titles: Mapping[str, str], colours: Palette) -> str:
    """Draw the blocks of a kernel in two libraries' orders, with a line from each block to itself.

    Args:
        orders: of two libraries.
        titles: of the gates, by name.
        colours: of the theme.

    Returns:
        An SVG drawing.
    """
    width, block, high, apart = 1000, 210, 112, 130
    rows = []
    places: list[dict[str, float]] = []
    for row, order in enumerate(orders):
        letters, y = order.letters, 66 + row * (apart + high)
        left = (width - block * len(letters)) / 2
        # What is said of a row stands on the side that no wire comes to.
        level = y - 34 if row == 0 else y + high + 32
        rows.append(_text(width / 2, level, order.library, colours.text, 28, "bold"))
        rows.append(_text(width / 2, level + 24, order.shapes, colours.muted, 22))
        places.append({})
        for place, letter in enumerate(letters):
            gate, colour = GATE_OF_LETTER.get(letter, ("hidden", "hidden_state"))
            if len(letters) == 1:
                gate, colour = "hidden", "hidden_state"
            x, ink = left + place * block, getattr(colours, colour)
            places[row][gate] = x + block / 2
            rows.append(
                f'<rect x="{x + 4:.0f}" y="{y}" width="{block - 8}" height="{high}" rx="10" '
                f'fill="{translucent(ink, 0.22)}" stroke="{ink}" stroke-width="3"/>'
            )
            rows.append(_text(x + block / 2, y + 42, letter, ink, 40, "bold"))
            rows.append(_text(x + block / 2, y + 70, titles.get(gate, gate), colours.text, 22))
            rows.append(_text(x + block / 2, y + 98, order.first.get(letter, ""), colours.text, 22))
    first, second = 66 + high, 66 + high + apart
    wires = []
    for gate, x in places[0].items():
        if gate in places[1]:
            colour = GATE_COLOURS.get(gate, "text")
            end = places[1][gate]
            middle = (first + second) / 2
            wires.append(
                f'<path d="M{x:.0f} {first + 4}C{x:.0f} {middle:.0f} {end:.0f} {middle:.0f} '
                f'{end:.0f} {second - 3}" fill="none" stroke="{getattr(colours, colour)}" '
                f'stroke-width="{7 if abs(x - end) > 1 else 3}" '
                'stroke-linecap="round"/>'
            )
    height = second + high + 70
    alt = "; ".join(f"{order.library}: {' '.join(order.letters)}" for order in orders)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(alt)}" style="width:100%;height:auto;max-height:var(--stage)" '
        'font-family="Source Sans, Source Sans Pro, sans-serif">'
        f"{''.join(wires)}{''.join(rows)}</svg>"
    )


def _text(x: float, y: float, text: str, ink: str, size: int, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{ink}" font-size="{size}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )
