"""The lecture's challenges, and more of them, measured on this network: what fails, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_core.language import mark, say
from lstm_core.lessons.programs import READER_IN_PYTORCH
from lstm_core.lessons.questions import Question
from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.evaluation import is_right
from lstm_core.sentiment.reader import Reading, Scores


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
            "Irony says one thing and means the other; the words are those of praise. Reviews are so "
            "long that some sentence gives it away, so that the network was seldom forced to learn it, "
            "and what the writer really means often follows from the world and not from the words."
        ),
    ),
    Challenge(
        mark("Sarcasm"),
        "sarcasm",
        mark(
            "Sarcasm is irony that means to hurt, and lives from exaggeration and tone. The network "
            "reads the exaggeration as praise; it hears no tone. Where a sarcastic set phrase is common "
            "in reviews (“slow clap”), it may have learned it by heart."
        ),
    ),
    Challenge(
        mark("Emoji and emoticons"),
        "emoji",
        mark(
            "The reviews are from before 2011 and hold hardly any emoji. The tokenizer keeps emoji and "
            "emoticons such as :D as words, and plain sentences written by rule taught the network "
            "some of them; one that neither held is unknown. Of ¯\\_(ツ)_/¯ only the letter in "
            "the middle is left."
        ),
    ),
    Challenge(
        mark("Definition of neutral"),
        "neutral",
        mark(
            "IMDB's data hold reviews of 1 to 4 and 7 to 10 stars: **no neutral review was ever seen**, "
            "so that nothing in them teaches what neutral is. A plain fact is far from all that it "
            "learned. Right means here that no side is taken; plain sentences written by rule helped."
        ),
    ),
    Challenge(
        mark("Negation"),
        "negation",
        mark(
            "“Not bad” is no praise of badness: the meaning sits in two words together. The network "
            "must carry the “not” in its cell state to the word that it turns, over other words too. "
            "Often it only adds the two up; under “Ask why” on the page Sentiment you can see which."
        ),
    ),
    Challenge(
        mark("Contrast"),
        "contrast",
        mark(
            "After “but” the second half usually counts more. Both halves are opinions, and the "
            "largest hidden state over time, which the verdict is made from, keeps the loudest word "
            "wherever it stands."
        ),
    ),
    Challenge(
        mark("Comparison"),
        "comparison",
        mark(
            "“Better than the first one” praises; “the first one was better” does not. Who is compared "
            "with whom is order and grammar, and the words are the same."
        ),
    ),
    Challenge(
        mark("Then and now"),
        "temporal",
        mark(
            "“I used to love it” is no love today. What counts is the tense, a word or an ending far "
            "away from the opinion."
        ),
    ),
    Challenge(
        mark("Misspelling"),
        "misspelling",
        mark(
            "The vocabulary is a list of words as they are written. A misspelled one is unknown, and all "
            "unknown words are one and the same vector; what is left of a short text may be nothing."
        ),
    ),
    Challenge(
        mark("Other domains"),
        "domain",
        mark(
            "It learned films. Praise that every thing gets (“excellent”) carries over; what is good "
            "for a gearbox or a mattress (“quiet”, “firm”) means something else of a film, or nothing."
        ),
    ),
    Challenge(
        mark("Other languages"),
        "language",
        mark(
            "It learned English. Words of other languages are mostly unknown, and the page says then that "
            "this does not read like a review; right means that it does so, or takes no side. A few "
            "words that English shares (“film”, “charmant”) can be enough to mislead it."
        ),
    ),
    Challenge(
        mark("Length"),
        "",
        mark(
            "It learned on reviews of some 230 words, in which opinions are said more than once. One "
            "sentence holds one, said once. Measured on development reviews cut to their first and to "
            "their last words: verdicts stand at the end."
        ),
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
    found: dict[bool, list[tuple[float, int]]] = {True: [], False: []}
    known = scores.known_share.tolist()
    for place, (row, p, share) in enumerate(
        zip(rows, scores.probability.tolist(), known, strict=True)
    ):
        if math.isnan(p) or (not challenge.probe and share < 1):
            continue
        right = is_right(row["expected"], p, share)
        if not challenge.probe:
            far = float(len(row["text"].split()))
        else:
            far = abs(p - MEANT[row["expected"]]) * (1 if right else -1)
        found[right].append((far, place))
    failure, success = (
        rows[min(found[right])[1]]["text"] if found[right] else "" for right in (False, True)
    )
    return Examples(failure, success, len(rows))


MEANT = {"positive": 1.0, "negative": 0.0, "unclear": 0.5}
"""The probability that a perfect reader would give to what is meant."""


def how_chosen(challenge: Challenge, found: Examples) -> str:
    """Say how the sentences to try were chosen."""
    if not challenge.probe:
        return say(
            "Chosen by rule from {count} sentences of our own, of all kinds: the shortest that it gets "
            "wrong, and the shortest that it gets right, with no unknown word.",
            count=found.of,
        )
    return say(
        "Chosen by rule from the {count} sentences below: the one that it gets most wrong, and the one "
        "that it gets most right.",
        count=found.of,
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
    if not is_right(expected, reading.probability, reading.known_share):
        return say("**✘ A failure.** Meant: {meant}. Read as: {verdict}.", **values)
    if expected in {"unclear", reading.verdict}:
        return say("**✔ Read rightly.** Meant: {meant}. Read as: {verdict}.", **values)
    return say(
        "**✔ On the right side of one half,** but not sure enough to say so. Meant: {meant}. Read as: "
        "{verdict}.",
        **values,
    )


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
    said = say(
        "Right in **{right} of {sentences}** sentences: **{rate:.0%}** (by chance between {low:.0%} "
        "and {high:.0%} of all such sentences).",
        right=right, sentences=row["sentences"], rate=row["rate"], low=low, high=high,
    )  # fmt: skip
    if row["rate_of_clear_verdicts"] == row["rate"]:
        return said
    sure = say("Sure enough to say so: {rate:.0%}.", rate=row["rate_of_clear_verdicts"])
    return f"{said} {sure}"


def probe_table(
    rows: Sequence[dict[str, str]], scores: Scores, only_wrong: bool
) -> dict[str, list[Any]]:
    """List probe sentences with what the network says of them now: a column a list."""
    table: dict[str, list[Any]] = {
        "": [],
        mark("sentence"): [],
        mark("meant"): [],
        mark("read as"): [],
        mark("positive"): [],
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
        table["meant"].append(
            say("no side") if row["expected"] == "unclear" else say(row["expected"])
        )
        table["read as"].append(say("no word") if nothing else say(verdict(p, known)))
        table["positive"].append(None if nothing else p)
    return table


def hardest(results: dict[str, Any]) -> Question:
    """Ask which challenge the network fails most often."""
    found = {name: rate for name, (rate, _, _) in rates(results).items()}
    names = ("Irony", "Negation", "Emoji and emoticons", "Other languages")
    worst = min(found[name] for name in names)
    right = tuple(place for place, name in enumerate(names) if found[name] == worst)
    feedback = tuple(
        say("{name}: right in {rate:.0%}.", name=say(name), rate=found[name]) for name in names
    )
    text = say("Which of these does this network fail most often?")
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
    }


def code(challenge: Challenge) -> str:
    """Write the Python that reads the sentences of a challenge as the page does."""
    if not challenge.probe:
        return _FAILURES
    return f"""from lstm_core.sentiment.evaluation import is_right, read_probe
from lstm_core.sentiment.reader import Reader

rows = [row for row in read_probe() if row["class"] == "{challenge.probe}"]
scores = Reader.load().score([row["text"] for row in rows])
right = [
    is_right(row["expected"], p, known)
    for row, p, known in zip(rows, scores.probability, scores.known_share)
]
print(f"right: {{sum(right)}} of {{len(right)}}")
result = scores.probability
"""


_FAILURES = """from lstm_core.sentiment.reader import failures

rows = failures()["by_words_left"]
for row in rows:
    print(f"{row['which']} {row['words']} words: {row['accuracy']:.1%}")
result = [row["accuracy"] for row in rows]
"""


def keras_code(challenge: Challenge) -> str:
    """The same with Keras; the words become numbers as in training. "" where nothing is read."""
    if not challenge.probe:
        return ""
    return f"""import keras
import numpy as np
from lstm_core.sentiment.evaluation import read_probe
from lstm_core.sentiment.reader import ASSETS, Reader
from lstm_core.sentiment.tokenizer import pad

rows = [row for row in read_probe() if row["class"] == "{challenge.probe}"]
reader = Reader.load()
ids = pad([reader.ids(row["text"]) for row in rows])
model = keras.models.load_model(ASSETS / "network.keras")
# Keras' own layers leave the padding out, for the embedding masks it.
logits = model.predict(ids, verbose=0)[:, 0]
result = reader.calibration.probability(logits)
print(np.round(result, 3))
"""


def torch_code(challenge: Challenge) -> str:
    """The same with PyTorch, one sentence at a time. "" where nothing is read."""
    if not challenge.probe:
        return ""
    return f"""import numpy as np
import torch
from lstm_core.sentiment.evaluation import read_probe
from lstm_core.sentiment.reader import ASSETS, Reader

rows = [row for row in read_probe() if row["class"] == "{challenge.probe}"]
reader = Reader.load()
{READER_IN_PYTORCH}
logits = []
with torch.no_grad():
    for row in rows:
        ids = torch.tensor(reader.ids(row["text"]).astype("int64"))
        hidden = second(first(weights["embedding"][ids][None])[0])[0]
        pooled = torch.cat([hidden.amax(dim=1), hidden.mean(dim=1)], dim=-1)
        logits.append(float((pooled @ weights["head_kernel"] + weights["head_bias"])[0, 0]))
result = reader.calibration.probability(np.array(logits))
print(np.round(result, 3))
"""
