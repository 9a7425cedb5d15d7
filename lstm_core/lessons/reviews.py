"""The sentiment page: example reviews of our own, and what the page says of a reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from lstm_core.lessons.cell import TRAINED
from lstm_core.lessons.markdown import plain
from lstm_core.lessons.sentences import LONGEST as LONGEST_IN_CELL
from lstm_core.sentiment.explanations import Faithfulness, Phrase
from lstm_core.sentiment.lecture_models import LectureModel
from lstm_core.sentiment.others import Opinion
from lstm_core.sentiment.reader import LONGEST, Marks, Reading
from lstm_core.sentiment.tokenizer import tokenize
from lstm_core.sentiment.vouching import Voucher
from lstm_core.spreadsheets import safe_cell

EXAMPLES = {
    "A warm one": (
        "I went in expecting very little and came out smiling. The two leads have a wonderful ease "
        "with each other, the jokes land because they grow out of the characters, and the last "
        "twenty minutes moved me more than I would like to admit. It is not a perfect film, the "
        "middle drags a bit, but it is generous, beautifully shot and full of small surprises. "
        "I would happily watch it again tomorrow. Highly recommended!"
    ),
    "A cold one": (
        "What a waste of a good idea. The script has no idea where it is going, the dialogue is "
        "painful, and the actors look as bored as I was. Every scene is explained twice, as if we "
        "could not follow a plot that a child would have guessed after five minutes. The effects "
        "are cheap, the music never stops, and the ending is simply ridiculous. I kept looking at "
        "my watch. Avoid it."
    ),
    "One that turns": (
        "The first half hour is terrific: tense, funny and superbly acted, and I thought this "
        "might be the best thriller of the year. Then it falls apart. The twist makes no sense, "
        "the villain becomes a cartoon, and the director seems to lose all interest in the people "
        "he made us care about. There are still a few lovely moments, but in the end I left the "
        "cinema disappointed."
    ),
}
SHORT = 6
LONGEST_IN_URL = 2_500
"""Characters of a text in the address, as they are written there; proxies take some 8,000 in all."""
LONGEST_HISTORY = 1_500
"""The same for the texts of a session."""
CHARACTERS_IN_CELL = 600
"""What the field of the cell page takes."""


def how_sure(probability: float) -> str:
    """Put the distance from one half into words."""
    distance = abs(probability - 0.5)
    if distance >= 0.45:
        return "very sure"
    if distance >= 0.3:
        return "fairly sure"
    if distance >= 0.1:
        return "leaning"
    return "undecided"


def cautions(reading: Reading) -> list[str]:
    """Say, in Markdown, what a reader of the verdict should know about this text."""
    said = []
    unread = int((~reading.read).sum())
    words = len(reading.tokens)
    if unread:
        said.append(
            f"The text has {words:,} words and marks; the network reads at most {LONGEST:,}. The "
            f"{unread:,} in the middle, greyed below, were **not read**."
        )
    unknown = unknown_words(reading)
    share = 1.0 - reading.known_share
    if reading.verdict == "not a review":
        said.append(
            f"**This does not read like a review in English.** {share:.0%} of its words are "
            "unknown to the network, so that its percentage and its stars mean little."
        )
    if unknown:
        listed = ", ".join(map(plain, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        said.append(f"Unknown to the network, and struck through below: {listed}")
    if words < SHORT:
        said.append(
            "This is a very short text, which gives the network little to go by. How often it is "
            "right on single sentences is on the page Challenges."
        )
    return said


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
    said = ""
    if row:
        low = 10 * int(10 * row["mean_probability"])
        said = (
            f"Of the {row['reviews']:,} test reviews that it gave {low} to {low + 10} %, "
            f"**{row['share_positive']:.1%}** were positive. "
        )
    words = int(reading.read.sum())
    few = [r for r in failures["by_words_left"] if r["which"] == "last" and r["words"] >= words]
    if few:
        said += (
            f"With so few words it is right less often: of reviews cut to their last "
            f"{few[0]['words']} words, **{few[0]['accuracy']:.0%}**. "
        )
    if reading.verdict == "mixed or unclear":
        said += (
            "Mixed or unclear means that no side has odds of two to one: the text may be torn, "
            "neutral, or say its opinion in a way that the network does not read."
        )
    return said


METHODS = {
    "Integrated gradients": (
        "The gradient, averaged on the way from as many unknown words to this text, times the way. "
        "The shares add up to the distance of both logits, but for the gap that is printed."
    ),
    "Occlusion": (
        "What the logit loses with an unknown word in the word's place. Of two words that say the "
        "same neither may seem to matter, for the other one still says it."
    ),
    "Gradient × input": (
        "The slope at the text itself, times the word's vector. Quick, one way back; where a gate "
        "is saturated the slope is flat, and a word that decided seems to say nothing."
    ),
}
"""The three methods of the page, and what to know of each."""


def totals(words: float, logit: float, baseline: float) -> str:
    """Write in LaTeX what the shares add up to, and what is missing."""
    gap = logit - baseline - words
    return (
        rf"\sum = {words:.3f}, \qquad z - z_{{\text{{unknown}}}} = {logit:.3f} - ({baseline:.3f}) "
        rf"= {logit - baseline:.3f}, \qquad \text{{gap}} = {gap:.3f}"
    )


def calibration_formula(reading: Reading) -> str:
    """Write in LaTeX how the logit becomes the probability."""
    calibration = reading.calibration
    return (
        rf"p = \sigma(z / T + b) = \sigma({float(reading.trace.logit):.3f} / "
        rf"{calibration.temperature:.3f} {calibration.offset:+.3f}) = {reading.probability:.4f}"
    )


LONGEST_PHRASE, LONGEST_TYPED = 12, 300
NEGATIONS = frozenset(("not", "never", "no", "without", "hardly"))


def pairs_table(
    words: Sequence[str], found: Sequence[Phrase], count: int = 6
) -> dict[str, list[Any]]:
    """List the neighbours that say most only together: a column a list."""
    some = sorted(found, key=lambda one: -abs(one.interaction))[:count]
    return {
        "neighbours": [safe_cell(" ".join(words[one.start : one.end])) for one in some],
        "first alone": [round(float(one.apart[0]), 2) for one in some],
        "second alone": [round(float(one.apart[1]), 2) for one in some],
        "sum": [round(float(one.apart.sum()), 2) for one in some],
        "together": [round(one.together, 2) for one in some],
        "only together": [round(one.interaction, 2) for one in some],
    }


def first_phrase(reading: Reading) -> str:
    """Choose a phrase to begin with: a negation and what follows it, or the first two words."""
    tokens = reading.tokens_read
    negations = (
        place
        for place, token in enumerate(tokens[:-1])
        if token.word in NEGATIONS or token.word.endswith("n't")
    )
    place = next(negations, 0)
    last = tokens[min(place + 1, len(tokens) - 1)]
    return reading.text[tokens[place].start : last.end][:LONGEST_TYPED]


def find_phrase(words: Sequence[str], typed: str) -> tuple[tuple[int, int], str]:
    """Find a phrase among the words that were read.

    Returns:
        The places of its first word and behind its last one, and what is wrong with it.
    """
    wanted = [token.word for token in tokenize(typed)]
    if not wanted:
        return (0, 0), "There is no word in this phrase."
    if len(wanted) > LONGEST_PHRASE:
        return (0, 0), f"That is {len(wanted)} words; a phrase has up to {LONGEST_PHRASE}."
    for place in range(len(words) - len(wanted) + 1):
        if list(words[place : place + len(wanted)]) == wanted:
            return (place, place + len(wanted)), ""
    return (0, 0), "These words do not stand in the text in this order, one behind the other."


def phrase_sentence(words: Sequence[str], found: Phrase) -> str:
    """Say in Markdown what a phrase says beyond its words."""
    said = plain(" ".join(words))
    apart = " + ".join(f"“{plain(w)}” {v:+.2f}" for w, v in zip(words, found.apart, strict=True))
    return (
        f"“{said}” together moves the logit by **{found.together:+.2f}**; apart: {apart} = "
        f"**{float(found.apart.sum()):+.2f}**. The difference, **{found.interaction:+.2f}**, is what "
        "the words say only together."
    )


def faithful_sentence(curve: Faithfulness, positive: bool) -> str:
    """Say in Markdown which method found the words that matter."""
    best = max(curve.advantage, key=lambda name: curve.advantage[name])
    words = int(curve.deleted[-1])
    chance = float(curve.random[:, -1].mean())
    return (
        f"With the {words} words deleted that **{best.lower()}** holds for the most "
        f"{'positive' if positive else 'negative'}, the logit goes from {float(curve.random[0, 0]):+.2f} to "
        f"**{float(curve.ranked[best][-1]):+.2f}**; with as many random ones, to {chance:+.2f} on average. "
        "The further from the random line, the better a method knows what the network used."
    )


def clean(text: str) -> str:
    """Replace lone surrogates, which are no text and cannot be sent to a browser."""
    return text.encode("utf-8", "replace").decode("utf-8")


REMEMBERED = 12


def fitting(texts: Sequence[str]) -> list[str]:
    """Keep the newest texts that fit into an address together."""
    kept, left = [], LONGEST_HISTORY
    for text in texts:
        left -= len(quote(text))
        if left < 0:
            break
        kept.append(text)
    return kept


def fits_address(text: str) -> bool:
    """Tell whether a text is short enough for the address."""
    return len(text) <= LONGEST_IN_URL and len(quote(text)) <= LONGEST_IN_URL


def history_label(text: str, probability: float) -> str:
    """Write a text of the session on a button, with its verdict."""
    said = "no word" if math.isnan(probability) else f"{probability:.0%} positive"
    return f"{said}: {label(text, 70)}"


def label(text: str, longest: int = 30) -> str:
    """Write a visitor's text into a label of a widget, in one line and without any markup."""
    line = " ".join(text.split())
    return plain(line if len(line) <= longest else f"{line[:longest]} ...")


def how_it_is_read(lengths: Sequence[int], reading: float, along: float) -> str:
    """Say what the pictures below a verdict show, and what it took."""
    stride = lengths[-1] - lengths[-2] if len(lengths) > 1 else 1
    often = "after every word" if stride == 1 else f"after every {stride} words"
    return (
        "Indigo with a solid line speaks for positive, red with a dotted line for negative; stronger "
        "colour, more weight. Struck through: unknown to the network. The network reads from both "
        f"ends, so the verdict {often} is that on the text up to there, read anew as if it ended "
        "there; no state of the whole reading says that. The halves are exact parts of the logit, "
        "counted from as many unknown words. The bars are cell states of the second layer on the "
        "whole text, of the three units of each direction that count most for its logit (sum "
        "over the words of the hidden state's size times its gradient). Read and explained in "
        f"{1000 * reading:.0f} ms, word by word in {1000 * along:.0f} more, by lstm_core, the code of the cell page."
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
        return "Both texts are the same, word for word. Change one, or let a rule do it."
    named = "; ".join(
        f"“{label(old, 60)}” → “{label(new, 60)}”" if old and new
        else f"added “{label(new, 60)}”" if new else f"taken away “{label(old, 60)}”"
        for old, new in changed[:4]
    )  # fmt: skip
    more = f"; and {len(changed) - 4} more" if len(changed) > 4 else ""
    moved = float(after.trace.logit) - float(before.trace.logit)
    turned = "The verdict turns" if before.verdict != after.verdict else "The verdict stays"
    return (
        f"Changed: {named}{more}. The logit moves by **{moved:+.2f}**, the probability from "
        f"**{before.probability:.1%}** to **{after.probability:.1%}**. {turned}: "
        f"**{before.verdict}**, then **{after.verdict}**."
    )


def opinions_table(said: Sequence[Opinion]) -> dict[str, list[Any]]:
    """List what every reader says of a text: a column a list."""
    return {
        "reader": [one.name for one in said],
        "says": ["negative" if one.probability < 0.5 else "positive" for one in said],
        "positive": [one.probability for one in said],
        "ms": [round(1000 * one.seconds, 1) for one in said],
    }


def about_opinions(with_word_list: bool) -> str:
    """Say what the numbers of the other readers are."""
    missing = (
        ""
        if with_word_list
        else " VADER is an optional extra: pip install -r requirements-baselines.txt."
    )
    return (
        "The lecture's three networks, trained again; a linear model that counts words and word "
        "pairs; a list of rated words. Only ours is calibrated, so that only its number is a "
        "probability to be trusted; VADER's is its score moved to 0 to 1. Accuracy, time and "
        f"memory of all of them are on the page Report.{missing}"
    )


def about_lecture_model(model: LectureModel, marks: Marks) -> str:
    """Say how a lecture's network reads, and what it did not read."""
    words, read = len(marks.tokens), int(marks.read.sum())
    unknown = int((~marks.known & marks.read).sum())
    cut = f" The first {words - read:,} words, greyed, were not read." if words > read else ""
    said = (
        "Words are hashed to numbers, so that different words may share one and none is unknown."
        if model.hashed
        else f"It knows the {model.words - 4:,} most frequent words; {unknown:,} here are unknown."
    )
    return (
        f"Coloured by what the logit loses without each word. It reads the last {model.length} words, "
        f"after padding in front, which it reads too.{cut} {said}"
    )


def voucher_table(voucher: Voucher) -> dict[str, list[str]]:
    """Set both probabilities side by side: a column a list."""
    return {
        "read by": ["lstm_core (NumPy, this page)", "Keras on TensorFlow", "difference"],
        "probability of positive": [
            f"{voucher.lstm_core:.8f}",
            f"{voucher.tensorflow:.8f}",
            f"{voucher.difference:.1e}",
        ],
    }


def voucher_sentence(voucher: Voucher) -> str:
    """Say how far both are apart, and what was asked."""
    named = ", ".join(f"{name} {version}" for name, version in voucher.versions.items())
    return (
        f"The logits are {voucher.logit_difference:.1e} apart. Asked: {named}; it took "
        f"{voucher.seconds:.1f} s, against some milliseconds here."
    )


def code(text: str) -> str:
    """Write the Python that reproduces the page's verdict."""
    quoted = repr(text) if len(text) <= LONGEST_IN_URL else 'open("review.txt").read()'
    return f"""from lstm_core.sentiment.reader import Reader

reading = Reader.load().read({quoted})
print(reading.verdict, reading.probability)
for token, contribution in zip(reading.tokens_read, reading.contributions.words):
    print(f"{{contribution:+.3f}}  {{token.word}}")
"""
