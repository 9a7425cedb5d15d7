"""What other readers say of the same text, and whether TensorFlow vouches for ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lstm_core.sentiment.lecture_models import LectureModel
from lstm_core.sentiment.others import OURS, Opinion
from lstm_core.sentiment.reader import Marks, Reading
from lstm_core.sentiment.vouching import Voucher
from pages._book.language import mark, say


def opinions_table(opinions: Sequence[Opinion], reading: Reading) -> dict[str, list[Any]]:
    """List what every reader says of a text: a column a list.

    Our own says the verdict of its reading; the others know two sides, split at one half.
    """
    return {
        mark("reader"): [say(one.name) for one in opinions],
        mark("says"): [
            say(reading.verdict) if one.name == OURS else _side(one.probability) for one in opinions
        ],
        mark("positive"): [one.probability for one in opinions],
        "ms": [round(1000 * one.seconds, 1) for one in opinions],
    }


def _side(probability: float) -> str:
    return say("negative") if probability < 0.5 else say("positive")


def about_opinions(with_word_list: bool) -> str:
    """Say what the numbers of the other readers are."""
    about = say(
        "The lecture's three networks, trained again; a linear model that counts words and word "
        "pairs; a list of rated words. These know two sides alone, split at one half; ours can also "
        "take none. Only ours is calibrated, so that only its number is a "
        "probability to be trusted; VADER's is its score moved to 0 to 1. Accuracy, time and "
        "memory of all of them are on the page Report."
    )
    if with_word_list:
        return about
    missing = say("VADER is an optional extra: pip install -r requirements-baselines.txt.")
    return f"{about} {missing}"


def about_lecture_model(model: LectureModel, marks: Marks) -> str:
    """Say how a lecture's network reads, and what it did not read."""
    words, read = len(marks.tokens), int(marks.read.sum())
    unknown = int((~marks.known & marks.read).sum())
    sentences = [
        say(
            "Coloured by what the logit loses without each word. It reads the last {length} words, "
            "after padding in front, which it reads too.",
            length=model.length,
        )
    ]
    if words > read:
        sentences.append(
            say("The first {count:,} words, greyed, were not read.", count=words - read)
        )
    if model.hashed:
        sentences.append(
            say(
                "Words are hashed to numbers, so that different words may share one and none is "
                "unknown."
            )
        )
    else:
        sentences.append(
            say(
                "It knows the {words:,} most frequent words; {unknown:,} here are unknown.",
                words=model.words - 4,
                unknown=unknown,
            )
        )
    return " ".join(sentences)


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
