"""Score some reviews as the page does, with lstm_core."""

from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.reader import Reader

TEXTS = ["I loved every minute of it.", "A waste of two hours."]

scores = Reader.load().score(TEXTS)
result = scores.probability
for p, refused, text in zip(scores.probability, scores.refused, TEXTS, strict=True):
    print(f"{p:.3f}  {verdict(p, refused)}  {text[:60]}")
