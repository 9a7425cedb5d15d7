"""A verdict and the words it rests on, as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.reader import Marks, Reading
from pages._book.language import mark, say, spoken
from pages._book.style import Palette, translucent

LONGEST_WORD = 60


LONGEST_GAP = 200


MARKED_SHARE = 0.15


SIGNS = {
    mark("positive"): "+",
    mark("negative"): "−",
    mark("mixed or unclear"): "±",
    mark("not a review"): "?",
}
"""Each verdict with the sign that stands beside it."""


def verdict_bar(reading: Reading, sure: str, colours: Palette) -> str:
    """Draw the verdict as HTML: a word, a number, the stars, and where it lies.

    The part of the bar in which no side is taken is grey and has a dashed edge.
    """
    p, verdict = reading.probability, reading.verdict
    colour = {"positive": colours.first, "negative": colours.second}.get(verdict, colours.text)
    stars = say("about {stars:.1f} of 10 stars", stars=reading.stars)
    certainty = say("{p:.1%} positive, {sure}", p=p, sure=sure)
    label = f"{say(verdict)}, {certainty}, {stars}"
    left, middle, right = say("negative"), say("mixed or unclear"), say("positive")
    low, high = (f"{100 * edge:.2f}%" for edge in UNCLEAR)
    ends = f"{translucent(colours.second, 0.75)} 0,{translucent(colours.second, 0.25)} {low}"
    grey = f"{translucent(colours.muted, 0.15)} {low},{translucent(colours.muted, 0.15)} {high}"
    more = f"{translucent(colours.first, 0.25)} {high},{translucent(colours.first, 0.75)}"
    edge = f"position:absolute;top:0;height:18px;border-left:2px dashed {colours.muted};left:"
    return (
        f'<div role="img" aria-label="{label}">'
        '<div style="display:flex;flex-wrap:wrap;gap:0.2em 0.9em;align-items:baseline">'
        f'<span style="font-size:2.6rem;font-weight:700;color:{colour}">{SIGNS[verdict]} {say(verdict)}'
        f'</span><span style="font-size:1.4rem">{certainty}</span>'
        f'<span style="font-size:1.4rem">★ {stars}</span></div>'
        '<div style="position:relative;height:18px;border-radius:9px;margin:0.4rem 0;'
        f'background:linear-gradient(90deg,{ends},{grey},{more})">'
        f'<div style="{edge}{low}"></div><div style="{edge}{high}"></div>'
        f'<div style="position:absolute;left:calc({p:.4f} * (100% - 8px));top:-5px;width:8px;'
        f'height:28px;border-radius:4px;background:{colours.text}"></div></div>'
        '<div style="display:flex;justify-content:space-between">'
        f"<span>− {left}</span><span>± {middle}</span><span>{right} +</span></div></div>"
    )


@dataclass(frozen=True)
class Piece:
    """One word of a text that was read, as it is shown, and what stands before it.

    Attributes:
        gap: what stands between it and the word before.
        unread: the words between that were not read, and their number; mostly empty.
        text: the word in the visitor's own spelling.
        known: whether the reader knows it.
        value: its number.
    """

    gap: str
    unread: str
    text: str
    known: bool
    value: float


def pieces(marks: Marks) -> tuple[list[Piece], str]:
    """Take a text apart into its words and what stands between them.

    Overlong pieces are shortened, to keep the page alive.

    Returns:
        The words that were read, and what stands behind the last of them.
    """
    words: list[Piece] = []
    place, skipped = 0, 0
    values = iter(marks.shares.tolist())
    for token, read, known in zip(marks.tokens, marks.read, marks.known, strict=True):
        if not read:
            skipped += 1
            continue
        before = marks.text[place : token.start]
        note = say("[{count:,} words and marks not read]", count=skipped)
        unread = f"{shortened(before, 600)}{note} "
        words.append(
            Piece(
                "" if skipped else shortened(before, LONGEST_GAP),
                unread if skipped else "",
                shortened(marks.text[token.start : token.end], LONGEST_WORD),
                bool(known),
                next(values),
            )
        )
        place, skipped = token.end, 0
    return words, shortened(marks.text[place:], LONGEST_GAP)


def coloured_words(marks: Marks, colours: Palette, style: str = "") -> str:
    """Write a review as HTML, each word marked by its number.

    Indigo with a solid line speaks for positive, red with a dotted line for negative, stronger is
    more; unknown words are struck through, text that was not read is grey. The review's own text
    is escaped; ``style`` is CSS for the whole.
    """
    largest = largest_share(marks)
    words, end = pieces(marks)
    parts = [
        f"{_unread(word.unread, colours)}{escape(word.gap)}{_word(word, largest, colours)}"
        for word in words
    ]
    alt = say("The review with {count:,} words marked by contribution", count=len(words))
    return (
        f'<div class="coloured-words" role="group" aria-label="{alt}" style="{style}">'
        f"{''.join(parts)}{escape(end)}</div>"
    )


def largest_share(marks: Marks) -> float:
    """Return the largest size of any number; 1 if all are 0."""
    return float(np.abs(marks.shares).max(initial=0.0)) or 1.0


def _word(word: Piece, largest: float, colours: Palette) -> str:
    text, value = escape(word.text), word.value
    share = abs(value) / largest
    style = [
        f"background:{translucent(side_colour(value, colours), 0.5 * share)}",
        "border-radius:4px",
    ]
    if share > MARKED_SHARE:
        line = "solid" if value > 0 else "dotted"
        style.append(f"border-bottom:3px {line} {side_colour(value, colours)}")
    if not word.known:
        style.append(f"text-decoration:line-through;color:{colours.muted}")
        title = say("{value:+.3f}, unknown word", value=value)
        return f'<s style="{";".join(style)}" title="{title}">{text}</s>'
    return f'<span style="{";".join(style)}" title="{value:+.3f}">{text}</span>'


def side_colour(value: float, colours: Palette) -> str:
    """Return the colour of what speaks for positive, or for negative."""
    return colours.first if value > 0 else colours.second


def _unread(text: str, colours: Palette) -> str:
    style = f"color:{colours.muted};opacity:0.75"
    return f'<span style="{style}" title="{say("not read")}">{escape(text)}</span>' if text else ""


def shortened(text: str, longest: int) -> str:
    """Cut the middle out of an overlong piece, and say how much is missing."""
    if len(text) <= longest:
        return text
    half = longest // 2
    missing = say("{count:,} characters", count=len(text) - 2 * half)
    return f"{text[:half]} … {missing} … {text[-half:]}"


def how_sure(probability: float) -> str:
    """Put the distance from one half into words."""
    distance = abs(probability - 0.5)
    if distance >= 0.45:
        return say("very sure")
    if distance >= 0.3:
        return say("fairly sure")
    if distance >= 0.1:
        return say("leaning")
    return say("undecided")


def english_alone() -> str:
    """Say why a text must be English; "" where the page itself is in English."""
    if spoken() == "en":
        return ""
    return say(
        "The network learned from English reviews alone: words of another language are mostly unknown "
        "to it. The examples are therefore English here too, and so should your text be."
    )


def clean(text: str) -> str:
    """Replace lone surrogates, which are no text and cannot be sent to a browser."""
    return text.encode("utf-8", "replace").decode("utf-8")
