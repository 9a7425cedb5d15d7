"""The same with Keras' LSTM cells, stepped by hand, for a layer does not show its gates."""

import keras
import numpy as np
import tensorflow as tf

from lstm_core.sentiment.reader import ASSETS, Reader

TEXT = "The film was not good, not at all."
LAYER = "first"
DIRECTION = "forward"

weights = {name: array.astype("float64") for name, array in np.load(ASSETS / "network.npz").items()}
ids = Reader.load().ids(TEXT)


def cell(name):
    """Put the weights of one LSTM of the network into Keras' cell."""
    parts = [weights[f"{name}_{part}"] for part in ("kernel", "recurrent_kernel", "bias")]
    lstm = keras.layers.LSTMCell(len(parts[1]), dtype="float64")
    lstm.build((None, len(parts[0])))
    lstm.set_weights(parts)
    return lstm


cells = {
    (layer, way): cell(f"{layer}_{way}")
    for layer in ("first", "second")
    for way in ("forward", "backward")
}


def run(lstm, vectors):
    """Step through vectors, each (batch, features); returns the hidden states."""
    h = c = tf.zeros((len(vectors[0]), lstm.units), "float64")
    hidden = []
    for x in vectors:
        h, (_, c) = lstm(x, [h, c])
        hidden.append(h)
    return hidden


def read(texts):
    """Read texts of one length, (batch, time).

    Returns the inputs and hidden states of each LSTM, in the order in which it reads, and the logit.
    """
    sequence = list(tf.unstack(tf.constant(weights["embedding"][texts]), axis=1))
    states = {}
    for layer in ("first", "second"):
        ahead = run(cells[layer, "forward"], sequence)
        back = run(cells[layer, "backward"], sequence[::-1])
        states[layer, "forward"] = sequence, ahead
        states[layer, "backward"] = sequence[::-1], back
        sequence = [tf.concat(both, -1) for both in zip(ahead, back[::-1], strict=True)]
    hidden = tf.stack(sequence, 1)
    pooled = tf.concat([tf.reduce_max(hidden, 1), tf.reduce_mean(hidden, 1)], -1)
    return states, (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


lstm = cells[LAYER, DIRECTION]
with tf.GradientTape() as tape:
    tape.watch([variable.value for variable in lstm.weights])
    states, logit = read(ids[np.newaxis])
inputs, hidden = states[LAYER, DIRECTION]
slopes = tape.gradient(logit, hidden)
importance = sum(abs(h * slope) for h, slope in zip(hidden, slopes, strict=True))[0].numpy()
importance /= importance.sum()
kernel, recurrent_kernel, bias = (variable.numpy() for variable in lstm.weights)
before = [np.zeros((1, lstm.units)), *(h.numpy() for h in hidden[:-1])]
shares = np.zeros((0, lstm.units))
for x, h in zip(inputs, before, strict=True):
    i, f, g, _ = np.split(x.numpy() @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    f, written = 1 / (1 + np.exp(-f)), np.tanh(g) / (1 + np.exp(-i))
    shares = np.concatenate([shares * f, written])

without = np.repeat(ids[np.newaxis], len(ids), axis=0)
np.fill_diagonal(without, 1)  # 1 stands for every unknown word.
matters = (logit - read(without)[1]).numpy()
result = {
    "held": abs(shares) @ importance,
    "matters": matters[::-1] if DIRECTION == "backward" else matters,
}
print(result)
