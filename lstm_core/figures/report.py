"""What was measured, as pictures: learning curves, calibration, ROC, the cost of shortness."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.style import Palette, styled, translucent
from lstm_core.language import mark, say

LOOKS = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "triangle-up"))
IN_FRONT, BEHIND = 0.9, 0.45
"""How opaque the bar is that was chosen, and how opaque are the others."""


def _wrapped(title: str, room: int = 30) -> str:
    """Break the title of an axis into lines that a telephone has room for."""
    return "<br>".join(textwrap.wrap(title, room))


def learning_curves(history: list[dict[str, Any]], chosen: int, colours: Palette) -> go.Figure:
    """Draw accuracy on training and development reviews after each epoch, the gap shaded."""
    epochs = [row["epoch"] for row in history]
    figure = go.Figure()
    looks = {
        "train_accuracy": (say("training"), colours.first, "solid", "circle", None),
        "development_accuracy": (say("development"), colours.second, "dash", "square", "tonexty"),
    }
    for field, (name, colour, dash, symbol, fill) in looks.items():
        figure.add_scatter(
            x=epochs, y=[100 * row[field] for row in history], name=name, mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3}, marker={"symbol": symbol, "size": 11},
            fill=fill, fillcolor=translucent(colours.muted, 0.18),
        )  # fmt: skip
    figure.add_vline(x=chosen, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=_wrapped(say("epoch (dotted: the one that ships)")),
        automargin=True,
        dtick=max(1, len(epochs) // 8),
    )
    figure.update_yaxes(title_text=say("accuracy, %"))
    return styled(figure, colours, 360)


def learning_curves_alt(history: list[dict[str, Any]]) -> str:
    """The curves in words."""
    rows = ", ".join(
        say(
            "epoch {epoch}: {training:.1%} and {development:.1%}",
            epoch=row["epoch"], training=row["train_accuracy"], development=row["development_accuracy"],
        )
        for row in history
    )  # fmt: skip
    return say("Accuracy on training and development reviews; {rows}.", rows=rows)


def reliability_diagram(rows: list[dict[str, Any]], colours: Palette) -> go.Figure:
    """Set the share of positive reviews against the probability that was given."""
    percent = [100 * row["mean_probability"] for row in rows]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", name=say("as sure as it is right"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )  # fmt: skip
    largest = max(row["reviews"] for row in rows)
    # Above the line on its upper half and below it on its lower one there is room for labels.
    places = ["bottom right" if x < 50 else "top left" for x in percent]
    figure.add_scatter(
        x=percent, y=[100 * row["share_positive"] for row in rows], name=say("measured"),
        mode="lines+markers+text", line={"color": colours.first, "width": 3},
        marker={"size": [9 + 22 * (row["reviews"] / largest) ** 0.5 for row in rows]},
        text=[f"{row['reviews']:,}" for row in rows], textposition=places, cliponaxis=False,
    )  # fmt: skip
    figure.update_xaxes(
        title_text=_wrapped(say("probability of positive that it gave, %")), automargin=True, range=[-8, 108],
        tickvals=list(range(0, 101, 20)),
    )  # fmt: skip
    figure.update_yaxes(
        title_text=say("of these were positive, %"), range=[-18, 118],
        tickvals=list(range(0, 101, 20)),
    )  # fmt: skip
    return styled(figure, colours, 400)


def reliability_alt(rows: list[dict[str, Any]]) -> str:
    """The diagram in words."""
    said = "; ".join(
        say(
            "said {probability:.0%}, were {share:.0%} of {reviews:,}",
            probability=row["mean_probability"], share=row["share_positive"], reviews=row["reviews"],
        )
        for row in rows
    )  # fmt: skip
    return say("How sure the network is and how often it is right, by tenths: {said}.", said=said)


def roc(
    curve: Mapping[str, list[float]], area: float, colours: Palette, accepted: int
) -> go.Figure:
    """Draw the ROC curve, with chance beside it and the chosen point on it.

    Args:
        curve: false and true positive rates at each percent of the former.
        area: below it.
        colours: of the theme.
        accepted: the chosen false positive rate, in percent.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name=say("chance"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )  # fmt: skip
    false, true = curve["false_positive_rate"], curve["true_positive_rate"]
    figure.add_scatter(
        x=false, y=true, mode="lines",
        name=say("area {area:.4f}", area=area), line={"color": colours.first, "width": 3},
    )  # fmt: skip
    figure.add_scatter(
        x=[false[accepted]], y=[true[accepted]], mode="markers", name=say("chosen"),
        marker={"symbol": "diamond", "size": 15, "color": colours.second}, cliponaxis=False,
    )  # fmt: skip
    figure.update_xaxes(
        title_text=_wrapped(say("negative reviews taken for positive, share")), automargin=True
    )
    figure.update_yaxes(title_text=say("positive reviews found, share"))
    return styled(figure, colours, 400)


def cost_of_shortness(rows: list[dict[str, Any]], whole: float, colours: Palette) -> go.Figure:
    """Draw accuracy on the first and on the last few words of development reviews."""
    figure = go.Figure()
    sides = {
        "last": (say("the last words"), colours.first),
        "first": (say("the first words"), colours.third),
    }
    for (which, (name, colour)), (dash, symbol) in zip(sides.items(), LOOKS, strict=False):
        some = [row for row in rows if row["which"] == which]
        figure.add_scatter(
            x=[row["words"] for row in some], y=[100 * row["accuracy"] for row in some],
            name=name, mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3}, marker={"symbol": symbol, "size": 11},
        )  # fmt: skip
    figure.add_hline(y=100 * whole, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=_wrapped(say("words left of each review (dotted: whole reviews)")), automargin=True, type="log",
        tickvals=sorted({row["words"] for row in rows}),
    )  # fmt: skip
    figure.update_yaxes(title_text=say("right, %"))
    return styled(figure, colours, 360)


def cost_of_shortness_alt(rows: list[dict[str, Any]]) -> str:
    """The curves in words."""
    sentences = {
        "first": mark("first {words} words {accuracy:.0%}"),
        "last": mark("last {words} words {accuracy:.0%}"),
    }
    said = "; ".join(
        say(sentences[row["which"]], words=row["words"], accuracy=row["accuracy"]) for row in rows
    )
    return say("Accuracy on development reviews cut short: {said}.", said=said)


def histogram(counts: list[int], colours: Palette) -> go.Figure:
    """Draw how many texts got a probability in each tenth, from negative to positive."""
    centres = [5 + 10 * place for place in range(len(counts))]
    side = [
        colours.second if x < 35 else colours.muted if x < 65 else colours.first for x in centres
    ]
    figure = go.Figure(
        go.Bar(
            x=centres, y=counts, width=9, text=[f"{count:,}" if count else "" for count in counts],
            textposition="outside", cliponaxis=False, hoverinfo="skip",
            marker={"color": side, "pattern": {"shape": ["/" if x < 35 else "." if x < 65 else "" for x in centres]}},
        )
    )  # fmt: skip
    figure.update_xaxes(title_text=say("probability of positive, %"), range=[0, 100], dtick=10)
    # There is no half of a text.
    step = 1 if max(counts) < 8 else None
    figure.update_yaxes(title_text=say("texts"), rangemode="tozero", dtick=step)
    return styled(figure, colours, 320)


def histogram_alt(counts: list[int]) -> str:
    """The bars in words."""
    said = ", ".join(
        say(
            "{low} to {high} %: {count:,}",
            low=10 * place, high=10 * place + 10, count=count,
        )
        for place, count in enumerate(counts)
    )  # fmt: skip
    return say("How many texts got which probability of positive; {said}.", said=said)


def rates_by_challenge(
    rates: Mapping[str, tuple[float, float, float]], chosen: str, colours: Palette
) -> go.Figure:
    """Draw how often the network is right on each challenge, worst at the bottom, with intervals."""
    names = sorted(rates, key=lambda name: rates[name][0])
    percent = [100 * rates[name][0] for name in names]
    figure = go.Figure(
        go.Bar(
            x=percent, y=names, orientation="h", text=[f"{value:.0f} %" for value in percent],
            textposition="inside", insidetextanchor="start", hoverinfo="skip",
            # Left to itself, Plotly takes a translucent bar for an opaque one.
            insidetextfont={"color": [colours.ground if name == chosen else colours.text for name in names]},
            marker={
                "color": [translucent(colours.first, IN_FRONT if name == chosen else BEHIND) for name in names],
                "line": {"color": colours.text, "width": [3 if name == chosen else 0 for name in names]},
            },
            error_x={
                "array": [100 * rates[name][2] - 100 * rates[name][0] for name in names],
                "arrayminus": [100 * rates[name][0] - 100 * rates[name][1] for name in names],
                "color": colours.text, "thickness": 1.5,
            },
        )
    )  # fmt: skip
    figure.add_vline(x=50, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=_wrapped(say("right, % (bars of error: 95 % interval)"), 24),
        automargin=True,
        range=[0, 101],
    )
    figure.update_yaxes(automargin=True)
    return styled(figure, colours, 90 + 36 * len(names))


def rates_alt(rates: Mapping[str, tuple[float, float, float]]) -> str:
    """The bars in words."""
    said = ", ".join(f"{name} {rate:.0%}" for name, (rate, _, _) in rates.items())
    return say("How often the network is right on sentences of each kind: {said}.", said=said)
