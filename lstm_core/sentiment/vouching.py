"""TensorFlow vouches for lstm_core: the same text, the same weights, in a process of its own.

The process ends when it has answered, so that serving never holds TensorFlow's memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_core.messages import later
from lstm_core.sentiment.reader import ASSETS, Reader

TIME_LIMIT = 180.0
"""Seconds after which TensorFlow is not waited for any longer."""


class NoVoucherError(Exception):
    """TensorFlow could not be asked; the message says why, and can be said in any language."""


@dataclass(frozen=True)
class Voucher:
    """What both said of one text.

    Attributes:
        lstm_core: probability of "positive", by the code that serves.
        tensorflow: by Keras on TensorFlow, from ``network.keras``, with the same calibration.
        logit_difference: the distance between both logits.
        versions: of the packages that were asked, by name.
        seconds: that TensorFlow took, its start included.
    """

    lstm_core: float
    tensorflow: float
    logit_difference: float
    versions: dict[str, str]
    seconds: float

    @property
    def difference(self) -> float:
        """The distance between both probabilities."""
        return abs(self.lstm_core - self.tensorflow)


def vouch(reader: Reader, text: str, folder: Path = ASSETS) -> Voucher:
    """Ask TensorFlow for its reading of a text.

    Args:
        reader: of the same folder.
        text: with at least one word.
        folder: where training wrote the network.

    Raises:
        NoVoucherError: if TensorFlow is not installed, fails, or takes too long.
    """
    command = [sys.executable, "-m", "lstm_core.sentiment", "vouch", "--folder", str(folder)]
    start = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603  The command is our own; the text is its input.
            command,
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=TIME_LIMIT,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoVoucherError(
            later("TensorFlow did not answer within {limit:.0f} s.", limit=TIME_LIMIT)
        ) from None
    seconds = time.perf_counter() - start
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoVoucherError(
            lines[-1][:300] if lines else later("TensorFlow ended without a word.")
        )
    answer = json.loads(done.stdout.decode().splitlines()[-1])
    ids = reader.ids(text)
    ours = float(reader.network.answers(reader.network.embed(ids))[0])
    both = np.array([ours, answer["logit"]])
    ours_p, theirs_p = reader.calibration.probability(both).tolist()
    return Voucher(ours_p, theirs_p, abs(ours - answer["logit"]), answer["versions"], seconds)


def answer(text: str, folder: Path) -> str:
    """Read a text with Keras on TensorFlow; returns one line of JSON.

    Raises:
        ImportError: if Keras or TensorFlow is not installed.
        ValueError: if there is no word in the text.
    """
    from lstm_core.sentiment.keras_model import logit_of
    from lstm_core.sentiment.versions import versions

    ids = Reader.load(folder).ids(text)
    if not len(ids):
        raise ValueError("there is no word in the text")
    logit = logit_of(folder / "network.keras", ids)
    return json.dumps({"logit": logit, "versions": versions("keras", "tensorflow")})
