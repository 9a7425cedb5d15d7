"""A gated recurrent unit reads a sequence: the lines of ``GRUCell.step``, as lstm_core has them."""

import numpy as np

from lstm_core import GRUCell, sigmoid, tanh

# Columns: update, reset, candidate, as in Keras; the second row of BIAS is the recurrence's.
KERNEL = [[0.6, -0.4, 1.0]]
RECURRENT_KERNEL = [[0.5, 0.8, -0.9]]
BIAS = [[0.2, 0.0, 0.1], [0.0, -0.3, 0.0]]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]

cell = GRUCell(KERNEL, RECURRENT_KERNEL, BIAS)
inputs = np.array(INPUTS)

W_z, W_r, W_g = np.hsplit(cell.kernel, 3)
R_z, R_r, R_g = np.hsplit(cell.recurrent_kernel, 3)
b_z, b_r, b_g = np.hsplit(cell.bias[0], 3)
b_prime_z, b_prime_r, b_prime_g = np.hsplit(cell.bias[1], 3)
h = np.zeros(cell.units)
for x in inputs:
    r = sigmoid(x @ W_r + b_r + h @ R_r + b_prime_r)
    z = sigmoid(x @ W_z + b_z + h @ R_z + b_prime_z)
    g = tanh(x @ W_g + b_g + r * (h @ R_g + b_prime_g))
    h = z * h + (1 - z) * g
    print("h =", h)

# The same in one call.
trace = cell.run(inputs)
result = trace.hidden_state
print("largest difference at the last step:", np.abs(h - result[-1]).max())
