"""A review coloured as the network read it, its verdict, and how well its words explain it."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from lstm_core.sentiment.explanations import Faithfulness
from lstm_core.sentiment.reader import Marks
from pages._book.language import say
from pages._book.style import Palette, axis_look, look, styled, translucent
from pages._book.verdicts import pieces, shortened, side_colour


def strongest_words(marks: Marks, colours: Palette, count: int = 12) -> go.Figure:
    """Draw the words with the largest numbers, in the order of the text."""
    values = marks.shares
    words = pieces(marks)[0]
    places = np.sort(np.argsort(-np.abs(values), kind="stable")[:count])[::-1]
    bars = go.Bar(
        x=values[places],
        y=list(range(len(places))),
        orientation="h",
        marker={
            "color": [side_colour(float(values[i]), colours) for i in places],
            "pattern": {"shape": ["" if values[i] > 0 else "/" for i in places]},
        },
        text=[f"{values[i]:+.2f}" for i in places],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    reach = float(np.abs(values).max()) * 1.35 or 1.0
    axis = axis_look(colours)
    layout = look(colours, 90 + 30 * len(places)) | {
        "showlegend": False,
        "margin": {"l": 130, "r": 16, "t": 8, "b": 56},
        "xaxis": axis
        | {"title": {"text": say("− for negative      for positive +")}, "range": [-reach, reach]},
        "yaxis": axis
        | {
            "tickvals": list(range(len(places))),
            "ticktext": [escape(shortened(words[i].text, 18)) for i in places],
        },
    }
    return go.Figure(bars, layout)


def strongest_words_alt(marks: Marks, count: int = 12) -> str:
    """The bars in words."""
    values = marks.shares
    words = pieces(marks)[0]
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    named = ", ".join(f"{words[i].text[:40]} {values[i]:+.2f}" for i in order)
    return say("The words that moved the verdict most: {named}.", named=named)


METHOD_LOOKS = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"))


def deletion_curves(curve: Faithfulness, colours: Palette) -> go.Figure:
    """Draw the logit while words are deleted, by each method's ranking and at random."""
    chance = curve.random.mean(axis=0)
    figure = go.Figure()
    figure.add_scatter(
        x=[*curve.deleted, *curve.deleted[::-1]],
        y=[*curve.random.max(axis=0), *curve.random.min(axis=0)[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=translucent(colours.muted, 0.25),
        name=say("random, all draws"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve.deleted,
        y=chance,
        mode="lines",
        name=say("random words, mean"),
        line={"color": colours.muted, "dash": "dashdot", "width": 3},
    )
    inks = (colours.first, colours.second, colours.third)
    for (name, values), (dash, symbol), ink in zip(
        curve.ranked.items(), METHOD_LOOKS, inks, strict=True
    ):
        figure.add_scatter(
            x=curve.deleted,
            y=values,
            name=say(name.lower()),
            mode="lines+markers",
            line={"color": ink, "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 10},
        )
    figure.update_xaxes(
        title_text=say("words deleted, those that speak most for the verdict first")
    )
    figure.update_yaxes(title_text=say("logit of what is left"))
    return styled(figure, colours, 420)


def deletion_alt(curve: Faithfulness) -> str:
    """The curves in words."""
    listed = ", ".join(f"{say(name)} {values[-1]:+.2f}" for name, values in curve.ranked.items())
    return say(
        "The logit after deleting up to {words} words, from {start:+.2f} to: {said}, random "
        "{chance:+.2f}.",
        words=int(curve.deleted[-1]),
        start=float(curve.random[0, 0]),
        said=listed,
        chance=float(curve.random[:, -1].mean()),
    )
