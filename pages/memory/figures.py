"""What a network holds of each word: in two halves, over time, and beside what each word moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.memory import Memory, Moved
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.style import Palette, axis_look, look, note, translucent, wrapped
from pages.memory.lesson import settled, share

NAMED = 8
"""So many words are named in the scatter."""
APART = (0.28, 0.09)
"""So far apart, as shares of the axes, two named points have to be, on a phone too."""
ROWS = 36
"""So many words have a row in the map: more would leave no room for their names."""
LOW = 10
"""Below this many percent a point's number does not fit between it and the axis."""
LETTERS = 14
"""So many letters of a word stand at an axis."""


def two_halves(
    words: Sequence[str],
    halves: Mapping[str, Array],
    moved: Mapping[str, Moved],
    colours: Palette,
) -> Drawn:
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
    # Above the bars there is room for the name of the half, between two lines of the grid.
    scale = axis | {"range": [0, 1.2 * most], "nticks": 4}
    layout = look(colours, 480) | {
        "margin": {"l": 76, "r": 16, "t": 36, "b": 40},
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
            note(_key(colours), 0.0, 1.0, colours.text, 17),
            note(say("Forward half: reads →"), 0.01, 0.99, inks["forward"], 20, edge="top"),
            note(say("Backward half: reads ←"), 1.0, 0.46, inks["backward"], 20, "right", "top"),
        ],
    }
    return Drawn(traces, layout)


def _key(colours: Palette) -> str:
    """Name what is drawn, in one line above both halves."""
    lines = (
        (say("▮ held where it stands"), colours.text),
        (say("◆ the word, averaged over all places"), colours.third),
        (say("╌ the average word at this place"), colours.text),
    )
    return "    ".join(f'<span style="color:{ink}">{text}</span>' for text, ink in lines)


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


def memory_map(memory: Memory, words: Sequence[str], colours: Palette, rows: int = ROWS) -> Drawn:
    """Draw what every step holds of the words read before, in absolute numbers.

    A word stands where its row begins: it names its row, and the column below it. Of a long text the words that were written with the largest numbers have a row.

    Args:
        memory: in the order of reading.
        words: in the same order.
        colours: of the theme.
        rows: so many words at most have one.
    """
    steps = len(words)
    shown = rows_of(memory, rows)
    held = np.where(np.tril(np.ones((steps, steps))) > 0, memory.held, np.nan)[:, shown]
    axis = axis_look(colours)
    scale = [[0, translucent(colours.first, 0.04)], [1, colours.first]]
    names = [[word[:30] for word in words] for _ in shown]
    rest = [[words[place][:30]] * steps for place in shown]
    every = 5 if steps > 12 else 1
    ticks = [0, *range(every - 1, steps, every)] if every > 1 else list(range(steps))
    return Drawn(
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
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": shown - 0.5,
                "y": np.arange(len(shown)),
                "text": [f"{escape(words[place][:LETTERS])} " for place in shown],
                "textposition": "middle left",
                "textfont": {"color": colours.text, "size": 16 if len(shown) > 20 else 17},
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            },
        ],
        look(colours, 480)
        | {
            "margin": {"l": 130, "r": 8, "t": 8, "b": 56},
            "xaxis": axis
            | {
                "title": {"text": say("words read so far")},
                "tickvals": ticks,
                "ticktext": [str(place + 1) for place in ticks],
                "range": [-0.55, steps - 0.5],
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis": axis
            | {
                "title": {"text": say("what is still held of the row's word")},
                "showticklabels": False,
                "ticks": "",
                "range": [len(shown) - 0.5, -0.5],
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


def held_and_matters(held: Array, matters: Array, words: Sequence[str], colours: Palette) -> Drawn:
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
    return Drawn(
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
                "title": {"text": wrapped(say("held at the end, averaged over all places"), 26)},
                "automargin": True,
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


def enough(spans: Sequence[int], probability: Array, colours: Palette) -> Drawn:
    """Draw the verdict of LSTMs that know the last few words alone.

    Args:
        spans: so many words each LSTM knows; the last one is the whole text, (spans,).
        probability: of "positive", calibrated, (spans,).
        colours: of the theme.
    """
    axis = axis_look(colours)
    percent, named = 100 * probability, _with_a_number(probability)
    low, high = (100 * edge for edge in UNCLEAR)
    band = {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": low,
        "y1": high,
        "line": {"width": 0},
        "fillcolor": translucent(colours.muted, 0.15),
    }
    sides = (
        (say("positive"), 0.5 * (100 + high)),
        (say("mixed or unclear"), 50.0),
        (say("negative"), 0.5 * low),
    )
    return Drawn(
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "x": np.arange(len(spans)),
            "y": percent,
            "text": [
                f"<b>{share(p)}</b>" if place in named else ""
                for place, p in enumerate(probability)
            ],
            "textposition": [_beside(percent, place) for place in range(len(spans))],
            "textfont": {"color": colours.text, "size": 18},
            "cliponaxis": False,
            "line": {"color": colours.first, "width": 4},
            "marker": {"size": 13, "color": colours.first},
            "hoverinfo": "skip",
        },
        look(colours, 480)
        | {
            "margin": {"l": 76, "r": 88, "t": 8, "b": 56},
            "showlegend": False,
            "shapes": [band],
            "annotations": [
                note(wrapped(name, 10), 1.02, height, colours.text, 16, edge="middle")
                | {"yref": "y", "align": "left"}
                for name, height in sides
            ],
            "xaxis": axis
            | {
                "title": {"text": say("words that each LSTM remembers")},
                "tickvals": np.arange(len(spans)),
                "ticktext": [str(span) for span in spans],
                "automargin": True,
                "range": [-0.3, len(spans) - 0.3],
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis": axis
            | {
                "title": {"text": say("probability of positive, %")},
                "range": [0, 108],
                "tickvals": [0, 25, 50, 75, 100],
                "zeroline": False,
            },
        },
    )


def _with_a_number(probability: Array) -> list[int]:
    """Choose the points that have their number: both ends, where the verdict is final, some between."""
    chosen = [0, len(probability) - 1, settled(probability)]
    for place in range(len(probability)):
        if all(abs(place - other) >= 2 for other in chosen):
            chosen.append(place)
    return chosen


def _beside(values: Array, place: int) -> str:
    """Say on which side of a line's point its number stands: where the line does not go."""
    later = values[min(place + 1, len(values) - 1)]
    before = values[max(place - 1, 0)]
    if place == 0:
        return "bottom right" if later > values[0] else "top right"
    below = later + before > 2 * values[place] + 1e-9 and values[place] > LOW
    return "bottom center" if below else "top center"


def enough_alt(spans: Sequence[int], probability: Array) -> str:
    """The curve in words."""
    listed = ", ".join(f"{span}: {share(p)}" for span, p in zip(spans, probability, strict=True))
    return say("Probability of positive, by words remembered: {listed}.", listed=listed)
