"""The same with Keras and TensorFlow's own gradient; the words become numbers as in training."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from lstm_core.sentiment.reader import ASSETS, Reader

TEXT = "The film was not good, not at all."
AS_WRITTEN = ()
STEPS = 32

reader = Reader.load()
# A text of None is read from a file of your own.
ids = reader.ids(TEXT or Path("review.txt").read_text(encoding="utf-8"), AS_WRITTEN)
model = keras.models.load_model(ASSETS / "network.keras")
layer = model.get_layer


def logit(vectors):
    """Read vectors of words, (batch, time, features)."""
    hidden = layer("second")(layer("first")(vectors))
    pooled = tf.concat([tf.reduce_max(hidden, axis=1), tf.reduce_mean(hidden, axis=1)], axis=-1)
    return layer("head")(pooled)[:, 0]


# Integrated gradients, on the way from as many unknown words (id 1) to the text.
embedding = layer("embedding").get_weights()[0]
unknown = embedding[np.ones_like(ids)]
way = embedding[ids] - unknown
points = (np.arange(STEPS) + 0.5) / STEPS
path = tf.constant((unknown + points[:, None, None] * way).astype("float32"))
with tf.GradientTape() as tape:
    tape.watch(path)
    z = logit(path)
contributions = (way * tape.gradient(z, path).numpy().mean(axis=0)).sum(axis=-1)
z = model.predict_on_batch(ids[None])[0, 0]
result = {"probability": float(reader.calibration.probability(z)), "contributions": contributions}
print(result)
