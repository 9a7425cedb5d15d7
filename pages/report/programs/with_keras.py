"""The same two numbers with Keras' metrics."""

import keras
import numpy as np

from lstm_core.sentiment.reader import measured

test = measured()["test"]  # Written by: make evaluate.

false = np.array(test["roc"]["false_positive_rate"])
true = np.array(test["roc"]["true_positive_rate"])
# Keras' metric takes scores, not a curve. The curve says how many of each label lie between two
# scores that follow each other: these stand for them, with that weight.
scores = np.linspace(1, 0, len(false))
metric = keras.metrics.AUC(thresholds=((scores[1:] + scores[:-1]) / 2).tolist())
metric.update_state(
    np.concatenate([np.ones_like(scores), np.zeros_like(scores)]),
    np.concatenate([scores, scores]),
    sample_weight=np.concatenate([np.diff(true, prepend=0), np.diff(false, prepend=0)]),
)

tenths = test["reliability"]
sure, right, reviews = (
    np.array([row[name] for row in tenths], dtype="float32")
    for name in ("mean_probability", "share_positive", "reviews")
)
mean = keras.metrics.MeanAbsoluteError()
mean.update_state(right[:, None], sure[:, None], sample_weight=reviews)
result = {"area": float(metric.result()), "calibration_error": float(mean.result())}
print(result)
