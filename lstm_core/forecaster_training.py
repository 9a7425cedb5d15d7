"""Train the forecaster on series made by rule, and measure it on made and on real ones.

No real series is learned from. Development series decide which parameters are kept and how wide a
range has to be; held-out series, made and real, measure both once, at the end.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.arrays import Array
from lstm_core.checkpoints import copied, read_checkpoint, write_checkpoint
from lstm_core.clipping import clip_by_norm
from lstm_core.forecasting import (
    ASSETS,
    METHODS,
    NETWORK,
    Forecaster,
    NextDifference,
    backtest,
    find_season,
    make_series,
    shortest,
)
from lstm_core.learner import Learner
from lstm_core.optimizers import Adam

RESULTS = ASSETS / "forecaster.json"
SERIES = ASSETS / "series"
HORIZON = 48
SHARE = 0.8
LOOK_EVERY = 250

Say = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training.

    Attributes:
        units: of the LSTM.
        length: steps of a series that are answered.
        batch: series an update, all of one season.
        updates: how many.
        rate: of Adam at the start; it falls along half a cosine to a fiftieth.
        max_norm: the gradient is clipped to this joint length.
        seed: of the parameters and of all series.
    """

    units: int = 40
    length: int = 72
    batch: int = 32
    updates: int = 3_000
    rate: float = 0.004
    max_norm: float = 1.0
    seed: int = 1


class ForecasterTraining:
    """A network, its optimiser, and how far they are.

    Attributes:
        updates: how many have been made.
        log: one row a look: mean squared error on development series.
        best: a copy of the parameters that were best there.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Begin."""
        self.recipe = recipe
        self.task = NextDifference(recipe.length)
        self.learner = Learner.initialise("LSTM", self.task, recipe.units, recipe.seed)
        self.optimizer = Adam(recipe.rate)
        self.updates = 0
        self.log: list[dict[str, float]] = []
        self.best = copied(self.learner.parameters)

    def advance(self, updates: int) -> None:
        """Make so many updates, each on fresh series; looks at the development series at times."""
        recipe = self.recipe
        for _ in range(min(updates, recipe.updates - self.updates)):
            rng = np.random.default_rng((recipe.seed, 1, self.updates))
            step = self.learner.step(self.task, self.task.draw(recipe.batch, rng))
            share = 0.5 * (1.0 + np.cos(np.pi * self.updates / recipe.updates))
            self.optimizer.rate = recipe.rate * (0.02 + 0.98 * float(share))
            gradients = clip_by_norm(step.gradients, recipe.max_norm)
            self.optimizer.update(self.learner.parameters, gradients)
            self.updates += 1
            if self.updates % LOOK_EVERY == 0 or self.updates == recipe.updates:
                self._look()

    def _look(self) -> None:
        """Measure on 1,280 development series, the same ones each time."""
        drawn = (
            self.task.draw(64, np.random.default_rng((self.recipe.seed, 2, place)))
            for place in range(20)
        )
        loss = float(np.mean([self.learner.loss(self.task, batch) for batch in drawn]))
        if loss < min((row["development"] for row in self.log), default=float("inf")):
            self.best = copied(self.learner.parameters)
        self.log.append({"updates": self.updates, "development": round(loss, 5)})

    def save(self, path: Path) -> None:
        """Write a checkpoint."""
        told = {"recipe": asdict(self.recipe), "updates": self.updates, "log": self.log}
        write_checkpoint(path, told, self.learner.parameters, self.best, self.optimizer, {})

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint if there is one of the same recipe; says whether there was."""
        found = read_checkpoint(
            path, asdict(self.recipe), self.learner.parameters, self.best, self.optimizer
        )
        if found is None:
            return False
        self.updates, self.log = found[0]["updates"], found[0]["log"]
        return True


def train(recipe: Recipe, folder: Path, tell: Say) -> ForecasterTraining:
    """Train to the end, writing a checkpoint every half minute."""
    training = ForecasterTraining(recipe)
    checkpoint = folder / "forecaster.npz"
    if training.resume(checkpoint):
        tell(f"going on after update {training.updates} of {recipe.updates}")
    written = time.monotonic()
    while training.updates < recipe.updates:
        training.advance(50)
        if training.updates % LOOK_EVERY == 0:
            tell(f"{training.log[-1]} of {recipe.updates} updates")
        if time.monotonic() - written > 30.0 or training.updates == recipe.updates:
            training.save(checkpoint)
            written = time.monotonic()
    return training


def shipped_series(name: str) -> Array:
    """Read the second column of a series that ships with the app."""
    with (SERIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return np.array([float(row[1]) for row in list(csv.reader(file))[1:]])


def made_errors(forecaster: Forecaster, stream: int, seed: int) -> dict[str, Array]:
    """Backtest on 360 made series of all seasons; errors by method, (windows, horizon)."""
    errors: dict[str, list[Array]] = {method: [] for method in METHODS}
    for place, season in enumerate(NextDifference.seasons):
        rng = np.random.default_rng((seed, stream, place))
        made = make_series(40, season, shortest(season) + 3 * season + 2 * HORIZON + 20, rng)
        for values in made:
            tested = backtest(forecaster, values, season, HORIZON, most=4)
            if tested is not None:
                for method, error in tested.errors.items():
                    errors[method].append(error)
    return {method: np.concatenate(some) for method, some in errors.items()}


def ship(training: ForecasterTraining, command: str, tell: Say) -> None:
    """Write the network that was best on the development series, and what is measured of it."""
    for name, parameter in training.learner.parameters.items():
        np.copyto(parameter, training.best[name])
    Forecaster(training.learner).save(NETWORK)
    forecaster = Forecaster.load()
    seed = training.recipe.seed
    developed = made_errors(forecaster, 2, seed)
    widths = np.quantile(developed["network"], SHARE, axis=0)
    counted = made_errors(forecaster, 3, seed)
    real = {}
    for path in sorted(SERIES.glob("*.csv")):
        values = shipped_series(path.stem)
        season = find_season(values)
        tested = backtest(forecaster, values, season, 12)
        if tested is not None:
            real[path.stem] = {"season": season, "mase": _rounded(tested.mase)}
            tell(f"{path.stem}, season {season}: {tested.mase}")
    results = {
        "command": command,
        "recipe": asdict(training.recipe),
        "versions": {"numpy": np.__version__},
        "parameters": forecaster.learner.count,
        "looks": training.log,
        "made": {
            "windows": len(counted["network"]),
            "horizon": HORIZON,
            "mase": _rounded({name: float(error.mean()) for name, error in counted.items()}),
            "mase_first_12": _rounded(
                {name: float(error[:, :12].mean()) for name, error in counted.items()}
            ),
        },
        "real": real,
        "range": {
            "share": SHARE,
            "scales": [round(float(width), 3) for width in widths],
            "held_out_covered": round(float((counted["network"] <= widths).mean()), 4),
        },
    }
    tell(f"made series: {results['made']}")
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _rounded(values: dict[str, float]) -> dict[str, Any]:
    return {name: round(value, 4) for name, value in values.items()}
