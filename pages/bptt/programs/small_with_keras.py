"""The same with Keras, whose automatic differentiation goes the way back."""

import keras
import numpy as np
import tensorflow as tf

KERNEL = [[0.5, -0.4, 0.1, -0.3, 0.2, 0.9, -0.8, 0.7]]  # columns: input, forget, candidate, output
RECURRENT_KERNEL = [
    [0.4, -0.1, 0.3, -0.5, 0.2, 0.1, -0.2, 0.6],
    [-0.3, 0.7, 0.5, 0.1, -0.4, 0.3, 0.1, -0.2],
]
BIAS = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]
TARGET = 0.5
EVERY_STEP = False

inputs, kernel, recurrent_kernel, bias = map(np.array, (INPUTS, KERNEL, RECURRENT_KERNEL, BIAS))
units = len(recurrent_kernel)
cell = keras.layers.LSTMCell(units, dtype="float64")
cell.build((1, inputs.shape[1]))
cell.set_weights([kernel, recurrent_kernel, bias])
h = c = tf.zeros((1, units), "float64")
hidden, cells, forget = [], [], []
with tf.GradientTape() as tape:
    for x in inputs:
        z = x[np.newaxis] @ kernel + h.numpy() @ recurrent_kernel + bias
        forget.append(1 / (1 + np.exp(-z[0, units : 2 * units])))
        _, (h, c) = cell(tf.constant(x[np.newaxis]), [h, c])
        hidden.append(h)
        cells.append(c)
    errors = tf.concat(hidden if EVERY_STEP else hidden[-1:], axis=0) - TARGET
    loss = tf.reduce_sum(errors**2) / 2
weights = [variable.value for variable in (cell.kernel, cell.recurrent_kernel)]
gradients = tape.gradient(loss, [*weights, *cells], unconnected_gradients="zero")
result = {}
for symbol, gradient in zip("WR", gradients[:2], strict=True):
    for letter, block in zip("ifgo", np.split(gradient.numpy(), 4, axis=1), strict=True):
        result[f"{symbol}_{letter}"] = block
result["cell_state"] = np.concatenate(gradients[2:])  # dL/dc_t
later = np.cumprod([np.ones(units), *forget[:0:-1]], axis=0)[::-1]
result["direct_path"] = later * result["cell_state"][-1]  # the same by the forget gates alone
print(result)
