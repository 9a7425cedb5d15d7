"""The report page: the lecture's tables beside ours, what was measured, and where it goes wrong."""

from __future__ import annotations

from typing import Any

from lstm_core.sentiment.others import LINEAR, OURS, WORD_LIST
from lstm_core.sentiment.reader import measured
from pages._book.language import mark, plural, say
from pages._book.questions import Question

KINDS = {
    mark("Taken for positive"): True,
    mark("Taken for negative"): False,
}
"""The two kinds of error, and whether the network said "positive"."""


def own_threshold(results: dict[str, Any]) -> int:
    """Return the percentage of negative reviews that its own verdicts take for positive."""
    cells: dict[str, int] = results["test"]["confusion"]
    negative = cells["false_positive"] + cells["true_negative"]
    return round(100 * cells["false_positive"] / negative)


START = {
    "report_curves": OURS,
    "report_false": own_threshold(measured()),
    "report_errors": "Taken for positive",
    "report_stars": [],
}
"""The page's controls by their keys, with what they stand at to begin with."""


def measured_sentence(results: dict[str, Any]) -> str:
    """Say how good the network is, from its measured results."""
    test, cells = results["test"], results["test"]["confusion"]
    return say(
        "On the {reviews:,} reviews of the official IMDB test, kept apart until the end, **{accuracy:.1%}** of its verdicts are right: "
        "{right:,} right, "
        "{false_positive:,} negative reviews taken for positive, "
        "{false_negative:,} positive ones taken for negative. {known:,} of the test reviews stand "
        "word for word among the official training reviews; without them it is "
        "{accuracy_without:.1%}.",
        reviews=test["reviews"],
        accuracy=test["accuracy"],
        right=cells["true_positive"] + cells["true_negative"],
        false_positive=cells["false_positive"],
        false_negative=cells["false_negative"],
        known=test["reviews_also_in_train"],
        accuracy_without=test["accuracy_without_those"],
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
            say(row["title"]),
            str(len(row["history"])),
            f"{row['history'][-1]['train_accuracy']:.2%}",
            f"{row['development']['accuracy']:.2%}",
            f"{row['test']['accuracy']:.2%}",
            f"{REPORTED[row['slug']][1]:.2%} / {REPORTED[row['slug']][2]:.2%}",
        )
        for row in results["lecture_models"]
    ]
    ours = (
        say(OURS),
        str(last["epoch"]),
        f"{last['train_accuracy']:.2%}",
        f"{results['development']['accuracy']:.2%}",
        f"{results['test']['accuracy']:.2%}",
        "",
    )
    names = (
        mark("network"),
        mark("epochs"),
        mark("training"),
        mark("development"),
        mark("test"),
        mark("lecture: training / validation"),
    )
    return {
        name: list(column)
        for name, column in zip(names, zip(*rows, ours, strict=True), strict=True)
    }


def agreement_table(results: dict[str, Any]) -> dict[str, list[str]]:
    """Set the lecture's correlations and deviations beside ours: a column a list."""
    tables = results["lecture_tables"]
    labels = {
        "pearson": say("Pearson"),
        "spearman": say("Spearman rank"),
        "mean_deviation": say("mean deviation"),
        "deviation_of_it": say("standard deviation of it"),
    }
    reported = REPORTED_AGREEMENT | REPORTED_DEVIATIONS
    return {
        "": list(labels.values()),
        mark("estimated and given stars"): [
            f"{tables['estimated_and_given_stars'][key]:.3f}" for key in labels
        ],
        mark("probability and label"): [
            f"{tables['probability_and_label'][key]:.3f}" for key in labels
        ],
        mark("lecture"): [f"{reported[key]:.3f}" for key in labels],
    }


def why_no_higher(results: dict[str, Any]) -> str:
    """Say why a label of two values bounds the rank correlation."""
    tables = results["lecture_tables"]
    return say(
        "On {documents:,} test reviews drawn with seed {seed}. All positive reviews share one "
        "rank, and so do all negative ones, while a probability ranks them one by one; so even a "
        "perfect reader reaches a Spearman correlation with the labels of only "
        "**{largest:.3f}**, which is √3 / 2. The lecture's {reported:.3f} "
        "must have been measured against something finer, such as the stars. Deviations are on a "
        "scale from 0 to 1.",
        documents=tables["documents"],
        seed=tables["seed"],
        largest=tables["largest_spearman_with_label"],
        reported=REPORTED_AGREEMENT["spearman"],
    )


def histories(
    results: dict[str, Any], training: dict[str, Any]
) -> dict[str, tuple[list[dict[str, Any]], int]]:
    """List what was measured of each network after each epoch, with the epoch that ships."""
    ours = {OURS: (training["history"], training["chosen_epoch"])}
    return ours | {
        row["title"]: (row["history"], len(row["history"])) for row in results["lecture_models"]
    }


def overfitting(results: dict[str, Any], training: dict[str, Any]) -> str:
    """Say how far training and development accuracy part, in the lecture's networks and in ours."""
    first = results["lecture_models"][0]
    last = first["history"][-1]
    chosen = training["history"][training["chosen_epoch"] - 1]
    gap = 100 * (last["train_accuracy"] - last["development_accuracy"])
    ours = 100 * (chosen["train_accuracy"] - chosen["development_accuracy"])
    return say(
        "After {epochs} epochs “{title}” knows {training:.1%} of its "
        "own reviews and {development:.1%} of new ones: a gap of **{gap:.1f} points**, "
        "and its best epoch is long past. It learned its reviews by heart: overfitting. Ours stops at "
        "epoch {chosen} with a gap of **{ours:.1f} points**; unlabelled reviews, dropout and "
        "adversarial training keep it small.",
        epochs=len(first["history"]),
        title=say(first["title"]),
        training=last["train_accuracy"],
        development=last["development_accuracy"],
        gap=gap,
        chosen=training["chosen_epoch"],
        ours=ours,
    )


def confusion_table(cells: dict[str, int]) -> dict[str, list[str]]:
    """Set what was said against what is true: a column a list."""
    total = sum(cells.values())

    def cell(name: str) -> str:
        return f"{cells[name]:,} ({cells[name] / total:.1%})"

    return {
        mark("the writer"): [say("liked it"), say("did not")],
        mark("read as positive"): [cell("true_positive"), cell("false_positive")],
        mark("read as negative"): [cell("false_negative"), cell("true_negative")],
    }


def comparison_table(
    results: dict[str, Any], baselines: dict[str, Any], bench: dict[str, Any]
) -> dict[str, list[str]]:
    """Set every reader's accuracy, time and memory in one table: a column a list.

    Args:
        results: of ``evaluate``.
        baselines: of ``baselines``.
        bench: of ``make bench``: milliseconds a review and megabytes of each reader, by its name.
    """
    by_reader = {
        OURS: results["test"],
        **{row["title"]: row["test"] for row in results["lecture_models"]},
        LINEAR: baselines["linear"]["test"],
        WORD_LIST: baselines["vader"]["test"],
    }
    return {
        mark("reader"): [say(name) for name in by_reader],
        mark("test accuracy"): [f"{row['accuracy']:.2%}" for row in by_reader.values()],
        mark("area under ROC"): [f"{row['roc_auc']:.4f}" for row in by_reader.values()],
        mark("ms a review"): [
            f"{bench[name]['ms']:.3g}" if name in bench else "–" for name in by_reader
        ],
        mark("memory, MB"): [
            f"{bench[name]['mb']:.0f}" if name in bench else "–" for name in by_reader
        ],
    }


def comparison_sentence(results: dict[str, Any], baselines: dict[str, Any]) -> str:
    """Say what the comparison comes to."""
    ours = results["test"]["accuracy"]
    linear = baselines["linear"]["test"]["accuracy"]
    vader = baselines["vader"]["test"]["accuracy"]
    best = max(row["test"]["accuracy"] for row in results["lecture_models"])
    return say(
        "Of 100 test reviews ours gets {ours:.1f} right, the linear model {linear:.1f} at a fraction of "
        "the time, VADER {vader:.1f} without having seen one review. The linear model also beats the "
        "lecture's networks ({best:.1f} at best): order matters less in long reviews than one would think, "
        "and small networks without care learn less than counting does.",
        ours=100 * ours,
        linear=100 * linear,
        vader=100 * vader,
        best=100 * best,
    )


def stars_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the stars that the writer gave: a column a list."""
    rows = failures["by_stars"]
    return {
        mark("stars given"): list(rows),
        mark("test reviews"): [f"{row['reviews']:,}" for row in rows.values()],
        "right": [f"{row['accuracy']:.1%}" for row in rows.values()],
        mark("no side taken"): [f"{row['unclear']:.1%}" for row in rows.values()],
    }


def length_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the length of the review: a column a list."""
    rows = failures["by_length"]
    return {
        mark("words read"): [
            say("{shortest:,} to {longest:,}", shortest=row["shortest"], longest=row["longest"])
            for row in rows
        ],
        "test reviews": [f"{row['reviews']:,}" for row in rows],
        mark("right"): [f"{row['accuracy']:.1%}" for row in rows],
        "no side taken": [f"{row['unclear']:.1%}" for row in rows],
    }


def chosen_errors(
    failures: dict[str, Any], said_positive: bool, stars: list[int]
) -> list[dict[str, Any]]:
    """Choose the errors of one kind, and of some numbers of stars; of all if none is named."""
    return [
        row
        for row in failures["surest"]
        if (row["probability"] >= 0.5) == said_positive and (not stars or row["stars"] in stars)
    ]


def errors_table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """List errors: a column a list."""
    return {
        "stars given": [row["stars"] for row in rows],
        mark("stars estimated"): [row["estimated_stars"] for row in rows],
        mark("probability of positive"): [row["probability"] for row in rows],
        mark("words"): [row["words"] for row in rows],
        mark("the word that misled it most"): [row["word"] for row in rows],
        mark("excerpt"): [row["excerpt"] for row in rows],
        mark("film"): [row["film"] for row in rows],
    }


def calibration_sentence(results: dict[str, Any]) -> str:
    """Say how far sureness and rightness are apart."""
    test = results["test"]
    return say(
        "Each dot is a tenth of the probabilities, with how many reviews got one. On the dotted line "
        "the network is as sure as it is right; the mean distance from it, weighted by reviews, is "
        "{error:.4f} (before calibration: {before:.4f}). "
        "It takes no side in {unclear:.1%}, and is right in "
        "{elsewhere:.1%} of the others.",
        error=test["calibration_error"],
        before=test["calibration_error_before"],
        unclear=test["unclear"]["share"],
        elsewhere=test["unclear"]["accuracy_elsewhere"],
    )


def roc_alt(area: float) -> str:
    """The ROC curve in words."""
    return say("The ROC curve on the test; the area below it is {area:.4f}.", area=area)


def threshold_sentence(results: dict[str, Any], accepted: int) -> str:
    """Say in Markdown what another threshold finds, and what it mistakes for it."""
    found = results["test"]["roc"]["true_positive_rate"][accepted]
    return say(
        "Where {accepted} of 100 negative reviews are taken for positive, **{found:.1f} of 100** "
        "positive ones are found. Its own verdicts, with the threshold at one half, stand at {own}.",
        accepted=accepted,
        found=100 * found,
        own=own_threshold(results),
    )


def which_stars(failures: dict[str, Any]) -> Question:
    """Ask which stars are hardest to read."""
    rows = failures["by_stars"]
    names = ("1", "4", "7", "10")
    worst = min(rows[name]["accuracy"] for name in names)
    right = tuple(place for place, name in enumerate(names) if rows[name]["accuracy"] == worst)
    feedback = tuple(
        plural(
            "With {count} star {accuracy:.1%} of the verdicts are right.",
            "With {count} stars {accuracy:.1%} of the verdicts are right.",
            int(name),
            accuracy=rows[name]["accuracy"],
        )
        for name in names
    )
    text = say("The reviews of how many stars does it get wrong most often?")
    return Question(text, names, right, feedback)


def taken_home(results: dict[str, Any]) -> dict[str, list[float]]:
    """Collect the ROC curve: a column a list."""
    return dict(results["test"]["roc"])
