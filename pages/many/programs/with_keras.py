"""The same with Keras; the words become numbers as in training."""

import keras
import numpy as np

from lstm_core.sentiment.reader import ASSETS, Reader
from lstm_core.sentiment.tokenizer import pad

TEXTS = ["I loved every minute of it.", "A waste of two hours."]

reader = Reader.load()
# Shorter texts are padded to the longest; Keras' own layers leave the padding out.
ids = pad([reader.ids(text) for text in TEXTS])
model = keras.models.load_model(ASSETS / "network.keras")
logits = model.predict(ids, verbose=0)[:, 0]
result = reader.calibration.probability(logits)
print(np.round(result, 3))
