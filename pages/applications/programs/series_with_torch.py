"""The same forecast with PyTorch, each value of it fed back as if it were true."""

import numpy as np
import torch

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
lstm = torch.nn.LSTM(cell.features, cell.units, batch_first=True, dtype=torch.float64)
readout = torch.nn.Linear(cell.units, 1, dtype=torch.float64)
with torch.no_grad():
    # The gates' order, input, forget, candidate, output, is the same; there are two biases.
    lstm.weight_ih_l0.copy_(torch.tensor(cell.kernel).T)
    lstm.weight_hh_l0.copy_(torch.tensor(cell.recurrent_kernel).T)
    lstm.bias_ih_l0.copy_(torch.tensor(cell.bias))
    lstm.bias_hh_l0.zero_()
    readout.weight.copy_(torch.tensor(network.kernel).T)
    readout.bias.copy_(torch.tensor(network.bias))

past = hints(values, SEASON)
inputs, scale, state = past.inputs, past.scale[-1], None
known = list(values)
for _ in range(HORIZON):
    with torch.no_grad():
        hidden_states, state = lstm(torch.tensor(inputs)[None], state)
        answer = float(readout(hidden_states[0, -1]))
    # The answer is the next seasonal difference; the forecast is then read like a true value.
    known.append(known[-SEASON] + scale * answer)
    last, base = known[-1], known[-SEASON]
    mean = np.mean(known[-SEASON::-SEASON][:SEASONS_AVERAGED])
    hint = np.array([[last - known[-1 - SEASON], last - base, mean - base]]) / scale
    inputs = np.clip(hint, -LARGEST_HINT, LARGEST_HINT)
result = np.array(known[len(values) :])
for step, value in zip(series.dates_after(HORIZON), result, strict=True):
    print(step, value)
