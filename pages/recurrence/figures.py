"""A recurrent network folded and unrolled, what position means to it, and what squashing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.training.positions import Comparison
from pages._book.drawings import arrow_head
from pages._book.drawn import Drawn
from pages._book.language import decimal, mark, say
from pages._book.style import FONT, Palette, axis_look, look, translucent

STEP = 122
"""Points from one copy of the cell to the next."""
COPIES = 6
"""So many copies of the cell are drawn; of a longer word, the first ones and the last."""
LOOP = 1.4
"""Seconds that the light takes from one copy to the next, and once round the folded cell."""
WIDE, TOP, BOTTOM = 88, 166, 396
"""How wide a copy of the cell is, and from where to where it reaches."""
MIDDLE = (TOP + BOTTOM) // 2
MOVING = (
    "<style>@keyframes walk { from { offset-distance: 0%; } to { offset-distance: 100%; } } "
    ".walker { animation: walk linear infinite; } svg:hover .walker { animation-play-state: paused; } "
    "@media (prefers-reduced-motion: reduce) { .walker { display: none; } }</style>"
)
"""Lets a light go along a path; under the mouse it stands still."""

FOUND = 0.995
"""What is found this often is found always, as far as a bar can show."""
NAMES = {"plain": mark("plain network"), "RNN": "RNN", "LSTM": "LSTM"}


def folded_and_unrolled(
    cell: RNNCell, trace: Trace, labels: Sequence[str], unit: int, colours: Palette
) -> str:
    """Draw the network as one cell that feeds itself, and beside it unrolled, a copy for each step.

    The pattern of weights is drawn anew for every copy, from the one kernel and the one recurrent
    kernel.

    Args:
        cell: what reads.
        trace: its run.
        labels: what was read at each step.
        unit: whose hidden state is written, from 0.
        colours: of the theme.
    """
    steps = len(labels)
    drawn = list(range(steps)) if steps <= COPIES else [*range(COPIES - 1), steps - 1]
    ink, left = colours.hidden_state, 86
    loop = f"M130 122 H44 V{MIDDLE} H{left} H{left + WIDE} H214 V122 H130"
    parts = [
        MOVING,
        _text(130, 34, escape(say("Folded")), colours.muted, 26),
        _arrow(f"M{left + WIDE + 2} {MIDDLE} H214 V122 H44 V{MIDDLE} H{left - 4}", ink),
        *_copy(left, cell, colours),
        _arrow(f"M130 464 V{BOTTOM + 4}", colours.text),
        _text(130, 530, escape(_read(labels)), colours.text, 28, "700"),
        _text(240, MIDDLE + 14, "=", colours.text, 44, "700"),
        _text(300, 34, escape(say("Unrolled")), colours.muted, 26, anchor="start"),
        _walker(loop, LOOP, colours),
    ]
    x, before = 318, -1
    begin = x + WIDE // 2 - STEP // 2
    for t in drawn:
        if t != before + 1:
            parts.append(_text(x + 2, MIDDLE + 10, "…", ink, 36, "700"))
            x += 62
        middle = x + WIDE // 2
        parts += [
            _arrow(f"M{x - STEP + WIDE + 2} {MIDDLE} H{x - 4}", ink),
            *_copy(x, cell, colours),
            _arrow(f"M{middle} {TOP - 2} V128", ink),
            _vector(middle, 100, trace.hidden_state[t], 1.0, colours),
            _text(middle, 88, _signed(trace.hidden_state[t, unit]), ink, 24, "700"),
            _arrow(f"M{middle} 464 V{BOTTOM + 4}", colours.text),
            _vector(middle, 472, trace.inputs[t], 2.0, colours),
            _text(middle, 530, escape(labels[t][:8]), colours.text, 28, "700"),
        ]
        before = t
        x += STEP
    end = x - STEP + WIDE
    parts += [
        _arrow(f"M{end + 2} {MIDDLE} H{end + 36}", ink),
        _text(end + 8, 88, f"h[{unit + 1}]", ink, 24, "700", "start"),
        _text(end + 8, 488, "x", colours.text, 24, "700", "start"),
        _walker(f"M{begin} {MIDDLE} H{end + 36}", LOOP * len(drawn), colours),
    ]
    alt = say(
        "One cell whose hidden state goes back into it, reading {read}; beside it the same cell unrolled "
        "over {steps} steps. Every copy shows the same pattern of weights.",
        steps=steps,
        read=", ".join(labels[:20]),
    )
    return _framed(end + 64, 550, alt, parts)


def _copy(x: int, cell: RNNCell, colours: Palette) -> list[str]:
    """Draw the cell with its weights in it."""
    return [
        f'<rect x="{x}" y="{TOP}" width="{WIDE}" height="{BOTTOM - TOP}" rx="10" '
        f'fill="{colours.panel}" stroke="{colours.muted}" stroke-width="2"/>',
        f'<g transform="translate({x + 8} {TOP + 12})">{_pattern(cell, colours)}</g>',
    ]


def _walker(path: str, seconds: float, colours: Palette) -> str:
    """Draw a light that goes along a path again and again."""
    return (
        f'<circle class="walker" r="9" fill="{colours.accent}" stroke="{colours.ground}" '
        f'stroke-width="2" style="offset-path:path(\'{path}\');'
        f'animation-duration:{seconds:g}s"/>'
    )


def _vector(middle: int, y: int, values: Array, largest: float, colours: Palette) -> str:
    """Draw a vector as a row of squares about a place, tinted up to a largest number."""
    size = min(20.0, WIDE / len(values))
    start = middle - size * len(values) / 2
    return "".join(
        _square(start + size * k, y, size, min(abs(value) / largest, 1.0), value < 0, colours)
        for k, value in enumerate(values.tolist())
    )


def _square(
    x: float, y: float, size: float, strength: float, negative: bool, colours: Palette
) -> str:
    """Draw one number as a tinted square; below 0 it has a bar, so that colour is not all."""
    colour = colours.second if negative else colours.first
    side = size - 1.5
    bar = f"M{x + 0.28 * side:.1f} {y + side / 2:.1f} h{0.44 * side:.1f}"
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="{translucent(colour, strength)}" stroke="{colour}" stroke-width="0.7"/>'
        + (f'<path d="{bar}" stroke="{colours.text}" stroke-width="1.5"/>' if negative else "")
    )


def _read(labels: Sequence[str]) -> str:
    """Write what is read, cut where it is long."""
    return "".join(label[:4] for label in labels[:8]) + (" …" if len(labels) > 8 else "")


def _signed(value: float) -> str:
    return decimal(value, ".2f").replace("-", "−")


def recall_by_position(comparison: Comparison, colours: Palette) -> Drawn:
    """Draw how often each network finds the x, by its position; the training's are shaded."""
    places = np.arange(1, comparison.length + 1)
    looks = {
        "plain": (colours.second, "/"),
        "RNN": (colours.first, ""),
        "LSTM": (colours.third, "x"),
    }
    layout = look(colours, 380)
    axis = axis_look(colours)
    layout["barmode"] = "group"
    layout["xaxis"] = axis | {"title": {"text": say("position of the x")}, "dtick": 1}
    layout["yaxis"] = axis | {
        "title": {"text": say("share of words in which it is found")},
        "tickformat": ".0%",
        "range": [0, 1.18],
        "tickvals": [0, 0.2, 0.4, 0.6, 0.8, 1],
    }
    layout["shapes"] = [_in_training(comparison.front, colours)]
    layout["annotations"] = [
        {
            "x": 0.55,
            "y": 1.13,
            "xanchor": "left",
            "showarrow": False,
            "text": say("shown in training"),
            "font": {"color": colours.muted},
        }
    ]
    bars = [
        {
            "type": "bar",
            "x": places,
            "y": comparison.recall[name],
            "name": say(NAMES[name]),
            # What is found always needs no number; a bar that is missing does.
            "text": [
                decimal(share, ".0%") if share < FOUND else "" for share in comparison.recall[name]
            ],
            "textposition": "outside",
            "textangle": 0,
            "constraintext": "none",
            "cliponaxis": False,
            "marker": _hatched(colour, shape, colours),
        }
        for name, (colour, shape) in looks.items()
    ]
    return Drawn(bars, layout)


def _in_training(front: int, colours: Palette) -> dict[str, object]:
    """Shade the positions at which training shows an x."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": 0.5,
        "x1": front + 0.5,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "fillcolor": translucent(colours.accent, 0.1),
        "line": {"width": 0},
    }


def _hatched(colour: str, shape: str, colours: Palette) -> dict[str, object]:
    """Fill a bar with a pattern, so that it differs from others without its colour."""
    return {
        "color": translucent(colour, 0.7),
        "line": {"color": colour, "width": 1.5},
        "pattern": {"shape": shape, "fgcolor": colours.ground, "size": 7, "fillmode": "overlay"},
    }


def recall_by_position_alt(comparison: Comparison) -> str:
    """Say in words what ``recall_by_position`` draws."""
    rows = "; ".join(
        f"{say(NAMES[name])}: {', '.join(f'{share:.0%}' for share in shares)}"
        for name, shares in comparison.recall.items()
    )
    return say(
        "Share of words whose x is found, by position 1 to {length}. {rows}.",
        length=comparison.length,
        rows=rows,
    )


def ranges(largest: Mapping[str, Array], colours: Palette) -> Drawn:
    """Draw the largest |h| of each step, (time,) each, on a logarithmic axis."""
    looks = ((colours.first, "solid"), (colours.second, "dash"))
    axis = axis_look(colours)
    layout = look(colours, 360)
    layout["xaxis"] = axis | {"title": {"text": say("step")}}
    layout["yaxis"] = axis | {
        "title": {"text": say("largest |h|")},
        "type": "log",
        "exponentformat": "power",
        "nticks": 9,
    }
    layout["shapes"] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": 1,
            "y1": 1,
            "line": {"color": colours.muted, "dash": "dot", "width": 1.5},
        }
    ]
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": say(name),
            "x": np.arange(1, len(values) + 1),
            "y": np.where(values > 0, values, np.nan),
            "line": {"color": colour, "dash": dash, "width": 3.5},
        }
        for (name, values), (colour, dash) in zip(largest.items(), looks, strict=True)
    ]
    return Drawn(lines, layout)


def ranges_alt(largest: Mapping[str, Array]) -> str:
    """Say in words where each line ends."""
    ends = "; ".join(f"{say(name)}: {values[-1]:.3g}" for name, values in largest.items())
    return say(
        "The largest hidden state of each step, on a logarithmic axis. At the last step {ends}.",
        ends=ends,
    )


def _pattern(cell: RNNCell, colours: Palette) -> str:
    """Draw the kernel above the recurrent kernel, one square a weight."""
    weights = np.concatenate([cell.kernel, cell.recurrent_kernel])
    size = min((WIDE - 16) / weights.shape[1], (BOTTOM - TOP - 34) / len(weights))
    largest = float(np.abs(weights).max()) or 1.0
    indent = (WIDE - 16 - size * weights.shape[1]) / 2
    above = (BOTTOM - TOP - 24 - size * len(weights) - 10) / 2
    return "".join(
        _square(
            indent + column * size,
            above + row * size + (10 if row >= cell.features else 0),
            size,
            abs(weight) / largest,
            weight < 0,
            colours,
        )
        for row, line in enumerate(weights.tolist())
        for column, weight in enumerate(line)
    )


def _text(
    x: int, y: int, text: str, colour: str, size: int, weight: str = "600", anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{text}</text>'
    )


def _arrow(path: str, colour: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="3"/>'
        f'<g fill="{colour}">{arrow_head(path)}</g>'
    )


def _framed(width: int, height: int, alt: str, parts: list[str]) -> str:
    """Frame a drawing that fills the stage; on a phone it is scrolled sideways."""
    return (
        f'<div tabindex="0" role="group" aria-label="{escape(alt)}" style="overflow-x:auto">'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(alt)}" '
        f'style="display:block;width:100%;min-width:{round(0.72 * width)}px;height:var(--stage);'
        f'font-family:{FONT}">{"".join(parts)}</svg></div>'
    )
