"""The gradients of a small LSTM's weights, and of its cell state at every step.

The groups of weights are W_i, W_f, W_g, W_o of the kernel and R_i, R_f, R_g, R_o of the recurrent one.
"""

import numpy as np

from lstm_core import LSTMCell
from lstm_core.gradients.bptt import GROUPS, to_a_target

KERNEL = [[0.5, -0.4, 0.1, -0.3, 0.2, 0.9, -0.8, 0.7]]  # columns: input, forget, candidate, output
RECURRENT_KERNEL = [
    [0.4, -0.1, 0.3, -0.5, 0.2, 0.1, -0.2, 0.6],
    [-0.3, 0.7, 0.5, 0.1, -0.4, 0.3, 0.1, -0.2],
]
BIAS = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
INPUTS = [[1.0], [0.5], [-1.0], [2.0]]
TARGET = 0.5
EVERY_STEP = False

cell = LSTMCell(KERNEL, RECURRENT_KERNEL, BIAS)
way = to_a_target(cell, np.array(INPUTS), TARGET, EVERY_STEP)
result = {group: way.total(group) for group in GROUPS}
result["cell_state"] = way.gradient.cell_state  # dL/dc_t
result["direct_path"] = way.direct_path  # the same by the forget gates alone
print(result)
