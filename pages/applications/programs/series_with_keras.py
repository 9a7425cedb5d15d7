"""The same forecast with Keras, each value of it fed back as if it were true."""

import keras
import numpy as np

from lstm_core.series.files import Series, read_series
from lstm_core.series.forecasting import LARGEST_HINT, SEASONS_AVERAGED, Forecaster, hints
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
network = Forecaster.load().learner
cell = network.cell
lstm = keras.layers.LSTM(cell.units, return_state=True, dtype="float64")
readout = keras.layers.Dense(1, dtype="float64")
lstm.build((None, None, cell.features))
readout.build((None, cell.units))
lstm.set_weights([cell.kernel, cell.recurrent_kernel, cell.bias])
readout.set_weights([network.kernel, network.bias])

past = hints(values, SEASON)
inputs, scale, state = past.inputs, past.scale[-1], None
known = list(values)
for _ in range(HORIZON):
    hidden_state, *state = lstm(inputs[np.newaxis], initial_state=state)
    answer = float(readout(hidden_state)[0, 0])
    # The answer is the next seasonal difference; the forecast is then read like a true value.
    known.append(known[-SEASON] + scale * answer)
    last, base = known[-1], known[-SEASON]
    mean = np.mean(known[-SEASON::-SEASON][:SEASONS_AVERAGED])
    hint = np.array([[last - known[-1 - SEASON], last - base, mean - base]]) / scale
    inputs = np.clip(hint, -LARGEST_HINT, LARGEST_HINT)
result = np.array(known[len(values) :])
for step, value in zip(series.dates_after(HORIZON), result, strict=True):
    print(step, value)
