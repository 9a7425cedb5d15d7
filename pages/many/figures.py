"""The histogram of a file's probabilities."""

from __future__ import annotations

from html import escape

from lstm_core.sentiment.calibration import UNCLEAR
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.style import Palette, note, styled, wrapped


def histogram(counts: list[int], colours: Palette, name: str = "") -> Drawn:
    """Draw how many texts got a probability in each tenth, from negative to positive.

    Args:
        counts: of the texts in each tenth.
        colours: of the theme.
        name: of the file, which is written over the bars.
    """
    centres = [5 + 10 * place for place in range(len(counts))]
    side = [
        colours.second if x < 30 else colours.muted if x < 70 else colours.first for x in centres
    ]
    figure = Drawn(
        {
            "type": "bar",
            "x": centres,
            "y": counts,
            "width": 9,
            "text": [f"<b>{decimal(count, ',')}</b>" if count else "" for count in counts],
            "textposition": "outside",
            "textfont": {"size": 18},
            "cliponaxis": False,
            "hoverinfo": "skip",
            "marker": {
                "color": side,
                "pattern": {"shape": ["/" if x < 30 else "." if x < 70 else "" for x in centres]},
            },
        }
    )
    figure.update_xaxes(title_text=say("probability of positive, %"), range=[0, 100], dtick=10)
    # There is no half of a text.
    step = 1 if max(counts) < 8 else None
    most = 1.4 * max(*counts, 1)
    figure.update_yaxes(title_text=say("texts"), range=[0, most], dtick=step)
    for x, verdict, ink in (
        (100 * UNCLEAR[0] / 2, say("negative"), colours.second),
        (50, say("mixed or unclear"), colours.muted),
        (50 + 100 * UNCLEAR[1] / 2, say("positive"), colours.first),
    ):
        figure.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="top",
            text=f"<b>{wrapped(verdict, 9)}</b>",
            showarrow=False,
            bgcolor=colours.ground,
            font={"size": 17, "color": ink},
        )
    for bound in UNCLEAR:
        figure.add_vline(x=100 * bound, line={"color": colours.muted, "dash": "dot", "width": 2})
    if name:
        figure.add_annotation(**note(f"<b>{escape(name[:60])}</b>", 0, 1, colours.text))
    return styled(figure, colours, 320)


def histogram_alt(counts: list[int]) -> str:
    """The bars in words."""
    bars = ", ".join(
        say(
            "{low} to {high}%: {count:,}",
            low=10 * place,
            high=10 * place + 10,
            count=count,
        )
        for place, count in enumerate(counts)
    )
    return say("How many texts got which probability of positive; {said}.", said=bars)
