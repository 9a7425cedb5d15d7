"""Train the forecaster on series made by rule, and measure it on made and on real ones.

No real series is learned from. Development series decide which parameters are kept and how wide a
range has to be; held-out series, made and real, measure both once, at the end.
"""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.gradients.clipping import clip_by_norm
from lstm_core.series.forecasting import (
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
from lstm_core.training.checkpoints import copied, read_checkpoint, write_checkpoint
from lstm_core.training.learner import Learner
from lstm_core.training.long import Say, falling_rate, train_to_the_end
from lstm_core.training.optimizers import Adam

RESULTS = ASSETS / "forecaster.json"
SERIES = ASSETS / "series"
HORIZON = 48
SHARE = 0.8
LOOK_EVERY = 250


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

    @property
    def planned(self) -> int:
        """How many updates there will be."""
        return self.recipe.updates

    def advance(self, updates: int) -> None:
        """Make so many updates, each on fresh series; looks at the development series at times."""
        recipe = self.recipe
        for _ in range(min(updates, recipe.updates - self.updates)):
            rng = np.random.default_rng((recipe.seed, 1, self.updates))
            step = self.learner.step(self.task, self.task.draw(recipe.batch, rng))
            self.optimizer.rate = falling_rate(recipe.rate, self.updates, recipe.updates)
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
        progress = {"recipe": asdict(self.recipe), "updates": self.updates, "log": self.log}
        write_checkpoint(path, progress, self.learner.parameters, self.best, self.optimizer, {})

    def resume(self, path: Path) -> bool:
        """Go on from a checkpoint if there is one of the same recipe; says whether there was."""
        checkpoint = read_checkpoint(
            path, asdict(self.recipe), self.learner.parameters, self.best, self.optimizer
        )
        if checkpoint is None:
            return False
        progress, _ = checkpoint
        self.updates, self.log = progress["updates"], progress["log"]
        return True


def train(recipe: Recipe, folder: Path, tell: Say) -> ForecasterTraining:
    """Train to the end; checkpoints are written to the folder."""
    training = ForecasterTraining(recipe)
    train_to_the_end(training, folder / "forecaster.npz", tell, at_once=50)
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
        drawn = make_series(40, season, shortest(season) + 3 * season + 2 * HORIZON + 20, rng)
        for values in drawn:
            tested = backtest(forecaster, values, season, HORIZON, most=4)
            if tested is not None:
                for method, error in tested.errors.items():
                    errors[method].append(error)
    return {method: np.concatenate(parts) for method, parts in errors.items()}


def ship(training: ForecasterTraining, command: str, tell: Say, folder: Path = ASSETS) -> None:
    """Write the network that was best on the development series, and what is measured of it.

    Args:
        training: that has come to its end.
        command: that made it.
        tell: takes a line of progress.
        folder: gets the files, under the names of ``NETWORK`` and ``RESULTS``.
    """
    for name, parameter in training.learner.parameters.items():
        np.copyto(parameter, training.best[name])
    Forecaster(training.learner).save(folder / NETWORK.name)
    forecaster = Forecaster.load(folder / NETWORK.name)
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
    text = json.dumps(results, indent=1) + "\n"
    (folder / RESULTS.name).write_text(text, encoding="utf-8")


def _rounded(values: dict[str, float]) -> dict[str, Any]:
    return {name: round(value, 4) for name, value in values.items()}
