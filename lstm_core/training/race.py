"""A race: RNN, LSTM and GRU of equal parameter budget learn one task from the same sequences.

A race goes on from where it stands, update by update; the sequences of an update depend on the seed
and the update's number alone, so that the same setting is the same race, however often it is
stopped on the way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_core.cells import CELLS
from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import clip_by_norm, joint_norm
from lstm_core.training.learner import Learner, Step, units_for
from lstm_core.training.optimizers import OPTIMIZERS, Optimizer
from lstm_core.training.tasks import TASKS, Task

LOOK_EVERY = 25
LOOKED_AT = 256
"""So many sequences, never learned from, the loss is measured on; the same ones each time."""


@dataclass(frozen=True)
class Setting:
    """Everything that decides a race.

    Attributes:
        task: name in ``TASKS``.
        length: of the task.
        budget: number of parameters that each network comes as near to as it can.
        optimizer: name in ``OPTIMIZERS``.
        rate: learning rate.
        max_norm: clip the gradient of all parameters to this length; None does not.
        batch: sequences an update.
        seed: of the networks and of all sequences.
    """

    task: str = "adding"
    length: int = 30
    budget: int = 4_500
    optimizer: str = "Adam"
    rate: float = 0.01
    max_norm: float | None = 1.0
    batch: int = 32
    seed: int = 1

    def made_task(self) -> Task:
        """Make the task."""
        return TASKS[self.task](self.length)


@dataclass
class Runner:
    """One network in a race, and what was seen of it.

    Attributes:
        learner: the network.
        optimizer: with its running averages.
        looks: numbers of the updates after which it was looked at.
        losses: on the sequences looked at, for each look.
        norms: |dL/dstate_t| of the last look, (time,).
        broken: the update after which its loss was no number; None while it is one.
    """

    learner: Learner
    optimizer: Optimizer
    looks: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    norms: Array = field(default_factory=lambda: np.zeros(0))
    broken: int | None = None


class Race:
    """All networks of a race, and how far they are."""

    def __init__(
        self,
        setting: Setting,
        kinds: Iterable[str] = tuple(CELLS),
        dtype: type[np.floating[Any]] | str = np.float32,
    ) -> None:
        """Put untrained networks on the line.

        Args:
            setting: decides the race.
            kinds: names in ``CELLS`` of the networks that run.
            dtype: of their parameters.

        Raises:
            ValueError: if the task's length is too small.
            KeyError: if task, optimiser or a network is unknown.
        """
        self.setting = setting
        self.task = setting.made_task()
        self.updates = 0
        self.seconds = 0.0
        self.unseen = self.task.draw(LOOKED_AT, np.random.default_rng((setting.seed, 0, 1)))
        self.runners = {kind: self._runner(kind, np.dtype(dtype).type) for kind in kinds}
        self._look()

    def _runner(self, kind: str, dtype: type[np.floating[Any]]) -> Runner:
        setting = self.setting
        units = units_for(kind, self.task, setting.budget)
        learner = Learner.initialise(kind, self.task, units, setting.seed, dtype)
        return Runner(learner, OPTIMIZERS[setting.optimizer](setting.rate))

    @property
    def over(self) -> bool:
        """Whether no network has a number left to learn with."""
        return all(runner.broken is not None for runner in self.runners.values())

    def advance(self, updates: int | None = None, seconds: float = float("inf")) -> None:
        """Let every network learn from the same further batches.

        Args:
            updates: how many; None for as many as the time allows.
            seconds: stop after so long; at least one update is made.
        """
        start = time.monotonic()
        end = float("inf") if updates is None else self.updates + updates
        with np.errstate(over="ignore", invalid="ignore"):
            while self.updates < end and not self.over:
                self._update()
                if time.monotonic() - start >= seconds:
                    break
        self.seconds += time.monotonic() - start

    def _update(self) -> None:
        self.updates += 1
        rng = np.random.default_rng((self.setting.seed, self.updates, 0))
        batch = self.task.draw(self.setting.batch, rng)
        for runner in self.runners.values():
            if runner.broken is not None:
                continue
            step = runner.learner.step(self.task, batch)
            length = joint_norm(step.gradients)
            if not np.isfinite(step.loss) or not np.isfinite(length):
                runner.broken = self.updates
                continue
            gradients = step.gradients
            if self.setting.max_norm is not None:
                gradients = clip_by_norm(gradients, self.setting.max_norm)
            runner.optimizer.update(runner.learner.parameters, gradients)
        if self.updates % LOOK_EVERY == 0:
            self._look()

    def _look(self) -> None:
        """Measure every network on the unseen sequences."""
        with np.errstate(over="ignore", invalid="ignore"):
            for runner in self.runners.values():
                if runner.broken is not None:
                    continue
                step: Step = runner.learner.step(self.task, self.unseen)
                if not np.isfinite(step.loss):
                    runner.broken = self.updates
                    continue
                runner.looks.append(self.updates)
                runner.losses.append(step.loss)
                runner.norms = step.norms


def advanced(race: Race, seconds: float, goal: int) -> Race:
    """Let a race go on for some seconds, or up to a number of updates; to be run in a process."""
    race.advance(max(goal - race.updates, 0), seconds)
    return race
