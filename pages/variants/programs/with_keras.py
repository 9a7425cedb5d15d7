"""The same with Keras: the same order of gates, and reset_after by default."""

import keras
import numpy as np

KERNEL = [[0.6, -0.4, 1.0]]
RECURRENT_KERNEL = [[0.5, 0.8, -0.9]]
BIAS = [[0.2, 0.0, 0.1], [0.0, -0.3, 0.0]]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]

units = len(RECURRENT_KERNEL)
layer = keras.layers.GRU(units, return_sequences=True, reset_after=True, dtype="float64")
layer.build((None, None, len(KERNEL)))
layer.set_weights([np.array(KERNEL), np.array(RECURRENT_KERNEL), np.array(BIAS)])
inputs = np.array(INPUTS)
result = keras.ops.convert_to_numpy(layer(inputs[np.newaxis]))[0]
print(result)
