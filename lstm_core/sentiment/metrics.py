"""What predictions are worth, by scikit-learn and SciPy; serving never imports this."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    roc_auc_score,
)
from sklearn.metrics import roc_curve as whole_roc_curve

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
BINS = 10


def measures(probabilities: Floats, labels: NDArray[np.int_]) -> dict[str, Any]:
    """Compare probabilities of "positive" with what is true.

    Args:
        probabilities: (reviews,), between 0 and 1.
        labels: (reviews,), 0 or 1, both present.

    Returns:
        Counts, ``accuracy``, ``f1`` of positive, ``roc_auc`` (the chance that a positive review
        is ranked above a negative one), ``log_loss`` in nats, and ``calibration_error``.
    """
    predicted = probabilities >= 0.5
    matrix = confusion_matrix(labels, predicted, labels=[0, 1])
    true_negative, false_positive, false_negative, true_positive = matrix.ravel().tolist()
    return {
        "reviews": len(labels),
        "accuracy": float(accuracy_score(labels, predicted)),
        "f1": float(f1_score(labels, predicted)),
        "roc_auc": float(roc_auc_score(labels, probabilities)),
        "log_loss": float(log_loss(labels, probabilities)),
        "calibration_error": calibration_error(probabilities, labels == 1),
        "confusion": {
            "true_positive": true_positive,
            "false_positive": false_positive,
            "true_negative": true_negative,
            "false_negative": false_negative,
        },
    }


def roc_curve(scores: Floats, positive: Flags, points: int = 101) -> dict[str, list[float]]:
    """Trace the ROC curve at evenly spaced false positive rates.

    Returns:
        ``false_positive_rate`` and ``true_positive_rate``, (points,) each.
    """
    false, true, _ = whole_roc_curve(positive, scores, drop_intermediate=False)
    grid = np.linspace(0, 1, points)
    at = np.searchsorted(false, grid, side="right") - 1
    return {
        "false_positive_rate": grid.round(4).tolist(),
        "true_positive_rate": true[at].round(4).tolist(),
    }


def reliability(probabilities: Floats, positive: Flags, bins: int = BINS) -> list[dict[str, float]]:
    """Count, by equal bins of probability, how often "positive" was true.

    ``sklearn.calibration.calibration_curve`` gives the same means and shares, but not how many
    reviews lie in a bin, which both the picture and the calibration error need.
    """
    bin_of = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        {
            "reviews": int(inside.sum()),
            "mean_probability": float(probabilities[inside].mean()),
            "share_positive": float(positive[inside].mean()),
        }
        for inside in (bin_of == i for i in np.unique(bin_of))
    ]


def calibration_error(probabilities: Floats, positive: Flags, bins: int = BINS) -> float:
    """Compute the expected calibration error (Guo et al., 2017).

    It is the mean distance between probability and rate over the bins of ``reliability``, weighted
    by size; scikit-learn has no function for it.
    """
    rows = reliability(probabilities, positive, bins)
    distances = [abs(row["mean_probability"] - row["share_positive"]) for row in rows]
    return float(np.average(distances, weights=[row["reviews"] for row in rows]))


def agreement(estimate: Floats, actual: NDArray[Any]) -> dict[str, float]:
    """Correlate an estimate with what is true: Pearson's r and Spearman's rank correlation."""
    return {
        "pearson": float(pearsonr(estimate, actual).statistic),
        "spearman": float(spearmanr(estimate, actual).statistic),
    }


def largest_spearman(labels: NDArray[np.int64]) -> float:
    """Compute the rank correlation of a perfect ranking without ties with two labels.

    All labels of one kind share a rank, and an untied prediction cannot; with as many of each kind
    the best possible value comes to sqrt(3) / 2 = 0.866 as their number grows.
    """
    perfect = np.argsort(np.argsort(labels, kind="stable"), kind="stable")
    return float(spearmanr(perfect, labels).statistic)
