"""The same with Keras' own cell, whose weights have the same order."""

import keras
import numpy as np

# Columns: input, forget, candidate, output gate.
KERNEL = [[10.0, 12.0, 4.0, 0.0]]
RECURRENT_KERNEL = [[0.0, 0.0, 0.0, 0.0]]
BIAS = [-5.0, 6.0, 0.0, 4.0]
INPUTS = [[1.0], [0.0], [0.0], [-1.0], [0.0], [0.0]]

units = len(RECURRENT_KERNEL)
cell = keras.layers.LSTMCell(units, dtype="float64")
cell.build((1, len(KERNEL)))
cell.set_weights([np.array(KERNEL), np.array(RECURRENT_KERNEL), np.array(BIAS)])

h = c = np.zeros((1, units))
cell_states, hidden_states = [], []
for x in np.array(INPUTS):
    h, (_, c) = cell(x[np.newaxis], [h, c])
    cell_states.append(keras.ops.convert_to_numpy(c)[0])
    hidden_states.append(keras.ops.convert_to_numpy(h)[0])
result = {"cell_state": np.array(cell_states), "hidden_state": np.array(hidden_states)}
print(result)
