"""The same probabilities with Keras; the words become numbers as in training."""

import keras
import numpy as np

from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import ASSETS, Reader
from lstm_core.sentiment.tokenizer import pad

KIND = "irony"

rows = [row for row in read_probe() if row["class"] == KIND]
reader = Reader.load()
ids = pad([reader.ids(row["text"]) for row in rows])
model = keras.models.load_model(ASSETS / "network.keras")
# Keras' own layers leave the padding out, for the embedding masks it.
logits = model.predict(ids, verbose=0)[:, 0]
result = reader.calibration.probability(logits)
print(np.round(result, 3))
