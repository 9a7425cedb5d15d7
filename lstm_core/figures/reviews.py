"""A review coloured as the network read it, its verdict, and how the network learned."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.figures.style import Palette, axis_look, look, styled, translucent
from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.reader import Reading

LONGEST_WORD = 60
LONGEST_GAP = 200
MARKED_SHARE = 0.15


SIGNS = {"positive": "+", "negative": "−", "mixed or unclear": "±", "not a review": "?"}


def verdict_bar(reading: Reading, sure: str, colours: Palette) -> str:
    """Draw the verdict as HTML: a word, a number, the stars, and where it lies.

    The part of the bar in which no side is taken is grey and has a dashed edge.
    """
    p, verdict = reading.probability, reading.verdict
    colour = {"positive": colours.first, "negative": colours.second}.get(verdict, colours.text)
    stars = f"about {reading.stars:.1f} of 10 stars"
    label = f"{verdict}, {p:.1%} positive, {sure}, {stars}"
    low, high = (f"{100 * edge:.2f}%" for edge in UNCLEAR)
    ends = f"{translucent(colours.second, 0.75)} 0,{translucent(colours.second, 0.25)} {low}"
    grey = f"{translucent(colours.muted, 0.15)} {low},{translucent(colours.muted, 0.15)} {high}"
    more = f"{translucent(colours.first, 0.25)} {high},{translucent(colours.first, 0.75)}"
    edge = f"position:absolute;top:0;height:18px;border-left:2px dashed {colours.muted};left:"
    return (
        f'<div role="img" aria-label="{label}">'
        '<div style="display:flex;flex-wrap:wrap;gap:0.2em 0.9em;align-items:baseline">'
        f'<span style="font-size:2.6rem;font-weight:700;color:{colour}">{SIGNS[verdict]} {verdict}'
        f'</span><span style="font-size:1.4rem">{p:.1%} positive, {sure}</span>'
        f'<span style="font-size:1.4rem">★ {stars}</span></div>'
        '<div style="position:relative;height:18px;border-radius:9px;margin:0.4rem 0;'
        f'background:linear-gradient(90deg,{ends},{grey},{more})">'
        f'<div style="{edge}{low}"></div><div style="{edge}{high}"></div>'
        f'<div style="position:absolute;left:calc({p:.4f} * (100% - 8px));top:-5px;width:8px;'
        f'height:28px;border-radius:4px;background:{colours.text}"></div></div>'
        '<div style="display:flex;justify-content:space-between">'
        "<span>− negative</span><span>± mixed or unclear</span><span>positive +</span></div></div>"
    )


def coloured_words(reading: Reading, colours: Palette) -> str:
    """Write the review as HTML, each word marked by what it added to the verdict.

    Indigo with a solid line speaks for positive, red with a dotted line for negative, stronger is
    more; unknown words are struck through, text that was not read is grey. The review's own text
    is escaped, and overlong pieces are shortened to keep the page alive.
    """
    values = reading.contributions.words
    largest = float(np.abs(values).max()) or 1.0
    parts: list[str] = []
    place, contribution = 0, iter(values)
    unread_from: int | None = None
    for token, read, known in zip(reading.tokens, reading.read, reading.known, strict=True):
        if not read:
            unread_from = place if unread_from is None else unread_from
            place = token.end
            continue
        if unread_from is not None:
            parts.append(_unread(reading.text[unread_from : token.start], colours))
            place, unread_from = token.start, None
        parts.append(_gap(reading.text[place : token.start]))
        text = escape(_short(reading.text[token.start : token.end], LONGEST_WORD))
        parts.append(_word(text, float(next(contribution)), largest, bool(known), colours))
        place = token.end
    parts.append(_gap(reading.text[place:]))
    alt = f"The review with {len(values)} words marked by contribution"
    return f'<div class="coloured-words" role="group" aria-label="{alt}">{"".join(parts)}</div>'


def _word(text: str, value: float, largest: float, known: bool, colours: Palette) -> str:
    share = abs(value) / largest
    style = [f"background:{translucent(_side(value, colours), 0.5 * share)}", "border-radius:4px"]
    if share > MARKED_SHARE:
        line = "solid" if value > 0 else "dotted"
        style.append(f"border-bottom:3px {line} {_side(value, colours)}")
    if not known:
        style.append(f"text-decoration:line-through;color:{colours.muted}")
        return f'<s style="{";".join(style)}" title="{value:+.3f}, unknown word">{text}</s>'
    return f'<span style="{";".join(style)}" title="{value:+.3f}">{text}</span>'


def _side(value: float, colours: Palette) -> str:
    return colours.first if value > 0 else colours.second


def _gap(text: str) -> str:
    return escape(_short(text, LONGEST_GAP))


def _unread(text: str, colours: Palette) -> str:
    style = f"color:{colours.muted};opacity:0.75"
    return f'<span style="{style}" title="not read">{escape(_short(text, 600))} [not read] </span>'


def _short(text: str, longest: int) -> str:
    """Cut the middle out of an overlong piece, and say how much is missing."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}"


def strongest_words(reading: Reading, colours: Palette, count: int = 12) -> go.Figure:
    """Draw the words that moved the logit most, in the order of the text."""
    values = reading.contributions.words
    read = reading.tokens_read
    places = np.sort(np.argsort(-np.abs(values), kind="stable")[:count])[::-1]
    bars = go.Bar(
        x=values[places],
        y=list(range(len(places))),
        orientation="h",
        marker={
            "color": [_side(float(values[i]), colours) for i in places],
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
        | {"title": {"text": "− for negative      for positive +"}, "range": [-reach, reach]},
        "yaxis": axis
        | {
            "tickvals": list(range(len(places))),
            "ticktext": [
                escape(_short(reading.text[read[i].start : read[i].end], 18)) for i in places
            ],
        },
    }
    return go.Figure(bars, layout)


def strongest_words_alt(reading: Reading, count: int = 12) -> str:
    """The bars in words."""
    values = reading.contributions.words
    read = reading.tokens_read
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    named = ", ".join(f"{read[i].word[:40]} {values[i]:+.2f}" for i in order)
    return f"The words that moved the verdict most: {named}."


def learning_curves(history: list[dict[str, Any]], chosen: int, colours: Palette) -> go.Figure:
    """Draw accuracy on training and development reviews after each epoch."""
    epochs = [row["epoch"] for row in history]
    figure = go.Figure()
    looks = {
        "train_accuracy": ("training", colours.first, "solid", "circle"),
        "development_accuracy": ("development", colours.second, "dash", "square"),
    }
    for field, (name, colour, dash, symbol) in looks.items():
        figure.add_scatter(
            x=epochs, y=[100 * row[field] for row in history], name=name, mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3}, marker={"symbol": symbol, "size": 11},
        )  # fmt: skip
    figure.add_vline(x=chosen, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(title_text="epoch (dotted: the one that ships)", dtick=1)
    figure.update_yaxes(title_text="accuracy, %")
    return styled(figure, colours, 360)
