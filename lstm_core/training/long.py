"""A training that takes minutes: it shows its progress, keeps checkpoints and goes on after a stop."""

from __future__ import annotations

import argparse
import math
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import clip_by_norm
from lstm_core.training.checkpoints import copied, read_checkpoint, write_checkpoint
from lstm_core.training.optimizers import Adam

Say = Callable[[str], None]
FOLDER = Path("build") / "applications"
SECONDS_BETWEEN_CHECKPOINTS = 30.0


class LongTraining(ABC):
    """A training by Adam that can be put away after any update and taken up again, to the last bit.

    Each update depends on the recipe, its own number and what was carried on alone.

    Attributes:
        recipe: what decides the training, a dataclass; has at least ``rate`` and ``max_norm``.
        parameters: of the network, which are changed in place.
        updates: how many were made.
        log: what was measured so far, a row each time.
        best: a copy of the parameters that were best in development.
    """

    def __init__(self, recipe: Any, parameters: Mapping[str, Array]) -> None:
        """Begin with the parameters as they are."""
        self.recipe = recipe
        self.parameters = parameters
        self.optimizer = Adam(recipe.rate)
        self.updates = 0
        self.log: list[dict[str, float]] = []
        self.best = copied(parameters)
        self._least = math.inf

    @property
    @abstractmethod
    def planned(self) -> int:
        """How many updates there will be."""

    @property
    @abstractmethod
    def _measures_now(self) -> bool:
        """Whether it is measured after the update that was made last."""

    @abstractmethod
    def _gradients(self) -> Mapping[str, Array]:
        """Go forward and back over what the next update reads; gradients by parameter."""

    @abstractmethod
    def _measure(self) -> tuple[float, dict[str, float]]:
        """Measure in development; returns what decides, the less the better, and a row of the log."""

    def advance(self, updates: int) -> None:
        """Make so many updates, or fewer at the end."""
        for _ in range(min(updates, self.planned - self.updates)):
            gradients = clip_by_norm(self._gradients(), self.recipe.max_norm)
            self.optimizer.rate = falling_rate(self.recipe.rate, self.updates, self.planned)
            self.optimizer.update(self.parameters, gradients)
            self.updates += 1
            if self._measures_now:
                loss, row = self._measure()
                if loss < self._least:
                    self._least, self.best = loss, copied(self.parameters)
                self.log.append(row)

    def take_the_best(self) -> None:
        """Go back to the parameters that were best in development."""
        for name, parameter in self.parameters.items():
            np.copyto(parameter, self.best[name])

    def _progress(self) -> dict[str, Any]:
        """Say how far it is, in what JSON can hold."""
        return {
            "recipe": asdict(self.recipe),
            "updates": self.updates,
            "log": self.log,
            "least": self._least,
        }

    def _carried(self) -> Mapping[str, Array]:
        """Return the arrays that the next update starts from."""
        return {}

    def _go_on(self, progress: Mapping[str, Any], carried: Mapping[str, Array]) -> None:
        """Take up what ``_progress`` and ``_carried`` said."""
        del carried
        self.updates, self.log = progress["updates"], progress["log"]
        self._least = progress["least"]

    def save(self, path: Path) -> None:
        """Write a checkpoint."""
        progress, carried = self._progress(), self._carried()
        write_checkpoint(path, progress, self.parameters, self.best, self.optimizer, carried)

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint if there is one of the same recipe; says whether there was."""
        recipe = asdict(self.recipe)
        checkpoint = read_checkpoint(path, recipe, self.parameters, self.best, self.optimizer)
        if checkpoint is not None:
            self._go_on(*checkpoint)
        return checkpoint is not None


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
