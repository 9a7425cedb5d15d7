"""A recurrent network folded and unrolled, what position means to it, and what squashing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.training.positions import Comparison
from pages._book.drawings import arrow_head
from pages._book.language import decimal, mark, say
from pages._book.style import FONT, Palette, axis_look, look, translucent

STEP = 132
"""Points from one copy of the cell to the next."""
COPIES = 6
"""So many copies of the cell are drawn; of a longer word, the first ones and the last."""

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
    parts = [
        _text(130, 30, escape(say("Folded")), colours.muted, 24, anchor="middle"),
        *_copy(86, cell, colours),
        _arrow("M176 174 H214 V64 H44 V174 H82", colours.hidden_state),
        _arrow("M130 306 V252", colours.text),
        _text(130, 342, escape(_read(labels)), colours.text, 26, "700"),
        _text(240, 186, "=", colours.text, 40, "700"),
        _text(280, 30, escape(say("Unrolled")), colours.muted, 24, anchor="start"),
    ]
    x = 330
    before = -1
    for t in drawn:
        if t != before + 1:
            parts.append(_text(x + 6, 182, "…", colours.hidden_state, 36, "700"))
            x += 62
        parts += [
            _arrow(f"M{x - 40} 174 H{x - 4}", colours.hidden_state),
            *_copy(x, cell, colours),
            _arrow(f"M{x + 44} 306 V252", colours.text),
            _arrow(f"M{x + 44} 100 V78", colours.hidden_state),
            _text(x + 44, 342, escape(labels[t][:8]), colours.text, 26, "700"),
            _text(
                x + 44, 68, _signed(trace.hidden_state[t, unit]), colours.hidden_state, 22, "700"
            ),
        ]
        before = t
        x += STEP
    parts.append(_arrow(f"M{x - 40} 174 H{x}", colours.hidden_state))
    named = _text(x + 8, 68, f"h[{unit + 1}]", colours.hidden_state, 22, "700", "start")
    parts.append(named)
    alt = say(
        "One cell whose hidden state goes back into it, reading {read}; beside it the same cell unrolled "
        "over {steps} steps. Every copy shows the same pattern of weights.",
        steps=steps,
        read=", ".join(labels[:20]),
    )
    return _framed(x + 64, 360, alt, parts)


def _copy(x: int, cell: RNNCell, colours: Palette) -> list[str]:
    """Draw the cell with its weights in it."""
    return [
        f'<rect x="{x}" y="104" width="88" height="144" rx="10" fill="{colours.panel}" '
        f'stroke="{colours.muted}" stroke-width="2"/>',
        f'<g transform="translate({x + 8} 116)">{_pattern(cell, colours)}</g>',
    ]


def _read(labels: Sequence[str]) -> str:
    """Write what is read, cut where it is long."""
    return "".join(label[:4] for label in labels[:8]) + (" …" if len(labels) > 8 else "")


def _signed(value: float) -> str:
    return decimal(value, ".2f").replace("-", "−")


def recall_by_position(comparison: Comparison, colours: Palette) -> go.Figure:
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
        "title": {"text": say("found")},
        "tickformat": ".0%",
        "range": [0, 1.12],
    }
    layout["shapes"] = [_in_training(comparison.front, colours)]
    layout["annotations"] = [
        {
            "x": (comparison.front + 1) / 2,
            "y": 1.1,
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
            "marker": _hatched(colour, shape, colours),
        }
        for name, (colour, shape) in looks.items()
    ]
    return go.Figure(bars, layout)


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


def ranges(largest: Mapping[str, Array], colours: Palette) -> go.Figure:
    """Draw the largest |h| of each step, (time,) each, on a logarithmic axis."""
    looks = ((colours.first, "solid"), (colours.second, "dash"))
    axis = axis_look(colours)
    layout = look(colours, 360)
    layout["xaxis"] = axis | {"title": {"text": say("step")}}
    layout["yaxis"] = axis | {
        "title": {"text": say("largest |h|")},
        "type": "log",
        "exponentformat": "power",
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
    return go.Figure(lines, layout)


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
    size = min(72 / weights.shape[1], 96 / len(weights))
    largest = float(np.abs(weights).max()) or 1.0
    squares = []
    for row, line in enumerate(weights):
        gap = 6 if row >= cell.features else 0
        for column, weight in enumerate(line):
            colour = colours.first if weight >= 0 else colours.second
            squares.append(
                f'<rect x="{column * size:.1f}" y="{row * size + gap:.1f}" width="{size - 1.5:.1f}" '
                f'height="{size - 1.5:.1f}" fill="{translucent(colour, abs(weight) / largest)}" '
                f'stroke="{colour}" stroke-width="0.7"/>'
            )
    return "".join(squares)


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
