"""Forecasting a series of numbers with one LSTM, beside what needs no network.

The network never sees the numbers themselves. With y_t the series, m the length of its season and

    d_t = y_t - y_(t-m)                          seasonal difference
    s_t = mean of |d| up to step t               scale: the seasonal naive forecast's mean error
    a_t = mean of the last 8 of y_(t-m), y_(t-2m), ...     what this place of the season has been

it reads three hints, all of them known at step t,

    x_t = (d_t, y_t - y_(t+1-m), a_(t+1) - y_(t+1-m)) / s_t

and answers with the next seasonal difference, (y_(t+1) - y_(t+1-m)) / s_t. An answer of 0 is the
seasonal naive forecast, the second hint is the naive one, the third the seasonal mean: what the
network learns is when to trust which. Level and unit of the series drop out, so that one network
serves all. Errors are in units of s_t: the mean absolute scaled error, MASE, of Hyndman and Koehler:
Another Look at Measures of Forecast Accuracy, 2006.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMCell, LSTMState
from lstm_core.training.learner import Learner
from lstm_core.training.tasks import Batch, Task

ASSETS = Path(__file__).parents[2] / "assets" / "applications"
NETWORK = ASSETS / "forecaster.npz"
SEASONS_AVERAGED = 8
SETTLING = 8
"""So many differences a scale rests on before the network reads its first hint."""
LARGEST_HINT = 6.0
"""Hints beyond so many scales are cut: an outlier says no more than that it is one."""
METHODS = ("network", "naive", "seasonal naive")


@dataclass(frozen=True)
class Hints:
    """What the network reads of a series, at every step that has all of it.

    Attributes:
        inputs: x_t, (steps, 3).
        scale: s_t, (steps,); 1 where every difference so far is 0.
        base: y_(t+1-m), what an answer is added to, (steps,).
        first: the step t of the first entry; the last one is the series' last step.
    """

    inputs: Array
    scale: Array
    base: Array
    first: int


def shortest(season: int) -> int:
    """Length of the shortest series that gives one hint."""
    return season + SETTLING


def longest_season(values: Array) -> int:
    """The longest season of which a series holds enough to be forecast."""
    return max(len(values) - SETTLING, 1)


def hints(values: Array, season: int) -> Hints:
    """Compute the module's hints for the last axis of a series.

    Args:
        values: (..., time) in double precision.
        season: m, at least 1.

    Raises:
        ValueError: if the series is shorter than ``shortest(season)``.
    """
    steps = values.shape[-1]
    if steps < shortest(season):
        raise ValueError(f"{steps} values are too few for a season of {season}")
    differences = values[..., season:] - values[..., :-season]
    scale = np.cumsum(np.abs(differences), axis=-1) / np.arange(1, steps - season + 1)
    scale = np.where(scale > 0.0, scale, 1.0)
    base = values[..., 1 : steps - season + 1]
    naive = values[..., season:] - base
    mean = seasonal_means(values, season)[..., season + 1 :] - base
    # A season that repeats to the last digit has a scale of next to nothing; hints are cut anyway.
    with np.errstate(over="ignore"):
        stacked = np.stack([differences, naive, mean], axis=-1) / scale[..., np.newaxis]
    settled = slice(SETTLING - 1, None)
    return Hints(
        np.clip(stacked, -LARGEST_HINT, LARGEST_HINT)[..., settled, :],
        scale[..., settled],
        base[..., settled],
        season + SETTLING - 1,
    )


def seasonal_means(values: Array, season: int) -> Array:
    """Average the last 8 values of the same place in the season, for each step and the one after.

    Args:
        values: (..., time).
        season: m.

    Returns:
        (..., time + 1); the first season has nothing before it and is 0.
    """
    steps = values.shape[-1]
    sums = np.zeros((*values.shape[:-1], steps + 1))
    for back in range(1, SEASONS_AVERAGED + 1):
        if back * season > steps:
            break
        sums[..., back * season :] += values[..., : steps + 1 - back * season]
    counts = np.minimum(np.arange(steps + 1) // season, SEASONS_AVERAGED)
    return np.asarray(sums / np.maximum(counts, 1))


class Forecaster:
    """A trained network that forecasts.

    Attributes:
        learner: the LSTM with its readout.
    """

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    @classmethod
    def load(cls, path: Path = NETWORK) -> Forecaster:
        """Load the trained one."""
        with np.load(path) as kept:
            cell = LSTMCell(kept["kernel"], kept["recurrent_kernel"], kept["bias"])
            return cls(Learner(cell, kept["readout_kernel"], kept["readout_bias"]))

    def save(self, path: Path) -> None:
        """Write its parameters."""
        arrays: dict[str, Any] = self.learner.parameters
        np.savez_compressed(path, **arrays)

    def one_step(self, values: Array, season: int) -> tuple[Array, int]:
        """Forecast every next value from all before it.

        Returns:
            The forecasts of the steps from ``first`` on to the one after the last, and ``first``.
        """
        past = hints(values, season)
        hidden = self.learner.cell.hidden_states(past.inputs)
        return past.base + past.scale * self._answers(hidden), past.first + 1

    def ahead(self, values: Array, season: int, horizon: int, origins: list[int]) -> Array:
        """Forecast from several steps of a series, each forecast taken for true by the next.

        Args:
            values: (time,).
            season: m.
            horizon: how many steps ahead.
            origins: the last step that each forecast knows, from 0; at least m + 7.

        Returns:
            (origins, horizon).
        """
        past = hints(values, season)
        cell = self.learner.cell
        trace = cell.run(past.inputs)
        places = np.array(origins) - past.first
        state = LSTMState(trace.hidden_state[places], trace.cell_state[places])  # type: ignore[attr-defined]
        scale = past.scale[places]
        # The last eight seasons and one value more are all that a hint looks back on.
        reach = SEASONS_AVERAGED * season + 1
        known = np.full((len(origins), reach), np.nan)
        for row, origin in enumerate(origins):
            seasons = values[max(0, origin + 1 - reach) : origin + 1]
            known[row, reach - len(seasons) :] = seasons
        forecasts = np.empty((len(origins), horizon))
        for ahead in range(horizon):
            base = known[:, -season]
            forecasts[:, ahead] = base + scale * self._answers(state.hidden_state)
            known = np.concatenate([known[:, 1:], forecasts[:, ahead, np.newaxis]], axis=1)
            base = known[:, -season]
            mean = np.nanmean(known[:, -season::-season][:, :SEASONS_AVERAGED], axis=1)
            stacked = [known[:, -1] - known[:, -1 - season], known[:, -1] - base, mean - base]
            with np.errstate(over="ignore"):
                inputs = np.stack(stacked, axis=-1) / scale[:, np.newaxis]
            state = cell.step(np.clip(inputs, -LARGEST_HINT, LARGEST_HINT), state)
        return forecasts

    def _answers(self, hidden: Array) -> Array:
        return np.asarray((hidden @ self.learner.kernel + self.learner.bias)[..., 0], np.float64)


def naive(values: Array, horizon: int, origins: list[int]) -> Array:
    """Repeat the last known value, (origins, horizon)."""
    return np.repeat(values[np.array(origins), np.newaxis], horizon, axis=1)


def seasonal_naive(values: Array, season: int, horizon: int, origins: list[int]) -> Array:
    """Repeat the last known season, (origins, horizon)."""
    within = np.arange(horizon) % season
    return np.asarray(values[np.array(origins)[:, np.newaxis] + 1 - season + within])


def mean_scaled_error(actual: Array, forecast: Array, scale: Array) -> Array:
    """Compute the mean of |actual - forecast| / scale over the last axis.

    Args:
        actual: (..., horizon).
        forecast: the same shape.
        scale: mean |y_t - y_(t-m)| of the history, (...,).
    """
    return np.asarray((np.abs(actual - forecast) / scale[..., np.newaxis]).mean(axis=-1))


@dataclass(frozen=True)
class Backtest:
    """How each method would have done on the last part of a series.

    Attributes:
        origins: the last step that each forecast knew.
        errors: |actual - forecast| / scale by method, (origins, horizon).
    """

    origins: list[int]
    errors: dict[str, Array]

    @property
    def mase(self) -> dict[str, float]:
        """Mean absolute scaled error of each method over all origins and horizons."""
        return {name: float(error.mean()) for name, error in self.errors.items()}

    @property
    def best(self) -> str:
        """The method with the smallest one; the simpler one of two that are alike."""
        mase = self.mase
        return min(("naive", "seasonal naive", "network"), key=lambda name: mase[name])

    @property
    def clear(self) -> bool:
        """Whether the network differs from the better naive method by more than chance would.

        The windows overlap, so that they count for no more than as many as fit side by side; the
        mean difference has to be beyond two standard errors of so many, and of at least three.
        """
        windows = self.errors["network"]
        apart = 1.0 + (self.origins[-1] - self.origins[0]) / windows.shape[1]
        other = min(("seasonal naive", "naive"), key=lambda name: self.mase[name])
        gaps = (windows - self.errors[other]).mean(axis=1)
        spread = float(gaps.std(ddof=1)) / np.sqrt(min(apart, len(gaps)))
        return bool(apart >= 3.0 and abs(float(gaps.mean())) > 2.0 * spread)


def backtest(
    forecaster: Forecaster, values: Array, season: int, horizon: int, most: int = 60
) -> Backtest | None:
    """Forecast from many steps in the second half of a series and compare with what came.

    Args:
        forecaster: the network.
        values: (time,).
        season: m.
        horizon: steps ahead.
        most: so many origins at most, evenly spread.

    Returns:
        None if the series is too short for three of them.
    """
    first = max(len(values) // 2, shortest(season) - 1)
    last = len(values) - 1 - horizon
    if last - first < 2:
        return None
    origins = sorted({int(o) for o in np.linspace(first, last, min(most, last - first + 1))})
    past = hints(values, season)
    scale = past.scale[np.array(origins) - past.first][:, np.newaxis]
    actual = values[np.array(origins)[:, np.newaxis] + 1 + np.arange(horizon)]
    forecasts: dict[str, Array] = {
        "network": forecaster.ahead(values, season, horizon, origins),
        "naive": naive(values, horizon, origins),
        "seasonal naive": seasonal_naive(values, season, horizon, origins),
    }
    return Backtest(origins, {name: np.abs(actual - f) / scale for name, f in forecasts.items()})


@dataclass(frozen=True)
class Forecast:
    """What is drawn of a series' future.

    Attributes:
        methods: the forecast of each method, (horizon,).
        low: lower end of the network's range, (horizon,).
        high: upper end.
        measured: windows of this series that the range was measured on; 0 if it was too short for
            its own and the range is the one measured on the series made for it.
        covered: share of later windows' values inside a range measured on the earlier ones.
    """

    methods: dict[str, Array]
    low: Array
    high: Array
    measured: int
    covered: float | None


def forecast(
    forecaster: Forecaster,
    values: Array,
    season: int,
    horizon: int,
    tested: Backtest | None,
    spare: Array,
    share: float = 0.8,
) -> Forecast:
    """Forecast what comes after a series, with the range of the errors made on its own past.

    Args:
        forecaster: the network.
        values: (time,).
        season: m.
        horizon: steps ahead.
        tested: the backtest of the same series and horizon.
        spare: errors, in scales, below which the share stayed on other series; (horizon,) or more.
        share: of the errors that the range holds.
    """
    last = [len(values) - 1]
    methods = {
        "network": forecaster.ahead(values, season, horizon, last)[0],
        "naive": naive(values, horizon, last)[0],
        "seasonal naive": seasonal_naive(values, season, horizon, last)[0],
    }
    scale = float(hints(values, season).scale[-1])
    covered, measured = None, 0
    width = spare[:horizon] * scale
    if tested is not None and len(tested.origins) >= 20:
        errors = tested.errors["network"]
        measured = len(errors)
        width = np.quantile(errors, share, axis=0) * scale
        half = len(errors) // 2
        limit = np.quantile(errors[:half], share, axis=0)
        covered = float((errors[half:] <= limit).mean())
    network = methods["network"]
    return Forecast(methods, network - width, network + width, measured, covered)


def find_season(values: Array, longest: int = 400) -> int:
    """Guess the length of the season from the autocorrelation of the steps between values.

    Returns:
        The lag of the highest peak, if it is above 0.3 and significant; else 1, no season.
    """
    steps = np.diff(values)
    steps = steps - steps.mean()
    total = float(steps @ steps)
    reach = min(longest, len(values) // 3)
    if total <= 0.0 or reach < 3:
        return 1
    spectrum = np.abs(np.fft.rfft(steps / np.sqrt(total), 2 * len(steps))) ** 2
    correlation = np.fft.irfft(spectrum)[: reach + 2]
    inner = correlation[2:-1]
    peaks = (inner >= correlation[1:-2]) & (inner >= correlation[3:])
    if not peaks.any():
        return 1
    lag = int(np.argmax(np.where(peaks, inner, -1.0))) + 2
    return lag if correlation[lag] > max(0.3, 2.0 / np.sqrt(len(steps))) else 1


class NextDifference(Task):
    """The forecaster's training: series made by rule, with what the module says to read and answer.

    Level, slope, season and noise are drawn anew for each series: some seasons are fixed, some
    drift in phase like a cycle, some grow with the level; some levels stand, some wander.
    """

    name = "next difference"
    says = "Forecast the next value of a series."
    features = 3
    outputs = 1
    classes = False
    every_step = True
    seasons = (1, 4, 6, 7, 11, 12, 24, 30, 52)

    @property
    def baseline(self) -> float:
        """The seasonal naive forecast's mean squared error, of 500 series."""
        drawn = [self.draw(50, np.random.default_rng(seed)).targets for seed in range(10)]
        return float(np.mean(np.square(drawn)))

    @property
    def baseline_says(self) -> str:
        """What the baseline is."""
        return "the seasonal naive forecast"

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Draw so many series of one season, which differs from draw to draw."""
        season = int(rng.choice(self.seasons))
        before = int(rng.integers(1, 5)) * season
        values = make_series(size, season, before + SETTLING + self.length, rng)
        past = hints(values, season)
        inputs, last = past.inputs[:, :-1], values[:, past.first + 1 :]
        targets = (last - past.base[:, :-1]) / past.scale[:, :-1]
        span = slice(-self.length, None)
        targets = np.clip(targets, -LARGEST_HINT, LARGEST_HINT)[:, span, np.newaxis]
        return Batch(inputs[:, span].astype(np.float32), targets)


def make_series(size: int, season: int, steps: int, rng: np.random.Generator) -> Array:
    """Make series of a season, (size, steps): level, slope, season and noise, each drawn anew."""
    time = np.arange(steps)

    def some(low: float, high: float, share: float = 1.0) -> Array:
        drawn = np.exp(rng.uniform(np.log(low), np.log(high), (size, 1)))
        return np.asarray(np.where(rng.random((size, 1)) < share, drawn, 0.0))

    wander = np.cumsum(rng.standard_normal((size, steps)) * some(0.01, 1.0, 0.6), axis=1)
    slope = some(0.002, 0.3, 0.4) * rng.choice([-1.0, 1.0], (size, 1)) * time
    noise = _persistent(rng.standard_normal((size, steps)), rng.uniform(0.0, 0.95, (size, 1)))
    level: Array = wander + slope + noise * some(0.02, 1.5)
    if season == 1:
        return level
    drift = np.cumsum(rng.standard_normal((size, steps)) * some(0.02, 0.35, 0.3), axis=1)
    swell = np.exp(np.cumsum(rng.standard_normal((size, steps)) * some(0.005, 0.08, 0.5), axis=1))
    wave = np.zeros((size, steps))
    for harmonic in range(1, min(season // 2, 5) + 1):
        angle = 2.0 * np.pi * harmonic * (time / season) + harmonic * drift
        angle = angle + rng.uniform(0.0, 2.0 * np.pi, (size, 1))
        wave += np.cos(angle) * rng.standard_normal((size, 1)) / harmonic
    return np.asarray(level + some(0.2, 6.0, 0.85) * swell * wave)


def _persistent(noise: Array, share: Array) -> Array:
    """Let each entry keep a share of the one before, at unit variance in the long run."""
    kept = noise.copy()
    for step in range(1, noise.shape[1]):
        kept[:, step] = share[:, 0] * kept[:, step - 1] + noise[:, step]
    return np.asarray(kept * np.sqrt(1.0 - share**2))
