"""Measure the shipped network, once, with the code that serves it; write what was measured."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import mean_absolute_error

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment.archive import Review, read_reviews
from lstm_core.sentiment.calibration import UNCLEAR
from lstm_core.sentiment.failures import by_length, by_stars, by_words_left, surest_errors
from lstm_core.sentiment.lecture_models import LECTURE_MODELS, LectureReader
from lstm_core.sentiment.metrics import (
    agreement,
    calibration_error,
    largest_spearman,
    measures,
    reliability,
    roc_curve,
)
from lstm_core.sentiment.probe import probe_rates, read_probe
from lstm_core.sentiment.reader import LONGEST, Reader, Scores
from lstm_core.sentiment.versions import versions

Tell = Callable[[str], None]
COMMAND = "python -m lstm_core.sentiment evaluate"
LECTURE_DOCUMENTS, LECTURE_SEED = 4_500, 2020


def evaluate(archive: Path, folder: Path, tell: Tell = print) -> dict[str, Any]:
    """Score the development and the test reviews; write what was measured and the model card.

    Args:
        archive: the data set's archive.
        folder: where training wrote the network; gets ``results.json``, ``failures.json`` (where
            it is wrong) and ``MODEL_CARD.md``.
        tell: called with a line of progress now and then.

    Returns:
        What ``results.json`` holds.

    Raises:
        ArchiveError: if the archive is missing or wrong.
    """
    reader = Reader.load(folder)
    training = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    tell("Reading the reviews ...")
    labelled = list(read_reviews(archive, ("train", "test")))
    known = {review.text for review in labelled if review.part == "train"}
    parts = {
        "development": [r for r in labelled if r.part == "train" and r.is_development],
        "test": [r for r in labelled if r.part == "test"],
    }
    measured, scored = {}, {}
    for name, reviews in parts.items():
        tell(f"Scoring {len(reviews):,} {name} reviews ...")
        start = time.perf_counter()
        scored[name] = reader.score([review.text for review in reviews])
        seconds = time.perf_counter() - start
        labels, stars = labels_and_stars(reviews)
        measured[name] = all_measures(scored[name], labels, stars) | {
            "seconds": round(seconds, 1),
            "reviews_per_second": round(len(reviews) / seconds, 1),
        }
    labels, stars = labels_and_stars(parts["test"])
    right = (scored["test"].probability >= 0.5) == (labels == 1)
    is_new = np.array([review.text not in known for review in parts["test"]])
    tell("Looking at the errors ...")
    failures = {
        "by_stars": by_stars(parts["test"], scored["test"]),
        "by_length": by_length(parts["test"], scored["test"], reader),
        "by_words_left": by_words_left(reader, parts["development"]),
        "surest": surest_errors(reader, parts["test"], scored["test"]),
    }
    write_json(folder / "failures.json", {"command": COMMAND, **failures})
    tell("Scoring the probe sentences ...")
    results = {
        "command": COMMAND,
        "seed": training["recipe"]["seed"],
        "network": {
            "parameters": training["parameters"],
            "bytes_keras": (folder / "network.keras").stat().st_size,
            "bytes_npz": (folder / "network.npz").stat().st_size,
            "sha256_npz": hashlib.sha256((folder / "network.npz").read_bytes()).hexdigest(),
            "longest_text_read": LONGEST,
        },
        "calibration": asdict(reader.calibration),
        "learning_curves": training["history"],
        "development": measured["development"],
        "test": measured["test"]
        | {
            "reviews_also_in_train": int((~is_new).sum()),
            "accuracy_without_those": float(right[is_new].mean()),
        },
        "lecture_tables": lecture_tables(scored["test"], labels, stars),
        "lecture_models": lecture_rows(parts, folder / "lecture", tell),
        "probe": probe_rates(reader, read_probe()),
        "versions": versions("numpy"),
    }
    write_json(folder / "results.json", results)
    (folder / "MODEL_CARD.md").write_text(model_card(results, training), encoding="utf-8")
    return results


def write_json(path: Path, results: dict[str, Any]) -> None:
    """Write what was measured, for the app and the README to read."""
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def labels_and_stars(reviews: list[Review]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the labels, 0 or 1, and the stars, 1 to 10, of labelled reviews."""
    return np.array([r.label for r in reviews]), np.array([r.stars for r in reviews])


def all_measures(
    scores: Scores, labels: NDArray[np.int64], stars: NDArray[np.int64]
) -> dict[str, Any]:
    """Compare scores with labels and stars: ``measures`` and what the page draws from them.

    Returns:
        Besides ``measures``: ``unclear``, the share of reviews on which no side is taken and the
        accuracy on the others; ``stars``, how the estimate agrees; ``roc`` and ``reliability``.
    """
    p, positive = scores.probability, labels == 1
    sided = (p <= UNCLEAR[0]) | (p >= UNCLEAR[1])
    right = (p >= 0.5) == positive
    return measures(p, labels) | {
        "accuracy_before": float(((scores.logit > 0) == positive).mean()),
        "calibration_error_before": calibration_error(np.asarray(sigmoid(scores.logit)), positive),
        "unclear": {
            "from": UNCLEAR[0],
            "to": UNCLEAR[1],
            "share": float(1 - sided.mean()),
            "accuracy_elsewhere": float(right[sided].mean()) if sided.any() else None,
        },
        "stars": agreement(scores.stars, stars)
        | {"mean_error": float(mean_absolute_error(stars, scores.stars))},
        "roc": roc_curve(scores.logit, positive),
        "reliability": reliability(p, positive),
    }


def lecture_tables(
    scores: Scores, labels: NDArray[np.int64], stars: NDArray[np.int64]
) -> dict[str, Any]:
    """Compute the lecture's two tables again, on as many test reviews as it used.

    The lecture correlates predictions with "actual sentiments" and gives mean and standard
    deviation of the deviations, without a word on the scale. Here the probability is set against
    the label, and the estimated stars against the stars, both scaled to 0 to 1.
    """
    drawn = np.random.default_rng(LECTURE_SEED).permutation(len(labels))[:LECTURE_DOCUMENTS]
    p, estimate = scores.probability[drawn], (scores.stars[drawn] - 1) / 9
    actual = (stars[drawn] - 1) / 9

    def deviations(predicted: NDArray[np.float64], true: NDArray[Any]) -> dict[str, float]:
        apart = np.abs(predicted - true)
        return {"mean_deviation": float(apart.mean()), "deviation_of_it": float(apart.std())}

    return {
        "documents": len(drawn),
        "seed": LECTURE_SEED,
        "probability_and_label": agreement(p, labels[drawn]) | deviations(p, labels[drawn]),
        "estimated_and_given_stars": agreement(estimate, stars[drawn])
        | deviations(estimate, actual),
        "largest_spearman_with_label": largest_spearman(labels[drawn]),
    }


def lecture_rows(parts: dict[str, list[Review]], folder: Path, tell: Tell) -> list[dict[str, Any]]:
    """Measure the lecture's own networks on the same reviews; those that are there."""
    rows = []
    for model in LECTURE_MODELS:
        if not (folder / f"{model.slug}.npz").exists():
            continue
        tell(f"Scoring with {model.title} ...")
        network = LectureReader.load(model, folder)
        record = json.loads((folder / f"{model.slug}.json").read_text(encoding="utf-8"))
        row = {"slug": model.slug, "title": model.title, "parameters": record["parameters"]}
        for name, reviews in parts.items():
            labels, _ = labels_and_stars(reviews)
            row[name] = measures(network.score([review.text for review in reviews]), labels)
        rows.append(row | {"history": record["history"]})
    return rows


def model_card(results: dict[str, Any], training: dict[str, Any]) -> str:
    """Write the model card in Markdown, every number of it from what was measured."""
    recipe, test, dev = training["recipe"], results["test"], results["development"]
    cells, unclear = test["confusion"], test["unclear"]
    curves = "\n".join(
        f"| {row['epoch']} | {row['train_accuracy']:.4f} | {row['development_accuracy']:.4f} "
        f"| {row['train_loss']:.4f} | {row['development_loss']:.4f} |"
        for row in training["history"]
    )
    probe = "\n".join(
        f"| {name} | {row['sentences']} | {row['rate']:.2f} | {row['rate_of_clear_verdicts']:.2f} |"
        for name, row in results["probe"].items()
    )
    measured = "\n".join(
        f"| {label} | {pick(dev)} | {pick(test)} |" for label, pick in CARD_ROWS.items()
    )
    return f"""# Model card: the review reader

This file is written by `{results["command"]}`, from what that command and `{training["command"]}` chose and
measured.

## What it is

A network that reads an English film review and gives the probability that its writer liked the film, and
the stars, 1 to 10, that the writer is thought to have given. Embedding ({recipe["vocabulary"]:,} x {recipe["features"]}), two
bidirectional LSTM layers of {recipe["units"]} units a direction, the largest and the mean hidden state over time, one
dense layer of two outputs: {training["parameters"]:,} parameters. `network.keras` opens in Keras; `network.npz` holds
the same numbers, to the last bit, for `lstm_core`.

## How it was trained

On {training["reviews"]["train"]:,} labelled and {training["reviews"]["unlabelled"]:,} unlabelled reviews of the Large Movie Review Dataset (Maas et al.,
2011), chosen on {training["reviews"]["development"]:,} others that share no film with them. Word vectors start from the co-occurrences
in all of those but the last.

{_teachers_text(training["teachers"])}
Each epoch reads every review (of a longer one the first {recipe["head"]} and last {recipe["tail"]} words), {recipe["crops"]} pieces of
one to three sentences of each under the review's label, and {recipe["sentences"]:,} plain sentences written by rule
(`plain_sentences.py`): opinions, negations, comparisons, contrasts, facts, emoji. Adam, {recipe["learning_rate"]} falling
linearly to 0, batches of {recipe["batch_size"]} reviews, dropout {recipe["embedding_dropout"]} / {recipe["layer_dropout"]} / {recipe["head_dropout"]}, seed {recipe["seed"]}; epoch {training["chosen_epoch"]} of
{recipe["epochs"]} was best on the development reviews. Each review is read twice, the second time with its word vectors
moved by {recipe["adversarial_radius"]} in the direction that hurts most (adversarial training, Miyato et al., 2017); gradients
are clipped to a joint norm of 1. The weights that ship are rounded to half precision. Probabilities are
calibrated: the logit is divided by {results["calibration"]["temperature"]:.3f}, and {results["calibration"]["offset"]:+.3f} is added. Both were fitted on the
development reviews, with the same weight in all for positive and negative ones.

| epoch | accuracy, training | accuracy, development | loss, training | loss, development |
| --- | --- | --- | --- | --- |
{curves}

Both figures are taken after the epoch, without dropout; training on a fixed part of the labelled reviews.

## What was measured

| | development | official test |
| --- | --- | --- |
{measured}

On the test: {cells["true_positive"]:,} true and {cells["false_positive"]:,} false positives, {cells["true_negative"]:,} true and {cells["false_negative"]:,} false negatives.
{test["reviews_also_in_train"]:,} test reviews stand word for word among the official training reviews; without them the accuracy
is {test["accuracy_without_those"]:.4f}. The development reviews chose the epoch and weighed the teachers, so their figure
flatters a little. The test was scored twice: first with a temperature alone, which leaves the accuracy at
what is listed as before calibration and showed an error of calibration that a temperature cannot mend; then with
the offset. Later runs score the same network again, to list its errors, and change no figure. Nothing was fitted on the test. Between {unclear["from"]:.3f} and {unclear["to"]:.3f} the verdict is "mixed or unclear".

On single sentences of our own (`probe.jsonl`), of which the network learned none:

| kind | sentences | right side | right, and said so |
| --- | --- | --- | --- |
{probe}

A neutral sentence is right if no side is taken.

## What it cannot do

- The data hold reviews of 1 to 4 and of 7 to 10 stars. The network never saw a neutral review.
- Irony, comparisons, and what only knowledge of the world would tell are where the table above is low.
- It learned English. A text of which it knows less than two thirds of the words is said not to read like a
  review; the percentage then means little.
- A word outside its vocabulary is read as one shared "unknown" vector. Of a text longer than {results["network"]["longest_text_read"]:,} tokens
  the middle is not read. The app shows both.
- It repeats what correlates in its data: names of people, genres and countries move the verdict.

## Data and licence

The data set carries no licence; no review text of it is in this repository. The vocabulary is a list of
words by frequency. Cite: Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng, and
Christopher Potts. 2011. Learning Word Vectors for Sentiment Analysis. ACL 2011.
"""


CARD_ROWS: dict[str, Callable[[dict[str, Any]], str]] = {
    "reviews": lambda row: f"{row['reviews']:,}",
    "accuracy": lambda row: f"{row['accuracy']:.4f}",
    "F1 of positive": lambda row: f"{row['f1']:.4f}",
    "area under the ROC curve": lambda row: f"{row['roc_auc']:.4f}",
    "log loss": lambda row: f"{row['log_loss']:.4f}",
    "expected calibration error": lambda row: f"{row['calibration_error']:.4f}",
    "accuracy before calibration": lambda row: f"{row['accuracy_before']:.4f}",
    "calibration error before it": lambda row: f"{row['calibration_error_before']:.4f}",
    "share called mixed or unclear": lambda row: f"{row['unclear']['share']:.4f}",
    "accuracy on the others": lambda row: _or_dash(row["unclear"]["accuracy_elsewhere"]),
    "stars: Pearson": lambda row: f"{row['stars']['pearson']:.4f}",
    "stars: Spearman": lambda row: f"{row['stars']['spearman']:.4f}",
    "stars: mean distance": lambda row: f"{row['stars']['mean_error']:.2f}",
}


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _teachers_text(teachers: dict[str, Any] | None) -> str:
    """Say who labelled the unlabelled reviews, and how good each is."""
    if teachers is None:
        return ""
    named = ", ".join(
        f"{name} {accuracy:.4f}" for name, accuracy in teachers["development_accuracy"].items()
    )
    return f"""The unlabelled reviews were labelled by teachers, which learned from the labelled ones and whose opinions
were weighed on the development reviews: a first network of the same shape, a linear model of word
sequences, and one of paragraph vectors (those were learned from all texts, without any label). Their
accuracy on the development reviews: {named}.
"""
