"""A review coloured as the network read it, its verdict, and how well its words explain it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from lstm_core.sentiment.explanations import Faithfulness, Phrase
from lstm_core.sentiment.others import OURS, Opinion
from lstm_core.sentiment.reader import Marks
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.style import (
    Palette,
    above_its_row,
    axis_look,
    look,
    styled,
    translucent,
    wrapped,
)
from pages._book.verdicts import pieces, shortened, side_colour


def strongest_words(marks: Marks, colours: Palette, count: int = 12) -> Drawn:
    """Draw the words with the largest numbers, in the order of the text."""
    values = marks.shares
    words = pieces(marks)[0]
    places = np.sort(np.argsort(-np.abs(values), kind="stable")[:count])[::-1]
    bars = {
        "type": "bar",
        "x": values[places],
        "y": list(range(len(places))),
        "orientation": "h",
        "marker": {
            "color": [side_colour(float(values[i]), colours) for i in places],
            "pattern": {"shape": ["" if values[i] > 0 else "/" for i in places]},
        },
        "text": [_signed(values[i]) for i in places],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    ends = _ends(values[places])
    axis = axis_look(colours)
    layout = look(colours, 90 + 30 * len(places)) | {
        "showlegend": False,
        "margin": {"l": 140, "r": 16, "t": 4, "b": 56},
        "xaxis": axis
        | {
            "title": {
                "text": wrapped(say("share of the logit: − for negative, + for positive"), 26)
            },
            "automargin": True,
            "range": list(ends),
        },
        "yaxis": axis
        | {
            "zeroline": False,
            "showgrid": False,
            "tickvals": list(range(len(places))),
            "ticktext": [escape(shortened(words[i].text, 18)) for i in places],
        },
    }
    return Drawn(bars, layout)


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Return an axis for bars to both sides, with room for their numbers; a short side is no wide gap."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    longest = max(-low, high) or 1.0
    room = 0.35 * longest
    return min(low - room, -0.5 * longest), max(high + room, 0.5 * longest)


def _signed(value: float) -> str:
    """Write a number with its sign and two digits; nothing is plainly 0."""
    return decimal(round(value, 2), "+.2f") if abs(value) >= 0.005 else "0"


def strongest_words_alt(marks: Marks, count: int = 12) -> str:
    """The bars in words."""
    values = marks.shares
    words = pieces(marks)[0]
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    named = ", ".join(f"{words[i].text[:40]} {decimal(values[i], '+.2f')}" for i in order)
    return say("The words that moved the verdict most: {named}.", named=named)


def strongest_pairs(phrases: Sequence[Phrase], words: Sequence[str], colours: Palette) -> Drawn:
    """Draw phrases: what they move together, against the sum of what their words move one by one."""
    rows = list(range(len(phrases)))[::-1]
    apart = [float(one.apart.sum()) for one in phrases]
    together = [one.together for one in phrases]
    names = [
        wrapped(escape(shortened(" ".join(words[one.start : one.end]), 24)), 14) for one in phrases
    ]
    figure = Drawn()
    for row, here, there in zip(rows, apart, together, strict=True):
        figure.add_scatter(
            x=[here, there],
            y=[row, row],
            mode="lines",
            line={"color": colours.muted, "width": 3},
            showlegend=False,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=apart,
        y=rows,
        mode="markers",
        name=say("one word at a time, added up"),
        marker={"symbol": "circle-open", "size": 16, "color": colours.text, "line": {"width": 3}},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=together,
        y=rows,
        mode="markers",
        name=say("all words at once"),
        marker={
            "symbol": "diamond",
            "size": 16,
            "color": [side_colour(value, colours) for value in together],
        },
        hoverinfo="skip",
    )
    for row, here, there in zip(rows, apart, together, strict=True):
        figure.add_annotation(
            x=(here + there) / 2,
            y=row,
            yshift=18,
            text=_signed(there - here),
            font={"size": 16, "color": colours.text},
            showarrow=False,
        )
    figure.add_vline(x=0, line={"color": colours.muted, "dash": "dot"})
    title = wrapped(say("what the logit loses with unknown words in its place"), 28)
    figure.update_xaxes(title_text=title, automargin=True)
    figure.update_yaxes(tickvals=rows, ticktext=names, range=[-0.6, len(rows) - 0.3])
    figure.update_yaxes(zeroline=False)
    figure = styled(figure, colours, 420)
    return figure.update_layout(margin={"l": 130, "r": 36, "t": 44, "b": 56})


def strongest_pairs_alt(phrases: Sequence[Phrase], words: Sequence[str]) -> str:
    """The phrases in words."""
    listed = "; ".join(
        f"{' '.join(words[one.start : one.end])[:60]} {decimal(one.interaction, '+.2f')}"
        for one in phrases
    )
    return say("What phrases say only together: {listed}.", listed=listed)


def opinions_chart(opinions: Sequence[Opinion], verdict: str, colours: Palette) -> Drawn:
    """Draw what every reader gives a text, from 0 to 1, ours first.

    Ours has no number where its verdict is that the text is no review.
    """
    rows = list(range(len(opinions)))[::-1]
    shown = [one.name != OURS or verdict != "not a review" for one in opinions]
    values = [
        one.probability if there else None for one, there in zip(opinions, shown, strict=True)
    ]
    sides = [say(verdict) if one.name == OURS else _side(one.probability) for one in opinions]
    inks = [side_colour((value or 0.5) - 0.5, colours) for value in values]
    figure = Drawn()
    for row, value, one in zip(rows, values, opinions, strict=True):
        if value is not None:
            ink = translucent(side_colour(value - 0.5, colours), 1 if one.name == OURS else 0.55)
            figure.add_scatter(
                x=[0.5, value],
                y=[row, row],
                mode="lines",
                hoverinfo="skip",
                line={"color": ink, "width": 9},
                cliponaxis=False,
            )
    figure.add_scatter(
        x=values,
        y=rows,
        mode="markers",
        hoverinfo="skip",
        cliponaxis=False,
        marker={
            "size": 20,
            "line": {"width": 3, "color": inks},
            # Ours is filled; of the others the bar ends at the ring.
            "color": [
                ink if one.name == OURS else colours.ground
                for ink, one in zip(inks, opinions, strict=True)
            ],
        },
    )
    for row, value, side, one in zip(rows, values, sides, opinions, strict=True):
        number = "" if value is None else f" {decimal(value, '.2f')}"
        # On the side of the middle where there is no bar.
        goes_left = value is not None and value >= 0.5
        figure.add_annotation(
            x=0.5,
            xshift=-16 if goes_left else 16,
            y=row,
            xanchor="right" if goes_left else "left",
            showarrow=False,
            text=f"<b>{side}</b>{number}",
            font={"size": 17, "color": colours.text},
        )
        figure.add_annotation(**above_its_row(say(one.name), row, colours))
    figure.add_vline(x=0.5, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=say("0: negative, 1: positive"),
        range=[0, 1],
        tickvals=[0, 0.5, 1],
        zeroline=False,
    )
    figure.update_yaxes(range=[-0.5, len(rows) - 0.35], showticklabels=False)
    figure.update_yaxes(zeroline=False, showgrid=False)
    figure = styled(figure, colours, 420)
    return figure.update_layout(showlegend=False, margin={"l": 16, "r": 30, "t": 8, "b": 56})


def opinions_alt(opinions: Sequence[Opinion], verdict: str) -> str:
    """What every reader says, in words."""
    listed = "; ".join(
        f"{say(one.name)}: {say(verdict) if one.name == OURS else _side(one.probability)}"
        for one in opinions
    )
    return say("What every reader says of the text: {listed}.", listed=listed)


def _side(probability: float) -> str:
    return say("negative") if probability < 0.5 else say("positive")


METHOD_LOOKS = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"))


def deletion_curves(curve: Faithfulness, colours: Palette) -> Drawn:
    """Draw the logit while words are deleted, by each method's ranking and at random."""
    chance = curve.random.mean(axis=0)
    figure = Drawn()
    figure.add_scatter(
        x=[*curve.deleted, *curve.deleted[::-1]],
        y=[*curve.random.max(axis=0), *curve.random.min(axis=0)[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=translucent(colours.muted, 0.25),
        name=say("random words: range and mean"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve.deleted,
        y=chance,
        mode="lines",
        name=say("random words, mean"),
        showlegend=False,
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
    title = wrapped(say("words deleted, the most decisive first"))
    figure.update_xaxes(title_text=title, automargin=True)
    figure.update_yaxes(title_text=say("logit of what is left"))
    return styled(figure, colours, 420)


def deletion_alt(curve: Faithfulness) -> str:
    """The curves in words."""
    listed = ", ".join(
        f"{say(name)} {decimal(values[-1], '+.2f')}" for name, values in curve.ranked.items()
    )
    return say(
        "The logit after deleting up to {words} words, from {start:+.2f} to: {said}, random "
        "{chance:+.2f}.",
        words=int(curve.deleted[-1]),
        start=float(curve.random[0, 0]),
        said=listed,
        chance=float(curve.random[:, -1].mean()),
    )
