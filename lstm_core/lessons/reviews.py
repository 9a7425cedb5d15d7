"""The sentiment page: example reviews of our own, and what the page says of a reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from lstm_core.language import mark, plural, say, spoken
from lstm_core.lessons.cell import TRAINED
from lstm_core.lessons.markdown import plain
from lstm_core.lessons.programs import READER_IN_PYTORCH
from lstm_core.lessons.sentences import LONGEST as LONGEST_IN_CELL
from lstm_core.sentiment.explanations import Faithfulness, Phrase
from lstm_core.sentiment.lecture_models import LectureModel
from lstm_core.sentiment.others import OURS, Opinion
from lstm_core.sentiment.reader import LONGEST, Marks, Reading
from lstm_core.sentiment.tokenizer import tokenize
from lstm_core.sentiment.vouching import Voucher
from lstm_core.spreadsheets import safe_cell

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
        return say("very sure")
    if distance >= 0.3:
        return say("fairly sure")
    if distance >= 0.1:
        return say("leaning")
    return say("undecided")


def english_alone() -> str:
    """Say why a text must be English, to whom the page speaks another language."""
    if spoken() == "en":
        return ""
    return say(
        "The network learned from English reviews alone: words of another language are mostly unknown "
        "to it. The examples are therefore English here too, and so should your text be."
    )


def cautions(reading: Reading) -> list[str]:
    """Say, in Markdown, what a reader of the verdict should know about this text."""
    said = []
    unread = int((~reading.read).sum())
    words = len(reading.tokens)
    if unread:
        said.append(
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
        said.append(
            say(
                "**This does not read like a review in English.** {share:.0%} of its words are "
                "unknown to the network, so that its percentage and its stars mean little.",
                share=share,
            )
        )
    if unknown:
        listed = ", ".join(map(plain, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        said.append(
            say("Unknown to the network, and struck through below: {listed}", listed=listed)
        )
    if words < SHORT:
        said.append(
            say(
                "This is a very short text, which gives the network little to go by. How often it is "
                "right on single sentences is on the page Challenges."
            )
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
    said = []
    if row:
        low = 10 * int(10 * row["mean_probability"])
        said.append(
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
    few = [r for r in failures["by_words_left"] if r["which"] == "last" and r["words"] >= words]
    if few:
        said.append(
            say(
                "With so few words it is right less often: of reviews cut to their last {words} words, "
                "**{accuracy:.0%}**.",
                words=few[0]["words"],
                accuracy=few[0]["accuracy"],
            )
        )
    if reading.verdict == "mixed or unclear":
        said.append(
            say(
                "Mixed or unclear means that no side has odds of two to one: the text may be torn, "
                "neutral, or say its opinion in a way that the network does not read."
            )
        )
    return " ".join(said)


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


def totals(words: float, logit: float, baseline: float) -> str:
    """Write in LaTeX what the shares add up to, and what is missing."""
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


LONGEST_PHRASE, LONGEST_TYPED = 12, 300
NEGATIONS = frozenset(("not", "never", "no", "without", "hardly"))


def pairs_table(
    words: Sequence[str], found: Sequence[Phrase], count: int = 6
) -> dict[str, list[Any]]:
    """List the neighbours that say most only together: a column a list."""
    some = sorted(found, key=lambda one: -abs(one.interaction))[:count]
    return {
        mark("neighbours"): [safe_cell(" ".join(words[one.start : one.end])) for one in some],
        mark("first alone"): [round(float(one.apart[0]), 2) for one in some],
        mark("second alone"): [round(float(one.apart[1]), 2) for one in some],
        mark("sum"): [round(float(one.apart.sum()), 2) for one in some],
        mark("together"): [round(one.together, 2) for one in some],
        mark("only together"): [round(one.interaction, 2) for one in some],
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


def phrase_sentence(words: Sequence[str], found: Phrase) -> str:
    """Say in Markdown what a phrase says beyond its words."""
    said = plain(" ".join(words))
    apart = " + ".join(f"“{plain(w)}” {v:+.2f}" for w, v in zip(words, found.apart, strict=True))
    return say(
        "“{said}” together moves the logit by **{together:+.2f}**; apart: {apart} = **{sum:+.2f}**. "
        "The difference, **{difference:+.2f}**, is what the words say only together.",
        said=said,
        together=found.together,
        apart=apart,
        sum=float(found.apart.sum()),
        difference=found.interaction,
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
        said = say(
            "With the {words} words deleted that **{method}** holds for the most positive, the logit "
            "goes from {start:+.2f} to **{end:+.2f}**; with as many random ones, to {chance:+.2f} on "
            "average.",
            **values,
        )
    else:
        said = say(
            "With the {words} words deleted that **{method}** holds for the most negative, the logit "
            "goes from {start:+.2f} to **{end:+.2f}**; with as many random ones, to {chance:+.2f} on "
            "average.",
            **values,
        )
    far = say("The further from the random line, the better a method knows what the network used.")
    return f"{said} {far}"


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
    nothing = math.isnan(probability)
    said = say("no word") if nothing else say("{p:.0%} positive", p=probability)
    return f"{said}: {label(text, 70)}"


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
    named = "; ".join(
        f"“{label(old, 60)}” → “{label(new, 60)}”" if old and new
        else say("added “{text}”", text=label(new, 60)) if new
        else say("taken away “{text}”", text=label(old, 60))
        for old, new in changed[:4]
    )  # fmt: skip
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


def opinions_table(said: Sequence[Opinion], reading: Reading) -> dict[str, list[Any]]:
    """List what every reader says of a text: a column a list.

    Our own says the verdict of its reading; the others know two sides, split at one half.
    """
    return {
        mark("reader"): [say(one.name) for one in said],
        mark("says"): [
            say(reading.verdict) if one.name == OURS else _side(one.probability) for one in said
        ],
        mark("positive"): [one.probability for one in said],
        "ms": [round(1000 * one.seconds, 1) for one in said],
    }


def _side(probability: float) -> str:
    return say("negative") if probability < 0.5 else say("positive")


def about_opinions(with_word_list: bool) -> str:
    """Say what the numbers of the other readers are."""
    said = say(
        "The lecture's three networks, trained again; a linear model that counts words and word "
        "pairs; a list of rated words. These know two sides alone, split at one half; ours can also "
        "take none. Only ours is calibrated, so that only its number is a "
        "probability to be trusted; VADER's is its score moved to 0 to 1. Accuracy, time and "
        "memory of all of them are on the page Report."
    )
    if with_word_list:
        return said
    missing = say("VADER is an optional extra: pip install -r requirements-baselines.txt.")
    return f"{said} {missing}"


def about_lecture_model(model: LectureModel, marks: Marks) -> str:
    """Say how a lecture's network reads, and what it did not read."""
    words, read = len(marks.tokens), int(marks.read.sum())
    unknown = int((~marks.known & marks.read).sum())
    said = [
        say(
            "Coloured by what the logit loses without each word. It reads the last {length} words, "
            "after padding in front, which it reads too.",
            length=model.length,
        )
    ]
    if words > read:
        said.append(say("The first {count:,} words, greyed, were not read.", count=words - read))
    if model.hashed:
        said.append(
            say(
                "Words are hashed to numbers, so that different words may share one and none is "
                "unknown."
            )
        )
    else:
        said.append(
            say(
                "It knows the {words:,} most frequent words; {unknown:,} here are unknown.",
                words=model.words - 4,
                unknown=unknown,
            )
        )
    return " ".join(said)


def voucher_table(voucher: Voucher) -> dict[str, list[str]]:
    """Set both probabilities side by side: a column a list."""
    return {
        mark("read by"): [
            say("lstm_core (NumPy, this page)"),
            say("Keras on TensorFlow"),
            say("difference"),
        ],
        mark("probability of positive"): [
            f"{voucher.lstm_core:.8f}",
            f"{voucher.tensorflow:.8f}",
            f"{voucher.difference:.1e}",
        ],
    }


def voucher_sentence(voucher: Voucher) -> str:
    """Say how far both are apart, and what was asked."""
    named = ", ".join(f"{name} {version}" for name, version in voucher.versions.items())
    return say(
        "The logits are {difference:.1e} apart. Asked: {named}; it took {seconds:.1f} s, against some "
        "milliseconds here.",
        difference=voucher.logit_difference,
        named=named,
        seconds=voucher.seconds,
    )


def _quoted(text: str) -> str:
    """Write a text into a program; a long one is read from a file there."""
    return repr(text) if len(text) <= LONGEST_IN_URL else 'open("review.txt").read()'


def code(text: str) -> str:
    """Write the Python that reproduces the page's verdict and contributions."""
    return f"""from lstm_core.sentiment.reader import Reader

reading = Reader.load().read({_quoted(text)})
print(reading.verdict, reading.probability)
for token, contribution in zip(reading.tokens_read, reading.contributions.words):
    print(f"{{contribution:+.3f}}  {{token.word}}")
result = {{"probability": reading.probability, "contributions": reading.contributions.words}}
"""


def keras_code(reading: Reading) -> str:
    """The same with Keras and TensorFlow's own gradient; the words become numbers as in training."""
    return f"""import keras
import numpy as np
import tensorflow as tf
from lstm_core.sentiment.reader import ASSETS, Reader

reader = Reader.load()
ids = reader.ids({_quoted(reading.text)})
model = keras.models.load_model(ASSETS / "network.keras")
part = model.get_layer


def logit(vectors):
    hidden = part("second")(part("first")(vectors))
    pooled = tf.concat([tf.reduce_max(hidden, axis=1), tf.reduce_mean(hidden, axis=1)], axis=-1)
    return part("head")(pooled)[:, 0]


embedding = part("embedding").get_weights()[0]
unknown = embedding[np.ones_like(ids)]
way = embedding[ids] - unknown
points = (np.arange({reading.contributions.steps}) + 0.5) / {reading.contributions.steps}
path = tf.constant((unknown + points[:, None, None] * way).astype("float32"))
with tf.GradientTape() as tape:
    tape.watch(path)
    z = logit(path)
contributions = (way * tape.gradient(z, path).numpy().mean(axis=0)).sum(axis=-1)
z = model.predict_on_batch(ids[None])[0, 0]
result = {{"probability": float(reader.calibration.probability(z)), "contributions": contributions}}
print(result)
"""


def torch_code(reading: Reading) -> str:
    """The same with PyTorch, whose gates come in the order of Keras: i, f, g, o."""
    return f"""import numpy as np
import torch
from lstm_core.sentiment.reader import ASSETS, Reader

reader = Reader.load()
ids = reader.ids({_quoted(reading.text)})
{READER_IN_PYTORCH}


def logit(vectors):
    hidden = second(first(vectors)[0])[0]
    pooled = torch.cat([hidden.amax(dim=1), hidden.mean(dim=1)], dim=-1)
    return (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


read = weights["embedding"][torch.tensor(ids.astype("int64"))]
unknown = weights["embedding"][1].expand_as(read)
points = (torch.arange({reading.contributions.steps}) + 0.5) / {reading.contributions.steps}
path = (unknown + points[:, None, None] * (read - unknown)).requires_grad_()
logit(path).sum().backward()
contributions = ((read - unknown) * path.grad.mean(dim=0)).sum(dim=-1)
z = float(logit(read[None])[0])
result = {{
    "probability": float(reader.calibration.probability(z)),
    "contributions": contributions.numpy(),
}}
print(result)
"""
