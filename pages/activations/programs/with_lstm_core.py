"""What a chain of slopes leaves of a gradient, step by step, with lstm_core."""

import numpy as np

from lstm_core import ACTIVATIONS

POINT = 0.0
WEIGHT = 1.0
STEPS = 20

x = np.array([POINT])
steps = np.arange(1, STEPS + 1)
result = {}
for name in ("tanh", "sigmoid", "relu"):
    factor = WEIGHT * ACTIVATIONS[name].derivative(x)[0]
    result[name] = abs(factor) ** steps
print(result)
