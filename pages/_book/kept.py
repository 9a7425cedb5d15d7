"""What a state is made of: at each step what was kept of it, and what was written into it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lstm_core.cells.arrays import Array
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.runs import at_inputs
from pages._book.style import TEXT_SIZE, Palette, axis_look, look, translucent

WRITTEN = 14
"""Of so many steps, the state is written beside each point."""
Named = tuple[str, Array]
"""What an array is called, and the array, (time,)."""


def stacked(
    kept: Named,
    written: Named,
    state: Named,
    labels: Sequence[str],
    what: str,
    colours: Palette,
    before: Named | None = None,
) -> Drawn:
    """Stack what each step kept of a state and what it wrote; their sum is the new state.

    Args:
        kept: of one unit, with its name, as are the next two.
        written: what was written.
        state: their sum.
        labels: what was read at each step.
        what: title of the axis.
        colours: of the theme.
        before: the state in an earlier run, drawn as a thin line.
    """
    steps = np.arange(1, len(labels) + 1)
    parts = ((*kept, colours.cell_state, ""), (*written, colours.third, "/"))
    data: list[dict[str, object]] = [
        {
            "type": "bar",
            "x": steps,
            "y": values,
            "name": name,
            "marker": {
                "color": translucent(colour, 0.55),
                "line": {"color": colour, "width": 1.5},
                "pattern": {"shape": pattern, "fgcolor": colour, "size": 6},
            },
        }
        for name, values, colour, pattern in parts
    ]
    name, values = state
    data.append(
        {
            "type": "scatter",
            "x": steps,
            "y": values,
            "mode": "lines+markers+text" if len(steps) <= WRITTEN else "lines+markers",
            "text": [decimal(round(float(value), 2) + 0.0, ".2f") for value in values],
            "textposition": "top right",
            "textfont": {"color": colours.text, "size": TEXT_SIZE},
            "cliponaxis": False,
            "name": name,
            "line": {"color": colours.text, "width": 2.5},
            "marker": {"size": 8, "symbol": "circle"},
        }
    )
    if before is not None:
        name, earlier = before[0], before[1][: len(steps)]
        data.append(
            {
                "type": "scatter",
                "x": steps[: len(earlier)],
                "y": earlier,
                "mode": "lines",
                "name": name,
                "line": {"color": colours.muted, "width": 2, "dash": "dot"},
            }
        )
    axis = axis_look(colours)
    return Drawn(
        data,
        look(colours, 380)
        | {
            "barmode": "relative",
            "xaxis": axis
            | at_inputs(labels)
            | {"title": {"text": say("input")}, "zeroline": False},
            "yaxis": axis | {"title": {"text": what}},
            "margin": {"l": 84, "r": 40, "t": 44, "b": 64},
        },
    )
