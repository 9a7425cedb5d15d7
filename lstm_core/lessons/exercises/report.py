"""Tour, quests and questions of the report; the state is what is shown of the measured results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_core.language import mark, plural, say
from lstm_core.lessons.exercises import Card, Quest
from lstm_core.lessons.questions import Question
from lstm_core.lessons.report import which_stars
from lstm_core.sentiment.lecture_models import LECTURE_MODELS
from lstm_core.sentiment.others import OURS

LOST = 0.04
"""So much development accuracy a network must have lost since its best epoch."""
FAR, SEVERAL = 7.0, 10
"""So many stars an error must be off, and so many errors must be shown."""
FOUND = 0.99
"""So many of the positive reviews must be found."""


@dataclass(frozen=True)
class Seen:
    """What is on the screen.

    Attributes:
        network: whose learning curves are drawn, by its English name.
        history: what was measured of it after each epoch.
        errors: those in the list.
        accepted: of the negative reviews, the share in percent that may be taken for positive.
        results: what ``evaluate`` measured of the reader, as ``reader.measured`` reads it.
        failures: where it is wrong, as ``reader.failures`` reads it.
    """

    network: str
    history: Sequence[Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]
    accepted: int
    results: Mapping[str, Any]
    failures: dict[str, Any]

    @property
    def best(self) -> Mapping[str, Any]:
        """The epoch after which it was best on the development reviews."""
        return max(self.history, key=lambda row: row["development_accuracy"])

    @property
    def found(self) -> list[float]:
        """Of the positive reviews, the share that is found for each percent that is accepted."""
        return list(self.results["test"]["roc"]["true_positive_rate"])

    @property
    def nearest(self) -> float:
        """How many stars the smallest error in the list is off; 0 if there is none."""
        return min((_off(row) for row in self.errors), default=0.0)


def _off(error: Mapping[str, Any]) -> float:
    return abs(float(error["stars"]) - float(error["estimated_stars"]))


HASHED = LECTURE_MODELS[0].title
TOUR = (
    Card(
        mark("What it knows by heart"),
        mark(
            "Two curves: accuracy on reviews that it learned from, and on others. The shaded gap "
            "between them is overfitting. **Choose “LSTM, one-hot hashing”** and watch the gap open."
        ),
        sets={"report_curves": OURS},
        cue="report_curves",
        done=lambda values: values.get("report_curves") == HASHED,
    ),
    Card(
        mark("Every threshold at once"),
        mark(
            "A verdict needs a threshold; the ROC curve shows them all. To the right more positive "
            "reviews are found, and more negative ones pass for positive. **Move the slider to 1** "
            "and read how many are still found."
        ),
        cue="report_false",
        done=lambda values: values.get("report_false") == 1,
    ),
    Card(
        mark("Where it goes wrong"),
        mark(
            "One number hides what the errors are. Here are those of which it was surest. **Choose "
            "“Taken for negative”** and look at the words that misled it."
        ),
        sets={"report_errors": "Taken for positive", "report_stars": []},
        cue="report_errors",
        done=lambda values: values.get("report_errors") == "Taken for negative",
    ),
    Card(
        mark("Full marks, and yet"),
        mark(
            "**Show the reviews of 10 stars alone.** The network is sure that their writers did not "
            "like the film."
        ),
        sets={"report_errors": "Taken for negative", "report_stars": []},
        cue="report_stars",
        done=lambda values: list(values.get("report_stars") or []) == [10],
    ),
    Card(
        mark("Whose error?"),
        mark(
            "Read a few excerpts, and follow a link to a film's page. Some writers praise with hard "
            "words or blame with kind ones, some gave stars that do not fit what they wrote. A reader "
            "of words alone cannot know; an accuracy of 100 % is not to be had."
        ),
    ),
)


def _lost(seen: Seen) -> float:
    return float(seen.best["development_accuracy"] - seen.history[-1]["development_accuracy"])


def _lost_told(seen: Seen) -> str:
    return say(
        "{network}: {best:.1%} after epoch {epoch}, {last:.1%} after the last one.",
        network=say(seen.network), best=seen.best["development_accuracy"],
        epoch=seen.best["epoch"], last=seen.history[-1]["development_accuracy"],
    )  # fmt: skip


def _far_told(seen: Seen) -> str:
    if not seen.errors:
        return say("No error is shown.")
    return plural(
        "{count} error is shown; it is {stars:.1f} stars off.",
        "{count} errors are shown; the smallest is {stars:.1f} stars off.",
        len(seen.errors), stars=seen.nearest,
    )  # fmt: skip


def _frugal(seen: Seen) -> bool:
    """Say whether enough are found, and one percent less would not do."""
    at = seen.accepted
    return seen.found[at] >= FOUND and (at == 0 or seen.found[at - 1] < FOUND)


def _frugal_told(seen: Seen) -> str:
    return say(
        "With {accepted} % accepted it finds {found:.1%}.",
        accepted=seen.accepted, found=seen.found[seen.accepted],
    )  # fmt: skip


QUESTS = (
    Quest[Seen](
        "stopped-too-late",
        mark(
            "Show the curves of a network that ends at least four points of development accuracy below "
            "its own best epoch."
        ),
        lambda seen: _lost(seen) >= LOST,
        _lost_told,
        mark("Which of them learned longest?"),
    ),
    Quest[Seen](
        "far-off",
        mark("Filter the errors so that ten or more are shown, and each is more than seven stars off."),
        lambda seen: len(seen.errors) >= SEVERAL and seen.nearest > FAR,
        _far_told,
        mark("How far off can an estimate be, if 1 star was given, and how far, if 4 were?"),
    ),
    Quest[Seen](
        "nearly-all",
        mark(
            "Let it find at least 99 % of the positive reviews, and accept no more negative ones for it "
            "than needed."
        ),
        _frugal,
        _frugal_told,
        mark("The slider beside the ROC curve; go back until one step less would not be enough."),
    ),
)  # fmt: skip


def quiz(seen: Seen) -> tuple[Question, ...]:
    """Ask which stars are hardest, whether it keeps its word, when to stop, and of the area."""
    return which_stars(seen.failures), _keeps_its_word(seen), _when_to_stop(seen), _area(seen)


def _keeps_its_word(seen: Seen) -> Question:
    """Ask how many were positive where sureness and rightness are furthest apart."""
    rows = seen.results["test"]["reliability"]
    row = max(rows, key=lambda row: abs(row["mean_probability"] - row["share_positive"]))
    said, were = row["mean_probability"], row["share_positive"]
    extreme = 1.0 if said >= 0.5 else 0.0
    values = sorted({said, were, extreme})
    fact = say(
        "It said {said:.1%}, and {were:.1%} were. Weighted over all tenths it is off by {error:.2%}.",
        said=said, were=were, error=seen.results["test"]["calibration_error"],
    )  # fmt: skip
    return Question(
        say(
            "Look at the dot of the {reviews:,} reviews to which it gave {said:.0%} positive on "
            "average. How many of them were positive?",
            reviews=row["reviews"], said=said,
        ),
        tuple(f"{value:.0%}" for value in values),
        (values.index(were),),
        tuple(fact for _ in values),
        tuple("confidence-is-correctness" if value == said != were else "" for value in values),
    )  # fmt: skip


def _when_to_stop(seen: Seen) -> Question:
    """Ask which epoch of the network whose curves are drawn should be kept."""
    most = seen.best["development_accuracy"]
    rows = {row["epoch"]: row for row in seen.history}
    some = sorted({min(rows), seen.best["epoch"], max(rows)})
    right = tuple(
        place for place, epoch in enumerate(some) if rows[epoch]["development_accuracy"] == most
    )
    return Question(
        say(
            "{network}: you may keep the weights of one epoch. Which, for reviews that nobody has seen "
            "yet?",
            network=say(seen.network),
        ),
        tuple(say("Those after epoch {epoch}", epoch=epoch) for epoch in some),
        right,
        tuple(
            say(
                "After epoch {epoch} it is right in {training:.1%} of the reviews that it learned from, "
                "and in {development:.1%} of the others.",
                epoch=epoch, training=rows[epoch]["train_accuracy"],
                development=rows[epoch]["development_accuracy"],
            )
            for epoch in some
        ),
    )  # fmt: skip


def _area(seen: Seen) -> Question:
    """Ask what the area under the ROC curve means, against accuracy."""
    test = seen.results["test"]
    accuracy, area = test["accuracy"], test["roc_auc"]
    both = accuracy**2
    told = {
        both: say(
            "{both:.1%} would be both verdicts right, if they were independent. To rank them, neither "
            "verdict has to be right.",
            both=both,
        ),
        accuracy: say(
            "{accuracy:.1%} is how often one verdict is right, with the threshold at one half. Ranking "
            "needs no threshold.",
            accuracy=accuracy,
        ),
        area: say("That is what the area under the curve says: {area:.4f}.", area=area),
    }
    values = sorted(told)
    return Question(
        say(
            "A positive and a negative test review are drawn at random. How often does the positive one "
            "get the higher probability?"
        ),
        tuple(f"{value:.1%}" for value in values),
        (values.index(area),),
        tuple(told[value] for value in values),
    )
