"""An LSTM of the trained network reads a text: the lines of ``LSTMCell.step`` in a loop."""

import numpy as np

from lstm_core import sigmoid, tanh
from lstm_core.sentiment.reader import Reader

TEXT = "The film was not good, not at all."
LAYER = "first"
DIRECTION = "forward"
HELD = {}  # Gates that are held, with their values, such as {"forget": 0.5}.
OFF = []  # Units that are switched off, from 0.

reader = Reader.load()
network = reader.network.in_double()
first, second = network.layers.layers
inputs = network.embed(reader.ids(TEXT)).astype(np.float64)
if LAYER == "second":
    inputs = first.run(inputs).hidden_state
layer = first if LAYER == "first" else second
cell = layer.forward_cell
if DIRECTION == "backward":
    cell, inputs = layer.backward_cell, inputs[::-1]
cell = cell.clamped(HELD).clamped({"output": 0.0}, OFF)

W_i, W_f, W_g, W_o = np.hsplit(cell.kernel, 4)
R_i, R_f, R_g, R_o = np.hsplit(cell.recurrent_kernel, 4)
b_i, b_f, b_g, b_o = np.hsplit(cell.bias, 4)
h = c = np.zeros(cell.units)
for x in inputs:
    f = sigmoid(x @ W_f + h @ R_f + b_f)
    i = sigmoid(x @ W_i + h @ R_i + b_i)
    g = tanh(x @ W_g + h @ R_g + b_g)
    c = f * c + i * g
    o = sigmoid(x @ W_o + h @ R_o + b_o)
    h = o * tanh(c)

# The same in one call, with every gate of every step.
trace = cell.run(inputs)
result = {"cell_state": trace.cell_state, "hidden_state": trace.hidden_state}
print("largest difference at the last step:", np.abs(h - trace.hidden_state[-1]).max())
