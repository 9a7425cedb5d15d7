"""What one LSTM of the network holds of each word, and how much each word moves the verdict."""

from lstm_core.sentiment.memory import remember
from lstm_core.sentiment.opened import LAYERS
from lstm_core.sentiment.reader import Reader

TEXT = "The film was not good, not at all."
LAYER = "first"
DIRECTION = "forward"

reader = Reader.load()
memory = remember(reader, reader.ids(TEXT), LAYERS.index(LAYER), DIRECTION)
result = {
    "held": memory.at_the_end,  # What the last step holds of each word, in the order of reading.
    "matters": memory.matters,  # How much each word moves the logit.
}
print(result)
