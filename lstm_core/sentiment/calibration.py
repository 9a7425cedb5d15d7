"""From the network's logit to a probability that keeps its word, and to a verdict in words.

A trained network is not as sure as it is right. Dividing its logit by one number, the temperature,
and adding another, the offset, mends that: Platt, Probabilistic Outputs for Support Vector
Machines, 1999; Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, 2017.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid

Floats = NDArray[np.float64]
Verdict = Literal["positive", "negative", "mixed or unclear", "not a review"]

UNCLEAR = (1 / 3, 2 / 3)
"""Between these probabilities the odds are under two to one, and no side is taken."""
FILE = "calibration.json"


def verdict(probability: float, refused: str = "") -> Verdict:
    """Put a reading into words.

    Args:
        probability: of "positive", calibrated.
        refused: why the text is no review that can be read, as ``refusals`` tells; "" if it may be.
    """
    if refused:
        return "not a review"
    if probability >= UNCLEAR[1]:
        return "positive"
    if probability <= UNCLEAR[0]:
        return "negative"
    return "mixed or unclear"


@dataclass(frozen=True)
class Calibration:
    """How a logit becomes a probability: sigmoid(logit / temperature + offset)."""

    temperature: float = 1.0
    offset: float = 0.0

    def probability(self, logit: NDArray[np.floating]) -> Floats:
        """Return the calibrated probability of "positive", of the shape of ``logit``."""
        return np.asarray(sigmoid(np.asarray(logit, np.float64) / self.temperature + self.offset))

    @classmethod
    def fit(cls, logits: Floats, labels: NDArray[np.int64]) -> Calibration:
        """Find the two numbers under which held-out labels are most likely, with scikit-learn.

        Both labels weigh the same in all, however many there are of each: whoever pastes a review
        brings no rate of good films along.

        Args:
            logits: (reviews,), of reviews that the network did not learn from.
            labels: (reviews,), 0 or 1, both present.
        """
        from sklearn.linear_model import LogisticRegression

        # Without a penalty; Newton's method, for there are two numbers to find.
        model = LogisticRegression(
            C=np.inf, class_weight="balanced", solver="newton-cholesky", tol=1e-8
        )
        model.fit(logits[:, np.newaxis], labels)
        slope = float(np.clip(model.coef_[0, 0], 0.05, 20.0))
        return cls(1.0 / slope, float(model.intercept_[0]))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read the file that ``save`` wrote.

        Raises:
            OSError: if there is no such file.
        """
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(stored["temperature"], stored["offset"])

    def save(self, folder: Path, command: str, reviews: int) -> None:
        """Write both numbers beside the network, with how they were found."""
        record = {
            "command": command,
            "temperature": self.temperature,
            "offset": self.offset,
            "fitted_on_development_reviews": reviews,
        }
        (folder / FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
