"""The same with Keras' own cell, whose weights have the same order; lstm_core reads them."""

import keras
import numpy as np

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

units = cell.units
keras_cell = keras.layers.LSTMCell(units, dtype="float64")
keras_cell.build((1, cell.features))
keras_cell.set_weights([cell.kernel, cell.recurrent_kernel, cell.bias])

h = c = np.zeros((1, units))
cell_states, hidden_states = [], []
for x in inputs:
    h, (_, c) = keras_cell(x[np.newaxis], [h, c])
    cell_states.append(keras.ops.convert_to_numpy(c)[0])
    hidden_states.append(keras.ops.convert_to_numpy(h)[0])
result = {"cell_state": np.array(cell_states), "hidden_state": np.array(hidden_states)}
print(result)
