"""A plain recurrent cell reads a sequence: the lines of ``RNNCell.step``, as lstm_core has them."""

import numpy as np

from lstm_core import RNNCell

KERNEL = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.3]]
RECURRENT_KERNEL = [[0.8, -0.6], [0.6, 0.8]]
BIAS = [0.0, 0.1]
INPUTS = [[0.5, -1.0, 0.2], [1.2, 0.3, -0.8], [0.5, -1.0, 0.2]]

cell = RNNCell(KERNEL, RECURRENT_KERNEL, BIAS)
inputs = np.array(INPUTS)

W, R, b = cell.kernel, cell.recurrent_kernel, cell.bias
phi = cell.activation.function
h = np.zeros(cell.units)
for x in inputs:
    a = x @ W + h @ R + b
    h = phi(a)
    print("h =", h)

# The same in one call.
trace = cell.run(inputs)
result = trace.hidden_state
print("largest difference at the last step:", np.abs(h - result[-1]).max())
