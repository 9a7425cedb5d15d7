"""The lecture's challenges, and more of them, measured on this network: what fails, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_core.lessons.questions import Question
from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.evaluation import is_right
from lstm_core.sentiment.reader import Scores


@dataclass(frozen=True)
class Challenge:
    """One thing that is hard to read.

    Attributes:
        name: what the page calls it.
        probe: its class in the probe file; empty if it is measured otherwise.
        why: why it is hard for this network, in Markdown.
        example: a sentence to try.
    """

    name: str
    probe: str
    why: str
    example: str


CHALLENGES = (
    Challenge(
        "Irony",
        "irony",
        "Irony says one thing and means the other; the words are those of praise. Reviews are so "
        "long that some sentence gives it away, so that the network was seldom forced to learn it, "
        "and what the writer really means often follows from the world and not from the words.",
        "Oh wonderful, my room comes with free cockroaches.",
    ),
    Challenge(
        "Sarcasm",
        "sarcasm",
        "Sarcasm is irony that means to hurt, and lives from exaggeration and tone. The network "
        "reads the exaggeration as praise; it hears no tone. Where a sarcastic set phrase is common "
        "in reviews (“slow clap”), it may have learned it by heart.",
        "A masterclass in how to empty a cinema.",
    ),
    Challenge(
        "Emoji and emoticons",
        "emoji",
        "The reviews are from before 2011 and hold hardly any emoji. The tokenizer keeps emoji and "
        "emoticons such as :D as words, and plain sentences written by rule taught the network "
        "some of them; one that neither held is unknown. Of ¯\\_(ツ)_/¯ only the letter in "
        "the middle is left.",
        "About that season finale :(",
    ),
    Challenge(
        "Definition of neutral",
        "neutral",
        "IMDB's data hold reviews of 1 to 4 and 7 to 10 stars: **no neutral review was ever seen**, "
        "so that nothing in them teaches what neutral is. A plain fact is far from all that it "
        "learned. Right means here that no side is taken; plain sentences written by rule helped.",
        "The film runs for a hundred and twelve minutes.",
    ),
    Challenge(
        "Negation",
        "negation",
        "“Not bad” is no praise of badness: the meaning sits in two words together. The network "
        "must carry the “not” in its cell state to the word that it turns, over other words too. "
        "Often it only adds the two up; under “Ask why” on the page Sentiment you can see which.",
        "I couldn't find a single thing to complain about.",
    ),
    Challenge(
        "Contrast",
        "contrast",
        "After “but” the second half usually counts more. Both halves are opinions, and the "
        "largest hidden state over time, which the verdict is made from, keeps the loudest word "
        "wherever it stands.",
        "The first half is gripping, but the second falls apart.",
    ),
    Challenge(
        "Comparison",
        "comparison",
        "“Better than the first one” praises; “the first one was better” does not. Who is compared "
        "with whom is order and grammar, and the words are the same.",
        "The first one was so much better than this.",
    ),
    Challenge(
        "Then and now",
        "temporal",
        "“I used to love it” is no love today. What counts is the tense, a word or an ending far "
        "away from the opinion.",
        "I used to love this place.",
    ),
    Challenge(
        "Misspelling",
        "misspelling",
        "The vocabulary is a list of words as they are written. A misspelled one is unknown, and all "
        "unknown words are one and the same vector; what is left of a short text may be nothing.",
        "best moive ive seen al year",
    ),
    Challenge(
        "Other domains",
        "domain",
        "It learned films. Praise that every thing gets (“excellent”) carries over; what is good "
        "for a gearbox or a mattress (“quiet”, “firm”) means something else of a film, or nothing.",
        "The brakes squeal and the dealer refuses to look at them.",
    ),
    Challenge(
        "Other languages",
        "language",
        "It learned English. Words of other languages are mostly unknown, and the page says then that "
        "this does not read like a review; right means that it does so, or takes no side. A few "
        "words that English shares (“film”, “charmant”) can be enough to mislead it.",
        "Der Film war wunderbar, ich habe von Anfang bis Ende gelacht.",
    ),
    Challenge(
        "Length",
        "",
        "It learned on reviews of some 230 words, in which opinions are said more than once. One "
        "sentence holds one, said once. Measured on development reviews cut to their first and to "
        "their last words: verdicts stand at the end.",
        "Meh.",
    ),
)
BY_NAME = {challenge.name: challenge for challenge in CHALLENGES}


def interval(rate: float, count: int) -> tuple[float, float]:
    """Compute Wilson's 95 % interval of a rate from so many trials."""
    z = 1.96
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    reach = (
        z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    )
    # Rounding may leave the rate itself just outside.
    return max(0.0, min(rate, centre - reach)), min(1.0, max(rate, centre + reach))


def rates(results: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Return the rate of each challenge with a probe, and its interval, by its name."""
    found = {}
    for challenge in CHALLENGES:
        if row := results["probe"].get(challenge.probe):
            low, high = interval(row["rate"], row["sentences"])
            found[challenge.name] = (row["rate"], low, high)
    return found


def rate_sentence(challenge: Challenge, results: dict[str, Any]) -> str:
    """Say in Markdown how often the network is right on a challenge, as it was measured."""
    row = results["probe"][challenge.probe]
    low, high = interval(row["rate"], row["sentences"])
    right = round(row["rate"] * row["sentences"])
    said = f"Right in **{right} of {row['sentences']}** sentences: **{row['rate']:.0%}**"
    sure = (
        ""
        if row["rate_of_clear_verdicts"] == row["rate"]
        else f" Sure enough to say so: {row['rate_of_clear_verdicts']:.0%}."
    )
    return f"{said} (by chance between {low:.0%} and {high:.0%} of all such sentences).{sure}"


def probe_table(
    rows: Sequence[dict[str, str]], scores: Scores, only_wrong: bool
) -> dict[str, list[Any]]:
    """List probe sentences with what the network says of them now: a column a list."""
    table: dict[str, list[Any]] = {
        "": [],
        "sentence": [],
        "meant": [],
        "read as": [],
        "positive": [],
    }
    for row, p, known in zip(
        rows, scores.probability.tolist(), scores.known_share.tolist(), strict=True
    ):
        nothing = math.isnan(p)
        right = is_right(row["expected"], 0.5 if nothing else p, 0.0 if nothing else known)
        if right and only_wrong:
            continue
        table[""].append("✔" if right else "✘")
        table["sentence"].append(row["text"])
        table["meant"].append("no side" if row["expected"] == "unclear" else row["expected"])
        table["read as"].append("no word" if nothing else verdict(p, known))
        table["positive"].append(None if nothing else p)
    return table


def hardest(results: dict[str, Any]) -> Question:
    """Ask which challenge the network fails most often."""
    found = {name: rate for name, (rate, _, _) in rates(results).items()}
    names = ("Irony", "Negation", "Emoji and emoticons", "Other languages")
    worst = min(found[name] for name in names)
    right = tuple(place for place, name in enumerate(names) if found[name] == worst)
    feedback = tuple(f"{name}: right in {found[name]:.0%}." for name in names)
    return Question("Which of these does this network fail most often?", names, right, feedback)
