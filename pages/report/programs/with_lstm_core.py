"""The area under the ROC curve and the calibration error, from what was measured."""

import numpy as np

from lstm_core.sentiment.reader import measured

test = measured()["test"]  # Written by: make evaluate.

false = np.array(test["roc"]["false_positive_rate"])
true = np.array(test["roc"]["true_positive_rate"])
area = np.trapezoid(true, false)
print(f"area under {len(false)} points of the curve: {area:.4f}")
print(f"on all {test['reviews']:,} reviews, by their ranks: {test['roc_auc']:.4f}")

tenths = test["reliability"]
sure, right, reviews = (
    np.array([row[name] for row in tenths])
    for name in ("mean_probability", "share_positive", "reviews")
)
error = np.average(np.abs(sure - right), weights=reviews)
print(f"calibration error: {error:.4f}")
result = {"area": area, "calibration_error": error}
