"""What the cell state is made of over time, and what slips of the pen do to a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.lstm import LSTMTrace
from pages._book.language import decimal, say
from pages._book.runs import at_inputs
from pages._book.style import TEXT_SIZE, Palette, axis_look, look, translucent

WRITTEN = 14
"""Of so many steps, the cell state is written beside each point."""


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
            "type": "bar",
            "x": steps,
            "y": values[:, unit],
            "name": name,
            "marker": {
                "color": translucent(colour, 0.55),
                "line": {"color": colour, "width": 1.5},
                "pattern": {"shape": pattern, "fgcolor": colour, "size": 6},
            },
        }
        for name, values, colour, pattern in parts
    ]
    data.append(
        {
            "type": "scatter",
            "x": steps,
            "y": trace.cell_state[:, unit],
            "mode": "lines+markers+text" if len(steps) <= WRITTEN else "lines+markers",
            "text": [decimal(round(float(c), 2) + 0.0, ".2f") for c in trace.cell_state[:, unit]],
            "textposition": "top right",
            "textfont": {"color": colours.text, "size": TEXT_SIZE},
            "cliponaxis": False,
            "name": say("c: their sum"),
            "line": {"color": colours.text, "width": 2.5},
            "marker": {"size": 8, "symbol": "circle"},
        }
    )
    if before is not None:
        earlier = before.cell_state[: len(steps), unit]
        data.append(
            {
                "type": "scatter",
                "x": steps[: len(earlier)],
                "y": earlier,
                "mode": "lines",
                "name": say("c in the run before"),
                "line": {"color": colours.muted, "width": 2, "dash": "dot"},
            }
        )
    axis = axis_look(colours)
    return go.Figure(
        data,
        look(colours, 380)
        | {
            "barmode": "relative",
            "xaxis": axis | at_inputs(labels) | {"title": {"text": say("input")}},
            "yaxis": axis | {"title": {"text": say("c of unit {unit}", unit=unit + 1)}},
            "margin": {"l": 84, "r": 40, "t": 44, "b": 64},
        },
    )


def kept_and_written_alt(trace: LSTMTrace, unit: int) -> str:
    """Say in words what ``kept_and_written`` draws."""
    parts = ", ".join(
        say(
            "step {step}: kept {kept:.3f}, written {written:.3f}",
            step=t + 1,
            kept=float(kept),
            written=float(written),
        )
        for t, (kept, written) in enumerate(
            zip(trace.kept[:12, unit], trace.written[:12, unit], strict=True)
        )
    )
    return say(
        "What the cell state of unit {unit} is made of. {parts}.", unit=unit + 1, parts=parts
    )
