"""From the network's logit to a probability that keeps its word, and to a verdict in words.

A network that was trained to the end is surer than it is right. Dividing its logit by one number,
the temperature, mends that and changes no verdict: Guo, Pleiss, Sun and Weinberger, On Calibration
of Modern Neural Networks, 2017.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_core.activations import sigmoid

Floats = NDArray[np.float64]
Verdict = Literal["positive", "negative", "mixed or unclear", "not a review"]

UNCLEAR = (1 / 3, 2 / 3)
"""Between these probabilities the odds are under two to one, and no side is taken."""
LEAST_KNOWN = 2 / 3
"""A text of which the network knows a smaller share of words does not read like a review."""
FILE = "calibration.json"


def verdict(probability: float, known_share: float = 1.0) -> Verdict:
    """Put a reading into words.

    Args:
        probability: of "positive", calibrated.
        known_share: of the words that were read, the share that the network knows.
    """
    if known_share < LEAST_KNOWN:
        return "not a review"
    if probability >= UNCLEAR[1]:
        return "positive"
    if probability <= UNCLEAR[0]:
        return "negative"
    return "mixed or unclear"


@dataclass(frozen=True)
class Calibration:
    """How a logit becomes a probability: sigmoid(logit / temperature)."""

    temperature: float = 1.0

    def probability(self, logit: NDArray[np.floating]) -> Floats:
        """Return the calibrated probability of "positive", of the shape of ``logit``."""
        return np.asarray(sigmoid(np.asarray(logit, np.float64) / self.temperature))

    @classmethod
    def fit(cls, logits: Floats, labels: NDArray[np.int64]) -> Calibration:
        """Find the temperature under which held-out labels are most likely.

        Args:
            logits: (reviews,), of reviews that the network did not learn from.
            labels: (reviews,), 0 or 1, both present.
        """
        signs = np.where(labels == 1, 1.0, -1.0)
        low, high = np.log(0.05), np.log(20.0)
        # The loss has one minimum in the temperature; golden-section search closes in on it.
        golden = (np.sqrt(5.0) - 1) / 2
        for _ in range(60):
            left, right = high - golden * (high - low), low + golden * (high - low)
            losses = [np.logaddexp(0, -signs * logits / np.exp(t)).mean() for t in (left, right)]
            low, high = (low, right) if losses[0] < losses[1] else (left, high)
        return cls(float(np.exp((low + high) / 2)))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read the file that ``save`` wrote.

        Raises:
            OSError: if there is no such file.
        """
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(stored["temperature"])

    def save(self, folder: Path, command: str, reviews: int) -> None:
        """Write the temperature beside the network, with how it was found."""
        record = {
            "command": command,
            "temperature": self.temperature,
            "fitted_on_development_reviews": reviews,
        }
        (folder / FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
