"""How many sentences of one kind the network reads rightly, with lstm_core."""

from lstm_core.sentiment.probe import is_right, read_probe
from lstm_core.sentiment.reader import Reader

KIND = "irony"

rows = [row for row in read_probe() if row["class"] == KIND]
scores = Reader.load().score([row["text"] for row in rows])
right = [
    is_right(row["expected"], probability, refused)
    for row, probability, refused in zip(rows, scores.probability, scores.refused, strict=True)
]
print(f"right: {sum(right)} of {len(right)}")
result = scores.probability
