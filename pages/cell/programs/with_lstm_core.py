"""An LSTM cell reads a sequence: the lines of ``LSTMCell.step``, as lstm_core has them, in a loop."""

import numpy as np

from lstm_core import LSTMCell, sigmoid, tanh

# Columns: input, forget, candidate, output gate, as in Keras.
KERNEL = [[10.0, 12.0, 4.0, 0.0]]
RECURRENT_KERNEL = [[0.0, 0.0, 0.0, 0.0]]
BIAS = [-5.0, 6.0, 0.0, 4.0]
INPUTS = [[1.0], [0.0], [0.0], [-1.0], [0.0], [0.0]]

cell = LSTMCell(KERNEL, RECURRENT_KERNEL, BIAS)
inputs = np.array(INPUTS)

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
    print("c =", c, "h =", h)

# The same in one call, with every gate of every step.
trace = cell.run(inputs)
result = {"cell_state": trace.cell_state, "hidden_state": trace.hidden_state}
print("largest difference at the last step:", np.abs(h - trace.hidden_state[-1]).max())
