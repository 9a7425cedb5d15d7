"""What "not" does: a word and its opposite, each with and without it, in the same sentence."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.sentiment import tokenizer
from lstm_core.sentiment.reader import Reader, has_word
from pages._book.drawn import Drawn
from pages._book.language import decimal, say
from pages._book.style import Palette, look, translucent
from pages._book.verdicts import clean
from pages.reviews.lesson import label

FRAME = "The film was {}."
"""English in every language of the page, for the network learned English."""
NOT = "not"
LONGEST = 40


@dataclass(frozen=True)
class TwoByTwo:
    """Two words in one sentence, each without "not" and with it.

    Attributes:
        words: of the visitor.
        sentences: that were read: both words without "not", then both with it.
        probability: of "positive", calibrated, in the same order; of the same four sentences.
    """

    words: tuple[str, str]
    sentences: tuple[tuple[str, str], tuple[str, str]]
    probability: tuple[tuple[float, float], tuple[float, float]]

    @property
    def turns(self) -> bool:
        """Whether "not" moves the two words in opposite directions."""
        (one, other), (not_one, not_other) = self.probability
        return (not_one - one) * (not_other - other) < 0


def two_by_two(reader: Reader, one: str, other: str) -> TwoByTwo | None:
    """Read the four sentences with the network; None if one of the words is none."""
    words = clean(one).strip()[:LONGEST], clean(other).strip()[:LONGEST]
    if not all(has_word(tokenizer.words(word)) for word in words):
        return None
    plain = FRAME.format(words[0]), FRAME.format(words[1])
    denied = FRAME.format(f"{NOT} {words[0]}"), FRAME.format(f"{NOT} {words[1]}")
    a, b, c, d = reader.score([*plain, *denied]).probability.tolist()
    return TwoByTwo(words, (plain, denied), ((a, b), (c, d)))


def sentence(shown: TwoByTwo) -> str:
    """Say in Markdown what "not" did to the two words."""
    (a, b), (c, d) = shown.probability
    values: dict[str, object] = {
        "one": label(shown.words[0]),
        "other": label(shown.words[1]),
        "a": a,
        "b": b,
        "c": c,
        "d": d,
    }
    if shown.turns:
        return say(
            "“not” takes “{one}” from **{a:.0%}** to **{c:.0%}**, and “{other}” from **{b:.0%}** to "
            "**{d:.0%}**: what it does depends on the word behind it.",
            **values,
        )
    return say(
        "“not” takes “{one}” from **{a:.0%}** to **{c:.0%}**, and “{other}” from **{b:.0%}** to "
        "**{d:.0%}**: both the same way, so it is not read as a negation here.",
        **values,
    )


def alt(shown: TwoByTwo) -> str:
    """The four fields in words."""
    listed = ", ".join(
        f"{text} {decimal(p, '.0%')}"
        for texts, row in zip(shown.sentences, shown.probability, strict=True)
        for text, p in zip(texts, row, strict=True)
    )
    return say("Probability of positive: {listed}.", listed=listed)


def drawn(shown: TwoByTwo, colours: Palette) -> Drawn:
    """Draw the four probabilities as fields: a word a column, without and with "not" a row."""
    scale = [
        [0.0, translucent(colours.second, 0.55)],
        [0.5, colours.panel],
        [1.0, translucent(colours.first, 0.55)],
    ]
    fields = {
        "type": "heatmap",
        "x": [0, 1],
        "y": [1, 0],
        "z": shown.probability,
        "zmin": 0,
        "zmax": 1,
        "colorscale": scale,
        "showscale": False,
        "xgap": 14,
        "ygap": 70,
        "hoverinfo": "skip",
    }
    figure = Drawn(fields)
    for row, y in enumerate((1, 0)):
        for x in (0, 1):
            name = shown.words[x] if row == 0 else f"{NOT} {shown.words[x]}"
            p = shown.probability[row][x]
            figure.add_annotation(
                x=x,
                y=y,
                text=f"{_safe(name)}<br><b>{decimal(p, '.0%')}</b>",
                font={"size": 30, "color": colours.text},
                showarrow=False,
            )
    for x in (0, 1):
        moved = 100 * (shown.probability[1][x] - shown.probability[0][x])
        figure.add_annotation(
            x=x,
            y=0.5,
            text=f"↓ {NOT}: {decimal(moved, '+.0f')} {say('points')}",
            font={"size": 20, "color": colours.text},
            showarrow=False,
        )
    hidden = {"visible": False, "fixedrange": True}
    layout = look(colours, 420) | {
        "margin": {"l": 4, "r": 44, "t": 0, "b": 0},
        "xaxis": hidden | {"range": [-0.5, 1.5]},
        "yaxis": hidden | {"range": [-0.4, 1.4]},
        "showlegend": False,
    }
    return figure.update_layout(**layout)


def _safe(text: str) -> str:
    """Write a visitor's word so that Plotly takes nothing in it for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
