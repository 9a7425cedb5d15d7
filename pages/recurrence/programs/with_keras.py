"""The same with Keras, whose plain recurrent layer is called SimpleRNN."""

import keras
import numpy as np

KERNEL = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.3]]
RECURRENT_KERNEL = [[0.8, -0.6], [0.6, 0.8]]
BIAS = [0.0, 0.1]
INPUTS = [[0.5, -1.0, 0.2], [1.2, 0.3, -0.8], [0.5, -1.0, 0.2]]

layer = keras.layers.SimpleRNN(len(RECURRENT_KERNEL), return_sequences=True, dtype="float64")
layer.build((None, None, len(KERNEL)))
layer.set_weights([np.array(KERNEL), np.array(RECURRENT_KERNEL), np.array(BIAS)])
inputs = np.array(INPUTS)
result = keras.ops.convert_to_numpy(layer(inputs[np.newaxis]))[0]
print(result)
