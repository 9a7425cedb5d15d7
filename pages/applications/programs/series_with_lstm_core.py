"""A forecast of a series, and how the same network did on the series' own past."""

import numpy as np

from lstm_core.series.files import Series, read_series
from lstm_core.series.forecasting import Forecaster, backtest
from lstm_core.series.training import shipped_series

SERIES = "co2"  # or elnino, sunspots, nile; walk: a random one; own: a column of FILE
FILE = "series.csv"
COLUMN = ""  # the likeliest one if it is empty
OPTIONS = {}  # of lstm_core.series.files.SeriesOptions: how the file is read
SEASON = 12
HORIZON = 24

if SERIES == "own":
    series = read_series(FILE, COLUMN, **OPTIONS)
elif SERIES == "walk":
    series = Series(np.cumsum(np.random.default_rng(1).standard_normal(300)), 0)
else:
    series = Series(shipped_series(SERIES), 0)
values = series.numbers
network = Forecaster.load()
result = network.ahead(values, SEASON, HORIZON, [len(values) - 1])[0]
for step, value in zip(series.dates_after(HORIZON), result, strict=True):
    print(step, value)
tested = backtest(network, values, SEASON, HORIZON)
print(tested.mase if tested else "too short")
