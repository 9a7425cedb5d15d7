"""Why this verdict: what the page says of the words' contributions, of phrases and of the methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.explanations import (
    Faithfulness,
    Occlusion,
    Phrase,
    gradient_times_input,
    occlusion,
)
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.reader import Reading
from lstm_core.sentiment.tokenizer import tokenize
from lstm_core.tables import safe_cell
from pages._book.language import mark, say
from pages._book.markdown import plain

METHODS = {
    mark("Integrated gradients"): mark(
        "The gradient, averaged on the way from as many unknown words to this text, times the way. "
        "The shares add up to the distance of both logits, but for the gap that is printed."
    ),
    mark("Occlusion"): mark(
        "What the logit loses with an unknown word in the word's place. Of two words that say the "
        "same neither may seem to matter, for the other one still says it."
    ),
    mark("Gradient × input"): mark(
        "The slope at the text itself, times the word's vector. Quick, one way back; where a gate "
        "is saturated the slope is flat, and a word that decided seems to say nothing."
    ),
}
"""The three methods of the page, and what to know of each."""
LOWER = (mark("integrated gradients"), mark("occlusion"), mark("gradient × input"))
"""How they are named within a sentence and beside a line: ``name.lower()``."""
LONGEST_PHRASE, LONGEST_TYPED = 12, 300
NEGATIONS = frozenset(("not", "never", "no", "without", "hardly"))


def shares_by_method(
    network: SentimentNetwork, reading: Reading
) -> tuple[Occlusion, dict[str, Array]]:
    """Share the logit out among the words by every method.

    Returns:
        What occlusion found, and each method's shares, (time,), by its name.
    """
    hidden = occlusion(network, reading.ids)
    return hidden, {
        "Integrated gradients": reading.contributions.words,
        "Occlusion": hidden.words,
        "Gradient × input": gradient_times_input(network, network.embed(reading.ids)),
    }


def totals(reading: Reading, shares: Array) -> str:
    """Write in LaTeX what the words' shares, (time,), add up to, and what is missing."""
    words, logit = float(shares.sum()), float(reading.trace.logit)
    baseline = reading.contributions.baseline_logit
    gap = logit - baseline - words
    unknown, missing = say("unknown"), say("gap")
    return (
        rf"\sum = {words:.3f}, \qquad z - z_{{\text{{{unknown}}}}} = {logit:.3f} - ({baseline:.3f}) "
        rf"= {logit - baseline:.3f}, \qquad \text{{{missing}}} = {gap:.3f}"
    )


def calibration_formula(reading: Reading) -> str:
    """Write in LaTeX how the logit becomes the probability."""
    calibration = reading.calibration
    return (
        rf"p = \sigma(z / T + b) = \sigma({float(reading.trace.logit):.3f} / "
        rf"{calibration.temperature:.3f} {calibration.offset:+.3f}) = {reading.probability:.4f}"
    )


def pairs_table(
    words: Sequence[str], pairs: Sequence[Phrase], count: int = 6
) -> dict[str, list[Any]]:
    """List the neighbours that say most only together: a column a list."""
    strongest = sorted(pairs, key=lambda one: -abs(one.interaction))[:count]
    return {
        mark("neighbours"): [safe_cell(" ".join(words[one.start : one.end])) for one in strongest],
        mark("first alone"): [round(float(one.apart[0]), 2) for one in strongest],
        mark("second alone"): [round(float(one.apart[1]), 2) for one in strongest],
        mark("sum"): [round(float(one.apart.sum()), 2) for one in strongest],
        mark("together"): [round(one.together, 2) for one in strongest],
        mark("only together"): [round(one.interaction, 2) for one in strongest],
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
        return (0, 0), say("There is no word in this phrase.")
    if len(wanted) > LONGEST_PHRASE:
        return (0, 0), say(
            "That is {count} words; a phrase has up to {most}.",
            count=len(wanted),
            most=LONGEST_PHRASE,
        )
    for place in range(len(words) - len(wanted) + 1):
        if list(words[place : place + len(wanted)]) == wanted:
            return (place, place + len(wanted)), ""
    return (0, 0), say("These words do not stand in the text in this order, one behind the other.")


def phrase_sentence(words: Sequence[str], phrase: Phrase) -> str:
    """Say in Markdown what a phrase says beyond its words."""
    apart = " + ".join(f"“{plain(w)}” {v:+.2f}" for w, v in zip(words, phrase.apart, strict=True))
    return say(
        "“{said}” together moves the logit by **{together:+.2f}**; apart: {apart} = **{sum:+.2f}**. "
        "The difference, **{difference:+.2f}**, is what the words say only together.",
        said=plain(" ".join(words)),
        together=phrase.together,
        apart=apart,
        sum=float(phrase.apart.sum()),
        difference=phrase.interaction,
    )


def faithful_sentence(curve: Faithfulness, positive: bool) -> str:
    """Say in Markdown which method found the words that matter.

    Args:
        curve: the logit while the words are deleted that speak for the side of the verdict.
        positive: whether that side is "positive", by the calibrated probability.
    """
    best = max(curve.advantage, key=curve.advantage.__getitem__)
    values: dict[str, object] = {
        "words": int(curve.deleted[-1]),
        "method": say(best.lower()),
        "start": float(curve.random[0, 0]),
        "end": float(curve.ranked[best][-1]),
        "chance": float(curve.random[:, -1].mean()),
    }
    if positive:
        what = say(
            "With the {words} words deleted that **{method}** holds for the most positive, the logit "
            "goes from {start:+.2f} to **{end:+.2f}**; with as many random ones, to {chance:+.2f} on "
            "average.",
            **values,
        )
    else:
        what = say(
            "With the {words} words deleted that **{method}** holds for the most negative, the logit "
            "goes from {start:+.2f} to **{end:+.2f}**; with as many random ones, to {chance:+.2f} on "
            "average.",
            **values,
        )
    far = say("The further from the random line, the better a method knows what the network used.")
    return f"{what} {far}"
