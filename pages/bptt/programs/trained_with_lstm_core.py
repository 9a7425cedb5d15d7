"""The gradients of one of the four LSTMs that read reviews, for the logit of a sentence."""

import numpy as np

from lstm_core.gradients.bptt import GROUPS
from lstm_core.sentiment.reader import Reader

TEXT = "The film was not good, not at all."
LAYER = 0
DIRECTION = "forward"

reader = Reader.load()
network = reader.network.in_double()
vectors = network.embed(reader.ids(TEXT)).astype(np.float64)
way = network.way_back(vectors, layer=LAYER, direction=DIRECTION)
result = {group: way.total(group) for group in GROUPS}
result["cell_state"] = way.gradient.cell_state  # d(logit)/dc_t
result["direct_path"] = way.direct_path  # the same by the forget gates alone
for name, values in result.items():
    print(name, values.shape, abs(values).max())
