"""What was measured, as pictures: learning curves, calibration, ROC, the cost of shortness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from pages._book.language import say
from pages._book.style import Palette, styled, translucent, wrapped


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
            x=epochs,
            y=[100 * row[field] for row in history],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 11},
            fill=fill,
            fillcolor=translucent(colours.muted, 0.18),
        )
    figure.add_vline(x=chosen, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text=wrapped(say("epoch (dotted: the one that ships)")),
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
            epoch=row["epoch"],
            training=row["train_accuracy"],
            development=row["development_accuracy"],
        )
        for row in history
    )
    return say("Accuracy on training and development reviews; {rows}.", rows=rows)


def reliability_diagram(rows: list[dict[str, Any]], colours: Palette) -> go.Figure:
    """Set the share of positive reviews against the probability that was given."""
    percent = [100 * row["mean_probability"] for row in rows]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name=say("as sure as it is right"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )
    largest = max(row["reviews"] for row in rows)
    # Above the line on its upper half and below it on its lower one there is room for labels.
    places = ["bottom right" if x < 50 else "top left" for x in percent]
    figure.add_scatter(
        x=percent,
        y=[100 * row["share_positive"] for row in rows],
        name=say("measured"),
        mode="lines+markers+text",
        line={"color": colours.first, "width": 3},
        marker={"size": [9 + 22 * (row["reviews"] / largest) ** 0.5 for row in rows]},
        text=[f"{row['reviews']:,}" for row in rows],
        textposition=places,
        cliponaxis=False,
    )
    figure.update_xaxes(
        title_text=wrapped(say("probability of positive that it gave, %")),
        automargin=True,
        range=[-8, 108],
        tickvals=list(range(0, 101, 20)),
    )
    figure.update_yaxes(
        title_text=say("of these were positive, %"),
        range=[-18, 118],
        tickvals=list(range(0, 101, 20)),
    )
    return styled(figure, colours, 400)


def reliability_alt(rows: list[dict[str, Any]]) -> str:
    """The diagram in words."""
    listed = "; ".join(
        say(
            "said {probability:.0%}, were {share:.0%} of {reviews:,}",
            probability=row["mean_probability"],
            share=row["share_positive"],
            reviews=row["reviews"],
        )
        for row in rows
    )
    return say("How sure the network is and how often it is right, by tenths: {said}.", said=listed)


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
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=say("chance"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )
    false, true = curve["false_positive_rate"], curve["true_positive_rate"]
    figure.add_scatter(
        x=false,
        y=true,
        mode="lines",
        name=say("area {area:.4f}", area=area),
        line={"color": colours.first, "width": 3},
    )
    figure.add_scatter(
        x=[false[accepted]],
        y=[true[accepted]],
        mode="markers",
        name=say("chosen"),
        marker={"symbol": "diamond", "size": 15, "color": colours.second},
        cliponaxis=False,
    )
    figure.update_xaxes(
        title_text=wrapped(say("negative reviews taken for positive, share")), automargin=True
    )
    figure.update_yaxes(title_text=say("positive reviews found, share"))
    return styled(figure, colours, 400)
