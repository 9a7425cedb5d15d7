"""The sentiment page: example reviews of our own, and what the page says of a reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from lstm_core.sentiment.lecture_models import LECTURE_MODELS
from lstm_core.sentiment.reader import LONGEST, Reading
from pages._book.exercises import END
from pages._book.language import mark, plural, say
from pages._book.markdown import plain
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.sentences import LONGEST as LONGEST_IN_CELL
from pages._book.walks import TRAINED

EXAMPLES = {
    mark("A warm one"): (
        "I went in expecting very little and came out smiling. The two leads have a wonderful ease "
        "with each other, the jokes land because they grow out of the characters, and the last "
        "twenty minutes moved me more than I would like to admit. It is not a perfect film, the "
        "middle drags a bit, but it is generous, beautifully shot and full of small surprises. "
        "I would happily watch it again tomorrow. Highly recommended!"
    ),
    mark("A cold one"): (
        "What a waste of a good idea. The script has no idea where it is going, the dialogue is "
        "painful, and the actors look as bored as I was. Every scene is explained twice, as if we "
        "could not follow a plot that a child would have guessed after five minutes. The effects "
        "are cheap, the music never stops, and the ending is simply ridiculous. I kept looking at "
        "my watch. Avoid it."
    ),
    mark("One that turns"): (
        "The first half hour is terrific: tense, funny and superbly acted, and I thought this "
        "might be the best thriller of the year. Then it falls apart. The twist makes no sense, "
        "the villain becomes a cartoon, and the director seems to lose all interest in the people "
        "he made us care about. There are still a few lovely moments, but in the end I left the "
        "cinema disappointed."
    ),
}
"""English in every language of the page, for the network learned English."""
FIRST = EXAMPLES["A warm one"]
START = {
    "text": FIRST,
    "word": END,
    "reviews_tab": "Strongest words",
    "why_method": "Integrated gradients",
    "other": FIRST,
    "other_reader": LECTURE_MODELS[0].title,
}
"""The page's controls by their keys, with what they stand at to begin with."""
PRESETS: dict[str, Preset[Any]] = by_name(
    Preset(name, {"text": text, "word": END}) for name, text in EXAMPLES.items()
)
"""They put a text into the field; what is open below it stays open."""
SHORT = 6
LONGEST_IN_URL = 2_500
"""Characters of a text in the address, as they are written there; proxies take some 8,000 in all."""
LONGEST_HISTORY = 1_500
"""The same for the texts of a session."""
CHARACTERS_IN_CELL = 600
"""What the field of the cell page takes."""
REMEMBERED = 12
"""So many texts of a session are kept."""


def cautions(reading: Reading) -> list[str]:
    """Say, in Markdown, what a reader of the verdict should know about this text."""
    sentences = []
    unread = int((~reading.read).sum())
    words = len(reading.tokens)
    if unread:
        sentences.append(
            say(
                "The text has {words:,} words and marks; the network reads at most {most:,}. The "
                "{unread:,} in the middle, greyed below, were **not read**.",
                words=words,
                most=LONGEST,
                unread=unread,
            )
        )
    unknown = unknown_words(reading)
    share = 1.0 - reading.known_share
    if reading.verdict == "not a review":
        sentences.append(
            say(
                "**This does not read like a review in English.** {share:.0%} of its words are "
                "unknown to the network, so that its percentage and its stars mean little.",
                share=share,
            )
        )
    if unknown:
        listed = ", ".join(map(plain, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        sentences.append(
            say("Unknown to the network, and struck through below: {listed}", listed=listed)
        )
    if words < SHORT:
        sentences.append(
            say(
                "This is a very short text, which gives the network little to go by. How often it is "
                "right on single sentences is on the page Challenges."
            )
        )
    return sentences


def unknown_words(reading: Reading) -> list[str]:
    """List the words that the network read and does not know, once each, in order."""
    marked = zip(reading.tokens, reading.known, reading.read, strict=True)
    words = (reading.text[t.start : t.end][:40] for t, known, read in marked if read and not known)
    return list(dict.fromkeys(words))


def trust(reading: Reading, results: dict[str, Any], failures: dict[str, Any]) -> str:
    """Say, in Markdown, how often the network was right where it said the like.

    Nothing is said of what does not read like a review, for none of the measured texts was such.
    """
    if reading.verdict == "not a review":
        return ""
    bins = {int(10 * row["mean_probability"]): row for row in results["test"]["reliability"]}
    row = bins.get(min(int(10 * reading.probability), 9))
    sentences = []
    if row:
        low = 10 * int(10 * row["mean_probability"])
        sentences.append(
            say(
                "Of the {reviews:,} test reviews that it gave {low} to {high} %, **{share:.1%}** were "
                "positive.",
                reviews=row["reviews"],
                low=low,
                high=low + 10,
                share=row["share_positive"],
            )
        )
    words = int(reading.read.sum())
    shorter = [r for r in failures["by_words_left"] if r["which"] == "last" and r["words"] >= words]
    if shorter:
        sentences.append(
            say(
                "With so few words it is right less often: of reviews cut to their last {words} words, "
                "**{accuracy:.0%}**.",
                words=shorter[0]["words"],
                accuracy=shorter[0]["accuracy"],
            )
        )
    if reading.verdict == "mixed or unclear":
        sentences.append(
            say(
                "Mixed or unclear means that no side has odds of two to one: the text may be torn, "
                "neutral, or say its opinion in a way that the network does not read."
            )
        )
    return " ".join(sentences)


def fits_address(text: str) -> bool:
    """Tell whether a text is short enough for the address."""
    return len(text) <= LONGEST_IN_URL and len(quote(text)) <= LONGEST_IN_URL


def fitting(texts: Sequence[str]) -> list[str]:
    """Keep the newest texts that fit into an address together."""
    kept, left = [], LONGEST_HISTORY
    for text in texts:
        left -= len(quote(text))
        if left < 0:
            break
        kept.append(text)
    return kept


def history_label(text: str, probability: float) -> str:
    """Write a text of the session on a button, with its verdict."""
    no_word = math.isnan(probability)
    verdict = say("no word") if no_word else say("{p:.0%} positive", p=probability)
    return f"{verdict}: {label(text, 70)}"


def label(text: str, longest: int = 30) -> str:
    """Write a visitor's text into a label of a widget, in one line and without any markup."""
    line = " ".join(text.split())
    return plain(line if len(line) <= longest else f"{line[:longest]} ...")


def how_it_is_read(lengths: Sequence[int], reading: float, along: float) -> str:
    """Say what the pictures below a verdict show, and what it took."""
    stride = lengths[-1] - lengths[-2] if len(lengths) > 1 else 1
    return " ".join(
        (
            say(
                "Indigo with a solid line speaks for positive, red with a dotted line for negative; "
                "stronger colour, more weight. Struck through: unknown to the network."
            ),
            plural(
                "The network reads from both ends, so the verdict after every word is that on the text "
                "up to there, read anew as if it ended there; no state of the whole reading says that.",
                "The network reads from both ends, so the verdict after every {count} words is that on "
                "the text up to there, read anew as if it ended there; no state of the whole reading "
                "says that.",
                stride,
            ),
            say(
                "The halves are exact parts of the logit, counted from as many unknown words. The bars "
                "are cell states of the second layer on the whole text, of the three units of each "
                "direction that count most for its logit (sum over the words of the hidden state's "
                "size times its gradient)."
            ),
            say(
                "Read and explained in {reading:.0f} ms, word by word in {along:.0f} more, by "
                "lstm_core, the code of the cell page.",
                reading=1000 * reading,
                along=1000 * along,
            ),
        )
    )


@dataclass(frozen=True)
class CellLink:
    """An address of the cell page: the word to open it at, and its parameters."""

    word: str
    parameters: dict[str, str]


def in_the_cell(reading: Reading, place: int, stages: int) -> CellLink:
    """Say where the cell page opens at a word of a review.

    Args:
        reading: the review.
        place: of the word, among those that were read.
        stages: steps of the player for each word.

    Returns:
        An address that holds the whole text, or of a long one as much round the word as the cell
        page steps through.
    """
    at = int(np.flatnonzero(reading.read)[place])
    tokens = reading.tokens
    first, last = 0, len(tokens) - 1
    if len(tokens) > LONGEST_IN_CELL:
        first = min(max(0, at - LONGEST_IN_CELL // 2), len(tokens) - LONGEST_IN_CELL)
        last = first + LONGEST_IN_CELL - 1
    while tokens[last].end - tokens[first].start > CHARACTERS_IN_CELL and first < last:
        first, last = (first + 1, last) if at - first > last - at else (first, last - 1)
    text = reading.text[tokens[first].start : tokens[last].end][:CHARACTERS_IN_CELL]
    parameters = {"cell_source": TRAINED, "cell_text": text}
    if step := (at - first) * stages:
        parameters["step"] = str(step)
    return CellLink(reading.text[tokens[at].start : tokens[at].end], parameters)


def difference(before: Reading, after: Reading, changed: Sequence[tuple[str, str]]) -> str:
    """Say in Markdown what was changed between two texts, and what it did."""
    if not changed:
        return say("Both texts are the same, word for word. Change one, or let a rule do it.")
    named = "; ".join(_change(old, new) for old, new in changed[:4])
    if len(changed) > 4:
        named = say("{named}; and {count} more", named=named, count=len(changed) - 4)
    moved = say(
        "Changed: {named}. The logit moves by **{moved:+.2f}**, the probability from **{before:.1%}** "
        "to **{after:.1%}**.",
        named=named,
        moved=float(after.trace.logit) - float(before.trace.logit),
        before=before.probability,
        after=after.probability,
    )
    verdicts = {"before": say(before.verdict), "after": say(after.verdict)}
    if before.verdict != after.verdict:
        turned = say("The verdict turns: **{before}**, then **{after}**.", **verdicts)
    else:
        turned = say("The verdict stays: **{before}**, then **{after}**.", **verdicts)
    return f"{moved} {turned}"


def _change(old: str, new: str) -> str:
    if not new:
        return say("taken away “{text}”", text=label(old, 60))
    if not old:
        return say("added “{text}”", text=label(new, 60))
    return f"“{label(old, 60)}” → “{label(new, 60)}”"


def taken_home(reading: Reading) -> Programs:
    """Return the programs that read a text as the page does; a long one they read from a file."""
    text = reading.text if len(reading.text) <= LONGEST_IN_URL else None
    return programs("reviews", text=text, steps=reading.contributions.steps)
