"""Short sentences of our own, class by class, and which answers to them are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.reader import ASSETS, Reader

PROBE = ASSETS / "probe.jsonl"


def read_probe(path: Path = PROBE) -> list[dict[str, str]]:
    """Read the probe sentences: ``class``, ``expected`` and ``text`` of each."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def probe_rates(reader: Reader, probe: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """Measure the network on the probe sentences, class by class.

    Returns:
        Of each class ``sentences``, ``rate``, the share that ``is_right``, and
        ``rate_of_clear_verdicts``, the share whose verdict is what was expected.
    """
    scores = reader.score([row["text"] for row in probe])
    p = np.nan_to_num(scores.probability, nan=0.5)
    refused = [
        one or ("no word" if nothing else "")
        for one, nothing in zip(scores.refused, np.isnan(scores.probability), strict=True)
    ]
    rates: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(row["class"] for row in probe):
        rows = [i for i, row in enumerate(probe) if row["class"] == name]
        right = [is_right(probe[i]["expected"], p[i], refused[i]) for i in rows]
        clear = [_is_verdict(probe[i]["expected"], p[i], refused[i]) for i in rows]
        rates[name] = {
            "sentences": len(rows),
            "rate": float(np.mean(right)),
            "rate_of_clear_verdicts": float(np.mean(clear)),
        }
    return rates


def is_right(expected: str, probability: float, refused: str = "") -> bool:
    """Tell whether a probability is on the side that was expected; or on none, if none was.

    Args:
        expected: "positive", "negative" or "unclear".
        probability: of "positive".
        refused: why the text is no review that can be read; "" if it may be one.
    """
    if expected == "unclear":
        return _is_verdict(expected, probability, refused)
    return (probability >= 0.5) == (expected == "positive")


def _is_verdict(expected: str, probability: float, refused: str = "") -> bool:
    given = verdict(probability, refused)
    return given == expected or (expected == "unclear" and given not in {"positive", "negative"})
