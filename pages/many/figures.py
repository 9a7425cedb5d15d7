"""The histogram of a file's probabilities."""

from __future__ import annotations

import plotly.graph_objects as go

from pages._book.language import say
from pages._book.style import Palette, styled


def histogram(counts: list[int], colours: Palette) -> go.Figure:
    """Draw how many texts got a probability in each tenth, from negative to positive."""
    centres = [5 + 10 * place for place in range(len(counts))]
    side = [
        colours.second if x < 35 else colours.muted if x < 65 else colours.first for x in centres
    ]
    figure = go.Figure(
        go.Bar(
            x=centres,
            y=counts,
            width=9,
            text=[f"{count:,}" if count else "" for count in counts],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
            marker={
                "color": side,
                "pattern": {"shape": ["/" if x < 35 else "." if x < 65 else "" for x in centres]},
            },
        )
    )
    figure.update_xaxes(title_text=say("probability of positive, %"), range=[0, 100], dtick=10)
    # There is no half of a text.
    step = 1 if max(counts) < 8 else None
    figure.update_yaxes(title_text=say("texts"), rangemode="tozero", dtick=step)
    return styled(figure, colours, 320)


def histogram_alt(counts: list[int]) -> str:
    """The bars in words."""
    bars = ", ".join(
        say(
            "{low} to {high} %: {count:,}",
            low=10 * place,
            high=10 * place + 10,
            count=count,
        )
        for place, count in enumerate(counts)
    )
    return say("How many texts got which probability of positive; {said}.", said=bars)
