"""What a network holds of each word: in two halves, over time, and beside what each word moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.memory import Memory, Moved
from pages._book.language import decimal, say
from pages._book.style import Palette, axis_look, look, translucent

NAMED = 10
"""So many words are named in the scatter."""
APART = (0.11, 0.09)
"""So far apart, as shares of the axes, two named points have to be."""
ROWS = 26
"""So many words have a row in the map: more would leave no room for their names."""
LETTERS = 14
"""So many letters of a word stand at an axis."""


def two_halves(
    words: Sequence[str],
    halves: Mapping[str, Array],
    moved: Mapping[str, Moved],
    colours: Palette,
) -> go.Figure:
    """Draw what each half holds of each word, and beside it what depends on the place alone.

    Args:
        words: in the order of the text.
        halves: of "forward" and "backward", what is held where each word stands, (time,).
        moved: of the same, with the words at other places.
        colours: of the theme.
    """
    places = np.arange(len(words))
    traces: list[dict[str, Any]] = []
    inks = {"forward": colours.first, "backward": colours.second}
    for row, (direction, held) in enumerate(halves.items()):
        on = {"xaxis": "x", "yaxis": "y2" if row else "y"}
        hover = {"customdata": [word[:30] for word in words], "showlegend": False}
        hover |= {"hovertemplate": "%{customdata}: %{y:.3f}<extra></extra>"}
        bars = {"type": "bar", "x": places, "y": held, "marker": {"color": inks[direction]}}
        by_place = {
            "type": "scatter",
            "mode": "lines",
            "x": places,
            "y": moved[direction].by_place,
            "line": {"color": colours.text, "dash": "dash", "width": 2.5},
        }
        by_word = {
            "type": "scatter",
            "mode": "markers",
            "x": places,
            "y": moved[direction].by_word,
            "marker": {
                "symbol": "diamond",
                "size": 11,
                "color": colours.third,
                "line": {"color": colours.ground, "width": 1.5},
            },
        }
        traces += [part | on | hover for part in (bars, by_place, by_word)]
    axis = axis_look(colours)
    most = max(float(np.max(held)) for held in halves.values()) or 1.0
    scale = axis | {"range": [0, 1.12 * most], "nticks": 4}
    layout = look(colours, 480) | {
        "margin": {"l": 76, "r": 16, "t": 8, "b": 40},
        "bargap": 0.25,
        "xaxis": axis
        | {
            "tickvals": places,
            "ticktext": [escape(word[:LETTERS]) for word in words],
            "tickangle": -60 if len(words) < 36 else -90,
            "range": [-0.7, len(words) - 0.3],
            "anchor": "y2",
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": scale | {"domain": [0.53, 1.0], "title": {"text": say("held")}},
        "yaxis2": scale | {"domain": [0.0, 0.47], "title": {"text": say("held")}},
        "annotations": [
            *_key(colours, inks["forward"]),
            _note(say("Backward half: reads ←"), 1.0, 0.46, inks["backward"], "right", 20),
        ],
    }
    return go.Figure(traces, layout)


def _key(colours: Palette, ink: str) -> list[dict[str, Any]]:
    """Name what is drawn, where the forward half holds next to nothing: on the left."""
    lines = (
        (say("Forward half: reads →"), ink, 20),
        (say("▮ held where it stands"), ink, 17),
        (say("◆ the word, averaged over all places"), colours.third, 17),
        (say("╌ the average word at this place"), colours.text, 17),
    )
    return [
        _note(text, 0.01, 0.99 - 0.075 * row, colour, "left", size)
        for row, (text, colour, size) in enumerate(lines)
    ]


def _note(text: str, x: float, y: float, colour: str, side: str, size: int) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": side,
        "yanchor": "top",
        "showarrow": False,
        "font": {"color": colour, "size": size},
    }


def two_halves_alt(words: Sequence[str], halves: Mapping[str, Array]) -> str:
    """Say in words what each half holds most of, where the words stand."""

    def most(held: Array) -> str:
        order = np.argsort(-held, kind="stable")[:4]
        return ", ".join(f"{words[place]} {decimal(held[place], '.3f')}" for place in order)

    return say(
        "What each half of the network holds of each word at its end. Forward most of: {forward}. "
        "Backward most of: {backward}.",
        forward=most(halves["forward"]),
        backward=most(halves["backward"]),
    )


def memory_map(
    memory: Memory, words: Sequence[str], colours: Palette, rows: int = ROWS
) -> go.Figure:
    """Draw what every step holds of the words read before, in absolute numbers.

    Of a long text the words that were written with the largest numbers have a row.

    Args:
        memory: in the order of reading.
        words: in the same order.
        colours: of the theme.
        rows: so many words at most have one.
    """
    steps = len(words)
    shown = rows_of(memory, rows)
    held = np.where(np.tril(np.ones((steps, steps))) > 0, memory.held, np.nan)[:, shown]
    labels = [f"{escape(word[:LETTERS])}" for word in words]
    axis = axis_look(colours)
    scale = [[0, translucent(colours.first, 0.04)], [1, colours.first]]
    names = [[word[:30] for word in words] for _ in shown]
    rest = [[words[place][:30]] * steps for place in shown]
    return go.Figure(
        [
            {
                "type": "heatmap",
                "z": held.T.astype(np.float32),
                "x": np.arange(steps),
                "y": np.arange(len(shown)),
                "customdata": np.dstack([names, rest]),
                "colorscale": scale,
                "xgap": 1,
                "ygap": 1,
                "hoverongaps": False,
                "colorbar": {
                    "title": {"text": say("held")},
                    "thickness": 14,
                    "outlinewidth": 0,
                    "y": 0.45,
                    "len": 0.85,
                },
                "hovertemplate": say("after “%{customdata[0]}”: %{z:.3f} of “%{customdata[1]}”")
                + "<extra></extra>",
            }
        ],
        look(colours, 480)
        | {
            "margin": {"l": 40, "r": 8, "t": 8, "b": 40},
            "xaxis": axis
            | {
                "title": {"text": say("after reading")},
                "tickvals": np.arange(steps),
                "ticktext": labels,
                "tickangle": -60 if steps < 36 else -90,
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis": axis
            | {
                "title": {"text": say("still held of")},
                "tickvals": np.arange(len(shown)),
                "ticktext": [labels[place] for place in shown],
                "tickfont": {"size": 15 if len(shown) > 20 else 17},
                "autorange": "reversed",
                "automargin": True,
                "showgrid": False,
                "zeroline": False,
            },
        },
    )


def rows_of(memory: Memory, rows: int = ROWS) -> NDArray[np.intp]:
    """Choose the words that have a row in the map, in the order of reading."""
    written = np.diagonal(memory.held)
    return np.sort(np.argsort(-written, kind="stable")[:rows])


def memory_map_alt(memory: Memory, words: Sequence[str]) -> str:
    """Say in words what the last column of the map shows."""
    order = np.argsort(-memory.at_the_end)[:6]
    listed = ", ".join(
        f"{words[place]} {decimal(memory.at_the_end[place], '.3f')}" for place in order
    )
    return say(
        "What each step holds of each word read before. At the end, most of: {words}.", words=listed
    )


def held_and_matters(
    held: Array, matters: Array, words: Sequence[str], colours: Palette
) -> go.Figure:
    """Draw each word by what is held of it wherever it stands and by how much it matters.

    Args:
        held: (time,).
        matters: (time,), with its sign.
        words: in the same order.
        colours: of the theme.
    """
    texts = [""] * len(words)
    for place in _named(held, matters):
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
                "textposition": [
                    "top center" if change >= 0 else "bottom center" for change in matters
                ],
                "textfont": {"color": colours.text, "size": 17},
                "cliponaxis": False,
                "showlegend": False,
                "customdata": [word[:30] for word in words],
                "hovertemplate": "%{customdata}: %{x:.3f}, %{y:+.2f}<extra></extra>",
                "marker": {
                    "size": 12,
                    "color": np.where(matters >= 0, colours.first, colours.second),
                    "symbol": np.where(matters >= 0, "circle", "diamond"),
                },
            }
        ],
        look(colours, 480)
        | {
            "margin": {"l": 76, "r": 40, "t": 30, "b": 56},
            "xaxis": axis
            | {
                "title": {"text": say("held at the end, averaged over all places")},
                "rangemode": "tozero",
            },
            "yaxis": axis | {"title": {"text": say("moves the logit by")}},
        },
    )


def _named(held: Array, matters: Array) -> list[int]:
    """Choose the points that are named: far out, and apart from each other."""
    wide = float(np.ptp(held)) or 1.0
    high = float(np.ptp(matters)) or 1.0
    far = held / (held.max() or 1) + np.abs(matters) / (np.abs(matters).max() or 1)
    chosen: list[int] = []
    for place in np.argsort(-far, kind="stable"):
        crowded = any(
            abs(held[place] - held[other]) < APART[0] * wide
            and abs(matters[place] - matters[other]) < APART[1] * high
            for other in chosen
        )
        if not crowded:
            chosen.append(int(place))
        if len(chosen) == NAMED:
            break
    return chosen
