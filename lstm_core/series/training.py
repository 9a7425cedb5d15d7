"""Train the forecaster on series made by rule, and measure it on made and on real ones.

No real series is learned from. Development series decide which parameters are kept and how wide a
range has to be; held-out series, made and real, measure both once, at the end.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
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
from lstm_core.training.learner import Learner
from lstm_core.training.long import LongTraining, Say, train_to_the_end

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


class ForecasterTraining(LongTraining):
    """The forecaster's: every update reads fresh series, every 250th is followed by a measurement."""

    recipe: Recipe

    def __init__(self, recipe: Recipe) -> None:
        """Begin."""
        self.task = NextDifference(recipe.length)
        self.learner = Learner.initialise("LSTM", self.task, recipe.units, recipe.seed)
        super().__init__(recipe, self.learner.parameters)

    @property
    def planned(self) -> int:
        """How many updates there will be."""
        return self.recipe.updates

    @property
    def _measures_now(self) -> bool:
        return self.updates % LOOK_EVERY == 0 or self.updates == self.planned

    def _gradients(self) -> Mapping[str, Array]:
        rng = np.random.default_rng((self.recipe.seed, 1, self.updates))
        return self.learner.step(self.task, self.task.draw(self.recipe.batch, rng)).gradients

    def _measure(self) -> tuple[float, dict[str, float]]:
        """Compute the mean squared error on 1,280 development series, the same ones each time."""
        drawn = (
            self.task.draw(64, np.random.default_rng((self.recipe.seed, 2, place)))
            for place in range(20)
        )
        loss = float(np.mean([self.learner.loss(self.task, batch) for batch in drawn]))
        return loss, {"updates": self.updates, "development": round(loss, 5)}


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
    training.take_the_best()
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
