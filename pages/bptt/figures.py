"""The way back through an LSTM: a ledger that fills from the right, shares, and two paths."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from lstm_core.gradients.bptt import BACK, Stop, WayBack
from pages._book.language import say
from pages._book.log_axes import drawable
from pages._book.style import Palette, axis_look, look, translucent

COLUMNS = 8
"""So many time steps stand in the ledger at once."""

FORWARD = {
    "f": ("forget_gate", "forget"),
    "i": ("input_gate", "input"),
    "g": ("candidate", "candidate"),
    "o": ("output_gate", "output"),
    "c": ("cell_state", "cell_state"),
    "h": ("hidden_state", "hidden_state"),
}
BACKWARD = {
    "δh": ("hidden_state", "hidden_state", "hidden state"),
    "δo": ("output_gate", "output", "output gate"),
    "δc": ("cell_state", "cell_state", "cell state"),
    "δf": ("forget_gate", "forget", "forget gate"),
    "δi": ("input_gate", "input", "input gate"),
    "δg": ("candidate", "candidate", "candidate"),
}
PRE_ACTIVATIONS = {"δz_i": "input", "δz_f": "forget", "δz_g": "candidate", "δz_o": "output"}


def ledger(way: WayBack, labels: Sequence[str], stop: Stop, unit: int, colours: Palette) -> str:
    """Write every number of one unit that is known at a stop as an HTML table.

    Time runs to the right; the way forward fills the upper rows from the left, the way back the
    lower rows from the right. What is not computed yet is a dot; what this stop computes is boxed.

    Args:
        way: forward and back.
        labels: what was read at each step.
        stop: where the page is.
        unit: whose numbers, from 0.
        colours: of the theme.
    """
    first = min(max(0, stop.t - COLUMNS // 2), max(0, way.steps - COLUMNS))
    shown = range(first, min(way.steps, first + COLUMNS))
    rows = [_header(labels, shown, stop, colours)]
    for symbol, (field, gate) in FORWARD.items():
        values = getattr(way.trace, field)[:, unit]
        known = [not stop.is_forward or t <= stop.t for t in shown]
        boxed = [stop.is_forward and t == stop.t for t in shown]
        rows.append(_row(symbol, gate, [values[t] for t in shown], known, boxed, colours))
    for symbol, (field, gate, stage) in BACKWARD.items():
        values = getattr(way.gradient, field)[:, unit]
        rows.append(_back_row(symbol, gate, values, stage, shown, stop, colours))
    for symbol, gate in PRE_ACTIVATIONS.items():
        values = way.gradient.pre_activation[:, way.cell.columns(gate)][:, unit]
        rows.append(_back_row(symbol, gate, values, "pre-activations", shown, stop, colours))
    title = say(
        "Numbers of unit {unit}, steps {first} to {last} of {steps}",
        unit=unit + 1,
        first=first + 1,
        last=first + len(shown),
        steps=way.steps,
    )
    return (
        f'<div tabindex="0" role="group" aria-label="{escape(title)}" '
        'style="overflow-x:auto"><table style="border-collapse:collapse;font-size:1.05rem;'
        f'font-variant-numeric:tabular-nums"><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _header(labels: Sequence[str], shown: range, stop: Stop, colours: Palette) -> str:
    cells = "".join(
        f'<th scope="col" style="padding:0.2em 0.5em;text-align:right;'
        f'{"border-bottom:3px solid " + colours.accent if t == stop.t else ""}">'
        f"t={t + 1}<br>{escape(labels[t][:10])}</th>"
        for t in shown
    )
    return f"<tr><th></th>{cells}</tr>"


def _back_row(
    symbol: str, gate: str, values: Array, stage: str, shown: range, stop: Stop, colours: Palette
) -> str:
    known = [_is_known(t, stage, stop) for t in shown]
    boxed = [t == stop.t and stage == stop.stage for t in shown]
    return _row(symbol, gate, [values[t] for t in shown], known, boxed, colours)


def _is_known(t: int, stage: str, stop: Stop) -> bool:
    """Tell whether the way back has computed a stage of a step by now."""
    if stop.stage is None or t < stop.t:
        return False
    return t > stop.t or BACK.index(stage) <= BACK.index(stop.stage)


def _row(
    symbol: str,
    gate: str,
    values: list[float],
    known: list[bool],
    boxed: list[bool],
    colours: Palette,
) -> str:
    colour = getattr(colours, gate)
    name = symbol.replace("_", "<sub>") + ("</sub>" if "_" in symbol else "")
    cells = []
    for value, is_known, is_boxed in zip(values, known, boxed, strict=True):
        style = "padding:0.15em 0.5em;text-align:right;border:2px solid transparent"
        if is_boxed:
            style += (
                f";border-color:{colour};background:{translucent(colour, 0.15)};font-weight:700"
            )
        text = f"{value:.3g}".replace("-", "−") if is_known else "·"
        cells.append(f'<td style="{style}">{text}</td>')
    head = f'<th scope="row" style="text-align:left;color:{colour};padding-right:0.8em">{name}</th>'
    return f"<tr>{head}{''.join(cells)}</tr>"


def shares(
    contributions: Array, labels: Sequence[str], known_from: int, name: str, colours: Palette
) -> go.Figure:
    """Draw what each step adds to one weight's gradient, and the sum so far, from the last step on.

    Steps that the way back has not reached yet are hollow.

    Args:
        contributions: (time,).
        labels: what was read at each step.
        known_from: the earliest step that the way back has reached, from 0; ``time`` if none.
        name: the weight's.
        colours: of the theme.
    """
    steps = np.arange(1, len(contributions) + 1)
    known = contributions[known_from:]
    running = np.cumsum(known[::-1])[::-1]
    hollow = {"color": "rgba(0,0,0,0)", "line": {"color": colours.muted, "width": 1.5}}
    bars = [
        {
            "type": "bar",
            "x": steps[:known_from],
            "y": contributions[:known_from],
            "name": say("not reached yet"),
            "marker": hollow,
            "hoverinfo": "skip",
        },
        {
            "type": "bar",
            "x": steps[known_from:],
            "y": known,
            "name": say("this step's share"),
            "marker": {"color": colours.first},
            "hovertemplate": say("step %{x}: %{y:.4g}") + "<extra></extra>",
        },
    ]
    line = {
        "type": "scatter",
        "x": steps[known_from:],
        "y": running,
        "name": say("sum so far"),
        "mode": "lines+markers",
        "line": {"color": colours.second, "dash": "dash", "width": 3},
        "marker": {"symbol": "square", "size": 9},
        "hovertemplate": say("sum from step %{x} on: %{y:.4g}") + "<extra></extra>",
    }
    total = np.cumsum(contributions[::-1])
    reach = 1.15 * float(max(np.abs(contributions).max(), np.abs(total).max())) or 1.0
    axis = axis_look(colours)
    few = len(steps) <= 20
    ticks = {"tickvals": steps, "ticktext": [escape(label[:10]) for label in labels]} if few else {}
    layout = look(colours, 380) | {
        "xaxis": axis
        | {"title": {"text": say("time step t")}, "range": [0.3, len(steps) + 0.7]}
        | ticks,
        "yaxis": axis | {"title": {"text": f"∂L/∂{name}"}, "range": [-reach, reach]},
    }
    return go.Figure([*bars, line], layout)


def two_paths(way: WayBack, colours: Palette) -> go.Figure:
    """Draw |dL/dc_t| in full and by the direct path alone, on one log axis, in absolute numbers."""
    steps = np.arange(1, way.steps + 1)
    axis = axis_look(colours)
    lines = (
        (say("full gradient"), way.gradient.cell_state, colours.second, "solid", "circle"),
        (say("direct path: forget gates alone"), way.direct_path, colours.third, "dash", "square"),
    )
    traces, drawn = [], []
    for name, values, colour, dash, symbol in lines:
        lengths = drawable(np.linalg.norm(values, axis=-1))
        drawn.append(lengths)
        traces.append(
            go.Scatter(
                x=steps,
                y=lengths,
                name=name,
                mode="lines+markers",
                line={"color": colour, "dash": dash, "width": 3},
                marker={"symbol": symbol, "size": 8},
                hovertemplate=say("step %{x}: %{y:.3e}") + "<extra></extra>",
            )
        )
    finite = np.concatenate(drawn)
    finite = finite[np.isfinite(finite)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.1, 10.0)
    layout = look(colours, 400) | {
        "xaxis": axis | {"title": {"text": say("time step t")}},
        "yaxis": axis
        | {
            "type": "log",
            "title": {"text": say("|∂L/∂c<sub>t</sub>|, absolute")},
            "exponentformat": "power",
            "dtick": 1 if high < 1e4 * low else None,
            "range": [float(np.log10(low)) - 0.7, float(np.log10(high)) + 0.7],
        },
    }
    return go.Figure(traces, layout)
