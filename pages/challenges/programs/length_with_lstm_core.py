"""What reviews cut to their first and last words cost in accuracy, from what was measured."""

from lstm_core.sentiment.reader import failures

rows = failures()["by_words_left"]
for row in rows:
    print(f"{row['which']} {row['words']} words: {row['accuracy']:.1%}")
result = [row["accuracy"] for row in rows]
