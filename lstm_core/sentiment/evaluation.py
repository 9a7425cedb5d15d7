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
from lstm_core.sentiment.model_card import CARD, written_card
from lstm_core.sentiment.probe import probe_rates, read_probe
from lstm_core.sentiment.reader import LONGEST, Reader, Scores
from lstm_core.sentiment.taught import recorded
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
    network = {
        "parameters": training["parameters"],
        "bytes_keras": (folder / "network.keras").stat().st_size,
        "bytes_npz": (folder / "network.npz").stat().st_size,
        "sha256_npz": hashlib.sha256((folder / "network.npz").read_bytes()).hexdigest(),
        "longest_text_read": LONGEST,
    }
    calibration = asdict(reader.calibration)
    results = {
        "command": COMMAND,
        "seed": training["recipe"]["seed"],
        "network": network,
        "calibration": calibration,
        "learning_curves": training["history"],
        "development": measured["development"],
        "test": measured["test"]
        | {
            "reviews_also_in_train": int((~is_new).sum()),
            "accuracy_without_those": float(right[is_new].mean()),
        },
        "looks_at_test": looks_at_test(recorded("results.json", folder), network, calibration),
        "lecture_tables": lecture_tables(scored["test"], labels, stars),
        "lecture_models": lecture_rows(parts, folder / "lecture", tell),
        "probe": probe_rates(reader, read_probe()),
        "versions": versions("numpy"),
    }
    write_json(folder / "results.json", results)
    (folder / CARD).write_text(written_card(folder), encoding="utf-8")
    return results


def looks_at_test(
    before: dict[str, Any] | None, network: dict[str, Any], calibration: dict[str, Any]
) -> int | None:
    """Count how often a network was scored on the test, each time with another calibration.

    The same weights with the same calibration give the same figures, so that another run is no
    further look.

    Args:
        before: what ``results.json`` held; None if there was none.
        network: the same part of what it will hold.
        calibration: the same.

    Returns:
        The count; None if earlier runs with these weights did not count.
    """
    if before is None or before["network"]["sha256_npz"] != network["sha256_npz"]:
        return 1
    counted = before.get("looks_at_test")
    return None if counted is None else counted + (before["calibration"] != calibration)


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
