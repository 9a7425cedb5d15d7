"""The verdict on a review, and what each of its words added to the logit, with lstm_core."""

from pathlib import Path

from lstm_core.sentiment.reader import Reader

TEXT = "The film was not good, not at all."
# Words that are read as they are written, even where the network knows a nearer one.
AS_WRITTEN = ()

# A text of None is read from a file of your own.
text = TEXT or Path("review.txt").read_text(encoding="utf-8")
reading = Reader.load().read(text, AS_WRITTEN)
print(reading.verdict, reading.probability)
for token, contribution in zip(reading.tokens_read, reading.contributions.words, strict=True):
    print(f"{contribution:+.3f}  {token.word}")
result = {"probability": reading.probability, "contributions": reading.contributions.words}
