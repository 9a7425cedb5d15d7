"""The report page: the lecture's tables beside ours, what was measured, and where it goes wrong."""

from __future__ import annotations

from typing import Any

from lstm_core.lessons.questions import Question
from lstm_core.sentiment.others import LINEAR, OURS, WORD_LIST


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
        OURS,
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


def overfitting(results: dict[str, Any], training: dict[str, Any]) -> str:
    """Say how far training and development accuracy part, in the lecture's networks and in ours."""
    first = results["lecture_models"][0]
    last = first["history"][-1]
    chosen = training["history"][training["chosen_epoch"] - 1]
    gap = 100 * (last["train_accuracy"] - last["development_accuracy"])
    ours = 100 * (chosen["train_accuracy"] - chosen["development_accuracy"])
    return (
        f"After {len(first['history'])} epochs “{first['title']}” knows {last['train_accuracy']:.1%} of its "
        f"own reviews and {last['development_accuracy']:.1%} of new ones: a gap of **{gap:.1f} points**, "
        "and its best epoch is long past. It learned its reviews by heart: overfitting. Ours stops at "
        f"epoch {training['chosen_epoch']} with a gap of **{ours:.1f} points**; unlabelled reviews, dropout and "
        "adversarial training keep it small."
    )


def confusion_table(cells: dict[str, int]) -> dict[str, list[str]]:
    """Set what was said against what is true: a column a list."""
    total = sum(cells.values())

    def cell(name: str) -> str:
        return f"{cells[name]:,} ({cells[name] / total:.1%})"

    return {
        "the writer": ["liked it", "did not"],
        "read as positive": [cell("true_positive"), cell("false_positive")],
        "read as negative": [cell("false_negative"), cell("true_negative")],
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
    measured = {
        OURS: results["test"],
        **{row["title"]: row["test"] for row in results["lecture_models"]},
        LINEAR: baselines["linear"]["test"],
        WORD_LIST: baselines["vader"]["test"],
    }
    return {
        "reader": list(measured),
        "test accuracy": [f"{row['accuracy']:.2%}" for row in measured.values()],
        "area under ROC": [f"{row['roc_auc']:.4f}" for row in measured.values()],
        "ms a review": [f"{bench[name]['ms']:.3g}" if name in bench else "–" for name in measured],
        "memory, MB": [f"{bench[name]['mb']:.0f}" if name in bench else "–" for name in measured],
    }


def comparison_sentence(results: dict[str, Any], baselines: dict[str, Any]) -> str:
    """Say what the comparison comes to."""
    ours = results["test"]["accuracy"]
    linear = baselines["linear"]["test"]["accuracy"]
    vader = baselines["vader"]["test"]["accuracy"]
    best = max(row["test"]["accuracy"] for row in results["lecture_models"])
    return (
        f"Of 100 test reviews ours gets {100 * ours:.1f} right, the linear model {100 * linear:.1f} at a fraction of "
        f"the time, VADER {100 * vader:.1f} without having seen one review. The linear model also beats the "
        f"lecture's networks ({100 * best:.1f} at best): order matters less in long reviews than one would think, "
        "and small networks without care learn less than counting does."
    )


def stars_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the stars that the writer gave: a column a list."""
    rows = failures["by_stars"]
    return {
        "stars given": list(rows),
        "test reviews": [f"{row['reviews']:,}" for row in rows.values()],
        "right": [f"{row['accuracy']:.1%}" for row in rows.values()],
        "no side taken": [f"{row['unclear']:.1%}" for row in rows.values()],
    }


def length_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the length of the review: a column a list."""
    rows = failures["by_length"]
    return {
        "words read": [f"{row['shortest']:,} to {row['longest']:,}" for row in rows],
        "test reviews": [f"{row['reviews']:,}" for row in rows],
        "right": [f"{row['accuracy']:.1%}" for row in rows],
        "no side taken": [f"{row['unclear']:.1%}" for row in rows],
    }


KINDS = {
    "Taken for positive": True,
    "Taken for negative": False,
}
"""The two kinds of error, and whether the network said "positive"."""


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
        "stars estimated": [row["estimated_stars"] for row in rows],
        "probability of positive": [row["probability"] for row in rows],
        "words": [row["words"] for row in rows],
        "the word that misled it most": [row["word"] for row in rows],
        "excerpt": [row["excerpt"] for row in rows],
        "film": [row["film"] for row in rows],
    }


def calibration_sentence(results: dict[str, Any]) -> str:
    """Say how far sureness and rightness are apart."""
    test = results["test"]
    return (
        "Each dot is a tenth of the probabilities, with how many reviews got one. On the dotted line "
        "the network is as sure as it is right; the mean distance from it, weighted by reviews, is "
        f"{test['calibration_error']:.4f} (before calibration: {test['calibration_error_before']:.4f}). "
        f"It takes no side in {test['unclear']['share']:.1%}, and is right in "
        f"{test['unclear']['accuracy_elsewhere']:.1%} of the others."
    )


def which_stars(failures: dict[str, Any]) -> Question:
    """Ask which stars are hardest to read."""
    rows = failures["by_stars"]
    names = ("1", "4", "7", "10")
    worst = min(rows[name]["accuracy"] for name in names)
    right = tuple(place for place, name in enumerate(names) if rows[name]["accuracy"] == worst)
    feedback = tuple(
        f"With {name} {'star' if name == '1' else 'stars'} {rows[name]['accuracy']:.1%} of the verdicts are right."
        for name in names
    )
    return Question(
        "The reviews of how many stars does it get wrong most often?", names, right, feedback
    )


CODE = """from lstm_core.sentiment.reader import measured

curve = measured()["test"]["roc"]  # written by: make evaluate
for false, true in zip(curve["false_positive_rate"], curve["true_positive_rate"]):
    print(f"{false:.2f}  {true:.4f}")
"""
