"""Everything that the browser needs to show a review as it is read, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.calibration import UNCLEAR, verdict
from lstm_core.sentiment.deciding import Unit
from lstm_core.sentiment.prefixes import Prefixes
from lstm_core.sentiment.reader import Reading
from pages._book.language import say
from pages._book.playing import messages
from pages._book.style import Palette
from pages._book.verdicts import MARKED_SHARE, coloured_words, largest_share, pieces

MOST_WHOLE = 260
"""Up to so many words and marks a text is shown whole on a phone; a longer one in a frame."""
INKS = ("ground", "panel", "text", "muted", "grid", "accent", "first", "second", "third")
"""The colours of the theme that the browser needs."""


def words_alone(reading: Reading, colours: Palette) -> str:
    """Write the coloured words as HTML, for as long as the beginnings are still being read.

    They stand about where the browser puts them when the beginnings are there.
    """
    waiting = say("The verdict is there; the text is still being read word by word ...")
    style = "max-height:calc(var(--stage) - 5rem);overflow:hidden"
    return (
        '<div data-picture="" style="height:var(--stage);overflow:hidden">'
        f'<p role="status" style="margin:0 0 0.5rem;min-height:3rem">{waiting}</p>'
        f"{coloured_words(reading.marks(), colours, style)}</div>"
    )


def reading_data(
    reading: Reading, prefixes: Prefixes, units: list[Unit], colours: Palette
) -> dict[str, Any]:
    """Collect a reading for the browser.

    Args:
        reading: the review as it was read.
        prefixes: the verdict on its beginnings.
        units: the units whose cell state stands under the words.
        colours: of the theme.

    Returns:
        Data that can be written as JSON; overlong pieces of the text are shortened.
    """
    marks = reading.marks()
    words, end = pieces(marks)
    largest = largest_share(marks)
    probability = reading.calibration.probability(prefixes.logit)
    counted = ", ".join(say(unit.name) for unit in units)
    return {
        "words": [
            asdict(word)
            | {"value": round(word.value, 4), "share": round(abs(word.value) / largest, 3)}
            for word in words
        ],
        "end": end,
        "alt": say("The review with {count:,} words marked by contribution", count=len(words)),
        "marked": MARKED_SHARE,
        "lengths": prefixes.lengths.tolist(),
        "probability": _digits(probability),
        "forward": _digits(prefixes.forward),
        "backward": _digits(prefixes.backward),
        "said": _said(reading, prefixes),
        "unclear": list(UNCLEAR),
        "cells": [_digits(unit.cell_state) for unit in units],
        "names": [say(unit.name) for unit in units],
        "units": say(
            "Bars under a word, from left to right: cell state of {counted} (up is above 0).",
            counted=counted,
        ),
        "most_whole": MOST_WHOLE,
        "messages": messages("stepping.js", "reading.js"),
        "colours": {name: getattr(colours, name) for name in INKS},
    }


def _said(reading: Reading, prefixes: Prefixes) -> list[str]:
    """Say the verdict on every beginning; what does not read like a review gets no number."""
    if reading.verdict == "not a review":
        return [say("not a review, no verdict")] * len(prefixes.lengths)
    probability = reading.calibration.probability(prefixes.logit).tolist()
    return [
        say(
            "{verdict}, probability of positive {p:.1%}",
            verdict=say(verdict(p)),
            p=p,
        )
        for p in probability
    ]


def _digits(values: Array) -> list[float]:
    return [float(f"{value:.4g}") for value in values.tolist()]
