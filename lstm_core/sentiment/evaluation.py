"""Measure the shipped network, once, with the code that serves it; write what was measured."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import Review, read_reviews
from lstm_core.sentiment.reader import LONGEST, Reader
from lstm_core.sentiment.versions import versions

Say = Callable[[str], None]


def evaluate(archive: Path, folder: Path, say: Say = print) -> dict[str, Any]:
    """Score the development and the test reviews; write ``results.json`` and the model card.

    Args:
        archive: the data set's archive.
        folder: where training wrote the network; gets ``results.json`` and ``MODEL_CARD.md``.
        say: called with a line of progress now and then.

    Returns:
        What ``results.json`` holds.

    Raises:
        ArchiveError: if the archive is missing or wrong.
    """
    reader = Reader.load(folder)
    training = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    say("Reading the reviews ...")
    labelled = list(read_reviews(archive, ("train", "test")))
    known = {review.text for review in labelled if review.part == "train"}
    development = [r for r in labelled if r.part == "train" and r.is_development]
    test = [r for r in labelled if r.part == "test"]
    say(f"Scoring {len(development):,} development reviews ...")
    on_development, _ = _measure(reader, development)
    say(f"Scoring {len(test):,} test reviews ...")
    on_test, right = _measure(reader, test)
    is_new = np.array([review.text not in known for review in test])
    results = {
        "command": "python -m lstm_core.sentiment evaluate",
        "seed": training["recipe"]["seed"],
        "network": {
            "parameters": training["parameters"],
            "bytes_keras": (folder / "network.keras").stat().st_size,
            "bytes_npz": (folder / "network.npz").stat().st_size,
            "sha256_npz": hashlib.sha256((folder / "network.npz").read_bytes()).hexdigest(),
            "longest_text_read": LONGEST,
        },
        "development": on_development,
        "test": on_test
        | {
            "reviews_also_in_train": int((~is_new).sum()),
            "accuracy_without_those": float(right[is_new].mean()),
        },
        "versions": versions("numpy"),
    }
    text = json.dumps(results, indent=2) + "\n"
    (folder / "results.json").write_text(text, encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(model_card(results, training), encoding="utf-8")
    return results


def _measure(reader: Reader, reviews: list[Review]) -> tuple[dict[str, Any], NDArray[np.bool_]]:
    """Score reviews; returns the measured row and which verdicts were right."""
    start = time.perf_counter()
    probabilities = reader.score([review.text for review in reviews])
    seconds = time.perf_counter() - start
    labels = np.array([review.label for review in reviews])
    return measures(probabilities, labels) | {
        "seconds": round(seconds, 1),
        "reviews_per_second": round(len(reviews) / seconds, 1),
    }, (probabilities >= 0.5) == (labels == 1)


def measures(probabilities: NDArray[np.float64], labels: NDArray[np.int_]) -> dict[str, Any]:
    """Compare probabilities of "positive" with what is true.

    Args:
        probabilities: (reviews,), between 0 and 1.
        labels: (reviews,), 0 or 1, both present.

    Returns:
        Counts, ``accuracy``, ``f1`` of positive, ``roc_auc`` (the chance that a positive review
        is ranked above a negative one), ``log_loss`` in nats, and ``calibration_error``: the mean
        distance between probability and rate over ten bins of probability, weighted by size.
    """
    positive = labels == 1
    said = probabilities >= 0.5
    confusion = {
        "true_positive": int((said & positive).sum()),
        "false_positive": int((said & ~positive).sum()),
        "true_negative": int((~said & ~positive).sum()),
        "false_negative": int((~said & positive).sum()),
    }
    wrong = confusion["false_positive"] + confusion["false_negative"]
    p = np.clip(probabilities, 1e-12, 1 - 1e-12)
    return {
        "reviews": len(labels),
        "accuracy": float((said == positive).mean()),
        "f1": 2 * confusion["true_positive"] / (2 * confusion["true_positive"] + wrong),
        "roc_auc": roc_auc(probabilities, positive),
        "log_loss": float(-np.where(positive, np.log(p), np.log1p(-p)).mean()),
        "calibration_error": calibration_error(probabilities, positive),
        "confusion": confusion,
    }


def roc_auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Compute the area under the ROC curve from ranks; equal scores share their mean rank."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives, negatives = positive.sum(), (~positive).sum()
    above = ranks[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def calibration_error(
    probabilities: NDArray[np.float64], positive: NDArray[np.bool_], bins: int = 10
) -> float:
    """Compute the expected calibration error (Guo et al., 2017) over equal bins."""
    bin_of = np.minimum((probabilities * bins).astype(int), bins - 1)
    distance = np.zeros(bins)
    np.add.at(distance, bin_of, probabilities - positive)
    return float(np.abs(distance).sum() / len(probabilities))


def model_card(results: dict[str, Any], training: dict[str, Any]) -> str:
    """Write the model card in Markdown, every number of it from what was measured."""
    recipe, test, dev = training["recipe"], results["test"], results["development"]
    rows = "\n".join(
        f"| {row['epoch']} | {row['train_accuracy']:.4f} | {row['development_accuracy']:.4f} "
        f"| {row['train_loss']:.4f} | {row['development_loss']:.4f} |"
        for row in training["history"]
    )
    cells = test["confusion"]
    return f"""# Model card: the review reader

This file is written by `{results["command"]}`, from what that command and `{training["command"]}` chose and
measured.

## What it is

A network that reads an English film review and gives the probability that its writer liked the film.
Embedding ({recipe["vocabulary"]:,} x {recipe["features"]}), two bidirectional LSTM layers of {recipe["units"]} units a direction, the
largest and the mean hidden state over time, one dense output: {training["parameters"]:,} parameters.
`network.keras` opens in Keras; `network.npz` holds the same numbers, to the last bit, for `lstm_core`.

## How it was trained

On {training["reviews"]["train"]:,} reviews of the Large Movie Review Dataset (Maas et al., 2011), chosen on {training["reviews"]["development"]:,} others that
share no film with them. Word vectors start from the co-occurrences in the training reviews and in the
unlabelled ones of the data set. Longer reviews were learned from their first {recipe["head"]} and last {recipe["tail"]} words. Adam,
{recipe["learning_rate"]} falling linearly to 0, batches of {recipe["batch_size"]}, dropout {recipe["embedding_dropout"]} / {recipe["layer_dropout"]} / {recipe["head_dropout"]}, seed {recipe["seed"]}; epoch
{training["chosen_epoch"]} of {recipe["epochs"]} was best on the development reviews. Each batch is read twice, the second time with its word
vectors moved by {recipe["adversarial_radius"]} in the direction that hurts most (adversarial training, Miyato et al., 2017); gradients
are clipped to a joint norm of 1. The weights that ship are rounded to half precision.

| epoch | accuracy, training | accuracy, development | loss, training | loss, development |
| --- | --- | --- | --- | --- |
{rows}

Training figures are taken while the weights change and with dropout on; development figures after the
epoch, without dropout.

## What was measured

| | development | official test |
| --- | --- | --- |
| reviews | {dev["reviews"]:,} | {test["reviews"]:,} |
| accuracy | {dev["accuracy"]:.4f} | {test["accuracy"]:.4f} |
| F1 of positive | {dev["f1"]:.4f} | {test["f1"]:.4f} |
| area under the ROC curve | {dev["roc_auc"]:.4f} | {test["roc_auc"]:.4f} |
| log loss | {dev["log_loss"]:.4f} | {test["log_loss"]:.4f} |
| expected calibration error | {dev["calibration_error"]:.4f} | {test["calibration_error"]:.4f} |

On the test: {cells["true_positive"]:,} true and {cells["false_positive"]:,} false positives, {cells["true_negative"]:,} true and {cells["false_negative"]:,} false negatives.
{test["reviews_also_in_train"]:,} test reviews stand word for word among the official training reviews; without them the accuracy
is {test["accuracy_without_those"]:.4f}. The development reviews chose the epoch, so their figure flatters a little.

## What it cannot do

- The data hold reviews of 1 to 4 and of 7 to 10 stars. The network never saw a neutral one and has no way
  to say "neither": a plain fact gets a verdict all the same.
- It learned long English film reviews. One sentence, another subject, another language, irony, and
  negation over a distance are outside of what was measured here.
- A word outside its vocabulary is read as one shared "unknown" vector. Of a text longer than {results["network"]["longest_text_read"]:,} tokens
  the middle is not read. The app shows both.
- The probability is the network's own, not adjusted; the calibration error above says how far it is off.
- It repeats what correlates in its data: names of people, genres and countries move the verdict.

## Data and licence

The data set carries no licence; no review text of it is in this repository. The vocabulary is a list of
words by frequency. Cite: Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng, and
Christopher Potts. 2011. Learning Word Vectors for Sentiment Analysis. ACL 2011.
"""
