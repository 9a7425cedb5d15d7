"""What the cell state is made of over time, and what slips of the pen do to a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.arrays import Array
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.figures.style import Palette, axis_look, look, translucent
from lstm_core.language import say

MOST_TICKS = 30


def kept_and_written(
    trace: LSTMTrace,
    labels: Sequence[str],
    unit: int,
    colours: Palette,
    before: LSTMTrace | None = None,
) -> go.Figure:
    """Stack what each step kept, f * c, and what it wrote, i * g; their sum is the cell state.

    Args:
        trace: without a batch axis.
        labels: what was read at each step.
        unit: from 0.
        colours: of the theme.
        before: an earlier run, whose cell state is drawn as a thin line.
    """
    steps = np.arange(1, len(labels) + 1)
    parts = (
        (say("kept: f × c"), trace.kept, colours.cell_state, ""),
        (say("written: i × g"), trace.written, colours.third, "/"),
    )
    data: list[dict[str, object]] = [
        {
            "type": "bar", "x": steps, "y": values[:, unit], "name": name,
            "marker": {
                "color": translucent(colour, 0.55), "line": {"color": colour, "width": 1.5},
                "pattern": {"shape": pattern, "fgcolor": colour, "size": 6},
            },
        }
        for name, values, colour, pattern in parts
    ]  # fmt: skip
    data.append(
        {
            "type": "scatter", "x": steps, "y": trace.cell_state[:, unit], "mode": "lines+markers",
            "name": say("c: their sum"), "line": {"color": colours.text, "width": 2.5},
            "marker": {"size": 8, "symbol": "circle"},
        }
    )  # fmt: skip
    if before is not None:
        earlier = before.cell_state[: len(steps), unit]
        data.append(
            {
                "type": "scatter", "x": steps[: len(earlier)], "y": earlier, "mode": "lines",
                "name": say("c in the run before"),
                "line": {"color": colours.muted, "width": 2, "dash": "dot"},
            }
        )  # fmt: skip
    axis = axis_look(colours)
    return go.Figure(
        data,
        look(colours, 380)
        | {
            "barmode": "relative",
            "xaxis": axis | _read_at(labels) | {"title": {"text": say("input")}},
            "yaxis": axis | {"title": {"text": say("c of unit {unit}", unit=unit + 1)}},
            "margin": {"l": 84, "r": 16, "t": 44, "b": 96},
        },
    )


def kept_and_written_alt(trace: LSTMTrace, unit: int) -> str:
    """Say in words what ``kept_and_written`` draws."""
    parts = ", ".join(
        say(
            "step {step}: kept {kept:.3f}, written {written:.3f}",
            step=t + 1, kept=float(kept), written=float(written),
        )
        for t, (kept, written) in enumerate(
            zip(trace.kept[:12, unit], trace.written[:12, unit], strict=True)
        )
    )  # fmt: skip
    return say(
        "What the cell state of unit {unit} is made of. {parts}.", unit=unit + 1, parts=parts
    )


def side_by_side(
    runs: Mapping[str, Array], labels: Sequence[str], what: str, colours: Palette
) -> go.Figure:
    """Draw one number over time for several runs of one sequence, (time,) each."""
    steps = np.arange(1, len(labels) + 1)
    looks = (
        (colours.text, "solid", "circle"),
        (colours.second, "dash", "square"),
        (colours.third, "dot", "diamond"),
        (colours.first, "dashdot", "triangle-up"),
    )
    axis = axis_look(colours)
    return go.Figure(
        [
            {
                "type": "scatter", "x": steps, "y": values, "name": name, "mode": "lines+markers",
                "line": {"color": colour, "dash": dash, "width": 3},
                "marker": {"symbol": symbol, "size": 8},
            }
            for (name, values), (colour, dash, symbol) in zip(runs.items(), looks, strict=False)
        ],
        look(colours, 340)
        | {
            "xaxis": axis | _read_at(labels) | {"title": {"text": say("input")}},
            "yaxis": axis | {"title": {"text": what}},
            "margin": {"l": 84, "r": 16, "t": 44, "b": 96},
        },
    )  # fmt: skip


def side_by_side_alt(runs: Mapping[str, Array], what: str) -> str:
    """Say in words where each run ends."""
    ends = ", ".join(f"{name}: {values[-1]:.3f}" for name, values in runs.items())
    return say("{what} over time; at the last step {ends}.", what=what, ends=ends)


def _read_at(labels: Sequence[str]) -> dict[str, object]:
    """Label the steps with what was read, every one or, of many, every few."""
    every = -(-len(labels) // MOST_TICKS)
    return {
        "tickvals": list(range(1, len(labels) + 1, every)),
        "ticktext": [escape(label[:12]) for label in labels[::every]],
    }
