"""Tour, quests and questions of the report; the state is what is shown of the measured results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_core.sentiment.lecture_models import LECTURE_MODELS
from pages._book.exercises import Card, Quest
from pages._book.language import mark, plural, say
from pages._book.questions import Question
from pages.report.lesson import ROC, START, which_stars

LOST = 0.04
"""So much development accuracy a network must have lost since its best epoch."""
FAR, SEVERAL = 7.0, 10
"""So many stars an error must be off, and so many errors must be shown."""
FOUND = 0.99
"""So many of the positive reviews must be found."""


@dataclass(frozen=True)
class Screen:
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
        sets={"report_curves": START["report_curves"]},
        cue="report_curves",
        done=lambda values: values.get("report_curves") == HASHED,
        panel="overfitting",
    ),
    Card(
        mark("Every threshold at once"),
        mark(
            "A verdict needs a threshold; the ROC curve shows them all. To the right more positive "
            "reviews are found, and more negative ones pass for positive. **Move the slider to 1** "
            "and read how many are still found."
        ),
        sets={"report_view": ROC},
        cue="report_false",
        done=lambda values: values.get("report_false") == 1,
        panel="calibration",
    ),
    Card(
        mark("Where it goes wrong"),
        mark(
            "One number hides what the errors are. Here are those of which it was surest. **Choose "
            "“Taken for negative”** and look at the words that misled it."
        ),
        sets={key: START[key] for key in ("report_errors", "report_stars")},
        cue="report_errors",
        done=lambda values: values.get("report_errors") == "Taken for negative",
        panel="errors",
    ),
    Card(
        mark("10 stars, read as negative"),
        mark(
            "**Show the reviews of 10 stars alone.** The network is sure that their writers did not "
            "like the film."
        ),
        sets={"report_errors": "Taken for negative", "report_stars": START["report_stars"]},
        cue="report_stars",
        done=lambda values: list(values.get("report_stars") or []) == [10],
        panel="errors",
    ),
    Card(
        mark("Whose error?"),
        mark(
            "Read a few excerpts, and follow a link to a film's page. Some writers praise with hard "
            "words or blame with kind ones, some gave stars that do not fit what they wrote. A reader "
            "of words alone cannot know; an accuracy of 100% is not to be had."
        ),
        panel="errors",
    ),
)


def _lost(screen: Screen) -> float:
    return float(screen.best["development_accuracy"] - screen.history[-1]["development_accuracy"])


def _lost_so_far(screen: Screen) -> str:
    return say(
        "{network}: {best:.1%} after epoch {epoch}, {last:.1%} after the last one.",
        network=say(screen.network),
        best=screen.best["development_accuracy"],
        epoch=screen.best["epoch"],
        last=screen.history[-1]["development_accuracy"],
    )


def _far_so_far(screen: Screen) -> str:
    if not screen.errors:
        return say("No error is shown.")
    return plural(
        "{count} error is shown; it is {stars:.1f} stars off.",
        "{count} errors are shown; the smallest is {stars:.1f} stars off.",
        len(screen.errors),
        stars=screen.nearest,
    )


def _frugal(screen: Screen) -> bool:
    """Say whether enough are found, and one percent less would not do."""
    at = screen.accepted
    return screen.found[at] >= FOUND and (at == 0 or screen.found[at - 1] < FOUND)


def _found_so_far(screen: Screen) -> str:
    return say(
        "With {accepted:.0%} accepted it finds {found:.1%}.",
        accepted=screen.accepted / 100,
        found=screen.found[screen.accepted],
    )


QUESTS = (
    Quest[Screen](
        "stopped-too-late",
        mark(
            "Show the curves of a network that ends at least four points of development accuracy below "
            "its own best epoch."
        ),
        lambda screen: _lost(screen) >= LOST,
        _lost_so_far,
        mark("Which of them learned longest?"),
    ),
    Quest[Screen](
        "far-off",
        mark(
            "Filter the errors so that ten or more are shown, and each is more than seven stars off."
        ),
        lambda screen: len(screen.errors) >= SEVERAL and screen.nearest > FAR,
        _far_so_far,
        mark("How far off can an estimate be, if 1 star was given, and how far, if 4 were?"),
    ),
    Quest[Screen](
        "nearly-all",
        mark(
            "Let it find at least 99% of the positive reviews, and accept no more negative ones for it "
            "than needed."
        ),
        _frugal,
        _found_so_far,
        mark("The slider beside the ROC curve; go back until one step less would not be enough."),
    ),
)


def quiz(screen: Screen) -> tuple[Question, ...]:
    """Ask which stars are hardest, whether it keeps its word, when to stop, and of the area.

    Of a network that was trained for one epoch there is no epoch to choose.
    """
    asked = (
        which_stars(screen.failures),
        _keeps_its_word(screen),
        _when_to_stop(screen),
        _area(screen),
    )
    return tuple(question for question in asked if len(question.choices) > 1)


def _keeps_its_word(screen: Screen) -> Question:
    """Ask how many were positive where sureness and rightness are furthest apart."""
    rows = screen.results["test"]["reliability"]
    row = max(rows, key=lambda row: abs(row["mean_probability"] - row["share_positive"]))
    probability, were = row["mean_probability"], row["share_positive"]
    extreme = 1.0 if probability >= 0.5 else 0.0
    values = sorted({probability, were, extreme})
    fact = say(
        "It said {said:.1%}, and {were:.1%} were. Weighted over all tenths it is off by {error:.2%}.",
        said=probability,
        were=were,
        error=screen.results["test"]["calibration_error"],
    )
    return Question(
        say(
            "Look at the dot of the {reviews:,} reviews to which it gave {said:.0%} positive on "
            "average. How many of them were positive?",
            reviews=row["reviews"],
            said=probability,
        ),
        tuple(f"{value:.0%}" for value in values),
        (values.index(were),),
        tuple(
            fact
            if value == were
            else say(
                "{said:.0%} is what the network said. The dot's height is another number.",
                said=probability,
            )
            if value == probability
            else say("A verdict takes a side; a probability between 0 and 1 does not.")
            for value in values
        ),
        tuple(
            "confidence-is-correctness" if value == probability != were else "" for value in values
        ),
    )


def _when_to_stop(screen: Screen) -> Question:
    """Ask which epoch of the network whose curves are drawn should be kept."""
    most = screen.best["development_accuracy"]
    rows = {row["epoch"]: row for row in screen.history}
    epochs = sorted({min(rows), screen.best["epoch"], max(rows)})
    right = tuple(
        place for place, epoch in enumerate(epochs) if rows[epoch]["development_accuracy"] == most
    )
    return Question(
        say(
            "{network}: you may keep the weights of one epoch. Which, for reviews that nobody has seen "
            "yet?",
            network=say(screen.network),
        ),
        tuple(say("Those after epoch {epoch}", epoch=epoch) for epoch in epochs),
        right,
        tuple(
            say(
                "After epoch {epoch} it is right in {training:.1%} of the reviews that it learned from, "
                "and in {development:.1%} of the others.",
                epoch=epoch,
                training=rows[epoch]["train_accuracy"],
                development=rows[epoch]["development_accuracy"],
            )
            for epoch in epochs
        ),
    )


def _area(screen: Screen) -> Question:
    """Ask what the area under the ROC curve means, against accuracy."""
    test = screen.results["test"]
    accuracy, area = test["accuracy"], test["roc_auc"]
    both = accuracy**2
    feedback = {
        both: say(
            "In {both:.1%} of such pairs both verdicts would be right, if they were independent. To rank "
            "the two, neither verdict has to be right.",
            both=both,
        ),
        accuracy: say(
            "{accuracy:.1%} of the verdicts are right, with the threshold at one half. Ranking needs no "
            "threshold.",
            accuracy=accuracy,
        ),
        area: say("That is what the area under the curve says: {area:.4f}.", area=area),
    }
    values = sorted(feedback)
    return Question(
        say(
            "A positive and a negative test review are drawn at random. How often does the positive one "
            "get the higher probability?"
        ),
        tuple(f"{value:.1%}" for value in values),
        (values.index(area),),
        tuple(feedback[value] for value in values),
    )
