"""The sentiment page: example reviews of our own, and what the page says of a reading."""

from __future__ import annotations

from typing import Any

from lstm_core.lessons.markdown import plain
from lstm_core.sentiment.reader import LONGEST, Reading

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
LONGEST_IN_URL = 3_000
LONGEST_TEXT = 200_000


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
            "right on single sentences is listed below."
        )
    return said


def unknown_words(reading: Reading) -> list[str]:
    """List the words that the network read and does not know, once each, in order."""
    marked = zip(reading.tokens, reading.known, reading.read, strict=True)
    words = (reading.text[t.start : t.end][:40] for t, known, read in marked if read and not known)
    return list(dict.fromkeys(words))


def measured_sentence(results: dict[str, Any]) -> str:
    """Say how good the network is, from its measured results."""
    test, cells = results["test"], results["test"]["confusion"]
    return (
        f"On the {test['reviews']:,} reviews of the official IMDB test, kept apart until the end, **{test['accuracy']:.1%}** of its verdicts are right: "
        f"{cells['true_positive'] + cells['true_negative']:,} right, "
        f"{cells['false_positive']:,} negative reviews taken for positive, "
        f"{cells['false_negative']:,} positive ones taken for negative. {test['reviews_also_in_train']:,} of the test reviews stand "
        "word for word among the official training reviews; without them it is "
        f"{test['accuracy_without_those']:.1%}."
    )


REPORTED = {
    "lstm-hashed": (15, 0.9985, 0.8296),
    "lstm-ranked": (3, 0.9312, 0.8596),
    "bilstm-ranked": (2, 0.8998, 0.8689),
}
"""What the lecture reports of its three networks: epochs, training and validation accuracy."""
REPORTED_AGREEMENT = {"pearson": 0.882, "spearman": 0.886}
"""What the lecture reports of its predictions on 4,500 documents."""
REPORTED_DEVIATIONS = {"mean_deviation": 0.133, "deviation_of_it": 0.147}


def performance_table(results: dict[str, Any], training: dict[str, Any]) -> dict[str, list[str]]:
    """Set the lecture's networks, trained again, beside ours: a column a list."""
    last = training["history"][training["chosen_epoch"] - 1]
    rows = [
        (
            row["title"],
            str(len(row["history"])),
            f"{row['history'][-1]['train_accuracy']:.2%}",
            f"{row['development']['accuracy']:.2%}",
            f"{row['test']['accuracy']:.2%}",
            f"{REPORTED[row['slug']][1]:.2%} / {REPORTED[row['slug']][2]:.2%}",
        )
        for row in results["lecture_models"]
    ]
    ours = (
        "Ours: two Bi-LSTMs",
        str(last["epoch"]),
        f"{last['train_accuracy']:.2%}",
        f"{results['development']['accuracy']:.2%}",
        f"{results['test']['accuracy']:.2%}",
        "",
    )
    names = (
        "network",
        "epochs",
        "training",
        "development",
        "test",
        "lecture: training / validation",
    )
    return {
        name: list(column)
        for name, column in zip(names, zip(*rows, ours, strict=True), strict=True)
    }


def agreement_table(results: dict[str, Any]) -> dict[str, list[str]]:
    """Set the lecture's correlations and deviations beside ours: a column a list."""
    tables = results["lecture_tables"]
    labels = {
        "pearson": "Pearson",
        "spearman": "Spearman rank",
        "mean_deviation": "mean deviation",
        "deviation_of_it": "standard deviation of it",
    }
    reported = REPORTED_AGREEMENT | REPORTED_DEVIATIONS
    return {
        "": list(labels.values()),
        "estimated and given stars": [
            f"{tables['estimated_and_given_stars'][key]:.3f}" for key in labels
        ],
        "probability and label": [f"{tables['probability_and_label'][key]:.3f}" for key in labels],
        "lecture": [f"{reported[key]:.3f}" for key in labels],
    }


def why_no_higher(results: dict[str, Any]) -> str:
    """Say why a label of two values bounds the rank correlation."""
    tables = results["lecture_tables"]
    return (
        f"On {tables['documents']:,} test reviews drawn with seed {tables['seed']}. All positive reviews share one "
        "rank, and so do all negative ones, while a probability ranks them one by one; so even a "
        "perfect reader reaches a Spearman correlation with the labels of only "
        f"**{tables['largest_spearman_with_label']:.3f}**, which is √3 / 2. The lecture's 0.886 "
        "must have been measured against something finer, such as the stars. Deviations are on a "
        "scale from 0 to 1."
    )


def probe_table(results: dict[str, Any]) -> dict[str, list[str]]:
    """List how often the network is right on short sentences of each kind."""
    rates = results["probe"]
    return {
        "kind of sentence": list(rates),
        "sentences": [str(row["sentences"]) for row in rates.values()],
        "right": [f"{row['rate']:.0%}" for row in rates.values()],
        "right and sure enough to say so": [
            f"{row['rate_of_clear_verdicts']:.0%}" for row in rates.values()
        ],
    }


def code(text: str) -> str:
    """Write the Python that reproduces the page's verdict."""
    quoted = repr(text) if len(text) <= LONGEST_IN_URL else 'open("review.txt").read()'
    return f"""from lstm_core.sentiment.reader import Reader

reading = Reader.load().read({quoted})
print(reading.verdict, reading.probability)
for token, contribution in zip(reading.tokens_read, reading.contributions.words):
    print(f"{{contribution:+.3f}}  {{token.word}}")
"""
