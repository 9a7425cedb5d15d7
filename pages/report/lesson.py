"""The report page: the lecture's tables beside ours, what was measured, and where it goes wrong."""

from __future__ import annotations

from html import escape
from typing import Any

from lstm_core.sentiment.others import LINEAR, OURS, WORD_LIST
from lstm_core.sentiment.reader import measured
from pages._book.language import decimal, mark, plural, say
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


CALIBRATION = mark("As sure as it is right?")
ROC = mark("ROC")
PARTS = mark("By stars and length")
VIEWS = (CALIBRATION, ROC, PARTS)
"""What the panel on calibration can draw."""
READERS = mark("All readers")
TAUGHT = mark("Teachers and student")
COMPARED = (READERS, TAUGHT)
"""What the panel on performance can draw."""
START = {
    "report_compared": READERS,
    "report_view": CALIBRATION,
    "report_curves": OURS,
    "report_false": own_threshold(measured()),
    "report_errors": "Taken for positive",
    "report_stars": [],
}
"""The page's controls by their keys, with what they stand at to begin with."""


def headline(results: dict[str, Any], baselines: dict[str, Any]) -> str:
    """Say in Markdown how good the network is, in one sentence, beside the simplest other reader."""
    return say(
        "**{accuracy:.1%}** of our network's verdicts on {reviews:,} unseen test reviews are right; "
        "{linear:.1%} of the linear model's.",
        reviews=results["test"]["reviews"],
        accuracy=results["test"]["accuracy"],
        linear=baselines["linear"]["test"]["accuracy"],
    )


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
            decimal(row["history"][-1]["train_accuracy"], ".2%"),
            decimal(row["development"]["accuracy"], ".2%"),
            decimal(row["test"]["accuracy"], ".2%"),
            " / ".join(decimal(share, ".2%") for share in REPORTED[row["slug"]][1:]),
        )
        for row in results["lecture_models"]
    ]
    ours = (
        say(OURS),
        str(last["epoch"]),
        decimal(last["train_accuracy"], ".2%"),
        decimal(results["development"]["accuracy"], ".2%"),
        decimal(results["test"]["accuracy"], ".2%"),
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
            decimal(tables["estimated_and_given_stars"][key], ".3f") for key in labels
        ],
        mark("probability and label"): [
            decimal(tables["probability_and_label"][key], ".3f") for key in labels
        ],
        mark("lecture"): [decimal(reported[key], ".3f") for key in labels],
    }


def why_no_higher(results: dict[str, Any]) -> str:
    """Say in Markdown why a label of two values bounds the rank correlation."""
    return say(
        "With two labels even a perfect reader's Spearman correlation is at most **{largest:.3f}** "
        "(√3 / 2), without ties.",
        largest=results["lecture_tables"]["largest_spearman_with_label"],
    )


def about_agreement(results: dict[str, Any]) -> str:
    """Say in Markdown on what it was measured, and how the lecture's number can lie above the bound."""
    tables = results["lecture_tables"]
    return say(
        "A review has one of two labels, but a probability of its own. A perfect reader ranks all "
        "positive reviews above all negative ones, and yet its ranks differ from those of the labels, "
        "which are tied.\n\nMeasured on {documents:,} test reviews drawn with seed {seed}. The bound of {largest:.3f} holds "
        "where no two predictions are equal. The lecture's {reported:.3f} lies above it. Then "
        "predictions were equal, as rounded ones are, or they were compared with the stars; the lecture "
        "does not say. Deviations are on a scale from 0 to 1.",
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


def overfitting(name: str, history: list[dict[str, Any]], chosen: int) -> str:
    """Say in Markdown how far training and development accuracy of one network part.

    Args:
        name: of the network, in English.
        history: what was measured of it after each epoch.
        chosen: the epoch that is kept.
    """
    kept = history[chosen - 1]
    best = max(history, key=lambda row: row["development_accuracy"])
    numbers = {
        "network": say(name),
        "chosen": chosen,
        "gap": 100 * (kept["train_accuracy"] - kept["development_accuracy"]),
        "best": best["epoch"],
        "most": best["development_accuracy"],
    }
    if best["epoch"] == chosen:
        return say(
            "{network}, epoch {chosen}: a gap of **{gap:.1f} points**. No epoch is better on other "
            "reviews.",
            **numbers,
        )
    if kept["development_loss"] == min(row["development_loss"] for row in history):
        return say(
            "{network}, epoch {chosen}: a gap of **{gap:.1f} points**. It was kept for its least loss on "
            "other reviews; most of these were right after epoch {best}, {most:.1%}.",
            **numbers,
        )
    return say(
        "{network}, epoch {chosen}: a gap of **{gap:.1f} points**. Best on other reviews: epoch "
        "{best}, {most:.1%}.",
        **numbers,
    )


def confusion_table(cells: dict[str, int]) -> dict[str, list[str]]:
    """Set what was said against what is true: a column a list."""
    total = sum(cells.values())

    def cell(name: str) -> str:
        return f"{decimal(cells[name], ',')} ({decimal(cells[name] / total, '.1%')})"

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
        mark("test accuracy"): [decimal(row["accuracy"], ".2%") for row in by_reader.values()],
        mark("area under ROC"): [decimal(row["roc_auc"], ".4f") for row in by_reader.values()],
        mark("ms a review"): [
            decimal(bench[name]["ms"], ".3g") if name in bench else "–" for name in by_reader
        ],
        mark("memory, MB"): [
            decimal(bench[name]["mb"], ".0f") if name in bench else "–" for name in by_reader
        ],
    }


def comparison_sentence(results: dict[str, Any], baselines: dict[str, Any]) -> str:
    """Say what the comparison comes to."""
    linear = baselines["linear"]["test"]["accuracy"]
    vader = baselines["vader"]["test"]["accuracy"]
    best = max(row["test"]["accuracy"] for row in results["lecture_models"])
    return say(
        "The linear model counts words and pairs of neighbouring words; with {linear:.1%} it is ahead of "
        "the lecture's networks ({best:.1%} at best). Of the order it sees such pairs alone, “not good” "
        "for example; how much the rest of the order matters cannot be read from this. VADER adds up "
        "rated words and gets {vader:.1%} right without having learned from one review.",
        linear=linear,
        vader=vader,
        best=best,
    )


def readers(
    results: dict[str, Any], training: dict[str, Any], baselines: dict[str, Any]
) -> dict[str, dict[str, float]]:
    """List what was measured of every reader, the best one on the test first.

    Each has its accuracy on the ``test``; a network also on ``training`` and ``development``, and one
    of the lecture's what the lecture reports of it, ``lecture``.
    """
    last = training["history"][training["chosen_epoch"] - 1]
    listed = {
        OURS: {
            "test": results["test"]["accuracy"],
            "development": results["development"]["accuracy"],
            "training": last["train_accuracy"],
        },
        LINEAR: {"test": baselines["linear"]["test"]["accuracy"]},
        WORD_LIST: {"test": baselines["vader"]["test"]["accuracy"]},
    }
    for row in results["lecture_models"]:
        listed[row["title"]] = {
            "test": row["test"]["accuracy"],
            "development": row["development"]["accuracy"],
            "training": row["history"][-1]["train_accuracy"],
            "lecture": REPORTED[row["slug"]][2],
        }
    return dict(sorted(listed.items(), key=lambda item: -item[1]["test"]))


def agreement(results: dict[str, Any]) -> dict[str, dict[str, float]]:
    """List correlations by whose they are: ours with the stars, ours with the labels, the lecture's."""
    tables = results["lecture_tables"]
    return {
        mark("ours, estimated and given stars"): tables["estimated_and_given_stars"],
        mark("ours, probability and label"): tables["probability_and_label"],
        mark("the lecture's"): REPORTED_AGREEMENT | REPORTED_DEVIATIONS,
    }


def stars_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the stars that the writer gave: a column a list."""
    rows = failures["by_stars"]
    return {
        mark("stars given"): list(rows),
        mark("test reviews"): [decimal(row["reviews"], ",") for row in rows.values()],
        "right": [decimal(row["accuracy"], ".1%") for row in rows.values()],
        mark("no side taken"): [decimal(row["unclear"], ".1%") for row in rows.values()],
    }


def length_table(failures: dict[str, Any]) -> dict[str, list[str]]:
    """List accuracy by the length of the review: a column a list."""
    rows = failures["by_length"]
    return {
        mark("words read"): [
            say("{shortest:,} to {longest:,}", shortest=row["shortest"], longest=row["longest"])
            for row in rows
        ],
        "test reviews": [decimal(row["reviews"], ",") for row in rows],
        mark("right"): [decimal(row["accuracy"], ".1%") for row in rows],
        "no side taken": [decimal(row["unclear"], ".1%") for row in rows],
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


def errors_list(rows: list[dict[str, Any]]) -> str:
    """List errors as HTML: stars given and estimated, the probability, and the excerpt.

    The word that misled the network most is marked; the film's own page is linked.
    """
    lines = [
        "<tr>"
        f"<td>{row['stars']}</td>"
        f"<td>{decimal(row['estimated_stars'], '.1f')}</td>"
        f"<td>{decimal(row['probability'], '.1%')}</td>"
        f"<td lang='en'>{_with_its_word(row['excerpt'], row['word'])} "
        f'<a href="{escape(row["film"])}" target="_blank" rel="noopener">{escape(say("the film"))}</a></td>'
        "</tr>"
        for row in rows
    ]
    names = (say("stars given"), say("estimated"), say("positive"), say("excerpt"))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    label = escape(say("The errors of which it is surest"))
    return (
        f'<div class="errors" data-picture role="group" aria-label="{label}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _with_its_word(excerpt: str, word: str) -> str:
    """Mark the word that misled the network in an excerpt, as HTML."""
    place = excerpt.lower().find(word.lower())
    if place < 0:
        return escape(excerpt)
    end = place + len(word)
    return (
        f"{escape(excerpt[:place])}<mark>{escape(excerpt[place:end])}</mark>{escape(excerpt[end:])}"
    )


def errors_sentence(rows: list[dict[str, Any]]) -> str:
    """Say in Markdown how many errors are listed, and how to read them."""
    return plural(
        "**{count} error**, the surest first. Marked: the word that misled the network most.",
        "**{count} errors**, the surest first. Marked: the word that misled the network most.",
        len(rows),
    )


def calibration_sentence(results: dict[str, Any]) -> str:
    """Say in Markdown how far sureness and rightness are apart."""
    test = results["test"]
    return say(
        "On the dotted line the network is as sure as it is right. Mean distance: **{error:.1f} "
        "points** (before calibration {before:.1f}).",
        error=100 * test["calibration_error"],
        before=100 * test["calibration_error_before"],
    )


def about_calibration(results: dict[str, Any]) -> str:
    """Say in Markdown what the dots are, and how often no side is taken."""
    test = results["test"]
    return say(
        "Each dot gathers the reviews whose probability lies in one tenth: 0 to 10%, 10 to 20%, and "
        "so on. The number beside it says how many they are. The mean distance from the line, weighted "
        "by reviews, is {error:.4f}. The network takes no side in {unclear:.1%} of the reviews, and is "
        "right in {elsewhere:.1%} of the others.",
        error=test["calibration_error"],
        unclear=test["unclear"]["share"],
        elsewhere=test["unclear"]["accuracy_elsewhere"],
    )


def parts_sentence(failures: dict[str, Any]) -> str:
    """Say in Markdown which stars are hardest, and how little the length matters."""
    stars, lengths = failures["by_stars"], failures["by_length"]
    worst = min(stars, key=lambda name: stars[name]["accuracy"])
    rates = [row["accuracy"] for row in lengths]
    return say(
        "Reviews of **{worst} stars** are hardest: {accuracy:.1%} of the verdicts are right. The length "
        "matters little: {least:.1%} to {most:.1%}.",
        worst=worst,
        accuracy=stars[worst]["accuracy"],
        least=min(rates),
        most=max(rates),
    )


def roc_alt(area: float) -> str:
    """The ROC curve in words."""
    return say("The ROC curve on the test; the area below it is {area:.4f}.", area=area)


def threshold_sentence(results: dict[str, Any], accepted: int) -> str:
    """Say in Markdown what another threshold finds, and what it mistakes for it."""
    positive = results["test"]["roc"]["true_positive_rate"][accepted]
    return say(
        "{accepted} of 100 negative reviews pass for positive, **{found:.1f} of 100** positive ones are "
        "found. The threshold one half stands at {own}.",
        accepted=accepted,
        found=100 * positive,
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
