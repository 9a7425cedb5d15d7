"""The lecture's challenges, and more of them, measured on this network: what fails, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.probe import is_right
from lstm_core.sentiment.reader import Reading, Scores
from pages._book.language import mark, say
from pages._book.programs import Programs, programs
from pages._book.questions import Question


@dataclass(frozen=True)
class Challenge:
    """One thing that is hard to read.

    Attributes:
        name: what the page calls it, marked for translation, as is ``why``.
        probe: its class in the probe file; empty if it is measured otherwise.
        why: why it is hard for this network, in Markdown.
    """

    name: str
    probe: str
    why: str


CHALLENGES = (
    Challenge(
        mark("Irony"),
        "irony",
        mark(
            "Irony says the opposite of what it means, in words of praise. Most ironic reviews say "
            "somewhere else, in plain words, what they mean. So the network was seldom forced to "
            "learn irony."
        ),
    ),
    Challenge(
        mark("Sarcasm"),
        "sarcasm",
        mark(
            "Sarcasm is irony that means to hurt, and it exaggerates. The network reads the "
            "exaggeration as praise, because it hears no tone. It knows some set phrases that are "
            "common in reviews, such as “slow clap”."
        ),
    ),
    Challenge(
        mark("Emoji and emoticons"),
        "emoji",
        mark(
            "The reviews are from before 2011 and hold hardly any emoji. The tokenizer keeps emoji "
            "and emoticons such as :D as words. The network knows those that stood in reviews or in "
            "its plain sentences written by rule."
        ),
    ),
    Challenge(
        mark("Definition of neutral"),
        "neutral",
        mark(
            "IMDB's data hold reviews of 1 to 4 and of 7 to 10 stars, **and no neutral ones**. So a "
            "plain fact is unlike the reviews that it learned from. Right means here that it takes no "
            "side."
        ),
    ),
    Challenge(
        mark("Negation"),
        "negation",
        mark(
            "“Not bad” is praise: the meaning sits in two words together. The network must carry the "
            "“not” in its states to the word that it turns."
        ),
    ),
    Challenge(
        mark("Contrast"),
        "contrast",
        mark(
            "After “but” the second half usually counts more. Both halves are opinions. The verdict "
            "is made from the largest and the mean hidden state over time. In both a strong word counts, "
            "wherever it stands."
        ),
    ),
    Challenge(
        mark("Comparison"),
        "comparison",
        mark(
            "“Better than the first one” praises; “the first one was better” does not. The words are "
            "the same, and their order decides who is compared with whom."
        ),
    ),
    Challenge(
        mark("Then and now"),
        "temporal",
        mark(
            "“I used to love it” says that love is over. The tense decides, and the word or ending "
            "that shows it may stand far from the opinion."
        ),
    ),
    Challenge(
        mark("Misspelling"),
        "misspelling",
        mark(
            "The vocabulary is a list of words as they are spelt. A misspelt word is read as the nearest one, "
            "if that is plain; otherwise it is unknown, and all unknown words share one vector."
        ),
    ),
    Challenge(
        mark("Other domains"),
        "domain",
        mark(
            "Most of what it learned from speaks of films. Praise that fits everything (“excellent”) carries over. "
            "What praises a gearbox or a mattress (“quiet”, “firm”) means something else of a film, "
            "or nothing."
        ),
    ),
    Challenge(
        mark("Other languages"),
        "language",
        mark(
            "It learned English, so words of other languages are mostly unknown. Right means here "
            "that it takes no side or says “not a review”. Of a short text with shared words (“super film”) "
            "nobody can tell the language."
        ),
    ),
    Challenge(
        mark("Length"),
        "",
        mark(
            "In a review of some 230 words an opinion stands more than once; in a sentence it stands "
            "once. Measured on development reviews that were cut to their first or last words."
        ),
    ),
)
BY_NAME = {challenge.name: challenge for challenge in CHALLENGES}
START = {"challenge": "Irony", "challenge_text": "", "challenge_wrong": True}
"""The page's controls by their keys, with what they stand at to begin with.

The field to try opens with a sentence that is chosen by what the network makes of it.
"""


def interval(rate: float, count: int) -> tuple[float, float]:
    """Compute Wilson's 95% interval of a rate from so many trials."""
    z = 1.96
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    reach = (
        z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    )
    # Rounding may leave the rate itself just outside.
    return max(0.0, min(rate, centre - reach)), min(1.0, max(rate, centre + reach))


@dataclass(frozen=True)
class Examples:
    """The sentences to try of a challenge; English in every language, for they are what is read.

    Attributes:
        failure: the one that the network gets most wrong; "" if there is none.
        success: the one that it gets most right; "" if there is none.
        of: how many sentences they were chosen from.
    """

    failure: str
    success: str
    of: int

    @property
    def first(self) -> str:
        """What stands in the field to begin with: a failure, where there is one."""
        return self.failure or self.success


def of_challenge(challenge: Challenge, probe: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Take the probe sentences of a challenge; for length, which has no class, all well spelt ones."""
    if not challenge.probe:
        return [row for row in probe if row["class"] != "misspelling"]
    return [row for row in probe if row["class"] == challenge.probe]


def examples(challenge: Challenge, rows: Sequence[dict[str, str]], scores: Scores) -> Examples:
    """Choose the sentences to try by what the network makes of them, whichever network it is.

    Most wrong is the probability that is furthest from what was meant, most right the nearest. For
    length they are the shortest sentences whose words are all known, so that only that is hard.

    Args:
        challenge: the one that was chosen.
        rows: its sentences.
        scores: what the network says of them.
    """
    ranked: dict[bool, list[tuple[float, int]]] = {True: [], False: []}
    known = scores.known_share.tolist()
    for place, (row, p, share, refused) in enumerate(
        zip(rows, scores.probability.tolist(), known, scores.refused, strict=True)
    ):
        if math.isnan(p) or (not challenge.probe and share < 1):
            continue
        right = is_right(row["expected"], p, refused)
        if not challenge.probe:
            far = float(len(row["text"].split()))
        else:
            far = abs(p - MEANT[row["expected"]]) * (1 if right else -1)
        ranked[right].append((far, place))
    failure, success = (
        rows[min(ranked[right])[1]]["text"] if ranked[right] else "" for right in (False, True)
    )
    return Examples(failure, success, len(rows))


MEANT = {"positive": 1.0, "negative": 0.0, "unclear": 0.5}
"""The probability that a perfect reader would give to what is meant."""


def how_chosen(challenge: Challenge, chosen: Examples) -> str:
    """Say how the sentences to try were chosen."""
    if not challenge.probe:
        return say(
            "Of {count} sentences of our own, of all kinds, with no unknown word: the shortest that it gets "
            "wrong, and the shortest that it gets right.",
            count=chosen.of,
        )
    return say(
        "Of {count} sentences of our own: the one with the probability that is furthest from what is "
        "meant, and the one with the nearest.",
        count=chosen.of,
    )


def is_it_read_rightly(rows: Sequence[dict[str, str]], reading: Reading) -> str:
    """Say in Markdown whether a sentence of our own is read rightly; "" of any other one."""
    expected = next((row["expected"] for row in rows if row["text"] == reading.text), "")
    if not expected:
        return ""
    values = {
        "meant": say("no side") if expected == "unclear" else say(expected),
        "verdict": say(reading.verdict),
    }
    if not is_right(expected, reading.probability, reading.refused):
        return say("**✘ Read wrongly.** Meant: {meant}. Read as: {verdict}.", **values)
    if expected in {"unclear", reading.verdict}:
        return say("**✔ Read rightly.** Meant: {meant}. Read as: {verdict}.", **values)
    return say(
        "**✔ On the right side of 0.5,** but it takes no side. Meant: {meant}. Read as: {verdict}.",
        **values,
    )


def yours(reading: Reading) -> str:
    """Say in Markdown how a sentence of the visitor's own is read, and ask whether that is right."""
    return say("Read as **{verdict}**. Is that what you meant?", verdict=say(reading.verdict))


def how_often(challenge: Challenge, results: dict[str, Any]) -> str:
    """Say in plain text how often the network is right on sentences of this kind; "" of length."""
    if not challenge.probe:
        return ""
    return say(
        "Careful: of 100 sentences of this kind it reads {count} rightly.",
        count=round(100 * results["probe"][challenge.probe]["rate"]),
    )


def name_in_chart(challenge: Challenge) -> str:
    """Name a challenge beside its rate, and say what is right where that is no side."""
    if challenge.probe in {"neutral", "language"}:
        return say("{name}: no side taken", name=say(challenge.name))
    return say(challenge.name)


def named_rates(results: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Return the rates as ``rates`` does, by the names that the chart shows."""
    return {name_in_chart(BY_NAME[name]): rate for name, rate in rates(results).items()}


def shortness_sentence(rows: Sequence[dict[str, Any]]) -> str:
    """Say in Markdown what shortness costs, and which end of a review says more."""
    right = {(row["which"], row["words"]): row["accuracy"] for row in rows}
    least, most = min(row["words"] for row in rows), max(row["words"] for row in rows)
    return say(
        "With the last {least} words of a review it is right in **{few:.0%}**, with the last {most} in "
        "**{many:.0%}**. The last words say more than the first: verdicts stand at the end.",
        least=least,
        most=most,
        few=right["last", least],
        many=right["last", most],
    )


def rates(results: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """Return the rate of each challenge with a probe, and its interval, by its name."""
    rates_by_name = {}
    for challenge in CHALLENGES:
        if row := results["probe"].get(challenge.probe):
            low, high = interval(row["rate"], row["sentences"])
            rates_by_name[challenge.name] = (row["rate"], low, high)
    return rates_by_name


def rate_sentence(challenge: Challenge, results: dict[str, Any]) -> str:
    """Say in Markdown how often the network is right on a challenge, as it was measured."""
    row = results["probe"][challenge.probe]
    low, high = interval(row["rate"], row["sentences"])
    right = round(row["rate"] * row["sentences"])
    values: dict[str, object] = {
        "name": say(challenge.name),
        "right": right,
        "sentences": row["sentences"],
        "rate": row["rate"],
        "low": low,
        "high": high,
    }
    if challenge.probe in {"neutral", "language"}:
        return say(
            "{name}: it rightly takes no side in **{right} of {sentences}** sentences (**{rate:.0%}**, 95% "
            "interval {low:.0%} to {high:.0%}).",
            **values,
        )
    return say(
        "{name}: the right side in **{right} of {sentences}** sentences (**{rate:.0%}**, 95% interval "
        "{low:.0%} to {high:.0%}). The dotted line is guessing.",
        **values,
    )


def probe_table(
    rows: Sequence[dict[str, str]], scores: Scores, only_wrong: bool
) -> dict[str, list[Any]]:
    """List probe sentences with what the network says of them now: a column a list."""
    table: dict[str, list[Any]] = {
        "": [],
        mark("sentence"): [],
        mark("meant"): [],
        mark("read as"): [],
        mark("probability of positive"): [],
    }
    for row, p, refused in zip(rows, scores.probability.tolist(), scores.refused, strict=True):
        nothing = math.isnan(p)
        right = is_right(row["expected"], 0.5 if nothing else p, "no word" if nothing else refused)
        if right and only_wrong:
            continue
        table[""].append("✔" if right else "✘")
        table["sentence"].append(row["text"])
        table["meant"].append(
            say("no side") if row["expected"] == "unclear" else say(row["expected"])
        )
        table["read as"].append(say("no word") if nothing else say(verdict(p, refused)))
        table["probability of positive"].append(None if nothing else p)
    return table


def hardest(results: dict[str, Any]) -> Question:
    """Ask which challenge the network fails most often."""
    right_in = {name: rate for name, (rate, _, _) in rates(results).items()}
    names = ("Irony", "Negation", "Emoji and emoticons", "Other languages")
    worst = min(right_in[name] for name in names)
    right = tuple(place for place, name in enumerate(names) if right_in[name] == worst)
    feedback = tuple(
        say("{name}: right in {rate:.0%}.", name=say(name), rate=right_in[name]) for name in names
    )
    text = say("On which of these does the network fail most often?")
    return Question(text, tuple(map(say, names)), right, feedback)


def taken_home(
    rows: Sequence[dict[str, str]], scores: Scores | None, failures: dict[str, Any]
) -> dict[str, Any]:
    """Collect what the page shows of a challenge: a column a list."""
    if scores is None:
        names = ("which", "words", "accuracy")
        return {name: [row[name] for row in failures["by_words_left"]] for name in names}
    return {
        "sentence": [row["text"] for row in rows],
        "expected": [row["expected"] for row in rows],
        "probability": scores.probability,
        "known_share": scores.known_share,
        "refused": list(scores.refused),
    }


def programs_of(challenge: Challenge) -> Programs:
    """Return the programs that read a challenge's sentences, or that give what shortness costs."""
    if not challenge.probe:
        return programs("challenges", "length")
    return programs("challenges", "sentences", kind=challenge.probe)
