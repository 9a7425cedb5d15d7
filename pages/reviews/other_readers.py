"""What other readers say of the same text, and whether TensorFlow vouches for ours."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lstm_core.sentiment.lecture_models import LectureModel
from lstm_core.sentiment.others import OURS, Opinion
from lstm_core.sentiment.reader import Marks, Reading
from lstm_core.sentiment.vouching import Voucher
from pages._book.language import decimal, say


def agreement(opinions: Sequence[Opinion], reading: Reading) -> str:
    """Say in Markdown how many of the other readers are on the side of our verdict."""
    theirs = [one.probability >= 0.5 for one in opinions if one.name != OURS]
    values: dict[str, object] = {
        "count": len(theirs),
        "verdict": say(reading.verdict),
        "positive": sum(theirs),
    }
    if reading.verdict not in {"positive", "negative"}:
        return say(
            "Ours says **{verdict}**. Of {count} other readers **{positive}** say positive; they know no "
            "third answer.",
            **values,
        )
    same = sum(theirs) if reading.verdict == "positive" else len(theirs) - sum(theirs)
    return say(
        "Ours says **{verdict}**; **{same} of {count}** other readers say the same.",
        same=same,
        **values,
    )


def about_opinions(with_word_list: bool) -> str:
    """Say what the numbers of the other readers are."""
    about = say(
        "The lecture's three networks were trained again; the linear model counts words and word "
        "pairs. They know two sides alone, split at 0.5. Only our number is calibrated: it says how often such a "
        "verdict is right. Accuracy, time and memory of all are on the page Report."
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
            "A word's colour is what the logit loses without it. The network reads the last {length} words; a "
            "shorter text is filled up in front with padding, which it reads too.",
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


def voucher_sheet(reading: Reading, voucher: Voucher | None) -> str:
    """Set both probabilities side by side as an HTML table; before it is asked, TensorFlow's is open."""
    theirs = "?" if voucher is None else decimal(voucher.tensorflow, ".8f")
    ours = reading.probability if voucher is None else voucher.lstm_core
    apart = "?" if voucher is None else _small(voucher.difference)
    rows = (
        (say("lstm_core (NumPy, this page)"), decimal(ours, ".8f")),
        (say("Keras on TensorFlow"), theirs),
        (say("difference"), apart),
    )
    head = f"<tr><th>{say('read by')}</th><th>{say('probability of positive')}</th></tr>"
    body = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return f'<div class="sheet" data-picture=""><table>{head}{body}</table></div>'


def _small(value: float) -> str:
    """Write a small number as a decimal with two digits that count."""
    if value == 0:
        return "0"
    return decimal(value, f".{max(1, 1 - math.floor(math.log10(value)))}f")


def voucher_sentence(voucher: Voucher) -> str:
    """Say how far both are apart, and what was asked."""
    named = ", ".join(f"{name} {version}" for name, version in voucher.versions.items())
    return say(
        "The logits are {difference} apart. Asked: {named}; it took {seconds:.1f} s, against some "
        "milliseconds here.",
        difference=_small(voucher.logit_difference),
        named=named,
        seconds=voucher.seconds,
    )
