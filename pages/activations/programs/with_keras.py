"""The same with Keras; the slopes come from TensorFlow's automatic differentiation."""

import numpy as np
import tensorflow as tf
from keras import activations

POINT = 0.0
WEIGHT = 1.0
STEPS = 20

steps = np.arange(1, STEPS + 1)
result = {}
for name in ("tanh", "sigmoid", "relu"):
    x = tf.Variable([POINT], dtype="float64")
    with tf.GradientTape() as tape:
        y = activations.get(name)(x)
    factor = WEIGHT * tape.gradient(y, x).numpy()[0]
    result[name] = abs(factor) ** steps
print(result)
