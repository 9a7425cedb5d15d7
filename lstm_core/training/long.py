"""A training that takes minutes: it shows its progress, keeps checkpoints and goes on after a stop."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

Say = Callable[[str], None]
FOLDER = Path("build") / "applications"
SECONDS_BETWEEN_CHECKPOINTS = 30.0


class LongTraining(Protocol):
    """What can be trained a few updates at a time, put away and taken up again.

    Attributes:
        updates: how many were made.
        log: what was measured so far, a row each time.
    """

    updates: int
    log: list[dict[str, float]]

    @property
    def planned(self) -> int:
        """How many updates there will be."""

    def advance(self, updates: int) -> None:
        """Make so many updates, or fewer at the end."""

    def save(self, path: Path) -> None:
        """Write a checkpoint."""

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint if there is one of the same recipe; says whether there was."""


def falling_rate(rate: float, update: int, planned: int) -> float:
    """Return an update's learning rate: it falls along half a cosine, to a fiftieth at the end.

    Loshchilov and Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, equation 5,
    without restarts.

    Args:
        rate: of the first update.
        update: counted from 0.
        planned: how many there will be.
    """
    return rate * (0.02 + 0.98 * 0.5 * (1.0 + math.cos(math.pi * update / planned)))


def train_to_the_end(
    training: LongTraining, checkpoint: Path, tell: Say, at_once: int = 25
) -> None:
    """Train until all planned updates are made.

    Writes a checkpoint every half minute and whenever something was measured.

    Args:
        training: what is trained.
        checkpoint: the file; training goes on from it if it is there.
        tell: takes a line of progress.
        at_once: updates between two looks at the clock.
    """
    if training.resume(checkpoint):
        tell(f"going on after update {training.updates} of {training.planned}")
    written = time.monotonic()
    while training.updates < training.planned:
        rows = len(training.log)
        training.advance(at_once)
        has_measured = len(training.log) > rows
        if has_measured:
            tell(f"update {training.updates} of {training.planned}: {training.log[-1]}")
        if has_measured or time.monotonic() - written > SECONDS_BETWEEN_CHECKPOINTS:
            training.save(checkpoint)
            written = time.monotonic()


def tell(message: str) -> None:
    """Report progress, with the time of day."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {message}\n")
    sys.stdout.flush()


def folder_of(description: str, arguments: list[str] | None) -> Path:
    """Read the command line of a training: where its checkpoints are kept."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where checkpoints are kept")
    folder: Path = parser.parse_args(arguments).folder
    return folder
