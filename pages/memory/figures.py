"""What a network holds of each word: in the text, over time, and beside what each word matters."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.memory import Memory
from pages._book.language import say
from pages._book.style import Palette, axis_look, look, translucent

NAMED = 8
"""So many words are named in the scatter."""


def words_kept(words: Sequence[str], held: Array, matters: Array, colours: Palette) -> str:
    """Write a text as HTML: what is held as a bar beneath each word, what is let go in grey.

    Args:
        words: as the network reads them; they are escaped here.
        held: at the end of the reading, (time,).
        matters: change of the logit by each word, (time,).
        colours: of the theme.
    """
    most = float(held.max()) or 1.0
    parts = []
    for word, amount, change in zip(words, held, matters, strict=True):
        share = float(amount) / most
        colour = colours.text if share >= 0.25 else colours.muted
        weight = 700 if share >= 0.5 else 400
        bar = colours.first if change >= 0 else colours.second
        said = escape(
            say("held {amount:.3f}, moves the logit by {change:+.2f}", amount=amount, change=change)
        )
        parts.append(
            f'<span title="{said}" style="display:inline-block;vertical-align:top;text-align:center;margin:0 0.28em 0.5em;'
            f'color:{colour};font-weight:{weight}">{escape(word[:40])}'
            f'<span style="display:block;height:9px;width:100%;background:{colours.grid}">'
            f'<span style="display:block;height:9px;width:{100 * share:.1f}%;background:{bar}"></span>'
            f'</span><span style="font-size:0.75rem;font-weight:400;color:{colours.muted}">'
            f"{_signed(change)}</span></span>"
        )
    listed = ", ".join(words[place] for place in np.argsort(-held)[:5])
    shown = say("As the network reads it: {words}", words="".join(parts))
    alt = escape(say("Held most: {words}", words=listed))
    return f'<div class="coloured-words" role="group" aria-label="{alt}">{shown}</div>'


def memory_map(memory: Memory, words: Sequence[str], colours: Palette) -> go.Figure:
    """Draw what every step holds of every word read before, in absolute numbers.

    Args:
        memory: in the order of reading.
        words: in the same order.
        colours: of the theme.
    """
    steps = len(words)
    held = np.where(np.tril(np.ones((steps, steps))) > 0, memory.held, np.nan)
    labels = [f"{place + 1} {escape(word[:14])}" for place, word in enumerate(words)]
    axis = axis_look(colours)
    scale = [[0, translucent(colours.first, 0.04)], [1, colours.first]]
    return go.Figure(
        [
            {
                "type": "heatmap",
                "z": held.T.astype(np.float32),
                "x": labels,
                "y": labels,
                "colorscale": scale,
                "xgap": 1,
                "ygap": 1,
                "hoverongaps": False,
                "colorbar": {"title": {"text": say("held")}, "thickness": 14, "outlinewidth": 0},
                "hovertemplate": say("after “%{x}”: %{z:.3f} of “%{y}”") + "<extra></extra>",
            }
        ],
        look(colours, max(380, 60 + 21 * steps))
        | {
            "xaxis": axis
            | {"title": {"text": say("after reading")}, "tickangle": -60, "automargin": True},
            "yaxis": axis
            | {
                "title": {"text": say("still held of")},
                "autorange": "reversed",
                "automargin": True,
            },
        },
    )


def memory_map_alt(memory: Memory, words: Sequence[str]) -> str:
    """Say in words what the last column of the map shows."""
    order = np.argsort(-memory.at_the_end)[:6]
    listed = ", ".join(f"{words[place]} {memory.at_the_end[place]:.3f}" for place in order)
    return say(
        "What each step holds of each word read before. At the end, most of: {words}.", words=listed
    )


def held_and_matters(
    held: Array, matters: Array, words: Sequence[str], colours: Palette
) -> go.Figure:
    """Draw each word by what is held of it at the end and by how much it matters.

    Args:
        held: (time,).
        matters: (time,), with its sign.
        words: in the same order.
        colours: of the theme.
    """
    named = np.argsort(-(held / (held.max() or 1) + np.abs(matters) / (np.abs(matters).max() or 1)))
    texts = [""] * len(words)
    for place in named[:NAMED]:
        texts[place] = escape(words[place][:16])
    axis = axis_look(colours)
    return go.Figure(
        [
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": held,
                "y": matters,
                "text": texts,
                "textposition": "top center",
                "textfont": {"color": colours.text},
                "cliponaxis": False,
                "showlegend": False,
                "marker": {
                    "size": 11,
                    "color": np.where(matters >= 0, colours.first, colours.second),
                    "symbol": np.where(matters >= 0, "circle", "diamond"),
                },
            }
        ],
        look(colours, 400)
        | {
            "xaxis": axis | {"title": {"text": say("held at the end")}, "rangemode": "tozero"},
            "yaxis": axis | {"title": {"text": say("moves the logit by")}},
        },
    )


def _signed(change: float) -> str:
    """Write one decimal with its sign, and never a minus zero."""
    return f"{round(change, 1) + 0.0:+.1f}"
