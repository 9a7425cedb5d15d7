"""The same with Keras: its cells, TensorFlow's tape for the way back.

A setting of None leaves a remedy out; another start or an LSTM stand in ``TREATED``.
"""

import keras
import numpy as np
import tensorflow as tf

from lstm_core.gradients.flow import Experiment  # draws the same weights, inputs and target

EXPERIMENT = Experiment(activation="relu", gain=1.5, steps=40)
TREATED = Experiment(activation="relu", gain=1.5, steps=40)
RATE = 0.01
UPDATES = 40
MAX_NORM = 1.0
LIMIT = None
WINDOW = None
PENALTY = None
STRENGTH = 0.1


def penalty_gradient(recurrent, d, h, lost):
    """Differentiate L1, L2 or Pascanu's Ω by the recurrent kernel; d is dL/dh after each step."""
    if PENALTY == "L1":
        return tf.sign(recurrent)
    if PENALTY == "L2":
        return recurrent
    slopes = {"tanh": 1 - h**2, "sigmoid": h * (1 - h), "relu": tf.sign(h)}
    slope = slopes.get(TREATED.activation, 1 + 0 * h)
    d, passed = d[lost + 1 :], (d * slope)[lost + 1 :]
    kept = (tf.reduce_sum(d**2, 1) > 1e-20) & (tf.reduce_sum(passed**2, 1) > 0)
    d, passed = d[kept], passed[kept]
    with tf.GradientTape() as tape:
        stretch = tf.norm(passed @ tf.transpose(recurrent), axis=1) / tf.norm(d, axis=1)
        omega = tf.reduce_sum((stretch - 1) ** 2)
    return tape.gradient(omega, recurrent)


def clip(gradients):
    """Clip by norm, then by value."""
    if MAX_NORM is not None:
        gradients, _ = tf.clip_by_global_norm(gradients, MAX_NORM)
    if LIMIT is not None:
        gradients = [tf.clip_by_value(gradient, -LIMIT, LIMIT) for gradient in gradients]
    return gradients


def descend(experiment, remedies):
    """Return the losses, and |dL/dh_t| at the last state whose numbers are all finite."""
    drawn, inputs, units = experiment.cell(), experiment.inputs(), experiment.units
    if experiment.network == "LSTM":
        cell = keras.layers.LSTMCell(units, dtype="float64")
    else:
        cell = keras.layers.SimpleRNNCell(units, experiment.activation, dtype="float64")
    cell.build((1, experiment.features))
    cell.set_weights([drawn.kernel, drawn.recurrent_kernel, drawn.bias])
    weights = [variable.value for variable in cell.trainable_weights]
    lost = max(len(inputs) - WINDOW, 0) if remedies and WINDOW else 0
    losses = []
    for _ in range(UPDATES + 1):
        states = [[tf.zeros((1, units), "float64")] * (2 if experiment.network == "LSTM" else 1)]
        with tf.GradientTape() as tape:
            for t, x in enumerate(inputs):
                cut = tf.stop_gradient if t == lost else tf.identity  # nothing goes back further
                states.append(cell(x[np.newaxis], [cut(state) for state in states[-1]])[1])
            loss = tf.reduce_sum((states[-1][0] - experiment.target()) ** 2) / 2
        carrying = [state[-1] for state in states[1:]]  # h_t; of an LSTM c_t
        gradients, back = tape.gradient(loss, (weights, carrying), unconnected_gradients="zero")
        if remedies and PENALTY:
            d, h = tf.concat(back, 0), tf.concat(carrying, 0)
            gradients[1] += STRENGTH * penalty_gradient(weights[1], d, h, lost)
        losses.append(float(loss))
        everything = [loss, *weights, *gradients, *back, *(s for state in states for s in state)]
        finite = all(np.isfinite(array).all() for array in everything)
        if finite or len(losses) == 1:
            norms = np.array([np.linalg.norm(d) for d in back])
        if not finite:
            break
        if remedies:
            gradients = clip(gradients)
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.assign_sub(RATE * gradient)
    return np.array(losses), norms


result = {}
result["loss_without"], result["gradient_norm_without"] = descend(EXPERIMENT, remedies=False)
result["loss_with"], result["gradient_norm_with"] = descend(TREATED, remedies=True)
print(result)
