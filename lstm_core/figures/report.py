"""What was measured, as pictures: learning curves, calibration, ROC, the cost of shortness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.style import Palette, styled, translucent

LOOKS = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "triangle-up"))


def learning_curves(history: list[dict[str, Any]], chosen: int, colours: Palette) -> go.Figure:
    """Draw accuracy on training and development reviews after each epoch, the gap shaded."""
    epochs = [row["epoch"] for row in history]
    figure = go.Figure()
    looks = {
        "train_accuracy": ("training", colours.first, "solid", "circle", None),
        "development_accuracy": ("development", colours.second, "dash", "square", "tonexty"),
    }
    for field, (name, colour, dash, symbol, fill) in looks.items():
        figure.add_scatter(
            x=epochs, y=[100 * row[field] for row in history], name=name, mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3}, marker={"symbol": symbol, "size": 11},
            fill=fill, fillcolor=translucent(colours.muted, 0.18),
        )  # fmt: skip
    figure.add_vline(x=chosen, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text="epoch (dotted: the one that ships)", dtick=max(1, len(epochs) // 8)
    )
    figure.update_yaxes(title_text="accuracy, %")
    return styled(figure, colours, 360)


def learning_curves_alt(history: list[dict[str, Any]]) -> str:
    """The curves in words."""
    rows = ", ".join(
        f"epoch {row['epoch']}: {row['train_accuracy']:.1%} and {row['development_accuracy']:.1%}"
        for row in history
    )
    return f"Accuracy on training and development reviews; {rows}."


def reliability_diagram(rows: list[dict[str, Any]], colours: Palette) -> go.Figure:
    """Set the share of positive reviews against the probability that was given."""
    percent = [100 * row["mean_probability"] for row in rows]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", name="as sure as it is right",
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )  # fmt: skip
    largest = max(row["reviews"] for row in rows)
    figure.add_scatter(
        x=percent, y=[100 * row["share_positive"] for row in rows], name="measured",
        mode="lines+markers+text", line={"color": colours.first, "width": 3},
        marker={"size": [9 + 22 * (row["reviews"] / largest) ** 0.5 for row in rows]},
        text=[f"{row['reviews']:,}" for row in rows], textposition="bottom right",
    )  # fmt: skip
    figure.update_xaxes(title_text="probability of positive that it gave, %", range=[-3, 112])
    figure.update_yaxes(title_text="of these were positive, %", range=[-10, 105])
    return styled(figure, colours, 400)


def reliability_alt(rows: list[dict[str, Any]]) -> str:
    """The diagram in words."""
    said = "; ".join(
        f"said {row['mean_probability']:.0%}, were {row['share_positive']:.0%} of {row['reviews']:,}"
        for row in rows
    )
    return f"How sure the network is and how often it is right, by tenths: {said}."


def roc(curve: Mapping[str, list[float]], area: float, colours: Palette) -> go.Figure:
    """Draw the ROC curve, with chance beside it."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="chance",
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )  # fmt: skip
    figure.add_scatter(
        x=curve["false_positive_rate"], y=curve["true_positive_rate"], mode="lines",
        name=f"area {area:.4f}", line={"color": colours.first, "width": 3},
    )  # fmt: skip
    figure.update_xaxes(title_text="negative reviews taken for positive, share")
    figure.update_yaxes(title_text="positive reviews found, share")
    return styled(figure, colours, 400)


def cost_of_shortness(rows: list[dict[str, Any]], whole: float, colours: Palette) -> go.Figure:
    """Draw accuracy on the first and on the last few words of development reviews."""
    figure = go.Figure()
    for (which, colour), (dash, symbol) in zip(
        {"last": colours.first, "first": colours.third}.items(), LOOKS, strict=False
    ):
        some = [row for row in rows if row["which"] == which]
        figure.add_scatter(
            x=[row["words"] for row in some], y=[100 * row["accuracy"] for row in some],
            name=f"the {which} words", mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3}, marker={"symbol": symbol, "size": 11},
        )  # fmt: skip
    figure.add_hline(y=100 * whole, line={"color": colours.muted, "dash": "dot"})
    figure.update_xaxes(
        title_text="words left of each review (dotted: whole reviews)", type="log",
        tickvals=sorted({row["words"] for row in rows}),
    )  # fmt: skip
    figure.update_yaxes(title_text="right, %")
    return styled(figure, colours, 360)


def cost_of_shortness_alt(rows: list[dict[str, Any]]) -> str:
    """The curves in words."""
    said = "; ".join(f"{row['which']} {row['words']} words {row['accuracy']:.0%}" for row in rows)
    return f"Accuracy on development reviews cut short: {said}."


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
    figure.update_xaxes(title_text="probability of positive, %", range=[0, 100], dtick=10)
    figure.update_yaxes(title_text="texts", rangemode="tozero")
    return styled(figure, colours, 320)


def histogram_alt(counts: list[int]) -> str:
    """The bars in words."""
    said = ", ".join(
        f"{10 * place} to {10 * place + 10} %: {count:,}" for place, count in enumerate(counts)
    )
    return f"How many texts got which probability of positive; {said}."


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
            marker={
                "color": [translucent(colours.first, 0.9 if name == chosen else 0.45) for name in names],
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
    figure.update_xaxes(title_text="right, % (bars of error: 95 % interval)", range=[0, 101])
    figure.update_yaxes(automargin=True)
    return styled(figure, colours, 90 + 36 * len(names))


def rates_alt(rates: Mapping[str, tuple[float, float, float]]) -> str:
    """The bars in words."""
    said = ", ".join(f"{name} {rate:.0%}" for name, (rate, _, _) in rates.items())
    return f"How often the network is right on sentences of each kind: {said}."
