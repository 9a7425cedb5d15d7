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
SHORT = 15
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
    share = 1.0 - float(reading.known[reading.read].mean())
    if share > 0.4:
        said.append(
            f"**{share:.0%} of the words are unknown** to the network, so that its verdict says "
            "little. It learned from English film reviews."
        )
    if unknown:
        listed = ", ".join(map(plain, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        said.append(f"Unknown to the network, and struck through below: {listed}")
    if words < SHORT:
        said.append(
            "This is a very short text. The network learned from whole reviews; one sentence is "
            "less certain than the percentage says."
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


def code(text: str) -> str:
    """Write the Python that reproduces the page's verdict."""
    quoted = repr(text) if len(text) <= LONGEST_IN_URL else 'open("review.txt").read()'
    return f"""from lstm_core.sentiment.reader import Reader

reading = Reader.load().read({quoted})
print(reading.verdict, reading.probability)
for token, contribution in zip(reading.tokens_read, reading.contributions.words):
    print(f"{{contribution:+.3f}}  {{token.word}}")
"""
