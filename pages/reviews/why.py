"""Why this verdict: what the page says of the words' contributions, of phrases and of the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lstm_core.cells.arrays import Array
from lstm_core.sentiment.calibration import Calibration
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
from pages._book.language import mark, say
from pages._book.markdown import plain
from pages.reviews.lesson import NEGATIONS, label, negated_places

METHODS = {
    mark("Integrated gradients"): mark(
        "A text of unknown words turns into this one in small steps. A word's share is how far its "
        "vector moves, times the mean gradient at the steps. The shares add up to the change of the logit."
    ),
    mark("Occlusion"): mark(
        "An unknown word takes the word's place; the share is what the logit loses. If two words say "
        "the same, both shares may be small, because the other word still says it."
    ),
    mark("Gradient × input"): mark(
        "The word's vector times the gradient at the text itself. It takes one pass back. Where a gate "
        "is saturated the gradient is near 0, and a word that decided gets a small share."
    ),
}
"""The three methods of the page, and what to know of each."""
LOWER = (mark("integrated gradients"), mark("occlusion"), mark("gradient × input"))
"""How they are named within a sentence and beside a line: ``name.lower()``."""
LONGEST_PHRASE, LONGEST_TYPED = 12, 300


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


def about_calibration(reading: Reading) -> str:
    """Say why the probability is not the sigmoid of the logit alone."""
    return say(
        "The sigmoid of z alone gives {raw:.1%}. T and b were fitted on held-out reviews, so that the "
        "probability says how often it is right (calibration): T = {temperature:.3f} makes it a little "
        "less sure.",
        temperature=reading.calibration.temperature,
        raw=float(Calibration().probability(reading.trace.logit)),
    )


def strongest_sentence(reading: Reading, shares: Array) -> str:
    """Say in Markdown which word moved the logit most, and what the numbers mean behind a negation."""
    tokens = reading.tokens_read
    place = int(abs(shares).argmax())
    share = float(shares[place])
    values: dict[str, object] = {
        "word": label(reading.text[tokens[place].start : tokens[place].end], 40),
        "share": share,
        "side": say("positive") if share > 0 else say("negative"),
    }
    if place not in negated_places(reading):
        return say(
            "**“{word}”** counts most, for {side}: it moves the logit by **{share:+.2f}**.",
            **values,
        )
    return say(
        "**“{word}”** counts most, for {side}: it moves the logit by **{share:+.2f}**. That is what it does behind "
        "“{negation}”, and not what it means by itself.",
        negation=label(tokens[place - 1].word, 40),
        **values,
    )


def about_the_test() -> str:
    """Say in Markdown what the test of the methods shows."""
    return say(
        "Words are deleted, those first that a method ranks first, and what is left is read anew. The "
        "further a curve is from that of random words, the better its method found the words that count."
    )


def strongest_pairs(pairs: Sequence[Phrase], count: int = 6) -> list[Phrase]:
    """Choose the pairs of neighbours that say most only together, the strongest first."""
    return sorted(pairs, key=lambda one: -abs(one.interaction))[:count]


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


def find_phrase(
    words: Sequence[str], typed: str, read_as: Mapping[str, str] | None = None
) -> tuple[tuple[int, int], str]:
    """Find a phrase among the words that were read.

    Args:
        words: of the text, as they were read.
        typed: the phrase, spelt as in the text or as it was read.
        read_as: what was read as what.

    Returns:
        The places of its first word and behind its last one, and what is wrong with it.
    """
    wanted = [(read_as or {}).get(token.word, token.word) for token in tokenize(typed)]
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
    return say(
        "“{said}” as a whole moves the logit by **{together:+.2f}**; its words one at a time, added up, by "
        "**{sum:+.2f}**. The difference, **{difference:+.2f}**, is what they say only together.",
        said=plain(" ".join(words)),
        together=phrase.together,
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
        return say(
            "Delete the {words} most positive words by **{method}**: the logit goes from {start:+.2f} to "
            "**{end:+.2f}**, with random words to {chance:+.2f}.",
            **values,
        )
    return say(
        "Delete the {words} most negative words by **{method}**: the logit goes from {start:+.2f} to "
        "**{end:+.2f}**, with random words to {chance:+.2f}.",
        **values,
    )
