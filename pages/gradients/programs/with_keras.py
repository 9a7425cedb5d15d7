"""The same with Keras, whose automatic differentiation goes the way back."""

from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from lstm_core.gradients.flow import Experiment  # draws the same weights, inputs and target

EXPERIMENT = Experiment(activation="tanh", gain=0.9, steps=60, network="RNN")

units, same = EXPERIMENT.units, {"dtype": "float64"}
cells = {
    "RNN": keras.layers.SimpleRNNCell(units, EXPERIMENT.activation, **same),
    "LSTM": keras.layers.LSTMCell(units, **same),  # columns: input, forget, candidate, output
    "GRU": keras.layers.GRUCell(units, reset_after=True, **same),  # update, reset, candidate
}
result = {}
for name, cell in cells.items():
    drawn = replace(EXPERIMENT, network=name).cell()
    cell.build((1, EXPERIMENT.features))
    cell.set_weights([drawn.kernel, drawn.recurrent_kernel, drawn.bias])
    states = [[tf.zeros((1, units), "float64")] * (2 if name == "LSTM" else 1)]
    with tf.GradientTape() as tape:
        for x in EXPERIMENT.inputs():
            states.append(cell(x[np.newaxis], states[-1])[1])
        loss = tf.reduce_sum((states[-1][0] - EXPERIMENT.target()) ** 2) / 2
    carrying = [state[-1] for state in states[1:]]  # h_t; of the LSTM c_t
    result[name] = np.array([np.linalg.norm(d) for d in tape.gradient(loss, carrying)])
print(result)
