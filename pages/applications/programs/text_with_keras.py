"""The next character's probabilities with Keras: the same weights, in the same order of gates."""

import keras
import numpy as np

from lstm_core.text.characters import CharacterNetwork

START = '"My dear Jane," said Mr. B'
TEMPERATURE = 0.6

network = CharacterNetwork.load()
lstm = keras.layers.LSTM(network.cell.units)
readout = keras.layers.Dense(len(network.vocabulary))
lstm.build((None, None, network.cell.features))
readout.build((None, network.cell.units))
lstm.set_weights([network.cell.kernel, network.cell.recurrent_kernel, network.cell.bias])
readout.set_weights([network.kernel, network.bias])

inputs = network.one_hot(network.ids(START))[np.newaxis]
logits = keras.ops.cast(readout(lstm(inputs))[0], "float64")
result = keras.ops.convert_to_numpy(keras.ops.softmax(logits / TEMPERATURE))
print(result)
