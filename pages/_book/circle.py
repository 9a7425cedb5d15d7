"""Eigenvalues in the complex plane, with the unit circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages._book.drawn import Drawn
from pages._book.language import say
from pages._book.style import Palette, axis_look, look, note, translucent

Numbers = NDArray[np.number[Any]]


def unit_circle(
    eigenvalues: Mapping[str, Numbers], notes: Sequence[str], colours: Palette
) -> Drawn:
    """Draw eigenvalues in the complex plane, with the unit circle.

    Args:
        eigenvalues: by what they belong to; the first are filled, all others hollow.
        notes: lines that stand beside the circle.
        colours: of the theme.
    """
    angle = np.linspace(0.0, 2.0 * np.pi, 121)
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": np.cos(angle),
            "y": np.sin(angle),
            "mode": "lines",
            "line": {"color": colours.text, "width": 2},
            "fill": "toself",
            "fillcolor": translucent(colours.muted, 0.1),
            "hoverinfo": "skip",
        }
    ]
    farthest, texts = 1.0, list(notes)
    for place, (name, values) in enumerate(eigenvalues.items()):
        farthest = max(farthest, float(np.abs(values).max(initial=0.0)))
        colour = colours.first if place else colours.second
        sign = "○" if place else "◆"
        texts.append(f'<span style="color:{colour}"><b>{sign} {name}</b></span>')
        traces.append(
            {
                "type": "scatter",
                "x": values.real,
                "y": values.imag,
                "mode": "markers",
                "name": name,
                "marker": {
                    "symbol": "circle-open" if place else "diamond",
                    "size": 12 if place else 11,
                    "color": colour,
                    "line": {"color": colour, "width": 2},
                },
                "hovertemplate": "λ = %{x:.3f} + %{y:.3f} i<extra></extra>",
            }
        )
    reached = 1.15 * farthest
    axis = axis_look(colours) | {"range": [-reached, reached], "constrain": "domain"}
    layout = look(colours, 560) | {
        "xaxis": axis | {"title": {"text": say("real part")}, "domain": [0, 0.55]},
        "yaxis": axis | {"title": {"text": say("imaginary part")}, "scaleanchor": "x"},
        "margin": {"l": 70, "r": 8, "t": 16, "b": 60},
        "showlegend": False,
        "annotations": [
            note("<br>".join(texts), 0.58, 0.95, colours.text, 17, edge="top", align="left"),
            {
                "text": "|λ| = 1",
                "x": 0.72,
                "y": 0.72,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 16, "color": colours.text},
            },
        ],
    }
    return Drawn(traces, layout)
