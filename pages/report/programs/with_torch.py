"""The same two numbers with PyTorch."""

import torch

from lstm_core.sentiment.reader import measured

test = measured()["test"]  # Written by: make evaluate.

false = torch.tensor(test["roc"]["false_positive_rate"], dtype=torch.float64)
true = torch.tensor(test["roc"]["true_positive_rate"], dtype=torch.float64)

tenths = test["reliability"]
sure, right, reviews = (
    torch.tensor([row[name] for row in tenths], dtype=torch.float64)
    for name in ("mean_probability", "share_positive", "reviews")
)
error = (reviews * (sure - right).abs()).sum() / reviews.sum()
result = {"area": float(torch.trapezoid(true, false)), "calibration_error": float(error)}
print(result)
