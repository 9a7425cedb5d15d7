"""A verdict and the words it rests on, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.reader import Marks, Reading
from lstm_core.sentiment.refusals import LANGUAGE, RECORD
from pages._book.language import mark, say, spoken
from pages._book.style import Palette, translucent

LONGEST_WORD, LONGEST_GAP = 60, 200
"""Characters of a word, and of what stands between two, that are shown."""
MARKED_SHARE = 0.15
"""Words with less than this share of the strongest one get no line."""
VERDICTS = (
    mark("positive"),
    mark("negative"),
    mark("mixed or unclear"),
    mark("not a review"),
)
"""The verdicts, marked for translation."""
VERY_SURE, FAIRLY_SURE = 0.95, 0.85
"""Right in so many of such cases, it is called very sure, or fairly sure."""
FEW = 20
"""Texts of up to so many words are held against reviews that were cut as short.

Whole reviews are read equally well whatever their length, but hardly any is as short as that.
"""


@dataclass(frozen=True)
class Certainty:
    """How far a verdict is to be trusted: in words, and in one number that was measured.

    Attributes:
        words: how sure the network may be.
        number: how often it was right in such cases, or what else can be said of them.
        share: of such cases, those in which it was right; None where no side is taken.
    """

    words: str
    number: str
    share: float | None = None


def certainty(
    reading: Reading, results: Mapping[str, Any], failures: Mapping[str, Any]
) -> Certainty:
    """Say how sure the network may be of a verdict, by what was measured in such cases.

    Such cases are the test reviews with a probability in the same tenth; of a text with few words,
    reviews that were cut to their last few words, if the network is right less often on those.

    Args:
        reading: the text as it was read.
        results: what was measured of the network, as ``reader.measured`` reads it.
        failures: where it is wrong, as ``reader.failures`` reads it.
    """
    read = int(reading.read.sum())
    if reading.verdict == "not a review":
        return Certainty(say("no verdict"), why_refused(reading))
    positive = share_positive(reading.probability, results)
    if reading.verdict == "mixed or unclear":
        return Certainty(
            say("it takes no side"),
            say("of 100 such reviews {count} were positive", count=round(100 * positive)),
        )
    share = positive if reading.verdict == "positive" else 1.0 - positive
    number = say("right in {count} of 100 such cases", count=round(100 * share))
    cut = [row for row in failures["by_words_left"] if row["which"] == "last"]
    of_few = next((row for row in cut if read <= row["words"] <= FEW), None)
    if of_few and of_few["accuracy_elsewhere"] < share:
        share = of_few["accuracy_elsewhere"]
        number = say("right in {count} of 100 texts as short as this", count=round(100 * share))
    return Certainty(how_sure(share), number, share)


def why_refused(reading: Reading) -> str:
    """Say why a text is no review that can be read, as a part of a sentence."""
    if reading.refused == LANGUAGE:
        return say("it is not in English")
    if reading.refused == RECORD:
        return say("it looks like code, a table or a chat")
    read = int(reading.read.sum())
    unknown = read - int(reading.known[reading.read].sum())
    if unknown == read:
        return say("the network knows none of its words")
    return say(
        "{unknown:,} of its {count:,} words are unknown to the network",
        unknown=unknown,
        count=read,
    )


def share_positive(probability: float, results: Mapping[str, Any]) -> float:
    """Return which share of the test reviews with a probability in the same tenth was positive.

    Raises:
        KeyError: if no test review lies in that tenth.
    """
    rows = {int(10 * row["mean_probability"]): row for row in results["test"]["reliability"]}
    return float(rows[min(int(10 * probability), 9)]["share_positive"])


def how_sure(share: float) -> str:
    """Put into words how sure a verdict is that is right in this share of such cases."""
    if share >= VERY_SURE:
        return say("very sure")
    if share >= FAIRLY_SURE:
        return say("fairly sure")
    return say("not very sure")


def picture(parts: Sequence[str], colours: Palette, caution: str = "") -> str:
    """Put verdicts side by side into the picture of a panel, as HTML; ``verdict.css`` lays it out.

    Args:
        parts: one or two of them, as ``verdict_part`` writes them.
        colours: of the theme.
        caution: says when they are not to be trusted; plain text, "" for none.
    """
    notice = f'<div class="caution">{escape(caution)}</div>' if caution else ""
    return (
        f'<div class="verdicts" data-picture=""><div class="parts">{"".join(parts)}</div>'
        f'<div class="legend">{legend(colours)}</div>{notice}</div>'
    )


def verdict_part(
    reading: Reading,
    sure: Certainty,
    colours: Palette,
    title: str = "",
    large: bool = True,
    is_explained: bool = True,
) -> str:
    """Write a verdict, how sure it is, where it lies and the words that it rests on, as HTML.

    What does not read like a review gets no number: it has a probability, but nothing was measured
    of such texts.

    Args:
        reading: the text as it was read.
        sure: how far the verdict is to be trusted.
        colours: of the theme.
        title: stands above it; "" for none.
        large: whether it has the whole picture, so that a short text stands in larger type.
        is_explained: whether the words are coloured; that takes many times as long as the verdict.
    """
    p, verdict = reading.probability, reading.verdict
    colour = {"positive": colours.first, "negative": colours.second}.get(verdict, colours.text)
    label = f"{say(verdict)}, {sure.words}, {sure.number}"
    above = f'<div class="above">{title}</div>' if title else ""
    bar = "" if verdict == "not a review" else _bar(p, colours)
    marks = reading.marks() if is_explained else reading.marks(np.zeros(len(reading.ids)))
    return (
        f'<div class="verdict">{above}<div role="img" aria-label="{escape(label)}">'
        '<div class="said">'
        f'<span class="side" style="color:{colour}">{say(verdict)}</span>'
        f'<span class="sure">{sure.words}: <b>{sure.number}</b></span></div>{bar}</div>'
        f"{coloured_words(marks, colours, _type(len(reading.ids), large), not is_explained)}</div>"
    )


def legend(colours: Palette) -> str:
    """Say what colours and lines of coloured words mean, as HTML that shows them."""
    indigo = _underlined(say("Indigo, solid line"), f"3px solid {colours.first}")
    red = _underlined(say("Red, dotted line"), f"3px dotted {colours.second}")
    return say(
        "{indigo}: the word speaks for positive here. {red}: for negative.",
        indigo=indigo,
        red=red,
    )


def _underlined(text: str, line: str) -> str:
    return f'<span style="border-bottom:{line}">{escape(text)}</span>'


def _type(words: int, large: bool) -> str:
    """Return CSS: the shorter a text, the larger it stands."""
    sizes = ((10, 2.0), (40, 1.5), (120, 1.25)) if large else ((10, 1.4), (40, 1.2))
    return f"--type:{next((size for most, size in sizes if words <= most), 1.1)}rem"


def _bar(p: float, colours: Palette) -> str:
    """Draw where a probability lies; between the dashed lines no side is taken."""
    low, high = (f"{100 * edge:.2f}%" for edge in UNCLEAR)
    ends = f"{translucent(colours.second, 0.75)} 0,{translucent(colours.second, 0.25)} {low}"
    grey = f"{translucent(colours.muted, 0.15)} {low},{translucent(colours.muted, 0.15)} {high}"
    more = f"{translucent(colours.first, 0.25)} {high},{translucent(colours.first, 0.75)}"
    edge = f"border-left:2px dashed {colours.muted};left:"
    left, middle, right = say("negative"), say("mixed or unclear"), say("positive")
    return (
        f'<div class="bar" style="background:linear-gradient(90deg,{ends},{grey},{more})">'
        f'<div class="edge" style="{edge}{low}"></div><div class="edge" style="{edge}{high}"></div>'
        f'<div class="here" style="left:calc({p:.4f} * (100% - 8px));background:{colours.text}">'
        f'</div></div><div class="ends"><span>− {left}</span><span>± {middle}</span>'
        f"<span>{right} +</span></div>"
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
        read_as: the word as which it is read, where that is another one; mostly empty.
    """

    gap: str
    unread: str
    text: str
    known: bool
    value: float
    read_as: str = ""


def pieces(marks: Marks) -> tuple[list[Piece], str]:
    """Take a text apart into its words and what stands between them.

    Overlong pieces are shortened, to keep the page alive.

    Returns:
        The words that were read, and what stands behind the last of them.
    """
    words: list[Piece] = []
    place, skipped = 0, 0
    values = iter(marks.shares.tolist())
    every = zip(marks.tokens, marks.read, marks.known, strict=True)
    for at, (token, read, known) in enumerate(every):
        if not read:
            skipped += 1
            continue
        before = marks.text[place : token.start]
        spelling = marks.text[token.start : token.end]
        note = say("[{count:,} words and marks not read]", count=skipped)
        unread = f"{shortened(before, 600)}{note} "
        words.append(
            Piece(
                "" if skipped else shortened(before, LONGEST_GAP),
                unread if skipped else "",
                shortened(spelling, LONGEST_WORD),
                bool(known),
                next(values),
                token.word if at in marks.read_as or _is_sign(spelling, token.word) else "",
            )
        )
        place, skipped = token.end, 0
    return words, shortened(marks.text[place:], LONGEST_GAP)


def _is_sign(spelling: str, word: str) -> bool:
    """Tell whether a word was read for an emoji, or a rating for stars."""
    if spelling.isascii() or any(map(str.isalnum, spelling)):
        return False
    return spelling != word and word[0] not in ".!?"


def coloured_words(marks: Marks, colours: Palette, style: str = "", is_busy: bool = False) -> str:
    """Write a review as HTML, each word marked by its number; ``is_busy`` while those are computed.

    Indigo with a solid line speaks for positive, red with a dotted line for negative, stronger is
    more; unknown words are struck through, those that were read as another word have a waved line,
    text that was not read is grey. The review's own text is escaped; ``style`` is CSS for the whole.
    """
    largest = largest_share(marks)
    words, end = pieces(marks)
    parts = [
        f"{_unread(word.unread, colours)}{escape(word.gap)}{_word(word, largest, colours)}"
        for word in words
    ]
    alt = say("The review with {count:,} words marked by contribution", count=len(words))
    return (
        f'<div class="coloured-words" role="group" dir="auto" aria-label="{alt}" '
        f'aria-busy="{str(is_busy).lower()}" style="{style}">'
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
    title = f"{value:+.3f}"
    if word.read_as:
        style.append("text-decoration:underline wavy 1px;text-underline-offset:0.25em")
        title = say("{value:+.3f}, read as “{word}”", value=value, word=escape(word.read_as))
    return f'<span style="{";".join(style)}" title="{title}">{text}</span>'


def side_colour(value: float, colours: Palette) -> str:
    """Return the colour of what speaks for positive, or for negative."""
    return colours.first if value > 0 else colours.second


def _unread(text: str, colours: Palette) -> str:
    style = f"color:{colours.muted};opacity:0.75"
    return (
        f'<span class="unread" style="{style}" title="{say("not read")}">{escape(text)}</span>'
        if text
        else ""
    )


def shortened(text: str, longest: int) -> str:
    """Cut the middle out of an overlong piece, and say how much is missing."""
    if len(text) <= longest:
        return text
    half = longest // 2
    missing = say("{count:,} characters", count=len(text) - 2 * half)
    return f"{text[:half]} … {missing} … {text[-half:]}"


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
