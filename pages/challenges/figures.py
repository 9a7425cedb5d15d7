"""How often each challenge is read right, and what short texts cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages._book.drawn import Drawn
from pages._book.language import decimal, mark, say
from pages._book.style import LOOKS, Palette, styled, translucent, wrapped

IN_FRONT, BEHIND = 0.9, 0.45
"""How opaque the bar is that was chosen, and how opaque are the others."""


def cost_of_shortness(rows: list[dict[str, Any]], whole: float, colours: Palette) -> Drawn:
    """Draw accuracy on the first and on the last few words of development reviews."""
    figure = Drawn()
    sides = {
        "last": (say("the last words"), colours.first),
        "first": (say("the first words"), colours.third),
    }
    for (which, (name, colour)), (dash, symbol) in zip(sides.items(), LOOKS, strict=False):
        points = [row for row in rows if row["which"] == which]
        figure.add_scatter(
            x=[row["words"] for row in points],
            y=[100 * row["accuracy"] for row in points],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 11},
        )
    figure.add_hline(y=100 * whole, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=wrapped(say("words left of each review (dotted: whole reviews)")),
        automargin=True,
        type="log",
        tickvals=sorted({row["words"] for row in rows}),
    )
    figure.update_yaxes(title_text=say("verdicts on the right side, %"))
    return styled(figure, colours, 360)


def cost_of_shortness_alt(rows: list[dict[str, Any]]) -> str:
    """The curves in words."""
    sentences = {
        "first": mark("first {words} words {accuracy:.0%}"),
        "last": mark("last {words} words {accuracy:.0%}"),
    }
    listed = "; ".join(
        say(sentences[row["which"]], words=row["words"], accuracy=row["accuracy"]) for row in rows
    )
    return say("Accuracy on development reviews cut short: {said}.", said=listed)


def rates_by_challenge(
    rates: Mapping[str, tuple[float, float, float]], chosen: str, colours: Palette
) -> Drawn:
    """Draw how often the network is right on each challenge, worst at the bottom, with intervals."""
    names = sorted(rates, key=lambda name: rates[name][0])
    percent = [100 * rates[name][0] for name in names]
    figure = Drawn(
        {
            "type": "bar",
            "x": percent,
            "y": names,
            "orientation": "h",
            "text": [decimal(rates[name][0], ".0%") for name in names],
            "textposition": "inside",
            "insidetextanchor": "start",
            "constraintext": "none",
            "hoverinfo": "skip",
            # Left to itself, Plotly takes a translucent bar for an opaque one.
            "insidetextfont": {
                "color": [colours.ground if name == chosen else colours.text for name in names]
            },
            "marker": {
                "color": [
                    translucent(colours.first, IN_FRONT if name == chosen else BEHIND)
                    for name in names
                ],
                "line": {
                    "color": colours.text,
                    "width": [3 if name == chosen else 0 for name in names],
                },
            },
            "error_x": {
                "array": [100 * rates[name][2] - 100 * rates[name][0] for name in names],
                "arrayminus": [100 * rates[name][0] - 100 * rates[name][1] for name in names],
                "color": colours.text,
                "thickness": 1.5,
            },
        }
    )
    figure.add_vline(x=50, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=wrapped(say("sentences read rightly, % (thin line: 95% interval)")),
        automargin=True,
        range=[0, 101],
    )
    figure.update_yaxes(
        automargin=True,
        tickvals=names,
        ticktext=[wrapped(name, 24) for name in names],
    )
    figure = styled(figure, colours, 90 + 36 * len(names))
    return figure.update_layout(margin={"l": 10, "r": 44, "t": 8, "b": 56})


def rates_alt(rates: Mapping[str, tuple[float, float, float]]) -> str:
    """The bars in words."""
    listed = ", ".join(f"{name} {decimal(rate, '.0%')}" for name, (rate, _, _) in rates.items())
    return say("How often the network is right on sentences of each kind: {said}.", said=listed)
