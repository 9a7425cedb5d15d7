"""A forecast of a series, and how the same network did on the series' own past."""

import numpy as np

from lstm_core.series.forecasting import Forecaster, backtest
from lstm_core.series.training import shipped_series

SERIES = "co2"  # or elnino, sunspots, nile; walk: a random one; own: column 2 of series.csv
SEASON = 12
HORIZON = 24

if SERIES == "own":
    values = np.loadtxt("series.csv", delimiter=",", skiprows=1, usecols=1)
elif SERIES == "walk":
    values = np.cumsum(np.random.default_rng(1).standard_normal(300))
else:
    values = shipped_series(SERIES)
network = Forecaster.load()
result = network.ahead(values, SEASON, HORIZON, [len(values) - 1])[0]
print(result)
tested = backtest(network, values, SEASON, HORIZON)
print(tested.mase if tested else "too short")
